//! One entry: its first part, a definition, to a body.
//!
//! From tight to loose, operators are `^` (to the right), signs, `* /`, `+ -`, comparisons, `:NOT:`,
//! `:AND:`, `:OR:`.

use crate::ast::{Body, DataMode, Macro, Name, Node, Operator, Right, Variable};
use crate::code;
use crate::lexer::{Lexer, Text, name_text};
use crate::neutral::{Diagnostic, Span};
use crate::token::{Keyword, Token, TokenKind};

mod complain;
mod expression;
mod list;
mod range;
mod table;

/// How deep an expression may nest: parentheses, arguments, signs and the right-hand operands of
/// operators within each other. A chain of operators that group to the left is one level.
pub const NESTING_LIMIT: usize = 256;

/// How many numbers, names and operators an expression may have.
const SIZE_LIMIT: usize = 1 << 20;

/// How data between its points is found, by keyword.
const MODES: [(Keyword, DataMode); 4] = [
    (Keyword::Interpolate, DataMode::Interpolate),
    (Keyword::Raw, DataMode::Raw),
    (Keyword::HoldBackward, DataMode::HoldBackward),
    (Keyword::LookForward, DataMode::LookForward),
];

/// What may be between the two sides.
const OPERATORS: [(TokenKind, Operator); 4] = [
    (TokenKind::Equals, Operator::Equals),
    (TokenKind::Identical, Operator::Unchangeable),
    (TokenKind::Assign, Operator::Data),
    (TokenKind::Keyword(Keyword::Is), Operator::Is),
];

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Reads the first part of a definition, the joined bytes `start..end`. What has been understood
/// before an error comes with it.
pub(crate) fn parse_entry(text: &Text, start: usize, end: usize) -> (Option<Body>, Option<Box<Diagnostic>>) {
    let mut parser = match Parser::begin(text, start, end) {
        Ok(parser) => parser,
        Err(error) => return (None, Some(error)),
    };
    let mut variable = None;
    match parser.definition(&mut variable) {
        Ok(body) => (Some(body), None),
        Err(mut error) => {
            error.variable = variable.as_ref().map(|variable| variable.name.text.clone());
            (variable.map(Body::Variable), Some(error))
        }
    }
}

/// Reads what follows `:MACRO:` at a joined byte, up to the parenthesis that closes the parameters.
/// Gives the macro, without definitions, and the byte after it.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn parse_macro(text: &Text, start: usize) -> Result<(Macro, usize)> {
    Parser::begin(text, start, text.joined.text().len())?.macro_line()
}

/// A reader of one definition.
pub(crate) struct Parser<'a> {
    text: &'a Text<'a>,
    lexer: Lexer<'a>,
    /// The token to be read next.
    token: Token,
    /// One past the last token read.
    last_end: usize,
    /// Expressions that are open around this place.
    depth: usize,
    /// Nodes of the expression being read.
    nodes: Vec<Node>,
}

impl<'a> Parser<'a> {
    fn begin(text: &'a Text<'a>, start: usize, end: usize) -> Result<Self> {
        let mut lexer = Lexer::new(text, start, end);
        let token = lexer.next()?;
        Ok(Self { text, lexer, token, last_end: start, depth: 0, nodes: Vec::new() })
    }

    /// A whole definition. A variable whose left side has been read is left in `head` on an error.
    fn definition(&mut self, head: &mut Option<Variable>) -> Result<Body> {
        if self.token.kind != TokenKind::Name {
            return Err(self.no_left_side());
        }
        let name = self.name()?;
        if self.token.kind == TokenKind::Colon {
            return self.range(name);
        }
        if self.token.kind == TokenKind::Equivalence {
            return self.equivalence(name);
        }
        let variable = head.insert(Variable {
            name,
            subscripts: Vec::new(),
            exceptions: Vec::new(),
            mode: None,
            operator: Operator::None,
            right: Right::Unreadable,
        });
        if self.token.kind == TokenKind::OpenBracket {
            variable.subscripts = self.subscripts()?;
        }
        if let TokenKind::Keyword(Keyword::TheCondition | Keyword::TestInput) = self.token.kind {
            let name = variable.name.clone();
            let body = self.reality_check(name);
            *head = None;
            return body;
        }
        self.left_side(variable)?;
        variable.right = self.right_side(variable.operator)?;
        if self.token.kind != TokenKind::End {
            return Err(self.unexpected(None));
        }
        head.take().map(Body::Variable).ok_or_else(|| self.no_left_side())
    }

