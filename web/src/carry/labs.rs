//! The labs that this browser keeps, and files.

use super::{files, keeping, show};
use crate::hooks::{use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::carry::Dialog;
use roundtrip_editor::carry::shelf::Work;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Opens the dialog.
#[component]
pub(crate) fn LabsButton() -> Html {
    let words = use_words();
    let store = use_store();
    let onclick = Callback::from(move |_: MouseEvent| show(&store, Some(Dialog::Labs)));
    html! { <button class="button labs-button" {onclick}>{ words.t(m!("carry-labs")) }</button> }
}

/// A modal dialog that follows the state.
#[hook]
pub(crate) fn use_dialog(which: Dialog, open: Option<Dialog>) -> NodeRef {
    let node = use_node_ref();
    use_effect_with((open == Some(which), node.clone()), |(open, node)| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            match (*open, dialog.open()) {
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    node
}

/// The dialog.
#[component]
pub(crate) fn LabsDialog() -> Html {
    let words = use_words();
    let store = use_store();
    let open = use_part(|now| now.carry.dialog);
    let dialog = use_dialog(Dialog::Labs, open);
    // The shelf is not part of the state: it is looked at whenever the dialog opens and something goes.
    let looked = use_state(|| 0_u32);
    let works = use_memo((open, *looked), |(open, _)| if *open == Some(Dialog::Labs) { keeping::works() } else { Vec::new() });
    let gone = {
        let looked = looked.clone();
        Callback::from(move |()| looked.set(looked.wrapping_add(1)))
    };
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| show(&store, None))
    };
    let onclose = {
        let store = store.clone();
        Callback::from(move |_: Event| {
            if store.snapshot().carry.dialog == Some(Dialog::Labs) {
                show(&store, None);
            }
        })
    };
    let choose = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            show(&store, None);
            files::choose(&store);
        })
    };
    let save = Callback::from(move |_: MouseEvent| files::download(&store));
    let current = keeping::current();
    let line = |work: &Work| {
        html! { <Line key={work.id.clone()} work={work.clone()} current={current.as_deref() == Some(&work.id)} gone={gone.clone()} /> }
    };
    html! {
        <dialog class="sheet labs" ref={dialog} {onclose} aria-labelledby="labs-title">
            <h2 id="labs-title">{ words.t(m!("carry-labs")) }</h2>
            <div class="sheet-buttons">
                <button class="button primary" onclick={choose}>{ words.t(m!("carry-open-file")) }</button>
                <button class="button" onclick={save}>{ words.t(m!("carry-save")) }</button>
            </div>
            <p class="sheet-note">{ words.t(m!("carry-drop-hint")) }</p>
            <h3>{ words.t(m!("carry-kept")) }</h3>
            if works.is_empty() {
                <p class="sheet-note">{ words.t(m!("carry-kept-none")) }</p>
            } else {
                <ul class="works">{ for works.iter().map(line) }</ul>
                <p class="sheet-note">{ words.t(m!("carry-kept-hint")) }</p>
            }
            <button class="button" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    work: Work,
    current: bool,
    gone: Callback<()>,
}

/// One lab.
#[component]
fn Line(props: &LineProps) -> Html {
    let words = use_words();
    let store = use_store();
    let sure = use_state_eq(|| false);
    let Work { id, title, changed } = props.work.clone();
    let title = super::title(&words, &title);
    let date = js_sys::Date::new(&(changed as f64).into()).to_locale_string(words.language().tag(), &js_sys::Object::new());
    let date = date.as_string().unwrap_or_default();
    let open = {
        let id = id.clone();
        Callback::from(move |_: MouseEvent| {
            show(&store, None);
            keeping::open(&store, &id);
        })
    };
    let remove = {
        let (sure, gone) = (sure.clone(), props.gone.clone());
        Callback::from(move |_: MouseEvent| {
            if *sure {
                keeping::remove(&id);
                gone.emit(());
            } else {
                // What is deleted here cannot be had back, so that it takes a second press.
                sure.set(true);
            }
        })
    };
    let remove_name = words.with(m!("carry-delete-named"), &[("title", (&title).into())]);
    html! {
        <li class="work">
            <button class="button open" onclick={open} disabled={props.current}>
                <b>{ title }</b><span class="date">{ date }</span>
                if props.current { <span class="date">{ words.t(m!("carry-current")) }</span> }
            </button>
            if !props.current {
                <button class="button small" onclick={remove} aria-label={(!*sure).then_some(remove_name)}>
                    { if *sure { words.t(m!("carry-delete-sure")) } else { words.t(m!("carry-delete")) } }
                </button>
            }
        </li>
    }
}

/// Other pages of the site. There are none beside a page that is one file.
#[component]
pub(crate) fn SiteLinks() -> Html {
    let words = use_words();
    let alone = crate::dom::window().and_then(|window| window.location().protocol().ok()).is_none_or(|protocol| protocol == "file:");
    if alone {
        return Html::default();
    }
    html! {
        <p class="site-links">
            <a href={format!("demo/{}.html", words.language().tag())} target="_blank" rel="noopener">{ words.t(m!("carry-site-story")) }</a>
            <a href="demo/simulated.html" target="_blank" rel="noopener">{ words.t(m!("carry-site-simulated")) }</a>
        </p>
    }
}
