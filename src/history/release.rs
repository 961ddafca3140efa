//! Releases: the tags of the repository that annexa.yaml takes for them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::approval::canonical;
use crate::base::finding::{Counts, Finding, Place};
use crate::base::pattern::fits;
use crate::base::rule;
use crate::base::source::{Repository, RevisionError, SourceFile, Sources};
use crate::base::word::{Phrase, phrase};
use crate::link::release::folder;
use crate::read::{self, Memory, Parsed};

/// A named, approved state of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The tag: `v1.0`.
    pub name: Arc<str>,
    /// The commit that it leads to.
    pub commit: Arc<str>,
    /// The day of the tag.
    pub date: Date,
}

/// Names at the top of a versioned site that no release can have.
const RESERVED: [&str; 6] = ["latest", "next", "index.html", "releases.html", "releases.js", "manifest.json"];

/// The tags that fit a pattern, the oldest first; of one day, by name, figures by their value. A tag that leads to no commit is a finding, and so is a clone
/// from which older commits were left out.
///
/// # Errors
/// A repository whose tags cannot be read.
pub fn releases(repository: &Repository, pattern: &str) -> Result<(Vec<Release>, Vec<Finding>), RevisionError> {
    let (tags, others) = repository.tags()?;
    let mut findings = Vec::new();
    if repository.is_shallow() {
        findings.push(
            Finding::new(&rule::SHALLOW_CLONE, Place::Project, phrase!("this clone lacks older commits, and perhaps releases"))
                .help(phrase!("fetch the whole history: `git fetch --unshallow --tags`, or `fetch-depth: 0` in the pipeline")),
        );
    }
    let mut unusable = |name: &str, why: Phrase| {
        findings.push(
            Finding::new(
                &rule::TAG_UNUSABLE,
                Place::Project,
                phrase!("the tag `{name}` {why}, so it is no release", name = name, why = why),
            )
            .help(phrase!("tag the commit that was released, or give the tag a name that is none of a release")),
        );
    };
    for (name, why) in others.iter().filter(|(name, _)| fits(pattern, name)) {
        unusable(name, why.clone());
    }
    let fitting = tags.into_iter().filter(|tag| fits(pattern, &tag.name));
    let mut releases: Vec<Release> = fitting.map(|tag| Release { name: tag.name, commit: tag.commit, date: tag.date }).collect();
    releases.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| natural(&a.name, &b.name)));
    // Each has a folder of its own beside what leads to them, on systems that tell capitals from small letters and on those that do not.
    let mut folders: BTreeMap<String, Arc<str>> = BTreeMap::new();
    releases.retain(|release| {
        let folder = folder(&release.name).to_lowercase();
        if RESERVED.contains(&folder.as_str()) {
            unusable(&release.name, phrase!("would lie where something else of the site does"));
            return false;
        }
        match folders.insert(folder.clone(), release.name.clone()) {
            Some(first) => {
                unusable(&release.name, phrase!("would lie in the folder of `{first}`", first = first));
                folders.insert(folder, first);
                false
            }
            None => true,
        }
    });
    Ok((releases, findings))
}

/// A release as it was read.
pub struct Past {
    /// The release.
    pub release: Release,
    /// What it says; none where this version of Annexa cannot read it.
    pub parsed: Option<Parsed>,
    /// How much is wrong with it. A release stays as it is, so nobody is told to mend it.
    pub counts: Counts,
}

/// Reads a release. One that cannot be read is a finding, and never stops the others.
pub fn read(repository: &Repository, release: &Release, findings: &mut Vec<Finding>) -> Past {
    read_again(repository, release, &mut Memory::default(), findings)
}

/// As [`read`], with the same result, where releases that are nearly the same are read one after the other.
pub fn read_again(repository: &Repository, release: &Release, memory: &mut Memory, findings: &mut Vec<Finding>) -> Past {
    let (sources, mut found) = match sources_of(repository, &release.commit) {
        Ok(read) => read,
        Err(error) => {
            findings.push(unreadable(release, Phrase::text(error.to_string())));
            return Past { release: release.clone(), parsed: None, counts: Counts::default() };
        }
    };
    // A release without some of its files looks whole, and would stay so for good.
    if let Some((why, help)) = lacking(&found) {
        findings.push(Finding { help, ..unreadable(release, why) });
        return Past { release: release.clone(), parsed: None, counts: Counts::of(&found) };
    }
    let parsed = read::parse_again(Arc::new(sources.with_files(read::built_in())), memory, &mut found);
    if parsed.is_none() {
        let none = || phrase!("it has no annexa.yaml that can be read");
        findings.push(unreadable(release, found.first().map_or_else(none, |finding| finding.message.clone())));
    }
    Past { release: release.clone(), parsed, counts: Counts::of(&found) }
}

