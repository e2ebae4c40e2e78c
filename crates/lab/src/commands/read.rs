//! From commands to device.

use super::print::{can_be_said, rules};
use super::settings::{full, short};
use super::words::Words;
use crate::document::{Device, Filter, Interface, Millis, Network, NftText, Route, RouteType, SettingValue};
use crate::nft::{Rules, to_form};
use crate::problem::{Problem, ProblemId, similar};
use std::net::Ipv4Addr;

const COMMANDS: &str = "ip addr, ip route, ip link, tc qdisc, sysctl, nft";

/// The device as these commands configure it; what they do not speak of is as in `device`.
///
/// # Errors
///
/// Every line that is wrong, with the path `lines/` and its number from 1.
pub fn read(text: &str, device: &Device) -> Result<Device, Vec<Problem>> {
    let mut reader = Reader::new(device);
    let mut lines = text.lines().zip(1_usize..);
    while let Some((line, number)) = lines.next() {
        if let Some(end) = here_document(line) {
            let first = number.saturating_add(1);
            let content: Vec<&str> = lines.by_ref().map(|(line, _)| line).take_while(|line| line.trim() != end).collect();
            reader.rules.push((first, content.join("\n")));
            continue;
        }
        let mut words = Words::of(line, number);
        // A prompt and sudo are pasted along.
        for needless in ["$", "sudo"] {
            words.takes(needless);
        }
        if words.peek().is_none_or(|word| word.starts_with('#')) {
            continue;
        }
        if let Err(problem) = reader.command(&mut words, number) {
            reader.problems.push(problem);
        }
    }
    reader.finish()
}

/// The mark at which the rules end that begin behind this line.
fn here_document(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches('$').trim().trim_start_matches("sudo").trim();
    let mark = line.strip_prefix("nft")?.trim().strip_prefix("-f")?.trim().strip_prefix('-')?.trim().strip_prefix("<<")?;
    let mark = mark.trim_start_matches('-').trim().trim_matches(['\'', '"']);
    (!mark.is_empty()).then(|| mark.to_owned())
}

