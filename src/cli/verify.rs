//! `annexa verify`: whether a published folder is as it was built, and says nothing that its audience may not see.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::Format;
use super::load;
use super::{CouldNotRun, Ended, names, say};
use crate::base::finding::{self, Counts, Finding, Place, json, terminal};
use crate::base::rule;
use crate::base::source::Sources;
use crate::publish::{Proof, Published, verify};
use crate::read::project;
use crate::render::{self, MANIFEST_PATH};

#[derive(Args)]
pub(super) struct Arguments {
    /// The folder that was published
    #[arg(value_name = "DIR")]
    output: PathBuf,
    /// For whom it is: a classification, or `auditor` (default: whom its manifest names)
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// The project's folder, whose sources say what is withheld; without annexa.yaml there, the manifest alone is verified
    #[arg(long, default_value = ".", value_name = "DIR")]
    project: PathBuf,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ended, CouldNotRun> {
    let mut published = verify(&arguments.output)?;
    let made_for = published.manifest.as_ref().map(|manifest| manifest.audience.clone());
    let mut findings = std::mem::take(&mut published.findings);
    if let (Some(wanted), Some(made_for)) = (&arguments.audience, &made_for)
        && wanted != made_for
    {
        let message = format!("the output was made for {made_for}, and is verified for {wanted}");
        findings.push(
            Finding::new(&rule::AUDIENCE_DIFFERS, Place::File(MANIFEST_PATH.into()), message)
                .help("publish the output that was made for this audience, or name the one that the folder is for"),
        );
    }
    let has_project = arguments.project.join(project::PATH).is_file();
    let audience = arguments.audience.clone().or(made_for);
    if !has_project && arguments.audience.is_some() {
        return Err(CouldNotRun(format!(
            "there is no annexa.yaml in `{}`, whose sources would say what is withheld; name the project with --project",
            arguments.project.display()
        )));
    }
    let (sources, found) = if has_project { load::sources(&arguments.project)? } else { (Arc::default(), Vec::new()) };
    findings.extend(found);
    let proved = match audience {
        Some(audience) if has_project => Some(prove(&sources, &audience, &published, &mut findings)?),
        _ => None,
    };
    finding::sort(&mut findings, &sources);
    let whole = Counts::of(&findings).errors == 0;
    match arguments.format {
        Format::Human => {
            let options = terminal::Options { colour: load::colour(&std::io::stdout()), width: load::width() };
            say(&if findings.is_empty() { String::new() } else { terminal::render(&findings, &sources, options) });
            say(&if whole { summary(&published, proved) } else { String::new() });
        }
        Format::Json => say(&json::render(&findings, &sources)),
    }
    Ok(if whole { Ended::Well } else { Ended::WithErrors })
}

/// Looks for leaks, and says for whom.
fn prove(sources: &Arc<Sources>, audience: &str, published: &Published, findings: &mut Vec<Finding>) -> Result<String, CouldNotRun> {
    let Some(project) = project::read(sources, &mut Vec::new()) else {
        return Err(CouldNotRun("annexa.yaml cannot be read; `annexa check` says why".into()));
    };
    let audience = names::audience(audience, &project, &[])?;
    let files: Vec<(&str, &[u8])> = published.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    findings.extend(Proof::new(sources.clone(), &audience.name, &render::fixed_files()).check(&files));
    Ok(audience.name.to_string())
}

fn summary(published: &Published, proved: Option<String>) -> String {
    let count = published.files.len();
    let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    match proved {
        Some(audience) => format!("{files}, all as they were built; nothing in them is withheld from {audience}.\n"),
        None => {
            format!("{files}, all as they were built. What they say was not looked at: there is no project here to say what is withheld.\n")
        }
    }
}
