//! Whatever the network does within bounds: every byte arrives once and in order, or the connection fails and says why;
//! and it comes to an end.

use super::harness::*;
use crate::sysctl::Sysctl;
use crate::trace::Errno;
use crate::transport::tcp::TcpIcmpError;
use proptest::prelude::*;
use roundtrip_wire::{TcpFlags, UnreachableCode};

/// What happens to one frame.
fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        12 => Just(Fate::Deliver),
        3 => Just(Fate::Lose),
        2 => (0..400_u64).prop_map(|by| Fate::Late(ms(by))),
        1 => (0..2_000_u64).prop_map(|by| Fate::Twice(ms(by))),
    ]
}

/// Fates of the first frames; all later ones arrive.
fn fates() -> impl Strategy<Value = Vec<Fate>> {
    prop_oneof![prop::collection::vec(fate(), 0..20), prop::collection::vec(fate(), 20..200)]
}

fn pause() -> impl Strategy<Value = Option<Step>> {
    prop::option::of((0..700_u64).prop_map(|time| Step::Sleep(ms(time))))
}

/// What one side writes, in pieces with pauses, and how it ends.
fn script() -> impl Strategy<Value = (usize, Vec<Step>)> {
    let size = prop_oneof![4 => 1..100_usize, 4 => 1_400..1_500_usize, 4 => 100..20_000_usize, 1 => 20_000..120_000_usize];
    (prop::collection::vec((size, pause()), 0..4), pause(), any::<bool>()).prop_map(|(pieces, last, half)| {
        let total = pieces.iter().map(|(len, _)| len).sum();
        let mut steps: Vec<Step> = pieces.into_iter().flat_map(|(len, pause)| [Some(Step::Write(len)), pause]).flatten().collect();
        steps.extend(last);
        // Some say that they have finished before they read, others read first and are told by a peer that does so.
        if half {
            steps.push(Step::Shutdown);
        }
        (total, steps)
    })
}

#[derive(Clone, Debug)]
struct Settings {
    timestamps: [i64; 2],
    sack: [i64; 2],
    scaling: [i64; 2],
    probing: i64,
    mtu: u16,
}

fn settings() -> impl Strategy<Value = Settings> {
    let flag = || prop_oneof![4 => Just(1_i64), 1 => Just(0_i64)];
    let both = move || [flag(), flag()];
    (both(), both(), both(), 0..=2_i64, prop_oneof![6 => Just(1_500_u16), 3 => Just(576), 3 => Just(9_000), 1 => Just(200), 1 => Just(68)])
        .prop_map(|(timestamps, sack, scaling, probing, mtu)| Settings { timestamps, sack, scaling, probing, mtu })
}

fn apply(lab: &mut Lab, settings: &Settings) {
    for node in [CLIENT, SERVER] {
        lab.set(node, Sysctl::TcpTimestamps, settings.timestamps[node]);
        lab.set(node, Sysctl::TcpSack, settings.sack[node]);
        lab.set(node, Sysctl::TcpWindowScaling, settings.scaling[node]);
        lab.set(node, Sysctl::TcpMtuProbing, settings.probing);
        // A connection that its application has left would otherwise give up in silence after a few losses in a row.
        lab.set(node, Sysctl::TcpOrphanRetries, 100);
        lab.mtu(node, settings.mtu);
    }
}

/// Everything that one side wrote.
fn written(steps: &[Step]) -> Vec<u8> {
    steps.iter().flat_map(|step| if let Step::Write(len) = step { pattern(*len) } else { Vec::new() }).collect()
}

