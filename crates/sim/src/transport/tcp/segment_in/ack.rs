//! Fifth check: the ACK field (RFC 9293 section 3.10.7.4), and all that an acknowledgement sets going.

use super::super::context::{Context, jiffies};
use super::super::segment_out::Nagle;
use super::super::seq::Seq;
use super::super::socket::{Connection, Pending};
use super::super::state::{Path, State};
use super::{Arrived, older_timestamp};
use crate::sysctl::Sysctl;
use crate::time::SimTime;

/// A timestamp that was echoed later than this, in milliseconds, tells nothing.
pub(in super::super) const LONGEST_ECHO: u32 = 2_147_483;

/// From where an acknowledgement is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handling {
    SynSent,
    Established,
    /// The caller sends the challenge itself.
    Other,
}

/// What an acknowledgement has shown.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent findings of one look")]
pub(super) struct Findings {
    /// The segment carries data.
    pub(super) data: bool,
    /// The window was updated.
    pub(super) window: bool,
    /// Data was acknowledged.
    pub(super) data_acked: bool,
    /// Something was acknowledged that had been sent more than once.
    pub(super) resent_acked: bool,
    /// Our SYN was acknowledged.
    pub(super) syn_acked: bool,
    /// Something is newly reported as held.
    pub(super) sacked: bool,
    /// SND.UNA has moved.
    pub(super) advanced: bool,
    /// Something that was sent only once has arrived.
    pub(super) original_arrived: bool,
    /// A duplicate was reported (RFC 2883).
    pub(super) dsack: bool,
    /// ... of a tail-loss probe.
    pub(super) dsack_of_probe: bool,
    /// The other side has dropped what it had reported as held.
    pub(super) reneging: bool,
    /// The retransmission timer is to be set anew.
    pub(super) restart_timer: bool,
    /// A retransmission was lost too.
    pub(super) lost_resent: bool,
    /// Lowest segment that arrived although later ones had before.
    pub(super) reordered: Option<Seq>,
    /// Segments that SACK shows as arrived.
    pub(super) sack_delivered: u32,
    /// When the first and the last of the newly held segments were sent.
    pub(super) sack_sent: Option<(SimTime, SimTime)>,
}

impl Findings {
    pub(super) const fn acked(&self) -> bool {
        self.data_acked || self.syn_acked
    }

    /// Not a duplicate acknowledgement.
    pub(super) const fn not_duplicate(&self) -> bool {
        self.data || self.window || self.acked()
    }
}

/// What is sent again once the congestion window is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Resend {
    #[default]
    Nothing,
    Lost,
    /// New data first, to see whether the timeout was too early.
    NewData,
}

impl Connection {
    /// The window of a segment may be believed (RFC 9293 section 3.10.7.4: SND.WL1 and SND.WL2).
    pub(super) const fn updates_window(&self, ack: Seq, seq: Seq, window: u32) -> bool {
        ack.after(self.snd.una) || seq.after(self.snd.wl1) || (seq.0 == self.snd.wl1.0 && (window > self.snd.wnd || window == 0))
    }

