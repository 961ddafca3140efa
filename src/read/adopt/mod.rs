//! Files that were not written for Annexa: which are read, what their front matter means, and how what it lacks is made good.
//!
//! They stay where they lie and as they are. What Annexa has to know of one and it does not say stands in [`FRONT_MATTER_PATH`], or is the most careful
//! guess there is: a draft, of the highest classification. What cannot be read in them is a warning where leaving it out leaves the rest right
//! (`docs/decisions/0011-adopted-files.md`), so that an old folder builds on its first day.

mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::document;
use super::markdown::{self, Origin};
use super::project::Project;
use super::schema::{self, Context};
use super::tree::{self, Block, BlockKind, Body, Inline, InlineKind};
use super::value::Value;
use crate::base::digest::sha256;
use crate::base::finding::{Finding, Place, Severity, Span, did_you_mean, nearest};
use crate::base::id::ItemId;
use crate::base::rule::{self, Rule};
use crate::base::source::{FileId, Sources, path};
use crate::base::word::{Phrase, phrase, word};
use crate::base::yaml::{self, Key, Node};
pub use settings::{Adoption, IGNORE, SOURCES, is_text, selections};

/// Front matter for files that have none of their own, or lack some of it.
pub const FRONT_MATTER_PATH: &str = "content/front-matter.yaml";

/// What files lack an id of their own are known by, with a number made of their path.
const UNNAMED: &str = "DOC";

/// The table of [`FRONT_MATTER_PATH`].
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    entries: BTreeMap<Arc<str>, (Span, Node)>,
}

impl FrontMatter {
    /// Reads the file, where there is one. It may only speak of files that are adopted.
    pub(super) fn read(sources: &Sources, adoption: &Adoption, findings: &mut Vec<Finding>) -> Self {
        let Some(id) = sources.find(FRONT_MATTER_PATH) else { return FrontMatter::default() };
        let text = sources.file(id).text();
        let Some(node) = (!text.trim().is_empty()).then(|| yaml::parse(text, id, 0, findings)).flatten() else {
            return FrontMatter::default();
        };
        let shape = |node: &Node, message: Phrase, findings: &mut Vec<Finding>| {
            let help = phrase!("write `documents:` and below it, for each file by its path, the keys of its front matter");
            findings.push(Finding::new(&rule::WRONG_TYPE, node.span, message).help(help));
        };
        let yaml::Kind::Mapping(tops) = node.kind else {
            shape(&node, phrase!("the file cannot be {kind}", kind = node.kind_name()), findings);
            return FrontMatter::default();
        };
        let mut entries = BTreeMap::new();
        for (top, documents) in tops {
            if top.text.as_ref() != "documents" {
                let message = phrase!("{name} has no key `{key}`", name = format!("`{FRONT_MATTER_PATH}`"), key = top.text);
                findings.push(Finding::new(&rule::UNKNOWN_KEY, top.span, message).help(phrase!("its one key is `documents`")));
                continue;
            }
            let yaml::Kind::Mapping(documents) = documents.kind else {
                shape(&documents, phrase!("`{key}` cannot be {kind}", key = "documents", kind = documents.kind_name()), findings);
                continue;
            };
            for (key, entry) in documents {
                let path: Arc<str> = path::normal(&key.text).into();
                if !matches!(entry.kind, yaml::Kind::Mapping(_)) {
                    shape(&entry, phrase!("`{key}` cannot be {kind}", key = path, kind = entry.kind_name()), findings);
                } else if adoption.type_of(&path).is_none() || sources.find(&path).is_none() {
                    let known = sources.iter().map(|(_, file)| file.path.as_ref()).filter(|known| adoption.type_of(known).is_some());
                    let near = nearest(&path, known).map(did_you_mean);
                    findings.push(
                        Finding::new(&rule::UNRESOLVED_REFERENCE, key.span, phrase!("`{path}` is no document of `sources`", path = path))
                            .help_if(near)
                            .help(phrase!("correct the path, remove the entry, or have `sources` in annexa.yaml take the file")),
                    );
                } else {
                    entries.insert(path, (key.span, entry));
                }
            }
        }
        FrontMatter { entries }
    }
}

/// What a document is read by that was not written for Annexa.
pub(super) struct Adopted<'a> {
    kind: &'static str,
    defaults: &'a [(Key, Node)],
    adoption: &'a Adoption,
    front: Option<&'a (Span, Node)>,
    sources: &'a Sources,
}

