use super::read_as;
use crate::read::markdown::Kind;

#[test]
fn prose_has_paragraphs_lists_and_references() {
    insta::assert_snapshot!(read_as(Kind::Prose, "Clouds are used under [[POL-014]].\n\n- {{ org.short_name }}\n\n| a |\n|---|\n| b |\n"), @r#"
    (p "Clouds are used under " (a [[POL-014]]) ".")
    (ul
      (li
        (p "Tarnwick")))
    (table [None] | "a"
      (row | "b"))
    "#);
}

#[test]
fn prose_has_no_headings_images_or_footnotes() {
    insta::assert_snapshot!(read_as(Kind::Prose, "# A\n\n## B {#c satisfies=x}\n\nD\n---\n\n![e *f*](g.png) h[^1] i[^2]\n\n[^1]: note\n"), @r###"
    (p "A")
    (p "B")
    (p "D")
    (p "e " (em "f") " h" "[^1]" " i[^2]")
    (p "note")
    ! invalid-value "# A": a heading stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    ! invalid-value "## B {#c satisfies=x}": a heading stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    ! invalid-value "x": `x` is not a control (a claim names a framework and a control, and commas without spaces separate several: `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`)
    ! invalid-value "D\n---": a heading stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    ! invalid-value "![e *f*](g.png)": an image stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    ! invalid-value "[^1]": a footnote stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    ! invalid-value "[^2]": a footnote stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    ! invalid-value "[^1]": a footnote stands in the prose of a register or statement (prose has paragraphs, lists, tables and references; put the rest into a document and refer to it)
    "###);
}
