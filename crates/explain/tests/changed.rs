//! Working and broken labs, each broken in one more way: whatever happens, there is a cause, it can be told, and what is called
//! a cure cures.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::{Cause, Outcome, Teller, cures, explain, messages};
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, FilterChain, FilterRule, Network, Route, RuleAction, SettingValue};
use roundtrip_sim::Simulation;
use roundtrip_sim::trace::ActionResult;

/// Every way in which one device can be broken by one change.
fn breaks(device: &Device) -> Vec<(String, Device)> {
    let mut found = Vec::new();
    let mut with = |what: String, change: &dyn Fn(&mut Device)| {
        let mut changed = device.clone();
        change(&mut changed);
        if changed != *device {
            found.push((what, changed));
        }
    };
    with("no gateway".into(), &|d| d.gateway = None);
    with("gateway nobody has".into(), &|d| d.gateway = d.gateway.map(|gateway| (u32::from(gateway) | 0x7f).into()));
    with("no routes".into(), &|d| d.routes.clear());
    with("no services".into(), &|d| d.services.clear());
    with("no forwarding".into(), &|d| _ = d.settings.insert("ip_forward".into(), SettingValue::Number(0)));
    with("rp_filter".into(), &|d| _ = d.settings.insert("rp_filter".into(), SettingValue::Number(1)));
    with("no pings".into(), &|d| _ = d.settings.insert("icmp_echo_ignore_all".into(), SettingValue::Number(1)));
    with("redirects".into(), &|d| _ = d.settings.insert("accept_redirects".into(), SettingValue::Number(1)));
    with("blackhole".into(), &|d| {
        let mut route = Route::via("192.168.2.0/25".parse::<Network>().unwrap(), [0, 0, 0, 0].into());
        (route.via, route.kind) = (None, roundtrip_lab::document::RouteType::Blackhole);
        d.routes.push(route);
    });
    for place in 0..device.interfaces.len() {
        with(format!("narrow {place}"), &|d| d.interfaces[place].mtu = 576);
        with(format!("no cable {place}"), &|d| d.interfaces[place].segment = None);
        with(format!("no address {place}"), &|d| d.interfaces[place].addresses.clear());
    }
    if device.nft.is_empty() {
        let drop = || {
            Some(FilterChain {
                rules: vec![FilterRule { action: Some(RuleAction::Drop), ..FilterRule::default() }],
                ..FilterChain::default()
            })
        };
        with("drops input".into(), &|d| d.filter.input = drop());
        with("drops forward".into(), &|d| d.filter.forward = drop());
        with("drops output".into(), &|d| d.filter.output = drop());
    } else {
        with("no rules".into(), &|d| d.nft = "".into());
    }
    found
}

#[test]
fn there_is_always_a_cause() {
    let messages = messages("en");
    let text = |id: &str, args: &_| messages.text(id, args);
    let teller = Teller { text: &text, device: &str::to_uppercase };
    let mut unexplained = Vec::new();
    let examples = roundtrip_lab::examples().iter().map(|example| (example.id.to_owned(), example.text.to_owned()));
    // Beside the examples: ways that part in other places, trace routes, fragments.
    let recorded = ["w02", "w07", "w08", "w09"].map(|name| {
        let path = format!("{}/../../tests/conformance/labs/{name}.json", env!("CARGO_MANIFEST_DIR"));
        (name.to_owned(), std::fs::read_to_string(path).unwrap())
    });
    for (id, text) in examples.chain(recorded) {
        let lab = roundtrip_lab::load(&text).lab.unwrap();
        for place in 0..lab.devices.len() {
            for (what, device) in breaks(&lab.devices[place]) {
                let mut broken = lab.clone();
                broken.devices[place] = device;
                let name = format!("{id} {} {what}", lab.devices[place].name);
                unexplained.extend(judge(&name, &broken, &teller));
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

/// Checks every verdict on a lab; gives those without a cause.
fn judge(name: &str, lab: &Lab, teller: &Teller<'_>) -> Vec<String> {
    let (scenario, problems) = roundtrip_lab::to_scenario(lab);
    if problems.iter().any(roundtrip_lab::Problem::is_error) {
        return Vec::new();
    }
    let trace = Simulation::new(scenario.clone()).run();
    let explanation = explain(&scenario, &trace);
    let mut unexplained = Vec::new();
    for verdict in &explanation.conversations {
        let who = format!("{name}: {}", verdict.conversation.name);
        let result = trace.outcomes[verdict.conversation.action.0 as usize].result;
        assert_eq!(verdict.outcome.works(), result == ActionResult::Ok, "{who}");
        assert_eq!(verdict.outcome == Outcome::Healthy, verdict.cause.is_harmless(), "{who}: {:?}", verdict.cause);
        for message in std::iter::once(&verdict.sentence).chain(verdict.chain.iter().chain(&verdict.asides).map(|link| &link.message)) {
            let told = teller.tell(message);
            assert!(!told.contains("none") && !told.contains('{') && !told.contains("()") && !told.contains("  "), "{who}: {told}");
        }
        if verdict.cause == Cause::Unexplained {
            unexplained.push(format!("{who}: {:?} {:?} {:?}", verdict.outcome, verdict.broke, verdict.lights));
        }
    }
    // One conversation's cures are enough to see that what is promised is kept.
    if let Some(verdict) = explanation.conversations.iter().find(|verdict| !verdict.outcome.works()) {
        for cure in cures(lab, &scenario, &trace, verdict) {
            let (scenario, _) = roundtrip_lab::to_scenario(&cure.lab);
            let outcomes = Simulation::with_trace(scenario.clone(), false).run().outcomes;
            let place = scenario.actions.iter().position(|action| action.id == verdict.conversation.name).unwrap();
            assert_eq!(outcomes[place].result, ActionResult::Ok, "{name}: {}", cure.id());
        }
    }
    unexplained
}
