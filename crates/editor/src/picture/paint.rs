//! Colours and the frame of a file.

use crate::view::geometry::Rect;
use roundtrip_export::picture::{escape, metadata};
use roundtrip_lab::Lab;
use std::fmt::Write;

/// Colours, the same as the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// On white.
    Light,
    /// On black.
    Dark,
}

/// How a picture is to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// In which colours.
    pub palette: Palette,
    /// How many times its natural size. The file's measures grow, its content scales with them.
    pub scale: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self { palette: Palette::Light, scale: 1.0 }
    }
}

impl Palette {
    /// Names that the style sheet uses, with their colours.
    const fn colours(self) -> [(&'static str, &'static str); 14] {
        match self {
            Self::Light => [
                ("paper", "#fbfaf8"),
                ("panel", "#ffffff"),
                ("soft", "#3a4356"),
                ("mute", "#5c6575"),
                ("edge", "#8a93a3"),
                ("there-ink", "#1b4fc9"),
                ("there", "#1f5ae0"),
                ("back-ink", "#a84d04"),
                ("back", "#d9690a"),
                ("bad-ink", "#b01640"),
                ("bad", "#c81e4a"),
                ("segline", "#c5ccd9"),
                ("seg", "#eef1f6"),
                ("ink", "#1c2330"),
            ],
            Self::Dark => [
                ("paper", "#14171d"),
                ("panel", "#1b1f27"),
                ("soft", "#c3c9d5"),
                ("mute", "#a0a8b8"),
                ("edge", "#7b8598"),
                ("there-ink", "#9bb9ff"),
                ("there", "#6f9bff"),
                ("back-ink", "#ffb67a"),
                ("back", "#ff9d4d"),
                ("bad-ink", "#ff8ba7"),
                ("bad", "#ff5c85"),
                ("segline", "#454e5f"),
                ("seg", "#262c37"),
                ("ink", "#e9ecf2"),
            ],
        }
    }
}

/// The look, with names of colours behind `@`.
const SHEET: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP','Noto Sans CJK JP','Yu Gothic UI',Meiryo,sans-serif;fill:@ink}\
.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}\
.paper{fill:@paper}\
.heading{font-size:16px;font-weight:600}\
.bar{fill:@seg;stroke:@segline}.on-bar{fill:@soft}.on-bar.mono{fill:@mute;font-size:12.5px}\
.cable{stroke:@edge;stroke-width:1.5;fill:none}\
.address{font-size:11.5px;fill:@mute;paint-order:stroke;stroke:@paper;stroke-width:4px;stroke-linejoin:round}\
.box{fill:@panel;stroke:@edge;stroke-width:1.5}.box.loss{stroke:@bad;stroke-width:2.5}\
.name{font-weight:600;font-size:14px}.subtitle{font-size:11.2px;fill:@mute}\
.sign{fill:none;stroke:@mute;stroke-width:1.2}\
.note{font-size:11.5px;font-weight:600;paint-order:stroke;stroke:@paper;stroke-width:4px;stroke-linejoin:round}\
.there-text{fill:@there-ink}.back-text{fill:@back-ink}.aside-text{fill:@mute}\
.way{fill:none;stroke-width:3.5}.arrow{fill:none;stroke-width:2}\
.there{stroke:@there}.back{stroke:@back;stroke-dasharray:9 5}.aside{stroke:@edge;stroke-dasharray:2 3}\
.arrow.back{stroke-dasharray:7 3}\
.head-there{fill:@there}.head-back{fill:@back}.head-aside{fill:@edge}\
.grave circle{fill:@bad;stroke:@panel;stroke-width:1.5}.grave path{stroke:@panel;stroke-width:2.5;fill:none}\
.cause{fill:@bad-ink;font-weight:600;font-size:12px;paint-order:stroke;stroke:@paper;stroke-width:4px;stroke-linejoin:round}\
.lifeline{stroke:@segline}.gap{font-size:11.5px;fill:@mute;paint-order:stroke;stroke:@paper;stroke-width:4px}.clock{font-size:11.5px;fill:@mute}";

/// A file begun: what all of them have.
pub(super) struct File {
    out: String,
}

impl File {
    /// With its measures, what it is called, what it shows, and the lab.
    pub(super) fn begin(style: Style, view: Rect, title: &str, description: &str, lab: &Lab) -> Self {
        let mut out = String::new();
        let scale = if style.scale.is_finite() { style.scale.clamp(0.1, 10.0) } else { 1.0 };
        let (width, height) = (view.width * scale, view.height * scale);
        // Writing to a text does not fail.
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"{:.1} {:.1} {:.1} {:.1}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n{}\n",
            view.x,
            view.y,
            view.width,
            view.height,
            escape(title),
            escape(description),
            metadata(lab)
        );
        let mut sheet = SHEET.to_owned();
        // Longer names come first, so that none is taken for the beginning of another.
        for (name, colour) in style.palette.colours() {
            sheet = sheet.replace(&format!("@{name}"), colour);
        }
        let _ = writeln!(out, "<style>{sheet}</style>\n<defs>");
        for which in ["there", "back", "aside"] {
            let _ = writeln!(
                out,
                "<marker id=\"head-{which}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" \
                 markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head-{which}\" d=\"M0 0L10 5L0 10z\"/></marker>"
            );
        }
        out.push_str("</defs>\n");
        let mut file = Self { out };
        file.shape(&format!(
            "<rect class=\"paper\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            view.x, view.y, view.width, view.height
        ));
        file
    }

    /// Something drawn, as SVG.
    pub(super) fn shape(&mut self, svg: &str) {
        self.out.push_str(svg);
        self.out.push('\n');
    }

    /// A text at a place: `start`, `middle` or `end` of it stands there.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, anchor: &str, text: &str) {
        if !text.is_empty() {
            let _ =
                writeln!(self.out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escape(text));
        }
    }

    /// A cross where packets died.
    pub(super) fn cross(&mut self, x: f64, y: f64, scale: f64) {
        let _ = writeln!(
            self.out,
            "<g class=\"grave\" transform=\"translate({x:.1} {y:.1}) scale({scale:.2})\"><circle r=\"11\"/><path d=\"M-4.5-4.5l9 9m0-9l-9 9\"/></g>"
        );
    }

    /// The whole file.
    pub(super) fn end(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}
