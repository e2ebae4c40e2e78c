//! Whether labs can be realised on this machine, and if not, what is in the way.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Programs with the Debian package that brings each.
const PROGRAMS: [(&str, &str); 8] = [
    ("python3", "python3"),
    ("ip", "iproute2"),
    ("ss", "iproute2"),
    ("tcpdump", "tcpdump"),
    ("nft", "nftables"),
    ("conntrack", "conntrack"),
    ("ping", "iputils-ping"),
    ("traceroute", "traceroute"),
];
/// What every lab needs.
const ALWAYS: [&str; 4] = ["python3", "ip", "ss", "tcpdump"];
/// Capabilities: to configure networks, to write raw frames, to make namespaces.
const CAPABILITIES: [u32; 3] = [12, 13, 21];

/// The version of the kernel, as in `6.18.44`.
#[must_use]
pub fn kernel_release() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease").map(|release| release.trim().to_owned()).unwrap_or_default()
}

/// Major and minor of a version.
fn version(release: &str) -> Option<(u32, u32)> {
    let mut parts = release.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What is known to be different on that kernel, if anything is.
#[must_use]
pub fn remark(release: &str) -> Option<&'static str> {
    (version(release)? < (6, 5)).then_some(
        "kernels before 6.5 repeat a SYN after 1, 3, 7, 15 s, the simulation as those since (tcp_syn_linear_timeouts): \
         connections that stay unanswered will differ, and labs that set it cannot be built",
    )
}

/// What is in the way of realising these labs; nothing if it is empty.
#[must_use]
pub fn obstacle(labs: &[&Value]) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("network namespaces are Linux's; on this system there are none".to_owned());
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(rights) = rights(&status) {
        return Some(rights);
    }
    let needed = needed(labs);
    let missing: BTreeSet<&str> =
        PROGRAMS.iter().filter(|(program, _)| needed.contains(program) && find(program).is_none()).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return None;
    }
    let packages: Vec<&str> = missing.into_iter().collect();
    Some(format!("programs are missing; on Debian: apt-get install {}", packages.join(" ")))
}

/// What keeps the user whose `/proc/self/status` this is from making namespaces.
fn rights(status: &str) -> Option<String> {
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    if field("Uid:").split_whitespace().nth(1) != Some("0") {
        let program = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_else(|_| "conform".to_owned());
        return Some(format!("only root may make network namespaces; try: sudo {program} …"));
    }
    let bits = u64::from_str_radix(field("CapEff:").trim(), 16).unwrap_or(0);
    let may = CAPABILITIES.iter().all(|capability| bits.checked_shr(*capability).is_some_and(|rest| rest & 1 == 1));
    (!may).then(|| "root here may not make network namespaces (a container without the rights to)".to_owned())
}

/// True if one of these labs filters or tracks.
#[must_use]
pub fn needs_rules(labs: &[&Value]) -> bool {
    needed(labs).contains("nft")
}

/// The programs that these labs need.
fn needed(labs: &[&Value]) -> BTreeSet<&'static str> {
    let mut needed = BTreeSet::from(ALWAYS);
    let lists = |key: &'static str| labs.iter().filter_map(move |lab| lab.get(key)?.as_array()).flatten();
    for node in lists("nodes") {
        let tracks = |name: &str| name.contains("nf_conntrack");
        let settings = node.get("sysctls").and_then(Value::as_object);
        if node.get("nft").is_some() || settings.is_some_and(|settings| settings.keys().any(|name| tracks(name))) {
            needed.extend(["nft", "conntrack"]);
        }
    }
    for action in lists("actions") {
        match action.get("type").and_then(Value::as_str) {
            Some("ping") => needed.extend(["ping"]),
            Some("traceroute") => needed.extend(["traceroute"]),
            Some("nft") => needed.extend(["nft"]),
            Some("conntrack") => needed.extend(["conntrack"]),
            _ => {}
        }
    }
    needed
}

/// A program on `PATH`, or where Debian keeps those for the administrator.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    places.map(|place| place.join(program)).find(|candidate| candidate.is_file())
}

/// Running processes in the last minute per processor, if the machine is busy with other things.
#[must_use]
pub fn busy() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let load: f64 = text.split(' ').next()?.parse().ok()?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    (load > processors as f64).then(|| format!("{load} running processes on {processors} processors"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn old_kernels_are_remarked_on() {
        assert!(remark("6.1.0-13-amd64").is_some_and(|remark| remark.contains("SYN")));
        assert!(remark("5.15.0").is_some());
        assert_eq!(remark("6.5.0"), None);
        assert_eq!(remark("6.18.44"), None);
        assert_eq!(remark(""), None);
    }

    #[test]
    fn rights_are_those_of_root_with_capabilities() {
        let status = |uid: &str, capabilities: &str| format!("Name:\tx\nUid:\t1000\t{uid}\t0\t0\nCapEff:\t{capabilities}\n");
        assert_eq!(rights(&status("0", "000001ffffffffff")), None);
        assert!(rights(&status("1000", "0000000000000000")).is_some_and(|why| why.contains("sudo")));
        // Docker's usual ones: no CAP_SYS_ADMIN, no CAP_NET_ADMIN.
        assert!(rights(&status("0", "00000000a80425fb")).is_some_and(|why| why.contains("container")));
    }

    #[test]
    fn a_lab_needs_the_programs_that_it_uses() {
        let plain = json!({ "nodes": [{ "sysctls": {} }], "actions": [{ "type": "tcp" }] });
        assert_eq!(needed(&[&plain]), BTreeSet::from(ALWAYS));
        let all = json!({ "nodes": [{ "nft": "x" }], "actions": [{ "type": "ping" }, { "type": "traceroute" }] });
        assert_eq!(needed(&[&plain, &all]).len(), PROGRAMS.len());
        let tracking = json!({ "nodes": [{ "sysctls": { "nf_conntrack_tcp_loose": 0 } }], "actions": [] });
        assert!(needed(&[&tracking]).contains("conntrack"));
    }
}
