//! A tidy drawing: layers from the way out downwards, segments as bars over all that hangs on them, few crossings.
//!
//! The layered method of Sugiyama, Tagawa and Toda (1981), cut down to what bars and boxes need. Layers alternate between devices and
//! segments by themselves, since cables only run between the two, so no cable jumps a layer. Libraries for this lay out boxes
//! of fixed width; here a bar is as wide as its cables want it, and the same network must give the same picture every time.

use super::create::NARROWEST;
use super::gateway;
use super::place::{self, whole};
use crate::item::Item;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Kind, Position};
use roundtrip_wire::order;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// From the middle of a bar to the middle of a box beside it.
const STOREY: f64 = 112.0;
/// Between two bars that would lie on each other.
const BETWEEN_BARS: f64 = 64.0;
/// Between boxes.
const GAP: f64 = 40.0;
/// Between networks that nothing joins.
const APART: f64 = 120.0;
/// What a bar reaches beyond its outermost cables.
const BEYOND: f64 = 70.0;
/// Times that the layers are put in order, downwards and upwards.
const SWEEPS: usize = 12;

/// A network in numbers: devices first, then segments.
struct Graph {
    /// Who is joined with whom.
    near: Vec<Vec<usize>>,
    /// How wide each is.
    width: Vec<f64>,
    devices: usize,
}

/// The document with new places for everything.
pub(super) fn tidy(lab: &Lab) -> Option<Lab> {
    if lab.devices.is_empty() && lab.segments.is_empty() {
        return None;
    }
    let graph = graph(lab);
    let mut left = 0.0;
    let mut new = lab.clone();
    place::pin(&mut new);
    let mut to: Vec<(Item, Position)> = Vec::new();
    for component in components(&graph) {
        let layers = layers(lab, &graph, &component);
        let placed = place_layers(&graph, &layers, &component);
        let edge = placed.values().map(|spot| spot.x - spot.half).fold(f64::INFINITY, f64::min);
        let end = placed.values().map(|spot| spot.x + spot.half).fold(f64::NEG_INFINITY, f64::max);
        for (node, spot) in &placed {
            let (x, y) = (spot.x - edge + left, spot.y);
            if let Some(device) = lab.devices.get(*node) {
                to.push((Item::Device(device.name.clone()), Position { x: whole(x), y: whole(y) }));
            } else if let Some(segment) = new.segments.get_mut(node.saturating_sub(graph.devices)) {
                segment.width = Some(whole(spot.half * 2.0).unsigned_abs().max(NARROWEST));
                to.push((Item::Segment(segment.name.clone()), Position { x: whole(x - spot.half), y: whole(y) }));
            }
        }
        left += end - edge + APART;
    }
    Some(place::put(&new, &to))
}

fn graph(lab: &Lab) -> Graph {
    let scene = place::places(lab);
    let devices = lab.devices.len();
    let mut near = vec![BTreeSet::new(); devices.saturating_add(lab.segments.len())];
    for cable in &scene.cables {
        let (device, segment) = (cable.device, devices.saturating_add(cable.segment));
        for (one, other) in [(device, segment), (segment, device)] {
            if let Some(its) = near.get_mut(one) {
                its.insert(other);
            }
        }
    }
    let boxes = scene.devices.iter().map(|found| found.rect.width);
    // A bar is at least as wide as what is written on it.
    let bars = scene.segments.iter().map(|bar| crate::view::geometry::text_width(&bar.caption.title) + 190.0);
    Graph { near: near.into_iter().map(|its| its.into_iter().collect()).collect(), width: boxes.chain(bars).collect(), devices }
}

impl Graph {
    fn near(&self, node: usize) -> &[usize] {
        self.near.get(node).map_or(&[], Vec::as_slice)
    }

    fn half(&self, node: usize) -> f64 {
        self.width.get(node).copied().unwrap_or_default() / 2.0
    }
}

/// What hangs together, in the order of the document.
fn components(graph: &Graph) -> Vec<Vec<usize>> {
    let mut met = BTreeSet::new();
    let mut all = Vec::new();
    for start in 0..graph.near.len() {
        if !met.insert(start) {
            continue;
        }
        let mut component = vec![start];
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for next in graph.near(node) {
                if met.insert(*next) {
                    component.push(*next);
                    queue.push_back(*next);
                }
            }
        }
        order::sort(&mut component);
        all.push(component);
    }
    all
}

