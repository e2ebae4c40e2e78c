//! A lab as a topology for containerlab (<https://containerlab.dev>): nodes, links, and the commands that configure each node.
//!
//! Segments are nodes too, with a bridge inside, so that the host needs none. Nodes have no management interface, whose name,
//! `eth0`, labs use themselves. What happens in time, services and delays are left out: they are the business of
//! [`netns`](crate::netns).

use crate::netns::{Refused, network, quote::word, refused};
use roundtrip_lab::{Lab, to_nft, to_scenario};
use roundtrip_sim::scenario::Node;
use roundtrip_sim::sysctl::{Sysctl, SysctlSetting};
use roundtrip_sim::{Scenario, system_settings};
use std::fmt::Write;

/// An image with what the commands need: a shell, iproute2, nftables, sysctl.
pub const IMAGE: &str = "nicolaka/netshoot";

/// The topology file, YAML. `image` is the container image of every node.
///
/// # Errors
/// Everything that keeps the lab from being built.
pub fn topology(lab: &Lab, language: &str, image: &str) -> Result<String, Vec<Refused>> {
    let (scenario, problems) = to_scenario(lab);
    let refused = refused(lab, &problems);
    if !refused.is_empty() {
        return Err(refused);
    }
    let mut out = String::new();
    for line in lab.title.get(language).lines() {
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(out, "# {line}");
    }
    out.push_str("# Network and configuration only: deploy with `containerlab deploy`, then make traffic by hand.\n");
    let _ = writeln!(out, "name: {}\ntopology:", text(&lab_name(lab)));
    let _ = writeln!(out, "  defaults:\n    kind: linux\n    image: {}\n    network-mode: none\n  nodes:", text(image));
    for (place, node) in scenario.nodes.iter().enumerate() {
        let commands = node_commands(lab, &scenario, place, node);
        write_node(&mut out, &name(&node.name, "node", place), &commands);
    }
    for (place, segment) in scenario.segments.iter().enumerate() {
        write_node(&mut out, &segment_name(&segment.name, place), &segment_commands(&scenario, place));
    }
    out.push_str("  links:\n");
    for (place, node) in scenario.nodes.iter().enumerate() {
        for (interface, port) in node.interfaces.iter().zip(ports(&scenario, place)) {
            // Without a cable there is nothing to link, and the node makes the interface itself.
            if let Some((segment, port)) = port {
                let segment_name = scenario.segments.get(segment).map_or("", |segment| &segment.name);
                let here = format!("{}:{}", name(&node.name, "node", place), interface.name);
                let there = format!("{}:{port}", self::segment_name(segment_name, segment));
                let _ = writeln!(out, "    - endpoints: [{}, {}]", text(&here), text(&there));
            }
        }
    }
    Ok(out)
}

/// A text as a scalar: JSON's are YAML's as well (YAML 1.2, section 1.3).
fn text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// What a container may be called; if the name is none, its place says it.
fn name(name: &str, prefix: &str, place: usize) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if plain && begins && name.len() <= 40 && !name.starts_with("segment-") { name.to_owned() } else { format!("{prefix}-{place}") }
}

fn segment_name(segment: &str, place: usize) -> String {
    let name = name(segment, "", place);
    if name.starts_with('-') { format!("segment{name}") } else { format!("segment-{name}") }
}

fn lab_name(lab: &Lab) -> String {
    let title = lab.title.get("en").to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).take(5).collect();
    if words.is_empty() { "roundtrip".to_owned() } else { words.join("-") }
}

/// For each interface of a node: the segment that it is on and what its end of the cable is called there.
fn ports(scenario: &Scenario, node: usize) -> Vec<Option<(usize, String)>> {
    let before: usize = scenario.nodes.iter().take(node).map(|node| node.interfaces.len()).sum();
    let interfaces = scenario.nodes.get(node).map_or(&[][..], |node| &node.interfaces);
    let number = |place: usize| before.saturating_add(place).saturating_add(1);
    interfaces
        .iter()
        .enumerate()
        .map(|(place, interface)| Some((interface.segment?.0 as usize, format!("port{}", number(place)))))
        .collect()
}

fn write_node(out: &mut String, name: &str, commands: &[String]) {
    let _ = writeln!(out, "    {}:\n      exec:", text(name));
    for command in commands {
        let _ = writeln!(out, "        - {}", text(command));
    }
}

fn segment_commands(scenario: &Scenario, segment: usize) -> Vec<String> {
    let mut commands =
        vec!["ip link add br type bridge stp_state 0 forward_delay 0 mcast_snooping 0".to_owned(), "ip link set br up".to_owned()];
    let all = (0..scenario.nodes.len()).flat_map(|node| ports(scenario, node)).flatten();
    for (_, port) in all.filter(|(on, _)| *on == segment) {
        commands.push(format!("ip link set {port} mtu 65535 master br up"));
    }
    commands
}

