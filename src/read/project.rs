//! `annexa.yaml`: the organisation, the frameworks in use, settings of site and PDF.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::adopt::{self, Adoption};
use super::approval;
use super::document::STATUSES;
use super::language::Languages;
use super::markdown::Values;
use super::schema::{self, Context, Field, Kind, Schema};
use super::theme::{self, Theme, Wins};
use super::trust::{self, Trust};
use super::value::{Classification, Record, Value};
use crate::base::finding::{Finding, Place, Span, Spanned};
use crate::base::id::{EditionId, ItemId};
use crate::base::language::Language;
use crate::base::rule;
use crate::base::source::{FileId, Scope, Sources, path};
use crate::base::word::{Word, phrase, word};
use crate::base::yaml;

/// The path of the settings in a project.
pub const PATH: &str = "annexa.yaml";

/// The classifications of a project that names none, the lowest first.
const CLASSIFICATIONS: [&str; 4] = ["public", "customer", "internal", "confidential"];

static ORGANISATION: Schema = Schema {
    name: Word::name("`org`"),
    fields: &[
        Field::new("name", "Name", Kind::Text).about("The legal name; inserted by {{ org.name }}.").required(),
        Field::new("short_name", "Short name", Kind::Text).about("What people call it; inserted by {{ org.short_name }}."),
        Field::new("service", "Service", Kind::Text).about("The service that the management system covers; inserted by {{ org.service }}."),
        Field::new("address", "Address", Kind::Text).about("The postal address, on the cover and the trust site."),
        Field::new("website", "Website", Kind::Url),
        Field::new("security_contact", "Security contact", Kind::Mail)
            .about("Where to report a weakness; on the first page and in security.txt."),
        Field::new("privacy_contact", "Privacy contact", Kind::Mail).about("Where to ask about personal data."),
    ],
};

static SITE: Schema = Schema {
    name: Word::name("`site`"),
    fields: &[
        Field::new("base_url", "Base URL", Kind::Text).about("Where the site is served, for canonical links and the sitemap."),
        Field::new("accent", "Accent colour", Kind::Colour).about("The colour of links and marks."),
        Field::new("home", "Document on the first page", Kind::Item)
            .about("A document whose text opens the first page, for those who may see it."),
        Field::new("source_url", "Address of the sources", Kind::Text)
            .about("Where a line of a file can be read, with `{path}` and `{line}` at their places; only for those who see everything."),
    ],
};

static SOA: Schema = Schema {
    name: Word::name("`soa`"),
    fields: &[
        Field::new("version", "Version", Kind::Text).about("The version of the Statement of Applicability."),
        Field::new("owner", "Owner", Kind::Role).about("The role that keeps it."),
        Field::new("approver", "Approver", Kind::Role).about("The role that approves it."),
        Field::new("approved", "Approved", Kind::Date).about("When it was last approved."),
    ],
};

/// What the manual as a whole says of itself: documented information of its own (ISO/IEC 27001:2022, 7.5).
static MANUAL: Schema = Schema {
    name: Word::name("`manual`"),
    fields: &[
        Field::new("id", "Identifier", Kind::Text).about("What the manual as a whole is filed under."),
        Field::new("status", "Status", Kind::Word(STATUSES)).about("Where it stands; approved unless said."),
        Field::new("owner", "Owner", Kind::Role).about("The role that keeps it."),
        Field::new("approver", "Approver", Kind::Role).about("The role that approves it."),
        Field::new("approved", "Approved", Kind::Date).about("When it was last approved."),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
        Field::new("retention", "Retention", Kind::Text).about("How long it is kept."),
        Field::new("distribution", "Distribution", Kind::List(&Kind::Text)).about("Who gets it."),
        Field::new("history", "History", Kind::List(&Kind::Record(&MANUAL_HISTORY))).about("Its versions, with what changed."),
    ],
};

static MANUAL_HISTORY: Schema = Schema {
    name: word!("a row of `history`"),
    fields: &[
        Field::new("version", "Version", Kind::Text).about("The version that came with the change.").required(),
        Field::new("date", "Date", Kind::Date).about("When it came.").required(),
        Field::new("author", "Author", Kind::Role).about("The role that wrote it."),
        Field::new("change", "Change", Kind::Text).about("What changed, in a sentence."),
    ],
};

static PDF: Schema = Schema {
    name: Word::name("`pdf`"),
    fields: &[
        Field::new("paper", "Paper", Kind::Word(theme::PAPERS)).about("The size of paper, unless the theme says it."),
        Field::new("books", "PDFs that a build makes", Kind::List(&Kind::Word(BOOKS))).about("Which PDFs a build makes."),
    ],
};

