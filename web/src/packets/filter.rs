//! The display filter, with what is wrong with it and where.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::dissect::Kind;
use roundtrip_editor::filter::{EXAMPLES, Filter, FilterError, Hint, Problem, Wanted, completions};
use roundtrip_editor::{Command, WatchCommand};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The line in which it is written.
#[component]
pub(super) fn FilterBar() -> Html {
    let words = use_words();
    let store = use_store();
    let watch = use_part(|now| Same(now.watch.clone()));
    let text = watch.filter.clone();
    let parsed = Filter::parse(&text);
    let send = {
        let store = store.clone();
        move |text: String| store.send(Command::Watch(WatchCommand::Filter(text)))
    };
    let oninput = {
        let send = send.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                send(input.value());
            }
        })
    };
    let clear = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send(String::new()))
    };
    let (absolute, relative) = (watch.absolute_numbers, watch.relative_times);
    let toggle = |command: fn(bool) -> WatchCommand, on: bool| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(command(!on))))
    };
    // What is being written is completed; what is not begun is chosen from what people often want.
    let stem = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).map_or(0, |place| place + 1);
    let before = text.get(..stem).unwrap_or_default();
    let mut options: Vec<String> = completions(&text).iter().take(12).map(|name| format!("{before}{name}")).collect();
    if text.trim().is_empty() {
        options.extend(EXAMPLES.iter().map(|&example| example.to_owned()));
    }
    let class = match &parsed {
        Ok(None) => "",
        Ok(Some(_)) => "good",
        Err(_) => "bad",
    };
    html! {
        <div class="filter-bar">
            <input type="text" class={classes!("filter", class)} value={text.clone()} {oninput} list="filter-options" spellcheck="false"
                autocomplete="off" autocapitalize="off" placeholder={words.t(m!("filter-example"))} aria-label={words.t(m!("filter"))}
                aria-invalid={parsed.is_err().to_string()} aria-describedby="filter-says" />
            <datalist id="filter-options">{ for options.into_iter().map(|option| html! { <option key={option.clone()} value={option.clone()} /> }) }</datalist>
            if !text.is_empty() {
                <button class="button small sign" onclick={clear} aria-label={words.t(m!("filter-clear"))} title={words.t(m!("filter-clear"))}>{ "×" }</button>
            }
            <button class="button small" onclick={toggle(WatchCommand::RelativeTimes, relative)} aria-pressed={relative.to_string()}>{ words.t(m!("relative-times")) }</button>
            <button class="button small" onclick={toggle(WatchCommand::AbsoluteNumbers, absolute)} aria-pressed={absolute.to_string()}>{ words.t(m!("absolute-numbers")) }</button>
            <p id="filter-says" class={classes!("says", class)} role="status">{ says(&words, &text, &parsed) }</p>
        </div>
    }
}

fn says(words: &Words, text: &str, parsed: &Result<Option<Filter>, FilterError>) -> Html {
    match parsed {
        Err(error) => {
            let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
            let (from, to) = (error.at.start, error.at.end);
            html! {
                <>
                    { fault(words, &error.problem) }{ " " }
                    <code class="place">{ part(0, from) }<mark>{ if from == to { "␣".to_owned() } else { part(from, to) } }</mark>{ part(to, text.len()) }</code>
                </>
            }
        }
        Ok(filter) => match filter.as_ref().and_then(Filter::hint) {
            Some(Hint::FlagAlone(name)) => html! { { words.with(m!("filter-flag-alone"), &[("field", (*name).into())]) } },
            None => Html::default(),
        },
    }
}

/// What is wrong, and what would be right.
fn fault(words: &Words, problem: &Problem) -> String {
    match problem {
        Problem::UnknownField { name, nearest: Some(nearest) } => {
            words.with(m!("filter-unknown-nearest"), &[("name", name.into()), ("nearest", (*nearest).into())])
        }
        Problem::UnknownField { name, nearest: None } => words.with(m!("filter-unknown"), &[("name", name.into())]),
        Problem::Expected(Wanted::Test) => words.t(m!("filter-wants-test")),
        Problem::Expected(Wanted::Value) => words.t(m!("filter-wants-value")),
        Problem::Expected(Wanted::Connective) => words.t(m!("filter-wants-connective")),
        Problem::Expected(Wanted::Set) => words.t(m!("filter-wants-set")),
        Problem::WrongValue { field, kind, value } => {
            let example = match kind {
                Kind::Ipv4 => "192.168.1.10, 192.168.1.0/24",
                Kind::Mac => "02:00:00:01:00:10",
                Kind::Flag => "1, 0",
                Kind::Time => "4.003",
                Kind::Bytes | Kind::Protocol | Kind::Mark | Kind::Text => "\"GET\", 47:45:54",
                Kind::Number | Kind::Hex(_) => "80, 0x50",
            };
            words.with(m!("filter-wrong-value"), &[("field", (*field).into()), ("value", value.into()), ("example", example.into())])
        }
        Problem::NotComparable { field } => words.with(m!("filter-not-comparable"), &[("field", (*field).into())]),
        Problem::Unclosed(sign) => words.with(m!("filter-unclosed"), &[("sign", (&sign.to_string()).into())]),
        Problem::Stray(sign) => words.with(m!("filter-stray"), &[("sign", (&sign.to_string()).into())]),
        Problem::SingleEquals => words.t(m!("filter-single-equals")),
        Problem::Unsupported(what) => words.with(m!("filter-unsupported"), &[("what", (*what).into())]),
        Problem::TooDeep => words.t(m!("filter-too-deep")),
    }
}
