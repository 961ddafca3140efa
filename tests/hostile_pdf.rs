//! Text and files that mean harm, or just too much: each becomes a correct page or a finding at the author's line. Never a panic, never a hang, and
//! nothing is fetched: the command runs with no more than a folder.
#![cfg(feature = "pdf")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Project, Ran};

/// What bounds a run: far more than any of these takes on a slow machine, and far less than for ever.
const PATIENCE: Duration = Duration::from_secs(300);

const FRONT: &str = "---\nid: POL-001\ntitle: Access\ntype: policy\nversion: \"1.0\"\nstatus: draft\nclassification: internal\nowner: ciso\napprover: ceo\nsatisfies: [gdpr:32]\n---\n\n";

/// The line at which the text of a document begins.
const FIRST: usize = 13;

/// A project whose one policy has this text.
fn policy(text: &str) -> Project {
    let project = Project::sound();
    project.write("content/policies/pol-001.md", format!("{FRONT}{text}\n"));
    project
}

/// With an image `a.svg`, `a.png` and so on, which the text shows.
fn image(name: &str, bytes: impl AsRef<[u8]>) -> Project {
    let project = policy(&format!("![What it shows]({name})"));
    project.write(&format!("content/policies/{name}"), bytes);
    project
}

fn svg(attributes: &str, inside: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' {attributes}>{inside}</svg>")
}

fn drawing(inside: &str) -> Project {
    image("a.svg", svg("width='90' height='90'", inside))
}

/// A grey PNG: its parts have no checksums that hold, which its decoder does not ask for where it can go on.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut part = |kind: &[u8; 4], data: &[u8]| {
        out.extend((data.len() as u32).to_be_bytes());
        let from = out.len();
        out.extend(kind);
        out.extend(data);
        let sum = crc(&out[from..]);
        out.extend(sum.to_be_bytes());
    };
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 0, 0, 0, 0]);
    part(b"IHDR", &head);
    let row = [vec![0], vec![0x80; width.min(64) as usize]].concat();
    let raw: Vec<u8> = row.repeat(height.min(64) as usize);
    // Stored, not compressed (RFC 1950 and 1951).
    let mut data = vec![0x78, 0x01, 0x01];
    data.extend((raw.len() as u16).to_le_bytes());
    data.extend((!(raw.len() as u16)).to_le_bytes());
    data.extend(&raw);
    let (a, b) = raw.iter().fold((1u32, 0u32), |(a, b), byte| ((a + u32::from(*byte)) % 65521, (a + u32::from(*byte) + b) % 65521));
    data.extend((b << 16 | a).to_be_bytes());
    part(b"IDAT", &data);
    part(b"IEND", b"");
    out
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }))
}

