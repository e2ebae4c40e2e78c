//! Loss in the middle of data, and how it is repaired.

use super::harness::*;

/// A server that answers with 20,000 bytes; of the frames with data the one of this number is lost.
fn lab(lost: usize) -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(20_000), Step::Sleep(ms(30)), Step::Close]);
    let mut count = 0;
    lab.wire(move |frame, _| {
        if frame.from == SERVER && frame.segment.payload.len() > 48 {
            count += 1;
            if count == lost + 1 {
                return Fate::Lose;
            }
        }
        Fate::Deliver
    });
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(secs(5));
    lab
}

const REQUEST: &str = "c [S] seq=0 len=0 mss=1460
    s [SA] seq=0 ack=1 len=0 mss=1460
    c [A] seq=1 ack=1 len=0
    c [PA] seq=1 ack=1 len=80
    s [A] seq=1 ack=81 len=0";

#[test]
fn a_segment_in_the_middle() {
    // Repeated when a selective acknowledgement shows that a later one arrived, a quarter of the round trip having passed.
    lab(4).expect(&format!(
        "{REQUEST}
         s [A] seq=1 ack=81 len=1448
         c [A] seq=81 ack=1449 len=0
         s [PA] seq=1449 ack=81 len=1448
         c [A] seq=81 ack=2897 len=0
         s [A] seq=2897 ack=81 len=1448
         c [A] seq=81 ack=4345 len=0
         s [PA] seq=4345 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0
         s [PA] seq=7241 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-8689
         s [A] seq=8689 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-10137
         s [PA] seq=10137 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-11585
         s [A] seq=11585 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-13033
         s [PA] seq=13033 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-14481
         s [A] seq=14481 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-15929
         s [PA] seq=15929 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-17377
         s [A] seq=17377 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0 sack=7241-18825
         s [PA] seq=18825 ack=81 len=1176
         c [A] seq=81 ack=5793 len=0 sack=7241-20001
         s [A] seq=5793 ack=81 len=1448
         c [A] seq=81 ack=20001 len=0
         s [FA] seq=20001 ack=81 len=0
         c [FA] seq=81 ack=20002 len=0
         s [A] seq=20002 ack=82 len=0"
    ));
}

#[test]
fn the_last_segment() {
    // What was lost shows when the FIN arrives.
    lab(13).expect(&format!(
        "{REQUEST}
         s [A] seq=1 ack=81 len=1448
         c [A] seq=81 ack=1449 len=0
         s [PA] seq=1449 ack=81 len=1448
         c [A] seq=81 ack=2897 len=0
         s [A] seq=2897 ack=81 len=1448
         c [A] seq=81 ack=4345 len=0
         s [PA] seq=4345 ack=81 len=1448
         c [A] seq=81 ack=5793 len=0
         s [A] seq=5793 ack=81 len=1448
         c [A] seq=81 ack=7241 len=0
         s [PA] seq=7241 ack=81 len=1448
         c [A] seq=81 ack=8689 len=0
         s [A] seq=8689 ack=81 len=1448
         c [A] seq=81 ack=10137 len=0
         s [PA] seq=10137 ack=81 len=1448
         c [A] seq=81 ack=11585 len=0
         s [A] seq=11585 ack=81 len=1448
         c [A] seq=81 ack=13033 len=0
         s [PA] seq=13033 ack=81 len=1448
         c [A] seq=81 ack=14481 len=0
         s [A] seq=14481 ack=81 len=1448
         c [A] seq=81 ack=15929 len=0
         s [PA] seq=15929 ack=81 len=1448
         c [A] seq=81 ack=17377 len=0
         s [A] seq=17377 ack=81 len=1448
         c [A] seq=81 ack=18825 len=0
         s [FA] seq=20001 ack=81 len=0
         c [A] seq=81 ack=18825 len=0 sack=20001-20002
         s [PA] seq=18825 ack=81 len=1176
         c [A] seq=81 ack=20002 len=0
         c [FA] seq=81 ack=20002 len=0
         s [A] seq=20002 ack=82 len=0"
    ));
}

#[test]
fn the_first_segment() {
    // Repeated after the ten of the first window; then the window that is left lets the rest out.
    lab(0).expect(&format!(
        "{REQUEST}
         s [PA] seq=1449 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-2897
         s [A] seq=2897 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-4345
         s [PA] seq=4345 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-5793
         s [A] seq=5793 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-7241
         s [PA] seq=7241 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-8689
         s [A] seq=8689 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-10137
         s [PA] seq=10137 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-11585
         s [A] seq=11585 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-13033
         s [PA] seq=13033 ack=81 len=1448
         c [A] seq=81 ack=1 len=0 sack=1449-14481
         s [A] seq=14481 ack=81 len=1448
         s [A] seq=1 ack=81 len=1448
         c [A] seq=81 ack=15929 len=0
         s [A] seq=15929 ack=81 len=1448
         s [A] seq=17377 ack=81 len=1448
         s [PA] seq=18825 ack=81 len=1176
         c [A] seq=81 ack=20001 len=0
         s [FA] seq=20001 ack=81 len=0
         c [FA] seq=81 ack=20002 len=0
         s [A] seq=20002 ack=82 len=0"
    ));
}
