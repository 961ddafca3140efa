//! How people write what Annexa knows by one name: keys, states, marks, dates, lengths of time, roles and kinds of documents.

use jiff::civil::Date;

use crate::base::id::ItemId;
use crate::read::adopt;

/// Our key for what a document says of itself under a name of its own; nothing where it has no such thing. Case, spaces, hyphens and underscores do not count.
pub(super) fn field(name: &str) -> Option<&'static str> {
    let plain: String = name.trim().trim_end_matches(':').chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let plain = plain.strip_prefix("document").filter(|rest| !rest.is_empty() && *rest != "s").unwrap_or(&plain);
    let plain = plain.strip_prefix("doc").filter(|rest| !rest.is_empty()).unwrap_or(plain);
    let plain = plain.strip_prefix("policy").filter(|rest| !rest.is_empty()).unwrap_or(plain);
    Some(match plain {
        "id" | "number" | "no" | "num" | "ref" | "reference" | "code" | "identifier" => "id",
        "title" | "name" | "subject" => "title",
        "type" | "category" | "kind" => "type",
        "version" | "ver" | "rev" | "revision" | "versionnumber" | "currentversion" | "release" => "version",
        "status" | "state" => "status",
        "classification"
        | "confidentiality"
        | "sensitivity"
        | "class"
        | "securityclassification"
        | "dataclassification"
        | "informationclassification"
        | "confidentialitylevel"
        | "classificationlevel" => "classification",
        "owner" | "responsible" | "ownedby" | "processowner" | "contentowner" | "accountable" | "responsibleperson" => "owner",
        "approver" | "approvedby" | "authorisedby" | "authorizedby" | "signoff" | "approvalauthority" => "approver",
        "approved" | "approvaldate" | "dateapproved" | "approvedon" | "approveddate" | "dateofapproval" => "approved",
        "effective" | "effectivedate" | "effectivefrom" | "validfrom" | "inforce" | "inforcesince" | "dateeffective" => "effective",
        "reviewed" | "lastreviewed" | "lastreview" | "reviewedon" | "lastreviewdate" | "datereviewed" | "datelastreviewed" => "reviewed",
        "reviewevery" | "reviewcycle" | "reviewfrequency" | "reviewinterval" | "reviewperiod" | "frequency" | "reviewschedule" => {
            "review_every"
        }
        "retention" | "retentionperiod" => "retention",
        "language" | "lang" | "locale" => "language",
        "satisfies" => "satisfies",
        "history" | "revisionhistory" | "versionhistory" | "changelog" | "majorrevisions" => "history",
        "abstract" => "abstract",
        "distribution" => "distribution",
        _ => return None,
    })
}

