//! Segments that a third party puts into a running conversation: what is believed, what is answered, what is ignored
//! (RFC 9293 section 3.10.7.4, RFC 5961).

use super::harness::*;
use crate::trace::{Errno, TcpDrop};
use roundtrip_wire::TcpFlags;

const BEFORE: &str = "c [S] seq=0 len=0 mss=1460
    s [SA] seq=0 ack=1 len=0 mss=1460
    c [A] seq=1 ack=1 len=0
    c [PA] seq=1 ack=1 len=80
    s [A] seq=1 ack=81 len=0
    s [PA] seq=1 ack=81 len=600
    c [A] seq=81 ack=601 len=0";
const AFTER: &str = "c [PA] seq=81 ack=601 len=40
    s [PA] seq=601 ack=121 len=40
    c [A] seq=121 ack=641 len=0
    c [FA] seq=121 ack=641 len=0
    s [FA] seq=641 ack=122 len=0
    c [A] seq=122 ack=642 len=0";

const R: TcpFlags = TcpFlags::RST;
const S: TcpFlags = TcpFlags::SYN;
const A: TcpFlags = TcpFlags::ACK;
const P: TcpFlags = TcpFlags::PSH;
const PA: TcpFlags = TcpFlags(TcpFlags::PSH.0 | TcpFlags::ACK.0);
const FA: TcpFlags = TcpFlags(TcpFlags::FIN.0 | TcpFlags::ACK.0);
const SA: TcpFlags = TcpFlags(TcpFlags::SYN.0 | TcpFlags::ACK.0);
const RA: TcpFlags = TcpFlags(TcpFlags::RST.0 | TcpFlags::ACK.0);

/// A request is answered; then this arrives, and half a second later there is another request and its answer.
fn lab(to: usize, flags: TcpFlags, shift: (i64, i64), len: usize) -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Recv(40), Step::Send(40), Step::RecvEof, Step::Close]);
    lab.connect(&[
        Step::Send(80),
        Step::Recv(600),
        Step::Sleep(secs(1)),
        Step::Send(40),
        Step::Recv(10),
        Step::Sleep(ms(400)),
        Step::Close,
    ]);
    lab.run_until(ms(500));
    lab.spoof(to, CLIENT_PORT, flags, shift, len);
    lab.run_until(secs(3));
    lab
}

#[track_caller]
fn goes_on(to: usize, flags: TcpFlags, shift: (i64, i64), len: usize, answer: &str) -> Lab {
    let lab = lab(to, flags, shift, len);
    lab.expect(&format!("{BEFORE}\n{answer}\n{AFTER}"));
    assert_eq!(lab.apps[0].errors, []);
    lab
}

/// The client is reset.
#[track_caller]
fn kills_the_client(flags: TcpFlags, shift: (i64, i64)) {
    let lab = lab(CLIENT, flags, shift, 0);
    lab.expect(BEFORE);
    assert_eq!(lab.apps[0].errors[0], Errno::Econnreset);
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec!["ESTAB"]));
}

#[test]
fn a_reset_with_the_next_number_is_believed() {
    kills_the_client(R, (0, 0));
    kills_the_client(RA, (0, 0));
}

#[test]
fn a_reset_elsewhere_in_the_window_is_answered() {
    let lab = goes_on(CLIENT, R, (100, 0), 0, "c [A] seq=81 ack=601 len=0");
    assert_eq!(lab.drops, [(CLIENT, TcpDrop::RstNotExact)]);
}

#[test]
fn a_reset_outside_the_window_is_ignored() {
    for shift in [200_000, -10] {
        let lab = goes_on(CLIENT, R, (shift, 0), 0, "");
        assert_eq!(lab.drops, [(CLIENT, TcpDrop::OutOfWindow)]);
    }
}

#[test]
fn a_syn_is_answered_with_an_acknowledgement() {
    for shift in [10, -700] {
        goes_on(CLIENT, S, (shift, 0), 0, "c [A] seq=81 ack=601 len=0");
        goes_on(SERVER, S, (shift, 0), 0, "s [A] seq=601 ack=81 len=0");
    }
}

#[test]
fn a_repeated_syn_ack_is_answered_with_an_acknowledgement() {
    goes_on(CLIENT, SA, (-601, 0), 0, "c [A] seq=81 ack=601 len=0");
    goes_on(SERVER, SA, (-81, 0), 0, "s [A] seq=601 ack=81 len=0");
}

#[test]
fn data_beyond_a_gap_is_kept_and_reported() {
    let lab = lab(CLIENT, PA, (1_000, 0), 50);
    lab.expect(&format!(
        "{BEFORE}
         c [A] seq=81 ack=601 len=0 sack=1601-1651
         c [PA] seq=81 ack=601 len=40 sack=1601-1651
         s [PA] seq=601 ack=121 len=40
         c [A] seq=121 ack=641 len=0 sack=1601-1651
         c [FA] seq=121 ack=641 len=0 sack=1601-1651
         s [FA] seq=641 ack=122 len=0
         c [A] seq=122 ack=642 len=0 sack=1601-1651"
    ));
}

#[test]
fn data_beyond_the_window_is_answered() {
    goes_on(CLIENT, PA, (200_000, 0), 50, "c [A] seq=81 ack=601 len=0");
    goes_on(SERVER, PA, (200_000, 0), 50, "s [A] seq=601 ack=81 len=0");
}

