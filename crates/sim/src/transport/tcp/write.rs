//! SEND (RFC 9293 section 3.10.2): how written data becomes stretches, and how much of it the send buffer takes.

use super::TcpEvent;
use super::context::Context;
use super::segment_out::{Extent, Nagle, STRETCH_MAX};
use super::socket::{Connection, Unsent};
use roundtrip_wire::Payload;

/// Memory that the description of a stretch takes, in bytes.
const STRETCH_MEMORY: u32 = 832;
/// Largest send buffer (`tcp_wmem`, last value), in bytes.
const SNDBUF_MAX: u32 = 4_194_304;

impl Connection {
    /// Bytes that one write may put into one stretch.
    fn stretch_goal(&mut self, mss: u32) -> u32 {
        let wanted = self.bound_to_half_window(STRETCH_MAX);
        let goal = self.snd.stretch.saturating_mul(mss);
        if wanted < goal || wanted >= goal.saturating_add(mss) {
            self.snd.stretch = wanted.checked_div(mss).unwrap_or(1);
        }
        self.snd.stretch.saturating_mul(mss).max(mss)
    }

    /// Appends what the application writes and sends what may be sent (`tcp_sendmsg`). Returns how many bytes were taken: all,
    /// or as many as the send buffer has room for. A stretch that is begun may exceed it.
    pub(super) fn write(&mut self, cx: &mut Context<'_>, data: &Payload, bounded: bool) -> u32 {
        let mss = self.current_mss(cx);
        let goal = self.stretch_goal(mss);
        let len = data.len() as u32;
        let mut done = 0;
        while done < len {
            let mut room = self.room_in_last(goal);
            if room == 0 {
                if bounded && self.send_memory() >= self.snd.sndbuf {
                    break;
                }
                self.congestion_after_idle(cx);
                let seq = self.snd.write;
                self.snd.queue.push_back(Unsent { seq, end: seq, push: false, fin: false });
                room = goal;
            }
            let taken = room.min(len - done);
            self.snd.bytes.push(data.slice(done as usize, taken as usize));
            self.snd.write += taken;
            let write = self.snd.write;
            let only = self.snd.queue.len() == 1;
            let Some(last) = self.snd.queue.back_mut() else { break };
            if done == 0 {
                last.push = false;
            }
            done += taken;
            last.end = write;
            if done == len || last.len() < goal {
                continue;
            }
            if write.after(self.snd.pushed + (self.snd.max_window >> 1)) {
                last.push = true;
                self.snd.pushed = write;
                self.push_pending(cx, Nagle::Push);
            } else if only {
                let mss = self.current_mss(cx);
                self.write_xmit(cx, mss, Nagle::Push, Extent::One);
            }
        }
        if done > 0
            && let Some(last) = self.snd.queue.back_mut()
        {
            last.push = true;
            self.snd.pushed = self.snd.write;
            self.push_pending(cx, if done < len { Nagle::Push } else { Nagle::On });
        }
        done
    }

    /// Bytes that the last unsent stretch can still take.
    fn room_in_last(&self, goal: u32) -> u32 {
        self.snd.queue.back().filter(|last| !last.fin).map_or(0, |last| goal.saturating_sub(last.len()))
    }

    /// Memory that unsent and unacknowledged data takes, in bytes.
    fn send_memory(&self) -> u32 {
        let stretches = (self.snd.queue.len() + self.snd.rtx.len()) as u32;
        self.snd.write.since(self.snd.una).saturating_add(stretches.saturating_mul(STRETCH_MEMORY))
    }

    /// The buffer is made to hold twice what the congestion window lets out (`tcp_sndbuf_expand`).
    pub(super) fn expand_send_buffer(&mut self) {
        let segment = (self.options.mss_clamp.max(self.snd.mss).min(65_535) + 576).next_power_of_two().saturating_add(256);
        let segments = self.congestion.window.max(10).max(self.recovery.reordering + 1);
        let wanted = segments.saturating_mul(segment).saturating_mul(2).min(SNDBUF_MAX);
        self.snd.sndbuf = self.snd.sndbuf.max(wanted);
    }

    /// Tells an application that waits for room once a third of the buffer is free.
    pub(super) fn check_space(&mut self, cx: &mut Context<'_>) {
        if !self.snd.starved {
            return;
        }
        if self.in_flight() < self.congestion.window {
            self.expand_send_buffer();
        }
        let used = self.send_memory();
        if self.snd.sndbuf.saturating_sub(used) >= used / 2 {
            self.snd.starved = false;
            cx.tell(self.id, TcpEvent::Writable);
        }
    }
}
