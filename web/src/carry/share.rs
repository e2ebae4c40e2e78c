//! Passing a lab on: link, QR code, Markdown, file, and the snippets for other people's pages.

use super::embedding::EmbedSection;
use super::labs::use_dialog;
use super::{files, show};
use crate::dom;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use gloo::timers::callback::Timeout;
use roundtrip_editor::carry::Dialog;
use roundtrip_editor::carry::options::Options;
use roundtrip_editor::carry::qr::{self, Code, QUIET};
use roundtrip_editor::carry::share::{address, is_long, markdown};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The page's own address.
pub(super) fn page() -> String {
    dom::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Opens the dialog.
#[component]
pub(crate) fn ShareButton() -> Html {
    let words = use_words();
    let store = use_store();
    let onclick = Callback::from(move |_: MouseEvent| show(&store, Some(Dialog::Share)));
    html! { <button class="button share-button" {onclick}>{ words.t(m!("carry-share")) }</button> }
}

/// The dialog. What is in it is there only while it is open.
#[component]
pub(crate) fn ShareDialog() -> Html {
    let words = use_words();
    let store = use_store();
    let open = use_part(|now| now.carry.dialog);
    let dialog = use_dialog(Dialog::Share, open);
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| show(&store, None))
    };
    let onclose = Callback::from(move |_: Event| {
        if store.snapshot().carry.dialog == Some(Dialog::Share) {
            show(&store, None);
        }
    });
    html! {
        <dialog class="sheet share" ref={dialog} {onclose} aria-labelledby="share-title">
            <h2 id="share-title">{ words.t(m!("carry-share-title")) }</h2>
            if open == Some(Dialog::Share) {
                <LinkSection />
                <EmbedSection />
            }
            <button class="button" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}

/// The link in its forms.
#[component]
fn LinkSection() -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let link = use_memo(lab.clone(), |lab| address(&page(), &Options::default(), lab));
    let save = Callback::from(move |_: MouseEvent| files::download(&store));
    let save = html! { <button class="button" onclick={save}>{ words.t(m!("carry-save")) }</button> };
    let title = super::title(&words, lab.title.get(words.language().tag()));
    match &*link {
        Err(problem) => html! {
            <>
                <p>{ words.problems().problem(problem) }{ " " }{ words.problems().remedy(problem) }</p>
                { save }
            </>
        },
        Ok(link) => html! {
            <>
                <Copy name={words.t(m!("carry-link"))} text={link.clone()} />
                if is_long(link) {
                    <p class="warning">{ words.with(m!("carry-link-long"), &[("length", link.chars().count().into())]) }</p>
                } else {
                    <p class="sheet-note">{ words.with(m!("carry-link-hint"), &[("length", link.chars().count().into())]) }</p>
                }
                <div class="sheet-buttons">{ save }</div>
                <Copy name={words.t(m!("carry-markdown"))} text={markdown(&title, link)} />
                <details class="qr">
                    <summary>{ words.t(m!("carry-qr")) }</summary>
                    { qr::code(link).map_or_else(|| html! { <p class="sheet-note">{ words.t(m!("carry-qr-long")) }</p> },
                        |code| drawn(&code, &words.t(m!("carry-qr-name")))) }
                </details>
            </>
        },
    }
}

/// Black on white in every theme: that is what readers expect.
fn drawn(code: &Code, name: &str) -> Html {
    let whole = code.side.saturating_add(QUIET.saturating_mul(2));
    html! {
        <svg class="qr-code" role="img" aria-label={name.to_owned()} viewBox={format!("-{QUIET} -{QUIET} {whole} {whole}")} shape-rendering="crispEdges">
            <rect x={format!("-{QUIET}")} y={format!("-{QUIET}")} width={whole.to_string()} height={whole.to_string()} fill="#fff" />
            <path d={code.path.clone()} fill="#000" />
        </svg>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct CopyProps {
    pub(super) name: String,
    pub(super) text: String,
}

/// A text to take along, with a button that copies it.
#[component]
pub(super) fn Copy(props: &CopyProps) -> Html {
    let words = use_words();
    let copied = use_state_eq(|| false);
    let field = use_node_ref();
    let onclick = {
        let (copied, field, text) = (copied.clone(), field.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            // Selected as well, for browsers that do not let a page copy.
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.select();
            }
            let Some(window) = dom::window() else { return };
            let done = window.navigator().clipboard().write_text(&text);
            let copied = copied.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if wasm_bindgen_futures::JsFuture::from(done).await.is_ok() {
                    copied.set(true);
                    Timeout::new(2_000, move || copied.set(false)).forget();
                }
            });
        })
    };
    let label = if *copied { words.t(m!("carry-copied")) } else { words.t(m!("carry-copy")) };
    html! {
        <div class="copy">
            <label><span>{ &props.name }</span><input readonly={true} value={props.text.clone()} ref={field} /></label>
            <button class="button" {onclick} aria-label={format!("{label}: {}", props.name)}>{ label.clone() }</button>
            <span class="hidden" role="status">{ copied.then(|| label.clone()) }</span>
        </div>
    }
}
