//! PDFs (ISO 32000-1): text that pages show, through the fonts' maps to Unicode; and every string, name, metadata stream and attached file besides.

mod place;
mod structure;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use hayro_cmap::{BfString, CMap};
use hayro_syntax::Pdf;
use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Stream};

use place::Place;
use structure::Mark;

use super::{Closed, Listener, SHORTEST_IN_BYTES, look, markup, picture, pixels, strings};
use crate::base::word::phrase;

/// A gap in a line of text that is a space, in thousandths of the font's size.
const SPACE: f64 = -160.0;
/// How deep objects may nest.
const DEEPEST: usize = 40;

pub(super) fn read(bytes: &[u8], depth: usize, budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    let unreadable = |error| phrase!("the PDF cannot be read: {error}", error = format!("{error:?}"));
    let pdf = Pdf::new(bytes.to_vec()).map_err(unreadable)?;
    let (fonts, marked, contents) = (HashMap::new(), HashMap::new(), BTreeSet::new());
    let mut reader = Reader { depth, budget, listener, fonts, marked, contents, closed: None };
    for page in pdf.pages().iter() {
        let resources = page.resources();
        if let Some(content) = page.page_stream() {
            reader.contents.extend(content_streams(page.raw()));
            let page = page.raw().obj_id().map(|id| id.obj_number);
            reader.content(content, page, &|name| resources.get_font(name));
        }
    }
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    if let Some(tree) = root.and_then(|root| root.get::<Dict<'_>>("StructTreeRoot")) {
        let mut block = Shown::default();
        structure::walk(&tree, None, 0, &mut |page, mark| match mark {
            Mark::Content(number) => {
                if let Some(part) = reader.marked.remove(&(page.unwrap_or_default(), number)) {
                    block.append(part);
                }
            }
            Mark::Edge => std::mem::take(&mut block).give(reader.listener),
        });
        block.give(reader.listener);
    }
    // What is marked and stands nowhere in the structure is read on its own.
    let rest: std::collections::BTreeMap<(i32, i32), Shown> = std::mem::take(&mut reader.marked).into_iter().collect();
    rest.into_values().for_each(|part| part.give(reader.listener));
    for object in pdf.objects() {
        reader.object(&object, 0)?;
    }
    reader.closed.map_or(Ok(()), Err)
}

struct Reader<'r> {
    depth: usize,
    budget: &'r mut u64,
    listener: &'r mut dyn Listener,
    /// Fonts by their number, as far as they have one.
    fonts: HashMap<i32, Rc<Font>>,
    /// What pages show in marked content (14.6), by page and number, until the structure says which of it belongs together.
    marked: HashMap<(i32, i32), Shown>,
    /// Numbers of streams that pages show, which are read as that and not as texts.
    contents: BTreeSet<i32>,
    closed: Option<Closed>,
}

/// Marked content that is open (14.6).
#[derive(Default)]
struct Marked {
    /// By which the structure names it.
    number: Option<i32>,
    /// The text that the glyphs in it stand for (14.9.4), as far as it has not been taken: a hyphen that only ends a line is a soft one here.
    actual: Option<String>,
}

/// How the codes of a font become text.
struct Font {
    /// Bytes of a code.
    length: usize,
    map: Option<CMap>,
}

