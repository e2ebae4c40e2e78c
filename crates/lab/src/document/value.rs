//! Values with a unit or a syntax of their own.

use ipnet::Ipv4Net;
use roundtrip_sim::SimTime;
use roundtrip_sim::netfilter::ruleset::{AddressRange, PortRange};
use serde::{Serialize, Serializer};
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// Implements a value as a JSON string with its own `Display`, and describes it in the schema.
macro_rules! saved_as_text {
    ($name:ident, $description:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $description })
            }
        }
    };
}

/// Implements a span of time as a JSON number in one unit.
macro_rules! saved_as_number {
    ($name:ident, $nanos:literal, $description:literal) => {
        impl $name {
            /// No time at all.
            pub const ZERO: Self = Self(SimTime::ZERO);

            /// From a number in this unit, rounded to nanoseconds. None if it is negative, not a number or longer than 100 years.
            #[must_use]
            pub fn from_f64(value: f64) -> Option<Self> {
                const CENTURY: f64 = 3.156e18;
                let nanos = (value * $nanos).round();
                (0.0..=CENTURY).contains(&nanos).then(|| Self(SimTime::from_nanos(nanos as u64)))
            }

            /// The number in this unit.
            #[must_use]
            pub fn as_f64(self) -> f64 {
                self.0.as_nanos() as f64 / $nanos
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let unit = $nanos as u64;
                let nanos = self.0.as_nanos();
                if nanos % unit == 0 { serializer.serialize_u64(nanos / unit) } else { serializer.serialize_f64(self.as_f64()) }
            }
        }

        impl From<$name> for SimTime {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "number", "minimum": 0, "description": $description })
            }
        }
    };
}

/// A time in seconds, exact to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seconds(pub SimTime);

saved_as_number!(Seconds, 1e9, "Seconds.");

impl Seconds {
    /// Whole seconds.
    #[must_use]
    pub const fn new(seconds: u64) -> Self {
        Self(SimTime::from_secs(seconds))
    }

    /// Milliseconds, as seconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(SimTime::from_millis(millis))
    }
}

/// A time in milliseconds, exact to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub SimTime);

saved_as_number!(Millis, 1e6, "Milliseconds.");

impl Millis {
    /// Whole microseconds, as milliseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(SimTime::from_micros(micros))
    }
}

/// One value or several; one is saved without brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> OneOrMany<T> {
    /// True if there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<T> for OneOrMany<T> {
    fn from(value: T) -> Self {
        Self(vec![value])
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            many => many.serialize(serializer),
        }
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for OneOrMany<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// The destination of a route: a subnet, an address, or `default`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network(pub Ipv4Net);

saved_as_text!(Network, "A subnet as in 192.168.2.0/24, an address, or \"default\".");

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.prefix_len() {
            0 if self.0.addr().is_unspecified() => f.write_str("default"),
            32 => write!(f, "{}", self.0.addr()),
            _ => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "default" {
            return Ok(Self(Ipv4Net::default()));
        }
        text.parse().or_else(|_| text.parse::<Ipv4Addr>().map(Ipv4Net::from)).map(Self).map_err(|_| ())
    }
}

/// Whom an action is for: an address, or a device or interface by name, which stands for its first address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An address.
    Address(Ipv4Addr),
    /// A device by name.
    Device(String),
    /// An interface, as in `pc2.eth0`.
    Interface(String, String),
}

saved_as_text!(Target, "An address as in 192.168.2.10, a device's name, or an interface as in pc2.eth0.");

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(f, "{address}"),
            Self::Device(device) => f.write_str(device),
            Self::Interface(device, interface) => write!(f, "{device}.{interface}"),
        }
    }
}

impl From<&str> for Target {
    fn from(text: &str) -> Self {
        text.parse().map_or_else(
            |_| match text.split_once('.') {
                Some((device, interface)) => Self::Interface(device.to_owned(), interface.to_owned()),
                None => Self::Device(text.to_owned()),
            },
            Self::Address,
        )
    }
}

/// Addresses in a rule: an address, a subnet, or a range as in `10.0.0.5-10.0.0.9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressSet(pub AddressRange);

saved_as_text!(AddressSet, "An address, a subnet as in 192.168.1.0/24, or a range as in 10.0.0.5-10.0.0.9.");

impl fmt::Display for AddressSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (u32::from(self.0.first), u32::from(self.0.last));
        let size = last.wrapping_sub(first);
        let host_bits = size.count_ones();
        if first == last {
            write!(f, "{}", self.0.first)
        } else if size & size.wrapping_add(1) == 0 && first & size == 0 {
            write!(f, "{}/{}", self.0.first, 32_u32.saturating_sub(host_bits))
        } else {
            write!(f, "{}-{}", self.0.first, self.0.last)
        }
    }
}

impl FromStr for AddressSet {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some((first, last)) = text.split_once('-') {
            let (first, last) = (first.trim().parse().map_err(|_| ())?, last.trim().parse().map_err(|_| ())?);
            return if first <= last { Ok(Self(AddressRange { first, last })) } else { Err(()) };
        }
        let Network(net) = text.parse()?;
        Ok(Self(net.into()))
    }
}

/// Ports in a rule: a port, or a range as in `1024-65535`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortSet(pub PortRange);

impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.first == self.0.last { write!(f, "{}", self.0.first) } else { write!(f, "{}-{}", self.0.first, self.0.last) }
    }
}

