//! What a person is told of a theme file.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // a test that cannot go on fails

mod common;

use common::Project;

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"10\"><rect width=\"9\" height=\"9\"/></svg>";

/// A sound project with a theme of its own.
fn with_theme(theme: &str, files: &[(&str, &str)]) -> Project {
    let project = Project::sound();
    let settings = std::fs::read_to_string(project.path("annexa.yaml")).unwrap();
    project.write("annexa.yaml", format!("{settings}theme: house\n"));
    project.write("themes/house/theme.yaml", theme);
    for (path, text) in files {
        project.write(path, text);
    }
    project
}

#[test]
fn a_theme_with_a_logo_is_no_trouble() {
    let theme = "format: 1\ncolours: {accent: \"#8a1c3b\"}\nlogo: {file: logo.svg}\n";
    let ran = with_theme(theme, &[("themes/house/logo.svg", LOGO)]).run("check", &[]);
    assert_eq!((ran.status, ran.codes()), (Some(0), vec![]), "{}", ran.out);
}

#[test]
fn mistakes_in_a_theme_are_found_by_check_with_the_line_and_what_to_do() {
    let theme = "format: 1\ncolors: {accent: \"#8a1c3b\"}\npage: {paper: a5}\nlogo: {file: lego.svg}\n";
    let ran = with_theme(theme, &[("themes/house/logo.svg", LOGO)]).run("check", &[]);
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.codes(), ["error[unknown-key", "error[unknown-value", "error[image-missing"], "{}", ran.out);
    for words in ["themes/house/theme.yaml:2:1", "did you mean `colours`?", "did you mean `themes/house/logo.svg`?"] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
}

#[test]
fn a_logo_with_a_script_or_without_a_picture_is_refused() {
    for (text, code) in [("<svg><script>alert(1)</script></svg>", "error[unsafe-link"), ("not an image", "error[image-missing")] {
        let ran = with_theme("format: 1\nlogo: {file: logo.svg}\n", &[("themes/house/logo.svg", text)]).run("check", &[]);
        assert!(ran.codes().contains(&code), "{code} in {}", ran.out);
    }
}

#[test]
fn a_pale_accent_is_a_warning_wherever_it_stands() {
    let ran = with_theme("format: 1\ncolours: {accent: \"#ffcc00\"}\n", &[]).run("check", &[]);
    assert_eq!((ran.status, ran.codes()), (Some(0), vec!["warning[low-contrast"]), "{}", ran.out);
    let project = with_theme("format: 1\n", &[]);
    let settings = std::fs::read_to_string(project.path("annexa.yaml")).unwrap();
    project.write("annexa.yaml", format!("{settings}site: {{accent: \"#ffcc00\"}}\n"));
    let ran = project.run("check", &["--deny", "low-contrast"]);
    assert_eq!(ran.status, Some(1), "{}", ran.out);
    assert!(ran.out.contains("annexa.yaml:"), "{}", ran.out);
}
