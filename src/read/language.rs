//! Languages: the codes that typesetting knows, and the fixed words of each language that has a file in `languages/`.
//!
//! A file maps English words to those of its language, with the same places, `{name}`. The built-in ones are read like any other source; a project's
//! `languages/fr.yaml` adds a language, and its `languages/de.yaml` overrides single words of a built-in one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::schema::unknown_value;
use crate::base::finding::{Finding, Place, Span, did_you_mean, nearest};
use crate::base::language::{ENGLISH, Language, code, sentence};
use crate::base::rule;
use crate::base::source::{Content, FileId, SourceFile, Sources};
use crate::base::word::{self, phrase, word};
use crate::base::yaml::{self, Kind, Node};

/// Where a project's own files lie.
pub const FOLDER: &str = "languages/";
/// Where the built-in ones lie among the sources.
const BUILT_IN_FOLDER: &str = "annexa/languages/";
/// The built-in files: names and texts. English needs none.
const BUILT_IN: &[(&str, &str)] = &[("de", include_str!("../../languages/de.yaml"))];

/// The codes of ISO 639-1, which set hyphenation, quotation marks and direction.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa \
                     ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr \
                     ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl \
                     ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur \
                     uz ve vi vo wa wo xh yi yo za zh zu";

/// Whether a text names a language: a code of ISO 639-1, and perhaps a country of ISO 3166-1: `de`, `de-CH`.
pub fn is_tag(text: &str) -> bool {
    let (code, country) = text.split_once('-').map_or((text, None), |(code, country)| (code, Some(country)));
    CODES.split_whitespace().any(|known| known == code)
        && country.is_none_or(|country| country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase()))
}

/// The codes that a text may have meant.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    CODES.split_whitespace()
}

/// The languages that fixed words can be said in.
#[derive(Clone, Debug, Default)]
pub(super) struct Languages {
    words: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<str>>>,
}

impl Languages {
    /// The language of the manual. One without words of its own, as `de-CH`, has those of the language at large.
    pub(super) fn find(&self, tag: &str, span: Span, findings: &mut Vec<Finding>) -> Language {
        let known: BTreeSet<&str> = self.words.keys().map(AsRef::as_ref).chain([ENGLISH]).collect();
        if !known.contains(tag) && !known.contains(code(tag)) {
            let mut finding = unknown_value(tag, span, "language", &known.into_iter().collect::<Vec<_>>());
            if is_tag(tag) {
                finding = finding.help(phrase!(
                    "a document can be in any language; for the whole manual, translate its fixed words in `{path}`",
                    path = format!("{FOLDER}{tag}.yaml")
                ));
            }
            findings.push(finding);
            return Language::default();
        }
        let mut words = self.words.get(code(tag)).cloned().unwrap_or_default();
        words.extend(self.words.get(tag).filter(|_| tag != code(tag)).cloned().unwrap_or_default());
        Language::new(tag, words)
    }

    /// Reads the built-in files and the project's own. `classifications` are the project's.
    pub(super) fn read(sources: &Sources, classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Self {
        let mut languages = Languages::default();
        let of = |folder: &'static str| {
            let name = move |path: &str| Some(path.strip_prefix(folder)?.strip_suffix(".yaml")?.to_owned());
            sources.iter().filter_map(move |(id, file)| Some((name(&file.path)?, id, file)))
        };
        for (tag, id, file) in of(BUILT_IN_FOLDER) {
            let read = Reader { sources, known: None, findings }.file(id, file);
            languages.words.insert(tag.into(), read.unwrap_or_default());
        }
        // Every language says the same, so that one file knows what there is to be said.
        let mut known: BTreeSet<Arc<str>> = languages.words.values().flat_map(|words| words.keys().cloned()).collect();
        let standard: Vec<Arc<str>> = known.iter().cloned().collect();
        let own = classifications.iter().map(|name| sentence(name));
        known.extend(own.flat_map(|name| [Arc::from(format!("{name}|classification")), Arc::from(name)]));
        for (tag, id, file) in of(FOLDER).filter(|(_, _, file)| !file.text().trim().is_empty()) {
            if !is_tag(&tag) {
                let names: Vec<&str> = codes().collect();
                let near = nearest(&tag, names.iter().copied()).map(|near| did_you_mean(&format!("{FOLDER}{near}.yaml")));
                findings.push(
                    Finding::new(
                        &rule::UNKNOWN_VALUE,
                        Place::File(file.path.clone()),
                        phrase!("`{tag}` is no code of a language", tag = tag),
                    )
                    .help_if(near)
                    .help(phrase!("name the file by ISO 639-1, as in `fr.yaml`, and perhaps the country, as in `de-CH.yaml`")),
                );
                continue;
            }
            let known = (!standard.is_empty()).then_some(&known);
            let Some(words) = (Reader { sources, known, findings }).file(id, file) else { continue };
            let is_new = tag != ENGLISH && code(&tag) == tag && !BUILT_IN.iter().any(|(built_in, _)| *built_in == tag);
            if is_new {
                findings.extend(untranslated(&tag, file, &standard, &words));
            }
            languages.words.entry(tag.into()).or_default().extend(words);
        }
        languages
    }
}

