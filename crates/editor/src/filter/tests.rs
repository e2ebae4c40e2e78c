//! Filters on the hand-made handshake, and faults with their places.

use super::*;
use crate::dissect::{Seen, dissect};
use crate::view::sample;
use proptest::prelude::*;
use roundtrip_explain::analysis::analyse;
use roundtrip_sim::time::SimTime;

/// Numbers of the frames of the hand-made handshake that pass.
fn passing(text: &str) -> Vec<u32> {
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).expect("a filter");
    let trace = sample::handshake_with_repeat();
    let analyses = analyse(trace.frames.iter().map(|record| (record.sent, &record.frame)));
    let mut found = Vec::new();
    for ((record, analysis), number) in trace.frames.iter().zip(&analyses).zip(1..) {
        let seen = Seen { number, time: record.sent, place: "pc1.eth0", analysis: analysis.as_ref(), delta: SimTime::ZERO, comment: None };
        if filter.passes(&dissect(&record.frame, &seen)) {
            found.push(number);
        }
    }
    found
}

/// The frames: 1–3 SYN at three places, 4–5 SYN,ACK, 6 ACK, 7 request, 8–9 SYN,ACK again, 10 ACK.
const ALL: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

#[test]
fn fields_are_compared() {
    assert_eq!(passing("tcp"), ALL);
    assert_eq!(passing("udp or arp"), [0; 0]);
    assert_eq!(passing("tcp.flags.syn == 1 && tcp.flags.ack == 0"), [1, 2, 3]);
    assert_eq!(passing("tcp.flags == 0x012"), [4, 5, 8, 9]);
    assert_eq!(passing("tcp.flags & 0x08"), [7]);
    assert_eq!(passing("tcp.len > 0"), [7]);
    assert_eq!(passing("frame.number in {1, 3..4 9}"), [1, 3, 4, 9]);
    assert_eq!(passing("frame.time_relative >= 1"), [8, 9, 10]);
    assert_eq!(passing("frame.time_relative < 0.0005"), [1]);
    assert_eq!(passing("ip.src == 192.168.2.0/24"), [4, 5, 8, 9]);
    assert_eq!(passing("ip.src == 192.168.1.10 and not tcp.len > 0 and !(frame.number < 6)"), [6, 10]);
    assert_eq!(passing("frame.interface_name contains \"eth0\" and tcp contains \"GET\""), [7]);
    assert_eq!(passing("tcp.payload contains 47:45:54"), [7]);
    assert_eq!(passing("tcp.flags.push == True"), [7]);
}

#[test]
fn of_several_values_one_is_enough_but_all_must_differ() {
    assert_eq!(passing("ip.addr == 192.168.1.10"), ALL);
    assert_eq!(passing("ip.addr != 192.168.1.10"), [0; 0], "one of the two always is");
    assert_eq!(passing("ip.addr !== 192.168.1.10"), ALL);
    assert_eq!(passing("ip.addr === 192.168.0.0/16"), ALL);
    assert_eq!(passing("tcp.port == 80 and tcp.port eq 40001"), ALL);
    assert_eq!(passing("udp.port != 53"), [0; 0], "what is not there is not compared");
    assert_eq!(passing("not udp.port == 53"), ALL);
}

#[test]
fn and_binds_more_closely_than_or() {
    assert_eq!(passing("frame.number == 1 or frame.number == 2 and tcp.len > 0"), [1]);
    assert_eq!(passing("(frame.number == 1 or frame.number == 7) and tcp.len > 0"), [7]);
}

#[test]
fn the_analysis_can_be_asked_for() {
    let repeated = passing("tcp.analysis.retransmission");
    assert!(repeated.contains(&8) && repeated.contains(&9) && !repeated.contains(&1), "{repeated:?}");
    assert_eq!(passing("tcp.analysis.flags and tcp.len == 99"), [0; 0]);
    assert_eq!(passing("tcp.stream == 0"), ALL);
}

fn fault(text: &str) -> (&str, Problem) {
    let error = Filter::parse(text).expect_err(text);
    (text.get(error.at).unwrap(), error.problem)
}

