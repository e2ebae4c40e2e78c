//! Services and scripts.

use super::json::Json;
use super::reader::{Fields, Reader};
use super::values::{address, boolean, bytes, interval, port, seconds, u32_in};
use crate::document::{Keepalive, Recv, Service, ServiceKind, Step};
use crate::limits;
use crate::problem::{ProblemId, similar};

#[derive(Clone, Copy)]
enum Type {
    Http,
    Ssh,
    Echo,
    Script,
    UdpEcho,
    UdpSink,
    Closed,
}

pub(super) fn service(reader: &mut Reader, value: &Json) -> Option<Service> {
    let mut fields = Fields::of(reader, value)?;
    let port = fields.need(reader, "port", port);
    let bind = fields.get(reader, "bind", address);
    let kind = fields.need(reader, "type", |reader, value| {
        reader.word(
            value,
            &[
                ("http", Type::Http),
                ("ssh", Type::Ssh),
                ("echo", Type::Echo),
                ("script", Type::Script),
                ("udp-echo", Type::UdpEcho),
                ("udp-sink", Type::UdpSink),
                ("closed", Type::Closed),
            ],
        )
    })?;
    let kind = match kind {
        Type::Http => ServiceKind::Http {
            response: fields.or(reader, "response", ServiceKind::http_response(), bytes),
            close_delay: fields.or(reader, "close_delay", ServiceKind::close_delay(), seconds),
        },
        Type::Ssh => ServiceKind::Ssh {
            banner: fields.or(reader, "banner", ServiceKind::banner(), bytes),
            client_banner: fields.or(reader, "client_banner", ServiceKind::client_banner(), bytes),
            response: fields.or(reader, "response", ServiceKind::ssh_response(), bytes),
        },
        Type::Echo => ServiceKind::Echo,
        Type::Script => ServiceKind::Script { steps: fields.need(reader, "steps", steps).unwrap_or_default() },
        Type::UdpEcho => ServiceKind::UdpEcho {
            reply: fields.get(reader, "reply", u32_in(0, limits::DATAGRAM_BYTES.into())),
            any_source: fields.or(reader, "any_source", false, boolean),
        },
        Type::UdpSink => ServiceKind::UdpSink,
        Type::Closed => ServiceKind::Closed,
    };
    fields.finish(reader);
    Some(Service { port: port?, bind, kind })
}

pub(super) fn steps(reader: &mut Reader, value: &Json) -> Option<Vec<Step>> {
    Some(reader.list(value, limits::STEPS, |_| None, |reader, value, _| step(reader, value)))
}

const SIMPLE: [(&str, Step); 4] = [("echo", Step::Echo), ("shutdown", Step::Shutdown), ("close", Step::Close), ("abort", Step::Abort)];
const WITH_VALUE: [&str; 4] = ["send", "recv", "sleep", "keepalive"];

fn step(reader: &mut Reader, value: &Json) -> Option<Step> {
    if let Json::Text(word) = value {
        let step = SIMPLE.iter().find(|(name, _)| name == word).map(|(_, step)| step.clone());
        return step.or_else(|| unknown_step(reader, word));
    }
    let mut fields = Fields::of(reader, value)?;
    let Json::Object(all) = value else { return None };
    let step = match all.iter().find_map(|(name, _)| WITH_VALUE.iter().find(|known| *known == name)) {
        Some(&"send") => fields.need(reader, "send", bytes).map(Step::Send),
        Some(&"recv") => {
            let what = fields.need(reader, "recv", recv);
            let within = fields.get(reader, "within", seconds);
            what.map(|what| Step::Recv { what, within })
        }
        Some(&"sleep") => fields.need(reader, "sleep", seconds).map(Step::Sleep),
        Some(_) => fields.need(reader, "keepalive", keepalive).map(Step::Keepalive),
        None => {
            let name = all.first().map_or("", |(name, _)| name.as_str());
            return unknown_step(reader, name);
        }
    };
    fields.finish(reader);
    step
}

fn unknown_step(reader: &mut Reader, found: &str) -> Option<Step> {
    let words: Vec<&str> = WITH_VALUE.into_iter().chain(SIMPLE.iter().map(|(name, _)| *name)).collect();
    let problem = reader
        .problem(ProblemId::UnknownWord)
        .with("found", found.chars().take(60).collect::<String>())
        .with("similar", similar(found, words.iter().copied()))
        .with("words", words.join(", "));
    reader.report(problem);
    None
}

fn recv(reader: &mut Reader, value: &Json) -> Option<Recv> {
    match value {
        Json::Number(_) => bytes(reader, value).map(Recv::Bytes),
        _ => reader.word(value, &[("eof", Recv::Eof), ("request", Recv::Request)]),
    }
}

fn keepalive(reader: &mut Reader, value: &Json) -> Option<Keepalive> {
    let mut fields = Fields::of(reader, value)?;
    let idle = fields.need(reader, "idle", interval);
    let every = fields.need(reader, "interval", interval);
    let count = fields.need(reader, "count", u32_in(1, 127));
    fields.finish(reader);
    Some(Keepalive { idle: idle?, interval: every?, count: count? })
}
