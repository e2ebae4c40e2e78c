//! Long lists: only the lines that are seen are in the document.

use crate::hooks::Same;
use std::ops::Range;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Pixels beyond the edges that are drawn as well.
const MARGIN: f64 = 240.0;

/// Which lines of a list are drawn.
#[derive(Clone, PartialEq)]
pub(crate) struct Window {
    list: NodeRef,
    heights: Same<Vec<f64>>,
    seen: (f64, f64),
    scrolled: Callback<(f64, f64)>,
}

/// Keeps account of what is seen of a list with lines of these heights; the line at `current` is kept in sight as it changes.
#[hook]
pub(crate) fn use_window(heights: Same<Vec<f64>>, current: Option<usize>) -> Window {
    let list = use_node_ref();
    let seen = use_state_eq(|| (0.0, 600.0));
    let scrolled = {
        let setter = seen.setter();
        Callback::from(move |at| setter.set(at))
    };
    use_effect_with((list.clone(), heights.clone(), current, seen.1 > 0.0), {
        let scrolled = scrolled.clone();
        move |(list, heights, current, _)| {
            let Some(list) = list.cast::<Element>() else { return };
            // Whoever goes from line to line is not led away.
            if let Some(current) = current.filter(|_| !has_focus_inside(&list)) {
                follow(&list, heights, current);
            }
            scrolled.emit(view(&list));
        }
    });
    use_resized(list.clone(), scrolled.clone());
    Window { list, heights, seen: *seen, scrolled }
}

/// Measures again when the list gets another size, as it does when its part of a small screen comes to the front.
#[hook]
fn use_resized(list: NodeRef, scrolled: Callback<(f64, f64)>) {
    use_effect_with(list, move |list| {
        let element = list.cast::<Element>();
        let seen = element.clone();
        let tell = Closure::<dyn Fn()>::new(move || {
            if let Some(list) = &seen {
                scrolled.emit(view(list));
            }
        });
        let observer = ResizeObserver::new(tell.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(tell);
        }
    });
}

fn has_focus_inside(list: &Element) -> bool {
    let focused = crate::dom::document().and_then(|document| document.active_element());
    focused.is_some_and(|focused| list.contains(Some(&focused)) && !list.is_same_node(Some(&focused)))
}

fn view(list: &Element) -> (f64, f64) {
    (f64::from(list.scroll_top()), f64::from(list.client_height()))
}

/// Scrolls if the line is not in sight, or so near to the end that what follows is not.
fn follow(list: &Element, heights: &[f64], current: usize) {
    let top: f64 = heights.iter().take(current).sum();
    let bottom = top + heights.get(current).copied().unwrap_or_default();
    let (from, height) = view(list);
    if top < from || bottom > height.mul_add(0.85, from) {
        list.set_scroll_top(height.mul_add(-0.6, top).max(0.0) as i32);
    }
}

/// Gives the focus to this line, unless somebody else has it by now.
fn give_back(list: &Element, row: &str) {
    let Some(document) = crate::dom::document() else { return };
    let is_taken = document.active_element().is_some_and(|element| element.tag_name() != "BODY");
    let line = list.query_selector(&format!("[data-row=\"{row}\"]")).ok().flatten().and_then(|line| line.dyn_into::<HtmlElement>().ok());
    if let (false, Some(line)) = (is_taken, line) {
        // Without a line to go to the next Tab would begin at the top of the page.
        let _ = line.focus();
    }
}

/// Gives the focus to the next line, or the one before; at first to the one that is current.
fn go(list: &Element, forward: bool) -> Option<()> {
    let lines = list.query_selector_all("[data-packet]").ok()?;
    let line = |place: u32| lines.item(place).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let focused = crate::dom::document()?.active_element()?;
    let place = (0..lines.length()).find(|place| line(*place).is_some_and(|line| focused.is_same_node(Some(&line))));
    let next = match (place, forward) {
        (Some(place), true) => place.checked_add(1)?,
        (Some(place), false) => place.checked_sub(1)?,
        (None, _) => (0..lines.length()).find(|place| line(*place).is_some_and(|line| line.class_list().contains("current"))).unwrap_or(0),
    };
    line(next)?.focus().ok()
}

impl Window {
    /// The lines that are drawn.
    pub(crate) fn rows(&self) -> Range<usize> {
        let (from, height) = (self.seen.0 - MARGIN, self.seen.0 + self.seen.1 + MARGIN);
        let mut top = 0.0;
        let (mut first, mut last) = (self.heights.len(), self.heights.len());
        for (place, line) in self.heights.iter().enumerate() {
            if top + line >= from && first == self.heights.len() {
                first = place;
            }
            if top > height {
                last = place;
                break;
            }
            top += line;
        }
        first.min(last)..last
    }

    /// Pixels before and after the lines that are drawn.
    pub(crate) fn around(&self) -> (f64, f64) {
        let rows = self.rows();
        (self.heights.iter().take(rows.start).sum(), self.heights.iter().skip(rows.end).sum())
    }

    /// The same, as a style.
    pub(crate) fn padding(&self) -> String {
        let (before, after) = self.around();
        format!("padding-top:{before}px;padding-bottom:{after}px")
    }
}

/// The properties of [`Windowed`].
#[derive(Properties, PartialEq)]
pub(crate) struct WindowedProps {
    /// What the list is called.
    pub(crate) name: String,
    /// What is seen of it.
    pub(crate) window: Window,
    /// The pointer left it.
    pub(crate) onleave: Callback<MouseEvent>,
    /// The lines.
    pub(crate) children: Children,
}

/// The box in which a long list scrolls.
#[component]
pub(crate) fn Windowed(props: &WindowedProps) -> Html {
    let scrolled = props.window.scrolled.clone();
    let onscroll = Callback::from(move |event: Event| {
        if let Some(list) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            scrolled.emit(view(&list));
        }
    });
    let list = props.window.list.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let forward = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        if list.cast::<Element>().and_then(|list| go(&list, forward)).is_some() {
            event.prevent_default();
        }
    });
    // A line that is drawn anew, because others came into view, has the focus again.
    let focused = use_mut_ref(|| None::<Element>);
    let onfocusin = {
        let focused = focused.clone();
        Callback::from(move |event: FocusEvent| *focused.borrow_mut() = event.target().and_then(|target| target.dyn_into::<Element>().ok()))
    };
    {
        let list = props.window.list.clone();
        use_effect(move || {
            let gone =
                focused.borrow().as_ref().filter(|element| !element.is_connected()).and_then(|element| element.get_attribute("data-row"));
            if let (Some(row), Some(list)) = (gone, list.cast::<Element>()) {
                *focused.borrow_mut() = None;
                give_back(&list, &row);
            }
        });
    }
    // One stop for the Tab key; from there up and down go from line to line.
    html! {
        <div class="scroll" ref={props.window.list.clone()} {onscroll} {onkeydown} {onfocusin} onmouseleave={props.onleave.clone()} tabindex="0"
            role="group" aria-label={props.name.clone()}>
            { props.children.clone() }
        </div>
    }
}
