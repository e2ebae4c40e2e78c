//! What the page shows, computed from the document and the trace: geometry, ways, ladder, packet list,
//! time. What a trace means is read by `roundtrip_explain`; here it gets its place. Nothing here knows a browser, and nothing here decides what happens in the network: all of it is read
//! from the trace.

pub mod caption;
pub mod captions;
pub mod capture;
pub mod faults;
pub mod flight;
pub mod follow;
pub mod geometry;
pub mod info;
pub mod ladder;
pub mod lanes;
pub mod list;
pub mod loss;
pub mod order;
pub mod pairs;
pub mod scene;
pub mod schedule;
pub mod step;
pub mod tables;
pub mod timescale;
pub mod verdict;

#[cfg(test)]
pub(crate) mod sample;
