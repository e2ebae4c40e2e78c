//! From text to tokens, with variables replaced.

use super::error::{NftError, Place};
use std::collections::BTreeMap;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word: a keyword, name, number, address, range, `@set`.
    Word(String),
    /// A text in quotes.
    Quoted(String),
    /// `{ } ( ) , : = == != < > <= >= & | ^ !`
    Symbol(&'static str),
    /// A line's end, or a semicolon.
    Separator,
    /// The end of the text.
    End,
}

/// A token with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) place: Place,
}

/// The longest list of tokens that a text may become, variables replaced.
const MOST_TOKENS: usize = 400_000;

const SYMBOLS: [&str; 17] = ["==", "!=", "<=", ">=", "{", "}", "(", ")", ",", ":", "=", "<", ">", "&", "|", "^", "!"];

/// Letters that words are made of, beside letters and digits.
const WORD: &str = "_./-*@$+~%";

/// Cuts the text into tokens, without comments and continued lines, and replaces variables.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, NftError> {
    replace_variables(cut(text)?)
}

fn cut(text: &str) -> Result<Vec<Token>, NftError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut place = Place { line: 1, column: 1 };
    while let Some(first) = rest.chars().next() {
        let start = place;
        let (kind, length) = if first == '\n' || first == ';' {
            (Some(Kind::Separator), 1)
        } else if first.is_whitespace() {
            (None, first.len_utf8())
        } else if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") {
            (None, rest.find('\n').map_or(rest.len(), |end| end.saturating_add(1)))
        } else if first == '#' {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if first == '"' {
            let content = rest.get(1..).unwrap_or_default();
            let Some(end) = content.find(['"', '\n']).filter(|end| content.get(*end..).is_some_and(|tail| tail.starts_with('"'))) else {
                return Err(NftError::syntax(start, "the text that begins here has no closing quote"));
            };
            (Some(Kind::Quoted(content.get(..end).unwrap_or_default().to_owned())), end.saturating_add(2))
        } else if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            (Some(Kind::Symbol(symbol)), symbol.len())
        } else if first.is_alphanumeric() || WORD.contains(first) {
            let end = rest.find(|c: char| !c.is_alphanumeric() && !WORD.contains(c)).unwrap_or(rest.len());
            (Some(Kind::Word(rest.get(..end).unwrap_or_default().to_owned())), end)
        } else {
            return Err(NftError::syntax(start, format!("{first} has no meaning here")));
        };
        let (eaten, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
        for letter in eaten.chars() {
            place = if letter == '\n' {
                Place { line: place.line.saturating_add(1), column: 1 }
            } else {
                Place { line: place.line, column: place.column.saturating_add(1) }
            };
        }
        if let Some(kind) = kind {
            tokens.push(Token { kind, place: start });
        }
        rest = left;
    }
    tokens.push(Token { kind: Kind::End, place });
    Ok(tokens)
}

/// Takes `define` statements out and puts their values where `$name` stands.
fn replace_variables(tokens: Vec<Token>) -> Result<Vec<Token>, NftError> {
    let mut variables: BTreeMap<String, Vec<Token>> = BTreeMap::new();
    let mut out: Vec<Token> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let begins_statement = out.last().is_none_or(|last| matches!(last.kind, Kind::Separator | Kind::Symbol("{")));
        match &token.kind {
            Kind::Word(word) if begins_statement && matches!(word.as_str(), "define" | "redefine" | "undefine") => {
                let Some(Token { kind: Kind::Word(name), place }) = tokens.next() else {
                    return Err(NftError::expected(token.place, "a variable's name", &token.kind));
                };
                if word == "undefine" {
                    variables.remove(&name);
                    continue;
                }
                match tokens.next() {
                    Some(Token { kind: Kind::Symbol("="), .. }) => {}
                    other => {
                        let (place, kind) = other.map_or((place, Kind::End), |other| (other.place, other.kind));
                        return Err(NftError::expected(place, "=", &kind));
                    }
                }
                let mut value = Vec::new();
                let mut depth = 0_usize;
                while let Some(next) = tokens
                    .next_if(|next| next.kind != Kind::End && (depth > 0 || !matches!(next.kind, Kind::Separator | Kind::Symbol("}"))))
                {
                    match next.kind {
                        Kind::Symbol("{") => depth = depth.saturating_add(1),
                        Kind::Symbol("}") => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    push(&mut value, next, &variables)?;
                }
                if value.is_empty() {
                    return Err(NftError::syntax(place, format!("the variable {name} has no value")));
                }
                variables.insert(name, value);
            }
            _ => push(&mut out, token, &variables)?,
        }
    }
    Ok(out)
}

/// Appends a token, or the value of the variable that it names.
fn push(out: &mut Vec<Token>, token: Token, variables: &BTreeMap<String, Vec<Token>>) -> Result<(), NftError> {
    match &token.kind {
        Kind::Word(word) if word.starts_with('$') => {
            let name = word.trim_start_matches('$');
            let value = variables.get(name).ok_or_else(|| NftError::syntax(token.place, format!("the variable {name} is not defined")))?;
            // A variable's mistakes are shown where it is used.
            out.extend(value.iter().map(|part| Token { kind: part.kind.clone(), place: token.place }));
        }
        _ => out.push(token),
    }
    let last = out.last().map_or(Place { line: 1, column: 1 }, |last| last.place);
    if out.len() > MOST_TOKENS { Err(NftError::syntax(last, "the rules are too long with their variables replaced")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text)
            .unwrap()
            .into_iter()
            .filter_map(|token| match token.kind {
                Kind::Word(word) => Some(word),
                Kind::Symbol(symbol) => Some(symbol.to_owned()),
                Kind::Quoted(text) => Some(format!("'{text}'")),
                Kind::Separator => Some(";".to_owned()),
                Kind::End => None,
            })
            .collect()
    }

    #[test]
    fn words_symbols_and_quotes() {
        assert_eq!(words("tcp dport != { 22,80 } # x\naccept"), ["tcp", "dport", "!=", "{", "22", ",", "80", "}", ";", "accept"]);
        assert_eq!(words("iifname \"eth*\" a \\\n b"), ["iifname", "'eth*'", "a", "b"]);
        assert_eq!(words("dnat to 10.0.0.1:80"), ["dnat", "to", "10.0.0.1", ":", "80"]);
    }

    #[test]
    fn variables_are_replaced() {
        assert_eq!(words("define wan = eth1\noifname $wan"), [";", "oifname", "eth1"]);
        assert_eq!(words("define a = { 1,\n 2 }; define b = $a; x $b"), [";", ";", "x", "{", "1", ",", ";", "2", "}"]);
    }

    #[test]
    fn mistakes_name_their_place() {
        let error = tokens("a\n  $b").unwrap_err();
        assert_eq!((error.place.line, error.place.column), (2, 3));
        assert!(tokens("\"abc").is_err());
        assert!(tokens("define x\n").is_err());
    }

    #[test]
    fn variables_cannot_grow_without_bound() {
        let mut text = "define x0 = a, a\n".to_owned();
        for i in 1..40 {
            text.push_str(&format!("define x{i} = $x{}, $x{}\n", i - 1, i - 1));
        }
        assert!(tokens(&text).is_err());
    }
}
