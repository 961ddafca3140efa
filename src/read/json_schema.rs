//! The tables of fields as JSON Schema (draft 7, which the editors' YAML language server reads best): for completion, hints and marks while writing.
//!
//! They say what the shape of a file is. Whether a reference finds anything, dates follow one another and identifiers are unique, only the checks know.

use serde_json::{Map, Value, json};

use super::schema::{Field, Kind, Schema};
use super::{adopt, approval, baseline, crosswalk, decision, document, framework, project, register, statement, theme};

/// The schema of one kind of file.
#[derive(Clone, Copy, Debug)]
pub struct FileSchema {
    /// Its name, as in `annexa schema register`.
    pub name: &'static str,
    /// What it describes.
    pub title: &'static str,
    /// Which files of a project these are, as an editor's pattern.
    pub files: &'static str,
    content: fn() -> Map<String, Value>,
}

/// The schemas, in the order of the formats.
pub const ALL: &[FileSchema] = &[
    FileSchema { name: "annexa", title: "The settings of a project", files: "annexa.yaml", content: || object(&project::SCHEMA) },
    FileSchema {
        name: "front-matter",
        title: "The front matter of a document",
        files: "content/**/*.md",
        content: || object(&document::SCHEMA),
    },
    FileSchema { name: "adopted", title: "Front matter for files that lack it", files: adopt::FRONT_MATTER_PATH, content: adopted_file },
    FileSchema { name: "register", title: "Rows of a register", files: "content/registers/*.yaml", content: register_file },
    FileSchema { name: "statements", title: "Statements of controls", files: "content/controls/*.yaml", content: statement_file },
    FileSchema {
        name: "framework",
        title: "The catalogue of a framework",
        files: "frameworks/*.yaml",
        content: || object(&framework::table::CATALOGUE),
    },
    FileSchema {
        name: "baseline",
        title: "A selection of controls",
        files: "frameworks/baselines/*.yaml",
        content: || object(&baseline::SCHEMA),
    },
    FileSchema {
        name: "crosswalk",
        title: "Pairs of controls of two editions",
        files: "frameworks/crosswalks/*.yaml",
        content: || object(&crosswalk::CROSSWALK),
    },
    FileSchema { name: "decisions", title: "Decisions on pairs", files: decision::PATH, content: || object(&decision::DECISIONS) },
    FileSchema {
        name: "theme",
        title: "Colours, faces, logo, page and cover",
        files: "themes/*/theme.yaml",
        content: || object(&theme::SCHEMA),
    },
    FileSchema {
        name: "approval",
        title: "An approval, as `annexa approve` writes it",
        files: "records/approvals/*.yaml",
        content: || object(&approval::SCHEMA),
    },
];

/// The schema of a file of a project, by its path from the project's folder.
pub fn of_path(path: &str) -> Option<&'static FileSchema> {
    let fits = |pattern: &str| match pattern.split_once('*') {
        None => path == pattern,
        Some((head, tail)) => path.strip_prefix(head).is_some_and(|rest| rest.ends_with(tail.trim_start_matches(['*', '/']))),
    };
    // What lies deeper is said more closely.
    ALL.iter().filter(|schema| fits(schema.files)).max_by_key(|schema| schema.files.len())
}

/// The schema of a name.
pub fn find(name: &str) -> Option<&'static FileSchema> {
    ALL.iter().find(|schema| schema.name == name)
}

impl FileSchema {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        format!("{}.schema.json", self.name)
    }

    /// The schema as a text, the same on every machine, with a line end.
    pub fn text(&self) -> String {
        let mut schema = (self.content)();
        schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        schema.insert("title".into(), json!(self.title));
        schema.insert("$comment".into(), json!(format!("Of Annexa {}, for {}", env!("CARGO_PKG_VERSION"), self.files)));
        format!("{:#}\n", Value::Object(schema))
    }
}

/// A file of a register: what its rows hold follows from its name.
fn register_file() -> Map<String, Value> {
    let names: Vec<&str> = register::KINDS.iter().map(|kind| kind.name).collect();
    let rows = |kind: &register::RegisterKind| {
        json!({
            "if": { "properties": { "register": { "const": kind.name } }, "required": ["register"] },
            "then": { "properties": { "rows": { "type": "array", "items": object(kind.schema) } } },
        })
    };
    let rows: Vec<Value> = register::KINDS.iter().map(|kind| rows(kind)).collect();
    members(json!({
        "type": "object",
        "properties": {
            "register": { "description": "Which register the rows belong to.", "enum": names },
            "rows": { "description": "The rows, in the order in which they are shown.", "type": "array" },
        },
        "required": ["register", "rows"],
        "additionalProperties": false,
        "allOf": rows,
    }))
}

