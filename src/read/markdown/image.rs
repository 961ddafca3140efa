//! Images: a file of the project, with words for those who do not see it. Nothing is fetched.

use std::ops::Range;
use std::sync::Arc;

use super::link;
use super::report::{Report, excerpt};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::read::tree::Target;

/// The path of an image in the project; nothing, with a finding, if there can be none.
pub(super) fn path(link: &str, from: &str, range: Range<usize>, report: &mut Report<'_>) -> Option<Arc<str>> {
    let missing = |message: Phrase| report.at(&rule::IMAGE_MISSING, range.clone(), message);
    let put = phrase!("put the image into the project, in `content/assets/`, and name it by a relative path");
    let finding = match link::read(link, from) {
        Ok(Target::Path { path, .. }) => return Some(path),
        Ok(Target::Url(_)) => missing(phrase!("an image from another host is not fetched")).help(put),
        Err(link::Wrong::Scheme(scheme)) => report
            .at(&rule::UNSAFE_LINK, range.clone(), phrase!("the scheme `{scheme}:` may not be published", scheme = excerpt(&scheme)))
            .label(phrase!("only its words are kept"))
            .help(put),
        Err(link::Wrong::Outside) => missing(phrase!("`{path}` leads out of the project", path = excerpt(link))).help(put),
        Err(link::Wrong::Empty) => missing(phrase!("the image has no path")).help(put),
        _ => missing(phrase!("`{path}` names no image", path = excerpt(link))).help(put),
    };
    report.add(finding);
    None
}
