//! Who waits for whom: the Nagle rule (RFC 9293 section 3.7.4) on one side, delayed acknowledgements (section 3.8.6.3) on the other.

use super::harness::*;

fn lab(client: &[Step], server: &[Step]) -> Lab {
    let mut lab = Lab::new(ms(10));
    lab.serve(server);
    lab.connect(client);
    lab.run_until(secs(5));
    lab
}

#[test]
fn small_writes_wait_for_the_acknowledgement_of_a_small_one() {
    let lab = lab(
        &[
            Step::Send(10),
            Step::Send(10),
            Step::Send(10),
            Step::Sleep(ms(500)),
            Step::Send(2_000),
            Step::Send(10),
            Step::Send(1_448),
            Step::Send(10),
            Step::Recv(1),
            Step::Close,
        ],
        &[Step::Recv(3_488), Step::Send(5), Step::RecvEof, Step::Close],
    );
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=10
         s [A] seq=1 ack=11 len=0
         c [PA] seq=11 ack=1 len=20
         s [A] seq=1 ack=31 len=0
         c [A] seq=31 ack=1 len=1448
         c [PA] seq=1479 ack=1 len=552
         c [A] seq=2031 ack=1 len=1448
         s [A] seq=1 ack=1479 len=0
         s [A] seq=1 ack=2031 len=0
         c [PA] seq=3479 ack=1 len=20
         s [A] seq=1 ack=3479 len=0
         s [A] seq=1 ack=3499 len=0
         s [PA] seq=1 ack=3499 len=5
         c [A] seq=3499 ack=6 len=0
         c [FA] seq=3499 ack=6 len=0
         s [FA] seq=6 ack=3500 len=0
         c [A] seq=3500 ack=7 len=0",
    );
}

#[test]
fn a_request_in_pieces() {
    let lab = lab(
        &[
            Step::Recv(10),
            Step::Send(10),
            Step::Send(10),
            Step::Send(10),
            Step::Sleep(ms(300)),
            Step::Send(1_000),
            Step::Send(1_000),
            Step::Send(1_000),
            Step::Recv(20),
            Step::Close,
        ],
        &[Step::Send(10), Step::Recv(30), Step::Sleep(ms(100)), Step::Recv(3_000), Step::Send(20), Step::RecvEof, Step::Close],
    );
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         s [PA] seq=1 ack=1 len=10
         c [A] seq=1 ack=11 len=0
         c [PA] seq=1 ack=11 len=10
         s [A] seq=11 ack=11 len=0
         c [PA] seq=11 ack=11 len=20
         s [A] seq=11 ack=31 len=0
         c [PA] seq=31 ack=11 len=1000
         c [A] seq=1031 ack=11 len=1448
         s [A] seq=11 ack=1031 len=0
         c [PA] seq=2479 ack=11 len=552
         s [A] seq=11 ack=2479 len=0
         s [A] seq=11 ack=3031 len=0
         s [PA] seq=11 ack=3031 len=20
         c [FA] seq=3031 ack=31 len=0
         s [FA] seq=31 ack=3032 len=0
         c [A] seq=3032 ack=32 len=0",
    );
}

