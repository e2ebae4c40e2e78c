//! `roundtrip export svg`

use super::{Output, pcapng::device_label};
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use clap::ValueEnum;
use roundtrip_editor::picture::{CanvasPicture, LadderPicture, Palette, Style};
use roundtrip_editor::view::caption::{self, ServiceName, Subtitle};
use roundtrip_editor::view::lanes::stations;
use roundtrip_editor::view::scene::{Caption, Scene};
use roundtrip_editor::{Focus, Run};
use roundtrip_explain::message::span;
use roundtrip_explain::reading::{Conversation, Direction, Way};
use roundtrip_explain::{Message, Teller};
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Seconds};
use roundtrip_sim::{NodeId, SimTime};
use std::io::Write;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct SvgArgs {
    /// The lab
    lab: String,
    /// What is drawn
    #[arg(long, value_enum, default_value_t = View::Canvas)]
    view: View,
    /// Whose ways or packets are drawn: an action's id, or all [default: the most interesting]
    #[arg(long, value_name = "ID")]
    conversation: Option<String>,
    /// Draw the network as it is at this time [default: at the end]
    #[arg(long, value_name = "SECONDS", value_parser = crate::args::seconds)]
    time: Option<f64>,
    /// The colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// How many times its natural size
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum View {
    /// The network
    Canvas,
    /// The packets of a conversation in the order of time
    Ladder,
}

#[derive(Clone, Copy, ValueEnum)]
enum Theme {
    Light,
    Dark,
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if (0.1..=10.0).contains(&scale) => Ok(scale),
        _ => Err("a number from 0.1 to 10 is expected".to_owned()),
    }
}

pub(super) fn run(args: &SvgArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let lab = input::lab(&args.lab, say)?;
    let run = Run::new(&lab);
    let conversation = conversation(&run, args.conversation.as_deref())?;
    let focus = Focus::new(&run, conversation, false);
    let palette = match args.theme {
        Theme::Light => Palette::Light,
        Theme::Dark => Palette::Dark,
    };
    let moment = args.time.and_then(Seconds::from_f64).map_or(SimTime::MAX, |time| time.0);
    let drawing = Drawing { lab: &lab, run: &run, focus: &focus, style: Style { palette, scale: args.scale }, moment, say };
    let svg = match args.view {
        View::Canvas => drawing.canvas(),
        View::Ladder => drawing.ladder(),
    };
    args.output.write(out, svg.as_bytes(), true)?;
    Ok(ExitCode::SUCCESS)
}

/// The conversation of that name; with no name the one to look at first.
fn conversation<'r>(run: &'r Run, name: Option<&str>) -> Result<Option<&'r Conversation>, Failure> {
    match name {
        None => Ok(run.most_interesting()),
        Some("all") => Ok(None),
        Some(name) => run.conversation(name).map(Some).ok_or_else(|| Failure::NoConversation {
            name: name.to_owned(),
            known: run.conversations.iter().map(|conversation| conversation.name.clone()).collect(),
        }),
    }
}

struct Drawing<'a> {
    lab: &'a Lab,
    run: &'a Run,
    focus: &'a Focus,
    style: Style,
    moment: SimTime,
    say: &'a Say,
}

impl Drawing<'_> {
    fn node(&self, node: NodeId) -> String {
        device_label(self.lab, self.run.device_name(node), self.say)
    }

    fn title(&self) -> &str {
        self.lab.title.get(self.say.language())
    }

    fn canvas(&self) -> String {
        let on_device =
            |device: &Device| Caption { title: device_label(self.lab, &device.name, self.say), subtitle: self.subtitle(device) };
        let on_segment = |segment: &roundtrip_lab::document::Segment| {
            let label = segment.label.get(self.say.language());
            Caption {
                title: if label.is_empty() { segment.name.clone() } else { label.to_owned() },
                subtitle: segment.subnet.map_or_else(String::new, |subnet| subnet.to_string()),
            }
        };
        let scene = Scene::new(self.lab, 1.0, &on_device, &on_segment);
        let picture = CanvasPicture {
            lab: self.lab,
            scene: &scene,
            run: self.run,
            focus: self.focus,
            moment: self.moment,
            style: self.style,
            title: self.title(),
            description: &self.say.text("picture-canvas", &[]),
            only: &|direction| self.say.text(if direction == Direction::There { "picture-only-there" } else { "picture-only-back" }, &[]),
            legend: &|way| self.legend(way),
        };
        picture.svg()
    }

    fn legend(&self, way: &Way) -> String {
        let (nodes, circle) = stations(way);
        let mut names = nodes.into_iter().map(|node| self.node(node)).collect::<Vec<_>>().join(" → ");
        if circle {
            names.push_str(" ↻");
        }
        self.say.text(if way.direction == Direction::There { "picture-there" } else { "picture-back" }, &[("way", &names)])
    }

    fn subtitle(&self, device: &Device) -> String {
        let say = |id: &str| self.say.text(id, &[]);
        match caption::of(self.lab, device) {
            Subtitle::Services(services) => {
                let name = |service: &ServiceName| match service {
                    ServiceName::Web => say("service-web"),
                    ServiceName::Ssh => "ssh".to_owned(),
                    ServiceName::Tcp(port) => format!("TCP {port}"),
                    ServiceName::Udp(port) => format!("UDP {port}"),
                };
                services.iter().map(name).collect::<Vec<_>>().join(" · ")
            }
            Subtitle::Gateway(gateway) => {
                let gateway = match gateway {
                    Ok(device) => device_label(self.lab, &device, self.say),
                    Err(address) => address.to_string(),
                };
                self.say.text("subtitle-gateway", &[("gateway", &gateway)])
            }
            Subtitle::NoGateway => say("subtitle-no-gateway"),
            Subtitle::StatefulRouter => say("subtitle-stateful-router"),
            Subtitle::Router => say("subtitle-router"),
            Subtitle::L3Switch => say("subtitle-l3-switch"),
            Subtitle::Firewall => say("subtitle-firewall"),
            Subtitle::Internet => say("subtitle-internet"),
        }
    }

    fn ladder(&self) -> String {
        let messages = roundtrip_explain::messages(self.say.language());
        let device = |name: &str| device_label(self.lab, name, self.say);
        let teller = Teller { text: &|id, args| messages.text(id, args), device: &device };
        let tell = |message: &Message| teller.tell(message);
        let picture = LadderPicture {
            lab: self.lab,
            focus: self.focus,
            style: self.style,
            title: self.title(),
            description: &self.say.text("picture-ladder", &[]),
            name: &|node| self.node(node),
            label: &|row| tell(&roundtrip_explain::message::packet(row.member.label)),
            reason: &|reason| tell(&roundtrip_explain::words::reason(reason)),
            clock: &|time| format!("{:.3} s", time.as_secs_f64()),
            gap: &|time| self.say.text("picture-gap", &[("span", &span(time))]),
            more: &|count| self.say.text("picture-more", &[("count", &count.to_string())]),
        };
        picture.svg()
    }
}
