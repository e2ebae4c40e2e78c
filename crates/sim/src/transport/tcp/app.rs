//! What applications do: OPEN, SEND, RECEIVE, CLOSE, ABORT (RFC 9293 sections 3.10.1 to 3.10.5).

use super::context::{Context, RTO_INITIAL, TIME_WAIT_LEN};
use super::options::{TIMESTAMPS_LEN, advertised_mss};
use super::segment_out::{Origin, Outgoing};
use super::seq::Seq;
use super::socket::{Connection, DEFAULT_MSS, Pending, Sent};
use super::state::State;
use super::timewait::Successor;
use super::window::first_offer;
use super::{Endpoint, Received, SocketId, TcpRoute, TcpTimer};
use crate::scenario::ActionId;
use crate::sysctl::Sysctl;
use crate::trace::Errno;
use roundtrip_wire::{Payload, TcpFlags};

impl Connection {
    /// Active OPEN: sends the SYN.
    pub(super) fn open(
        cx: &mut Context<'_>,
        id: SocketId,
        local: Endpoint,
        remote: Endpoint,
        action: Option<ActionId>,
        route: TcpRoute,
        before: Option<Successor>,
    ) -> Self {
        let iss = before.map_or_else(|| Seq(cx.env.initial_sequence(local, remote)), |before| before.iss);
        let mut connection = Self::new(cx, id, local, remote, action, iss);
        if let Some(before) = before {
            connection.options.ts_recent = before.ts_recent;
            connection.options.ts_recent_at = Some(cx.now);
        }
        connection.state = State::SynSent;
        connection.options.mss_clamp = DEFAULT_MSS;
        connection.snd.header = 20 + if cx.sysctl(Sysctl::TcpTimestamps) != 0 { TIMESTAMPS_LEN } else { 0 };
        // Whoever probes always begins small with the SYN: the first pacing rate comes of it.
        connection.start_mtu_probing(cx, true);
        connection.sync_mss(u32::from(route.mtu));
        connection.advmss = u32::from(advertised_mss(route.advertised_mtu));
        connection.guess_rcv_mss();
        let known = if before.is_some() { connection.snd.header - 20 } else { 0 };
        let offer = first_offer(cx, connection.advmss.saturating_sub(known), true);
        connection.options.rcv_wscale = offer.wscale;
        connection.window.open(offer);
        connection.recovery.first_resent = Some(cx.now);
        // Without a route the SYN goes out with the retransmission timer.
        let packet = connection.transmit(cx, Outgoing::bare(iss, TcpFlags::SYN, Origin::First)).ok();
        let snd = &mut connection.snd;
        (snd.nxt, snd.write, snd.pushed) = (iss + 1, iss + 1, iss + 1);
        snd.rtx.push_back(Sent {
            seq: iss,
            end: iss + 1,
            syn: true,
            ack: false,
            push: false,
            fin: false,
            mss: u32::MAX,
            count: 1,
            sent_at: cx.now,
            serial: 0,
            packet,
            sacked: false,
            lost: false,
            resent: false,
            ever_resent: false,
            delivered: 0,
        });
        connection.recovery.out = 1;
        connection.start_retransmit_timer(cx, Pending::Retransmission, RTO_INITIAL);
        connection
    }

    /// SEND. Everything is queued.
    pub(super) fn send(&mut self, cx: &mut Context<'_>, data: Payload) -> Result<(), Errno> {
        self.check_writable()?;
        if !data.is_empty() {
            self.write(cx, &data, false);
        }
        Ok(())
    }

    /// SEND. As much is queued as the send buffer takes.
    pub(super) fn send_some(&mut self, cx: &mut Context<'_>, data: &Payload) -> Result<usize, Errno> {
        self.check_writable()?;
        let taken = self.write(cx, data, true) as usize;
        self.snd.starved = taken < data.len();
        Ok(taken)
    }

