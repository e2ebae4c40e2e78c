//! Sequences of packets that a Linux 6.18 router has been shown, with what it made of each.
//!
//! The files in `recorded/` say their format themselves. A router with the interfaces 10.0.1.1/24 and 10.0.2.1/24
//! accepted everything and marked each packet with its `ct state`; after each packet its table of connections was read.

use super::text::{flags, number, value};
use super::*;
use std::path::PathBuf;

/// The lines of a file, comments left out.
pub(super) fn file(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src/netfilter/tests/recorded", name].iter().collect();
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A router that accepts everything and tracks connections.
pub(super) fn observer() -> Netfilter {
    let rules = vec![rule(vec![ct(&[CtState::New])], false, Some(Statement::Continue))];
    netfilter(vec![table(Family::Ip, "watch", vec![chain("forw", ChainKind::Filter, Hook::Forward, 300, Policy::Accept, rules)])])
}

pub(super) fn state_name(state: CtState) -> &'static str {
    match state {
        CtState::Invalid => "invalid",
        CtState::New => "new",
        CtState::Established => "established",
        CtState::Related => "related",
        CtState::Untracked => "untracked",
    }
}

/// True if the kernel, which counts in steps of 4 ms and was read a little later, would show this many seconds.
pub(super) fn seconds_agree(kernel: u64, left: SimTime) -> bool {
    let millis = left.as_millis();
    (millis.saturating_sub(30) / 1000..=(millis + 12) / 1000).contains(&kernel)
}

fn segment(client: ([u8; 4], u16), server: ([u8; 4], u16), words: &[&str]) -> Ipv4 {
    let (src, dst) = if words[1] == ">" { (client, server) } else { (server, client) };
    let packet = tcp(src, dst, 0, number(words, "seq"), number(words, "ack"), number(words, "len"));
    let IpBody::Tcp(body) = packet.body else { unreachable!() };
    let mut body = Tcp::clone(&body);
    body.flags = TcpFlags(flags(words[2]));
    body.window = number(words, "win");
    let block = |text: &str| {
        let (left, right) = text.split_once('-').unwrap();
        roundtrip_wire::SackBlock { left: left.parse().unwrap(), right: right.parse().unwrap() }
    };
    body.options = TcpOptions {
        mss: words.contains(&"mss").then_some(1460),
        window_scale: value(words, "ws").map(|shift| shift.parse().unwrap()),
        sack_permitted: words.contains(&"sackok"),
        timestamps: None,
        sack: value(words, "sack").map(|blocks| blocks.split(',').map(block).collect()).unwrap_or_default(),
    };
    Ipv4 { body: IpBody::Tcp(Arc::new(body)), ..packet }
}

/// Compares what this tracker makes of a sequence of segments with what the kernel made of it.
fn differences(text: &str) -> Vec<String> {
    let (client, server) = (([10, 0, 1, 10], 20000), ([10, 0, 2, 20], 80));
    let mut differences = Vec::new();
    let (mut router, mut node, mut title, mut failed) = (observer(), TestNode::new(), "", false);
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            (router, node, title, failed) = (observer(), TestNode::new(), rest, false);
            for (key, setting) in rest.split(' ').filter_map(|word| word.split_once('=')) {
                let (key, _) = Sysctl::resolve(&format!("nf_conntrack_{key}"), &[]).unwrap();
                node.set(key, setting.parse().unwrap());
            }
            continue;
        }
        if failed || line.starts_with("//") || line.is_empty() {
            continue;
        }
        let (what, expected) = line.split_once(" => ").unwrap();
        let words: Vec<&str> = what.split(' ').collect();
        node.now = SimTime::from_millis(words[0].parse().unwrap());
        node.steps.clear();
        let (verdict, _) = forward(&mut router, &mut node, segment(client, server, &words), ETH0, ETH1);
        let state = if verdict == Verdict::Accept { state_name(node.last_state().unwrap()) } else { "dropped" };
        let entry = router.entries(node.now).first().and_then(|row| router.entry(row.id));
        let expected: Vec<&str> = expected.split(' ').collect();
        let mut here = vec![state.to_owned()];
        match entry {
            None => here.push("none".into()),
            Some(entry) => {
                here.push(entry.tcp_state.unwrap().name().into());
                let left = entry.expires.since(node.now);
                let kernel = expected.get(2).and_then(|text| text.parse().ok());
                let seconds = kernel.filter(|kernel| seconds_agree(*kernel, left)).unwrap_or(left.as_millis() / 1000);
                here.push(seconds.to_string());
                let words = [
                    (!entry.seen_reply, "UNREPLIED"),
                    (entry.assured, "ASSURED"),
                    (entry.original.src == Ipv4Addr::from(server.0), "ROLES"),
                ];
                here.extend(words.iter().filter(|(set, _)| *set).map(|(_, word)| (*word).to_owned()));
            }
        }
        if here != expected {
            differences.push(format!("{title}: {what}\n  kernel {}\n  here   {}", expected.join(" "), here.join(" ")));
            failed = true;
        }
    }
    differences
}

#[test]
fn tcp_segments_are_judged_as_the_kernel_judges_them() {
    let text = file("tcp.txt");
    assert!(text.lines().filter(|line| line.contains(" => ")).count() > 1000);
    let differences = differences(&text);
    assert!(
        differences.is_empty(),
        "{} sequences differ, the first are\n{}",
        differences.len(),
        differences[..differences.len().min(30)].join("\n")
    );
}
