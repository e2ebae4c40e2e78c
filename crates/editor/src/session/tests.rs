//! The session on the labs that come along, run by the real engine.

use super::*;
use crate::command::{Command, Selection, ShowCommand, TimeCommand};
use crate::run::MarkKind;
use crate::view::ladder::Row;
use crate::view::loss::clusters;
use ipnet::Ipv4Net;
use roundtrip_explain::reading::{Conversation, Direction, Kind, way};
use roundtrip_explain::{LightState, Outcome};
use roundtrip_lab::document::{Network, Position, Route};
use std::net::Ipv4Addr;

fn story() -> Session {
    Session::new(roundtrip_lab::example("story").unwrap().lab())
}

fn conversation(session: &Session) -> &Conversation {
    session.now.focus.conversation.as_ref().unwrap()
}

fn outcome(session: &Session) -> Outcome {
    session.now.run.verdict(conversation(session)).unwrap().outcome
}

fn edit(session: &mut Session, edit: Edit) {
    assert!(session.apply(Command::Edit(edit, None)));
}

fn route_by_r2() -> Edit {
    let to: Ipv4Net = "192.168.2.0/24".parse().unwrap();
    Edit::AddRoute { device: "pc1".into(), route: Route::via(Network(to), Ipv4Addr::new(192, 168, 1, 2)) }
}

#[test]
fn the_story_opens_on_the_web_page_that_stalls() {
    let session = story();
    assert_eq!(conversation(&session).name, "http");
    assert_eq!(session.time(), conversation(&session).begins);
    assert_eq!(outcome(&session), Outcome::Stalled);
    let focus = &session.now.focus;
    let names: Vec<&str> = focus.ladder.lifelines.iter().map(|node| session.now.run.device_name(*node)).collect();
    assert_eq!(names, ["pc1", "r1", "r2", "pc2"]);
    let there = way::at(&focus.ways, Direction::There, SimTime::MAX).unwrap();
    let back = way::at(&focus.ways, Direction::Back, SimTime::MAX).unwrap();
    assert_eq!((there.legs.len(), back.legs.len()), (3, 2));
}

#[test]
fn the_ladder_tells_the_story() {
    let session = story();
    let rows = &session.now.focus.ladder.rows;
    let numbered: Vec<&Row> = rows.iter().filter(|row| row.member.label.kind.handshake_number().is_some()).collect();
    let kinds: Vec<Kind> = numbered.iter().take(3).map(|row| row.member.label.kind).collect();
    assert_eq!(kinds, [Kind::Syn, Kind::SynAck, Kind::HandshakeAck]);
    assert_eq!(numbered[0].arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect::<Vec<_>>(), [(0, 1), (1, 2), (2, 3)]);
    assert_eq!(numbered[1].arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect::<Vec<_>>(), [(3, 2), (2, 0)]);
    assert_eq!(numbered[2].crosses.iter().map(|cross| cross.at).collect::<Vec<_>>(), [1], "③ dies at R1");
    // ② again after 1, 3, 7, 15 and 31 s, the timer wheel's lateness included.
    let again: Vec<u64> = numbered.iter().filter_map(|row| row.member.label.again).map(|after| (after.as_millis() + 100) / 1000).collect();
    assert_eq!(again, [1, 3, 7, 15, 31]);
    // What PC1's TCP discards of them is no loss.
    assert!(numbered.iter().filter(|row| row.member.direction == Direction::Back).all(|row| row.crosses.is_empty()));
}

#[test]
fn the_callout_is_about_the_third_packet() {
    let session = story();
    let losses = &session.now.run.losses;
    let first = clusters(losses, Some(conversation(&session).action))[0];
    let loss = losses[first.told];
    assert_eq!(loss.label.kind, Kind::HandshakeAck);
    assert_eq!(session.now.run.device_name(loss.node), "r1");
    assert_eq!(loss.never_seen.map(|label| label.kind), Some(Kind::SynAck));
}

#[test]
fn each_cure_works_and_can_be_taken_back() {
    let mut session = story();
    let cures = session.now.run.cures(&session.now.lab, conversation(&session));
    assert!(cures.len() >= 3, "route, gateway, redirects: {}", cures.len());
    let before = Lab::clone(&session.now.lab);
    for cure in cures {
        edit(&mut session, Edit::Cure { cure: cure.message.clone(), lab: Rc::new(cure.lab) });
        assert_eq!(conversation(&session).name, "http");
        assert!(outcome(&session).works(), "{:?}", cure.message);
        assert_eq!(session.now.undo.as_deref(), Some(&Change::Cure(cure.message)));
        assert!(session.apply(Command::Undo));
        assert_eq!(outcome(&session), Outcome::Stalled);
        assert_eq!(*session.now.lab, before);
    }
}

