//! The same sources give the same bytes of every PDF (law 4): in two processes, with one thread or several, wherever the project lies. That one process
//! gives them twice, and from memory, is told by the tests of `render::pdf`.
#![cfg(feature = "pdf")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use common::{Project, TODAY, annexa};

/// The bytes of a PDF, under an environment.
fn set(project: &Project, what: &[&str], environment: &[(&str, &str)]) -> Vec<u8> {
    let out = project.beside("set.pdf");
    let mut command = annexa(project.root());
    command.arg("pdf").args(what).args(["--today", TODAY, "--out"]).arg(&out).envs(environment.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(out).unwrap()
}

/// Not by `assert_eq`, which would print megabytes.
#[track_caller]
fn assert_equal(one: &[u8], other: &[u8]) {
    let first = one.iter().zip(other).position(|(one, other)| one != other);
    assert!(one == other, "they differ from byte {first:?} on, of {} and {}", one.len(), other.len());
}

const BOOKS: [&[&str]; 4] = [&[], &["SOP-001"], &["soa"], &["--controls", "A.5.15,A.8.9"]];

#[test]
fn two_processes_give_the_same_bytes_in_any_folder_and_surroundings() {
    let (one, other) = (Project::fixture("small"), Project::named("another folder ü", &[]));
    for (path, bytes) in common::files(one.root()) {
        other.write(&path, bytes);
    }
    for what in BOOKS {
        let first = set(&one, what, &[("TZ", "Pacific/Kiritimati"), ("LANG", "C"), ("HOME", "/nowhere")]);
        assert_equal(&first, &set(&other, what, &[("TZ", "Pacific/Pago_Pago"), ("LANG", "de_DE.UTF-8"), ("COLUMNS", "40")]));
    }
}

#[test]
fn one_thread_gives_the_bytes_of_two_and_of_more() {
    let project = Project::fixture("small");
    for what in BOOKS {
        let one = set(&project, what, &[("RAYON_NUM_THREADS", "1")]);
        for threads in ["2", "5"] {
            assert_equal(&one, &set(&project, what, &[("RAYON_NUM_THREADS", threads)]));
        }
    }
}

#[test]
#[ignore = "takes minutes in a debug build: `cargo test --release --test same_pdf -- --ignored`"]
fn one_thread_gives_the_bytes_of_two_for_the_repositorys_manual() {
    let project = Project::of_the_repository();
    assert_equal(&set(&project, &[], &[("RAYON_NUM_THREADS", "1")]), &set(&project, &[], &[("RAYON_NUM_THREADS", "2")]));
}
