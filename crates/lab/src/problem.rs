//! What is wrong with a document: what, where, how badly, and what helps.

use crate::messages::Messages;
use std::collections::BTreeMap;
use std::fmt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It runs, but perhaps not as meant. Broken networks are there to be drawn.
    Warning,
    /// It cannot run.
    Error,
}

macro_rules! problem_ids {
    ($($(#[$doc:meta])* $variant:ident $id:literal $severity:ident [$($arg:literal),*];)*) => {
        /// What is wrong: a closed set. The names are stable, messages are looked up by them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemId {
            $($(#[$doc])* $variant,)*
        }

        impl ProblemId {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// The names of its arguments.
            #[must_use]
            pub const fn arguments(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($arg),*],)* }
            }
        }
    };
}

problem_ids! {
    // The link.
    /// No link, or none that holds a document.
    LinkUnknown "link-unknown" Error ["known"];
    /// A codec that this program does not know.
    LinkNewer "link-newer" Error ["found", "known"];
    /// A letter that no link has.
    LinkLetter "link-letter" Error ["place", "found"];
    /// The end is missing.
    LinkCut "link-cut" Error [];
    /// It was changed on its way.
    LinkDamaged "link-damaged" Error [];
    /// The document is larger than a link may hold.
    LinkTooLarge "link-too-large" Error ["limit"];

    // The text.
    /// Longer than a document may be.
    DocumentTooLarge "document-too-large" Error ["limit"];
    /// No JSON.
    JsonSyntax "json-syntax" Error ["line", "column", "reason"];
    /// A field is there twice.
    DuplicateField "duplicate-field" Error ["field"];
    /// No version is given; the first is assumed.
    VersionMissing "version-missing" Warning ["known"];
    /// A version that this program does not know.
    VersionUnknown "version-unknown" Error ["found", "known"];
    /// A field that nobody knows; it is left out.
    UnknownField "unknown-field" Warning ["field", "similar"];
    /// A field that must be there is not.
    MissingField "missing-field" Error ["field"];
    /// A value of the wrong type.
    WrongType "wrong-type" Error ["expected", "found"];
    /// A word that is none of those possible.
    UnknownWord "unknown-word" Error ["found", "similar", "words"];
    /// A number outside its range.
    OutOfRange "out-of-range" Error ["found", "min", "max"];
    /// More of something than a document may have.
    TooMany "too-many" Error ["limit"];
    /// A text that is longer than it may be.
    TooLong "too-long" Error ["limit"];
    /// No IPv4 address.
    BadAddress "bad-address" Error ["found"];
    /// No IPv4 address with prefix length.
    BadPrefix "bad-prefix" Error ["found"];
    /// No Ethernet address.
    BadMac "bad-mac" Error ["found"];
    /// A text that does not have the form that the field asks for.
    BadValue "bad-value" Error ["found", "expected"];

    // Commands of a device.
    /// A command that is not known.
    CommandUnknown "command-unknown" Error ["found", "words"];
    /// A word that cannot stand there.
    CommandWrong "command-wrong" Error ["found", "expected"];
    /// A line that ends too early.
    CommandEnds "command-ends" Error ["expected"];

    // Names.
    /// A name that cannot be one.
    NameInvalid "name-invalid" Error ["name"];
    /// The same name twice.
    NameDuplicate "name-duplicate" Error ["name", "other"];
    /// Two names that differ in upper and lower case only.
    NameSimilar "name-similar" Warning ["name", "other"];
    /// No segment of that name.
    UnknownSegment "unknown-segment" Error ["name", "similar"];
    /// No device of that name.
    UnknownDevice "unknown-device" Error ["name", "similar"];
    /// The device has no interface of that name.
    UnknownInterface "unknown-interface" Error ["device", "name", "similar"];
    /// No TCP action of that name.
    UnknownFlow "unknown-flow" Error ["name", "similar"];

    // Segments and addresses.
    /// A subnet with bits set behind its prefix.
    SubnetHostBits "subnet-host-bits" Warning ["subnet", "network"];
    /// Two segments share addresses.
    SubnetOverlap "subnet-overlap" Warning ["subnet", "segment", "other"];
    /// An address that is not in its segment's subnet.
    AddressOutsideSubnet "address-outside-subnet" Warning ["address", "subnet", "segment"];
    /// An address with another prefix length than its segment's subnet.
    AddressPrefixDiffers "address-prefix-differs" Warning ["address", "prefix", "subnet"];
    /// The same address twice on one segment.
    AddressDuplicate "address-duplicate" Warning ["address", "other"];
    /// The same address twice in one device.
    AddressRepeated "address-repeated" Warning ["address", "other"];
    /// The address that stands for the subnet itself.
    AddressIsNetwork "address-is-network" Warning ["address"];
    /// The address that stands for everybody on the subnet.
    AddressIsBroadcast "address-is-broadcast" Warning ["address"];
    /// An address that no interface can have.
    AddressUnusable "address-unusable" Warning ["address"];
    /// An Ethernet address that belongs to a group or to nobody.
    MacUnusable "mac-unusable" Error ["mac"];
    /// The same Ethernet address twice.
    MacDuplicate "mac-duplicate" Warning ["mac", "other"];
    /// Interfaces of one segment with different MTUs.
    MtuDiffers "mtu-differs" Warning ["mtu", "other", "theirs"];

    // Routes.
    /// A gateway that is on none of the device's subnets.
    GatewayOffSubnet "gateway-off-subnet" Warning ["gateway", "subnets"];
    /// A gateway that is the device itself.
    GatewayIsSelf "gateway-is-self" Warning ["gateway"];
    /// A next hop that nobody on the segment has as an address.
    NextHopNobody "next-hop-nobody" Warning ["address", "segment"];
    /// A next hop that is on none of the device's subnets.
    RouteNextHopUnreachable "route-next-hop-unreachable" Warning ["address", "subnets"];
    /// A route with neither next hop nor interface.
    RouteIncomplete "route-incomplete" Warning [];
    /// A destination with bits set behind its prefix.
    RouteHostBits "route-host-bits" Warning ["destination", "network"];
    /// The same destination and metric twice.
    RouteDuplicate "route-duplicate" Warning ["destination", "other"];
    /// A source address that the device does not have.
    SourceNotOwn "source-not-own" Warning ["address", "device"];

    // Settings, rules, services.
    /// A setting that is not simulated.
    SettingUnknown "setting-unknown" Warning ["setting", "similar"];
    /// A value that the setting cannot have.
    SettingRange "setting-range" Warning ["setting", "found", "min", "max"];
    /// No rules of nft(8).
    NftSyntax "nft-syntax" Error ["line", "column", "reason"];
    /// Rules of nft(8) that are not simulated.
    NftUnsupported "nft-unsupported" Error ["line", "column", "construct"];
    /// Rules that are understood, with a difference.
    NftNote "nft-note" Warning ["line", "column", "reason"];
    /// Text and form at once.
    NftAndForm "nft-and-form" Error [];
    /// A rule about an interface that the device does not have.
    RuleUnknownInterface "rule-unknown-interface" Warning ["name", "similar"];
    /// A field that has no meaning in this rule.
    RuleFieldUnused "rule-field-unused" Warning ["field"];
    /// A rule of a form that cannot be.
    RuleWrong "rule-wrong" Error ["reason"];
    /// A translation without an address to translate to.
    NatWithoutTarget "nat-without-target" Error [];
    /// Two services on one port.
    ServiceDuplicate "service-duplicate" Warning ["port", "other"];

    // Actions.
    /// A target that has no address.
    TargetWithoutAddress "target-without-address" Error ["name"];
    /// An action without a port, where none can be guessed.
    PortMissing "port-missing" Error [];
    /// An action after the end.
    ActionAfterEnd "action-after-end" Warning ["at", "duration"];
    /// Letters that are no TCP flags.
    BadFlags "bad-flags" Error ["found"];
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub id: ProblemId,
    /// Where, by names and numbers from 0, as in `devices/pc1/interfaces/eth0/addresses/0`. Empty for the whole document.
    pub path: String,
    /// What the message speaks of, by the names of [`ProblemId::arguments`].
    pub args: BTreeMap<&'static str, String>,
}

