//! The points of lookups.

use super::list::starts_list;
use super::{Parser, Result};
use crate::ast::{Right, Table};
use crate::code;
use crate::lexer::parse_number;
use crate::neutral::Diagnostic;
use crate::token::TokenKind;

impl Parser<'_> {
    /// The parentheses after the name of a lookup: points, or a function that reads them from a file.
    pub(super) fn lookup(&mut self) -> Result<Right> {
        let open = self.token;
        let next = self.lexer.clone().next()?;
        if next.kind != TokenKind::Name {
            return Ok(Right::Lookup(self.table()?));
        }
        self.advance()?;
        let equation = self.equation()?;
        self.close(open)?;
        Ok(Right::LookupFrom(equation))
    }

    /// Whether the parenthesis here opens the points of a lookup and no expression: a bracket, a point
    /// or a number with a comma after it follows.
    pub(super) fn is_table(&self) -> bool {
        let mut lexer = self.lexer.clone();
        let Ok(next) = lexer.next() else { return false };
        if next.kind == TokenKind::OpenBracket {
            return true;
        }
        let inner = if next.kind == TokenKind::OpenParen { lexer.next() } else { Ok(next) };
        inner.is_ok_and(|inner| starts_list(lexer, inner.kind))
    }

    /// Points in parentheses: `([range], (x,y), ...)`, or all x and then all y.
    pub(super) fn table(&mut self) -> Result<Table> {
        let open = self.token;
        self.advance()?;
        let mut table = Table::default();
        if self.token.kind == TokenKind::OpenBracket {
            table.range = self.graph_range()?;
            self.accept(TokenKind::Comma)?;
        }
        if matches!(self.token.kind, TokenKind::Number(_) | TokenKind::Plus | TokenKind::Minus) {
            table.points = self.columns()?;
        } else {
            while self.token.kind == TokenKind::OpenParen {
                table.points.push(self.point()?);
                if !self.accept(TokenKind::Comma)? {
                    break;
                }
            }
        }
        self.close(open)?;
        table.span = self.text.joined.span(open.start, self.last_end);
        if table.points.is_empty() {
            let error = Diagnostic::error(code::BAD_LIST, table.span, "this lookup has no points");
            return Err(Box::new(error.with_hint("write points: `((0,0),(10,1))`")));
        }
        Ok(table)
    }

    /// `(x, y)`
    fn point(&mut self) -> Result<(f64, f64)> {
        let open = self.token;
        self.advance()?;
        let x = self.number()?;
        if !self.accept(TokenKind::Comma)? {
            return Err(self.not_in_list());
        }
        let y = self.number()?;
        self.close(open)?;
        Ok((x, y))
    }

    /// `x1, x2, ..., y1, y2, ...`
    fn columns(&mut self) -> Result<Vec<(f64, f64)>> {
        let start = self.token.start;
        let mut numbers = vec![self.number()?];
        while self.accept(TokenKind::Comma)? {
            numbers.push(self.number()?);
        }
        if numbers.len() % 2 != 0 {
            let span = self.text.joined.span(start, self.last_end);
            let message = format!("this lookup has {} numbers, which are not as many x as y", numbers.len());
            return Err(Box::new(
                Diagnostic::error(code::BAD_LIST, span, message)
                    .with_hint("write all x and then all y, or points: `((0,0),(10,1))`"),
            ));
        }
        let (xs, ys) = numbers.split_at(numbers.len() / 2);
        Ok(xs.iter().copied().zip(ys.iter().copied()).collect())
    }

    /// `[(x0,y0)-(x1,y1),(x,y),...]`: only the corners count, and only if they are numbers.
    fn graph_range(&mut self) -> Result<Option<[f64; 4]>> {
        let open = self.token;
        let text = &self.text.joined.text()[..self.lexer.end()];
        let Some(length) = text[open.end..].find(']') else {
            return Err(Box::new(self.unclosed(open)));
        };
        let corners = corners(&text[open.end..open.end + length]);
        let end = open.end + length + 1;
        self.lexer.move_to(end);
        self.token.end = end;
        self.advance()?;
        Ok(corners)
    }
}

/// The numbers of `(x0,y0)-(x1,y1)`, which may have more after it.
fn corners(text: &str) -> Option<[f64; 4]> {
    let pair = |text: &str| {
        let (x, y) = text.trim().strip_prefix('(')?.split_once(',')?;
        Some((parse_number(x.trim())?, parse_number(y.trim())?))
    };
    let (first, rest) = text.split_once(')')?;
    let (second, _) = rest.trim_start().strip_prefix('-')?.split_once(')')?;
    let ((x0, y0), (x1, y1)) = (pair(first)?, pair(second)?);
    Some([x0, y0, x1, y1])
}
