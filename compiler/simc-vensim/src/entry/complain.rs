//! What the parser says when a token cannot be where it is.

use super::Parser;
use crate::code;
use crate::neutral::diagnostic::code as shared;
use crate::neutral::{Code, Diagnostic, name, shorten};
use crate::token::{KEYWORDS, Keyword, Token, TokenKind};

impl Parser<'_> {
    /// The definition does not begin with a name.
    pub(super) fn no_left_side(&self) -> Box<Diagnostic> {
        let message = if self.token.kind == TokenKind::End {
            "this definition is empty".to_owned()
        } else {
            format!("a definition cannot begin with `{}`", self.shown(self.token))
        };
        let error = self.error(code::BAD_DEFINITION, self.token, message);
        Box::new(error.with_hint("a definition is `name = equation ~ units ~ comment |`"))
    }

    /// The left side is followed by something else than an operator of definitions.
    pub(super) fn no_operator(&self) -> Box<Diagnostic> {
        if let Some(error) = self.unknown_keyword() {
            return Box::new(error);
        }
        if let TokenKind::Keyword(_) = self.token.kind {
            return self.misplaced_keyword();
        }
        let message = format!("`=` is missing before `{}`", self.shown(self.token));
        let error = self.error(code::BAD_DEFINITION, self.token, message);
        let hint = match name::lookalike(self.written(self.token)) {
            Some((c, instead)) => format!("`{c}` is no operator of equations: write `{instead}`"),
            None => "a name with unusual characters needs double quotes".to_owned(),
        };
        Box::new(error.with_hint(hint))
    }

    /// The token is where an operand is expected.
    pub(super) fn missing_operand(&self) -> Box<Diagnostic> {
        if let TokenKind::Keyword(_) = self.token.kind
            && self.token.kind.infix().is_none()
        {
            return self.misplaced_keyword();
        }
        if let Some(error) = self.unknown_keyword() {
            return Box::new(error);
        }
        let kind = self.token.kind;
        let message = if kind == TokenKind::End {
            "the equation ends where an operand is expected".to_owned()
        } else {
            format!("an operand is missing before `{}`", self.shown(self.token))
        };
        let hint = if kind.infix().is_some() {
            "an operator needs an operand on either side: `a + b`, `a :AND: b`"
        } else {
            "write a number, a name, a call or a parenthesis here"
        };
        Box::new(self.error(shared::MISSING_OPERAND, self.token, message).with_hint(hint))
    }

    /// The token follows a whole expression, within `open` if that is given, and cannot go on
    /// from it.
    pub(super) fn unexpected(&self, open: Option<Token>) -> Box<Diagnostic> {
        if let Some(error) = self.unknown_keyword() {
            return Box::new(error);
        }
        let error = match self.token.kind {
            TokenKind::Comma | TokenKind::Semicolon => {
                let message = "commas and semicolons only separate arguments, subscripts and the numbers of an array";
                self.error(shared::STRAY_COMMA, self.token, message)
                    .with_hint("a decimal fraction is written with a point: `1.5`")
            }
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::End => self.unbalanced(open),
            TokenKind::Keyword(_) => return self.misplaced_keyword(),
            TokenKind::OpenBracket => self
                .error(
                    shared::BAD_SUBSCRIPT,
                    self.token,
                    "only a name can have subscripts, and only in one pair of brackets",
                )
                .with_hint("several subscripts are separated by commas: `a[i, j]`"),
            TokenKind::Mark => self
                .error(shared::BAD_SUBSCRIPT, self.token, "`!` only follows a subscript range in an equation")
                .with_hint("write `SUM(x[Dim!])`"),
            TokenKind::Identical => self
                .error(shared::FOREIGN_OPERATOR, self.token, "`==` compares nothing in Vensim")
                .with_hint("write `a = b`"),
            TokenKind::Assign | TokenKind::Arrow | TokenKind::Equivalence | TokenKind::Colon => {
                let message = format!("`{}` has no meaning here", self.shown(self.token));
                self.error(code::BAD_DEFINITION, self.token, message)
                    .with_hint("is the `|` of the definition before missing?")
            }
            TokenKind::Number(_)
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::OpenParen
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Binary(_)
            | TokenKind::Equals => {
                let message = format!("an operator is missing before `{}`", self.shown(self.token));
                let hint = match name::lookalike(self.written(self.token)) {
                    Some((c, instead)) => format!("`{c}` is no operator of equations: write `{instead}`"),
                    None => "a product is written with `*`".to_owned(),
                };
                self.error(shared::MISSING_OPERATOR, self.token, message).with_hint(hint)
            }
        };
        Box::new(error)
    }

    /// Brackets hold something else than the name of an element or range.
    pub(super) fn bad_subscript(&self) -> Box<Diagnostic> {
        let message = if self.token.kind == TokenKind::End {
            "a subscript is missing".to_owned()
        } else {
            format!("`{}` is no subscript", self.shown(self.token))
        };
        let error = self.error(shared::BAD_SUBSCRIPT, self.token, message);
        Box::new(error.with_hint("a subscript is the name of an element or of a subscript range"))
    }

    /// A list of numbers holds something else.
    pub(super) fn not_in_list(&self) -> Box<Diagnostic> {
        let message = if self.token.kind == TokenKind::End {
            "a number is missing".to_owned()
        } else {
            format!("`{}` is no number of the list", self.shown(self.token))
        };
        let hint = "numbers are separated by commas, rows by semicolons; a point of a lookup is `(x,y)`";
        Box::new(self.error(code::BAD_LIST, self.token, message).with_hint(hint))
    }

    /// A keyword that exists, but not here.
    fn misplaced_keyword(&self) -> Box<Diagnostic> {
        if self.token.kind == TokenKind::Keyword(Keyword::Ignore) {
            let message =
                "an equation with `:IGNORE:` is not finished: it does not read yet what a diagram draws into it";
            let error = self.error(code::MISPLACED_KEYWORD, self.token, message);
            return Box::new(error.with_hint("let the equation use what follows, or delete `:IGNORE:` with its list"));
        }
        let message = format!("`{}` means nothing here", self.shown(self.token));
        let hint = "equations use `:AND:`, `:OR:`, `:NOT:` and `:NA:`; others precede the right side of a definition";
        Box::new(self.error(code::MISPLACED_KEYWORD, self.token, message).with_hint(hint))
    }

    /// Whether the colon here begins a word between colons, which is none of the keywords.
    pub(super) fn is_keyword_like(&self) -> bool {
        self.unknown_word().is_some()
    }

    /// The word between colons that begins at the token, if it is a colon.
    fn unknown_word(&self) -> Option<&str> {
        /// Longer than any keyword.
        const LONGEST: usize = 32;
        if self.token.kind != TokenKind::Colon {
            return None;
        }
        let rest = &self.text.joined.text()[self.token.start..self.lexer.end()];
        let length = rest[1..].bytes().take(LONGEST).position(|byte| !byte.is_ascii_alphabetic() && byte != b' ')?;
        let is_word = length > 0 && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        (is_word && rest[1 + length..].starts_with(':')).then(|| &rest[..length + 2])
    }

    /// What is said about such a word.
    pub(super) fn unknown_keyword(&self) -> Option<Diagnostic> {
        let word = self.unknown_word()?;
        let span = self.text.joined.span(self.token.start, self.token.start + word.len());
        let error = Diagnostic::error(code::MISPLACED_KEYWORD, span, format!("there is no keyword `{word}`"));
        let suggestion = name::suggest(word.trim_matches(':'), KEYWORDS.iter().map(|(words, _)| *words));
        Some(match suggestion {
            Some(meant) => error.with_hint(format!("did you mean `:{meant}:`?")),
            None => error.with_hint("equations use `:AND:`, `:OR:`, `:NOT:` and `:NA:`"),
        })
    }

    /// A closing mark without its opening one, the wrong closing mark, or none.
    fn unbalanced(&self, open: Option<Token>) -> Diagnostic {
        match open {
            Some(open) => self.unclosed(open),
            None => self
                .error(shared::UNBALANCED, self.token, format!("`{}` closes nothing", self.shown(self.token)))
                .with_label("never opened")
                .with_hint("remove it, or write its partner"),
        }
    }

    /// The token is where `open` should be closed.
    pub(super) fn unclosed(&self, open: Token) -> Diagnostic {
        let (opening, closing) = match partner(open.kind) == TokenKind::CloseBracket {
            true => ("[", "]"),
            false => ("(", ")"),
        };
        self.error(shared::UNBALANCED, self.token, format!("`{opening}` is not closed"))
            .with_label(format!("`{closing}` is expected here"))
            .with_place(self.span_of(open), "opened here")
            .with_hint(format!("write `{closing}`"))
    }

    /// An error at a token; the end is right after the last token.
    pub(super) fn error(&self, code: Code, token: Token, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span_of(token), message)
    }

    /// A token as messages show it.
    fn shown(&self, token: Token) -> String {
        shorten(self.written(token))
    }
}

/// What closes a parenthesis or bracket.
pub(super) fn partner(open: TokenKind) -> TokenKind {
    if open == TokenKind::OpenBracket { TokenKind::CloseBracket } else { TokenKind::CloseParen }
}
