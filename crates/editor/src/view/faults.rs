//! What is wrong, where it is: problems of a document by the things on the picture that have them.

use crate::item::Item;
use roundtrip_lab::{Lab, Problem};
use std::collections::BTreeMap;

/// The places in `problems` of what is wrong with each thing. A cable's problems are its device's as well; what concerns the whole document or
/// what happens in it is nobody's.
#[must_use]
pub fn by_item(lab: &Lab, problems: &[Problem]) -> BTreeMap<Item, Vec<usize>> {
    let mut found: BTreeMap<Item, Vec<usize>> = BTreeMap::new();
    for (number, problem) in problems.iter().enumerate() {
        for item in items(lab, &problem.path) {
            found.entry(item).or_default().push(number);
        }
    }
    found
}

/// The things that a path leads through.
fn items(lab: &Lab, path: &str) -> Vec<Item> {
    let parts: Vec<String> = path.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["segments", name, ..] => {
            let found = lab.segment(name).or_else(|| lab.segments.get(name.parse::<usize>().ok()?));
            found.map(|segment| Item::Segment(segment.name.clone())).into_iter().collect()
        }
        ["devices", name, rest @ ..] => {
            let Some(device) = lab.device(name).or_else(|| lab.devices.get(name.parse::<usize>().ok()?)) else { return Vec::new() };
            let cable = match rest {
                ["interfaces", name, ..] => {
                    let found = device.interface(name).or_else(|| device.interfaces.get(name.parse::<usize>().ok()?));
                    found.map(|interface| Item::cable(&device.name, &interface.name))
                }
                _ => None,
            };
            std::iter::once(Item::Device(device.name.clone())).chain(cable).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_found_at_the_things_that_have_them() {
        let mut lab = roundtrip_lab::example("story").unwrap().lab();
        lab.devices[0].gateway = Some([10, 9, 9, 9].into());
        lab.devices[3].interfaces[0].addresses = vec!["192.168.7.7/24".parse().unwrap()];
        let problems = roundtrip_lab::check(&lab);
        let found = by_item(&lab, &problems);
        let ids = |item: Item| -> Vec<&str> { found[&item].iter().map(|number| problems[*number].id.name()).collect() };
        assert!(ids(Item::Device("pc1".into())).contains(&"gateway-off-subnet"));
        assert!(ids(Item::cable("pc2", "eth0")).contains(&"address-outside-subnet"));
        assert!(ids(Item::Device("pc2".into())).contains(&"address-outside-subnet"));
        assert!(!found.contains_key(&Item::Device("inet".into())));
    }
}
