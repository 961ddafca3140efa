//! The same sources, settings, date and tool give the same bytes (law 4), wherever and however they are built.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::time::{Duration, SystemTime};

use common::{Project, TODAY, annexa, assert_same, files};

/// What a build of a project holds, under an environment.
fn built(project: &Project, environment: &[(&str, &str)]) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut command = annexa(project.root());
    command.args(["build", "--no-pdf", "--today", TODAY, "--audience", "all"]).envs(environment.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    files(&project.path("dist"))
}

#[test]
fn two_builds_of_the_repositorys_manual_are_equal_byte_for_byte() {
    let one = Project::of_the_repository();
    let first = built(&one, &[("RAYON_NUM_THREADS", "1"), ("TZ", "Pacific/Kiritimati"), ("LANG", "C")]);
    assert!(first.len() > 1000);

    let other = Project::named("another folder ü", &[]);
    for (path, bytes) in files(one.root()).into_iter().filter(|(path, _)| !path.starts_with("dist/")) {
        other.write(&path, bytes);
        let touched = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        std::fs::File::options().write(true).open(other.path(&path)).unwrap().set_modified(touched).unwrap();
    }
    let second = built(
        &other,
        &[("RAYON_NUM_THREADS", "3"), ("TZ", "Pacific/Pago_Pago"), ("LANG", "de_DE.UTF-8"), ("HOME", "/nowhere"), ("COLUMNS", "40")],
    );
    assert_same(&first, &second);

    let again = built(&one, &[]);
    assert_same(&first, &again);
}

#[test]
fn the_day_is_all_that_a_later_build_differs_in() {
    let project = Project::sound();
    let first = files(&project.build(&[]));
    let second = files(&project.build(&["--today", "2027-01-01"]));
    for (path, bytes) in first {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("2026-06-01", "DAY").replace("2027-01-01", "DAY");
        if path != "manifest.json" {
            assert_eq!(text(&bytes), text(&second[&path]).replace("1 January 2027", "1 June 2026"), "{path}");
        }
    }
}

#[test]
fn line_ends_do_not_matter() {
    let project = Project::fixture("small");
    let first = files(&project.build(&[]));
    for (path, bytes) in files(&project.path("content")) {
        if let Ok(text) = String::from_utf8(bytes) {
            project.write(&format!("content/{path}"), text.replace('\n', "\r\n"));
        }
    }
    assert_same(&first, &files(&project.build(&[])));
}
