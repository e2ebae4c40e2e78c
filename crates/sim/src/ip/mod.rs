//! A packet's way through a node, cut by what it meets.

pub(crate) mod arp;
pub(crate) mod forward;
pub(crate) mod fragment;
pub(crate) mod hooks;
pub(crate) mod icmp_error;
pub(crate) mod icmp_input;
pub(crate) mod input;
pub(crate) mod output;
pub(crate) mod peer;
pub(crate) mod reassembly;
pub(crate) mod redirect;
pub(crate) mod route;