impl<'a> Adopted<'a> {
    /// How a file is read; nothing for one that is not adopted.
    pub(super) fn of(path: &str, project: &'a Project, front: &'a FrontMatter, sources: &'a Sources) -> Option<Self> {
        let kind = project.adoption.type_of(path)?;
        let defaults = project.adoption.adopting(path).map_or(&[][..], |row| &row.defaults);
        Some(Adopted { kind, defaults, adoption: &project.adoption, front: front.entries.get(path), sources })
    }

    /// Its front matter, as if it had been written for Annexa, and its text.
    pub(super) fn parts(&self, file: FileId, path: &Arc<str>, text: &str, project: &Project, findings: &mut Vec<Finding>) -> (Node, Body) {
        let mut found = Vec::new();
        let is_led = text.lines().next().is_some_and(|line| line.trim_end() == "---");
        // A line of hyphens that nothing closes is a rule in Markdown, and begins no front matter.
        let split = document::split(file, text, &mut found).filter(|_| is_led);
        found.retain(|finding| finding.rule.code != rule::FRONT_MATTER_MISSING.code);
        let body_start = split.as_ref().map_or(0, |(_, start)| *start);
        let own = split.and_then(|(front, _)| yaml::parse(&text[front.clone()], file, front.start, &mut found));
        // What cannot be read may have said who may see the file.
        let is_unread = is_led && !own.as_ref().is_some_and(|own| own.is_null() || matches!(own.kind, yaml::Kind::Mapping(_)));
        let context =
            markdown::Context { path, values: &project.values, classifications: &project.classifications, kind: markdown::Kind::Adopted };
        let mut body = markdown::parse(&text[body_start..], Origin::At { file, offset: body_start }, &context, &mut found);
        body.blocks.retain(|block| !is_command(block));
        self.leave_out_missing_images(&mut body, &mut found);

        let whole = Span::new(file, 0..body_start);
        let mut entries = self
            .front
            .map_or_else(Vec::new, |(_, node)| if let yaml::Kind::Mapping(entries) = &node.kind { entries.clone() } else { Vec::new() });
        let context = Context { file, path, classifications: &project.classifications, values: &project.values };
        let unread = self.add_own(own, &mut entries, &context, &mut found);

        for (key, value) in self.defaults {
            // A default is for a file that says nothing, and not for one that says it in a way that cannot be read.
            let said = unread.contains(key.text.as_ref()) || is_unread && key.text.as_ref() == "classification";
            if !said && !entries.iter().any(|(known, _)| known.text == key.text) {
                entries.push((key.clone(), value.clone()));
            }
        }

        let first_line = Span::new(file, 0..text.lines().next().map_or(0, str::len));
        let mut put = |key: &str, value: &str| {
            if !entries.iter().any(|(known, _)| known.text.as_ref() == key) {
                entries.push((Key { text: key.into(), span: first_line }, scalar(value, first_line)));
                return true;
            }
            false
        };
        put("type", self.kind);
        put("status", "draft");
        let id = unnamed(path);
        if put("id", &id) {
            let help = phrase!(
                "describe it in `{path}`, or begin it with a line of `---`, then `id`, `title`, `owner` and `status`, then another line of `---`",
                path = FRONT_MATTER_PATH
            );
            let message = phrase!("this document has no id, and is known as `{id}` for as long as its path stays", id = id);
            found.push(
                Finding::new(&rule::FRONT_MATTER_MISSING, first_line, message).label(phrase!("nothing says what it is called")).help(help),
            );
        }
        let title = entries.iter().find(|(key, _)| key.text.as_ref() == "title").and_then(|(_, value)| value.text().cloned());
        match title {
            Some(title) => {
                let id = entries.iter().find(|(key, _)| key.text.as_ref() == "id").and_then(|(_, value)| value.text().cloned());
                _ = take_title(&mut body, Some((&title, id.as_deref().unwrap_or_default())));
            }
            None => {
                let title = take_title(&mut body, None).unwrap_or_else(|| title_of(path));
                entries.push((Key { text: "title".into(), span: first_line }, scalar(&title, first_line)));
            }
        }
        soften(&mut found, IN_TEXTS);
        findings.extend(found);
        (Node { kind: yaml::Kind::Mapping(entries), span: whole }, body)
    }

