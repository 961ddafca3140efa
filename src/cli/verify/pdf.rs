//! A PDF on its own: the sources that it says it was made from, and whether they give its bytes.

use super::super::CouldNotRun;
use super::super::rebuild::{self, Made};
use super::{Check, incomparable, sources};
use crate::base::finding::{Finding, Place, plain};
use crate::base::rule;
use crate::base::source::read_file;
use crate::publish::{Proof, origin_of_pdf};
use crate::render;
use crate::render::mark::Mark;

/// Largest PDF that is read, in bytes.
const LARGEST: u64 = 1 << 30;

pub(super) fn check(check: &mut Check<'_>) -> Result<(), CouldNotRun> {
    let file = &check.arguments.output;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = read_file(file, LARGEST).map_err(CouldNotRun)?;
    if !bytes.starts_with(b"%PDF") {
        return Err(CouldNotRun(format!("`{}` is no PDF; name one, or the folder that was published", file.display())));
    }
    let origin = origin_of_pdf(&bytes).map_err(CouldNotRun)?;
    let Some(mark) = origin.mark else {
        let message = format!("`{name}` does not say what it was made from");
        check.find(
            &rule::ORIGIN_MISSING,
            name,
            message,
            "get the PDF as `annexa build` or `annexa pdf` made it; programs that save it anew lose the mark",
        );
        return Ok(());
    };
    if let Some(wanted) = check.arguments.audience.as_ref().filter(|wanted| **wanted != mark.audience) {
        let message = format!("`{name}` was made for {}, and is verified for {wanted}", mark.audience);
        check.find(
            &rule::AUDIENCE_DIFFERS,
            name.clone(),
            message,
            "get the PDF that was made for this audience, or name the one that it is for",
        );
    }
    let (root, audience) = (check.root, plain(&mark.audience).into_owned());
    let made = match &check.arguments.release {
        Some(release) => check.releases()?.made(release, &audience)?,
        None => rebuild::as_it_stands(root, &audience, mark.today)?,
    };
    let from = match &check.arguments.release {
        Some(release) => format!("the release {release}"),
        None => format!("the sources in `{}`", root.display()),
    };
    let differs = |made: &Made| {
        let list = origin.sources.as_deref();
        made.manual.origin.as_ref().and_then(|own| sources::differ(Some(&mark.view), mark.sources.as_deref(), list, own))
    };
    if let Some(how) = differs(&made) {
        let message = format!("`{name}` was made from other sources than {from}: {how}");
        let releases = check.releases().ok().filter(|_| check.arguments.release.is_none());
        let same = releases.and_then(|releases| {
            let is_same = |release: &String| releases.made(release, &audience).is_ok_and(|made| differs(&made).is_none());
            releases.names().into_iter().find(is_same)
        });
        let help = match same {
            Some(release) => format!("it was made from the release {release}: verify it with --release {release}"),
            None => "compare with the commit that it was made from, or make it again".into(),
        };
        check.find(&rule::SOURCES_DIFFER, name, message, &help);
        return Ok(());
    }
    let leaks = Proof::new(made.manual.view.sources.clone(), &audience, &render::fixed_files()).check(&[(&name, &bytes)]);
    check.findings.extend(leaks.into_iter().map(|leak| Finding::new(leak.rule, Place::Project, leak.message)));
    let digest = if mark.sources.is_some() { "digest of its sources" } else { "digest of its view" };
    let cannot = incomparable(&mark.version, true).or_else(|| mark.copy.then(|| "a numbered copy is made once".into()));
    let compared = match cannot {
        Some(why) => Err(why),
        None => same_bytes(&mark, &made, &bytes),
    };
    match compared {
        Ok(true) => check.said.push(format!("{name}: confirmed, made from {from} for {audience}; set again, they give the same bytes.")),
        Ok(false) => {
            let message = format!("`{name}` names {from}, and they give other bytes: it was changed after it was made");
            check.find(&rule::REBUILD_DIFFERS, name, message, "do not trust it; get it again from whoever made it");
        }
        Err(why) => {
            let message = format!("`{name}` carries the {digest}, which is that of {from}; its bytes were not compared: {}", plain(&why));
            check.find(&rule::NOT_COMPARED, name, message, "verify with the version of Annexa that made it");
        }
    }
    Ok(())
}

/// Whether the book that a PDF says it is, set again, has its bytes.
#[cfg(feature = "pdf")]
fn same_bytes(mark: &Mark, made: &Made, bytes: &[u8]) -> Result<bool, String> {
    use crate::render::pdf::{self, Book};
    if made.manual.today != mark.today {
        return Err(format!("it was made as of {}, and the release is as of {}", mark.today, made.manual.today));
    }
    let manual = &made.manual;
    let Some(book) = Book::of_word(&mark.book, manual) else {
        return Err(format!("it says that it holds `{}`, which these sources have not", mark.book));
    };
    match pdf::render(manual, &book, None) {
        Ok(again) => Ok(again == bytes),
        Err(found) => Err(found.first().map_or_else(String::new, |finding| finding.message.to_string())),
    }
}

#[cfg(not(feature = "pdf"))]
fn same_bytes(_: &Mark, _: &Made, _: &[u8]) -> Result<bool, String> {
    Err("this annexa was built without the feature `pdf`".into())
}
