//! Names of packets, spans of time, devices and changes.

use super::{Words, m};
use roundtrip_editor::Change;
use roundtrip_editor::command::{Pane, Speed, Theme};
use roundtrip_editor::shortcut::Act;
use roundtrip_explain::message::packet;
use roundtrip_explain::reading::Conversation;
use roundtrip_explain::reading::{Kind, Label};
use roundtrip_explain::{Outcome, Stage, words};
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Segment};
use roundtrip_sim::time::SimTime;

impl Words {
    /// A packet's name: `② SYN,ACK`, `② again, 1 s`.
    pub(crate) fn packet(&self, label: &Label) -> String {
        let Some(after) = label.again else { return self.kind(&label.kind) };
        let short = match label.kind.handshake_number() {
            Some(number) => circled(number).to_owned(),
            None => self.kind(&label.kind),
        };
        self.with(m!("packet-again"), &[("packet", (&short).into()), ("after", (&self.span(after)).into())])
    }

    /// What a packet is.
    pub(crate) fn kind(&self, kind: &Kind) -> String {
        capital(&self.say(&packet(Label { kind: *kind, again: None })))
    }

    /// A span of time with the digits that it deserves: `31 s`, `0.21 s`, `1.5 ms`.
    pub(crate) fn span(&self, span: SimTime) -> String {
        let micros = span.as_micros();
        let (number, id) = if micros >= 1_000_000 {
            (tenths(micros / 100_000), m!("span-seconds"))
        } else if micros >= 100_000 {
            (format!("0.{:02}", micros / 10_000), m!("span-seconds"))
        } else {
            (tenths(micros / 100), m!("span-milliseconds"))
        };
        self.with(id, &[("number", (&number).into())])
    }

    /// The clock: always milliseconds, always the unit.
    pub(crate) fn clock(&self, time: SimTime) -> String {
        let number = format!("{}.{:03}", time.as_millis() / 1000, time.as_millis() % 1000);
        self.with(m!("span-seconds"), &[("number", (&number).into())])
    }

    /// What people read as a device's name.
    pub(crate) fn device(&self, device: &Device) -> String {
        let label = device.label.get(self.language().tag());
        if label.is_empty() { device.name.clone() } else { label.to_owned() }
    }

    /// The same, by the name in the document.
    pub(crate) fn device_named(&self, lab: &Lab, name: &str) -> String {
        lab.device(name).map_or_else(|| name.to_owned(), |device| self.device(device))
    }

    /// What people read as a segment's name.
    pub(crate) fn segment(&self, segment: &Segment) -> String {
        let label = segment.label.get(self.language().tag());
        if label.is_empty() { segment.name.clone() } else { label.to_owned() }
    }

    /// A conversation's name: its label in the document, or what it is for.
    pub(crate) fn conversation(&self, lab: &Lab, conversation: &Conversation) -> String {
        let label = lab.action(&conversation.name).map_or("", |action| action.label.get(self.language().tag()));
        if !label.is_empty() {
            return label.to_owned();
        }
        self.say(&words::purpose(conversation.purpose))
    }

    /// How a conversation ended, in a few words.
    pub(crate) fn outcome(&self, outcome: Outcome) -> String {
        self.cause(outcome.name_id())
    }

    /// A stage of a conversation, on its light.
    pub(crate) fn stage(&self, stage: Stage) -> String {
        self.say(&words::stage(stage))
    }

    /// What a change is called in "Undo: …".
    pub(crate) fn change(&self, lab: &Lab, change: &Change) -> String {
        let about = |id, device: &str| self.with(id, &[("device", (&self.device_named(lab, device)).into())]);
        match change {
            Change::Draw(drawn) => self.drawn(lab, drawn),
            Change::Move(device) => about(m!("change-move"), device),
            Change::Label(device) => about(m!("change-label"), device),
            Change::Gateway(device) => about(m!("change-gateway"), device),
            Change::AddRoute(device) => about(m!("change-add-route"), device),
            Change::Route(device) => about(m!("change-route"), device),
            Change::RemoveRoute(device) => about(m!("change-remove-route"), device),
            Change::Address(device) => about(m!("change-address"), device),
            Change::Setting(device, setting) => {
                self.with(m!("change-setting"), &[("device", (&self.device_named(lab, device)).into()), ("setting", setting.into())])
            }
            Change::Configured(change) => self.configured(lab, change),
            Change::Scheduled(change) => self.scheduled(lab, change),
            Change::Cure(cure) => self.tell(lab, cure),
            Change::Open => self.t(m!("change-open")),
        }
    }

    /// What a key does.
    pub(crate) fn act(&self, act: Act) -> String {
        self.t(match act {
            Act::Toggle => m!("act-toggle"),
            Act::Step => m!("act-step"),
            Act::StepBack => m!("act-step-back"),
            Act::StepAny => m!("act-step-any"),
            Act::StepBackAny => m!("act-step-back-any"),
            Act::StepPacket => m!("act-step-packet"),
            Act::StepBackPacket => m!("act-step-back-packet"),
            Act::StepConversation => m!("act-step-conversation"),
            Act::StepBackConversation => m!("act-step-back-conversation"),
            Act::StepDevice => m!("act-step-device"),
            Act::StepBackDevice => m!("act-step-back-device"),
            Act::Slower => m!("act-slower"),
            Act::Faster => m!("act-faster"),
            Act::Start => m!("act-start"),
            Act::End => m!("act-end"),
            Act::FirstLoss => m!("act-first-loss"),
            Act::Undo => m!("act-undo"),
            Act::Redo => m!("act-redo"),
            Act::Escape => m!("act-escape"),
            Act::Fit => m!("act-fit"),
            Act::ZoomIn => m!("act-zoom-in"),
            Act::ZoomOut => m!("act-zoom-out"),
            Act::Help => m!("act-help"),
            Act::PaneCanvas => m!("act-pane-canvas"),
            Act::PanePackets => m!("act-pane-packets"),
            Act::PaneDetails => m!("act-pane-details"),
            drawing => return self.drawing_act(drawing),
        })
    }

    /// A speed's name.
    pub(crate) fn speed(&self, speed: Speed) -> String {
        self.t(match speed {
            Speed::VerySlow => m!("speed-very-slow"),
            Speed::Slow => m!("speed-slow"),
            Speed::Normal => m!("speed-normal"),
            Speed::Fast => m!("speed-fast"),
            Speed::VeryFast => m!("speed-very-fast"),
        })
    }

    /// A theme's name.
    pub(crate) fn theme(&self, theme: Theme) -> String {
        self.t(match theme {
            Theme::System => m!("theme-system"),
            Theme::Light => m!("theme-light"),
            Theme::Dark => m!("theme-dark"),
        })
    }

    /// A pane's name.
    pub(crate) fn pane(&self, pane: Pane) -> String {
        self.t(match pane {
            Pane::Canvas => m!("pane-canvas"),
            Pane::Packets => m!("pane-packets"),
            Pane::Details => m!("pane-details"),
        })
    }
}

/// ①, ② or ③.
pub(crate) const fn circled(number: u8) -> &'static str {
    match number {
        1 => "①",
        2 => "②",
        _ => "③",
    }
}

/// A number of tenths as a decimal number without an empty last digit.
fn tenths(tenths: u64) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// A text that stands by itself, with a capital where the language has them.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(rest).collect()
}
