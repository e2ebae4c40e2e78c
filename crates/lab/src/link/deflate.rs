//! Raw deflate (RFC 1951) with a preset dictionary: what stands in the dictionary costs next to nothing in a link.

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress as inflate, inflate_flags};

/// What documents are made of, the commonest last. It belongs to the codec: to change it is to break every link there is.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.txt");

/// The most thorough of the usual levels: documents are short.
const LEVEL: i32 = 9;

/// Bytes that the first attempt at reading makes room for.
const FIRST_ROOM: usize = 16 * 1024;

/// Why something cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Error {
    /// Its end is missing.
    Cut,
    /// It is no deflate stream.
    Damaged,
    /// What comes out is larger than it may be.
    TooLarge,
}

/// Compresses.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    // Negative window bits: without zlib's header.
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(LEVEL, -15, 0));
    // The dictionary goes through first. After a synchronisation what follows stands on bytes of its own, and refers back to it.
    compress_to_output(&mut compressor, DICTIONARY, TDEFLFlush::Sync, |_| true);
    let mut out = Vec::new();
    compress_to_output(&mut compressor, bytes, TDEFLFlush::Finish, |part| {
        out.extend_from_slice(part);
        true
    });
    out
}

/// Decompresses up to `limit` bytes. Returns them, and what stands behind the stream.
pub(super) fn decompress(bytes: &[u8], limit: usize) -> Result<(Vec<u8>, &[u8]), Error> {
    let most = DICTIONARY.len().saturating_add(limit);
    let mut out = DICTIONARY.to_vec();
    out.resize(DICTIONARY.len().saturating_add(FIRST_ROOM).min(most), 0);
    let mut state = Box::<DecompressorOxide>::default();
    let (mut read, mut written) = (0_usize, DICTIONARY.len());
    loop {
        let rest = bytes.get(read..).unwrap_or_default();
        let (status, taken, made) = inflate(&mut state, rest, &mut out, written, inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        read = read.saturating_add(taken);
        written = written.saturating_add(made);
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if out.len() >= most => return Err(Error::TooLarge),
            TINFLStatus::HasMoreOutput => out.resize(out.len().saturating_mul(2).min(most), 0),
            TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => return Err(Error::Cut),
            _ => return Err(Error::Damaged),
        }
    }
    out.truncate(written);
    out.drain(..DICTIONARY.len());
    Ok((out, bytes.get(read..).unwrap_or_default()))
}
