//! The mutations of one expression; those within it are found by the walk.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{BinOp, Expr, ExprLit, Lit, RangeLimits, Token, UnOp};

use crate::find::Finder;
use crate::find::returned::Returned;
use crate::site::{Form, Kind};

impl Finder<'_> {
    /// Notes what can be changed in an expression.
    pub(super) fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::Binary(binary) => self.binary(expr, binary),
            Expr::Unary(unary) => self.unary(expr, unary),
            Expr::Lit(literal) => self.literal(expr, literal),
            Expr::If(branch) => self.condition(&branch.cond),
            Expr::While(repeat) => self.condition(&repeat.cond),
            Expr::MethodCall(call) => self.method(expr, call),
            Expr::Range(range) => self.range(range),
            Expr::Return(returned) => self.returned(returned),
            _ => {}
        }
    }

    /// A condition, unless other mutations negate it already.
    pub(super) fn condition(&mut self, condition: &Expr) {
        match condition {
            Expr::Let(_) => {}
            Expr::Paren(inner) => self.condition(&inner.expr),
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.condition(&binary.left);
                self.condition(&binary.right);
            }
            Expr::Binary(_) | Expr::Lit(_) => {}
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {}
            _ => self.note(condition.span(), Form::Negated, Kind::Negation, vec![negated(self.text(condition))]),
        }
    }

    fn binary(&mut self, expr: &Expr, binary: &syn::ExprBinary) {
        if holds_let(expr) {
            return;
        }
        let (kind, others) = other_operators(&binary.op);
        let (left, right) = (self.text(&binary.left), self.text(&binary.right));
        let alternatives = others.iter().map(|other| format!("({left}) {other} ({right})")).collect();
        self.note(expr.span(), Form::Choice, kind, alternatives);
    }

    /// Leaves a `!` or a `-` out.
    fn unary(&mut self, expr: &Expr, unary: &syn::ExprUnary) {
        let is_literal = matches!(*unary.expr, Expr::Lit(_));
        if matches!(unary.op, UnOp::Not(_) | UnOp::Neg(_)) && !is_literal {
            let inner = self.text(&unary.expr).to_owned();
            self.note(expr.span(), Form::Choice, Kind::Negation, vec![inner]);
        }
    }

    fn literal(&mut self, expr: &Expr, literal: &ExprLit) {
        let (kind, alternatives) = match &literal.lit {
            Lit::Bool(value) => (Kind::Truth, vec![(!value.value).to_string()]),
            Lit::Int(value) => match value.base10_parse::<u128>() {
                Ok(number) => {
                    let others = [number.checked_add(1), number.checked_sub(1)];
                    let text = |other: u128| format!("{other}{}", value.suffix());
                    (Kind::Number, others.into_iter().flatten().map(text).collect())
                }
                Err(_) => return,
            },
            Lit::Float(value) => match value.base10_parse::<f64>() {
                Ok(number) => {
                    let others = [number + 1.0, number - 1.0].into_iter().filter(|other| *other != number);
                    (Kind::Number, others.map(|other| format!("{other:?}{}", value.suffix())).collect())
                }
                Err(_) => return,
            },
            _ => return,
        };
        self.note(expr.span(), Form::Choice, kind, alternatives);
    }

    fn method(&mut self, expr: &Expr, call: &syn::ExprMethodCall) {
        let name = call.method.to_string();
        let other = match name.as_str() {
            "min" => "max",
            "max" => "min",
            "min_by_key" => "max_by_key",
            "max_by_key" => "min_by_key",
            "min_by" => "max_by",
            "max_by" => "min_by",
            "unwrap_or" if !matches!(call.args.first(), Some(Expr::Lit(_))) => {
                let receiver = self.text(&call.receiver);
                let alternative = format!("{receiver}.unwrap_or_default()");
                return self.note(expr.span(), Form::Choice, Kind::Fallback, vec![alternative]);
            }
            _ => return,
        };
        let whole = expr.span().byte_range();
        let place = call.method.span().byte_range();
        let alternative = [&self.text[whole.start..place.start], other, &self.text[place.end..whole.end]].concat();
        self.note(expr.span(), Form::Choice, Kind::Extreme, vec![alternative]);
    }

    /// Moves the end of a range by one, unless it is a literal, which has mutations of its own.
    fn range(&mut self, range: &syn::ExprRange) {
        let Some(end) = &range.end else { return };
        if matches!(**end, Expr::Lit(_)) {
            return;
        }
        let moved = match range.limits {
            RangeLimits::HalfOpen(_) => format!("({}) + 1", self.text(end)),
            RangeLimits::Closed(_) => format!("({}) - 1", self.text(end)),
        };
        self.note(end.span(), Form::Choice, Kind::Range, vec![moved]);
    }

    fn returned(&mut self, returned: &syn::ExprReturn) {
        let Some(value) = &returned.expr else { return };
        let text = self.text(value);
        if matches!(**value, Expr::Lit(_)) || text == "None" {
            return;
        }
        match self.returned.last() {
            Some(Returned::Bool) => self.note(value.span(), Form::Negated, Kind::Return, vec![negated(text)]),
            Some(Returned::Option) => self.note(value.span(), Form::Choice, Kind::Return, vec!["None".to_owned()]),
            Some(Returned::Integer) => self.note(value.span(), Form::Choice, Kind::Return, vec!["0".to_owned()]),
            Some(Returned::Other) | None => {}
        }
    }

    /// Visits the expressions within a macro's arguments where they are nothing but expressions.
    pub(super) fn invocation(&mut self, invocation: &syn::Macro) {
        let Some(name) = invocation.path.segments.last() else { return };
        let arguments = invocation.tokens.clone();
        let expressions = match name.ident.to_string().as_str() {
            "vec" => listed(arguments),
            "matches" => matched(arguments),
            _ => return,
        };
        for expr in expressions {
            self.visit_expr(&expr);
        }
    }
}