#[test]
fn an_edit_runs_again_and_keeps_the_moment() {
    let mut session = story();
    session.apply(Command::Time(TimeCommand::Seek(SimTime::from_millis(4_500))));
    let (time, tap) = (session.time(), session.now.tap);
    edit(&mut session, route_by_r2());
    assert!(outcome(&session).works());
    let off = if session.time() > time { session.time() - time } else { time - session.time() };
    assert!(off < SimTime::from_millis(5), "{} instead of {time}", session.time());
    assert_eq!(session.now.tap, tap);
    assert_eq!(conversation(&session).name, "http");
}

#[test]
fn the_gateway_decides() {
    let mut session = story();
    let gateway = |gateway| Edit::SetGateway { device: "pc1".into(), gateway };
    edit(&mut session, gateway(Some(Ipv4Addr::new(192, 168, 1, 2))));
    assert!(outcome(&session).works());
    edit(&mut session, gateway(None));
    assert!(!outcome(&session).works());
    assert!(session.now.run.verdict(conversation(&session)).unwrap().lights.iter().all(|light| !light.passed()));
    session.apply(Command::Undo);
    session.apply(Command::Undo);
    assert_eq!(outcome(&session), Outcome::Stalled);
    assert!(!session.apply(Command::Undo));
    session.apply(Command::Redo);
    assert!(outcome(&session).works());
}

#[test]
fn moving_a_device_does_not_run_anything_again() {
    let mut session = story();
    let run = Rc::clone(&session.now.run);
    let gesture = Some(Gesture(1));
    for x in 300..340 {
        let edit = Edit::MoveDevice { device: "pc1".into(), to: Position { x, y: 400 } };
        assert!(session.apply(Command::Edit(edit, gesture)));
    }
    assert!(Rc::ptr_eq(&run, &session.now.run));
    assert_eq!(session.now.lab.device("pc1").unwrap().position, Some(Position { x: 339, y: 400 }));
    assert!(session.apply(Command::Undo));
    assert!(!session.apply(Command::Undo), "one drag is one step");
}

#[test]
fn steps_visit_every_event_in_order() {
    let mut session = story();
    session.apply(Command::Time(TimeCommand::Play));
    let mut times = vec![session.time()];
    for _ in 0..20 {
        session.apply(Command::Time(TimeCommand::Step));
        times.push(session.time());
    }
    assert!(!session.now.playing, "a step stands");
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    for expected in times.iter().rev().skip(1) {
        session.apply(Command::Time(TimeCommand::StepBack));
        assert_eq!(session.time(), *expected);
    }
}

#[test]
fn the_first_loss_is_found() {
    let mut session = story();
    assert!(session.apply(Command::Time(TimeCommand::FirstLoss)));
    let verdict = session.now.run.verdict(conversation(&session)).unwrap();
    let LightState::Lost(loss) = &verdict.lights[2].state else { panic!("{:?}", verdict.lights) };
    assert_eq!(session.time(), loss.at);
    edit(&mut session, route_by_r2());
    assert!(!session.apply(Command::Time(TimeCommand::FirstLoss)), "nothing is lost any more");
}

#[test]
fn the_show_runs_to_its_end_and_begins_again() {
    let mut session = story();
    session.apply(Command::Time(TimeCommand::Play));
    let mut last = session.position();
    let mut frames = 0_u32;
    while session.now.playing {
        session.advance(16_667 * 30);
        assert!(session.position() >= last);
        last = session.position();
        frames += 1;
        assert!(frames < 10_000);
    }
    assert_eq!(session.position(), session.now.run.scale.end());
    session.apply(Command::Time(TimeCommand::Toggle));
    assert!(session.now.playing);
    assert_eq!(session.position(), Shown::default());
    assert!(!session.advance(0), "nothing but the clock changed");
}

#[test]
fn without_motion_the_show_steps() {
    let mut session = story();
    session.apply(Command::Show(ShowCommand::ReducedMotion(true)));
    session.apply(Command::Time(TimeCommand::Play));
    let start = session.time();
    assert!(!session.advance(STEP_REST / 2));
    assert_eq!(session.time(), start);
    assert!(session.advance(STEP_REST));
    assert!(session.now.focus.stops.contains(&session.time()), "at an event, not between two");
}

