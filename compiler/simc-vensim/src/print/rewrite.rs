//! Equations of XMILE in Vensim's words: the same bits by other functions and operators where the
//! languages differ, all subscripts written, comparisons as numbers by choices.

use simc_model::builtin::{Dialect, LookupFn, Meaning};
use simc_model::definition::scope::{Callee, Scope};
use simc_model::definition::{DimDef, Equation, EquationKind, EquationNode, Name, Path, VarDef};
use simc_model::diagnostic::{Diagnostic, code};
use simc_model::model::{BinaryOp, Method, UnaryOp};
use simc_model::name::Key;
use simc_model::source::Span;

use crate::neutral::Code;

/// Nodes that one equation may come to when it is written out.
const MAX_NODES: u64 = 1 << 16;

/// The equation around a rewriting.
pub(super) struct Context<'r, 'd> {
    pub(super) scope: &'r Scope<'d>,
    /// The variable whose equation it is.
    pub(super) owner: &'r VarDef,
    /// What its left side says for each dimension: a range or an element.
    pub(super) left: &'r [Name],
    /// How the model is integrated.
    pub(super) method: Method,
}

/// What a node is for.
#[derive(Clone, Copy)]
pub(super) enum Role<'d> {
    /// A number.
    Value(Use),
    /// A subscript of this dimension, if it is known.
    Subscript(Option<&'d DimDef>, Use),
    /// The name of a graphical function.
    Table,
    /// The name of a graphical function that is read at a number.
    Read,
    /// Something whose elements are counted.
    Counted,
}

/// How a number is used.
#[derive(Clone, Copy, Default)]
pub(super) struct Use {
    /// Arrays in it are whole, as in a reducer.
    pub(super) is_whole: bool,
    /// It is a condition.
    pub(super) is_condition: bool,
    /// It is an argument of a function of vectors, which runs along ranges that are not on the left.
    pub(super) is_vector: bool,
}

/// A rewriting.
pub(super) struct Rewriter<'r, 'd> {
    pub(super) context: &'r Context<'r, 'd>,
    pub(super) source: &'r Equation,
    roles: Vec<Option<Role<'d>>>,
    /// The operator that each node is an operand of, for comparisons: the other operand.
    siblings: Vec<Option<u32>>,
    nodes: Vec<EquationNode>,
    /// For each new node, what it comes to when it is written, and whether it draws random numbers.
    weights: Vec<(u64, bool)>,
    moved: Vec<u32>,
    pub(super) span: Span,
    faults: Vec<Diagnostic>,
}

/// An equation in Vensim's words.
///
/// # Errors
/// Everything in it that Vensim cannot say.
pub(super) fn rewrite(context: &Context<'_, '_>, equation: &Equation) -> Result<Equation, Vec<Diagnostic>> {
    let n = equation.nodes.len();
    let mut rewriter = Rewriter {
        context,
        source: equation,
        roles: vec![None; n],
        siblings: vec![None; n],
        nodes: Vec::with_capacity(n),
        weights: Vec::with_capacity(n),
        moved: vec![0; n],
        span: equation.span,
        faults: Vec::new(),
    };
    if let Some(last) = rewriter.roles.last_mut() {
        *last = Some(Role::Value(Use::default()));
    }
    for index in (0..n).rev() {
        if let Some(role) = rewriter.roles[index] {
            rewriter.assign(index, role);
        }
    }
    for index in 0..n {
        if let Some(role) = rewriter.roles[index] {
            rewriter.span = equation.nodes[index].span;
            rewriter.moved[index] = rewriter.node(index, role);
        }
    }
    let root = rewriter.moved.last().copied().unwrap_or(0);
    if rewriter.weights.get(root as usize).is_some_and(|(weight, _)| *weight > MAX_NODES) {
        rewriter.fault(
            code::CONVERT_FUNCTION,
            "the equation becomes too long when its functions are written out",
            "divide it among several variables",
        );
    }
    if !rewriter.faults.is_empty() {
        return Err(rewriter.faults);
    }
    rewriter.nodes.truncate(root as usize + 1);
    Ok(Equation { nodes: rewriter.nodes, span: equation.span })
}

