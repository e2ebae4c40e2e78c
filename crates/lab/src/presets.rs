//! Rules that people start from, as nft text.

/// A router that tracks connections and drops what fits none, as most home routers do.
#[must_use]
pub fn stateful_router() -> String {
    "table inet filter {
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state invalid counter drop
    ct state established,related counter accept
    ct state new counter accept
  }
}"
    .to_owned()
}

/// A firewall that lets connections begin on the inner interface only, and TCP only with a SYN.
#[must_use]
pub fn strict_firewall(inner: &str) -> String {
    let inner = quotable(inner);
    format!(
        "table inet filter {{
  chain input {{
    type filter hook input priority filter; policy drop;
    ct state established,related counter accept
    iifname \"{inner}\" counter accept
    ip protocol icmp counter accept
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
    ct state invalid counter drop
    ct state established,related counter accept
    iifname \"{inner}\" tcp flags & (fin|syn|rst|ack) == syn ct state new counter accept
    iifname \"{inner}\" ip protocol {{ icmp, udp }} ct state new counter accept
    counter drop
  }}
}}"
    )
}

/// A home router: connections begin inside, and leave with the outer interface's address.
#[must_use]
pub fn home_router(inner: &str, outer: &str) -> String {
    let (inner, outer) = (quotable(inner), quotable(outer));
    format!(
        "table inet filter {{
  chain forward {{
    type filter hook forward priority filter; policy drop;
    ct state invalid counter drop
    ct state established,related counter accept
    iifname \"{inner}\" ct state new counter accept
    ct status dnat counter accept
  }}
}}
table ip nat {{
  chain prerouting {{
    type nat hook prerouting priority dstnat; policy accept;
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    oifname \"{outer}\" counter masquerade
  }}
}}"
    )
}

/// A name without what would end its quotes.
fn quotable(name: &str) -> String {
    name.chars().filter(|letter| *letter != '"' && !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_read() {
        for text in [stateful_router(), strict_firewall("eth0"), home_router("eth0", "eth1"), home_router("a\"b\nc", "eth1")] {
            crate::nft::parse(&text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
        }
    }
}