    /// What is between the subscripts and the right side.
    fn left_side(&mut self, variable: &mut Variable) -> Result<()> {
        if self.accept(TokenKind::Keyword(Keyword::Except))? {
            variable.exceptions = self.exceptions()?;
        }
        variable.mode = MODES.iter().find(|(keyword, _)| self.is_keyword(*keyword)).map(|(_, mode)| *mode);
        if variable.mode.is_some() {
            self.advance()?;
        }
        if matches!(self.token.kind, TokenKind::OpenParen | TokenKind::End) {
            return Ok(());
        }
        let operator = OPERATORS.iter().find(|(kind, _)| *kind == self.token.kind);
        let &(_, operator) = operator.ok_or_else(|| self.no_operator())?;
        variable.operator = operator;
        // The text after `:IS:` need not consist of tokens.
        if operator == Operator::Is { Ok(()) } else { self.advance() }
    }

    fn right_side(&mut self, operator: Operator) -> Result<Right> {
        match operator {
            Operator::None if self.token.kind == TokenKind::OpenParen => self.lookup(),
            Operator::Is => Ok(self.string()),
            _ if self.token.kind == TokenKind::End => Ok(Right::Nothing),
            Operator::None | Operator::Equals | Operator::Unchangeable | Operator::Data => self.value(),
        }
    }

    /// An expression, numbers for an array, or the causes that a diagram shows.
    fn value(&mut self) -> Result<Right> {
        if self.is_word_before_paren("A FUNCTION OF") {
            return Ok(Right::FunctionOf(self.causes()?));
        }
        if self.is_word_before_paren("TABBED ARRAY") {
            return Ok(Right::Constants(self.tabbed_array()?));
        }
        if self.is_list() {
            return Ok(Right::Constants(self.constants()?));
        }
        Ok(Right::Equation(self.equation()?))
    }

    /// What follows `:IS:`, without the quotes around it.
    fn string(&mut self) -> Right {
        let (start, end) = (self.token.end, self.lexer.end());
        let name = self.raw(start, end);
        self.lexer.move_to(end);
        self.token = Token { kind: TokenKind::End, start: end, end };
        let inside = ['\'', '"'].iter().find_map(|&quote| name.text.strip_prefix(quote)?.strip_suffix(quote));
        match inside {
            Some(inside) => Right::Text(Name { text: inside.to_owned(), span: name.span }),
            None => Right::Text(name),
        }
    }

    /// `NAME :THE CONDITION: ... :IMPLIES: ...` or `NAME :TEST INPUT: ...`.
    fn reality_check(&mut self, name: Name) -> Result<Body> {
        let (start, end) = (self.token.end, self.lexer.end());
        if self.token.kind == TokenKind::Keyword(Keyword::TestInput) {
            return Ok(Body::TestInput { name, change: self.raw(start, end) });
        }
        let begin = self.token;
        while self.token.kind != TokenKind::Keyword(Keyword::Implies) {
            if self.token.kind == TokenKind::End {
                let error = self.error(code::BAD_DEFINITION, begin, "this reality check has no consequence");
                let hint = "write `name :THE CONDITION: condition :IMPLIES: consequence`";
                return Err(Box::new(error.with_hint(hint).with_variable(name.text)));
            }
            self.advance()?;
        }
        let condition = self.raw(start, self.token.start);
        Ok(Body::RealityCheck { name, condition, consequence: self.raw(self.token.end, end) })
    }

    /// `Alias <-> Dim`
    fn equivalence(&mut self, alias: Name) -> Result<Body> {
        self.advance()?;
        let range = self.expect_name("a subscript range is missing after `<->`")?;
        self.expect_end()?;
        Ok(Body::Equivalence { alias, range })
    }

    /// Lists of subscripts after `:EXCEPT:`.
    fn exceptions(&mut self) -> Result<Vec<Vec<Name>>> {
        let mut lists = vec![self.subscripts()?];
        while self.accept(TokenKind::Comma)? {
            lists.push(self.subscripts()?);
        }
        Ok(lists)
    }

    /// Names in brackets.
    fn subscripts(&mut self) -> Result<Vec<Name>> {
        let open = self.token;
        if !self.accept(TokenKind::OpenBracket)? {
            return Err(self.unexpected(None));
        }
        let mut names = Vec::new();
        loop {
            names.push(self.subscript_name()?);
            if !self.accept(TokenKind::Comma)? {
                break;
            }
        }
        self.close(open)?;
        Ok(names)
    }

