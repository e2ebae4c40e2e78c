//! Applications that run lists of steps.

use super::harness::{Event, Lab};
use crate::time::SimTime;
use crate::trace::Errno;
use crate::transport::tcp::{Received, SocketId, TcpEvent};
use roundtrip_wire::Payload;
use std::collections::VecDeque;

/// What an application does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Send(usize),
    /// The same as far as the send buffer has room, then waits until it has more.
    Write(usize),
    /// Reads until this many bytes have come. If there are no more, the application stops and holds the socket.
    Recv(usize),
    RecvEof,
    Sleep(SimTime),
    KeepAlive(SimTime, SimTime, u32),
    Shutdown,
    Close,
    Abort,
    /// Does nothing any more, and holds the socket.
    Hold,
}

pub(super) struct App {
    pub(super) node: usize,
    pub(super) socket: SocketId,
    steps: VecDeque<Step>,
    wakes: Option<SimTime>,
    got: usize,
    ready: bool,
    pub(super) received: Vec<u8>,
    /// Bytes that each write took.
    pub(super) writes: Vec<usize>,
    pub(super) errors: Vec<Errno>,
    pub(super) eof: bool,
    pub(super) connected: bool,
}

impl Lab {
    pub(super) fn app(&mut self, node: usize, socket: SocketId, steps: &[Step]) -> usize {
        self.apps.push(App {
            node,
            socket,
            steps: steps.iter().cloned().collect(),
            wakes: None,
            got: 0,
            ready: false,
            received: Vec::new(),
            writes: Vec::new(),
            errors: Vec::new(),
            eof: false,
            connected: false,
        });
        self.apps.len() - 1
    }

    pub(super) fn tell(&mut self, node: usize, socket: SocketId, event: TcpEvent) {
        if let TcpEvent::Accepted { listener, .. } = event {
            let steps = self.listeners.get(&(node, listener)).cloned().unwrap_or_default();
            let app = self.app(node, socket, &steps);
            self.apps[app].ready = true;
            self.apps[app].connected = true;
            self.at(self.now, Event::App(app));
            return;
        }
        let Some(index) = self.apps.iter().position(|app| app.node == node && app.socket == socket) else { return };
        match event {
            TcpEvent::Connected => {
                self.apps[index].ready = true;
                self.apps[index].connected = true;
            }
            TcpEvent::Error(error) => {
                self.apps[index].errors.push(error);
            }
            _ => {}
        }
        self.at(self.now, Event::App(index));
    }

    pub(super) fn run_app(&mut self, index: usize) {
        loop {
            let app = &mut self.apps[index];
            let (node, socket) = (app.node, app.socket);
            if !app.ready {
                return;
            }
            let Some(step) = app.steps.front().cloned() else { return };
            let mut out = Vec::new();
            let mut again = false;
            let done = match step {
                Step::Hold => false,
                Step::Send(len) => {
                    let data = Payload::new(pattern(len));
                    if let Err(error) = self.call(node, &mut out, |stack, env, out| stack.send(env, socket, data, out)) {
                        self.apps[index].errors.push(error);
                        self.apps[index].steps.clear();
                    }
                    true
                }
                Step::Write(len) => {
                    let rest = Payload::new(pattern(len)).slice(app.got, len - app.got);
                    match self.call(node, &mut out, |stack, env, out| stack.send_some(env, socket, &rest, out)) {
                        Ok(0) => {}
                        Ok(taken) => {
                            self.apps[index].writes.push(taken);
                            self.apps[index].got += taken;
                        }
                        Err(error) => {
                            self.apps[index].errors.push(error);
                            self.apps[index].steps.clear();
                        }
                    }
                    self.apps[index].got == len
                }
                Step::Recv(_) | Step::RecvEof => {
                    let Received { bytes, eof, error } = self.call(node, &mut out, |stack, env, out| stack.recv(env, socket, 65_536, out));
                    let app = &mut self.apps[index];
                    again = !bytes.is_empty();
                    for piece in &bytes {
                        app.received.extend_from_slice(piece.as_slice());
                        app.got += piece.len();
                    }
                    app.eof |= eof;
                    if let Some(error) = error
                        && !app.errors.contains(&error)
                    {
                        app.errors.push(error);
                    }
                    let wanted = if let Step::Recv(wanted) = step { wanted } else { usize::MAX };
                    if eof && app.got < wanted && wanted != usize::MAX {
                        app.steps.clear();
                        app.steps.push_back(Step::Hold);
                    }
                    app.got >= wanted || (eof && wanted == usize::MAX)
                }
                Step::Sleep(time) => match self.apps[index].wakes {
                    Some(at) if self.now >= at => {
                        self.apps[index].wakes = None;
                        true
                    }
                    Some(_) => false,
                    None => {
                        let at = self.now + time;
                        self.apps[index].wakes = Some(at);
                        self.at(at, Event::App(index));
                        false
                    }
                },
                Step::KeepAlive(idle, interval, count) => {
                    self.call(node, &mut out, |stack, env, out| stack.set_keepalive(env, socket, idle, interval, count, out));
                    true
                }
                Step::Shutdown => {
                    self.call(node, &mut out, |stack, env, out| stack.shutdown(env, socket, out));
                    true
                }
                Step::Close => {
                    self.call(node, &mut out, |stack, env, out| stack.close(env, socket, out));
                    true
                }
                Step::Abort => {
                    self.call(node, &mut out, |stack, env, out| stack.abort(env, socket, out));
                    true
                }
            };
            if done {
                self.apps[index].got = 0;
                self.apps[index].steps.pop_front();
            }
            self.carry_out(node, out);
            if !done && !again {
                return;
            }
        }
    }
}

/// Bytes that show where they belong.
pub(super) fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|index| (index ^ (index >> 8) ^ (index >> 16)) as u8).collect()
}
