//! Text to module.

mod body;
mod declarations;

use std::error::Error;
use std::fmt;

use super::lexer::{Lexeme, Lexer, Token};
use super::name::parse_name;
use super::number::{parse_f64, parse_nan_bits};
use crate::module::{FuncRole, Module};

/// Why a text is not a module, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// What is wrong, as one sentence.
    pub message: String,
}

/// Reads a module; see [the format](super).
///
/// # Errors
/// The first place where the text does not follow the format.
pub fn parse_module(text: &str) -> Result<Module, ParseError> {
    let mut parser = Parser::new(text);
    parse_all(&mut parser).map_err(|mistake| mistake.locate(text))
}

type Result<T, E = Mistake> = std::result::Result<T, E>;

/// A message and the offset it is about.
struct Mistake {
    at: usize,
    message: String,
}

/// The next lexeme, and what the grammar asks of it.
struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Lexeme<'a>,
}

fn parse_all(parser: &mut Parser<'_>) -> Result<Module> {
    let mut module = declarations::parse_declarations(parser)?;
    while parser.next.token != Token::End {
        parser.expect_word("func")?;
        let role = parser.parse_named("function role", &FuncRole::ALL, FuncRole::name)?;
        let func = body::parse_func(parser, &module, role)?;
        module.funcs.push(func);
    }
    Ok(module)
}

impl Mistake {
    fn locate(self, text: &str) -> ParseError {
        let before = &text[..self.at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        ParseError {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: self.message,
        }
    }
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let next = lexer.next_lexeme();
        Self { lexer, next }
    }

    fn advance(&mut self) -> Lexeme<'a> {
        let following = self.lexer.next_lexeme();
        std::mem::replace(&mut self.next, following)
    }

    /// A mistake at the next lexeme.
    fn mistake<T>(&self, message: impl Into<String>) -> Result<T> {
        mistake_at(self.next.at, message)
    }

    fn expected<T>(&self, what: &str) -> Result<T> {
        self.mistake(format!("expected {what}, found {}", self.next.token))
    }

    fn at_punct(&self, punct: char) -> bool {
        self.next.token == Token::Punct(punct)
    }

    fn at_word(&self, word: &str) -> bool {
        self.next.token == Token::Word(word)
    }

    /// Whether a name like `g12`, whose prefix is given, comes next.
    fn at_entity(&self, prefix: &str) -> bool {
        let Token::Word(word) = self.next.token else { return false };
        word.strip_prefix(prefix).is_some_and(|digits| digits.starts_with(|first: char| first.is_ascii_digit()))
    }

    fn eat_punct(&mut self, punct: char) -> bool {
        let there = self.at_punct(punct);
        if there {
            self.advance();
        }
        there
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let there = self.at_word(word);
        if there {
            self.advance();
        }
        there
    }

    fn expect_punct(&mut self, punct: char) -> Result<()> {
        if self.eat_punct(punct) { Ok(()) } else { self.expected(&format!("`{punct}`")) }
    }

    fn expect_arrow(&mut self) -> Result<()> {
        if self.next.token != Token::Arrow {
            return self.expected("`->`");
        }
        self.advance();
        Ok(())
    }

    fn expect_word(&mut self, word: &str) -> Result<()> {
        if self.eat_word(word) { Ok(()) } else { self.expected(&format!("`{word}`")) }
    }

    fn parse_word(&mut self, what: &str) -> Result<&'a str> {
        let Token::Word(word) = self.next.token else { return self.expected(what) };
        self.advance();
        Ok(word)
    }

    /// One of the members of an enum, by its name.
    fn parse_named<T: Copy>(&mut self, what: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T> {
        let at = self.next.at;
        let word = self.parse_word(&format!("a {what}"))?;
        match all.iter().find(|&&member| name(member) == word) {
            Some(&member) => Ok(member),
            None => mistake_at(at, format!("there is no {what} `{word}`")),
        }
    }

    /// The number in a name like `v12`, whose prefix is given.
    fn parse_entity(&mut self, prefix: &str, what: &str) -> Result<u32> {
        if let Token::Word(word) = self.next.token
            && let Some(digits) = word.strip_prefix(prefix)
            && let Some(number) = parse_whole(digits)
        {
            self.advance();
            return Ok(number);
        }
        self.expected(&format!("{what} like `{prefix}0`"))
    }

    /// A whole number that fits.
    fn parse_integer<T: TryFrom<u64>>(&mut self, what: &str) -> Result<T> {
        if let Token::Number(text) = self.next.token {
            return match parse_whole(text) {
                Some(number) => {
                    self.advance();
                    Ok(number)
                }
                None => self.mistake(format!("`{text}` is not a whole number that {what} can be")),
            };
        }
        self.expected(what)
    }

    fn parse_number(&mut self) -> Result<f64> {
        let at = self.next.at;
        let (Token::Number(text) | Token::Word(text)) = self.next.token else { return self.expected("a number") };
        let Some(value) = parse_f64(text) else { return self.mistake(format!("`{text}` is not a number")) };
        self.advance();
        if text != "nan" || !self.eat_punct('(') {
            return Ok(value);
        }
        let bits = match self.advance().token {
            Token::Number(bits) => parse_nan_bits(bits),
            Token::Word(_) | Token::Punct(_) | Token::Arrow | Token::Unknown(_) | Token::End => None,
        };
        let Some(value) = bits else {
            return mistake_at(at, "nan(..) takes the bits of a NaN like `0x7ff8000000000001`");
        };
        self.expect_punct(')')?;
        Ok(value)
    }

    /// `item, item, ...` up to the closing bracket, which is taken as well.
    fn parse_list<T>(&mut self, close: char, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while !self.eat_punct(close) {
            if !items.is_empty() {
                self.expect_punct(',')?;
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// The comment on the line of what has just been taken, as a name.
    fn parse_name(&mut self) -> Result<String> {
        let Some((at, comment)) = self.next.comment_before else { return Ok(String::new()) };
        match parse_name(comment) {
            Some(name) => Ok(name),
            None => mistake_at(at, "the name holds an unknown escape; there are `\\n`, `\\r`, `\\\\` and `\\u{hex}`"),
        }
    }
}

fn mistake_at<T>(at: usize, message: impl Into<String>) -> Result<T> {
    Err(Mistake { at, message: message.into() })
}

/// Decimal digits without a needless zero in front.
fn parse_whole<T: TryFrom<u64>>(digits: &str) -> Option<T> {
    let canonical = digits.bytes().all(|digit| digit.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    let number: u64 = digits.parse().ok()?;
    if canonical { T::try_from(number).ok() } else { None }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Word(text) | Token::Number(text) => write!(f, "`{text}`"),
            Token::Punct(punct) => write!(f, "`{punct}`"),
            Token::Arrow => f.write_str("`->`"),
            Token::Unknown(c) => write!(f, "`{}`", c.escape_debug()),
            Token::End => f.write_str("the end of the text"),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl Error for ParseError {}
