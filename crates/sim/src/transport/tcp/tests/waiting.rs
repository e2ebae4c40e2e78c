//! When nothing comes back: retransmission, keep-alive, and giving up (RFC 9293 section 3.8).

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::Errno;
use crate::transport::tcp::TcpIcmpError;
use roundtrip_wire::UnreachableCode;

/// A request and its answer within 60 ms; a second later the client sends 100 bytes more.
fn lab() -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Recv(100), Step::Send(50), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Sleep(secs(1)), Step::Send(100), Step::Recv(50), Step::Close]);
    lab
}

/// When the client sent these 100 bytes.
fn attempts(lab: &Lab) -> Vec<u64> {
    lab.times(CLIENT, |segment| segment.payload.len() == 100)
}

fn lost_after(at: SimTime) -> impl FnMut(&Frame, usize) -> Fate + 'static {
    move |frame, _| if frame.at > at { Fate::Lose } else { Fate::Deliver }
}

#[test]
fn data_is_repeated_ever_more_rarely_until_the_time_is_over() {
    let mut lab = lab();
    lab.set(CLIENT, Sysctl::TcpRetries2, 5).wire(lost_after(ms(500)));
    lab.run();
    // First a tail-loss probe, no later than the timeout of 220 ms, which then doubles.
    assert_eq!(attempts(&lab), [1_040, 1_260, 1_480, 1_920, 2_800, 4_560, 8_080]);
    // Five retries are a time of 0.2 * (2^6 - 1) = 12.6 s, and the timeout at 8.08 + 7.04 s is the first after it.
    assert_eq!(lab.apps[0].errors, [Errno::Etimedout]);
    assert_eq!(lab.now, ms(15_120));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec!["ESTAB"]));
}

#[test]
fn a_connection_lives_through_an_outage_of_a_quarter_of_an_hour() {
    let mut lab = lab();
    lab.wire(|frame, _| if frame.at > ms(500) && frame.at < secs(800) { Fate::Lose } else { Fate::Deliver });
    lab.run_until(secs(1_000));
    let attempts = attempts(&lab);
    // Never more than two minutes apart.
    let gaps: Vec<u64> = attempts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(gaps[2..11], [440, 880, 1_760, 3_520, 7_040, 14_080, 28_160, 56_320, 112_640]);
    assert!(gaps[11..].iter().all(|gap| *gap == 120_000));
    assert_eq!(lab.apps[0].errors, []);
    assert_eq!(lab.apps[0].received.len(), 650);
}

#[test]
fn by_default_it_ends_after_a_little_more_than_that() {
    let mut lab = lab();
    lab.wire(lost_after(ms(500)));
    lab.run();
    assert_eq!(lab.apps[0].errors, [Errno::Etimedout]);
    // tcp_retries2 = 15 is 924.6 s at the shortest timeout, looked at when a timeout is due.
    assert!(lab.now > ms(924_600 + 1_260) && lab.now < ms(924_600 + 1_260 + 120_000), "{}", lab.now);
}

#[test]
fn an_error_on_the_way_is_what_the_application_learns_in_the_end() {
    let mut lab = lab();
    lab.set(CLIENT, Sysctl::TcpRetries2, 5).wire(|frame, _| {
        if frame.at > ms(500) { Fate::Error(TcpIcmpError::Unreachable(UnreachableCode::HostProhibited)) } else { Fate::Deliver }
    });
    lab.run();
    // Nothing else changes: on a running connection the error is only remembered.
    assert_eq!(attempts(&lab), [1_040, 1_260, 1_480, 1_920, 2_800, 4_560, 8_080]);
    assert_eq!(lab.apps[0].errors, [Errno::Ehostunreach]);
}

#[test]
fn unreachable_takes_back_the_doubling() {
    // RFC 6069: a router says that the way is broken, so nothing speaks for congestion.
    let mut lab = lab();
    lab.set(CLIENT, Sysctl::TcpRetries2, 8)
        .wire(|frame, _| if frame.at > ms(500) { Fate::Error(TcpIcmpError::Unreachable(UnreachableCode::Host)) } else { Fate::Deliver });
    lab.run_until(secs(3));
    assert_eq!(attempts(&lab), [1_040, 1_260, 1_480, 1_700, 1_920, 2_140, 2_360, 2_580, 2_800]);
    // Errors now and then bring it down by one step each.
    let mut lab = self::lab();
    let silent = [3, 4, 5];
    let mut count = 0;
    lab.wire(move |frame, _| {
        if frame.at <= ms(500) {
            return Fate::Deliver;
        }
        count += 1;
        if silent.contains(&count) { Fate::Lose } else { Fate::Error(TcpIcmpError::Unreachable(UnreachableCode::Net)) }
    });
    lab.run_until(secs(12));
    assert_eq!(attempts(&lab), [1_040, 1_260, 1_480, 1_920, 2_800, 4_560, 6_320, 8_080, 9_840, 11_600]);
}

