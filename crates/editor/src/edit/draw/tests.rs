//! What each change of the drawing does to a document.

use super::*;
use roundtrip_lab::document::{ActionKind, Device, Interface, Network, Route, Target};
use std::net::Ipv4Addr;

fn story() -> Lab {
    roundtrip_lab::example("story").unwrap().lab()
}

fn at(x: i32, y: i32) -> Position {
    Position { x, y }
}

/// A blank sheet after these.
fn drawn(changes: &[Draw]) -> Lab {
    changes.iter().fold(Lab::default(), |lab, change| change.apply(&lab).unwrap_or_else(|| panic!("{change:?} does nothing")))
}

fn add(kind: Kind, on: Option<&str>) -> Draw {
    Draw::AddDevice { kind, position: at(100, 100), on: on.map(str::to_owned) }
}

const SEGMENT: Draw = Draw::AddSegment { position: Position { x: 0, y: 0 }, width: 300 };

fn connect(device: &str, segment: &str) -> Draw {
    Draw::Connect { device: device.into(), segment: segment.into() }
}

fn addresses(lab: &Lab, device: &str) -> Vec<String> {
    lab.device(device).unwrap().addresses().map(|(_, net)| net.to_string()).collect()
}

fn gateway(lab: &Lab, device: &str) -> Option<String> {
    lab.device(device).unwrap().gateway.map(|gateway| gateway.to_string())
}

fn errors(lab: &Lab) -> Vec<String> {
    roundtrip_lab::check(lab).iter().filter(|problem| problem.is_error()).map(ToString::to_string).collect()
}

/// The story's network but for what is configured by hand, as the drawing gives it.
fn drawn_story() -> Lab {
    drawn(&[
        SEGMENT,
        SEGMENT,
        add(Kind::Router, Some("lan1")),
        add(Kind::L3switch, Some("lan1")),
        connect("sw1", "lan2"),
        add(Kind::Host, Some("lan1")),
        add(Kind::Host, Some("lan2")),
    ])
}

#[test]
fn a_network_gets_its_addresses_and_gateways_by_drawing_it() {
    let lab = drawn_story();
    let subnets: Vec<String> = lab.segments.iter().map(|segment| segment.subnet.unwrap().to_string()).collect();
    assert_eq!(subnets, ["192.168.1.0/24", "192.168.2.0/24"]);
    assert_eq!(addresses(&lab, "r1"), ["192.168.1.1/24"]);
    assert_eq!(addresses(&lab, "sw1"), ["192.168.1.2/24", "192.168.2.1/24"]);
    assert_eq!(addresses(&lab, "pc1"), ["192.168.1.10/24"]);
    assert_eq!(addresses(&lab, "pc2"), ["192.168.2.10/24"]);
    assert_eq!(gateway(&lab, "pc1").as_deref(), Some("192.168.1.1"));
    assert_eq!(gateway(&lab, "pc2").as_deref(), Some("192.168.2.1"));
    assert!(lab.device("r1").unwrap().nft.as_str().contains("ct state"), "routers track connections");
    assert!(lab.device("sw1").unwrap().nft.is_empty(), "switches do not");
    assert!(roundtrip_lab::check(&lab).is_empty(), "{:?}", roundtrip_lab::check(&lab));
}

#[test]
fn hosts_that_were_there_first_get_the_first_router_as_their_gateway() {
    let lab = drawn(&[SEGMENT, add(Kind::Host, Some("lan1")), add(Kind::Router, None), connect("r1", "lan1")]);
    assert_eq!(gateway(&lab, "pc1").as_deref(), Some("192.168.1.1"));
    let lab = connect("r2", "lan1").apply(&add(Kind::Router, None).apply(&lab).unwrap()).unwrap();
    assert_eq!(gateway(&lab, "pc1").as_deref(), Some("192.168.1.1"), "a second one changes nothing");
}

#[test]
fn the_internet_is_a_way_out() {
    let lab = drawn(&[SEGMENT, SEGMENT, add(Kind::Internet, Some("lan2")), add(Kind::Router, Some("lan2")), connect("r1", "lan1")]);
    assert_eq!(gateway(&lab, "inet").as_deref(), Some("192.168.2.1"));
    let lab = add(Kind::L3switch, Some("lan1")).apply(&lab).unwrap();
    assert_eq!(gateway(&lab, "sw1").as_deref(), Some("192.168.1.1"));
    assert_eq!(gateway(&lab, "r1"), None);
}