impl Reader<'_> {
    /// Everything that an object says. What it refers to is an object of its own.
    fn object(&mut self, object: &Object<'_>, nested: usize) -> Result<(), Closed> {
        if nested > DEEPEST {
            return Ok(());
        }
        match object {
            Object::String(string) => self.string(string.as_bytes()),
            Object::Name(name) => self.listener.text(without_subset(name.as_str())),
            Object::Dict(dict) => self.dict(dict, nested)?,
            Object::Array(array) => self.array(array, nested)?,
            Object::Stream(stream) => {
                self.dict(stream.dict(), nested)?;
                self.stream(stream)?;
            }
            Object::Null(_) | Object::Boolean(_) | Object::Number(_) => {}
        }
        Ok(())
    }

    fn array(&mut self, array: &Array<'_>, nested: usize) -> Result<(), Closed> {
        array.raw_iter().try_for_each(|item| match item {
            MaybeRef::NotRef(object) => self.object(&object, nested + 1),
            MaybeRef::Ref(_) => Ok(()),
        })
    }

    fn dict(&mut self, dict: &Dict<'_>, nested: usize) -> Result<(), Closed> {
        for (name, value) in dict.entries() {
            self.listener.text(name.as_str());
            if let MaybeRef::NotRef(value) = value {
                self.object(&value, nested + 1)?;
            }
        }
        Ok(())
    }

    /// A text string.
    fn string(&mut self, bytes: &[u8]) {
        let text = decoded(bytes);
        // Digests and keys are no texts.
        if text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count() * 8 <= text.chars().count() {
            self.listener.text(without_subset(text.trim_start_matches('\u{feff}')));
        }
    }

    fn stream(&mut self, stream: &Stream<'_>) -> Result<(), Closed> {
        let dict = stream.dict();
        let word = |key: &str| dict.get::<Name<'_>>(key).map(|name| name.as_str().to_owned()).unwrap_or_default();
        let (kind, subtype) = (word("Type"), word("Subtype"));
        if subtype == "Image" {
            let raw = stream.raw_data();
            if picture::is_picture(&raw) {
                self.listener.file(&raw);
                if let Some(size) = pixels::size(&raw) {
                    self.listener.picture(size, &|| pixels::of_file(&raw));
                }
                return picture::read(&raw, self.budget, self.listener);
            }
            if let (Some(width), Some(height), Some(8)) =
                (dict.get::<u32>("Width"), dict.get::<u32>("Height"), dict.get::<u32>("BitsPerComponent"))
            {
                self.listener.picture((width, height), &|| {
                    let samples = stream.decoded().ok();
                    samples.and_then(|samples| pixels::of_samples((width, height), &samples)).into_iter().collect()
                });
            }
            return Ok(());
        }
        if ["XRef", "ObjStm"].contains(&kind.as_str()) || self.contents.contains(&stream.obj_id().obj_number) {
            return Ok(());
        }
        let Ok(bytes) = stream.decoded() else {
            self.closed.get_or_insert_with(|| phrase!("a stream of the PDF cannot be unpacked"));
            return Ok(());
        };
        *self.budget = self.budget.checked_sub(bytes.len() as u64).ok_or_else(|| phrase!("more lies in it than can be unpacked"))?;
        if says_nothing(&bytes) {
            return Ok(());
        }
        if kind == "EmbeddedFile" {
            // Its name stands elsewhere, its kind here (7.11.4.1): cells of a table are no sentence.
            let name = match subtype.as_str() {
                "text/csv" => "attached.csv",
                "application/json" => "attached.json",
                _ => "",
            };
            return look(name, &bytes, self.depth + 1, self.budget, self.listener);
        }
        if subtype == "Form" || dict.contains_key("PatternType") {
            let fonts = dict.get::<Dict<'_>>("Resources").and_then(|resources| resources.get::<Dict<'_>>("Font")).unwrap_or_default();
            self.content(&bytes, None, &|name| fonts.get::<Dict<'_>>(name));
            return Ok(());
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) if kind == "Metadata" || text.trim_start_matches('\u{feff}').starts_with('<') => {
                let listener = &mut *self.listener;
                markup::read(text, &mut |said| {
                    if let markup::Said::Text(text) = said
                        && !is_digest(text)
                    {
                        listener.text(text)
                    }
                });
            }
            // Maps from codes to characters.
            Ok(text) if text.contains("begincmap") => {}
            Ok(text) => self.listener.text(text),
            Err(_) => strings(&bytes, SHORTEST_IN_BYTES, self.listener),
        }
        Ok(())
    }

    /// What a content stream shows (9.4). What a page marks is kept for the structure; all else is read in its order.
    fn content<'f>(&mut self, content: &[u8], page: Option<i32>, fonts: &dyn Fn(&Name<'_>) -> Option<Dict<'f>>) {
        let mut plain = Shown::default();
        let mut font: Option<Rc<Font>> = None;
        let mut place = Place::default();
        let mut marks: Vec<Marked> = Vec::new();
        let mut hidden = Shown::default();
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            let mut operands = instruction.operands();
            let mark = page.zip(marks.iter().rev().find_map(|mark| mark.number));
            let shown = match mark {
                Some(key) => self.marked.remove(&key).unwrap_or_default(),
                None => std::mem::take(&mut plain),
            };
            let shown = match &**instruction.operator {
                b"Tf" => {
                    let name = operands.next();
                    font =
                        name.and_then(|name| if let Object::Name(name) = name { fonts(name) } else { None }).map(|dict| self.font(&dict));
                    shown
                }
                b"Tj" | b"'" | b"\"" | b"TJ" => {
                    let mut shown = shown;
                    if matches!(&**instruction.operator, b"'" | b"\"") {
                        place.line();
                    }
                    shown.begin(place.height());
                    // What stands for the glyphs is the text; the glyphs are read on their own.
                    let replaced = marks.iter_mut().find_map(|mark| mark.actual.as_mut());
                    match replaced {
                        Some(actual) => {
                            shown.text.push_str(&std::mem::take(actual));
                            operands.for_each(|operand| self.show(operand, font.as_deref(), &mut hidden));
                        }
                        None => operands.for_each(|operand| self.show(operand, font.as_deref(), &mut shown)),
                    }
                    shown
                }
                b"BMC" | b"BDC" => {
                    let properties = operands.find_map(|operand| match operand {
                        Object::Dict(dict) => Some(self.properties(dict)),
                        _ => None,
                    });
                    marks.push(properties.unwrap_or_default());
                    shown
                }
                b"EMC" => {
                    let was = marks.pop();
                    let stood_in = was.as_ref().is_some_and(|mark| mark.actual.is_some());
                    if stood_in {
                        std::mem::take(&mut hidden).give(self.listener);
                    }
                    // What is not marked with a number, a running head say, ends here; not what another text stands for within a line.
                    if mark.is_none() && was.is_some() && !stood_in {
                        shown.give(self.listener);
                        Shown::default()
                    } else {
                        shown
                    }
                }
                operator => {
                    place.operate(operator, &operands.filter_map(number).collect::<Vec<_>>());
                    shown
                }
            };
            match mark {
                Some(key) => _ = self.marked.insert(key, shown),
                None => plain = shown,
            }
        }
        plain.give(self.listener);
    }

    /// Properties of marked content; texts in its place are read besides.
    fn properties(&mut self, dict: &Dict<'_>) -> Marked {
        for (_, value) in dict.entries() {
            if let MaybeRef::NotRef(Object::String(string)) = value {
                self.string(string.as_bytes());
            }
        }
        let actual = dict.get::<hayro_syntax::object::String<'_>>("ActualText").map(|text| decoded(text.as_bytes()));
        Marked { number: dict.get::<i32>("MCID"), actual }
    }

    fn font(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let number = dict.obj_id().map(|id| id.obj_number);
        if let Some(known) = number.and_then(|number| self.fonts.get(&number)) {
            return known.clone();
        }
        let composite = dict.get::<Name<'_>>("Subtype").is_some_and(|name| name.as_str() == "Type0");
        let map = dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| CMap::parse(&stream.decoded().ok()?, |_| None));
        let font = Rc::new(Font { length: if composite { 2 } else { 1 }, map });
        if let Some(number) = number {
            self.fonts.insert(number, font.clone());
        }
        font
    }

    fn show(&mut self, operand: &Object<'_>, font: Option<&Font>, shown: &mut Shown) {
        match operand {
            Object::Number(number) if number.as_f64() < SPACE => shown.text.push(' '),
            Object::Array(array) => array.raw_iter().for_each(|item| {
                if let MaybeRef::NotRef(item @ (Object::Number(_) | Object::String(_))) = item {
                    self.show(&item, font, shown);
                }
            }),
            Object::String(string) => {
                let bytes = string.as_bytes();
                let Some(font) = font else { return };
                if font.length == 2 && font.map.is_none() {
                    self.closed.get_or_insert_with(|| phrase!("the PDF shows text in a font that does not say which characters it means"));
                    return;
                }
                for code in bytes.chunks(font.length) {
                    let number = code.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                    match font.map.as_ref().and_then(|map| map.lookup_bf_string(number)) {
                        Some(BfString::Char(c)) => shown.text.push(c),
                        Some(BfString::String(text)) => shown.text.push_str(&text),
                        None if font.length == 1 => shown.text.push(char::from(code[0])),
                        None => shown.text.push('\u{fffd}'),
                    }
                }
            }
            _ => {}
        }
    }
}

