//! Why another conversation lives where this one dies: the two side by side, up to the first step at which they part.

use crate::hooks::{Same, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_editor::command::{Command, Selection, ShowCommand, TimeCommand};
use roundtrip_explain::contrast::Contrast;
use roundtrip_explain::flows::{Passage, Row, StepRow, Told};
use roundtrip_lab::Lab;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct SideBySideProps {
    pub(super) run: Same<Run>,
    pub(super) lab: Same<Lab>,
    pub(super) contrast: Contrast,
    /// What people call the conversation that dies.
    pub(super) name: String,
}

/// Packet for packet, then step for step at the device where they part.
#[component]
pub(super) fn SideBySide(props: &SideBySideProps) -> Html {
    let words = use_words();
    let SideBySideProps { run, lab, contrast, name } = props;
    let other = run.explanation.of(contrast.other).map(|verdict| words.conversation(lab, &verdict.conversation)).unwrap_or_default();
    let device = words.device_named(lab, run.device_name(contrast.node));
    let row = |(number, row): (usize, &Row)| {
        html! {
            <tr key={number} class={classes!((!row.dies.arrived).then_some("parts"))}>
                <td><PassageCell run={run.clone()} lab={lab.clone()} passage={row.lives.clone()} /></td>
                <td><PassageCell run={run.clone()} lab={lab.clone()} passage={row.dies.clone()} /></td>
            </tr>
        }
    };
    let step = |(number, row): (usize, &StepRow)| {
        let class = (!row.same).then_some("parts");
        html! { <tr key={number} class={classes!(class)}><td>{ told(&words, lab, row.lives.as_ref()) }</td><td>{ told(&words, lab, row.dies.as_ref()) }</td></tr> }
    };
    let head = html! { <thead><tr><th scope="col">{ other.clone() }</th><th scope="col">{ name.clone() }</th></tr></thead> };
    html! {
        <details class="chain contrast">
            <summary>{ words.with(m!("contrast-title"), &[("other", (&other).into())]) }</summary>
            <p>{ words.tell(lab, &contrast.message) }</p>
            <table class="flows">{ head.clone() }<tbody>{ for contrast.flows.rows.iter().enumerate().map(row) }</tbody></table>
            if !contrast.flows.steps.is_empty() {
                <h3>{ words.with(m!("contrast-steps"), &[("device", (&device).into())]) }</h3>
                <table class="flows">{ head }<tbody>{ for contrast.flows.steps.iter().enumerate().map(step) }</tbody></table>
            }
        </details>
    }
}

fn told(words: &Words, lab: &Lab, told: Option<&Told>) -> String {
    told.map_or_else(|| "–".to_owned(), |told| words.tell(lab, &told.message))
}

#[derive(Properties, PartialEq)]
struct PassageProps {
    run: Same<Run>,
    lab: Same<Lab>,
    passage: Passage,
}

/// A packet, how far it came and by which devices; a button that shows it.
#[component]
fn PassageCell(props: &PassageProps) -> Html {
    let words = use_words();
    let store = use_store();
    let PassageProps { run, lab, passage } = props;
    let way: Vec<String> = passage.way.iter().map(|node| words.device_named(lab, run.device_name(*node))).collect();
    let onclick = {
        let (packet, made) = (passage.packet, run.trace.packets.get(passage.packet.0 as usize).map(|record| record.made));
        Callback::from(move |_: MouseEvent| {
            let mut commands = vec![Command::Time(TimeCommand::Pause)];
            commands.extend(made.map(|made| Command::Time(TimeCommand::Seek(made))));
            commands.push(Command::Select(Selection::Packet(packet)));
            commands.push(Command::Show(ShowCommand::Pane(roundtrip_editor::command::Pane::Packets)));
            store.send_all(commands);
        })
    };
    let sign = if passage.arrived { "✓" } else { "✕" };
    html! {
        <>
            <button type="button" class="lead" {onclick}>{ sign }{ " " }{ words.packet(&passage.label) }</button>
            <span class="way">{ way.join(" → ") }</span>
        </>
    }
}
