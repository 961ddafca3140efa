//! The proof: an independent pass over a finished output, which looks for anything that its audience may not see.
//!
//! It knows no renderer and no view. `source` reads the sources again as they lie in the project and parts what is open from what is withheld; `output`
//! says what a finished file says, from its bytes alone; `word` makes texts comparable. A `secret` is a word, a name or a run of five words that stands in
//! what is withheld and nowhere in what is open: neither in the open part of the sources, nor in catalogues, templates, fixed words, nor in what
//! formats themselves say (`machine.txt`). An output that says one is not published.

mod output;
mod report;
mod secret;
mod source;
mod word;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::digest::sha256;
use crate::base::finding::Finding;
use crate::base::source::{FileId, Sources};
use crate::base::yaml;
use output::Listener;
use output::pixels::{self, Size};
use report::Leak;
use secret::{Secrets, Set};
use source::Sight;

/// Words that formats and programs say by themselves: of the markup that is written, of PDF, of workbooks.
const MACHINE: &str = include_str!("machine.txt");
/// The most leaks of one file that are looked at: what leaks a document leaks each of its words.
const MOST_OF_A_FILE: usize = 2_000;

/// What one audience must not see, ready to be looked for.
pub struct Proof {
    sources: Arc<Sources>,
    audience: Arc<str>,
    secrets: Secrets,
    /// Withheld files, by their digests.
    files: BTreeMap<String, FileId>,
    /// What withheld pictures show, by size and digest.
    pictures: BTreeMap<(Size, String), FileId>,
    /// Files that are published as they are, by their digests: they need no looking into.
    shown: BTreeSet<String>,
    /// The sizes of all of these: a file of another size is none of them.
    sizes: BTreeSet<usize>,
}

impl Proof {
    /// Gathers what is withheld from an audience, from the sources as they were read. `fixed` are files that are open to everybody: templates and
    /// themes that are built in.
    ///
    /// Nothing is withheld from an audience that sees everything.
    pub fn new(sources: Arc<Sources>, audience: &str, fixed: &[&[u8]]) -> Self {
        let settings = sources.find(source::SETTINGS);
        let settings = settings.and_then(|id| yaml::parse(sources.file(id).text(), id, 0, &mut Vec::new()));
        let mut proof = Proof {
            sources,
            audience: audience.into(),
            secrets: Secrets::default(),
            files: BTreeMap::new(),
            pictures: BTreeMap::new(),
            shown: BTreeSet::new(),
            sizes: BTreeSet::new(),
        };
        let Some(sight) = Sight::of(audience, settings.as_ref()) else { return proof };
        let heaps = source::part(&proof.sources, &sight, settings.as_ref());
        for passage in &heaps.withheld {
            proof.secrets.gather(passage);
        }
        for id in &heaps.closed {
            let bytes = proof.sources.file(*id).bytes();
            let digest = sha256(bytes);
            proof.sizes.insert(bytes.len());
            proof.secrets.gather_word(&digest, *id);
            proof.files.insert(digest, *id);
        }
        // The manifest says the digest of what is published, and a record of a release may say it too.
        let mut digests: Vec<String> = Vec::new();
        for id in &heaps.shown {
            let bytes = proof.sources.file(*id).bytes();
            let digest = sha256(bytes);
            digests.push(digest.clone());
            proof.sizes.insert(bytes.len());
            proof.files.remove(&digest);
            // A picture is shown for its picture; what else it says is looked at.
            if !output::is_picture(bytes) {
                proof.shown.insert(digest);
            }
        }
        let sources = &proof.sources;
        let pictures = |ids: Vec<FileId>| {
            ids.into_par_iter().flat_map_iter(|id| pixels::of_file(sources.file(id).bytes()).into_iter().map(move |key| (key, id)))
        };
        proof.pictures = pictures(heaps.closed.difference(&heaps.shown).copied().collect()).collect();
        let sizes: BTreeSet<Size> = proof.pictures.keys().map(|(size, _)| *size).collect();
        let like =
            |id: &FileId| pixels::size(sources.file(*id).bytes()).is_some_and(|(w, h)| sizes.contains(&(w, h)) || sizes.contains(&(h, w)));
        for (key, _) in pictures(heaps.shown.iter().copied().filter(like).collect()).collect::<Vec<_>>() {
            proof.pictures.remove(&key);
        }
        for bytes in fixed {
            proof.sizes.insert(bytes.len());
            digests.push(sha256(bytes));
            proof.shown.insert(sha256(bytes));
        }
        let templates: Vec<&str> = fixed.iter().filter_map(|bytes| std::str::from_utf8(bytes).ok()).collect();
        // What is open is looked through by the very eyes that look through the output.
        let open = heaps.open.par_iter().map(|passage| passage.text.as_str());
        let open = open.chain(templates.into_par_iter()).chain(digests.par_iter().map(String::as_str)).chain(rayon::iter::once(MACHINE));
        let known = open.fold(Set::default, |mut known, text| {
            proof.secrets.scan(text, |hit| _ = known.insert(hit.key));
            known
        });
        let known = known.reduce(Set::default, |mut all, some| {
            all.extend(some);
            all
        });
        proof.secrets.forget(&known);
        proof
    }