#[test]
fn faults_are_named_with_their_place() {
    let unknown = |name: &str, nearest| Problem::UnknownField { name: name.into(), nearest };
    assert_eq!(fault("tcp && ip.adr == 1.2.3.4"), ("ip.adr", unknown("ip.adr", Some("ip.addr"))));
    assert_eq!(fault("tpc"), ("tpc", unknown("tpc", Some("tcp"))));
    assert_eq!(fault("tcp.flags.sny == 1"), ("tcp.flags.sny", unknown("tcp.flags.sny", Some("tcp.flags.syn"))));
    assert_eq!(fault("syn"), ("syn", unknown("syn", Some("tcp.flags.syn"))));
    assert_eq!(fault("quux.zork == 1"), ("quux.zork", unknown("quux.zork", None)));
    assert_eq!(fault("ip.ttl = 64"), ("=", Problem::SingleEquals));
    assert_eq!(fault("ip.ttl =="), ("", Problem::Expected(Wanted::Value)));
    assert_eq!(fault("(tcp && udp"), ("(", Problem::Unclosed('(')));
    assert_eq!(fault("tcp udp"), ("udp", Problem::Expected(Wanted::Connective)));
    assert_eq!(fault("&& tcp"), ("&&", Problem::Expected(Wanted::Test)));
    assert_eq!(fault("tcp.port in 80"), ("80", Problem::Expected(Wanted::Set)));
    assert_eq!(fault("tcp.port in {80"), ("{", Problem::Unclosed('{')));
    assert_eq!(fault("tcp == 1"), ("1", Problem::NotComparable { field: "tcp" }));
    assert_eq!(fault("tcp.payload contains \"x"), ("\"", Problem::Unclosed('"')));
    assert_eq!(fault("eth.src[0:3] == 02:00:00"), ("[0:3]", Problem::Unsupported("[…]")));
    assert_eq!(fault("len(tcp.payload) > 1"), ("len", Problem::Unsupported("f(…)")));
    assert_eq!(fault("tcp matches \"x\""), ("matches", Problem::Unsupported("matches")));
    let wrong = |field, kind, value: &str| Problem::WrongValue { field, kind, value: value.into() };
    use crate::dissect::Kind;
    assert_eq!(fault("ip.addr == 192.168.1"), ("192.168.1", wrong("ip.addr", Kind::Ipv4, "192.168.1")));
    assert_eq!(fault("ip.addr == 192.168.1.0/33"), ("192.168.1.0/33", wrong("ip.addr", Kind::Ipv4, "192.168.1.0/33")));
    assert_eq!(fault("ip.ttl == many"), ("many", wrong("ip.ttl", Kind::Number, "many")));
    assert_eq!(fault("eth.addr == 02:00"), ("02:00", wrong("eth.addr", Kind::Mac, "02:00")));
    assert_eq!(fault("frame.time_relative > soon"), ("soon", wrong("frame.time_relative", Kind::Time, "soon")));
}

#[test]
fn a_flag_alone_is_worth_a_hint() {
    let hint = |text: &str| Filter::parse(text).unwrap().unwrap().hint().cloned();
    assert_eq!(hint("tcp.flags.syn"), Some(Hint::FlagAlone("tcp.flags.syn")));
    assert_eq!(hint("tcp.flags.syn == 1"), None);
    assert_eq!(Filter::parse("  "), Ok(None));
}

#[test]
fn what_is_begun_can_be_completed() {
    assert_eq!(completions("tcp && ip.t"), ["ip.ttl"]);
    assert_eq!(completions("tcp.flags.s"), ["tcp.flags.syn"]);
    assert!(completions("tcp and ").is_empty());
}

#[test]
fn every_example_is_a_filter() {
    assert!(EXAMPLES.iter().all(|text| matches!(Filter::parse(text), Ok(Some(_)))));
}

#[test]
fn what_is_nested_without_end_is_refused() {
    assert_eq!(Filter::parse(&"!".repeat(100_000)).unwrap_err().problem, Problem::TooDeep);
    assert_eq!(Filter::parse(&format!("tcp{}", " or tcp".repeat(100_000))).unwrap_err().problem, Problem::TooDeep);
    assert_eq!(Filter::parse(&"(".repeat(100_000)).unwrap_err().problem, Problem::TooDeep);
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_has_a_fault_at_a_place(text in "[a-z.=!&|(){}<> 0-9\"',:/é日-]{0,40}") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(text.get(error.at.clone()).is_some(), "{:?} in {text:?}", error);
        }
    }
}
