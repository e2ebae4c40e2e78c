//! The scripts on the kernel of this machine, against the simulation. Needs root and some programs: `cargo xtask test conform`
//! runs it by setting `ROUNDTRIP_NETNS`; otherwise it says that it is skipped.

use super::lab;
use roundtrip_export::netns::script;
use roundtrip_lab::document::{ActionKind, Seconds};
use roundtrip_lab::{Lab, to_scenario};
use roundtrip_sim::Simulation;
use roundtrip_sim::trace::Outcome;
use std::collections::BTreeMap;
use std::process::Command;

/// How the script says that it cannot run.
const CANNOT: i32 = 3;

/// The first of the story's conversations, with less patience.
fn short_story() -> Lab {
    let mut lab = lab("story");
    lab.duration = None;
    lab.actions.retain(|action| action.at <= Seconds::new(10));
    for action in &mut lab.actions {
        if let ActionKind::Tcp(tcp) = &mut action.kind {
            tcp.limit = Seconds::new(6);
        }
    }
    lab
}

/// What both sides say of an outcome, in the same words.
fn told(outcome: &Outcome) -> BTreeMap<&'static str, String> {
    let mut told = BTreeMap::from([("result", outcome.result.name().to_owned())]);
    told.extend(outcome.connected.map(|connected| ("connected", u8::from(connected).to_string())));
    told.extend(outcome.received.map(|received| ("received", received.to_string())));
    told.extend(outcome.replies.map(|replies| ("replies", replies.to_string())));
    told.extend(outcome.connected.and(outcome.bytes).map(|bytes| ("bytes", bytes.to_string())));
    told
}

fn compare(name: &str, lab: &Lab) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("roundtrip-netns-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("lab.sh");
    std::fs::write(&file, script(lab, "en").unwrap()).unwrap();
    let output = Command::new("sh").arg(&file).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(CANNOT) {
        eprintln!("skipped: {name}: {err}");
        return Ok(());
    }
    if !output.status.success() {
        return Err(format!("{name}: {} {err}", output.status));
    }
    let mut kernel: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for line in out.lines() {
        let mut fields = line.split('\t');
        let (id, result) = (fields.next().unwrap(), fields.next().unwrap());
        let words = fields.next().unwrap_or_default().split(' ').filter_map(|word| word.split_once('='));
        kernel.entry(id).or_default().extend(words.map(|(key, value)| (key, value.to_owned())).chain([("result", result.to_owned())]));
    }
    let (scenario, _) = to_scenario(lab);
    let trace = Simulation::new(scenario).run();
    for (action, outcome) in lab.actions.iter().zip(&trace.outcomes) {
        let seen = kernel.get(action.id.as_str()).ok_or_else(|| format!("{name}: nothing is said of {}:\n{out}{err}", action.id))?;
        for (key, value) in told(outcome) {
            if seen.get(key).is_some_and(|seen| *seen != value) {
                return Err(format!("{name}: {}: {key} is {value} in the simulation, but {seen:?}\n{err}", action.id));
            }
        }
    }
    Ok(())
}

#[test]
fn what_happens_is_what_the_simulation_says() {
    if std::env::var_os("ROUNDTRIP_NETNS").is_none() {
        eprintln!("skipped: cargo xtask test conform runs it, where root and the programs are there");
        return;
    }
    // A stateful router that sees one direction; a storm of TTLs; NAT with a port clash; a flush in mid-session; settings that
    // change in time.
    let names = ["loop", "w06", "w10", "x07"];
    let labs: Vec<(&str, Lab)> = names.into_iter().map(|name| (name, lab(name))).chain([("story", short_story())]).collect();
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            labs.chunks(2).map(|pair| scope.spawn(|| pair.iter().map(|(name, lab)| compare(name, lab)).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let wrong: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