#[test]
fn what_is_gone_is_no_longer_selected() {
    let mut session = story();
    session.apply(Command::Select(Selection::Device("inet".into())));
    let mut lab = Lab::clone(&session.now.lab);
    lab.devices.retain(|device| device.name != "inet");
    edit(&mut session, Edit::Cure { cure: roundtrip_explain::Message::new("cure-route"), lab: Rc::new(lab) });
    assert_eq!(session.now.selection, Selection::Nothing);
}

#[test]
fn a_lab_that_cannot_run_says_so_and_comes_back() {
    let mut session = story();
    let mut lab = Lab::clone(&session.now.lab);
    lab.devices[1].name = lab.devices[0].name.clone();
    edit(&mut session, Edit::Open { lab: Rc::new(lab) });
    assert!(session.now.run.problems.iter().any(roundtrip_lab::Problem::is_error));
    assert!(session.now.run.conversations.is_empty());
    for command in [TimeCommand::Play, TimeCommand::Step, TimeCommand::StepBack, TimeCommand::FirstLoss, TimeCommand::End] {
        session.apply(Command::Time(command));
    }
    session.apply(Command::Undo);
    assert!(session.now.run.problems.is_empty());
    assert!(!session.now.run.conversations.is_empty());
}

#[test]
fn every_example_opens_and_can_be_looked_at_in_every_way() {
    let mut session = story();
    for example in roundtrip_lab::examples() {
        edit_if_new(&mut session, example.lab());
        let names: Vec<String> = session.now.run.conversations.iter().map(|conversation| conversation.name.clone()).collect();
        for name in names.into_iter().map(Some).chain([None]) {
            session.apply(Command::Show(ShowCommand::Conversation(name)));
            let focus = Rc::clone(&session.now.focus);
            assert!(focus.marks.is_sorted_by_key(|mark| mark.time));
            let losses = focus.marks.iter().filter(|mark| mark.kind == MarkKind::Loss).count();
            let action = focus.conversation.as_ref().map(|conversation| conversation.action);
            assert_eq!(losses, session.now.run.losses.iter().filter(|loss| action.is_none() || loss.action == action).count());
            for row in &focus.ladder.rows {
                assert!(
                    row.arrows.iter().all(|arrow| arrow.from < focus.ladder.lifelines.len() && arrow.to < focus.ladder.lifelines.len())
                );
            }
        }
    }
}

fn edit_if_new(session: &mut Session, lab: Lab) {
    session.apply(Command::Edit(Edit::Open { lab: Rc::new(lab) }, None));
}

#[test]
fn the_tables_are_those_of_the_moment() {
    let session = story();
    let run = &session.now.run;
    let (pc1, r1) = (run.node("pc1").unwrap().0 as usize, run.node("r1").unwrap().0 as usize);
    let before = run.tables(SimTime::from_millis(3_999));
    let after = run.tables(SimTime::from_millis(4_100));
    assert!(before[pc1].sockets.is_empty());
    assert_eq!(after[pc1].sockets[0].state, "ESTAB", "PC1 believes that it is connected");
    let tracked = |tables: &[roundtrip_sim::trace::NodeTables]| -> Vec<String> {
        tables[r1].conntrack.iter().flatten().map(|row| row.text.to_string()).filter(|row| row.starts_with("tcp")).collect()
    };
    assert!(tracked(&before).is_empty());
    assert!(tracked(&after)[0].contains("SYN_SENT") && tracked(&after)[0].contains("[UNREPLIED]"));
    // A look does not change what is looked at: the end of a run cut short is the run's own state then.
    assert_eq!(run.tables(run.trace.ended_at), run.trace.snapshots.last().unwrap().nodes);
}

#[test]
fn zooming_keeps_the_point_below_the_pointer() {
    let mut session = story();
    session.apply(Command::Show(ShowCommand::Window { width: 1000.0, height: 600.0 }));
    let inside = |session: &Session| {
        let Viewport { scale, x, y } = session.now.viewport;
        ((300.0 - x) / scale, (200.0 - y) / scale)
    };
    let before = inside(&session);
    session.apply(Command::Show(ShowCommand::Zoom { factor: 1.7, about: Some((300.0, 200.0)) }));
    let after = inside(&session);
    assert!((before.0 - after.0).abs() < 1e-6 && (before.1 - after.1).abs() < 1e-6);
    for _ in 0..50 {
        session.apply(Command::Show(ShowCommand::Zoom { factor: 3.0, about: None }));
    }
    assert!(SCALES.contains(&session.now.viewport.scale));
    session.apply(Command::Show(ShowCommand::Fit));
    let fitted = session.now.viewport;
    session.apply(Command::Show(ShowCommand::Window { width: 500.0, height: 600.0 }));
    assert!(session.now.viewport.scale < fitted.scale, "what was fitted stays so");
}
