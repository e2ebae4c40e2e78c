//! The way there: how large segments may be, and what happens while there is no way.

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::trace::Errno;
use crate::transport::tcp::TcpIcmpError;

/// A server that answers with 4,000 bytes; what is larger than this meets with that fate.
fn lab(largest: usize, fate: Fate) -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(4_000), Step::Sleep(ms(25)), Step::Close]);
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.wire(move |frame, _| if frame.segment.payload.len() + 52 > largest { fate } else { Fate::Deliver });
    lab
}

fn sizes(lab: &Lab) -> Vec<(u64, usize)> {
    lab.frames
        .iter()
        .filter(|frame| frame.from == SERVER && !frame.segment.payload.is_empty())
        .map(|frame| (frame.at.as_millis(), frame.segment.payload.len()))
        .collect()
}

#[test]
fn too_large_is_sent_again_in_smaller_segments_at_once() {
    let mut lab = lab(1_400, Fate::Error(TcpIcmpError::FragmentationNeeded { mtu: 1_400 }));
    lab.run_until(secs(5));
    // Nothing waits for a timeout, and the congestion window is as before.
    assert_eq!(sizes(&lab), [(30, 1_448), (30, 1_448), (30, 1_104), (40, 1_348), (40, 1_348), (40, 1_304)]);
    assert_eq!(lab.apps[0].received, pattern(4_000));
    // A learned path MTU is for later connections, too.
    lab.connect_between(CLIENT, 40_002, SERVER_PORT, &[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(secs(10));
    assert_eq!(sizes(&lab)[6..].iter().map(|(_, len)| *len).collect::<Vec<_>>(), [1_348, 1_348, 1_304]);
    assert_eq!(lab.frames.iter().rev().find_map(|frame| frame.segment.options.mss), Some(1_360));
}

#[test]
fn where_nobody_says_so_full_segments_are_repeated_for_ever() {
    let mut lab = lab(1_400, Fate::Lose);
    lab.run_until(secs(120));
    let sizes = sizes(&lab);
    assert_eq!(sizes[..3].iter().map(|(_, len)| *len).collect::<Vec<_>>(), [1_448, 1_448, 1_104]);
    assert!(sizes.len() > 8 && sizes[3..].iter().all(|(_, len)| *len == 1_448), "{sizes:?}");
    assert_eq!(lab.apps[0].received, []);
}

#[test]
fn with_mtu_probing_they_become_smaller_in_the_end() {
    let mut lab = lab(1_200, Fate::Lose);
    lab.set(SERVER, Sysctl::TcpMtuProbing, 1);
    lab.run_until(secs(20));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=80
         s [A] seq=1 ack=81 len=0
         s [PA] seq=2897 ack=81 len=1104
         c [A] seq=81 ack=1 len=0 sack=2897-4001
         s [FA] seq=4001 ack=81 len=0
         c [A] seq=81 ack=1 len=0 sack=2897-4002
         s [A] seq=1 ack=81 len=1024
         c [A] seq=81 ack=1025 len=0 sack=2897-4002
         s [A] seq=1025 ack=81 len=424
         c [A] seq=81 ack=1449 len=0 sack=2897-4002
         s [A] seq=1449 ack=81 len=1024
         c [A] seq=81 ack=2473 len=0 sack=2897-4002
         s [A] seq=2473 ack=81 len=424
         c [A] seq=81 ack=4002 len=0
         c [FA] seq=81 ack=4002 len=0
         s [A] seq=4002 ack=82 len=0",
    );
    assert_eq!(lab.apps[0].received, pattern(4_000));
}

/// Kernel: y21. Who opens a connection begins small, who accepts one does not.
#[test]
fn with_mtu_probing_2_they_are_small_from_the_beginning() {
    let sizes_of = |writer: usize| {
        let mut lab = Lab::new(ms(10));
        lab.set(writer, Sysctl::TcpMtuProbing, 2);
        let (served, asked): (&[Step], &[Step]) = if writer == SERVER {
            (&[Step::Recv(80), Step::Send(4_000), Step::Close], &[Step::Send(80), Step::RecvEof, Step::Close])
        } else {
            (&[Step::Recv(4_000), Step::Close], &[Step::Send(4_000), Step::RecvEof, Step::Close])
        };
        lab.serve(served);
        lab.connect(asked);
        lab.run_until(secs(5));
        let data = lab.frames.iter().filter(|frame| frame.from == writer).map(|frame| frame.segment.payload.len());
        data.filter(|len| *len > 0).collect::<Vec<_>>()
    };
    assert_eq!(sizes_of(CLIENT), [1_024, 1_024, 1_024, 928]);
    assert_eq!(sizes_of(SERVER), [1_448, 1_448, 1_104]);
}

#[test]
fn a_small_interface_makes_a_small_mss() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(4_000), Step::Close]);
    lab.mtu(CLIENT, 1_280);
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(secs(5));
    assert_eq!(lab.frames[0].segment.options.mss, Some(1_240));
    assert_eq!(sizes(&lab).iter().map(|(_, len)| *len).collect::<Vec<_>>(), [1_228, 1_228, 1_228, 316]);
}

