//! A redline for programs.

use serde_json::{Value, json};

use crate::history::redline::{ControlChange, DocumentChange, FieldChange, Found, Mark, Piece, Redline, RowChange, State, Words};
use crate::link::state::{self, Counts};

/// All of it, as one object. Words are in the manual's language, keys in English.
pub(super) fn print(redline: &Redline) -> Value {
    let state = |state: &State| json!({ "release": state.name.as_deref(), "date": state.date.to_string() });
    json!({
        "format": 1,
        "before": state(&redline.before),
        "after": state(&redline.after),
        "audience": redline.audience.as_ref(),
        "documents": redline.documents.iter().map(document).collect::<Vec<_>>(),
        "documents_no_longer_shown": redline.gone,
        "tables": redline.tables.iter().map(|table| json!({
            "name": table.name,
            "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
            "rows_no_longer_shown": table.gone,
        })).collect::<Vec<_>>(),
        "frameworks": redline.frameworks.iter().map(|framework| json!({
            "framework": framework.id.to_string(),
            "title": framework.title.as_ref(),
            "coverage": { "before": framework.counts.0.as_ref().map(counts), "after": framework.counts.1.as_ref().map(counts) },
            "controls": framework.controls.iter().map(control).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "lapsed": redline.lapsed.iter().map(|lapse| json!({
            "what": lapse.what,
            "title": redline.language.phrase(&lapse.title),
            "standing": redline.language.phrase(&lapse.standing),
        })).collect::<Vec<_>>(),
        "findings": {
            "new": redline.findings.new.iter().map(found).collect::<Vec<_>>(),
            "gone": redline.findings.gone.iter().map(found).collect::<Vec<_>>(),
        },
    })
}

fn found(found: &Found) -> Value {
    json!({
        "code": found.code,
        "severity": found.severity.name(),
        "message": found.message.to_string(),
        "path": found.path,
        "line": found.line,
    })
}

fn counts(counts: &Counts) -> Value {
    state::State::ALL.into_iter().map(|state| (state.key().to_owned(), Value::from(counts.of(state)))).collect()
}

fn control(control: &ControlChange) -> Value {
    json!({
        "control": control.id.to_string(),
        "title": control.title.as_ref(),
        "before": control.states.0.key(),
        "after": control.states.1.key(),
        "statement": control.statement,
        "documents": control.documents.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
    })
}

fn document(document: &DocumentChange) -> Value {
    json!({
        "id": document.id.as_str(),
        "title": document.title.as_ref(),
        "change": document.fate.key(),
        "version": { "before": document.versions.0.as_deref(), "after": document.versions.1.as_deref() },
        "words": { "inserted": document.amount.inserted, "deleted": document.amount.deleted },
        "sections_no_longer_shown": document.sections_gone,
        "front": document.front.iter().map(field).collect::<Vec<_>>(),
        "body": document.body.iter().map(piece).collect::<Vec<_>>(),
    })
}

fn row(row: &RowChange) -> Value {
    json!({ "id": row.id, "title": row.title, "change": row.fate.key(), "fields": row.fields.iter().map(field).collect::<Vec<_>>() })
}

fn field(field: &FieldChange) -> Value {
    json!({ "key": field.key, "words": words(&field.words) })
}

/// Words as a list of pairs: a mark (`=`, `+`, `-`), and the words.
fn words(words: &Words) -> Value {
    let mark = |mark| match mark {
        Mark::Same => "=",
        Mark::Inserted => "+",
        Mark::Deleted => "-",
    };
    words.runs.iter().map(|run| json!([mark(run.mark), run.text])).collect()
}

fn piece(piece: &Piece) -> Value {
    let pieces = |pieces: &[Piece]| -> Value { pieces.iter().map(self::piece).collect() };
    match piece {
        Piece::Heading { level, words: of, moved } => json!({ "kind": "heading", "level": level, "moved": moved, "words": words(of) }),
        Piece::Paragraph(of) => json!({ "kind": "paragraph", "words": words(of) }),
        Piece::List { start, items } => {
            json!({ "kind": "list", "start": start, "items": items.iter().map(|item| pieces(item)).collect::<Vec<_>>() })
        }
        Piece::Quote(of) => json!({ "kind": "quote", "pieces": pieces(of) }),
        Piece::Alert(word, of) => json!({ "kind": "alert", "alert": word, "pieces": pieces(of) }),
        Piece::Code(of) => json!({ "kind": "code", "words": words(of) }),
        Piece::Table { head, rows } => {
            let row = |cells: &[Words]| -> Value { cells.iter().map(words).collect() };
            json!({ "kind": "table", "head": row(head), "rows": rows.iter().map(|cells| row(cells)).collect::<Vec<_>>() })
        }
        Piece::Definitions(of) => {
            let definition = |(term, details): &(Words, Vec<Piece>)| json!({ "term": words(term), "pieces": pieces(details) });
            json!({ "kind": "definitions", "definitions": of.iter().map(definition).collect::<Vec<_>>() })
        }
        Piece::Notes(of) => json!({ "kind": "notes", "notes": of.iter().map(|note| pieces(note)).collect::<Vec<_>>() }),
        Piece::Unchanged(count) => json!({ "kind": "unchanged", "blocks": count }),
    }
}
