//! Drawing: the rail of tools, names, menus, lists to choose from, the outline, and what is said about it.

mod cards;
mod empty;
mod menu;
mod name;
mod outline;
mod picker;
mod rail;
mod voice;

pub(crate) use cards::{CableCard, Renumber, SeveralCard};
pub(crate) use empty::Empty;
pub(crate) use menu::ContextMenu;
pub(crate) use name::NameInput;
pub(crate) use outline::Outline;
pub(crate) use picker::PickerDialog;
pub(crate) use rail::Rail;
pub(crate) use voice::Voice;

use crate::hooks::{use_part, use_words};
use crate::words::m;
use yew::prelude::*;

/// Tools, and the network as a picture or as text.
#[component]
pub(crate) fn Stage() -> Html {
    let words = use_words();
    let outline = use_part(|now| now.desk.outline);
    html! {
        <main class="stage" aria-label={words.t(m!("canvas-name"))}>
            <Rail />
            <div class="sheet">
                if outline {
                    <Outline />
                } else {
                    <crate::canvas::Canvas />
                }
                <Voice />
            </div>
            <PickerDialog />
        </main>
    }
}
