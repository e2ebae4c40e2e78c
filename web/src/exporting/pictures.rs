//! The picture and the ladder.

use super::{files, raster};
use crate::canvas::picture;
use crate::dom;
use crate::hooks::{use_store, use_words};
use crate::store::Store;
use crate::words::{Words, m};
use roundtrip_editor::command::Theme;
use roundtrip_editor::picture::{CanvasPicture, LadderPicture, Palette, Style};
use roundtrip_editor::view::lanes::stations;
use roundtrip_explain::reading::{Direction, Way};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What is chosen.
#[derive(Clone, Copy, PartialEq)]
struct Choice {
    ladder: bool,
    theme: Theme,
    scale: u8,
}

/// As the page shows it now, in the colours and the size that are chosen.
fn svg(store: &Store, words: &Words, choice: Choice) -> String {
    let moment = store.moment();
    let now = &moment.snapshot;
    let (lab, run, focus) = (&now.lab, &now.run, &now.focus);
    let theme = if choice.theme == Theme::System { now.theme } else { choice.theme };
    let dark = theme == Theme::Dark || (theme == Theme::System && dom::media("(prefers-color-scheme: dark)"));
    let palette = if dark { Palette::Dark } else { Palette::Light };
    let style = Style { palette, scale: f64::from(choice.scale) };
    let title = lab.title.get(words.language().tag());
    let name = |node| words.device_named(lab, run.device_name(node));
    if choice.ladder {
        let picture = LadderPicture {
            lab,
            focus,
            style,
            title,
            description: &words.t(m!("export-about-ladder")),
            name: &name,
            label: &|row| words.packet(&row.member.label),
            reason: &|reason| words.reason_short(reason),
            clock: &|time| words.clock(time),
            gap: &|time| words.with(m!("ladder-gap"), &[("span", (&words.span(time)).into())]),
            more: &|count| words.with(m!("export-more"), &[("count", count.into())]),
        };
        return picture.svg();
    }
    let legend = |way: &Way| {
        let (nodes, circle) = stations(way);
        let mut names = nodes.into_iter().map(name).collect::<Vec<_>>().join(" → ");
        if circle {
            names.push_str(" ↻");
        }
        let id = if way.direction == Direction::There { m!("way-there") } else { m!("way-back") };
        words.with(id, &[("way", (&names).into())])
    };
    let scene = picture(lab, words, 1.0);
    let picture = CanvasPicture {
        lab,
        scene: &scene,
        run,
        focus,
        moment: moment.time,
        style,
        title,
        description: &words.t(m!("export-about-canvas")),
        only: &|direction| words.t(if direction == Direction::There { m!("only-there") } else { m!("only-back") }),
        legend: &legend,
    };
    picture.svg()
}

/// The choices and the two buttons.
#[component]
pub(super) fn Pictures() -> Html {
    let words = use_words();
    let store = use_store();
    let choice = use_state(|| Choice { ladder: false, theme: Theme::System, scale: 2 });
    let failed = use_state(|| false);
    let chosen = |event: &Event| event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
    let set = |change: fn(&mut Choice, &str)| {
        let choice = choice.clone();
        Callback::from(move |event: Event| {
            let mut new = *choice;
            change(&mut new, &chosen(&event));
            choice.set(new);
        })
    };
    let select = |name: String, onchange: Callback<Event>, options: Vec<(&'static str, String, bool)>| {
        let option =
            |(value, text, selected): (&'static str, String, bool)| html! { <option key={value} {value} {selected}>{ text }</option> };
        html! { <label><span>{ name }</span><select class="button menu" {onchange}>{ for options.into_iter().map(option) }</select></label> }
    };
    let now = *choice;
    let on_svg = {
        let (store, words) = (store.clone(), words.clone());
        Callback::from(move |_: MouseEvent| {
            files::offer(&store, ".svg", "image/svg+xml", svg(&store, &words, now).as_bytes());
        })
    };
    let on_png = {
        let (words, failed) = (words.clone(), failed.clone());
        Callback::from(move |_: MouseEvent| {
            let (store, svg, failed) = (store.clone(), svg(&store, &words, now), failed.clone());
            spawn_local(async move {
                let lab = store.snapshot().lab;
                let png = raster::png(&svg).await.ok().and_then(|png| roundtrip_export::picture::png_with_lab(&png, &lab));
                failed.set(png.is_none());
                if let Some(png) = png {
                    files::offer(&store, ".png", "image/png", &png);
                }
            });
        })
    };
    let theme = |theme: Theme, id| (theme.word(), words.t(id), now.theme == theme);
    html! {
        <section class="export-part" aria-labelledby="export-picture">
            <h3 id="export-picture">{ words.t(m!("export-picture")) }</h3>
            <div class="export-choices">
                { select(words.t(m!("export-what")), set(|choice, value| choice.ladder = value == "ladder"), vec![
                    ("canvas", words.t(m!("export-canvas")), !now.ladder), ("ladder", words.t(m!("export-ladder")), now.ladder)]) }
                { select(words.t(m!("export-colours")), set(|choice, value| {
                    choice.theme = [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == value).unwrap_or(Theme::System);
                }), vec![theme(Theme::System, m!("export-as-page")), theme(Theme::Light, m!("export-light")), theme(Theme::Dark, m!("export-dark"))]) }
                { select(words.t(m!("export-size")), set(|choice, value| choice.scale = value.parse().unwrap_or(1)), vec![
                    ("1", "1×".to_owned(), now.scale == 1), ("2", "2×".to_owned(), now.scale == 2), ("4", "4×".to_owned(), now.scale == 4)]) }
            </div>
            <div class="sheet-buttons">
                <button class="button" onclick={on_svg}>{ words.t(m!("export-svg")) }</button>
                <button class="button" onclick={on_png}>{ words.t(m!("export-png")) }</button>
            </div>
            <p class="sheet-note" role="status">{ if *failed { words.t(m!("export-png-failed")) } else { words.t(m!("export-picture-hint")) } }</p>
        </section>
    }
}
