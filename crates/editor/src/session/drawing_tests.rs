//! The drawing hand, told what a person does.

use super::*;
use crate::edit::draw::Verb;
use crate::hand::pick::Choice;
use crate::hand::{HandCommand, Held, Notice, Over, Picking, Preview, Tool};
use crate::shortcut::Act;
use crate::view::geometry::Point;
use proptest::prelude::*;
use roundtrip_lab::document::Kind;
use std::collections::BTreeSet;

fn blank() -> Session {
    let mut session = Session::new(Lab::default());
    session.apply(Command::Show(ShowCommand::Window { width: 1000.0, height: 700.0 }));
    session.apply(Command::Show(ShowCommand::Viewport(Viewport { scale: 1.0, x: 0.0, y: 0.0 })));
    session
}

fn story() -> Session {
    let mut session = Session::new(roundtrip_lab::example("story").unwrap().lab());
    session.apply(Command::Show(ShowCommand::Window { width: 1400.0, height: 900.0 }));
    session.apply(Command::Show(ShowCommand::Viewport(Viewport { scale: 1.0, x: 0.0, y: 0.0 })));
    session
}

fn hand(session: &mut Session, command: HandCommand) -> bool {
    session.apply(Command::Hand(command))
}

fn act(session: &mut Session, act: Act) {
    for command in act.commands() {
        session.apply(command);
    }
}

const MOUSE: Held = Held { more: false, exact: false, pan: false, touch: false };

fn point(at: (f64, f64)) -> Point {
    Point::new(at.0, at.1)
}

fn down(session: &mut Session, at: (f64, f64), over: Over, held: Held) {
    hand(session, HandCommand::Down { pointer: 1, at: point(at), over, held });
}

fn shift(session: &mut Session, at: (f64, f64), over: Over) {
    hand(session, HandCommand::Move { pointer: 1, at: point(at), over, held: MOUSE });
}

fn up(session: &mut Session, at: (f64, f64), over: Over) {
    hand(session, HandCommand::Up { pointer: 1, at: point(at), over });
}

fn click(session: &mut Session, at: (f64, f64), over: Over) {
    down(session, at, over.clone(), MOUSE);
    up(session, at, over);
}

fn drag(session: &mut Session, from: (f64, f64), on: Over, to: (f64, f64), onto: Over) {
    down(session, from, on, MOUSE);
    shift(session, ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0), Over::Picture);
    shift(session, to, onto.clone());
    up(session, to, onto);
}

fn device(name: &str) -> Over {
    Over::Item(Item::Device(name.into()))
}

fn segment(name: &str) -> Over {
    Over::Item(Item::Segment(name.into()))
}

fn position(session: &Session, name: &str) -> (i32, i32) {
    let position = session.now.lab.device(name).unwrap().position.unwrap();
    (position.x, position.y)
}

#[test]
fn a_network_is_drawn_from_a_blank_sheet_and_undone() {
    let mut session = blank();
    hand(&mut session, HandCommand::Tool(Tool::Segment));
    drag(&mut session, (100.0, 200.0), Over::Picture, (700.0, 210.0), Over::Picture);
    assert_eq!(session.now.lab.segments[0].width, Some(600));
    assert_eq!(session.now.desk.tool, Tool::Select, "the tool is put down");
    assert_eq!(session.now.selection, Selection::Segment("lan1".into()));
    hand(&mut session, HandCommand::Tool(Tool::Device(Kind::Router)));
    click(&mut session, (300.0, 200.0), segment("lan1"));
    assert_eq!(session.now.lab.device("r1").unwrap().interfaces.len(), 1, "dropped on a bar it is plugged in");
    hand(&mut session, HandCommand::Tool(Tool::Device(Kind::Host)));
    click(&mut session, (500.0, 400.0), Over::Picture);
    assert!(session.now.lab.device("pc1").unwrap().interfaces.is_empty());
    drag(&mut session, (500.0, 430.0), Over::Knob("pc1".into()), (500.0, 200.0), segment("lan1"));
    let pc1 = session.now.lab.device("pc1").unwrap();
    assert_eq!((pc1.addresses().count(), pc1.gateway.map(|g| g.to_string())), (1, Some("192.168.1.1".into())));
    for _ in 0..4 {
        assert!(session.apply(Command::Undo));
    }
    assert_eq!(*session.now.lab, Lab::default());
    assert!(!session.apply(Command::Undo), "one step for each gesture");
}

