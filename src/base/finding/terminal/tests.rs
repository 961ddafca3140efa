use super::*;
use crate::base::rule;
use crate::base::source::FileId;
use crate::base::word::Phrase;

fn show(text: &str, make: impl FnOnce(FileId) -> Finding) -> String {
    let sources = Sources::from_texts(&[("content/a.md", text)]);
    let finding = make(sources.find("content/a.md").unwrap());
    render(&[finding], &sources, &Language::default(), Options::default())
}

fn find(text: &str, words: &str) -> impl Fn(FileId) -> Span {
    let start = text.find(words).unwrap();
    let end = start + words.len();
    move |file| Span::new(file, start..end)
}

#[test]
fn a_finding_underlines_its_place_and_says_what_to_do() {
    let text = "---\nid: POL-004\nonwer: ciso\n---\n";
    let at = find(text, "onwer");
    insta::assert_snapshot!(
        show(text, |file| Finding::new(&rule::UNKNOWN_KEY, at(file), "`onwer` is not a key of a document")
            .label("unknown key")
            .help("did you mean `owner`?")
            .help("the keys of a document are listed in docs/formats.md")),
        @r#"
        error[unknown-key]: `onwer` is not a key of a document
         --> content/a.md:3:1
          |
        3 | onwer: ciso
          | ^^^^^ unknown key
          |
          = help: did you mean `owner`?
          = help: the keys of a document are listed in docs/formats.md

        1 error
        "#
    );
}

