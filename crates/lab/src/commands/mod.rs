//! A device's configuration as the commands that one would type on it: `ip`, `tc`, `sysctl`, `nft`.
//!
//! What commands cannot say — name, kind, cables, services — stays as it is. What a real machine prints (`ip -4 addr show`,
//! `ip route show`) is read as well.

mod print;
mod read;
mod settings;
mod words;

#[cfg(test)]
mod tests;

pub use print::print;
pub use read::read;