    /// Deals with an acknowledgement. True if it is a current one, false if an old one, an error if it is not acceptable.
    pub(super) fn ack_arrived(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>, handling: Handling) -> Result<bool, ()> {
        let ack = segment.ack;
        let prior_una = self.snd.una;
        if ack.before(prior_una) {
            let reach = u64::from(self.snd.max_window).min(self.snd.acked) as u32;
            if ack.before(prior_una - reach) {
                // RFC 5961 section 5.2.
                if handling == Handling::Established {
                    self.send_challenge(cx);
                }
                return Err(());
            }
            self.old_ack_arrived(cx, segment, handling);
            return Ok(false);
        }
        if ack.after(self.snd.nxt) {
            if handling == Handling::Established {
                self.send_challenge(cx);
            }
            return Err(());
        }
        let mut found = Findings { advanced: ack.after(prior_una), ..Findings::default() };
        if found.advanced {
            self.timers.retransmits = 0;
        }
        let prior_highest = if self.options.sack { self.highest_sacked() } else { self.snd.una };
        let had_unacked = !self.snd.rtx.is_empty();
        let (delivered, lost) = (self.recovery.delivered, self.recovery.lost);
        if handling != Handling::SynSent {
            self.update_ts_recent(cx, segment.seq);
        }
        found.data = segment.seq != segment.end;
        self.take_window(cx, &segment, &mut found);
        self.snd.acked = self.snd.acked.saturating_add(u64::from(ack.since(prior_una)));
        self.snd.una = ack;
        if !segment.tcp.options.sack.is_empty() {
            self.sack_arrived(cx, segment.tcp.options.sack_on_wire(), ack, prior_una, &mut found);
        }
        self.recovery.delivered = self.recovery.delivered.wrapping_add(found.sack_delivered);
        self.soft_error = None;
        self.timers.probes = 0;
        self.received_at = cx.now;
        let mut resend = Resend::Nothing;
        if !had_unacked {
            if found.dsack {
                self.recovery_steps(cx, prior_una, false, &mut found, &mut resend);
            }
            self.window_opened(cx);
            self.probe_answered(cx, ack, &found);
            return Ok(true);
        }
        let prior_delivered = self.clean_rtx(cx, prior_highest, prior_una, &mut found);
        self.recovery.update_reordering_window(prior_delivered);
        self.probe_answered(cx, ack, &found);
        let dubious = !found.not_duplicate() || found.sacked || self.recovery.path != Path::Open;
        if dubious {
            let duplicate = !found.advanced && !found.not_duplicate() && !found.dsack;
            self.recovery_steps(cx, prior_una, duplicate, &mut found, &mut resend);
        }
        if found.restart_timer && !self.schedule_loss_probe(cx, true) {
            self.rearm_rto(cx);
        }
        let delivered = self.recovery.delivered.wrapping_sub(delivered);
        let lost = self.recovery.lost.wrapping_sub(lost);
        let progress = if self.recovery.reordering > 3 { found.acked() || found.sacked } else { found.data_acked };
        self.congestion_control(cx, delivered, lost, found.advanced, progress);
        self.resend_after_ack(cx, resend);
        Ok(true)
    }

    /// An acknowledgement of what is long acknowledged may still bring SACK blocks.
    fn old_ack_arrived(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>, handling: Handling) {
        if handling != Handling::SynSent {
            self.update_ts_recent(cx, segment.seq);
        }
        if segment.tcp.options.sack.is_empty() {
            return;
        }
        let prior_una = self.snd.una;
        let mut found = Findings::default();
        let mut resend = Resend::Nothing;
        self.sack_arrived(cx, segment.tcp.options.sack_on_wire(), segment.ack, prior_una, &mut found);
        self.recovery.delivered = self.recovery.delivered.wrapping_add(found.sack_delivered);
        self.recovery_steps(cx, prior_una, false, &mut found, &mut resend);
        self.resend_after_ack(cx, resend);
    }

    /// TS.Recent (RFC 7323 section 4.3): from segments that begin at or before the last acknowledged number.
    fn update_ts_recent(&mut self, cx: &Context<'_>, seq: Seq) {
        if let Some((value, _)) = self.options.arrived
            && !seq.after(self.rcv.wup)
            && !older_timestamp(self.options.ts_recent, value, 0)
        {
            self.store_ts_recent(cx);
        }
    }

    fn take_window(&mut self, cx: &mut Context<'_>, segment: &Arrived<'_>, found: &mut Findings) {
        let shift = if segment.tcp.flags.syn() { 0 } else { self.options.snd_wscale };
        let window = u32::from(segment.tcp.window) << shift;
        if !self.updates_window(segment.ack, segment.seq, window) {
            return;
        }
        found.window = true;
        self.snd.wl1 = segment.seq;
        if self.snd.wnd != window {
            self.snd.wnd = window;
            if !self.snd.queue.is_empty() {
                self.congestion_after_idle(cx);
            }
            if window > self.snd.max_window {
                self.snd.max_window = window;
                let mtu = self.snd.mtu;
                self.sync_mss(mtu);
            }
        }
    }

