//! What happens in time: added, moved, duplicated, taken out.

use roundtrip_lab::Lab;
use roundtrip_lab::document::{
    Action, ActionKind, Device, Kind, PingAction, Profile, Seconds, Target, TcpAction, TracerouteAction, UdpAction,
};
use roundtrip_sim::SimTime;
use std::rc::Rc;

/// A change of what happens in time. Actions are named by their ids; one that names nothing changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Traffic {
    /// One more action, behind all others in the document, so that their numbers (ports, identifiers) stay.
    Add(Rc<Action>),
    /// An action goes, with what forges its segments.
    Remove(String),
    /// An action starts at another time.
    At(String, Seconds),
    /// The same once more, right behind.
    Duplicate(String),
    /// An action stands elsewhere in the document: for those at the same time, that is their order.
    Order(String, usize),
}

impl Traffic {
    /// The document after it; none if it changes nothing.
    #[must_use]
    pub fn apply(&self, lab: &Lab) -> Option<Lab> {
        let mut changed = lab.clone();
        let place = |id: &str| lab.actions.iter().position(|action| action.id == id);
        match self {
            Self::Add(action) => changed.actions.push(Action { id: free_id(lab, &action.id), ..Action::clone(action) }),
            Self::Remove(id) => {
                changed.actions.remove(place(id)?);
                changed.actions.retain(|action| !matches!(&action.kind, ActionKind::Inject(inject) if inject.flow_of == *id));
            }
            Self::At(id, at) => changed.actions.get_mut(place(id)?)?.at = *at,
            Self::Duplicate(id) => {
                let original = lab.actions.get(place(id)?)?;
                let at = Seconds(original.at.0 + length(original));
                changed.actions.push(Action { id: free_id(lab, id), at, ..alone(original.clone()) });
            }
            Self::Order(id, to) => {
                let from = place(id)?;
                let action = changed.actions.remove(from);
                changed.actions.insert((*to).min(changed.actions.len()), action);
            }
        }
        Some(changed)
    }

    /// What it is called.
    #[must_use]
    pub fn change(&self) -> Scheduled {
        match self {
            Self::Add(action) => Scheduled::Add(action.id.clone()),
            Self::Remove(id) => Scheduled::Remove(id.clone()),
            Self::At(id, _) => Scheduled::At(id.clone()),
            Self::Duplicate(id) => Scheduled::Duplicate(id.clone()),
            Self::Order(id, _) => Scheduled::Order(id.clone()),
        }
    }
}

/// What such a change is called, with the action's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheduled {
    /// An action was added.
    Add(String),
    /// One was taken out.
    Remove(String),
    /// One starts at another time.
    At(String),
    /// One was doubled.
    Duplicate(String),
    /// One stands elsewhere.
    Order(String),
}

/// The action without numbers that must be its own.
fn alone(mut action: Action) -> Action {
    match &mut action.kind {
        ActionKind::Ping(ping) => ping.icmp_id = None,
        ActionKind::Tcp(tcp) => tcp.source_port = None,
        ActionKind::Udp(udp) => udp.source_port = None,
        _ => {}
    }
    action
}

/// An id that no action has: the one wished for, or that with a number.
#[must_use]
pub fn free_id(lab: &Lab, wish: &str) -> String {
    let is_free = |id: &str| lab.action(id).is_none();
    if is_free(wish) && !wish.is_empty() {
        return wish.to_owned();
    }
    let stem = wish.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    let stem = if stem.is_empty() { "a" } else { stem };
    (2_u32..).map(|number| format!("{stem}-{number}")).find(|id| is_free(id)).unwrap_or_default()
}

/// How long an action takes at most, as far as its own clock goes; a moment for a change.
#[must_use]
pub fn length(action: &Action) -> SimTime {
    let times = |interval: Seconds, count: u32, wait: Seconds| interval.0.times(u64::from(count.saturating_sub(1))) + wait.0;
    match &action.kind {
        ActionKind::Ping(ping) => times(ping.interval, ping.count, ping.timeout),
        ActionKind::Tcp(tcp) => tcp.limit.0,
        ActionKind::Udp(udp) => times(udp.interval, udp.count, udp.timeout),
        ActionKind::Traceroute(trace) => {
            let hops = u64::from(trace.max_ttl.saturating_sub(trace.first_ttl)).saturating_add(1);
            trace.wait.0.times(hops.saturating_mul(u64::from(trace.queries)))
        }
        _ => SimTime::from_secs(1),
    }
}

/// When the traffic so far is over, in whole seconds.
#[must_use]
pub fn end(lab: &Lab) -> Seconds {
    let last = lab.actions.iter().map(|action| action.at.0 + length(action)).max().unwrap_or_default();
    Seconds::new(last.as_nanos().div_ceil(1_000_000_000))
}

/// Whom somebody at `from` may want to reach: another device that has services, rather a near one than the Internet; else any other
/// with an address.
#[must_use]
pub fn likely_target<'a>(lab: &'a Lab, from: &str) -> Option<&'a str> {
    let others = || lab.devices.iter().filter(|device| device.name != from && device.main_address().is_some());
    let serves = |device: &&Device| !device.services.is_empty();
    let near = others().filter(serves).find(|device| device.kind != Kind::Internet);
    near.or_else(|| others().find(serves)).or_else(|| others().next_back()).map(|device| device.name.as_str())
}

