//! The templates and theme files that are built in. A project's own take their places file by file.

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../templates/site/", $name)))),*]
    };
}

macro_rules! theme {
    ($theme:literal: $($file:literal),* $(,)?) => {
        ($theme, &[$(($file, include_bytes!(concat!("../../../themes/", $theme, "/", $file)))),*])
    };
}

/// Templates by the name under which a project overrides them, `templates/site/NAME`.
pub(crate) static TEMPLATES: &[(&str, &str)] = templates![
    "404.html",
    "answers.html",
    "base.html",
    "calendar.html",
    "certificates.html",
    "changes-parts.html",
    "changes.html",
    "control.html",
    "customer-responsibilities.html",
    "document.html",
    "documents.html",
    "framework.html",
    "frameworks.html",
    "gap.html",
    "in-force.html",
    "index.html",
    "inheritance.html",
    "measures.html",
    "moved.html",
    "parts.html",
    "readiness.html",
    "redline.html",
    "register.html",
    "registers.html",
    "releases.html",
    "responsibilities.html",
    "roles.html",
    "search.html",
    "soa.html",
    "trust/documents.html",
    "trust/downloads.html",
    "trust/index.html",
    "trust/parts.html",
    "trust/subprocessors.html",
    "withdrawn.html",
];

/// Files of a theme by their path in `assets/`.
pub(crate) type Files = &'static [(&'static str, &'static [u8])];

/// The built-in themes by name. What one does not have, the first has.
pub(crate) static THEMES: &[(&str, Files)] = &[
    theme![
        "default":
        "fonts.css",
        "fonts/OFL-inter.txt",
        "fonts/OFL-jetbrains-mono.txt",
        "fonts/OFL-literata.txt",
        "fonts/inter-cyrillic-400-italic.woff2",
        "fonts/inter-cyrillic-400-normal.woff2",
        "fonts/inter-cyrillic-600-normal.woff2",
        "fonts/inter-cyrillic-ext-400-italic.woff2",
        "fonts/inter-cyrillic-ext-400-normal.woff2",
        "fonts/inter-cyrillic-ext-600-normal.woff2",
        "fonts/inter-greek-400-italic.woff2",
        "fonts/inter-greek-400-normal.woff2",
        "fonts/inter-greek-600-normal.woff2",
        "fonts/inter-latin-400-italic.woff2",
        "fonts/inter-latin-400-normal.woff2",
        "fonts/inter-latin-600-normal.woff2",
        "fonts/inter-latin-ext-400-italic.woff2",
        "fonts/inter-latin-ext-400-normal.woff2",
        "fonts/inter-latin-ext-600-normal.woff2",
        "fonts/inter-vietnamese-400-italic.woff2",
        "fonts/inter-vietnamese-400-normal.woff2",
        "fonts/inter-vietnamese-600-normal.woff2",
        "fonts/jetbrains-mono-cyrillic-400-normal.woff2",
        "fonts/jetbrains-mono-cyrillic-600-normal.woff2",
        "fonts/jetbrains-mono-cyrillic-ext-400-normal.woff2",
        "fonts/jetbrains-mono-cyrillic-ext-600-normal.woff2",
        "fonts/jetbrains-mono-greek-400-normal.woff2",
        "fonts/jetbrains-mono-greek-600-normal.woff2",
        "fonts/jetbrains-mono-latin-400-normal.woff2",
        "fonts/jetbrains-mono-latin-600-normal.woff2",
        "fonts/jetbrains-mono-latin-ext-400-normal.woff2",
        "fonts/jetbrains-mono-latin-ext-600-normal.woff2",
        "fonts/jetbrains-mono-vietnamese-400-normal.woff2",
        "fonts/jetbrains-mono-vietnamese-600-normal.woff2",
        "fonts/literata-cyrillic-400-italic.woff2",
        "fonts/literata-cyrillic-400-normal.woff2",
        "fonts/literata-cyrillic-600-italic.woff2",
        "fonts/literata-cyrillic-600-normal.woff2",
        "fonts/literata-cyrillic-ext-400-italic.woff2",
        "fonts/literata-cyrillic-ext-400-normal.woff2",
        "fonts/literata-cyrillic-ext-600-italic.woff2",
        "fonts/literata-cyrillic-ext-600-normal.woff2",
        "fonts/literata-greek-400-italic.woff2",
        "fonts/literata-greek-400-normal.woff2",
        "fonts/literata-greek-600-italic.woff2",
        "fonts/literata-greek-600-normal.woff2",
        "fonts/literata-latin-400-italic.woff2",
        "fonts/literata-latin-400-normal.woff2",
        "fonts/literata-latin-600-italic.woff2",
        "fonts/literata-latin-600-normal.woff2",
        "fonts/literata-latin-ext-400-italic.woff2",
        "fonts/literata-latin-ext-400-normal.woff2",
        "fonts/literata-latin-ext-600-italic.woff2",
        "fonts/literata-latin-ext-600-normal.woff2",
        "fonts/literata-vietnamese-400-italic.woff2",
        "fonts/literata-vietnamese-400-normal.woff2",
        "fonts/literata-vietnamese-600-italic.woff2",
        "fonts/literata-vietnamese-600-normal.woff2",
        "icon.svg",
        "releases.js",
        "scheme.js",
        "search.js",
        "search/find.js",
        "search/results.js",
        "site.css",
        "site.js",
        "table.js",
        "trust.css",
    ],
    theme!["slate": "theme.css"],
];
