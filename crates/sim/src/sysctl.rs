//! Settings with the kernel's own names, defaults and rules for combining `conf.all` with `conf.<interface>`.
//!
//! Source: the kernel's documentation, `networking/ip-sysctl` and `networking/nf_conntrack-sysctl`.

use crate::scenario::IfIndex;
use std::fmt;

/// Where a key lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysctlFamily {
    /// `net.ipv4.<key>`.
    Ipv4,
    /// `net.ipv4.conf.<all|default|interface>.<key>`.
    Conf(Combine),
    /// `net.ipv4.neigh.<default|interface>.<key>`, here one value for the node.
    Neigh,
    /// `net.netfilter.<key>`.
    Netfilter,
}

/// How `conf.all` and `conf.<interface>` make one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// Only the interface's counts.
    Interface,
    /// One of the two is enough.
    Or,
    /// Both are needed.
    And,
    /// The larger counts.
    Max,
    /// `accept_redirects`: both where the interface forwards, one where it does not.
    Redirects,
}

macro_rules! sysctls {
    ($($(#[$doc:meta])* $variant:ident $name:literal $family:expr, $default:literal, $min:literal ..= $max:literal;)*) => {
        /// A setting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Sysctl {
            $($(#[$doc])* $variant,)*
        }

        impl Sysctl {
            /// Every setting known.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The last part of its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where it lives.
            #[must_use]
            pub const fn family(self) -> SysctlFamily {
                match self { $(Self::$variant => $family,)* }
            }

            /// The value of a freshly booted mainline kernel.
            #[must_use]
            pub const fn default_value(self) -> i64 {
                match self { $(Self::$variant => $default,)* }
            }

            /// Smallest and largest value that make sense.
            #[must_use]
            pub const fn range(self) -> (i64, i64) {
                match self { $(Self::$variant => ($min, $max),)* }
            }
        }
    };
}

use Combine::{And, Interface, Max, Or, Redirects};
use SysctlFamily::{Conf, Ipv4, Neigh, Netfilter};

sysctls! {
    /// Forwards packets between interfaces. Writing it resets `accept_redirects` of `conf.all`.
    IpForward "ip_forward" Ipv4, 0, 0..=1;
    /// TTL of packets made here.
    IpDefaultTtl "ip_default_ttl" Ipv4, 64, 1..=255;
    /// Path MTU discovery: from 1 on sockets do not set DF; 2 takes no "fragmentation needed", 3 only about TCP.
    IpNoPmtuDisc "ip_no_pmtu_disc" Ipv4, 0, 0..=3;
    /// Lets routers use path MTUs learned for hosts.
    IpForwardUsePmtu "ip_forward_use_pmtu" Ipv4, 0, 0..=1;
    /// Seconds that a fragment waits for the rest.
    IpfragTime "ipfrag_time" Ipv4, 30, 0..=3600;
    /// First and last local ports are not configurable here; binding to a foreign address is.
    IpNonlocalBind "ip_nonlocal_bind" Ipv4, 0, 0..=1;
    /// Answers no echo request at all.
    IcmpEchoIgnoreAll "icmp_echo_ignore_all" Ipv4, 0, 0..=1;
    /// Answers no echo request sent to a broadcast address.
    IcmpEchoIgnoreBroadcasts "icmp_echo_ignore_broadcasts" Ipv4, 1, 0..=1;
    /// ICMP errors take the address of the interface that the failed packet came in by.
    IcmpErrorsUseInboundIfaddr "icmp_errors_use_inbound_ifaddr" Ipv4, 0, 0..=1;
    /// Milliseconds between ICMP errors of the kinds in the mask to one host.
    IcmpRatelimit "icmp_ratelimit" Ipv4, 1000, 0..=1_000_000;
    /// Which ICMP types the limit is for, as bits.
    IcmpRatemask "icmp_ratemask" Ipv4, 6168, 0..=4_294_967_295;
    /// ICMP errors a second for the whole node.
    IcmpMsgsPerSec "icmp_msgs_per_sec" Ipv4, 1000, 0..=1_000_000;
    /// ICMP errors at once for the whole node.
    IcmpMsgsBurst "icmp_msgs_burst" Ipv4, 50, 0..=1_000_000;
    /// Seconds that a learned path MTU is kept (`route.mtu_expires`).
    RouteMtuExpires "route.mtu_expires" Ipv4, 600, 1..=86_400;
    /// Smallest path MTU that is believed (`route.min_pmtu`).
    RouteMinPmtu "route.min_pmtu" Ipv4, 552, 68..=65_535;
    /// SYN retransmissions.
    TcpSynRetries "tcp_syn_retries" Ipv4, 6, 1..=127;
    /// SYN retransmissions at the same distance before it doubles.
    TcpSynLinearTimeouts "tcp_syn_linear_timeouts" Ipv4, 4, 0..=127;
    /// SYN,ACK retransmissions.
    TcpSynackRetries "tcp_synack_retries" Ipv4, 5, 0..=255;
    /// Retransmissions before the network layer is asked to look for another way.
    TcpRetries1 "tcp_retries1" Ipv4, 3, 0..=255;
    /// Retransmissions before a connection is given up.
    TcpRetries2 "tcp_retries2" Ipv4, 15, 0..=255;
    /// Retransmissions before a connection that no application holds is given up; 0 means 8.
    TcpOrphanRetries "tcp_orphan_retries" Ipv4, 0, 0..=255;
    /// Seconds in FIN-WAIT-2 without an application.
    TcpFinTimeout "tcp_fin_timeout" Ipv4, 60, 1..=120;
    /// Seconds of idleness before the first keep-alive probe.
    TcpKeepaliveTime "tcp_keepalive_time" Ipv4, 7200, 1..=32_767;
    /// Seconds between keep-alive probes.
    TcpKeepaliveIntvl "tcp_keepalive_intvl" Ipv4, 75, 1..=32_767;
    /// Unanswered keep-alive probes.
    TcpKeepaliveProbes "tcp_keepalive_probes" Ipv4, 9, 1..=127;
    /// Selective acknowledgements.
    TcpSack "tcp_sack" Ipv4, 1, 0..=1;
    /// Timestamps.
    TcpTimestamps "tcp_timestamps" Ipv4, 1, 0..=2;
    /// Window scaling.
    TcpWindowScaling "tcp_window_scaling" Ipv4, 1, 0..=1;
    /// Tail-loss probe and early retransmission: 3 is on, 0 is off.
    TcpEarlyRetrans "tcp_early_retrans" Ipv4, 3, 0..=4;
    /// Loss detection by time (RACK): bit 0 is on.
    TcpRecovery "tcp_recovery" Ipv4, 1, 0..=7;
    /// Path MTU probing: 1 after a black hole is suspected, 2 always.
    TcpMtuProbing "tcp_mtu_probing" Ipv4, 0, 0..=2;
    /// First MSS that probing tries.
    TcpBaseMss "tcp_base_mss" Ipv4, 1024, 48..=65_535;
    /// Resets instead of answering when the accept queue is full.
    TcpAbortOnOverflow "tcp_abort_on_overflow" Ipv4, 0, 0..=1;
    /// Ignores RST in TIME-WAIT (RFC 1337).
    TcpRfc1337 "tcp_rfc1337" Ipv4, 0, 0..=1;
    /// Challenge ACKs a second for the whole node.
    TcpChallengeAckLimit "tcp_challenge_ack_limit" Ipv4, 2_147_483_647, 0..=2_147_483_647;
    /// Milliseconds between answers to out-of-window segments of one connection.
    TcpInvalidRatelimit "tcp_invalid_ratelimit" Ipv4, 500, 0..=1_000_000;

    /// Forwards packets that come in here (set by `ip_forward`).
    Forwarding "forwarding" Conf(Interface), 0, 0..=1;
    /// Source check: 0 none, 1 strict, 2 loose.
    RpFilter "rp_filter" Conf(Max), 0, 0..=2;
    /// Follows ICMP redirects.
    AcceptRedirects "accept_redirects" Conf(Redirects), 1, 0..=1;
    /// Follows redirects only to gateways of the default gateway list; asked only without `shared_media`.
    SecureRedirects "secure_redirects" Conf(Or), 1, 0..=1;
    /// Several subnets share this link: redirects to gateways on the link are fine.
    SharedMedia "shared_media" Conf(Or), 1, 0..=1;
    /// Sends ICMP redirects.
    SendRedirects "send_redirects" Conf(Or), 1, 0..=1;
    /// Answers ARP for addresses that it routes to another interface.
    ProxyArp "proxy_arp" Conf(Or), 0, 0..=1;
    /// Proxy ARP back out of the same interface (private VLAN).
    ProxyArpPvlan "proxy_arp_pvlan" Conf(Or), 0, 0..=1;
    /// Which ARP requests for own addresses are answered.
    ArpIgnore "arp_ignore" Conf(Max), 0, 0..=8;
    /// Which source address ARP requests have.
    ArpAnnounce "arp_announce" Conf(Max), 0, 0..=2;
    /// Answers ARP only where the route back leaves by the same interface.
    ArpFilter "arp_filter" Conf(Or), 0, 0..=1;
    /// Learns from gratuitous ARP.
    ArpAccept "arp_accept" Conf(Max), 0, 0..=2;
    /// Announces itself when an interface comes up or changes its address.
    ArpNotify "arp_notify" Conf(Max), 0, 0..=1;
    /// Takes packets with its own address as source.
    AcceptLocal "accept_local" Conf(Or), 0, 0..=1;
    /// Routes 127.0.0.0/8.
    RouteLocalnet "route_localnet" Conf(Or), 0, 0..=1;
    /// Logs impossible addresses; no effect here.
    LogMartians "log_martians" Conf(Or), 0, 0..=1;
    /// Takes packets with a source route; no effect here.
    AcceptSourceRoute "accept_source_route" Conf(And), 0, 0..=1;
    /// The source check looks at the packet mark; no effect here.
    SrcValidMark "src_valid_mark" Conf(Or), 0, 0..=1;
    /// Routes through an interface without carrier are not used.
    IgnoreRoutesWithLinkdown "ignore_routes_with_linkdown" Conf(Interface), 0, 0..=1;
    /// Drops gratuitous ARP.
    DropGratuitousArp "drop_gratuitous_arp" Conf(Or), 0, 0..=1;

    /// Broadcast ARP requests before a neighbour is given up.
    McastSolicit "mcast_solicit" Neigh, 3, 0..=100;
    /// Unicast ARP requests in re-validation.
    UcastSolicit "ucast_solicit" Neigh, 3, 0..=100;
    /// Milliseconds between ARP requests.
    RetransTimeMs "retrans_time_ms" Neigh, 1000, 1..=60_000;
    /// Milliseconds that an entry is trusted, before randomisation.
    BaseReachableTimeMs "base_reachable_time_ms" Neigh, 30_000, 1..=86_400_000;
    /// Seconds before a stale entry in use is probed.
    DelayFirstProbeTime "delay_first_probe_time" Neigh, 5, 0..=3600;
    /// Hundredths of a second within which a proxy answers a broadcast question; 0 is at once.
    ProxyDelay "proxy_delay" Neigh, 80, 0..=360_000;
    /// Bytes that may wait for an address.
    UnresQlenBytes "unres_qlen_bytes" Neigh, 212_992, 0..=2_147_483_647;

    /// Entries of the connection tracking table.
    NfConntrackMax "nf_conntrack_max" Netfilter, 262_144, 0..=2_147_483_647;
    /// Picks up connections in the middle.
    NfConntrackTcpLoose "nf_conntrack_tcp_loose" Netfilter, 1, 0..=255;
    /// Marks only RST out of the window as invalid.
    NfConntrackTcpBeLiberal "nf_conntrack_tcp_be_liberal" Netfilter, 0, 0..=1;
    /// Does not check the sequence number of RST.
    NfConntrackTcpIgnoreInvalidRst "nf_conntrack_tcp_ignore_invalid_rst" Netfilter, 0, 0..=1;
    /// Retransmissions without an answer before a shorter time-out is used.
    NfConntrackTcpMaxRetrans "nf_conntrack_tcp_max_retrans" Netfilter, 3, 0..=255;
    /// Checks checksums.
    NfConntrackChecksum "nf_conntrack_checksum" Netfilter, 1, 0..=1;
    /// Seconds in SYN_SENT.
    NfConntrackTcpTimeoutSynSent "nf_conntrack_tcp_timeout_syn_sent" Netfilter, 120, 0..=2_147_483_647;
    /// Seconds in SYN_RECV.
    NfConntrackTcpTimeoutSynRecv "nf_conntrack_tcp_timeout_syn_recv" Netfilter, 60, 0..=2_147_483_647;
    /// Seconds in ESTABLISHED.
    NfConntrackTcpTimeoutEstablished "nf_conntrack_tcp_timeout_established" Netfilter, 432_000, 0..=2_147_483_647;
    /// Seconds in FIN_WAIT.
    NfConntrackTcpTimeoutFinWait "nf_conntrack_tcp_timeout_fin_wait" Netfilter, 120, 0..=2_147_483_647;
    /// Seconds in CLOSE_WAIT.
    NfConntrackTcpTimeoutCloseWait "nf_conntrack_tcp_timeout_close_wait" Netfilter, 60, 0..=2_147_483_647;
    /// Seconds in LAST_ACK.
    NfConntrackTcpTimeoutLastAck "nf_conntrack_tcp_timeout_last_ack" Netfilter, 30, 0..=2_147_483_647;
    /// Seconds in TIME_WAIT.
    NfConntrackTcpTimeoutTimeWait "nf_conntrack_tcp_timeout_time_wait" Netfilter, 120, 0..=2_147_483_647;
    /// Seconds in CLOSE.
    NfConntrackTcpTimeoutClose "nf_conntrack_tcp_timeout_close" Netfilter, 10, 0..=2_147_483_647;
    /// Seconds after too many unanswered retransmissions.
    NfConntrackTcpTimeoutMaxRetrans "nf_conntrack_tcp_timeout_max_retrans" Netfilter, 300, 0..=2_147_483_647;
    /// Seconds in ESTABLISHED as long as data is unacknowledged after a pick-up.
    NfConntrackTcpTimeoutUnacknowledged "nf_conntrack_tcp_timeout_unacknowledged" Netfilter, 300, 0..=2_147_483_647;
    /// Seconds of a UDP flow seen one way only.
    NfConntrackUdpTimeout "nf_conntrack_udp_timeout" Netfilter, 30, 0..=2_147_483_647;
    /// Seconds of a UDP stream.
    NfConntrackUdpTimeoutStream "nf_conntrack_udp_timeout_stream" Netfilter, 120, 0..=2_147_483_647;
    /// Seconds of an ICMP exchange.
    NfConntrackIcmpTimeout "nf_conntrack_icmp_timeout" Netfilter, 30, 0..=2_147_483_647;
    /// Seconds of any other protocol.
    NfConntrackGenericTimeout "nf_conntrack_generic_timeout" Netfilter, 600, 0..=2_147_483_647;
    /// Seconds that a fragment waits for the rest in connection tracking; one value here with `ipfrag_time`.
    NfConntrackFragTimeout "nf_conntrack_frag6_timeout" Netfilter, 60, 0..=3600;
}

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SysctlScope {
    /// The node, for a key that has only one value; `all`, `default` and every interface for a `conf` key.
    Everywhere,
    /// `conf.all`.
    All,
    /// `conf.default`: only for interfaces that are made later, so without effect here.
    Default,
    /// `conf.<interface>`.
    Interface(IfIndex),
}

/// One value written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SysctlSetting {
    /// Which setting.
    pub key: Sysctl,
    /// Where.
    pub scope: SysctlScope,
    /// The value.
    pub value: i64,
}

/// A name that is no setting known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SysctlNameError {
    /// No such key.
    UnknownKey(String),
    /// No such interface.
    UnknownInterface(String),
}

impl fmt::Display for SysctlNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(name) => write!(f, "no setting is called {name}"),
            Self::UnknownInterface(name) => write!(f, "no interface is called {name}"),
        }
    }
}