    /// Takes acknowledged segments off the queue and measures the round trip (`tcp_clean_rtx_queue`). Returns
    /// how many segments had arrived when the newest of them was sent.
    fn clean_rtx(&mut self, cx: &mut Context<'_>, prior_highest: Seq, prior_una: Seq, found: &mut Findings) -> u32 {
        let una = self.snd.una;
        let prior_sacked = self.recovery.sacked_out;
        let min_rtt = self.rtt.min();
        let mut prior_delivered = 0;
        let mut sent_first: Option<SimTime> = None;
        let mut sent_last = SimTime::ZERO;
        let mut reordered = self.snd.nxt;
        let mut count: u32 = 0;
        let mut whole = true;
        while let Some(sent) = self.snd.rtx.front().copied() {
            let mut acked = sent.count;
            if sent.end.after(una) {
                // Perhaps some of its segments are acknowledged; the others stay.
                if sent.count == 1 || !una.after(sent.seq) {
                    break;
                }
                whole = false;
                let mut rest = sent;
                rest.seq = una;
                rest.divide(sent.mss);
                acked = sent.count.saturating_sub(rest.count);
                if let Some(first) = self.snd.rtx.front_mut() {
                    *first = rest;
                }
                if acked == 0 {
                    break;
                }
            } else {
                self.snd.rtx.pop_front();
            }
            count += acked;
            let recovery = &mut self.recovery;
            recovery.out = recovery.out.saturating_sub(acked);
            if sent.ever_resent {
                if sent.resent {
                    recovery.resent_out = recovery.resent_out.saturating_sub(acked);
                }
                found.resent_acked = true;
            } else if !sent.sacked {
                sent_last = sent.sent_at;
                sent_first.get_or_insert(sent.sent_at);
                reordered = reordered.min(sent.seq);
                if !sent.end.after(recovery.high) {
                    found.original_arrived = true;
                }
            }
            if sent.lost {
                recovery.lost_out = recovery.lost_out.saturating_sub(acked);
            }
            prior_delivered = prior_delivered.max(sent.delivered);
            if sent.sacked {
                recovery.sacked_out = recovery.sacked_out.saturating_sub(acked);
            } else if self.options.sack {
                recovery.delivered = recovery.delivered.wrapping_add(acked);
                if !self.spuriously_resent(sent.ever_resent, sent.sent_at) {
                    self.recovery.rack_advance(cx.now, &sent, min_rtt);
                }
            }
            if sent.syn {
                found.syn_acked = true;
                self.recovery.first_resent = None;
            } else {
                found.data_acked = true;
            }
            if !whole {
                break;
            }
        }
        while self.snd.origins.get(1).is_some_and(|(seq, _)| !seq.after(una)) {
            self.snd.origins.pop_front();
        }
        if self.snd.rtx.front().is_some_and(|head| head.sacked) {
            found.reneging = true;
        }
        self.snd.bytes.advance(una);
        let mut by_ack = sent_first.filter(|_| !found.resent_acked).map(|first| (cx.now.since(first), cx.now.since(sent_last)));
        let small = una.since(prior_una) < self.snd.mss;
        let delayed = by_ack.is_some() && count == 1 && whole && prior_sacked == 0 && small && !found.sacked && !found.syn_acked;
        let by_sack = found.sack_sent.map(|(first, last)| (cx.now.since(first), cx.now.since(last)));
        if let (Some(measured), Some((_, last))) = (by_ack.as_mut(), by_sack) {
            measured.1 = last;
        }
        let sampled = self.take_rtt(cx, by_ack.or(by_sack), found.acked(), delayed);
        if found.acked() {
            found.restart_timer = true;
            if !self.options.sack {
                // One of the acknowledged segments filled the gap; the others had caused duplicates (RFC 6582).
                let arrived = count.saturating_sub(self.recovery.sacked_out).max(1);
                self.recovery.delivered = self.recovery.delivered.wrapping_add(arrived);
                self.recovery.sacked_out = self.recovery.sacked_out.saturating_sub(count.saturating_sub(1));
                if found.resent_acked {
                    found.original_arrived = false;
                }
            } else if reordered.before(prior_highest) {
                self.note_reordering(reordered, self.highest_sacked().max(prior_highest));
            }
        } else if let (Some(head), true, Some((rtt, _))) = (self.snd.rtx.front(), sampled, by_sack)
            && rtt > cx.now.since(head.sent_at)
        {
            found.restart_timer = true;
        }
        prior_delivered
    }