    fn check_writable(&mut self) -> Result<(), Errno> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if self.no_more_send || !self.state.may_send() { Err(Errno::Epipe) } else { Ok(()) }
    }

    /// RECEIVE: at most `max` bytes.
    pub(super) fn receive(&mut self, cx: &mut Context<'_>, max: usize) -> Received {
        let mut received = Received::default();
        let mut left = max;
        while left > 0 {
            let Some((bytes, memory)) = self.rcv.queue.pop_front() else { break };
            let taken = bytes.len().min(left);
            left -= taken;
            self.rcv.copied += taken as u32;
            self.window.consumed(self.rcv.copied, self.rcv.nxt - u32::from(self.rcv.fin), self.advmss, cx.now);
            if taken < bytes.len() {
                received.bytes.push(bytes.slice(0, taken));
                self.rcv.queue.push_front((bytes.slice(taken, bytes.len()), memory));
                break;
            }
            self.window.used = self.window.used.saturating_sub(memory);
            received.bytes.push(bytes);
        }
        let copied = received.len() as u32;
        if copied > 0 {
            self.after_read(cx, copied);
        } else if let Some(error) = self.error.take() {
            received.error = Some(error);
        }
        received.eof = self.is_at_end();
        self.rcv.fin_read |= received.eof && self.rcv.fin;
        received
    }

    /// Bytes to be read.
    pub(super) fn unread(&self) -> usize {
        self.rcv.queue.iter().map(|(bytes, _)| bytes.len()).sum()
    }

    /// Everything is read and nothing more will come.
    pub(super) fn is_at_end(&self) -> bool {
        self.rcv.queue.is_empty() && self.error.is_none() && (self.rcv.fin || self.state == State::Closed)
    }

    /// Ends the sending half (`shutdown(SHUT_WR)`).
    pub(super) fn shutdown(&mut self, cx: &mut Context<'_>) {
        if !self.state.may_send() || self.no_more_send {
            return;
        }
        self.no_more_send = true;
        if self.state == State::SynReceived {
            // The FIN goes out once the handshake is complete.
            return;
        }
        let (next, fin) = self.state.on_close();
        if next == State::Closed {
            self.done(cx, None);
            return;
        }
        self.state = next;
        if fin {
            self.send_fin(cx);
        }
    }

    /// CLOSE. The application lets the socket go.
    pub(super) fn close(&mut self, cx: &mut Context<'_>) {
        let unread = !self.rcv.queue.is_empty();
        self.no_more_recv = true;
        self.rcv.queue.clear();
        self.window.used = self.rcv.early.iter().map(|early| early.memory).sum();
        if self.state == State::Closed {
            self.orphan = true;
            return;
        }
        if unread {
            // What was sent to us is lost: the other side must know (RFC 9293 section 3.6.1, RFC 2525 section 2.17).
            self.send_active_reset(cx, Origin::Application);
            self.orphan = true;
            self.done(cx, None);
            return;
        }
        let (next, fin) = self.state.on_close();
        if next == State::Closed {
            self.orphan = true;
            self.done(cx, None);
            return;
        }
        self.no_more_send = true;
        self.state = next;
        if fin {
            self.send_fin(cx);
        }
        self.orphan = true;
        if self.state == State::FinWait2 {
            let lasts = self.fin_time(cx);
            if lasts > TIME_WAIT_LEN {
                self.timers.keepalive.set(cx, self.id, TcpTimer::KeepAlive, cx.now + (lasts - TIME_WAIT_LEN));
            } else {
                self.enter_fin_wait2_without_application(cx, lasts);
            }
        }
    }

    /// ABORT: lets the socket go with a RST.
    pub(super) fn abort(&mut self, cx: &mut Context<'_>) {
        let unsent_fin = matches!(self.state, State::Closing | State::LastAck) && self.snd.nxt != self.snd.write;
        if self.state.abort_resets() || unsent_fin {
            self.send_active_reset(cx, Origin::Application);
        }
        self.orphan = true;
        self.rcv.queue.clear();
        self.drop_send_queues();
        self.done(cx, None);
    }
}