/// What a build can set as PDFs: the whole manual, the Statement of Applicability, a PDF for each document, one for each framework in use.
pub const BOOKS: &[&str] = &["manual", "soa", "documents", "frameworks"];

/// What it sets unless annexa.yaml says otherwise.
const USUAL_BOOKS: [&str; 2] = ["manual", "soa"];

static RELEASES: Schema = Schema {
    name: Word::name("`releases`"),
    fields: &[
        Field::new("tags", "Tags", Kind::Text).about("The Git tags that are releases; `*` stands for any characters, `?` for one."),
        Field::new("coverage", "Show coverage over releases", Kind::Flag)
            .about("Whether a build shows how far the frameworks were met in earlier releases."),
        Field::new("withdrawn", "Withdrawn releases", Kind::List(&Kind::Record(&WITHDRAWN)))
            .about("Releases that must not be shown any more; a notice stands in their place."),
    ],
};

static WITHDRAWN: Schema = Schema {
    name: word!("a row of `withdrawn`"),
    fields: &[
        Field::new("release", "Release", Kind::Text).about("The tag.").required(),
        Field::new("date", "Date", Kind::Date).about("When it was withdrawn.").required(),
        Field::new("reason", "Reason", Kind::Text).about("Why, as everybody may read it.").required(),
    ],
};

/// The tags that are releases, unless annexa.yaml says otherwise.
const USUAL_TAGS: &str = "v*";

static RISK_LEVELS: Schema = Schema {
    name: Word::name("`risk_levels`"),
    fields: &[
        Field::new("medium", "Medium", Kind::Integer(1, 25)).about("The risk level at which medium begins."),
        Field::new("high", "High", Kind::Integer(1, 25)).about("The risk level at which high begins."),
        Field::new("critical", "Critical", Kind::Integer(1, 25)).about("The risk level at which critical begins."),
    ],
};

/// Words that the proof of an output lets pass. All that annexa.yaml says is open, so that nothing reads this key but people.
static PROOF: Schema = Schema {
    name: Word::name("`proof`"),
    fields: &[Field::new("allow", "Allowed words", Kind::List(&Kind::Text))
        .about("Words that stand in withheld material alone and may be said all the same.")],
};

static LIMITS: Schema = Schema {
    name: Word::name("`limits`"),
    fields: &[Field::new("file", "Largest file in MiB", Kind::Integer(1, 1024)).about("The largest source file that is read, in MiB.")],
};

/// The keys of annexa.yaml.
pub static SCHEMA: Schema = Schema {
    name: Word::name("annexa.yaml"),
    fields: &[
        Field::new("format", "Format", Kind::Integer(0, i64::MAX)).about("The version of the format: 1.").required(),
        Field::new("title", "Title", Kind::Text).about("The title of the manual, of the site and of the PDF.").required(),
        Field::new("version", "Version", Kind::Text).about("The version of the whole manual, until it is taken from a Git tag."),
        Field::new("manual", "Manual", Kind::Record(&MANUAL)).about("Who answers for the manual as a whole, and its history."),
        Field::new("language", "Language", Kind::Text).about("The language of fixed words, and of documents that name none: `en` or `de`."),
        Field::new("classification", "Classification", Kind::Classification)
            .about("What the whole is marked as, on cover and running heads; the highest unless said."),
        Field::new("org", "Organisation", Kind::Record(&ORGANISATION)).about("The organisation.").required(),
        Field::new("scope", "Scope", Kind::Text).about("One sentence that says what the management system covers."),
        Field::new("frameworks", "Frameworks", Kind::List(&Kind::Edition))
            .about("The editions in use; the first of a framework is its default.")
            .required(),
        Field::new("classifications", "Classifications", Kind::List(&Kind::Text))
            .about("The names of the classifications, the lowest first."),
        Field::new("soa", "Statement of Applicability", Kind::Record(&SOA))
            .about("Version and approval of the Statement of Applicability."),
        Field::new("values", "Values", Kind::Texts)
            .about("Values of your own, inserted in texts by {{ values.name }}: a number said once."),
        Field::new("risk_levels", "Risk levels", Kind::Record(&RISK_LEVELS))
            .about("Likelihood times impact, 0 to 25, at which each level begins; what is less is low."),
        Field::new("releases", "Releases", Kind::Record(&RELEASES)).about("Which Git tags are releases."),
        Field::new("approvals", "Approvals", Kind::Record(&approval::SETTINGS))
            .about("Whether every approved document needs a record, and who may approve what."),
        Field::new("theme", "Theme", Kind::Text).about("The theme: `default`, `slate`, or a folder of `themes/`."),
        Field::new("site", "Site", Kind::Record(&SITE)).about("The site for those inside."),
        Field::new("trust", "Trust site", Kind::Record(&trust::SCHEMA)).about("The site for customers and the public."),
        Field::new("pdf", "PDF", Kind::Record(&PDF)).about("The PDFs."),
        Field::new("proof", "Proof", Kind::Record(&PROOF)).about("What the proof of an output lets pass."),
        Field::new("sources", "Sources", adopt::SOURCES).about("Files that were not written for Annexa and stay where they lie: which, and what they are."),
        Field::new("keys", "Keys", Kind::Texts).about("What keys of the front matter of such files mean: a key of ours, or `ignore`."),
        Field::new("baseline", "Baseline", Kind::Text)
            .about("A file of known findings: `annexa check` fails on every error and warning that it does not list, but for what comes with the day alone."),
        Field::new("limits", "Limits", Kind::Record(&LIMITS)).about("Bounds of what is read."),
    ],
};