#[test]
fn data_that_came_before_is_reported_as_a_duplicate() {
    goes_on(CLIENT, PA, (-50, 0), 50, "c [A] seq=81 ack=601 len=0 sack=551-601");
}

#[test]
fn an_old_acknowledgement_is_ignored() {
    goes_on(CLIENT, A, (0, -50), 0, "");
    goes_on(SERVER, A, (0, -50), 0, "");
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_is_answered() {
    for shift in [5_000, -200_000] {
        let lab = goes_on(CLIENT, A, (0, shift), 0, "c [A] seq=81 ack=601 len=0");
        assert_eq!(lab.drops.len(), 1);
        goes_on(SERVER, A, (0, shift), 0, "s [A] seq=601 ack=81 len=0");
    }
}

#[test]
fn a_fin_beyond_a_gap_is_kept_and_reported() {
    let lab = lab(CLIENT, FA, (100, 0), 0);
    lab.expect(&format!(
        "{BEFORE}
         c [A] seq=81 ack=601 len=0 sack=701-702
         c [PA] seq=81 ack=601 len=40 sack=701-702
         s [PA] seq=601 ack=121 len=40
         c [A] seq=121 ack=641 len=0 sack=701-702
         c [FA] seq=121 ack=641 len=0 sack=701-702
         s [FA] seq=641 ack=122 len=0
         c [A] seq=122 ack=642 len=0 sack=701-702"
    ));
}

#[test]
fn without_an_acknowledgement_nothing_is_taken() {
    let lab = goes_on(CLIENT, P, (0, 0), 20, "");
    assert_eq!(lab.drops.len(), 1);
    goes_on(SERVER, P, (0, 0), 20, "");
}

#[test]
fn data_in_place_is_believed_and_puts_the_two_sides_out_of_step() {
    // The client has bytes that the server never sent: the server's own are older than what the client waits for, and each
    // side tells the other where it is, again and again.
    let mut lab = lab(CLIENT, PA, (0, 0), 50);
    lab.run_until(secs(20));
    lab.expect(&format!(
        "{BEFORE}
         c [A] seq=81 ack=651 len=0
         s [A] seq=601 ack=81 len=0
         c [A] seq=81 ack=651 len=0
         c [PA] seq=81 ack=651 len=40
         s [A] seq=601 ack=81 len=0
         c [A] seq=121 ack=651 len=0
         c [PA] seq=81 ack=651 len=40
         c [FA] seq=121 ack=651 len=0
         c [FPA] seq=81 ack=651 len=40
         c [FPA] seq=81 ack=651 len=40
         s [A] seq=601 ack=81 len=0
         c [A] seq=122 ack=651 len=0
         c [FPA] seq=81 ack=651 len=40
         s [A] seq=601 ack=81 len=0
         c [A] seq=122 ack=651 len=0
         c [FPA] seq=81 ack=651 len=40
         s [A] seq=601 ack=81 len=0
         c [A] seq=122 ack=651 len=0
         c [FPA] seq=81 ack=651 len=40
         s [A] seq=601 ack=81 len=0
         c [A] seq=122 ack=651 len=0
         c [FPA] seq=81 ack=651 len=40
         s [A] seq=601 ack=81 len=0
         c [A] seq=122 ack=651 len=0"
    ));
    assert_eq!(&lab.apps[0].received[600..], [b'I'; 50]);
}

#[test]
fn a_fin_in_place_is_believed() {
    // The server takes the client for closed; the client's data after that is data for a socket that has gone.
    let lab = lab(SERVER, FA, (0, 0), 0);
    lab.expect(&format!(
        "{BEFORE}
         s [A] seq=601 ack=82 len=0
         c [A] seq=81 ack=601 len=0
         s [A] seq=601 ack=82 len=0
         c [PA] seq=81 ack=601 len=40
         s [R] seq=601 len=0"
    ));
}

#[test]
fn a_reset_of_the_server_leaves_the_client_with_half_a_connection() {
    for flags in [R, RA] {
        let lab = lab(SERVER, flags, (0, 0), 0);
        lab.expect(&format!(
            "{BEFORE}
             c [PA] seq=81 ack=601 len=40
             s [R] seq=601 len=0"
        ));
        assert_eq!(lab.apps[0].errors[0], Errno::Econnreset);
    }
}

#[test]
fn answers_to_what_is_outside_the_window_are_rare() {
    // One each half second and connection (tcp_invalid_ratelimit), so that two sides out of step do not storm each other;
    // data is always answered.
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.connect(&[Step::Send(80), Step::Hold]);
    lab.run_until(secs(1));
    let mut answers = |flags, len| {
        let from = lab.now.as_millis();
        for _ in 0..20 {
            lab.spoof(SERVER, CLIENT_PORT, flags, (200_000, 0), len);
            let next = lab.now + ms(100);
            lab.run_until(next);
        }
        let sent = lab.times(SERVER, |segment| segment.payload.is_empty() && !segment.flags.syn());
        sent.into_iter().filter(|at| *at >= from).map(|at| at - from).collect::<Vec<u64>>()
    };
    assert_eq!(answers(A, 0), [0, 500, 1_000, 1_500]);
    assert_eq!(answers(PA, 50).len(), 20);
}
