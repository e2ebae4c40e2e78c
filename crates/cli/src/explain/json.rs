//! An explanation for programs. The format stands in `docs/explain-json.md`; ids never change, texts may.

use super::{Case, Finding};
use crate::say::Say;
use roundtrip_explain::belief::{Beliefs, Role};
use roundtrip_explain::chain::{Link, Reference};
use roundtrip_explain::contrast::Contrast;
use roundtrip_explain::flows::{Passage, Told};
use roundtrip_explain::message::packet;
use roundtrip_explain::reading::{Conversation, Direction, Label, Purpose, Way};
use roundtrip_explain::{Cure, Light, LightState, Verdict, words};
use roundtrip_lab::report::{Lines, drop_name};
use roundtrip_sim::trace::{PacketId, RuleId, VisitId};
use roundtrip_sim::{NodeId, Port, SimTime};
use serde_json::{Value, json};

pub(super) fn value(case: &Case<'_>, say: &Say, findings: &[Finding<'_>]) -> Value {
    let write = Writing { case, say, lines: Lines::new(case.scenario, case.trace) };
    let conversations: Vec<Value> = findings.iter().map(|(verdict, cures)| write.verdict(verdict, cures.as_deref())).collect();
    json!({
        "format": 1,
        "title": case.lab.title.get(say.language()),
        "works": findings.iter().all(|(verdict, _)| verdict.outcome.works()),
        "conversations": conversations,
    })
}

fn seconds(time: SimTime) -> f64 {
    time.as_secs_f64()
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::There => "there",
        Direction::Back => "back",
        Direction::Aside => "aside",
    }
}

struct Writing<'a> {
    case: &'a Case<'a>,
    say: &'a Say,
    lines: Lines<'a>,
}