    /// `NAME(inputs : outputs)`
    fn macro_line(&mut self) -> Result<(Macro, usize)> {
        let start = self.token.start;
        let name = self.expect_macro_part(TokenKind::Name)?.unwrap_or_else(|| self.raw(start, start));
        self.expect_macro_part(TokenKind::OpenParen)?;
        let mut parameters = [Vec::new(), Vec::new()];
        let [inputs, outputs] = &mut parameters;
        let (mut list, mut is_output) = (&mut *inputs, false);
        if self.token.kind != TokenKind::CloseParen {
            loop {
                list.extend(self.expect_macro_part(TokenKind::Name)?);
                if self.token.kind == TokenKind::Colon && !is_output {
                    (list, is_output) = (&mut *outputs, true);
                } else if self.token.kind != TokenKind::Comma {
                    break;
                }
                self.advance()?;
            }
        }
        let end = self.token.end;
        if self.token.kind != TokenKind::CloseParen {
            self.expect_macro_part(TokenKind::CloseParen)?;
        }
        let [inputs, outputs] = parameters;
        let span = self.text.joined.span(start, end);
        Ok((Macro { name, inputs, outputs, entries: Vec::new(), reported: false, span }, end))
    }

    /// Reads a token of a macro's first line; gives its name if it is one.
    fn expect_macro_part(&mut self, kind: TokenKind) -> Result<Option<Name>> {
        if self.token.kind != kind {
            let error = self.error(code::BAD_MACRO, self.token, "the first line of this macro cannot be read");
            return Err(Box::new(error.with_hint("a macro begins with `:MACRO: NAME(inputs : outputs)`")));
        }
        if kind == TokenKind::Name {
            return self.name().map(Some);
        }
        self.advance()?;
        Ok(None)
    }

    /// Reads the name here.
    fn name(&mut self) -> Result<Name> {
        let Token { start, end, .. } = self.token;
        let text = name_text(&self.text.joined.text()[start..end]);
        self.advance()?;
        Ok(Name { text, span: self.text.joined.span(start, end) })
    }

    /// Whether the token may be the name of an element or range.
    fn is_element(&self) -> bool {
        matches!(self.token.kind, TokenKind::Name | TokenKind::Number(_))
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        self.token.kind == TokenKind::Keyword(keyword)
    }

    /// Reads the name of an element or range.
    fn subscript_name(&mut self) -> Result<Name> {
        if self.is_element() { self.name() } else { Err(self.bad_subscript()) }
    }

    /// Reads the name here, or says that it is missing.
    fn expect_name(&mut self, message: &str) -> Result<Name> {
        if self.token.kind == TokenKind::Name {
            return self.name();
        }
        let error = self.error(code::BAD_RANGE, self.token, message);
        Err(Box::new(error.with_hint("a name without quotes begins with a letter; others need double quotes")))
    }

    fn expect_end(&self) -> Result<()> {
        if self.token.kind == TokenKind::End { Ok(()) } else { Err(self.unexpected(None)) }
    }

    /// Reads the partner of a parenthesis or bracket.
    fn close(&mut self, open: Token) -> Result<()> {
        if self.accept(complain::partner(open.kind))? { Ok(()) } else { Err(self.unexpected(Some(open))) }
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
        self.last_end = self.token.end;
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// The joined bytes `start..end` without blanks around them, as they are.
    fn raw(&self, start: usize, end: usize) -> Name {
        trimmed(self.text, start, end)
    }

    /// Where a token is; the end is right after the last token.
    fn span_of(&self, token: Token) -> Span {
        let is_end = token.kind == TokenKind::End;
        let (start, end) = if is_end { (self.last_end, self.last_end) } else { (token.start, token.end) };
        self.text.joined.span(start, end)
    }

    /// The text of a token.
    fn written(&self, token: Token) -> &'a str {
        &self.text.joined.text()[token.start..token.end]
    }
}

/// The joined bytes `start..end` without blanks around them, with their place.
pub(crate) fn trimmed(text: &Text, start: usize, end: usize) -> Name {
    let written = &text.joined.text()[start..end];
    let from = start + (written.len() - written.trim_start_matches(crate::scan::is_blank).len());
    let written = written.trim_matches(crate::scan::is_blank);
    Name { text: written.to_owned(), span: text.joined.span(from, from + written.len()) }
}
