use proptest::prelude::*;

use super::bytes::{self, Refused};
use super::*;

fn edits(list: &[(usize, usize, &str)]) -> Vec<Edit> {
    list.iter().map(|(start, end, text)| Edit { start: *start, end: *end, text: (*text).into() }).collect()
}

fn applied(raw: &str, text: &str, list: &[(usize, usize, &str)]) -> Result<String, Refused> {
    bytes::apply(raw.as_bytes(), text, &edits(list)).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn an_edit_finds_its_place_behind_a_mark_and_line_ends_of_two_bytes() {
    let raw = "\u{feff}a: 1\r\nb: é # note\r\nc: 3\r\n";
    assert_eq!(applied(raw, "a: 1\nb: é # note\nc: 3\n", &[(8, 10, "x"), (21, 22, "5")]).unwrap(), raw.replace('é', "x").replace('3', "5"));
}

#[test]
fn a_line_end_is_kept_or_replaced_whole() {
    let (raw, text) = ("a\r\nb\r\n", "a\nb\n");
    assert_eq!(applied(raw, text, &[(1, 2, "")]).unwrap(), "ab\r\n");
    assert_eq!(applied(raw, text, &[(1, 1, "x")]).unwrap(), "ax\r\nb\r\n");
    assert_eq!(applied(raw, text, &[(2, 2, "x")]).unwrap(), "a\r\nxb\r\n");
}

#[test]
fn new_lines_end_as_the_files_lines_do() {
    assert_eq!(applied("a\r\nb\r\n", "a\nb\n", &[(2, 2, "x\ny\n")]).unwrap(), "a\r\nx\r\ny\r\nb\r\n");
    assert_eq!(applied("a\rb\r", "a\nb\n", &[(2, 2, "x\n")]).unwrap(), "a\rx\rb\r");
    assert_eq!(applied("a\nb\nc\r\n", "a\nb\nc\n", &[(2, 2, "x\n")]).unwrap(), "a\nx\nb\nc\r\n");
    assert_eq!(applied("a", "a", &[(1, 1, "\n")]).unwrap(), "a\n");
}

#[test]
fn what_is_not_as_it_was_read_is_refused() {
    for raw in ["a: 2\n", "a: 1\nb\n", "a: 1", "", "a: 1\r\r\n"] {
        assert_eq!(applied(raw, "a: 1\n", &[(0, 1, "b")]), Err(Refused::Changed), "{raw:?}");
    }
    assert_eq!(bytes::apply(b"a\xff", "a\u{fffd}", &edits(&[(0, 1, "b")])), Err(Refused::NotUtf8));
    assert_eq!(applied("a: 1\r\n", "a: 1\n", &[(0, 1, "b")]).unwrap(), "b: 1\r\n", "line ends are read alike");
}

#[test]
fn edits_that_meet_or_name_no_place_are_refused() {
    for list in [&[(0, 2, ""), (1, 3, "")][..], &[(0, 3, ""), (1, 2, "")], &[(1, 1, "x"), (1, 1, "y")], &[(1, 1, "x"), (1, 2, "y")]] {
        assert_eq!(applied("abcd", "abcd", list), Err(Refused::Overlap), "{list:?}");
    }
    for list in [&[(3, 9, "")][..], &[(9, 9, "")], &[(2, 1, "")]] {
        assert_eq!(applied("abcd", "abcd", list), Err(Refused::Misplaced), "{list:?}");
    }
    assert_eq!(applied("é", "é", &[(1, 2, "")]), Err(Refused::Misplaced), "within a character");
    assert_eq!(applied("abcd", "abcd", &[(0, 1, "x"), (1, 2, "y"), (3, 3, "z")]).unwrap(), "xycz".to_owned() + "d");
}

#[test]
fn the_same_edit_counts_once_and_parts_can_be_taken_out() {
    let sources = Sources::from_texts(&[("content/a.md", "one two three\n")]);
    let file = sources.find("content/a.md").unwrap();
    let mut edits = Edits::default();
    for _ in 0..2 {
        edits.replace(Span::new(file, 4..7), "2");
    }
    edits.replace(Span::new(file, 0..3), "1");
    assert_eq!(edits.within(&sources, file, 4..13), "2 three");
    assert_eq!(edits.applied(&sources).unwrap().file(file).text(), "1 2 three\n");
    edits.forget(file, 4..13);
    assert_eq!(edits.applied(&sources).unwrap().file(file).text(), "1 two three\n");
}

#[test]
fn a_preview_has_whole_lines_and_only_those_that_change() {
    let sources = Sources::from_texts(&[("a.md", "one\ntwo\nthree four\nfive\n")]);
    let file = sources.find("a.md").unwrap();
    let mut edits = Edits::default();
    edits.replace(Span::new(file, 0..4), "");
    edits.replace(Span::new(file, 7..7), "\nand a half");
    edits.replace(Span::new(file, 8..13), "3");
    edits.replace(Span::new(file, 14..18), "4");
    edits.add("b.md", "new\nfile\n", file);
    let shown: Vec<String> = edits.hunks(&sources).iter().map(|h| format!("{}:{} {:?} {:?}", h.path, h.line, h.old, h.new)).collect();
    assert_eq!(
        shown,
        [r#"a.md:1 ["one"] []"#, r#"a.md:3 [] ["and a half"]"#, r#"a.md:3 ["three four"] ["3 4"]"#, r#"b.md:1 [] ["new", "file"]"#,]
    );
}

/// Pieces of a file as on disk, none of which joins with the next one to something else.
fn pieces() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![Just("\r\n"), Just("\r"), Just("\n"), Just("a"), Just("# é"), Just("日本"), Just("\t: "), Just("\u{301}")];
    prop::collection::vec(piece, 0..40).prop_map(|list| {
        let mut pieces: Vec<String> = Vec::new();
        for piece in list {
            match pieces.last_mut() {
                Some(last) if last == "\r" && piece == "\n" => last.push('\n'),
                _ => pieces.push(piece.into()),
            }
        }
        pieces
    })
}

fn read(piece: &str) -> &str {
    if piece.starts_with('\r') { "\n" } else { piece }
}

proptest! {
    #[test]
    fn all_bytes_that_no_edit_names_stay_as_they_were(
        pieces in pieces(),
        marked: bool,
        chosen in prop::collection::vec(prop_oneof![3 => Just(None), 1 => "[a-zé ]{0,5}".prop_map(Some)], 41),
    ) {
        let mark = if marked { "\u{feff}" } else { "" };
        let raw = mark.to_owned() + &pieces.concat();
        let (source, _) = crate::base::source::taken("content/a.md", raw.as_bytes());
        let (mut edits, mut expected, mut at) = (Vec::new(), mark.to_owned(), 0);
        for (piece, replacement) in pieces.iter().zip(&chosen) {
            let end = at + read(piece).len();
            match replacement {
                Some(text) => {
                    edits.push(Edit { start: at, end, text: text.clone() });
                    expected.push_str(text);
                }
                None => expected.push_str(piece),
            }
            at = end;
        }
        prop_assert_eq!(source.text().len(), at);
        let after = bytes::apply(raw.as_bytes(), source.text(), &edits);
        prop_assert_eq!(after.map(|bytes| String::from_utf8(bytes).unwrap()), Ok(expected));
    }
}
