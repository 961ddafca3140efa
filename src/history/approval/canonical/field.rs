//! Fields of rows and statements, in the order of their schema.

use super::Context;
use super::block;
use super::line::Lines;
use crate::read::schema::Schema;
use crate::read::value::{Record, Value};

/// Writes the fields of a record that pass. A list is written an item a line, sorted where its items are single values; a text of blocks and a record follow
/// their key one level deeper.
pub(super) fn fields(
    lines: &mut Lines,
    depth: usize,
    schema: &'static Schema,
    record: &Record,
    shows: impl Fn(&str) -> bool,
    context: &Context<'_>,
) {
    for field in schema.fields.iter().filter(|field| shows(field.key)) {
        if let Some(value) = record.get(field.key) {
            write(lines, depth, field.key, value, context);
        }
    }
}

/// Writes a record below its key, its fields in the order of their names.
pub(super) fn record(lines: &mut Lines, depth: usize, key: &str, record: &Record, context: &Context<'_>) {
    lines.keyword(depth, key);
    for (key, field) in record.iter() {
        write(lines, depth + 1, key, &field.value, context);
    }
}

fn write(lines: &mut Lines, depth: usize, key: &str, value: &Value, context: &Context<'_>) {
    match value {
        Value::Prose(body) => {
            lines.keyword(depth, key);
            block::body(lines, depth + 1, body, context);
        }
        Value::Record(nested) => record(lines, depth, key, nested, context),
        Value::List(items) => {
            let mut single: Vec<String> = items.iter().filter_map(|item| one(&item.value, context)).collect();
            single.sort();
            single.dedup();
            for text in single {
                lines.words(depth, key, &text);
            }
            for item in items.iter().filter(|item| one(&item.value, context).is_none()) {
                write(lines, depth, key, &item.value, context);
            }
        }
        Value::Texts(texts) => {
            lines.keyword(depth, key);
            for (name, text) in texts {
                lines.words(depth + 1, name, &text.value);
            }
        }
        value => lines.words(depth, key, &one(value, context).unwrap_or_default()),
    }
}

/// A value that stands in one line.
fn one(value: &Value, context: &Context<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Period(period) => Some(period.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Flag(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        Value::Reference(reference) => Some(context.reference(reference)),
        Value::Edition(edition) => Some(context.edition(edition)),
        Value::Word(word) => Some((*word).to_owned()),
        Value::Classification(classification) => Some(context.project.classification_name(*classification).to_owned()),
        Value::Prose(_) | Value::List(_) | Value::Record(_) | Value::Texts(_) => None,
    }
}
