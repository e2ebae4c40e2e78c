//! A link as a QR code (ISO/IEC 18004), drawn as one path.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Modules along a side, without the quiet zone.
    pub side: i32,
    /// The dark modules, as the data of an SVG path: a module is a unit.
    pub path: String,
}

/// Modules of paper that readers need around a code (ISO/IEC 18004, 6.3.8).
pub const QUIET: i32 = 4;

/// The code of a text; none if it is too long for one (2,953 bytes).
#[must_use]
pub fn code(text: &str) -> Option<Code> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let side = code.size();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let length = (x..side).take_while(|x| code.get_module(*x, y)).count();
            let length = i32::try_from(length).unwrap_or(0);
            if length > 0 {
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            x = x.saturating_add(length.max(1));
        }
    }
    Some(Code { side, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark modules of a path, row by row.
    fn modules(code: &Code) -> Vec<(i32, i32)> {
        let mut dark = Vec::new();
        for run in code.path.split('M').skip(1) {
            let (start, rest) = run.split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let length: i32 = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            dark.extend((x..x + length).map(|x| (x, y)));
        }
        dark
    }

    #[test]
    fn the_path_holds_exactly_the_dark_modules() {
        let text = "https://example.org/#1.abc";
        let expected = QrCode::encode_text(text, QrCodeEcc::Low).unwrap();
        let found = modules(&code(text).unwrap());
        for y in 0..expected.size() {
            for x in 0..expected.size() {
                assert_eq!(found.contains(&(x, y)), expected.get_module(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert!(code(&"x".repeat(2_953)).is_some());
        assert!(code(&"x".repeat(2_954)).is_none());
    }
}
