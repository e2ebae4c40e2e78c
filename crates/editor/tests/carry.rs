//! A session that is opened over, locked, and told things.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use roundtrip_editor::carry::options::Options;
use roundtrip_editor::carry::{CarryCommand, Notice};
use roundtrip_editor::{Command, Edit, Session};
use roundtrip_lab::{Lab, example};
use std::rc::Rc;

fn lab(name: &str) -> Lab {
    example(name).unwrap().lab()
}

fn open(name: &str) -> Command {
    Command::Edit(Edit::Open { lab: Rc::new(lab(name)) }, None)
}

#[test]
fn what_was_opened_over_comes_back_with_what_was_looked_at_in_it() {
    let mut session = Session::new(lab("story"));
    let looked_at = |session: &Session| session.snapshot().focus.conversation.as_ref().map(|conversation| conversation.name.clone());
    let before = looked_at(&session);
    assert!(session.apply(open("loop")));
    let opened = looked_at(&session);
    assert!(session.apply(Command::Undo));
    assert_eq!((Lab::clone(&session.snapshot().lab), looked_at(&session)), (lab("story"), before));
    assert!(session.apply(Command::Redo));
    assert_eq!((Lab::clone(&session.snapshot().lab), looked_at(&session)), (lab("loop"), opened));
}

#[test]
fn a_locked_lab_says_so_and_stays_but_another_may_be_opened() {
    let mut session = Session::new(lab("story"));
    let lock = Options { lock: true, ..Options::default() };
    session.apply(Command::Carry(CarryCommand::Options(lock)));
    let gateway = Edit::SetGateway { device: "pc1".into(), gateway: None };
    assert!(session.apply(Command::Edit(gateway, None)), "it is said");
    assert_eq!(Lab::clone(&session.snapshot().lab), lab("story"));
    assert_eq!(session.snapshot().carry.notices, [Notice::Locked]);
    assert!(session.apply(open("loop")));
    assert_eq!(Lab::clone(&session.snapshot().lab), lab("loop"));
}
