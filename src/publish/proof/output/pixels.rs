//! What an image of pixels shows, made comparable: the same picture is the same in whatever file it lies, and in a PDF.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader};

use crate::base::digest::sha256;

/// Pictures of fewer pixels are rules, bullets and the like: two that are alike are so by chance.
const FEWEST: u64 = 256;
/// The most pixels of a picture that is looked at.
const MOST: u64 = 100 << 20;

/// Width and height in pixels.
pub(in super::super) type Size = (u32, u32);

/// The size of a picture as it lies in its file, as its head says.
pub(in super::super) fn size(bytes: &[u8]) -> Option<Size> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok().filter(worth_looking)
}

/// A picture by its size and the digest of its colours, as it lies in its file and as it is to be held (Exif, orientation), where that differs. None for a
/// picture of one colour, which would be like any other, and for what cannot be read. What is transparent is taken for its colour.
pub(in super::super) fn of_file(bytes: &[u8]) -> Vec<(Size, String)> {
    let decoded = || {
        size(bytes)?;
        let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_decoder().ok()?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        Some((DynamicImage::from_decoder(decoder).ok()?, orientation))
    };
    let Some((mut picture, orientation)) = decoded() else { return Vec::new() };
    let mut found: Vec<(Size, String)> = of_picture(&picture).into_iter().collect();
    if orientation != Orientation::NoTransforms {
        picture.apply_orientation(orientation);
        found.extend(of_picture(&picture));
    }
    found
}

fn of_picture(picture: &DynamicImage) -> Option<(Size, String)> {
    let colours = picture.to_rgb8();
    let size = colours.dimensions();
    digest(size, colours.as_raw())
}

/// The same of samples of eight bits, three a pixel, or one where the picture is grey.
pub(in super::super) fn of_samples(size: Size, samples: &[u8]) -> Option<(Size, String)> {
    let pixels = usize::try_from(u64::from(size.0) * u64::from(size.1)).ok().filter(|_| worth_looking(&size))?;
    if samples.len() == pixels {
        return digest(size, &samples.iter().flat_map(|grey| [*grey; 3]).collect::<Vec<u8>>());
    }
    digest(size, samples).filter(|_| samples.len() == pixels * 3)
}

fn digest(size: Size, colours: &[u8]) -> Option<(Size, String)> {
    let first = colours.get(..3)?;
    colours.chunks_exact(3).any(|colour| colour != first).then(|| (size, sha256(colours)))
}

fn worth_looking(size: &Size) -> bool {
    (FEWEST..=MOST).contains(&(u64::from(size.0) * u64::from(size.1)))
}
