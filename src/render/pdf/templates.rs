//! The templates of the layout: built in, and overridden file by file by a project's `templates/pdf/`.

use crate::base::source::Sources;

/// The project's folder of templates, which is also their virtual path.
pub(super) const FOLDER: &str = "templates/pdf/";

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// The built-in templates: name and text.
        pub(super) static BUILT_IN: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../templates/pdf/", $name)))),*];
    };
}

built_in!(
    "style.typ",
    "words.typ",
    "blocks.typ",
    "tables.typ",
    "pictures.typ",
    "document.typ",
    "heads.typ",
    "front.typ",
    "back.typ",
    "manual.typ",
    "redline.typ",
    "code.tmTheme",
);

/// Every template with the virtual path under which Typst asks for it.
///
/// `/templates/pdf/NAME` is the project's where it has one, else the built-in; `/annexa/NAME` is always the built-in, so that an override can extend it.
pub(super) fn all(sources: &Sources) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, text) in BUILT_IN {
        all.push((format!("/annexa/{name}"), (*text).to_owned()));
        if sources.find(&format!("{FOLDER}{name}")).is_none() {
            all.push((format!("/{FOLDER}{name}"), (*text).to_owned()));
        }
    }
    for (_, file) in sources.iter().filter(|(_, file)| file.path.starts_with(FOLDER)) {
        all.push((format!("/{}", file.path), file.text().to_owned()));
    }
    all
}

/// The project's own templates.
pub(super) fn overrides(sources: &Sources) -> Vec<&str> {
    sources.iter().map(|(_, file)| file.path.as_ref()).filter(|path| path.starts_with(FOLDER)).collect()
}

/// Whether a virtual path is that of a built-in template.
pub(super) fn is_built_in(sources: &Sources, path: &str) -> bool {
    path.starts_with("annexa/") || path.starts_with(FOLDER) && sources.find(path).is_none()
}
