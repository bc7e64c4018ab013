//! Text to tokens, one at a time.

use super::token::{Token, TokenKind};
use crate::code;
use simc_model::definition::notation::number_length;
use simc_model::diagnostic::{Code, Diagnostic};
use simc_model::model::BinaryOp;
use simc_model::name;
use simc_model::source::{Excerpt, shorten};

/// A reader of tokens; after the last one it gives [`TokenKind::End`] for ever. A clone reads ahead.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    excerpt: &'a Excerpt,
    text: &'a str,
    at: usize,
    /// Where the last token ends, if that was a name.
    name_end: Option<usize>,
    /// Digits are the name of an element now.
    is_element: bool,
}

/// Keywords in capitals. What a keyword means does not depend on its case.
const KEYWORDS: [(&str, TokenKind); 7] = [
    ("IF", TokenKind::If),
    ("THEN", TokenKind::Then),
    ("ELSE", TokenKind::Else),
    ("NOT", TokenKind::Not),
    ("AND", TokenKind::Binary(BinaryOp::And)),
    ("OR", TokenKind::Binary(BinaryOp::Or)),
    ("MOD", TokenKind::Binary(BinaryOp::Mod)),
];

/// Operators and marks, the longer before the shorter that they begin with.
const SYMBOLS: [(&str, TokenKind); 23] = [
    ("*.*", TokenKind::InnerProduct),
    ("//", TokenKind::Binary(BinaryOp::SafeDiv)),
    ("<>", TokenKind::Binary(BinaryOp::Ne)),
    ("<=", TokenKind::Binary(BinaryOp::Le)),
    (">=", TokenKind::Binary(BinaryOp::Ge)),
    ("<", TokenKind::Binary(BinaryOp::Lt)),
    (">", TokenKind::Binary(BinaryOp::Gt)),
    ("=", TokenKind::Binary(BinaryOp::Eq)),
    ("+", TokenKind::Plus),
    ("-", TokenKind::Minus),
    ("*", TokenKind::Star),
    ("/", TokenKind::Binary(BinaryOp::Div)),
    ("^", TokenKind::Binary(BinaryOp::Pow)),
    ("'", TokenKind::Transpose),
    (".", TokenKind::Dot),
    (",", TokenKind::Comma),
    (";", TokenKind::Semicolon),
    (":", TokenKind::Colon),
    ("@", TokenKind::At),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
];

/// Operators of other languages, with what to write instead.
const FOREIGN: [(&str, &str); 16] = [
    ("==", "write `a = b`"),
    ("!=", "write `a <> b`"),
    ("=>", "write `a >= b`"),
    ("=<", "write `a <= b`"),
    ("><", "write `a <> b`"),
    ("**", "write `a^b`"),
    ("&&", "write `a AND b`"),
    ("||", "write `a OR b`"),
    ("&", "write `a AND b`"),
    ("|", "write `a OR b`"),
    ("!", "write `NOT a`; a whole dimension as a subscript is `*`"),
    ("%", "write `a MOD b` for the remainder, `a/100` for a percentage"),
    (":AND:", "write `a AND b`"),
    (":OR:", "write `a OR b`"),
    (":NOT:", "write `NOT (a)`"),
    (":NA:", "XMILE has no missing value; `-(2^109)` is the number that Vensim uses"),
];

impl<'a> Lexer<'a> {
    /// Begins at the start of the text.
    pub(super) fn new(excerpt: &'a Excerpt) -> Self {
        Self { excerpt, text: excerpt.text(), at: 0, name_end: None, is_element: false }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token, Box<Diagnostic>> {
        let name_end = self.name_end.take();
        let token = self.token(name_end)?;
        self.name_end = (token.kind == TokenKind::Name).then_some(token.end);
        Ok(token)
    }

    /// The next token; `name_end` is where a name ends that is just before.
    fn token(&mut self, name_end: Option<usize>) -> Result<Token, Box<Diagnostic>> {
        self.skip_blanks()?;
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return Ok(Token { kind: TokenKind::End, start, end: start });
        };
        let second_is_digit = rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        if std::mem::take(&mut self.is_element) {
            self.at = start + rest.bytes().take_while(u8::is_ascii_digit).count();
            return Ok(Token { kind: TokenKind::Name, start, end: self.at });
        }
        // `Dim.2`, an element of a dimension whose elements are numbers.
        self.is_element = first == '.' && second_is_digit && name_end == Some(start);
        if first.is_ascii_digit() || (first == '.' && second_is_digit && !self.is_element) {
            return self.number();
        }
        if first == '"' {
            return self.quoted_name();
        }
        if is_name_char(first) {
            return Ok(self.plain_name());
        }
        self.symbol(first)
    }