struct Reader<'a> {
    before: &'a Device,
    device: Device,
    /// The interface of which what is printed speaks.
    shown: Option<String>,
    /// Scripts of nft with the numbers of their first lines.
    rules: Vec<(usize, String)>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(before: &'a Device) -> Self {
        let mut device = before.clone();
        for interface in &mut device.interfaces {
            *interface = Interface { name: interface.name.clone(), segment: interface.segment.clone(), ..Interface::new("", "") };
        }
        device.gateway = None;
        device.routes.clear();
        device.settings.retain(|name, value| {
            let value = if let SettingValue::Text(text) = value { text.as_str() } else { "0" };
            !can_be_said(name, value)
        });
        Self { before, device, shown: None, rules: Vec::new(), problems: Vec::new() }
    }

    fn command(&mut self, words: &mut Words, line: usize) -> Result<(), Problem> {
        let name = words.need("a command")?;
        match name.as_str() {
            "ip" => self.ip(words),
            "tc" => self.delay(words),
            "sysctl" => self.sysctl(words),
            "nft" => {
                self.rules.push((line, words.rest()));
                Ok(())
            }
            // What `ip addr show` and `ip route show` print.
            "inet" => {
                let interface = self.shown.clone().unwrap_or_default();
                self.address(words, Some(interface)).map(|()| drop(words.rest()))
            }
            "link/ether" | "link/loopback" | "inet6" | "valid_lft" | "altname" | "link/none" => Ok(()),
            "default" | "unreachable" | "prohibit" | "blackhole" => self.printed_route(words, &name),
            head if head.ends_with(':') && head.trim_end_matches(':').bytes().all(|byte| byte.is_ascii_digit()) => {
                self.printed_interface(words)
            }
            head if head.starts_with(|c: char| c.is_ascii_digit()) && head.parse::<Network>().is_ok() => self.printed_route(words, head),
            head => Err(words.problem(ProblemId::CommandUnknown).with("found", head).with("words", COMMANDS)),
        }
    }

    fn ip(&mut self, words: &mut Words) -> Result<(), Problem> {
        words.takes("-4");
        let object = words.need("addr, route or link")?;
        match object.as_str() {
            "a" | "addr" | "address" => {
                verb(words)?;
                self.address(words, None)
            }
            "r" | "ro" | "route" => {
                verb(words)?;
                let route = self.route(words)?;
                self.device.routes.push(route);
                Ok(())
            }
            "l" | "link" => self.link(words),
            other => Err(words.wrong(other, "addr, route or link")),
        }
    }

    fn address(&mut self, words: &mut Words, printed: Option<String>) -> Result<(), Problem> {
        let address = words.value("an address with its prefix length", ProblemId::BadPrefix)?;
        let interface = match printed {
            Some(name) => name,
            None => {
                let mut name = None;
                while let Some(word) = words.take() {
                    match word.as_str() {
                        "dev" => name = Some(words.need("an interface")?),
                        "brd" | "broadcast" | "scope" | "label" => drop(words.take()),
                        other => return Err(words.wrong(other, "dev and an interface")),
                    }
                }
                name.ok_or_else(|| words.problem(ProblemId::CommandEnds).with("expected", "dev and an interface"))?
            }
        };
        if interface != "lo" {
            self.interface(words, &interface)?.addresses.push(address);
        }
        Ok(())
    }

    /// The interface of that name, which must be there: a cable is drawn, not typed.
    fn interface(&mut self, words: &Words, name: &str) -> Result<&mut Interface, Problem> {
        let owner = self.before;
        self.device.interfaces.iter_mut().find(|interface| interface.name == name).ok_or_else(|| {
            let names = owner.interfaces.iter().map(|interface| interface.name.as_str());
            words.problem(ProblemId::UnknownInterface).with("device", &owner.name).with("name", name).with("similar", similar(name, names))
        })
    }

    fn link(&mut self, words: &mut Words) -> Result<(), Problem> {
        if !words.takes("set") {
            let found = words.need("set")?;
            return Err(words.wrong(&found, "set"));
        }
        words.takes("dev");
        let name = words.need("an interface")?;
        self.interface(words, &name)?;
        while let Some(word) = words.take() {
            match word.as_str() {
                "up" => {}
                "mtu" => {
                    let mtu = words.value("the largest packet in bytes", ProblemId::CommandWrong)?;
                    self.interface(words, &name)?.mtu = mtu;
                }
                "address" => {
                    let mac = words.value("an Ethernet address", ProblemId::BadMac)?;
                    self.interface(words, &name)?.mac = Some(mac);
                }
                other => return Err(words.wrong(other, "mtu, address or up")),
            }
        }
        Ok(())
    }

    fn delay(&mut self, words: &mut Words) -> Result<(), Problem> {
        const FORM: &str = "qdisc add dev … root netem delay …ms";
        let mut name = None;
        while let Some(word) = words.take() {
            match word.as_str() {
                "qdisc" | "add" | "replace" | "root" | "netem" => {}
                "dev" => name = Some(words.need("an interface")?),
                "delay" => {
                    let text = words.need(FORM)?;
                    let millis = match (text.strip_suffix("ms"), text.strip_suffix("us"), text.strip_suffix('s')) {
                        (Some(millis), _, _) => millis.parse::<f64>().ok(),
                        (_, Some(micros), _) => micros.parse::<f64>().ok().map(|micros| micros / 1e3),
                        (_, _, Some(seconds)) => seconds.parse::<f64>().ok().map(|seconds| seconds * 1e3),
                        _ => None,
                    };
                    let delay = millis.and_then(Millis::from_f64).ok_or_else(|| words.wrong(&text, "a time as in 20ms"))?;
                    let name = name.clone().ok_or_else(|| words.wrong(&word, "dev and an interface"))?;
                    self.interface(words, &name)?.delay_ms = delay;
                }
                other => return Err(words.wrong(other, FORM)),
            }
        }
        Ok(())
    }

    fn route(&self, words: &mut Words) -> Result<Route, Problem> {
        let mut kind = RouteType::Unicast;
        for (name, other) in [
            ("unreachable", RouteType::Unreachable),
            ("prohibit", RouteType::Prohibit),
            ("blackhole", RouteType::Blackhole),
            ("unicast", RouteType::Unicast),
        ] {
            if words.takes(name) {
                kind = other;
            }
        }
        words.takes("to");
        let to: Network = words.value("a subnet as in 192.168.2.0/24, an address, or default", ProblemId::CommandWrong)?;
        let mut route = Route { kind, ..Route::via(to, Ipv4Addr::UNSPECIFIED) };
        route.via = None;
        while let Some(word) = words.take() {
            match word.as_str() {
                "via" => route.via = Some(words.value("an address", ProblemId::BadAddress)?),
                "dev" => route.dev = Some(words.need("an interface")?),
                "src" => route.src = Some(words.value("an address", ProblemId::BadAddress)?),
                "metric" => route.metric = words.value("a number", ProblemId::CommandWrong)?,
                "mtu" => {
                    words.takes("lock");
                    route.mtu = Some(words.value("a number", ProblemId::CommandWrong)?);
                }
                "onlink" => route.onlink = true,
                "proto" | "scope" => drop(words.take()),
                "linkdown" => {}
                other => return Err(words.wrong(other, "via, dev, src, metric, mtu or onlink")),
            }
        }
        Ok(route)
    }

    /// A line of `ip route show`. Routes that come with the addresses come with them here too.
    fn printed_route(&mut self, words: &mut Words, head: &str) -> Result<(), Problem> {
        let rest = words.rest();
        if rest.contains("proto kernel") {
            return Ok(());
        }
        let line = words.problem(ProblemId::CommandEnds).path;
        let number = line.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let mut words = Words::of(&format!("{head} {rest}"), number);
        let mut route = self.route(&mut words)?;
        // What DHCP or a person has set is the same to a packet, and a default route's metric matters among several only.
        if route.to == Network(Default::default()) && route.via.is_some() {
            (route.dev, route.metric) = (None, 0);
        }
        self.device.routes.push(route);
        Ok(())
    }

    /// The first line about an interface of `ip addr show`: `2: eth0: <BROADCAST,UP> mtu 1500 qdisc …`.
    fn printed_interface(&mut self, words: &mut Words) -> Result<(), Problem> {
        let name = words.need("an interface")?;
        let name = name.trim_end_matches(':').split('@').next().unwrap_or_default().to_owned();
        self.shown = Some(name.clone());
        if name == "lo" {
            return Ok(());
        }
        self.interface(words, &name)?;
        while let Some(word) = words.take() {
            if word == "mtu" {
                let mtu = words.value("the largest packet in bytes", ProblemId::CommandWrong)?;
                self.interface(words, &name)?.mtu = mtu;
            }
        }
        Ok(())
    }

    fn sysctl(&mut self, words: &mut Words) -> Result<(), Problem> {
        words.takes("-w");
        let text = words.rest().replace(" = ", "=");
        if text.is_empty() {
            return Err(words.problem(ProblemId::CommandEnds).with("expected", "a setting as in net.ipv4.ip_forward=1"));
        }
        // Several at once have their blanks between pairs; one may have them in its value.
        let pairs: Vec<&str> = if text.split(' ').all(|pair| pair.contains('=')) { text.split(' ').collect() } else { vec![&text] };
        for pair in pairs {
            let (name, value) = pair.split_once('=').ok_or_else(|| words.wrong(pair, "a setting as in net.ipv4.ip_forward=1"))?;
            let (name, value) = (short(self.before, name.trim()), value.trim());
            let number = value.parse::<i64>().ok().filter(|number| number.to_string() == value).map(SettingValue::Number);
            let same = self.before.settings.get(&name).filter(|old| matches!(old, SettingValue::Text(text) if text == value));
            let value = same.cloned().or(number).unwrap_or_else(|| SettingValue::Text(value.to_owned()));
            self.device.settings.insert(name, value);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Device, Vec<Problem>> {
        self.gateway();
        self.forwarding();
        self.take_rules();
        if self.problems.is_empty() { Ok(self.device) } else { Err(self.problems) }
    }

    /// The last route is the gateway if it is a plain default route, unless the device has always had it among its routes.
    fn gateway(&mut self) {
        let is_plain = |route: &Route| route.via.is_some_and(|via| *route == Route::via(Network(Default::default()), via));
        let had_it_there = self.before.gateway.is_none() && self.before.routes.last().is_some_and(is_plain);
        if !had_it_there && self.device.routes.last().is_some_and(is_plain) {
            self.device.gateway = self.device.routes.pop().and_then(|route| route.via);
        }
    }

    /// What the kind brings needs no setting; what it brings and is not there any more does.
    fn forwarding(&mut self) {
        const NAME: &str = "ip_forward";
        if !self.device.kind.forwards() || self.before.settings.keys().any(|name| full(self.before, name) == "net.ipv4.ip_forward") {
            return;
        }
        match self.device.settings.get(NAME).and_then(SettingValue::number) {
            Some(1) => drop(self.device.settings.remove(NAME)),
            Some(_) => {}
            None => drop(self.device.settings.insert(NAME.to_owned(), SettingValue::Number(0))),
        }
    }

    fn take_rules(&mut self) {
        let text = self.rules.iter().map(|(_, script)| script.as_str()).collect::<Vec<_>>().join("\n");
        if text.trim_end() == rules(self.before) {
            return;
        }
        let mut rules = Rules::new();
        for (first, script) in &self.rules {
            let applied = rules.apply(script);
            let errors: Vec<_> = applied.errors.into_iter().chain(applied.refused).collect();
            for (problem, error) in crate::convert::nft_problems("", &errors, &[]).into_iter().zip(&errors) {
                let line = first.saturating_add(error.place.line).saturating_sub(1);
                self.problems.push(Problem { path: format!("lines/{line}"), ..problem });
            }
        }
        let had_form = self.before.nft.is_empty() && !(self.before.filter.is_empty() && self.before.nat.is_empty());
        (self.device.nft, self.device.filter, self.device.nat) = match to_form(&text).filter(|_| had_form) {
            Some((filter, nat)) => (NftText::default(), filter, nat),
            None => (NftText::new(text), Filter::default(), Vec::new()),
        };
    }
}

/// `add` or `replace`, which both mean that it is there afterwards.
fn verb(words: &mut Words) -> Result<(), Problem> {
    let verb = words.need("add")?;
    if matches!(verb.as_str(), "add" | "replace" | "append") { Ok(()) } else { Err(words.wrong(&verb, "add")) }
}
