//! What must hold for any bytes whatever. Each target is a plain function that panics where it does not; `fuzz/` runs them under
//! a fuzzer, `tests/corpus.rs` runs them over the committed corpus.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a target says by a panic what is wrong"
)]

mod bytes;
mod network;
mod segments;
mod text;

/// A target.
pub type Target = fn(&[u8]);

/// Every target with its name, which is also that of its folder in `fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("wire", roundtrip_wire::testing::check_bytes),
    ("lab", text::lab),
    ("nft", text::nft),
    ("link", text::link),
    ("commands", text::commands),
    ("filter", text::filter),
    ("picture", text::picture),
    ("network", network::network),
    ("conntrack", segments::conntrack),
    ("tcp", segments::tcp),
];

/// A target by its name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
}
