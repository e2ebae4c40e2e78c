//! Habits of systems, as far as they are settings that Linux has too. Written before a node's own settings, so that those win.

use crate::scenario::System;
use crate::sysctl::{Sysctl, SysctlScope, SysctlSetting};

/// Windows 10 and 11. TTL 128 and no redirects: as the story's PC behaves, where the setting was locked. A SYN goes out again after 1 s
/// and then at twice the distance, four times in all (`netsh interface tcp show global`, "Initial RTO" and "Max SYN Retransmissions").
/// Data is given up after five retransmissions (Microsoft Knowledge Base 170359, `TcpMaxDataRetransmissions`).
const WINDOWS: [(Sysctl, i64); 5] = [
    (Sysctl::IpDefaultTtl, 128),
    (Sysctl::AcceptRedirects, 0),
    (Sysctl::TcpSynLinearTimeouts, 0),
    (Sysctl::TcpSynRetries, 4),
    (Sysctl::TcpRetries2, 5),
];

/// What a system has instead of the Linux defaults, in the order in which it is written, before a node's own settings.
pub fn settings(system: System) -> impl Iterator<Item = SysctlSetting> {
    let list: &[(Sysctl, i64)] = match system {
        System::Linux => &[],
        System::Windows => &WINDOWS,
    };
    list.iter().map(|(key, value)| SysctlSetting { key: *key, scope: SysctlScope::Everywhere, value: *value })
}

impl Sysctl {
    /// The value that a freshly booted system of this kind has.
    #[must_use]
    pub fn default_on(self, system: System) -> i64 {
        settings(system).find(|setting| setting.key == self).map_or_else(|| self.default_value(), |setting| setting.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{ActionKind, Interface, Limits, Node, OnLimit, Scenario, Segment, SocketStep, TcpClient};
    use crate::time::SimTime;
    use crate::{NodeId, SegmentId, Simulation};
    use roundtrip_wire::Mac;

    /// In which second a host sends SYN to a station that is silent, and with which TTL.
    fn syns(system: System) -> Vec<(u64, u8)> {
        let node = |number: u8, system, blackhole: bool| Node {
            name: format!("n{number}"),
            system,
            interfaces: vec![Interface {
                name: "eth0".into(),
                segment: Some(SegmentId(0)),
                mac: Mac([2, 0, 0, 0, 0, number]),
                addresses: vec![format!("10.0.0.{number}/24").parse().unwrap()],
                mtu: 1500,
                delay: SimTime::ZERO,
            }],
            routes: vec![],
            sysctls: vec![],
            ruleset: if blackhole { drop_everything() } else { Default::default() },
            listeners: vec![],
        };
        let client = TcpClient {
            from: NodeId(0),
            to: [10, 0, 0, 2].into(),
            port: 80,
            source: None,
            source_port: 40_001,
            script: vec![SocketStep::Close],
            limit: SimTime::from_secs(100),
            on_limit: OnLimit::Leave,
        };
        let action = crate::scenario::Action { id: "tcp".into(), at: SimTime::ZERO, kind: ActionKind::Tcp(client) };
        let scenario = Scenario {
            segments: vec![Segment { name: "A".into(), latency: SimTime::from_millis(1) }],
            nodes: vec![node(1, system, false), node(2, System::Linux, true)],
            actions: vec![action],
            duration: None,
            limits: Limits::default(),
        };
        let trace = Simulation::new(scenario).run();
        let packets = trace.frames.iter().filter_map(|frame| frame.frame.ipv4().map(|ip| (frame.sent.as_millis() / 1000, ip.ttl)));
        packets.collect()
    }

    fn drop_everything() -> crate::netfilter::ruleset::Ruleset {
        use crate::netfilter::ruleset::{BaseChain, Chain, ChainKind, Family, Hook, Policy, Ruleset, Table};
        let base = BaseChain { kind: ChainKind::Filter, hook: Hook::Input, priority: 0, policy: Policy::Drop };
        let chain = Chain { name: "input".into(), base: Some(base), rules: vec![] };
        Ruleset { tables: vec![Table { family: Family::Inet, name: "filter".into(), chains: vec![chain] }] }
    }

    #[test]
    fn windows_repeats_a_syn_four_times_at_double_distances() {
        let seconds: Vec<u64> = syns(System::Windows).iter().map(|(at, _)| *at).collect();
        assert_eq!(seconds, [0, 1, 3, 7, 15]);
        assert!(syns(System::Windows).iter().all(|(_, ttl)| *ttl == 128));
    }

    #[test]
    fn linux_begins_with_equal_distances() {
        let seconds: Vec<u64> = syns(System::Linux).iter().map(|(at, _)| *at).collect();
        assert_eq!(seconds.get(..6), Some([0, 1, 2, 3, 4, 5].as_slice()));
        assert!(syns(System::Linux).iter().all(|(_, ttl)| *ttl == 64));
    }
}
