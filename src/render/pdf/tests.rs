//! The room as a whole: what stands on the pages of a small manual, and what becomes of text that means harm.

mod look;
mod once;
mod templates;

use std::sync::Arc;

use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use super::{Book, Memory, Typesetter, render};
use crate::base::finding::{Finding, Place};
use crate::base::source::{Content, SourceFile, Sources};
use crate::link::manual::{self, Manual};
use crate::link::view::{self, Audience};
use crate::read;

const SETTINGS: &str =
    "format: 1\ntitle: Security manual\nversion: \"3.1\"\norg: {name: Tarnwick}\nscope: All of it.\nframeworks: [gdpr]\n";

/// A project of a few files.
#[derive(Clone, Default)]
struct Small {
    files: Vec<SourceFile>,
}

impl Small {
    fn new() -> Self {
        let mut small = Small { files: read::built_in() };
        small.text("annexa.yaml", SETTINGS);
        small
    }

    fn text(&mut self, path: &str, text: &str) -> &mut Self {
        self.files.retain(|file| file.path.as_ref() != path);
        self.files.push(SourceFile { path: path.into(), content: Content::Text(text.into()) });
        self
    }

    fn bytes(&mut self, path: &str, bytes: &[u8]) -> &mut Self {
        self.files.push(SourceFile { path: path.into(), content: Content::Bytes(bytes.into()) });
        self
    }

    /// A policy with this text.
    fn policy(&mut self, number: u8, title: &str, text: &str) -> &mut Self {
        let front =
            format!("id: POL-{number:03}\ntitle: {title}\ntype: policy\nversion: \"2.0\"\nstatus: approved\nclassification: internal");
        self.text(&format!("content/policies/pol-{number:03}.md"), &format!("---\n{front}\n---\n\n{text}\n"))
    }

    fn manual(&self) -> Manual {
        let mut findings = Vec::new();
        let parsed = read::parse(Arc::new(Sources::new(self.files.clone())), &mut findings).expect("a project");
        let view = view::view(&parsed, Audience::highest(&parsed.project));
        manual::link(view, "2026-11-23".parse().expect("a date"))
    }

    fn render(&self) -> Result<Vec<u8>, Vec<Finding>> {
        render(&self.manual(), &Book::Manual, None)
    }

    /// The words of each page, or what was found.
    fn pages(&self) -> Result<Vec<String>, Vec<Finding>> {
        let manual = self.manual();
        let pages = laid_out(&manual)?;
        Ok(pages.pages().iter().map(|page| words(&page.frame)).collect())
    }

    /// The words of all pages.
    fn words(&self) -> String {
        self.pages().expect("pages").join("\n")
    }

    /// Findings as `rule at text: message`.
    fn found(&self) -> Vec<String> {
        let manual = self.manual();
        let sources = &manual.view.sources;
        let place = |finding: &Finding| match &finding.place {
            Place::Span(span) => {
                let file = sources.file(span.file);
                let line = 1 + file.text().get(..span.start as usize).unwrap_or_default().matches('\n').count();
                format!("{}:{line}", file.path)
            }
            other => format!("{other:?}"),
        };
        let findings = render(&manual, &Book::Manual, None).err().unwrap_or_default();
        findings.iter().map(|finding| format!("{} at {}: {}", finding.rule.code, place(finding), finding.message)).collect()
    }
}

/// The pages of a manual.
fn laid_out(manual: &Manual) -> Result<PagedDocument, Vec<Finding>> {
    Typesetter::with(Memory::Freed).pages(manual, &Book::Manual, None)
}

fn words(frame: &Frame) -> String {
    let mut out = String::new();
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => out.push_str(&words(&group.frame)),
            FrameItem::Text(text) => {
                out.push_str(&text.text);
                out.push(' ');
            }
            _ => {}
        }
    }
    out
}