#[test]
fn after_a_change_of_route_the_first_write_leaves_in_crumbs() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Recv(100), Step::Send(50), Step::Recv(300), Step::Send(50), Step::Close]);
    let pause = Step::Sleep(secs(1));
    lab.connect(&[
        Step::Send(80),
        Step::Recv(600),
        pause.clone(),
        Step::Send(100),
        Step::Recv(50),
        pause,
        Step::Send(300),
        Step::Recv(50),
        Step::RecvEof,
        Step::Close,
    ]);
    lab.run_until(ms(600));
    lab.replace_route(CLIENT);
    lab.run_until(secs(5));
    // The route that the connection remembers leads nowhere and has the smallest MTU, 68, of which 36 are left for data; what is
    // sent then goes by the new route, and the next write is as usual.
    let sent: Vec<usize> =
        lab.frames.iter().filter(|frame| frame.from == CLIENT).map(|frame| frame.segment.payload.len()).filter(|len| *len > 0).collect();
    assert_eq!(sent, [80, 36, 36, 28, 300]);
}

#[test]
fn without_a_route_the_connection_waits() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Recv(100), Step::Send(50), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Sleep(secs(1)), Step::Send(100), Step::Recv(50), Step::Close]);
    lab.run_until(ms(500));
    lab.reachable(CLIENT, false);
    lab.run_until(secs(10));
    assert_eq!(lab.states(CLIENT), ["ESTAB"]);
    lab.reachable(CLIENT, true);
    lab.run_until(secs(30));
    assert_eq!(lab.apps[0].received.len(), 650);
    assert_eq!(lab.apps[0].errors, []);
}

#[test]
fn without_a_route_from_the_beginning_there_is_no_connection() {
    let mut lab = Lab::new(ms(10));
    lab.reachable(CLIENT, false);
    let mut out = Vec::new();
    let end = |address, port| crate::transport::tcp::Endpoint { address, port };
    let outcome = lab.call(CLIENT, &mut out, |stack, env, out| {
        stack.connect(env, end(std::net::Ipv4Addr::UNSPECIFIED, CLIENT_PORT), end(ADDRESS[SERVER], SERVER_PORT), None, out)
    });
    assert_eq!((outcome, out), (Err(Errno::Enetunreach), vec![]));
}

#[test]
fn what_waits_for_an_arp_answer_is_not_sent_again() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Close]);
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.frames.clear();
    // The SYN of a second connection finds nobody for two and a half seconds: it leaves once, though three were due.
    lab.stick(CLIENT);
    lab.connect_between(CLIENT, 40_002, SERVER_PORT, &[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(ms(2_500));
    lab.unstick(CLIENT);
    lab.run_until(secs(10));
    let of_second = |flags: &str| lab.times(CLIENT, |segment| segment.src_port == 40_002 && segment.flags.to_string() == flags);
    assert_eq!(of_second("S"), [2_500]);
    assert_eq!(lab.apps.iter().find(|app| app.received.len() == 600 && app.errors.is_empty()).map(|app| app.connected), Some(true));
}

#[test]
fn data_that_waits_is_not_sent_again_either() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Recv(100), Step::Send(50), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Sleep(secs(1)), Step::Send(100), Step::Recv(50), Step::Close]);
    lab.run_until(secs(1));
    lab.stick(CLIENT);
    lab.run_until(secs(4));
    lab.unstick(CLIENT);
    lab.run_until(secs(10));
    assert_eq!(lab.times(CLIENT, |segment| segment.payload.len() == 100), [4_000]);
    assert_eq!(lab.apps[0].received.len(), 650);
}
