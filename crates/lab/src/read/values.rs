//! Single values.

use super::json::Json;
use super::reader::{Fields, Reader};
use crate::document::{
    AddressSet, FlagTest, Millis, NatTo, Network, NftText, OneOrMany, PortSet, Position, Seconds, SettingValue, Target, Text,
};
use crate::limits;
use crate::problem::ProblemId;
use ipnet::Ipv4Net;
use roundtrip_sim::SimTime;
use roundtrip_wire::Mac;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// A text of limited length.
fn text_up_to(reader: &mut Reader, value: &Json, limit: usize) -> Option<String> {
    let Json::Text(text) = value else { return reader.wrong_type("a text", value) };
    if text.chars().count() > limit {
        let problem = reader.problem(ProblemId::TooLong).with("limit", limit);
        reader.report(problem);
        return None;
    }
    Some(text.clone())
}

pub(super) fn string(reader: &mut Reader, value: &Json) -> Option<String> {
    text_up_to(reader, value, limits::TEXT_CHARS)
}

/// A name, or a reference to one. Whether it can be one is asked later, where its kind is known.
pub(super) fn name(reader: &mut Reader, value: &Json) -> Option<String> {
    // Room for "device.interface".
    text_up_to(reader, value, 2 * limits::NAME_CHARS)
}

pub(super) fn boolean(reader: &mut Reader, value: &Json) -> Option<bool> {
    match value {
        Json::Bool(value) => Some(*value),
        other => reader.wrong_type("true or false", other),
    }
}

pub(super) fn u8_from(min: u8) -> impl Fn(&mut Reader, &Json) -> Option<u8> {
    move |reader, value| reader.integer(value, min.into(), u8::MAX.into()).and_then(|n| u8::try_from(n).ok())
}

pub(super) fn u16_in(min: u16, max: u16) -> impl Fn(&mut Reader, &Json) -> Option<u16> {
    move |reader, value| reader.integer(value, min.into(), max.into()).and_then(|n| u16::try_from(n).ok())
}

pub(super) fn u32_in(min: u32, max: u32) -> impl Fn(&mut Reader, &Json) -> Option<u32> {
    move |reader, value| reader.integer(value, min.into(), max.into()).and_then(|n| u32::try_from(n).ok())
}

/// Bytes on a stream.
pub(super) fn bytes(reader: &mut Reader, value: &Json) -> Option<u32> {
    u32_in(0, limits::STREAM_BYTES)(reader, value)
}

pub(super) fn port(reader: &mut Reader, value: &Json) -> Option<u16> {
    u16_in(1, u16::MAX)(reader, value)
}

pub(super) fn mtu(reader: &mut Reader, value: &Json) -> Option<u16> {
    u16_in(limits::MTU_MIN, limits::MTU_MAX)(reader, value)
}

fn time<T: Copy + Into<SimTime>>(reader: &mut Reader, value: &Json, from: fn(f64) -> Option<T>, most: u64, unit: SimTime) -> Option<T> {
    let Json::Number(number) = value else { return reader.wrong_type("a number", value) };
    number.as_f64().and_then(from).filter(|time| (*time).into() <= unit.times(most)).or_else(|| reader.out_of_range(number, 0, most))
}

pub(super) fn seconds(reader: &mut Reader, value: &Json) -> Option<Seconds> {
    time(reader, value, Seconds::from_f64, limits::SECONDS, SimTime::from_secs(1))
}

pub(super) fn millis(reader: &mut Reader, value: &Json) -> Option<Millis> {
    time(reader, value, Millis::from_f64, limits::LATENCY_MS, SimTime::from_millis(1))
}

/// A time between repetitions, which a loop without end would follow from if it were zero.
pub(super) fn interval(reader: &mut Reader, value: &Json) -> Option<Seconds> {
    let time = seconds(reader, value)?;
    if time.0 < SimTime::from_millis(1) { reader.out_of_range(value.show(), "0.001", limits::SECONDS) } else { Some(time) }
}

/// A text that reads as a `T`.
fn parsed<T: std::str::FromStr>(reader: &mut Reader, value: &Json, otherwise: ProblemId) -> Option<T> {
    let Json::Text(text) = value else { return reader.wrong_type("a text", value) };
    text.trim().parse().ok().or_else(|| reader.bad(otherwise, value))
}

fn of_form<T: std::str::FromStr>(reader: &mut Reader, value: &Json, expected: &str) -> Option<T> {
    let Json::Text(text) = value else { return reader.wrong_type("a text", value) };
    text.trim().parse().ok().or_else(|| {
        let problem = reader.problem(ProblemId::BadValue).with("found", value.show()).with("expected", expected);
        reader.report(problem);
        None
    })
}

pub(super) fn address(reader: &mut Reader, value: &Json) -> Option<Ipv4Addr> {
    parsed(reader, value, ProblemId::BadAddress)
}

