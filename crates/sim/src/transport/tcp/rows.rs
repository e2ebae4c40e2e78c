//! What `ss -tano` shows.

use super::Endpoint;
use super::stack::Socket;
use super::state::State;
use crate::trace::SocketRow;
use std::net::Ipv4Addr;

/// The row of `ss -tano` for a socket; closed ones have none.
pub(super) fn row(socket: &Socket) -> Option<SocketRow> {
    let end = |end: Endpoint| (end.address, end.port);
    let timed = |state, local, remote, timer| SocketRow { state, recv_q: 0, send_q: 0, local: end(local), remote: end(remote), timer };
    Some(match socket {
        Socket::Listener(listener) => SocketRow {
            state: "LISTEN",
            recv_q: 0,
            send_q: u32::from(listener.backlog),
            local: (listener.bind.unwrap_or(Ipv4Addr::UNSPECIFIED), listener.port),
            remote: (Ipv4Addr::UNSPECIFIED, 0),
            timer: None,
        },
        Socket::Request(request) => timed("SYN-RECV", request.local, request.remote, Some("on")),
        Socket::TimeWait(remains) => {
            let state = if remains.fin_wait2 { "FIN-WAIT-2" } else { "TIME-WAIT" };
            timed(state, remains.local, remains.remote, Some("timewait"))
        }
        Socket::Connection(connection) => {
            if connection.state == State::Closed {
                return None;
            }
            SocketRow {
                state: connection.state.name(),
                recv_q: connection.rcv.nxt.since(connection.rcv.copied).saturating_sub(u32::from(connection.rcv.fin_read)),
                send_q: connection.snd.write.since(connection.snd.una),
                local: end(connection.local),
                remote: end(connection.remote),
                timer: connection.timer_name(),
            }
        }
    })
}