    /// Passes over white space and comments. A no-break space belongs to a name only between its other characters.
    fn skip_blanks(&mut self) -> Result<(), Box<Diagnostic>> {
        loop {
            let rest = &self.text[self.at..];
            let blanks = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}', '\u{b}', '\u{a0}']);
            self.at += rest.len() - blanks.len();
            if !blanks.starts_with('{') {
                return Ok(());
            }
            let Some(length) = blanks.find('}') else {
                return Err(self.error(code::UNTERMINATED, self.at, self.at + 1, "the comment is not closed", |d| {
                    d.with_label("opened here").with_hint("close it with `}`; comments do not nest")
                }));
            };
            self.at += length + 1;
        }
    }

    /// Digits with an optional point and an optional exponent.
    fn number(&mut self) -> Result<Token, Box<Diagnostic>> {
        let start = self.at;
        let end = start + number_length(&self.text[start..]);
        let tail: usize = self.text[end..].chars().take_while(|&c| is_name_char(c)).map(char::len_utf8).sum();
        if tail > 0 && !self.text[end..].starts_with('\u{a0}') {
            return Err(self.malformed_number(start, end + tail));
        }
        let value: f64 = self.text[start..end].parse().map_err(|_| self.malformed_number(start, end))?;
        if value.is_infinite() {
            return Err(self.error(code::BAD_LITERAL, start, end, "the number is too large for a 64-bit float", |d| {
                d.with_hint("the greatest is about 1.8e308; infinity is written `INF`")
            }));
        }
        self.at = end;
        Ok(Token { kind: TokenKind::Number(value), start, end })
    }

    fn malformed_number(&self, start: usize, end: usize) -> Box<Diagnostic> {
        let written = &self.text[start..end];
        let message = format!("`{}` is neither a number nor a name", shorten(written));
        let hint = match name::stray_space(written) {
            Some(shown) => format!("the character {shown} is none of the spaces of equations"),
            None => "a product needs `*`, and a name that begins with a digit needs double quotes".to_owned(),
        };
        self.error(code::BAD_LITERAL, start, end, message, |d| d.with_hint(hint))
    }

    /// A name in double quotes, in which a backslash takes the next character along.
    fn quoted_name(&mut self) -> Result<Token, Box<Diagnostic>> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => {
                    return Err(self.error(
                        code::UNTERMINATED,
                        start,
                        start + 1,
                        "the quoted name is not closed",
                        |d| {
                            d.with_label("opened here")
                                .with_hint("close it with `\"`; a quote within a name is written `\\\"`")
                        },
                    ));
                }
            }
        }
        self.at = end + 1;
        if self.text[start + 1..end].trim().is_empty() {
            return Err(self.error(code::EMPTY_NAME, start, end + 1, "there is no name between the quotes", |d| d));
        }
        Ok(Token { kind: TokenKind::Name, start, end: end + 1 })
    }

    /// A name without quotes, or a keyword. A no-break space beside a keyword is no part of a name.
    fn plain_name(&mut self) -> Token {
        let start = self.at;
        let rest = &self.text[start..];
        let mut name = rest[..name_length(rest)].trim_end_matches('\u{a0}');
        let mut at = 0;
        for word in name.split('\u{a0}') {
            if keyword(word).is_some() {
                name = if at == 0 { word } else { name[..at].trim_end_matches('\u{a0}') };
                break;
            }
            at += word.len() + '\u{a0}'.len_utf8();
        }
        self.at = start + name.len();
        Token { kind: keyword(name).unwrap_or(TokenKind::Name), start, end: self.at }
    }

    /// An operator or a mark.
    fn symbol(&mut self, first: char) -> Result<Token, Box<Diagnostic>> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let begins =
            |symbol: &str| rest.get(..symbol.len()).is_some_and(|it| it.eq_ignore_ascii_case(symbol.as_bytes()));
        if let Some((symbol, cure)) = FOREIGN.iter().find(|(symbol, _)| begins(symbol)) {
            let message = format!("`{symbol}` is not an operator of XMILE");
            return Err(
                self.error(code::FOREIGN_OPERATOR, start, start + symbol.len(), message, |d| d.with_hint(*cure))
            );
        }
        if let Some(&(symbol, kind)) = SYMBOLS.iter().find(|(symbol, _)| begins(symbol)) {
            self.at = start + symbol.len();
            return Ok(Token { kind, start, end: self.at });
        }
        let end = start + first.len_utf8();
        if first == '}' {
            return Err(self.error(code::UNBALANCED, start, end, "there is no comment to close here", |d| {
                d.with_hint("a comment is opened with `{`, and comments do not nest")
            }));
        }
        let shown = if first == '\\' { first.to_string() } else { first.escape_debug().to_string() };
        let message = format!("the character `{shown}` has no meaning in an equation");
        Err(self.error(code::UNKNOWN_CHARACTER, start, end, message, |d| {
            d.with_hint("a name with unusual characters needs double quotes")
        }))
    }

    /// An error at the decoded bytes `start..end`.
    pub(super) fn error(
        &self,
        code: Code,
        start: usize,
        end: usize,
        message: impl Into<String>,
        dress: impl FnOnce(Diagnostic) -> Diagnostic,
    ) -> Box<Diagnostic> {
        Box::new(dress(Diagnostic::error(code, self.excerpt.span(start, end), message)))
    }
}

/// What a word is that is no name.
fn keyword(word: &str) -> Option<TokenKind> {
    KEYWORDS.iter().find(|(keyword, _)| word.eq_ignore_ascii_case(keyword)).map(|&(_, kind)| kind)
}

/// The length of the name without quotes that a text begins with. Stella saves names with an apostrophe without quotes; one with a
/// character of a name on either side can be nothing else, since after a transpose an operator or a mark has to follow.
fn name_length(text: &str) -> usize {
    let is_end = |c: char| !is_name_char(c);
    let mut length = text.find(is_end).unwrap_or(text.len());
    while let Some(behind) = text[length..].strip_prefix('\'') {
        let word = behind.find(is_end).unwrap_or(behind.len());
        if word == 0 || behind.starts_with('\u{a0}') || keyword(&behind[..word]).is_some() {
            break;
        }
        length += 1 + word;
    }
    length
}

/// Whether a character may be in a name without quotes.
fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}