    /// Adds what the file says itself, by the meaning of its keys, where nothing else says it; what cannot be read is left out. Gives our keys that it seems to
    /// speak of and that could not be read.
    fn add_own(
        &self,
        own: Option<Node>,
        entries: &mut Vec<(Key, Node)>,
        context: &Context<'_>,
        found: &mut Vec<Finding>,
    ) -> BTreeSet<&'static str> {
        let mut unread = BTreeSet::new();
        let Some(own) = own.filter(|own| !own.is_null()) else { return unread };
        let yaml::Kind::Mapping(own) = own.kind else {
            let message = phrase!("{name} must be a mapping, and this is {kind}", name = word!("front matter"), kind = own.kind_name());
            found.push(Finding::new(&rule::WRONG_TYPE, own.span, message).help(phrase!("write keys and values, a line each")));
            return unread;
        };
        for (key, value) in own {
            let ours = match self.adoption.keys.get(&key.text) {
                Some(None) => continue,
                Some(Some(ours)) => Some(*ours),
                None => document::SCHEMA.field(&key.text).map(|field| field.key),
            };
            let Some(field) = ours.and_then(|ours| document::SCHEMA.field(ours)) else {
                let near = nearest(&key.text, document::SCHEMA.fields.iter().map(|field| field.key));
                unread.extend(near.and_then(|near| document::SCHEMA.field(near)).map(|field| field.key));
                let ignored = format!("{}: {IGNORE}", key.text);
                let help = match near {
                    Some(near) => phrase!(
                        "say it under `keys` in annexa.yaml, as in `{line}`, or `{ignored}`",
                        line = format!("{}: {near}", key.text),
                        ignored = ignored
                    ),
                    None => phrase!("say it under `keys` in annexa.yaml, or `{ignored}`", ignored = ignored),
                };
                let message = phrase!("nothing says what the key `{key}` means", key = key.text);
                found.push(Finding::new(&rule::UNKNOWN_KEY, key.span, message).help(help));
                continue;
            };
            if value.is_null() || entries.iter().any(|(known, _)| known.text.as_ref() == field.key) {
                continue;
            }
            let mut why = Vec::new();
            match schema::value_of(&value, field.key, field.kind, context, &mut why) {
                Some(Value::Reference(crate::base::id::Reference::Item { id, .. })) if field.key == "id" && id.is_role() => found.push(
                    Finding::new(&rule::INVALID_VALUE, value.span, phrase!("a document cannot have the id `{id}`", id = id))
                        .help(phrase!("write capitals, a hyphen and a number, as in `POL-004`")),
                ),
                // What is wrong with a part of it is told when the whole is decoded.
                Some(_) => entries.push((Key { text: field.key.into(), span: key.span }, value)),
                None => {
                    unread.insert(field.key);
                    found.extend(why);
                }
            }
        }
        unread
    }

    /// An image that is not there leaves its words.
    fn leave_out_missing_images(&self, body: &mut Body, found: &mut Vec<Finding>) {
        let notes = body.footnotes.iter_mut().flat_map(|note| &mut note.blocks);
        for block in body.blocks.iter_mut().chain(notes) {
            block.each_inline_mut(&mut |inline: &mut Inline| {
                let InlineKind::Image { path, alt, .. } = &inline.kind else { return };
                if path.is_empty() || self.sources.find(path).is_some() {
                    return;
                }
                found.push(
                    Finding::new(&rule::IMAGE_MISSING, inline.span, phrase!("there is no file `{path}` among the sources", path = path))
                        .label(phrase!("only its words are kept"))
                        .help(phrase!("put the image there, or have `sources` in annexa.yaml take it")),
                );
                inline.kind = InlineKind::Text(alt.clone());
            });
        }
    }
}

/// Lowers to warnings what was found in an adopted document once all were linked, where leaving it out leaves the rest right. What stands in front matter
/// is ours to read, and stays as it is.
pub fn soften_links(project: &Project, sources: &Sources, findings: &mut [Finding]) {
    const AT_LINKS: &[&Rule] = &[&rule::UNRESOLVED_REFERENCE, &rule::UNRESOLVED_SECTION, &rule::MISSING_GLYPH];
    if project.adoption.rows.is_empty() {
        return;
    }
    for finding in findings {
        let Place::Span(span) = finding.place else { continue };
        let file = sources.file(span.file);
        if project.adoption.type_of(&file.path).is_some() && span.start >= front_end(file.text()) {
            soften(std::slice::from_mut(finding), AT_LINKS);
        }
    }
}

