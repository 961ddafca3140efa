use proptest::prelude::*;

use super::parse_as;
use crate::base::finding::Place;
use crate::read::markdown::character::has_unwanted;
use crate::read::markdown::report::MOST;
use crate::read::markdown::{Kind, sexpr};
use crate::read::tree::{Block, BlockKind, Body};

/// Everything that must hold whatever the text is.
fn check(text: &str) -> Body {
    let mut first = None;
    for kind in [Kind::Document, Kind::Prose] {
        let (body, findings) = parse_as(kind, text);
        let places = findings.iter().map(|finding| match finding.place {
            Place::Span(span) => (span, finding.rule.code.to_owned()),
            _ => panic!("no place"),
        });
        for (span, what) in sexpr::spans(&body).into_iter().chain(places) {
            assert!(text.get(span.range()).is_some(), "{kind:?} {what} {span:?} in {text:?}");
        }
        for shown in sexpr::texts(&body) {
            assert!(!has_unwanted(&shown), "{kind:?} {shown:?} of {text:?}");
        }
        first.get_or_insert(body);
    }
    first.unwrap_or_default()
}

fn depth(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|block| match &block.kind {
            BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => 1 + depth(blocks),
            BlockKind::List { items, .. } => 1 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
            _ => 1,
        })
        .max()
        .unwrap_or(0)
}

/// Pieces that mean something, so that random texts meet each other's rules.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\n",
        "\n",
        "\n\n",
        " ",
        "  ",
        "    ",
        "\t",
        "# ",
        "## ",
        "### ",
        "#",
        "> ",
        ">",
        "- ",
        "1. ",
        "* ",
        "+ [ ] ",
        "[x] ",
        ": ",
        "```",
        "~~~",
        "---",
        "===",
        "|",
        "|---|",
        "|-|-|",
        "\\|",
        "[[",
        "]]",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "](x.md)",
        "POL-004",
        "iso27001:A.5.18",
        "#x",
        "{",
        "}",
        "{{",
        "}}",
        " org.name ",
        " odd ",
        "%E2%80%AE",
        "%00",
        "{#x}",
        "{#x .y satisfies=ccm:IAM-01,z classification=",
        "\"",
        "'",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "``",
        "<",
        ">",
        "<sub>",
        "</sub>",
        "<br>",
        "<!--",
        "-->",
        "<div>",
        "<a b='",
        "</",
        "<?",
        "<![CDATA[",
        "&amp;",
        "&#x202e;",
        "&#0;",
        "\\",
        "\\\n",
        "  \n",
        "[^1]",
        "[^1]:",
        "[^",
        "[a]: b",
        "[a]",
        "> [!NOTE]\n",
        "[!x]",
        "http://",
        "<http://x>",
        "javascript:",
        "%2e",
        "../",
        "é",
        "ü",
        "\u{308}",
        "日",
        "𝄞",
        "\u{0}",
        "\r",
        "\u{202e}",
        "\u{2028}",
        "a",
        "b",
        "word",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_spans_lie_in_it(text in pieces()) {
        check(&text);
    }

    #[test]
    fn no_string_panics(text in any::<String>()) {
        check(&text);
    }
}

#[test]
fn deep_nesting_is_cut_off() {
    let (body, findings) = parse_as(Kind::Document, &format!("{}a\n\nb\n\n{}c\n", "> ".repeat(100), "- ".repeat(100)));
    assert_eq!((body.blocks.len(), depth(&body.blocks)), (3, crate::read::markdown::MAX_DEPTH));
    assert_eq!(findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>(), ["too-deep", "too-deep"]);
    let (_, findings) = parse_as(Kind::Document, &format!("{}a{}", "*a **a ".repeat(50), " a***".repeat(50)));
    assert_eq!(findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>(), ["too-deep"]);
    let (_, findings) = parse_as(Kind::Document, &format!("{}a{}", "<sub>".repeat(70), "</sub>".repeat(70)));
    assert!(findings.iter().any(|finding| finding.rule.code == "too-deep"));
}

#[test]
fn a_hostile_text_does_not_drown_the_rest() {
    let (_, findings) = parse_as(Kind::Document, &"[[x y]] \u{0} {{x}} <b>\n".repeat(1000));
    assert_eq!(findings.len(), 4 * MOST);
}