#[test]
fn a_cable_that_is_pulled_leaves_the_interface_and_comes_back_to_it() {
    let lab = drawn_story();
    let pulled = Draw::Delete(vec![Item::cable("pc1", "eth0")]).apply(&lab).unwrap();
    let interface = &pulled.device("pc1").unwrap().interfaces[0];
    assert_eq!((interface.segment.as_deref(), interface.addresses.len()), (None, 1));
    assert_eq!(connect("pc1", "lan1").apply(&pulled).unwrap(), lab, "nothing is lost");
    let elsewhere = connect("pc1", "lan2").apply(&pulled).unwrap();
    assert_eq!(addresses(&elsewhere, "pc1"), ["192.168.2.11/24"]);
    assert_eq!(gateway(&elsewhere, "pc1").as_deref(), Some("192.168.2.1"));
    let moved = Draw::MoveCable { device: "pc1".into(), interface: "eth0".into(), segment: "lan2".into() };
    assert_eq!(moved.apply(&lab).unwrap(), elsewhere);
    assert_eq!(moved.apply(&elsewhere), None);
}

#[test]
fn an_address_that_somebody_took_meanwhile_is_not_taken_back() {
    let lab = Draw::Unplug { device: "pc1".into(), interface: "eth0".into() }.apply(&drawn_story()).unwrap();
    let lab = add(Kind::Host, Some("lan1")).apply(&lab).unwrap();
    assert_eq!(addresses(&lab, "pc3"), ["192.168.1.10/24"]);
    assert_eq!(addresses(&connect("pc1", "lan1").apply(&lab).unwrap(), "pc1"), ["192.168.1.11/24"]);
}

#[test]
fn what_is_deleted_is_mentioned_nowhere() {
    let lab = Draw::Delete(vec![Item::Device("pc2".into())]).apply(&story()).unwrap();
    assert!(lab.actions.is_empty(), "all of them were for PC2");
    let lab = Draw::Delete(vec![Item::Segment("living".into())]).apply(&story()).unwrap();
    assert!(lab.device("pc1").unwrap().interfaces[0].segment.is_none());
    assert_eq!(errors(&lab), Vec::<String>::new());
    assert_eq!(Draw::Delete(vec![Item::Device("nobody".into())]).apply(&lab), None);
}

#[test]
fn a_new_name_is_followed_everywhere() {
    let mut lab = story();
    if let ActionKind::Ping(ping) = &mut lab.actions[0].kind {
        ping.to = Target::Interface("pc2".into(), "eth0".into());
    }
    let rename = |item, to: &str| Draw::Rename { item, to: to.into() };
    let renamed = rename(Item::Device("pc2".into()), "server").apply(&lab).unwrap();
    let renamed = rename(Item::Device("pc1".into()), "client").apply(&renamed).unwrap();
    let renamed = rename(Item::Segment("living".into()), "home").apply(&renamed).unwrap();
    assert_eq!(errors(&renamed), Vec::<String>::new());
    assert_eq!(renamed.actions[0].kind.target().unwrap().to_string(), "server.eth0");
    assert_eq!(renamed.actions[0].kind.device(), Some("client"));
    for impossible in ["r1", "", "a.b", "a b"] {
        assert_eq!(rename(Item::Device("client".into()), impossible).apply(&renamed), None, "{impossible:?}");
    }
}

#[test]
fn what_a_person_calls_it_becomes_its_name_where_it_can() {
    let call = |lab: &Lab, item: Item, text: &str| Draw::Call { item, language: "en", text: text.into() }.apply(lab).unwrap();
    let lab = drawn_story();
    let lab = call(&lab, Item::Device("pc1".into()), "Web server");
    assert_eq!(lab.device("web-server").unwrap().label.get("ja"), "Web server");
    let lab = call(&lab, Item::Device("pc2".into()), "Web server");
    assert_eq!(lab.device("web-server-2").unwrap().label.get("en"), "Web server");
    let lab = call(&lab, Item::Segment("lan1".into()), "生活セグメント");
    assert_eq!(lab.segment("lan1").unwrap().label.get("en"), "生活セグメント");
    // One with labels in several languages keeps its name.
    let story = call(&story(), Item::Device("inet".into()), "Out there");
    assert_eq!(
        (story.device("inet").unwrap().label.get("en"), story.device("inet").unwrap().label.get("ja")),
        ("Out there", "インターネット")
    );
}

