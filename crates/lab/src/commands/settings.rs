//! Settings under the names that sysctl(8) has for them.

use crate::document::Device;
use roundtrip_sim::sysctl::{Sysctl, SysctlFamily, SysctlScope};

/// The name in full. A setting for every interface has a `*` in the interface's place, as sysctl(8) understands it. A name that is
/// not known stays.
pub(super) fn full(device: &Device, name: &str) -> String {
    let names: Vec<&str> = device.interfaces.iter().map(|interface| interface.name.as_str()).collect();
    let Ok((key, scope)) = Sysctl::resolve(name, &names) else { return name.to_owned() };
    match key.family() {
        SysctlFamily::Ipv4 => format!("net.ipv4.{}", key.name()),
        SysctlFamily::Neigh => format!("net.ipv4.neigh.*.{}", key.name()),
        SysctlFamily::Netfilter => format!("net.netfilter.{}", key.name()),
        SysctlFamily::Conf(_) => {
            let place = match scope {
                SysctlScope::Everywhere => "*",
                SysctlScope::All => "all",
                SysctlScope::Default => "default",
                SysctlScope::Interface(index) => names.get(usize::from(index.0)).copied().unwrap_or_default(),
            };
            format!("net.ipv4.conf.{place}.{}", key.name())
        }
    }
}

/// The name for the document: the one that it has for this setting already, else the short one where there is a short one.
pub(super) fn short(device: &Device, typed: &str) -> String {
    let typed = typed.trim_start_matches("/proc/sys/").replace('/', ".");
    let of_all = |prefix: &str| typed.strip_prefix(prefix).and_then(|rest| rest.strip_prefix("*."));
    let plain = of_all("net.ipv4.conf.").map_or_else(|| typed.clone(), str::to_owned);
    let full_name = full(device, &plain);
    if let Some(own) = device.settings.keys().find(|name| full(device, name) == full_name) {
        return own.clone();
    }
    if full_name.starts_with("net.ipv4.conf.") && !full_name.starts_with("net.ipv4.conf.*.") {
        return full_name;
    }
    let names: Vec<&str> = device.interfaces.iter().map(|interface| interface.name.as_str()).collect();
    Sysctl::resolve(&plain, &names).map_or(plain, |(key, _)| key.name().to_owned())
}
