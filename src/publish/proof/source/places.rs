//! Where a passage's text stands in its file.

use std::ops::Range;

/// From each first offset in the passage on, it stands from the second one in the file, until the next. Empty where that cannot be told.
pub(in super::super) type Places = Vec<(u32, u32)>;

/// A text that stands in the file as it is.
pub(super) fn at(offset: usize) -> Places {
    vec![(0, u32::try_from(offset).unwrap_or(u32::MAX))]
}

/// Where a range stands.
pub(super) fn of(places: &[(u32, u32)], range: Range<usize>) -> Option<(u32, u32)> {
    let place = |offset: usize| {
        let offset = u32::try_from(offset).ok()?;
        let after = places.partition_point(|(from, _)| *from <= offset);
        let (from, to) = places.get(after.checked_sub(1)?)?;
        Some(to.saturating_add(offset - from))
    };
    let start = place(range.start)?;
    // The end is the place after the last byte, which may stand in a line before that of the next one.
    let end = if range.is_empty() { start } else { place(range.end - 1)?.saturating_add(1) };
    Some((start, end.max(start)))
}

/// Where a text stands that is a part of another one, from each of `parts`, offset here and there, on.
pub(super) fn within(outer: &[(u32, u32)], parts: &[(usize, usize)], length: usize) -> Places {
    let mut places = Places::new();
    for (index, (here, there)) in parts.iter().enumerate() {
        let end = parts.get(index + 1).map_or(length, |(next, _)| *next);
        let Some((start, _)) = of(outer, *there..*there) else { continue };
        places.push((*here as u32, start));
        // Lines of the outer text that begin within this part.
        let last = there + (end - here);
        let inner = outer.iter().filter(|(from, _)| (*from as usize) > *there && (*from as usize) < last);
        places.extend(inner.map(|(from, to)| ((here + (*from as usize - there)) as u32, *to)));
    }
    places
}
