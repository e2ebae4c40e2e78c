//! What is wrong with the document.

use crate::hooks::{Same, use_part, use_words};
use crate::words::m;
use roundtrip_lab::Problem;
use yew::prelude::*;

/// What keeps the lab from running, if anything does.
#[component]
pub(super) fn Problems() -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let errors: Vec<&Problem> = run.problems.iter().filter(|problem| problem.is_error()).collect();
    if errors.is_empty() {
        return Html::default();
    }
    let line = |problem: &&Problem| {
        let (what, remedy) = (words.problems().problem(problem), words.problems().remedy(problem));
        html! { <li key={format!("{}{}", problem.path, problem.id.name())}><code>{ &problem.path }</code>{ " " }{ what }{ " " }{ remedy }</li> }
    };
    html! {
        <section class="card bad" role="alert">
            <h2>{ words.t(m!("cannot-run")) }</h2>
            <ul>{ for errors.iter().map(line) }</ul>
        </section>
    }
}
