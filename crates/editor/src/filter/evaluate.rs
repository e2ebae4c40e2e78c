//! Whether a frame passes.

use super::{Expression, Literal, Relation};
use crate::dissect::{Dissection, Field, Item, Kind, Value};
use std::cmp::Ordering;
use std::net::Ipv4Addr;

impl Expression {
    pub(super) fn holds(&self, frame: &Dissection<'_>) -> bool {
        match self {
            Self::Not(test) => !test.holds(frame),
            Self::And(a, b) => a.holds(frame) && b.holds(frame),
            Self::Or(a, b) => a.holds(frame) || b.holds(frame),
            Self::Exists(fields) => items(frame, fields).next().is_some(),
            Self::Compare { fields, relation, value } => compare(frame, fields, *relation, value),
            Self::In { fields, ranges } => items(frame, fields).any(|item| {
                ranges.iter().any(|(from, to)| if from == to { equal(item, from) } else { at_least(item, from) && at_most(item, to) })
            }),
        }
    }
}

fn items<'d, 'a>(frame: &'d Dissection<'a>, fields: &'d [&'static Field]) -> impl Iterator<Item = &'d Item<'a>> {
    frame.items.iter().filter(move |item| fields.iter().any(|field| field.name == item.field.name))
}

fn compare(frame: &Dissection<'_>, fields: &[&'static Field], relation: Relation, value: &Literal) -> bool {
    let mut found = items(frame, fields).peekable();
    let there = found.peek().is_some();
    match relation {
        Relation::AnyEqual => found.any(|item| equal_in(frame, item, value)),
        Relation::AllEqual => there && found.all(|item| equal_in(frame, item, value)),
        Relation::AllDiffer => there && found.all(|item| !equal_in(frame, item, value)),
        Relation::AnyDiffers => found.any(|item| !equal_in(frame, item, value)),
        Relation::Greater => found.any(|item| order(item, value) == Some(Ordering::Greater)),
        Relation::Less => found.any(|item| order(item, value) == Some(Ordering::Less)),
        Relation::AtLeast => found.any(|item| at_least(item, value)),
        Relation::AtMost => found.any(|item| at_most(item, value)),
        Relation::Contains => found.any(|item| contains(frame, item, value)),
        Relation::Bits => found
            .any(|item| matches!((item.value, value), (Value::Number(number), Literal::Number(bits)) if i128::from(number) & bits != 0)),
    }
}

fn at_least(item: &Item<'_>, value: &Literal) -> bool {
    matches!(order(item, value), Some(Ordering::Greater | Ordering::Equal))
}

fn at_most(item: &Item<'_>, value: &Literal) -> bool {
    matches!(order(item, value), Some(Ordering::Less | Ordering::Equal))
}

/// Equality where bytes have to be looked up.
fn equal_in(frame: &Dissection<'_>, item: &Item<'_>, value: &Literal) -> bool {
    match (item.field.kind, value) {
        (Kind::Bytes, Literal::Bytes(bytes)) => frame.bytes_of(item) == bytes.as_slice(),
        _ => equal(item, value),
    }
}

fn equal(item: &Item<'_>, value: &Literal) -> bool {
    match (item.value, value) {
        (Value::Ipv4(address), Literal::Network(network, length)) => masked(address, *length) == masked(*network, *length),
        (Value::Number(number), Literal::Number(other)) if item.field.kind == Kind::Flag => (number != 0) == (*other != 0),
        _ => order(item, value) == Some(Ordering::Equal),
    }
}

fn masked(address: Ipv4Addr, length: u8) -> u32 {
    let shift = 32_u32.saturating_sub(length.into());
    u32::from(address).checked_shr(shift).unwrap_or(0)
}

fn order(item: &Item<'_>, value: &Literal) -> Option<Ordering> {
    Some(match (item.value, value) {
        (Value::Number(number), Literal::Number(other)) => i128::from(number).cmp(other),
        (Value::Signed(number), Literal::Number(other)) => i128::from(number).cmp(other),
        (Value::Mac(mac), Literal::Mac(other)) => mac.cmp(other),
        (Value::Ipv4(address), Literal::Network(other, length)) => masked(address, *length).cmp(&masked(*other, *length)),
        (Value::Time(time), Literal::Time(other)) => i128::from(time.as_nanos()).cmp(other),
        (Value::Text(text), Literal::Bytes(other)) => text.as_bytes().cmp(other),
        _ => return None,
    })
}

fn contains(frame: &Dissection<'_>, item: &Item<'_>, value: &Literal) -> bool {
    let Literal::Bytes(wanted) = value else { return false };
    let bytes = match item.value {
        Value::Text(text) => text.as_bytes(),
        // A protocol is its header and all that it carries.
        _ if item.field.kind == Kind::Protocol => frame.bytes.get(item.bytes.start..).unwrap_or(&[]),
        _ => frame.bytes_of(item),
    };
    wanted.is_empty() || bytes.windows(wanted.len()).any(|part| part == wanted.as_slice())
}
