//! Tests of the equation reader, by subject.

mod malformed;
mod places;
mod precedence;
mod syntax;

use super::parse;
use simc_model::builtin::Dialect;
use simc_model::definition::Equation;
use simc_model::definition::print::print_equation;
use simc_model::diagnostic::Diagnostic;
use simc_model::source::{Excerpt, FileId};

/// The equation of a text that stands for itself and is not empty.
fn read(text: &str) -> Result<Equation, Box<Diagnostic>> {
    parse(&Excerpt::verbatim(FileId(0), 0, text), Dialect::Xmile)
        .map(|equation| equation.expect("there is an equation"))
}

/// The equation as a prefix expression.
fn prefix(text: &str) -> String {
    let equation = read(text).unwrap_or_else(|error| panic!("{text:?}: {}", error.message));
    assert_post_order(&equation);
    print_equation(&equation)
}

/// The code and the marked text of what is wrong.
fn fault(text: &str) -> (u16, &str) {
    let error = read(text).map(|equation| print_equation(&equation)).expect_err(text);
    let span = error.span.expect("an error in an equation has a place");
    (error.code.0, &text[span.start as usize..span.end as usize])
}

/// Every node is after its operands, and every node but the last is the operand of exactly one.
fn assert_post_order(equation: &Equation) {
    use simc_model::definition::EquationKind as Kind;
    let mut uses = vec![0; equation.nodes.len()];
    for (at, node) in equation.nodes.iter().enumerate() {
        let operands = match &node.kind {
            Kind::Number(_) | Kind::Wildcard(None) => Vec::new(),
            Kind::Reference(_, list) | Kind::Call(_, list) => list.clone(),
            Kind::SubscriptedCall(_, subscripts, arguments) => [subscripts.as_slice(), arguments].concat(),
            Kind::Unary(_, a) | Kind::Position(a) | Kind::Transpose(a) | Kind::Wildcard(Some(a)) => vec![*a],
            Kind::Binary(_, a, b) | Kind::Range(a, b) | Kind::InnerProduct(a, b) => vec![*a, *b],
            Kind::If(a, b, c) => vec![*a, *b, *c],
        };
        for operand in operands {
            assert!((operand as usize) < at);
            uses[operand as usize] += 1;
        }
    }
    let last = uses.pop();
    assert_eq!(last, Some(0));
    assert!(uses.iter().all(|&times| times == 1));
}
