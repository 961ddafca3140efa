//! What depends on where things stand, set when all is laid out: links within the PDF, and page numbers.
//!
//! Typst would look each of them up while it lays out, and lay out again until nothing moves: half the time and memory of a manual, which is full of
//! references. So the templates write `annexa:PLACE` as an address, and where a page number belongs a text that ends in zeroes, with a label, [`PAGE`] and the
//! place.
//! Here an address becomes a place on a page, with the words that a reader by ear needs; figures take the place of the zeroes, and what follows on the
//! line closes up.

use std::collections::HashMap;

use rayon::prelude::*;
use rustybuzz::{Feature, UnicodeBuffer, ttf_parser::Tag as FeatureTag};
use typst::ecow::{EcoString, EcoVec, eco_format};
use typst::foundations::{Content, Label};
use typst::introspection::{PagedPosition, Tag};
use typst::layout::{Abs, Em, Frame, FrameItem, Point};
use typst::model::{Destination, Document, FootnoteElem, HeadingElem, LinkMarker, Url};
use typst::text::{FontInstance, Glyph, TextItem};
use typst::utils::PicoStr;
use typst_layout::{Page, PagedDocument};

use super::compile::aside;
use super::notes;

/// What the address of a place begins with.
const SCHEME: &str = "annexa:";

/// What the label of a page number begins with; the place follows. What stands after it on its line closes up.
const PAGE: &str = "page:";

/// The same, where the line ends: what stands before it in its box moves up to it.
const PAGE_AT_END: &str = "page-end:";

/// In place of a place: the page on which the number stands.
const HERE: &str = "@here";

/// In place of a place: the last page.
const LAST: &str = "@last";

/// The address of a place, for a link; none for one that is too long.
pub(super) fn address(place: &str) -> Option<Destination> {
    Url::new(eco_format!("{SCHEME}{place}")).ok().map(Destination::Url)
}

/// The document with its links led to their places and its page numbers set. `called` is what some places are called, `page` the word before a page number.
pub(super) fn lead(document: PagedDocument, called: &HashMap<String, String>, page: &str) -> PagedDocument {
    let mut pages: EcoVec<Page> = document.pages().iter().cloned().collect();
    let places = || Places {
        document: &document,
        called,
        page,
        here: 0,
        number: None,
        known: HashMap::new(),
        names: HashMap::new(),
        figures: HashMap::new(),
    };
    pages.make_mut().par_iter_mut().enumerate().for_each_init(places, |places, (index, page)| {
        (places.here, places.number) = (index + 1, None);
        if let Some(led) = places.frame(&page.frame) {
            page.frame = led;
        }
    });
    let led = PagedDocument::new(pages, document.info().clone());
    aside(move || drop(document));
    led
}

struct Places<'a> {
    document: &'a PagedDocument,
    called: &'a HashMap<String, String>,
    page: &'a str,
    /// The number of the page whose frames are at hand.
    here: usize,
    /// The number whose text comes next.
    number: Option<Number>,
    /// Only ever looked up by key, as the next.
    known: HashMap<EcoString, Option<PagedPosition>>,
    /// Likewise.
    names: HashMap<EcoString, EcoString>,
    /// By font and its zero in the text, since a face may have several kinds of figures.
    figures: HashMap<(FontInstance, u16), Option<Figures>>,
}

/// The glyphs of the ten figures with their advances.
type Figures = [(u16, Em); 10];

/// A page number to be set. None for a place that is not there.
struct Number {
    page: Option<usize>,
    at_end: bool,
}