impl Problem {
    /// A problem at this place.
    #[must_use]
    pub fn new(id: ProblemId, path: impl Into<String>) -> Self {
        Self { id, path: path.into(), args: BTreeMap::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.id.severity()
    }

    /// True if it keeps the lab from running.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// What is wrong, in English. Other languages: [`Messages::problem`].
    #[must_use]
    pub fn message(&self) -> String {
        Messages::english(|messages| messages.problem(self))
    }

    /// What helps, in English. Other languages: [`Messages::remedy`].
    #[must_use]
    pub fn remedy(&self) -> String {
        Messages::english(|messages| messages.remedy(self))
    }
}

/// Place, message and remedy in English, on one line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{} {}", self.message(), self.remedy())
    }
}

/// Makes a path from parts; a `/` in a name is written `~1` and a `~` is written `~0`, as in RFC 6901.
#[must_use]
pub(crate) fn join_path(base: &str, part: &str) -> String {
    let part = part.replace('~', "~0").replace('/', "~1");
    if base.is_empty() { part } else { format!("{base}/{part}") }
}

/// The word among `words` that is most like `word`, if one is like it at all; else an empty text.
pub fn similar<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    let enough = 1 + word.chars().count() / 4;
    words
        .into_iter()
        .map(|candidate| (distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= enough)
        .min_by_key(|(distance, _)| *distance)
        .map_or_else(String::new, |(_, candidate)| candidate.to_owned())
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 64;
    let a: Vec<char> = a.chars().take(LONGEST).collect();
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let words = ["rp_filter", "proxy_arp", "ip_forward"];
        assert_eq!(similar("rp_fliter", words), "rp_filter");
        assert_eq!(similar("IP_forward", words), "ip_forward");
        assert_eq!(similar("colour", words), "");
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("ab", "ba", 1), ("eth0", "eth1", 1)] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn names_are_kebab_and_unique() {
        let mut names: Vec<&str> = ProblemId::ALL.iter().map(|id| id.name()).collect();
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemId::ALL.len());
    }

    #[test]
    fn a_slash_in_a_name_does_not_cut_the_path() {
        assert_eq!(join_path("devices", "a/b~c"), "devices/a~1b~0c");
    }
}
