//! Opening a connection, and what happens when it does not open.

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::trace::Errno;
use crate::transport::tcp::TcpIcmpError;
use roundtrip_wire::UnreachableCode;

const HTTP_SERVER: &[Step] = &[Step::Recv(80), Step::Send(600), Step::Sleep(ms(30)), Step::Close];
const HTTP_CLIENT: &[Step] = &[Step::Send(80), Step::RecvEof, Step::Close];

#[test]
fn a_healthy_http_exchange() {
    let mut lab = Lab::new(ms(1));
    lab.serve(HTTP_SERVER);
    let client = lab.connect(HTTP_CLIENT);
    lab.run_until(secs(10));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=80
         s [A] seq=1 ack=81 len=0
         s [PA] seq=1 ack=81 len=600
         c [A] seq=81 ack=601 len=0
         s [FA] seq=601 ack=81 len=0
         c [FA] seq=81 ack=602 len=0
         s [A] seq=602 ack=82 len=0",
    );
    assert_eq!(lab.apps[client].received, pattern(600));
    assert_eq!(lab.states(CLIENT), [] as [&str; 0]);
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
    lab.run();
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
}

#[test]
fn windows_and_options_of_the_handshake() {
    let mut lab = Lab::new(ms(1));
    lab.serve(HTTP_SERVER);
    lab.connect(HTTP_CLIENT);
    lab.run_until(secs(10));
    let segment = |index: usize| &lab.frames[index].segment;
    assert_eq!((segment(0).window, segment(1).window), (64_240, 65_160));
    assert_eq!((segment(2).window, segment(4).window), (63, 64));
    for index in 0..2 {
        let options = &segment(index).options;
        assert_eq!((options.mss, options.window_scale, options.sack_permitted), (Some(1_460), Some(10), true));
    }
    let (syn, answer) = (segment(0).options.timestamps.unwrap(), segment(1).options.timestamps.unwrap());
    assert_eq!((syn.echo, answer.echo), (0, syn.value));
}

#[test]
fn the_server_speaks_first() {
    let mut lab = Lab::new(ms(1));
    lab.serve(&[Step::Send(40), Step::Recv(40), Step::Send(200), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Recv(1), Step::Send(40), Step::Recv(1), Step::Close]);
    lab.run_until(secs(10));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         s [PA] seq=1 ack=1 len=40
         c [A] seq=1 ack=41 len=0
         c [PA] seq=1 ack=41 len=40
         s [A] seq=41 ack=41 len=0
         s [PA] seq=41 ack=41 len=200
         c [FA] seq=41 ack=241 len=0
         s [FA] seq=241 ack=42 len=0
         c [A] seq=42 ack=242 len=0",
    );
}

#[test]
fn a_syn_that_nobody_answers() {
    let mut lab = Lab::new(ms(1));
    lab.wire(|_, _| Fate::Lose);
    let client = lab.connect(HTTP_CLIENT);
    lab.run();
    assert_eq!(lab.times(CLIENT, |_| true), [0, 1_000, 2_000, 3_000, 4_000, 5_000, 7_000, 11_000, 19_000, 35_000, 67_000]);
    assert_eq!(lab.apps[client].errors, [Errno::Etimedout]);
    assert_eq!(lab.now, secs(131));
}

#[test]
fn fewer_syns_if_told_so() {
    let mut lab = Lab::new(ms(1));
    lab.set(CLIENT, Sysctl::TcpSynRetries, 2).wire(|_, _| Fate::Lose);
    let client = lab.connect(HTTP_CLIENT);
    lab.run();
    // The limit is a time, that of doublings from one second on: 1 + 2 + 4 s.
    assert_eq!(lab.times(CLIENT, |_| true), [0, 1_000, 2_000, 3_000, 4_000, 5_000]);
    assert_eq!(lab.apps[client].errors, [Errno::Etimedout]);
    assert_eq!(lab.now, secs(7));
}