impl std::error::Error for SysctlNameError {}

impl Sysctl {
    /// Reads a name: the key alone (`rp_filter`, `tcp_loose`, `nf_conntrack_tcp_loose`) or in full
    /// (`net.ipv4.conf.eth0.rp_filter`), with dots or slashes. A `conf` key alone means [`SysctlScope::Everywhere`].
    ///
    /// # Errors
    /// If no setting or no interface has that name.
    pub fn resolve(name: &str, interfaces: &[&str]) -> Result<(Self, SysctlScope), SysctlNameError> {
        let name = name.trim().trim_start_matches("/proc/sys/").replace('/', ".");
        let unknown = || SysctlNameError::UnknownKey(name.clone());
        let find = |key: &str, wanted: fn(SysctlFamily) -> bool| {
            Self::ALL.iter().copied().find(|s| s.name() == key && wanted(s.family())).ok_or_else(unknown)
        };
        if let Some(rest) = name.strip_prefix("net.ipv4.conf.") {
            let (place, key) = rest.rsplit_once('.').ok_or_else(unknown)?;
            let scope = match place {
                "all" => SysctlScope::All,
                "default" => SysctlScope::Default,
                place => {
                    let index = interfaces
                        .iter()
                        .position(|i| *i == place)
                        .and_then(|i| u16::try_from(i).ok())
                        .ok_or_else(|| SysctlNameError::UnknownInterface(place.to_owned()))?;
                    SysctlScope::Interface(IfIndex(index))
                }
            };
            return Ok((find(key, |f| matches!(f, Conf(_)))?, scope));
        }
        if let Some(rest) = name.strip_prefix("net.ipv4.neigh.") {
            let (_, key) = rest.rsplit_once('.').ok_or_else(unknown)?;
            return Ok((find(key, |f| f == Neigh)?, SysctlScope::Everywhere));
        }
        let key = match name.as_str() {
            "tcp_loose" => "nf_conntrack_tcp_loose",
            "tcp_be_liberal" => "nf_conntrack_tcp_be_liberal",
            "net.nf_conntrack_max" => "nf_conntrack_max",
            other => other.strip_prefix("net.ipv4.").or_else(|| other.strip_prefix("net.netfilter.")).unwrap_or(other),
        };
        Ok((find(key, |_| true)?, SysctlScope::Everywhere))
    }
}

