//! Tokens to nodes: a precedence climber. Recursion happens only where an equation nests, and that has a limit; chains of
//! operators that group to the left are a loop.

use super::lexer::Lexer;
use super::limit::{NESTING_LIMIT, SIZE_LIMIT};
use super::token::{Infix, Level, Token, TokenKind};
use crate::code;
use simc_model::builtin::{self, Dialect};
use simc_model::definition::{Equation, EquationKind, EquationNode, Name, Path};
use simc_model::diagnostic::Diagnostic;
use simc_model::model::UnaryOp;
use simc_model::name::{self, Key};
use simc_model::source::{Excerpt, Span};

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Reads the whole text as one expression.
pub(super) fn parse_equation(excerpt: &Excerpt, dialect: Dialect) -> Result<Option<Equation>> {
    let Some(mut parser) = Parser::begin(excerpt, dialect)? else { return Ok(None) };
    parser.expression(Level::Expression)?;
    if parser.token.kind != TokenKind::End {
        return Err(parser.unexpected(None));
    }
    Ok(Some(Equation { nodes: parser.nodes, span: excerpt.trimmed().1 }))
}

/// Reads the whole text as expressions with commas between them, or semicolons between rows; none when it holds no token.
pub(super) fn parse_equations(excerpt: &Excerpt, dialect: Dialect) -> Result<Vec<Equation>> {
    let Some(mut parser) = Parser::begin(excerpt, dialect)? else { return Ok(Vec::new()) };
    let mut equations = Vec::new();
    loop {
        let start = parser.token.start;
        parser.expression(Level::Expression)?;
        let nodes = std::mem::take(&mut parser.nodes);
        equations.push(Equation { nodes, span: excerpt.span(start, parser.behind) });
        if parser.accept(TokenKind::Semicolon)? {
            if parser.token.kind == TokenKind::End {
                break;
            }
        } else if !parser.accept(TokenKind::Comma)? {
            break;
        }
    }
    if parser.token.kind != TokenKind::End {
        return Err(parser.unexpected(None));
    }
    Ok(equations)
}

pub(super) struct Parser<'a> {
    excerpt: &'a Excerpt,
    lexer: Lexer<'a>,
    dialect: Dialect,
    /// The token to be read next.
    pub(super) token: Token,
    /// One past the last token read.
    behind: usize,
    /// Expressions that are open around this place.
    depth: usize,
    nodes: Vec<EquationNode>,
}

impl<'a> Parser<'a> {
    /// Stands at the first token; none when there is not even one.
    fn begin(excerpt: &'a Excerpt, dialect: Dialect) -> Result<Option<Self>> {
        let mut lexer = Lexer::new(excerpt);
        let token = lexer.next()?;
        let is_empty = token.kind == TokenKind::End;
        Ok((!is_empty).then(|| Self { excerpt, lexer, dialect, token, behind: 0, depth: 0, nodes: Vec::new() }))
    }
}

