//! Names that nft(8) has for numbers.

use roundtrip_wire::UnreachableCode;

/// ICMP types (nft(8), "ICMP TYPE TYPE").
pub const ICMP_TYPES: [(&str, u8); 16] = [
    ("echo-reply", 0),
    ("destination-unreachable", 3),
    ("source-quench", 4),
    ("redirect", 5),
    ("echo-request", 8),
    ("router-advertisement", 9),
    ("router-solicitation", 10),
    ("time-exceeded", 11),
    ("parameter-problem", 12),
    ("timestamp-request", 13),
    ("timestamp-reply", 14),
    ("info-request", 15),
    ("info-reply", 16),
    ("address-mask-request", 17),
    ("address-mask-reply", 18),
    ("photuris", 40),
];

/// ICMP codes of "destination unreachable" (nft(8), "ICMP CODE TYPE").
pub(super) const ICMP_CODES: [(&str, u8); 8] = [
    ("net-unreachable", 0),
    ("host-unreachable", 1),
    ("prot-unreachable", 2),
    ("port-unreachable", 3),
    ("frag-needed", 4),
    ("net-prohibited", 9),
    ("host-prohibited", 10),
    ("admin-prohibited", 13),
];

/// Codes of `reject with icmpx`, which each family translates for itself.
pub(super) const ICMPX_CODES: [(&str, UnreachableCode); 4] = [
    ("no-route", UnreachableCode::Net),
    ("port-unreachable", UnreachableCode::Port),
    ("host-unreachable", UnreachableCode::Host),
    ("admin-prohibited", UnreachableCode::AdminProhibited),
];

/// Protocols above IPv4, as in /etc/protocols.
pub(super) const PROTOCOLS: [(&str, u8); 13] = [
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("udp", 17),
    ("dccp", 33),
    ("ipv6", 41),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("sctp", 132),
    ("udplite", 136),
];

/// Services that people write by name, as in /etc/services.
pub(super) const PORTS: [(&str, u16); 32] = [
    ("echo", 7),
    ("discard", 9),
    ("ftp-data", 20),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("http", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("sunrpc", 111),
    ("ntp", 123),
    ("imap2", 143),
    ("imap", 143),
    ("snmp", 161),
    ("snmp-trap", 162),
    ("bgp", 179),
    ("ldap", 389),
    ("https", 443),
    ("microsoft-ds", 445),
    ("isakmp", 500),
    ("syslog", 514),
    ("ldaps", 636),
    ("imaps", 993),
    ("pop3s", 995),
    ("openvpn", 1194),
    ("mysql", 3306),
    ("http-alt", 8080),
];

/// TCP flags, lowest bit first.
pub(super) const TCP_FLAGS: [(&str, u8); 8] =
    [("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 16), ("urg", 32), ("ecn", 64), ("cwr", 128)];

/// Priorities of base chains (nft(8), "Standard priority names").
pub(super) const PRIORITIES: [(&str, i32); 6] =
    [("raw", -300), ("mangle", -150), ("dstnat", -100), ("filter", 0), ("security", 50), ("srcnat", 100)];

/// The name of a number, or the number.
pub(super) fn name_of(names: &[(&'static str, u8)], number: u32) -> String {
    names.iter().find(|(_, value)| u32::from(*value) == number).map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
}
