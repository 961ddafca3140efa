//! How a reference is written, and how it is written for another control in the same style.

use std::ops::Range;

use super::{Move, Use};
use crate::base::edit::Edits;
use crate::base::finding::Span;
use crate::base::id::{EditionId, Reference};
use crate::link::manual::Manual;
use crate::read::value::Value;

/// Where a name that stands alone is written, without quotes. None where it is escaped, folded or otherwise not what it reads.
pub(super) fn of_name(text: &str, span: Span, reference: &Reference) -> Option<Range<usize>> {
    let written = text.get(span.range())?;
    let unquoted = ['"', '\''].iter().find_map(|&quote| written.strip_prefix(quote)?.strip_suffix(quote));
    let start = span.range().start + usize::from(unquoted.is_some());
    named(unquoted.unwrap_or(written), start, reference)
}

/// Where an edition, or a group of one, is written.
pub(super) fn of_criterion(text: &str, span: Span, value: &Value) -> Option<Range<usize>> {
    match value {
        Value::Reference(reference) => of_name(text, span, reference),
        Value::Edition(edition) => {
            let written = text.get(span.range())?;
            let unquoted = ['"', '\''].iter().find_map(|&quote| written.strip_prefix(quote)?.strip_suffix(quote));
            let start = span.range().start + usize::from(unquoted.is_some());
            let written = unquoted.unwrap_or(written);
            (EditionId::parse(written).as_ref() == Some(edition)).then(|| start..start + written.len())
        }
        _ => None,
    }
}

/// Where the name is written in a wikilink: `[[name]]`, `[[name|words]]`, in a table `[[name\|words]]`.
pub(super) fn of_link(text: &str, span: Span, reference: &Reference) -> Option<Range<usize>> {
    let inside = text.get(span.range())?.strip_prefix("[[")?;
    let end = [inside.find('|'), inside.find("]]")].into_iter().flatten().min()?;
    let name = &inside[..end];
    named(name.strip_suffix('\\').unwrap_or(name), span.range().start + 2, reference)
}

fn named(written: &str, start: usize, reference: &Reference) -> Option<Range<usize>> {
    let start = start + (written.len() - written.trim_start().len());
    let written = written.trim();
    (Reference::parse(written).as_ref() == Some(reference)).then(|| start..start + written.len())
}

/// An edition in the style of what is written before the colon: in full where it is, or where the framework alone would mean another one.
pub(super) fn edition_in_style(written: &str, edition: &EditionId, default: Option<&EditionId>) -> String {
    let (framework, explicit) = written.split_once('@').map_or((written.trim(), false), |(framework, _)| (framework.trim(), true));
    match &edition.edition {
        Some(name) if explicit || default != Some(edition) => format!("{framework}@{name}"),
        _ => framework.to_owned(),
    }
}

/// Whether an identifier can stand wherever references do without quotes: in a flow list, in a heading's attributes, in a table.
pub(super) fn is_plain(id: &str) -> bool {
    id.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '(' | ')' | '&' | '/' | '+'))
}

/// Writes every use of a control anew: with the name of what it becomes, or, where it stays, so that it goes on meaning what it meant.
pub(super) fn respell(manual: &Manual, one: &Move, default: Option<&EditionId>, edits: &mut Edits) {
    for used in &one.uses {
        match one.target().filter(|_| used.fixed.is_none()) {
            Some(target) => write(manual, used, &target.edition, Some(&target.control), default, edits),
            None => keep(manual, used, &one.control.id.edition, default, edits),
        }
    }
}

/// Has a name of a control of `edition` go on meaning what it means.
pub(super) fn keep(manual: &Manual, used: &Use, edition: &EditionId, default: Option<&EditionId>, edits: &mut Edits) {
    write(manual, used, edition, None, default, edits);
}

fn write(manual: &Manual, used: &Use, edition: &EditionId, control: Option<&str>, default: Option<&EditionId>, edits: &mut Edits) {
    let Some(token) = &used.token else { return };
    let text = manual.view.sources.file(used.span.file).text();
    let written = text.get(token.clone()).unwrap_or_default();
    let new = match written.split_once(':') {
        Some((before, after)) => format!("{}:{}", edition_in_style(before, edition, default), control.unwrap_or(after)),
        None => edition_in_style(written, edition, default),
    };
    if new != written {
        edits.replace(Span::new(used.span.file, token.clone()), new);
    }
}
