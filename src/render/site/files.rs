//! Files that are no pages: the theme's, and the images and attachments of visible texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{address, builtin, directory, stylesheet, trust};
use crate::link::manual::Manual;
use crate::read::theme::{FILE as SETTINGS, Theme, USUAL};
use crate::read::tree::{Body, InlineKind, Target};
use crate::read::value::Value;
use crate::render::Artifact;

/// The theme's files: the project's own where `themes/NAME/` has them, else those of the built-in theme of that name, else of the usual one; and
/// `theme.css` with what its settings say.
pub(crate) fn theme(manual: &Manual) -> Vec<Artifact> {
    let view = &manual.view;
    let theme = &view.project.theme;
    let built_in = builtin::THEMES.iter().filter(|(name, _)| [USUAL, theme.name.as_ref()].contains(name));
    let mut files: BTreeMap<&str, &[u8]> = built_in.flat_map(|(_, files)| files.iter().copied()).collect();
    let folder = format!("themes/{}/", theme.name);
    for (_, file) in view.sources.iter() {
        // The PDF's fonts are no business of the site's, and the theme's settings nobody else's.
        let of_site = |name: &&str| !name.starts_with("pdf-fonts/") && *name != SETTINGS;
        if let Some(name) = file.path.strip_prefix(&folder).filter(of_site) {
            files.insert(name, file.bytes());
        }
    }
    let sheet = stylesheet::stylesheet(theme, files.remove("theme.css").unwrap_or_default());
    files.insert("theme.css", &sheet);
    let artifact = |(name, bytes): (&str, &[u8])| Artifact { path: format!("assets/{name}"), bytes: bytes.to_vec() };
    files.into_iter().map(artifact).collect()
}

/// Where a file of the theme's folder, by its path in the project, lies in the output, as part of an address.
pub(crate) fn of_theme(theme: &Theme, path: &str) -> String {
    let name = path.strip_prefix("themes/").and_then(|path| path.strip_prefix(theme.name.as_ref())).unwrap_or(path);
    address::encoded(&format!("assets{name}"))
}

/// The images and attachments that visible texts show or link.
pub(crate) fn shown(manual: &Manual) -> Vec<Artifact> {
    let view = &manual.view;
    let mut paths: BTreeMap<Arc<str>, ()> = BTreeMap::new();
    let mut gather = |body: &Body| {
        body.each_inline(&mut |inline| match &inline.kind {
            InlineKind::Image { path, .. } | InlineKind::Link { target: Target::Path { path, .. }, .. }
                if directory::is_published(manual, path) =>
            {
                paths.insert(path.clone(), ());
            }
            _ => {}
        });
    };
    for document in &view.documents {
        gather(&document.body);
        document.summary.iter().for_each(|summary| gather(&summary.text));
    }
    view.abstracts.iter().for_each(|published| gather(&published.text));
    let rows = view.registers.iter().flat_map(|register| &register.rows).map(|row| &row.fields);
    for fields in rows.chain(view.statements.iter().map(|statement| &statement.fields)) {
        fields.iter().for_each(|(_, spanned)| each_prose(&spanned.value, &mut gather));
    }
    paths.extend(trust::pictures(manual).map(|path| (path.into(), ())));
    let file = |path: Arc<str>| {
        let id = view.sources.find(&path)?;
        Some(Artifact { path: address::file(&path), bytes: view.sources.file(id).bytes().to_vec() })
    };
    paths.into_keys().filter_map(file).collect()
}

fn each_prose(value: &Value, visit: &mut dyn FnMut(&Body)) {
    match value {
        Value::Prose(body) => visit(body),
        Value::List(items) => items.iter().for_each(|item| each_prose(&item.value, visit)),
        Value::Record(record) => record.iter().for_each(|(_, spanned)| each_prose(&spanned.value, visit)),
        _ => {}
    }
}
