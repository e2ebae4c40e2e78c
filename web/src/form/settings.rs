//! The settings of the kernel: what is set, and all others to be searched.

use super::Control;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::edit::Configure;
use roundtrip_editor::form::choice::owner;
use roundtrip_editor::form::entry::{Entry, Slot};
use roundtrip_editor::form::settings::{Line, Scope, lines};
use roundtrip_editor::form::{Field, Form};
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::Json;
use roundtrip_lab::patch::Patch;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The properties of [`SettingsList`].
#[derive(Properties, PartialEq)]
pub(crate) struct SettingsProps {
    /// The path of what they are settings of.
    pub(crate) object: String,
    /// Its form.
    pub(crate) form: Form,
    /// The field that holds them.
    pub(crate) field: &'static Field,
    /// Those that are there.
    pub(crate) given: Json,
}

/// Those that are set, a field to search the others, and a choice of what they are for.
#[component]
pub(crate) fn SettingsList(props: &SettingsProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let sought = use_state_eq(String::new);
    let scope = use_state_eq(Scope::default);
    let all = use_state_eq(|| false);
    let id = use_memo((), |()| format!("settings-{}", store.new_gesture().0));
    let SettingsProps { object, form, field, given } = props;
    let Some(device) = owner(&lab, object) else { return Html::default() };
    let given: Vec<(String, String)> = match given {
        Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value.typed())).collect(),
        _ => Vec::new(),
    };
    let found = lines(device, &given, &scope, &sought, *all, &|message| words.named(message));
    let onsearch = {
        let sought = sought.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                sought.set(input.value());
            }
        })
    };
    let onscope = {
        let scope = scope.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
            scope.set(match select.value().as_str() {
                "" => Scope::Device,
                "/all" => Scope::All,
                name => Scope::Interface(name.to_owned()),
            });
        })
    };
    let onall = {
        let all = all.clone();
        Callback::from(move |_: Event| all.set(!*all))
    };
    let line = |line: &Line| {
        let value = line.value.clone().map(Json::Text);
        let entry = Entry { object: object.clone(), form, field, slot: Slot::Key(line.name.clone()) };
        let path = entry.place();
        let back = words.with(m!("settings-back"), &[("setting", (&line.name).into())]);
        let onback = {
            let store = store.clone();
            Callback::from(move |_: MouseEvent| {
                store.send(Command::Edit(Edit::Configure(Configure::Patch { path: path.clone(), patch: Patch::Remove }), None));
            })
        };
        let usual = line.usual.map(|usual| words.with(m!("settings-default"), &[("value", (&usual.to_string()).into())]));
        let range = line
            .range
            .map(|(min, max)| words.with(m!("settings-range"), &[("min", (&min.to_string()).into()), ("max", (&max.to_string()).into())]));
        let facts: Vec<String> = usual.into_iter().chain(range).collect();
        html! {
            <li key={line.name.clone()} class={classes!("setting", line.value.is_some().then_some("given"))}>
                <Control {entry} {value} label={line.name.clone()} />
                if line.value.is_some() {
                    <button class="button small sign" onclick={onback} aria-label={back.clone()} title={back}>{ "↺" }</button>
                }
                <p>{ line.message.as_deref().map(|message| words.named(message)) }{ " " }<small>{ facts.join(", ") }</small></p>
            </li>
        }
    };
    let is_chosen = |of: &Scope| *of == *scope;
    html! {
        <div class="settings">
            <div class="settings-head">
                <div class="field">
                    <label for={format!("{id}-search")}>{ words.t(m!("settings-search")) }</label>
                    <input id={format!("{id}-search")} type="search" value={(*sought).clone()} oninput={onsearch} autocomplete="off" spellcheck="false" />
                </div>
                <div class="field">
                    <label for={format!("{id}-scope")}>{ words.t(m!("settings-scope")) }</label>
                    <select id={format!("{id}-scope")} onchange={onscope}>
                        <option value="" selected={is_chosen(&Scope::Device)}>{ words.t(m!("settings-scope-device")) }</option>
                        <option value="/all" selected={is_chosen(&Scope::All)}>{ words.t(m!("settings-scope-all")) }</option>
                        { for device.interfaces.iter().map(|interface| html! {
                            <option key={interface.name.clone()} value={interface.name.clone()} selected={is_chosen(&Scope::Interface(interface.name.clone()))}>{ &interface.name }</option>
                        }) }
                    </select>
                </div>
            </div>
            <label class="settings-all"><input type="checkbox" checked={*all} onchange={onall} />{ " " }
                { words.with(m!("settings-all"), &[("count", roundtrip_sim::sysctl::Sysctl::ALL.len().into())]) }</label>
            if found.is_empty() && !sought.is_empty() {
                <p class="empty">{ words.t(m!("settings-none")) }</p>
            }
            <ul>{ for found.iter().map(line) }</ul>
        </div>
    }
}