/// Words as they follow each other, however the lines are broken.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without spaces: a change of face or colour cuts words apart.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{2060}')).collect()
}

const EVERYTHING: &str = include_str!("tests/everything.md");

fn everything() -> Small {
    let mut small = Small::new();
    small.policy(1, "Access", EVERYTHING).policy(2, "Incidents", "## Report {#report}\n\nAt once. See [[POL-001#leavers]].");
    small.text(
        "content/assets/scope.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='80'><rect width='90' height='40'/></svg>",
    );
    small.text(
        "content/registers/roles.yaml",
        "register: roles\nrows:\n  - {id: ciso, title: Chief Security Officer, duties: Answers for it.}\n",
    );
    small
}

#[test]
fn a_manual_of_everything_becomes_a_pdf_of_both_standards() {
    let bytes = everything().render().expect("a PDF");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(b"<pdfaid:part>3</pdfaid:part>") && holds(b"<pdfaid:conformance>A</pdfaid:conformance>"));
    assert!(holds(b"<pdfuaid:part>1</pdfuaid:part>"));
    assert!(holds(b"/Outlines") && holds(b"/StructTreeRoot") && holds(b"/Lang"));
}

#[test]
fn the_same_manual_gives_the_same_bytes() {
    let first = everything().render().expect("a PDF");
    assert!(first == everything().render().expect("a PDF"), "two builds differ");
}

#[test]
fn a_build_from_memory_equals_a_clean_one() {
    let mut typesetter = Typesetter::new();
    let mut kept = |small: &Small| typesetter.set(&small.manual(), &Book::Manual, None).expect("a PDF");
    let mut changed = everything();
    kept(&changed);
    changed.policy(2, "Incidents", "## Report {#report}\n\nWithin an hour.");
    assert!(kept(&changed) == changed.render().expect("a PDF"), "what was remembered shows");
}

#[test]
fn pages_hold_cover_contents_control_and_documents_in_this_order() {
    let pages: Vec<String> = everything().pages().expect("pages").iter().map(|page| flat(page)).collect();
    let at = |needle: &str| pages.iter().position(|page| page.contains(needle)).unwrap_or_else(|| panic!("{needle} in {pages:#?}"));
    assert_eq!(at("All of it."), 0);
    assert_eq!(at("Contents"), 1);
    assert_eq!(at("Documents in this manual"), 1, "in the contents");
    assert!(at("The documents of this manual") < at("Access is withdrawn"));
    assert!(pages[2].contains("Page 3 of"), "{}", pages[2]);
    assert!(pages.iter().any(|page| page.contains("POL-001 Access Version 2.0 Internal")), "running head: {pages:#?}");
}

#[test]
fn every_kind_of_block_and_inline_is_set() {
    let words = squeezed(&everything().words());
    for needle in [
        "Plain, emphasis , strong , struck , H 2 O, x 2 , code and Ctrl",
        "Note",
        "Caution",
        "A quotation.",
        "First",
        "Second",
        "done already",
        "still open",
        "Term",
        "Its definition.",
        "key: value",
        "A footnote.",
        "The caption",
        "Chief Security Officer",
    ] {
        assert!(words.contains(&squeezed(needle)), "{needle} in {words}");
    }
}

#[test]
fn a_reference_tells_the_page_of_what_it_leads_to() {
    let pages: Vec<String> = everything().pages().expect("pages").iter().map(|page| squeezed(page)).collect();
    let page = 1 + pages.iter().position(|page| page.contains("Accessiswithdrawn")).expect("the section");
    assert!(pages.iter().any(|text| text.contains(&format!("POL-0011Leaversp.{page}"))), "{pages:#?}");
}

