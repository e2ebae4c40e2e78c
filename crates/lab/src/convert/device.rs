//! Devices.

use super::Index;
use crate::document::{self, Device, RouteType, ServiceKind, SettingValue};
use crate::nft::Rules;
use crate::problem::{Problem, ProblemId, similar};
use ipnet::Ipv4Net;
use roundtrip_sim::netfilter::ruleset::Ruleset;
use roundtrip_sim::scenario::{IfIndex, Interface, Listener, Node, RecvUntil, Route, RouteKind, Service, SocketStep, System};
use roundtrip_sim::sysctl::{Sysctl, SysctlNameError, SysctlScope, SysctlSetting};
use roundtrip_wire::Mac;
use roundtrip_wire::order;
use std::collections::BTreeMap;

pub(super) fn node(index: &Index<'_>, device: &Device, macs: &[Mac], path: &str, problems: &mut Vec<Problem>) -> (Node, Rules) {
    let interfaces = device
        .interfaces
        .iter()
        .zip(macs)
        .map(|(interface, mac)| Interface {
            name: interface.name.clone(),
            segment: interface.segment.as_deref().and_then(|name| index.segment(name)),
            mac: *mac,
            addresses: interface.addresses.clone(),
            mtu: interface.mtu,
            delay: interface.delay_ms.into(),
        })
        .collect();
    let mut routes: Vec<Route> = device.routes.iter().filter_map(|route| self::route(device, route)).collect();
    if let Some(gateway) = device.gateway {
        routes.push(default_route(gateway));
    }
    let (rules, wrong) = super::initial_rules(device, path);
    problems.extend(wrong);
    let ruleset: Ruleset = rules.ruleset().clone();
    let node = Node {
        name: device.name.clone(),
        system: match device.system {
            document::System::Windows => System::Windows,
            document::System::Linux | document::System::Generic => System::Linux,
        },
        interfaces,
        routes,
        sysctls: device_settings(device, path, problems),
        ruleset,
        listeners: device.services.iter().filter_map(listener).collect(),
    };
    (node, rules)
}

const fn default_route(gateway: std::net::Ipv4Addr) -> Route {
    let destination = Ipv4Net::new_assert(std::net::Ipv4Addr::UNSPECIFIED, 0);
    Route { destination, via: Some(gateway), dev: None, src: None, metric: 0, mtu: None, onlink: false, kind: RouteKind::Unicast }
}

/// A route, unless it names an interface that is not there.
pub(super) fn route(device: &Device, route: &document::Route) -> Option<Route> {
    let dev = match &route.dev {
        Some(name) => {
            let place = device.interfaces.iter().position(|interface| interface.name == *name)?;
            Some(IfIndex(u16::try_from(place).ok()?))
        }
        None => None,
    };
    Some(Route {
        destination: route.to.0,
        via: route.via,
        dev,
        src: route.src,
        metric: route.metric,
        mtu: route.mtu,
        onlink: route.onlink,
        kind: match route.kind {
            RouteType::Unicast => RouteKind::Unicast,
            RouteType::Unreachable => RouteKind::Unreachable,
            RouteType::Prohibit => RouteKind::Prohibit,
            RouteType::Blackhole => RouteKind::Blackhole,
        },
    })
}

/// A device's settings in the order in which they are written: what its kind brings, then its own. What its system brings the
/// simulation knows.
fn device_settings(device: &Device, path: &str, problems: &mut Vec<Problem>) -> Vec<SysctlSetting> {
    let everywhere = |key, value| SysctlSetting { key, scope: SysctlScope::Everywhere, value };
    let mut out = Vec::new();
    if device.kind.forwards() {
        out.push(everywhere(Sysctl::IpForward, 1));
    }
    let own = settings(device, &device.settings, &format!("{path}/settings"), problems);
    // The kernel resets what depends on `ip_forward` when it is written, so that writing it twice is not writing it once.
    if own.iter().any(|setting| setting.key == Sysctl::IpForward) {
        out.retain(|setting| setting.key != Sysctl::IpForward);
        let (first, rest): (Vec<_>, Vec<_>) = own.into_iter().partition(|setting| setting.key == Sysctl::IpForward);
        out = first.into_iter().chain(out).chain(rest).collect();
    } else {
        out.extend(own);
    }
    out
}

