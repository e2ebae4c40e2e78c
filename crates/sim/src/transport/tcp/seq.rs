//! Sequence numbers: 32 bits that wrap (RFC 9293 section 3.4).

use std::ops::{Add, AddAssign, Sub};

/// A sequence number. Order is only defined within half the number space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Seq(pub(super) u32);

impl Seq {
    /// Earlier than `other`.
    pub(super) const fn before(self, other: Self) -> bool {
        (self.0.wrapping_sub(other.0) as i32) < 0
    }

    /// Later than `other`.
    pub(super) const fn after(self, other: Self) -> bool {
        other.before(self)
    }

    /// Octets from `earlier` to here.
    pub(super) const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// From `low` to `high`, both included.
    pub(super) const fn between(self, low: Self, high: Self) -> bool {
        high.since(low) >= self.since(low)
    }

    /// The later of two.
    pub(super) const fn max(self, other: Self) -> Self {
        if self.before(other) { other } else { self }
    }

    /// The earlier of two.
    pub(super) const fn min(self, other: Self) -> Self {
        if self.after(other) { other } else { self }
    }
}

impl Add<u32> for Seq {
    type Output = Self;
    fn add(self, octets: u32) -> Self {
        Self(self.0.wrapping_add(octets))
    }
}

impl AddAssign<u32> for Seq {
    fn add_assign(&mut self, octets: u32) {
        *self = *self + octets;
    }
}

impl Sub<u32> for Seq {
    type Output = Self;
    fn sub(self, octets: u32) -> Self {
        Self(self.0.wrapping_sub(octets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_survives_the_wrap() {
        let end = Seq(u32::MAX);
        assert!(end.before(end + 1));
        assert!((end + 10).after(end));
        assert_eq!((end + 10).since(end), 10);
        assert!((end + 2).between(end, end + 2));
        assert!(!(end + 3).between(end, end + 2));
        assert_eq!(end.max(end + 1), Seq(0));
        assert_eq!(end.min(end + 1), end);
    }
}
