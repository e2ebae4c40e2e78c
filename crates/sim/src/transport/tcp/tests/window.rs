//! A receiver that does not read, and a sender whose buffer is full (RFC 9293 section 3.8.6).

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::trace::Errno;
use roundtrip_wire::Payload;

/// A server that sends 400,000 bytes to a client that begins to read after six seconds.
fn lab() -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(400_000), Step::Close]);
    lab.connect(&[Step::Send(80), Step::Sleep(secs(6)), Step::RecvEof, Step::Close]);
    lab
}

#[test]
fn a_shut_window_is_asked_about_until_it_opens() {
    let mut lab = lab();
    lab.run_until(ms(5_900));
    let last = lab.frames.iter().rfind(|frame| frame.from == CLIENT).unwrap();
    assert_eq!(last.segment.window, 0);
    // The window was 90,800 bytes in all, as in the kernel.
    let end = lab.frames[1].segment.seq.wrapping_add(90_801);
    assert_eq!(last.segment.ack, end);
    // Probes repeat the last number, ever more rarely; all are answered but those that come within half a second.
    let probes = lab.times(SERVER, |segment| segment.payload.is_empty() && segment.seq == end.wrapping_sub(1));
    let gaps: Vec<u64> = probes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(probes.len() >= 4, "{probes:?}");
    assert!(gaps.windows(2).all(|pair| (19..22).contains(&(10 * pair[1] / pair[0]))), "{gaps:?}");
    let answers = lab.times(CLIENT, |segment| segment.window == 0);
    assert!(probes.iter().skip(1).zip(&gaps).all(|(at, gap)| *gap < 500 || answers.contains(&(at + 10))), "{probes:?} {answers:?}");
    assert_eq!(lab.states(SERVER), ["FIN-WAIT-1"]);
    lab.run_until(secs(20));
    assert_eq!(lab.apps[0].received, pattern(400_000));
    // That it is open again was told without a question, when the application had read.
    let update = lab.frames.iter().find(|frame| frame.from == CLIENT && frame.at >= ms(6_000)).unwrap();
    assert_eq!((update.at, update.segment.ack, update.segment.window > 0), (ms(6_020), end, true));
}

#[test]
fn a_lost_window_update_does_not_matter() {
    let mut lab = lab();
    let mut lost = false;
    lab.wire(move |frame, _| {
        let update = frame.from == CLIENT && frame.at >= ms(6_000) && !lost;
        lost |= update;
        if update { Fate::Lose } else { Fate::Deliver }
    });
    lab.run_until(secs(30));
    assert_eq!(lab.apps[0].received, pattern(400_000));
}

#[test]
fn it_is_asked_about_for_as_long_as_somebody_answers() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(400_000), Step::Hold]);
    lab.connect(&[Step::Send(80), Step::Hold]);
    lab.run_until(secs(3_600));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["ESTAB"], vec!["ESTAB"]));
    let probes = lab.times(SERVER, |segment| segment.payload.is_empty());
    // Two minutes apart in the end, counted from the answer.
    assert!(probes.windows(2).rev().take(10).all(|pair| pair[1] - pair[0] == 120_020));
}

#[test]
fn and_given_up_if_nobody_does() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(400_000), Step::Hold]);
    lab.connect(&[Step::Send(80), Step::Hold]);
    lab.set(SERVER, Sysctl::TcpRetries2, 3).wire(|frame, _| if frame.at > secs(2) { Fate::Lose } else { Fate::Deliver });
    lab.run_until(secs(3_600));
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
    assert_eq!(lab.apps[1].errors, [Errno::Etimedout]);
}

#[test]
fn a_full_send_buffer_takes_what_it_has_room_for_and_says_when_there_is_more() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Write(1_000_000), Step::Close]);
    lab.connect(&[Step::Send(80), Step::Sleep(secs(3)), Step::RecvEof, Step::Close]);
    lab.run_until(secs(2));
    // What the window does not take fills the buffer, and the application waits.
    let written: usize = lab.apps[1].writes.iter().sum();
    assert!(written > 90_801 && written < 1_000_000, "{written}");
    lab.run_until(secs(30));
    assert_eq!(lab.apps[0].received, pattern(1_000_000));
    let writes = &lab.apps[1].writes;
    assert_eq!(writes.iter().sum::<usize>(), 1_000_000);
    assert!(writes.len() > 3 && writes.iter().all(|taken| *taken > 0), "{writes:?}");
    // It closes only when everything is written.
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
}

#[test]
fn a_send_buffer_takes_as_much_as_the_kernels() {
    // Bytes that Linux 6.18 takes in writes of so many bytes each from a fresh connection whose segments are lost: a buffer of
    // 46,080 bytes of memory, of which each stretch takes 832 more than its data.
    let measured = [
        (400_000, 46_336),
        (10, 44_898),
        (100, 44_988),
        (500, 45_388),
        (1_000, 45_888),
        (1_448, 46_336),
        (2_000, 45_440),
        (3_000, 44_992),
        (5_000, 45_544),
        (10_000, 46_200),
        (20_000, 46_336),
        (31_856, 46_336),
        (40_000, 46_336),
    ];
    for (size, total) in measured {
        let mut lab = Lab::new(ms(10));
        lab.serve(&[Step::Hold]);
        lab.connect(&[Step::Hold]);
        lab.run_until(secs(1));
        let socket = lab.apps[1].socket;
        let mut taken = 0;
        loop {
            let data = Payload::new(pattern(size));
            let mut out = Vec::new();
            let part = lab.call(SERVER, &mut out, |stack, env, out| stack.send_some(env, socket, &data, out)).unwrap();
            taken += part;
            // Beyond the last, nothing is taken any more.
            if part < size {
                break;
            }
        }
        assert_eq!(taken, total, "{size}");
    }
}
