//! UDP sockets and what comes for them (RFC 768; kernel: `net/ipv4/udp.c`).

use crate::ip::icmp_error::About;
use crate::node::{Host, Parcel};
use crate::sysctl::Sysctl;
use crate::trace::{DropReason, Errno, PacketId, Why};
use crate::world::Signal;
use roundtrip_wire::{IpBody, Ipv4, Payload, Udp, UnreachableCode};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Bound ports: by port, the addresses they are bound to (unspecified is all).
#[derive(Clone, Debug, Default)]
pub(crate) struct UdpSockets {
    bound: BTreeMap<u16, Vec<Ipv4Addr>>,
}

impl UdpSockets {
    /// Binds a port.
    ///
    /// # Errors
    /// `EADDRINUSE` if it is taken.
    pub(crate) fn bind(&mut self, address: Option<Ipv4Addr>, port: u16) -> Result<(), Errno> {
        let address = address.unwrap_or(Ipv4Addr::UNSPECIFIED);
        let here = self.bound.entry(port).or_default();
        if here.iter().any(|other| *other == address || other.is_unspecified() || address.is_unspecified()) {
            return Err(Errno::Eaddrinuse);
        }
        here.push(address);
        Ok(())
    }

    /// Gives a port back.
    pub(crate) fn release(&mut self, address: Option<Ipv4Addr>, port: u16) {
        if let Some(here) = self.bound.get_mut(&port) {
            here.retain(|other| *other != address.unwrap_or(Ipv4Addr::UNSPECIFIED));
        }
    }

    /// Does anybody wait at this address and port?
    pub(crate) fn is_bound(&self, address: Ipv4Addr, port: u16) -> bool {
        self.bound.get(&port).is_some_and(|here| here.iter().any(|bound| bound.is_unspecified() || *bound == address))
    }
}

/// How a datagram is sent.
#[derive(Clone, Debug)]
pub(crate) struct Datagram {
    pub(crate) local: (Ipv4Addr, u16),
    pub(crate) remote: (Ipv4Addr, u16),
    pub(crate) payload: Payload,
    /// `IP_MTU_DISCOVER`: DO (true), DONT (false), WANT (none).
    pub(crate) df: Option<bool>,
    pub(crate) ttl: Option<u8>,
}

impl Host<'_> {
    /// A datagram came in.
    pub(crate) fn udp_in(&mut self, parcel: &Parcel, broadcast: bool) {
        let Some(udp) = parcel.ip.udp() else { return };
        if self.core.udp.is_bound(parcel.ip.dst, udp.dst_port) || (broadcast && self.core.udp.is_bound(Ipv4Addr::UNSPECIFIED, udp.dst_port))
        {
            self.world.signals.push(Signal::Udp {
                node: self.core.id,
                local: (parcel.ip.dst, udp.dst_port),
                remote: (parcel.ip.src, udp.src_port),
                payload: udp.payload.clone(),
                packet: parcel.packet,
            });
            return;
        }
        if !broadcast {
            self.icmp_error(parcel, About::Unreachable(UnreachableCode::Port, 0), true);
        }
        self.lose(parcel, DropReason::NoSocket);
    }

    /// Sends a datagram.
    ///
    /// # Errors
    /// As `sendto` would fail.
    pub(crate) fn udp_send(
        &mut self,
        datagram: Datagram,
        why: Why,
        parent: Option<PacketId>,
        action: Option<crate::ActionId>,
    ) -> Result<PacketId, Errno> {
        let Datagram { local, remote, payload, df, ttl } = datagram;
        let body = IpBody::Udp(Arc::new(Udp { src_port: local.1, dst_port: remote.1, payload }));
        self.send_datagram(local.0, remote.0, body, df, ttl, why, parent, action)
    }

    /// Sends what a datagram socket, raw ones included, sends: with DF as the socket's path MTU discovery has it.
    ///
    /// # Errors
    /// `EMSGSIZE` if it must not be cut and is too long, and what routing says.
    #[expect(clippy::too_many_arguments, reason = "one call with everything that a socket knows")]
    pub(crate) fn send_datagram(
        &mut self,
        source: Ipv4Addr,
        to: Ipv4Addr,
        body: IpBody,
        df: Option<bool>,
        ttl: Option<u8>,
        why: Why,
        parent: Option<PacketId>,
        action: Option<crate::ActionId>,
    ) -> Result<PacketId, Errno> {
        let now = self.now();
        let route = self.core.route_output(to, (!source.is_unspecified()).then_some(source), false, now)?;
        if route.broadcast {
            return Err(Errno::Eacces);
        }
        // Sockets are made with `IP_PMTUDISC_DONT` if `ip_no_pmtu_disc` says so.
        let df = df.or(self.core.is_on(Sysctl::IpNoPmtuDisc).then_some(false));
        let len = Ipv4::HEADER_LEN + body.wire_len();
        let fits = len <= usize::from(route.mtu);
        if len > Ipv4::MAX_LEN || (df == Some(true) && !fits) {
            return Err(Errno::Emsgsize);
        }
        let id = self.core.ip_id();
        let ip = Ipv4 {
            src: source,
            dst: to,
            ttl: ttl.unwrap_or_else(|| self.core.default_ttl()),
            tos: 0,
            id,
            df: df.unwrap_or(fits && !route.mtu_locked) && fits,
            body,
        };
        let packet = self.world.packet(self.core.id, why, parent, action);
        self.send_routed(Parcel::new(ip, packet, None), route)?;
        Ok(packet)
    }
}
