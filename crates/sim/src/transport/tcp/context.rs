//! What is at hand while one event is handled.

use super::{SocketId, TcpEnv, TcpEvent, TcpOut, TcpTimer};
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{PacketId, TcpDrop};

/// One jiffy of a kernel with HZ=250, the unit to which it rounds its timeouts.
pub(super) const JIFFY: SimTime = SimTime::from_millis(4);
/// Longest retransmission timeout.
pub(super) const RTO_MAX: SimTime = SimTime::from_secs(120);
/// Shortest retransmission timeout (RFC 6298 asks for 1 s; Linux takes 0.2 s).
pub(super) const RTO_MIN: SimTime = SimTime::from_millis(200);
/// First retransmission timeout (RFC 6298 section 2).
pub(super) const RTO_INITIAL: SimTime = SimTime::from_secs(1);
/// Length of TIME-WAIT.
pub(super) const TIME_WAIT_LEN: SimTime = SimTime::from_secs(60);

/// Microseconds as a time, rounded up to whole jiffies.
pub(super) const fn jiffies(micros: u64) -> SimTime {
    let jiffy = JIFFY.as_micros();
    SimTime::from_micros(micros.div_ceil(jiffy).saturating_mul(jiffy))
}

/// What is at hand while one event is handled.
pub(super) struct Context<'a> {
    pub(super) env: &'a mut dyn TcpEnv,
    pub(super) out: &'a mut Vec<TcpOut>,
    pub(super) now: SimTime,
    /// The arriving packet that is being handled.
    pub(super) cause: Option<PacketId>,
    /// News for applications: they run only after the segment has been dealt with.
    pub(super) news: Vec<(SocketId, TcpEvent)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(env: &'a mut dyn TcpEnv, out: &'a mut Vec<TcpOut>, cause: Option<PacketId>) -> Self {
        let now = env.now();
        Self { env, out, now, cause, news: Vec::new() }
    }

    /// A setting as a number; negative ones count as zero.
    pub(super) fn sysctl(&self, key: Sysctl) -> u32 {
        u32::try_from(self.env.sysctls().get(key).max(0)).unwrap_or(u32::MAX)
    }

    /// Tells an application something once this event is handled.
    pub(super) fn tell(&mut self, socket: SocketId, event: TcpEvent) {
        if !self.news.contains(&(socket, event)) {
            self.news.push((socket, event));
        }
    }

    /// The arriving packet is discarded.
    pub(super) fn discard(&mut self, reason: TcpDrop) {
        if let Some(packet) = self.cause {
            self.out.push(TcpOut::Drop { packet, reason });
        }
    }

    /// Hands the news over.
    pub(super) fn finish(self) {
        let Self { out, news, .. } = self;
        out.extend(news.into_iter().map(|(socket, event)| TcpOut::App { socket, event }));
    }
}

/// One timer of a socket.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimerSlot {
    deadline: Option<SimTime>,
    generation: u32,
}

impl TimerSlot {
    /// When it is due, if it runs.
    pub(super) const fn deadline(&self) -> Option<SimTime> {
        self.deadline
    }

    /// Starts or moves it.
    pub(super) fn set(&mut self, cx: &mut Context<'_>, socket: SocketId, timer: TcpTimer, at: SimTime) {
        self.deadline = Some(at);
        self.generation = self.generation.wrapping_add(1);
        cx.out.push(TcpOut::Arm { socket, timer, at, generation: self.generation });
    }

    /// Stops it.
    pub(super) const fn stop(&mut self) {
        self.deadline = None;
    }

    /// A wake-up came: true if it is the one that was asked for last.
    pub(super) fn fires(&mut self, generation: u32) -> bool {
        generation == self.generation && self.deadline.take().is_some()
    }
}