#[test]
fn findings_of_files_and_of_the_project_have_no_line() {
    let sources = Sources::default();
    let findings = [
        Finding::new(&rule::EMPTY_FILE, Place::File("content/a.md".into()), "`content/a.md` is empty").help("write it, or remove the file"),
        Finding::new(&rule::PROJECT_MISSING, Place::Project, "there is no annexa.yaml").help("run `annexa init`"),
        Finding::new(&rule::CARRIAGE_RETURN, Place::File("content/b.md".into()), "`content/b.md` has 3 line ends of CR LF"),
    ];
    insta::assert_snapshot!(render(&findings, &sources, &Language::default(), Options::default()), @r#"
    error[empty-file]: `content/a.md` is empty
    --> content/a.md
     = help: write it, or remove the file

    error[project-missing]: there is no annexa.yaml
     |
     = help: run `annexa init`

    note[carriage-return]: `content/b.md` has 3 line ends of CR LF
    --> content/b.md

    2 errors, 1 note
    "#);
}

#[test]
fn related_places_are_shown_near_far_and_in_other_files() {
    let far = "\n".repeat(5000);
    let sources = Sources::from_texts(&[
        ("content/a.md", &format!("id: POL-001\nx: 1\ny: 2\nid: POL-001\n{far}id: POL-001\n")),
        ("content/b.md", "id: POL-001\n"),
    ]);
    let (a, b) = (sources.find("content/a.md").unwrap(), sources.find("content/b.md").unwrap());
    let last = sources.file(a).text().len() - 12;
    let finding = Finding::new(&rule::DUPLICATE_ID, Span::new(a, 26..33), "`POL-001` is used four times")
        .label("again here")
        .related(Span::new(a, 4..11), "first used here")
        .related(Span::new(a, last + 4..last + 11), "and here")
        .related(Span::new(b, 4..11), "and here");
    insta::assert_snapshot!(render(&[finding], &sources, &Language::default(), Options::default()), @r#"
    error[duplicate-id]: `POL-001` is used four times
        --> content/a.md:4:5
         |
       1 | id: POL-001
         |     ------- first used here
    ...
       4 | id: POL-001
         |     ^^^^^^^ again here
         |
        ::: content/a.md:5005:5
         |
    5005 | id: POL-001
         |     ------- and here
         |
        ::: content/b.md:1:5
         |
       1 | id: POL-001
         |     ------- and here

    1 error
    "#);
}

#[test]
fn many_related_places_are_counted() {
    let text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(20);
    let shown = show(&text, |file| {
        let finding = Finding::new(&rule::DUPLICATE_ID, Span::new(file, 0..1), "twenty");
        (0..20).fold(finding, |finding, n| finding.related(Span::new(file, n * 33..n * 33 + 2), "here"))
    });
    assert!(shown.contains("= note: and 12 more places"), "{shown}");
}

#[test]
fn a_span_over_several_lines_leaves_out_the_line_end_at_its_end() {
    let text = "one\ntwo\nthree\nfour\n\nfive\n";
    insta::assert_snapshot!(show(text, |file| Finding::new(&rule::RAW_HTML, Span::new(file, 4..20), "several lines").label("here")), @r#"
    warning[raw-html]: several lines
     --> content/a.md:2:1
      |
    2 | / two
    3 | | three
    4 | | four
      | |____^ here

    1 warning
    "#);
    insta::assert_snapshot!(show(text, |file| Finding::new(&rule::RAW_HTML, Span::new(file, 4..8), "one line").label("here")), @r#"
    warning[raw-html]: one line
     --> content/a.md:2:1
      |
    2 | two
      | ^^^ here

    1 warning
    "#);
}

#[test]
fn a_span_over_very_many_lines_is_marked_on_its_first() {
    let text = "line\n".repeat(10_000);
    insta::assert_snapshot!(show(&text, |file| Finding::new(&rule::RAW_HTML, Span::new(file, 5..50_000), "all of it")), @r#"
    warning[raw-html]: all of it
     --> content/a.md:2:1
      |
    2 | line
      | ^^^^ (on to line 10000)

    1 warning
    "#);
}

#[test]
fn a_place_at_the_end_of_a_file_is_shown() {
    for text in ["", "\n", "a", "a\n", "a\n\n"] {
        let end = text.len();
        let shown = show(text, |file| Finding::new(&rule::FRONT_MATTER_UNCLOSED, Span::new(file, end..end), "unclosed").label("here"));
        assert!(shown.contains("^ here"), "{text:?}\n{shown}");
    }
}

#[test]
fn a_line_of_a_megabyte_is_shown_around_the_place_with_its_true_column() {
    let text = format!("short\n{}WRONG{}", "é ".repeat(200_000), "b ".repeat(300_000));
    let at = find(&text, "WRONG");
    insta::assert_snapshot!(
        show(&text, |file| Finding::new(&rule::UNKNOWN_VALUE, at(file), "content/a.md:2:83 is not it").label("this").related(Span::new(file, 6..8), "begins here")),
        @r#"
        error[unknown-value]: content/a.md:2:83 is not it
         --> content/a.md:2:400001
          |
        2 | …é é é é é é é é é é é é é é é é é é é é é é é é é é é WRONGb b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b b...
          |                                                        ^^^^^ this
          |
          = note: content/a.md:2:1: begins here

        1 error
        "#
    );
}

#[test]
fn a_mark_of_a_megabyte_is_cut_too() {
    let text = "x".repeat(1 << 20);
    let shown = show(&text, |file| {
        Finding::new(&rule::UNKNOWN_VALUE, Span::new(file, 0..1 << 20), Phrase::text("y".repeat(1 << 20)))
            .label(Phrase::text("z".repeat(1 << 20)))
    });
    assert!(shown.len() < 12_000, "{}", shown.len());
}

#[test]
fn tabs_and_wide_characters_keep_the_underline_in_place() {
    let text = "\tkey:\t日本語 wrong\n";
    let at = find(text, "wrong");
    insta::assert_snapshot!(show(text, |file| Finding::new(&rule::UNKNOWN_VALUE, at(file), "no such value").label("here")), @r#"
    error[unknown-value]: no such value
     --> content/a.md:1:11
      |
    1 |     key:    日本語 wrong
      |                    ^^^^^ here

    1 error
    "#);
}

#[test]
fn nothing_in_a_manual_reaches_the_terminal_as_a_command() {
    let evil = "\u{1b}[2J\u{9b}31m\u{7}\u{202e}\u{2066}\u{200f}\0\u{7f}\r\u{2028}";
    let sources = Sources::from_texts(&[(&format!("content/{evil}.md"), &format!("a {evil} b\n{evil}"))]);
    let file = sources.iter().next().unwrap().0;
    let evil_finding = |place: Place| {
        let span = Span::new(file, 2..6);
        Finding::new(&rule::UNKNOWN_VALUE, place, evil).label(evil).help(evil).related(span, evil).related(Span::new(file, 40..41), evil)
    };
    let places =
        [Place::Project, Place::File(evil.into()), Place::Span(Span::new(file, 2..20)), Place::Span(Span::new(file, 0..usize::MAX))];
    let shown = render(&places.map(evil_finding), &sources, &Language::default(), Options::default());
    let obeyed: Vec<char> = shown.chars().filter(|c| *c != '\n' && crate::base::source::path::is_hidden_control(*c)).collect();
    assert!(obeyed.is_empty(), "{obeyed:?} in {shown}");
}

#[test]
fn right_to_left_text_is_shown_as_written() {
    let text = "title: מדיניות אבטחה wrong\n";
    let at = find(text, "wrong");
    let shown = show(text, |file| Finding::new(&rule::UNKNOWN_VALUE, at(file), "no such value"));
    assert!(shown.contains("1 | title: מדיניות אבטחה wrong\n"), "{shown}");
}

#[test]
fn colours_come_only_when_asked_for() {
    let sources = Sources::from_texts(&[("a.md", "x")]);
    let findings = [Finding::new(&rule::UNKNOWN_VALUE, Span::new(FileId(0), 0..1), "m")];
    assert!(!render(&findings, &sources, &Language::default(), Options::default()).contains('\u{1b}'));
    assert!(render(&findings, &sources, &Language::default(), Options { colour: true, ..Options::default() }).contains('\u{1b}'));
}

#[test]
fn ten_thousand_findings_in_one_large_file_take_no_rescan_each() {
    let text = "key: value and more of it\n".repeat(40_000);
    let sources = Sources::from_texts(&[("a.md", &text)]);
    let findings: Vec<_> =
        (0..10_000).map(|n| Finding::new(&rule::UNKNOWN_KEY, Span::new(FileId(0), n * 104..n * 104 + 3), "no")).collect();
    let shown = render(&findings, &sources, &Language::default(), Options::default());
    assert!(shown.ends_with("10000 errors\n"));
}

mod any {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_spans_are_shown_without_a_panic(
            text in "(\\PC{0,12}|\n|\t|\u{1b}|\r|日|\u{200d}|\u{301}|x{500}){0,14}",
            spans in proptest::collection::vec((0usize..900, 0usize..900), 1..6),
            width in 0usize..200,
        ) {
            let sources = Sources::from_texts(&[("a.md", &text)]);
            let span = |(a, b): (usize, usize)| Span::new(FileId(0), a..b);
            let main = Finding::new(&rule::UNKNOWN_KEY, span(spans[0]), "m").label("l");
            let finding = spans[1..].iter().fold(main, |finding, ends| finding.related(span(*ends), "r"));
            render(&[finding], &sources, &Language::default(), Options { width, ..Options::default() });
        }
    }
}
