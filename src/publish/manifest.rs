//! The list of an output's files with their digests, in the output itself.

#![allow(clippy::disallowed_methods)] // law 1: publish reads the disk

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::base::digest::sha256;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::link::origin::Origin;
use crate::render::Artifacts;

/// What `generator` says: by it, Annexa knows a folder that it made.
const GENERATOR: &str = "annexa";
/// The version of the manifest's format.
const FORMAT: u32 = 1;

/// Where the signature of a manifest lies: beside it.
pub const SIGNATURE_PATH: &str = "manifest.json.sig";

/// What an output is, besides its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The manual's title.
    pub title: String,
    /// The audience it was made for.
    pub audience: String,
    /// The date that counted as today.
    pub today: Date,
    /// The release that it is, where it is one.
    pub release: Option<Stamp>,
    /// What it was made from, where that is told.
    pub origin: Option<Origin>,
    /// How it was made, where a build made it.
    pub settings: Option<Settings>,
}

/// How an output was made, besides what the sources say: with its audience and today, all that it takes to make it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether PDFs were set.
    pub pdf: bool,
    /// Whether it is a pack, which holds besides how to verify it without Annexa.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pack: bool,
    /// The release since which a pack says what changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Whether the sources as they stood were shown among releases.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub next: bool,
    /// Withdrawn releases whose comparison with this one a notice has taken the place of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
}

/// Which release an output is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The tag.
    pub name: String,
    /// Its day.
    pub date: Date,
    /// The Git object id of the sources. Only outputs for those who see everything have it: to others it would tell that something withheld has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<String>,
    /// The versions of its documents by their pages, so that pages of later releases can lead to earlier versions of a document.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, String>,
}

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// Always `annexa`.
    pub generator: String,
    /// The version of the tool that made the output.
    #[serde(default)]
    pub version: String,
    /// The version of this format.
    #[serde(default)]
    pub format: u32,
    /// The manual's title.
    #[serde(default)]
    pub title: String,
    /// The audience it was made for.
    #[serde(default)]
    pub audience: String,
    /// The date that counted as today.
    pub today: Option<Date>,
    /// The release that it is, where it is one.
    #[serde(default)]
    pub release: Option<Stamp>,
    /// How it was made; none in outputs that no build makes by itself, and in those of before.
    #[serde(default)]
    pub settings: Option<Settings>,
    /// SHA-256 of the canonical text of the view (`annexa-view-1`).
    #[serde(default)]
    pub view: Option<String>,
    /// SHA-256 of the list of sources, which lies in the output. Only outputs for those who see everything have it, as of the tree of a release.
    #[serde(default)]
    pub sources: Option<String>,
    /// Folders of it that are outputs of their own, with manifests of their own.
    #[serde(default)]
    pub folders: Vec<String>,
    /// Every other file of the output, sorted by path.
    #[serde(default)]
    pub files: Vec<Entry>,
    /// The signature of the manifest as it is written, which lies beside it.
    #[serde(skip)]
    pub signature: Option<String>,
}

