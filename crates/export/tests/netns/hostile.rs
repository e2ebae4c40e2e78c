//! Names in a lab are data: none becomes code of the script.

use super::complaint;
use proptest::prelude::*;
use roundtrip_export::netns::script;
use roundtrip_lab::document::{Action, ActionKind, LinkAction, LinkHow, LinkState, Profile, TcpAction};
use roundtrip_lab::{Lab, check};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Texts that would do something if a shell read them. What they would do is to make a file of this name in the current folder.
fn hostile() -> impl Strategy<Value = String> {
    let bait = prop_oneof![
        Just("$(>pwned)"),
        Just("`>pwned`"),
        Just("';>pwned;'"),
        Just("\";>pwned;\""),
        Just("\n>pwned\n"),
        Just("\r\n>pwned;#"),
        Just("&>pwned&"),
        Just("||>pwned"),
        Just("\\';>pwned;\\'"),
        Just("\nEND_OF_HELPER\n>pwned\n"),
        Just("\nEND\n>pwned\n"),
        Just("${IFS}>pwned"),
        Just("-e"),
        Just("--"),
        Just("*"),
        Just("~"),
        Just("'"),
        Just("\\"),
    ];
    proptest::collection::vec(prop_oneof![bait.prop_map(str::to_owned), "\\PC{0,4}"], 1..4).prop_map(|parts| parts.concat())
}

/// The story with other names, where `names` gives one for each place.
fn renamed(names: &[String]) -> Lab {
    let mut lab = roundtrip_lab::example("story").unwrap().lab();
    let mut names = names.iter().cycle();
    let mut next = || names.next().unwrap().clone();
    lab.title = next().as_str().into();
    lab.description = next().as_str().into();
    let segments: Vec<(String, String)> = lab.segments.iter().map(|segment| (segment.name.clone(), next())).collect();
    for (segment, (_, name)) in lab.segments.iter_mut().zip(&segments) {
        segment.name.clone_from(name);
        segment.label = next().as_str().into();
    }
    let first = lab.devices[0].name.clone();
    let mut tcp = TcpAction::new(
        first.clone(),
        lab.devices[1].addresses().next().unwrap().1.addr().to_string().as_str().into(),
        80,
        Profile::Connect,
    );
    tcp.host = next();
    let link = LinkAction { device: first, dev: "eth0".to_owned(), state: LinkState::Down, how: LinkHow::Admin };
    for kind in [ActionKind::Tcp(tcp), ActionKind::Link(link)] {
        lab.actions.push(Action { id: next(), label: next().as_str().into(), at: lab.actions[0].at, kind });
    }
    for device in &mut lab.devices {
        device.label = next().as_str().into();
        device.description = next().as_str().into();
        device.nft = "".into();
        for interface in &mut device.interfaces {
            let old = interface.segment.clone();
            interface.segment = segments.iter().find(|(before, _)| Some(before) == old.as_ref()).map(|(_, name)| name.clone());
        }
    }
    // Names by which other parts of the document speak of these: a device's with its actions, an interface's with its routes.
    let (device, interface) = (next(), next());
    let old = std::mem::replace(&mut lab.devices[0].name, device.clone());
    lab.devices[0].interfaces[0].name.clone_from(&interface);
    for action in &mut lab.actions {
        action.id = format!("{}{}", action.id, next());
        match &mut action.kind {
            ActionKind::Ping(ping) if ping.from == old => ping.from.clone_from(&device),
            ActionKind::Tcp(tcp) if tcp.from == old => tcp.from.clone_from(&device),
            ActionKind::Udp(udp) if udp.from == old => udp.from.clone_from(&device),
            ActionKind::Traceroute(trace) if trace.from == old => trace.from.clone_from(&device),
            ActionKind::Link(link) => {
                link.device.clone_from(&device);
                link.dev.clone_from(&interface);
            }
            _ => {}
        }
    }
    lab
}

/// A folder with programs that do nothing, as the only ones that the script finds.
fn stage(folder: &Path) {
    std::fs::create_dir_all(folder.join("bin")).unwrap();
    let programs = [
        ("uname", "echo Linux"),
        ("id", "echo 0"),
        ("mktemp", "echo \"$PWD/tmp\""),
        ("python3", "echo ready"),
        // What runs in a namespace runs here: the words of the script reach their programs.
        ("ip", "[ \"$1\" = netns ] && [ \"$2\" = exec ] && { shift 3; exec \"$@\"; }; exit 0"),
        ("nft", "exit 0"),
        ("ping", "exit 0"),
        ("sleep", "exit 0"),
        ("rm", "exit 0"),
        ("grep", "exit 0"),
    ];
    for (name, body) in programs {
        let path = folder.join("bin").join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    for program in ["sh", "cat", "head"] {
        let real = ["/bin", "/usr/bin"].map(|place| Path::new(place).join(program)).into_iter().find(|path| path.exists()).unwrap();
        let _ = std::os::unix::fs::symlink(real, folder.join("bin").join(program));
    }
    std::fs::create_dir_all(folder.join("tmp")).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_global_rejects: 100_000, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn no_name_becomes_code(names in proptest::collection::vec(hostile(), 8..24)) {
        let mut lab = renamed(&names);
        // Names that no document may have are taken back, kind by kind, until it can run: the rest stays hostile.
        if check(&lab).iter().any(roundtrip_lab::Problem::is_error) {
            let tame: Vec<String> = names.iter().map(|name| name.replace(|c: char| c.is_control() || "/\".: >\u{3000}".contains(c), "")).collect();
            let short: Vec<String> = tame.iter().enumerate().map(|(i, name)| format!("{}{i}", name.chars().take(6).collect::<String>())).collect();
            let (title, description) = (lab.title.clone(), lab.description.clone());
            lab = renamed(&short);
            (lab.title, lab.description) = (title, description);
        }
        prop_assume!(!check(&lab).iter().any(roundtrip_lab::Problem::is_error));
        let script = script(&lab, "en");
        prop_assume!(script.is_ok());
        let script = script.unwrap();
        prop_assert_eq!(complaint(&script), None);
        let folder = std::env::temp_dir().join(format!("roundtrip-hostile-{}", std::process::id()));
        stage(&folder);
        std::fs::write(folder.join("script.sh"), &script).unwrap();
        let status = Command::new("/bin/sh").arg("script.sh").current_dir(&folder).env_clear().env("PATH", folder.join("bin"))
            .stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let pwned = folder.join("pwned").exists() || folder.join("tmp/pwned").exists();
        std::fs::remove_dir_all(&folder).unwrap();
        prop_assert!(!pwned, "a name was run:\n{}", script);
        prop_assert_eq!(status.code(), Some(0), "the script came to its end");
    }
}
