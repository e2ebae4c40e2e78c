//! Closing, from either side and from both, with and without data on the way.

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::trace::Errno;

const OPENED: &str = "c [S] seq=0 len=0 mss=1460
    s [SA] seq=0 ack=1 len=0 mss=1460
    c [A] seq=1 ack=1 len=0
    c [PA] seq=1 ack=1 len=80
    s [A] seq=1 ack=81 len=0
    s [PA] seq=1 ack=81 len=600
    c [A] seq=81 ack=601 len=0";

/// The exchange of a request and an answer, then this.
fn after_answer(rest: &str) -> String {
    format!("{OPENED}\n{rest}")
}

fn lab(client: &[Step], server: &[Step]) -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(server);
    lab.connect(client);
    lab
}

#[test]
fn close_with_unread_data_resets() {
    let mut lab = lab(&[Step::Send(80), Step::Sleep(ms(200)), Step::Close], &[Step::Recv(80), Step::Send(600), Step::RecvEof]);
    lab.run_until(secs(5));
    lab.expect(&after_answer("c [RA] seq=81 ack=601 len=0"));
    assert_eq!(lab.apps[1].errors, [Errno::Econnreset]);
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec![]));
}

#[test]
fn half_closed() {
    let mut lab = lab(&[Step::Send(80), Step::Shutdown, Step::RecvEof, Step::Close], &[Step::RecvEof, Step::Send(600), Step::Close]);
    lab.run_until(secs(5));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=80
         c [FA] seq=81 ack=1 len=0
         s [A] seq=1 ack=81 len=0
         s [PA] seq=1 ack=82 len=600
         c [A] seq=82 ack=601 len=0
         s [FA] seq=601 ack=82 len=0
         c [A] seq=82 ack=602 len=0",
    );
    assert_eq!(lab.apps[0].received, pattern(600));
    assert_eq!(lab.states(CLIENT), ["TIME-WAIT"]);
}

#[test]
fn abort_resets() {
    let mut lab = lab(&[Step::Send(80), Step::Recv(100), Step::Abort], &[Step::Recv(80), Step::Send(600), Step::RecvEof]);
    lab.run_until(secs(5));
    lab.expect(&after_answer("c [RA] seq=81 ack=601 len=0"));
    assert_eq!(lab.apps[1].errors, [Errno::Econnreset]);
}

#[test]
fn sending_after_a_reset() {
    let mut lab = lab(
        &[Step::Send(80), Step::Recv(100), Step::Sleep(ms(1_000)), Step::Send(10)],
        &[Step::Recv(80), Step::Send(600), Step::Sleep(ms(500)), Step::Abort],
    );
    lab.run_until(secs(5));
    lab.expect(&after_answer("s [RA] seq=601 ack=81 len=0"));
    assert_eq!(lab.apps[0].errors, [Errno::Econnreset, Errno::Econnreset]);
}

#[test]
fn sending_to_one_who_has_closed() {
    let mut lab = lab(
        &[Step::Send(80), Step::Recv(100), Step::Sleep(ms(1_000)), Step::Send(50), Step::Sleep(ms(500)), Step::Send(50)],
        &[Step::Recv(80), Step::Send(600), Step::Close],
    );
    lab.run_until(secs(5));
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=80
         s [A] seq=1 ack=81 len=0
         s [PA] seq=1 ack=81 len=600
         c [A] seq=81 ack=601 len=0
         s [FA] seq=601 ack=81 len=0
         c [A] seq=81 ack=602 len=0
         c [PA] seq=81 ack=602 len=50
         s [R] seq=602 len=0",
    );
    // A reset after the FIN reads as a broken pipe.
    assert_eq!(lab.apps[0].errors[0], Errno::Epipe);
}

#[test]
fn data_after_close_is_refused() {
    let mut lab = lab(
        &[Step::Send(80), Step::Recv(100), Step::Close],
        &[Step::Recv(80), Step::Send(600), Step::Sleep(ms(1_000)), Step::Send(300), Step::Sleep(ms(500)), Step::Send(300)],
    );
    lab.run_until(secs(5));
    lab.expect(&after_answer(
        "c [FA] seq=81 ack=601 len=0
         s [A] seq=601 ack=82 len=0
         s [PA] seq=601 ack=82 len=300
         c [R] seq=82 len=0",
    ));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec![]));
    assert_eq!(lab.apps[1].errors[0], Errno::Epipe);
}

#[test]
fn the_acknowledgement_of_a_fin_waits_for_the_application() {
    let mut lab = lab(&[Step::Send(80), Step::Recv(100), Step::Close], &[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.run_until(secs(5));
    let sent = |node, flags: &str| lab.times(node, |segment| segment.flags.to_string() == flags);
    let fin = sent(CLIENT, "FA")[0];
    // In an interactive conversation the acknowledgement waits 40 ms.
    assert_eq!(sent(SERVER, "A").last(), Some(&(fin + 10 + 40)));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["FIN-WAIT-2"], vec!["CLOSE-WAIT"]));
}