#[test]
fn a_drag_is_one_step_and_escape_breaks_it_off() {
    let mut session = story();
    let before = Lab::clone(&session.now.lab);
    let centre = (804.0, 362.0);
    down(&mut session, centre, device("r2"), MOUSE);
    for step in 1..20 {
        shift(&mut session, (centre.0 + f64::from(step) * 5.0, centre.1 + 100.0), device("r2"));
    }
    assert!(session.now.desk.dragging);
    hand(&mut session, HandCommand::Escape);
    assert_eq!(*session.now.lab, before);
    assert!(session.now.undo.is_none() && session.now.redo.is_none());
    drag(&mut session, centre, device("r2"), (904.0, 462.0), device("r2"));
    assert_eq!(position(&session, "r2"), (904, 464), "on the grid");
    assert_eq!(session.history.depth(), 1);
    assert!(matches!(session.now.undo.as_deref(), Some(Change::Draw(drawn)) if drawn.verb == Verb::Move));
}

#[test]
fn what_is_moved_is_drawn_to_the_others() {
    let mut session = story();
    down(&mut session, (986.0, 604.0), device("pc2"), MOUSE);
    shift(&mut session, (807.0, 700.0), device("pc2"));
    assert_eq!(position(&session, "pc2").0, 804, "below R2");
    assert_eq!(session.now.desk.guides.len(), 1);
    up(&mut session, (807.0, 700.0), device("pc2"));
    assert!(session.now.desk.guides.is_empty());
}

#[test]
fn several_are_selected_by_a_box_and_with_shift_and_move_together() {
    let mut session = story();
    let more = Held { more: true, ..MOUSE };
    click(&mut session, (288.0, 376.0), device("pc1"));
    down(&mut session, (482.0, 124.0), device("r1"), more);
    up(&mut session, (482.0, 124.0), device("r1"));
    assert_eq!(session.now.selection.items().len(), 2);
    drag(&mut session, (288.0, 376.0), device("pc1"), (328.0, 376.0), device("pc1"));
    assert_eq!((position(&session, "pc1").0, position(&session, "r1").0), (328, 522));
    down(&mut session, (482.0, 124.0), device("r1"), more);
    up(&mut session, (482.0, 124.0), device("r1"));
    assert_eq!(session.now.selection, Selection::Device("pc1".into()), "Shift takes out as well");
    drag(&mut session, (0.0, 300.0), Over::Picture, (900.0, 450.0), Over::Picture);
    assert_eq!(session.now.selection.items(), BTreeSet::from([Item::Device("pc1".into()), Item::Device("r2".into())]));
    click(&mut session, (10.0, 10.0), Over::Picture);
    assert_eq!(session.now.selection, Selection::Nothing);
}

#[test]
fn fingers_move_and_pinch_the_picture() {
    let mut session = story();
    let touch = Held { touch: true, ..MOUSE };
    down(&mut session, (100.0, 100.0), Over::Picture, touch);
    shift(&mut session, (150.0, 130.0), Over::Picture);
    assert_eq!((session.now.viewport.x, session.now.viewport.y), (50.0, 30.0));
    hand(&mut session, HandCommand::Down { pointer: 2, at: Point::new(250.0, 130.0), over: Over::Picture, held: touch });
    hand(&mut session, HandCommand::Move { pointer: 2, at: Point::new(350.0, 130.0), over: Over::Picture, held: touch });
    assert!((session.now.viewport.scale - 2.0).abs() < 1e-9);
    up(&mut session, (150.0, 130.0), Over::Picture);
    hand(&mut session, HandCommand::Up { pointer: 2, at: Point::new(350.0, 130.0), over: Over::Picture });
    assert!(session.hand.fingers.is_empty());
}

#[test]
fn cables_by_two_clicks_and_gateways_by_an_arrow() {
    let mut session = story();
    hand(&mut session, HandCommand::Tool(Tool::Cable));
    click(&mut session, (288.0, 376.0), device("pc1"));
    hand(&mut session, HandCommand::Move { pointer: 9, at: Point::new(400.0, 400.0), over: Over::Picture, held: MOUSE });
    assert!(matches!(session.now.desk.preview, Preview::Cable { .. }), "the cable hangs on the pointer");
    click(&mut session, (800.0, 490.0), segment("test"));
    assert_eq!(session.now.lab.device("pc1").unwrap().interfaces.len(), 2);
    assert_eq!(session.now.desk.preview, Preview::Nothing);
    hand(&mut session, HandCommand::Tool(Tool::Gateway));
    drag(&mut session, (288.0, 376.0), device("pc1"), (804.0, 362.0), device("r2"));
    assert_eq!(session.now.lab.device("pc1").unwrap().gateway.unwrap().to_string(), "192.168.1.2");
    hand(&mut session, HandCommand::Tool(Tool::Gateway));
    drag(&mut session, (986.0, 604.0), device("pc2"), (482.0, 124.0), device("r1"));
    assert!(matches!(session.now.desk.notice, Some((_, Notice::NoSharedSegment(..)))));
}

