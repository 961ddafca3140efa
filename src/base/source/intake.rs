//! Bytes into source files, the same for a folder and for a Git revision: text is decoded and its line ends made one kind.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Content, SourceFile, path};
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::word::{Phrase, counted, phrase};

/// Ends of paths, in lower case, of files that hold text.
const TEXT: &[&str] = &[".md", ".markdown", ".yaml", ".yml", ".html", ".css", ".js", ".typ", ".tmtheme", ".txt", ".json", ".svg", ".csv"];
/// Those that should say something.
const SAYS_SOMETHING: &[&str] = &[".md", ".markdown", ".yaml", ".yml"];

/// What a file that Git LFS keeps elsewhere begins with in its place (Git LFS specification, "The Pointer").
const LFS_HEAD: &[u8] = b"version https://git-lfs.github.com/spec/";
/// A pointer is shorter.
const LFS_LONGEST: usize = 1024;

/// The SHA-256 of the file that a pointer of Git LFS stands for, in lower-case hexadecimal digits; none for any other file, empty where it names no such digest.
pub(super) fn lfs_pointer(bytes: &[u8]) -> Option<&str> {
    if bytes.len() >= LFS_LONGEST || !bytes.starts_with(LFS_HEAD) {
        return None;
    }
    let digest = std::str::from_utf8(bytes).ok()?.lines().find_map(|line| line.strip_prefix("oid sha256:")).unwrap_or_default();
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    Some(if is_digest { digest } else { "" })
}

/// One file, and what there is to say about its bytes.
///
/// Text that is not valid UTF-8 stays among the sources with U+FFFD for what cannot be read, so that the rest of it is still checked and
/// references to it do not fail as well; the finding is an error, so none of it is ever published.
pub(super) fn take(path: Arc<str>, bytes: Vec<u8>) -> (SourceFile, Vec<Finding>) {
    let lower = path.to_lowercase();
    let is = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
    let mut findings = Vec::new();
    if lfs_pointer(&bytes).is_some() {
        findings.push(
            Finding::new(
                &rule::LFS_POINTER,
                Place::File(path.clone()),
                phrase!("`{path}` is a pointer of Git LFS, and the file itself is not there", path = path),
            )
            .help(phrase!("fetch it: `git lfs pull`, or `lfs: true` in the pipeline's checkout; for releases, `git lfs fetch --all`")),
        );
    }
    if !is(TEXT) {
        return (SourceFile { path, content: Content::Bytes(bytes.into()) }, findings);
    }
    let mut find = |rule, message: Phrase, help: Phrase| {
        findings.push(Finding::new(rule, Place::File(path.clone()), message).help(help));
    };

    let decoded = match std::str::from_utf8(&bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let (message, help) = undecodable(&path, &bytes, error.valid_up_to());
            find(&rule::NOT_UTF8, message, help);
            if is_utf16(&bytes) { Cow::Borrowed("") } else { String::from_utf8_lossy(&bytes) }
        }
    };
    let (text, marked) = decoded.strip_prefix('\u{feff}').map_or((decoded.as_ref(), false), |rest| (rest, true));
    if marked {
        find(
            &rule::BYTE_ORDER_MARK,
            phrase!("`{path}` begins with a byte order mark", path = path),
            phrase!("save it as UTF-8 without a byte order mark"),
        );
    }
    let (text, returns) = line_feeds_only(text);
    if let Some(words) = returns.words() {
        find(
            &rule::CARRIAGE_RETURN,
            phrase!("`{path}` has {words}; they are read as line feeds", path = path, words = words),
            phrase!("save it with line feeds only"),
        );
    }
    if is(SAYS_SOMETHING) && text.trim().is_empty() && !is_utf16(&bytes) {
        find(&rule::EMPTY_FILE, phrase!("`{path}` is empty", path = path), phrase!("write it, or remove the file"));
    }
    let text = Arc::from(text);
    (SourceFile { path, content: Content::Text(text) }, findings)
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

fn undecodable(path: &str, bytes: &[u8], offset: usize) -> (Phrase, Phrase) {
    let before = &bytes[..offset];
    let feeds = before.iter().filter(|byte| **byte == b'\n').count();
    let lone_returns = before.iter().enumerate().filter(|(at, byte)| **byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')).count();
    let (line, byte) = (1 + feeds + lone_returns, bytes.get(offset).copied().unwrap_or_default());
    let help = if is_utf16(bytes) { phrase!("it looks like UTF-16; save it as UTF-8") } else { phrase!("save it as UTF-8") };
    let byte = format!("0x{byte:02X}");
    (
        phrase!(
            "`{path}` is not valid UTF-8: byte {byte} at offset {offset}, on line {line}",
            path = path,
            byte = byte,
            offset = offset,
            line = line
        ),
        help,
    )
}

/// Carriage returns of a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Returns {
    before_feeds: usize,
    lone: usize,
}

impl Returns {
    fn words(&self) -> Option<Phrase> {
        let crlf = counted!("{n} line end of CR LF", "{n} line ends of CR LF", self.before_feeds);
        let lone = counted!("{n} line end of CR alone", "{n} line ends of CR alone", self.lone);
        match (self.before_feeds, self.lone) {
            (0, 0) => None,
            (_, 0) => Some(crlf),
            (0, _) => Some(lone),
            _ => Some(phrase!("{all} and {part}", all = crlf, part = lone)),
        }
    }
}