/// Settings in the order in which they are written: `ip_forward`, then what is for the whole device, then what is for one
/// interface, so that the narrower one stays.
pub(super) fn settings(
    device: &Device,
    settings: &BTreeMap<String, SettingValue>,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Vec<SysctlSetting> {
    let names: Vec<&str> = device.interfaces.iter().map(|interface| interface.name.as_str()).collect();
    let mut out = Vec::new();
    for (name, value) in settings {
        let place = crate::problem::join_path(path, name);
        match Sysctl::resolve(name, &names) {
            Ok((key, scope)) => {
                let (min, max) = key.range();
                match value.number() {
                    Some(number) if (min..=max).contains(&number) => out.push(SysctlSetting { key, scope, value: number }),
                    _ => {
                        let shown = match value {
                            SettingValue::Number(number) => number.to_string(),
                            SettingValue::Text(text) => text.clone(),
                        };
                        problems.push(
                            Problem::new(ProblemId::SettingRange, place)
                                .with("setting", name)
                                .with("found", shown)
                                .with("min", min)
                                .with("max", max),
                        );
                    }
                }
            }
            Err(SysctlNameError::UnknownInterface(interface)) => {
                problems.push(
                    Problem::new(ProblemId::UnknownInterface, place)
                        .with("device", &device.name)
                        .with("similar", similar(&interface, names.iter().copied()))
                        .with("name", interface),
                );
            }
            Err(SysctlNameError::UnknownKey(_)) => {
                let meant = similar(name, Sysctl::ALL.iter().map(|key| key.name()));
                problems.push(Problem::new(ProblemId::SettingUnknown, place).with("setting", name).with("similar", meant));
            }
        }
    }
    order::sort_by_key(&mut out, |setting| {
        let width = match setting.scope {
            SysctlScope::Everywhere => 0,
            SysctlScope::All => 1,
            SysctlScope::Default => 2,
            SysctlScope::Interface(_) => 3,
        };
        (setting.key != Sysctl::IpForward, width)
    });
    out
}

fn listener(service: &document::Service) -> Option<Listener> {
    let send = |len: u32| SocketStep::Send { len, http_host: None };
    let recv = |until| SocketStep::Recv { until, within: None };
    let service_does = match &service.kind {
        ServiceKind::Http { response, close_delay } => {
            Service::Tcp(vec![recv(RecvUntil::BlankLine), send(*response), SocketStep::Sleep((*close_delay).into()), SocketStep::Close])
        }
        ServiceKind::Ssh { banner, client_banner, response } => Service::Tcp(vec![
            send(*banner),
            recv(RecvUntil::Bytes(*client_banner)),
            send(*response),
            recv(RecvUntil::Eof),
            SocketStep::Close,
        ]),
        ServiceKind::Echo => Service::Tcp(vec![SocketStep::Echo, SocketStep::Close]),
        ServiceKind::Script { steps } => Service::Tcp(steps.iter().map(|step| self::step(step, None)).collect()),
        ServiceKind::UdpEcho { reply, any_source } => Service::UdpEcho { reply: *reply, plain: *any_source },
        ServiceKind::UdpSink => Service::UdpSink,
        ServiceKind::Closed => return None,
    };
    Some(Listener { bind: service.bind, port: service.port, service: service_does })
}

/// A step of a script; a client's with the host that its requests name.
pub(super) fn step(step: &document::Step, host: Option<&str>) -> SocketStep {
    match step {
        document::Step::Send(len) => SocketStep::Send { len: *len, http_host: host.map(str::to_owned) },
        document::Step::Recv { what, within } => SocketStep::Recv {
            until: match what {
                document::Recv::Bytes(bytes) => RecvUntil::Bytes(*bytes),
                document::Recv::Eof => RecvUntil::Eof,
                document::Recv::Request => RecvUntil::BlankLine,
            },
            within: within.map(Into::into),
        },
        document::Step::Sleep(time) => SocketStep::Sleep((*time).into()),
        document::Step::Keepalive(keepalive) => {
            SocketStep::KeepAlive { idle: keepalive.idle.into(), interval: keepalive.interval.into(), count: keepalive.count }
        }
        document::Step::Echo => SocketStep::Echo,
        document::Step::Shutdown => SocketStep::Shutdown,
        document::Step::Close => SocketStep::Close,
        document::Step::Abort => SocketStep::Abort,
    }
}