/// A value as Annexa writes it, for one of our keys; nothing where it does not say one.
pub(super) fn value(key: &str, text: &str, classifications: &[std::sync::Arc<str>]) -> Option<String> {
    let text = text.trim();
    match key {
        "id" => id(text),
        "title" | "retention" => (!text.is_empty() && text.chars().count() <= 200).then(|| text.to_owned()),
        "type" => kind(text).map(str::to_owned),
        "version" => version(text),
        "status" => status(text).map(str::to_owned),
        "classification" => classification(text, classifications),
        "approved" | "effective" | "reviewed" => date(text).map(|date| date.to_string()),
        "review_every" => period(text).map(str::to_owned),
        "language" => {
            let tag = text.to_lowercase();
            match tag.as_str() {
                "english" | "en-us" | "en-gb" | "en" => Some("en".to_owned()),
                "german" | "deutsch" | "de-de" | "de" => Some("de".to_owned()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// An identifier in a text: letters, perhaps a hyphen or a space, and a number, as in `ISMS-POL-004`, of which `POL-004` is one.
pub(super) fn id(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    words
        .filter_map(|word| {
            let parts: Vec<&str> = word.split(['-', '_']).collect();
            parts.windows(2).find_map(|pair| {
                let (prefix, number) = (pair[0].to_ascii_uppercase(), pair[1]);
                let is_prefix = (2..=12).contains(&prefix.len()) && prefix.starts_with(|c: char| c.is_ascii_alphabetic());
                let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
                let is_number = (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) && !is_year;
                // A version is no identifier: `v-2`, `rev-3`.
                let is_version =
                    matches!(prefix.as_str(), "VERSION" | "VER" | "REV" | "REVISION" | "ISO" | "IEC" | "NIST" | "TLS" | "SHA" | "AES");
                let id = format!("{prefix}-{number}");
                (is_prefix && is_number && !is_version && ItemId::parse(&id).is_some()).then_some(id)
            })
        })
        .next()
}

/// A text without the identifier that it begins with: `POL-004: Access control` is "Access control".
pub(super) fn without_id(text: &str) -> &str {
    let first = text.split(|c: char| c.is_whitespace() || matches!(c, ':' | '\u{2013}' | '\u{2014}')).next().unwrap_or_default();
    match id(first) {
        Some(_) => text[first.len()..].trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(').trim(),
        None => text.trim(),
    }
}

/// A title from a file's name, without its identifier and what marks a copy or version of it: `POL-009 - Physical security_v2.md` is "Physical security".
pub(super) fn title_of_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace(['_', ' '], "-");
    let is_mark = |word: &str| {
        let lower = word.to_lowercase();
        let is_version =
            lower.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
        is_version || matches!(lower.as_str(), "final" | "draft" | "copy" | "new" | "old")
    };
    let mut words: Vec<&str> = stem.split('-').filter(|word| !word.is_empty()).collect();
    if let [first, second, _, ..] = words[..]
        && id(&format!("{first}-{second}")).is_some()
    {
        words.drain(..2);
    }
    while words.len() > 1 && words.last().is_some_and(|word| is_mark(word)) {
        words.pop();
    }
    adopt::title_of(&format!("{}.md", words.join("-")))
}

/// Whether a heading can be the title of what a file of this name holds: it speaks of a kind of document, begins with an identifier, or shares a word with the
/// name.
pub(super) fn is_title(heading: &str, path: &str) -> bool {
    let words = |text: &str| {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = words(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    kind(heading).is_some() || without_id(heading) != heading.trim() || words(heading).iter().any(|word| stem.contains(word))
}

fn version(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let rest = ["version", "ver.", "rev.", "rev", "v."].iter().find_map(|start| lower.strip_prefix(start)).unwrap_or(&lower).trim();
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    let is_version = rest.len() <= 12
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    is_version.then(|| rest.to_owned())
}

fn status(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["retired", "obsolete", "superseded", "withdrawn", "archived", "deprecated"]) {
        Some("retired")
    } else if has(&["not approved", "unapproved", "draft", "wip", "in progress"]) {
        Some("draft")
    } else if has(&["review", "pending", "proposed"]) {
        Some("review")
    } else if has(&["approved", "final", "published", "active", "in force", "effective", "current", "released"]) {
        Some("approved")
    } else {
        None
    }
}

/// A mark as the project calls it. Where a text could mean two, it means the more restricted.
fn classification(text: &str, classifications: &[std::sync::Arc<str>]) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let known = classifications.iter().rev().find(|name| words.contains(&name.as_ref()));
    let like = || {
        let restricted = ["confidential", "restricted", "secret", "sensitive", "proprietary"];
        if words.iter().any(|word| restricted.contains(word)) { classifications.last() } else { None }
    };
    // `Public` among other words may be `not public`.
    let meant = if lower.contains("not ") || lower.contains("non-") || lower.contains("non public") { None } else { known };
    match (meant, like()) {
        (Some(known), Some(like)) => {
            let place = |name: &std::sync::Arc<str>| classifications.iter().position(|known| known == name);
            Some(if place(known) > place(like) { known.to_string() } else { like.to_string() })
        }
        (known, like) => known.or(like).map(ToString::to_string),
    }
}

/// A date, where only one day can be meant: `2024-03-02`, `2024/03/02`, `2.3.2024`, `2 March 2024`, `Mar 2, 2024`, `25/03/2024`. Of `03/02/2024` nobody knows.
pub(super) fn date(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.')).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| -> Option<i16> {
        word.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th").parse().ok()
    };
    let month = |word: &str| {
        let place = MONTHS.iter().position(|month| word.starts_with(month) && word.chars().all(|c| c.is_ascii_alphabetic()))?;
        i8::try_from(place + 1).ok()
    };
    let new = |year: i16, month: i8, day: i16| {
        Date::new(year, month, i8::try_from(day).ok()?).ok().filter(|date| (1970..2100).contains(&date.year()))
    };
    let [first, second, third] = words.get(..3)?.try_into().ok()?;
    // What follows may only be a time.
    if words.len() > 3 && !words[3].starts_with(|c: char| c.is_ascii_digit()) && !words[3].starts_with('t') {
        return None;
    }
    if let Some(month) = month(second) {
        return new(number(third)?, month, number(first)?);
    }
    if let Some(month) = month(first) {
        return new(number(third)?, month, number(second)?);
    }
    let third = third.split('t').next().unwrap_or(third);
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    if a > 31 {
        return new(a, i8::try_from(b).ok()?, c);
    }
    let dotted = lower.contains('.');
    match (a, b) {
        // With points between, the day stands first.
        (day, month) if dotted || day > 12 => new(c, i8::try_from(month).ok()?, day),
        (month, day) if day > 12 => new(c, i8::try_from(month).ok()?, day),
        (day, month) if day == month => new(c, i8::try_from(month).ok()?, day),
        _ => None,
    }
}

fn period(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["semi-annual", "semiannual", "biannual", "half-year", "six months", "6 months", "twice a year"]) {
        Some("6 months")
    } else if has(&["biennial", "two years", "2 years", "24 months"]) {
        Some("24 months")
    } else if has(&["three years", "3 years", "36 months"]) {
        Some("36 months")
    } else if has(&["quarter", "three months", "3 months"]) {
        Some("3 months")
    } else if has(&["annual", "yearly", "every year", "each year", "once a year", "12 months", "twelve months", "one year", "1 year"]) {
        Some("12 months")
    } else if has(&["monthly", "every month"]) {
        Some("1 month")
    } else {
        None
    }
}

/// A role by what it is called: its id and its name. `Chief Information Security Officer (CISO)` is `ciso`. Of several, the first.
pub(super) fn role(text: &str) -> Option<(String, String)> {
    let text = text.split(['/', ';', ',', '\n']).next()?.split(" and ").next()?.split(" & ").next()?;
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(|c: char| matches!(c, '*' | '_' | '`' | '@' | '.' | ':')).trim();
    let none = ["tbd", "tbc", "n a", "na", "none", "todo", "xxx"];
    let words = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
            .join("-")
    };
    let short = name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner.trim());
    let short = short.filter(|short| (2..=6).contains(&short.len()) && short.chars().all(|c| c.is_ascii_uppercase()));
    let id = match short {
        Some(short) => short.to_lowercase(),
        None => words(name.split('(').next().unwrap_or(name)),
    };
    let known = ItemId::parse(&id).is_some_and(|id| id.is_role());
    let fits = known && id.len() <= 40 && !none.contains(&id.replace('-', " ").as_str()) && !name.contains('<') && !name.contains('[');
    fits.then(|| (id, name.to_owned()))
}

/// What kind of document a title, a name of a file or of a folder speaks of.
pub(super) fn kind(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let stem = ["md", "markdown"].iter().find_map(|end| lower.strip_suffix(end)?.strip_suffix('.')).unwrap_or(&lower);
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    const KINDS: &[(&str, &[&str])] = &[
        ("policy", &["policy", "policies", "pol", "richtlinie", "richtlinien", "leitlinie"]),
        (
            "sop",
            &[
                "sop",
                "sops",
                "procedure",
                "procedures",
                "process",
                "processes",
                "runbook",
                "runbooks",
                "playbook",
                "playbooks",
                "verfahren",
                "instruction",
                "instructions",
                "howto",
                "checklist",
            ],
        ),
        ("plan", &["plan", "plans", "programme", "program", "roadmap", "strategy"]),
        (
            "record",
            &[
                "record",
                "records",
                "minutes",
                "protocol",
                "protokoll",
                "log",
                "report",
                "reports",
                "evidence",
                "meeting",
                "meetings",
                "nachweis",
            ],
        ),
        ("manual", &["manual", "handbook", "context", "scope", "isms", "narrative", "narratives", "handbuch"]),
        ("guideline", &["guideline", "guidelines", "guide", "guides", "standard", "standards", "baseline", "leitfaden"]),
    ];
    // The last word says what it is: an incident response plan, a policy on records. Only a title that begins with one is one of that kind too.
    let of_word = |word: &str| KINDS.iter().find(|(_, words)| words.contains(&word)).map(|(kind, _)| *kind);
    words.iter().rev().find_map(|word| of_word(word))
}

/// Why a Markdown file is no document of a management system, by its name.
pub(super) fn no_document(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let stem = name.split('.').next().unwrap_or(&name);
    let of_repository = [
        "readme",
        "changelog",
        "contributing",
        "license",
        "licence",
        "code_of_conduct",
        "security",
        "pull_request_template",
        "issue_template",
        "codeowners",
        "notice",
        "authors",
    ];
    if of_repository.contains(&stem) && (stem != "security" || name == "security.md" && !path.contains('/')) {
        Some("speaks of the folder, not of the management system; take it with a row of `sources` if it is a document")
    } else if matches!(stem, "index" | "_index" | "_sidebar" | "summary" | "toc" | "template") {
        Some("is a page of contents or a template; take it with a row of `sources` if it is a document")
    } else {
        None
    }
}

/// Why a file in another format is not taken over; nothing for one that is no document.
pub(super) fn other_format(path: &str) -> Option<String> {
    let (_, end) = path.rsplit_once('.')?;
    let end = end.to_lowercase();
    let pandoc = |format: &str| Some(format!("is {format}: make Markdown of it, say by `pandoc -t gfm`, and let `sources` take that"));
    match end.as_str() {
        "docx" | "doc" | "dotx" => pandoc("a Word document"),
        "odt" | "rtf" => pandoc("a text of an office program"),
        "html" | "htm" => pandoc("HTML"),
        "rst" | "adoc" | "asciidoc" | "org" | "textile" | "tex" | "mdx" => pandoc("a text in another markup"),
        "txt" | "text" => Some("is plain text: give it the ending `.md`, and let `sources` take it".to_owned()),
        "pdf" => Some("is a PDF: find what it was made from; it can be linked to as it is".to_owned()),
        "xlsx" | "xls" | "ods" | "csv" | "tsv" => {
            Some("is a table: rows become a register in `content/registers/`, see `annexa schema register`".to_owned())
        }
        "pptx" | "ppt" | "odp" | "key" | "pages" | "numbers" | "vsdx" | "drawio" => {
            Some("is a file of an office program: it can be linked to as it is".to_owned())
        }
        _ => None,
    }
}
