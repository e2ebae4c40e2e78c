//! Words and signs of a filter.

use super::error::{FilterError, Problem};
use std::ops::Range;

/// A word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: Range<usize>,
}

/// Its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, number or address: whatever stands between signs.
    Word(String),
    /// In quotation marks.
    Quoted(String),
    /// A comparison or connective of signs.
    Sign(&'static str),
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
}

/// The longest first.
const SIGNS: [&str; 15] = ["===", "!==", "&&", "||", "==", "!=", "~=", ">=", "<=", "..", ">", "<", "!", "&", "~"];

/// Cuts a text up.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let fault = |len: usize, problem| FilterError { at: at..at.saturating_add(len), problem };
        if first.is_whitespace() {
            at = at.saturating_add(first.len_utf8());
            continue;
        }
        let simple = match first {
            '(' => Some(TokenKind::Open),
            ')' => Some(TokenKind::Close),
            '{' => Some(TokenKind::OpenSet),
            '}' => Some(TokenKind::CloseSet),
            ',' => Some(TokenKind::Comma),
            _ => None,
        };
        let (kind, len) = if let Some(kind) = simple {
            (kind, 1)
        } else if first == '"' || first == '\'' {
            let body = rest.get(1..).unwrap_or("");
            let end = body.find(first).ok_or_else(|| fault(1, Problem::Unclosed(first)))?;
            (TokenKind::Quoted(body.get(..end).unwrap_or("").to_owned()), end.saturating_add(2))
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (TokenKind::Sign(sign), sign.len())
        } else if first == '=' {
            return Err(fault(1, Problem::SingleEquals));
        } else if first == '[' {
            return Err(fault(rest.find(']').map_or(1, |end| end.saturating_add(1)), Problem::Unsupported("[…]")));
        } else {
            let word = word(rest);
            if word.is_empty() {
                return Err(fault(first.len_utf8(), Problem::Stray(first)));
            }
            (TokenKind::Word(word.to_owned()), word.len())
        };
        let end = at.saturating_add(len);
        found.push(Token { kind, at: at..end });
        at = end;
    }
    Ok(found)
}

/// Letters, digits and what stands within names, numbers and addresses; two dots are a range.
fn word(rest: &str) -> &str {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/');
    let end = rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
    let word = rest.get(..end).unwrap_or("");
    word.find("..").map_or(word, |dots| word.get(..dots).unwrap_or(word))
}
