//! What an acknowledgement that is out of the ordinary does to loss recovery (RFC 6675, RFC 8985, RFC 6582, RFC 5682,
//! RFC 3522).

use super::super::context::Context;
use super::super::recovery::REO_PERSIST;
use super::super::seq::Seq;
use super::super::socket::Connection;
use super::super::state::{Path, State};
use super::ack::{Findings, Resend};

impl Connection {
    /// One step of the recovery state machine (`tcp_fastretrans_alert`).
    pub(super) fn recovery_steps(
        &mut self,
        cx: &mut Context<'_>,
        prior_una: Seq,
        duplicate: bool,
        found: &mut Findings,
        resend: &mut Resend,
    ) {
        if self.snd.rtx.is_empty() {
            self.recovery.sacked_out = 0;
        }
        if self.reneging_watched(cx, found) {
            return;
        }
        // The episode ends when everything sent before it is acknowledged.
        if self.recovery.path == Path::Open {
            self.recovery.first_resent = None;
        } else if !self.snd.una.before(self.recovery.high) {
            match self.recovery.path {
                Path::Reducing if self.snd.una != self.recovery.high => {
                    self.congestion.end_reduction(cx.now);
                    self.recovery.path = Path::Open;
                }
                Path::Recovery => {
                    if !self.options.sack {
                        self.recovery.sacked_out = 0;
                    }
                    let undone = self.recovery.undo_marker.is_none();
                    if self.undo_recovery(cx) {
                        return;
                    }
                    if !undone && self.recovery.undo_marker.is_some() {
                        self.congestion.end_reduction(cx.now);
                    }
                }
                _ => {}
            }
        }
        match self.recovery.path {
            Path::Recovery => {
                if !found.advanced {
                    self.count_reno_duplicate(duplicate);
                } else if self.undo_partial(cx, prior_una) {
                    return;
                }
                if self.undo_by_duplicates(cx) {
                    self.try_to_open();
                }
                self.identify_losses(cx, found);
                if self.recovery.path != Path::Recovery {
                    if self.recovery.lost_out == 0 {
                        return;
                    }
                    self.enter_recovery();
                }
            }
            Path::Loss => {
                self.loss_step(cx, duplicate, found, resend);
                self.identify_losses(cx, found);
                if !(self.recovery.path == Path::Open || found.lost_resent) {
                    return;
                }
                if !self.ordinary_step(cx, duplicate, found) {
                    return;
                }
            }
            Path::Open | Path::Disorder | Path::Reducing => {
                if !self.ordinary_step(cx, duplicate, found) {
                    return;
                }
            }
        }
        *resend = Resend::Lost;
    }

    /// No episode is under way: does one begin? True if so.
    fn ordinary_step(&mut self, cx: &mut Context<'_>, duplicate: bool, found: &mut Findings) -> bool {
        if !self.options.sack {
            if found.advanced {
                self.recovery.sacked_out = 0;
            }
            self.count_reno_duplicate(duplicate);
        }
        if self.recovery.path <= Path::Disorder {
            self.undo_by_duplicates(cx);
        }
        self.identify_losses(cx, found);
        if self.recovery.lost_out == 0 {
            self.try_to_open();
            return false;
        }
        self.enter_recovery();
        true
    }

    fn count_reno_duplicate(&mut self, duplicate: bool) {
        if duplicate && !self.options.sack {
            let most = self.recovery.out.saturating_sub(self.recovery.lost_out);
            if self.recovery.sacked_out < most {
                self.recovery.sacked_out += 1;
                self.recovery.delivered = self.recovery.delivered.wrapping_add(1);
            }
        }
    }

    fn identify_losses(&mut self, cx: &mut Context<'_>, found: &mut Findings) {
        if self.snd.rtx.is_empty() {
            return;
        }
        if !self.options.sack {
            self.newreno_mark_lost(found.advanced);
        } else if Self::rack_is_on(cx) {
            let resent = self.recovery.resent_out;
            if self.rack_mark_lost(cx) {
                found.restart_timer = false;
            }
            if resent > self.recovery.resent_out {
                found.lost_resent = true;
            }
        }
    }

    /// The original arrived before anything was sent again, or nothing was (RFC 3522).
    fn was_only_late(&self) -> bool {
        match self.recovery.first_resent {
            Some(first) => self.echo_is_before(first),
            None => (self.options.sack || self.snd.una.before(self.recovery.high)) && self.state != State::SynSent,
        }
    }

    fn may_undo(&self) -> bool {
        self.recovery.undo_marker.is_some() && (self.recovery.undo_retrans == Some(0) || self.was_only_late())
    }

