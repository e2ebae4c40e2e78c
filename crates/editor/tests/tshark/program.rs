//! Running tshark, and finding fields in what it says.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Each layer by itself, nothing reassembled, every checksum verified.
const SETTINGS: [&str; 6] = [
    "ip.defragment:FALSE",
    "tcp.desegment_tcp_streams:FALSE",
    "ip.check_checksum:TRUE",
    "tcp.check_checksum:TRUE",
    "udp.check_checksum:TRUE",
    "tcp.relative_sequence_numbers:TRUE",
];

pub(crate) struct Tshark(PathBuf);

impl Tshark {
    /// The program, or nothing with a word about it.
    pub(crate) fn find() -> Option<Self> {
        let found = std::env::var_os("ROUNDTRIP_TSHARK").map(PathBuf::from);
        if found.is_none() {
            eprintln!("skipped: ROUNDTRIP_TSHARK names no tshark (cargo xtask test tshark does)");
        }
        found.map(Self)
    }

    /// Every packet of a capture.
    pub(crate) fn dissect(&self, capture: &[u8]) -> Vec<Dissected> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("roundtrip-{}-{}.pcapng", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, capture).unwrap();
        let mut command = Command::new(&self.0);
        command.args(["-n", "-T", "json", "--no-duplicate-keys", "-r"]).arg(&file);
        for setting in SETTINGS {
            command.args(["-o", setting]);
        }
        let output = command.stdin(Stdio::null()).output().expect("tshark starts");
        std::fs::remove_file(&file).unwrap();
        assert!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
        let packets: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON from tshark");
        packets.into_iter().map(|packet| Dissected(packet["_source"]["layers"].clone())).collect()
    }
}

/// A packet as tshark reads it: layers with their fields.
#[derive(Debug)]
pub(crate) struct Dissected(Value);

impl Dissected {
    /// The field nearest to the layer's head: what a message quotes has the same fields again, one level deeper.
    fn find(&self, layer: &str, field: &str) -> Option<&Value> {
        fn find<'v>(value: &'v Value, field: &str) -> Option<&'v Value> {
            if let Value::Array(values) = value {
                return values.iter().find_map(|value| find(value, field));
            }
            let object = value.as_object()?;
            object.get(field).or_else(|| {
                let inner = object.iter().filter(|(name, _)| !matches!(name.as_str(), "ip" | "tcp" | "udp" | "icmp"));
                inner.map(|(_, value)| value).find_map(|value| find(value, field))
            })
        }
        find(&self.0[layer], field)
    }

    /// True if the field is there.
    pub(crate) fn has(&self, layer: &str, field: &str) -> bool {
        self.find(layer, field).is_some()
    }

    /// A field's text; empty if it is not there.
    pub(crate) fn text(&self, layer: &str, field: &str) -> String {
        match self.find(layer, field) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(values)) => values.iter().map(|value| value.as_str().unwrap_or_default()).collect::<Vec<_>>().join(" "),
            _ => String::new(),
        }
    }

    /// A field's value: numbers in decimal, whatever base they are shown in.
    pub(crate) fn value(&self, layer: &str, field: &str) -> String {
        let text = self.text(layer, field);
        match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).map_or(text.clone(), |number| number.to_string()),
            None => text,
        }
    }

    /// What is said about the packet.
    pub(crate) fn comment(&self) -> Option<String> {
        let text = self.0["pkt_comment"].to_string() + &self.text("frame", "frame.comment");
        text.contains("died").then(|| "died".to_owned())
    }

    /// What tshark finds wrong with the packet.
    pub(crate) fn trouble(&self) -> Option<String> {
        // A packet that an ICMP message quotes is cut off, and tshark finds the whole packet's checksum wrong in it.
        let layers = self.0.as_object().into_iter().flatten().filter(|(name, _)| *name != "icmp");
        let text: String = layers.map(|(name, layer)| format!("{name}{layer}")).collect();
        ["_ws.malformed", "_ws.short", "\"_ws.expert.severity\":\"8388608\""]
            .into_iter()
            .find(|trouble| text.contains(trouble))
            .map(str::to_owned)
    }
}
