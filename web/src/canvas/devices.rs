//! The devices.

use super::SceneProps;
use super::ground::badge;
use super::piece::{part, starts};
use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::{Words, m};
use roundtrip_editor::view::faults;
use roundtrip_editor::view::geometry::{Point, Rect, text_width};
use roundtrip_editor::view::loss::graves;
use roundtrip_editor::view::scene::{DeviceBox, Scene};
use roundtrip_editor::{Focus, Item, Run};
use roundtrip_explain::reading::Direction;
use roundtrip_explain::reading::way;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Kind};
use roundtrip_sim::time::SimTime;
use std::rc::Rc;
use yew::prelude::*;

/// Every device.
#[component]
pub(crate) fn Devices(props: &SceneProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let selection = use_part(|now| now.selection.clone());
    let faults = use_memo((lab.clone(), run.clone()), |(lab, run)| faults::by_item(lab, &run.problems));
    // Where something of what is looked at has died by now.
    let dead: Rc<Vec<String>> = use_moment(Same(Rc::clone(&focus.0)), |focus, moment| {
        let action = focus.conversation.as_ref().map(|conversation| conversation.action);
        let run = &moment.snapshot.run;
        Rc::new(graves(&run.losses, action, moment.time).iter().map(|grave| run.device_name(grave.node).to_owned()).collect())
    });
    let once = met_once(&run, &focus);
    let scene = &props.scene;
    let piece = |start: usize| {
        let boxes = part(&scene.devices, start);
        let here = |name: &str| boxes.iter().find(|its_box| its_box.name == name);
        let notes: Vec<(String, Note)> =
            once.iter().filter_map(|(name, direction)| Some((name.clone(), note(&words, scene, here(name)?, *direction)))).collect();
        let dead: Vec<String> = dead.iter().filter(|name| here(name).is_some()).cloned().collect();
        let items = boxes.iter().map(|its_box| (its_box.name.clone(), Item::Device(its_box.name.clone())));
        let wrong: Vec<(String, String)> =
            items.clone().filter_map(|(name, item)| Some((name, words.wrong(&run.problems, faults.get(&item)?)))).collect();
        let selected: Vec<String> = items.filter(|(_, item)| selection.holds(item)).map(|(name, _)| name).collect();
        html! { <DevicePiece key={start} scene={scene.clone()} lab={lab.clone()} {start} {selected} {dead} {notes} {wrong} /> }
    };
    html! { <g>{ for starts(scene.devices.len()).map(piece) }</g> }
}

#[derive(Properties)]
struct PieceProps {
    scene: Same<Scene>,
    lab: Same<Lab>,
    start: usize,
    selected: Vec<String>,
    dead: Vec<String>,
    notes: Vec<(String, Note)>,
    wrong: Vec<(String, String)>,
}

impl PartialEq for PieceProps {
    fn eq(&self, other: &Self) -> bool {
        let (a, b, start) = (&self.scene, &other.scene, self.start);
        let same_scene = || a.magnified == b.magnified && part(&a.devices, start) == part(&b.devices, start);
        let same_lab = || part(&self.lab.devices, start) == part(&other.lab.devices, start);
        (start, &self.selected, &self.dead, &self.notes, &self.wrong)
            == (other.start, &other.selected, &other.dead, &other.notes, &other.wrong)
            && (a == b || same_scene())
            && (self.lab == other.lab || same_lab())
    }
}

#[component]
fn DevicePiece(props: &PieceProps) -> Html {
    let device = |(its_box, place): (&DeviceBox, usize)| {
        let lab = &props.lab;
        // The picture is of this lab but for a moment, when one of the two has changed first.
        let device = lab.devices.get(place).filter(|device| device.name == its_box.name).or_else(|| lab.device(&its_box.name))?;
        let only = props.notes.iter().find(|(name, _)| *name == its_box.name).map(|(_, note)| note.clone());
        let wrong = props.wrong.iter().find(|(name, _)| *name == its_box.name).map(|(_, wrong)| wrong.clone());
        Some(html! {
            <DeviceShape key={its_box.name.clone()} magnified={props.scene.magnified} its_box={its_box.clone()} device={Rc::new(device.clone())} {only} {wrong}
                selected={props.selected.contains(&its_box.name)} loss={props.dead.contains(&its_box.name)} />
        })
    };
    html! { <>{ for part(&props.scene.devices, props.start).iter().zip(props.start..).filter_map(device) }</> }
}

/// A note beside a device.
#[derive(Clone, PartialEq)]
pub(super) struct Note {
    class: &'static str,
    text: String,
    /// Where it stands.
    pub(super) place: Rect,
}

