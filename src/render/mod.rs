//! A manual into artifacts: what is written, before it is written. Nothing here touches the disk.

pub(crate) mod address;
mod escape;
pub mod export;
pub mod mark;
pub mod pack;
#[cfg(feature = "pdf")]
pub mod pdf;
pub(crate) mod picture;
pub mod site;

use std::collections::BTreeMap;

use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::source::path;
use crate::base::word::{Phrase, phrase};

/// The path that every output keeps for its manifest.
pub const MANIFEST_PATH: &str = "manifest.json";

/// One output file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Path in the output, relative, with forward slashes: `documents/pol-004.html`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files of an output, sorted by path, which every system can hold beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    files: Vec<Artifact>,
}

impl Artifacts {
    /// Takes artifacts in any order. Paths that are absolute, climb out or hide characters are findings; so are two artifacts whose paths are equal,
    /// differ only in case or Unicode form, or need one name for a file and a folder.
    pub fn new(mut files: Vec<Artifact>) -> Result<Self, Vec<Finding>> {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut findings: Vec<Finding> = files.iter().filter_map(|file| refused(&file.path)).collect();
        findings.extend(clashes(files.iter().map(|file| file.path.as_str())));
        if findings.is_empty() { Ok(Artifacts { files }) } else { Err(findings) }
    }

    /// Every artifact, sorted by path.
    pub fn iter(&self) -> std::slice::Iter<'_, Artifact> {
        self.files.iter()
    }

    /// As a slice, for parallel work.
    pub fn as_slice(&self) -> &[Artifact] {
        &self.files
    }

    /// The artifact at a path.
    pub fn find(&self, path: &str) -> Option<&Artifact> {
        let index = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(index)
    }
}

/// Templates and theme files that are built in: what they say, they say to every audience.
pub fn fixed_files() -> Vec<&'static [u8]> {
    #[cfg(feature = "pdf")]
    let paper = pdf::template_files();
    #[cfg(not(feature = "pdf"))]
    let paper = [];
    site::template_files().chain(paper).collect()
}

fn refused(path: &str) -> Option<Finding> {
    let reason = path::unusable(path)?;
    Some(Finding::new(&rule::PATH_UNUSABLE, Place::Project, phrase!("the output path `{path}` {reason}", path = path, reason = reason)))
}

fn clashes<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let clash = |message: Phrase| {
        let help = phrase!("rename one of the two things that they are made from");
        Finding::new(&rule::PATH_CLASH, Place::Project, message).help(help)
    };
    let mut findings = Vec::new();
    let mut files: BTreeMap<String, &str> = BTreeMap::new();
    files.insert(path::folded(MANIFEST_PATH), MANIFEST_PATH);
    for path in paths {
        match files.insert(path::folded(path), path) {
            Some(MANIFEST_PATH) => {
                let message = phrase!("`{path}` would take the place of the output's manifest", path = path);
                let help = phrase!("rename what it is made from");
                findings.push(Finding::new(&rule::PATH_CLASH, Place::Project, message).help(help));
            }
            Some(other) if other == path => findings.push(clash(phrase!("two things would be written to `{path}`", path = path))),
            Some(other) => {
                findings.push(clash(phrase!("`{other}` and `{path}` would be one file on some systems", other = other, path = path)));
            }
            None => {}
        }
    }
    for (folded, path) in &files {
        let folders = folded.match_indices('/').map(|(at, _)| &folded[..at]);
        for file in folders.filter_map(|folder| files.get(folder)) {
            findings.push(clash(phrase!("`{file}` would be both a file and the folder of `{path}`", file = file, path = path)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifacts(paths: &[&str]) -> Result<Artifacts, Vec<String>> {
        let file = |path: &&str| Artifact { path: (*path).to_owned(), bytes: Vec::new() };
        let words = |findings: Vec<Finding>| findings.into_iter().map(|f| format!("{}: {}", f.rule.code, f.message)).collect();
        Artifacts::new(paths.iter().map(file).collect()).map_err(words)
    }

    #[test]
    fn artifacts_are_sorted_and_found_by_path() {
        let made = artifacts(&["b/c.html", "a.html", "b.html"]).unwrap();
        assert_eq!(made.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["a.html", "b.html", "b/c.html"]);
        assert!(made.find("b.html").is_some() && made.find("c.html").is_none());
    }

    #[test]
    fn clashes_are_refused_in_any_case_or_form() {
        assert_eq!(artifacts(&["a", "b", "a"]), Err(vec!["path-clash: two things would be written to `a`".into()]));
        assert_eq!(
            artifacts(&["D/a.html", "d/A.html"]),
            Err(vec!["path-clash: `D/a.html` and `d/A.html` would be one file on some systems".into()])
        );
        assert!(artifacts(&["\u{fc}", "u\u{308}"]).is_err());
        assert_eq!(artifacts(&["a/b/c", "A"]), Err(vec!["path-clash: `A` would be both a file and the folder of `a/b/c`".into()]));
        assert!(artifacts(&["Manifest.json"]).is_err());
        assert!(artifacts(&["site/manifest.json"]).is_ok());
    }

    #[test]
    fn paths_that_escape_are_refused_each_with_a_finding() {
        let refused = artifacts(&["../a", "/etc/passwd", "a/../../b", "", "a\\b", "ok"]).unwrap_err();
        assert_eq!(refused.iter().filter(|f| f.starts_with("path-unusable: ")).count(), 5, "{refused:?}");
    }
}