/// Kinds of traffic that are shot with one click.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shot {
    /// Three echo requests.
    #[default]
    Ping,
    /// A web page.
    Http,
    /// A login.
    Ssh,
    /// A TCP connection to any port.
    Tcp(u16),
    /// A datagram to any port.
    Udp(u16),
    /// A trace route.
    Traceroute,
}

impl Shot {
    /// Every kind with the name of its label; ports are those that are asked for first.
    pub const LABELS: [(&'static str, Self); 6] = [
        ("do-ping", Self::Ping),
        ("shoot-http", Self::Http),
        ("shoot-ssh", Self::Ssh),
        ("shoot-tcp", Self::Tcp(8080)),
        ("shoot-udp", Self::Udp(53)),
        ("do-traceroute", Self::Traceroute),
    ];

    /// The action from here to there.
    #[must_use]
    pub fn action(self, from: &str, to: &str, at: Seconds) -> Action {
        let target = Target::from(to);
        let (id, kind) = match self {
            Self::Ping => ("ping", ActionKind::Ping(PingAction { count: 3, ..PingAction::new(from, target) })),
            Self::Http => ("http", ActionKind::Tcp(TcpAction::http(from, target))),
            Self::Ssh => ("ssh", ActionKind::Tcp(TcpAction::ssh(from, target))),
            Self::Tcp(port) => ("tcp", ActionKind::Tcp(TcpAction::new(from, target, port, Profile::Connect))),
            Self::Udp(port) => ("udp", ActionKind::Udp(UdpAction::new(from, target, port))),
            Self::Traceroute => ("trace", ActionKind::Traceroute(TracerouteAction::new(from, target))),
        };
        Action { id: id.to_owned(), label: Default::default(), at, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story() -> Lab {
        roundtrip_lab::example("story").unwrap().lab()
    }

    fn ids(lab: &Lab) -> Vec<&str> {
        lab.actions.iter().map(|action| action.id.as_str()).collect()
    }

    #[test]
    fn what_is_added_gets_a_name_of_its_own_and_stands_last() {
        let shot = Shot::Ping.action("pc1", "pc2", Seconds::new(5));
        let lab = Traffic::Add(Rc::new(shot.clone())).apply(&story()).unwrap();
        let lab = Traffic::Add(Rc::new(shot)).apply(&lab).unwrap();
        assert_eq!(ids(&lab), ["ping", "http", "ssh", "ping-2", "ping-3"]);
        assert!(roundtrip_lab::check(&lab).iter().all(|problem| !problem.is_error()));
    }

    #[test]
    fn actions_move_in_time_double_and_go() {
        let lab = Traffic::At("http".into(), Seconds::new(30)).apply(&story()).unwrap();
        assert_eq!(lab.action("http").unwrap().at, Seconds::new(30));
        let twice = Traffic::Duplicate("http".into()).apply(&lab).unwrap();
        assert_eq!(ids(&twice), ["ping", "http", "ssh", "http-2"]);
        assert!(twice.action("http-2").unwrap().at > Seconds::new(30));
        assert_eq!(ids(&Traffic::Remove("http".into()).apply(&twice).unwrap()), ["ping", "ssh", "http-2"]);
        assert_eq!(ids(&Traffic::Order("ssh".into(), 0).apply(&lab).unwrap()), ["ssh", "ping", "http"]);
        assert_eq!(Traffic::Remove("nobody".into()).apply(&lab), None);
    }

    #[test]
    fn who_forges_segments_of_a_connection_goes_with_it() {
        let mut lab = story();
        let inject = roundtrip_lab::load(
            r#"{ "version": 1, "devices": [{ "name": "r1", "interfaces": [{}] }],
                 "actions": [{ "id": "http", "type": "tcp", "from": "r1", "to": "10.0.0.1" }, { "id": "i", "type": "inject", "from": "r1", "flow_of": "http", "observe": "r1.eth0" }] }"#,
        );
        lab.actions.extend(inject.lab.unwrap().actions.into_iter().skip(1));
        assert_eq!(ids(&Traffic::Remove("http".into()).apply(&lab).unwrap()), ["ping", "ssh"]);
    }

    #[test]
    fn the_end_is_behind_everything() {
        let lab = story();
        assert!(lab.actions.iter().all(|action| action.at < end(&lab)));
        assert_eq!(end(&Lab::default()), Seconds::new(0));
    }

    #[test]
    fn the_target_that_is_offered_first_is_a_server_near_by() {
        assert_eq!(likely_target(&story(), "pc1"), Some("pc2"));
        assert_ne!(likely_target(&story(), "pc2"), Some("pc2"));
        assert_eq!(likely_target(&Lab::default(), "x"), None);
    }

    #[test]
    fn every_shot_runs() {
        for shot in [Shot::Ping, Shot::Http, Shot::Ssh, Shot::Tcp(8080), Shot::Udp(53), Shot::Traceroute] {
            let lab = Traffic::Add(Rc::new(shot.action("pc1", "pc2", Seconds::new(1)))).apply(&story()).unwrap();
            assert!(roundtrip_lab::check(&lab).iter().all(|problem| !problem.is_error()), "{shot:?}");
        }
    }
}
