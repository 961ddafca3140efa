//! The starter manual, cut down to what fits the answers: files of a new project, all of them drafts.
//!
//! What is left out is decided in three ways, and no other: by `starter.yaml` for a document, section, register, row or statement; by the schema
//! for a field, since a date of the made-up company is nobody else's, and a reference leads only to what is there; by [`prose`](super::prose)
//! for the sentences of a text.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::emit::{self, Style, Value};
use super::marks;
use super::prose::{self, Knife, Name};
use super::starter::{self, List, When};
use super::{Answers, CouldNotRun};
use crate::base::id::{ControlId, EditionId};
use crate::base::yaml::{self, Node};
use crate::read::catalogues::Catalogues;
use crate::read::document;
use crate::read::register::{self, RegisterKind};
use crate::read::schema::{Kind, Schema};
use crate::read::statement;

/// What a required text says until its owner has.
const OPEN: &str = "To be decided by the owner.";

/// Why a control for providers does not apply to a customer.
const NO_CLOUD_SERVICE: &str = "We provide no cloud service.";

/// Makes the files of a project, without its settings. Says for which editions statements are among them.
pub(super) fn draft(answers: &Answers, catalogues: &Catalogues, today: Date) -> Result<(Files, BTreeSet<String>), CouldNotRun> {
    let list = starter::list()?;
    let documents = documents()?;
    let registers = registers()?;
    let mut plan = Plan {
        answers,
        catalogues,
        today,
        list: &list,
        names: names(&list, answers),
        words: Vec::new(),
        facts: list.facts.clone(),
        kept: BTreeSet::new(),
        dropped: BTreeSet::new(),
    };
    plan.words = list.words_unless.iter().filter(|(when, _)| !plan.holds_word(when)).flat_map(|(_, words)| words.clone()).collect();
    let facts: Vec<String> =
        list.facts_unless.iter().filter(|(when, _)| !plan.holds_word(when)).flat_map(|(_, facts)| facts.clone()).collect();
    plan.facts.extend(facts);
    plan.decide(&documents, &registers);

    let mut files = Vec::new();
    for document in documents.iter().filter(|document| plan.stays(&document.id)) {
        files.push((document.path.to_owned(), plan.document(document)));
    }
    for register in &registers {
        let mut rows: Vec<Value> =
            register.rows.iter().filter(|row| plan.stays(&row.id)).filter_map(|row| plan.row(register, row)).collect();
        if register.kind.name == register::SUPPLIERS.name {
            rows.extend(further_clouds(answers, register));
        }
        if !rows.is_empty() {
            let mut text = format!("register: {}\nrows:\n", register.kind.name);
            rows.iter().for_each(|row| emit::item_into(&mut text, row, 2));
            files.push((register.path.to_owned(), text));
        }
    }
    let mut stated = BTreeSet::new();
    for (path, text) in starter::FILES.iter().filter(|(path, _)| path.starts_with("content/controls/")) {
        let node = starter::parse(text)?;
        let edition = node.get("framework").map(starter::text).unwrap_or_default();
        if EditionId::parse(&edition).is_some_and(|id| catalogues.is_in_use(&id)) && stated.insert(edition.clone()) {
            files.push(((*path).to_owned(), plan.statements(&edition, node.get("statements"))));
        }
    }
    Ok((files, stated))
}

/// A row for each cloud after those that the starter manual has a row for.
fn further_clouds(answers: &Answers, register: &Register) -> Vec<Value> {
    let taken = register.rows.iter().filter_map(|row| row.id.rsplit_once('-')?.1.parse::<usize>().ok()).max().unwrap_or(0);
    let row = |(at, cloud): (usize, &String)| {
        let field = |key: &str, text: &str, style| (key.to_owned(), Value::Scalar(text.to_owned(), style));
        Value::Map(vec![
            field("id", &format!("SUP-{:03}", taken + 1 + at), Style::Plain),
            field("name", cloud, Style::Text),
            field("classification", "internal", Style::Plain),
            field("purpose", OPEN, Style::Text),
            field("kind", "saas", Style::Plain),
            field("personal_data", "false", Style::Plain),
            field("country", OPEN, Style::Text),
            field("owner", "it-lead", Style::Plain),
        ])
    };
    answers.clouds.iter().skip(2).enumerate().map(row).collect()
}

/// Paths and texts.
pub(super) type Files = Vec<(String, String)>;

struct Document {
    path: &'static str,
    id: String,
    front_matter: Node,
    body: &'static str,
}

struct Register {
    path: &'static str,
    kind: &'static RegisterKind,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    node: Node,
}

