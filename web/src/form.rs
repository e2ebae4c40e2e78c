//! Forms: the editor's tables of fields as controls.

mod control;
mod draft;
mod list;
mod settings;
mod text_draft;
mod text_editor;

pub(crate) use control::Control;
pub(crate) use settings::SettingsList;
pub(crate) use text_draft::TextDraft;

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use list::ObjectList;
use roundtrip_editor::command::Language;
use roundtrip_editor::form::entry::{Entry, Slot};
use roundtrip_editor::form::{Field, FieldKind, Form, visible};
use roundtrip_editor::{Command, Edit, edit::Configure};
use roundtrip_lab::Json;
use roundtrip_lab::patch::Patch;
use yew::prelude::*;

/// The properties of [`Fields`].
#[derive(Properties, PartialEq)]
pub(crate) struct FieldsProps {
    /// The form of the object.
    pub(crate) form: Form,
    /// The object's path.
    pub(crate) path: String,
    /// The object as it is.
    pub(crate) object: Json,
    /// Only these fields; all without names.
    #[prop_or_default]
    pub(crate) only: &'static [&'static str],
}

/// The fields of an object: those that are often needed, and the others when asked for.
#[component]
pub(crate) fn Fields(props: &FieldsProps) -> Html {
    let words = use_words();
    let FieldsProps { form, path, object, only } = props;
    let wanted = |field: &&&'static Field| only.is_empty() || only.contains(&field.name);
    let fields = visible(form, object);
    let (seldom, often): (Vec<&Field>, Vec<&Field>) = fields.iter().filter(wanted).partition(|field| field.seldom);
    let show = |field: &&'static Field| {
        let value = object.get(field.name).cloned();
        html! { <FieldView key={field.name} form={*form} path={path.clone()} field={*field} {value} owner={name_of(object)} /> }
    };
    // What is folded away but given is named.
    let given: Vec<String> = seldom.iter().filter(|field| object.get(field.name).is_some()).map(|field| words.named(field.label)).collect();
    html! {
        <>
            { for often.iter().map(show) }
            if !seldom.is_empty() {
                <details class="more">
                    <summary>{ words.t(m!("more-fields")) }{ " " }<small>{ given.join(", ") }</small></summary>
                    { for seldom.iter().map(show) }
                </details>
            }
        </>
    }
}

/// What an object is called, if it has a name.
fn name_of(object: &Json) -> String {
    object.get("name").map(Json::typed).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
struct FieldViewProps {
    form: Form,
    path: String,
    field: &'static Field,
    value: Option<Json>,
    /// The name of the object, where it has one.
    owner: String,
}

/// A field, as the controls that it takes.
#[component]
fn FieldView(props: &FieldViewProps) -> Html {
    let words = use_words();
    let FieldViewProps { form, path, field, value, owner } = props;
    let entry = |slot| Entry { object: path.clone(), form, field, slot };
    let inner = entry(Slot::Whole).path();
    let label = words.named(field.label);
    match &field.kind {
        FieldKind::Localized => {
            let part = |language: Language| {
                let label = words.with(m!("field-language"), &[("field", (&label).into()), ("language", language.own_name().into())]);
                let value = value.as_ref().and_then(|text| match text {
                    Json::Text(_) if language == Language::English => Some(text.clone()),
                    text => text.get(language.tag()).cloned(),
                });
                html! { <Control key={language.tag()} entry={entry(Slot::Language(language.tag()))} {value} {label} /> }
            };
            html! { <>{ for Language::ALL.into_iter().map(part) }</> }
        }
        FieldKind::Each => {
            let values = value.as_ref().map(Json::elements).unwrap_or_default();
            let part = |index: usize| {
                let owner: &str = owner;
                let is_more = index > 0 && index == values.len();
                let id = if is_more { m!("field-addresses-more") } else { m!("field-addresses") };
                let label = words.with(id, &[("interface", owner.into())]);
                html! { <Control key={index} entry={entry(Slot::Element(index))} value={values.get(index).cloned()} {label} /> }
            };
            html! { <>{ for (0..values.len().saturating_add(1)).map(part) }</> }
        }
        FieldKind::Settings => {
            html! { <SettingsList object={path.clone()} form={*form} field={*field} given={value.clone().unwrap_or(Json::Object(Vec::new()))} /> }
        }
        FieldKind::Object { form, optional } => {
            html! { <ObjectView {form} path={inner} value={value.clone()} optional={*optional} {label} /> }
        }
        FieldKind::List(list) => html! { <ObjectList list={*list} path={inner} value={value.clone()} {label} /> },
        _ => html! { <Control entry={entry(Slot::Whole)} value={value.clone()} {label} /> },
    }
}

#[derive(Properties, PartialEq)]
struct ObjectProps {
    form: Form,
    path: String,
    value: Option<Json>,
    optional: bool,
    label: String,
}

/// An object in an object, which may be missing.
#[component]
fn ObjectView(props: &ObjectProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let ObjectProps { form, path, value, optional, label } = props;
    let is_there = value.is_some() || !optional;
    let toggle = {
        let (path, label) = (path.clone(), label.clone());
        let title = if is_there {
            words.with(m!("remove-object"), &[("name", (&label).into())])
        } else {
            words.with(m!("add-object"), &[("name", (&label).into())])
        };
        let onclick = Callback::from(move |_: MouseEvent| {
            let new = Patch::Put(roundtrip_editor::form::fresh(&lab, &path));
            let patch = if is_there { Patch::Remove } else { new };
            store.send(Command::Edit(Edit::Configure(Configure::Patch { path: path.clone(), patch }), None));
        });
        html! { <button class="button small" {onclick}>{ title }</button> }
    };
    if !is_there {
        return html! { <p class="absent">{ toggle }</p> };
    }
    let object = value.clone().unwrap_or(Json::Object(Vec::new()));
    html! {
        <fieldset class="object">
            <legend>{ label }</legend>
            <Fields form={*form} path={path.clone()} {object} />
            if *optional {
                { toggle }
            }
        </fieldset>
    }
}
