//! The fields of packets: by Wireshark's names, with what Wireshark calls them in its tree. These words are the same in every
//! language, as they are in Wireshark itself.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A protocol: the head of a branch.
    Protocol,
    /// A number.
    Number,
    /// A number that is written with this many hexadecimal digits.
    Hex(u8),
    /// One bit.
    Flag,
    /// An Ethernet address.
    Mac,
    /// An IPv4 address.
    Ipv4,
    /// A span of time in seconds.
    Time,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// Something that is there or is not.
    Mark,
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in filters.
    pub name: &'static str,
    /// What the tree calls it.
    pub title: &'static str,
    /// What it holds.
    pub kind: Kind,
}

const fn f(name: &'static str, title: &'static str, kind: Kind) -> Field {
    Field { name, title, kind }
}

/// Every field, by name.
pub const FIELDS: &[Field] = &[
    f("arp", "Address Resolution Protocol", Kind::Protocol),
    f("arp.dst.hw_mac", "Target MAC address", Kind::Mac),
    f("arp.dst.proto_ipv4", "Target IP address", Kind::Ipv4),
    f("arp.hw.size", "Hardware size", Kind::Number),
    f("arp.hw.type", "Hardware type", Kind::Number),
    f("arp.opcode", "Opcode", Kind::Number),
    f("arp.proto.size", "Protocol size", Kind::Number),
    f("arp.proto.type", "Protocol type", Kind::Hex(4)),
    f("arp.src.hw_mac", "Sender MAC address", Kind::Mac),
    f("arp.src.proto_ipv4", "Sender IP address", Kind::Ipv4),
    f("data", "Data", Kind::Protocol),
    f("data.data", "Data", Kind::Bytes),
    f("data.len", "Length", Kind::Number),
    f("eth", "Ethernet II", Kind::Protocol),
    f("eth.dst", "Destination", Kind::Mac),
    f("eth.src", "Source", Kind::Mac),
    f("eth.type", "Type", Kind::Hex(4)),
    f("frame", "Frame", Kind::Protocol),
    f("frame.comment", "Comment", Kind::Text),
    f("frame.interface_name", "Interface name", Kind::Text),
    f("frame.len", "Frame Length", Kind::Number),
    f("frame.number", "Frame Number", Kind::Number),
    f("frame.time_delta", "Time since previous captured frame", Kind::Time),
    f("frame.time_relative", "Time since the beginning", Kind::Time),
    f("icmp", "Internet Control Message Protocol", Kind::Protocol),
    f("icmp.checksum", "Checksum", Kind::Hex(4)),
    f("icmp.code", "Code", Kind::Number),
    f("icmp.ident", "Identifier", Kind::Number),
    f("icmp.mtu", "MTU of next hop", Kind::Number),
    f("icmp.redir_gw", "Gateway address", Kind::Ipv4),
    f("icmp.seq", "Sequence Number", Kind::Number),
    f("icmp.type", "Type", Kind::Number),
    f("ip", "Internet Protocol Version 4", Kind::Protocol),
    f("ip.checksum", "Header Checksum", Kind::Hex(4)),
    f("ip.dsfield", "Differentiated Services Field", Kind::Hex(2)),
    f("ip.dsfield.dscp", "Differentiated Services Codepoint", Kind::Number),
    f("ip.dsfield.ecn", "Explicit Congestion Notification", Kind::Number),
    f("ip.dst", "Destination Address", Kind::Ipv4),
    f("ip.flags", "Flags", Kind::Hex(1)),
    f("ip.flags.df", "Don't fragment", Kind::Flag),
    f("ip.flags.mf", "More fragments", Kind::Flag),
    f("ip.flags.rb", "Reserved bit", Kind::Flag),
    f("ip.frag_offset", "Fragment Offset", Kind::Number),
    f("ip.hdr_len", "Header Length", Kind::Number),
    f("ip.id", "Identification", Kind::Hex(4)),
    f("ip.len", "Total Length", Kind::Number),
    f("ip.proto", "Protocol", Kind::Number),
    f("ip.src", "Source Address", Kind::Ipv4),
    f("ip.ttl", "Time to Live", Kind::Number),
    f("ip.version", "Version", Kind::Number),
    f("tcp", "Transmission Control Protocol", Kind::Protocol),
    f("tcp.ack", "Acknowledgment Number", Kind::Number),
    f("tcp.ack_raw", "Acknowledgment Number (raw)", Kind::Number),
    f("tcp.analysis", "SEQ/ACK analysis", Kind::Mark),
    f("tcp.analysis.ack_lost_segment", "ACKed segment that wasn't captured", Kind::Mark),
    f("tcp.analysis.ack_rtt", "The RTT to ACK the segment was", Kind::Time),
    f("tcp.analysis.acks_frame", "This is an ACK to the segment in frame", Kind::Number),
    f("tcp.analysis.duplicate_ack", "Duplicate ACK", Kind::Mark),
    f("tcp.analysis.duplicate_ack_frame", "Duplicate to the ACK in frame", Kind::Number),
    f("tcp.analysis.duplicate_ack_num", "Duplicate ACK #", Kind::Number),
    f("tcp.analysis.fast_retransmission", "This frame is a (suspected) fast retransmission", Kind::Mark),
    f("tcp.analysis.flags", "TCP Analysis Flags", Kind::Mark),
    f("tcp.analysis.initial_rtt", "iRTT", Kind::Time),
    f("tcp.analysis.keep_alive", "TCP keep-alive segment", Kind::Mark),
    f("tcp.analysis.keep_alive_ack", "ACK to a TCP keep-alive segment", Kind::Mark),
    f("tcp.analysis.lost_segment", "Previous segment(s) not captured", Kind::Mark),
    f("tcp.analysis.out_of_order", "This frame is a (suspected) out-of-order segment", Kind::Mark),
    f("tcp.analysis.retransmission", "This frame is a (suspected) retransmission", Kind::Mark),
    f("tcp.analysis.reused_ports", "A new tcp session is started with the same ports", Kind::Mark),
    f("tcp.analysis.rto", "The RTO for this segment was", Kind::Time),
    f("tcp.analysis.rto_frame", "RTO based on delta from frame", Kind::Number),
    f("tcp.analysis.spurious_retransmission", "This frame is a (suspected) spurious retransmission", Kind::Mark),
    f("tcp.analysis.window_full", "TCP window specified by the receiver is now completely full", Kind::Mark),
    f("tcp.analysis.window_update", "TCP window update", Kind::Mark),
    f("tcp.analysis.zero_window", "TCP Zero Window segment", Kind::Mark),
    f("tcp.analysis.zero_window_probe", "TCP Zero Window Probe", Kind::Mark),
    f("tcp.analysis.zero_window_probe_ack", "ACK to a TCP Zero Window Probe", Kind::Mark),
    f("tcp.checksum", "Checksum", Kind::Hex(4)),
    f("tcp.dstport", "Destination Port", Kind::Number),
    f("tcp.flags", "Flags", Kind::Hex(3)),
    f("tcp.flags.ack", "Acknowledgment", Kind::Flag),
    f("tcp.flags.cwr", "Congestion Window Reduced", Kind::Flag),
    f("tcp.flags.ece", "ECN-Echo", Kind::Flag),
    f("tcp.flags.fin", "Fin", Kind::Flag),
    f("tcp.flags.push", "Push", Kind::Flag),
    f("tcp.flags.reset", "Reset", Kind::Flag),
    f("tcp.flags.syn", "Syn", Kind::Flag),
    f("tcp.flags.urg", "Urgent", Kind::Flag),
    f("tcp.hdr_len", "Header Length", Kind::Number),
    f("tcp.len", "TCP Segment Len", Kind::Number),
    f("tcp.nxtseq", "Next Sequence Number", Kind::Number),
    f("tcp.options", "Options", Kind::Bytes),
    f("tcp.options.mss_val", "MSS Value", Kind::Number),
    f("tcp.options.nop", "No-Operation", Kind::Mark),
    f("tcp.options.sack_le", "SACK left edge", Kind::Number),
    f("tcp.options.sack_perm", "SACK permitted", Kind::Mark),
    f("tcp.options.sack_re", "SACK right edge", Kind::Number),
    f("tcp.options.timestamp.tsecr", "Timestamp echo reply", Kind::Number),
    f("tcp.options.timestamp.tsval", "Timestamp value", Kind::Number),
    f("tcp.options.wscale.multiplier", "Multiplier", Kind::Number),
    f("tcp.options.wscale.shift", "Window scale: shift count", Kind::Number),
    f("tcp.payload", "TCP payload", Kind::Bytes),
    f("tcp.seq", "Sequence Number", Kind::Number),
    f("tcp.seq_raw", "Sequence Number (raw)", Kind::Number),
    f("tcp.srcport", "Source Port", Kind::Number),
    f("tcp.stream", "Stream index", Kind::Number),
    f("tcp.urgent_pointer", "Urgent Pointer", Kind::Number),
    f("tcp.window_size", "Calculated window size", Kind::Number),
    f("tcp.window_size_scalefactor", "Window size scaling factor", Kind::Number),
    f("tcp.window_size_value", "Window", Kind::Number),
    f("udp", "User Datagram Protocol", Kind::Protocol),
    f("udp.checksum", "Checksum", Kind::Hex(4)),
    f("udp.dstport", "Destination Port", Kind::Number),
    f("udp.length", "Length", Kind::Number),
    f("udp.payload", "UDP payload", Kind::Bytes),
    f("udp.srcport", "Source Port", Kind::Number),
];

/// Names that stand for several fields.
pub const ALIASES: &[(&str, &[&str])] = &[
    ("eth.addr", &["eth.src", "eth.dst"]),
    ("ip.addr", &["ip.src", "ip.dst"]),
    ("tcp.port", &["tcp.srcport", "tcp.dstport"]),
    ("udp.port", &["udp.srcport", "udp.dstport"]),
];

/// The field of a name.
#[must_use]
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.binary_search_by(|field| field.name.cmp(name)).ok().and_then(|place| FIELDS.get(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name() {
        assert!(FIELDS.is_sorted_by(|a, b| a.name < b.name));
        assert!(FIELDS.iter().all(|known| field(known.name) == Some(known)));
        assert!(ALIASES.iter().all(|(name, fields)| field(name).is_none() && fields.iter().all(|name| field(name).is_some())));
        assert_eq!(field("ip.adr"), None);
    }

    #[test]
    fn every_mark_of_the_analysis_is_a_field() {
        for mark in roundtrip_explain::analysis::Mark::ALL {
            assert!(field(&format!("tcp.analysis.{}", mark.name())).is_some_and(|field| field.kind == Kind::Mark), "{mark:?}");
        }
    }
}