fn documents() -> Result<Vec<Document>, CouldNotRun> {
    let mut found = Vec::new();
    for (path, text) in starter::FILES.iter().filter(|(path, _)| path.ends_with(".md")) {
        let Some((front_matter, body)) = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")) else { continue };
        let front_matter = starter::parse(front_matter)?;
        let id = front_matter.get("id").map(starter::text).unwrap_or_default();
        found.push(Document { path, id, front_matter, body });
    }
    Ok(found)
}

fn registers() -> Result<Vec<Register>, CouldNotRun> {
    let mut found = Vec::new();
    for (path, text) in starter::FILES.iter().filter(|(path, _)| path.starts_with("content/registers/")) {
        let node = starter::parse(text)?;
        let name = node.get("register").map(starter::text).unwrap_or_default();
        let Some(kind) = register::KINDS.iter().find(|kind| kind.name == name) else { continue };
        let Some(yaml::Kind::Sequence(rows)) = node.get("rows").map(|node| &node.kind) else { continue };
        let row = |node: &Node| Row { id: node.get("id").map(starter::text).unwrap_or_default(), node: node.clone() };
        found.push(Register { path, kind, rows: rows.iter().map(row).collect() });
    }
    Ok(found)
}

fn names(list: &List, answers: &Answers) -> Vec<(String, Name)> {
    let name = |what: &String| match what.as_str() {
        "org.name" | "org.short_name" => Name::Insert(what.clone(), answers.organisation.clone()),
        "org.service" => Name::Insert(what.clone(), answers.service.clone()),
        "values.main_cloud" => answers.clouds.first().map_or(Name::Cut, |cloud| Name::Insert(what.clone(), cloud.clone())),
        "values.second_cloud" => answers.clouds.get(1).map_or(Name::Cut, |cloud| Name::Insert(what.clone(), cloud.clone())),
        _ => Name::Words(what.clone()),
    };
    list.names.iter().map(|(words, what)| (words.clone(), name(what))).collect()
}

struct Plan<'a> {
    answers: &'a Answers,
    catalogues: &'a Catalogues,
    today: Date,
    list: &'a List,
    names: Vec<(String, Name)>,
    /// Words that do not fit, and those that do.
    words: Vec<(String, String)>,
    /// Words whose sentences go.
    facts: Vec<String>,
    /// Ids of documents, roles and rows, and sections as `POL-004#leavers`.
    kept: BTreeSet<String>,
    /// Sections that are left out of a document that is not.
    dropped: BTreeSet<String>,
}

