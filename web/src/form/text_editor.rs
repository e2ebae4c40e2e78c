//! A plain field for text of several lines, with numbers and marks beside them.

use crate::hooks::use_words;
use crate::words::m;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Something wrong in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In which line, from 1; none for the whole.
    pub(crate) line: Option<usize>,
    /// What, and what helps.
    pub(crate) text: String,
    /// It keeps the text from being used.
    pub(crate) bad: bool,
}

/// The properties of [`TextEditor`].
#[derive(Properties, PartialEq)]
pub(crate) struct TextProps {
    /// The control's id, by which its label finds it.
    pub(crate) id: String,
    /// The text.
    pub(crate) value: String,
    /// Called with every text that is typed.
    pub(crate) typed: Callback<String>,
    /// Called when the field is left.
    #[prop_or_default]
    pub(crate) done: Callback<()>,
    /// The element that describes it.
    #[prop_or_default]
    pub(crate) described: Option<String>,
    /// Something keeps the text from being used.
    #[prop_or_default]
    pub(crate) invalid: bool,
    /// Lines that are seen.
    #[prop_or(12)]
    pub(crate) rows: u32,
    /// What is wrong.
    #[prop_or_default]
    pub(crate) faults: Vec<Fault>,
}

/// The text, its line numbers, and what is wrong with it: each line of that leads to the place.
#[component]
pub(crate) fn TextEditor(props: &TextProps) -> Html {
    let words = use_words();
    let (area, gutter) = (use_node_ref(), use_node_ref());
    let oninput = {
        let typed = props.typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) {
                typed.emit(area.value());
            }
        })
    };
    let onscroll = {
        let (area, gutter) = (area.clone(), gutter.clone());
        Callback::from(move |_: Event| {
            if let (Some(area), Some(gutter)) = (area.cast::<HtmlElement>(), gutter.cast::<HtmlElement>()) {
                gutter.set_scroll_top(area.scroll_top());
            }
        })
    };
    let onfocusout = {
        let done = props.done.clone();
        Callback::from(move |_: FocusEvent| done.emit(()))
    };
    let go = |line: usize| {
        let (area, text) = (area.clone(), props.value.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                show_line(&area, &text, line);
            }
        })
    };
    let bad: Vec<usize> = props.faults.iter().filter_map(|fault| fault.line).collect();
    let number = |line: usize| {
        let is_bad = bad.contains(&line);
        html! { <span key={line} class={is_bad.then_some("bad")}>{ if is_bad { format!("✕ {line}") } else { line.to_string() } }</span> }
    };
    let lines = props.value.split('\n').count();
    let fault = |(index, fault): (usize, &Fault)| {
        let jump = fault.line.map(|line| {
            let name = words.with(m!("text-line-go"), &[("line", line.into())]);
            html! { <button class="button small" onclick={go(line)} aria-label={name}>{ words.with(m!("text-line"), &[("line", line.into())]) }</button> }
        });
        html! { <li key={index} class={fault.bad.then_some("bad")}>{ jump.unwrap_or_default() }{ " " }{ &fault.text }</li> }
    };
    let faults_id = format!("{}-faults", props.id);
    let described = props.described.clone().or_else(|| (!props.faults.is_empty()).then(|| faults_id.clone()));
    html! {
        <div class="text-editor">
            <div class="text-frame" style={format!("--rows:{}", props.rows)}>
                <div class="gutter" ref={gutter} aria-hidden="true">{ for (1..=lines).map(number) }</div>
                <textarea id={props.id.clone()} ref={area.clone()} value={props.value.clone()} {oninput} {onscroll} {onfocusout} rows={props.rows.to_string()}
                    wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" aria-invalid={props.invalid.to_string()} aria-describedby={described} />
            </div>
            if !props.faults.is_empty() {
                <ul class="faults" id={faults_id} aria-live="polite">{ for props.faults.iter().take(50).enumerate().map(fault) }</ul>
            }
        </div>
    }
}

/// Selects a line and brings it into view.
fn show_line(area: &HtmlTextAreaElement, text: &str, line: usize) {
    let before: usize = text.split('\n').take(line.saturating_sub(1)).map(|line| line.encode_utf16().count().saturating_add(1)).sum();
    let length = text.split('\n').nth(line.saturating_sub(1)).map_or(0, |line| line.encode_utf16().count());
    let (start, end) = (u32::try_from(before).unwrap_or(0), u32::try_from(before.saturating_add(length)).unwrap_or(0));
    let _ = area.focus();
    let _ = area.set_selection_range(start, end);
    let lines = text.split('\n').count().max(1);
    let top = f64::from(area.scroll_height()) * (line as f64 - 3.0) / lines as f64;
    area.set_scroll_top(top.max(0.0) as i32);
}