/// Why sources look whole and are not, and what to do; none where no file is missing.
fn lacking(found: &[Finding]) -> Option<(Phrase, Vec<Phrase>)> {
    let lacks = |finding: &&Finding| [&rule::SOURCE_UNREADABLE, &rule::LFS_POINTER, &rule::FILE_TOO_LARGE].contains(&finding.rule);
    let lacking: Vec<&Finding> = found.iter().filter(lacks).collect();
    let (first, others) = lacking.split_first()?;
    let why = match others.len() {
        0 => first.message.clone(),
        n => phrase!("{what}, and {n} more like it", what = first.message, n = n),
    };
    Some((why, first.help.clone()))
}

/// The sources of any commit, the built-in ones among them, and what was found while they were read.
///
/// # Errors
/// A commit that is not there, that has no such project, or some of whose files are not there.
pub fn sources_at(repository: &Repository, commit: &str) -> Result<(Arc<Sources>, Vec<Finding>), RevisionError> {
    let (sources, found) = sources_of(repository, commit)?;
    if let Some((why, help)) = lacking(&found) {
        return Err(RevisionError::new(format!(
            "commit {} cannot be read: {why}; {}",
            commit.get(..12).unwrap_or(commit),
            help.iter().map(Phrase::to_string).collect::<Vec<_>>().join("; ")
        )));
    }
    Ok((Arc::new(sources.with_files(read::built_in())), found))
}

/// The sources of a commit, as its own settings say.
fn sources_of(repository: &Repository, commit: &str) -> Result<(Sources, Vec<Finding>), RevisionError> {
    let settings = repository.file(commit, read::project::PATH).and_then(|bytes| String::from_utf8(bytes).ok());
    let scope = settings.map(|text| read::project::scope(&text)).unwrap_or_default();
    repository.sources(commit, &scope)
}

/// The digest of what an approval of a release is bound to, from its settings and the bytes of its files; none where it cannot be read.
pub fn digest(repository: &Repository, release: &Release) -> Option<String> {
    let (sources, _) = sources_of(repository, &release.commit).ok()?;
    let sources = sources.with_files(read::language::built_in().collect());
    let project = read::project::read(&sources, &mut Vec::new())?;
    Some(canonical::release_of(&project, &sources).sha256())
}

/// Says where the sources as they stand are not those of the last commit, so that no release shows them.
pub fn unreleased(repository: &Repository, sources: &Sources) -> Option<Finding> {
    let (committed, _) = sources_of(repository, &repository.head()?).ok()?;
    let built_in = read::built_in();
    let is_own = |path: &str| !built_in.iter().any(|file| file.path.as_ref() == path);
    let same = |file: &SourceFile| committed.find(&file.path).is_some_and(|id| committed.file(id).bytes() == file.bytes());
    let edited = sources.iter().map(|(_, file)| file).filter(|file| is_own(&file.path) && !same(file));
    let gone = committed.iter().map(|(_, file)| file).filter(|file| sources.find(&file.path).is_none());
    let changed: Vec<&str> = edited.chain(gone).map(|file| file.path.as_ref()).collect();
    let (first, others) = changed.split_first()?;
    let message = match others.len() {
        0 => phrase!("`{first}` changed since the last commit, and no release shows it", first = first),
        n => phrase!("`{first}` and {n} more changed since the last commit, and no release shows it", first = first, n = n),
    };
    let help = phrase!("commit and tag what should be released, or add --next to show the sources as they stand");
    Some(Finding::new(&rule::CHANGES_UNRELEASED, Place::Project, message).help(help))
}

fn unreadable(release: &Release, why: Phrase) -> Finding {
    Finding::new(
        &rule::RELEASE_UNREADABLE,
        Place::Project,
        phrase!("the release `{name}` cannot be read: {why}", name = release.name, why = why),
    )
    .help(phrase!("use the version of Annexa that it was written for, or leave the tag out of `releases.tags`"))
}

/// Names in an order in which `v1.10` comes after `v1.9`.
fn natural(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| -> Vec<(bool, String)> {
        let mut parts: Vec<(bool, String)> = Vec::new();
        for c in text.chars() {
            match parts.last_mut() {
                Some((is_figure, part)) if *is_figure == c.is_ascii_digit() => part.push(c),
                _ => parts.push((c.is_ascii_digit(), c.to_string())),
            }
        }
        parts
    };
    let figures = |text: &str| text.trim_start_matches('0').to_owned();
    for ((a_figure, a), (b_figure, b)) in parts(a).iter().zip(&parts(b)) {
        let order = if *a_figure && *b_figure {
            let (a, b) = (figures(a), figures(b));
            a.len().cmp(&b.len()).then(a.cmp(&b))
        } else {
            a.cmp(b)
        };
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len()).then(a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_ordered_by_their_value() {
        let mut names = ["v10.0", "v2", "v1.10", "v1.9", "v1", "v1.09.1", "v1.10-rc1"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["v1", "v1.9", "v1.09.1", "v1.10", "v1.10-rc1", "v2", "v10.0"]);
    }
}
