//! What was read before, so that of sources that are nearly the same only what changed is read again.
//!
//! Law 4: what is remembered equals what would be read. A file of content is read from its own text, its place among the sources, the settings and the
//! frameworks: so it is remembered as long as all of these stay as they were, byte for byte. So are the files of languages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::project::ReadLanguages;
use super::{Frame, ReadFile, adopt};
use crate::base::source::{FileId, Sources};

/// What was read of the sources before.
#[derive(Default)]
pub struct Memory {
    sources: Option<Arc<Sources>>,
    pub(super) languages: Option<ReadLanguages>,
    pub(super) frame: Option<Arc<Frame>>,
    pub(super) files: BTreeMap<FileId, Arc<ReadFile>>,
}

impl Memory {
    /// Forgets all that does not hold for these sources.
    pub(super) fn forget_what_changed(&mut self, sources: &Sources) {
        let Some(before) = self.sources.take() else { return };
        let Some(changed) = changed(&before, sources) else {
            // Another file among them gives every later one another id, which all spans hold.
            *self = Memory::default();
            return;
        };
        if changed.iter().any(|id| !is_alone(&sources.file(*id).path)) {
            *self = Memory::default();
            return;
        }
        changed.iter().for_each(|id| drop(self.files.remove(id)));
    }

    pub(super) fn remember(&mut self, sources: &Arc<Sources>, files: impl Iterator<Item = (FileId, Arc<ReadFile>)>) {
        self.files = files.collect();
        self.sources = Some(sources.clone());
    }
}

/// Whether nothing but the file itself is read against what it says.
fn is_alone(path: &str) -> bool {
    let lies_with_content = path.starts_with("content/") || path.starts_with("records/") || adopt::is_text(path);
    // A template or theme may say words that a language then has to have.
    let is_of_the_look = path.starts_with("templates/") || path.starts_with("themes/");
    lies_with_content && !is_of_the_look && path != adopt::FRONT_MATTER_PATH
}

/// The files that differ; none where the paths themselves do.
fn changed(before: &Sources, now: &Sources) -> Option<Vec<FileId>> {
    let mut changed = Vec::new();
    let (mut old, mut new) = (before.iter(), now.iter());
    loop {
        match (old.next(), new.next()) {
            (None, None) => return Some(changed),
            (Some((_, old)), Some((id, new))) if old.path == new.path => {
                if !old.is_same(new) {
                    changed.push(id);
                }
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::word::word;
    use crate::read::{Parsed, built_in, parse, parse_again};

    const SETTINGS: &str = "format: 1\ntitle: Manual\norg: {name: Example Ltd}\nframeworks: [gdpr]\n";

    fn document(id: &str, text: &str) -> String {
        format!("---\nid: {id}\ntitle: Title\ntype: policy\nstatus: draft\n---\n\n{text}\n")
    }

    fn read(memory: &mut Memory, files: &[(&str, &str)]) -> Parsed {
        let sources = Arc::new(Sources::from_texts(files).with_files(built_in()));
        let (mut again, mut anew) = (Vec::new(), Vec::new());
        let parsed = parse_again(sources.clone(), memory, &mut again).unwrap();
        let clean = parse(sources, &mut anew).unwrap();
        assert_eq!(again, anew, "the findings are those of a reading without a memory");
        assert_eq!(format!("{:?}", parsed.documents), format!("{:?}", clean.documents));
        parsed
    }

    /// Which documents are the very values of before.
    fn kept(before: &Parsed, now: &Parsed) -> Vec<bool> {
        now.documents.iter().map(|document| before.documents.iter().any(|known| Arc::ptr_eq(known, document))).collect()
    }

    #[test]
    fn only_the_file_that_changed_is_read_again() {
        let (a, b) = (document("POL-001", "One."), document("POL-002", "[[broken"));
        let edited = document("POL-002", "Other words, {{ org.name }}.");
        let mut memory = Memory::default();
        let first = read(&mut memory, &[("annexa.yaml", SETTINGS), ("content/a.md", &a), ("content/b.md", &b)]);
        let same = read(&mut memory, &[("annexa.yaml", SETTINGS), ("content/a.md", &a), ("content/b.md", &b)]);
        assert_eq!(kept(&first, &same), [true, true]);
        let second = read(&mut memory, &[("annexa.yaml", SETTINGS), ("content/a.md", &a), ("content/b.md", &edited)]);
        assert_eq!(kept(&first, &second), [true, false]);
    }

    #[test]
    fn what_other_files_are_read_against_makes_all_of_them_be_read_again() {
        let (a, b) = (document("POL-001", "{{ org.name }}"), document("POL-002", "Two."));
        let mut memory = Memory::default();
        let first = read(&mut memory, &[("annexa.yaml", SETTINGS), ("content/a.md", &a), ("content/b.md", &b)]);
        let renamed = SETTINGS.replace("Example", "Another");
        let second = read(&mut memory, &[("annexa.yaml", &renamed), ("content/a.md", &a), ("content/b.md", &b)]);
        assert_eq!(kept(&first, &second), [false, false]);
        let added = document("POL-003", "Before the others.");
        let third = read(&mut memory, &[("annexa.yaml", &renamed), ("content/a.md", &a), ("content/a0.md", &added), ("content/b.md", &b)]);
        assert_eq!(kept(&second, &third), [false; 3], "every place in the files after it is another one");
    }

    #[test]
    fn a_language_is_read_again_when_its_file_is_another() {
        let settings = format!("{SETTINGS}language: fr\n");
        let contents = |parsed: &Parsed| parsed.project.language.say(word!("Contents")).to_owned();
        let mut memory = Memory::default();
        let first = read(&mut memory, &[("annexa.yaml", &settings), ("languages/fr.yaml", "Contents: Sommaire\n")]);
        let same = read(&mut memory, &[("annexa.yaml", &settings), ("languages/fr.yaml", "Contents: Sommaire\n")]);
        let second = read(&mut memory, &[("annexa.yaml", &settings), ("languages/fr.yaml", "Contents: Table\n")]);
        assert_eq!([first, same, second].each_ref().map(contents), ["Sommaire", "Sommaire", "Table"]);
    }

    #[test]
    fn a_language_is_read_again_when_a_template_says_other_words() {
        let own = "My words: Mes mots\n";
        let mut memory = Memory::default();
        for template in ["{{ \"My words\" | say }}", "Nothing.", "{{ \"My words\" | say }}"] {
            // The helper compares what is found with a reading without a memory.
            read(&mut memory, &[("annexa.yaml", SETTINGS), ("languages/fr.yaml", own), ("templates/notes.md", template)]);
        }
    }
}