/// Runs a command on a project, within bounds.
#[track_caller]
fn run(project: &Project, command: &str, arguments: &[&str]) -> Ran {
    let mut child = common::annexa(project.root());
    child.args([command]).args(arguments).args(["--today", common::TODAY]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let began = Instant::now();
    // What it says is little: no pipe is filled by it.
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let ran: Ran = child.wait_with_output().unwrap().into();
    assert!(matches!(ran.status, Some(0 | 1)) && !ran.err.contains("panicked"), "{ran:?}");
    ran
}

/// A PDF is made of it, and `check` has nothing against it.
#[track_caller]
fn is_set(project: &Project) {
    let ran = run(project, "pdf", &["POL-001", "--out", "policy.pdf"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(std::fs::read(project.path("policy.pdf")).unwrap().starts_with(b"%PDF-1.7"));
    assert_eq!(run(project, "check", &["."]).status, Some(0));
}

/// No PDF is made; the command and `check` alike say why, at a line of a file.
#[track_caller]
fn is_found(project: &Project, code: &str, place: &str, words: &str) {
    for ran in [run(project, "check", &["."]), run(project, "pdf", &["POL-001", "--out", "policy.pdf"])] {
        assert_eq!(ran.status, Some(1), "{ran:?}");
        let said = ran.out + &ran.err;
        for needle in [&format!("error[{code}]"), place, words] {
            assert!(said.contains(needle), "`{needle}` stands in: {said}");
        }
    }
    assert!(!project.path("policy.pdf").exists());
}

fn at(line: usize) -> String {
    format!("content/policies/pol-001.md:{line}:")
}

/// What can be seen of the pages: the words with the edges of their boxes, to tell what has run off the paper.
fn off_the_page(project: &Project) -> Option<usize> {
    let Ok(output) = std::process::Command::new("pdftotext").arg("-bbox").arg(project.path("policy.pdf")).arg("-").output() else {
        eprintln!("skipped: pdftotext (poppler-utils) is not installed");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let edge = |line: &str| line.split("xMax=\"").nth(1)?.split('"').next()?.parse::<f64>().ok();
    Some(text.lines().filter(|line| line.contains("<word") && edge(line).is_some_and(|edge| edge > 595.3)).count())
}

// Text ---------------------------------------------------------------------------------------------------------------------------------------

#[test]
fn characters_that_cannot_be_printed_are_found_at_their_line() {
    is_found(&policy("Call at once \u{1f6a8}."), "missing-glyph", &at(FIRST), "U+1F6A8");
    is_found(&policy("One\n\n| A | B |\n| --- | --- |\n| \u{6f22} | b |"), "missing-glyph", &at(FIRST + 4), "U+6F22");
    is_found(&policy("a\0b"), "control-character", &at(FIRST), "U+0000");
    is_found(&policy("safe\u{202e}txt.exe"), "control-character", &at(FIRST), "U+202E");
    is_found(&policy("\u{5e9}\u{5dc}\u{5d5}\u{5dd}"), "missing-glyph", &at(FIRST), "U+05E9");
}

#[test]
fn what_characters_an_image_or_a_title_holds_is_found_too() {
    is_found(&drawing("<text y='40'>\u{1f6a8}</text>"), "missing-glyph", &at(FIRST), "U+1F6A8");
    let project = policy("Words");
    project.edit("content/policies/pol-001.md", "title: Access", "title: Access \u{1f6a8}");
    is_found(&project, "missing-glyph", &at(3), "U+1F6A8");
}

#[test]
fn tables_of_any_size_are_set() {
    let row = |cell: &str, columns: usize| format!("|{}\n", format!(" {cell} |").repeat(columns));
    for columns in [1, 2, 100, 10_000] {
        is_set(&policy(&format!("{}{}{}", row("h", columns), row("---", columns), row("v", columns))));
    }
    is_set(&policy(&format!("| A | B |\n| --- | --- |\n{}", "| a | b |\n".repeat(3000))));
    is_set(&policy("| A | B |\n| --- | --- |\n"));
}

#[test]
#[ignore = "takes a minute and 3 GB in a release build"]
fn a_table_of_a_hundred_thousand_rows_is_set() {
    is_set(&policy(&format!("| A | B |\n| --- | --- |\n{}", "| a | b |\n".repeat(100_000))));
}

#[test]
fn a_cell_of_a_megabyte_is_set() {
    is_set(&policy(&format!("| A | B |\n| --- | --- |\n| {} | b |\n", "word ".repeat(200_000))));
}

#[test]
fn words_without_a_place_to_break_stay_on_the_page() {
    for text in
        ["a".repeat(100_000), format!("`{}`", "a".repeat(20_000)), format!("| A | B |\n| --- | --- |\n| {} | b |\n", "x".repeat(100_000))]
    {
        let project = policy(&text);
        is_set(&project);
        assert!(off_the_page(&project).is_none_or(|words| words == 0));
    }
}

#[test]
fn a_line_of_code_of_any_length_stays_on_the_page() {
    for (length, language) in [(100, ""), (16_000, ""), (17_000, "yaml"), (20_000, "rust"), (1_000_000, "")] {
        let project = policy(&format!("```{language}\n{}\n```", "a".repeat(length)));
        is_set(&project);
        assert!(off_the_page(&project).is_none_or(|words| words == 0), "{length}");
    }
}

#[test]
fn deep_lists_are_found_or_set() {
    let list = |depth: usize| (0..depth).map(|level| format!("{}- level\n", "  ".repeat(level))).collect::<String>();
    is_set(&policy(&list(20)));
    is_found(&policy(&list(50)), "too-deep", &at(FIRST + 20), "20 levels");
}

#[test]
fn five_hundred_notes_on_one_paragraph_are_set() {
    let marks: String = (0..500).map(|number| format!("[^{number}]")).collect();
    let notes: String = (0..500).map(|number| format!("[^{number}]: Note {number}.\n\n")).collect();
    is_set(&policy(&format!("Text{marks}\n\n{notes}")));
}

#[test]
fn five_thousand_headings_are_set() {
    let text: String = (0..5000).map(|number| format!("## Heading {number}\n\nText\n\n")).collect();
    is_set(&policy(&text));
}

#[test]
fn what_is_too_long_for_a_pdf_is_found_where_it_stands() {
    let project = policy("Words");
    project.edit("content/policies/pol-001.md", "title: Access", &format!("title: {}", "T".repeat(10_000)));
    is_found(&project, "pdf-failed", &at(3), "10000 characters");
    is_found(&policy(&format!("## {}\n\nText", "H".repeat(40_000))), "pdf-failed", &at(FIRST), "40000 characters");
    let project = image("a.png", png(4, 4));
    project.edit("content/policies/pol-001.md", "What it shows", &"w".repeat(40_000));
    is_found(&project, "pdf-failed", &at(FIRST), "40000 characters");
    is_found(&policy(&format!("[x](https://a.example/{})", "a".repeat(40_000))), "pdf-failed", &at(FIRST), "too long");
}

#[test]
fn long_names_have_room_in_the_head() {
    let name = "c".repeat(30);
    let project = policy("Words\n\n## Part {#the-part}\n\nMore");
    project.write(
        "annexa.yaml",
        format!("{}classifications: [public, customer, internal, {name}]\nclassification: {name}\n", common::SETTINGS),
    );
    project.edit("content/policies/pol-001.md", "classification: internal", &format!("classification: {name}"));
    project.edit("content/policies/pol-001.md", "title: Access", &format!("title: {}", "Access ".repeat(70).trim()));
    project.edit("content/policies/pol-001.md", "the-part", &"p".repeat(99));
    is_set(&project);
    assert!(off_the_page(&project).is_none_or(|words| words == 0));
}

#[test]
fn a_document_without_words_or_of_a_table_alone_is_set() {
    for text in ["", "| A | B |\n| --- | --- |\n| a | b |", "---", "- ", "> ", "```\n```", "[^1]\n\n[^1]: "] {
        is_set(&policy(text));
    }
}

// Images -------------------------------------------------------------------------------------------------------------------------------------

#[test]
fn images_that_are_broken_or_too_large_are_found_where_they_are_shown() {
    let here = at(FIRST);
    for (name, bytes) in [
        ("a.png", png(100, 100)),
        ("a.png", png(4, 4)[..40].to_vec()),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0garbage".to_vec()),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x10\0\x10\0xxxxxxxxxx".to_vec()),
        ("a.gif", b"GIF89a\x10\0\x10\0\x80\0\0garbage".to_vec()),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><rect".to_vec()),
    ] {
        is_found(&image(name, bytes), "image-missing", &here, "cannot be set");
    }
    is_found(&image("a.png", png(20_000, 20_000)), "image-missing", &here, "20000 by 20000 pixels");
    let project = image("a.png", [png(4, 4), vec![0; 40 << 20]].concat());
    project.write("annexa.yaml", format!("{}limits: {{file: 64}}\n", common::SETTINGS));
    is_found(&project, "image-missing", &here, "40 MiB");
}

#[test]
fn images_of_odd_sizes_are_set() {
    for (width, height) in [(1, 1), (64, 1), (1, 64)] {
        is_set(&image("a.png", png(width, height)));
    }
    for size in ["width='1e9' height='1e9'", "width='1' height='100000'", "width='NaN' height='inf'", "viewBox='0 0 1e9 1'"] {
        is_set(&image("a.svg", svg(size, "<rect width='9' height='9'/>")));
    }
    for size in ["width='0' height='0'", "width='-5' height='5'"] {
        is_found(&image("a.svg", svg(size, "<rect width='9' height='9'/>")), "image-missing", &at(FIRST), "cannot be set");
    }
}

#[test]
fn drawings_with_scripts_or_references_are_refused() {
    for inside in [
        "<script>alert(1)</script>",
        "<rect width='9' height='9' onclick='alert(1)'/>",
        "<image xlink:href='http://127.0.0.1:9/a.png' width='9' height='9'/>",
        "<style>@import url(http://127.0.0.1:9/a.css);</style>",
        "<foreignObject width='9' height='9'/>",
        "<!ENTITY a 'b'>",
    ] {
        is_found(&drawing(inside), "unsafe-link", &at(FIRST), "which is not published");
    }
    is_found(&drawing("<image xlink:href='/etc/hostname' width='9' height='9'/>"), "image-missing", &at(FIRST), "/etc/hostname");
}

#[test]
fn drawings_that_would_take_for_ever_are_bounded() {
    let levels: String =
        (1..12).map(|level| format!("<g id='a{level}'>{}</g>", format!("<use xlink:href='#a{}'/>", level - 1).repeat(10))).collect();
    let laughs = format!("<g id='a0'><rect width='1' height='1'/></g>{levels}<use xlink:href='#a11'/>");
    is_found(&drawing(&laughs), "image-missing", &at(FIRST), "limit");
    is_found(&drawing(&"<g>".repeat(5000)), "image-missing", &at(FIRST), "levels");
    for inside in [
        "<g id='a'><use xlink:href='#a'/></g>",
        "<path d='M0 0 L100000 0' stroke='black' stroke-dasharray='0.0001'/>",
        "<pattern id='p' width='.0001' height='.0001' patternUnits='userSpaceOnUse'><rect width='1' height='1'/></pattern><rect width='90' height='90' fill='url(#p)'/>",
    ] {
        is_set(&drawing(inside));
    }
}

// Files of the project -----------------------------------------------------------------------------------------------------------------------

#[test]
fn a_template_that_does_not_end_is_stopped_at_its_line() {
    for body in ["while true {}", "let i = 0; while i < 1000000000 { i += 1 }", "let f(x) = f(x + 1); f(1)"] {
        let project = policy("Words");
        project.write("templates/pdf/words.typ", format!("#import \"/annexa/words.typ\": *\n#let endless = {{ {body} }}\n"));
        let ran = run(&project, "pdf", &["POL-001", "--out", "policy.pdf"]);
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.err.contains("error[template-error]") && ran.err.contains("templates/pdf/words.typ:2:"), "{}", ran.err);
    }
}

#[test]
fn a_font_file_that_is_none_is_found() {
    for bytes in [b"\0\x01\0\0garbage".as_slice(), b"OTTO\xff\xff\xff\xff", b""] {
        let project = policy("Words");
        project.write("themes/default/pdf-fonts/broken.otf", bytes);
        is_found(&project, "pdf-failed", "themes/default/pdf-fonts/broken.otf", "no font");
    }
}