/// The texts of a frame with where each begins and ends, from the left edge and the top, in points.
fn placed(frame: &Frame, from: Point, out: &mut Vec<(f64, f64, f64, String)>) {
    for (at, item) in frame.items() {
        let at = from + *at;
        match item {
            FrameItem::Group(group) if group.transform.is_only_translate() => placed(&group.frame, at, out),
            FrameItem::Text(text) => {
                let begin = at.x.to_pt();
                out.push((begin, begin + text.width().to_pt(), at.y.to_pt(), text.text.to_string()));
            }
            _ => {}
        }
    }
}

#[test]
fn what_follows_a_page_number_closes_up_to_it_and_nothing_stands_over_another() {
    let manual = everything().manual();
    let document = laid_out(&manual).expect("pages");
    let mut followed = 0;
    for page in document.pages() {
        let mut texts = Vec::new();
        placed(&page.frame, Point::zero(), &mut texts);
        for (begin, end, y, text) in &texts {
            let on_line = |other: &&(f64, f64, f64, String)| (other.2 - y).abs() < 0.01 && other.0 > *begin;
            let Some(next) = texts.iter().filter(on_line).min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            assert!(next.0 > end - 0.5, "{text:?} ends at {end}, {:?} begins at {}", next.3, next.0);
            // A sentence goes on after the page of a reference.
            if text.trim_start().starts_with("p.\u{a0}") && next.3.starts_with('.') {
                followed += 1;
                assert!(next.0 < end + 0.5, "{text:?} ends at {end}, {:?} begins at {}", next.3, next.0);
            }
        }
    }
    assert!(followed > 0, "no sentence ends with a reference");
    let zeroes = document.pages().iter().map(|page| words(&page.frame)).find(|text| text.contains("p.\u{a0}0") || text.contains("of 0"));
    assert_eq!(zeroes, None);
}

#[test]
fn no_row_that_is_kept_whole_runs_out_of_its_page() {
    let kinds: [&dyn Fn(usize) -> String; 4] = [
        &|n| "words of some length ".repeat(n * 2),
        &|n| "WIDE CAPITALS 2026-12-01 ".repeat(n * 2),
        &|n| (0..n).map(|item| format!("item {item} of a list")).collect::<Vec<_>>().join("<br>"),
        &|n| "incomprehensibilities-and-more ".repeat(n),
    ];
    for (number, kind) in kinds.iter().enumerate() {
        let rows: String = (10..80).map(|n| format!("| row {n} | {} | few words |\n", kind(n))).collect();
        let table = format!("## Table\n\n| Row | What | Why |\n| --- | --- | --- |\n{rows}");
        let audits: String = (10..70)
            .map(|n| {
                format!(
                    "  - {{id: AUD-0{n}, title: Audit, scope: \"{}\", result: \"{}\", planned: 2027-01-19, done: 2027-01-20}}\n",
                    kind(n),
                    kind(n / 2)
                )
            })
            .collect();
        let mut small = everything();
        small.policy(7, "Rows", &table).text("content/registers/audits.yaml", &format!("register: audits\nrows:\n{audits}"));
        let document = laid_out(&small.manual()).expect("pages");
        for page in document.pages().iter().skip(1) {
            let mut texts = Vec::new();
            placed(&page.frame, Point::zero(), &mut texts);
            let lowest = texts.iter().max_by(|a, b| a.2.total_cmp(&b.2)).expect("a text");
            // The foot of the page stands lowest.
            assert!(["Tarnwick", "Security manual"].contains(&lowest.3.trim()), "kind {number}: {lowest:?}");
        }
    }
}

#[test]
fn a_table_of_many_rows_stands_clear_of_the_text_before_it() {
    let rows: String = (1..=20).map(|row| format!("| step {row} | words |\n")).collect();
    let text = format!("## Clock\n\nThe paragraph before.\n\n| Hour | What |\n| --- | --- |\n{rows}");
    let manual = Small::new().policy(1, "Leavers", &text).manual();
    let document = laid_out(&manual).expect("pages");
    let tops = |needle: &str| {
        let on_page = |page: &typst_layout::Page| {
            let mut texts = Vec::new();
            placed(&page.frame, Point::zero(), &mut texts);
            texts.into_iter().find(|(.., text)| text.contains(needle)).map(|(_, _, y, _)| y)
        };
        document.pages().iter().find_map(on_page).expect("words")
    };
    let gap = tops("Hour") - tops("paragraph");
    assert!((18.0..40.0).contains(&gap), "{gap} pt from line to line");
}

