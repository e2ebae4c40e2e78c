//! Packets on their way, drawn directly at every frame of the screen.

use super::{SceneProps, ways};
use crate::dom;
use crate::hooks::{Same, use_drawing, use_moment, use_part};
use crate::store::Moment;
use roundtrip_editor::view::flight::{Flight, flights};
use roundtrip_editor::view::geometry::Line;
use roundtrip_editor::view::lanes;
use roundtrip_editor::view::scene::Scene;
use roundtrip_editor::{Focus, Run, Snapshot};
use roundtrip_explain::reading::Direction;
use roundtrip_explain::reading::Leg;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::PacketId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use web_sys::{Element, SvgElement};
use yew::prelude::*;

/// Most packets that are drawn at once; more could not be told apart.
const MOST: usize = 1_000;

/// How far a dot reaches from its middle, with its halo.
const DOT: f64 = 15.0;

/// The layer of packets. Its content is the drawing's alone.
#[component]
pub(crate) fn Flights(props: &SceneProps) -> Html {
    let layer = use_node_ref();
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let since = use_moment(Same(focus.0.clone()), |_, moment| ways::since(&moment.snapshot, moment.time));
    let key = (layer.clone(), props.scene.clone(), run, focus, since);
    use_drawing(key, |(layer, scene, run, focus, since)| {
        let moment = since.iter().max().copied().unwrap_or_default();
        let drawing = RefCell::new(Drawing::new(layer.cast(), scene.clone(), run.clone(), focus.clone(), moment));
        move |moment| drawing.borrow_mut().draw(moment)
    });
    html! { <g ref={layer} class="flights" aria-hidden="true" /> }
}

/// What is drawn for one packet.
struct Dot {
    group: SvgElement,
    text: SvgElement,
    packet: Option<PacketId>,
}

struct Drawing {
    layer: Option<Element>,
    scene: Same<Scene>,
    run: Same<Run>,
    focus: Same<Focus>,
    /// The lines of the ways; other hops get theirs when they are first needed.
    lines: BTreeMap<(Direction, Leg), Option<Line>>,
    dots: Vec<Dot>,
}

impl Drawing {
    fn new(layer: Option<Element>, scene: Same<Scene>, run: Same<Run>, focus: Same<Focus>, moment: SimTime) -> Self {
        if let Some(layer) = &layer {
            // What an earlier drawing left.
            layer.set_inner_html("");
        }
        let lines = ways::lines(&scene, &run, &focus, moment);
        let lines = lines.into_iter().map(|(direction, lane)| ((direction, lane.leg), Some(lane.line))).collect();
        Self { layer, scene, run, focus, lines, dots: Vec::new() }
    }

    fn draw(&mut self, moment: &Moment) {
        let mut drawn = 0;
        let run = self.run.clone();
        for flight in flights(&run.trace, &run.index, moment.time).take(MOST) {
            drawn += usize::from(self.draw_flight(drawn, &flight, &moment.snapshot));
        }
        for dot in self.dots.iter_mut().skip(drawn) {
            if dot.packet.take().is_some() {
                dom::set(&dot.group, "class", "packet away");
            }
        }
    }

    /// Draws a packet as the dot at a place. False if there is nothing to be seen of it.
    fn draw_flight(&mut self, place: usize, flight: &Flight, now: &Snapshot) -> bool {
        let Some(member) = self.run.member(flight.hop.packet).copied() else { return false };
        let leg = Leg { from: flight.hop.from, segment: flight.hop.segment, to: flight.hop.to };
        let (scene, scenario) = (&self.scene, &self.run.scenario);
        let line = self.lines.entry((member.direction, leg)).or_insert_with(|| lanes::plain(scene, scenario, leg.from, leg.to));
        let Some(line) = line else { return false };
        // Without motion a packet stands in the middle of its hop until it is taken.
        let at = line.at(if now.reduced_motion { 0.5 } else { flight.progress });
        if !now.viewport.shows(at, now.window, DOT * self.scene.magnified) {
            return false;
        }
        while self.dots.len() <= place {
            let Some(dot) = self.layer.as_ref().and_then(new_dot) else { return false };
            self.dots.push(dot);
        }
        let Some(dot) = self.dots.get_mut(place) else { return false };
        if dot.packet != Some(flight.hop.packet) {
            dot.packet = Some(flight.hop.packet);
            let in_focus = self.focus.conversation.as_ref().is_none_or(|conversation| {
                self.run.trace.packets.get(flight.hop.packet.0 as usize).is_some_and(|record| record.action == Some(conversation.action))
            });
            let direction = match member.direction {
                Direction::There => "there",
                Direction::Back => "back",
                Direction::Aside => "aside",
            };
            dom::set(&dot.group, "class", &format!("packet {direction}{}", if in_focus { "" } else { " other" }));
            dom::set(&dot.group, "data-packet", &flight.hop.packet.0.to_string());
            let number = member.label.kind.handshake_number().map(|number| number.to_string());
            dot.text.set_text_content(number.as_deref());
        }
        // Straight: it is another one at nearly every frame, and looking first costs as much as setting.
        let _ = dot.group.set_attribute("transform", &format!("translate({:.1} {:.1}) scale({})", at.x, at.y, self.scene.magnified));
        true
    }
}

/// A dot with its number: the style sheet gives it the shape of its direction.
fn new_dot(layer: &Element) -> Option<Dot> {
    let group = dom::svg_element("g")?;
    let halo = dom::svg_element("circle")?;
    dom::set(&halo, "class", "halo");
    dom::set(&halo, "r", "15");
    let _ = group.append_child(&halo);
    for (class, d) in [("round", "M0-9a9 9 0 1 1-.01 0z"), ("diamond", "M0-11L11 0 0 11-11 0z"), ("wedge", "M0-7L7 5H-7z")] {
        let shape = dom::svg_element("path")?;
        dom::set(&shape, "class", class);
        dom::set(&shape, "d", d);
        let _ = group.append_child(&shape);
    }
    let text = dom::svg_element("text")?;
    dom::set(&text, "y", "4");
    dom::set(&text, "text-anchor", "middle");
    let _ = group.append_child(&text);
    let _ = layer.append_child(&group);
    Some(Dot { group, text, packet: None })
}