/// Where the text of a file begins.
fn front_end(text: &str) -> u32 {
    let split = document::split(FileId(0), text, &mut Vec::new());
    split.map_or(0, |(_, start)| u32::try_from(start).unwrap_or(u32::MAX))
}

/// What reading leaves out or makes good in a text that was not written for Annexa. What could publish more than its author meant, or lose more than a
/// word, is not among it.
const IN_TEXTS: &[&Rule] = &[
    &rule::YAML_SYNTAX,
    &rule::YAML_TAB,
    &rule::YAML_DUPLICATE_KEY,
    &rule::UNKNOWN_KEY,
    &rule::UNKNOWN_VALUE,
    &rule::WRONG_TYPE,
    &rule::INVALID_VALUE,
    &rule::MISSING_KEY,
    &rule::FRONT_MATTER_MISSING,
    &rule::FRONT_MATTER_UNCLOSED,
    &rule::UNKNOWN_ATTRIBUTE,
    &rule::HEADING_LEVEL,
    &rule::EMPTY_HEADING,
    &rule::DUPLICATE_HEADING_ID,
    &rule::IMAGE_WITHOUT_ALT,
    &rule::IMAGE_MISSING,
    &rule::PIPE_IN_TABLE,
    &rule::UNSAFE_LINK,
    &rule::UNKNOWN_INSERTION,
    &rule::MISSING_FOOTNOTE,
    &rule::CONTROL_CHARACTER,
    &rule::UNRESOLVED_REFERENCE,
];

fn soften(findings: &mut [Finding], rules: &[&Rule]) {
    for finding in findings {
        if finding.severity == Severity::Error && rules.iter().any(|rule| rule.code == finding.rule.code) {
            finding.severity = Severity::Warning;
        }
    }
}

/// As [`soften`], for the findings about a file's own front matter.
pub(super) fn soften_own(file: FileId, findings: &mut [Finding]) {
    for finding in findings {
        if matches!(finding.place, Place::Span(span) if span.file == file) {
            soften(std::slice::from_mut(finding), IN_TEXTS);
        }
    }
}

fn scalar(text: &str, span: Span) -> Node {
    Node { kind: yaml::Kind::Scalar { text: text.into(), plain: false, lines: Arc::default() }, span }
}

/// Whether a paragraph is a word to another program: where contents should stand, or a page end.
fn is_command(block: &Block) -> bool {
    const COMMANDS: [&str; 7] = ["[toc]", "[[toc]]", "[[_toc_]]", "{:toc}", "\\toc", "\\newpage", "\\pagebreak"];
    matches!(&block.kind, BlockKind::Paragraph(content) if COMMANDS.contains(&tree::plain(content).trim().to_lowercase().as_str()))
}

/// What a file is known by that nothing gives an id: the same for as long as its path stays.
fn unnamed(path: &str) -> String {
    let digest = sha256(path.as_bytes());
    let number = u64::from_str_radix(digest.get(..12).unwrap_or("0"), 16).unwrap_or_default();
    let id = format!("{UNNAMED}-{:06}", number % 1_000_000);
    debug_assert!(ItemId::parse(&id).is_some());
    id
}

/// A title from a file's name: `access_control-policy.md` is "Access control policy".
pub fn title_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: String = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// Takes the heading out of a text that is its title: the one that it begins with, where that stands above all others, or says what the title is known to be,
/// perhaps behind the id. Of one that stands alone at the top, the others move up.
pub(super) fn take_title(body: &mut Body, known: Option<(&str, &str)>) -> Option<String> {
    let BlockKind::Heading(first) = &body.blocks.first()?.kind else { return None };
    let is_alone = body.headings().filter(|heading| heading.level <= first.level).count() == 1;
    let words = tree::plain(&first.content).split_whitespace().collect::<Vec<_>>().join(" ");
    let is_it = match known {
        None => is_alone,
        Some((title, id)) => {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
            let (said, title, id) = (letters(&words), letters(title), letters(id));
            said == title || said.strip_prefix(&id).is_some_and(|rest| rest == title)
        }
    };
    if !is_it || words.is_empty() || first.classification.is_some() || !first.claims.is_empty() {
        return None;
    }
    body.blocks.remove(0);
    for block in body.blocks.iter_mut().filter(|_| is_alone) {
        if let BlockKind::Heading(heading) = &mut block.kind {
            heading.level = heading.level.saturating_sub(1).max(2);
        }
    }
    Some(words)
}
