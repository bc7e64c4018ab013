//! Expressions: a precedence climber. Recursion happens only where an expression nests, and that has
//! a limit; chains of operators that group to the left are a loop.

use super::{NESTING_LIMIT, Parser, Result, SIZE_LIMIT};
use crate::ast::{Equation, Node, NodeKind, Output, Subscript, UnaryOp};
use crate::neutral::Diagnostic;
use crate::neutral::diagnostic::code;
use crate::token::{Keyword, Level, Token, TokenKind};

impl Parser<'_> {
    /// An expression up to a token that cannot go on from it.
    pub(super) fn equation(&mut self) -> Result<Equation> {
        let start = self.token.start;
        let outer = std::mem::take(&mut self.nodes);
        self.expression(Level::Expression)?;
        let mut nodes = std::mem::replace(&mut self.nodes, outer);
        // There may be a million equations, whose nodes are kept.
        nodes.shrink_to_fit();
        Ok(Equation { nodes, span: self.text.joined.span(start, self.last_end) })
    }

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
        while let Some((op, level)) = self.token.kind.infix() {
            if level <= floor {
                break;
            }
            self.advance()?;
            // What groups to the right takes its equals along on its right.
            let right = self.expression(if level == Level::Power { Level::Sign } else { level })?;
            left = self.push(start, NodeKind::Binary(op, left, right))?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// A number, a literal, a reference, a call, points, a parenthesis or a signed operand.
    fn operand(&mut self) -> Result<u32> {
        let start = self.token.start;
        match self.token.kind {
            TokenKind::Number(value) => {
                self.advance()?;
                self.push(start, NodeKind::Number(value))
            }
            TokenKind::Keyword(Keyword::NotAvailable) => {
                self.advance()?;
                self.push(start, NodeKind::NotAvailable)
            }
            TokenKind::Text => {
                let written = self.written(self.token);
                let text = written[1..written.len() - 1].to_owned();
                self.advance()?;
                self.push(start, NodeKind::Text(text))
            }
            TokenKind::Name => self.reference(),
            TokenKind::OpenParen => self.group(),
            TokenKind::Minus => self.signed(start, Level::Sign, Some(UnaryOp::Negate)),
            TokenKind::Plus => self.signed(start, Level::Sign, None),
            TokenKind::Keyword(Keyword::Not) => self.signed(start, Level::Not, Some(UnaryOp::Not)),
            TokenKind::Binary(_)
            | TokenKind::Equals
            | TokenKind::Keyword(_)
            | TokenKind::Assign
            | TokenKind::Identical
            | TokenKind::Arrow
            | TokenKind::Equivalence
            | TokenKind::Colon
            | TokenKind::Comma
            | TokenKind::Semicolon
            | TokenKind::Mark
            | TokenKind::CloseParen
            | TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::End => Err(self.missing_operand()),
        }
    }

    /// What follows a sign or `:NOT:`. A plus says nothing.
    fn signed(&mut self, start: usize, level: Level, op: Option<UnaryOp>) -> Result<u32> {
        self.advance()?;
        let operand = self.expression(level)?;
        match op {
            Some(op) => self.push(start, NodeKind::Unary(op, operand)),
            None => Ok(operand),
        }
    }

    /// An expression in parentheses, or the points of a lookup.
    fn group(&mut self) -> Result<u32> {
        let open = self.token;
        if self.is_table() {
            let table = self.table()?;
            return self.push(open.start, NodeKind::Table(table));
        }
        self.advance()?;
        let inner = self.expression(Level::Expression)?;
        self.close(open)?;
        Ok(inner)
    }

    /// A variable, with its subscripts, or a call.
    fn reference(&mut self) -> Result<u32> {
        let start = self.token.start;
        let name = self.name()?;
        if self.accept(TokenKind::Mark)? {
            // A range that a function runs over, as a number: an array of the range's own name.
            let subscript = Subscript { name: name.clone(), is_marked: true };
            return self.push(start, NodeKind::Reference(name, vec![subscript]));
        }
        let subscripts = match self.token.kind == TokenKind::OpenBracket {
            true => self.marked_subscripts()?,
            false => Vec::new(),
        };
        if self.token.kind != TokenKind::OpenParen {
            return self.push(start, NodeKind::Reference(name, subscripts));
        }
        let open = self.token;
        self.advance()?;
        let (arguments, outputs) = self.arguments(open)?;
        self.push(start, NodeKind::Call { name, subscripts, arguments, outputs })
    }

    /// What is between the parenthesis `open`, which has been read, and its partner: arguments
    /// separated by commas, and after a colon the names of further results.
    fn arguments(&mut self, open: Token) -> Result<(Vec<u32>, Vec<Output>)> {
        let (mut arguments, mut outputs) = (Vec::new(), Vec::new());
        if self.accept(TokenKind::CloseParen)? {
            return Ok((arguments, outputs));
        }
        loop {
            arguments.push(self.expression(Level::Expression)?);
            if !self.accept(TokenKind::Comma)? {
                break;
            }
        }
        if self.token.kind == TokenKind::Colon && !self.is_keyword_like() {
            self.advance()?;
            loop {
                if self.token.kind != TokenKind::Name {
                    return Err(self.missing_operand());
                }
                let name = self.name()?;
                let is_array = self.token.kind == TokenKind::OpenBracket;
                outputs.push(Output { name, subscripts: if is_array { self.subscripts()? } else { Vec::new() } });
                if !self.accept(TokenKind::Comma)? {
                    break;
                }
            }
        }
        self.close(open)?;
        Ok((arguments, outputs))
    }

    /// Names in brackets, each with an exclamation mark perhaps.
    fn marked_subscripts(&mut self) -> Result<Vec<Subscript>> {
        let open = self.token;
        self.advance()?;
        let mut subscripts = Vec::new();
        loop {
            let name = self.subscript_name()?;
            let is_marked = self.accept(TokenKind::Mark)?;
            subscripts.push(Subscript { name, is_marked });
            if !self.accept(TokenKind::Comma)? {
                break;
            }
        }
        self.close(open)?;
        Ok(subscripts)
    }

    /// Appends a node that covers everything read since `start`.
    fn push(&mut self, start: usize, kind: NodeKind) -> Result<u32> {
        let span = self.text.joined.span(start, self.last_end);
        if self.nodes.len() >= SIZE_LIMIT {
            let message = format!("the equation has more than {SIZE_LIMIT} numbers, names and operators");
            let error = Diagnostic::error(code::TOO_LARGE, span, message);
            return Err(Box::new(error.with_hint("divide it among several variables")));
        }
        let id = u32::try_from(self.nodes.len()).expect("the size limit is below 2^32");
        self.nodes.push(Node { kind, span });
        Ok(id)
    }
}
