//! A whole document in a link: `1.` and the document, compressed, in letters that any program leaves alone.
//!
//! `docs/link-format.md` describes the form. What stands before the dot is the codec's number; a codec never changes,
//! and every one that ever was is read for ever.
//!
//! Invariant: reading never panics, and takes no more memory than [`limits::LINK_BYTES`] asks for, whatever the link says.

mod deflate;

use crate::document::Lab;
use crate::limits;
use crate::problem::{Problem, ProblemId};
use crate::read::{Loaded, load};
use crate::save::save_compact;
use base64::DecodeError;
use base64::engine::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The codec that is written: raw deflate (RFC 1951) with a preset dictionary, then the Adler-32 (RFC 1950) of the
/// document, in base64url (RFC 4648 section 5) without padding.
const CODEC: &str = "1";

/// Characters up to which a link is short enough for any program that passes links on. Mail programs and chats cut or
/// refuse longer ones here and there.
pub const COMFORTABLE_CHARS: usize = 2_000;

/// The document as the part of a link behind `#`, without the `#`.
///
/// # Errors
///
/// The document is larger than a link may hold ([`limits::LINK_BYTES`]): it wants a file.
pub fn encode(lab: &Lab) -> Result<String, Problem> {
    let text = save_compact(lab);
    if text.len() > limits::LINK_BYTES {
        return Err(Problem::new(ProblemId::LinkTooLarge, "").with("limit", limits::LINK_BYTES));
    }
    let mut bytes = deflate::compress(text.as_bytes());
    bytes.extend_from_slice(&adler32(text.as_bytes()).to_be_bytes());
    let mut link = String::from(CODEC);
    link.push('.');
    URL_SAFE_NO_PAD.encode_string(bytes, &mut link);
    Ok(link)
}

/// The part of an address that holds a document: what is behind its `#`. None if there is no document in it.
///
/// A text that is no address may be that part itself, with or without its `#`.
#[must_use]
pub fn fragment(text: &str) -> Option<&str> {
    let text = text.trim();
    let part = match text.split_once('#') {
        Some((_, part)) => part,
        None => text,
    };
    let codec = part.split_once('.')?.0;
    let is_number = !codec.is_empty() && codec.len() <= 4 && codec.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(part)
}

/// Reads a link: a whole address, or what stands behind its `#`. Never panics; what is wrong is among the problems.
#[must_use]
pub fn decode(text: &str) -> Loaded {
    match text_of(text) {
        Ok(document) => load(&document),
        Err(problem) => Loaded { lab: None, problems: vec![problem] },
    }
}

/// The document's text in a link.
///
/// # Errors
///
/// What is wrong with the link, and where.
pub fn text_of(link: &str) -> Result<String, Problem> {
    let problem = |id| Problem::new(id, "");
    let part = fragment(link).ok_or_else(|| problem(ProblemId::LinkUnknown).with("known", CODEC))?;
    let (codec, letters) = part.split_once('.').unwrap_or_default();
    if codec != CODEC {
        return Err(problem(ProblemId::LinkNewer).with("found", codec).with("known", CODEC));
    }
    // Mail programs break long lines.
    let letters: String = letters.chars().filter(|letter| !letter.is_whitespace()).collect();
    if letters.len() > limits::LINK_BYTES.saturating_mul(2) {
        return Err(problem(ProblemId::LinkTooLarge).with("limit", limits::LINK_BYTES));
    }
    let bytes = URL_SAFE_NO_PAD.decode(&letters).map_err(|error| match error {
        DecodeError::InvalidByte(place, _) => {
            // Places are counted in letters, as a person does it.
            let before = letters.bytes().take(place).filter(|byte| byte & 0xc0 != 0x80).count();
            let found = letters.chars().nth(before).unwrap_or('?');
            problem(ProblemId::LinkLetter).with("place", before.saturating_add(1)).with("found", found)
        }
        // What is missing is the end.
        DecodeError::InvalidLength(_) | DecodeError::InvalidLastSymbol(..) | DecodeError::InvalidPadding => problem(ProblemId::LinkCut),
    })?;
    let (document, sum) = deflate::decompress(&bytes, limits::LINK_BYTES).map_err(|error| match error {
        deflate::Error::Cut => problem(ProblemId::LinkCut),
        deflate::Error::Damaged => problem(ProblemId::LinkDamaged),
        deflate::Error::TooLarge => problem(ProblemId::LinkTooLarge).with("limit", limits::LINK_BYTES),
    })?;
    match <[u8; 4]>::try_from(sum) {
        Ok(sum) if u32::from_be_bytes(sum) == adler32(&document) => {}
        _ if sum.len() < 4 => return Err(problem(ProblemId::LinkCut)),
        _ => return Err(problem(ProblemId::LinkDamaged)),
    }
    String::from_utf8(document).map_err(|_| problem(ProblemId::LinkDamaged))
}

/// RFC 1950 section 9.
fn adler32(bytes: &[u8]) -> u32 {
    // Both sums stay below the modulus before each addition, and 256 more fit by far.
    const MODULUS: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = low.wrapping_add(u32::from(*byte)) % MODULUS;
        (low, high.wrapping_add(low) % MODULUS)
    });
    (high << 16) | low
}

#[cfg(test)]
mod tests;
