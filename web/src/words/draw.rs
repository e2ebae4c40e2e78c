//! Drawing in words: what was done, to what.

use super::{Words, m};
use roundtrip_editor::Item;
use roundtrip_editor::edit::draw::{Drawn, Verb};
use roundtrip_editor::hand::clipboard::PasteFault;
use roundtrip_editor::hand::{Notice, Tool};
use roundtrip_editor::shortcut::Act;
use roundtrip_lab::{Lab, Problem};

impl Words {
    /// What a thing on the picture is called.
    pub(crate) fn item(&self, lab: &Lab, item: &Item) -> String {
        match item {
            Item::Device(name) => self.device_named(lab, name),
            Item::Segment(name) => lab.segment(name).map_or_else(|| name.clone(), |segment| self.segment(segment)),
            Item::Cable(device, interface) => {
                let device = self.device_named(lab, device);
                self.with(m!("cable-of"), &[("device", (&device).into()), ("interface", interface.into())])
            }
        }
    }

    /// What a change of the drawing is called.
    pub(crate) fn drawn(&self, lab: &Lab, drawn: &Drawn) -> String {
        let thing = match (&drawn.item, drawn.kind) {
            (Some(item), _) => self.item(lab, item),
            (None, Some(kind)) => self.device_kind(kind),
            (None, None) if drawn.count > 0 => self.with(m!("things"), &[("count", drawn.count.into())]),
            (None, None) => self.t(m!("a-segment")),
        };
        let id = match drawn.verb {
            Verb::New => return self.t(m!("drawn-new")),
            Verb::Tidy => return self.t(m!("drawn-tidy")),
            Verb::Add => m!("drawn-add"),
            Verb::Move => m!("drawn-move"),
            Verb::Resize => m!("drawn-resize"),
            Verb::Rename => m!("drawn-rename"),
            Verb::Subnet => m!("drawn-subnet"),
            Verb::Renumber => m!("drawn-renumber"),
            Verb::Connect => m!("drawn-connect"),
            Verb::MoveCable => m!("drawn-move-cable"),
            Verb::Unplug => m!("drawn-unplug"),
            Verb::Delete => m!("drawn-delete"),
            Verb::Cut => m!("drawn-cut"),
            Verb::Duplicate => m!("drawn-duplicate"),
            Verb::Paste => m!("drawn-paste"),
            Verb::Align => m!("drawn-align"),
            Verb::Distribute => m!("drawn-distribute"),
            Verb::Gateway => m!("drawn-gateway"),
        };
        self.with(id, &[("thing", (&thing).into())])
    }

    /// What a key or a menu's entry does to the drawing.
    pub(super) fn drawing_act(&self, act: Act) -> String {
        self.t(match act {
            Act::ToolSelect => m!("act-tool-select"),
            Act::ToolSegment => m!("act-tool-segment"),
            Act::ToolHost => m!("act-tool-host"),
            Act::ToolRouter => m!("act-tool-router"),
            Act::ToolL3Switch => m!("act-tool-l3-switch"),
            Act::ToolFirewall => m!("act-tool-firewall"),
            Act::ToolInternet => m!("act-tool-internet"),
            Act::Connect => m!("act-connect"),
            Act::Gateway => m!("act-gateway"),
            Act::Place => m!("act-place"),
            Act::Name => m!("act-name"),
            Act::SelectAll => m!("act-select-all"),
            Act::Copy => m!("act-copy"),
            Act::Cut => m!("act-cut"),
            Act::Paste => m!("act-paste"),
            Act::Duplicate => m!("act-duplicate"),
            Act::Delete => m!("act-delete"),
            Act::NudgeLeft => m!("act-nudge-left"),
            Act::NudgeRight => m!("act-nudge-right"),
            Act::NudgeUp => m!("act-nudge-up"),
            Act::NudgeDown => m!("act-nudge-down"),
            Act::PushLeft => m!("act-push-left"),
            Act::PushRight => m!("act-push-right"),
            Act::PushUp => m!("act-push-up"),
            Act::PushDown => m!("act-push-down"),
            Act::AlignLeft => m!("act-align-left"),
            Act::AlignCentre => m!("act-align-centre"),
            Act::AlignRight => m!("act-align-right"),
            Act::AlignTop => m!("act-align-top"),
            Act::AlignMiddle => m!("act-align-middle"),
            Act::AlignBottom => m!("act-align-bottom"),
            Act::SpreadAcross => m!("act-spread-across"),
            Act::SpreadDown => m!("act-spread-down"),
            Act::Tidy => m!("act-tidy"),
            Act::Menu => m!("act-menu"),
            _ => m!("act-outline"),
        })
    }

    /// What can be added, by name. None for tools that add nothing.
    pub(crate) fn addable(&self, tool: Tool) -> Option<String> {
        match tool {
            Tool::Segment => Some(self.t(m!("act-tool-segment"))),
            Tool::Device(kind) => Some(self.device_kind(kind)),
            Tool::Select | Tool::Cable | Tool::Gateway => None,
        }
    }

    /// How a tool is used.
    pub(crate) fn hint(&self, tool: Tool) -> String {
        self.t(match tool {
            Tool::Select => m!("hint-select"),
            Tool::Segment => m!("hint-segment"),
            Tool::Device(_) => m!("hint-device"),
            Tool::Cable => m!("hint-cable"),
            Tool::Gateway => m!("hint-gateway"),
        })
    }

    /// What there is to say about something that was tried.
    pub(crate) fn notice(&self, lab: &Lab, notice: &Notice) -> String {
        match notice {
            Notice::NoSharedSegment(host, router) => {
                let (host, router) = (self.item(lab, host), self.item(lab, router));
                self.with(m!("notice-no-shared-segment"), &[("host", (&host).into()), ("router", (&router).into())])
            }
            Notice::GatewayIsDevice => self.t(m!("notice-gateway-is-device")),
            Notice::CableNeedsDevice => self.t(m!("notice-cable-needs-device")),
            Notice::Copied(count) => self.with(m!("notice-copied"), &[("count", (*count).into())]),
            Notice::Paste(PasteFault::Foreign) => self.t(m!("notice-paste-foreign")),
            Notice::Paste(PasteFault::Newer) => self.t(m!("notice-paste-newer")),
            Notice::Paste(PasteFault::Empty) => self.t(m!("notice-paste-empty")),
            Notice::Paste(PasteFault::Damaged(problem)) => {
                let what = format!("{}: {}", problem.path, self.problems().problem(problem));
                self.with(m!("notice-paste-damaged"), &[("problem", (&what).into())])
            }
            Notice::NothingToConnect => self.t(m!("notice-nothing-to-connect")),
            Notice::Full => self.t(m!("notice-full")),
            Notice::Tool(tool) => self.hint(*tool),
        }
    }

    /// What is wrong with a thing, in one text.
    pub(crate) fn wrong(&self, problems: &[Problem], numbers: &[usize]) -> String {
        let all = numbers.iter().filter_map(|number| problems.get(*number));
        let texts: Vec<String> = all.map(|problem| self.problems().problem(problem)).collect();
        texts.join(" ")
    }
}
