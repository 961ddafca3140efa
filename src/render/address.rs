//! Where each page lies in the output, and how one page's address reads from another.
//!
//! A PDF lies beside the page on the same matter, under the same name.

use crate::base::id::{ControlId, EditionId, ItemId};
use crate::read::json_schema::FileSchema;

/// The PDF of the whole manual.
pub(crate) const MANUAL_PDF: &str = "manual.pdf";

/// The page of the Statement of Applicability.
pub(crate) const SOA: &str = "soa.html";

/// The PDF beside a page.
pub(crate) fn pdf(page: &str) -> String {
    format!("{}.pdf", page.strip_suffix(".html").unwrap_or(page))
}

/// The page of a document.
pub(crate) fn document(id: &ItemId) -> String {
    format!("documents/{}.html", slug(id.as_str()))
}

/// The page of a control.
pub(crate) fn control(id: &ControlId) -> String {
    format!("controls/{}/{}.html", slug(&id.edition.to_string()), slug(&id.control))
}

/// The page of an edition of a framework.
pub(crate) fn framework(id: &EditionId) -> String {
    format!("frameworks/{}.html", slug(&id.to_string()))
}

/// The page of what is left of a framework.
pub(crate) fn gap(id: &EditionId) -> String {
    format!("gaps/{}.html", slug(&id.to_string()))
}

/// The page of a register; some have one that is made for them.
pub(crate) fn register(name: &str) -> String {
    match name {
        "roles" | "certificates" | "measures" => format!("{name}.html"),
        "questions" => "answers.html".into(),
        _ => format!("registers/{name}.html"),
    }
}

/// The page of what changed since an earlier release.
pub fn changes(since: &str) -> String {
    format!("changes/since-{}.html", slug(since))
}

/// In which releases each document changed.
pub const PAST: &str = "changes/past.json";

/// The JSON Schema of a kind of file, for the editors of those who write.
pub(crate) fn schema(schema: &FileSchema) -> String {
    format!("schemas/{}", schema.file_name())
}

/// The row of a register, on its page.
pub(crate) fn row(register_name: &str, id: &ItemId) -> String {
    format!("{}#{id}", register(register_name))
}

/// A file of the project that a visible text shows or links: `content/assets/scope.svg` lies at `files/assets/scope.svg`.
pub(crate) fn file(path: &str) -> String {
    format!("files/{}", path.strip_prefix("content/").unwrap_or(path))
}

/// What leads from a page back to the top: empty, `../` or `../../`.
pub(crate) fn root(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

/// Lower case, with `-` for all but a-z, 0-9, `.` and `@`. Two that meet are a finding where artifacts are gathered.
pub(crate) fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '@') { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// A path as part of an address: what a URL cannot hold in a path is percent-encoded.
pub(crate) fn encoded(path: &str) -> String {
    percent_encoded(path, b"-._~@!$()*+,/")
}

/// An id as the part of an address after `#`.
pub(crate) fn fragment(id: &str) -> String {
    percent_encoded(id, b"-._~@!$()*+,/:")
}

fn percent_encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_lie_by_edition_in_lower_case() {
        let at = |edition: &str, id: &str| control(&ControlId { edition: EditionId::parse(edition).unwrap(), control: id.into() });
        assert_eq!(at("ccm@4.1", "A&A-01"), "controls/ccm@4.1/a-a-01.html");
        assert_eq!(at("nist80053@r5", "AC-2(1)"), "controls/nist80053@r5/ac-2-1-.html");
        assert_eq!(at("gdpr", "32(1)(b)"), "controls/gdpr/32-1--b-.html");
        assert_eq!(at("iso27001@2022", "../../x\u{e4}"), "controls/iso27001@2022/..-..-x-.html");
    }

    #[test]
    fn pages_know_the_way_back() {
        assert_eq!([root("index.html"), root("documents/a.html"), root("controls/ccm@4.1/x.html")], ["", "../", "../../"]);
    }

    #[test]
    fn files_are_encoded_in_addresses() {
        assert_eq!(encoded(&file("content/assets/\u{dc}ber #1 50%.svg")), "files/assets/%C3%9Cber%20%231%2050%25.svg");
    }
}