const COUNT: usize = Sysctl::ALL.len();

/// All settings of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sysctls {
    /// Values with one place, and those of `conf.all`.
    node: [i64; COUNT],
    /// `conf.<interface>`, by interface.
    interfaces: Vec<[i64; COUNT]>,
}

impl Sysctls {
    /// A freshly booted kernel's.
    #[must_use]
    pub fn new(interfaces: usize) -> Self {
        let mut node = [0; COUNT];
        for (slot, key) in node.iter_mut().zip(Sysctl::ALL) {
            *slot = key.default_value();
        }
        Self { interfaces: vec![node; interfaces], node }
    }

    /// Writes a value, with what the kernel does beside: `ip_forward` writes every `forwarding` and resets
    /// `accept_redirects` of `conf.all` to the opposite (kernel documentation, `ip_forward`).
    pub fn write(&mut self, setting: SysctlSetting) {
        let SysctlSetting { key, scope, value } = setting;
        if key == Sysctl::IpForward || (key == Sysctl::Forwarding && matches!(scope, SysctlScope::All)) {
            let on = i64::from(value != 0);
            let changed = self.get(Sysctl::IpForward) != on;
            self.put(Sysctl::IpForward, SysctlScope::All, on);
            self.put(Sysctl::Forwarding, SysctlScope::Everywhere, on);
            if changed {
                self.put(Sysctl::AcceptRedirects, SysctlScope::All, 1 - on);
            }
        } else {
            self.put(key, scope, value);
        }
    }

