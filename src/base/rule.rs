//! The rules that findings name: a stable code, a usual severity, a sentence, and a page in `docs/rules/`.

use Severity::{Error, Note, Warning};

use super::word::{Word, word};

/// How much a finding matters: an error stops a build, a warning may be raised to one by `--deny`, a note is only said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The build stops before anything is written.
    Error,
    /// The build goes on.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// The word printed for it.
    pub fn word(self) -> Word {
        match self {
            Severity::Error => word!("error"),
            Severity::Warning => word!("warning"),
            Severity::Note => word!("note"),
        }
    }

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A rule that a finding can name. The checks themselves live where the values are: in `read` while reading, in `link::rule` for the whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code in kebab case, as used by `--deny CODE` and `annexa explain CODE`.
    pub code: &'static str,
    /// The severity of its findings, where they do not say otherwise.
    pub severity: Severity,
    /// One sentence.
    pub summary: &'static str,
    /// The page of documentation, in Markdown: why it matters, an example, what to do.
    pub page: &'static str,
}

/// The rule of a code.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code == code)
}

/// Why the findings of a rule whose severity is `error` cannot be let pass.
pub const WRONG_OUTPUT: &str = "what it finds would make an output wrong, or say what its audience may not see";

impl Rule {
    /// Whether a finding of it can come and go with the day alone, though nobody has changed a thing. What an author writes about a day that lies ahead is
    /// an author's doing, and no such rule's.
    pub fn is_of_dates(&self) -> bool {
        const OF_DATES: [&Rule; 7] = [
            &REVIEW_OVERDUE,
            &ACTION_OVERDUE,
            &EVIDENCE_STALE,
            &IMPLEMENTED_ON_STALE_EVIDENCE,
            &INHERITED_CERTIFICATE_EXPIRED,
            &SECURITY_TXT_EXPIRED,
            &EXCEPTION_EXPIRED,
        ];
        OF_DATES.iter().any(|rule| rule.code == self.code)
    }

    /// Why no exception can be made from it, if none can: errors are about outputs that would be wrong, some rules are about exceptions, and what other
    /// commands than `check` find is no matter of a place in the sources.
    pub fn never_excepted(&self) -> Option<&'static str> {
        const OF_EXCEPTIONS: [&Rule; 5] =
            [&EXCEPTION_INCOMPLETE, &EXCEPTION_EXPIRED, &EXCEPTION_UNUSED, &EXCEPTION_NOT_ALLOWED, &BASELINE_OUTDATED];
        const OF_OTHERS: [&Rule; 6] =
            [&SHALLOW_CLONE, &TAG_UNUSABLE, &RELEASE_ALTERED, &CHANGES_UNRELEASED, &RELEASE_UNREADABLE, &NOT_COMPARED];
        let is_among = |rules: &[&Rule]| rules.iter().any(|rule| rule.code == self.code);
        if self.severity == Error {
            Some(WRONG_OUTPUT)
        } else if is_among(&OF_EXCEPTIONS) {
            Some("it is about exceptions and known findings themselves")
        } else if is_among(&OF_OTHERS) {
            Some("it is about releases or outputs, and not about a place in the sources")
        } else {
            None
        }
    }
}

