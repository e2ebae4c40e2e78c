//! The lab inside its own picture, so that whoever has the picture has the lab: in an SVG as metadata, in a PNG as a chunk of
//! text (`iTXt`, PNG specification third edition, section 11.3.3.4).

use roundtrip_lab::Lab;
use roundtrip_lab::save_compact;

/// The name of the text in a PNG.
const KEYWORD: &[u8] = b"roundtrip-lab";
/// The element in an SVG. It has no namespace of its own prefix, so that programs that write SVG again leave it as it is.
const BEGIN: &str = "<lab xmlns=\"urn:roundtrip:lab\">";
const END: &str = "</lab>";
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Where the first chunk of a PNG ends: its head is always as long.
const AFTER_HEAD: usize = 33;

/// A text as it stands in XML, in an element or an attribute. Characters that XML has no form for are left out (XML 1.0,
/// section 2.2).
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let Some((name, after)) = behind.split_once(';') else {
            out.push('&');
            rest = behind;
            continue;
        };
        let code = name.strip_prefix('#').and_then(|code| match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => code.parse().ok(),
        });
        match name {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "apos" => out.push('\''),
            _ => match code.and_then(char::from_u32) {
                Some(c) => out.push(c),
                None => {
                    out.push('&');
                    rest = behind;
                    continue;
                }
            },
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The element that holds a lab in an SVG.
#[must_use]
pub fn metadata(lab: &Lab) -> String {
    // Two characters that JSON takes as they are and XML does not.
    let json = save_compact(lab).replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
    format!("<metadata>{BEGIN}{}{END}</metadata>", escape(&json))
}

/// A PNG with the lab in it; nothing if these bytes are no PNG.
#[must_use]
pub fn png_with_lab(png: &[u8], lab: &Lab) -> Option<Vec<u8>> {
    if !png.starts_with(SIGNATURE) {
        return None;
    }
    let (head, rest) = png.split_at_checked(AFTER_HEAD)?;
    let mut content = b"iTXt".to_vec();
    content.extend_from_slice(KEYWORD);
    // End of the keyword, not compressed, no language, no translated keyword.
    content.extend_from_slice(&[0, 0, 0, 0, 0]);
    content.extend_from_slice(save_compact(lab).as_bytes());
    let length = u32::try_from(content.len().checked_sub(4)?).ok()?;
    let mut out = head.to_vec();
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&content);
    out.extend_from_slice(&crc(&content).to_be_bytes());
    out.extend_from_slice(rest);
    Some(out)
}

/// The check sum of a chunk (PNG specification, section 5.5).
fn crc(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
}

/// The document in a picture that was exported with it, as JSON; nothing if there is none. Takes any bytes: whether what it
/// finds is a lab, [`roundtrip_lab::load`] says.
#[must_use]
pub fn lab_in_picture(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(SIGNATURE) { in_png(bytes) } else { in_svg(std::str::from_utf8(bytes).ok()?) }
}

fn in_png(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes.get(SIGNATURE.len()..)?;
    // Ends, for every step takes a chunk away.
    while let Some((head, behind)) = rest.split_at_checked(8) {
        let (length, kind) = head.split_at_checked(4)?;
        let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
        let (content, behind) = behind.split_at_checked(length)?;
        if kind == b"iTXt"
            && let Some(text) = content.strip_prefix(KEYWORD)
        {
            return match text {
                [0, 0, 0, 0, 0, text @ ..] => String::from_utf8(text.to_vec()).ok(),
                _ => None,
            };
        }
        rest = behind.get(4..)?;
    }
    None
}

fn in_svg(text: &str) -> Option<String> {
    // What writes an SVG again may put the namespace elsewhere or add attributes.
    let (_, behind) = text.split_once("<metadata")?;
    let (inside, _) = behind.split_once("</metadata>")?;
    let (_, behind) = inside.split_once("<lab")?;
    let (_, behind) = behind.split_once('>')?;
    let (json, _) = behind.split_once(END)?;
    Some(unescape(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use roundtrip_lab::{example, load};

    /// The smallest PNG: one grey pixel.
    const PNG: &[u8] = &[
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a,
        0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0,
        0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ];

    fn odd() -> Lab {
        let mut lab = example("story").unwrap().lab();
        lab.description.set("en", "a < b && \"c\" ]]> </lab></metadata> 行き\u{1}");
        lab
    }

    #[test]
    fn a_lab_comes_back_out_of_its_picture() {
        let svg = format!("<svg>{}</svg>", metadata(&odd()));
        assert_eq!(load(&lab_in_picture(svg.as_bytes()).unwrap()).lab.unwrap(), odd());
        let png = png_with_lab(PNG, &odd()).unwrap();
        assert_eq!(load(&lab_in_picture(&png).unwrap()).lab.unwrap(), odd());
        assert!(png.ends_with(&PNG[AFTER_HEAD..]));
    }

    #[test]
    fn check_sums_are_those_of_the_specification() {
        // That of the chunk IEND, which every PNG ends with.
        assert_eq!(crc(b"IEND"), 0xAE42_6082);
        assert_eq!(crc(&PNG[12..29]), 0x3A7E_9B55);
    }

    #[test]
    fn a_picture_without_a_lab_has_none() {
        assert_eq!(lab_in_picture(PNG), None);
        assert_eq!(lab_in_picture(b"<svg><metadata><rdf/></metadata></svg>"), None);
        assert_eq!(png_with_lab(b"GIF89a", &odd()), None);
        assert_eq!(png_with_lab(&PNG[..20], &odd()), None);
    }

    #[test]
    fn what_was_written_again_is_still_found() {
        let svg = r#"<svg><metadata id="m"><lab xmlns="urn:roundtrip:lab" id="x">{&#34;a&#x22;: &apos;&unknown; &}</lab></metadata></svg>"#;
        assert_eq!(lab_in_picture(svg.as_bytes()).unwrap(), r#"{"a": '&unknown; &}"#);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..400) {
            let _ = lab_in_picture(&bytes);
            let mut png = SIGNATURE.to_vec();
            png.extend_from_slice(&bytes);
            let _ = (lab_in_picture(&png), png_with_lab(&png, &Lab::default()));
            let whole = png_with_lab(PNG, &odd()).unwrap();
            let _ = lab_in_picture(&whole[..cut.min(whole.len())]);
        }

        #[test]
        fn escaping_is_undone(text in "\\PC{0,40}") {
            prop_assert_eq!(unescape(&escape(&text)), text);
        }
    }
}
