//! A cause in general, and the catalogue of all of them.

use crate::hooks::use_words;
use crate::words::{Words, m};
use roundtrip_explain::Cause;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct CauseProps {
    pub(super) cause: Cause,
}

/// What there is to say about a cause wherever it shows; the others can be looked up from there.
#[component]
pub(super) fn CauseCard(props: &CauseProps) -> Html {
    let words = use_words();
    let all = use_state_eq(|| false);
    let toggle = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(!*all))
    };
    html! {
        <details class="chain cause">
            <summary>{ words.cause(props.cause.name_id()) }</summary>
            { body(&words, props.cause) }
            <button type="button" class="lead" onclick={toggle} aria-expanded={all.to_string()}>{ words.t(m!("causes-all")) }</button>
            if *all {
                <dl class="causes">{ for Cause::ALL.iter().map(|cause| entry(&words, *cause)) }</dl>
            }
        </details>
    }
}

fn body(words: &Words, cause: Cause) -> Html {
    let source = words.cause(cause.source_id());
    html! {
        <>
            <p>{ words.cause(cause.about_id()) }</p>
            <p class="source">{ words.with(m!("cause-source"), &[("source", (&source).into())]) }{ " · " }<code>{ cause.id() }</code></p>
        </>
    }
}

fn entry(words: &Words, cause: Cause) -> Html {
    html! {
        <div key={cause.id()}>
            <dt>{ words.cause(cause.name_id()) }</dt>
            <dd>{ body(words, cause) }</dd>
        </div>
    }
}