#[test]
fn a_late_acknowledgement_shows_that_nothing_was_lost() {
    // The way takes half a second longer for a while: what was repeated needlessly is told by the timestamps, and the
    // congestion window is as it was before.
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(20_080), Step::Send(50), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Sleep(ms(300)), Step::Send(20_000), Step::Recv(50), Step::Close]);
    lab.wire(
        |frame, _| if frame.from == CLIENT && frame.at >= ms(300) && frame.at < ms(800) { Fate::Late(ms(500)) } else { Fate::Deliver },
    );
    lab.run_until(secs(10));
    let data = |lab: &Lab| lab.times(CLIENT, |segment| segment.payload.len() > 80);
    // Ten segments, an eleventh as a probe and one repetition; then, acknowledged at 840 ms, the rest at once. These
    // overtake the eleventh, which is taken for lost.
    assert_eq!(data(&lab), [[320; 10].as_slice(), &[364, 584], &[840; 3], &[860]].concat());
    assert_eq!(lab.apps[0].errors, []);
    assert_eq!(lab.apps[1].received.len(), 20_080);
}

#[test]
fn keep_alive_asks_and_gives_up() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.connect(&[Step::KeepAlive(secs(3), secs(2), 3), Step::Send(80), Step::Recv(600), Step::Recv(1)]);
    lab.wire(lost_after(secs(12)));
    lab.run_until(secs(60));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=80
         s [A] seq=1 ack=81 len=0
         s [PA] seq=1 ack=81 len=600
         c [A] seq=81 ack=601 len=0
         c [A] seq=80 ack=601 len=0
         s [A] seq=601 ack=81 len=0
         c [A] seq=80 ack=601 len=0
         s [A] seq=601 ack=81 len=0
         c [A] seq=80 ack=601 len=0
         s [A] seq=601 ack=81 len=0
         c [A] seq=80 ack=601 len=0
         c [A] seq=80 ack=601 len=0
         c [A] seq=80 ack=601 len=0
         c [RA] seq=81 ack=601 len=0",
    );
    let old = lab.frames[0].segment.seq.wrapping_add(80);
    assert_eq!(lab.times(CLIENT, |segment| segment.seq == old), [3_040, 6_060, 9_080, 12_100, 14_100, 16_100]);
    assert_eq!(lab.times(CLIENT, |segment| segment.flags.rst()), [18_100]);
    assert_eq!(lab.apps[0].errors, [Errno::Etimedout]);
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec!["ESTAB"]));
}

#[test]
fn keep_alive_learns_that_the_other_side_has_gone() {
    // The server is started anew meanwhile: it knows nothing of the connection.
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.connect(&[Step::KeepAlive(secs(3), secs(2), 3), Step::Send(80), Step::Recv(600), Step::Recv(1)]);
    lab.run_until(secs(1));
    lab.stacks[SERVER] = crate::transport::tcp::TcpStack::new();
    lab.run_until(secs(60));
    assert_eq!(lab.times(SERVER, |segment| segment.flags.rst()).len(), 1);
    assert_eq!(lab.apps[0].errors, [Errno::Econnreset]);
    assert_eq!(lab.states(CLIENT), [] as [&str; 0]);
}

#[test]
fn what_is_unacknowledged_needs_no_keep_alive() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::KeepAlive(secs(2), secs(1), 3), Step::Sleep(secs(1)), Step::Send(10), Step::Hold]);
    lab.wire(lost_after(secs(1)));
    lab.run_until(secs(30));
    // Retransmission alone decides; no probe, no reset.
    assert_eq!(lab.times(CLIENT, |segment| segment.payload.is_empty()).len(), 3);
    assert_eq!((lab.states(CLIENT), lab.apps[0].errors.len()), (vec!["ESTAB"], 0));
}
