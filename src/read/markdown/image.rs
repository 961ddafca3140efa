//! Images: a file of the project, with words for those who do not see it. Nothing is fetched.

use std::ops::Range;
use std::sync::Arc;

use super::link;
use super::report::{Report, excerpt};
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::tree::Target;

/// The path of an image in the project; nothing, with a finding, if there can be none.
pub(super) fn path(link: &str, from: &str, range: Range<usize>, report: &mut Report<'_>) -> Option<Arc<str>> {
    let missing = |message: String| report.at(&rule::IMAGE_MISSING, range.clone(), message);
    let put = "put the image into the project, in `content/assets/`, and name it by a relative path";
    let finding = match link::read(link, from) {
        Ok(Target::Path { path, .. }) => return Some(path),
        Ok(Target::Url(_)) => missing("an image from another host is not fetched".into()).help(put),
        Err(link::Wrong::Scheme(scheme)) => report
            .at(&rule::UNSAFE_LINK, range.clone(), format!("the scheme `{}:` may not be published", excerpt(&scheme)))
            .label(phrase!("only its words are kept"))
            .help(put),
        Err(link::Wrong::Outside) => missing(format!("`{}` leads out of the project", excerpt(link))).help(put),
        Err(link::Wrong::Empty) => missing("the image has no path".into()).help(put),
        _ => missing(format!("`{}` names no image", excerpt(link))).help(put),
    };
    report.add(finding);
    None
}
