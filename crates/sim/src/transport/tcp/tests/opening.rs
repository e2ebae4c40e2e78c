//! Opening and the ordinary exchange.

use super::harness::*;

const HTTP_SERVER: &[Step] = &[Step::Recv(80), Step::Send(600), Step::Sleep(ms(30)), Step::Close];
const HTTP_CLIENT: &[Step] = &[Step::Send(80), Step::RecvEof, Step::Close];

fn lab() -> Lab {
    Lab::new(ms(1))
}

#[test]
fn a_healthy_http_exchange() {
    let mut lab = lab();
    lab.serve(HTTP_SERVER);
    lab.connect(HTTP_CLIENT);
    lab.run_until(secs(10));
    assert_eq!(
        lab.lines(),
        [
            "c [S] seq=0 len=0 mss=1460",
            "s [SA] seq=0 ack=1 len=0 mss=1460",
            "c [A] seq=1 ack=1 len=0",
            "c [PA] seq=1 ack=1 len=80",
            "s [A] seq=1 ack=81 len=0",
            "s [PA] seq=1 ack=81 len=600",
            "c [A] seq=81 ack=601 len=0",
            "s [FA] seq=601 ack=81 len=0",
            "c [FA] seq=81 ack=602 len=0",
            "s [A] seq=602 ack=82 len=0",
        ]
    );
    assert_eq!(lab.states(CLIENT), [] as [&str; 0]);
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
}