#[test]
fn a_third_packet_that_never_arrives() {
    // The story: the client believes that it is connected, the server waits for the ACK.
    let mut lab = Lab::new(ms(1));
    lab.serve(HTTP_SERVER).wire(|frame, count| if frame.from == CLIENT && count > 0 { Fate::Lose } else { Fate::Deliver });
    lab.connect(&[Step::Send(80), Step::RecvEof]);
    lab.run_until(secs(2));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["ESTAB"], vec!["SYN-RECV"]));
    lab.run_until(secs(60));
    assert_eq!(lab.times(SERVER, |segment| segment.flags.syn()), [1, 1_001, 3_001, 7_001, 15_001, 31_001]);
    // Each repeated SYN,ACK is answered by one ACK with the number after the data.
    assert_eq!(
        lab.times(CLIENT, |segment| segment.payload.is_empty() && segment.seq == lab.frames[0].segment.seq.wrapping_add(81)).len(),
        5
    );
    let data = lab.times(CLIENT, |segment| !segment.payload.is_empty());
    // A tail-loss probe after two round trips and 200 ms, then doublings of 204 ms.
    assert_eq!(data, [2, 206, 410, 818, 1_634, 3_266, 6_530, 13_058, 26_114, 52_226]);
    lab.run_until(secs(64));
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
}

#[test]
fn a_late_third_packet_completes_the_connection() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Send(40), Step::Recv(10), Step::Send(200), Step::RecvEof, Step::Close])
        .wire(|frame, count| if frame.from == CLIENT && (1..3).contains(&count) { Fate::Lose } else { Fate::Deliver });
    lab.connect(&[Step::Recv(40), Step::Send(10), Step::Recv(100), Step::Close]);
    lab.run_until(secs(20));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         s [PA] seq=1 ack=1 len=40
         c [A] seq=1 ack=41 len=0
         c [PA] seq=1 ack=41 len=10
         s [A] seq=41 ack=11 len=0
         s [PA] seq=41 ack=11 len=200
         c [FA] seq=11 ack=241 len=0
         s [FA] seq=241 ack=12 len=0
         c [A] seq=12 ack=242 len=0",
    );
}

#[test]
fn data_completes_the_connection_too() {
    let mut lab = Lab::new(ms(10));
    lab.serve(HTTP_SERVER).wire(|frame, count| if frame.from == CLIENT && count == 1 { Fate::Lose } else { Fate::Deliver });
    let client = lab.connect(HTTP_CLIENT);
    lab.run_until(secs(5));
    assert_eq!(lab.apps[client].received, pattern(600));
    assert_eq!(lab.times(SERVER, |segment| segment.flags.syn()), [10]);
}

#[test]
fn a_closed_port_refuses() {
    let mut lab = Lab::new(ms(1));
    let client = lab.connect(HTTP_CLIENT);
    lab.run();
    lab.expect("c [S] seq=0 len=0 mss=1460\ns [RA] seq=0 ack=1 len=0");
    assert_eq!(lab.apps[client].errors, [Errno::Econnrefused]);
    let reset = &lab.frames[1].segment;
    assert_eq!((reset.seq, reset.window), (0, 0));
}

#[test]
fn an_icmp_error_ends_connect() {
    for (code, errno) in [
        (UnreachableCode::Port, Errno::Econnrefused),
        (UnreachableCode::AdminProhibited, Errno::Ehostunreach),
        (UnreachableCode::Host, Errno::Ehostunreach),
        (UnreachableCode::Net, Errno::Enetunreach),
        (UnreachableCode::NetProhibited, Errno::Enetunreach),
        (UnreachableCode::HostProhibited, Errno::Ehostunreach),
        (UnreachableCode::Protocol, Errno::Enoprotoopt),
    ] {
        let mut lab = Lab::new(ms(1));
        lab.wire(move |_, _| Fate::Error(TcpIcmpError::Unreachable(code)));
        let client = lab.connect(HTTP_CLIENT);
        lab.run();
        assert_eq!((lab.frames.len(), &lab.apps[client].errors[..]), (1, &[errno][..]), "{code:?}");
    }
}