    /// A round trip by an echoed timestamp, at least a millisecond.
    pub(super) fn rtt_by_echo(&self, cx: &Context<'_>) -> Option<SimTime> {
        let echoed = self.echoed_millis()?;
        let millis = (cx.now.as_millis() as u32).wrapping_sub(echoed);
        (millis < LONGEST_ECHO).then(|| SimTime::from_millis(u64::from(millis.max(1))))
    }

    /// Takes a round trip over, by acknowledgement, else by timestamp (RFC 6298 section 3: never of what was sent twice).
    fn take_rtt(&mut self, cx: &Context<'_>, measured: Option<(SimTime, SimTime)>, acked: bool, delayed: bool) -> bool {
        let by_echo = || self.rtt_by_echo(cx).filter(|_| acked).map(|rtt| (rtt, rtt));
        let Some((rtt, newest)) = measured.or_else(by_echo) else { return false };
        self.rtt.note_min(newest, cx.now, delayed);
        self.rtt.sample(rtt, self.snd.una, self.snd.nxt);
        self.timers.backoff = 0;
        true
    }

    /// The echoed timestamp is older than the retransmission: the original has arrived (RFC 3522).
    pub(super) fn spuriously_resent(&self, ever_resent: bool, sent_at: SimTime) -> bool {
        ever_resent && self.echo_is_before(sent_at)
    }

    /// The echoed timestamp is from before that moment.
    pub(super) fn echo_is_before(&self, at: SimTime) -> bool {
        self.echoed_millis().is_some_and(|echoed| Seq(echoed).before(Seq(at.as_millis() as u32)))
    }

    /// A window of zero that has opened ends the probes; one that stays shut sets them on anew.
    fn window_opened(&mut self, cx: &mut Context<'_>) {
        let Some(head) = self.snd.queue.front() else { return };
        if head.end.after(self.window_end()) {
            let wait = self.window_probe_wait();
            self.start_retransmit_timer(cx, Pending::WindowProbe, wait);
        } else {
            self.timers.backoff = 0;
            self.timers.pending = None;
            self.timers.retransmit.stop();
        }
    }

    /// The episode of a tail-loss probe ends (RFC 8985 section 7.4).
    fn probe_answered(&mut self, cx: &Context<'_>, ack: Seq, found: &Findings) {
        let Some(high) = self.recovery.probe_high else { return };
        if ack.before(high) {
            return;
        }
        if !self.recovery.probe_repeats || found.dsack_of_probe {
            self.recovery.probe_high = None;
        } else if ack.after(high) {
            // There was a loss, which the probe has repaired.
            self.begin_reduction();
            self.congestion.end_reduction(cx.now);
            self.recovery.path = Path::Reducing;
            self.keep_open();
        } else if !found.advanced && !found.not_duplicate() && !found.sacked {
            self.recovery.probe_high = None;
        }
    }

    fn resend_after_ack(&mut self, cx: &mut Context<'_>, resend: Resend) {
        if resend == Resend::Nothing || self.state == State::SynSent {
            return;
        }
        if resend == Resend::NewData {
            self.push_pending(cx, Nagle::Off);
            if self.snd.nxt.after(self.recovery.high) {
                return;
            }
            self.recovery.frto = false;
        }
        self.resend_lost(cx);
    }

    /// SACK reneging: the other side gets a moment to mend its report before the timeout (RFC 2018 section 8).
    pub(super) fn reneging_watched(&mut self, cx: &mut Context<'_>, found: &mut Findings) -> bool {
        if !(found.reneging && found.advanced) {
            return false;
        }
        let wait = jiffies(self.rtt.smoothed() / 2).max(SimTime::from_millis(12));
        self.start_retransmit_timer(cx, Pending::Retransmission, wait);
        found.restart_timer = false;
        true
    }

    /// Loss detection by time is on.
    pub(super) fn rack_is_on(cx: &Context<'_>) -> bool {
        cx.sysctl(Sysctl::TcpRecovery) & 1 == 1
    }
}
