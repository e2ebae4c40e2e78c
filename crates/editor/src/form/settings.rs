//! The settings of the kernel, as a list to search.

use roundtrip_lab::document::Device;
use roundtrip_sim::sysctl::{Sysctl, SysctlFamily};

/// For which part of a device settings are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The whole device: a setting that exists for each interface is written to all of them.
    #[default]
    Device,
    /// `conf.all` alone.
    All,
    /// One interface.
    Interface(String),
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Under which name the document has it, or would.
    pub name: String,
    /// The value that the document gives it, as typed.
    pub value: Option<String>,
    /// What holds without it.
    pub usual: Option<i64>,
    /// Smallest and largest value.
    pub range: Option<(i64, i64)>,
    /// The name of the sentence that says what it does; none for one that nobody knows.
    pub message: Option<String>,
}

/// The name of the sentence about a setting.
#[must_use]
pub fn message(key: Sysctl) -> String {
    format!("sysctl-{}", key.name().replace('.', "-"))
}

/// The name of every sentence.
pub fn messages() -> impl Iterator<Item = String> {
    Sysctl::ALL.iter().map(|key| message(*key))
}

/// The settings that a device has been given, then, for what is looked for or if `all`, the others.
///
/// `said` gives the sentence about a setting, to be searched too.
#[must_use]
pub fn lines(
    device: &Device,
    given: &[(String, String)],
    scope: &Scope,
    sought: &str,
    all: bool,
    said: &dyn Fn(&str) -> String,
) -> Vec<Line> {
    let interfaces: Vec<&str> = device.interfaces.iter().map(|interface| interface.name.as_str()).collect();
    let line = |name: &str, value: Option<String>, key: Option<Sysctl>| Line {
        name: name.to_owned(),
        value,
        usual: key.map(|key| usual(device, key)),
        range: key.map(Sysctl::range),
        message: key.map(message),
    };
    let words: Vec<String> = sought.split_whitespace().map(str::to_lowercase).collect();
    let is_sought = |line: &Line| {
        let text = format!("{} {}", line.name, line.message.as_deref().map(said).unwrap_or_default()).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let known = |name: &str| Sysctl::resolve(name, &interfaces).ok().map(|(key, _)| key);
    let mut out: Vec<Line> =
        given.iter().map(|(name, value)| line(name, Some(value.clone()), known(name))).filter(|line| is_sought(line)).collect();
    if all || !words.is_empty() {
        let others = Sysctl::ALL.iter().filter_map(|key| Some((name_in(*key, scope)?, *key)));
        let others = others.filter(|(name, _)| !given.iter().any(|(given, _)| given == name));
        out.extend(others.map(|(name, key)| line(&name, None, Some(key))).filter(|line| is_sought(line)));
    }
    out
}

/// What holds for a device that has not been told otherwise.
fn usual(device: &Device, key: Sysctl) -> i64 {
    match key {
        Sysctl::IpForward | Sysctl::Forwarding => i64::from(device.kind.forwards()),
        Sysctl::AcceptRedirects if device.kind.forwards() => 0,
        key => key.default_on(system(device)),
    }
}

const fn system(device: &Device) -> roundtrip_sim::scenario::System {
    match device.system {
        roundtrip_lab::document::System::Windows => roundtrip_sim::scenario::System::Windows,
        _ => roundtrip_sim::scenario::System::Linux,
    }
}

/// The name of a setting for a scope; none if it is not one of that scope.
fn name_in(key: Sysctl, scope: &Scope) -> Option<String> {
    let is_conf = matches!(key.family(), SysctlFamily::Conf(_));
    match scope {
        Scope::Device => Some(key.name().to_owned()),
        Scope::All => is_conf.then(|| format!("net.ipv4.conf.all.{}", key.name())),
        Scope::Interface(interface) => is_conf.then(|| format!("net.ipv4.conf.{interface}.{}", key.name())),
    }
}
