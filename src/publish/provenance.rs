//! A statement of SLSA provenance about an output, for pipelines that collect them (in-toto Statement v1, https://in-toto.io/Statement/v1; SLSA Provenance v1,
//! https://slsa.dev/provenance/v1). It says what the manifest says and no more: no clock, no machine, and of the sources only what the audience may know.

use serde_json::{Map, Value, json};

use super::manifest::Manifest;
use crate::base::digest::sha256;
use crate::render::MANIFEST_PATH;

/// The type of statement.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of what it says.
const PREDICATE: &str = "https://slsa.dev/provenance/v1";
/// How outputs are made, as a package URL: what `externalParameters` mean stands in that file.
const BUILD: &str = "pkg:cargo/annexa#docs/verify.md";

/// The statement about an output, as JSON with a line feed at its end.
pub fn provenance(manifest: &Manifest) -> String {
    let subject = |name: &str, sha256: &str| json!({"name": name, "digest": {"sha256": sha256}});
    let mut subjects = vec![subject(MANIFEST_PATH, &sha256(manifest.to_json().as_bytes()))];
    subjects.extend(manifest.files.iter().map(|entry| subject(&entry.path, &entry.sha256)));
    let mut parameters = Map::new();
    parameters.insert("audience".into(), manifest.audience.as_str().into());
    parameters.insert("today".into(), manifest.today.map(|today| today.to_string()).into());
    if let Some(settings) = &manifest.settings {
        parameters.insert("pdf".into(), settings.pdf.into());
    }
    if let Some(release) = &manifest.release {
        parameters.insert("release".into(), release.name.as_str().into());
    }
    let input = |name: &str, sha256: &str| json!({"name": name, "digest": {"sha256": sha256}});
    let view = manifest.view.iter().map(|digest| input("view", digest));
    let inputs: Vec<Value> = view.chain(manifest.sources.iter().map(|digest| input("sources", digest))).collect();
    let statement = json!({
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD,
                "externalParameters": parameters,
                "resolvedDependencies": inputs,
            },
            "runDetails": {
                "builder": {"id": format!("pkg:cargo/annexa@{}", manifest.version), "version": {"annexa": manifest.version}},
            },
        },
    });
    format!("{statement:#}\n")
}
