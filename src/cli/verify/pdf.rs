//! A PDF on its own: the sources that it says it was made from, and whether they give its bytes.

use super::super::CouldNotRun;
use super::super::rebuild::{self, Made};
use super::{Check, incomparable, sources};
use crate::base::finding::{Finding, Place, plain};
use crate::base::rule;
use crate::base::source::read_file;
use crate::base::word::{Phrase, phrase};
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
        let message = phrase!("`{path}` does not say what it was made from", path = name);
        let help = phrase!("get the PDF as `annexa build` or `annexa pdf` made it; programs that save it anew lose the mark");
        check.find(&rule::ORIGIN_MISSING, name, message, help);
        return Ok(());
    };
    if let Some(wanted) = check.arguments.audience.as_ref().filter(|wanted| **wanted != mark.audience) {
        let message = phrase!(
            "`{path}` was made for {audience}, and is verified for {wanted}",
            path = name,
            audience = mark.audience,
            wanted = wanted
        );
        let help = phrase!("get the PDF that was made for this audience, or name the one that it is for");
        check.find(&rule::AUDIENCE_DIFFERS, name.clone(), message, help);
    }
    let (root, audience) = (check.root, plain(&mark.audience).into_owned());
    let made = match &check.arguments.release {
        Some(release) => check.releases()?.made(release, &audience)?,
        None => rebuild::as_it_stands(root, &audience, mark.today)?,
    };
    let from = sources::named(check.arguments.release.as_deref(), root);
    let differs = |made: &Made| {
        let list = origin.sources.as_deref();
        made.manual.origin.as_ref().and_then(|own| sources::differ(Some(&mark.view), mark.sources.as_deref(), list, own))
    };
    if let Some(how) = differs(&made) {
        let what = format!("`{name}`");
        let message = phrase!("{what} was made from other sources than {from}: {how}", what = what, from = from, how = how);
        let releases = check.releases().ok().filter(|_| check.arguments.release.is_none());
        let same = releases.and_then(|releases| {
            let is_same = |release: &String| releases.made(release, &audience).is_ok_and(|made| differs(&made).is_none());
            releases.names().into_iter().find(is_same)
        });
        let help = match same {
            Some(release) => phrase!("it was made from the release {name}: verify it with --release {name}", name = release),
            None => phrase!("compare with the commit that it was made from, or make it again"),
        };
        check.find(&rule::SOURCES_DIFFER, name, message, help);
        return Ok(());
    }
    let leaks = Proof::new(made.manual.view.sources.clone(), &audience, &render::fixed_files()).check(&[(&name, &bytes)]);
    check.findings.extend(leaks.into_iter().map(|leak| Finding::new(leak.rule, Place::Project, leak.message)));
    let cannot = incomparable(&mark.version, true).or_else(|| mark.copy.then(|| phrase!("a numbered copy is made once")));
    let compared = match cannot {
        Some(why) => Err(why),
        None => same_bytes(&mark, &made, &bytes),
    };
    match compared {
        Ok(true) => check.said.push(format!("{name}: confirmed, made from {from} for {audience}; set again, they give the same bytes.")),
        Ok(false) => {
            let message =
                phrase!("`{path}` names {from}, and they give other bytes: it was changed after it was made", path = name, from = from);
            check.find(&rule::REBUILD_DIFFERS, name, message, phrase!("do not trust it; get it again from whoever made it"));
        }
        Err(why) => {
            let message = if mark.sources.is_some() {
                phrase!(
                    "`{path}` carries the digest of its sources, which is that of {from}; its bytes were not compared: {why}",
                    path = name,
                    from = from,
                    why = why
                )
            } else {
                phrase!(
                    "`{path}` carries the digest of its view, which is that of {from}; its bytes were not compared: {why}",
                    path = name,
                    from = from,
                    why = why
                )
            };
            check.find(&rule::NOT_COMPARED, name, message, phrase!("verify with the version of Annexa that made it"));
        }
    }
    Ok(())
}

/// Whether the book that a PDF says it is, set again, has its bytes.
#[cfg(feature = "pdf")]
fn same_bytes(mark: &Mark, made: &Made, bytes: &[u8]) -> Result<bool, Phrase> {
    use crate::render::pdf::{self, Book};
    if made.manual.today != mark.today {
        let today = made.manual.today;
        return Err(phrase!("it was made as of {date}, and the release is as of {today}", date = mark.today, today = today));
    }
    let manual = &made.manual;
    let Some(book) = Book::of_word(&mark.book, manual) else {
        return Err(phrase!("it says that it holds `{book}`, which these sources have not", book = plain(&mark.book)));
    };
    match pdf::render(manual, &book, None) {
        Ok(again) => Ok(again == bytes),
        Err(found) => Err(found.first().map(|finding| finding.message.clone()).unwrap_or_default()),
    }
}

#[cfg(not(feature = "pdf"))]
fn same_bytes(_: &Mark, _: &Made, _: &[u8]) -> Result<bool, Phrase> {
    Err(phrase!("this annexa was built without the feature `pdf`"))
}
