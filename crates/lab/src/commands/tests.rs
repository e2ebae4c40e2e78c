//! That commands say what the device is, and are understood.

use super::{print, read};
use crate::document::{Device, Interface, Kind, Network, Route, RouteType, SettingValue};
use crate::{Problem, load};
use proptest::prelude::*;

fn devices() -> Vec<Device> {
    let mut all = load(include_str!("../../tests/all-fields.json")).lab.unwrap().devices;
    for example in crate::examples() {
        all.extend(example.lab().devices);
    }
    all
}

fn named(name: &str) -> Device {
    devices().into_iter().find(|device| device.name == name).unwrap()
}

#[test]
fn what_is_printed_is_read_as_the_same_device() {
    for device in devices() {
        let text = print(&device);
        assert_eq!(read(&text, &device), Ok(device.clone()), "{text}");
        assert_eq!(print(&read(&text, &device).unwrap()), text);
    }
}

#[test]
fn an_empty_device_becomes_what_the_commands_say() {
    for device in devices() {
        let bare = Device {
            interfaces: device
                .interfaces
                .iter()
                .map(|own| Interface { segment: own.segment.clone(), ..Interface::new(&own.name, "") })
                .collect(),
            gateway: None,
            routes: Vec::new(),
            settings: Default::default(),
            nft: Default::default(),
            filter: Default::default(),
            nat: Vec::new(),
            ..device.clone()
        };
        let text = print(&device);
        assert_eq!(print(&read(&text, &bare).unwrap()), text);
    }
}

fn wrong(text: &str) -> Vec<(String, &'static str)> {
    let problems = read(text, &named("pc")).unwrap_err();
    problems.iter().map(|problem: &Problem| (problem.path.clone(), problem.id.name())).collect()
}

#[test]
fn every_line_that_is_wrong_says_what_was_expected() {
    for (text, line, id) in [
        ("\n\niptables -L", 3, "command-unknown"),
        ("ip addr add 192.168.1.10 dev eth0", 1, "bad-prefix"),
        ("ip addr add 192.168.1.10/24 eth0", 1, "command-wrong"),
        ("ip addr add 192.168.1.10/24", 1, "command-ends"),
        ("# words\nip addr add 192.168.1.10/24 dev eth7", 2, "unknown-interface"),
        ("ip route add 10.0.0.0/8 via somewhere", 1, "bad-address"),
        ("ip route del default", 1, "command-wrong"),
        ("ip neigh show", 1, "command-wrong"),
        ("ip link set dev eth0 mtu many", 1, "command-wrong"),
        ("sysctl -w", 1, "command-ends"),
        ("nft -f - <<'END'\ntable inet filter {\n  chain c {\n    tcp dprt 80 accept\n  }\n}\nEND", 4, "nft-syntax"),
    ] {
        assert_eq!(wrong(text), [(format!("lines/{line}"), id)], "{text}");
    }
    assert_eq!(wrong("foo\nbar").len(), 2, "all at once");
}

#[test]
fn what_a_machine_prints_is_read() {
    let shown = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP group default qlen 1000
    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 192.168.1.10/24 brd 192.168.1.255 scope global dynamic eth0
       valid_lft 85000sec preferred_lft 85000sec
default via 192.168.1.1 dev eth0 proto dhcp src 192.168.1.10 metric 100
10.0.0.0/8 via 192.168.1.2 dev eth0
192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.10
blackhole 10.9.0.0/16 ";
    let device = read(shown, &named("pc")).unwrap();
    assert_eq!(device.interfaces[0].addresses, ["192.168.1.10/24".parse().unwrap()]);
    assert_eq!((device.interfaces[0].mtu, device.routes.len()), (1400, 3));
    assert_eq!(device.routes[2].kind, RouteType::Blackhole);
}

