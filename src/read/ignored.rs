//! Files that lie where sources do and are not read: a wrong ending or folder must not drop a document without a word.

use super::adopt;
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::source::Sources;
use crate::base::word::{Phrase, phrase};

/// Ends of names, in lower case, of what people write documents, registers and catalogues in. Others (pictures, readmes) are nobody's loss.
const MEANT: &[&str] = &[
    ".md",
    ".markdown",
    ".mdown",
    ".mkd",
    ".mdx",
    ".yaml",
    ".yml",
    ".json",
    ".csv",
    ".xlsx",
    ".xls",
    ".ods",
    ".docx",
    ".doc",
    ".odt",
    ".rtf",
    ".rst",
    ".adoc",
    ".txt",
    ".html",
];

/// Says which files of `content/` and `frameworks/` are not read, and what to do about each.
pub(super) fn check(sources: &Sources, findings: &mut Vec<Finding>) {
    for (_, file) in sources.iter() {
        let help = match file.path.split_once('/') {
            Some(("content", rest)) => in_content(rest),
            Some(("frameworks", rest)) => in_frameworks(rest),
            _ => None,
        };
        if let Some(help) = help {
            findings.push(
                Finding::new(&rule::IGNORED_FILE, Place::File(file.path.clone()), phrase!("`{path}` is not read", path = file.path))
                    .help(help),
            );
        }
    }
}

/// Whether a path, below its top folder, ends in one of these in any case.
fn ends(path: &str, ends: &[&str]) -> bool {
    let lower = path.to_lowercase();
    ends.iter().any(|end| lower.ends_with(end))
}

fn renamed(path: &str, end: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    format!("{stem}{end}")
}

fn in_content(path: &str) -> Option<Phrase> {
    let top = path.split_once('/').map_or("", |(top, _)| top);
    let of_rows = matches!(top, "registers" | "controls");
    let is_yaml = ends(path, &[".yaml", ".yml"]);
    let is_read = format!("content/{path}") == adopt::FRONT_MATTER_PATH
        || path.ends_with(".md")
        || of_rows && (path.ends_with(".yaml") || path.ends_with(".yml"));
    if is_read || top == "assets" || !ends(path, MEANT) {
        return None;
    }
    Some(if ends(path, &[".md", ".markdown", ".mdown", ".mkd", ".mdx"]) {
        phrase!("rename it to `{path}`: documents end in `.md`", path = renamed(&format!("content/{path}"), ".md"))
    } else if is_yaml && of_rows {
        phrase!("rename it to `{path}`", path = renamed(&format!("content/{path}"), ".yaml"))
    } else if is_yaml {
        phrase!("registers lie in `content/registers/`, control statements in `content/controls/`: move it there")
    } else {
        phrase!("write documents in Markdown (`.md`); what is only linked to goes to `content/assets/`")
    })
}

fn in_frameworks(path: &str) -> Option<Phrase> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let known = matches!(folder, "" | "crosswalks" | "baselines");
    if known && path.ends_with(".yaml") {
        return None;
    }
    if ends(path, &[".yaml", ".yml"]) {
        return Some(if known {
            let path = renamed(&format!("frameworks/{path}"), ".yaml");
            phrase!("rename it to `{path}`: catalogues and crosswalks end in `.yaml`", path = path)
        } else {
            phrase!(
                "catalogues lie in `frameworks/` itself, crosswalks in `frameworks/crosswalks/`, baselines in `frameworks/baselines/`: move it there"
            )
        });
    }
    ends(path, &[".json", ".csv", ".xlsx", ".xls", ".ods"])
        .then(|| phrase!("`annexa catalog import` makes a catalogue of it; keep the original outside `frameworks/`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(path: &str) -> Option<String> {
        let mut findings = Vec::new();
        check(&Sources::from_texts(&[(path, "text")]), &mut findings);
        findings.pop().map(|finding| finding.help.iter().map(Phrase::to_string).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn what_is_read_and_what_nobody_would_read_is_passed_over() {
        for path in [
            "annexa.yaml",
            "content/policies/pol-001.md",
            "content/registers/risks.yaml",
            "content/controls/iso27001.yml",
            "content/assets/plan.docx",
            "content/assets/rows.YAML",
            "content/policies/plan.svg",
            "frameworks/own.yaml",
            "frameworks/crosswalk.yaml",
            "frameworks/crosswalks/ccm@4.1--gdpr.yaml",
            "frameworks/baselines/nist80053@r5--moderate.yaml",
            "frameworks/README.md",
            "templates/a.yaml",
            "records/x.yml",
        ] {
            assert_eq!(help(path), None, "{path}");
        }
    }

    #[test]
    fn what_was_meant_to_be_read_is_told_with_what_to_do() {
        let told = |path: &str, words: &str| assert!(help(path).is_some_and(|help| help.contains(words)), "{path}: {:?}", help(path));
        told("content/policies/POL-004.MD", "`content/policies/POL-004.md`");
        told("content/policies/pol-004.markdown", "`content/policies/pol-004.md`");
        told("content/registers/risks.YAML", "`content/registers/risks.yaml`");
        told("content/suppliers.yaml", "`content/registers/`");
        told("content/policies/rows.yml", "`content/registers/`");
        told("content/policies/pol.docx", "Markdown");
        told("frameworks/own.yml", "`frameworks/own.yaml`");
        told("frameworks/old/own.yaml", "`frameworks/crosswalks/`");
        told("frameworks/crosswalks/a--b.yml", "`frameworks/crosswalks/a--b.yaml`");
        told("frameworks/ccm.xlsx", "annexa catalog import");
    }
}
