//! What is expected of the labs of the kernel's recordings, written down from what the recordings say (outcomes, frames, counters, and
//! the notes on what happened where and why), lab by lab.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

/// Conversation, outcome, cause, the device at which it breaks and the stage that it does not pass.
pub type Expected = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub const NONE: &str = "-";

/// Works, there and back by the same devices.
const fn fine(name: &'static str) -> Expected {
    (name, "healthy", "healthy", NONE, NONE)
}

/// Works, there and back by different devices.
const fn differs(name: &'static str) -> Expected {
    (name, "healthy", "asymmetric-harmless", NONE, NONE)
}

/// Works by a way that a redirect taught.
const fn redirected(name: &'static str) -> Expected {
    (name, "healthy", "redirected", NONE, NONE)
}

/// The third packet is invalid at this device.
const fn stalls(name: &'static str, device: &'static str) -> Expected {
    (name, "stalled", "asymmetric-invalid-ack", device, "ack")
}

/// The same, but something helps later.
const fn heals(name: &'static str) -> Expected {
    (name, "recovered", "asymmetric-invalid-ack", "r1", NONE)
}

pub const EXPECTED: &[(&str, &[Expected])] = &[
    ("v01", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v02a", &[fine("ping"), fine("http"), fine("ssh"), differs("ping_inet"), differs("http_inet"), differs("udp_inet")]),
    ("v02b", &[fine("ping"), fine("http"), fine("ssh"), differs("ping_inet"), differs("http_inet"), differs("udp_inet")]),
    ("v02c", &[redirected("ping_inet"), redirected("http_inet"), redirected("udp_inet")]),
    ("v03", &[fine("ping"), fine("http"), fine("ssh"), fine("ping_inet"), fine("http_inet"), fine("udp_inet")]),
    ("v04", &[differs("ping"), differs("http"), differs("ssh"), fine("ping_inet"), fine("http_inet"), fine("udp_inet")]),
    ("v05a", &[heals("http"), redirected("http2")]),
    ("v05b", &[redirected("ping"), redirected("http"), redirected("ssh")]),
    ("v05c", &[heals("ssh")]),
    ("v05d", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v05e", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v06", &[fine("ping"), fine("http"), fine("ssh"), differs("ping_inet"), stalls("http_inet", "r2"), differs("udp_inet")]),
    (
        "v07",
        &[
            ("drop", "timed-out", "filter-drop", "pc2", "syn"),
            ("reject_rst", "refused", "filter-reject", "pc2", "syn"),
            ("reject_port", "refused", "filter-reject", "pc2", "syn"),
            ("closed", "refused", "closed-port", "pc2", "syn"),
            ("reject_admin", "unreachable", "filter-reject", "pc2", "syn"),
            fine("open"),
            ("udp_drop", "timed-out", "filter-drop", "pc2", "request"),
            ("udp_reject", "refused", "filter-reject", "pc2", "request"),
            ("udp_closed", "refused", "closed-port", "pc2", "request"),
            fine("udp_open"),
        ],
    ),
    (
        "v08a",
        &[
            ("ping", "timed-out", "no-return-route", "pc2", "reply"),
            ("http", "timed-out", "no-return-route", "pc2", "syn-ack"),
            ("udp", "timed-out", "no-return-route", "pc2", "reply"),
            ("ping_back", "unreachable", "no-route", "pc2", "request"),
            fine("http_from_r2"),
        ],
    ),
    (
        "v08b",
        &[
            fine("ping"),
            fine("http"),
            fine("ssh"),
            ("ping_out", "unreachable", "no-route", "r2", "request"),
            ("http_out", "unreachable", "no-route", "r2", "syn"),
            ("udp_out", "unreachable", "no-route", "r2", "request"),
            ("ping_in", "timed-out", "no-return-route", "r2", "reply"),
            ("http_in", "timed-out", "no-return-route", "r2", "syn-ack"),
        ],
    ),
    (
        "v08c",
        &[
            ("ping", "unreachable", "no-route", "r1", "request"),
            ("http", "unreachable", "no-route", "r1", "syn"),
            ("udp", "unreachable", "no-route", "r1", "request"),
            ("trace", "unreachable", "no-route", "r1", "request"),
        ],
    ),
    ("v09a", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v09b", &[stalls("http", "r1")]),
    ("v09c", &[heals("http")]),
    ("v09d", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v09e", &[stalls("http", "r1")]),
    ("v10a", &[heals("http")]),
    ("v10b", &[heals("ssh")]),
    ("v10c", &[heals("http"), heals("ssh")]),
    ("v10d", &[heals("http")]),
    ("v11a", &[heals("http"), heals("ssh")]),
    ("v11b", &[stalls("http", "r1")]),
    (
        "w01",
        &[
            ("http_4000", "recovered", "fragmentation-needed", "r2", NONE),
            fine("http_again"),
            ("ping_1472_df", "unreachable", "fragmentation-needed", "r1", "request"),
            fine("http_after_ping"),
        ],
    ),
    (
        "w02",
        &[
            ("ping", "timed-out", "rp-filter", "r3", "request"),
            ("http", "timed-out", "rp-filter", "r3", "syn"),
            ("udp", "timed-out", "rp-filter", "r3", "request"),
            ("ping_near", "timed-out", "rp-filter", "r3", "request"),
            fine("ping_far_addr"),
        ],
    ),
    (
        "w03",
        &[
            ("ping_far", "unreachable", "neighbour-failed", "r2", "request"),
            ("tcp_far", "unreachable", "neighbour-failed", "r2", "syn"),
            ("udp_far", "unreachable", "neighbour-failed", "r2", "request"),
            ("ping_near", "unreachable", "neighbour-failed", "pc", "request"),
            ("tcp_near", "unreachable", "neighbour-failed", "pc", "syn"),
            ("udp_near", "unreachable", "neighbour-failed", "pc", "request"),
        ],
    ),
    (
        "w04",
        &[
            ("ping", "unreachable", "routing-loop", "r2", "request"),
            ("http", "unreachable", "routing-loop", "r2", "syn"),
            ("trace", "timed-out", "routing-loop", "r2", "request"),
            ("udp", "unreachable", "routing-loop", "r2", "request"),
        ],
    ),
    ("w05", &[fine("from_wan"), ("hairpin", "timed-out", "nat-hairpin", "pc", "syn-ack"), fine("ping_out"), fine("direct")]),
    ("w06", &[fine("http1"), fine("http2"), fine("udp1"), fine("udp2"), fine("ping1"), fine("ping2")]),
    ("w07", &[differs("ping_far_addr"), stalls("http_far_addr", "r1"), differs("udp_far_addr"), fine("http_near")]),
    ("w08", &[differs("trace_udp"), differs("trace_icmp"), differs("trace_tcp"), differs("trace_q3"), differs("ping")]),
    ("w09", &[fine("ping_3000"), fine("udp_3000"), ("ping_df", "unreachable", "fragmentation-needed", "r1", "request")]),
    ("w10", &[fine("session")]),
];
