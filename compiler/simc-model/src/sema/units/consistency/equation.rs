//! The units of an equation, node by node.

use crate::builtin::{Builtin, UnitRule};
use crate::definition::{Equation, EquationKind, EquationNode, Path};
use crate::model::{BinaryOp, UnaryOp, VarId};
use crate::sema::builder::context::EquationContext;
use crate::sema::instances::module_tree::Target;
use crate::source::Span;
use crate::units::Exponent;

use crate::sema::units::consistency::checker::{Checker, SiteKind};
use crate::sema::units::consistency::value::{Bare, Value};

/// What a name with arguments is.
enum Called {
    Builtin(&'static Builtin),
    /// A graphical function, or an array of which an element is read.
    Var(VarId),
    Unknown,
}

impl Checker<'_, '_> {
    /// The units of what an equation gives. What must agree within it is required on the way.
    pub(in crate::sema) fn value_of(&mut self, place: &EquationContext<'_, '_>, equation: &Equation) -> Value {
        let is_measured = self.find_measured(place, equation);
        let mut values: Vec<Value> = Vec::with_capacity(equation.nodes.len());
        for (node, is_measured) in equation.nodes.iter().zip(is_measured) {
            let value = if is_measured { self.node_value(place, equation, node, &mut values) } else { Value::Free };
            values.push(value);
        }
        values.pop().unwrap_or_default()
    }

    /// For each node whether its units matter: neither subscripts nor names of graphical functions have any.
    fn find_measured(&self, place: &EquationContext<'_, '_>, equation: &Equation) -> Vec<bool> {
        let mut is_measured = vec![false; equation.nodes.len()];
        if let Some(root) = is_measured.last_mut() {
            *root = true;
        }
        for (index, node) in equation.nodes.iter().enumerate().rev() {
            if !is_measured[index] {
                continue;
            }
            let operands: &[u32] = match &node.kind {
                EquationKind::Number(_)
                | EquationKind::Reference(..)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_) => &[],
                EquationKind::Call(path, args) => match self.called(place, path) {
                    Called::Builtin(builtin) if builtin.units == UnitRule::Lookup => args.get(1..).unwrap_or(&[]),
                    Called::Builtin(_) | Called::Var(_) | Called::Unknown => args,
                },
                EquationKind::SubscriptedCall(_, _, args) => args,
                EquationKind::Unary(_, a) | EquationKind::Transpose(a) => &[*a],
                EquationKind::Binary(_, a, b) | EquationKind::InnerProduct(a, b) => &[*a, *b],
                EquationKind::If(condition, then, otherwise) => &[*condition, *then, *otherwise],
            };
            for &operand in operands {
                is_measured[operand as usize] = true;
            }
        }
        is_measured
    }

    fn node_value(
        &mut self,
        place: &EquationContext<'_, '_>,
        equation: &Equation,
        node: &EquationNode,
        values: &mut [Value],
    ) -> Value {
        let mut take = |operand: u32| std::mem::take(&mut values[operand as usize]);
        let span = |operand: u32| equation.nodes[operand as usize].span;
        match &node.kind {
            EquationKind::Number(value) => Value::Number(Bare::of(*value)),
            EquationKind::Reference(path, _) => self.reference(place, path),
            EquationKind::Call(path, args) => match self.called(place, path) {
                Called::Builtin(Builtin { units: UnitRule::Lookup, .. }) => {
                    let table = args.first().and_then(|&table| equation.nodes[table as usize].kind.as_named());
                    table.and_then(|path| place.find_var(path)).map_or(Value::Free, |var| Value::Unit(self.of_var(var)))
                }
                Called::Builtin(Builtin { units: UnitRule::Power, .. }) if args.len() == 2 => {
                    take(args[0]).power(exponent(equation, args[1]))
                }
                Called::Builtin(Builtin { units: UnitRule::Root, .. }) if args.len() == 2 => {
                    let exponent = equation.nodes[args[1] as usize].kind.as_number().map(|n| 1.0 / n);
                    take(args[0]).power(exponent.and_then(Exponent::of_number))
                }
                Called::Builtin(Builtin { units: UnitRule::Derivative, .. }) if args.len() == 2 => {
                    let order = exponent(equation, args[1]);
                    let passed = Value::Unit(self.time.clone()).power(order);
                    take(args[0]).times(passed, Exponent::MINUS_ONE)
                }
                Called::Builtin(builtin) => {
                    let args: Vec<(Value, Span)> = args.iter().map(|&arg| (take(arg), span(arg))).collect();
                    self.call(place.owner, builtin, &args)
                }
                Called::Var(var) => Value::Unit(self.of_var(var)),
                Called::Unknown => Value::Free,
            },
            EquationKind::SubscriptedCall(path, ..) => {
                place.find_var(path).map_or(Value::Free, |var| Value::Unit(self.of_var(var)))
            }
            EquationKind::Unary(UnaryOp::Neg, a) => take(*a).negated(),
            EquationKind::Transpose(a) => take(*a),
            EquationKind::Unary(UnaryOp::Not, _) => Value::ONE,
            EquationKind::Binary(op, a, b) => {
                let sides = [(take(*a), span(*a)), (take(*b), span(*b))];
                self.binary(place.owner, *op, sides, exponent(equation, *b))
            }
            EquationKind::If(_, then, otherwise) => {
                let (first, second) = (take(*then), take(*otherwise));
                let kind = SiteKind::Branches(span(*then));
                self.require(&first, &second, place.owner, span(*otherwise), kind);
                first.or(second)
            }
            EquationKind::InnerProduct(a, b) => take(*a).times(take(*b), Exponent::ONE),
            EquationKind::Wildcard(_) | EquationKind::Range(..) | EquationKind::Position(_) => Value::Free,
        }
    }