#[test]
fn what_the_kind_brings_is_said_and_can_be_taken_back() {
    let router = Device { interfaces: vec![Interface::new("eth0", "A")], ..Device::new("r", Kind::Router) };
    assert_eq!(print(&router), "sysctl -w net.ipv4.ip_forward=1\n");
    assert_eq!(read("", &router).unwrap().settings["ip_forward"], SettingValue::Number(0));
    let host = Device { kind: Kind::Host, ..router };
    let forwards = read("sysctl -w net.ipv4.ip_forward=1", &host).unwrap();
    assert_eq!(forwards.settings["ip_forward"], SettingValue::Number(1));
    let checks =
        read("sysctl net.ipv4.conf.eth0.rp_filter = 1\nsysctl -w net.ipv4.conf.*.arp_ignore=1 net.ipv4.tcp_sack=0", &host).unwrap();
    let names: Vec<&str> = checks.settings.keys().map(String::as_str).collect();
    assert_eq!(names, ["arp_ignore", "net.ipv4.conf.eth0.rp_filter", "tcp_sack"]);
}

#[test]
fn a_form_stays_a_form_as_long_as_it_can() {
    let router = named("r");
    let text = print(&router).replace("policy drop", "policy accept");
    let changed = read(&text, &router).unwrap();
    assert!(changed.nft.is_empty() && changed.filter.input.is_some());
    let odd = print(&router).replace("ct state invalid,untracked counter drop", "ip ttl 1 drop");
    let changed = read(&odd, &router).unwrap();
    assert!(!changed.nft.is_empty() && changed.filter.is_empty() && changed.nat.is_empty());
}

prop_compose! {
    fn any_route()(bits: u32, length in 0_u8..=32, via: Option<u32>, dev in 0_u8..3, metric in 0_u32..5, mtu in prop::option::of(68_u16..), onlink: bool, kind in 0_u8..4) -> Route {
        Route {
            via: via.map(Into::into),
            dev: (dev > 0).then(|| format!("eth{dev}")),
            metric,
            mtu,
            onlink,
            kind: [RouteType::Unicast, RouteType::Unreachable, RouteType::Prohibit, RouteType::Blackhole][usize::from(kind)],
            ..Route::via(Network(ipnet::Ipv4Net::new(bits.into(), length).unwrap()), [0, 0, 0, 0].into())
        }
    }
}

proptest! {
    /// Any device that the format can express.
    #[test]
    fn any_device_is_printed_and_read(
        routes in prop::collection::vec(any_route(), 0..6),
        names in prop::collection::btree_map("[a-z_.]{1,12}|rp_filter|tcp_sack|net\\.ipv4\\.conf\\.eth0\\.rp_filter|ip_forward|nf_conntrack_max", -5_i64..5, 0..5),
        names_of_interfaces in prop::collection::btree_set("[a-zA-Z0-9_#%$-]{1,15}", 0..4),
        addresses in prop::collection::vec((any::<u32>(), 0_u8..=32), 0..4),
        (mtu, delay, gateway, forwards) in (68_u16.., 0_u64..1_000_000, any::<Option<u32>>(), any::<bool>()),
    ) {
        let addresses: Vec<_> = addresses.into_iter().map(|(bits, length)| ipnet::Ipv4Net::new(bits.into(), length).unwrap()).collect();
        let interfaces = names_of_interfaces.into_iter().filter(|name| name != "lo").map(|name| Interface {
            addresses: addresses.clone(),
            mtu,
            delay_ms: crate::document::Millis::from_micros(delay),
            ..Interface::new(name, "A")
        });
        let device = Device {
            interfaces: interfaces.collect(),
            routes,
            gateway: gateway.map(Into::into),
            settings: names.into_iter().map(|(name, value)| (name, SettingValue::Number(value))).collect(),
            ..Device::new("x", if forwards { Kind::Router } else { Kind::Host })
        };
        let text = print(&device);
        prop_assert_eq!(read(&text, &device).map_err(|problems| format!("{problems:?}\n{text}")), Ok(device.clone()));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(ip |addr |route |add |dev |eth0 |10.0.0.1/8 |via |nft |sysctl |-w |-f - <<E|\n|x=1 |'|\"|\\\\|.){0,30}") {
        let _ = read(&text, &named("pc"));
    }
}
