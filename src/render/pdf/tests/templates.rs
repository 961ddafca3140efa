//! Templates of a project's own: what they take the place of, and where their mistakes are found.

use super::{everything, flat};

#[test]
fn a_template_of_the_project_takes_the_place_of_the_built_in_one() {
    let mut small = everything();
    let own = "#import \"/annexa/front.typ\": contents, control\n#let cover(whole) = page[The cover of #whole.organisation.name]\n";
    small.text("templates/pdf/front.typ", own);
    assert!(flat(&small.words()).contains("The cover of Tarnwick"));
}

#[test]
fn a_mistake_in_a_template_is_found_in_it() {
    let mut small = everything();
    small.text("templates/pdf/front.typ", "#import \"/annexa/front.typ\": contents, control\n#let cover(whole) = page(whole.nothing)\n");
    let found = small.found();
    assert!(found.iter().all(|finding| finding.starts_with("template-error at templates/pdf/front.typ:2")), "{found:#?}");
    small.text("templates/pdf/front.typ", "#let cover(");
    assert!(small.found()[0].starts_with("template-error at templates/pdf/front.typ:1"), "{:#?}", small.found());
    small.text("templates/pdf/front.typ", "#import \"@preview/cetz:0.1.0\": *\n#read(\"/etc/passwd\")");
    assert!(small.found()[0].starts_with("template-error at templates/pdf/front.typ:1"), "{:#?}", small.found());
}

#[test]
fn what_others_need_of_a_template_is_found_in_it() {
    let found = |name: &str, text: &str| {
        let mut small = everything();
        small.text(&format!("templates/pdf/{name}"), text);
        small.found()
    };
    for text in ["", "#let cover(whole) = []", "= Words"] {
        let found = found("front.typ", text);
        let names = if text.contains("cover") { 2 } else { 3 };
        assert_eq!(found.len(), names, "{found:#?}");
        let is_told = |finding: &String| finding.contains("\"templates/pdf/front.typ\"") && finding.contains("does not define `");
        assert!(found.iter().all(is_told), "{found:#?}");
    }
    let other = "#import \"/annexa/front.typ\": contents, control, large\n#let cover() = page[Cover]";
    assert!(found("front.typ", other)[0].starts_with("template-error at templates/pdf/front.typ:2"), "{:#?}", found("front.typ", other));
    let none = found("blocks.typ", "");
    assert!(none.iter().all(|finding| finding.contains("\"templates/pdf/blocks.typ\"")), "{none:#?}");
    let other = "#import \"/annexa/blocks.typ\": *\n#let paragraph() = []";
    assert!(found("blocks.typ", other)[0].starts_with("template-error at templates/pdf/blocks.typ:2"), "{:#?}", found("blocks.typ", other));
}

#[test]
fn what_a_built_in_template_gets_from_another_is_found_in_that() {
    let found = |name: &str, text: &str| {
        let mut small = everything();
        small.text(&format!("templates/pdf/{name}"), &format!("#import \"/annexa/{name}\": *\n{text}\n"));
        small.found()
    };
    for text in ["#let sizes = (text: 10pt)", "#let edge = (x: 20mm)", "#let edge = (..edge, top: 1pt * float.inf)"] {
        let found = found("style.typ", text);
        assert!(found.len() == 1 && found[0].starts_with("template-error at File(\"templates/pdf/style.typ\")"), "{text}: {found:#?}");
    }
    let fonts = found("style.typ", "#let faces = (..faces, text: (\"Foo\", ..faces.text), table: (\"Foo\", ..faces.table))");
    assert!(fonts.len() == 1 && fonts[0].starts_with("template-error at templates/pdf/style.typ:2"), "{fonts:#?}");
    for text in ["#let picture(..it) = nothing", "#let picture = none", "#let picture() = []"] {
        let found = found("blocks.typ", text);
        assert!(found.iter().all(|finding| finding.starts_with("template-error at templates/pdf/blocks.typ:2")), "{text}: {found:#?}");
        assert!(!found.is_empty(), "{text}");
    }
}

#[test]
fn pages_that_do_not_settle_are_found_at_what_does_not() {
    let mut small = everything();
    let own = "#import \"/annexa/front.typ\": contents, control, large\n#let cover(whole) = page(context {\n  let n = counter(\"odd\").final().first()\n  \
               counter(\"odd\").update(n + 1)\n})\n";
    small.text("templates/pdf/front.typ", own);
    let found = small.found();
    assert!(found.len() == 1 && found[0].starts_with("template-error at templates/pdf/front.typ:3"), "{found:#?}");
}

#[test]
fn a_page_number_may_stand_on_the_line_after_what_it_belongs_to() {
    let mut small = everything();
    let own = "#import \"/annexa/front.typ\": contents, control, large\n#import \"/templates/pdf/blocks.typ\": page-of\n\
               #let cover(whole) = page(block(width: 1pt)[stands on #page-of(\"POL-001\"), goes on])\n";
    small.text("templates/pdf/front.typ", own);
    let cover = small.pages().expect("pages").remove(0);
    let number = cover.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).expect("a number");
    assert!(!number.starts_with('0') && flat(&cover).contains("goes on"), "{cover}");
}
