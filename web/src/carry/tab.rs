//! Talking to the other tabs of this browser.

use gloo::events::EventListener;
use roundtrip_editor::carry::tabs::TabMessage;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

/// This tab, and the channel to the others.
pub(super) struct Tab {
    /// Its name.
    pub(super) name: String,
    channel: Option<BroadcastChannel>,
}

impl Tab {
    /// Listens. Where tabs may not talk to each other, nobody answers.
    pub(super) fn new(hear: impl Fn(TabMessage) + 'static) -> Self {
        let channel = BroadcastChannel::new("roundtrip").ok();
        if let Some(channel) = &channel {
            EventListener::new(channel, "message", move |event| {
                let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
                if let Some(message) = text.as_deref().and_then(TabMessage::of) {
                    hear(message);
                }
            })
            .forget();
        }
        Self { name: fresh_name(), channel }
    }

    /// Tells all others.
    pub(super) fn tell(&self, message: &TabMessage) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&message.text().into());
        }
    }
}

/// A name that nobody has.
pub(super) fn fresh_name() -> String {
    let random = js_sys::Math::random() * 1e15;
    format!("{:x}{:x}", js_sys::Date::now() as u64, random as u64)
}