#[test]
fn a_book_of_more_pages_than_its_text_promises_has_room_for_their_numbers() {
    let mut small = Small::new();
    let images = "![Plan](tall.svg)\n\n".repeat(14);
    small.policy(1, "Plans", &format!("{images}## End {{#end}}\n\nAs planned."));
    small.policy(2, "More", "See [[POL-001#end]]. So it is.");
    small.text(
        "content/policies/tall.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='2000'><rect width='90' height='1900'/></svg>",
    );
    let pages: Vec<String> = small.pages().expect("pages").iter().map(|page| squeezed(page)).collect();
    let page = 1 + pages.iter().position(|page| page.contains("Asplanned")).expect("the section");
    assert!(page > 9, "{page}");
    assert!(pages.iter().any(|text| text.contains(&format!("POL-0011Endp.{page}.Soitis"))), "{pages:#?}");
}

#[test]
fn text_is_never_code() {
    let hostile =
        "\"]; #import \"/etc/passwd\": * \\u{41} $x^2$ `#` @ref <label> // no /* comment */ #panic(1) \\\\ {{ }} // \"); panic(\"";
    let mut small = Small::new();
    small.policy(1, "'Title \"]) #panic() \\ end'", &format!("## Heading \"]) #panic()\n\n{hostile}\n\n```typ\n#panic(\"no\")\n```"));
    let words = squeezed(&small.words());
    for needle in
        ["#import \"/etc/passwd\": *", "$x^2$", "@ref", "// no /* comment */ #panic(1)", "#panic(\"no\")", "Title \"]) #panic() \\ end"]
    {
        assert!(words.contains(&squeezed(needle)), "{needle} in {words}");
    }
}

#[test]
fn control_characters_and_marks_of_direction_do_not_reach_the_page() {
    let mut small = Small::new();
    small.policy(1, "Marks", "safe\u{202e}txt\u{2066}.exe\u{0}\u{7}\u{feff}end");
    assert!(flat(&small.words()).contains("safetxt.exe"));
}

#[test]
fn an_emoji_is_found_at_the_authors_line() {
    let mut small = Small::new();
    small.policy(1, "Alarm", "## Call\n\nCall at once \u{1f6a8}.\n\n| A | B |\n| --- | --- |\n| 漢 | b |");
    assert_eq!(
        small.found(),
        [
            "missing-glyph at content/policies/pol-001.md:12: no font of the PDF has `\u{1f6a8}` (U+1F6A8)",
            "missing-glyph at content/policies/pol-001.md:16: no font of the PDF has the Chinese, Japanese or Korean letters: `漢` (U+6F22)",
        ]
    );
}

#[test]
fn a_table_of_a_hundred_columns_becomes_lists() {
    let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(100));
    let mut small = Small::new();
    small.policy(1, "Wide", &format!("{}{}{}", row("head"), row("---"), row("value")));
    assert_eq!(small.words().matches("value").count(), 100);
}

#[test]
fn a_word_of_a_thousand_letters_stays_on_the_page() {
    let mut small = Small::new();
    small.policy(1, "Long", &format!("{}\n\n| A | B |\n| --- | --- |\n| {} | b |", "w".repeat(1000), "x".repeat(1000)));
    let words = small.words();
    assert!(words.matches('w').count() >= 1000 && words.matches('x').count() >= 1000);
}