/// One file of an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path in the output.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The manifest of artifacts, by this version of Annexa.
    pub fn new(artifacts: &Artifacts, about: About) -> Self {
        let entry =
            |file: &crate::render::Artifact| Entry { path: file.path.clone(), size: file.bytes.len() as u64, sha256: sha256(&file.bytes) };
        Manifest {
            generator: GENERATOR.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            format: FORMAT,
            title: about.title,
            audience: about.audience,
            today: Some(about.today),
            release: about.release,
            settings: about.settings,
            view: about.origin.as_ref().map(|origin| origin.view.to_string()),
            sources: about.origin.and_then(|origin| Some(origin.sources?.sha256.to_string())),
            folders: Vec::new(),
            files: artifacts.as_slice().par_iter().map(entry).collect(),
            signature: None,
        }
    }

    /// Reads a manifest, if this is one of Annexa's.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Manifest>(bytes).ok().filter(|manifest| manifest.generator == GENERATOR)
    }

    /// As it is written: a line a file, so that the difference of two outputs is a few lines.
    pub fn to_json(&self) -> String {
        let mut out = String::from("{\n");
        // Writing to a String cannot fail, nor can texts and numbers fail to serialise.
        let mut key = |name: &str, value: serde_json::Value| {
            let _ = writeln!(out, "  \"{name}\": {value},");
        };
        key("generator", self.generator.as_str().into());
        key("version", self.version.as_str().into());
        key("format", self.format.into());
        key("title", self.title.as_str().into());
        key("audience", self.audience.as_str().into());
        key("today", self.today.map(|today| today.to_string()).into());
        if let Some(release) = &self.release {
            key("release", serde_json::to_value(release).unwrap_or_default());
        }
        if let Some(settings) = &self.settings {
            key("settings", serde_json::to_value(settings).unwrap_or_default());
        }
        for (name, digest) in [("view", &self.view), ("sources", &self.sources)] {
            if let Some(digest) = digest {
                key(name, digest.as_str().into());
            }
        }
        if !self.folders.is_empty() {
            key("folders", self.folders.clone().into());
        }
        let lines: Vec<String> =
            self.files.iter().map(|entry| format!("    {}", serde_json::to_string(entry).unwrap_or_default())).collect();
        let _ = writeln!(out, "  \"files\": [\n{}\n  ]\n}}", lines.join(",\n"));
        out
    }
}

/// The largest manifest that is read, in bytes: one of some 300,000 files.
const LARGEST: u64 = 64 << 20;

/// Reads the manifest at a path; none where there is none of Annexa's, where it is no plain file, or larger than any that is written.
pub(super) fn read(path: &Path) -> Option<Manifest> {
    let plain = fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
    plain.then(|| fs::read(path).ok()).flatten().and_then(|bytes| Manifest::parse(&bytes))
}

/// Whether a name is one of a folder right in an output: nothing that leads elsewhere.
pub(super) fn is_folder(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Artifact;

    #[test]
    fn a_manifest_lists_each_file_on_a_line_and_reads_back() {
        let file = |path: &str, bytes: &str| Artifact { path: path.to_owned(), bytes: bytes.into() };
        let artifacts = Artifacts::new(vec![file("index.html", "hello"), file("a \"b\".txt", "")]).unwrap();
        let about = About {
            title: "The \"manual\"\n".to_owned(),
            audience: "public".to_owned(),
            today: jiff::civil::date(2026, 3, 2),
            release: None,
            origin: Some(Origin { view: "00ff".into(), sources: None }),
            settings: Some(Settings { pdf: true, ..Settings::default() }),
        };
        let manifest = Manifest::new(&artifacts, about);
        insta::assert_snapshot!(manifest.to_json().replace(env!("CARGO_PKG_VERSION"), "VERSION"), @r#"
        {
          "generator": "annexa",
          "version": "VERSION",
          "format": 1,
          "title": "The \"manual\"\n",
          "audience": "public",
          "today": "2026-03-02",
          "settings": {"pdf":true},
          "view": "00ff",
          "files": [
            {"path":"a \"b\".txt","size":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {"path":"index.html","size":5,"sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}
          ]
        }
        "#);
        assert_eq!(Manifest::parse(manifest.to_json().as_bytes()), Some(manifest));
    }

    #[test]
    fn an_output_without_files_has_a_manifest_too() {
        let today = jiff::civil::date(2026, 3, 2);
        let about = About { title: String::new(), audience: String::new(), today, release: None, origin: None, settings: None };
        let manifest = Manifest::new(&Artifacts::default(), about);
        assert_eq!(Manifest::parse(manifest.to_json().as_bytes()), Some(manifest));
    }

    #[test]
    fn other_peoples_manifests_are_not_ours() {
        for text in ["", "[]", "{}", r#"{"name": "app", "icons": []}"#, r#"{"generator": "hugo"}"#] {
            assert_eq!(Manifest::parse(text.as_bytes()), None, "{text}");
        }
    }
}
