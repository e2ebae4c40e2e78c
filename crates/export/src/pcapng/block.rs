//! The blocks of a pcapng file (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3), little-endian.
//!
//! Written here and not by a library: what would be taken from one is these few lines, and every visitor of the page would
//! pay for its reader too. The tests read the files back with one.

/// Section header block.
const SECTION: u32 = 0x0A0D_0D0A;
/// Interface description block.
const INTERFACE: u32 = 1;
/// Enhanced packet block.
const PACKET: u32 = 6;
const BYTE_ORDER: u32 = 0x1A2B_3C4D;
/// LINKTYPE_ETHERNET.
const ETHERNET: u16 = 1;

const END_OF_OPTIONS: u16 = 0;
const COMMENT: u16 = 1;
const SECTION_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_DESCRIPTION: u16 = 3;
const INTERFACE_MAC: u16 = 6;
const INTERFACE_RESOLUTION: u16 = 9;
const PACKET_FLAGS: u16 = 2;
const PACKET_ID: u16 = 5;

/// The bytes of a block's body; lengths around it and padding are put in when it is closed.
struct Block {
    kind: u32,
    body: Vec<u8>,
    has_options: bool,
}

impl Block {
    const fn new(kind: u32) -> Self {
        Self { kind, body: Vec::new(), has_options: false }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
        self.pad();
    }

    fn pad(&mut self) {
        while !self.body.len().is_multiple_of(4) {
            self.body.push(0);
        }
    }

    fn option(&mut self, code: u16, value: &[u8]) {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.body.extend_from_slice(&code.to_le_bytes());
        self.body.extend_from_slice(&length.to_le_bytes());
        self.bytes(value.get(..usize::from(length)).unwrap_or(value));
        self.has_options = true;
    }

    /// An option with a text, unless it is empty. One too long for an option is cut off between characters.
    fn text(&mut self, code: u16, text: &str) {
        let longest = usize::from(u16::MAX);
        let end = (0..=text.len().min(longest)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        if end > 0 {
            self.option(code, text.as_bytes().get(..end).unwrap_or_default());
        }
    }

    fn close(mut self, out: &mut Vec<u8>) {
        if self.has_options {
            self.body.extend_from_slice(&END_OF_OPTIONS.to_le_bytes());
            self.body.extend_from_slice(&0_u16.to_le_bytes());
        }
        // A body is at most a frame and a few options of 64 KB.
        let length = u32::try_from(self.body.len().saturating_add(12)).unwrap_or(u32::MAX);
        out.extend_from_slice(&self.kind.to_le_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&self.body);
        out.extend_from_slice(&length.to_le_bytes());
    }
}

/// The file's head.
pub(super) fn section(out: &mut Vec<u8>, application: &str, comment: &str) {
    let mut block = Block::new(SECTION);
    block.bytes(&BYTE_ORDER.to_le_bytes());
    block.body.extend_from_slice(&1_u16.to_le_bytes());
    block.body.extend_from_slice(&0_u16.to_le_bytes());
    // The section's length is not told.
    block.bytes(&u64::MAX.to_le_bytes());
    block.text(COMMENT, comment);
    block.text(SECTION_APPLICATION, application);
    block.close(out);
}

/// An interface. Their numbers are their order in the file.
pub(super) fn interface(out: &mut Vec<u8>, name: &str, description: &str, mac: Option<[u8; 6]>) {
    let mut block = Block::new(INTERFACE);
    block.body.extend_from_slice(&ETHERNET.to_le_bytes());
    block.body.extend_from_slice(&0_u16.to_le_bytes());
    // Frames are never cut off.
    block.bytes(&0_u32.to_le_bytes());
    block.text(INTERFACE_NAME, name);
    block.text(INTERFACE_DESCRIPTION, description);
    if let Some(mac) = mac {
        block.option(INTERFACE_MAC, &mac);
    }
    // Times count in units of 10 to the minus ninth of a second.
    block.option(INTERFACE_RESOLUTION, &[9]);
    block.close(out);
}

/// A packet as one interface saw it.
pub(super) struct Packet<'a> {
    /// The interface's number.
    pub(super) interface: u32,
    /// Nanoseconds since 1970.
    pub(super) nanos: u64,
    /// The frame.
    pub(super) bytes: &'a [u8],
    /// Direction and kind of destination, as the draft's table 7 has them.
    pub(super) flags: u32,
    /// The same for a packet wherever it is seen.
    pub(super) id: u64,
    /// What is said about it.
    pub(super) comments: &'a [String],
}

/// A packet.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Packet<'_>) {
    let mut block = Block::new(PACKET);
    let length = u32::try_from(packet.bytes.len()).unwrap_or(u32::MAX);
    let [a, b, c, d, e, f, g, h] = packet.nanos.to_le_bytes();
    block.bytes(&packet.interface.to_le_bytes());
    // The high half comes first.
    block.bytes(&[e, f, g, h, a, b, c, d]);
    block.bytes(&length.to_le_bytes());
    block.bytes(&length.to_le_bytes());
    block.bytes(packet.bytes);
    for comment in packet.comments {
        block.text(COMMENT, comment);
    }
    block.option(PACKET_FLAGS, &packet.flags.to_le_bytes());
    block.option(PACKET_ID, &packet.id.to_le_bytes());
    block.close(out);
}