#[test]
fn images_that_cannot_be_set_are_found_where_they_stand() {
    let mut small = Small::new();
    let broken = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xff\x61garbage";
    small.policy(1, "Images", "![Broken](a.png)\n\n![Missing](b.png)\n\n![Out](c.svg)\n\n![Large](d.png)\n\n![Text](e.png)");
    small.bytes("content/policies/a.png", broken);
    small.text("content/policies/c.svg", "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink' width='9' height='9'><script>alert(1)</script><image x:href='http://example.com/a.png' width='9' height='9'/></svg>");
    small.bytes("content/policies/d.png", &vec![0x89; 40 << 20]);
    small.bytes("content/policies/e.png", b"not an image");
    let found = small.found();
    for (line, words) in [(10, "cannot be set"), (12, "does not exist"), (14, "example.com"), (16, "40 MiB"), (18, "not an image")] {
        let place = format!("image-missing at content/policies/pol-001.md:{line}:");
        assert!(found.iter().any(|finding| finding.starts_with(&place) && finding.contains(words)), "{place} {words} in {found:#?}");
    }
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn an_svg_with_script_is_set_without_it() {
    let mut small = Small::new();
    small.policy(1, "Image", "![A square](a.svg)");
    small.text("content/policies/a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90' onload='x()'><script>alert(1)</script><rect width='9' height='9'/><text y='40'>in it</text></svg>");
    small.render().expect("a PDF");
}

#[test]
fn a_character_that_no_font_has_in_an_svg_is_found_at_the_image() {
    let mut small = Small::new();
    small.policy(1, "Image", "![Words](a.svg)");
    small.text(
        "content/policies/a.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><text y='40'>\u{1f6a8}&#x6f22;</text></svg>",
    );
    let found = small.found();
    let at_image = |finding: &&String| finding.starts_with("missing-glyph at content/policies/pol-001.md:10");
    assert_eq!(found.iter().filter(at_image).count(), 2, "{found:#?}");
}

#[test]
fn deep_nesting_is_set_as_if_it_were_less_deep() {
    for depth in [10, 20, 60, 400] {
        let mut small = Small::new();
        let quotes = format!("{} deep", ">".repeat(depth));
        let list: String = (0..depth).map(|level| format!("{}- level\n", "  ".repeat(level))).collect();
        small.policy(1, "Deep", &quotes).policy(2, "Deeper", &list).policy(3, "Strong", &format!("{0}deep{0}", "*".repeat(depth)));
        assert_eq!(small.found(), Vec::<String>::new(), "{depth}");
    }
}

#[test]
fn a_long_line_of_code_is_broken_and_a_heading_without_words_left_out() {
    let mut small = Small::new();
    small.policy(1, "Odd", &format!("## \u{200e}\n\n## Next\n\n```\n{}\n```", "a".repeat(10_000)));
    assert_eq!(small.found(), Vec::<String>::new());
    assert!(small.words().matches('a').count() >= 10_000);
}

#[test]
fn an_empty_project_has_a_manual_of_front_pages() {
    assert!(Small::new().render().is_ok());
}

#[test]
fn german_words_stand_on_german_pages() {
    let mut small = everything();
    small.text("annexa.yaml", &format!("{SETTINGS}language: de\npdf: {{paper: us-letter}}\n"));
    let words = flat(&small.words());
    assert!(words.contains("Inhalt") && words.contains("Seite 3 von"), "{words}");
}

#[test]
fn identifiers_of_a_framework_share_a_line_and_name_it_once() {
    let mut small = everything();
    let criteria = "[POL-001, POL-002, \"iso27001:4.1\", \"iso27001:4.2\", \"iso27001:A.5\", \"iso27001:A.8.2\", \"iso27001:A.8.5\"]";
    let audit = format!("{{id: AUD-001, title: An audit, scope: All., criteria: {criteria}, planned: 2027-01-19}}");
    small.text("annexa.yaml", &SETTINGS.replace("[gdpr]", "[gdpr, iso27001@2022]"));
    small.text("content/registers/audits.yaml", &format!("register: audits\nrows:\n  - {audit}\n"));
    let manual = small.manual();
    let project = super::whole::write(&manual, &super::fonts::Fonts::with(&manual.view.sources), &Book::Manual, None);
    let file = project.files.iter().find(|file| file.path == "/registers/audits.typ").expect("audits");
    let cell = file.text.split("several(").nth(1).expect("a list");
    let lines: Vec<usize> = cell.split("in-row(").skip(1).map(|line| line.matches("refer(").count()).collect();
    assert_eq!(lines, [2, 2, 2], "{cell}");
    assert_eq!(cell.matches("framework: \"ISO/IEC 27001:2022\"").count(), 1, "{cell}");
    assert!(file.text.contains("id: \"AUD-001\", words: \"\", goal: none"), "a row leads nobody to itself: {}", file.text);
    let index = project.files.iter().find(|file| file.path == "/index.typ").expect("the index");
    let (place, rest) = index.text.split_once("(place: ").and_then(|(_, rest)| rest.split_once(", id: ")).expect("a control");
    assert!(place.contains("gdpr:32") && rest.contains(", goal: none, decided: false"), "{}", index.text);
}

const RISKS: &str = "register: risks\nrows:\n  - {id: RSK-001, title: A theft, scenario: It happens., owner: ciso, likelihood: 4, confidentiality: 5, \
                     integrity: 0, availability: 1, decision: retain, residual_likelihood: 2, residual_impact: 3}\n  \
                     - {id: RSK-002, title: A fire, scenario: It happens., owner: ciso, likelihood: 1, confidentiality: 0, integrity: 0, availability: 2, decision: retain}\n";

/// How many images stand on the pages.
fn images(frame: &Frame) -> usize {
    let image = |(_, item): &(_, FrameItem)| match item {
        FrameItem::Group(group) => images(&group.frame),
        FrameItem::Image(..) => 1,
        _ => 0,
    };
    frame.items().map(image).sum()
}

#[test]
fn pictures_stand_before_the_figures_that_they_show() {
    for language in ["en", "de"] {
        let mut small = everything();
        small.text("annexa.yaml", &format!("{SETTINGS}language: {language}\n")).text("content/registers/risks.yaml", RISKS);
        small.render().expect("a PDF of both standards");
        let words = squeezed(&small.words());
        let needles = if language == "en" {
            ["Coverage", "ChapterII", "Beforetreatment", "Critical", "Notrated"]
        } else {
            ["Abdeckung", "ChapterII", "VorderBehandlung", "Kritisch", "Nichtbewertet"]
        };
        for needle in needles {
            assert!(words.contains(needle), "{needle} in {words}");
        }
        let manual = small.manual();
        let pages = laid_out(&manual).expect("pages");
        // A panel for each of the eleven chapters of the regulation, two heat maps, and the two images of the text.
        assert_eq!(pages.pages().iter().map(|page| images(&page.frame)).sum::<usize>(), 15);
    }
}

#[test]
fn a_framework_of_thousands_of_controls_without_groups_goes_on_from_page_to_page() {
    let mut small = Small::new();
    let controls: String = (0..2500).map(|number| format!("  - {{id: X-{number}, title: \"Control <{number}> & more\"}}\n")).collect();
    small.text("frameworks/own.yaml", &format!("format: 1\nframework: own\ntitle: \"Own <&> \\\"framework\\\"\"\ncontrols:\n{controls}"));
    small.text("annexa.yaml", &SETTINGS.replace("[gdpr]", "[own]"));
    let pages = small.pages().expect("pages");
    assert!(pages.iter().filter(|page| page.contains("continued")).count() > 4, "{}", pages.len());
}

#[test]
fn a_style_of_the_project_colours_the_pictures() {
    let mut small = everything();
    let style = super::templates::BUILT_IN.iter().find(|(name, _)| *name == "style.typ").expect("a style").1;
    small.text("templates/pdf/style.typ", &style.replace("#226a47", "#123456"));
    assert!(small.render().expect("a PDF") != everything().render().expect("a PDF"));
}

#[test]
fn sections_carry_their_numbers_and_references_to_them_say_number_and_title() {
    let mut small = Small::new();
    small.policy(1, "Access", "## Joiners\n\n## Leavers\n\n### Keys {#keys}\n\n> ## A heading in a quotation\n\n## Last\n\nSee [[POL-001#keys]] and [[#keys|the keys]].");
    let words = squeezed(&small.words());
    for needle in ["1Joiners", "2Leavers", "2.1Keys", "3Last", "POL-0012.1Keysp."] {
        assert!(words.contains(needle), "{needle} in {words}");
    }
    assert!(!words.contains("2.2Aheading") && !words.contains("1Aheading"), "{words}");
}

#[test]
fn the_contents_name_the_sections_of_each_document() {
    let pages = everything().pages().expect("pages");
    let contents = squeezed(&pages[1]);
    assert!(contents.contains("1Leavers") && contents.contains("1Report"), "{contents}");
}

#[test]
fn a_single_page_tells_all_in_its_head_and_whose_it_is_in_its_foot() {
    let pages: Vec<String> = everything().pages().expect("pages").iter().map(|page| flat(page)).collect();
    let page = pages.iter().position(|page| page.contains("Access is withdrawn")).expect("the policy");
    let head = format!("POL-001 Access Version 2.0 Internal Page {} of {}", page + 1, pages.len());
    assert!(pages[page].contains(&head), "{head} in {}", pages[page]);
    assert!(pages[page].contains("Tarnwick Security manual"), "{}", pages[page]);
}

#[test]
fn what_is_not_in_force_says_so_across_each_of_its_pages() {
    for (status, word) in [("draft", "Draft"), ("review", "In review"), ("retired", "Retired")] {
        let mut small = Small::new();
        let front = format!("id: POL-001\ntitle: Long\ntype: policy\nstatus: {status}\nclassification: internal");
        let text = "A paragraph that says something at some length.\n\n".repeat(120);
        small.text("content/policies/pol-001.md", &format!("---\n{front}\n---\n\n{text}")).policy(2, "In force", "Some words.");
        let manual = small.manual();
        let pages = laid_out(&manual).expect("pages");
        let marked = |frame: &Frame| largest(frame, word) > 60.0;
        let with = |needle: &str| {
            let pages = pages.pages().iter().filter(|page| flat(&words(&page.frame)).contains(needle));
            pages.map(|page| marked(&page.frame)).collect::<Vec<_>>()
        };
        let long = with("A paragraph that says");
        assert!(long.len() > 2 && long.iter().all(|marked| *marked), "{status}: {long:?}");
        assert_eq!(with("Some words."), [false], "{status}");
    }
}

/// The size in points of the largest text of these words.
fn largest(frame: &Frame, needle: &str) -> f64 {
    let size = |(_, item): &(_, FrameItem)| match item {
        FrameItem::Group(group) => largest(&group.frame, needle),
        FrameItem::Text(text) if text.text == needle => text.size.to_pt(),
        _ => 0.0,
    };
    frame.items().map(size).fold(0.0, f64::max)
}

#[test]
fn an_image_with_a_caption_is_a_figure_of_its_document() {
    let words = everything().pages().expect("pages").iter().map(|page| flat(page)).collect::<Vec<_>>();
    assert!(words[1].contains("Figures POL-001 Figure 1 The caption"), "{}", words[1]);
    assert!(words.iter().skip(2).any(|page| page.contains("Figure 1 The caption")), "{words:#?}");
    let mut small = Small::new();
    small
        .policy(1, "Plain", "![A scope](../assets/scope.svg)")
        .text("content/assets/scope.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    assert!(!small.words().contains("Figure"), "without a caption there is nothing to look up");
}