fn node_commands(lab: &Lab, scenario: &Scenario, place: usize, node: &Node) -> Vec<String> {
    let mut commands = Vec::new();
    let sysctl = |settings: &[SysctlSetting]| -> Vec<String> {
        let files = network::setting_files(node, settings);
        files.into_iter().map(|(path, value)| format!("sysctl -w {}", word(&format!("net/{path}={value}")))).collect()
    };
    let forwards = node.sysctls.iter().rev().find(|setting| setting.key == Sysctl::IpForward).map_or(0, |setting| setting.value);
    commands.push(format!("sysctl -w net/ipv4/ip_forward={forwards}"));
    for (interface, port) in node.interfaces.iter().zip(ports(scenario, place)) {
        let dev = word(&interface.name);
        if port.is_none() {
            commands.push(format!("ip link add name {dev} type dummy"));
        }
        commands.push(format!("ip link set dev {dev} address {} mtu {}", interface.mac, interface.mtu));
        for address in &interface.addresses {
            let broadcast = if address.prefix_len() < 31 { " brd +" } else { "" };
            commands.push(format!("ip addr add {address}{broadcast} dev {dev}"));
        }
        commands.push(format!("ip link set dev {dev} {}", if port.is_some() { "up" } else { "down" }));
    }
    let settings: Vec<SysctlSetting> =
        system_settings(node.system).chain(node.sysctls.iter().copied()).filter(|setting| setting.key != Sysctl::IpForward).collect();
    commands.extend(sysctl(&settings));
    commands.extend(node.routes.iter().map(|route| format!("ip route add {}", network::route_words(node, route))));
    let rules = lab.devices.get(place).map_or_else(String::new, |device| {
        if device.nft.is_empty() { to_nft(&device.filter, &device.nat) } else { device.nft.as_str().to_owned() }
    });
    if !rules.is_empty() {
        commands.push(format!("sh -c {} {}", word("printf '%s\\n' \"$0\" | nft -f -"), word(&rules)));
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::{example, examples};
    use std::collections::BTreeSet;
    use yaml_rust2::{Yaml, YamlLoader};

    fn parsed(lab: &Lab) -> Yaml {
        let text = topology(lab, "en", IMAGE).unwrap();
        YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).remove(0)
    }

    fn commands(topology: &Yaml, node: &str) -> Vec<String> {
        topology["topology"]["nodes"][node]["exec"].as_vec().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_example_is_a_topology_whose_links_end_at_its_nodes() {
        for example in examples() {
            let lab = example.lab();
            let topology = parsed(&lab);
            let nodes: BTreeSet<&str> =
                topology["topology"]["nodes"].as_hash().unwrap().keys().map(|name| name.as_str().unwrap()).collect();
            assert_eq!(nodes.len(), lab.devices.len() + lab.segments.len(), "{}", example.id);
            let mut ends = BTreeSet::new();
            for link in topology["topology"]["links"].as_vec().unwrap() {
                for end in link["endpoints"].as_vec().unwrap() {
                    let end = end.as_str().unwrap();
                    assert!(nodes.contains(end.split(':').next().unwrap()) && ends.insert(end.to_owned()), "{}: {end}", example.id);
                }
            }
            let cables = lab.devices.iter().flat_map(|device| &device.interfaces).filter(|interface| interface.segment.is_some()).count();
            assert_eq!(ends.len(), 2 * cables);
        }
    }

    #[test]
    fn nodes_are_configured_as_the_lab_says() {
        let topology = parsed(&example("story").unwrap().lab());
        assert_eq!(topology["topology"]["defaults"]["network-mode"].as_str(), Some("none"));
        let r1 = commands(&topology, "r1");
        for wanted in
            ["sysctl -w net/ipv4/ip_forward=1", "ip addr add 192.168.1.1/24 brd + dev eth0", "ip route add 192.168.2.0/24 via 192.168.1.2"]
        {
            assert!(r1.iter().any(|command| command == wanted), "{wanted} in {r1:?}");
        }
        assert!(r1.last().unwrap().contains("ct state invalid counter drop"), "{r1:?}");
        assert!(commands(&topology, "segment-living").contains(&"ip link set port1 mtu 65535 master br up".to_owned()));
    }

    #[test]
    fn names_stay_data() {
        let mut lab = example("story").unwrap().lab();
        lab.title = "x\n- evil: [1".into();
        lab.segments[2].name = "a: b # c".into();
        for device in &mut lab.devices {
            for interface in device.interfaces.iter_mut().filter(|interface| interface.segment.as_deref() == Some("wan")) {
                interface.segment = Some("a: b # c".to_owned());
            }
        }
        let topology = parsed(&lab);
        assert!(topology["evil"].is_badvalue());
        assert_eq!(topology["topology"]["nodes"].as_hash().unwrap().len(), lab.devices.len() + lab.segments.len());
        assert!(!commands(&topology, "segment-2").is_empty());
    }
}
