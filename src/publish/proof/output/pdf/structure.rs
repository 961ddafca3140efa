//! The structure of a tagged PDF (ISO 32000-1, 14.7): which marked content belongs together.

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object};

/// How deep elements may nest.
const DEEPEST: usize = 200;

/// Elements within a line.
const INLINE: &[&str] = &["Span", "Link", "Em", "Strong", "Code", "Quote", "Reference", "Annot", "Sub", "BibEntry", "NonStruct"];

/// What the structure says, in reading order.
pub(super) enum Mark {
    /// Marked content of a page, by its number.
    Content(i32),
    /// A block begins or ends.
    Edge,
}

/// Walks an element, with the number of the page that its content is on.
pub(super) fn walk(element: &Dict<'_>, page: Option<i32>, depth: usize, each: &mut dyn FnMut(Option<i32>, Mark)) {
    if depth > DEEPEST {
        return;
    }
    let page = element.get_ref("Pg").map(|page| page.obj_number).or(page);
    let inline = element.get::<Name<'_>>("S").is_some_and(|role| INLINE.contains(&role.as_str()));
    if !inline {
        each(page, Mark::Edge);
    }
    if let Some(array) = element.get::<Array<'_>>("K") {
        array.iter::<Object<'_>>().for_each(|kid| self::kid(&kid, page, depth, each));
    } else if let Some(kid) = element.get::<Object<'_>>("K") {
        self::kid(&kid, page, depth, each);
    }
    if !inline {
        each(page, Mark::Edge);
    }
}

fn kid(kid: &Object<'_>, page: Option<i32>, depth: usize, each: &mut dyn FnMut(Option<i32>, Mark)) {
    match kid {
        Object::Number(number) => each(page, Mark::Content(number.as_f64() as i32)),
        Object::Dict(dict) => match dict.get::<i32>("MCID") {
            Some(number) if !dict.contains_key("K") => {
                each(dict.get_ref("Pg").map(|page| page.obj_number).or(page), Mark::Content(number));
            }
            _ => walk(dict, page, depth + 1, each),
        },
        Object::Array(array) => array.raw_iter().for_each(|item| {
            if let MaybeRef::NotRef(item) = item {
                self::kid(&item, page, depth + 1, each);
            }
        }),
        _ => {}
    }
}
