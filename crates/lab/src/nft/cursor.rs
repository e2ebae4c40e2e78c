//! Walking through tokens.

use super::error::{NftError, Place};
use super::lexer::{Kind, Token};

/// Where we are among the tokens.
pub(super) struct Cursor {
    tokens: Vec<Token>,
    at: usize,
}

impl Cursor {
    pub(super) const fn new(tokens: Vec<Token>) -> Self {
        Self { tokens, at: 0 }
    }

    /// The next token's kind.
    pub(super) fn peek(&self) -> &Kind {
        self.tokens.get(self.at).map_or(&Kind::End, |token| &token.kind)
    }

    /// The kind of the token after the next.
    pub(super) fn peek_second(&self) -> &Kind {
        self.tokens.get(self.at.saturating_add(1)).map_or(&Kind::End, |token| &token.kind)
    }

    /// Where the next token stands.
    pub(super) fn place(&self) -> Place {
        self.tokens.get(self.at).or_else(|| self.tokens.last()).map_or(Place { line: 1, column: 1 }, |token| token.place)
    }

    pub(super) fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// How many tokens were passed.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Goes back to a position.
    pub(super) const fn go_to(&mut self, position: usize) {
        self.at = position;
    }

    /// The next token, if it is a word.
    pub(super) fn peek_word(&self) -> Option<&str> {
        match self.peek() {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Takes the next token if it is this word.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let there = self.peek_word() == Some(word);
        if there {
            self.advance();
        }
        there
    }

    /// Takes the next token if it is this symbol.
    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let there = matches!(self.peek(), Kind::Symbol(found) if *found == symbol);
        if there {
            self.advance();
        }
        there
    }

    /// A mistake at the next token.
    pub(super) fn expected(&self, what: &str) -> NftError {
        NftError::expected(self.place(), what, self.peek())
    }

    /// Takes this symbol, which must be next.
    pub(super) fn need_symbol(&mut self, symbol: &str) -> Result<(), NftError> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.expected(symbol)) }
    }

    /// Takes this word, which must be next.
    pub(super) fn need_word(&mut self, word: &str) -> Result<(), NftError> {
        if self.take_word(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    /// Takes the next token, which must be a word.
    pub(super) fn word(&mut self, what: &str) -> Result<(String, Place), NftError> {
        let place = self.place();
        match self.peek() {
            Kind::Word(word) => {
                let word = word.clone();
                self.advance();
                Ok((word, place))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// Takes the next token, which must be a word or a text in quotes.
    pub(super) fn word_or_quoted(&mut self, what: &str) -> Result<(String, Place), NftError> {
        let place = self.place();
        match self.peek() {
            Kind::Word(text) | Kind::Quoted(text) => {
                let text = text.clone();
                self.advance();
                Ok((text, place))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// Takes a number, decimal or hexadecimal.
    pub(super) fn number(&mut self, what: &str, most: u32) -> Result<u32, NftError> {
        let (word, place) = self.word(what)?;
        number(&word)
            .filter(|number| *number <= most)
            .ok_or_else(|| NftError::syntax(place, format!("{what} from 0 to {most} is expected, but {word} is there")))
    }

    /// Takes line ends and semicolons.
    pub(super) fn skip_separators(&mut self) {
        while matches!(self.peek(), Kind::Separator) {
            self.advance();
        }
    }

    /// True at the end of a statement.
    pub(super) fn at_end_of_statement(&self) -> bool {
        matches!(self.peek(), Kind::Separator | Kind::End | Kind::Symbol("}"))
    }

    /// Goes to the end of the statement, over whole blocks.
    pub(super) fn skip_statement(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Kind::End => return,
                Kind::Symbol("{") => depth = depth.saturating_add(1),
                Kind::Symbol("}") if depth == 0 => return,
                Kind::Symbol("}") => depth = depth.saturating_sub(1),
                Kind::Separator if depth == 0 => return,
                _ => {}
            }
            self.advance();
        }
    }

    /// The text of the tokens from a position to here, with single blanks.
    pub(super) fn text_from(&self, position: usize) -> String {
        let tokens = self.tokens.get(position..self.at).unwrap_or_default();
        let words: Vec<String> = tokens
            .iter()
            .filter_map(|token| match &token.kind {
                Kind::Word(word) => Some(word.clone()),
                Kind::Quoted(text) => Some(format!("\"{text}\"")),
                Kind::Symbol(symbol) => Some((*symbol).to_owned()),
                Kind::Separator | Kind::End => None,
            })
            .collect();
        words.join(" ").replace(" ,", ",")
    }
}

/// Reads a number, decimal or with `0x`.
pub(super) fn number(word: &str) -> Option<u32> {
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        // A sign is no digit, though Rust's parser takes one.
        None if word.bytes().all(|byte| byte.is_ascii_digit()) => word.parse().ok(),
        None => None,
    }
}