/// What annexa.yaml says.
#[derive(Clone, Debug)]
pub struct Project {
    /// The settings file.
    pub file: FileId,
    /// Title of the manual.
    pub title: Arc<str>,
    /// Version of the manual as a whole.
    pub version: Option<Arc<str>>,
    /// What the manual as a whole says of itself: keys of [`MANUAL`]; none where nothing is said.
    pub manual: Option<Record>,
    /// The language of fixed words, and of documents that name none.
    pub language: Language,
    /// What the manual as a whole is marked as; the highest unless said.
    pub classification: Classification,
    /// The organisation: keys of [`ORGANISATION`].
    pub organisation: Record,
    /// What the management system covers, in a sentence.
    pub scope: Option<Arc<str>>,
    /// Editions in use, in the author's order; the first of a framework is its default.
    pub frameworks: Vec<Spanned<EditionId>>,
    /// Version and approval of the Statement of Applicability (ISO/IEC 27001:2022, 6.1.3 d and 7.5): keys of [`SOA`]; none where nothing is said.
    pub soa: Option<Record>,
    /// Names of the classifications, the lowest first.
    pub classifications: Vec<Arc<str>>,
    /// What `{{ name }}` inserts: `org.*` and `values.*`.
    pub values: Values,
    /// Where each level of risk begins.
    pub risk_levels: RiskLevels,
    /// The tags that are releases: a name, in which `*` stands for any characters and `?` for one.
    pub release_tags: Arc<str>,
    /// Whether a build shows how far the frameworks were met in earlier releases.
    pub release_coverage: bool,
    /// Releases that must not be shown any more.
    pub withdrawn: Vec<Withdrawn>,
    /// Which files are read that were not written for Annexa, and how.
    pub adoption: Adoption,
    /// The path of the list of known findings, in the project.
    pub baseline: Option<Arc<str>>,
    /// Who may approve what, and whether approvals are recorded.
    pub approvals: approval::Settings,
    /// What a build sets as PDFs: words of [`BOOKS`].
    pub books: BTreeSet<&'static str>,
    /// What site and paper look like.
    pub theme: Theme,
    /// Where the site will be served, for what needs absolute addresses.
    pub base_url: Option<Arc<str>>,
    /// The document whose text opens the first page.
    pub home: Option<Spanned<ItemId>>,
    /// Where a line of a source can be read, with `{path}` and `{line}` at their places.
    pub source_url: Option<Arc<str>>,
    /// The site that customers and the public get in place of the manual's.
    pub trust: Option<Trust>,
}

/// A release that must not be shown any more. A notice stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Its tag.
    pub release: Spanned<Arc<str>>,
    /// Since when.
    pub date: Date,
    /// Why, as the notice says to every audience.
    pub reason: Arc<str>,
}

/// The products of likelihood and impact at which the levels of risk begin; what is less is low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskLevels {
    /// Medium begins here.
    pub medium: i64,
    /// High begins here.
    pub high: i64,
    /// Critical begins here.
    pub critical: i64,
}

impl Default for RiskLevels {
    fn default() -> Self {
        RiskLevels { medium: 6, high: 10, critical: 15 }
    }
}