impl Writing<'_> {
    fn text(&self, message: &roundtrip_explain::Message) -> String {
        self.say.tell(self.case.lab, message)
    }

    fn node(&self, node: NodeId) -> &str {
        self.case.name(node)
    }

    fn interface(&self, port: Port) -> Value {
        let node = self.case.scenario.nodes.get(port.node.0 as usize);
        node.and_then(|node| node.interfaces.get(usize::from(port.interface.0))).map(|interface| interface.name.as_str()).into()
    }

    fn rule(&self, node: NodeId, rule: RuleId) -> Value {
        let info = self.case.trace.rules.get(node.0 as usize).and_then(|rules| rules.get(rule.0 as usize));
        info.map_or(Value::Null, |info| json!({ "table": &*info.table, "chain": &*info.chain, "rule": &*info.text }))
    }

    /// A packet: its number, its name, and the frame that brought it to a stay or first carried it.
    fn packet(&self, id: PacketId, label: Label) -> Value {
        json!({ "packet": id.0, "name": self.text(&packet(label)) })
    }

    fn verdict(&self, verdict: &Verdict, cures: Option<&[Cure]>) -> Value {
        let cause = verdict.cause;
        let mut value = json!({
            "name": verdict.conversation.name,
            "conversation": self.conversation(&verdict.conversation),
            "works": verdict.outcome.works(),
            "outcome": { "id": verdict.outcome.id(), "text": self.text(&verdict.summary()) },
            "cause": {
                "id": cause.id(),
                "text": self.text(&verdict.sentence),
                "about": self.say.text(cause.about_id(), &[]),
                "source": self.say.text(cause.source_id(), &[]),
            },
            "place": self.place(verdict),
            "lights": verdict.lights.iter().map(|light| self.light(light)).collect::<Vec<_>>(),
            "ways": self.ways(verdict),
            "chain": verdict.chain.iter().map(|link| self.link(link)).collect::<Vec<_>>(),
            "asides": verdict.asides.iter().map(|link| self.link(link)).collect::<Vec<_>>(),
            "beliefs": verdict.beliefs.as_ref().map(|beliefs| self.beliefs(beliefs)),
            "contrast": verdict.contrast.as_ref().map(|contrast| self.contrast(contrast)),
        });
        if let (Some(cures), Some(object)) = (cures, value.as_object_mut()) {
            object.insert("cures".into(), cures.iter().map(|cure| self.cure(cure)).collect());
        }
        value
    }

    fn conversation(&self, conversation: &Conversation) -> Value {
        let (kind, port) = match conversation.purpose {
            Purpose::Ping => ("ping", None),
            Purpose::Tcp { port } => ("tcp", Some(port)),
            Purpose::Udp { port } => ("udp", Some(port)),
            Purpose::Traceroute => ("traceroute", None),
        };
        json!({
            "type": kind,
            "from": self.node(conversation.from),
            "to": conversation.to.to_string(),
            "target": conversation.target.map(|node| self.node(node)),
            "port": port,
            "begins": seconds(conversation.begins),
        })
    }

    fn place(&self, verdict: &Verdict) -> Value {
        let Some(place) = verdict.place else { return Value::Null };
        let drop = place.drop.and_then(|drop| self.case.trace.drops.get(drop as usize));
        json!({
            "device": self.node(place.node),
            "at": seconds(place.at),
            "packet": place.packet.map(|packet| packet.0),
            "name": verdict.victim().map(|label| self.text(&packet(label))),
            "reason": drop.map(|drop| drop_name(&drop.reason)),
            "frame": drop.and_then(|drop| self.lines.dropped(drop)),
        })
    }

    fn light(&self, light: &Light) -> Value {
        let name = |node| self.node(node).to_owned();
        let mut value = json!({
            "stage": light.stage.id(),
            "name": self.text(&words::stage(light.stage)),
            "text": self.text(&words::light(&light.state, name)),
        });
        let (state, more) = match &light.state {
            LightState::Passed { packet, at, first } => (
                "passed",
                json!({ "packet": packet.0, "at": seconds(*at), "first_lost_at": first.as_ref().map(|loss| self.node(loss.node)) }),
            ),
            LightState::Lost(loss) => (
                "lost",
                json!({ "packet": loss.packet.0, "at": seconds(loss.at), "device": self.node(loss.node), "reason": drop_name(&loss.reason) }),
            ),
            LightState::NotSeen { packet } => ("not-seen", json!({ "packet": packet.0 })),
            LightState::NotSent => ("not-sent", json!({})),
        };
        if let (Some(object), Value::Object(more)) = (value.as_object_mut(), more) {
            object.insert("state".into(), state.into());
            object.extend(more);
        }
        value
    }

    fn way(&self, way: &Way) -> Vec<&str> {
        way.nodes().map(|node| self.node(node)).collect()
    }

    fn ways(&self, verdict: &Verdict) -> Value {
        let ways = &verdict.ways;
        let last = |direction| ways.last(direction).map(|way| self.way(way));
        let only = |wanted: Direction| -> Vec<&str> {
            ways.met_once.iter().filter(|(_, direction)| *direction == wanted).map(|(node, _)| self.node(*node)).collect()
        };
        json!({
            "there": last(Direction::There),
            "back": last(Direction::Back),
            "differ": ways.differ(),
            "only_there": only(Direction::There),
            "only_back": only(Direction::Back),
            "stateful_seeing_one": ways.one_sided.iter().map(|one| json!({ "device": self.node(one.node), "sees": direction(one.sees) })).collect::<Vec<_>>(),
        })
    }

    fn link(&self, link: &Link) -> Value {
        let references: Vec<Value> = link.references.iter().map(|reference| self.reference(reference)).collect();
        json!({ "id": link.kind.id(), "text": self.text(&link.message), "references": references })
    }

    fn stay(&self, visit: VisitId) -> Value {
        let record = self.case.trace.visits.get(visit.0 as usize);
        record
            .map_or(Value::Null, |record| json!({ "device": self.node(record.node), "packet": record.packet.0, "at": seconds(record.at) }))
    }

    /// What a link stands on, with a member that says of what type it is.
    fn reference(&self, reference: &Reference) -> Value {
        let (kind, value) = match reference {
            Reference::Packet(packet) => ("packet", json!({ "packet": packet.0 })),
            Reference::Visit(visit) => ("visit", self.stay(*visit)),
            Reference::Step { visit, .. } => ("step", self.stay(*visit)),
            Reference::Drop(drop) => {
                let record = self.case.trace.drops.get(*drop as usize);
                ("drop", record.map_or(Value::Null, |record| json!({ "device": self.node(record.node), "packet": record.packet.0, "at": seconds(record.at), "reason": drop_name(&record.reason), "frame": self.lines.dropped(record) })))
            }
            Reference::Rule { node, rule } => {
                let mut value = self.rule(*node, *rule);
                if let Some(object) = value.as_object_mut() {
                    object.insert("device".into(), self.node(*node).into());
                }
                ("rule", value)
            }
            Reference::Conntrack { node, .. } => ("conntrack", json!({ "device": self.node(*node) })),
            Reference::Neighbour { port, address } => {
                ("neighbour", json!({ "device": self.node(port.node), "interface": self.interface(*port), "address": address.to_string() }))
            }
            Reference::Device(node) => ("device", json!({ "device": self.node(*node) })),
            Reference::Interface(port) => ("interface", json!({ "device": self.node(port.node), "interface": self.interface(*port) })),
            Reference::Action(action) => {
                let id = self.case.scenario.actions.get(action.0 as usize).map(|action| action.id.as_str());
                ("action", json!({ "action": id }))
            }
        };
        let mut value = if value.is_object() { value } else { json!({}) };
        if let Some(object) = value.as_object_mut() {
            object.insert("type".into(), kind.into());
        }
        value
    }

    fn beliefs(&self, beliefs: &Beliefs) -> Value {
        let rows: Vec<Value> = beliefs
            .rows
            .iter()
            .map(|row| {
                let role = match row.role {
                    Role::Client => "client",
                    Role::Between => "between",
                    Role::Server => "server",
                };
                json!({ "device": self.node(row.node), "role": role, "state": row.state })
            })
            .collect();
        json!({ "at": seconds(beliefs.at), "disagree": beliefs.disagree, "rows": rows })
    }

    fn passage(&self, passage: &Passage) -> Value {
        let mut value = self.packet(passage.packet, passage.label);
        if let Some(object) = value.as_object_mut() {
            object.insert("way".into(), passage.way.iter().map(|node| self.node(*node)).collect());
            object.insert("arrived".into(), passage.arrived.into());
        }
        value
    }

    fn contrast(&self, contrast: &Contrast) -> Value {
        let rows = contrast.flows.rows.iter().map(
            |row| json!({ "direction": direction(row.direction), "lives": self.passage(&row.lives), "dies": self.passage(&row.dies) }),
        );
        let told = |told: Option<&Told>| told.map(|told| self.text(&told.message));
        let steps = contrast
            .flows
            .steps
            .iter()
            .map(|row| json!({ "same": row.same, "lives": told(row.lives.as_ref()), "dies": told(row.dies.as_ref()) }));
        json!({
            "with": self.case.explanation.of(contrast.other).map(|verdict| verdict.conversation.name.as_str()),
            "device": self.node(contrast.node),
            "text": self.text(&contrast.message),
            "packets": rows.collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(),
        })
    }

    fn cure(&self, cure: &Cure) -> Value {
        json!({
            "id": cure.id(),
            "kind": cure.kind.id(),
            "text": self.text(&cure.message),
            "devices": cure.edits.iter().map(roundtrip_explain::cure::Edit::device).collect::<Vec<_>>(),
            "outcome": cure.outcome.id(),
            "cause": cure.cause.id(),
            "mends": cure.mends,
            "breaks": cure.breaks,
            // The whole lab with the cure, ready to be saved and run.
            "lab": serde_json::from_str::<Value>(&roundtrip_lab::save(&cure.lab)).unwrap_or_default(),
        })
    }
}