pub(super) fn prefix(reader: &mut Reader, value: &Json) -> Option<Ipv4Net> {
    parsed(reader, value, ProblemId::BadPrefix)
}

pub(super) fn mac(reader: &mut Reader, value: &Json) -> Option<Mac> {
    parsed(reader, value, ProblemId::BadMac)
}

pub(super) fn network(reader: &mut Reader, value: &Json) -> Option<Network> {
    of_form(reader, value, "a subnet as in 192.168.2.0/24, an address, or default")
}

pub(super) fn address_set(reader: &mut Reader, value: &Json) -> Option<AddressSet> {
    of_form(reader, value, "an address, a subnet as in 192.168.1.0/24, or a range as in 10.0.0.5-10.0.0.9")
}

pub(super) fn port_set(reader: &mut Reader, value: &Json) -> Option<PortSet> {
    if matches!(value, Json::Number(_)) {
        return u16_in(0, u16::MAX)(reader, value).map(PortSet::from);
    }
    of_form(reader, value, "a port, or a range as in 1024-65535")
}

pub(super) fn flag_test(reader: &mut Reader, value: &Json) -> Option<FlagTest> {
    of_form(reader, value, "TCP flags as in syn / fin,syn,rst,ack or syn,ack")
}

pub(super) fn nat_to(reader: &mut Reader, value: &Json) -> Option<NatTo> {
    of_form(reader, value, "an address, a port, or both as in 192.168.10.20:80")
}

pub(super) fn target(reader: &mut Reader, value: &Json) -> Option<Target> {
    let text = name(reader, value)?;
    Some(Target::from(text.trim()))
}

pub(super) fn text(reader: &mut Reader, value: &Json) -> Option<Text> {
    match value {
        Json::Text(_) => string(reader, value).map(Text::plain),
        Json::Object(fields) => {
            let texts: Vec<_> = fields
                .iter()
                .filter_map(|(language, text)| {
                    reader.inside(language.clone(), |reader| string(reader, text)).map(|text| (language.clone(), text))
                })
                .collect();
            Some(Text::by_language(texts))
        }
        other => reader.wrong_type("a text, or an object of texts by language", other),
    }
}

pub(super) fn nft(reader: &mut Reader, value: &Json) -> Option<NftText> {
    let text = match value {
        Json::Text(_) => text_up_to(reader, value, limits::NFT_CHARS)?,
        Json::List(_) => {
            let lines = reader.list(value, limits::NFT_CHARS, |_| None, |reader, line, _| string(reader, line));
            lines.join("\n")
        }
        other => return reader.wrong_type("a text, or a list of its lines", other),
    };
    Some(NftText::new(text))
}

pub(super) fn position(reader: &mut Reader, value: &Json) -> Option<Position> {
    let mut fields = Fields::of(reader, value)?;
    let x = fields.need(reader, "x", pixels);
    let y = fields.need(reader, "y", pixels);
    fields.finish(reader);
    Some(Position { x: x?, y: y? })
}

fn pixels(reader: &mut Reader, value: &Json) -> Option<i32> {
    let Json::Number(number) = value else { return reader.wrong_type("a number", value) };
    // A drawing program's fractions of a pixel are nobody's intent.
    let rounded = number.as_f64().unwrap_or(f64::NAN).round();
    let most = limits::PIXELS;
    if rounded.abs() <= f64::from(most) { Some(rounded as i32) } else { reader.out_of_range(number, -most, most) }
}

pub(super) fn settings(reader: &mut Reader, value: &Json) -> Option<BTreeMap<String, SettingValue>> {
    let Json::Object(fields) = value else { return reader.wrong_type("an object", value) };
    Fields::of(reader, value)?;
    if fields.len() > limits::SETTINGS {
        let problem = reader.problem(ProblemId::TooMany).with("limit", limits::SETTINGS);
        reader.report(problem);
        return None;
    }
    let settings = fields
        .iter()
        .filter_map(|(key, value)| reader.inside(key.clone(), |reader| setting(reader, value)).map(|value| (key.clone(), value)));
    Some(settings.collect())
}

fn setting(reader: &mut Reader, value: &Json) -> Option<SettingValue> {
    match value {
        Json::Number(_) => reader.integer(value, i64::MIN, i64::MAX).map(SettingValue::Number),
        Json::Text(_) => string(reader, value).map(SettingValue::Text),
        other => reader.wrong_type("a number", other),
    }
}

/// One value, or a list of them.
pub(super) fn one_or_many<T>(read: fn(&mut Reader, &Json) -> Option<T>) -> impl Fn(&mut Reader, &Json) -> Option<OneOrMany<T>> {
    move |reader, value| match value {
        Json::List(_) => Some(OneOrMany(reader.list(value, limits::RULE_VALUES, |_| None, |reader, element, _| read(reader, element)))),
        one => read(reader, one).map(|value| OneOrMany(vec![value])),
    }
}
