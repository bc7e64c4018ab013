//! Joined text to tokens, one at a time.

use crate::ast::BinaryOp;
use crate::joined::Joined;
use crate::neutral::diagnostic::code;
use crate::neutral::{Code, Diagnostic, name, number_length, shorten};
use crate::scan::{self, Braces, is_blank, is_name_char};
use crate::token::{KEYWORDS, Keyword, Token, TokenKind};

/// The text of a file up to its sketch, with what is known about its comments.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    pub(crate) joined: Joined<'a>,
    pub(crate) braces: Braces,
}

/// A reader of tokens in a part of the text; after the last one it gives [`TokenKind::End`] for
/// ever. A clone reads ahead.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    text: &'a Text<'a>,
    at: usize,
    end: usize,
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Operators and marks, the longer before the shorter that they begin with.
const SYMBOLS: [(&str, TokenKind); 23] = [
    ("<->", TokenKind::Equivalence),
    ("->", TokenKind::Arrow),
    (":=", TokenKind::Assign),
    ("==", TokenKind::Identical),
    ("<>", TokenKind::Binary(BinaryOp::NotEqual)),
    ("<=", TokenKind::Binary(BinaryOp::LessOrEqual)),
    (">=", TokenKind::Binary(BinaryOp::GreaterOrEqual)),
    ("<", TokenKind::Binary(BinaryOp::Less)),
    (">", TokenKind::Binary(BinaryOp::Greater)),
    ("=", TokenKind::Equals),
    ("+", TokenKind::Plus),
    ("-", TokenKind::Minus),
    ("*", TokenKind::Binary(BinaryOp::Multiply)),
    ("/", TokenKind::Binary(BinaryOp::Divide)),
    ("^", TokenKind::Binary(BinaryOp::Power)),
    (",", TokenKind::Comma),
    (";", TokenKind::Semicolon),
    (":", TokenKind::Colon),
    ("!", TokenKind::Mark),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
];

/// Operators of other languages, with what to write instead.
const FOREIGN: [(&str, &str); 7] = [
    ("=>", "write `a >= b`"),
    ("=<", "write `a <= b`"),
    ("><", "write `a <> b`"),
    ("**", "write `a^b`"),
    ("&&", "write `a :AND: b`"),
    ("&", "write `a :AND: b`; a name with `&` at its beginning needs double quotes"),
    ("%", "write `MODULO(a, b)` for the remainder, `a/100` for a percentage"),
];