macro_rules! rules {
    ($($name:ident: $code:literal, $severity:ident, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $name: Rule = Rule {
                code: $code,
                severity: $severity,
                summary: $summary,
                page: include_str!(concat!("../../docs/rules/", $code, ".md")),
            };
        )*

        /// Every rule, in the order of the stages that find them.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    // sources
    SOURCE_UNREADABLE: "source-unreadable", Error, "A file or folder of the project could not be read.";
    SYMLINK_OUTSIDE: "symlink-outside", Error, "A symbolic link leads out of the project, in a circle, or to nothing.";
    LFS_POINTER: "lfs-pointer", Error, "A file is a pointer of Git LFS, and what it points to is not there.";
    FILE_TOO_LARGE: "file-too-large", Error, "A source file is larger than the limit in annexa.yaml.";
    PATH_UNUSABLE: "path-unusable", Error, "A file's path cannot be used: it is not Unicode, or holds control characters, a backslash, or climbs out of the project.";
    CASE_COLLISION: "case-collision", Error, "Two paths differ only in case or Unicode form, and cannot both exist on every system.";
    NOT_UTF8: "not-utf8", Error, "A text file is not valid UTF-8.";
    BYTE_ORDER_MARK: "byte-order-mark", Warning, "A text file begins with a byte order mark.";
    CARRIAGE_RETURN: "carriage-return", Note, "A text file has carriage returns in its line ends.";
    EMPTY_FILE: "empty-file", Error, "A source file that should say something is empty.";
    // yaml
    YAML_SYNTAX: "yaml-syntax", Error, "The YAML cannot be parsed.";
    YAML_TAB: "yaml-tab", Error, "A tab is used where YAML wants spaces.";
    YAML_DUPLICATE_KEY: "yaml-duplicate-key", Error, "A key stands twice in one mapping.";
    YAML_LIMIT: "yaml-limit", Error, "The YAML nests too deeply, repeats too much by aliases, or is too large.";
    UNKNOWN_KEY: "unknown-key", Error, "A key is not one that the format knows.";
    UNKNOWN_VALUE: "unknown-value", Error, "A value is not one of those that the format allows.";
    MISSING_KEY: "missing-key", Error, "A required key is missing.";
    WRONG_TYPE: "wrong-type", Error, "A value has the wrong shape: a list where a text belongs, say.";
    INVALID_VALUE: "invalid-value", Error, "A value cannot be read: a date, a duration, a number, an identifier.";
    // project
    SHALLOW_CLONE: "shallow-clone", Warning, "The clone lacks older commits, and perhaps releases.";
    TAG_UNUSABLE: "tag-unusable", Warning, "A tag with the name of a release leads to no commit.";
    RELEASE_ALTERED: "release-altered", Warning, "A release differs from what was published of it, and is built again.";
    RELEASE_UNKNOWN: "release-unknown", Error, "annexa.yaml names a release that there is not.";
    CHANGES_UNRELEASED: "changes-unreleased", Warning, "The sources have changes that no release shows.";
    RELEASE_UNREADABLE: "release-unreadable", Warning, "A release cannot be read by this version of Annexa.";
    PROJECT_MISSING: "project-missing", Error, "There is no annexa.yaml.";
    UNSUPPORTED_FORMAT: "unsupported-format", Error, "The format version is not one that this version of Annexa reads.";
    UNKNOWN_FRAMEWORK: "unknown-framework", Error, "A framework or edition is not in any catalogue.";
    FRAMEWORK_NOT_IN_USE: "framework-not-in-use", Warning, "A reference names a framework that annexa.yaml does not list.";
    UNKNOWN_REGISTER: "unknown-register", Error, "A register file names no register that the format knows.";
    INVALID_CATALOGUE: "invalid-catalogue", Error, "A catalogue contradicts itself.";
    UNKNOWN_PAIR: "unknown-pair", Error, "A decision on a pair does not fit the crosswalks.";
    PAIR_DECIDED_TWICE: "pair-decided-twice", Error, "A pair of a crosswalk is decided twice.";
    CATALOGUE_DIFFERS: "catalogue-differs", Warning, "A project's catalogue of a built-in edition has other controls than the built-in one.";
    IMPORT_UNREADABLE: "import-unreadable", Error, "A file cannot be imported: it is damaged, too large, or of a format that Annexa does not read.";
    LOW_CONTRAST: "low-contrast", Warning, "A colour of the theme is too pale for text.";
    UNTRANSLATED_WORDS: "untranslated-words", Warning, "A language file of the project lacks words.";
    IGNORED_FILE: "ignored-file", Warning, "A file lies where sources do and is not read.";
    // markdown
    FRONT_MATTER_MISSING: "front-matter-missing", Error, "A document has no front matter.";
    FRONT_MATTER_UNCLOSED: "front-matter-unclosed", Error, "The closing --- of the front matter is missing.";
    RAW_HTML: "raw-html", Warning, "Raw HTML is left out of the output.";
    UNKNOWN_ATTRIBUTE: "unknown-attribute", Error, "A heading has an attribute that the format does not know.";
    HEADING_SKIPPED: "heading-skipped", Error, "A heading is more than one level below the one before.";
    HEADING_LEVEL: "heading-level", Error, "A heading of level 1 stands in the text; the title is the document's level 1.";
    EMPTY_HEADING: "empty-heading", Error, "A heading has no words.";
    DUPLICATE_HEADING_ID: "duplicate-heading-id", Error, "Two headings of a document have the same id.";
    IMAGE_WITHOUT_ALT: "image-without-alt", Error, "An image has no alternative text.";
    IMAGE_MISSING: "image-missing", Error, "An image's file does not exist or is not an image.";
    PIPE_IN_TABLE: "pipe-in-table", Error, "A bare pipe splits a reference in a table cell.";
    UNSAFE_LINK: "unsafe-link", Error, "A link's scheme is not one that may be published.";
    UNKNOWN_INSERTION: "unknown-insertion", Error, "A value between double braces names nothing in annexa.yaml.";
    INSERTION_NOT_READ: "insertion-not-read", Warning, "A value between double braces stands in a field without markup, where nothing is inserted.";
    MISSING_FOOTNOTE: "missing-footnote", Error, "A footnote is referred to and not written.";
    UNUSED_FOOTNOTE: "unused-footnote", Warning, "A footnote is written and nothing refers to it.";
    CONTROL_CHARACTER: "control-character", Error, "The text holds a control character or a bidirectional override.";
    TOO_DEEP: "too-deep", Error, "The text nests too deeply.";
    // identifiers and references
    DUPLICATE_ID: "duplicate-id", Error, "Two documents or rows have the same id.";
    PATH_CLASH: "path-clash", Error, "Two things would be written to the same output file.";
    UNRESOLVED_REFERENCE: "unresolved-reference", Error, "A reference names a document, row or file that does not exist.";
    UNRESOLVED_SECTION: "unresolved-section", Error, "A reference names a section that the document does not have.";
    UNKNOWN_CONTROL: "unknown-control", Error, "A reference names a control that the edition does not have.";
    WITHDRAWN_CONTROL: "withdrawn-control", Error, "A claim or statement names a withdrawn control.";
    WITHHELD_REFERENCE: "withheld-reference", Warning, "Something visible to more readers refers to something withheld from some of them.";
    ORPHAN_DOCUMENT: "orphan-document", Warning, "Nothing refers to a document and it claims no control.";
    // documents
    DOCUMENT_WITHOUT_OWNER: "document-without-owner", Warning, "A document has no owner.";
    DOCUMENT_WITHOUT_APPROVER: "document-without-approver", Warning, "A document has no approver.";
    DOCUMENT_WITHOUT_VERSION: "document-without-version", Warning, "A document has no version.";
    APPROVED_WITHOUT_DATE: "approved-without-date", Error, "An approved document has no approval date.";
    APPROVED_IN_FUTURE: "approved-in-future", Warning, "An approval date lies in the future.";
    DATES_OUT_OF_ORDER: "dates-out-of-order", Warning, "A document takes effect before it is approved.";
    VERSION_NOT_IN_HISTORY: "version-not-in-history", Warning, "The version of a document has no row in its history.";
    REVIEW_NOT_PLANNED: "review-not-planned", Warning, "An approved document says nothing about when it is reviewed.";
    REVIEW_OVERDUE: "review-overdue", Warning, "A document, statement or row is due for review.";
    CLASSIFICATION_LOWERED: "classification-lowered", Error, "A mark on a section would lower the classification of its document.";
    RETIRED_REFERENCED: "retired-referenced", Warning, "A document in force refers to a retired one.";
    VAGUE_DUTY: "vague-duty", Warning, "A duty in an approved policy does not say how often, when or how much.";
    CLIMATE_NOT_ADDRESSED: "climate-not-addressed", Warning, "The context does not say whether climate change is relevant.";
    MANDATORY_DOCUMENT_MISSING: "mandatory-document-missing", Warning, "Documented information that ISO/IEC 27001 asks for does not exist.";
    // approvals
    APPROVAL_MISSING: "approval-missing", Warning, "Something counts as approved, and no valid approval of it is recorded.";
    CHANGED_SINCE_APPROVAL: "changed-since-approval", Warning, "Something has changed since it was approved.";
    APPROVER_IS_AUTHOR: "approver-is-author", Warning, "A role has approved what it has written.";
    APPROVER_NOT_ALLOWED: "approver-not-allowed", Warning, "A role has approved what it may not approve.";
    APPROVAL_UNSIGNED: "approval-unsigned", Warning, "An approval is not signed, though signers are listed.";
    SIGNATURE_INVALID: "signature-invalid", Error, "The signature of an approval does not fit what it signs.";
    SIGNER_UNKNOWN: "signer-unknown", Warning, "The signer of an approval is not listed, or not for this role.";
    // statements
    STATEMENT_MISSING: "statement-missing", Error, "A control of ISO/IEC 27001 Annex A, or a cloud control in use, has no statement.";
    DUPLICATE_STATEMENT: "duplicate-statement", Error, "Two statements decide the same control.";
    NOT_APPLICABLE_WITHOUT_REASON: "not-applicable-without-reason", Error, "A control is not applicable and nothing says why.";
    APPLICABLE_WITHOUT_REASON: "applicable-without-reason", Warning, "A control is applicable and nothing says why.";
    STATEMENT_WITHOUT_STATUS: "statement-without-status", Error, "An applicable control's statement has no status or no implementation.";
    UNDOCUMENTED_CONTROL: "undocumented-control", Warning, "No document meets an applicable control.";
    IMPLEMENTED_WITHOUT_EVIDENCE: "implemented-without-evidence", Warning, "A control is implemented and nothing shows it.";
    IMPLEMENTED_ON_STALE_EVIDENCE: "implemented-on-stale-evidence", Warning, "A control is implemented and all that shows it is older than its review period.";
    IMPLEMENTED_ON_FAILED_EVIDENCE: "implemented-on-failed-evidence", Warning, "A control is implemented and a row of its evidence shows a failure.";
    NO_DOCUMENT_IN_FORCE: "no-document-in-force", Warning, "Every document of an applicable control is a draft or retired.";
    EXCLUDED_CONTROL_CLAIMED: "excluded-control-claimed", Warning, "A document claims a control that the Statement of Applicability excludes.";
    SOA_WITHOUT_APPROVAL: "soa-without-approval", Warning, "The Statement of Applicability names no approver, or no date of approval.";
    SOA_CHANGED_SINCE_APPROVAL: "soa-changed-since-approval", Warning, "A statement was reviewed after the Statement of Applicability was approved.";
    RESPONSIBILITY_INCOMPLETE: "responsibility-incomplete", Warning, "A responsibility does not say the duty of whoever bears it.";
    RESPONSIBILITY_MISSING: "responsibility-missing", Warning, "A cloud control says nothing of a cloud relationship that exists.";
    INHERITED_WITHOUT_CERTIFICATE: "inherited-without-certificate", Warning, "Controls are inherited from a supplier that has no certificate.";
    INHERITED_CERTIFICATE_EXPIRED: "inherited-certificate-expired", Warning, "Controls are inherited from a supplier whose certificates have expired.";
    // registers
    EVIDENCE_STALE: "evidence-stale", Warning, "A row of evidence is older than it may be.";
    EVIDENCE_FAILED: "evidence-failed", Warning, "A row of evidence shows a failure.";
    ACTION_OVERDUE: "action-overdue", Warning, "A treatment, corrective action or objective is past its due date.";
    RISK_WITHOUT_TREATMENT: "risk-without-treatment", Warning, "A risk is to be modified and no treatment says how.";
    TREATED_BY_EXCLUDED_CONTROL: "treated-by-excluded-control", Warning, "A risk is treated by a control that is not applicable.";
    DATES_CONTRADICT: "dates-contradict", Warning, "The dates of a row contradict each other or its status.";
    DONE_IN_FUTURE: "done-in-future", Warning, "A row says that something was done on a date that lies ahead.";
    RISK_NOT_ACCEPTED: "risk-not-accepted", Warning, "A residual risk is accepted by nobody.";
    PROCESSOR_WITHOUT_AGREEMENT: "processor-without-agreement", Warning, "A supplier handles personal data and no agreement is recorded.";
    CERTIFICATE_EXTENDS_NOTHING: "certificate-extends-nothing", Warning, "A certificate entry of ISO/IEC 27017 or 27018 names no certificate of ISO/IEC 27001 that it extends.";
    PROVISION_WITHOUT_MEASURE: "provision-without-measure", Warning, "No measure is listed for a provision of Article 32 of the GDPR.";
    NOTICE_TOO_SHORT: "notice-too-short", Warning, "A subprocessor was announced later than customers were promised.";
    // exceptions and baseline
    EXCEPTION_INCOMPLETE: "exception-incomplete", Warning, "An exception does not say what it is for, why, whose it is, or until when.";
    EXCEPTION_EXPIRED: "exception-expired", Warning, "An exception has expired.";
    EXCEPTION_UNUSED: "exception-unused", Warning, "An exception matches no finding.";
    EXCEPTION_NOT_ALLOWED: "exception-not-allowed", Warning, "An exception is from a rule that knows none.";
    BASELINE_OUTDATED: "baseline-outdated", Note, "A baseline lists findings that are gone.";
    // trust site
    TRUST_INCOMPLETE: "trust-incomplete", Warning, "The trust site lacks something that it needs.";
    SECURITY_TXT_EXPIRED: "security-txt-expired", Warning, "The day on which security.txt expires has passed, or lies more than a year ahead.";
    // output
    TEMPLATE_ERROR: "template-error", Error, "A template of the site or PDF failed.";
    MISSING_GLYPH: "missing-glyph", Error, "No font has a character of the text.";
    PDF_FAILED: "pdf-failed", Error, "The PDF could not be made.";
    EXPORT_FAILED: "export-failed", Error, "A spreadsheet could not be made.";
    // what is published
    WITHHELD_PUBLISHED: "withheld-published", Error, "An output says something that is withheld from its audience.";
    OUTPUT_UNREADABLE: "output-unreadable", Error, "A file of an output cannot be looked into, so that nothing can be proved of it.";
    MANIFEST_MISSING: "manifest-missing", Error, "A folder has no manifest of Annexa's, or one that cannot be read.";
    AUDIENCE_DIFFERS: "audience-differs", Error, "An output was made for another audience than the one it is verified for.";
    OUTPUT_MISSING: "output-missing", Error, "A file that the manifest lists is not in the folder.";
    OUTPUT_CHANGED: "output-changed", Error, "A file differs from what the manifest says of it.";
    OUTPUT_ADDED: "output-added", Error, "A file lies in the folder that the manifest does not list.";
    MANIFEST_SIGNATURE_INVALID: "manifest-signature-invalid", Error, "The signature of a manifest does not fit it.";
    MANIFEST_SIGNER_UNKNOWN: "manifest-signer-unknown", Error, "A manifest is signed by a key that no list of allowed signers names for it.";
    MANIFEST_UNSIGNED: "manifest-unsigned", Error, "A manifest has no signature, where one is asked for.";
    ORIGIN_MISSING: "origin-missing", Error, "A PDF does not say what it was made from.";
    SOURCES_DIFFER: "sources-differ", Error, "An output or a PDF was made from other sources than those at hand.";
    REBUILD_DIFFERS: "rebuild-differs", Error, "The same sources give other bytes than those that were published.";
    NOT_COMPARED: "not-compared", Warning, "An output or a PDF could not be made again, so that its bytes were not compared.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_that_begins_with_its_code_and_summary() {
        for rule in ALL {
            let head = format!("# {}\n\n{}\n", rule.code, rule.summary);
            assert!(rule.page.starts_with(&head), "docs/rules/{}.md should begin with:\n{head}", rule.code);
            assert!(rule.page.contains("## What to do"), "docs/rules/{}.md says what to do", rule.code);
        }
    }

    #[test]
    fn codes_are_unique() {
        for rule in ALL {
            assert_eq!(ALL.iter().filter(|other| other.code == rule.code).count(), 1, "{}", rule.code);
        }
    }
}