/// A conversation in which each side writes its part and reads the other's to the end.
fn conversation(
    fates: Vec<Fate>,
    (sent, mut client): (usize, Vec<Step>),
    (answered, mut server): (usize, Vec<Step>),
    settings: &Settings,
) -> Lab {
    let (from_client, from_server) = (written(&client), written(&server));
    if answered > 0 {
        client.push(Step::Recv(answered));
    }
    client.extend([Step::Shutdown, Step::RecvEof, Step::Close]);
    if sent > 0 {
        server.push(Step::Recv(sent));
    }
    server.extend([Step::Shutdown, Step::RecvEof, Step::Close]);
    let mut lab = Lab::new(ms(10));
    apply(&mut lab, settings);
    lab.serve(&server);
    let mut fates = fates.into_iter();
    lab.wire(move |_, _| fates.next().unwrap_or(Fate::Deliver));
    lab.connect(&client);
    while lab.step() {
        lab.check();
        assert!(lab.steps < 100_000, "it does not end");
    }
    for (node, expected) in [(SERVER, from_client), (CLIENT, from_server)] {
        let Some(app) = lab.apps.iter().find(|app| app.node == node) else { continue };
        assert!(expected.starts_with(&app.received), "node {node} read what was not written");
        // A server that gives its half-open request up leaves the client with a connection that nobody else knows of.
        let half_open = lab.apps.len() == 1;
        assert!(app.received.len() == expected.len() || half_open || !lab.errors().is_empty(), "node {node} lacks bytes without an error");
    }
    lab
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn losses_do_not_matter(fates in fates(), client in script(), server in script(), settings in settings()) {
        let lab = conversation(fates, client, server, &settings);
        if lab.apps.len() == 1 {
            // The handshake itself failed, on one side at least.
            return Ok(());
        }
        // Two hundred frames are too few to make either side give up, once it is connected; but without timestamps the timeout
        // stays doubled, and progress by a segment each two minutes is not enough in a quarter of an hour.
        if lab.errors().is_empty() {
            prop_assert!(lab.states(CLIENT).is_empty() && lab.states(SERVER).is_empty());
        } else {
            prop_assert!(lab.now > secs(900) && lab.errors().iter().all(|error| *error == Errno::Etimedout), "{:?}", lab.errors());
        }
    }

    #[test]
    fn errors_from_the_network_end_it_with_a_reason_or_not_at_all(
        before in 0..60_usize,
        // Not more in a row than a connection that its application has left lives through.
        fates in prop::collection::vec(
            prop_oneof![
                3 => fate(),
                1 => (0..16_u8).prop_map(|code| Fate::Error(TcpIcmpError::Unreachable(UnreachableCode::from_number(code)))),
                1 => Just(Fate::Error(TcpIcmpError::TimeExceeded)),
                1 => Just(Fate::Error(TcpIcmpError::ParameterProblem)),
                1 => (68..1_500_u16).prop_map(|mtu| Fate::Error(TcpIcmpError::FragmentationNeeded { mtu })),
            ],
            0..8,
        ),
        client in script(),
        server in script(),
    ) {
        let usual = Settings { timestamps: [1; 2], sack: [1; 2], scaling: [1; 2], probing: 0, mtu: 1_500 };
        conversation([vec![Fate::Deliver; before], fates].concat(), client, server, &usual);
    }

    #[test]
    fn segments_from_a_third_party_are_survived(
        injected in prop::collection::vec(
            (0..3_000_u64, any::<bool>(), any::<u8>(), -3_000..3_000_i64, -3_000..3_000_i64, 0..1_500_usize),
            0..40,
        ),
        client in script(),
        server in script(),
    ) {
        let mut lab = Lab::new(ms(10));
        lab.serve(&[server.1, vec![Step::Shutdown, Step::RecvEof, Step::Close]].concat());
        lab.connect(&[client.1, vec![Step::Shutdown, Step::RecvEof, Step::Close]].concat());
        let mut injected = injected;
        injected.sort();
        for (at, to_server, flags, seq, ack, len) in injected {
            lab.run_until(ms(at));
            lab.spoof(if to_server { SERVER } else { CLIENT }, CLIENT_PORT, TcpFlags(flags & 0x3f), (seq, ack), len);
            lab.check();
        }
        // Two sides that are out of step give up in the end, after a quarter of an hour.
        while lab.now < secs(3_600) && lab.step() {
            lab.check();
            prop_assert!(lab.steps < 400_000, "it does not end");
        }
    }
}
