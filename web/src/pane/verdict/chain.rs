//! From what is seen to what is at the root of it, every link with ways to what it stands on.

use crate::hooks::{Same, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_editor::view::verdict::{Goal, Lead, leads};
use roundtrip_explain::chain::Link;
use roundtrip_lab::Lab;
use roundtrip_sim::ActionId;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ChainProps {
    pub(super) run: Same<Run>,
    pub(super) lab: Same<Lab>,
    /// Of which conversation.
    pub(super) action: ActionId,
}

/// The chain of causes, and what else has to do with it.
#[component]
pub(super) fn Chain(props: &ChainProps) -> Html {
    let words = use_words();
    let Some(verdict) = props.run.explanation.of(props.action) else { return Html::default() };
    if verdict.chain.is_empty() && verdict.asides.is_empty() {
        return Html::default();
    }
    let link = |(number, link): (usize, &Link)| {
        html! { <LinkLine key={number} run={props.run.clone()} lab={props.lab.clone()} link={link.clone()} /> }
    };
    let title = if verdict.outcome.works() { m!("chain-works") } else { m!("chain") };
    html! {
        <details class="chain">
            <summary>{ words.t(title) }</summary>
            <p>{ words.tell(&props.lab, &verdict.summary()) }</p>
            <ol>{ for verdict.chain.iter().enumerate().map(link) }</ol>
            if !verdict.asides.is_empty() {
                <h3>{ words.t(m!("asides")) }</h3>
                <ul>{ for verdict.asides.iter().enumerate().map(link) }</ul>
            }
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct LinkProps {
    run: Same<Run>,
    lab: Same<Lab>,
    link: Link,
}

/// One link: what it says, and buttons that lead to what it stands on.
#[component]
fn LinkLine(props: &LinkProps) -> Html {
    let words = use_words();
    let store = use_store();
    let text = words.tell(&props.lab, &props.link.message);
    let lead = |(number, lead): (usize, Lead)| {
        let name = goal(&words, &props.run, &props.lab, lead.goal);
        let spoken = words.with(m!("goal-spoken"), &[("goal", (&name).into()), ("link", (&text).into())]);
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            store.send_all(lead.commands.clone());
            if lead.goal != Goal::Packet {
                crate::dom::show(".tables, .inspector");
            }
        });
        html! { <button key={number} type="button" class="lead" {onclick} aria-label={spoken}>{ name }</button> }
    };
    html! {
        <li data-link={props.link.kind.id()}>
            { text.clone() }
            <span class="leads">{ for leads(&props.run, &props.link.references).into_iter().enumerate().map(lead) }</span>
        </li>
    }
}

/// Where a button leads, in a word or two.
fn goal(words: &Words, run: &Run, lab: &Lab, goal: Goal) -> String {
    let at = |id, node| words.with(id, &[("device", (&words.device_named(lab, run.device_name(node))).into())]);
    match goal {
        Goal::Packet => words.t(m!("goal-packet")),
        Goal::Rule(node) => at(m!("goal-rule"), node),
        Goal::Route(node) => at(m!("goal-route"), node),
        Goal::Neighbour(node) => at(m!("goal-neighbour"), node),
        Goal::Conntrack(node) => at(m!("goal-conntrack"), node),
        Goal::Device(node) => at(m!("goal-device"), node),
        Goal::Moment => words.t(m!("goal-moment")),
    }
}
