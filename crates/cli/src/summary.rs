//! `roundtrip run`: what happened, for a person.

use crate::say::Say;
use roundtrip_explain::words;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Action, ActionKind, Profile};
use roundtrip_lab::report::{Lines, drop_detail, drop_name};
use roundtrip_sim::trace::{End, Limit, Outcome};
use roundtrip_sim::{NodeId, Scenario, SimTime, Trace};
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(crate) fn write(out: &mut impl Write, say: &Say, lab: &Lab, scenario: &Scenario, trace: &Trace) -> io::Result<()> {
    let title = lab.title.get(say.language());
    if !title.is_empty() {
        writeln!(out, "{title}")?;
    }
    let counts = [
        ("devices", scenario.nodes.len().to_string()),
        ("segments", scenario.segments.len().to_string()),
        ("frames", trace.frames.len().to_string()),
        ("seconds", seconds(trace.ended_at)),
    ];
    let counts: Vec<(&'static str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    writeln!(out, "{}", say.text("counts", &counts))?;
    conversations(out, say, lab, scenario, trace)?;
    drops(out, say, lab, scenario, trace)?;
    match trace.end {
        End::Finished => Ok(()),
        End::Limit(limit) => {
            let id = match limit {
                Limit::Events => "limit-events",
                Limit::Frames => "limit-frames",
                Limit::Time => "limit-time",
            };
            writeln!(out, "\n{}", say.text(id, &[]))
        }
    }
}

fn seconds(time: SimTime) -> String {
    format!("{:.3}", time.as_secs_f64())
}

fn conversations(out: &mut impl Write, say: &Say, lab: &Lab, scenario: &Scenario, trace: &Trace) -> io::Result<()> {
    if lab.actions.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let rows: Vec<(String, String, String, String)> = lab
        .actions
        .iter()
        .zip(&scenario.actions)
        .zip(&trace.outcomes)
        .map(|((action, simulated), outcome)| {
            (seconds(simulated.at), action.id.clone(), what(action, simulated), self::outcome(say, action, outcome))
        })
        .collect();
    let width =
        |part: fn(&(String, String, String, String)) -> &str| rows.iter().map(|row| part(row).chars().count()).max().unwrap_or(0).min(60);
    let (ids, whats) = (width(|row| &row.1), width(|row| &row.2));
    for (at, id, what, outcome) in &rows {
        writeln!(out, "{at:>9} s  {id:<ids$}  {what:<whats$}  {outcome}")?;
    }
    Ok(())
}

/// What an action does, in the words of the tools that do it.
fn what(action: &Action, simulated: &roundtrip_sim::scenario::Action) -> String {
    use roundtrip_sim::scenario::ActionKind as Sim;
    let arrow = |from: &str, to: String| format!("{from} > {to}");
    match (&action.kind, &simulated.kind) {
        (ActionKind::Ping(ping), Sim::Ping(to)) => format!("ping {}", arrow(&ping.from, to.to.to_string())),
        (ActionKind::Tcp(tcp), Sim::Tcp(to)) => {
            let profile = match tcp.profile {
                Profile::Http { .. } => "http",
                Profile::Ssh { .. } => "ssh",
                Profile::Connect | Profile::Script { .. } => "tcp",
            };
            format!("{profile} {}", arrow(&tcp.from, format!("{}:{}", to.to, tcp.port)))
        }
        (ActionKind::Udp(udp), Sim::Udp(to)) => format!("udp {}", arrow(&udp.from, format!("{}:{}", to.to, udp.port))),
        (ActionKind::Traceroute(trace), Sim::Traceroute(to)) => format!("traceroute {}", arrow(&trace.from, to.to.to_string())),
        (kind, _) => kind.device().map_or_else(|| kind.name().to_owned(), |device| format!("{} {device}", kind.name())),
    }
}

fn outcome(say: &Say, action: &Action, outcome: &Outcome) -> String {
    let result = say.text(&format!("result-{}", outcome.result.name()), &[]);
    let number = |value: Option<u64>| value.unwrap_or(0).to_string();
    let mut parts = vec![result];
    match &action.kind {
        ActionKind::Ping(_) => {
            let (sent, received) = (number(outcome.sent.map(u64::from)), number(outcome.received.map(u64::from)));
            parts.push(say.text("ping-counts", &[("sent", &sent), ("received", &received)]));
        }
        ActionKind::Tcp(_) if outcome.connected == Some(true) => {
            parts.push(say.text("tcp-connected", &[("bytes", &number(outcome.bytes))]));
        }
        ActionKind::Tcp(_) => parts.push(say.text("tcp-not-connected", &[])),
        ActionKind::Udp(_) => parts.push(say.text("udp-replies", &[("replies", &number(outcome.replies.map(u64::from)))])),
        ActionKind::Traceroute(_) => parts.extend(outcome.hops.iter().map(|hop| hop.trim().to_owned())),
        _ => {}
    }
    if let Some(stage) = outcome.stage.filter(|stage| *stage != "connect") {
        parts.push(say.text("stage", &[("stage", stage)]));
    }
    parts.extend(outcome.errno.map(|errno| errno.name().to_owned()));
    parts.join(", ")
}

fn drops(out: &mut impl Write, say: &Say, lab: &Lab, scenario: &Scenario, trace: &Trace) -> io::Result<()> {
    writeln!(out)?;
    if trace.drops.is_empty() {
        return writeln!(out, "{}", say.text("no-drops", &[]));
    }
    writeln!(out, "{}", say.text("drops", &[]))?;
    let lines = Lines::new(scenario, trace);
    // Those of one node for one reason, the first of them in full.
    let mut groups: BTreeMap<(NodeId, &'static str, String), (usize, usize)> = BTreeMap::new();
    for (place, drop) in trace.drops.iter().enumerate() {
        let key = (drop.node, drop_name(&drop.reason), drop_detail(trace, drop));
        groups.entry(key).or_insert((0, place)).0 += 1;
    }
    for ((node, reason, detail), (count, first)) in groups {
        let name = scenario.nodes.get(node.0 as usize).map_or("?", |node| node.name.as_str());
        let reason = trace.drops.get(first).map_or_else(|| reason.to_owned(), |drop| say.tell(lab, &words::reason(&drop.reason)));
        let detail = if detail.is_empty() { detail } else { format!(" ({detail})") };
        writeln!(out, "{name:>9}  {count} x {reason}{detail}")?;
        if let Some(drop) = trace.drops.get(first) {
            // Some die without ever having been a frame, and of some it is not recorded which frame brought them.
            let line = lines.dropped(drop).or_else(|| drop.visit.map(|_| say.text("made-here", &[]))).unwrap_or_default();
            writeln!(out, "{:>9}  {}", "", format!("{} {line}", say.text("first-at", &[("seconds", &seconds(drop.at))])).trim_end())?;
        }
    }
    Ok(())
}
