//! What the page says once, until somebody has read it.

use super::keeping;
use crate::hooks::{use_part, use_store, use_words};
use crate::store::Store;
use crate::words::{Words, m};
use roundtrip_editor::Command;
use roundtrip_editor::carry::options::OptionProblem;
use roundtrip_editor::carry::{CarryCommand, Dialog, Notice};
use yew::prelude::*;

/// All of them. The list is always there, so that screen readers follow it.
#[component]
pub(crate) fn Notices() -> Html {
    let store = use_store();
    let words = use_words();
    let notices = use_part(|now| crate::hooks::Same(now.carry.clone()));
    let one = |(place, notice): (usize, &Notice)| {
        let read = {
            let store = store.clone();
            Callback::from(move |()| store.send(Command::Carry(CarryCommand::Read(place))))
        };
        let grave = matches!(notice, Notice::CannotOpen { .. } | Notice::CannotRead { .. } | Notice::Broke { .. } | Notice::NoRoom);
        let close = {
            let read = read.clone();
            Callback::from(move |_: MouseEvent| read.emit(()))
        };
        html! {
            <li key={format!("{notice:?}")} class={classes!("notice", grave.then_some("grave"))}>
                <div>{ for lines(&words, notice).into_iter().map(|line| html! { <p>{ line }</p> }) }</div>
                <div class="notice-buttons">
                    { for actions(&words, &store, notice, &read) }
                    <button class="button small close" onclick={close}>{ words.t(m!("carry-close")) }</button>
                </div>
            </li>
        }
    };
    // Around the list, not on it: as a status it would be no list, and its items items of nothing.
    html! { <div class="notices-region" role="status" aria-live="polite"><ul class="notices">{ for notices.notices.iter().enumerate().map(one) }</ul></div> }
}

fn lines(words: &Words, notice: &Notice) -> Vec<String> {
    match notice {
        Notice::Opened { title } => vec![words.with(m!("carry-opened"), &[("title", title.into())])],
        Notice::CannotOpen { file, problems } => {
            let head = match file {
                Some(file) => words.with(m!("carry-file-broken"), &[("file", file.into())]),
                None => words.t(m!("carry-link-broken")),
            };
            let texts = words.problems();
            let line = |problem: &roundtrip_lab::Problem| {
                let place = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
                format!("{place}{} {}", texts.problem(problem), texts.remedy(problem))
            };
            let errors = problems.iter().filter(|problem| problem.is_error()).take(3).map(line);
            std::iter::once(head).chain(errors).chain([words.t(m!("carry-work-is-safe"))]).collect()
        }
        Notice::CannotRead { file, reason } => {
            vec![words.with(m!("carry-file-broken"), &[("file", file.into())]), reason.clone()]
        }
        Notice::Options(problems) => problems.iter().map(|problem| option_line(words, problem)).collect(),
        Notice::NoStorage => vec![words.t(m!("carry-no-storage"))],
        Notice::NoRoom => vec![words.t(m!("carry-no-room"))],
        Notice::Evicted(gone) => vec![words.with(m!("carry-evicted"), &[("gone", (*gone).into())])],
        Notice::OpenElsewhere => vec![words.t(m!("carry-elsewhere"))],
        Notice::TakenOver => vec![words.t(m!("carry-taken-over"))],
        Notice::Broke { title, .. } => {
            let title = super::title(words, title);
            vec![words.with(m!("carry-broke"), &[("title", (&title).into())])]
        }
        Notice::Locked => vec![words.t(m!("carry-locked"))],
    }
}

fn option_line(words: &Words, problem: &OptionProblem) -> String {
    match problem {
        OptionProblem::Unknown { name, similar } => {
            words.with(m!("carry-option-unknown"), &[("name", name.into()), ("similar", (*similar).into())])
        }
        OptionProblem::Wrong { name, value, values } => {
            words.with(m!("carry-option-wrong"), &[("name", (*name).into()), ("value", value.into()), ("values", (*values).into())])
        }
    }
}

/// What can be done about it.
fn actions(words: &Words, store: &Store, notice: &Notice, read: &Callback<()>) -> Vec<Html> {
    let button = |name: String, act: Box<dyn Fn(&Store)>| {
        let (store, read) = (store.clone(), read.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            // First, for it goes by its place.
            read.emit(());
            act(&store);
        });
        html! { <button class="button small primary" {onclick}>{ name }</button> }
    };
    let save = || button(words.t(m!("carry-save")), Box::new(super::files::download));
    match notice {
        Notice::Opened { .. } => vec![button(words.t(m!("carry-take-back")), Box::new(|store| store.send(Command::Undo)))],
        Notice::NoStorage | Notice::NoRoom => vec![save()],
        Notice::Evicted(_) => vec![button(words.t(m!("carry-labs")), Box::new(|store| super::show(store, Some(Dialog::Labs))))],
        Notice::OpenElsewhere | Notice::TakenOver => {
            vec![button(words.t(m!("carry-take-over")), Box::new(|_| keeping::take_over()))]
        }
        Notice::Broke { work, .. } => {
            let work = work.clone();
            vec![
                button(words.t(m!("carry-open")), Box::new(move |store| keeping::open(store, &work))),
                button(words.t(m!("carry-labs")), Box::new(|store| super::show(store, Some(Dialog::Labs)))),
            ]
        }
        _ => Vec::new(),
    }
}
