//! The one place that decides who sees what, before anything is linked or counted.
//!
//! Law: editing withheld material changes no byte of a lower view's output. So a view holds nothing that its audience may not see, and
//! whatever is counted, numbered or linked later comes from it alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::id::ItemId;
use crate::base::source::Sources;
use crate::read::catalogues::Catalogues;
use crate::read::crosswalk::Crosswalk;
use crate::read::decision::{Decision, Decisions};
use crate::read::document::Document;
use crate::read::project::Project;
use crate::read::register::{Register, Row, is_outward};
use crate::read::statement::{self, Statement};
use crate::read::tree::{Block, BlockKind, Body, Inline, InlineKind};
use crate::read::trust::Trust;
use crate::read::value::Classification;
use crate::read::{Parsed, Unread};

/// Who reads, and up to which classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// `public`, `auditor`, ...
    pub name: Arc<str>,
    /// The most restricted that it may see.
    pub up_to: Classification,
}

impl Audience {
    /// The audience that sees everything.
    pub fn highest(project: &Project) -> Self {
        Audience { name: "auditor".into(), up_to: project.highest() }
    }

    /// The audience of a name: a classification's, or `auditor`, who sees all.
    pub fn named(name: &str, project: &Project) -> Option<Self> {
        if name == "auditor" {
            return Some(Audience::highest(project));
        }
        project.classification_named(name).map(|up_to| Audience { name: name.into(), up_to })
    }

    /// Every audience of a project: one a classification below the highest, and the auditor.
    pub fn all(project: &Project) -> Vec<Self> {
        let lower = project.classifications.iter().take(project.classifications.len().saturating_sub(1));
        lower.filter_map(|name| Audience::named(name, project)).chain([Audience::highest(project)]).collect()
    }

    fn sees(&self, classification: Classification) -> bool {
        classification <= self.up_to
    }
}

/// The parsed sources less what an audience may not see.
#[derive(Clone, Debug)]
pub struct View {
    /// Who reads.
    pub audience: Audience,
    /// The sources, for the images that visible documents show.
    pub sources: Arc<Sources>,
    /// annexa.yaml.
    pub project: Arc<Project>,
    /// Frameworks.
    pub catalogues: Arc<Catalogues>,
    /// Crosswalks: those built in, and of the project's those that the audience may see.
    pub crosswalks: Arc<Vec<Crosswalk>>,
    /// What the project decides about pairs; who, when and why in the highest view only.
    pub decisions: Arc<Decisions>,
    /// Documents with their visible sections.
    pub documents: Vec<Arc<Document>>,
    /// What withheld documents publish of themselves.
    pub abstracts: Vec<Published>,
    /// What is named and given on request, by title.
    pub on_request: Vec<OnRequest>,
    /// Registers with their visible rows and fields.
    pub registers: Vec<Register>,
    /// Statements with their visible fields.
    pub statements: Vec<Statement>,
    /// What could not be read; only for the rules, which run on the highest view.
    pub unread: Arc<Unread>,
}

impl View {
    /// Whether the audience sees everything.
    pub fn is_whole(&self) -> bool {
        self.audience.up_to >= self.project.highest()
    }

    /// The settings of the trust site, where this audience gets it.
    pub fn trust(&self) -> Option<&Trust> {
        self.project.trust.as_ref().filter(|trust| trust.audiences.contains(&self.audience.up_to))
    }

    /// Whether nobody sees less: what is shown here may be found by everybody.
    pub fn is_public(&self) -> bool {
        self.audience.up_to == Classification(0)
    }
}

/// What a withheld document publishes of itself on purpose.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its identifier.
    pub id: ItemId,
    /// Its title.
    pub title: Arc<str>,
    /// Its type.
    pub kind: &'static str,
    /// Its abstract.
    pub text: Arc<Body>,
}

/// Something withheld that is named on purpose, by its title alone, since it is given on request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OnRequest {
    /// Its title.
    pub title: Arc<str>,
    /// Whether it is given under a non-disclosure agreement only.
    pub nda: bool,
}

/// What withheld documents and the settings name as given on request, by title: an order that says nothing of where the documents lie.
fn on_request(parsed: &Parsed, audience: &Audience) -> Vec<OnRequest> {
    let withheld = parsed.documents.iter().filter(|document| !audience.sees(document.classification));
    let documents = withheld
        .filter(|document| document.on_request.is_some_and(|named| audience.sees(named)))
        .map(|document| OnRequest { title: document.title.clone(), nda: document.nda });
    let settings = parsed.project.trust.iter().flat_map(|trust| &trust.on_request);
    let others = settings
        .filter(|request| audience.sees(request.classification))
        .map(|request| OnRequest { title: request.title.clone(), nda: request.nda });
    let mut named: Vec<OnRequest> = documents.chain(others).collect();
    named.sort();
    named.dedup();
    named
}

