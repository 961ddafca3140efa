//! The fonts: those in the binary, and the project's own after them. None of the machine's, so that a page looks the same everywhere.

use std::sync::{Arc, LazyLock};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::base::finding::{Finding, Place, did_you_mean, nearest};
use crate::base::rule;
use crate::base::source::{SourceFile, Sources};
use crate::base::word::phrase;
use crate::read::schema;
use crate::read::theme::{Family, Theme};

/// Where a project's own fonts lie: a folder of any theme.
const FOLDER: &str = "/pdf-fonts/";

macro_rules! bundled {
    ($($file:literal),* $(,)?) => {
        static BUNDLED: LazyLock<Vec<Font>> = LazyLock::new(|| {
            let files: &[&'static [u8]] = &[$(include_bytes!(concat!("../../../themes/default/pdf-fonts/", $file))),*];
            files.iter().filter_map(|bytes| Font::new(Bytes::new(*bytes), 0)).collect()
        });
    };
}

bundled!(
    "Literata-Regular.ttf",
    "Literata-Italic.ttf",
    "Literata-SemiBold.ttf",
    "Literata-SemiBoldItalic.ttf",
    "LiterataTitling-Medium.ttf",
    "Inter-Regular.otf",
    "Inter-Italic.otf",
    "Inter-SemiBold.otf",
    "Inter-SemiBoldItalic.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
    "NotoSansSymbols2-Regular.ttf",
);

/// The fonts of one book.
pub(super) struct Fonts {
    /// In the order of the book.
    pub(super) fonts: Vec<Font>,
    /// What Typst selects from.
    pub(super) book: LazyHash<FontBook>,
    /// Families that the project adds, in order, for text that the bundled ones cannot show.
    pub(super) added: Vec<String>,
    /// The project's own files, as they were read.
    files: Vec<(Arc<str>, Bytes)>,
    /// Files among the project's fonts that hold none.
    broken: Vec<Arc<str>>,
}

impl Fonts {
    /// The bundled fonts, and those in the project's `themes/NAME/pdf-fonts/`. A file that is no font adds none, and [`Fonts::missing`] says so.
    pub(super) fn with(sources: &Sources) -> Self {
        let files: Vec<(Arc<str>, Bytes)> = own_files(sources).map(|file| (file.path.clone(), Bytes::new(file.bytes().to_vec()))).collect();
        let mut own = Vec::new();
        let mut broken = Vec::new();
        for (path, bytes) in &files {
            let before = own.len();
            // A damaged one could keep its readers busy for ever.
            if is_sound(bytes) {
                own.extend(Font::iter(bytes.clone()));
            }
            if own.len() == before {
                broken.push(path.clone());
            }
        }
        let mut added: Vec<String> = own.iter().map(|font| font.info().family.as_str().to_owned()).collect();
        added.dedup();
        let fonts: Vec<Font> = BUNDLED.iter().cloned().chain(own).collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Fonts { fonts, book, added, files, broken }
    }

    /// Whether these are the fonts that sources have.
    pub(super) fn are_of(&self, sources: &Sources) -> bool {
        own_files(sources).map(|file| (&*file.path, file.bytes())).eq(self.files.iter().map(|(path, bytes)| (&**path, bytes.as_slice())))
    }

    /// Whether there is a family of this name. Typst looks for it without regard to capitals.
    pub(super) fn have(&self, family: &str) -> bool {
        self.book.select_family(&family.to_lowercase()).next().is_some()
    }

    /// A finding for each family that the theme names and no font has, and for each file that holds no font.
    pub(super) fn missing(&self, theme: &Theme) -> Vec<Finding> {
        let families = theme.faces.values().flatten().filter(|family| !self.have(&family.name));
        let known: Vec<&str> = self.book.families().map(|(name, _)| name).collect();
        let finding = |family: &Family| {
            let near = nearest(&family.name, known.iter().copied()).map(did_you_mean);
            let put = phrase!(
                "put its files (TTF or OTF) into `themes/{theme}/pdf-fonts/`, or name one of {names}",
                theme = theme.name,
                names = schema::listed(&known)
            );
            Some(
                Finding::new(&rule::UNKNOWN_VALUE, family.span?, phrase!("no font has the family `{name}`", name = family.name))
                    .help_if(near)
                    .help(put),
            )
        };
        let broken = self.broken.iter().map(|path| {
            Finding::new(&rule::PDF_FAILED, Place::File(path.clone()), phrase!("`{path}` is no font that can be read", path = path))
                .help(phrase!("save it again as TTF or OTF, or remove it"))
        });
        families.filter_map(finding).chain(broken).collect()
    }

    /// Whether any font has a glyph for a character.
    pub(super) fn cover(&self, c: char) -> bool {
        (0..self.fonts.len()).filter_map(|index| self.book.info(index)).any(|info| info.coverage.contains(u32::from(c)))
    }
}

/// Whether every table of a font file, or of each font of a collection, has the checksum that its directory states (OpenType 1.9, "Organization of an OpenType Font").
fn is_sound(bytes: &[u8]) -> bool {
    let number = |at: usize| bytes.get(at..at + 4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
    let offset = |at: usize| usize::try_from(number(at)?).ok();
    let count = |at: usize| bytes.get(at..at + 2).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]])));
    let table = |record: usize| {
        let (start, length) = (offset(record + 8)?, offset(record + 12)?);
        let table = bytes.get(start..start.checked_add(length)?)?;
        let sum = table.chunks(4).fold(0u32, |sum, word| {
            let mut four = [0; 4];
            four[..word.len()].copy_from_slice(word);
            sum.wrapping_add(u32::from_be_bytes(four))
        });
        let stated = number(record + 4)?;
        // It holds a sum over the whole file, which counts as nothing, and which some tools count.
        let is_head = bytes.get(record..record + 4)? == b"head";
        Some(sum == stated || is_head && sum.wrapping_sub(number(start + 8)?) == stated)
    };
    let font = |at: usize| {
        let tables = count(at + 4)?;
        Some(tables > 0 && (0..tables).all(|index| table(at + 12 + 16 * index).unwrap_or(false)))
    };
    if bytes.starts_with(b"ttcf") {
        let fonts = offset(8).unwrap_or(0).min(bytes.len() / 12);
        return fonts > 0 && (0..fonts).all(|index| offset(12 + 4 * index).and_then(font).unwrap_or(false));
    }
    font(0).unwrap_or(false)
}

