use super::{read, spans};

#[test]
fn wikilinks_name_documents_rows_roles_and_controls() {
    insta::assert_snapshot!(read("[[POL-004]] [[POL-004#leavers]] [[iso27001:A.5.18]] [[iso27017@2015:CLD.6.3.1]] [[RSK-012]] [[ciso]] [[gdpr:Art. 32(1)(b)]]\n"), @r#"(p (a [[POL-004]]) " " (a [[POL-004#leavers]]) " " (a [[iso27001:A.5.18]]) " " (a [[iso27017@2015:CLD.6.3.1]]) " " (a [[RSK-012]]) " " (a [[ciso]]) " " (a [[gdpr:32(1)(b)]]))"#);
}

#[test]
fn wikilinks_can_have_words_of_their_own() {
    insta::assert_snapshot!(read("[[POL-004|other *words*]] [[POL-004|]] [[ POL-004 | a ]] [[ciso|{{ org.short_name }}]] *[[POL-004]]*\n[[POL-004|two\nlines]]\n"), @r#"(p (a [[POL-004]] "other " (em "words")) " " (a [[POL-004]]) " " (a [[POL-004]] " a ") " " (a [[ciso]] "Tarnwick") " " (em (a [[POL-004]])) ~ (a [[POL-004]] "two" ~ "lines"))"#);
}

#[test]
fn wikilinks_in_tables_escape_the_pipe() {
    insta::assert_snapshot!(read("| a |\n|---|\n| [[POL-004\\|words]] and [[ciso]] |\n\n[[POL-004\\|words]]\n"), @r#"
    (table [None] | "a"
      (row | (a [[POL-004]] "words") " and " (a [[ciso]])))
    (p (a [[POL-004]] "words"))
    "#);
}

#[test]
fn a_bare_pipe_in_a_table_is_found() {
    insta::assert_snapshot!(read("| a | b |\n|---|---|\n| [[POL-004|words]] | x |\n| y | see [[POL-005|w]] |\n"), @r#"
    (table [None, None] | "a" | "b"
      (row | "[[POL-004" | "words]]")
      (row | "y" | "see [[POL-005"))
    ! pipe-in-table "[[POL-004|words]]": a bare pipe splits a reference in a table cell (in a table, write `\|` for a pipe that does not end the cell)
    ! pipe-in-table "[[POL-005|w]]": a bare pipe splits a reference in a table cell (in a table, write `\|` for a pipe that does not end the cell)
    "#);
    insta::assert_snapshot!(read("| a | [[POL-004|words]] |\n|---|---|\n| 1 | 2 |\n"), @r#"
    (p "| a | " (a [[POL-004]] "words") " |" ~ "|---|---|" ~ "| 1 | 2 |")
    ! pipe-in-table "[[POL-004|words]]": a bare pipe in a reference keeps this from being a table (in a table, write `\|` for a pipe that does not end the cell)
    "#);
}

#[test]
fn what_a_row_has_too_many_of_is_not_lost_in_silence() {
    insta::assert_snapshot!(read("| a | b |\n|---|---|\n| 1 | 2 | 3 | *4* |\n| 1 | 2 | |\n"), @r#"
    (table [None, None] | "a" | "b"
      (row | "1" | "2")
      (row | "1" | "2"))
    ! pipe-in-table "3 | *4*": the row has more cells than the table's head, and `3 | *4*` is left out (in a table, write `\|` for a pipe that does not end the cell)
    "#);
}

#[test]
fn what_is_no_reference_says_so() {
    insta::assert_snapshot!(read("[[POL 004]] [[Pol-4]] [[]] [[ ]] [[a b|words]] [[../x.md]] [[POL-004] ![[POL-004]]\n"), @r#"
    (p "POL 004" " " "Pol-4" " [[]] " " " " " "words" " " "../x.md" " [[POL-004] " "POL-004")
    ! unresolved-reference "[[POL 004]]": `POL 004` is not a reference (did you mean `[[POL-004]]`?)
    ! unresolved-reference "[[Pol-4]]": `Pol-4` is not a reference (did you mean `[[POL-4]]`?)
    ! unresolved-reference "[[": `[[` begins no reference (a reference is closed by `]]`; for the brackets themselves write `\[[`)
    ! unresolved-reference "[[ ]]": the reference is empty (a reference is `[[POL-004]]`, `[[POL-004#leavers]]`, `[[iso27001:A.5.18]]`, `[[ciso]]`, or any of them with `|other words`)
    ! unresolved-reference "[[a b|words]]": `a b` is not a reference (a reference is `[[POL-004]]`, `[[POL-004#leavers]]`, `[[iso27001:A.5.18]]`, `[[ciso]]`, or any of them with `|other words`)
    ! unresolved-reference "[[../x.md]]": `../x.md` is not a reference (a reference is `[[POL-004]]`, `[[POL-004#leavers]]`, `[[iso27001:A.5.18]]`, `[[ciso]]`, or any of them with `|other words`)
    ! unresolved-reference "[[": `[[` begins no reference (a reference is closed by `]]`; for the brackets themselves write `\[[`)
    ! image-missing "![[POL-004]]": `![[…]]` is not an image (write `![what the image shows](../assets/name.svg)`, or without `!` for a reference)
    "#);
}

#[test]
fn code_and_escapes_hold_no_references() {
    insta::assert_snapshot!(read("`[[x y]]` \\[[x y]] [\\[x y]]\n\n    [[x y]]\n"), @r#"
    (p (` "[[x y]]") " [[x y]] [[x y]]")
    (code "" "[[x y]]\n")
    "#);
}

#[test]
fn relative_links_become_paths_and_sections() {
    insta::assert_snapshot!(read("[a](../sops/sop-001.md#review) [b](pol-005.md) [c](#leavers) [d][e] <https://x.example> <a@x.example> [](pol-005.md)\n\n[e]: /content/x%20y.md \"t\"\n"), @r#"(p (a content/sops/sop-001.md#review "a") " " (a content/policies/pol-005.md "b") " " (a #leavers "c") " " (a content/x y.md "d") " " (a <https://x.example> "https://x.example") " " (a <mailto:a@x.example> "a@x.example") " " (a content/policies/pol-005.md))"#);
}

#[test]
fn links_that_lead_nowhere_keep_their_words() {
    insta::assert_snapshot!(read("[a](../../../x.md) [b]() [c](POL-004) [d](iso27001:A.5.18) [e][nothing] [f]\n"), @r#"
    (p "a" " " "b" " " "c" " " "d" " [e][nothing] [f]")
    ! unresolved-reference "[a](../../../x.md)": `../../../x.md` leads out of the project
    ! unresolved-reference "[b]()": the link leads nowhere
    ! unresolved-reference "[c](POL-004)": `POL-004` is a reference, not a path (write `[[POL-004|words]]`)
    ! unsafe-link "[d](iso27001:A.5.18)": the scheme `iso27001:` may not be published (link with `https:`, `http:` or `mailto:`, or to a file of the project)
    ! unresolved-reference "[e][nothing]": no link is defined as `[nothing]` (define it in a line of its own, `[nothing]: path-or-address`, or write `\[` for a bracket)
    "#);
}

#[test]
fn schemes_that_may_not_be_published_keep_their_words() {
    insta::assert_snapshot!(read("[a *b*](JavaScript:alert(1)) [c](<java&#10;script:x>) [d](data:text/html,x) <vbscript:x> [e](file:///x) [f](//x.example) [g](https:x) ![h](data:image/png,x)\n"), @r#"
    (p "a " (em "b") " " "c" " " "d" " " "vbscript:x" " " "e" " " "f" " " "g" " " "h")
    ! unsafe-link "[a *b*](JavaScript:alert(1))": the scheme `javascript:` may not be published (link with `https:`, `http:` or `mailto:`, or to a file of the project)
    ! unsafe-link "[c](<java&#10;script:x>)": the scheme `javascript:` may not be published (link with `https:`, `http:` or `mailto:`, or to a file of the project)
    ! unsafe-link "[d](data:text/html,x)": the scheme `data:` may not be published (link with `https:`, `http:` or `mailto:`, or to a file of the project)
    ! unsafe-link "<vbscript:x>": the scheme `vbscript:` may not be published (link with `https:`, `http:` or `mailto:`, or to a file of the project)
    ! unsafe-link "[e](file:///x)": the scheme `file:` may not be published (link with `https:`, `http:` or `mailto:`, or to a file of the project)
    ! unsafe-link "[f](//x.example)": the link names a host without a scheme (begin it with `https://`)
    ! unsafe-link "[g](https:x)": `https:x` is not an address (an address has a host or a mailbox after its scheme, and no white space or control characters)
    ! unsafe-link "![h](data:image/png,x)": the scheme `data:` may not be published (put the image into the project, in `content/assets/`, and name it by a relative path)
    "#);
}

#[test]
fn values_are_inserted_into_addresses() {
    insta::assert_snapshot!(read("[a]({{org.website}}/b) [c](<{{ org.website }}>) [d](x/{{org.nam}})\n"), @r#"
    (p (a <https://www.tarnwick.example/b> "a") " " (a <https://www.tarnwick.example> "c") " " (a content/policies/x/{{org.nam}} "d"))
    ! unknown-insertion "[d](x/{{org.nam}})": annexa.yaml has no value `org.nam` (did you mean `{{ org.name }}`?)
    "#);
}

#[test]
fn bare_addresses_are_links_also_in_inserted_values() {
    insta::assert_snapshot!(read("See {{ org.website }}/x, \\<a@b.example> a\\@b.example `c@d.example` **www.e.example**.\n"), @r#"
    (p "See " (a <https://www.tarnwick.example/x> "https://www.tarnwick.example/x") ", <" (a <mailto:a@b.example> "a@b.example") "> a@b.example " (` "c@d.example") " " (strong (a <http://www.e.example> "www.e.example")) ".")
    "#);
}

#[test]
fn a_link_in_a_link_gives_way() {
    insta::assert_snapshot!(read("[a <https://b.example> c](d.md) [e [[POL-004]] f](g.md) [![alt](a.png)](https://x.example)\n"), @r#"
    (p (a content/policies/d.md "a " "https://b.example" " c") " [e " (a [[POL-004]]) " f](g.md) " (a <https://x.example> (img content/policies/a.png "alt")))
    ! unresolved-reference "](": `](` ends no link (an address with spaces stands between `<` and `>`, and a link holds no other link; for the brackets themselves write `\]`)
    "#);
}

#[test]
fn images_are_files_of_the_project_and_have_words() {
    insta::assert_snapshot!(read("![The *scope*](../assets/scope.svg \"Scope of {{ org.short_name }}\") ![](a.png) ![b](https://x.example/a.png) ![c](../../../a.png) ![d]() ![e](#x)\n"), @r#"
    (p (img content/assets/scope.svg "The scope" "Scope of Tarnwick") " " (img content/policies/a.png "") " " "b" " " "c" " " "d" " " "e")
    ! image-without-alt "![](a.png)": the image `content/policies/a.png` has no alternative text (say between the brackets what the image shows: `![The network and its zones](…)`)
    ! image-missing "![b](https://x.example/a.png)": an image from another host is not fetched (put the image into the project, in `content/assets/`, and name it by a relative path)
    ! image-missing "![c](../../../a.png)": `../../../a.png` leads out of the project (put the image into the project, in `content/assets/`, and name it by a relative path)
    ! image-missing "![d]()": the image has no path (put the image into the project, in `content/assets/`, and name it by a relative path)
    ! image-missing "![e](#x)": `#x` names no image (put the image into the project, in `content/assets/`, and name it by a relative path)
    "#);
}

#[test]
fn inlines_have_true_spans() {
    insta::assert_snapshot!(spans("a &amp; b *c* [[POL-004|d]] [e](f.md) `g` <sub>h</sub> {{ org.name }} \\* i\nj  \nk<br>![l](m.png)\n"), @r#"
    p: "a &amp; b *c* [[POL-004|d]] [e](f.md) `g` <sub>h</sub> {{ org.name }} \\* i\nj  \nk<br>![l](m.png)"
    "a & b ": "a &amp; b "
    (em "c"): "*c*"
    "c": "c"
    " ": " "
    (a [[POL-004]] "d"): "[[POL-004|d]]"
    "d": "d"
    " ": " "
    (a content/policies/f.md "e"): "[e](f.md)"
    "e": "e"
    " ": " "
    (` "g"): "`g`"
    " ": " "
    (sub "h"): "<sub>h</sub>"
    "h": "h"
    " Tarnwick *Systems* * i": " {{ org.name }} \\* i"
    ~: "\n"
    "j": "j"
    /: "  \n"
    "k": "k"
    /: "<br>"
    (img content/policies/m.png "l"): "![l](m.png)"
    "#);
}

#[test]
fn a_link_that_is_none_does_not_pass_as_words() {
    insta::assert_snapshot!(read("[a](my plan.md) [b]\\(c) [d\\](e) [f](<my plan.md>) [[POL-004| ]]\n"), @r#"
    (p "[a](my plan.md) [b](c) [d](e) " (a content/policies/my plan.md "f") " " (a [[POL-004]]))
    ! unresolved-reference "](": `](` ends no link (an address with spaces stands between `<` and `>`, and a link holds no other link; for the brackets themselves write `\]`)
    "#);
}
