//! Right sides that are no expressions: numbers for an array, and the causes that a diagram shows.

use super::{Parser, Result};
use crate::ast::Name;
use crate::code;
use crate::lexer::{Lexer, parse_number};
use crate::neutral::{Diagnostic, Key, diagnostic, shorten};
use crate::token::{Keyword, TokenKind};

impl Parser<'_> {
    /// Whether the name here is the given one and a parenthesis follows.
    pub(super) fn is_word_before_paren(&self, words: &str) -> bool {
        let written = self.written(self.token);
        let first = words.as_bytes().first().zip(written.as_bytes().first());
        self.token.kind == TokenKind::Name
            && first.is_some_and(|(wanted, found)| wanted.eq_ignore_ascii_case(found))
            && Key::new(written) == Key::new(words)
            && self.lexer.clone().next().is_ok_and(|next| next.kind == TokenKind::OpenParen)
    }

    /// Whether a number is here with a comma or semicolon after it.
    pub(super) fn is_list(&self) -> bool {
        starts_list(self.lexer.clone(), self.token.kind)
    }

    /// `1, 2, 3`, or `1, 2; 3, 4;`.
    pub(super) fn constants(&mut self) -> Result<Vec<Vec<f64>>> {
        let mut rows = Vec::new();
        let mut row = Vec::new();
        loop {
            row.push(self.number()?);
            if self.accept(TokenKind::Comma)? {
                continue;
            }
            rows.push(std::mem::take(&mut row));
            let goes_on = self.accept(TokenKind::Semicolon)?;
            if self.token.kind == TokenKind::End {
                return Ok(rows);
            }
            if !goes_on {
                return Err(self.not_in_list());
            }
        }
    }

    /// A number with signs perhaps, or `:NA:`.
    pub(super) fn number(&mut self) -> Result<f64> {
        let mut is_negative = false;
        while is_sign(self.token.kind) {
            is_negative ^= self.token.kind == TokenKind::Minus;
            self.advance()?;
        }
        let value = number_of(self.token.kind).ok_or_else(|| self.not_in_list())?;
        self.advance()?;
        Ok(if is_negative { -value } else { value })
    }

    /// `TABBED ARRAY(...)`: a row on each line, numbers separated by tabs, blanks or commas.
    pub(super) fn tabbed_array(&mut self) -> Result<Vec<Vec<f64>>> {
        self.advance()?;
        let open = self.token;
        let text = &self.text.joined.text()[..self.lexer.end()];
        let Some(length) = text[open.end..].find(')') else {
            return Err(Box::new(self.unclosed(open)));
        };
        let mut rows = Vec::new();
        let mut at = open.end;
        for line in text[open.end..open.end + length].split('\n') {
            let mut row = Vec::new();
            for word in line.split([' ', '\t', '\r', ',']) {
                if !word.is_empty() {
                    let start = at + (word.as_ptr() as usize - line.as_ptr() as usize);
                    row.push(entry(word).ok_or_else(|| self.not_a_number(start, word))?);
                }
            }
            if !row.is_empty() {
                rows.push(row);
            }
            at += line.len() + 1;
        }
        let end = open.end + length + 1;
        if rows.is_empty() {
            let span = self.text.joined.span(open.start, end);
            let error = Diagnostic::error(code::BAD_LIST, span, "this tabbed array holds no numbers");
            return Err(Box::new(error.with_hint("write a row of numbers on each line, separated by tabs")));
        }
        self.lexer.move_to(end);
        self.token.end = end;
        self.advance()?;
        Ok(rows)
    }

    fn not_a_number(&self, start: usize, word: &str) -> Box<Diagnostic> {
        let span = self.text.joined.span(start, start + word.len());
        let message = format!("`{}` is not a number", shorten(word));
        Box::new(
            Diagnostic::error(diagnostic::code::BAD_NUMBER, span, message)
                .with_hint("a tabbed array consists of numbers, separated by tabs"),
        )
    }

    /// The names between the parentheses of `A FUNCTION OF(...)`; signs before them and subscripts
    /// after them say nothing.
    pub(super) fn causes(&mut self) -> Result<Vec<Name>> {
        self.advance()?;
        let open = self.token;
        self.advance()?;
        let mut causes = Vec::new();
        loop {
            if self.token.kind == TokenKind::Name {
                causes.push(self.name()?);
                if self.token.kind == TokenKind::OpenBracket {
                    while !matches!(self.token.kind, TokenKind::CloseBracket | TokenKind::End) {
                        self.advance()?;
                    }
                    self.accept(TokenKind::CloseBracket)?;
                }
            } else if is_sign(self.token.kind) || self.token.kind == TokenKind::Comma {
                self.advance()?;
            } else {
                break;
            }
        }
        self.close(open)?;
        Ok(causes)
    }
}

/// What `:NA:` is as a number: -2^109.
const NOT_AVAILABLE: f64 = -649_037_107_316_853_453_566_312_041_152_512.0;

/// Whether the token, or the one after a few signs, is a number, and a comma or semicolon comes next.
pub(super) fn starts_list(mut lexer: Lexer, mut kind: TokenKind) -> bool {
    /// Signs that a number of a list has at most.
    const SIGNS: usize = 8;
    for _ in 0..SIGNS {
        if is_sign(kind) {
            let Ok(next) = lexer.next() else { return false };
            kind = next.kind;
        }
    }
    let next = lexer.next().map(|token| token.kind);
    number_of(kind).is_some() && matches!(next, Ok(TokenKind::Comma | TokenKind::Semicolon))
}

/// A number of a tabbed array, or `:NA:`.
fn entry(word: &str) -> Option<f64> {
    if word.eq_ignore_ascii_case(":NA:") { Some(NOT_AVAILABLE) } else { parse_number(word) }
}

fn is_sign(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Plus | TokenKind::Minus)
}

/// The number that a token is.
fn number_of(kind: TokenKind) -> Option<f64> {
    if let TokenKind::Number(value) = kind {
        return Some(value);
    }
    (kind == TokenKind::Keyword(Keyword::NotAvailable)).then_some(NOT_AVAILABLE)
}