    fn put(&mut self, key: Sysctl, scope: SysctlScope, value: i64) {
        let slot = key as usize;
        if matches!(scope, SysctlScope::All | SysctlScope::Everywhere)
            && let Some(place) = self.node.get_mut(slot)
        {
            *place = value;
        }
        for (index, interface) in self.interfaces.iter_mut().enumerate() {
            let here = match scope {
                SysctlScope::Everywhere => true,
                SysctlScope::Interface(wanted) => usize::from(wanted.0) == index,
                SysctlScope::All | SysctlScope::Default => false,
            };
            if here && let Some(place) = interface.get_mut(slot) {
                *place = value;
            }
        }
    }

    /// The node's value, or that of `conf.all`.
    #[must_use]
    #[inline]
    pub fn get(&self, key: Sysctl) -> i64 {
        self.node.get(key as usize).copied().unwrap_or(0)
    }

    /// A switch.
    #[must_use]
    pub fn is_on(&self, key: Sysctl) -> bool {
        self.get(key) != 0
    }

    /// The value that counts for packets on an interface.
    #[must_use]
    #[inline(always)]
    pub fn on(&self, interface: IfIndex, key: Sysctl) -> i64 {
        let own =
            |key: Sysctl| self.interfaces.get(usize::from(interface.0)).and_then(|values| values.get(key as usize)).copied().unwrap_or(0);
        let (all, dev) = (self.get(key), own(key));
        let combine = match key.family() {
            Conf(combine) => combine,
            Ipv4 | Neigh | Netfilter => return all,
        };
        match combine {
            Interface => dev,
            Or => i64::from(all != 0 || dev != 0),
            And => i64::from(all != 0 && dev != 0),
            Max => all.max(dev),
            Redirects if own(Sysctl::Forwarding) != 0 => i64::from(all != 0 && dev != 0),
            Redirects => i64::from(all != 0 || dev != 0),
        }
    }