#[test]
fn a_duplicate_stands_beside_it_with_a_name_and_an_address_of_its_own() {
    let lab = story();
    let twice = Draw::Duplicate(vec![Item::Device("pc1".into())]).apply(&lab).unwrap();
    let copy = twice.device("pc3").unwrap();
    assert_eq!(copy.label.get("en"), "PC3");
    assert_eq!(addresses(&twice, "pc3"), ["192.168.1.11/24"]);
    assert_eq!(copy.interfaces[0].segment.as_deref(), Some("living"));
    assert_eq!(copy.gateway, lab.device("pc1").unwrap().gateway);
    assert_eq!(copy.position, Some(at(288 + 32, 376 + 32)));
    assert!(roundtrip_lab::check(&twice).is_empty(), "{:?}", roundtrip_lab::check(&twice));
    let change = Draw::Duplicate(vec![Item::Device("pc1".into())]);
    assert_eq!(change.created(&lab, &twice), Some(BTreeSet::from([Item::Device("pc3".into())])));
}

#[test]
fn a_copied_segment_takes_what_hangs_on_it_to_a_subnet_of_its_own() {
    let lab = drawn_story();
    let items = [Item::Segment("lan2".into()), Item::Device("pc2".into()), Item::Device("sw1".into())];
    let piece = fragment(&lab, &items.clone().into()).unwrap();
    let twice = Draw::Paste { fragment: Rc::new(piece.clone()), by: at(0, 500) }.apply(&lab).unwrap();
    assert_eq!(twice.segment("lan3").unwrap().subnet.unwrap().to_string(), "192.168.3.0/24");
    assert_eq!(addresses(&twice, "sw2"), ["192.168.1.3/24", "192.168.3.1/24"]);
    assert_eq!(addresses(&twice, "pc3"), ["192.168.3.10/24"]);
    assert_eq!(gateway(&twice, "pc3").as_deref(), Some("192.168.3.1"));
    assert!(roundtrip_lab::check(&twice).is_empty(), "{:?}", roundtrip_lab::check(&twice));
    // On a blank sheet it stays as it is, but for the cable to what stayed behind.
    let alone = Draw::Paste { fragment: Rc::new(piece), by: at(0, 0) }.apply(&Lab::default()).unwrap();
    assert_eq!(addresses(&alone, "pc2"), ["192.168.2.10/24"]);
    assert_eq!(alone.device("sw1").unwrap().interfaces[0].segment, None);
    assert_eq!(errors(&alone), Vec::<String>::new());
}

#[test]
fn everything_in_the_subnet_moves_with_it() {
    let mut lab = story();
    lab.devices[3].nft = "table inet f { chain c { ip saddr 192.168.1.0/24 drop; ip daddr 192.168.1.77 drop; } }".into();
    let renumbered = Draw::Renumber { segment: "living".into(), to: "10.9.0.0/16".parse().unwrap() }.apply(&lab).unwrap();
    assert_eq!(renumbered.segment("living").unwrap().subnet.unwrap().to_string(), "10.9.0.0/16");
    assert_eq!(addresses(&renumbered, "pc1"), ["10.9.0.10/16"]);
    assert_eq!(addresses(&renumbered, "r2"), ["10.9.0.2/16", "192.168.2.1/24"]);
    assert_eq!(gateway(&renumbered, "pc1").as_deref(), Some("10.9.0.1"));
    assert_eq!(renumbered.device("r1").unwrap().routes[0].via, Some(Ipv4Addr::new(10, 9, 0, 2)));
    let rules = renumbered.devices[3].nft.as_str();
    assert!(rules.contains("10.9.0.0/16") && rules.contains("10.9.0.77"), "{rules}");
    let other = Draw::Renumber { segment: "test".into(), to: "10.8.0.0/24".parse().unwrap() }.apply(&renumbered).unwrap();
    assert_eq!(other.device("r1").unwrap().routes[0].to.to_string(), "10.8.0.0/24");
    assert!(roundtrip_lab::check(&other).is_empty(), "{:?}", roundtrip_lab::check(&other));
}

#[test]
fn a_smaller_subnet_finds_room_for_those_who_do_not_fit() {
    let lab = drawn(&[SEGMENT, add(Kind::Host, Some("lan1")), add(Kind::Host, Some("lan1")), add(Kind::Router, Some("lan1"))]);
    let small = Draw::Renumber { segment: "lan1".into(), to: "10.0.0.0/29".parse().unwrap() }.apply(&lab).unwrap();
    assert_eq!(addresses(&small, "r1"), ["10.0.0.1/29"]);
    assert_eq!([addresses(&small, "pc1"), addresses(&small, "pc2")].concat(), ["10.0.0.2/29", "10.0.0.3/29"]);
    assert_eq!(gateway(&small, "pc1").as_deref(), Some("10.0.0.1"));
}