/// The numbers of the streams that a page shows (7.7.3.3).
fn content_streams(page: &Dict<'_>) -> Vec<i32> {
    let parts = page.get::<Array<'_>>("Contents").into_iter().flat_map(|parts| parts.raw_iter().collect::<Vec<_>>());
    let parts = parts.filter_map(|part| if let MaybeRef::Ref(part) = part { Some(part.obj_number) } else { None });
    parts.chain(page.get_ref("Contents").map(|part| part.obj_number)).collect()
}

/// Fonts (OpenType, CFF, Type 1) and colour profiles (ICC.1, 7.2.9), as their first bytes tell: what they say, their makers say.
fn says_nothing(bytes: &[u8]) -> bool {
    let is_font =
        [&b"\0\x01\0\0"[..], b"OTTO", b"true", b"ttcf", b"\x01\0\x04", b"%!PS-AdobeFont"].iter().any(|magic| bytes.starts_with(magic));
    is_font || bytes.get(36..40) == Some(b"acsp")
}

/// Whether a text is 16 bytes in base 64 (RFC 4648), by which XMP tells documents and what they were made from apart: their letters are chance.
fn is_digest(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_suffix("_source").unwrap_or(text);
    text.len() == 24 && text.ends_with("==") && text[..22].bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/'))
}

