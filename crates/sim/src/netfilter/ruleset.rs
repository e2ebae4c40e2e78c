//! Rules as `nft` has them: tables, chains, rules, and the commands that change them.

use ipnet::Ipv4Net;
use roundtrip_wire::TcpFlags;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Where on its way a packet meets the rules (nft(8), "Address families").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hook {
    /// Just arrived, not yet routed.
    Prerouting,
    /// For this node.
    Input,
    /// For somebody else.
    Forward,
    /// Made by this node.
    Output,
    /// About to leave.
    Postrouting,
}

/// Address family of a table. Here both see IPv4 packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// `ip`.
    Ip,
    /// `inet`.
    Inet,
}

/// What a base chain is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainKind {
    /// Decides.
    Filter,
    /// Translates; sees only the first packet of a tracked connection.
    Nat,
    /// Decides and reroutes (output only).
    Route,
}

/// What happens to a packet that no rule has decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It goes on.
    Accept,
    /// It is dropped.
    Drop,
}

/// All rules of a node, in the order of their creation.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ruleset {
    /// Tables.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Family.
    pub family: Family,
    /// Name, unique in the family.
    pub name: String,
    /// Chains.
    pub chains: Vec<Chain>,
}

/// A chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Name, unique in the table.
    pub name: String,
    /// Where packets enter it; without it, only by jump or goto.
    pub base: Option<BaseChain>,
    /// Rules, in order.
    pub rules: Vec<Rule>,
}

/// How a chain is hooked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseChain {
    /// What for.
    pub kind: ChainKind,
    /// Where.
    pub hook: Hook,
    /// Lower is earlier; `filter` is 0, `dstnat` -100, `srcnat` 100, connection tracking stands at -200.
    pub priority: i32,
    /// For what no rule decides.
    pub policy: Policy,
}

/// A rule: conditions, then statements, all from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Every one must hold.
    pub matches: Vec<Match>,
    /// `counter`.
    pub counter: bool,
    /// What is done; nothing for a rule that only counts.
    pub verdict: Option<Statement>,
    /// The rule as `nft list ruleset` prints it, without the counter's figures.
    pub text: Arc<str>,
}

/// `==` or `!=` in front of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test<T> {
    /// True for `!=`.
    pub negated: bool,
    /// One of these, of which one must hold.
    pub any_of: Vec<T>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// `iifname` and `iif`. A name ending in `*` matches every name that begins so.
    InInterface(Test<String>),
    /// `oifname` and `oif`.
    OutInterface(Test<String>),
    /// `ip saddr`.
    Source(Test<AddressRange>),
    /// `ip daddr`.
    Destination(Test<AddressRange>),
    /// `ip protocol` and `meta l4proto`.
    Protocol(Test<u8>),
    /// `tcp sport`, `udp sport`; with protocol `None`, `th sport`.
    SourcePort {
        /// 6 or 17.
        protocol: Option<u8>,
        /// Ports.
        ports: Test<PortRange>,
    },
    /// `tcp dport`, `udp dport`; with protocol `None`, `th dport`.
    DestinationPort {
        /// 6 or 17.
        protocol: Option<u8>,
        /// Ports.
        ports: Test<PortRange>,
    },
    /// `tcp flags & mask == value` or `!= value`; `tcp flags a,b` (any of them set) has `value` empty, `mask` a|b and `negated`.
    TcpFlags {
        /// `!=`.
        negated: bool,
        /// Bits looked at.
        mask: TcpFlags,
        /// What they must be.
        value: TcpFlags,
    },
    /// `icmp type`.
    IcmpType(Test<u8>),
    /// `icmp code`.
    IcmpCode(Test<u8>),
    /// `ct state`.
    CtState {
        /// `!=`.
        negated: bool,
        /// One of these.
        any_of: Vec<CtState>,
    },
    /// `ct status`: one of these bits is set (or, negated, none).
    CtStatus {
        /// `!=`.
        negated: bool,
        /// One of these.
        any_of: Vec<CtStatus>,
    },
    /// `ct direction`: true for the original one.
    CtDirection(bool),
    /// `meta length`, `ip length`: bytes of the packet.
    Length(Test<(u16, u16)>),
    /// `ip ttl`.
    Ttl(Test<(u8, u8)>),
    /// `meta mark`.
    Mark(Test<u32>),
    /// `ct mark`.
    CtMark(Test<u32>),
    /// `limit rate [over] n/unit burst m packets`: a token bucket of this rule's own.
    Limit {
        /// `over`.
        over: bool,
        /// Packets…
        rate: u32,
        /// …in this time.
        per: crate::time::SimTime,
        /// Packets at once.
        burst: u32,
    },
    /// `fib saddr … type`/`fib daddr type local` and the like: the address belongs to this node.
    DestinationIsLocal(bool),
    /// `ip frag-off & 0x1fff != 0`: a later piece of a packet.
    Fragment(bool),
}

/// Addresses from first to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    /// First.
    pub first: Ipv4Addr,
    /// Last.
    pub last: Ipv4Addr,
}

