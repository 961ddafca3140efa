//! The vague words of each language, and what makes a sentence a duty in it.

use std::ops::Range;

use super::sentence::{Sentence, Token};
use crate::base::language::code;
use crate::base::word::{Word, word};

/// What a vague word leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// How often.
    Often,
    /// When, or in which case.
    When,
    /// How much, or which.
    Much,
}

impl Lack {
    pub(super) fn words(self) -> Word {
        match self {
            Lack::Often => word!("how often"),
            Lack::When => word!("when, or in which case"),
            Lack::Much => word!("how much, or which"),
        }
    }
}

/// A vague word or phrase. A star at the end of a word stands for any ending.
#[derive(Debug)]
pub(super) struct Vague {
    phrase: &'static str,
    pub(super) lack: Lack,
    /// Whether the word is common in sentences that ask for nothing, so that only one that says "must" counts.
    pub(super) only_in_duties: bool,
}

const fn often(phrase: &'static str) -> Vague {
    Vague { phrase, lack: Lack::Often, only_in_duties: false }
}

const fn when(phrase: &'static str) -> Vague {
    Vague { phrase, lack: Lack::When, only_in_duties: false }
}

const fn much(phrase: &'static str) -> Vague {
    Vague { phrase, lack: Lack::Much, only_in_duties: true }
}

/// What a language has for duties and for leaving them open.
pub(super) struct Words {
    vague: &'static [Vague],
    /// Words and phrases that make a sentence a duty.
    duties: &'static [&'static str],
    /// A word, and one later in the sentence, that make it one.
    pairs: &'static [(&'static str, &'static str)],
    /// Words that begin an order.
    orders: &'static [&'static str],
    /// Who has to do things, where a sentence says in the present what is done.
    subjects: &'static [&'static str],
    /// Words of the passive, and endings of the participle that goes with them.
    passive: &'static [&'static str],
    participles: &'static [&'static str],
}

#[rustfmt::skip]
static ENGLISH: Words = Words {
    vague: &[
        often("regularly"), often("periodically"), often("frequently"), often("occasionally"), often("from time to time"),
        often("on a regular basis"), often("on a periodic basis"), often("at regular intervals"), often("at periodic intervals"),
        when("as needed"), when("as necessary"), when("as appropriate"), when("if needed"), when("if necessary"), when("if appropriate"),
        when("when needed"), when("when necessary"), when("when appropriate"), when("where needed"), when("where necessary"),
        when("where appropriate"), when("where possible"), when("where feasible"), when("where practicable"), when("whenever possible"),
        when("when possible"), when("if possible"), when("as far as possible"), when("as soon as possible"), when("as soon as practicable"),
        when("in due course"), when("timely"), when("promptly"),
        much("appropriate"), much("appropriately"), much("adequate"), much("adequately"), much("suitable"), much("suitably"),
        much("sufficient"), much("sufficiently"), much("reasonable"), much("reasonably"), much("periodic"),
    ],
    duties: &[
        "shall", "must", "should", "ought", "will", "is to", "are to", "has to", "have to", "need to", "needs to", "is required", "are required",
        "is responsible", "are responsible", "is obliged", "are obliged", "ensure", "ensures",
    ],
    pairs: &[],
    orders: &[
        "apply", "assess", "audit", "avoid", "check", "delete", "encrypt", "inform", "install", "keep", "log", "monitor", "notify", "patch",
        "protect", "remove", "report", "restrict", "review", "revoke", "scan", "test", "train", "update", "use", "verify",
    ],
    subjects: &["employees", "everybody", "everyone", "management", "staff", "we"],
    passive: &["is", "are", "be"],
    participles: &["ed", "en", "built", "done", "held", "kept", "made", "sent", "told"],
};

