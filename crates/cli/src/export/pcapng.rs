//! `roundtrip export pcapng`

use super::Output;
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use roundtrip_export::Tap;
use roundtrip_export::pcapng::Capture;
use roundtrip_lab::{Lab, to_scenario};
use roundtrip_sim::trace::End;
use roundtrip_sim::{Scenario, Simulation};
use std::io::Write;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct PcapngArgs {
    /// The lab
    lab: String,
    /// Capture here: an interface (pc1.eth0), all interfaces of a device (pc1), a segment's mirror port (segment:living), or
    /// all for everything; may be repeated [default: every interface]
    #[arg(long, value_name = "PLACE")]
    at: Vec<String>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &PcapngArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let lab = input::lab(&args.lab, say)?;
    let (scenario, _) = to_scenario(&lab);
    let taps = taps(&scenario, &args.at)?;
    let trace = Simulation::new(scenario.clone()).run();
    let messages = roundtrip_explain::messages(say.language());
    let device = |name: &str| device_label(&lab, name, say);
    let teller = roundtrip_explain::Teller { text: &|id, args| messages.text(id, args), device: &device };
    let capture = Capture {
        scenario: &scenario,
        trace: &trace,
        taps: &taps,
        comment: lab.title.get(say.language()),
        describe: &|tap| describe(&lab, tap, say),
        on_death: &|drop| teller.tell(&roundtrip_explain::death(&scenario, &trace, drop)),
    };
    args.output.write(out, &capture.to_bytes(), false)?;
    Ok(match trace.end {
        End::Finished => ExitCode::SUCCESS,
        End::Limit(_) => ExitCode::from(1),
    })
}

/// The places of these names, each once, in the order in which they are named.
fn taps(scenario: &Scenario, names: &[String]) -> Result<Vec<Tap>, Failure> {
    let all = Tap::all(scenario);
    if names.is_empty() {
        return Ok(all.into_iter().filter(|tap| matches!(tap, Tap::Interface(_))).collect());
    }
    let mut taps = Vec::new();
    for name in names {
        let named = match Tap::named(scenario, name) {
            Some(tap) => vec![tap],
            None => Tap::of_node(scenario, name)
                .or_else(|| (name == "all").then(|| all.clone()))
                .ok_or_else(|| Failure::NoPlace { name: name.clone(), known: all.iter().map(|tap| tap.name(scenario)).collect() })?,
        };
        taps.extend(named);
    }
    let mut once = Vec::new();
    for tap in taps {
        if !once.contains(&tap) {
            once.push(tap);
        }
    }
    Ok(once)
}

/// What people call a device.
pub(super) fn device_label(lab: &Lab, name: &str, say: &Say) -> String {
    let label = lab.device(name).map_or("", |device| device.label.get(say.language()));
    if label.is_empty() { name.to_owned() } else { label.to_owned() }
}

/// What stands beside a tap's name: addresses of an interface, what people call a segment.
fn describe(lab: &Lab, tap: Tap, say: &Say) -> String {
    match tap {
        Tap::Interface(port) => {
            let device = lab.devices.get(port.node.0 as usize);
            let Some(interface) = device.and_then(|device| device.interfaces.get(usize::from(port.interface.0))) else {
                return String::new();
            };
            let addresses: Vec<String> = interface.addresses.iter().map(ToString::to_string).collect();
            addresses.join(", ")
        }
        Tap::Mirror(segment) => lab.segments.get(segment.0 as usize).map_or("", |segment| segment.label.get(say.language())).to_owned(),
    }
}
