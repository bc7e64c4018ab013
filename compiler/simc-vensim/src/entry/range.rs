//! Subscript ranges: `Dim: a, b, (c1-c9), Sub -> Other, (Another: x, y, z)`.

use super::{Parser, Result};
use crate::ast::{Body, Mapping, Name, RangeItem, SubscriptRange};
use crate::code;
use crate::neutral::Diagnostic;
use crate::token::TokenKind;

impl Parser<'_> {
    /// What follows the name of a range.
    pub(super) fn range(&mut self, name: Name) -> Result<Body> {
        if let Some(error) = self.unknown_keyword() {
            return Err(Box::new(error.with_variable(name.text)));
        }
        self.advance()?;
        self.range_body(&name).map_err(|mut error| {
            error.variable.get_or_insert(name.text.clone());
            error
        })
    }

    fn range_body(&mut self, name: &Name) -> Result<Body> {
        let elements = self.range_items()?;
        let mut mappings = Vec::new();
        if self.accept(TokenKind::Arrow)? {
            loop {
                mappings.push(self.mapping()?);
                if !self.accept(TokenKind::Comma)? {
                    break;
                }
            }
        }
        self.accept(TokenKind::Semicolon)?;
        if self.token.kind != TokenKind::End {
            return Err(self.bad_range("a comma or the end of the range is missing here"));
        }
        Ok(Body::Range(SubscriptRange { name: name.clone(), elements, mappings }))
    }

    /// A range, or `(Range: elements)`.
    fn mapping(&mut self) -> Result<Mapping> {
        let open = self.token;
        if !self.accept(TokenKind::OpenParen)? {
            let range = self.expect_name("the range that this one maps to is missing")?;
            return Ok(Mapping { range, elements: None });
        }
        let range = self.expect_name("the range that this one maps to is missing")?;
        if !self.accept(TokenKind::Colon)? {
            return Err(self.bad_range("a colon and elements are missing after the range"));
        }
        let elements = self.range_items()?;
        self.close(open)?;
        Ok(Mapping { range, elements: Some(elements) })
    }

    /// Elements, ranges and sequences with commas between them; at least one.
    fn range_items(&mut self) -> Result<Vec<RangeItem>> {
        let mut items = Vec::new();
        loop {
            items.push(self.range_item()?);
            if !self.accept(TokenKind::Comma)? {
                return Ok(items);
            }
        }
    }

    fn range_item(&mut self) -> Result<RangeItem> {
        if self.token.kind == TokenKind::OpenParen {
            return self.sequence();
        }
        if self.token.kind == TokenKind::Name
            && self.lexer.clone().next().is_ok_and(|next| next.kind == TokenKind::OpenParen)
        {
            return Ok(RangeItem::Call(self.equation()?));
        }
        self.element().map(RangeItem::Name)
    }

    /// `(a1-a9)`
    fn sequence(&mut self) -> Result<RangeItem> {
        let open = self.token;
        self.advance()?;
        let first = self.element()?;
        if !self.accept(TokenKind::Minus)? {
            return Err(self.bad_range("a minus and the last element are missing here"));
        }
        let last = self.element()?;
        self.close(open)?;
        Ok(RangeItem::Sequence(first, last))
    }

    fn element(&mut self) -> Result<Name> {
        if self.is_element() { self.name() } else { Err(self.bad_range("an element is missing here")) }
    }

    fn bad_range(&self, message: &str) -> Box<Diagnostic> {
        let hint = "a range is written `Dim: a, b, (c1-c9) -> Other, (Another: x, y)`";
        Box::new(self.error(code::BAD_RANGE, self.token, message).with_hint(hint))
    }
}