impl<'d> Rewriter<'_, 'd> {
    /// Says what the operands of a node are for.
    fn assign(&mut self, index: usize, role: Role<'d>) {
        let source = self.source;
        let usage = match role {
            Role::Value(usage) => usage,
            Role::Subscript(_, usage) => usage,
            Role::Table | Role::Read => {
                if let EquationKind::Reference(path, subscripts) = &source.nodes[index].kind {
                    self.assign_subscripts(path, subscripts, Use::default());
                }
                return;
            }
            Role::Counted => return,
        };
        let plain = Use { is_condition: false, ..usage };
        let set = |roles: &mut Vec<Option<Role<'d>>>, node: u32, role| roles[node as usize] = Some(role);
        match &source.nodes[index].kind {
            EquationKind::Reference(path, subscripts) => self.assign_subscripts(path, subscripts, plain),
            EquationKind::SubscriptedCall(path, subscripts, arguments) => {
                self.assign_subscripts(path, subscripts, plain);
                arguments.iter().for_each(|&node| set(&mut self.roles, node, Role::Value(plain)));
            }
            EquationKind::Call(path, arguments) => self.assign_arguments(path, arguments, plain),
            EquationKind::Unary(op, operand) => {
                let is_condition = *op == UnaryOp::Not;
                set(&mut self.roles, *operand, Role::Value(Use { is_condition, ..usage }));
            }
            EquationKind::Binary(op, left, right) => {
                let is_condition = matches!(op, BinaryOp::And | BinaryOp::Or);
                if is_comparison(*op) {
                    self.siblings[*left as usize] = Some(*right);
                    self.siblings[*right as usize] = Some(*left);
                }
                for node in [*left, *right] {
                    set(&mut self.roles, node, Role::Value(Use { is_condition, ..usage }));
                }
            }
            EquationKind::If(cond, then, otherwise) => {
                set(&mut self.roles, *cond, Role::Value(Use { is_condition: true, ..usage }));
                set(&mut self.roles, *then, Role::Value(plain));
                set(&mut self.roles, *otherwise, Role::Value(plain));
            }
            EquationKind::Transpose(operand) => set(&mut self.roles, *operand, Role::Counted),
            EquationKind::InnerProduct(left, right) => {
                [*left, *right].into_iter().for_each(|node| set(&mut self.roles, node, Role::Counted));
            }
            EquationKind::Number(_)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_) => {}
        }
    }

    fn assign_subscripts(&mut self, path: &Path, subscripts: &[u32], usage: Use) {
        let dims = self.context.scope.var_of(path).map(|var| var.dims.as_slice()).unwrap_or_default();
        for (position, &node) in subscripts.iter().enumerate() {
            let dim = dims.get(position).and_then(|dim| self.context.scope.dim(&dim.text));
            self.roles[node as usize] = Some(Role::Subscript(dim, usage));
        }
    }

    fn assign_arguments(&mut self, path: &Path, arguments: &[u32], usage: Use) {
        let meaning = match self.context.scope.callee(path) {
            Callee::Builtin(builtin) => Some(builtin.meaning),
            Callee::Table(_) | Callee::Macro | Callee::Other => None,
        };
        for (position, &node) in arguments.iter().enumerate() {
            let role = match (meaning, position) {
                (Some(Meaning::Lookup(LookupFn::Value)), 0) => Role::Read,
                (Some(Meaning::Lookup(_)), 0) => Role::Table,
                (Some(Meaning::Size), _) => Role::Counted,
                (Some(Meaning::Reduce(_) | Meaning::Fold(_)), _) if arguments.len() == 1 => {
                    Role::Value(Use { is_whole: true, ..usage })
                }
                (Some(Meaning::Vector(_)), _) => Role::Value(Use { is_vector: true, ..usage }),
                (Some(Meaning::If), 0) => Role::Value(Use { is_condition: true, ..usage }),
                (Some(Meaning::Memory(_)), 0) => Role::Value(Use { is_condition: self.takes_condition(path), ..usage }),
                _ => Role::Value(usage),
            };
            self.roles[node as usize] = Some(role);
        }
    }

    /// Whether the first argument of a function is a condition.
    fn takes_condition(&self, path: &Path) -> bool {
        path.parts.last().is_some_and(|name| Key::new(&name.text).as_str() == "sample_if_true")
    }

    /// A node in Vensim's words; the number of the new node.
    fn node(&mut self, index: usize, role: Role<'d>) -> u32 {
        let source = self.source;
        let node = &source.nodes[index];
        let usage = match role {
            Role::Subscript(dim, usage) => return self.subscript(index, dim, usage),
            Role::Counted | Role::Read => return self.number(0.0),
            Role::Table => return self.table(index),
            Role::Value(usage) => usage,
        };
        let at = |node: &u32| self.moved[*node as usize];
        match &node.kind {
            EquationKind::Number(value) => self.number(*value),
            EquationKind::Reference(path, subscripts) => self.reference(index, path, subscripts, usage),
            EquationKind::Call(path, arguments) => self.call(path, arguments, usage),
            EquationKind::SubscriptedCall(path, subscripts, arguments) => {
                let subscripts = subscripts.iter().map(at).collect();
                let arguments: Vec<u32> = arguments.iter().map(at).collect();
                self.table_call(path, Some(subscripts), &arguments, usage)
            }
            EquationKind::Unary(op, operand) => {
                let value = self.push(EquationKind::Unary(*op, at(operand)));
                if *op == UnaryOp::Not { self.truth(value, usage) } else { value }
            }
            EquationKind::Binary(op, left, right) => {
                let (left, right) = (at(left), at(right));
                self.operator(*op, left, right, usage)
            }
            EquationKind::If(cond, then, otherwise) => {
                let (cond, then, otherwise) = (at(cond), at(then), at(otherwise));
                self.choose(cond, then, otherwise)
            }
            EquationKind::Transpose(_) | EquationKind::InnerProduct(..) => {
                self.fault(
                    code::CONVERT_ARRAY,
                    "Vensim has neither transposes nor inner products of arrays",
                    "write the sum over the elements with SUM",
                );
                0
            }
            EquationKind::Wildcard(_) | EquationKind::Range(..) | EquationKind::Position(_) => 0,
        }
    }

    fn operator(&mut self, op: BinaryOp, left: u32, right: u32, usage: Use) -> u32 {
        match op {
            BinaryOp::SafeDiv => {
                let zero = self.number(0.0);
                let divided = self.safe_division(left, right, zero);
                if self.context.scope.dialect != Dialect::Stella {
                    return divided;
                }
                let is_number = self.compare(BinaryOp::Eq, right, right);
                self.choose(is_number, divided, zero)
            }
            BinaryOp::Mod => {
                let parts = self.binary(BinaryOp::Div, left, right);
                let whole = self.floor(parts);
                self.repeat(&[left, right], "MOD");
                let product = self.binary(BinaryOp::Mul, right, whole);
                self.binary(BinaryOp::Sub, left, product)
            }
            BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::And
            | BinaryOp::Or => {
                let value = self.binary(op, left, right);
                self.truth(value, usage)
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow => {
                self.binary(op, left, right)
            }
        }
    }

    /// What a condition is as a number, where it is not used as one.
    fn truth(&mut self, condition: u32, usage: Use) -> u32 {
        if usage.is_condition {
            return condition;
        }
        let (one, zero) = (self.number(1.0), self.number(0.0));
        self.choose(condition, one, zero)
    }

    /// `b = 0 ? z : a/b`
    pub(super) fn safe_division(&mut self, a: u32, b: u32, z: u32) -> u32 {
        self.repeat(&[b], "SAFEDIV");
        let zero = self.number(0.0);
        let is_zero = self.compare(BinaryOp::Eq, b, zero);
        let divided = self.binary(BinaryOp::Div, a, b);
        self.choose(is_zero, z, divided)
    }

    /// The greatest whole number not above x: INTEGER cuts toward 0.
    pub(super) fn floor(&mut self, x: u32) -> u32 {
        self.repeat(&[x], "INT");
        let cut = self.named("INTEGER", &[x]);
        let one = self.number(1.0);
        let is_above = self.compare(BinaryOp::Gt, cut, x);
        let below = self.binary(BinaryOp::Sub, cut, one);
        self.choose(is_above, below, cut)
    }

    /// Notes that operands occur more than once: those that draw random numbers may not.
    pub(super) fn repeat(&mut self, nodes: &[u32], what: &str) {
        if nodes.iter().any(|&node| self.weights.get(node as usize).is_some_and(|(_, is_random)| *is_random)) {
            self.fault(
                code::CONVERT_FUNCTION,
                format!("{what} is written with its argument more than once, and the argument draws random numbers or calls a macro"),
                "give the argument a variable of its own",
            );
        }
    }

    pub(super) fn is_euler(&self) -> bool {
        self.context.method == Method::Euler
    }

    /// Reports something that Vensim cannot say here.
    pub(super) fn fault(&mut self, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        let error = Diagnostic::error(code, self.span, message).with_hint(hint);
        self.faults.push(error.with_variable(self.context.owner.name.text.clone()));
    }

    pub(super) fn at(&self, node: u32) -> u32 {
        self.moved[node as usize]
    }

    pub(super) fn sibling(&self, index: usize) -> Option<&EquationKind> {
        self.siblings[index].map(|other| &self.source.nodes[other as usize].kind)
    }

    pub(super) fn push(&mut self, kind: EquationKind) -> u32 {
        let of = |node: &u32| self.weights.get(*node as usize).copied().unwrap_or((1, false));
        let operands: Vec<(u64, bool)> = match &kind {
            EquationKind::Reference(_, nodes) | EquationKind::Call(_, nodes) => nodes.iter().map(of).collect(),
            EquationKind::SubscriptedCall(_, subscripts, arguments) => {
                subscripts.iter().chain(arguments).map(of).collect()
            }
            EquationKind::Unary(_, a) | EquationKind::Wildcard(Some(a)) => vec![of(a)],
            EquationKind::Binary(_, a, b) => vec![of(a), of(b)],
            EquationKind::If(a, b, c) => vec![of(a), of(b), of(c)],
            EquationKind::Number(_)
            | EquationKind::Wildcard(None)
            | EquationKind::Range(..)
            | EquationKind::Position(_)
            | EquationKind::Transpose(_)
            | EquationKind::InnerProduct(..) => Vec::new(),
        };
        let sum = operands.iter().fold((1, false), |(sum, is_random), (weight, also)| {
            (u64::saturating_add(sum, *weight), is_random || *also)
        });
        self.weights.push(sum);
        self.nodes.push(EquationNode { kind, span: self.span });
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    /// Marks a node as one that draws random numbers.
    pub(super) fn mark_random(&mut self, node: u32) {
        if let Some((_, is_random)) = self.weights.get_mut(node as usize) {
            *is_random = true;
        }
    }

    pub(super) fn number(&mut self, value: f64) -> u32 {
        self.push(EquationKind::Number(value))
    }

    /// A name without subscripts and arguments.
    pub(super) fn name(&mut self, text: &str) -> u32 {
        let path = self.path(text);
        self.push(EquationKind::Reference(path, Vec::new()))
    }

    pub(super) fn path(&self, text: &str) -> Path {
        let name = Name { text: text.to_owned(), span: self.span };
        Path { absolute: false, parts: vec![name], span: self.span }
    }

    /// A call of one of Vensim's functions.
    pub(super) fn named(&mut self, function: &str, arguments: &[u32]) -> u32 {
        let path = self.path(function);
        self.push(EquationKind::Call(path, arguments.to_vec()))
    }

    pub(super) fn binary(&mut self, op: BinaryOp, a: u32, b: u32) -> u32 {
        self.push(EquationKind::Binary(op, a, b))
    }

    pub(super) fn compare(&mut self, op: BinaryOp, a: u32, b: u32) -> u32 {
        self.binary(op, a, b)
    }

    pub(super) fn choose(&mut self, cond: u32, then: u32, otherwise: u32) -> u32 {
        self.push(EquationKind::If(cond, then, otherwise))
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
}