/// The devices that only one of the two ways meets.
pub(super) fn met_once(run: &Run, focus: &Focus) -> Vec<(String, Direction)> {
    if focus.conversation.is_none() {
        return Vec::new();
    }
    let at = |direction| way::at(&focus.ways, direction, SimTime::MAX).filter(|way| way.complete);
    let (Some(there), Some(back)) = (at(Direction::There), at(Direction::Back)) else { return Vec::new() };
    way::met_once(there, back).into_iter().map(|(node, direction)| (run.device_name(node).to_owned(), direction)).collect()
}

/// The note that says so.
pub(super) fn note(words: &Words, scene: &Scene, its_box: &DeviceBox, direction: Direction) -> Note {
    let (class, text) = match direction {
        Direction::There => ("there", words.t(m!("only-there"))),
        Direction::Back | Direction::Aside => ("back", words.t(m!("only-back"))),
    };
    let place = scene.note(its_box, text_width(&text) * 0.95);
    Note { class, text, place }
}

#[derive(Properties, PartialEq)]
struct DeviceProps {
    magnified: f64,
    its_box: DeviceBox,
    device: Rc<Device>,
    only: Option<Note>,
    wrong: Option<String>,
    selected: bool,
    loss: bool,
}

/// One device: a box with a sign of its kind, its name, and what is special about it.
#[component]
fn DeviceShape(props: &DeviceProps) -> Html {
    let words = use_words();
    let DeviceProps { its_box, device, .. } = props;
    let (rect, centre) = (its_box.rect, its_box.rect.centre());
    let name = words.device_spoken(device, &its_box.caption, props.only.as_ref().map(|note| note.text.as_str()));
    let name = props.wrong.iter().fold(name, |name, wrong| format!("{name}. {wrong}"));
    let class = classes!(
        "device",
        props.selected.then_some("selected"),
        props.loss.then_some("loss"),
        props.only.as_ref().map(|note| format!("only-{}", note.class))
    );
    let by = props.magnified;
    html! {
        <g {class} data-device={its_box.name.clone()} data-item={Item::Device(its_box.name.clone()).key()} tabindex="0" role="button"
            aria-pressed={props.selected.to_string()} aria-label={name}>
            <rect x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} rx={(14.0 * by).to_string()} />
            <g class="sign" transform={format!("translate({:.1} {:.1}) scale({by})", 8.0f64.mul_add(by, rect.x), 8.0f64.mul_add(by, rect.y))}>{ sign(device.kind) }</g>
            <text class="name" x={centre.x.to_string()} y={(centre.y - by).to_string()} text-anchor="middle">{ &its_box.caption.title }</text>
            { " " }
            <text class="subtitle" x={centre.x.to_string()} y={16.0f64.mul_add(by, centre.y).to_string()} text-anchor="middle">{ &its_box.caption.subtitle }</text>
            { for props.only.as_ref().map(|note| {
                let (middle, base) = (note.place.centre(), 4.0f64.mul_add(by, note.place.centre().y));
                html! {
                    <>{ " " }<text class={classes!("note", note.class)} x={format!("{:.1}", middle.x)} y={format!("{base:.1}")} text-anchor="middle">
                        { &note.text }
                    </text></>
                }
            }) }
            { for props.wrong.clone().map(|wrong| badge(Point::new(10.0f64.mul_add(-by, rect.right()), rect.y), by, wrong)) }
            // Cables are drawn from here.
            <circle class="knob" data-item={format!("knob/{}", its_box.name)} cx={rect.right().to_string()} cy={centre.y.to_string()} r={(7.0 * by).to_string()} />
        </g>
    }
}

/// A sign 12 pixels wide, so that kinds differ in shape.
pub(crate) fn sign(kind: Kind) -> Html {
    let d = match kind {
        Kind::Host => "M1 1h10v7H1zM4 11h4M6 8v3",
        Kind::Router => "M6 1a5 5 0 1 0 .01 0M3.5 6h5M6 3.5v5",
        Kind::L3switch => "M1 4h9m-2.500-2.500L10 4 7.500 6.500M11 8H2m2.500-2.500L2 8l2.500 2.500",
        Kind::Firewall => "M1 1h10v10H1zM1 4.300h10M1 7.600h10M6 1v3.300M3.500 4.300v3.300M8.500 4.300v3.300M6 7.600V11",
        Kind::Internet => "M3.500 10h5.500a2.500 2.500 0 0 0 .3-5A3.500 3.500 0 0 0 2.600 4.700 2.700 2.700 0 0 0 3.500 10z",
    };
    html! { <path {d} /> }
}