impl Project {
    /// The organisation's name.
    pub fn organisation_name(&self) -> &str {
        self.organisation.text("name").map_or("", |name| name)
    }

    /// The name of a classification.
    pub fn classification_name(&self, classification: Classification) -> &str {
        self.classifications.get(usize::from(classification.0)).map_or("", |name| name)
    }

    /// The most restricted classification: what is unmarked has it.
    pub fn highest(&self) -> Classification {
        Classification::highest(&self.classifications)
    }

    /// The classification of a name.
    pub fn classification_named(&self, name: &str) -> Option<Classification> {
        let place = self.classifications.iter().position(|known| known.as_ref() == name)?;
        u8::try_from(place).ok().map(Classification)
    }
}

/// Reads annexa.yaml. Without it, or where it is no YAML or of another format, there is no project. A key that it lacks is an error, so nothing is
/// ever published without it; the other files are checked all the same.
pub fn read(sources: &Sources, findings: &mut Vec<Finding>) -> Option<Project> {
    read_again(sources, &mut None, findings)
}

/// What files of languages say, with what is wrong with them.
pub(super) type ReadLanguages = (Languages, Vec<Finding>);

/// As [`read`], with the languages that were read before, if they were; else they are read and kept there.
pub(super) fn read_again(sources: &Sources, known: &mut Option<ReadLanguages>, findings: &mut Vec<Finding>) -> Option<Project> {
    let Some(file) = sources.find(PATH) else {
        findings.push(
            Finding::new(&rule::PROJECT_MISSING, Place::Project, phrase!("there is no annexa.yaml in this folder"))
                .help(phrase!("run `annexa init DIR` to begin a project, or `annexa build DIR` to name one")),
        );
        return None;
    };
    let text = sources.file(file).text();
    if text.trim().is_empty() {
        // The sources have said so already.
        return None;
    }
    let node = yaml::parse(text, file, 0, findings)?;
    let classifications = classifications(&node, findings);
    let values = Values::default();
    let context = Context { file, path: PATH, classifications: &classifications, values: &values };
    let record = schema::decode(&node, &SCHEMA, &context, findings)?;
    if let Some(format) = record.integer("format").filter(|format| *format != 1) {
        findings.push(
            Finding::new(
                &rule::UNSUPPORTED_FORMAT,
                record.span_of("format"),
                phrase!("this version of Annexa reads format 1, not {format}", format = format),
            )
            .help(phrase!("write `format: 1`, or use the version of Annexa that the project was written for")),
        );
        return None;
    }
    let nested = |key: &str| match record.get(key) {
        Some(Value::Record(nested)) => Some(nested),
        _ => None,
    };
    let organisation = nested("org").cloned().unwrap_or_else(|| Record::empty(record.span));
    let highest = Classification::highest(&classifications);
    check_theme(&record, sources, findings);
    let risk_levels = nested("risk_levels").map_or_else(RiskLevels::default, |levels| checked_risk_levels(levels, findings));
    let (languages, found) = known.get_or_insert_with(|| {
        let mut found = Vec::new();
        (Languages::read(sources, &classifications, &mut found), found)
    });
    findings.extend(found.iter().cloned());
    let language = record.text("language").map(|tag| languages.find(tag, record.span_of("language"), findings)).unwrap_or_default();
    let accent = nested("site").and_then(|site| Some(Spanned { value: site.text("accent")?.clone(), span: site.span_of("accent") }));
    let wins = Wins { accent, paper: nested("pdf").and_then(|pdf| pdf.word("paper")) };
    let theme = record.text("theme").cloned().unwrap_or_else(|| theme::USUAL.into());
    Some(Project {
        file,
        title: record.text("title").cloned().unwrap_or_default(),
        version: record.text("version").cloned(),
        language,
        classification: record.classification("classification").unwrap_or(highest),
        scope: record.text("scope").cloned(),
        frameworks: editions(&record, findings),
        soa: nested("soa").cloned(),
        manual: nested("manual").cloned(),
        values: insertable(&record, &organisation),
        risk_levels,
        release_tags: nested("releases").and_then(|releases| releases.text("tags").cloned()).unwrap_or_else(|| USUAL_TAGS.into()),
        adoption: Adoption::of(&record, sources, &context, findings),
        baseline: checked_baseline(&record, findings),
        release_coverage: nested("releases").and_then(|releases| releases.flag("coverage")).unwrap_or(false),
        withdrawn: nested("releases").map(withdrawn).unwrap_or_default(),
        approvals: approval::Settings::of(nested("approvals")),
        books: books(nested("pdf")),
        theme: theme::read(&theme, sources, wins, findings),
        base_url: nested("site").and_then(|site| checked_base_url(site, findings)),
        home: nested("site").and_then(|site| Some(Spanned { value: site.item("home")?.clone(), span: site.span_of("home") })),
        source_url: nested("site").and_then(|site| checked_source_url(site, findings)),
        trust: nested("trust").map(|settings| trust::read(settings, &classifications, findings)),
        organisation,
        classifications,
    })
}

