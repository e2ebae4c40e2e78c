//! A run as data and text for those who look at it from outside: the command line, the page, tests.

mod drops;
mod hash;
mod json;
mod lines;
mod tables;

pub use drops::{drop_detail, drop_name};
pub use hash::trace_hash;
pub use json::run_json;
pub use lines::Lines;
pub use tables::{conntrack_lines, counter_lines, neighbour_lines, route_cache_lines, socket_lines};