fn line_feeds_only(text: &str) -> (Cow<'_, str>, Returns) {
    let mut returns = Returns::default();
    if !text.contains('\r') {
        return (Cow::Borrowed(text), returns);
    }
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('\r');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        if part.starts_with('\n') {
            returns.before_feeds += 1;
        } else {
            returns.lone += 1;
            out.push('\n');
        }
        out.push_str(part);
    }
    (Cow::Owned(out), returns)
}

/// Pairs of paths, of files or of folders above them, that some system takes for one. Each pair once; files below two such folders are not
/// told one by one. `paths` is sorted.
pub(super) fn collisions(paths: &[Arc<str>]) -> Vec<Finding> {
    let mut first: HashMap<String, &str> = HashMap::new();
    // The path before, and where its folder ends that differs from another one only in case or form.
    let (mut last, mut told_of): (&str, Option<usize>) = ("", None);
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for pair in paths.windows(2).filter(|pair| pair[0] == pair[1]) {
        let message = phrase!("two files have the path `{path}` in different Unicode forms", path = pair[0]);
        findings.push(Finding::new(&rule::CASE_COLLISION, Place::File(pair[1].clone()), message).help(phrase!("rename one of them")));
    }
    for path in paths {
        // Folders that a path has in common with the one before it have been looked at.
        let common = path.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
        last = path;
        if told_of.is_some_and(|end| end < common) {
            continue;
        }
        told_of = None;
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at >= common).chain([path.len()]);
        for prefix in ends.map(|end| &path[..end]) {
            let other = *first.entry(path::folded(prefix)).or_insert(prefix);
            if other != prefix {
                if told.insert((other, prefix)) {
                    let message = if prefix.len() == path.len() {
                        phrase!("`{one}` and `{other}` differ only in case or Unicode form", one = other, other = prefix)
                    } else {
                        phrase!("the folders `{one}` and `{other}` differ only in case or Unicode form", one = other, other = prefix)
                    };
                    let help = phrase!("rename one of them: some systems cannot hold both");
                    findings.push(Finding::new(&rule::CASE_COLLISION, Place::File(path.clone()), message).help(help));
                }
                told_of = Some(prefix.len());
                break;
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, bytes: &[u8]) -> (String, Vec<String>) {
        let (file, findings) = take(path.into(), bytes.to_vec());
        (file.text().to_owned(), findings.into_iter().map(|f| format!("{}: {}", f.rule.code, f.message)).collect())
    }

    #[test]
    fn clean_text_is_taken_as_it_is() {
        assert_eq!(read("a.md", "Grüße\n".as_bytes()), ("Grüße\n".into(), vec![]));
    }

    #[test]
    fn an_attachment_keeps_its_bytes() {
        let bytes = b"\xef\xbb\xbf\r\n\xff";
        let (file, findings) = take("a.png".into(), bytes.to_vec());
        assert_eq!((file.bytes(), findings), (&bytes[..], vec![]));
    }

    #[test]
    fn a_bom_and_carriage_returns_go_and_are_told_once_a_file() {
        let (text, findings) = read("a.MD", b"\xef\xbb\xbfa\r\nb\rc\r\r\nd\r");
        assert_eq!(text, "a\nb\nc\n\nd\n");
        let returns = "carriage-return: `a.MD` has 2 line ends of CR LF and 3 line ends of CR alone; they are read as line feeds";
        assert_eq!(findings, ["byte-order-mark: `a.MD` begins with a byte order mark", returns]);
    }

    #[test]
    fn invalid_utf8_names_offset_and_line_and_the_rest_is_still_read() {
        let (text, findings) = read("a.yaml", b"a: 1\r\nb: \xe9t\xe9\nc: 2\n");
        assert_eq!(text, "a: 1\nb: \u{fffd}t\u{fffd}\nc: 2\n");
        assert_eq!(findings[0], "not-utf8: `a.yaml` is not valid UTF-8: byte 0xE9 at offset 9, on line 2");
        assert_eq!(findings.len(), 2, "the carriage return is told too");
    }

    #[test]
    fn utf16_is_recognised_and_not_read_as_noise() {
        let (text, findings) = read("a.md", b"\xff\xfe#\0 \0\xe9\0");
        assert_eq!((text.as_str(), findings.len()), ("", 1));
        assert_eq!(take("a.md".into(), b"\xff\xfe#\0".to_vec()).1[0].help, [phrase!("it looks like UTF-16; save it as UTF-8")]);
    }

    #[test]
    fn a_file_of_white_space_is_empty_where_it_should_say_something() {
        for bytes in [&b""[..], b" \n\t\n", b"\xef\xbb\xbf", b"\r\n"] {
            assert!(read("a.md", bytes).1.iter().any(|f| f == "empty-file: `a.md` is empty"), "{bytes:?}");
        }
        assert_eq!(read("a.css", b""), (String::new(), vec![]));
    }

    #[test]
    fn collisions_name_both_paths_and_folders_only_once() {
        let paths = ["C/a.md", "C/b.md", "c/a.md", "c/b.md", "d/X.md", "d/x.md", "e", "e"].map(Arc::from);
        let messages: Vec<String> = collisions(&paths).into_iter().map(|f| f.message.to_string()).collect();
        assert_eq!(
            messages,
            [
                "two files have the path `e` in different Unicode forms",
                "the folders `C` and `c` differ only in case or Unicode form",
                "`d/X.md` and `d/x.md` differ only in case or Unicode form",
            ]
        );
    }
}