fn withdrawn(releases: &Record) -> Vec<Withdrawn> {
    let row = |row: &Record| {
        let release = Spanned { value: row.text("release")?.clone(), span: row.span_of("release") };
        Some(Withdrawn { release, date: row.date("date")?, reason: row.text("reason")?.clone() })
    };
    releases.records("withdrawn").filter_map(row).collect()
}

/// What annexa.yaml says of which files are read, and how large they may be: the one thing that is read of it before there are sources.
pub fn scope(text: &str) -> Scope {
    let mut scope = Scope::default();
    let Some(node) = yaml::parse(text, FileId(0), 0, &mut Vec::new()) else { return scope };
    let yaml::Kind::Mapping(entries) = &node.kind else { return scope };
    let context = Context { file: FileId(0), path: PATH, classifications: &[], values: &Values::default() };
    let decoded = |name: &str, kind: Kind| {
        let (_, value) = entries.iter().find(|(key, _)| key.text.as_ref() == name)?;
        schema::value_of(value, name, kind, &context, &mut Vec::new())
    };
    if let Some(Value::Record(limits)) = decoded("limits", Kind::Record(&LIMITS))
        && let Some(mebibytes) = limits.integer("file").and_then(|mebibytes| u64::try_from(mebibytes).ok())
    {
        scope.file_bytes = mebibytes << 20;
    }
    if let Some(Value::List(rows)) = decoded("sources", adopt::SOURCES) {
        scope.selections = adopt::selections(&rows).collect();
    }
    scope
}

/// The classifications of a project that names none, the lowest first.
pub fn usual_classifications() -> Vec<Arc<str>> {
    CLASSIFICATIONS.map(Arc::from).to_vec()
}

/// The project's own classifications are needed before anything that is one can be read.
fn classifications(node: &yaml::Node, findings: &mut Vec<Finding>) -> Vec<Arc<str>> {
    let yaml::Kind::Mapping(entries) = &node.kind else { return usual_classifications() };
    let Some((_, list)) = entries.iter().find(|(key, _)| key.text.as_ref() == "classifications") else {
        return usual_classifications();
    };
    let yaml::Kind::Sequence(items) = &list.kind else { return usual_classifications() };
    let mut names: Vec<Arc<str>> = Vec::new();
    for item in items {
        match &item.kind {
            yaml::Kind::Scalar { text, .. } if is_name(text) && !names.contains(text) && names.len() < 16 => names.push(text.clone()),
            _ => findings
                .push(Finding::new(&rule::INVALID_VALUE, item.span, phrase!("a classification must be a name of its own")).help(phrase!(
                "write up to 16 different names, the most open first: small letters, digits and hyphens, and neither `auditor` nor `all`"
            ))),
        }
    }
    if names.is_empty() { usual_classifications() } else { names }
}

/// Whether a classification can be called so. Its name becomes a folder's, and `auditor` and `all` are audiences already.
fn is_name(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    plain && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= 30 && !matches!(text, "auditor" | "all")
}

fn editions(record: &Record, findings: &mut Vec<Finding>) -> Vec<Spanned<EditionId>> {
    let mut editions: Vec<Spanned<EditionId>> = Vec::new();
    for item in record.list("frameworks") {
        let Value::Edition(edition) = &item.value else { continue };
        match editions.iter().find(|known| known.value == *edition) {
            Some(first) => findings.push(
                Finding::new(&rule::DUPLICATE_ID, item.span, phrase!("`{edition}` is listed twice", edition = edition))
                    .help(phrase!("keep one of the two"))
                    .related(first.span, phrase!("first listed here")),
            ),
            None => editions.push(Spanned { value: edition.clone(), span: item.span }),
        }
    }
    editions
}

/// What a build sets as PDFs; an empty list means none.
fn books(pdf: Option<&Record>) -> BTreeSet<&'static str> {
    let Some(pdf) = pdf.filter(|pdf| pdf.get("books").is_some()) else { return USUAL_BOOKS.into() };
    let word = |item: &Spanned<Value>| if let Value::Word(word) = item.value { Some(word) } else { None };
    pdf.list("books").iter().filter_map(word).collect()
}

