//! The page: a thin edge of Yew around `roundtrip_editor`.
//!
//! Invariants: nothing here decides what happens in the network or how a picture of it is laid out; that is
//! computed by crates that native tests run. State lives in [`store`], outside Yew, and comes in as immutable
//! snapshots. Time at the rate of the screen changes the document's elements directly ([`clock`]) and never
//! renders a component.

mod app;
mod boot;
mod canvas;
mod carry;
mod clipboard;
mod clock;
mod dom;
mod draw;
mod examples;
mod export;
mod exporting;
mod failure;
mod form;
mod header;
mod hooks;
mod ladder;
mod packets;
mod pairs;
mod pane;
mod shortcuts;
mod storage;
mod store;
mod traffic;
mod transport;
mod words;

fn main() {
    boot::start();
}