    fn undo_reduction(&mut self, cx: &Context<'_>, unmark: bool) {
        if unmark {
            for sent in &mut self.snd.rtx {
                sent.lost = false;
            }
            self.recovery.lost_out = 0;
        }
        self.congestion.undo(cx.now);
        self.recovery.undo_marker = None;
        self.recovery.look_again();
    }

    /// Without SACK the state is kept until something above it is acknowledged (RFC 6582 section 3.2, step 1).
    fn stays_for_reno(&mut self) -> bool {
        if self.snd.una == self.recovery.high && !self.options.sack {
            if !self.any_resent() {
                self.recovery.first_resent = None;
            }
            return true;
        }
        false
    }

    /// The end of an episode; undone if it was needless. True if the state stays.
    fn undo_recovery(&mut self, cx: &Context<'_>) -> bool {
        if self.may_undo() {
            self.undo_reduction(cx, false);
        } else if self.recovery.rack.reo_persist > 0 {
            self.recovery.rack.reo_persist -= 1;
        }
        if self.stays_for_reno() {
            return true;
        }
        self.recovery.path = Path::Open;
        self.recovery.reneged = false;
        false
    }

    /// Everything sent again has been reported as a duplicate (RFC 2883).
    fn undo_by_duplicates(&mut self, cx: &Context<'_>) -> bool {
        if self.recovery.undo_marker.is_some() && self.recovery.undo_retrans == Some(0) {
            self.recovery.rack.reo_persist = (self.recovery.rack.reo_persist + 1).min(REO_PERSIST);
            self.undo_reduction(cx, false);
            return true;
        }
        false
    }

    /// During a fast recovery a gap was filled by the original. True if nothing more is to be done.
    fn undo_partial(&mut self, cx: &Context<'_>, prior_una: Seq) -> bool {
        if self.recovery.undo_marker.is_none() || !self.was_only_late() {
            return false;
        }
        let high = self.highest_sacked();
        self.note_reordering(prior_una, high);
        if self.recovery.resent_out > 0 {
            return true;
        }
        if !self.any_resent() {
            self.recovery.first_resent = None;
        }
        self.undo_reduction(cx, true);
        self.keep_open();
        false
    }

    /// After a timeout (RFC 5682: perhaps it was too early).
    fn loss_step(&mut self, cx: &mut Context<'_>, duplicate: bool, found: &Findings, resend: &mut Resend) {
        let recovered = !self.snd.una.before(self.recovery.high);
        if found.advanced && self.undo_loss(cx, false) {
            return;
        }
        if self.recovery.frto {
            if found.original_arrived && self.undo_loss(cx, true) {
                return;
            }
            if self.snd.nxt.after(self.recovery.high) {
                if found.sacked || duplicate {
                    self.recovery.frto = false;
                }
            } else if found.advanced && !recovered {
                self.recovery.high = self.snd.nxt;
                if !self.snd.queue.is_empty() && self.window_end().after(self.snd.nxt) {
                    *resend = Resend::NewData;
                    return;
                }
                self.recovery.frto = false;
            }
        }
        if recovered {
            self.undo_recovery(cx);
            return;
        }
        if !self.options.sack {
            if self.snd.nxt.after(self.recovery.high) && duplicate {
                self.count_reno_duplicate(true);
            } else if found.advanced {
                self.recovery.sacked_out = 0;
            }
        }
        *resend = Resend::Lost;
    }

    fn undo_loss(&mut self, cx: &Context<'_>, too_early: bool) -> bool {
        if !too_early && !self.may_undo() {
            return false;
        }
        self.undo_reduction(cx, true);
        self.timers.retransmits = 0;
        if self.stays_for_reno() {
            return true;
        }
        if too_early || self.options.sack {
            self.recovery.path = Path::Open;
            self.recovery.reneged = false;
        }
        true
    }

    /// Nothing is lost: back to normal, or to disorder while something is held or sent twice.
    pub(super) fn keep_open(&mut self) {
        let disorder = self.recovery.sacked_out > 0 || self.recovery.lost_out > 0 || self.any_resent();
        let path = if disorder { Path::Disorder } else { Path::Open };
        if self.recovery.path != path {
            self.recovery.path = path;
            self.recovery.high = self.snd.nxt;
        }
    }

    fn try_to_open(&mut self) {
        if !self.any_resent() {
            self.recovery.first_resent = None;
        }
        if self.recovery.path != Path::Reducing {
            self.keep_open();
        }
    }

    /// A SYN that was repeated needlessly costs nothing (RFC 3522 for the handshake).
    pub(super) fn forget_spurious_syn(&mut self) {
        if let (Some(first), Some(echoed)) = (self.recovery.first_resent, self.echoed_millis())
            && echoed == first.as_millis() as u32
        {
            self.recovery.undo_marker = None;
        }
    }
}