#[rustfmt::skip]
static GERMAN: Words = Words {
    vague: &[
        often("regelmäßig*"), often("regelmässig*"), often("periodisch*"), often("turnusmäßig*"), often("turnusmässig*"), often("gelegentlich*"),
        often("von zeit zu zeit"), often("in regelmäßigen abständen"), often("in regelmässigen abständen"),
        when("bei bedarf"), when("nach bedarf"), when("im bedarfsfall"), when("falls erforderlich"), when("sofern erforderlich"),
        when("soweit erforderlich"), when("wenn erforderlich"), when("wo erforderlich"), when("falls nötig"), when("wenn nötig"),
        when("soweit nötig"), when("falls notwendig"), when("soweit notwendig"), when("wenn notwendig"), when("falls möglich"),
        when("sofern möglich"), when("soweit möglich"), when("wenn möglich"), when("wo möglich"), when("nach möglichkeit"),
        when("so bald wie möglich"), when("sobald wie möglich"), when("so schnell wie möglich"), when("schnellstmöglich*"),
        when("gegebenenfalls"), when("ggf"), when("zeitnah*"), when("rechtzeitig*"), when("umgehend*"), when("zu gegebener zeit"),
        much("angemessen*"), much("geeignet*"), much("hinreichend*"), much("ausreichend*"), much("adäquat*"), much("zumutbar*"), much("möglichst"),
    ],
    duties: &[
        "muss", "muß", "müssen", "soll", "sollen", "sollte", "sollten", "darf", "dürfen", "verpflichtet", "verantwortlich", "sicherzustellen", "sorgt",
        "sorgen",
    ],
    // "ist zu prüfen", "haben ... zu melden", "stellt ... sicher"
    pairs: &[("ist", "zu"), ("sind", "zu"), ("hat", "zu"), ("haben", "zu"), ("stellt", "sicher"), ("stellen", "sicher")],
    orders: &[],
    subjects: &["beschäftigte", "beschäftigten", "geschäftsführung", "leitung", "mitarbeitende", "mitarbeitenden", "mitarbeiter", "wir"],
    passive: &["wird", "werden"],
    participles: &["t", "en"],
};

impl Words {
    /// Those of a language of documents, where they are known.
    pub(super) fn of(language: &str) -> Option<&'static Words> {
        match code(language) {
            "en" => Some(&ENGLISH),
            "de" => Some(&GERMAN),
            _ => None,
        }
    }

    /// Whether a sentence says in so many words that something has to be done.
    pub(super) fn is_duty(&self, sentence: &Sentence<'_>) -> bool {
        let tokens = &sentence.tokens;
        let says = |phrase: &&str| (0..tokens.len()).any(|at| matches(&tokens[at..], phrase).is_some());
        let pair = |(first, second): &(&str, &str)| {
            let at = tokens.iter().position(|token| token.lower == *first);
            at.is_some_and(|at| tokens[at..].iter().any(|token| token.lower == *second))
        };
        let begins = tokens.first().is_some_and(|token| self.orders.contains(&token.lower.as_str()));
        begins || self.duties.iter().any(says) || self.pairs.iter().any(pair)
    }

    /// Whether a sentence lays something down by saying in the present what is done: in the passive, or by a role.
    pub(super) fn is_rule(&self, sentence: &Sentence<'_>, titles: &[String]) -> bool {
        let tokens = &sentence.tokens;
        let passive = tokens.iter().position(|token| self.passive.contains(&token.lower.as_str())).is_some_and(|at| {
            let ends = |token: &Token<'_>| {
                self.participles.iter().any(|end| token.lower.len() > end.len() && token.lower.ends_with(end) || token.lower == *end)
            };
            tokens[at + 1..].iter().any(ends)
        });
        let subject = || tokens.iter().any(|token| self.subjects.contains(&token.lower.as_str()));
        let title = || titles.iter().any(|title| sentence.has(title));
        sentence.names_role || passive || subject() || title()
    }

    /// The vague words of a sentence, the longest phrase at each place.
    pub(super) fn vague(&self, sentence: &Sentence<'_>) -> Vec<(Range<usize>, &'static Vague)> {
        let tokens = &sentence.tokens;
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let longest = self
                .vague
                .iter()
                .filter_map(|vague| Some((matches(&tokens[at..], vague.phrase)?, vague)))
                .max_by_key(|(length, _)| *length);
            if let Some((length, vague)) = longest {
                found.push((tokens[at].at.start..tokens[at + length - 1].at.end, vague));
                at += length;
            } else {
                at += 1;
            }
        }
        found
    }
}

/// How many tokens a phrase takes, where they begin with it. Only spaces and hyphens may stand between its words.
fn matches(tokens: &[Token<'_>], phrase: &str) -> Option<usize> {
    let mut length = 0;
    for word in phrase.split(' ') {
        let token = tokens.get(length)?;
        let same = word.strip_suffix('*').map_or(token.lower == word, |stem| token.lower.starts_with(stem));
        let joined = length == 0 || token.gap.chars().all(|c| c.is_whitespace() || c == '-');
        if !same || !joined {
            return None;
        }
        length += 1;
    }
    Some(length)
}