/// `a, b` or `a; b`.
fn listed(arguments: TokenStream) -> Vec<Expr> {
    let list = Punctuated::<Expr, Token![,]>::parse_terminated;
    if let Ok(list) = list.parse2(arguments.clone()) {
        return list.into_iter().collect();
    }
    let repeated = |input: ParseStream<'_>| {
        let element = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(vec![element, input.parse()?])
    };
    repeated.parse2(arguments).unwrap_or_default()
}

/// The first argument of `matches!`, and the condition after its pattern.
fn matched(arguments: TokenStream) -> Vec<Expr> {
    let parts = |input: ParseStream<'_>| {
        let mut found = vec![input.parse()?];
        input.parse::<Token![,]>()?;
        syn::Pat::parse_multi_with_leading_vert(input)?;
        if input.parse::<Option<Token![if]>>()?.is_some() {
            found.push(input.parse()?);
        }
        input.parse::<Option<Token![,]>>()?;
        Ok(found)
    };
    parts.parse2(arguments).unwrap_or_default()
}

fn negated(text: &str) -> String {
    format!("!({text})")
}

/// Whether it is a chain that holds a `let`, which has to stay where it is.
fn holds_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            holds_let(&binary.left) || holds_let(&binary.right)
        }
        _ => false,
    }
}

/// What an operator is replaced by.
fn other_operators(operator: &BinOp) -> (Kind, &'static [&'static str]) {
    match operator {
        BinOp::Add(_) => (Kind::Operator, &["-"]),
        BinOp::Sub(_) => (Kind::Operator, &["+"]),
        BinOp::Mul(_) => (Kind::Operator, &["+"]),
        BinOp::Div(_) => (Kind::Operator, &["*"]),
        BinOp::Rem(_) => (Kind::Operator, &["/"]),
        BinOp::Shl(_) => (Kind::Operator, &[">>"]),
        BinOp::Shr(_) => (Kind::Operator, &["<<"]),
        BinOp::BitOr(_) | BinOp::BitXor(_) => (Kind::Operator, &["&"]),
        BinOp::BitAnd(_) => (Kind::Operator, &["|"]),
        BinOp::AddAssign(_) => (Kind::Operator, &["-="]),
        BinOp::SubAssign(_) => (Kind::Operator, &["+="]),
        BinOp::MulAssign(_) => (Kind::Operator, &["+="]),
        BinOp::DivAssign(_) => (Kind::Operator, &["*="]),
        BinOp::RemAssign(_) => (Kind::Operator, &["/="]),
        BinOp::ShlAssign(_) => (Kind::Operator, &[">>="]),
        BinOp::ShrAssign(_) => (Kind::Operator, &["<<="]),
        BinOp::BitOrAssign(_) | BinOp::BitXorAssign(_) => (Kind::Operator, &["&="]),
        BinOp::BitAndAssign(_) => (Kind::Operator, &["|="]),
        BinOp::Eq(_) => (Kind::Comparison, &["!="]),
        BinOp::Ne(_) => (Kind::Comparison, &["=="]),
        BinOp::Lt(_) => (Kind::Comparison, &["<=", ">="]),
        BinOp::Le(_) => (Kind::Comparison, &["<", ">"]),
        BinOp::Gt(_) => (Kind::Comparison, &[">=", "<="]),
        BinOp::Ge(_) => (Kind::Comparison, &[">", "<"]),
        BinOp::And(_) => (Kind::Connective, &["||"]),
        BinOp::Or(_) => (Kind::Connective, &["&&"]),
        _ => (Kind::Operator, &[]),
    }
}
