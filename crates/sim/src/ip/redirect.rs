//! Following an ICMP redirect, or not (RFC 1122 section 3.2.2.2; kernel: `__ip_do_redirect`).

use crate::node::{Host, Parcel, connections};
use crate::routing::{FibKind, RouteId};
use crate::sysctl::Sysctl;
use crate::trace::{RedirectIgnored, Step};
use roundtrip_wire::Ipv4;
use std::net::Ipv4Addr;

impl Host<'_> {
    /// A gateway says that `gateway` is nearer to where `quoted` went. The first such advice about a gateway whose Ethernet
    /// address is unknown only makes this node ask for it; the next one is followed.
    pub(crate) fn redirect_in(&mut self, parcel: &Parcel, gateway: Ipv4Addr, quoted: &Ipv4) {
        let step = match self.judge_redirect(parcel, gateway, quoted) {
            Ok(step) => step,
            Err(because) => Step::RedirectIgnored { because },
        };
        self.world.step(parcel.visit, step);
    }

    /// A first exception of a route for some destination: every connection that uses the route looks whether it is meant
    /// (kernel: `update_or_create_fnhe`).
    pub(crate) fn exception_made(&mut self, route: RouteId) {
        let fib = &self.core.fib;
        let users = connections(self.tcp, self.world.now).filter(|(_, remote)| fib.lookup(remote.0).is_some_and(|entry| entry.id == route));
        self.core.outdated.add(users);
    }

    fn judge_redirect(&mut self, parcel: &Parcel, gateway: Ipv4Addr, quoted: &Ipv4) -> Result<Step, RedirectIgnored> {
        let now = self.now();
        let sender = parcel.ip.src;
        let dev = parcel.skb.in_if.ok_or(RedirectIgnored::NoRoute)?;
        let entry = self.core.fib.lookup(quoted.dst).filter(|entry| entry.kind == FibKind::Unicast).ok_or(RedirectIgnored::NoRoute)?;
        let id = entry.id;
        let ends = quoted.tcp().map(|tcp| ((quoted.src, tcp.src_port), (quoted.dst, tcp.dst_port)));
        if ends.is_some_and(|ends| self.core.outdated.contains(ends)) {
            return Err(RedirectIgnored::NoRoute);
        }
        let route = self.core.as_route(entry, quoted.dst, now);
        if route.via != Some(sender) {
            return Err(RedirectIgnored::NotFromGateway);
        }
        if !self.core.sysctls.is_on_at(dev, Sysctl::AcceptRedirects) {
            let forwarding = self.core.sysctls.on(dev, Sysctl::Forwarding) != 0;
            return Err(if forwarding { RedirectIgnored::Forwarding } else { RedirectIgnored::NotAccepted });
        }
        if gateway == sender || gateway.is_multicast() || gateway.is_broadcast() || gateway.octets().first() == Some(&0) {
            return Err(RedirectIgnored::GatewayImpossible);
        }
        if self.core.sysctls.is_on_at(dev, Sysctl::SharedMedia) {
            let kind = self.core.fib.lookup(gateway).map(|entry| entry.kind);
            if matches!(kind, Some(FibKind::Local | FibKind::Broadcast)) {
                return Err(RedirectIgnored::GatewayImpossible);
            }
        } else {
            if !self.core.same_subnet(dev, gateway, sender) {
                return Err(RedirectIgnored::GatewayNotOnLink);
            }
            let listed = || {
                // The list has the next hops of all routes, not of the default ones alone (`ip_fib_check_default`).
                self.core.fib.entries().iter().any(|entry| entry.via == Some(gateway) && entry.dev == dev)
            };
            if self.core.sysctls.is_on_at(dev, Sysctl::SecureRedirects) && !listed() {
                return Err(RedirectIgnored::GatewayNotListed);
            }
        }
        let (known, todo) = self.core.neighbours.look(route.dev, gateway, now, &self.core.sysctls);
        self.neighbour_todo(route.dev, gateway, Some((parcel.packet, parcel.ip.dst)), todo);
        if !known {
            return Ok(Step::RedirectResolving { gateway });
        }
        if !self.core.learned.exists(id, quoted.dst) {
            self.exception_made(id);
        }
        self.core.learned.redirect(id, quoted.dst, gateway, now);
        self.core.outdated.add(ends);
        Ok(Step::RedirectAccepted { gateway })
    }
}