#[test]
fn a_plug_goes_to_another_segment_and_an_end_makes_a_bar_longer() {
    let mut session = story();
    let plug = Over::Plug { device: "pc1".into(), interface: "eth0".into() };
    drag(&mut session, (288.0, 250.0), plug, (800.0, 490.0), segment("test"));
    assert_eq!(session.now.lab.device("pc1").unwrap().interfaces[0].segment.as_deref(), Some("test"));
    let bar = session.now.lab.segment("test").unwrap().clone();
    let end = Over::End { segment: "test".into(), right: true };
    drag(&mut session, (1106.0, 490.0), end.clone(), (1200.0, 490.0), end);
    let wider = session.now.lab.segment("test").unwrap();
    assert_eq!((wider.position, wider.width), (bar.position, Some(604)));
}

#[test]
fn by_keys_alone() {
    let mut session = blank();
    for tool in [Act::ToolSegment, Act::ToolSegment] {
        act(&mut session, tool);
        act(&mut session, Act::Place);
    }
    assert_eq!(session.now.lab.segments.len(), 2);
    session.apply(Command::Select(Selection::Segment("lan1".into())));
    act(&mut session, Act::ToolRouter);
    act(&mut session, Act::Place);
    assert_eq!(session.now.desk.focus.as_ref().map(|(_, item)| item.clone()), Some(Item::Device("r1".into())));
    act(&mut session, Act::Connect);
    let choices = session.now.desk.picker.as_ref().unwrap().choices.clone();
    assert_eq!(choices[0], Choice::Item(Item::Segment("lan2".into())), "where it is not yet");
    hand(&mut session, HandCommand::Picked(choices[0].clone()));
    assert_eq!(session.now.lab.device("r1").unwrap().interfaces.len(), 2);
    assert_eq!(session.now.selection, Selection::Device("r1".into()));
    let depth = session.history.depth();
    for _ in 0..3 {
        act(&mut session, Act::NudgeRight);
    }
    assert_eq!(session.history.depth(), depth + 1, "nudges that follow each other are one step");
    act(&mut session, Act::Connect);
    hand(&mut session, HandCommand::Picked(Choice::NewSegment));
    assert_eq!(session.now.lab.segments.len(), 3);
    assert_eq!(session.history.depth(), depth + 2);
    act(&mut session, Act::Name);
    assert_eq!(session.now.desk.naming, Some(Item::Device("r1".into())));
    hand(&mut session, HandCommand::Name { item: Item::Device("r1".into()), text: "Core".into() });
    assert_eq!(session.now.selection, Selection::Device("core".into()), "the selection follows the name");
    session.apply(Command::Undo);
    assert_eq!(session.now.selection, Selection::Device("r1".into()), "and back");
    act(&mut session, Act::Delete);
    assert!(session.now.lab.devices.is_empty());
    assert_eq!(session.now.selection, Selection::Nothing);
}

#[test]
fn copied_here_pasted_there() {
    let mut session = story();
    act(&mut session, Act::SelectAll);
    let text = session.copy().unwrap();
    let mut other = blank();
    hand(&mut other, HandCommand::Paste(text.clone()));
    assert_eq!(other.now.lab.devices.len(), 5);
    assert_eq!(other.now.selection.items().len(), 8);
    hand(&mut other, HandCommand::Paste(text));
    assert_eq!(other.now.lab.devices.len(), 10);
    assert!(roundtrip_lab::check(&other.now.lab).iter().all(|problem| !problem.is_error()));
    let before = Rc::clone(&other.now.lab);
    hand(&mut other, HandCommand::Paste("good morning".into()));
    assert!(matches!(other.now.desk.notice, Some((_, Notice::Paste(_)))));
    assert!(Rc::ptr_eq(&before, &other.now.lab));
    other.apply(Command::Select(Selection::Nothing));
    assert_eq!(other.copy(), None);
}

#[test]
fn a_blank_sheet_can_be_taken_back() {
    let mut session = story();
    let before = Rc::clone(&session.now.lab);
    hand(&mut session, HandCommand::New);
    assert_eq!(*session.now.lab, Lab::default());
    assert!(session.now.run.conversations.is_empty());
    session.apply(Command::Undo);
    assert!(Rc::ptr_eq(&before, &session.now.lab));
}