/// What `audience` may see of what was read.
pub fn view(parsed: &Parsed, audience: Audience) -> View {
    let whole = audience.up_to >= parsed.project.highest();
    let mut documents = Vec::with_capacity(parsed.documents.len());
    let mut abstracts = Vec::new();
    for document in &parsed.documents {
        if audience.sees(document.classification) {
            documents.push(visible_sections(document, &audience, &parsed.project));
        } else if let Some(summary) = document.summary.as_ref().filter(|summary| audience.sees(summary.classification)) {
            abstracts.push(Published {
                id: document.id.clone(),
                title: document.title.clone(),
                kind: document.kind,
                text: summary.text.clone(),
            });
        }
    }
    let visible_row = |register: &Register, row: &Row| {
        let mut row = row.clone();
        if !whole {
            let fields = row.fields.clone();
            row.fields.retain(|key| is_outward(key, register.kind.schema, &fields));
        }
        row
    };
    let registers = parsed.registers.iter().map(|register| Register {
        kind: register.kind,
        rows: register.rows.iter().filter(|row| audience.sees(row.classification)).map(|row| visible_row(register, row)).collect(),
    });
    let visible_statement = |statement: &Statement| {
        let mut visible = statement.clone();
        if !whole {
            visible.fields.retain(|key| is_outward(key, &statement::SCHEMA, &statement.fields));
        }
        visible
    };
    View {
        sources: parsed.sources.clone(),
        project: parsed.project.clone(),
        // Each view would have the same catalogues but for full texts of controls, which few projects have: only those make it copy them.
        catalogues: match parsed.catalogues.less_texts(|classification| audience.sees(classification)) {
            Some(open) => Arc::new(open),
            None => parsed.catalogues.clone(),
        },
        crosswalks: if whole { parsed.crosswalks.clone() } else { Arc::new(visible_crosswalks(parsed, &audience)) },
        decisions: if whole { parsed.decisions.clone() } else { Arc::new(bare_decisions(&parsed.decisions)) },
        registers: registers.filter(|register| !register.rows.is_empty()).collect(),
        statements: parsed.statements.iter().filter(|s| audience.sees(s.classification)).map(visible_statement).collect(),
        unread: if whole { parsed.unread.clone() } else { Arc::default() },
        on_request: on_request(parsed, &audience),
        documents,
        abstracts,
        audience,
    }
}

/// Crosswalks that come with Annexa, and those of the project with a mark that lets the audience see them: tables that a licence keeps inside
/// are unmarked.
fn visible_crosswalks(parsed: &Parsed, audience: &Audience) -> Vec<Crosswalk> {
    let sees = |crosswalk: &&Crosswalk| crosswalk.built_in || crosswalk.classification.is_some_and(|mark| audience.sees(mark));
    parsed.crosswalks.iter().filter(sees).cloned().collect()
}

/// Decisions hold for every view, as other settings do: a pair that is rejected must count nowhere. Who decided, and why, stays inside.
fn bare_decisions(decisions: &Decisions) -> Decisions {
    let bare = |decision: &Decision| Decision { by: None, date: None, rationale: None, ..decision.clone() };
    let pairs = decisions.pairs.iter().map(|(pair, decision)| (pair.clone(), bare(decision)));
    Decisions { off: decisions.off.clone(), pairs: pairs.collect() }
}

/// The document less the sections whose mark withholds them, with their footnotes.
fn visible_sections(document: &Arc<Document>, audience: &Audience, project: &Project) -> Arc<Document> {
    let withheld = |block: &Block| match &block.kind {
        BlockKind::Heading(heading) => heading
            .classification
            .as_ref()
            // A mark that names no classification is an error; until it is mended its section is withheld from all but the highest.
            .map(|mark| project.classification_named(&mark.value).unwrap_or_else(|| project.highest()))
            .filter(|mark| !audience.sees(*mark))
            .map(|_| heading.level),
        _ => None,
    };
    if !document.body.blocks.iter().any(|block| withheld(block).is_some()) {
        return document.clone();
    }
    let mut hidden_below: Option<u8> = None;
    let mut blocks = Vec::new();
    for block in &document.body.blocks {
        if let BlockKind::Heading(heading) = &block.kind {
            if hidden_below.is_some_and(|level| heading.level <= level) {
                hidden_below = None;
            }
            hidden_below = hidden_below.or_else(|| withheld(block));
        }
        if hidden_below.is_none() {
            blocks.push(block.clone());
        }
    }
    let mut visible = Document::clone(document);
    visible.body = renumbered(blocks, &document.body);
    Arc::new(visible)
}

/// The blocks that remain, with only the footnotes that they refer to, numbered anew.
fn renumbered(mut blocks: Vec<Block>, whole: &Body) -> Body {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut footnotes = Vec::new();
    let mut queue = Vec::new();
    for block in &mut blocks {
        block.each_inline_mut(&mut |inline| number(inline, &mut numbers, &mut queue));
    }
    // A footnote may refer to another one.
    while footnotes.len() < queue.len() {
        let Some(mut note) = queue.get(footnotes.len()).and_then(|old: &usize| whole.footnotes.get(*old)).cloned() else { break };
        for block in &mut note.blocks {
            block.each_inline_mut(&mut |inline| number(inline, &mut numbers, &mut queue));
        }
        footnotes.push(note);
    }
    Body::new(blocks, footnotes)
}

fn number(inline: &mut Inline, numbers: &mut BTreeMap<usize, usize>, queue: &mut Vec<usize>) {
    if let InlineKind::Footnote(index) = &mut inline.kind {
        *index = *numbers.entry(*index).or_insert_with(|| {
            queue.push(*index);
            queue.len() - 1
        });
    }
}