    /// A switch on an interface.
    #[must_use]
    pub fn is_on_at(&self, interface: IfIndex, key: Sysctl) -> bool {
        self.on(interface, key) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETH0: IfIndex = IfIndex(0);

    #[test]
    fn forwarding_clears_the_acceptance_of_redirects() {
        let mut sysctls = Sysctls::new(2);
        assert!(sysctls.is_on_at(ETH0, Sysctl::AcceptRedirects));
        sysctls.write(SysctlSetting { key: Sysctl::IpForward, scope: SysctlScope::Everywhere, value: 1 });
        assert!(!sysctls.is_on_at(ETH0, Sysctl::AcceptRedirects));
        assert!(sysctls.is_on_at(ETH0, Sysctl::Forwarding));
        sysctls.write(SysctlSetting { key: Sysctl::AcceptRedirects, scope: SysctlScope::Everywhere, value: 1 });
        assert!(sysctls.is_on_at(ETH0, Sysctl::AcceptRedirects));
    }

    #[test]
    fn send_redirects_is_off_only_if_both_are() {
        let mut sysctls = Sysctls::new(1);
        sysctls.write(SysctlSetting { key: Sysctl::SendRedirects, scope: SysctlScope::Interface(ETH0), value: 0 });
        assert!(sysctls.is_on_at(ETH0, Sysctl::SendRedirects));
        sysctls.write(SysctlSetting { key: Sysctl::SendRedirects, scope: SysctlScope::All, value: 0 });
        assert!(!sysctls.is_on_at(ETH0, Sysctl::SendRedirects));
    }

    #[test]
    fn names_are_read_short_and_long() {
        assert_eq!(Sysctl::resolve("tcp_loose", &[]), Ok((Sysctl::NfConntrackTcpLoose, SysctlScope::Everywhere)));
        assert_eq!(
            Sysctl::resolve("net.ipv4.conf.eth1.rp_filter", &["eth0", "eth1"]),
            Ok((Sysctl::RpFilter, SysctlScope::Interface(IfIndex(1))))
        );
        assert_eq!(Sysctl::resolve("net/ipv4/ip_forward", &[]), Ok((Sysctl::IpForward, SysctlScope::Everywhere)));
        assert!(Sysctl::resolve("net.ipv4.conf.eth9.rp_filter", &["eth0"]).is_err());
        assert!(Sysctl::resolve("rp_fliter", &[]).is_err());
    }
}
