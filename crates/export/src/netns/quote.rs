//! Texts as words of a POSIX shell (IEEE Std 1003.1, XCU 2.2).

/// A text as one word, whatever is in it. What no word can hold, the zero character, is left out.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,=+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // Between single quotes everything is itself but the single quote.
    format!("'{}'", text.replace('\0', "").replace('\'', "'\\''"))
}

/// A text as lines of a comment.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out.push_str("# ");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        assert_eq!(word("192.168.1.0/24"), "192.168.1.0/24");
        assert_eq!(word(""), "''");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("it's $(rm) \"x\"\n\0`y`"), "'it'\\''s $(rm) \"x\"\n`y`'");
        assert_eq!(word("~root"), "'~root'");
    }

    #[test]
    fn comments_stay_comments() {
        assert_eq!(comment("a\nb\r\nc\u{b}d\re"), "# a\n# b\n# c d e\n");
        assert_eq!(comment(""), "");
    }
}
