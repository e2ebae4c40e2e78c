//! What the address says: how to show, and perhaps a whole lab.

use super::{open, say};
use crate::store::Store;
use crate::{dom, storage};
use gloo::events::EventListener;
use roundtrip_editor::Command;
use roundtrip_editor::carry::CarryCommand;
use roundtrip_editor::carry::Notice;
use roundtrip_editor::carry::options::{OptionProblem, Options};
use roundtrip_lab::{Lab, Loaded, link};
use std::rc::Rc;
use web_sys::UrlSearchParams;

/// How the page is come to.
pub(crate) struct Arrival {
    /// How it is to be shown.
    pub(crate) options: Options,
    problems: Vec<OptionProblem>,
    /// The lab in the link, if there is a link.
    link: Option<Loaded>,
}

/// Reads the address.
pub(crate) fn arrive() -> Arrival {
    let location = dom::window().map(|window| window.location());
    let search = location.as_ref().and_then(|location| location.search().ok()).unwrap_or_default();
    let pairs: Vec<(String, String)> = UrlSearchParams::new_with_str(&search)
        .ok()
        .map(|pairs| {
            let pairs = js_sys::try_iter(&pairs).ok().flatten();
            let pair = |pair: wasm_bindgen::JsValue| {
                let pair = js_sys::Array::from(&pair);
                Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
            };
            pairs.into_iter().flatten().filter_map(|next| pair(next.ok()?)).collect()
        })
        .unwrap_or_default();
    let (options, problems) = Options::read(pairs);
    if options.embed {
        // What is kept belongs to the page, not to whoever embeds it.
        storage::close();
    }
    Arrival { options, problems, link: linked() }
}

/// The lab behind the address's `#`.
fn linked() -> Option<Loaded> {
    let hash = dom::window()?.location().hash().ok()?;
    link::fragment(&hash).map(link::decode)
}

impl Arrival {
    /// The lab to begin with, where it is the address that says so.
    pub(crate) fn lab(&self) -> Option<Lab> {
        let linked = self.link.as_ref().and_then(|loaded| loaded.lab.clone());
        linked.or_else(|| crate::examples::by_name(self.options.example.as_deref()?))
    }
}

/// Says what was wrong with the address, and opens the links that come later.
pub(super) fn start(store: &Store, arrival: Arrival) {
    let embed = arrival.options.embed;
    let asked = arrival.lab();
    store.send(Command::Carry(CarryCommand::Options(arrival.options)));
    for problem in &arrival.problems {
        web_sys::console::warn_1(&format!("Roundtrip: {problem}").into());
    }
    let news: Vec<OptionProblem> = arrival.problems.into_iter().filter(OptionProblem::is_news).collect();
    if !news.is_empty() {
        say(store, Notice::Options(news));
    }
    match arrival.link {
        Some(Loaded { lab: None, problems }) => say(store, Notice::CannotOpen { file: None, problems }),
        Some(Loaded { lab: Some(lab), .. }) => {
            // If something else is there, the link takes its place in a step of its own.
            if *store.snapshot().lab != lab {
                super::put(store, Rc::new(lab));
            }
            forget_link(embed);
        }
        None => {
            // An example that the address names takes the place of what was kept, like a link.
            if let Some(lab) = asked.filter(|lab| *store.snapshot().lab != *lab) {
                super::put(store, Rc::new(lab));
            }
        }
    }
    let Some(window) = dom::window() else { return };
    let store = store.clone();
    EventListener::new(&window, "hashchange", move |_| {
        if let Some(loaded) = linked()
            && open(&store, loaded, None)
        {
            forget_link(embed);
        }
    })
    .forget();
}

/// The link is taken out of the address, which would otherwise go on to claim that it is what one sees, and bring it back at each
/// reload instead of the work.
fn forget_link(embed: bool) {
    if embed {
        return;
    }
    let Some(window) = dom::window() else { return };
    let location = window.location();
    let (Ok(path), Ok(search), Ok(history)) = (location.pathname(), location.search(), window.history()) else { return };
    // Refused where the page is a file: then the link stays.
    let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("{path}{search}")));
}
