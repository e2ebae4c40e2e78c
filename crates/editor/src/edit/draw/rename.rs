//! Other names, which all that refers to them follows.

use super::{names, references};
use crate::item::Item;
use roundtrip_lab::Lab;
use roundtrip_lab::document::Text;

/// Another name in the document. None if it cannot be one, or another has it.
pub(super) fn rename(lab: &Lab, item: &Item, to: &str) -> Option<Lab> {
    let mut new = lab.clone();
    match item {
        Item::Device(name) if names::is_device_name(to) && lab.device(to).is_none() => {
            new.devices.iter_mut().find(|device| device.name == *name)?.name = to.to_owned();
            references::rename_device(&mut new, name, to);
        }
        Item::Segment(name) if names::is_segment_name(to) && lab.segment(to).is_none() => {
            new.segments.iter_mut().find(|segment| segment.name == *name)?.name = to.to_owned();
            let interfaces = new.devices.iter_mut().flat_map(|device| &mut device.interfaces);
            for segment in interfaces.filter_map(|interface| interface.segment.as_mut()).filter(|segment| *segment == name) {
                to.clone_into(segment);
            }
        }
        _ => return None,
    }
    Some(new)
}

/// What people call it, in a language. A label that is the same in all languages stays so.
fn label(lab: &Lab, item: &Item, language: &str, text: &str) -> Option<Lab> {
    let text: String = text.trim().chars().take(roundtrip_lab::limits::NAME_CHARS).collect();
    let mut new = lab.clone();
    let label = match item {
        Item::Device(name) => &mut new.devices.iter_mut().find(|device| device.name == *name)?.label,
        Item::Segment(name) => &mut new.segments.iter_mut().find(|segment| segment.name == *name)?.label,
        Item::Cable(..) => return None,
    };
    if is_in_all(label) {
        *label = Text::plain(text);
    } else {
        label.set(language, &text);
    }
    Some(new)
}

fn is_in_all(label: &Text) -> bool {
    label.iter().all(|(language, _)| language.is_empty())
}

/// The same; and where it is called the same in all languages, the name in the document follows if something plain can be made of it.
pub(super) fn call(lab: &Lab, item: &Item, language: &str, text: &str) -> Option<Lab> {
    let new = label(lab, item, language, text)?;
    let follows = match item {
        Item::Device(name) => is_in_all(&new.device(name)?.label),
        Item::Segment(name) => is_in_all(&new.segment(name)?.label),
        Item::Cable(..) => false,
    };
    if !follows {
        return Some(new);
    }
    let Some(slug) = names::slug(text) else { return Some(new) };
    let (current, wanted) = match item {
        Item::Device(name) if *name != slug => (name, names::free_device(&without(&new, item), &slug)),
        Item::Segment(name) if *name != slug => (name, names::free_segment(&without(&new, item), &slug)),
        _ => return Some(new),
    };
    if *current == wanted { Some(new) } else { rename(&new, item, &wanted).or(Some(new)) }
}

/// The document without the item itself, whose name does not stand in its own way.
fn without(lab: &Lab, item: &Item) -> Lab {
    let mut lab = Lab { segments: lab.segments.clone(), devices: lab.devices.clone(), ..Lab::default() };
    match item {
        Item::Device(name) => lab.devices.retain(|device| device.name != *name),
        Item::Segment(name) => lab.segments.retain(|segment| segment.name != *name),
        Item::Cable(..) => {}
    }
    lab
}
