use super::read;

#[test]
fn values_are_inserted_as_text() {
    insta::assert_snapshot!(read("At {{ org.name }}, {{values.hours}} hours, {{ org.short_name }}_x_ *{{ org.name }}* [{{ org.name }}](a.md)\n\n## Of {{ org.name }}\n"), @r#"
    (p "At Tarnwick *Systems*, 72 hours, Tarnwick" (em "x") " " (em "Tarnwick *Systems*") " " (a content/policies/a.md "Tarnwick *Systems*"))
    (h2 #of-tarnwick-systems "Of Tarnwick *Systems*")
    "#);
}

#[test]
fn unknown_values_are_said_so() {
    insta::assert_snapshot!(read("{{ org.nmae }} {{ x }} {{}} {{ open\n}} {{ *a* }}\n"), @r#"
    (p "{{ org.nmae }} {{ x }} {{}} {{ open" ~ "}} {{ " (em "a") " }}")
    ! unknown-insertion "{{ org.nmae }}": annexa.yaml has no value `org.nmae` (did you mean `{{ org.name }}`?)
    ! unknown-insertion "{{ x }}": annexa.yaml has no value `x` (for the braces themselves write `\{{`)
    ! unknown-insertion "{{}}": `{{ }}` names no value (for the braces themselves write `\{{`)
    ! unknown-insertion "{{": `{{` has no `}}` after it on its line (for the braces themselves write `\{{`)
    ! unknown-insertion "{{": `{{` has no `}}` after it on its line (for the braces themselves write `\{{`)
    "#);
}

#[test]
fn code_and_escapes_insert_nothing() {
    insta::assert_snapshot!(read("`{{ org.name }}` \\{{ org.name }} {\\{ org.name }} &#123;{ org.name }} \\\\{{ org.name }} {{ org.name \\}}\n\n```\n{{ org.name }}\n```\n"), @r#"
    (p (` "{{ org.name }}") " {{ org.name }} {{ org.name }} {{ org.name }} \\Tarnwick *Systems* {{ org.name }}")
    (code "" "{{ org.name }}\n")
    ! unknown-insertion "{{": `{{` has no `}}` after it on its line (for the braces themselves write `\{{`)
    "#);
}

#[test]
fn text_around_special_characters_is_one_piece() {
    insta::assert_snapshot!(read("a_b! [c] {d} <e & f> g&auml;h \\*i* ~j\n"), @r#"(p "a_b! [c] {d} <e & f> gäh *i* ~j")"#);
}

#[test]
fn a_few_tags_become_nodes() {
    insta::assert_snapshot!(read("H<sub>2</sub>O x<sup>*2*</sup> <kbd>Ctrl</kbd><br>a<BR/>b <!-- c --> d\n"), @r#"(p "H" (sub "2") "O x" (sup (em "2")) " " (kbd "Ctrl") / "a" / "b " " d")"#);
}

#[test]
fn tags_are_matched_in_pairs_and_have_no_attributes() {
    insta::assert_snapshot!(read("<sub>a *b</sub> c* d\n\n</sup> *<sup>e* f\n\n<sub class=\"x\">g</sub> <br id=h> <sub><sup>i</sub></sup>\n\n- <kbd>j\n  - k\n"), @r#"
    (p "a " (em "b" " c") " d")
    (p " " (em "e") " f")
    (p (sub "g") " " / " " (sup "i"))
    (ul
      (li
        (p "j")
        (ul
          (li
            (p "k")))))
    ! raw-html "<sub>": the raw HTML `<sub>` is left out (it is not closed)
    ! raw-html "</sub>": the closing tag `</sub>` is left out (nothing that it could close is open here)
    ! raw-html "</sup>": the closing tag `</sup>` is left out (nothing that it could close is open here)
    ! raw-html "<sup>": the raw HTML `<sup>` is left out (it is not closed)
    ! raw-html "<sub class=\"x\">": what the tag says besides its name in `<sub class="x">` is left out
    ! raw-html "<br id=h>": what the tag says besides its name in `<br id=h>` is left out
    ! raw-html "<sub>": the raw HTML `<sub>` is left out (it is not closed)
    ! raw-html "</sub>": the closing tag `</sub>` is left out (nothing that it could close is open here)
    ! raw-html "<kbd>": the raw HTML `<kbd>` is left out (it is not closed)
    "#);
}

#[test]
fn other_html_is_left_out_and_its_words_stay() {
    insta::assert_snapshot!(read("a <b onclick=\"x\">c</b> <script>d</script> <?php e ?>\n\n<div>\n*f*\n</div>\n\n<!-- g\n\nh -->\n\n<br>\n\n<!-- i --> j\n\n<script>\nk\n"), @r#"
    (p "a " "c" " " "d" " ")
    ! raw-html "<b onclick=\"x\">": the raw HTML `<b onclick="x">` is left out (of raw HTML only `<br>` and pairs of `<sub>`, `<sup>` and `<kbd>` are read)
    ! raw-html "</b>": the raw HTML `</b>` is left out (of raw HTML only `<br>` and pairs of `<sub>`, `<sup>` and `<kbd>` are read)
    ! raw-html "<script>": the raw HTML `<script>` is left out (of raw HTML only `<br>` and pairs of `<sub>`, `<sup>` and `<kbd>` are read)
    ! raw-html "</script>": the raw HTML `</script>` is left out (of raw HTML only `<br>` and pairs of `<sub>`, `<sup>` and `<kbd>` are read)
    ! raw-html "<?php e ?>": the raw HTML `<?php e ?>` is left out (of raw HTML only `<br>` and pairs of `<sub>`, `<sup>` and `<kbd>` are read)
    ! raw-html "<div>\n*f*\n</div>": a block of raw HTML is left out (write it as Markdown; a block of HTML ends at a blank line)
    ! raw-html "<br>": a block of raw HTML is left out (write it as Markdown; a block of HTML ends at a blank line)
    ! raw-html "<!-- i --> j": a block of raw HTML is left out (what follows a comment on its line is HTML too: put it on a line of its own)
    ! raw-html "<script>\nk": a block of raw HTML is left out (write it as Markdown; a block of HTML ends at a blank line)
    "#);
}

#[test]
fn a_comment_that_is_not_closed_hides_the_rest_and_says_so() {
    insta::assert_snapshot!(read("a\n\n<!-- b\n\n## C\n"), @r#"
    (p "a")
    ! raw-html "<!--": the comment is not closed, and all that follows is left out (close it with `-->`)
    "#);
}

#[test]
fn control_characters_are_left_out() {
    insta::assert_snapshot!(read("a\u{0}b \u{202e}c\u{202c} `d\u{7f}` &#x202e;e\u{2028}f\n\n```x\u{1b}[1m\ng\u{1b}[0m\n```\n\n## h\u{85}i {#j}\n\n[k](l\u{1}.md) ![m\u{2}](n.png \"o&#3;\")\n"), @r#"
    (p "ab c " (` "d") " ef")
    (code "x[1m" "g[0m\n")
    (h2 #j "hi")
    (p "[k](l.md) " (img content/policies/n.png "m" "o"))
    ! control-character "\0": the text holds the control character U+0000
    ! control-character "\u{202e}": the text holds the control character U+202E
    ! control-character "\u{202c}": the text holds the control character U+202C
    ! control-character "\u{7f}": the text holds the control character U+007F
    ! control-character "&#x202e;": the text holds the control character U+202E
    ! control-character "\u{2028}": the text holds the control character U+2028
    ! control-character "\u{1b}": the text holds the control character U+001B
    ! control-character "\u{1b}": the text holds the control character U+001B
    ! control-character "\u{85}": the text holds the control character U+0085
    ! unresolved-reference "](": `](` ends no link (an address with spaces stands between `<` and `>`, and a link holds no other link; for the brackets themselves write `\]`)
    ! control-character "\u{1}": the text holds the control character U+0001
    ! control-character "\u{2}": the text holds the control character U+0002
    "#);
}

#[test]
fn control_characters_come_in_by_no_other_way() {
    insta::assert_snapshot!(read("{{ odd }} [[POL-004#a\u{202e}b]] [c](d%E2%80%AE.md#%00e) [f](#g%1B)\n\n## h {satisfies=ccm:\u{202e}IAM-01 classification=in\u{202e}ternal}\n"), @r#"
    (p "odd " (a [[POL-004#ab]]) " " (a content/policies/d.md#e "c") " " (a #g "f"))
    (h2 #h <ccm:IAM-01> !internal "h")
    ! control-character "\u{202e}": the text holds the control character U+202E
    ! control-character "\u{202e}": the text holds the control character U+202E
    ! control-character "\u{202e}": the text holds the control character U+202E
    "#);
}