/// One finding for all words that a language of the project's own lacks.
fn untranslated(tag: &str, file: &SourceFile, known: &[Arc<str>], words: &BTreeMap<Arc<str>, Arc<str>>) -> Option<Finding> {
    const NAMED: usize = 5;
    let missing: Vec<&str> = known.iter().filter(|key| !words.contains_key(*key)).map(AsRef::as_ref).collect();
    let named = missing.iter().take(NAMED).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    (!missing.is_empty()).then(|| {
        let message = phrase!(
            "{n} of {all} words have no translation into `{tag}`: English stands in their places",
            n = missing.len(),
            all = known.len(),
            tag = tag
        );
        Finding::new(&rule::UNTRANSLATED_WORDS, Place::File(file.path.clone()), message)
            .help(phrase!("the first are {named}; languages/de.yaml in Annexa's sources has every word, in sections", named = named))
    })
}

struct Reader<'a> {
    sources: &'a Sources,
    /// The words that something says; none for the file that tells.
    known: Option<&'a BTreeSet<Arc<str>>>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn file(&mut self, id: FileId, file: &SourceFile) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
        let node = yaml::parse(file.text(), id, 0, self.findings)?;
        let Kind::Mapping(entries) = &node.kind else {
            // Comments alone: nothing is translated yet.
            if !node.is_null() {
                let message =
                    phrase!("{name} must be a mapping, and this is {kind}", name = word!("a language file"), kind = node.kind_name());
                self.findings.push(
                    Finding::new(&rule::WRONG_TYPE, node.span, message)
                        .help(phrase!("write a line for each word, as in `Contents: Sommaire`")),
                );
            }
            return Some(BTreeMap::new());
        };
        let mut words = BTreeMap::new();
        for (key, value) in entries {
            if !self.is_said(&key.text) {
                self.unknown(key);
                continue;
            }
            // A word without a value waits for its translator.
            if value.is_null() {
                continue;
            }
            if let Some(text) = self.words(key, value) {
                words.insert(key.text.clone(), text);
            }
        }
        Some(words)
    }

    /// Whether something says these words: a template or report of Annexa, or a template of the project.
    fn is_said(&self, key: &str) -> bool {
        let Some(known) = self.known else { return true };
        let quoted = format!("\"{key}\"");
        let is_template = |path: &str| path.starts_with("templates/") || path.starts_with("themes/");
        known.contains(key) || self.sources.iter().any(|(_, file)| is_template(&file.path) && file.text().contains(&quoted))
    }

    fn unknown(&mut self, key: &yaml::Key) {
        let near = self.known.and_then(|known| nearest(&key.text, known.iter().map(AsRef::as_ref)));
        let help = near.map_or_else(|| phrase!("take the line out: nothing says these words"), did_you_mean);
        self.findings.push(Finding::new(&rule::UNKNOWN_KEY, key.span, phrase!("no words are `{words}`", words = key.text)).help(help));
    }

    fn words(&mut self, key: &yaml::Key, value: &Node) -> Option<Arc<str>> {
        let Kind::Scalar { text, .. } = &value.kind else {
            let message = phrase!("`{key}` cannot be {kind}", key = key.text, kind = value.kind_name());
            self.findings.push(Finding::new(&rule::WRONG_TYPE, value.span, message).help(phrase!("write a text")));
            return None;
        };
        let of = |text: &str| word::places(text).map(str::to_owned).collect::<BTreeSet<_>>();
        let (wanted, written) = (of(&key.text), of(text));
        let listed =
            |places: &mut dyn Iterator<Item = &String>| places.map(|place| format!("`{{{place}}}`")).collect::<Vec<_>>().join(", ");
        let (lacking, strange) = (listed(&mut wanted.difference(&written)), listed(&mut written.difference(&wanted)));
        if lacking.is_empty() && strange.is_empty() {
            return Some(text.clone());
        }
        let message = match (lacking.as_str(), strange.as_str()) {
            (lacking, "") => phrase!("the translation of `{words}` lacks {names}", words = key.text, names = lacking),
            ("", strange) => {
                phrase!("the translation of `{words}` has, and the English does not, {names}", words = key.text, names = strange)
            }
            (lacking, strange) => phrase!(
                "the translation of `{words}` lacks {lacking} and has, and the English does not, {strange}",
                words = key.text,
                lacking = lacking,
                strange = strange
            ),
        };
        self.findings.push(
            Finding::new(&rule::INVALID_VALUE, value.span, message)
                .help(phrase!("what stands in braces is a place for a value: keep its name, and put it where your language wants it")),
        );
        None
    }
}

/// The built-in files as sources.
pub fn built_in() -> impl Iterator<Item = SourceFile> {
    let file = |(tag, text): &(&str, &str)| SourceFile {
        path: format!("{BUILT_IN_FOLDER}{tag}.yaml").into(),
        content: Content::Text((*text).into()),
    };
    BUILT_IN.iter().map(file)
}
