//! Labs and runs in the formats of other programs.
//!
//! [`pcapng`] writes captures as Wireshark reads them, [`netns`] a script that builds the lab in Linux network namespaces.
//!
//! Nothing here is said to people: where words go into a file (why a packet died), the caller gives them, since they are the
//! reader's language and come from catalogues of other crates.
//!
//! Invariants: no I/O, no clock; the same run gives the same bytes. Names in a lab are data in every format: none of them
//! becomes syntax there.

pub mod containerlab;
pub mod netns;
pub mod pcapng;
pub mod picture;
pub mod tap;

pub use picture::lab_in_picture;
pub use tap::Tap;