/// Texts that have made Markdown parsers slow or overflow their stacks, each of about `size` bytes.
fn slow_texts(size: usize) -> Vec<String> {
    let repeated = [
        ">",
        "> ",
        ">\n",
        "- ",
        "* ",
        "1. ",
        ": ",
        "a\n: ",
        "[",
        "]",
        "[[",
        "]]",
        "[[]]",
        "[[a|",
        "![",
        "![[",
        "*",
        "_",
        "~",
        "*a ",
        "*a**b",
        "a_b*c ",
        "a~b~~c ",
        "`",
        "`a``b",
        "<",
        "<a ",
        "<a b='",
        "<sub>",
        "<sub>a",
        "</sub>",
        "<!--",
        "<?",
        "<![CDATA[",
        "<!A",
        "[a](",
        "[a][",
        "[a][b]",
        "[^a]",
        "[^a]:",
        "[^a]: b\n",
        "[^a]: > ",
        "[a]: b\n",
        "|",
        "a|a\n",
        "{{",
        "{{x",
        "}}",
        "{",
        "&#0;",
        "&",
        "\\",
        "\\[",
        "## a\n",
        "## a {#b}\n",
        "# {",
        "a\n",
        "a  \n",
        "- a\n\n",
        "\u{0}",
        "\u{0}a",
        "\u{202e}a",
        "```\n",
        "    a\n",
        "[!",
        "> [!NOTE]\n",
        "<http:",
        "(",
        "\n",
        "|\n|-\n",
        "-",
        "=\n",
        "a\n=\n",
        "é",
        "[[\n",
        "<b>",
        "<br>",
        "\t",
    ];
    let mut texts: Vec<String> = repeated.iter().map(|piece| piece.repeat(size / piece.len())).collect();
    for (open, close) in [
        ("*", "*"),
        ("**a ", " a**"),
        ("[", "](x)"),
        ("[[a|", "]]"),
        ("![", "](x)"),
        ("<sub>", "</sub>"),
        ("`", "`"),
        ("{{", "}}"),
        ("~~a ", " a~~"),
    ] {
        texts.push(format!("{}a{}", open.repeat(size / 2 / open.len()), close.repeat(size / 2 / close.len())));
    }
    for markers in [">", "> ", "- ", "> - ", "1. ", "[^a]: > "] {
        let deep = markers.repeat(size / 2 / markers.len());
        texts.push(format!("{deep}a\n{}", "a\n".repeat(size / 4)));
        texts.push(format!("{deep}`a\n{}`", "a\n".repeat(size / 4)));
        texts.push(format!("{deep}a\n{}", "\n".repeat(size / 2)));
    }
    let steps: String = (0..700).map(|step| format!("{}- a\n", "  ".repeat(step))).collect();
    texts.push(format!("{steps}{}", "a\n".repeat(size / 4)));
    texts.push(format!("| a |\n|---|\n{}", "| [[POL-004|a]] |\n".repeat(size / 18)));
    texts.push(format!("| a |\n|---|\n|{}|\n", "[[a|".repeat(size / 4)));
    texts.push(format!("|{}\n|{}\n{}", "a|".repeat(1000), "-|".repeat(1000), "|\n".repeat(size / 2)));
    texts.push(format!("## a {{{}}}\n", "b ".repeat(size / 2)));
    texts.push(format!("## a {{satisfies={}}}\n", "ccm:A-1,".repeat(size / 8)));
    texts.push(format!("[a]({})", "(".repeat(size)));
    texts.push(format!("[a](<{}>)", "../".repeat(size / 3)));
    texts.push(format!("[[{}]]", "a".repeat(size)));
    texts.push(format!("{{{{ {} }}}}", "a".repeat(size)));
    texts
}

#[test]
fn texts_that_make_parsers_slow_are_read_in_small() {
    for text in slow_texts(3_000) {
        check(&text);
    }
}

/// Run by hand: `cargo test --release --no-default-features -- --ignored --nocapture slow_texts_in_large`.
#[test]
#[ignore = "prints times; needs a release build"]
#[allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn slow_texts_in_large() {
    let mut times: Vec<(std::time::Duration, String)> = slow_texts(1_000_000)
        .into_iter()
        .map(|text| {
            let start = std::time::Instant::now();
            let (body, findings) = parse_as(Kind::Document, &text);
            let head: String = text.chars().take(20).collect();
            (start.elapsed(), format!("{head:?} … {} blocks, {} findings", body.blocks.len(), findings.len()))
        })
        .collect();
    times.sort();
    for (time, text) in times.iter().rev().take(12) {
        println!("{time:>10.1?} {text}");
    }
}

/// Run by hand: `cargo test --release --no-default-features -- --ignored --nocapture a_thousand_documents`.
#[test]
#[ignore = "prints times; needs a release build"]
#[allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn a_thousand_documents() {
    let section = "## Leavers {satisfies=iso27001:A.5.18,gdpr:32(1)(b)}\n\nThe people team tells the service desk of each leaver “on the day”, see \
        [[SOP-009#exit|the exit procedure]] and [[iso27001:A.5.11]]. {{ org.short_name }} closes *all* accounts within **one working day**, as \
        [the plan](../plans/pln-001.md#accounts) says.[^1]\n\n- Accounts of people: the directory, then `ssh` keys\n- Accounts of services:\n  1. rotate\n  2. \
        tell the owner, [[ciso]]\n\n| Step | Who | When |\n|------|:---:|-----:|\n| Tell | [[hr]] | day 0 |\n| Close | [[POL-004\\|service desk]] | day 1 |\n\n> \
        [!NOTE]\n> Keys of machines are in another register.\n\n[^1]: With leave of absence, the day before.\n\n";
    let mut text = section.repeat(8_000 / section.len());
    text += &"Plain words fill the rest of the page, as most pages do. ".repeat((8_000 - text.len()) / 57);
    let start = std::time::Instant::now();
    let blocks: usize = (0..1_000).map(|_| parse_as(Kind::Document, &text).0.blocks.len()).sum();
    println!("1,000 documents of {} bytes: {:.1?} ({blocks} blocks)", text.len(), start.elapsed());
}