/// The files of a project that should hold fonts.
fn own_files(sources: &Sources) -> impl Iterator<Item = &SourceFile> {
    let files = sources.iter().map(|(_, file)| file).filter(|file| file.path.starts_with("themes/") && file.path.contains(FOLDER));
    files.filter(|file| [".ttf", ".otf"].iter().any(|end| file.path.to_ascii_lowercase().ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_font_can_be_read_and_is_in_a_known_family() {
        let fonts = Fonts::with(&Sources::default());
        assert_eq!(fonts.fonts.len(), 12);
        let families: Vec<_> = fonts.book.families().map(|(name, _)| name).collect();
        assert_eq!(families, ["Inter", "JetBrains Mono", "Literata", "Literata Titling", "Noto Sans Symbols 2"]);
    }

    #[test]
    fn a_damaged_font_is_none() {
        let whole = include_bytes!("../../../themes/default/pdf-fonts/Inter-Regular.otf").to_vec();
        assert!(is_sound(&whole));
        // Behind the directory; between tables lie up to three bytes that mean nothing.
        for at in (1000..whole.len()).step_by(whole.len() / 50) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            assert!(!is_sound(&damaged) || damaged[at] == 0x55, "byte {at}");
        }
        assert!(!is_sound(b"") && !is_sound(b"ttcf") && !is_sound(&whole[..whole.len() / 2]));
    }

    #[test]
    fn letters_figures_arrows_boxes_and_marks_have_glyphs() {
        let fonts = Fonts::with(&Sources::default());
        for c in "aÄßőŁñ§Ωλ Ж я€™–—…‘’“”·•→←↔⇒≤≥≠≈±×−∞✓✗☐☑☒│┌─├█■□▲▼●○◆⚠\u{fffd}".chars()
        {
            assert!(fonts.cover(c), "{c} U+{:04X}", u32::from(c));
        }
        assert!(!fonts.cover('😀'));
        assert!(!fonts.cover('漢'));
    }
}
