//! What the parser says when a token cannot be where it is.

use super::parser::{Parser, partner};
use super::token::{Token, TokenKind};
use crate::code;
use simc_model::builtin::{self, Dialect};
use simc_model::diagnostic::{Code, Diagnostic};
use simc_model::name::{self, Key};
use simc_model::source::shorten;

impl Parser<'_> {
    /// The token is where an operand is expected.
    pub(super) fn missing_operand(&self) -> Box<Diagnostic> {
        let kind = self.token.kind;
        let message = if kind == TokenKind::End {
            "the equation ends where an operand is expected".to_owned()
        } else {
            format!("an operand is missing before `{}`", self.shown(self.token))
        };
        let hint = if kind == TokenKind::Transpose {
            "a name with an apostrophe in it needs double quotes"
        } else if kind.infix(self.dialect()).is_some() {
            "an operator stands between two operands: `a + b`, `a MOD b`, `a AND b`"
        } else {
            "a number, a name, a call or a parenthesis may stand here"
        };
        Box::new(self.error(code::MISSING_OPERAND, self.token, message).with_hint(hint))
    }

    /// The token is after a whole expression, within `open` if that is given, and cannot go on from it.
    pub(super) fn unexpected(&self, open: Option<Token>) -> Box<Diagnostic> {
        let error = match self.token.kind {
            TokenKind::Comma => self
                .error(code::STRAY_COMMA, self.token, "a comma stands only between arguments or subscripts")
                .with_hint(match open.is_some_and(|open| self.word_before(open).eq_ignore_ascii_case("if")) {
                    true => "a choice is written `IF condition THEN value ELSE value`",
                    false => "a decimal fraction is written with a point: `1.5`",
                }),
            TokenKind::Semicolon => self
                .error(code::STRAY_COMMA, self.token, "a semicolon stands only between the rows of a list")
                .with_hint("arguments and subscripts are separated by commas"),
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::End => self.unbalanced(open),
            TokenKind::Then | TokenKind::Else => {
                let message = format!("there is no IF for this {}", self.shown(self.token).to_uppercase());
                self.error(code::INCOMPLETE_IF, self.token, message)
                    .with_hint("a choice is written `IF condition THEN value ELSE value`")
            }
            TokenKind::Colon | TokenKind::At => {
                let message = format!("`{}` stands only in subscripts", self.shown(self.token));
                let error = self.error(code::BAD_SUBSCRIPT, self.token, message);
                match self.is_assignment() {
                    true => error
                        .with_hint("an equation is what comes after the equals sign, without the variable's own name"),
                    false => error,
                }
            }
            TokenKind::OpenBracket => self
                .error(
                    code::BAD_SUBSCRIPT,
                    self.token,
                    "only a name can have subscripts, and only in one pair of brackets",
                )
                .with_hint("several subscripts are separated by commas: `a[i, j]`"),
            TokenKind::Number(_)
            | TokenKind::Name
            | TokenKind::If
            | TokenKind::Not
            | TokenKind::Dot
            | TokenKind::OpenParen
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::InnerProduct
            | TokenKind::Binary(_)
            | TokenKind::Transpose => {
                let message = format!("an operator is missing before `{}`", self.shown(self.token));
                self.error(code::MISSING_OPERATOR, self.token, message).with_hint(self.hint_between())
            }
        };
        Box::new(error)
    }

    /// What may be meant by two operands side by side.
    fn hint_between(&self) -> String {
        let (before, here) = (self.word_before(self.token), self.written(self.token));
        let is_number = before.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if self.text_before(self.token).ends_with('\'') {
            return "a name with an apostrophe at its end needs double quotes".to_owned();
        }
        if let Some((c, instead)) = name::lookalike(here).or_else(|| name::lookalike(before)) {
            return format!("`{c}` is no operator of equations: write `{instead}`");
        }
        if is_number && here.starts_with('.') {
            return "a number has one decimal point, and nothing between thousands".to_owned();
        }
        if let Some(function) =
            builtin::find(Dialect::Stella, &Key::new(before)).filter(|builtin| !builtin.is_constant())
        {
            return format!("the arguments of a function stand in parentheses: `{}`", function.usage());
        }
        if self.token.kind == TokenKind::Name && !is_number && !before.is_empty() {
            return "a name of several words is written with underscores, `birth_rate`, or in double quotes".to_owned();
        }
        "a product is written with `*`".to_owned()
    }

    /// The number or name without quotes that ends right before a token, but for blanks.
    fn word_before(&self, token: Token) -> &str {
        let before = self.text_before(token);
        before.rsplit(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '$')).next().unwrap_or_default()
    }

    /// Whether the token is the colon of `:=`.
    fn is_assignment(&self) -> bool {
        self.text_from(self.token).starts_with(":=")
    }

    /// A closing mark without its opening one, the wrong closing mark, or none.
    fn unbalanced(&self, open: Option<Token>) -> Diagnostic {
        let Some(open) = open else {
            let message = format!("`{}` closes nothing", self.shown(self.token));
            return self.error(code::UNBALANCED, self.token, message).with_label("never opened");
        };
        let (opening, closing) = match partner(open.kind) == TokenKind::CloseBracket {
            true => ("[", "]"),
            false => ("(", ")"),
        };
        self.error(code::UNBALANCED, self.token, format!("`{opening}` is not closed"))
            .with_label(format!("`{closing}` is expected here"))
            .with_place(self.span_of(open), "opened here")
    }

    /// An error at a token; the end of the equation is right after its last token.
    pub(super) fn error(&self, code: Code, token: Token, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span_of(token), message)
    }

    /// A token as messages show it.
    fn shown(&self, token: Token) -> String {
        shorten(self.written(token))
    }
}
