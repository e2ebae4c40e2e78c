//! What is left of a connection for a minute (RFC 9293 section 3.6, RFC 1337, RFC 6191).

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::Errno;
use crate::transport::tcp::Endpoint;
use roundtrip_wire::{Tcp, TcpFlags};
use std::net::Ipv4Addr;

const A: TcpFlags = TcpFlags::ACK;
const PA: TcpFlags = TcpFlags(TcpFlags::PSH.0 | TcpFlags::ACK.0);
const FA: TcpFlags = TcpFlags(TcpFlags::FIN.0 | TcpFlags::ACK.0);
const CLIENT_STEPS: &[Step] = &[Step::Send(80), Step::RecvEof, Step::Close];

/// The server closes first, so it is in TIME-WAIT after 50 ms.
fn lab() -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Close]);
    lab.connect(CLIENT_STEPS);
    lab
}

/// What a capture shows from this moment on.
fn after(lab: &Lab, at: SimTime) -> Vec<String> {
    lab.frames.iter().filter(|frame| frame.at >= at).map(|frame| lab.line(frame)).collect()
}

#[test]
fn it_lasts_a_minute() {
    let mut lab = lab();
    lab.run_until(ms(500));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec!["TIME-WAIT"]));
    lab.run_until(ms(60_049));
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
    lab.run_until(ms(60_050));
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
    lab.run();
    assert_eq!(lab.now, ms(60_050));
}

#[test]
fn segments_of_the_old_connection_are_answered() {
    for (flags, shift, len) in [(A, -1, 0), (PA, 0, 20), (FA, -1, 0), (TcpFlags::SYN, -1_000, 0)] {
        let mut lab = lab();
        lab.run_until(secs(5));
        lab.spoof(SERVER, CLIENT_PORT, flags, (shift, 0), len);
        lab.run_until(secs(6));
        // The true client knows nothing any more, and its reset ends the wait.
        assert_eq!(after(&lab, secs(1)), ["s [A] seq=602 ack=82 len=0", "c [R] seq=82 len=0"], "{flags}");
        assert_eq!(lab.states(SERVER), [] as [&str; 0]);
        lab.spoof(SERVER, CLIENT_PORT, PA, (0, 0), 20);
        lab.run_until(secs(7));
        assert_eq!(after(&lab, secs(6)), ["s [R] seq=602 len=0"]);
    }
}

#[test]
fn a_late_acknowledgement_in_place_only_prolongs_it() {
    let mut lab = lab();
    lab.run_until(secs(5));
    lab.spoof(SERVER, CLIENT_PORT, A, (0, 0), 0);
    lab.run_until(ms(64_900));
    assert_eq!(after(&lab, secs(1)), [] as [&str; 0]);
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
    lab.run_until(secs(65));
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
}

#[test]
fn a_reset_ends_it_unless_rfc_1337_is_followed() {
    for (protected, left) in [(0, vec![]), (1, vec!["TIME-WAIT"])] {
        let mut lab = lab();
        lab.set(SERVER, Sysctl::TcpRfc1337, protected);
        lab.run_until(secs(5));
        lab.spoof(SERVER, CLIENT_PORT, TcpFlags::RST, (0, 0), 0);
        assert_eq!(lab.states(SERVER), left);
        assert_eq!(after(&lab, secs(1)), [] as [&str; 0]);
    }
}

#[test]
fn a_reset_that_is_not_exact_does_not() {
    let mut lab = lab();
    lab.run_until(secs(5));
    lab.spoof(SERVER, CLIENT_PORT, TcpFlags::RST, (10, 0), 0);
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
    assert_eq!(after(&lab, secs(1)), [] as [&str; 0]);
}

#[test]
fn the_other_sides_new_syn_opens_anew() {
    let mut lab = lab();
    lab.run_until(secs(3));
    let before = lab.frames.iter().rfind(|frame| frame.from == SERVER).unwrap().segment.seq;
    let again = lab.connect(CLIENT_STEPS);
    lab.run_until(secs(6));
    assert_eq!(lab.apps[again].received, pattern(600));
    assert_eq!(lab.apps[again].errors, []);
    // The new sequence numbers are beyond all that the old connection can have used.
    let syn_ack = lab.frames.iter().rfind(|frame| frame.from == SERVER && frame.segment.flags.syn()).unwrap();
    assert!(syn_ack.segment.seq.wrapping_sub(before) >= 65_535 && syn_ack.segment.seq.wrapping_sub(before) < 1 << 20);
}

/// The client closes first.
fn own_time_wait() -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Close]);
    lab
}

#[test]
fn ones_own_port_can_be_used_again_thanks_to_timestamps() {
    let mut lab = own_time_wait();
    lab.run_until(secs(9));
    assert_eq!(lab.states(CLIENT), ["TIME-WAIT"]);
    let again = lab.connect(&[Step::Send(80), Step::Recv(600), Step::Close]);
    lab.run_until(secs(12));
    assert_eq!(lab.apps[again].received.len(), 600);
}

#[test]
fn without_timestamps_it_cannot() {
    let mut lab = Lab::new(ms(10));
    lab.set(CLIENT, Sysctl::TcpTimestamps, 0);
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Close]);
    lab.run_until(secs(9));
    let local = Endpoint { address: Ipv4Addr::UNSPECIFIED, port: CLIENT_PORT };
    let remote = Endpoint { address: ADDRESS[SERVER], port: SERVER_PORT };
    let mut out = Vec::new();
    let outcome = lab.call(CLIENT, &mut out, |stack, env, out| stack.connect(env, local, remote, None, out));
    assert_eq!((outcome, out.len()), (Err(Errno::Eaddrnotavail), 0));
    lab.run_until(secs(70));
    assert!(lab.call(CLIENT, &mut out, |stack, env, out| stack.connect(env, local, remote, None, out)).is_ok());
}

#[test]
fn the_last_acknowledgement_is_given_again() {
    let mut lab = own_time_wait();
    let mut lost = 0;
    lab.wire(move |frame, _| {
        let last = frame.from == CLIENT && frame.at > ms(50) && frame.segment.flags.to_string() == "A";
        lost += usize::from(last);
        if last && lost <= 2 { Fate::Lose } else { Fate::Deliver }
    });
    lab.run_until(secs(20));
    let fins = lab.times(SERVER, |segment| segment.flags.fin());
    let answers = lab.times(CLIENT, |segment: &Tcp| segment.flags.to_string() == "A" && segment.ack == lab.next_of(SERVER));
    assert_eq!(fins.len(), 3);
    assert_eq!(answers, fins.iter().map(|at| at + 10).collect::<Vec<_>>());
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["TIME-WAIT"], vec![]));
    // The minute begins again with each of them.
    lab.run();
    assert_eq!(lab.now.as_millis(), answers[2] + 60_000);
}