impl From<Ipv4Net> for AddressRange {
    fn from(net: Ipv4Net) -> Self {
        Self { first: net.network(), last: net.broadcast() }
    }
}

/// Ports from first to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// First.
    pub first: u16,
    /// Last.
    pub last: u16,
}

/// Connection state of a packet, as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CtState {
    /// Fits no connection and begins none.
    Invalid,
    /// Begins a connection, or belongs to one of which the other direction has not been seen.
    New,
    /// Belongs to a connection seen in both directions.
    Established,
    /// Begins something that belongs to a connection, such as an ICMP error.
    Related,
    /// Not tracked.
    Untracked,
}

/// Status bits of a tracked connection, as rules see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CtStatus {
    /// The other direction has been seen.
    SeenReply,
    /// Early expiry is off.
    Assured,
    /// In the table.
    Confirmed,
    /// Its source is translated.
    Snat,
    /// Its destination is translated.
    Dnat,
}

/// What a rule does with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// This chain is done; later base chains still see the packet.
    Accept,
    /// The packet is gone.
    Drop,
    /// The packet is gone and its sender is told.
    Reject(RejectWith),
    /// The chain is done, its caller goes on.
    Return,
    /// To the next rule.
    Continue,
    /// Into another chain, and back.
    Jump(String),
    /// Into another chain, not back.
    Goto(String),
    /// `masquerade`: source becomes the outgoing interface's address.
    Masquerade(NatOptions),
    /// `snat to`.
    Snat(NatTarget),
    /// `dnat to`.
    Dnat(NatTarget),
    /// `redirect`: destination becomes this node.
    Redirect(NatOptions),
    /// `notrack`.
    Notrack,
    /// `meta mark set`.
    SetMark(u32),
    /// `ct mark set`.
    SetCtMark(u32),
    /// `log`: nothing here.
    Log,
    /// `tcp option maxseg size set`: the MSS that a SYN announces is made smaller, never larger.
    SetMaxSegment(MaxSegment),
    /// Changes something, then does the second.
    Also(Box<Self>, Box<Self>),
}

impl Statement {
    /// What decides, behind the statements that only change something.
    #[must_use]
    pub fn last(&self) -> &Self {
        match self {
            Self::Also(_, then) => then.last(),
            decides => decides,
        }
    }

    /// One of the statements that it consists of is like this.
    #[must_use]
    pub fn any(&self, like: fn(&Self) -> bool) -> bool {
        match self {
            Self::Also(first, then) => first.any(like) || then.any(like),
            one => like(one),
        }
    }
}

/// To what the MSS is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxSegment {
    /// This many bytes.
    Bytes(u16),
    /// `rt mtu`: what fits the routes there and back, 40 bytes being taken by the headers.
    OfRoutes,
}

/// How a sender is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectWith {
    /// `tcp reset`.
    TcpReset,
    /// `icmp type …`.
    Icmp(roundtrip_wire::UnreachableCode),
}

/// Ports and flags of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct NatOptions {
    /// Ports to choose from.
    pub ports: Option<PortRange>,
    /// `random` or `fully-random`: does not try to keep the port.
    pub random: bool,
    /// `persistent`.
    pub persistent: bool,
}

/// Where a translation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NatTarget {
    /// Addresses to choose from; unchanged without it.
    pub addresses: Option<AddressRange>,
    /// Ports and flags.
    pub options: NatOptions,
}

/// A change of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NftCommand {
    /// `flush ruleset`.
    FlushRuleset,
    /// `add table`, also a `table … { }` block without content: nothing if it is there.
    AddTable {
        /// Family.
        family: Family,
        /// Name.
        table: String,
    },
    /// `delete table`.
    DeleteTable {
        /// Family.
        family: Family,
        /// Name.
        table: String,
    },
    /// `flush table`: its chains stay, empty.
    FlushTable {
        /// Family.
        family: Family,
        /// Name.
        table: String,
    },
    /// `add chain`: nothing if it is there, but for a new policy.
    AddChain {
        /// Family.
        family: Family,
        /// Table.
        table: String,
        /// The chain, its rules included.
        chain: Chain,
    },
    /// `delete chain`.
    DeleteChain {
        /// Family.
        family: Family,
        /// Table.
        table: String,
        /// Name.
        chain: String,
    },
    /// `flush chain`.
    FlushChain {
        /// Family.
        family: Family,
        /// Table.
        table: String,
        /// Name.
        chain: String,
    },
    /// `add rule` (at the end) and `insert rule` (at the front), or beside the rule at `index`.
    AddRule {
        /// Family.
        family: Family,
        /// Table.
        table: String,
        /// Chain.
        chain: String,
        /// True for `insert`.
        insert: bool,
        /// `index n`.
        index: Option<usize>,
        /// The rule.
        rule: Rule,
    },
    /// `delete rule … handle n`; here by place in the chain.
    DeleteRule {
        /// Family.
        family: Family,
        /// Table.
        table: String,
        /// Chain.
        chain: String,
        /// Place, from 0.
        index: usize,
    },
}