impl Places<'_> {
    /// The frame with its places; none where it has none: to change a frame is to copy it, and what has no places stays shared with Typst's memory.
    fn frame(&mut self, frame: &Frame) -> Option<Frame> {
        let (mut groups, mut numbers) = (Vec::new(), Vec::new());
        let mut has_places = false;
        for (index, (_, item)) in frame.items().enumerate() {
            match item {
                FrameItem::Group(group) => groups.extend(self.frame(&group.frame).map(|led| (index, led))),
                FrameItem::Tag(Tag::Start(content, _)) if content.label().is_some_and(is_number) => {
                    self.number = content.label().and_then(|label| self.number(label));
                }
                FrameItem::Tag(Tag::End(..)) => self.number = None,
                // A text that has not all its letters from one font is several, the zeroes in the last; and a line may end before it.
                FrameItem::Text(text) if text.text.ends_with('0') => numbers.extend(self.number.take().map(|number| (index, number))),
                item => has_places |= is_of_place(item),
            }
        }
        if groups.is_empty() && numbers.is_empty() && !has_places {
            return None;
        }
        let mut items: Vec<(Point, FrameItem)> = frame.items().cloned().collect();
        for (index, led) in groups {
            if let FrameItem::Group(group) = &mut items[index].1 {
                group.frame = led;
            }
        }
        if has_places {
            for (_, item) in &mut items {
                match item {
                    FrameItem::Link(destination, _) => self.link(destination),
                    FrameItem::Tag(Tag::Start(content, _)) => {
                        if let Some(marker) = content.to_packed_mut::<LinkMarker>() {
                            self.words(marker);
                        }
                    }
                    _ => {}
                }
            }
        }
        for (at, Number { page, at_end }) in numbers {
            let FrameItem::Text(text) = &mut items[at].1 else { continue };
            let narrower = self.set(text, page);
            if at_end {
                items[..=at].iter_mut().for_each(|(point, _)| point.x += narrower);
            } else {
                close_up(&mut items, at, narrower);
            }
        }
        let mut led = frame.clone();
        led.clear();
        led.push_multiple(items);
        Some(led)
    }

    fn link(&mut self, destination: &mut Destination) {
        if let Destination::Url(url) = &*destination
            && let Some(place) = url.strip_prefix(SCHEME)
        {
            // A template that sets no such place leaves a link to the beginning: without any, the structure would be invalid.
            *destination = Destination::Position(self.position(place).unwrap_or(PagedPosition::ORIGIN));
        }
    }

    fn words(&mut self, marker: &mut LinkMarker) {
        if let Some(place) = marker.alt.as_ref().and_then(|alt| alt.strip_prefix(SCHEME)).map(EcoString::from) {
            let page = self.position(&place).map_or(1, |position| position.page.get());
            let name = self.name(&place);
            marker.alt = Some(eco_format!("{name}, {} {page}", self.page));
        }
    }

    /// What a place is called: by its heading, after the document that a section is of; else by what identifies it, as a row or a control.
    fn name(&mut self, place: &EcoString) -> EcoString {
        if let Some(name) = self.names.get(place) {
            return name.clone();
        }
        let heading = self.element(place).and_then(|element| Some(element.to_packed::<HeadingElem>()?.body.plain_text()));
        let name = match heading.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")) {
            Some(words) if !words.is_empty() => match place.split_once('#') {
                Some((document, _)) => eco_format!("{document}, {words}"),
                None => words.into(),
            },
            _ => self.called.get(place.as_str()).map_or_else(|| place.rsplit(['/', ':']).next().unwrap_or(place), String::as_str).into(),
        };
        self.names.insert(place.clone(), name.clone());
        name
    }

    fn element(&self, place: &str) -> Option<&Content> {
        self.document.introspector().elements().query_label(Label::new(PicoStr::intern(place))?).ok()
    }

    /// What a label asks for.
    fn number(&mut self, label: Label) -> Option<Number> {
        let name = label.resolve();
        let (place, at_end) = match (name.as_str().strip_prefix(PAGE), name.as_str().strip_prefix(PAGE_AT_END)) {
            (Some(place), _) => (place, false),
            (_, Some(place)) => (place, true),
            _ => return None,
        };
        let page = match place {
            HERE => Some(self.here),
            LAST => Some(self.document.pages().len()),
            place => self.position(place).map(|position| position.page.get()),
        };
        Some(Number { page, at_end })
    }

    /// Sets a number in place of the zeroes at the end of a text; nothing for a place that is not there. Gives by how much the text is narrower.
    fn set(&mut self, text: &mut TextItem, page: Option<usize>) -> Abs {
        let before = text.width();
        let words = text.text.trim_end_matches('0').len();
        let (kept, zeroes): (Vec<Glyph>, Vec<Glyph>) =
            text.glyphs.iter().cloned().partition(|glyph| usize::from(glyph.range.start) < words);
        let Some(zero) = zeroes.into_iter().next() else { return Abs::zero() };
        let key = (text.font.clone(), zero.id);
        let Some(figures) = self.figures.entry(key).or_insert_with(|| figures(&text.font, zero.id)) else { return Abs::zero() };
        let digits = page.map(|page| page.to_string()).unwrap_or_default();
        // What the zero is wider than its glyph is the tracking of the text.
        let tracking = zero.x_advance - figures[0].1;
        let glyphs = digits.bytes().enumerate().map(|(n, digit)| {
            let (id, advance) = figures[usize::from(digit - b'0')];
            let n = u16::try_from(words + n).unwrap_or(u16::MAX);
            Glyph { id, x_advance: advance + tracking, range: n..n.saturating_add(1), ..zero.clone() }
        });
        text.glyphs = kept.into_iter().chain(glyphs).collect();
        text.text = eco_format!("{}{digits}", &text.text[..words]);
        before - text.width()
    }

    fn position(&mut self, place: &str) -> Option<PagedPosition> {
        if let Some(known) = self.known.get(place) {
            return *known;
        }
        let found = self.element(place).and_then(|element| {
            let location = element.location()?;
            self.document.introspector().position(if element.is::<FootnoteElem>() { notes::at_foot(location) } else { location })
        });
        self.known.insert(place.into(), found);
        found
    }
}

