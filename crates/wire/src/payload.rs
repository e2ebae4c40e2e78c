//! Bytes that a protocol carries: shared, never copied on the way.

use std::fmt;
use std::sync::Arc;

/// A range of shared bytes. Cloning and slicing cost no copy, so a packet keeps its content over
/// any number of hops and in the trace.
#[derive(Clone, Default)]
pub struct Payload {
    data: Option<Arc<[u8]>>,
    start: u32,
    len: u32,
}

impl Payload {
    /// No bytes at all.
    pub const EMPTY: Self = Self { data: None, start: 0, len: 0 };

    /// Takes the bytes over. Anything beyond 4 GiB is cut off: no packet is that long.
    #[must_use]
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        let data: Arc<[u8]> = bytes.into();
        let len = u32::try_from(data.len()).unwrap_or(u32::MAX);
        if len == 0 { Self::EMPTY } else { Self { data: Some(data), start: 0, len } }
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// True if there is no byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        let start = self.start as usize;
        self.data.as_deref().and_then(|data| data.get(start..start + self.len as usize)).unwrap_or(&[])
    }

    /// `len` bytes from `start`, as far as they exist.
    #[must_use]
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len());
        let len = len.min(self.len() - start);
        if len == 0 {
            return Self::EMPTY;
        }
        // Both fit: they are at most `self.len`, which is a u32.
        Self { data: self.data.clone(), start: self.start + start as u32, len: len as u32 }
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_never_leaves_the_payload() {
        let all = Payload::new(*b"abcdef");
        assert_eq!(all.slice(2, 3).as_slice(), b"cde");
        assert_eq!(all.slice(2, 3).slice(1, 9).as_slice(), b"de");
        assert!(all.slice(6, 1).is_empty());
        assert!(all.slice(99, 1).is_empty());
    }
}