impl<'a> Lexer<'a> {
    /// Begins at a joined byte and ends before another.
    pub(crate) fn new(text: &'a Text<'a>, start: usize, end: usize) -> Self {
        Self { text, at: start, end }
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Result<Token> {
        self.skip_blanks()?;
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token { kind: TokenKind::End, start, end: start });
        };
        let second_is_digit = rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        match first {
            '0'..='9' => self.number(),
            '.' if second_is_digit => self.number(),
            '"' => self.quoted_name(),
            '\'' => self.literal(),
            '&' | '%' => self.symbol(first),
            _ if is_name_char(first) => Ok(self.plain_name()),
            _ => match keyword(rest) {
                Some((keyword, length)) => {
                    self.at += length;
                    Ok(Token { kind: TokenKind::Keyword(keyword), start, end: self.at })
                }
                None => self.symbol(first),
            },
        }
    }

    /// Goes on at a joined byte.
    pub(crate) fn move_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Where the part of the text ends.
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    fn rest(&self) -> &'a str {
        &self.text.joined.text()[self.at..self.end]
    }

    /// Passes over white space and comments.
    fn skip_blanks(&mut self) -> Result<()> {
        loop {
            let rest = self.rest();
            let blanks = rest.trim_start_matches(is_blank);
            self.at += rest.len() - blanks.len();
            if !blanks.starts_with('{') {
                return Ok(());
            }
            match self.text.braces.comment_end(self.at) {
                Some(end) if end <= self.end => self.at = end,
                Some(_) | None => {
                    let message = "the comment is not closed";
                    return Err(self.error(code::UNTERMINATED, self.at, self.at + 1, message, |d| {
                        d.with_label("opened here").with_hint("close it with `}`; comments may hold others")
                    }));
                }
            }
        }
    }

    /// Digits with an optional point and an optional exponent.
    fn number(&mut self) -> Result<Token> {
        let start = self.at;
        let length = number_length(self.rest());
        let end = start + length;
        let tail: usize = self.rest()[length..].chars().take_while(|&c| is_name_char(c)).map(char::len_utf8).sum();
        if tail > 0 {
            return Err(self.malformed_number(start, end + tail));
        }
        let value: f64 = self.rest()[..length].parse().map_err(|_| self.malformed_number(start, end))?;
        if value.is_infinite() {
            let message = "the number is too large for a 64-bit float";
            return Err(
                self.error(code::BAD_LITERAL, start, end, message, |d| d.with_hint("the greatest is about 1.8e308"))
            );
        }
        self.at = end;
        Ok(Token { kind: TokenKind::Number(value), start, end })
    }

    fn malformed_number(&self, start: usize, end: usize) -> Box<Diagnostic> {
        let message = format!("`{}` is neither a number nor a name", shorten(&self.text.joined.text()[start..end]));
        self.error(code::BAD_LITERAL, start, end, message, |d| {
            d.with_hint("a product needs `*`, and a name that begins with a digit needs double quotes")
        })
    }

    /// A name in double quotes, in which a backslash takes the next character along.
    fn quoted_name(&mut self) -> Result<Token> {
        let start = self.at;
        match scan::quoted_end(self.text.joined.text(), start) {
            Ok(end) if end <= self.end => {
                self.at = end;
                if self.text.joined.text()[start + 1..end - 1].trim_matches(is_blank).is_empty() {
                    let message = "there is no name between the quotes";
                    return Err(self.error(code::EMPTY_NAME, start, end, message, |d| d.with_hint("write a name")));
                }
                Ok(Token { kind: TokenKind::Name, start, end })
            }
            Ok(_) | Err(_) => {
                Err(self.error(code::UNTERMINATED, start, start + 1, "the quoted name is not closed", |d| {
                    d.with_label("opened here").with_hint("close it with `\"`; a quote within a name is written `\\\"`")
                }))
            }
        }
    }

    /// A literal in single quotes.
    fn literal(&mut self) -> Result<Token> {
        let start = self.at;
        match scan::literal_end(self.text.joined.text(), start) {
            Ok(end) if end <= self.end => {
                self.at = end;
                Ok(Token { kind: TokenKind::Text, start, end })
            }
            Ok(_) | Err(_) => {
                Err(self.error(code::UNTERMINATED, start, start + 1, "the text in quotes is not closed", |d| {
                    d.with_label("opened here").with_hint("close it with `'` on the same line")
                }))
            }
        }
    }

    /// Words without quotes, with blanks between them.
    fn plain_name(&mut self) -> Token {
        let start = self.at;
        let rest = self.rest();
        let mut end = 0;
        loop {
            let word = &rest[end..];
            // A no-break space separates words, though it is beyond ASCII.
            end += word.find(|c| !is_name_char(c) || is_blank(c)).unwrap_or(word.len());
            let after = &rest[end..];
            let next = after.trim_start_matches(is_blank);
            if !next.starts_with(|c| is_name_char(c) && c != '\'') {
                break;
            }
            end += after.len() - next.len();
        }
        self.at = start + end;
        Token { kind: TokenKind::Name, start, end: self.at }
    }

    /// An operator or a mark.
    fn symbol(&mut self, first: char) -> Result<Token> {
        let start = self.at;
        let rest = self.rest();
        if let Some((symbol, cure)) = FOREIGN.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            let message = format!("`{symbol}` is not an operator of Vensim");
            return Err(
                self.error(code::FOREIGN_OPERATOR, start, start + symbol.len(), message, |d| d.with_hint(*cure))
            );
        }
        if let Some(&(symbol, kind)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            self.at = start + symbol.len();
            return Ok(Token { kind, start, end: self.at });
        }
        let end = start + first.len_utf8();
        if first == '}' {
            return Err(self.error(code::UNBALANCED, start, end, "there is no comment to close here", |d| {
                d.with_hint("a comment is opened with `{`")
            }));
        }
        let message = format!("the character `{}` has no meaning in an equation", first.escape_debug());
        Err(self.error(code::UNKNOWN_CHARACTER, start, end, message, |d| {
            d.with_hint("a name with unusual characters needs double quotes")
        }))
    }

    /// An error at the joined bytes `start..end`.
    pub(crate) fn error(
        &self,
        code: Code,
        start: usize,
        end: usize,
        message: impl Into<String>,
        dress: impl FnOnce(Diagnostic) -> Diagnostic,
    ) -> Box<Diagnostic> {
        Box::new(dress(Diagnostic::error(code, self.text.joined.span(start, end), message)))
    }
}

/// The name that a token spells: without quotes and escapes, or with one space between words.
pub(crate) fn name_text(written: &str) -> String {
    if written.starts_with('"') {
        return name::unescape(written);
    }
    let mut words = written.split(is_blank).filter(|word| !word.is_empty());
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        text.push(' ');
        text.push_str(word);
    }
    text
}

/// The keyword that a text begins with, and its length.
pub(crate) fn keyword(text: &str) -> Option<(Keyword, usize)> {
    /// No keyword is longer, blanks included.
    const LONGEST: usize = 64;
    let inside = text.strip_prefix(':')?;
    let length = inside.bytes().take(LONGEST).position(|byte| byte == b':')?;
    let written = inside[..length].split_ascii_whitespace();
    let (_, keyword) = KEYWORDS.into_iter().find(|(words, _)| {
        let mut written = written.clone();
        words.split(' ').all(|word| written.next().is_some_and(|it| it.eq_ignore_ascii_case(word)))
            && written.next().is_none()
    })?;
    Some((keyword, length + 2))
}

/// A number with signs perhaps, and nothing else.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let unsigned = text.trim_start_matches(['+', '-', ' ', '\t']);
    let signs = &text[..text.len() - unsigned.len()];
    let is_number = !unsigned.is_empty() && number_length(unsigned) == unsigned.len();
    let value: f64 = if is_number { unsigned.parse().ok()? } else { return None };
    let is_negative = signs.bytes().filter(|&byte| byte == b'-').count() % 2 == 1;
    value.is_finite().then_some(if is_negative { -value } else { value })
}