#[test]
fn in_a_dialogue_acknowledgements_ride_on_answers() {
    let say = [Step::Send(10), Step::Recv(10)];
    let pause = |time| [Step::Sleep(ms(time))];
    let client = [&say[..], &say, &say, &pause(1_000), &say, &pause(100), &say, &[Step::Close]].concat();
    let server = [&[Step::Recv(10), Step::Send(10)][..]; 5].concat();
    let lab = lab(&client, &[&server[..], &[Step::RecvEof, Step::Close]].concat());
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=10
         s [A] seq=1 ack=11 len=0
         s [PA] seq=1 ack=11 len=10
         c [A] seq=11 ack=11 len=0
         c [PA] seq=11 ack=11 len=10
         s [PA] seq=11 ack=21 len=10
         c [PA] seq=21 ack=21 len=10
         s [PA] seq=21 ack=31 len=10
         c [A] seq=31 ack=31 len=0
         c [PA] seq=31 ack=31 len=10
         s [PA] seq=31 ack=41 len=10
         c [A] seq=41 ack=41 len=0
         c [PA] seq=41 ack=41 len=10
         s [PA] seq=41 ack=51 len=10
         c [A] seq=51 ack=51 len=0
         c [FA] seq=51 ack=51 len=0
         s [FA] seq=51 ack=52 len=0
         c [A] seq=52 ack=52 len=0",
    );
    // After three exchanges the client counts on answers, waits for the one that it has not got to give, and acknowledges after 40 ms.
    let bare = lab.times(CLIENT, |segment| segment.flags.to_string() == "A");
    assert_eq!(bare[2], 80 + 40);
}

#[test]
fn one_way_each_piece_is_acknowledged() {
    let pieces = [100, 100, 100, 30, 30, 250, 250].map(|pause| [Step::Send(10), Step::Sleep(ms(pause))]).concat();
    let lab = lab(
        &[&pieces[..], &[Step::Send(10), Step::Recv(1), Step::Close]].concat(),
        &[Step::Recv(80), Step::Send(1), Step::RecvEof, Step::Close],
    );
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         c [PA] seq=1 ack=1 len=10
         s [A] seq=1 ack=11 len=0
         c [PA] seq=11 ack=1 len=10
         s [A] seq=1 ack=21 len=0
         c [PA] seq=21 ack=1 len=10
         s [A] seq=1 ack=31 len=0
         c [PA] seq=31 ack=1 len=10
         s [A] seq=1 ack=41 len=0
         c [PA] seq=41 ack=1 len=10
         s [A] seq=1 ack=51 len=0
         c [PA] seq=51 ack=1 len=10
         s [A] seq=1 ack=61 len=0
         c [PA] seq=61 ack=1 len=10
         s [A] seq=1 ack=71 len=0
         c [PA] seq=71 ack=1 len=10
         s [A] seq=1 ack=81 len=0
         s [PA] seq=1 ack=81 len=1
         c [A] seq=81 ack=2 len=0
         c [FA] seq=81 ack=2 len=0
         s [FA] seq=2 ack=82 len=0
         c [A] seq=82 ack=3 len=0",
    );
}

#[test]
fn a_server_that_talks_with_pauses() {
    let pieces = [(100, 60), (100, 60), (100, 20), (100, 20), (1_000, 300), (3_000, 1_000)]
        .map(|(len, pause)| [Step::Send(len), Step::Sleep(ms(pause))]);
    let lab = lab(&[Step::Recv(4_000), Step::RecvEof, Step::Close], &[&pieces.concat()[..], &[Step::Close]].concat());
    lab.expect(
        "c [S] seq=0 len=0 mss=1460
         s [SA] seq=0 ack=1 len=0 mss=1460
         c [A] seq=1 ack=1 len=0
         s [PA] seq=1 ack=1 len=100
         c [A] seq=1 ack=101 len=0
         s [PA] seq=101 ack=1 len=100
         c [A] seq=1 ack=201 len=0
         s [PA] seq=201 ack=1 len=100
         c [A] seq=1 ack=301 len=0
         s [PA] seq=301 ack=1 len=100
         c [A] seq=1 ack=401 len=0
         s [PA] seq=401 ack=1 len=1000
         c [A] seq=1 ack=1401 len=0
         s [A] seq=1401 ack=1 len=1448
         c [A] seq=1 ack=2849 len=0
         s [PA] seq=2849 ack=1 len=1448
         c [A] seq=1 ack=4297 len=0
         s [PA] seq=4297 ack=1 len=104
         c [A] seq=1 ack=4401 len=0
         s [FA] seq=4401 ack=1 len=0
         c [FA] seq=1 ack=4402 len=0
         s [A] seq=4402 ack=2 len=0",
    );
}
