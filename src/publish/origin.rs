//! What a PDF says it was made from, read from its bytes.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Name, Object};

use crate::base::digest::sha256;
use crate::render::mark::Mark;

/// What a PDF says of where it comes from.
#[derive(Debug)]
pub struct PdfOrigin {
    /// Its mark, if it carries one.
    pub mark: Option<Mark>,
    /// The list of sources that its mark names, if it is attached to it.
    pub sources: Option<String>,
}

/// The largest list that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// Reads a PDF.
///
/// # Errors
/// What is no PDF that can be read, in words.
pub fn origin_of_pdf(bytes: &[u8]) -> Result<PdfOrigin, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| format!("the PDF cannot be read: {error:?}"))?;
    let keywords = pdf.metadata().keywords.as_deref().map(text).unwrap_or_default();
    let mark = Mark::parse(&keywords);
    // The list is known by its digest, whatever it is called.
    let wanted = mark.as_ref().and_then(|mark| mark.sources.clone());
    let list = wanted.and_then(|wanted| {
        pdf.objects().into_iter().find_map(|object| {
            let Object::Stream(stream) = object else { return None };
            stream.dict().get::<Name<'_>>("Type").filter(|kind| kind.as_str() == "EmbeddedFile")?;
            let bytes = stream.decoded().ok().filter(|bytes| bytes.len() <= LARGEST && sha256(bytes) == wanted)?;
            String::from_utf8(bytes.to_vec()).ok()
        })
    });
    Ok(PdfOrigin { mark, sources: list })
}

/// A text string (ISO 32000-1, 7.9.2.2), of which a mark needs ASCII only.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            String::from_utf16_lossy(&rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>())
        }
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    }
}