    /// Looks through files, by their paths and bytes, for anything withheld: a finding for each place in the sources of which something leaks, and
    /// for each file that cannot be looked into.
    pub fn check<'a>(&self, files: &[(&'a str, &'a [u8])]) -> Vec<Finding> {
        if self.secrets.is_empty() && self.files.is_empty() {
            return Vec::new();
        }
        let leaks: Vec<Leak> = files.par_iter().flat_map_iter(|(path, bytes)| self.look(path, bytes)).collect();
        report::findings(leaks, &self.audience, &self.sources)
    }

    fn look(&self, path: &str, bytes: &[u8]) -> Vec<Leak> {
        let mut eye = Eye { proof: self, path, leaks: Vec::new(), seen: Set::default() };
        eye.text(path);
        if eye.file(bytes)
            && let Err(why) = output::passages(path, bytes, &mut eye)
        {
            eye.leaks.push(Leak::Closed { path: path.to_owned(), why });
        }
        eye.leaks
    }
}

/// Looks at what one file says.
struct Eye<'p> {
    proof: &'p Proof,
    path: &'p str,
    leaks: Vec<Leak>,
    seen: Set,
}

impl Listener for Eye<'_> {
    fn text(&mut self, text: &str) {
        let secrets = &self.proof.secrets;
        secrets.scan(text, |hit| {
            if self.leaks.len() < MOST_OF_A_FILE
                && self.seen.insert(hit.key)
                && let Some(origin) = secrets.origin(hit.key)
            {
                let around = report::around(text, &hit.range);
                let said = text[hit.range].to_owned();
                self.leaks.push(Leak::Said { origin, words: hit.words, said, path: self.path.to_owned(), around });
            }
        });
    }

    fn file(&mut self, bytes: &[u8]) -> bool {
        if bytes.is_empty() || !self.proof.sizes.contains(&bytes.len()) {
            return true;
        }
        let digest = sha256(bytes);
        if let Some(file) = self.proof.files.get(&digest) {
            self.leaks.push(Leak::File { file: *file, path: self.path.to_owned() });
        }
        !self.proof.shown.contains(&digest)
    }

    fn picture(&mut self, size: Size, shown: &dyn Fn() -> Vec<(Size, String)>) {
        // A picture that is held another way has its sides changed.
        let turned = (size.1, size.0);
        if !self.proof.pictures.keys().any(|(known, _)| *known == size || *known == turned) {
            return;
        }
        let found = shown().into_iter().find_map(|key| self.proof.pictures.get(&key));
        // A file that is the picture's own has been told of already.
        let told = |file: FileId| self.leaks.iter().any(|leak| matches!(leak, Leak::File { file: known, .. } if *known == file));
        if let Some(file) = found.copied().filter(|file| !told(*file)) {
            self.leaks.push(Leak::File { file, path: self.path.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests;
