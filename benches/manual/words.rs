//! Sentences of the kind that policies and procedures are made of.

use crate::random::Random;

/// Roles of the roles register, with their titles.
pub(crate) const ROLES: &[(&str, &str)] = &[
    ("ceo", "Chief Executive Officer"),
    ("ciso", "Chief Information Security Officer"),
    ("cto", "Chief Technology Officer"),
    ("dpo", "Data Protection Officer"),
    ("legal-counsel", "Legal Counsel"),
    ("people-lead", "Head of People"),
    ("it-lead", "Head of Internal IT"),
    ("platform-lead", "Head of Platform"),
    ("engineering-lead", "Head of Engineering"),
    ("support-lead", "Head of Support"),
    ("procurement-lead", "Head of Procurement"),
    ("facility-lead", "Head of Facilities"),
    ("incident-manager", "Incident Manager"),
    ("internal-auditor", "Internal Auditor"),
    ("change-manager", "Change Manager"),
    ("continuity-manager", "Continuity Manager"),
];

const SUBJECTS: &[&str] = &[
    "the owner of the system",
    "internal IT",
    "the platform team",
    "the line manager",
    "the engineer on call",
    "each team that keeps customer data",
    "the supplier's contact",
    "the person who opens the case",
    "the change board",
    "everyone with administrator rights",
    "the support desk",
    "the release manager",
    "the owner of the risk",
    "a second engineer",
    "the data protection office",
    "the reviewer",
];
const VERBS: &[&str] = &[
    "records",
    "checks",
    "approves",
    "reviews",
    "reports",
    "compares with the register",
    "hands over",
    "withdraws",
    "keeps for the audit",
    "tests",
    "closes",
    "signs off",
    "asks for",
    "publishes inside the company",
    "protects",
    "measures",
];
const OBJECTS: &[&str] = &[
    "access rights to production systems",
    "the inventory of assets and their owners",
    "keys and certificates that end within sixty days",
    "backups of the customer database",
    "log entries of privileged sessions",
    "vulnerabilities of high and critical severity",
    "agreements with cloud suppliers",
    "screening results of new staff",
    "changes to network rules",
    "records of training",
    "exceptions granted to this document",
    "test data taken from live systems",
    "notices to customers and authorities",
    "the plan for the recovery of the service",
    "media that leave the building",
    "source code and build pipelines",
];
const WHEN: &[&str] = &[
    "before the first day of use",
    "within two working days",
    "every quarter",
    "once a year and after each incident",
    "at each change of role",
    "as soon as it is known",
    "in the ticket of the case",
    "with date and name",
    "where the classification asks for it",
    "unless a legal hold exists",
    "on the day the contract ends",
    "after a sample of ten cases",
    "in the first week of the month",
    "together with a colleague of another team",
    "without delay",
    "by the end of the following month",
];
const TOPICS: &[&str] = &[
    "Access",
    "Suppliers",
    "Backup",
    "Cryptography",
    "Logging",
    "Incidents",
    "Change",
    "Vulnerabilities",
    "Screening",
    "Training",
    "Assets",
    "Media",
    "Networks",
    "Development",
    "Continuity",
    "Privacy",
    "Visitors",
    "Remote work",
    "Configuration",
    "Capacity",
];
const ASPECTS: &[&str] = &[
    "for production systems",
    "of cloud services",
    "in development",
    "at remote workplaces",
    "for customer data",
    "of administrators",
    "in the office",
    "for suppliers",
    "of the platform",
    "at the end of a contract",
    "for test systems",
    "of mobile devices",
];

/// The words of a clause without its end: "the reviewer checks changes to network rules every quarter".
pub(crate) fn clause(random: &mut Random) -> String {
    format!("{} {} {} {}", random.pick(SUBJECTS), random.pick(VERBS), random.pick(OBJECTS), random.pick(WHEN))
}

/// A sentence.
pub(crate) fn sentence(random: &mut Random) -> String {
    let mut text = capital(&clause(random));
    if random.chance(25) {
        text.push_str("; ");
        text.push_str(&clause(random));
    }
    text.push('.');
    text
}

/// A few words for a cell of a table.
pub(crate) fn cell(random: &mut Random) -> &'static str {
    let from = [OBJECTS, WHEN, SUBJECTS][random.below(3)];
    random.pick(from)
}

/// A title.
pub(crate) fn title(random: &mut Random) -> String {
    format!("{} {}", random.pick(TOPICS), random.pick(ASPECTS))
}

/// A role's id.
pub(crate) fn role(random: &mut Random) -> &'static str {
    ROLES[random.below(ROLES.len())].0
}

/// With a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