/// Where the drawing begins: at the Internet, else at the device that most others have as their gateway, else with whatever forwards.
fn root(lab: &Lab, component: &[usize]) -> Option<usize> {
    let rank = |node: &usize| {
        let device = lab.devices.get(*node)?;
        let clients =
            lab.devices.iter().filter(|host| host.gateway.is_some() && gateway::address_of(lab, host, device) == host.gateway).count();
        let on = device.interfaces.iter().filter(|interface| interface.segment.is_some()).count();
        Some((device.kind == Kind::Internet, clients, device.kind.forwards(), on, std::cmp::Reverse(*node)))
    };
    component.iter().filter_map(|node| Some((rank(node)?, *node))).max().map(|(_, node)| node).or_else(|| component.first().copied())
}

/// By their distance from the root; each in the order in which it is reached.
fn layers(lab: &Lab, graph: &Graph, component: &[usize]) -> Vec<Vec<usize>> {
    let Some(root) = root(lab, component) else { return Vec::new() };
    let mut met = BTreeSet::from([root]);
    let mut layers = vec![vec![root]];
    while let Some(last) = layers.last() {
        let next: Vec<usize> = last.iter().flat_map(|node| graph.near(*node)).copied().filter(|node| met.insert(*node)).collect();
        if next.is_empty() {
            break;
        }
        layers.push(next);
    }
    for sweep in 0..SWEEPS {
        let order: Vec<usize> =
            if sweep % 2 == 0 { (1..layers.len()).collect() } else { (0..layers.len().saturating_sub(1)).rev().collect() };
        for number in order {
            let beside = if sweep % 2 == 0 { number.checked_sub(1) } else { number.checked_add(1) };
            let places: BTreeMap<usize, u32> =
                beside.and_then(|beside| layers.get(beside)).into_iter().flatten().copied().zip(0_u32..).collect();
            let Some(layer) = layers.get_mut(number) else { continue };
            let mut keyed: Vec<(f64, usize)> = layer
                .iter()
                .zip(0_u32..)
                .map(|(node, own)| {
                    (
                        mean(graph.near(*node).iter().filter_map(|other| places.get(other)).map(|place| f64::from(*place)))
                            .unwrap_or(f64::from(own)),
                        *node,
                    )
                })
                .collect();
            // Stable: those who want the same place keep their order.
            order::sort_by(&mut keyed, |a, b| a.0.total_cmp(&b.0));
            *layer = keyed.into_iter().map(|(_, node)| node).collect();
        }
    }
    layers
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count.saturating_add(1)));
    (count > 0).then(|| sum / f64::from(count))
}

/// The middle of something, and half its width.
#[derive(Clone, Copy, Debug)]
struct Spot {
    x: f64,
    y: f64,
    half: f64,
}

fn place_layers(graph: &Graph, layers: &[Vec<usize>], component: &[usize]) -> BTreeMap<usize, Spot> {
    let mut spots: BTreeMap<usize, Spot> = component.iter().map(|node| (*node, Spot { x: 0.0, y: 0.0, half: graph.half(*node) })).collect();
    for sweep in 0..SWEEPS {
        let order: Vec<&Vec<usize>> = if sweep % 2 == 0 { layers.iter().rev().collect() } else { layers.iter().collect() };
        for layer in order {
            let wanted: Vec<(usize, f64)> = layer
                .iter()
                .map(|node| {
                    let own = spots.get(node).map_or(0.0, |spot| spot.x);
                    (*node, mean(graph.near(*node).iter().filter_map(|other| spots.get(other)).map(|spot| spot.x)).unwrap_or(own))
                })
                .collect();
            for (node, x) in in_a_row(graph, &wanted) {
                if let Some(spot) = spots.get_mut(&node) {
                    spot.x = x;
                }
            }
        }
    }
    let mut y = 0.0;
    for layer in layers {
        let is_bars = layer.first().is_some_and(|node| *node >= graph.devices);
        let rows = if is_bars { stretch_bars(graph, layer, &mut spots) } else { layer.iter().map(|node| (*node, 0_u32)).collect() };
        let mut last = 0_u32;
        for (node, row) in rows {
            last = last.max(row);
            if let Some(spot) = spots.get_mut(&node) {
                spot.y = BETWEEN_BARS.mul_add(f64::from(row), y);
            }
        }
        y += BETWEEN_BARS.mul_add(f64::from(last), STOREY);
    }
    spots
}