    fn binary(
        &mut self,
        owner: VarId,
        op: BinaryOp,
        [(a, left), (b, right)]: [(Value, Span); 2],
        exponent: Option<Exponent>,
    ) -> Value {
        let verb = match op {
            BinaryOp::Mul => return a.times(b, Exponent::ONE),
            BinaryOp::Div | BinaryOp::SafeDiv => return a.times(b, Exponent::MINUS_ONE),
            BinaryOp::Pow => return a.power(exponent),
            BinaryOp::And | BinaryOp::Or => return Value::ONE,
            BinaryOp::Add => "added to",
            BinaryOp::Sub => "subtracted from",
            BinaryOp::Mod => "divided with a remainder by",
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => "compared with",
        };
        self.require(&a, &b, owner, right, SiteKind::Operands(verb, left));
        match op {
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mod => a.or(b),
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => Value::ONE,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::SafeDiv | BinaryOp::Pow | BinaryOp::And | BinaryOp::Or => {
                Value::Free
            }
        }
    }

    /// A name without arguments. Names of dimensions and elements are numbers.
    fn reference(&mut self, place: &EquationContext<'_, '_>, path: &Path) -> Value {
        let builtin = place.find_builtin(path).filter(|builtin| builtin.is_constant());
        match (place.find_target(path), builtin) {
            (Target::Var(var), None) => Value::Unit(self.of_var(var)),
            (Target::Var(var), Some(_)) if var != place.owner || path.parts.len() > 1 => Value::Unit(self.of_var(var)),
            (_, Some(builtin)) => self.call(place.owner, builtin, &[]),
            (Target::Module | Target::Missing(..), None) => {
                let is_dim = path.parts.first().is_some_and(|name| self.builder.dims.has(&name.text));
                if is_dim { Value::NUMBER } else { Value::Free }
            }
        }
    }

    fn called(&self, place: &EquationContext<'_, '_>, path: &Path) -> Called {
        let var = place.find_var(path);
        match (var, place.find_builtin(path)) {
            (Some(var), _) if self.builder.has_table(var) => Called::Var(var),
            _ if place.find_macro(path).is_some() => Called::Unknown,
            (_, Some(builtin)) => Called::Builtin(builtin),
            (Some(var), None) => Called::Var(var),
            (None, None) => Called::Unknown,
        }
    }
}

/// The exponent that a number, its negation or a quotient of two numbers is.
fn exponent(equation: &Equation, node: u32) -> Option<Exponent> {
    let number = |node: u32| {
        let kind = &equation.nodes[node as usize].kind;
        if let EquationKind::Unary(UnaryOp::Neg, a) = kind {
            return Some(-equation.nodes[*a as usize].kind.as_number()?);
        }
        kind.as_number()
    };
    if let EquationKind::Binary(BinaryOp::Div, a, b) = equation.nodes[node as usize].kind {
        return Exponent::of_number(number(a)? / number(b)?);
    }
    Exponent::of_number(number(node)?)
}
