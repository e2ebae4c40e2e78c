//! The table of sockets: what `ss` shows, who may listen where, and to whom a segment goes.

use super::harness::*;
use crate::scenario::ActionId;
use crate::trace::{Errno, SocketRow};
use crate::transport::tcp::{Endpoint, SocketId, TcpStack};
use std::net::Ipv4Addr;

fn rows(lab: &Lab, node: usize) -> Vec<SocketRow> {
    lab.stacks[node].sockets(lab.now)
}

/// State, queues and timer of each socket.
fn brief(lab: &Lab, node: usize) -> Vec<(&'static str, u32, u32, Option<&'static str>)> {
    rows(lab, node).iter().map(|row| (row.state, row.recv_q, row.send_q, row.timer)).collect()
}

#[test]
fn a_connections_life_in_rows() {
    let mut lab = Lab::new(ms(100));
    lab.serve(&[Step::Sleep(secs(2)), Step::Recv(80), Step::Send(600), Step::Close]);
    lab.connect(&[Step::Send(80), Step::Sleep(secs(5)), Step::RecvEof, Step::Sleep(secs(2)), Step::Close]);
    let listen = ("LISTEN", 0, 100, None);
    lab.run_until(ms(50));
    assert_eq!((brief(&lab, CLIENT), brief(&lab, SERVER)), (vec![("SYN-SENT", 0, 1, Some("on"))], vec![listen]));
    lab.run_until(ms(150));
    assert_eq!(brief(&lab, SERVER), [listen, ("SYN-RECV", 0, 0, Some("on"))]);
    lab.run_until(ms(250));
    assert_eq!(brief(&lab, CLIENT), [("ESTAB", 0, 80, Some("on"))]);
    lab.run_until(secs(2));
    assert_eq!((brief(&lab, CLIENT), brief(&lab, SERVER)), (vec![("ESTAB", 0, 0, None)], vec![listen, ("ESTAB", 80, 0, None)]));
    lab.run_until(ms(2_350));
    // Answer and FIN are under way.
    assert_eq!(brief(&lab, SERVER), [listen, ("FIN-WAIT-1", 0, 601, Some("on"))]);
    lab.run_until(secs(5));
    assert_eq!(
        (brief(&lab, CLIENT), brief(&lab, SERVER)),
        (vec![("CLOSE-WAIT", 601, 0, None)], vec![listen, ("FIN-WAIT-2", 0, 0, Some("timewait"))])
    );
    lab.run_until(ms(7_250));
    assert_eq!(brief(&lab, CLIENT), [("LAST-ACK", 0, 1, Some("on"))]);
    lab.run_until(secs(8));
    assert_eq!((brief(&lab, CLIENT), brief(&lab, SERVER)), (vec![], vec![listen, ("TIME-WAIT", 0, 0, Some("timewait"))]));
    let row = &rows(&lab, SERVER)[1];
    assert_eq!((row.local, row.remote), ((ADDRESS[SERVER], SERVER_PORT), (ADDRESS[CLIENT], CLIENT_PORT)));
}

#[test]
fn a_port_is_listened_on_once_per_address() {
    let mut stack = TcpStack::new();
    let (one, other) = (Some(Ipv4Addr::new(10, 0, 0, 1)), Some(Ipv4Addr::new(10, 0, 0, 2)));
    assert!(stack.listen(one, 80, 5).is_ok());
    assert!(stack.listen(other, 80, 5).is_ok());
    assert_eq!(stack.listen(one, 80, 5), Err(Errno::Eaddrinuse));
    assert_eq!(stack.listen(None, 80, 5), Err(Errno::Eaddrinuse));
    assert!(stack.listen(None, 81, 5).is_ok());
    assert_eq!(stack.listen(other, 81, 5), Err(Errno::Eaddrinuse));
    assert!(stack.port_in_use(80) && stack.port_in_use(81) && !stack.port_in_use(82));
}

#[test]
fn a_listener_for_another_address_does_not_answer() {
    let mut lab = Lab::new(ms(10));
    lab.stacks[SERVER].listen(Some(Ipv4Addr::new(10, 0, 0, 99)), SERVER_PORT, 5).unwrap();
    lab.connect(&[Step::Hold]);
    lab.run_until(secs(1));
    assert_eq!(lab.apps[0].errors, [Errno::Econnrefused]);
}

#[test]
fn two_connections_from_one_port_to_two() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::RecvEof, Step::Close]);
    let second = lab.stacks[SERVER].listen(None, 81, 5).unwrap();
    lab.listeners.insert((SERVER, second), vec![Step::Send(10), Step::RecvEof, Step::Close]);
    lab.connect(&[Step::Send(80), Step::Recv(600), Step::Close]);
    lab.connect_between(CLIENT, CLIENT_PORT, 81, &[Step::Recv(10), Step::Close]);
    lab.run_until(secs(1));
    assert_eq!((lab.apps[0].received.len(), lab.apps[1].received.len()), (600, 10));
    assert_eq!(lab.states(CLIENT), ["TIME-WAIT", "TIME-WAIT"]);
}

#[test]
fn the_same_two_ends_cannot_be_connected_twice() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Hold]);
    lab.connect(&[Step::Hold]);
    lab.run_until(secs(1));
    let local = Endpoint { address: ADDRESS[CLIENT], port: CLIENT_PORT };
    let remote = Endpoint { address: ADDRESS[SERVER], port: SERVER_PORT };
    let mut out = Vec::new();
    let outcome = lab.call(CLIENT, &mut out, |stack, env, out| stack.connect(env, local, remote, None, out));
    assert_eq!((outcome, out), (Err(Errno::Eaddrnotavail), vec![]));
}

#[test]
fn what_is_known_of_a_socket() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Close]);
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(ms(25));
    let socket = lab.apps[0].socket;
    let stack = &lab.stacks[CLIENT];
    let (near, far) = ((ADDRESS[CLIENT], CLIENT_PORT), (ADDRESS[SERVER], SERVER_PORT));
    let end = |(address, port)| Endpoint { address, port };
    assert_eq!(stack.ends(socket), Some((end(near), end(far))));
    assert_eq!(stack.action_of(socket), Some(ActionId(7)));
    assert!(stack.takes_advice(near, far) && !stack.takes_advice(far, near));
    assert!(stack.has_socket(socket) && !stack.has_socket(SocketId(99)));
    assert_eq!(stack.readable(socket), crate::transport::tcp::Readable::default());
    lab.run_until(secs(1));
    let stack = &lab.stacks[CLIENT];
    assert!(!stack.has_socket(socket) && stack.ends(socket).is_none() && !stack.takes_advice(near, far));
    // What is in TIME-WAIT takes no advice either.
    assert_eq!(lab.states(SERVER), ["TIME-WAIT"]);
    assert!(!lab.stacks[SERVER].takes_advice(far, near));
}

#[test]
fn a_copy_goes_its_own_way() {
    // The whole state is in the stack: a copy made in the middle continues just as the original does.
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(20_000), Step::Close]);
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(ms(45));
    let copies = lab.stacks.clone();
    let before: Vec<SocketRow> = copies.iter().flat_map(|stack| stack.sockets(lab.now)).collect();
    lab.run_until(secs(5));
    let after: Vec<SocketRow> = copies.iter().flat_map(|stack| stack.sockets(lab.now)).collect();
    assert_eq!(before, after);
    assert!(lab.states(CLIENT).is_empty());
}
