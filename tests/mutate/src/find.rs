//! Finds the places of a source file where a mutation is possible.
//!
//! Left alone are: constants, statics, `const fn`, patterns, types, attributes, tests, what is compiled for tests alone, `Debug`
//! impls, and the arguments of macros except `vec!` and `matches!`.

mod expression;
mod returned;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, ReturnType, Signature, Stmt};

use crate::find::returned::Returned;
use crate::site::{Form, Kind, Site};

/// All sites of a file, outer ones before those within them.
///
/// # Errors
/// The file is not Rust.
pub(crate) fn sites(text: &str) -> Result<Vec<Site>, syn::Error> {
    let file = syn::parse_file(text)?;
    let mut finder = Finder { text, sites: Vec::new(), functions: Vec::new(), returned: vec![Returned::Other] };
    finder.visit_file(&file);
    let mut sites = finder.sites;
    sites.sort_by_key(|site| (site.range.start, std::cmp::Reverse(site.range.end)));
    Ok(sites)
}

/// Walks over a file.
struct Finder<'t> {
    text: &'t str,
    sites: Vec<Site>,
    /// Names of the functions around the place, innermost last.
    functions: Vec<String>,
    /// What the function or closure around the place returns, innermost last.
    returned: Vec<Returned>,
}

impl Finder<'_> {
    /// The text of something.
    fn text(&self, node: &impl Spanned) -> &str {
        &self.text[node.span().byte_range()]
    }

    /// Notes a site with one mutation for each alternative.
    fn note(&mut self, span: Span, form: Form, kind: Kind, alternatives: Vec<String>) {
        let shown = one_line(&self.text[span.byte_range()]);
        self.note_as(span, form, kind, alternatives, shown);
    }

    /// The same, `shown` to people as the text that is changed.
    fn note_as(&mut self, span: Span, form: Form, kind: Kind, alternatives: Vec<String>, shown: String) {
        if alternatives.is_empty() {
            return;
        }
        let (start, range) = (span.start(), span.byte_range());
        let range = if form == Form::Entry { range.end..range.end } else { range };
        let function = self.functions.last().cloned().unwrap_or_default();
        let (line, column) = (start.line, start.column + 1);
        self.sites.push(Site { range, form, kind, alternatives, line, column, function, shown });
    }

    /// A function with a body.
    fn function(&mut self, attributes: &[Attribute], signature: &Signature, block: &Block) {
        if signature.constness.is_some() || is_for_tests(attributes) {
            return;
        }
        self.functions.push(signature.ident.to_string());
        let returned = Returned::of(&signature.output);
        let values = returned.values().iter().map(|value| (*value).to_owned()).collect();
        let ReturnType::Type(_, kind) = &signature.output else {
            return self.body(returned, block);
        };
        let shown = format!("{} -> {}", signature.ident, one_line(self.text(kind)));
        self.note_as(block.brace_token.span.open(), Form::Entry, Kind::Return, values, shown);
        self.body(returned, block);
    }

    fn body(&mut self, returned: Returned, block: &Block) {
        self.returned.push(returned);
        self.visit_block(block);
        self.returned.pop();
        self.functions.pop();
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &item.sig, block);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let is_debug = item
            .trait_
            .as_ref()
            .is_some_and(|(_, path, _)| path.segments.last().is_some_and(|segment| segment.ident == "Debug"));
        if !is_debug && !is_for_tests(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(expr, Some(_)) = statement
            && is_call(expr)
        {
            self.note(statement.span(), Form::Statement, Kind::Call, vec![String::new()]);
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.expression(expr);
        visit::visit_expr(self, expr);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if let Some((_, guard)) = &arm.guard {
            self.condition(guard);
            self.visit_expr(guard);
        }
        self.visit_expr(&arm.body);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.returned.push(Returned::Other);
        self.visit_expr(&closure.body);
        self.returned.pop();
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.invocation(invocation);
    }

    // What a program cannot choose while it runs, or what is no code.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_item_enum(&mut self, _: &'ast syn::ItemEnum) {}
    fn visit_item_macro(&mut self, _: &'ast syn::ItemMacro) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }
}

/// Whether what has these attributes is compiled for tests alone.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

/// Whether leaving a statement out leaves a call out.
fn is_call(expr: &Expr) -> bool {
    match expr {
        Expr::Call(_) | Expr::MethodCall(_) => true,
        Expr::Try(attempt) => is_call(&attempt.expr),
        _ => false,
    }
}

/// Text on one line, cut when it is long.
pub(crate) fn one_line(text: &str) -> String {
    const MAX_CHARS: usize = 70;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}