fn adopted_file() -> Map<String, Value> {
    let mut front = object(&document::SCHEMA);
    // Any part of it may stand in the file itself.
    front.remove("required");
    members(json!({
        "type": "object",
        "properties": {
            "documents": {
                "description": "Front matter by the path of the file; it counts before what the file says itself.",
                "type": "object",
                "additionalProperties": front,
            },
        },
        "required": ["documents"],
        "additionalProperties": false,
    }))
}

fn statement_file() -> Map<String, Value> {
    members(json!({
        "type": "object",
        "properties": {
            "framework": { "description": "The edition whose controls these are.", "type": "string", "pattern": EDITION, "examples": ["iso27001@2022"] },
            "statements": {
                "description": "What is decided and done, by the identifier of the control.",
                "type": "object",
                "additionalProperties": object(&statement::SCHEMA),
            },
        },
        "required": ["framework", "statements"],
        "additionalProperties": false,
    }))
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn object(schema: &Schema) -> Map<String, Value> {
    let properties: Map<String, Value> = schema.fields.iter().map(|field| (field.key.to_owned(), property(field))).collect();
    let required: Vec<&str> = schema.fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    let mut object = members(json!({ "type": "object", "properties": properties, "additionalProperties": false }));
    if !required.is_empty() {
        object.insert("required".into(), json!(required));
    }
    object
}

fn property(field: &Field) -> Value {
    let mut property = members(of(field.kind));
    property.insert("description".into(), json!(field.description()));
    Value::Object(property)
}

const ITEM: &str = "^([A-Z][A-Z0-9]{0,11}-[0-9]{1,9}|[a-z][a-z0-9-]*)$";
const ROLE: &str = "^[a-z][a-z0-9-]*$";
const EDITION: &str = "^[A-Za-z0-9.-]+(@[A-Za-z0-9.-]+)?$";
const CONTROL: &str = "^\\s*[A-Za-z0-9.-]+(@[A-Za-z0-9.-]+)?\\s*:\\s*\\S.*$";
const REFERENCE: &str = "^\\s*([A-Z][A-Z0-9]{0,11}-[0-9]{1,9}(#.+)?|[a-z][a-z0-9-]*(#.+)?|[A-Za-z0-9.-]+(@[A-Za-z0-9.-]+)?\\s*:\\s*\\S.*)$";
const CRITERION: &str = "^\\s*([A-Z][A-Z0-9]{0,11}-[0-9]{1,9}(#.+)?|[A-Za-z0-9.-]+(@[A-Za-z0-9.-]+)?(\\s*:\\s*\\S.*)?)$";

/// A value of a kind. What YAML takes for a number or a flag where a text is wanted is read as it is written, and so may stand here too.
fn of(kind: Kind) -> Value {
    let text = |pattern: &str, examples: &[&str]| json!({ "type": "string", "pattern": pattern, "examples": examples });
    match kind {
        Kind::Text | Kind::Prose => json!({ "type": ["string", "number", "boolean"] }),
        Kind::Date => text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", &["2026-03-02"]),
        Kind::Period => text("^[0-9]+ +(day|week|month|year)s?$", &["12 months", "30 days"]),
        Kind::Integer(low, i64::MAX) => json!({ "type": "integer", "minimum": low }),
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Colour => text("^#[0-9A-Fa-f]{6}$", &["#0b5d66"]),
        Kind::Url => text("^https?://", &["https://status.example.com"]),
        Kind::Mail => text("^[^@\\s]+@[^@\\s]+$", &["security@example.com"]),
        Kind::Contact => text("^(https?://|[^@\\s]+@[^@\\s]+$)", &["security@example.com"]),
        Kind::Item => text(ITEM, &["POL-004"]),
        Kind::Role => text(ROLE, &["ciso"]),
        Kind::Reference => text(REFERENCE, &["POL-004", "POL-004#leavers", "iso27001:A.5.15"]),
        Kind::Control => text(CONTROL, &["iso27001:A.5.15"]),
        Kind::Criterion => text(CRITERION, &["POL-004", "iso27001:9.2", "iso27001@2022"]),
        Kind::Edition => text(EDITION, &["iso27001@2022"]),
        Kind::Language => text("^[a-z]{2}(-[A-Z]{2})?$", &["en", "de-CH"]),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Classification => json!({ "type": "string", "examples": ["public", "customer", "internal", "confidential"] }),
        Kind::List(kind @ Kind::Record(_)) => json!({ "type": "array", "items": of(*kind) }),
        // A single value is read as a list of one.
        Kind::List(kind) => json!({ "anyOf": [{ "type": "array", "items": of(*kind) }, of(*kind)] }),
        Kind::Record(schema) => Value::Object(object(schema)),
        Kind::Texts => json!({ "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } }),
    }
}