impl FromStr for PortSet {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (first.trim().parse().map_err(|_| ())?, last.trim().parse().map_err(|_| ())?);
        if first <= last { Ok(Self(PortRange { first, last })) } else { Err(()) }
    }
}

impl From<u16> for PortSet {
    fn from(port: u16) -> Self {
        Self(PortRange { first: port, last: port })
    }
}

impl Serialize for PortSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.first == self.0.last { serializer.serialize_u16(self.0.first) } else { serializer.collect_str(self) }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for PortSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PortSet".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A port, or a range as in \"1024-65535\".",
            "anyOf": [{ "type": "integer", "minimum": 0, "maximum": 65535 }, { "type": "string" }]
        })
    }
}

/// A test of TCP flags: which must be set among which, as in `syn / fin,syn,rst,ack`; without a slash, one of those named must be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagTest {
    /// The flags looked at.
    pub mask: u8,
    /// Those of them that must be set; none means that any one of the mask is enough.
    pub set: Option<u8>,
}

saved_as_text!(FlagTest, "TCP flags as in \"syn / fin,syn,rst,ack\" (set among looked at) or \"syn,ack\" (any of these).");

impl FlagTest {
    pub(crate) const NAMES: [(&'static str, u8); 8] =
        [("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 16), ("urg", 32), ("ecn", 64), ("cwr", 128)];

    fn names(flags: u8) -> String {
        let names: Vec<&str> = Self::NAMES.iter().filter(|(_, bit)| flags & bit != 0).map(|(name, _)| *name).collect();
        names.join(",")
    }

    fn bits(text: &str) -> Result<u8, ()> {
        if text.trim().is_empty() {
            return Ok(0);
        }
        text.split(',')
            .try_fold(0, |bits, word| Self::NAMES.iter().find(|(name, _)| *name == word.trim()).map(|(_, bit)| bits | bit).ok_or(()))
    }
}

impl fmt::Display for FlagTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(set) => write!(f, "{} / {}", Self::names(set), Self::names(self.mask)),
            None => f.write_str(&Self::names(self.mask)),
        }
    }
}

impl FromStr for FlagTest {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let test = match text.split_once('/') {
            Some((set, mask)) => Self { mask: Self::bits(mask)?, set: Some(Self::bits(set)?) },
            None => Self { mask: Self::bits(text)?, set: None },
        };
        if test.mask == 0 || test.set.is_some_and(|set| set & !test.mask != 0) { Err(()) } else { Ok(test) }
    }
}

/// Where a translation goes: an address or range of addresses, a port or range of ports, or both, as in `192.168.10.20:80`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NatTo {
    /// Addresses; unchanged without them.
    pub addresses: Option<AddressRange>,
    /// Ports; kept if possible without them.
    pub ports: Option<PortRange>,
}

saved_as_text!(NatTo, "An address, a port, or both, as in 192.168.10.20:80, :8080 or 203.0.113.5-203.0.113.9:1024-65535.");

impl fmt::Display for NatTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(AddressRange { first, last }) = self.addresses {
            if first == last { write!(f, "{first}")? } else { write!(f, "{first}-{last}")? }
        }
        self.ports.map_or(Ok(()), |ports| write!(f, ":{}", PortSet(ports)))
    }
}

impl FromStr for NatTo {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (addresses, ports) = match text.split_once(':') {
            Some((addresses, ports)) => (addresses.trim(), Some(ports.parse::<PortSet>()?.0)),
            None => (text.trim(), None),
        };
        let addresses = if addresses.is_empty() { None } else { Some(addresses.parse::<AddressSet>()?.0) };
        if addresses.is_none() && ports.is_none() { Err(()) } else { Ok(Self { addresses, ports }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact() {
        for (number, text) in [(0.5, "0.5"), (48.0, "48"), (0.03, "0.03"), (14.123_456_789, "14.123456789")] {
            let seconds = Seconds::from_f64(number).unwrap();
            assert_eq!(serde_json::to_string(&seconds).unwrap(), text);
        }
        assert_eq!(Seconds::from_f64(0.03), Some(Seconds::from_millis(30)));
        assert_eq!(Millis::from_f64(0.5), Some(Millis::from_micros(500)));
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(Seconds::from_f64(bad), None);
        }
    }

    #[test]
    fn values_read_as_they_are_written() {
        for text in ["default", "192.168.2.0/24", "10.0.0.1"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for text in ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.5-10.0.0.9"] {
            assert_eq!(text.parse::<AddressSet>().unwrap().to_string(), text);
        }
        for text in ["syn / fin,syn,rst,ack", "syn,ack"] {
            assert_eq!(text.parse::<FlagTest>().unwrap().to_string(), text);
        }
        for text in ["192.168.10.20:80", ":8080", "203.0.113.5-203.0.113.9:1024-65535", "203.0.113.5"] {
            assert_eq!(text.parse::<NatTo>().unwrap().to_string(), text);
        }
        for text in ["pc2", "pc2.eth0", "10.0.0.1"] {
            assert_eq!(Target::from(text).to_string(), text);
        }
    }

    #[test]
    fn texts_that_are_no_value_are_refused() {
        assert!("10.0.0.9-10.0.0.5".parse::<AddressSet>().is_err());
        assert!("80-22".parse::<PortSet>().is_err());
        assert!("ack / syn".parse::<FlagTest>().is_err());
        assert!("".parse::<FlagTest>().is_err());
        assert!("".parse::<NatTo>().is_err());
    }
}