#[test]
fn an_icmp_error_deletes_a_request() {
    for (error, goes) in [
        (TcpIcmpError::Unreachable(UnreachableCode::Net), true),
        (TcpIcmpError::Unreachable(UnreachableCode::Host), true),
        (TcpIcmpError::TimeExceeded, true),
        (TcpIcmpError::Unreachable(UnreachableCode::AdminProhibited), false),
    ] {
        let mut lab = Lab::new(ms(1));
        lab.serve(HTTP_SERVER).wire(move |frame, _| if frame.from == SERVER { Fate::Error(error) } else { Fate::Deliver });
        lab.connect(HTTP_CLIENT);
        lab.run_until(ms(500));
        assert_eq!(lab.states(SERVER).is_empty(), goes, "{error:?}");
    }
}

#[test]
fn a_repeated_syn_is_answered_with_the_same_number() {
    let mut lab = Lab::new(ms(10));
    lab.serve(HTTP_SERVER).wire(|frame, count| if frame.from == SERVER && count == 0 { Fate::Lose } else { Fate::Deliver });
    let client = lab.connect(HTTP_CLIENT);
    lab.run_until(secs(5));
    let answers: Vec<u32> =
        lab.frames.iter().filter(|frame| frame.from == SERVER && frame.segment.flags.syn()).map(|f| f.segment.seq).collect();
    // One lost, one for the repeated SYN; the request's own timer begins anew.
    assert_eq!(answers.len(), 3);
    assert!(answers.iter().all(|seq| *seq == answers[0]));
    assert_eq!(lab.apps[client].received, pattern(600));
}

#[test]
fn no_way_back_from_the_server() {
    let mut lab = Lab::new(ms(1));
    lab.serve(HTTP_SERVER);
    lab.reachable(SERVER, false);
    lab.connect(HTTP_CLIENT);
    lab.run_until(ms(2_500));
    assert_eq!(lab.times(CLIENT, |_| true), [0, 1_000, 2_000]);
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
}

#[test]
fn both_open_at_once() {
    let mut lab = Lab::new(ms(200));
    lab.connect_between(CLIENT, CLIENT_PORT, 40_010, &[Step::Send(50), Step::Recv(30), Step::Sleep(ms(500)), Step::Close]);
    lab.connect_between(SERVER, 40_010, CLIENT_PORT, &[Step::Send(30), Step::Recv(50), Step::Sleep(ms(500)), Step::Close]);
    lab.run_until(secs(3));
    assert!(lab.captured().starts_with(&[
        "c [S] seq=0 len=0 mss=1460".to_owned(),
        "s [S] seq=0 len=0 mss=1460".to_owned(),
        "c [SA] seq=0 ack=1 len=0 mss=1460".to_owned(),
        "s [SA] seq=0 ack=1 len=0 mss=1460".to_owned(),
        "c [A] seq=1 ack=1 len=0 sack=0-1".to_owned(),
        "c [PA] seq=1 ack=1 len=50".to_owned(),
    ]));
    assert_eq!(lab.apps[0].received, pattern(30));
    assert_eq!(lab.apps[1].received, pattern(50));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["TIME-WAIT"], vec!["TIME-WAIT"]));
}

#[test]
fn without_options() {
    for key in [Sysctl::TcpTimestamps, Sysctl::TcpSack, Sysctl::TcpWindowScaling] {
        let mut lab = Lab::new(ms(10));
        lab.set(CLIENT, key, 0).serve(&[Step::Recv(80), Step::Send(100_000), Step::Close]);
        let client = lab.connect(HTTP_CLIENT);
        lab.run_until(secs(20));
        assert_eq!(lab.apps[client].received, pattern(100_000), "{key:?}");
        let (syn, answer) = (&lab.frames[0].segment.options, &lab.frames[1].segment.options);
        for options in [syn, answer] {
            assert_eq!(options.timestamps.is_some(), key != Sysctl::TcpTimestamps);
            assert_eq!(options.sack_permitted, key != Sysctl::TcpSack);
            assert_eq!(options.window_scale.is_some(), key != Sysctl::TcpWindowScaling);
        }
    }
}