/// In this order, none on another, and as near as can be to where each wants to be: neighbours that want the same place share the
/// distance, as in isotonic regression.
fn in_a_row(graph: &Graph, wanted: &[(usize, f64)]) -> Vec<(usize, f64)> {
    struct Block {
        sum: f64,
        count: f64,
        nodes: Vec<(usize, f64)>,
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut offset = 0.0;
    let mut before: Option<usize> = None;
    for (node, x) in wanted {
        if let Some(before) = before {
            offset += graph.half(before) + graph.half(*node) + GAP;
        }
        before = Some(*node);
        let mut block = Block { sum: x - offset, count: 1.0, nodes: vec![(*node, offset)] };
        while let Some(last) = blocks.pop_if(|last| last.sum / last.count >= block.sum / block.count) {
            let mut nodes = last.nodes;
            nodes.append(&mut block.nodes);
            block = Block { sum: last.sum + block.sum, count: last.count + block.count, nodes };
        }
        blocks.push(block);
    }
    blocks
        .into_iter()
        .flat_map(|block| block.nodes.into_iter().map(move |(node, offset)| (node, block.sum / block.count + offset)))
        .collect()
}

/// Bars reach over all that hangs on them. Those that would then lie on each other get rows of their own.
fn stretch_bars(graph: &Graph, layer: &[usize], spots: &mut BTreeMap<usize, Spot>) -> Vec<(usize, u32)> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut placed = Vec::new();
    for node in layer {
        let Some(own) = spots.get(node).copied() else { continue };
        let on_it = || graph.near(*node).iter().filter_map(|other| spots.get(other)).map(|spot| spot.x);
        let left = on_it().fold(own.x, f64::min) - BEYOND;
        let right = on_it().fold(own.x, f64::max) + BEYOND;
        let (middle, half) = (f64::midpoint(left, right), ((right - left) / 2.0).max(own.half));
        let span = (middle - half - GAP / 2.0, middle + half + GAP / 2.0);
        let free = rows.iter().position(|row| row.iter().all(|other| other.1 <= span.0 || span.1 <= other.0));
        let row = free.unwrap_or(rows.len());
        if free.is_none() {
            rows.push(Vec::new());
        }
        if let Some(row) = rows.get_mut(row) {
            row.push(span);
        }
        spots.insert(*node, Spot { x: middle, half, ..own });
        placed.push((*node, u32::try_from(row).unwrap_or(u32::MAX)));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::draw::Draw;
    use crate::view::geometry::Rect;
    use crate::view::scene::Scene;

    fn rects(scene: &Scene) -> Vec<Rect> {
        scene.devices.iter().map(|found| found.rect).chain(scene.segments.iter().map(|bar| bar.rect)).collect()
    }

    #[test]
    fn nothing_lies_on_anything_else_and_bars_cover_their_cables() {
        for example in roundtrip_lab::examples() {
            let lab = example.lab();
            let tidy = tidy(&lab).unwrap();
            let scene = place::places(&tidy);
            let all = rects(&scene);
            for (i, a) in all.iter().enumerate() {
                assert!(all.iter().skip(i + 1).all(|b| a.overlap(b) == 0.0), "{}: {a:?}", example.id);
            }
            for cable in &scene.cables {
                let straight = (cable.at_device.x - cable.at_segment.x).abs() < 1.0;
                assert!(straight, "{}: {}.{} runs aslant", example.id, cable.device_name, cable.interface);
            }
            assert_eq!(super::tidy(&tidy), Some(tidy), "{}: tidy is tidy", example.id);
        }
    }

    #[test]
    fn the_way_out_is_at_the_top_and_what_is_alone_stands_apart() {
        let lab = roundtrip_lab::example("story").unwrap().lab();
        let lab = Draw::AddSegment { position: Position::default(), width: 200 }.apply(&lab).unwrap();
        let tidy = tidy(&lab).unwrap();
        let y = |name: &str| tidy.device(name).unwrap().position.unwrap().y;
        assert!(y("inet") < y("r1") && y("r1") < y("pc1") && y("pc1") == y("r2") && y("r2") < y("pc2"));
        let alone = tidy.segment("lan1").unwrap();
        let right = tidy.devices.iter().map(|device| device.position.unwrap().x).max().unwrap();
        assert!(alone.position.unwrap().x > right);
    }
}