impl Plan<'_> {
    /// Takes what the list takes, then leaves out, again and again, rows that have lost a field which they must have.
    fn decide(&mut self, documents: &[Document], registers: &[Register]) {
        let list = self.list;
        for document in documents {
            if !list.documents.get(&document.id).is_some_and(|when| self.holds(when)) {
                continue;
            }
            self.kept.insert(document.id.clone());
            let mut dropping: Option<usize> = None;
            for (level, id) in marks::sections(document.body) {
                let section = format!("{}#{id}", document.id);
                dropping = dropping.filter(|dropped| level > *dropped);
                if dropping.is_none() && list.sections.get(&section).is_some_and(|when| !self.holds(when)) {
                    dropping = Some(level);
                }
                if dropping.is_some() {
                    self.dropped.insert(section)
                } else {
                    self.kept.insert(section)
                };
            }
        }
        for register in registers {
            let Some(decision) = list.registers.get(register.kind.name) else { continue };
            let rows = register.rows.iter().filter(|row| self.holds(decision.rows.get(&row.id).unwrap_or(&decision.take)));
            let rows: Vec<String> = rows.map(|row| row.id.clone()).collect();
            self.kept.extend(rows);
        }
        loop {
            let rows = registers.iter().flat_map(|register| register.rows.iter().map(move |row| (register, row)));
            let lost: Vec<String> = rows
                .filter(|(register, row)| self.kept.contains(&row.id) && self.row(register, row).is_none())
                .map(|(_, row)| row.id.clone())
                .collect();
            if lost.is_empty() {
                return;
            }
            lost.iter().for_each(|id| {
                self.kept.remove(id);
            });
        }
    }

    fn holds(&self, when: &When) -> bool {
        when.iter().all(|word| self.holds_word(word))
    }

    fn holds_word(&self, word: &str) -> bool {
        match word {
            "always" => true,
            "never" => false,
            "provider" => self.answers.role.provides(),
            "customer" => self.answers.role.uses(),
            "cloud-1" => !self.answers.clouds.is_empty(),
            "cloud-2" => self.answers.clouds.len() > 1,
            edition if edition.contains('@') => self.catalogues.in_use().any(|catalogue| catalogue.id.to_string() == edition),
            framework => self.catalogues.in_use().any(|catalogue| catalogue.id.framework.as_ref() == framework),
        }
    }

    /// Whether what a reference names is in the project: a document, a section, a row, a role, a control or a group of a framework in use.
    fn stays(&self, reference: &str) -> bool {
        let Some((edition, control)) = reference.split_once(':') else { return self.kept.contains(reference) };
        let Some(edition) = EditionId::parse(edition) else { return false };
        let in_use = self.catalogues.find(&edition).is_ok_and(|catalogue| self.catalogues.is_in_use(&catalogue.id));
        // What does not apply to this role is claimed by nobody.
        let applies = |id: &ControlId| self.list.statements.get(&id.to_string()).is_none_or(|when| self.holds(when));
        match self.catalogues.control(&edition, control) {
            Ok(control) => in_use && applies(&control.id),
            // What is a group in this edition can be a control in the one that the starter manual speaks of, as A.5.1 of ISO/IEC 27001.
            Err(_) => in_use && self.catalogues.group(&edition, control).is_some() && !self.is_control_elsewhere(&edition, control),
        }
    }

    fn is_control_elsewhere(&self, edition: &EditionId, control: &str) -> bool {
        let mut editions = self.catalogues.all().filter(|catalogue| catalogue.id.framework == edition.framework);
        editions.any(|catalogue| catalogue.control(control).is_some())
    }

    fn knife<'a>(&'a self, stays: &'a dyn Fn(&str) -> bool) -> Knife<'a> {
        Knife { stays, names: &self.names, facts: &self.facts }
    }

    /// A text of the starter manual in the words that fit the answers.
    fn worded(&self, text: &str) -> String {
        if self.words.is_empty() { text.to_owned() } else { prose::replaced(text, &self.words) }
    }

    fn document(&self, document: &Document) -> String {
        let mut entries = self.fields(&document.front_matter, &document::SCHEMA).unwrap_or_default();
        set(&mut entries, &self.list.set_in_documents, &document::SCHEMA);
        let stays = |reference: &str| self.stays(reference);
        let drops = |section: &str| self.dropped.contains(&format!("{}#{section}", document.id));
        let body = self.knife(&stays).markdown(self.worded(document.body).trim_start_matches('\n'), &drops);
        format!("---\n{}---\n\n{body}", emit::mapping(&entries, 0))
    }

    /// A row as it will be; nothing where a field that it must have is lost.
    fn row(&self, register: &Register, row: &Row) -> Option<Value> {
        let schema = register.kind.schema;
        let mut entries = self.fields(&row.node, schema)?;
        if let Some(decision) = self.list.registers.get(register.kind.name) {
            for key in &decision.keep {
                if let Some(node) = row.node.get(key) {
                    put(&mut entries, key, Value::Scalar(starter::text(node), Style::Text), schema);
                }
            }
            set(&mut entries, &decision.set, schema);
        }
        if let Some(cloud) = self.cloud(register, row)
            && let Some((_, name)) = entries.iter_mut().find(|(key, _)| key == "name")
        {
            *name = Value::Scalar(cloud.to_owned(), Style::Text);
        }
        let is_there = |key: &str| entries.iter().any(|(known, _)| known == key);
        schema.fields.iter().all(|field| !field.required || is_there(field.key)).then_some(Value::Map(entries))
    }

    /// The answer that names a supplier.
    fn cloud(&self, register: &Register, row: &Row) -> Option<&str> {
        let when = self.list.registers.get(register.kind.name)?.rows.get(&row.id)?;
        let place = when.iter().find_map(|word| word.strip_prefix("cloud-")?.parse::<usize>().ok())?;
        self.answers.clouds.get(place.checked_sub(1)?).map(String::as_str)
    }

    fn statements(&self, edition: &str, node: Option<&Node>) -> String {
        let mut text = format!("framework: {edition}\nstatements:\n");
        let Some(yaml::Kind::Mapping(statements)) = node.map(|node| &node.kind) else { return text };
        for (at, (control, node)) in statements.iter().enumerate() {
            let control = control.text.to_string();
            let fits = self.list.statements.get(&format!("{edition}:{control}")).is_none_or(|when| self.holds(when));
            let said = |key: &str| node.get(key).map(starter::text);
            let mut entries = self.fields(node, &statement::SCHEMA).unwrap_or_default();
            let fields = if !fits {
                let owner = said("owner").unwrap_or_default();
                entries.retain(|(key, _)| matches!(key.as_str(), "owner" | "review_every" | "classification"));
                entries.retain(|(key, _)| key != "owner");
                let mut fields = vec![
                    ("applicable".to_owned(), Value::Scalar("false".into(), Style::Plain)),
                    ("justification".to_owned(), Value::Scalar(NO_CLOUD_SERVICE.into(), Style::Text)),
                    ("owner".to_owned(), Value::Scalar(owner, Style::Text)),
                ];
                fields.extend(entries);
                fields
            } else {
                // What the made-up company does not need, a new one decides for itself: its reasons are not those.
                let applies = said("applicable").is_some_and(|applies| applies == "true");
                if applies {
                    set(&mut entries, &self.list.set_in_statements, &statement::SCHEMA);
                    let lacks = |entries: &[(String, Value)], key: &str| !entries.iter().any(|(known, _)| known == key);
                    if lacks(&entries, "reasons") {
                        put(
                            &mut entries,
                            "reasons",
                            Value::List(vec![Value::Scalar("best-practice".into(), Style::Text)]),
                            &statement::SCHEMA,
                        );
                    }
                    if lacks(&entries, "implementation") {
                        put(&mut entries, "implementation", Value::Scalar(OPEN.into(), Style::Text), &statement::SCHEMA);
                    }
                }
                entries
            };
            if at > 0 {
                text.push('\n');
            }
            text.push_str(&emit::mapping(&[(control, Value::Map(fields))], 2));
        }
        text
    }

    /// The fields of a mapping that remain, in the author's order; nothing where it is no mapping.
    fn fields(&self, node: &Node, schema: &Schema) -> Option<Vec<(String, Value)>> {
        let yaml::Kind::Mapping(entries) = &node.kind else { return None };
        let mut kept = Vec::new();
        for (key, value) in entries {
            let Some(field) = schema.field(&key.text) else { continue };
            let value = match self.value(value, &field.kind) {
                Some(value) => value,
                None if field.required && matches!(field.kind, Kind::Prose) => Value::Scalar(OPEN.into(), Style::Text),
                // A treatment is to be done some day; when, its owner says.
                None if field.required && field.key == "due" => {
                    let year = self.today.saturating_add(jiff::Span::new().years(1));
                    Value::Scalar(year.to_string(), Style::Plain)
                }
                None => continue,
            };
            kept.push((key.text.to_string(), value));
        }
        Some(kept)
    }

    /// What remains of a value.
    fn value(&self, node: &Node, kind: &Kind) -> Option<Value> {
        let text = || starter::text(node);
        let worded = || self.worded(&text());
        let stays = |reference: &str| self.stays(reference);
        let as_it_is = || {
            let yaml::Kind::Scalar { text, plain, .. } = &node.kind else { return None };
            Some(Value::Scalar(text.to_string(), if *plain { Style::Plain } else { Style::Text }))
        };
        match kind {
            Kind::Date => None,
            Kind::List(of) => {
                let one = std::slice::from_ref(node);
                let items = if let yaml::Kind::Sequence(items) = &node.kind { items.as_slice() } else { one };
                let items: Vec<Value> = items.iter().filter_map(|item| self.value(item, of)).collect();
                (!items.is_empty()).then_some(Value::List(items))
            }
            Kind::Record(schema) => {
                let role = node.get("role").map(starter::text);
                let ours = match role.as_deref() {
                    Some("provider") => self.answers.role.provides(),
                    Some("customer") => self.answers.role.uses(),
                    _ => true,
                };
                let entries = self.fields(node, schema).filter(|_| ours)?;
                let is_there = |key: &str| entries.iter().any(|(known, _)| known == key);
                schema.fields.iter().all(|field| !field.required || is_there(field.key)).then_some(Value::Map(entries))
            }
            Kind::Text => self.knife(&stays).plain(&worded()).map(|text| Value::Scalar(text, Style::Text)),
            Kind::Prose => {
                let text = self.knife(&stays).markdown(&worded(), &|_| false);
                let text = text.trim();
                (!text.is_empty()).then(|| Value::Scalar(text.to_owned(), Style::Text))
            }
            Kind::Reference | Kind::Control | Kind::Criterion | Kind::Role => {
                let word = text();
                let is_word = statement::REASONS.contains(&word.as_str()) || statement::COUNTERPARTIES.contains(&word.as_str());
                if is_word || self.stays(&word) { as_it_is() } else { None }
            }
            _ => as_it_is(),
        }
    }
}

/// Puts fields in their places, or takes them away.
fn set(entries: &mut Vec<(String, Value)>, set: &starter::Set, schema: &Schema) {
    for (key, value) in set {
        match value {
            Some(text) => put(entries, key, Value::Scalar(text.clone(), Style::Text), schema),
            None => entries.retain(|(known, _)| known != key),
        }
    }
}

/// Puts a field where it is, else where the schema has it.
fn put(entries: &mut Vec<(String, Value)>, key: &str, value: Value, schema: &Schema) {
    let order = |key: &str| schema.fields.iter().position(|field| field.key == key);
    match entries.iter_mut().find(|(known, _)| known == key) {
        Some((_, place)) => *place = value,
        None => {
            let place = entries.iter().rposition(|(known, _)| order(known) < order(key)).map_or(0, |at| at + 1);
            entries.insert(place, (key.to_owned(), value));
        }
    }
}