/// Moves what follows a text on its line by what the text has become narrower: to the left, or, in a line from right to left, to the right with the text.
///
/// Items come in the order of reading. A short line is not a frame of its own, so its end is where an item stands on another line or back.
fn close_up(items: &mut [(Point, FrameItem)], at: usize, narrower: Abs) {
    let (origin, FrameItem::Text(text)) = &items[at] else { return };
    let (origin, end, near) = (*origin, origin.x + text.width() + narrower, text.size * 0.6);
    let on_line = |point: &Point, item: &FrameItem| match item {
        FrameItem::Group(group) => (point.y + group.frame.baseline() - origin.y).abs() < near,
        // A link covers the text from its top.
        FrameItem::Link(_, size) => point.y <= origin.y && point.y + size.y >= origin.y,
        FrameItem::Shape(..) | FrameItem::Image(..) => (point.y - origin.y).abs() < text.size * 1.5,
        FrameItem::Text(_) | FrameItem::Tag(_) => (point.y - origin.y).abs() < near,
    };
    let line = items[at + 1..].iter().take_while(|(point, item)| on_line(point, item)).count();
    let seen = |(point, item): &&(Point, FrameItem)| matches!(item, FrameItem::Text(_) | FrameItem::Group(_)) && point.x != origin.x;
    let backward = items[at + 1..=at + line].iter().find(seen).is_some_and(|(point, _)| point.x < origin.x);
    let slack = Abs::pt(0.01);
    let mut after = if backward { origin.x } else { end };
    if backward {
        items[at].0.x += narrower;
    }
    for (point, item) in items[at + 1..=at + line].iter_mut() {
        match item {
            // The area of the link in which the number stands.
            FrameItem::Link(_, size) if (point.x - origin.x).abs() < slack => {
                size.x -= narrower;
                if backward {
                    point.x += narrower;
                }
            }
            _ if backward && point.x <= after + slack => {
                after = point.x;
                point.x += narrower;
            }
            _ if !backward && point.x >= after - slack => {
                after = point.x;
                point.x -= narrower;
            }
            _ => break,
        }
    }
}

/// The figures of a font that go with the zero of a text: its usual ones, or lining or tabular ones.
fn figures(font: &FontInstance, zero: u16) -> Option<Figures> {
    let feature = |name: &[u8; 4]| Feature::new(FeatureTag::from_bytes(name), 1, ..);
    let kinds = [
        vec![feature(b"lnum"), feature(b"tnum")],
        vec![feature(b"lnum")],
        vec![feature(b"tnum")],
        Vec::new(),
        vec![feature(b"lnum"), feature(b"pnum")],
        vec![feature(b"pnum")],
    ];
    kinds.iter().find_map(|features| {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str("0123456789");
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(font.rusty(), features, buffer);
        let mut figures = [(0, Em::zero()); 10];
        if shaped.len() != figures.len() {
            return None;
        }
        for ((figure, info), position) in figures.iter_mut().zip(shaped.glyph_infos()).zip(shaped.glyph_positions()) {
            *figure = (u16::try_from(info.glyph_id).ok()?, font.to_em(position.x_advance));
        }
        (figures[0].0 == zero).then_some(figures)
    })
}

/// Whether something leads to a place.
fn is_of_place(item: &FrameItem) -> bool {
    match item {
        FrameItem::Link(Destination::Url(url), _) => url.starts_with(SCHEME),
        FrameItem::Tag(Tag::Start(content, _)) => {
            content.to_packed::<LinkMarker>().is_some_and(|marker| marker.alt.as_ref().is_some_and(|alt| alt.starts_with(SCHEME)))
        }
        _ => false,
    }
}

fn is_number(label: Label) -> bool {
    let name = label.resolve();
    name.as_str().starts_with(PAGE) || name.as_str().starts_with(PAGE_AT_END)
}
