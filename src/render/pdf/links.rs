//! Links within the PDF, led to their places after the layout.
//!
//! Typst would look every link up while it lays out, several times each: half the time and memory of a manual's layout, which is full of links. So
//! the templates write `annexa:PLACE` as an address, and here, where all is laid out, it becomes a place on a page and gets the words that a
//! reader by ear needs.

use std::collections::BTreeMap;

use typst::ecow::{EcoString, EcoVec};
use typst::foundations::Label;
use typst::introspection::{PagedPosition, Tag};
use typst::layout::{Frame, FrameItem};
use typst::model::{Destination, Document, LinkMarker};
use typst::utils::PicoStr;
use typst_layout::{Page, PagedDocument};

/// What the address of a place begins with.
const SCHEME: &str = "annexa:";

/// The document with its links led to their places. `page` is the word before a page number.
pub(super) fn lead(document: PagedDocument, page: &str) -> PagedDocument {
    let mut pages: EcoVec<Page> = document.pages().iter().cloned().collect();
    let mut places = Places { document: &document, page, known: BTreeMap::new() };
    for page in pages.make_mut() {
        places.frame(&mut page.frame);
    }
    PagedDocument::new(pages, document.info().clone())
}

struct Places<'a> {
    document: &'a PagedDocument,
    page: &'a str,
    known: BTreeMap<EcoString, Option<PagedPosition>>,
}

impl Places<'_> {
    fn frame(&mut self, frame: &mut Frame) {
        // To change a frame is to copy its text, so frames without links stay shared with Typst's cache.
        if !has_links(frame) {
            return;
        }
        frame.retain(|item| match item {
            FrameItem::Group(group) => {
                self.frame(&mut group.frame);
                true
            }
            FrameItem::Link(destination, _) => {
                if let Destination::Url(url) = &*destination
                    && let Some(place) = url.strip_prefix(SCHEME)
                {
                    // A template that sets no such place leaves a link to the beginning: without any, the structure would be invalid.
                    *destination = Destination::Position(self.position(place).unwrap_or(PagedPosition::ORIGIN));
                }
                true
            }
            FrameItem::Tag(Tag::Start(content, _)) => {
                if let Some(marker) = content.to_packed_mut::<LinkMarker>()
                    && let Some(place) = marker.alt.as_ref().and_then(|alt| alt.strip_prefix(SCHEME)).map(EcoString::from)
                {
                    let page = self.position(&place).map_or(1, |position| position.page.get());
                    marker.alt = Some(typst::ecow::eco_format!("{place}, {} {page}", self.page));
                }
                true
            }
            _ => true,
        });
    }

    fn position(&mut self, place: &str) -> Option<PagedPosition> {
        if let Some(known) = self.known.get(place) {
            return *known;
        }
        let introspector = self.document.introspector();
        let found = Label::new(PicoStr::intern(place))
            .and_then(|label| introspector.elements().query_label(label).ok()?.location())
            .and_then(|location| introspector.position(location));
        self.known.insert(place.into(), found);
        found
    }
}

fn has_links(frame: &Frame) -> bool {
    frame.items().any(|(_, item)| match item {
        FrameItem::Group(group) => has_links(&group.frame),
        FrameItem::Link(Destination::Url(url), _) => url.starts_with(SCHEME),
        FrameItem::Tag(Tag::Start(content, _)) => content.is::<LinkMarker>(),
        _ => false,
    })
}
