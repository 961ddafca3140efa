use super::{read, spans};

#[test]
fn ids_are_written_or_made_from_words() {
    insta::assert_snapshot!(read(
        "## Joiners, movers & leavers\n## Überprüfung für {{ org.short_name }} — 2\n## `code` and [[POL-004]]\n## ???\n## Leavers {#leavers}\n## Ende ##\n"
    ), @r#"
    (h2 #joiners-movers-leavers "Joiners, movers & leavers")
    (h2 #überprüfung-für-tarnwick-2 "Überprüfung für Tarnwick — 2")
    (h2 #code-and (` "code") " and " (a [[POL-004]]))
    (h2 #section "???")
    (h2 #leavers "Leavers")
    (h2 #ende "Ende")
    "#);
}

#[test]
fn made_ids_are_unique_and_written_ones_win() {
    insta::assert_snapshot!(read("## A\n## A\n## B\n## A-2\n## x {#a}\n## y {#B}\n"), @r#"
    (h2 #a-2 "A")
    (h2 #a-3 "A")
    (h2 #b "B")
    (h2 #a-2-2 "A-2")
    (h2 #a "x")
    (h2 #B "y")
    "#);
}

#[test]
fn two_equal_written_ids_are_a_finding() {
    insta::assert_snapshot!(read("## A {#x}\n## B {#x}\n"), @r##"
    (h2 #x "A")
    (h2 #b "B")
    ! duplicate-heading-id "#x": two headings have the id `x` (give each an id of its own)
    "##);
}

#[test]
fn the_id_of_an_open_heading_says_nothing_of_a_withheld_one() {
    insta::assert_snapshot!(read("## A {classification=confidential}\n### B\n### C {#c}\n## A\n## B\n## C\n"), @r##"
    (h2 #a-2 !confidential "A")
    (h3 #b-2 "B")
    (h3 #c-2 "C")
    (h2 #a "A")
    (h2 #b "B")
    (h2 #c "C")
    ! duplicate-heading-id "#c": two headings have the id `c` (give each an id of its own)
    "##);
}

#[test]
fn a_heading_carries_claims_and_a_mark() {
    insta::assert_snapshot!(read("## Leavers {#leavers satisfies=iso27001:A.5.18,gdpr:32(1)(b) classification=confidential}\n### Next {satisfies=\"ccm:IAM-01\" classification='internal'}\n"), @r#"
    (h2 #leavers <iso27001:A.5.18> <gdpr:32(1)(b)> !confidential "Leavers")
    (h3 #next <ccm:IAM-01> !internal "Next")
    "#);
}

#[test]
fn claims_and_marks_have_their_own_spans() {
    insta::assert_snapshot!(spans("Foo\nbar  {#x satisfies=\"iso27001:A.5.18, gdpr:Art. 32 (1)(b)\" classification=internal}  \n---\n\n> a\n\n## y {satisfies=ccm:A&A-01} ##\n## z ## {satisfies=ccm:A&A-01}\n"), @r###"
    h2: "Foo\nbar  {#x satisfies=\"iso27001:A.5.18, gdpr:Art. 32 (1)(b)\" classification=internal}  \n---"
    claim iso27001:A.5.18: "iso27001:A.5.18"
    claim gdpr:32(1)(b): "gdpr:Art. 32 (1)(b)"
    mark internal: "internal"
    "Foo": "Foo"
    ~: "\n"
    "bar": "bar"
    quote: "> a"
    p: "a"
    "a": "a"
    h2: "## y {satisfies=ccm:A&A-01} ##"
    "y {satisfies=ccm:A&A-01}": "y {satisfies=ccm:A&A-01}"
    h2: "## z ## {satisfies=ccm:A&A-01}"
    claim ccm:A&A-01: "ccm:A&A-01"
    "z": "z"
    "###);
}

#[test]
fn what_else_stands_in_the_braces_is_said_so_where_it_stands() {
    insta::assert_snapshot!(read("## A {#a .wide satisfied=ccm:IAM-01 id=b hidden satisfies=iso27001:A.5.18, gdpr:32(1)(b)}\n## B {#b #c satisfies=POL-004,,ccm:IAM-01 classification= }\n## C {#ä/ö}\n## D {#}\n"), @r##"
    (h2 #a <iso27001:A.5.18> "A")
    (h2 #b <ccm:IAM-01> "B")
    (h2 #c "C")
    (h2 #d "D")
    ! unknown-attribute ".wide": a heading has no attribute `.wide` (a heading can carry `#id`, `satisfies=` and `classification=`; for braces in its words write `\{`)
    ! unknown-attribute "satisfied=ccm:IAM-01": a heading has no attribute `satisfied` (did you mean `satisfies`?)
    ! unknown-attribute "id=b": a heading has no attribute `id` (an id is written `{#b}`)
    ! unknown-attribute "hidden": a heading has no attribute `hidden` (a heading can carry `#id`, `satisfies=` and `classification=`; for braces in its words write `\{`)
    ! invalid-value "": a claim is empty (a claim names a framework and a control, and commas without spaces separate several: `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`)
    ! unknown-attribute "gdpr:32(1)(b)": a heading has no attribute `gdpr:32(1)(b)` (commas without spaces separate claims: `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`)
    ! invalid-value "#c": the heading has a second id (keep one of them)
    ! invalid-value "POL-004": `POL-004` is not a control (a claim names a framework and a control, and commas without spaces separate several: `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`)
    ! invalid-value "": a claim is empty (a claim names a framework and a control, and commas without spaces separate several: `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`)
    ! invalid-value "": the classification is empty
    ! invalid-value "#ä/ö": `ä/ö` cannot be the id of a heading (an id has letters, digits, `-`, `_` and `.`, and no spaces)
    ! invalid-value "#": the id is empty (an id has letters, digits, `-`, `_` and `.`, and no spaces)
    "##);
}

#[test]
fn braces_that_are_no_attributes_stay() {
    insta::assert_snapshot!(read("## The set \\{x\\}\n## About {{ org.name }}\n## About {{ org.name }} {#about}\n## `{x}`\n## {x} y\n"), @r#"
    (h2 #the-set-x "The set {x}")
    (h2 #about-tarnwick-systems "About Tarnwick *Systems*")
    (h2 #about "About Tarnwick *Systems*")
    (h2 #x (` "{x}"))
    (h2 #x-y "{x} y")
    "#);
}

#[test]
fn levels_begin_at_two_and_skip_none() {
    insta::assert_snapshot!(read("### A\n\n# B\n\n## C\n\n#### D\n\n### E\n\nF\n===\n"), @r#####"
    (h3 #a "A")
    (h2 #b "B")
    (h2 #c "C")
    (h4 #d "D")
    (h3 #e "E")
    (h2 #f "F")
    ! heading-skipped "### A": the first heading is of level 3 (write `##`)
    ! heading-level "# B": a heading of level 1 stands in the text (the title in the front matter is the document's level 1; begin with `##`)
    ! heading-skipped "#### D": a heading of level 4 follows one of level 2 (write `###`)
    ! heading-level "F\n===": a heading of level 1 stands in the text (the title in the front matter is the document's level 1; begin with `##`)
    "#####);
    assert!(!read("## A\n### B\n#### C\n## D\n").contains('!'));
}

#[test]
fn a_heading_has_words() {
    insta::assert_snapshot!(read("##\n\n## {#x}\n\n## <!-- a -->\n\n## ![A plan](a.png)\n"), @r###"
    (h2 #section)
    (h2 #x)
    (h2 #section-2)
    (h2 #a-plan (img content/policies/a.png "A plan"))
    ! empty-heading "##": the heading has no words (write its words, or remove the `#`)
    ! empty-heading "## {#x}": the heading has no words (write its words, or remove the `#`)
    ! empty-heading "## <!-- a -->": the heading has no words (write its words, or remove the `#`)
    "###);
}

#[test]
fn a_heading_in_a_container_begins_no_section() {
    insta::assert_snapshot!(read("> ## A {classification=confidential}\n\n- ## B\n"), @r###"
    (quote
      (p "A"))
    (ul
      (li
        (p "B")))
    ! heading-level "## A {classification=confidential}": a heading stands in a list, quotation or note (a heading begins a section: put it at the left margin)
    ! heading-level "## B": a heading stands in a list, quotation or note (a heading begins a section: put it at the left margin)
    "###);
}