impl Parser<'_> {
    /// An operand and every operator after it that binds more tightly than `floor`.
    fn expression(&mut self, floor: Level) -> Result<u32> {
        self.depth += 1;
        if self.depth > NESTING_LIMIT + 1 {
            let message = format!("the equation nests more than {NESTING_LIMIT} levels deep");
            let error = self.error(code::TOO_DEEP, self.token, message);
            return Err(Box::new(error.with_hint("move an inner part to a variable of its own")));
        }
        let start = self.token.start;
        let mut left = self.operand()?;
        while let Some((infix, level)) = self.token.kind.infix(self.dialect) {
            if level <= floor {
                break;
            }
            self.advance()?;
            // What groups to the right takes its equals along on its right.
            let right = self.expression(if level == Level::Power { Level::Sign } else { level })?;
            left = self.push(
                start,
                match infix {
                    Infix::Binary(op) => EquationKind::Binary(op, left, right),
                    Infix::InnerProduct => EquationKind::InnerProduct(left, right),
                },
            )?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// A number, a reference, a call, a parenthesis, a signed operand or a choice, with its transposes.
    fn operand(&mut self) -> Result<u32> {
        let start = self.token.start;
        let mut operand = match self.token.kind {
            TokenKind::Number(value) => {
                self.advance()?;
                self.push(start, EquationKind::Number(value))?
            }
            TokenKind::Name | TokenKind::Dot => self.reference()?,
            TokenKind::OpenParen => self.group()?,
            TokenKind::If => self.choice()?,
            TokenKind::Minus => self.signed(start, Some(UnaryOp::Neg))?,
            TokenKind::Not => self.signed(start, Some(UnaryOp::Not))?,
            TokenKind::Plus => self.signed(start, None)?,
            TokenKind::Then
            | TokenKind::Else
            | TokenKind::Star
            | TokenKind::InnerProduct
            | TokenKind::Binary(_)
            | TokenKind::Transpose
            | TokenKind::Comma
            | TokenKind::Semicolon
            | TokenKind::Colon
            | TokenKind::At
            | TokenKind::CloseParen
            | TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::End => return Err(self.missing_operand()),
        };
        while self.accept(TokenKind::Transpose)? {
            operand = self.push(start, EquationKind::Transpose(operand))?;
        }
        Ok(operand)
    }

    /// What is after a sign. A plus says nothing.
    fn signed(&mut self, start: usize, op: Option<UnaryOp>) -> Result<u32> {
        self.advance()?;
        let operand = self.expression(Level::Sign)?;
        match op {
            Some(op) => self.push(start, EquationKind::Unary(op, operand)),
            None => Ok(operand),
        }
    }

    fn group(&mut self) -> Result<u32> {
        let open = self.token;
        self.advance()?;
        let inner = self.expression(Level::Expression)?;
        self.close(open)?;
        Ok(inner)
    }

    /// `IF c THEN a ELSE b`, or `IF THEN ELSE(c, a, b)`.
    fn choice(&mut self) -> Result<u32> {
        let begin = self.token;
        self.advance()?;
        if self.token.kind == TokenKind::Then {
            let missing = self.missing_operand();
            self.advance()?;
            if self.token.kind != TokenKind::Else {
                return Err(missing);
            }
            self.advance()?;
            return if self.token.kind == TokenKind::OpenParen { self.choice_call(begin) } else { Err(missing) };
        }
        let condition = self.expression(Level::Expression)?;
        self.keyword(TokenKind::Then, begin)?;
        let then = self.expression(Level::Expression)?;
        self.keyword(TokenKind::Else, begin)?;
        let otherwise = self.expression(Level::Expression)?;
        self.push(begin.start, EquationKind::If(condition, then, otherwise))
    }

    /// The three arguments of a choice that is written as a call.
    fn choice_call(&mut self, begin: Token) -> Result<u32> {
        let arguments = self.list(Self::argument)?;
        let &[condition, then, otherwise] = arguments.as_slice() else {
            let span = self.excerpt.span(begin.start, self.behind);
            let message = format!("IF THEN ELSE takes 3 arguments but has {}", arguments.len());
            let error = Diagnostic::error(code::INCOMPLETE_IF, span, message);
            return Err(Box::new(error.with_hint("it takes a condition and a value for either case")));
        };
        self.push(begin.start, EquationKind::If(condition, then, otherwise))
    }

    /// THEN or ELSE of the IF that is at `begin`.
    fn keyword(&mut self, keyword: TokenKind, begin: Token) -> Result<()> {
        if self.token.kind == keyword {
            return self.advance();
        }
        if self.token.kind.begins_operand() {
            return Err(self.unexpected(None));
        }
        let (word, hint) = match keyword == TokenKind::Then {
            true => ("THEN", "a choice is written `IF condition THEN value ELSE value`"),
            false => ("ELSE", "a choice needs a value for either case: `IF condition THEN value ELSE 0`"),
        };
        let error = self.error(code::INCOMPLETE_IF, self.token, format!("this IF has no {word}"));
        let error = error.with_label(format!("{word} is expected here")).with_hint(hint);
        Err(Box::new(error.with_place(self.excerpt.span(begin.start, begin.end), "the IF")))
    }

    /// A variable, with its subscripts, or a call.
    fn reference(&mut self) -> Result<u32> {
        let begin = self.token;
        let path = match self.builtin_of_words()? {
            Some(path) => path,
            None => self.path()?,
        };
        let subscripts = match self.token.kind == TokenKind::OpenBracket {
            true => self.list(Self::subscript)?,
            false => Vec::new(),
        };
        if self.token.kind != TokenKind::OpenParen {
            return self.push(begin.start, EquationKind::Reference(path, subscripts));
        }
        if subscripts.is_empty() && is_choice(&path) {
            return self.choice_call(begin);
        }
        let arguments = self.list(Self::argument)?;
        let call = match subscripts.is_empty() {
            true => EquationKind::Call(path, arguments),
            false => EquationKind::SubscriptedCall(path, subscripts, arguments),
        };
        self.push(begin.start, call)
    }

    /// The name of a builtin that is written as several words, as in Vensim, with its arguments after it: `DELAY FIXED(`. Nothing else may
    /// be several words side by side.
    fn builtin_of_words(&mut self) -> Result<Option<Path>> {
        /// No builtin has more.
        const MAX_WORDS: usize = 6;
        let Token { start, end: first_end, .. } = self.token;
        // Almost every name has something else after it, which the first character tells.
        let behind = self.excerpt.text()[first_end..].trim_start_matches(' ');
        let may_go_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || c == '{');
        if !may_go_on || !self.is_word(self.token) {
            return Ok(None);
        }
        let mut ahead = self.lexer.clone();
        let mut end = self.token.end;
        for _ in 1..MAX_WORDS {
            let Ok(token) = ahead.next() else { return Ok(None) };
            if self.is_word(token) {
                end = token.end;
                continue;
            }
            let words = &self.excerpt.text()[start..end];
            let is_call = token.kind == TokenKind::OpenParen && end > self.token.end;
            if !is_call || builtin::find(Dialect::Stella, &Key::new(words)).is_none() {
                return Ok(None);
            }
            let (text, span) = (words.to_owned(), self.excerpt.span(start, end));
            while self.behind < end {
                self.advance()?;
            }
            return Ok(Some(Path { absolute: false, parts: vec![Name { text, span }], span }));
        }
        Ok(None)
    }

    /// Whether a token is a word or a number of digits, without quotes.
    fn is_word(&self, token: Token) -> bool {
        let written = self.written(token);
        !written.is_empty() && written.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    /// Names with dots between them and nothing else. The dot of `Dim.*` stays where it is.
    fn path(&mut self) -> Result<Path> {
        let start = self.token.start;
        let absolute = self.accept(TokenKind::Dot)?;
        let mut parts = vec![self.name()?];
        while self.token.kind == TokenKind::Dot && self.token.start == self.behind {
            if self.lexer.clone().next()?.kind == TokenKind::Star {
                break;
            }
            self.advance()?;
            if parts.len() >= NESTING_LIMIT {
                let message = format!("modules nest no more than {NESTING_LIMIT} levels deep");
                return Err(Box::new(self.error(code::TOO_DEEP, self.token, message)));
            }
            parts.push(self.name()?);
        }
        Ok(Path { absolute, parts, span: self.excerpt.span(start, self.behind) })
    }

    /// One name of a path.
    fn name(&mut self) -> Result<Name> {
        let Token { kind, start, end } = self.token;
        if kind != TokenKind::Name {
            return Err(Box::new(self.error(code::MISSING_OPERAND, self.token, "a name is missing after the dot")));
        }
        self.advance()?;
        let written = &self.excerpt.text()[start..end];
        let text = if written.starts_with('"') { name::unescape(written) } else { written.to_owned() };
        Ok(Name { text, span: self.excerpt.span(start, end) })
    }

    /// What is between the parenthesis or bracket here and its partner, separated by commas; nothing is allowed too.
    fn list(&mut self, item: fn(&mut Self) -> Result<u32>) -> Result<Vec<u32>> {
        let open = self.token;
        self.advance()?;
        let mut items = Vec::new();
        if open.kind == TokenKind::OpenParen && self.accept(TokenKind::CloseParen)? {
            return Ok(items);
        }
        items.push(item(self)?);
        while self.accept(TokenKind::Comma)? {
            items.push(item(self)?);
        }
        self.close(open)?;
        Ok(items)
    }

    fn argument(&mut self) -> Result<u32> {
        self.expression(Level::Expression)
    }

    /// An element, a computed element, `a:b`, `*`, `*:Dim`, `Dim.*` or `@n`.
    fn subscript(&mut self) -> Result<u32> {
        let start = self.token.start;
        if self.accept(TokenKind::Star)? {
            let dimension = if self.accept(TokenKind::Colon)? { Some(self.reference()?) } else { None };
            return self.push(start, EquationKind::Wildcard(dimension));
        }
        if self.accept(TokenKind::At)? {
            let position = self.expression(Level::Expression)?;
            return self.push(start, EquationKind::Position(position));
        }
        let first = self.expression(Level::Expression)?;
        if self.token.kind == TokenKind::Dot && self.is_bare_reference(first, start) {
            self.advance()?;
            self.advance()?;
            return self.push(start, EquationKind::Wildcard(Some(first)));
        }
        if !self.accept(TokenKind::Colon)? {
            return Ok(first);
        }
        let last = self.expression(Level::Expression)?;
        self.push(start, EquationKind::Range(first, last))
    }

    /// Whether the node is a plain name that makes up everything read since `start`.
    fn is_bare_reference(&self, node: u32, start: usize) -> bool {
        let node = &self.nodes[node as usize];
        matches!(&node.kind, EquationKind::Reference(_, subscripts) if subscripts.is_empty())
            && node.span == self.excerpt.span(start, self.behind)
    }

    /// Reads the partner of a parenthesis or bracket.
    fn close(&mut self, open: Token) -> Result<()> {
        if self.accept(partner(open.kind))? { Ok(()) } else { Err(self.unexpected(Some(open))) }
    }

    /// Reads the token if it is of that kind.
    fn accept(&mut self, kind: TokenKind) -> Result<bool> {
        let found = self.token.kind == kind;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn advance(&mut self) -> Result<()> {
        self.behind = self.token.end;
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// Where a token is; the end of the equation is right after its last token.
    pub(super) fn span_of(&self, token: Token) -> Span {
        let Token { kind, start, end } = token;
        if kind == TokenKind::End { self.excerpt.span_behind(self.behind) } else { self.excerpt.span(start, end) }
    }

    /// Whose equation it is.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The text of a token.
    pub(super) fn written(&self, token: Token) -> &str {
        &self.excerpt.text()[token.start..token.end]
    }

    /// What is before a token, without blanks at its end.
    pub(super) fn text_before(&self, token: Token) -> &str {
        self.excerpt.text()[..token.start].trim_end()
    }

    /// What is from a token on.
    pub(super) fn text_from(&self, token: Token) -> &str {
        &self.excerpt.text()[token.start..]
    }

    /// Appends a node that covers everything read since `start`.
    fn push(&mut self, start: usize, kind: EquationKind) -> Result<u32> {
        let span = self.excerpt.span(start, self.behind);
        if self.nodes.len() >= SIZE_LIMIT {
            let message = format!("the equation has more than {SIZE_LIMIT} numbers, names and operators");
            let error =
                Diagnostic::error(code::TOO_LARGE, span, message).with_hint("divide it among several variables");
            return Err(Box::new(error));
        }
        let id = u32::try_from(self.nodes.len()).expect("the size limit is below 2^32");
        self.nodes.push(EquationNode { kind, span });
        Ok(id)
    }
}

/// Whether the path is the name of the choice that is written as a call.
fn is_choice(path: &Path) -> bool {
    !path.absolute && matches!(path.parts.as_slice(), [name] if Key::new(&name.text).as_str() == "if_then_else")
}

/// What closes a parenthesis or bracket.
pub(super) fn partner(open: TokenKind) -> TokenKind {
    if open == TokenKind::OpenBracket { TokenKind::CloseBracket } else { TokenKind::CloseParen }
}