#[test]
fn where_the_document_is_locked_no_hand_changes_it() {
    let mut session = story();
    let mut carry = crate::carry::Carry::clone(&session.now.carry);
    carry.options.lock = true;
    session.now.carry = Rc::new(carry);
    let before = Rc::clone(&session.now.lab);
    drag(&mut session, (288.0, 376.0), device("pc1"), (388.0, 476.0), device("pc1"));
    hand(&mut session, HandCommand::Delete);
    hand(&mut session, HandCommand::Tidy);
    assert!(Rc::ptr_eq(&before, &session.now.lab));
}

#[test]
fn escape_lets_go_of_one_thing_after_the_other() {
    let mut session = story();
    session.apply(Command::Select(Selection::Device("pc1".into())));
    hand(&mut session, HandCommand::Tool(Tool::Segment));
    act(&mut session, Act::Escape);
    assert_eq!(session.now.desk.tool, Tool::Select);
    hand(&mut session, HandCommand::Pick(Picking::Gateway));
    act(&mut session, Act::Escape);
    assert_eq!(session.now.desk.picker, None);
    assert_eq!(session.now.selection, Selection::Device("pc1".into()));
    act(&mut session, Act::Escape);
    assert_eq!(session.now.selection, Selection::Nothing);
}

fn over() -> impl Strategy<Value = Over> {
    let names = || proptest::sample::select(vec!["pc1", "r1", "sw1", "lan1", "lan2"]).prop_map(str::to_owned);
    prop_oneof![
        Just(Over::Picture),
        names().prop_map(|name| Over::Item(Item::Device(name))),
        names().prop_map(|name| Over::Item(Item::Segment(name))),
        names().prop_map(Over::Knob),
        (names(), any::<bool>()).prop_map(|(segment, right)| Over::End { segment, right }),
        names().prop_map(|device| Over::Plug { device, interface: "eth0".into() }),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let at = || (-100.0..1200.0, -100.0..900.0).prop_map(|(x, y)| Point::new(x, y));
    let held = || (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(more, pan, touch)| Held { more, pan, touch, exact: false });
    prop_oneof![
        5 => (1..3, at(), over(), held()).prop_map(|(pointer, at, over, held)| Command::Hand(HandCommand::Down { pointer, at, over, held })),
        8 => (1..3, at(), over(), held()).prop_map(|(pointer, at, over, held)| Command::Hand(HandCommand::Move { pointer, at, over, held })),
        5 => (1..3, at(), over()).prop_map(|(pointer, at, over)| Command::Hand(HandCommand::Up { pointer, at, over })),
        6 => proptest::sample::select(&Tool::ALL[..]).prop_map(|tool| Command::Hand(HandCommand::Tool(tool))),
        6 => proptest::sample::select(crate::shortcut::TABLE).prop_map(|shortcut| {
            shortcut.act.commands().into_iter().next().unwrap_or(Command::Undo)
        }),
        3 => Just(Command::Hand(HandCommand::Place)),
        2 => Just(Command::Hand(HandCommand::SelectAll)),
        2 => Just(Command::Hand(HandCommand::Picked(Choice::NewSegment))),
        1 => Just(Command::Undo),
        1 => Just(Command::Redo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(target_family = "wasm") { 8 } else { 48 }))]

    /// Whatever is done to it, nothing breaks, what is selected is there, and all of it can be undone to the last byte.
    #[test]
    fn any_hand_can_be_undone(commands in proptest::collection::vec(any_command(), 0..60)) {
        let mut session = blank();
        let first = roundtrip_lab::save(&session.now.lab);
        for command in commands {
            session.apply(command);
            let lab = &session.now.lab;
            prop_assert!(session.now.selection.items().iter().all(|item| item.is_in(lab)));
            prop_assert!(!matches!(&session.now.selection, Selection::Several(items) if items.len() < 2));
        }
        let last = roundtrip_lab::save(&session.now.lab);
        let mut steps = 0;
        while session.apply(Command::Undo) {
            steps += 1;
        }
        prop_assert_eq!(&roundtrip_lab::save(&session.now.lab), &first);
        for _ in 0..steps {
            session.apply(Command::Redo);
        }
        if !session.apply(Command::Redo) {
            prop_assert_eq!(&roundtrip_lab::save(&session.now.lab), &last);
        }
    }
}
