use super::{read, spans};

#[test]
fn paragraphs_breaks_and_marks() {
    insta::assert_snapshot!(read("One *two **three*** ~~four~~ `five`\nsix  \nseven\\\neight\n\n---\n"), @r#"
    (p "One " (em "two " (strong "three")) " " (del "four") " " (` "five") ~ "six" / "seven" / "eight")
    (hr)
    "#);
}

#[test]
fn lists_are_tight_or_loose_and_nest() {
    insta::assert_snapshot!(read("- a\n- b\n  1. c\n  2. d\n-\n\n7) e\n\n   f\n8) g\n"), @r#"
    (ul
      (li
        (p "a"))
      (li
        (p "b")
        (ol 1
          (li
            (p "c"))
          (li
            (p "d"))))
      (li))
    (ol 7 loose
      (li
        (p "e")
        (p "f"))
      (li
        (p "g")))
    "#);
}

#[test]
fn task_lists_tight_and_loose() {
    insta::assert_snapshot!(read("- [ ] a\n- [x] *b*\n- c\n\n+ [X] d\n\n+ [ ]\n"), @r#"
    (ul
      (li [ ]
        (p "a"))
      (li [x]
        (p (em "b")))
      (li
        (p "c")))
    (ul loose
      (li [x]
        (p "d"))
      (li [ ]))
    "#);
}

#[test]
fn a_comment_in_a_tight_list_parts_its_words() {
    insta::assert_snapshot!(read("- a\n  <!-- x -->\n  b\n"), @r#"
    (ul
      (li
        (p "a")
        (p "b")))
    "#);
}

#[test]
fn quotations_and_alerts() {
    insta::assert_snapshot!(read("> a\n> - b\n>\n> > c\n\n> [!NOTE]\n> d\n\n> [!caution]\n"), @r#"
    (quote
      (p "a")
      (ul
        (li
          (p "b")))
      (quote
        (p "c")))
    (note
      (p "d"))
    (caution)
    "#);
}

#[test]
fn an_alert_that_is_none_is_said_so() {
    insta::assert_snapshot!(read("> [!WARN]\n> a\n\n> [!NOTE] Title\n> b\n\n> [!1]\n"), @r#"
    (quote
      (p "[!WARN]" ~ "a"))
    (quote
      (p "[!NOTE] Title" ~ "b"))
    (quote
      (p "[!1]"))
    ! unknown-value "> [!WARN]": there is no alert `[!WARN]` (the alerts are NOTE, TIP, IMPORTANT, WARNING, CAUTION)
    ! unknown-value "> [!NOTE] Title": `[!NOTE]` does not stand alone on its line
    "#);
}

#[test]
fn code_keeps_its_text_and_names_its_language() {
    insta::assert_snapshot!(read("```rust,ignore\nlet x = \"[[POL-004]] {{ org.name }} <b>\";\n```\n\n    indented\n\n~~~\n~~~\n\n> ```yaml title=x\n> a"), @r#"
    (code "rust" "let x = \"[[POL-004]] {{ org.name }} <b>\";\n")
    (code "" "indented\n")
    (code "" "")
    (quote
      (code "yaml" "a\n"))
    "#);
}

#[test]
fn tables_have_as_many_cells_as_columns() {
    insta::assert_snapshot!(read("| a | b | c |\n|:--|:-:|--:|\n| 1 | *2* |\n|\\||`x\\|y`| 3 |\n"), @r#"
    (table [Left, Center, Right] | "a" | "b" | "c"
      (row | "1" | (em "2") |)
      (row | "|" | (` "x|y") | "3"))
    "#);
}

#[test]
fn a_table_in_a_list_in_a_quotation() {
    insta::assert_snapshot!(read("> - a\n>\n>   | b |\n>   |---|\n>   | c |\n"), @r#"
    (quote
      (ul loose
        (li
          (p "a")
          (table [None] | "b"
            (row | "c")))))
    "#);
}

#[test]
fn definition_lists() {
    insta::assert_snapshot!(read("Term\n: One\n: Two\n\n  more\n\nOther *term*\n: Three\n\nAfter.\n\nLast\n: - a\n  - b"), @r#"
    (dl
      (dt "Term")
      (dd
        (p "One"))
      (dd
        (p "Two")
        (p "more"))
      (dt "Other " (em "term"))
      (dd
        (p "Three")))
    (p "After.")
    (dl
      (dt "Last")
      (dd
        (ul
          (li
            (p "a"))
          (li
            (p "b")))))
    "#);
}

#[test]
fn footnotes_are_numbered_as_they_are_first_referred_to() {
    insta::assert_snapshot!(read("a[^z] b[^Y] c[^z]\n\n[^y]: Second, see[^w].\n[^z]: First\n\n    more\n\n[^w]: Third[^z]\n"), @r#"
    (p "a" ^0 " b" ^1 " c" ^0)
    (note 0 "z"
      (p "First")
      (p "more"))
    (note 1 "y"
      (p "Second, see" ^2 "."))
    (note 2 "w"
      (p "Third" ^0))
    "#);
}

#[test]
fn footnotes_missing_unused_and_written_twice() {
    insta::assert_snapshot!(read("a[^1] b[^2] \\[^3] `[^4]` [^not one]\n\n[^1]: one\n\n[^1]: two\n\n[^5]: five\n"), @r#"
    (p "a" ^0 " b[^2] [^3] " (` "[^4]") " [^not one]")
    (note 0 "1"
      (p "one"))
    ! missing-footnote "[^2]": the footnote `[^2]` is not written (write it in a paragraph of its own: `[^2]: …`; brackets that are no footnote are written `\[^`)
    ! unused-footnote "[^1]: two": the footnote `[^1]` is written twice
    ! unused-footnote "[^5]: five": nothing refers to the footnote `[^5]` (refer to it, or remove it)
    "#);
}

#[test]
fn a_footnote_in_a_list_belongs_to_the_text() {
    insta::assert_snapshot!(read("- a[^1]\n\n  [^1]: note\n\n  b\n"), @r#"
    (ul loose
      (li
        (p "a" ^0)
        (p "b")))
    (note 0 "1"
      (p "note"))
    "#);
}

#[test]
fn an_empty_text_is_an_empty_body() {
    assert_eq!(read(""), "");
    assert_eq!(read("\n \n\t\n"), "");
    assert_eq!(read("[a]: b.md\n"), "");
}

#[test]
fn blocks_span_what_they_hold_and_no_more() {
    insta::assert_snapshot!(spans("## A *b*\n\nOne\ntwo\n\n> - a\n>\n> - b\n>\n>   c\n>\n> d\n\nT\n: dd\n\nafter\n\n| a |\n|---|\n| b |\n\n```\nx\n```\n\n***\n\nSet\n---\n\na[^1]\n\n[^1]: n\n\n    m\n\n"), @r###"
    h2: "## A *b*"
    "A ": "A "
    (em "b"): "*b*"
    "b": "b"
    p: "One\ntwo"
    "One": "One"
    ~: "\n"
    "two": "two"
    quote: "> - a\n>\n> - b\n>\n>   c\n>\n> d"
    ul: "- a\n>\n> - b\n>\n>   c"
    li: "- a"
    p: "a"
    "a": "a"
    li: "- b\n>\n>   c"
    p: "b"
    "b": "b"
    p: "c"
    "c": "c"
    p: "d"
    "d": "d"
    dl: "T\n: dd"
    "T": "T"
    p: "dd"
    "dd": "dd"
    p: "after"
    "after": "after"
    table: "| a |\n|---|\n| b |"
    "a": "a"
    "b": "b"
    code: "```\nx\n```"
    hr: "***"
    h2: "Set\n---"
    "Set": "Set"
    p: "a[^1]"
    "a": "a"
    ^0: "[^1]"
    note 1: "[^1]: n\n\n    m"
    p: "n"
    "n": "n"
    p: "m"
    "m": "m"
    "###);
}