#[test]
fn both_close_at_once() {
    let mut lab = Lab::new(ms(100));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Sleep(ms(1_100)), Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Sleep(ms(1_000)), Step::Close]);
    lab.run_until(secs(8));
    lab.expect(&after_answer(
        "c [FA] seq=81 ack=601 len=0
         s [FA] seq=601 ack=81 len=0
         c [A] seq=82 ack=602 len=0
         s [A] seq=602 ack=82 len=0",
    ));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["TIME-WAIT"], vec!["TIME-WAIT"]));
}

#[test]
fn fin_wait_2_without_an_application_ends_after_a_minute() {
    let mut lab = lab(&[Step::Send(80), Step::Recv(600), Step::Close], &[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.run_until(secs(59));
    assert_eq!(lab.states(CLIENT), ["FIN-WAIT-2"]);
    lab.run_until(secs(62));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec!["CLOSE-WAIT"]));
}

#[test]
fn a_longer_fin_timeout_is_kept_in_two_parts() {
    let mut lab = lab(&[Step::Send(80), Step::Recv(600), Step::Close], &[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.set(CLIENT, Sysctl::TcpFinTimeout, 90);
    // What exceeds a minute is waited twice, as the kernel does it.
    lab.run_until(secs(59));
    assert_eq!(lab.states(CLIENT), ["FIN-WAIT-2"]);
    lab.run_until(secs(62));
    assert_eq!(lab.states(CLIENT), [] as [&str; 0]);
}

#[test]
fn a_shutdown_alone_waits_for_ever() {
    let mut lab = lab(&[Step::Send(80), Step::Recv(600), Step::Shutdown, Step::Hold], &[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.run_until(secs(1_000));
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["FIN-WAIT-2"], vec!["CLOSE-WAIT"]));
}

#[test]
fn a_lost_fin_is_repeated() {
    let mut lab = lab(
        &[Step::Send(80), Step::Recv(600), Step::Sleep(ms(1_000)), Step::Close],
        &[Step::Recv(80), Step::Send(600), Step::RecvEof, Step::Close],
    );
    lab.wire(|frame, _| if frame.from == CLIENT && frame.segment.flags.fin() && frame.at < ms(2_500) { Fate::Lose } else { Fate::Deliver });
    lab.run_until(secs(10));
    // The probe would come after 2 * 20 + 200 ms, but no later than the timeout of 20 + 200 ms, which then doubles.
    let closed = 1_040;
    assert_eq!(lab.times(CLIENT, |segment| segment.flags.fin()), [closed, closed + 220, closed + 440, closed + 880, closed + 1_760]);
    assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec!["TIME-WAIT"], vec![]));
}

#[test]
fn the_other_sides_fin_is_acknowledged_again() {
    // Every FIN of the client is lost, and with it the acknowledgement that it carries.
    let mut lab = lab(
        &[Step::Send(80), Step::RecvEof, Step::Sleep(ms(5)), Step::Close],
        &[Step::Recv(80), Step::Send(600), Step::Sleep(ms(500)), Step::Close],
    );
    lab.wire(|frame, _| if frame.from == CLIENT && frame.segment.flags.fin() && frame.at < ms(3_000) { Fate::Lose } else { Fate::Deliver });
    lab.run_until(secs(8));
    lab.expect(&after_answer(
        "s [FA] seq=601 ack=81 len=0
         c [FA] seq=81 ack=602 len=0
         s [FA] seq=601 ack=81 len=0
         c [A] seq=82 ack=602 len=0 sack=601-602
         c [FA] seq=81 ack=602 len=0
         c [FA] seq=81 ack=602 len=0
         c [FA] seq=81 ack=602 len=0
         c [FA] seq=81 ack=602 len=0
         c [FA] seq=81 ack=602 len=0
         s [A] seq=602 ack=82 len=0",
    ));
}

#[test]
fn an_orphan_gives_up_sooner() {
    // The path is cut, the client sends and closes: nobody waits for the outcome.
    for (retries, sent) in [(0, 9), (3, 4)] {
        let mut lab = lab(
            &[Step::Send(80), Step::Recv(600), Step::Sleep(ms(1_000)), Step::Send(100), Step::Close],
            &[Step::Recv(80), Step::Send(600), Step::Hold],
        );
        lab.set(CLIENT, Sysctl::TcpOrphanRetries, retries);
        lab.wire(|frame, _| if frame.at > ms(500) { Fate::Lose } else { Fate::Deliver });
        lab.run_until(secs(300));
        assert_eq!(lab.times(CLIENT, |segment| !segment.payload.is_empty()).len(), 1 + sent, "{retries}");
        assert_eq!((lab.states(CLIENT), lab.states(SERVER)), (vec![], vec!["ESTAB"]));
    }
}

#[test]
fn a_listener_that_closes_takes_its_requests_along() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Hold]).wire(|frame, count| if frame.from == CLIENT && count > 0 { Fate::Lose } else { Fate::Deliver });
    lab.connect(&[Step::Hold]);
    lab.run_until(ms(100));
    assert_eq!(lab.states(SERVER), ["SYN-RECV"]);
    let listener = crate::transport::tcp::SocketId(1);
    let mut out = Vec::new();
    lab.call(SERVER, &mut out, |stack, env, out| stack.close(env, listener, out));
    assert_eq!(lab.states(SERVER), [] as [&str; 0]);
    assert!(lab.stacks[SERVER].sockets(lab.now).is_empty());
}
