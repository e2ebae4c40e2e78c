//! One forged TCP segment, with numbers learned from what has crossed an interface.

use crate::node::Parcel;
use crate::scenario::{self, ActionId, ActionKind};
use crate::simulation::Simulation;
use crate::trace::{ActionResult, Outcome, Why};
use roundtrip_wire::{IpBody, Ipv4, Payload, Tcp, TcpFlags, TcpOptions};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// What was seen of one direction.
#[derive(Clone, Copy)]
struct Seen {
    next: u32,
    src: Ipv4Addr,
    dst: Ipv4Addr,
}

impl Simulation {
    pub(crate) fn inject(&mut self, action: ActionId, inject: &scenario::Inject) {
        let failed = || Outcome::new(ActionResult::Error);
        let scenario = Arc::clone(&self.scenario);
        let Some(ActionKind::Tcp(client)) = scenario.actions.get(inject.flow_of.0 as usize).map(|flow| &flow.kind) else {
            self.apps.finish(action, failed());
            return;
        };
        let (spoofed, other) = if inject.as_server { (client.port, client.source_port) } else { (client.source_port, client.port) };
        let Some(mine) = self.seen(inject, spoofed, other) else {
            self.apps.finish(action, failed());
            return;
        };
        let theirs = self.seen(inject, other, spoofed);
        let shift = |number: u32, by: i64| number.wrapping_add(by as u32);
        let ack = if inject.flags.contains(TcpFlags::ACK) { theirs.map_or(0, |theirs| shift(theirs.next, inject.ack_offset)) } else { 0 };
        let segment = Tcp {
            src_port: spoofed,
            dst_port: other,
            seq: shift(mine.next, inject.seq_offset),
            ack,
            flags: inject.flags,
            window: 512,
            options: TcpOptions::default(),
            payload: Payload::new(vec![b'I'; (inject.len as usize).min(Ipv4::MAX_LEN - 40)]),
        };
        let ip =
            Ipv4 { src: mine.src, dst: mine.dst, ttl: inject.ttl, tos: 0, id: 0x7777, df: false, body: IpBody::Tcp(Arc::new(segment)) };
        let Some(mut host) = self.host(inject.from) else { return };
        let packet = host.world.packet(inject.from, Why::Injected, None, Some(inject.flow_of));
        let result = if host.send_local(Parcel::new(ip, packet, None), true).is_ok() { ActionResult::Ok } else { ActionResult::Error };
        self.apps.finish(action, Outcome::new(result));
    }

    /// The last segment in a direction that the watched interface has seen, resets left out.
    fn seen(&self, inject: &scenario::Inject, from: u16, to: u16) -> Option<Seen> {
        crate::capture::at(&self.world.rec.frames, &self.world.rec.visits, inject.observe)
            .filter_map(|sighting| {
                let ip = sighting.frame.ipv4()?;
                let tcp = ip.tcp()?;
                let fits = tcp.src_port == from && tcp.dst_port == to && !tcp.flags.rst();
                fits.then(|| Seen { next: tcp.seq.wrapping_add(tcp.segment_len()), src: ip.src, dst: ip.dst })
            })
            .last()
    }
}
