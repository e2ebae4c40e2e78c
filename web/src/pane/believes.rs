//! What the two ends and every stateful device between them believe of the conversation, side by side, at the moment that is shown.

use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::m;
use roundtrip_explain::belief::{Role, at_moment};
use roundtrip_explain::reading::Reading;
use roundtrip_sim::time::SimTime;
use yew::prelude::*;

/// The table; nothing for what is no TCP conversation.
#[component]
pub(super) fn Believes() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    // Changes with what happens in the conversation, not sixty times a second.
    let at = use_moment(focus.clone(), |focus, moment| {
        let passed = focus.stops.partition_point(|stop| *stop <= moment.time);
        passed.checked_sub(1).and_then(|last| focus.stops.get(last)).copied().unwrap_or(SimTime::ZERO)
    });
    let beliefs = use_memo((run.clone(), focus, at), |(run, focus, at)| {
        let reading = Reading::new(&run.scenario, &run.trace);
        at_moment(&reading.thread(focus.conversation.as_ref()?), *at)
    });
    let Some(beliefs) = beliefs.as_ref() else { return Html::default() };
    let title = words.with(m!("believes-title"), &[("time", (&words.clock(at)).into())]);
    let common = beliefs.rows.first().map(|row| row.state);
    let row = |(place, row): (usize, &roundtrip_explain::belief::Belief)| {
        let role = words.t(match row.role {
            Role::Client => m!("role-client"),
            Role::Between => m!("role-between"),
            Role::Server => m!("role-server"),
        });
        let odd = beliefs.disagree && Some(row.state) != common;
        html! {
            <tr key={place} class={odd.then_some("odd")}>
                <th scope="row">{ words.device_named(&lab, run.device_name(row.node)) }{ " " }<small>{ role }</small></th>
                <td>{ odd.then_some("≠ ") }{ row.state }</td>
            </tr>
        }
    };
    html! {
        <section aria-label={title.clone()}>
            <h2>{ title }</h2>
            <table class="believes">{ for beliefs.rows.iter().enumerate().map(row) }</table>
            if beliefs.disagree {
                <p class="disagree" role="status">{ "✕ " }{ words.t(m!("believes-disagree")) }</p>
            } else {
                <p class="agree" role="status">{ "✓ " }{ words.t(m!("believes-agree")) }</p>
            }
        </section>
    }
}
