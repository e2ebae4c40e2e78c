//! Connection tracking of UDP and ICMP against a model as plain as the documentation: a list of flows, searched from
//! beginning to end.

use super::*;
use proptest::prelude::*;

/// An address with a port, or with the identifier of a ping.
type End = (u8, u16);

#[derive(Clone, Copy, Debug)]
struct Flow {
    ping: bool,
    from: End,
    to: End,
    answered: bool,
    assured: bool,
    began: u64,
    expires: u64,
}

#[derive(Default)]
struct Model {
    flows: Vec<Flow>,
}

impl Model {
    /// What rules see of a packet; `through` if no rule drops it.
    fn packet(&mut self, now: u64, ping: bool, reply: bool, from: End, to: End, through: bool) -> CtState {
        self.flows.retain(|flow| flow.expires > now);
        // A ping's answer belongs to the other direction whatever the addresses; both ends name the same identifier.
        let found = self.flows.iter_mut().find_map(|flow| {
            if flow.ping != ping {
                None
            } else if !reply && (flow.from, flow.to) == (from, to) {
                Some((flow, false))
            } else if (!ping || reply) && (flow.from, flow.to) == (to, from) {
                Some((flow, true))
            } else {
                None
            }
        });
        match found {
            Some((flow, backwards)) => {
                let state = if backwards || flow.answered { CtState::Established } else { CtState::New };
                let stream = flow.answered && now > flow.began + 2_000;
                flow.assured |= stream && !ping;
                flow.expires = now + if stream && !ping { 120_000 } else { 30_000 };
                flow.answered |= backwards;
                state
            }
            None if ping && reply => CtState::Invalid,
            None => {
                if through {
                    self.flows.push(Flow { ping, from, to, answered: false, assured: false, began: now, expires: now + 30_000 });
                }
                CtState::New
            }
        }
    }

    fn listed(&self, now: u64) -> Vec<String> {
        let side = |ping: bool, a: End, b: End, kind: u8| {
            if ping {
                format!("src=10.0.0.{} dst=10.0.0.{} type={kind} code=0 id={}", a.0, b.0, a.1)
            } else {
                format!("src=10.0.0.{} dst=10.0.0.{} sport={} dport={}", a.0, b.0, a.1, b.1)
            }
        };
        let line = |flow: &Flow| {
            let name = if flow.ping { "icmp" } else { "udp" };
            let unreplied = if flow.answered { "" } else { " [UNREPLIED]" };
            let assured = if flow.assured { " [ASSURED]" } else { "" };
            let (there, back) = (side(flow.ping, flow.from, flow.to, 8), side(flow.ping, flow.to, flow.from, 0));
            format!("{name} {there}{unreplied} {back}{assured}")
        };
        self.flows.iter().filter(|flow| flow.expires > now).map(line).collect()
    }
}

proptest! {
    #[test]
    fn flows_are_tracked_as_the_model_says(
        steps in prop::collection::vec((0..4u8, 0..3u8, 0..3u8, 0..2u16, 0..2u16, prop_oneof![5 => 0..500u64, 2 => 1_000..4_000u64, 1 => 20_000..130_000u64]), 1..120)
    ) {
        let port = |n: u16| Match::DestinationPort { protocol: Some(17), ports: one_of(vec![PortRange { first: n, last: n }]) };
        // Some flows are dropped on their way and must leave nothing.
        let rules = vec![rule(vec![port(81), ct(&[CtState::New])], false, Some(Statement::Drop))];
        let mut router = netfilter(vec![table(Family::Ip, "t", vec![chain("forw", ChainKind::Filter, Hook::Forward, 0, Policy::Accept, rules)])]);
        let (mut node, mut model, mut now) = (TestNode::new(), Model::default(), 0);
        for (kind, from, to, a, b, wait) in steps {
            now += wait;
            node.now = SimTime::from_millis(now);
            let (ping, reply) = (kind >= 2, kind == 3);
            let (src, dst) = ([10, 0, 0, from], [10, 0, 0, 3 + to]);
            let backwards = kind == 1 || kind == 3;
            let (src, dst, sport, dport) = if backwards { (dst, src, 80 + b, 80 + a) } else { (src, dst, 80 + a, 80 + b) };
            let (packet, ends) = if ping {
                (echo(src, dst, a, reply), ((src[3], a), (dst[3], a)))
            } else {
                (udp((src, sport), (dst, dport)), ((src[3], sport), (dst[3], dport)))
            };
            let through = ping || dport != 81;
            let expected = model.packet(now, ping, reply, ends.0, ends.1, through);
            let (verdict, _) = forward(&mut router, &mut node, packet, ETH0, ETH1);
            prop_assert_eq!(node.last_state(), Some(expected));
            prop_assert_eq!(verdict == Verdict::Accept, through || expected != CtState::New);
            prop_assert_eq!(listed(&router, &node), model.listed(now));
        }
    }
}
