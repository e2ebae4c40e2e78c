//! What the page shows, computed from the document and the trace: geometry, ways, ladder, packet list,
//! time. Nothing here knows a browser, and nothing here decides what happens in the network: all of it is read
//! from the trace.

pub mod caption;
pub mod capture;
pub mod conversation;
pub mod flight;
pub mod geometry;
pub mod groups;
pub mod index;
pub mod info;
pub mod label;
pub mod ladder;
pub mod lanes;
pub mod loss;
pub mod scene;
pub mod timescale;
pub mod ways;

#[cfg(test)]
pub(crate) mod sample;