#[test]
fn a_gateway_is_pointed_out() {
    let lab = drawn_story();
    let set = |host: &str, router: &str| Draw::Gateway { host: host.into(), router: router.into() }.apply(&lab);
    assert_eq!(gateway(&set("pc1", "sw1").unwrap(), "pc1").as_deref(), Some("192.168.1.2"));
    assert_eq!(set("pc2", "r1"), None, "no segment joins them");
    assert_eq!(set("pc1", "pc1"), None);
}

#[test]
fn two_devices_are_linked_by_a_segment_of_their_own() {
    let lab = drawn(&[add(Kind::Host, None), add(Kind::Router, None), Draw::Link { a: "pc1".into(), b: "r1".into() }]);
    assert_eq!(addresses(&lab, "r1"), ["192.168.1.1/24"]);
    assert_eq!(gateway(&lab, "pc1").as_deref(), Some("192.168.1.1"));
}

#[test]
fn aligned_and_spread() {
    let lab = drawn(&[add(Kind::Host, None), add(Kind::Host, None), add(Kind::Host, None)]);
    let items: Vec<Item> = ["pc1", "pc2", "pc3"].map(|name| Item::Device(name.into())).into();
    let put = Draw::Put(items.iter().cloned().zip([at(0, 0), at(100, 30), at(500, 90)]).collect()).apply(&lab).unwrap();
    let spread = Draw::Distribute { items: items.clone(), axis: Axis::Across }.apply(&put).unwrap();
    assert_eq!(spread.devices.iter().map(|device| device.position.unwrap().x).collect::<Vec<_>>(), [0, 250, 500]);
    let aligned = Draw::Align { items: items.clone(), edge: Edge::Middle }.apply(&put).unwrap();
    assert_eq!(aligned.devices.iter().map(|device| device.position.unwrap()).collect::<Vec<_>>(), [at(0, 45), at(100, 45), at(500, 45)]);
    assert_eq!(Draw::Align { items: items[..1].to_vec(), edge: Edge::Left }.apply(&put), None);
}

#[test]
fn moving_one_thing_moves_no_other() {
    let device = |name: &str| {
        let interfaces = vec![Interface::new("eth0", "a")];
        Device { interfaces, ..Device::new(name, Kind::Host) }
    };
    let lab = Lab {
        segments: vec![roundtrip_lab::document::Segment::new("a")],
        devices: vec![device("x"), device("y"), device("z")],
        ..Lab::default()
    };
    let before = place::places(&lab);
    let put = Draw::Put(vec![(Item::Device("x".into()), at(900, 900))]).apply(&lab).unwrap();
    let after = place::places(&put);
    for name in ["y", "z"] {
        let middle = |scene: &crate::view::scene::Scene| scene.device(name).unwrap().rect.centre();
        assert!((middle(&before).x - middle(&after).x).abs() < 1.0 && (middle(&before).y - middle(&after).y).abs() < 1.0);
    }
}

#[test]
fn names_of_changes_say_what_and_how_many() {
    let delete = Draw::Delete(vec![Item::Device("pc1".into()), Item::Segment("a".into())]).drawn();
    assert_eq!((delete.verb, delete.item, delete.count), (Verb::Delete, None, 2));
    let one = Draw::Put(vec![(Item::Device("r2".into()), at(0, 0))]).drawn();
    assert_eq!(one.item, Some(Item::Device("r2".into())));
    assert_eq!(add(Kind::Firewall, None).drawn().kind, Some(Kind::Firewall));
}

#[test]
fn a_route_to_a_segment_that_is_renumbered_is_followed_in_actions_too() {
    let text = r#"{"version":1,"segments":[{"name":"a","subnet":"10.0.0.0/24"}],
      "devices":[{"name":"x","interfaces":[{"name":"eth0","segment":"a","addresses":["10.0.0.5/24"]}]}],
      "actions":[{"id":"r","at":1,"type":"route","device":"x","route":{"to":"10.0.0.0/24","via":"10.0.0.9"}},
                 {"id":"p","at":2,"type":"ping","from":"x","to":"10.0.0.9","source":"10.0.0.5"}]}"#;
    let lab = roundtrip_lab::load(text).lab.unwrap();
    let lab = Draw::Renumber { segment: "a".into(), to: "172.16.0.0/24".parse().unwrap() }.apply(&lab).unwrap();
    let ActionKind::Route(action) = &lab.actions[0].kind else { panic!() };
    let to: Network = "172.16.0.0/24".parse().unwrap();
    assert_eq!(action.route, Route::via(to, Ipv4Addr::new(172, 16, 0, 9)));
    let ActionKind::Ping(ping) = &lab.actions[1].kind else { panic!() };
    assert_eq!((ping.to.to_string(), ping.source), ("172.16.0.9".to_owned(), Some(Ipv4Addr::new(172, 16, 0, 5))));
}