/// The name of a font without the six capitals by which a subset of it is told apart (9.6.4): they are chance.
fn without_subset(name: &str) -> &str {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 && tag.bytes().all(|c| c.is_ascii_uppercase()) => rest,
        _ => name,
    }
}

/// A text string (7.9.2.2): UTF-16 or UTF-8 where it says so, else taken for Latin-1.
fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest),
        [0xff, 0xfe, rest @ ..] => utf16(&rest.chunks_exact(2).flat_map(|pair| [pair[1], pair[0]]).collect::<Vec<_>>()),
        bytes => std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned),
    }
}

fn number(operand: &Object<'_>) -> Option<f64> {
    if let Object::Number(number) = operand { Some(number.as_f64()) } else { None }
}

/// Text with the places where a new line begins, or a new run of glyphs in the same.
#[derive(Default)]
struct Shown {
    text: String,
    /// Where the last glyphs stood on the page.
    height: Option<f64>,
}

/// Stand for these places; no font shows them.
const LINE: char = '\u{1f}';
const RUN: char = '\u{1d}';
/// A hyphen that a line ends with and the word has not.
const SOFT: char = '\u{ad}';

impl Shown {
    fn begin(&mut self, height: f64) {
        if let Some(before) = self.height
            && !self.text.ends_with([LINE, RUN])
        {
            self.text.push(if (before - height).abs() < 1.0 { RUN } else { LINE });
        }
        self.height = Some(height);
    }

    fn append(&mut self, other: Shown) {
        let first = other.text.chars().next();
        if let (Some(height), Some(_)) = (other.height, first) {
            // Of what has several lines, the first is as good a guess as the last.
            self.begin(height);
            self.text.push_str(&other.text);
        }
    }

    /// Gives it with a gap at each place; and with words whole that go on in the next run, or in the next line behind a hyphen.
    fn give(self, listener: &mut dyn Listener) {
        if !self.text.contains(|c: char| c.is_alphanumeric()) {
            return;
        }
        // A soft hyphen only ends a line: the word goes on behind it.
        let soft = self.text.replace(&format!("{RUN}{SOFT}"), &SOFT.to_string());
        listener.text(&[LINE, RUN].iter().fold(soft, |text, gap| text.replace(&format!("{SOFT}{gap}"), "")));
        let runs = self.text.replace(RUN, "");
        let whole = ['-', '\u{2010}', SOFT].iter().fold(runs, |text, hyphen| text.replace(&format!("{hyphen}{LINE}"), ""));
        if whole != self.text {
            listener.joined(&whole);
        }
    }
}

fn utf16(bytes: &[u8]) -> String {
    String::from_utf16_lossy(&bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PDF of one page in Helvetica, with what the page shows.
    fn page(content: &str) -> Vec<u8> {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>".to_owned(),
            format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        ];
        let mut pdf = "%PDF-1.7\n".to_owned();
        let mut table = "xref\n0 6\n0000000000 65535 f \n".to_owned();
        for (number, object) in objects.iter().enumerate() {
            table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
            pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
        }
        let start = pdf.len();
        format!("{pdf}{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes()
    }

    fn words(content: &str) -> Vec<String> {
        let mut said = Vec::new();
        read(&page(content), 0, &mut (1 << 20), &mut |text: &str| said.push(text.to_owned())).unwrap();
        let apart = |text: &String| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
        said.iter().flat_map(apart).filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn a_word_that_a_line_breaks_is_whole_and_its_halves_are_no_words() {
        let words = words("BT/F 9 Tf 10 90 Td(tick)Tj/Span<</ActualText<feff00ad>>>BDC(-)Tj EMC 0 -12 Td(ets sold)Tj ET");
        assert!(words.contains(&"tickets".into()) && words.contains(&"sold".into()), "{words:?}");
        assert!(!words.contains(&"tick".into()) && !words.contains(&"ets".into()), "{words:?}");
    }

    #[test]
    fn a_hyphen_of_the_words_own_leaves_both_readings() {
        let words = words("BT/F 9 Tf 10 90 Td(re-)Tj 0 -12 Td(use)Tj ET");
        assert!(["re", "use", "reuse"].iter().all(|word| words.contains(&(*word).to_owned())), "{words:?}");
    }

    #[test]
    fn what_glyphs_show_under_another_text_is_read_as_well() {
        let words = words("BT/F 9 Tf 10 90 Td/Span<</ActualText(open)>>BDC(secret)Tj EMC ET");
        assert!(words.contains(&"open".into()) && words.contains(&"secret".into()), "{words:?}");
    }
}
