//! SEGMENT ARRIVES in SYN-SENT (RFC 9293 section 3.10.7.3).

use super::super::TcpEvent;
use super::super::context::Context;
use super::super::options::{Announced, TIMESTAMPS_LEN};
use super::super::reply::send_reset;
use super::super::segment_out::{Nagle, Origin, Outgoing};
use super::super::seq::Seq;
use super::super::socket::{Connection, Pending};
use super::super::state::State;
use super::Arrived;
use super::ack::Handling;
use crate::time::SimTime;
use crate::trace::TcpDrop;
use roundtrip_wire::TcpFlags;

impl Connection {
    pub(super) fn in_syn_sent(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        let flags = segment.tcp.flags;
        self.options.arrived = segment.tcp.options.timestamps.map(|stamps| (stamps.value, stamps.echo));
        // First check the ACK bit.
        if flags.ack() {
            let wrong = !segment.ack.after(self.snd.una) || segment.ack.after(self.snd.nxt);
            if wrong || self.echoes_nonsense(cx) {
                if wrong && self.timers.retransmits == 0 {
                    // The answer belongs to an older connection: try again as soon as that is cleared.
                    self.start_retransmit_timer(cx, Pending::Retransmission, SimTime::from_millis(8));
                }
                self.options.arrived = None;
                send_reset(cx, segment.ip, segment.tcp);
                cx.discard(TcpDrop::BadAck);
                return;
            }
        }
        // Second check the RST bit.
        if flags.rst() {
            if flags.ack() {
                self.reset(cx);
            } else {
                cx.discard(TcpDrop::BadAck);
            }
            return;
        }
        // Fourth check the SYN bit.
        if !flags.syn() {
            cx.discard(TcpDrop::NoAck);
            return;
        }
        if flags.ack() { self.syn_acknowledged(cx, segment) } else { self.simultaneous_open(cx, segment) }
    }

    /// The echoed timestamp is none that we sent in a SYN.
    fn echoes_nonsense(&self, cx: &Context<'_>) -> bool {
        let (Some(echoed), Some(since)) = (self.echoed_millis(), self.recovery.first_resent) else { return false };
        !Seq(echoed).between(Seq(since.as_millis() as u32), Seq(cx.now.as_millis() as u32))
    }

    /// Takes over what the SYN announces.
    fn learn(&mut self, cx: &Context<'_>, segment: &Arrived<'_>) {
        let announced = Announced::of(cx, segment.tcp);
        let options = &mut self.options;
        options.mss_clamp = announced.mss;
        options.sack = announced.sack;
        options.window_scaling = announced.wscale.is_some();
        options.snd_wscale = announced.wscale.unwrap_or(0);
        options.timestamps = announced.timestamps.is_some();
        if announced.wscale.is_none() {
            options.rcv_wscale = 0;
            self.window.unscaled();
        }
        if announced.timestamps.is_none() {
            self.options.arrived = None;
        }
    }

    /// Our SYN is acknowledged: ESTABLISHED.
    fn syn_acknowledged(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        self.learn(cx, &segment);
        self.snd.wl1 = segment.seq;
        self.forget_spurious_syn();
        // It was checked to be acceptable.
        let _ = self.ack_arrived(cx, segment, Handling::SynSent);
        self.rcv.nxt = segment.seq + 1;
        self.rcv.wup = self.rcv.nxt;
        self.snd.wnd = u32::from(segment.tcp.window);
        self.snd.header = 20;
        if self.options.timestamps {
            self.snd.header += TIMESTAMPS_LEN;
            self.advmss = self.advmss.saturating_sub(TIMESTAMPS_LEN);
            self.store_ts_recent(cx);
        }
        let mtu = self.snd.mtu;
        self.sync_mss(mtu);
        self.guess_rcv_mss();
        self.rcv.copied = self.rcv.nxt;
        self.state = State::Established;
        self.ack.data_at = cx.now;
        self.start_transfer(cx);
        self.snd.last_data_at = cx.now;
        self.restart_keepalive(cx);
        cx.tell(self.id, TcpEvent::Connected);
        if self.snd.queue.is_empty() {
            self.send_ack(cx);
        } else {
            self.expect_data_with_ack(cx);
        }
        self.push_pending(cx, Nagle::On);
    }

    /// A SYN without ACK: both sides have opened at once (RFC 9293 section 3.5).
    fn simultaneous_open(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        self.learn(cx, &segment);
        self.state = State::SynReceived;
        self.snd.header = 20;
        if self.options.timestamps {
            self.snd.header += TIMESTAMPS_LEN;
            self.store_ts_recent(cx);
        }
        self.rcv.nxt = segment.seq + 1;
        self.rcv.copied = self.rcv.nxt;
        self.rcv.wup = self.rcv.nxt;
        self.snd.wnd = u32::from(segment.tcp.window);
        self.snd.wl1 = segment.seq;
        self.snd.max_window = self.snd.wnd;
        let mtu = self.snd.mtu;
        self.sync_mss(mtu);
        self.guess_rcv_mss();
        let Some(syn) = self.snd.rtx.front_mut() else { return };
        syn.ack = true;
        let seq = syn.seq;
        // Without a route the SYN,ACK goes out with the retransmission timer.
        let _ = self.transmit(cx, Outgoing::bare(seq, TcpFlags::SYN | TcpFlags::ACK, Origin::Answer(cx.cause)));
        if let Some(syn) = self.snd.rtx.front_mut() {
            syn.sent_at = cx.now;
        }
    }
}
