//! The snippets for other people's pages, with what they show beside them.

use super::share::{Copy, page};
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::carry::options::{Options, View};
use roundtrip_editor::carry::share::{HEIGHT, HEIGHTS, Snippet, address};
use roundtrip_editor::command::{Language, Theme};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

fn view_name(words: &Words, view: View) -> String {
    words.t(match view {
        View::All => m!("carry-view-all"),
        View::Canvas => m!("carry-view-canvas"),
        View::Ladder => m!("carry-view-ladder"),
        View::Packets => m!("carry-view-packets"),
        View::Verdict => m!("carry-view-verdict"),
    })
}

/// Options, snippets, preview.
#[component]
pub(super) fn EmbedSection() -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let language = words.language();
    let options = use_state_eq(|| Options { language: Some(language), ..Options::default() });
    let height = use_state_eq(|| HEIGHT);
    let set = {
        let options = options.clone();
        move |change: &dyn Fn(&mut Options)| {
            let mut changed = (*options).clone();
            change(&mut changed);
            options.set(changed);
        }
    };
    let chosen = |event: &Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        select.and_then(|select| usize::try_from(select.selected_index()).ok()).unwrap_or(0)
    };
    let on_view = {
        let set = set.clone();
        Callback::from(move |event: Event| set(&|options| options.view = View::ALL.get(chosen(&event)).copied().unwrap_or_default()))
    };
    // The first choice is to leave it to the reader.
    let on_language = {
        let set = set.clone();
        Callback::from(move |event: Event| set(&|options| options.language = Language::ALL.get(chosen(&event).wrapping_sub(1)).copied()))
    };
    let on_theme = {
        let set = set.clone();
        Callback::from(move |event: Event| {
            set(&|options| options.theme = Theme::ALL.get(chosen(&event)).copied().filter(|theme| *theme != Theme::System))
        })
    };
    let checked =
        |event: &Event| event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked());
    let on_play = {
        let set = set.clone();
        Callback::from(move |event: Event| set(&|options| options.play = checked(&event).then_some(true)))
    };
    let on_lock = {
        let set = set.clone();
        Callback::from(move |event: Event| set(&|options| options.lock = checked(&event)))
    };
    let on_start = Callback::from(move |event: Event| {
        let now = store.moment().time;
        set(&|options| options.start = checked(&event).then_some(now));
    });
    let on_height = {
        let height = height.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(number) = input.and_then(|input| input.value().parse::<u32>().ok()).filter(|number| HEIGHTS.contains(number)) {
                height.set(number);
            }
        })
    };
    let view_option = |view: View| html! { <option selected={view == options.view}>{ view_name(&words, view) }</option> };
    let language_option = |of: Language| html! { <option selected={options.language == Some(of)}>{ of.own_name() }</option> };
    let theme_option =
        |theme: Theme| html! { <option selected={options.theme.unwrap_or_default() == theme}>{ words.theme(theme) }</option> };
    html! {
        <details class="embedding">
            <summary>{ words.t(m!("carry-embed")) }</summary>
            <div class="embed-options">
                <label>{ words.t(m!("carry-view")) }<select class="button" onchange={on_view}>{ for View::ALL.into_iter().map(view_option) }</select></label>
                <label>{ words.t(m!("carry-language")) }
                    <select class="button" onchange={on_language}>
                        <option selected={options.language.is_none()}>{ words.t(m!("carry-language-reader")) }</option>
                        { for Language::ALL.into_iter().map(language_option) }
                    </select>
                </label>
                <label>{ words.t(m!("carry-theme")) }<select class="button" onchange={on_theme}>{ for Theme::ALL.into_iter().map(theme_option) }</select></label>
                <label>{ words.t(m!("carry-height")) }
                    <input class="button" type="number" min={HEIGHTS.start().to_string()} max={HEIGHTS.end().to_string()} step="10" value={HEIGHT.to_string()} oninput={on_height} />
                </label>
                <label class="check"><input type="checkbox" onchange={on_play} />{ words.t(m!("carry-embed-play")) }</label>
                <label class="check"><input type="checkbox" onchange={on_start} />{ words.t(m!("carry-embed-start")) }</label>
                <label class="check"><input type="checkbox" onchange={on_lock} />{ words.t(m!("carry-embed-lock")) }</label>
            </div>
            <Texts options={(*options).clone()} {lab} height={*height} />
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct TextsProps {
    options: Options,
    lab: Same<roundtrip_lab::Lab>,
    height: u32,
}

/// Both snippets, and what they show.
#[component]
fn Texts(props: &TextsProps) -> Html {
    let words = use_words();
    let page = page();
    let title = super::title(&words, props.lab.title.get(words.language().tag()));
    let fallback = words.with(m!("carry-fallback"), &[("title", (&title).into())]);
    let snippet =
        Snippet { page: &page, options: &props.options, lab: &props.lab, title: &title, fallback: &fallback, height: props.height };
    let (Ok(frame), Ok(element)) = (snippet.iframe(), snippet.element()) else {
        return html! { <p class="sheet-note">{ words.t(m!("carry-embed-large")) }</p> };
    };
    let preview = address(&page, &Options { embed: true, ..props.options.clone() }, &props.lab).unwrap_or_default();
    html! {
        <>
            <Copy name={words.t(m!("carry-embed-frame"))} text={frame} />
            <Copy name={words.t(m!("carry-embed-element"))} text={element} />
            <h3>{ words.t(m!("carry-preview")) }</h3>
            // Another address is another frame: a frame that only changes its `#` would not read its options again.
            <iframe key={preview.clone()} class="embed-preview" src={preview.clone()} title={words.t(m!("carry-preview"))} loading="lazy" height={props.height.to_string()} />
        </>
    }
}