fn insertable(record: &Record, organisation: &Record) -> Values {
    let mut values = Values::default();
    // A required key that is missing is told once, not at every place that inserts it.
    values.insert("org.name".to_owned(), String::new());
    for (key, spanned) in organisation.iter() {
        if let Value::Text(text) = &spanned.value {
            values.insert(format!("org.{key}"), text.to_string());
        }
    }
    if let Some(Value::Texts(texts)) = record.get("values") {
        values.extend(texts.iter().map(|(key, text)| (format!("values.{key}"), text.value.to_string())));
    }
    for key in ["title", "version", "scope"] {
        values.extend(record.text(key).map(|text| (key.to_owned(), text.to_string())));
    }
    values
}

/// Levels follow one another; two that begin alike leave out the lower.
fn checked_risk_levels(record: &Record, findings: &mut Vec<Finding>) -> RiskLevels {
    let usual = RiskLevels::default();
    let begins = |key: &str, usual: i64| record.integer(key).unwrap_or(usual);
    let levels = RiskLevels {
        medium: begins("medium", usual.medium),
        high: begins("high", usual.high),
        critical: begins("critical", usual.critical),
    };
    if levels.medium <= levels.high && levels.high <= levels.critical {
        return levels;
    }
    let message = phrase!(
        "the levels of risk begin at {medium} (medium), {high} (high) and {critical} (critical)",
        medium = levels.medium,
        high = levels.high,
        critical = levels.critical
    );
    findings.push(
        Finding::new(&rule::INVALID_VALUE, record.span, message)
            .help(phrase!("let each begin no lower than the one before it; what is left out begins at 6, 10 and 15")),
    );
    usual
}

/// A theme is a built-in one or a folder of the project's `themes/`.
fn check_theme(record: &Record, sources: &Sources, findings: &mut Vec<Finding>) {
    let Some(theme) = record.text("theme") else { return };
    let of_project = sources.iter().filter_map(|(_, file)| file.path.strip_prefix("themes/")?.split_once('/'));
    let known: BTreeSet<&str> = of_project.map(|(name, _)| name).chain(theme::BUILT_IN.iter().map(|(name, _)| *name)).collect();
    if !known.contains(theme.as_ref()) {
        findings.push(schema::unknown_value(theme, record.span_of("theme"), "theme", &known.into_iter().collect::<Vec<_>>()));
    }
}

/// The list of known findings lies in the project.
fn checked_baseline(record: &Record, findings: &mut Vec<Finding>) -> Option<Arc<str>> {
    let path = record.text("baseline")?;
    let good = path::unusable(path).is_none();
    if !good {
        findings.push(
            Finding::new(
                &rule::INVALID_VALUE,
                record.span_of("baseline"),
                phrase!("`{key}` cannot be `{value}`", key = "baseline", value = path),
            )
            .help(phrase!("write a path in the project, as in `baseline.json`")),
        );
    }
    good.then(|| path.clone())
}

fn checked_base_url(site: &Record, findings: &mut Vec<Finding>) -> Option<Arc<str>> {
    let url = site.text("base_url")?;
    let good = is_url(url);
    if !good {
        let span: Span = site.span_of("base_url");
        findings.push(
            Finding::new(&rule::INVALID_VALUE, span, phrase!("`{key}` cannot be `{value}`", key = "base_url", value = url))
                .help(phrase!("write where the site is served, as in https://isms.example.com")),
        );
    }
    good.then(|| url.trim_end_matches('/').into())
}

fn checked_source_url(site: &Record, findings: &mut Vec<Finding>) -> Option<Arc<str>> {
    let url = site.text("source_url")?;
    let good = url.contains("{path}") && is_url(&url.replace("{path}", "").replace("{line}", ""));
    if !good {
        findings.push(
            Finding::new(
                &rule::INVALID_VALUE,
                site.span_of("source_url"),
                phrase!("`{key}` cannot be `{value}`", key = "source_url", value = url),
            )
            .help(phrase!(
                "write where a file can be read, with {places} at their places, as in {example}",
                places = schema::listed(&["{path}", "{line}"]),
                example = "https://git.example.com/isms/blob/main/{path}#L{line}"
            )),
        );
    }
    good.then(|| url.clone())
}

/// Whether a text is an address of the web that needs no escape.
fn is_url(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '`' | '{' | '}'))
}
