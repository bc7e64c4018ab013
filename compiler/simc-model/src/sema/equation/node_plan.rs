//! What becomes of each node of an equation, before any of it is computed.
//!
//! An equation is a tree laid flat, and so is looked through in passes; nothing recurses. From the result down, names get their
//! meaning and subscripts are resolved (`meaning`). From the operands up, every node gets its shape (`axes`). From the result
//! down again, every node gets the *frame* in which it is computed, and the loops that run along its axes (`binding`): the
//! arguments of a stateful call and the body of a reducer are expressions of their own. Then the frames can be filled from the
//! operands up (`resolve`).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::builtin::Builtin;
use crate::definition::{Equation, EquationKind, Path};
use crate::diagnostic::code;
use crate::model::{DimId, Index, ReduceOp, TableId, TransportQuery, VarId, VectorFn};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::shape::{self, Shape};
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::function::Function;
use crate::sema::instances::module_tree::Target;
use crate::source::Span;

/// What an array's name alone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum Mode {
    /// The element at the position of the loops.
    Current,
    /// The whole array: within reducers.
    Whole,
    /// The whole array, and a dimension's name is one too: within SIZE.
    Size,
}

/// An array that is read by the numbers of its elements.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) struct FlatRead {
    /// The array.
    pub(in crate::sema) var: VarId,
    /// How many of its dimensions are those of the equation's own instance: of these the present element is meant.
    pub(in crate::sema) n_shared: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(in crate::sema) enum NodePlan<'a> {
    /// Not computed.
    Skipped,
    /// A number, an operator, or a form with operands alone.
    Operator,
    /// A variable's value.
    Value(VarId, Box<Read>),
    /// A position in a dimension; the read has a single subscript.
    Position(Box<Read>),
    /// Whether two positions are those of one element; nothing when they never are.
    Same(Option<(Index, Index)>),
    /// A builtin without arguments.
    Constant(&'static Builtin),
    /// A call of a builtin; with the reads of the tables that its first arguments are, or of the array that INTERPOLATE has.
    Call(&'static Builtin, Vec<TableRead>),
    /// A reducer of its only argument.
    Reduce(&'static Builtin, ReduceOp),
    /// A function of whole vectors.
    Vector(&'static Builtin, VectorFn),
    /// A graphical function at x.
    Table(VarId, Box<Read>),
    /// What a conveyor or queue shows: the read chooses it; the node is the number of a slat or batch.
    Transport(VarId, Box<Read>, Option<u32>, TransportQuery),
    /// The capacity of a conveyor.
    Capacity(VarId, Box<Read>),
    /// `a(n)`: an element of an array by its number in row-major order.
    Flat(FlatRead),
    /// A macro or model with its arguments.
    Function(Rc<FunctionCall<'a>>),
    /// At fault, which has been reported.
    Broken,
}

/// A graphical function and its subscripts.
pub(in crate::sema) type TableRead = (VarId, Box<Read>);

/// A macro or model that is called.
#[derive(Clone, Debug)]
pub(in crate::sema) struct FunctionCall<'a> {
    /// What is called.
    pub(in crate::sema) function: Function<'a>,
    /// For each argument the graphical function that it passes on, if any.
    pub(in crate::sema) tables: Vec<Option<TableArgument>>,
}

/// A graphical function as an argument.
#[derive(Clone, Debug)]
pub(in crate::sema) enum TableArgument {
    /// As it is.
    Whole(VarId),
    /// With subscripts.
    Part(TableRead),
}

/// What one subscript of a read is.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) enum Sub {
    /// Known for each position of the loops.
    Index(Index),
    /// A node of the equation whose value it is.
    Computed(u32),
    /// A position on an axis of the read, with what is added to it.
    Along(usize, i64),
    /// A position on an axis of the read, which a table turns into the number of the element, counted from 1.
    AlongTable(usize, TableId),
    /// The position of a loop, which a table turns into the number of the element, counted from 1.
    LoopTable(usize, TableId),
}

/// A part of an axis with a computed end.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) struct Limit {
    /// The axis of the read.
    pub(in crate::sema) axis: usize,
    /// The first element.
    pub(in crate::sema) first: End,
    /// The last element.
    pub(in crate::sema) last: End,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum End {
    /// A position, counted from 0.
    At(u32),
    /// A node of the equation; its value counts from 1.
    Computed(u32),
    /// The position of a loop in the dimension of the range.
    Moving(Index),
    /// None, which has been reported.
    Fault,
}

/// A read of an array.
#[derive(Clone, Debug, Default)]
pub(in crate::sema) struct Read {
    /// The axes that are left open by the subscripts.
    pub(in crate::sema) axes: Shape,
    /// One for each dimension.
    pub(in crate::sema) subs: Vec<Sub>,
    /// Computed ranges.
    pub(in crate::sema) limits: Vec<Limit>,
    /// Whether it never meets an element: every read gives the value for invalid subscripts.
    pub(in crate::sema) is_outside: bool,
}

impl NodePlan<'_> {
    /// Calls `edit` with every subscript whose element is known for each position of the loops.
    pub(in crate::sema) fn edit_indices(&mut self, edit: &mut dyn FnMut(&mut Index)) {
        match self {
            NodePlan::Value(_, read)
            | NodePlan::Position(read)
            | NodePlan::Table(_, read)
            | NodePlan::Transport(_, read, ..)
            | NodePlan::Capacity(_, read) => read.edit_indices(edit),
            NodePlan::Call(_, reads) => reads.iter_mut().for_each(|(_, read)| read.edit_indices(edit)),
            NodePlan::Function(call) => {
                for table in Rc::make_mut(call).tables.iter_mut().flatten() {
                    if let TableArgument::Part((_, read)) = table {
                        read.edit_indices(edit);
                    }
                }
            }
            NodePlan::Same(Some((a, b))) => {
                edit(a);
                edit(b);
            }
            NodePlan::Skipped
            | NodePlan::Operator
            | NodePlan::Same(None)
            | NodePlan::Constant(_)
            | NodePlan::Reduce(..)
            | NodePlan::Vector(..)
            | NodePlan::Flat(_)
            | NodePlan::Broken => {}
        }
    }
}

impl Read {
    fn edit_indices(&mut self, edit: &mut dyn FnMut(&mut Index)) {
        for sub in &mut self.subs {
            if let Sub::Index(index) = sub {
                edit(index);
            }
        }
        for end in self.limits.iter_mut().flat_map(|limit| [&mut limit.first, &mut limit.last]) {
            if let End::Moving(index) = end {
                edit(index);
            }
        }
    }
}

/// Why a definition must be looked at in two parts: subscripts do not move evenly with a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) struct Split {
    /// The loop.
    pub(in crate::sema) n: usize,
    /// The position at which the second part begins.
    pub(in crate::sema) at: u32,
}

/// Looks through an equation.
pub(in crate::sema) struct Planner<'c, 'w, 'a> {
    pub(in crate::sema) place: &'c EquationContext<'w, 'a>,
    pub(in crate::sema) equation: &'c Equation,
    pub(in crate::sema) builder: &'c mut ModelBuilder,
    pub(in crate::sema) diagnostics: &'c mut Diagnostics,
    /// How each node is wanted, where it is.
    pub(in crate::sema) modes: Vec<Option<Mode>>,
    /// For each node the loops that are hidden from it, a bit for each: along a vector a dimension's name means all of its elements.
    pub(in crate::sema) hidden: Vec<u64>,
    /// Those that are hidden from the node at hand, and so from what it is made of.
    pub(in crate::sema) hidden_here: u64,
    /// For each node that a subscript is made of the dimension whose element that is: names of its elements are known there.
    pub(in crate::sema) subscript_of: Vec<Option<DimId>>,
    /// That of the node at hand, and so of what it is made of.
    pub(in crate::sema) subscript_here: Option<DimId>,
    /// What each node is.
    pub(in crate::sema) plans: Vec<NodePlan<'a>>,
    /// The axes of each node.
    pub(in crate::sema) shapes: Vec<Shape>,
    /// Calls of MAX and MIN of which every argument that is an array counts as a whole.
    pub(in crate::sema) reduced: BTreeSet<u32>,
    /// Whether the node whose shape is looked for is within a reducer, where arrays without a common dimension make all pairs.
    pub(in crate::sema) pairs_up: bool,
    /// Whether reducers nest too deeply, which has been reported.
    pub(in crate::sema) is_too_deep: bool,
}

impl<'c, 'w, 'a> Planner<'c, 'w, 'a> {
    /// An equation of which nothing is known.
    pub(in crate::sema) fn new(
        place: &'c EquationContext<'w, 'a>,
        equation: &'c Equation,
        builder: &'c mut ModelBuilder,
        diagnostics: &'c mut Diagnostics,
    ) -> Self {
        let n = equation.nodes.len();
        Self {
            place,
            equation,
            builder,
            diagnostics,
            modes: vec![None; n],
            hidden: vec![0; n],
            hidden_here: 0,
            subscript_of: vec![None; n],
            subscript_here: None,
            plans: Vec::new(),
            shapes: Vec::with_capacity(n),
            reduced: BTreeSet::new(),
            pairs_up: false,
            is_too_deep: false,
        }
    }

    /// Says that a node is computed.
    pub(in crate::sema) fn reach(&mut self, node: u32, mode: Mode) {
        self.modes[node as usize] = Some(mode);
        self.hidden[node as usize] = self.hidden_here;
        self.subscript_of[node as usize] = self.subscript_here;
    }

    /// The loops, those over the variable's own dimensions first, as the node at hand sees them.
    pub(in crate::sema) fn loop_order(&self) -> Vec<usize> {
        let order = self.place.loop_order().into_iter();
        order
            .filter(|&n| u32::try_from(n).is_ok_and(|n| self.hidden_here.checked_shr(n).unwrap_or(0) & 1 == 0))
            .collect()
    }

    /// Says that nodes are computed.
    pub(in crate::sema) fn reach_all(&mut self, nodes: &[u32], mode: Mode) {
        for &node in nodes {
            self.reach(node, mode);
        }
    }

    /// How many dimensions of their instance an equation and what a path leads to share: those of the innermost instance around both,
    /// unless the path begins at the root.
    pub(in crate::sema) fn n_shared(&self, path: &Path, var: VarId) -> usize {
        if path.absolute {
            return 0;
        }
        let tree = self.place.tree;
        let own = tree.instance(self.place.instance).dims.len();
        let is_elsewhere =
            path.parts.len() > 1 && matches!(tree.resolve_path(self.place.instance, path), Target::Missing(..));
        let n = if is_elsewhere { tree.n_common_dims(self.place.instance, tree.owner(var)) } else { own };
        n.min(self.builder.n_outer(var))
    }

    /// Whether a node, or one that it is made of, has been reported; only the nearest are asked.
    pub(in crate::sema) fn is_broken(&self, node: u32) -> bool {
        let is = |node: u32| match &self.plans[node as usize] {
            NodePlan::Broken | NodePlan::Skipped => true,
            NodePlan::Value(var, _) => self.place.tree.def(*var).reported,
            NodePlan::Operator
            | NodePlan::Position(_)
            | NodePlan::Transport(..)
            | NodePlan::Capacity(..)
            | NodePlan::Same(_)
            | NodePlan::Constant(_)
            | NodePlan::Call(..)
            | NodePlan::Reduce(..)
            | NodePlan::Vector(..)
            | NodePlan::Table(..)
            | NodePlan::Function(_)
            | NodePlan::Flat(_) => false,
        };
        is(node) || self.operands(node as usize).iter().any(|&operand| is(operand))
    }

    /// The operands that are computed beside a node.
    pub(in crate::sema) fn operands(&self, index: usize) -> Vec<u32> {
        match (&self.equation.nodes[index].kind, &self.plans[index]) {
            (EquationKind::Call(_, args), NodePlan::Call(_, reads)) => args[reads.len()..].to_vec(),
            (EquationKind::Call(_, args) | EquationKind::SubscriptedCall(_, _, args), _) => args.clone(),
            (EquationKind::Unary(_, a) | EquationKind::Transpose(a), _) => vec![*a],
            (EquationKind::Binary(_, a, b) | EquationKind::InnerProduct(a, b), _) => vec![*a, *b],
            (EquationKind::If(cond, then, otherwise), _) => vec![*cond, *then, *otherwise],
            (
                EquationKind::Number(_)
                | EquationKind::Reference(..)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_),
                _,
            ) => Vec::new(),
        }
    }

    pub(in crate::sema) fn merge_all(&mut self, mut shape: Shape, operands: &[u32], span: Span) -> Shape {
        for &operand in operands {
            let other = self.shapes[operand as usize].clone();
            shape = self.merge_axes(shape, &other, span);
        }
        shape
    }

    /// The shape of what two values make together; one that does not fit is reported.
    pub(in crate::sema) fn merge_axes(&mut self, shape: Shape, other: &Shape, span: Span) -> Shape {
        let dims = &self.builder.dims;
        let merge = if self.pairs_up { shape::merge_within_reducer } else { shape::merge };
        if let Some(merged) = merge(&shape, other, dims) {
            return merged;
        }
        let message = format!("shapes do not fit: {} and {}", shape::show(&shape, dims), shape::show(other, dims));
        let hint = "one of them must have all the dimensions of the other, with as many elements";
        self.diagnostics.report(self.place.error(code::SHAPES, span, message).with_hint(hint));
        shape
    }

    pub(in crate::sema) fn report_no_array(&mut self, builtin: &Builtin, node: u32) {
        let span = self.equation.nodes[node as usize].span;
        let message = format!("{} of a single number", self.place.spelling(builtin));
        let error = self.place.error(code::NOT_AN_ARRAY, span, message);
        self.diagnostics
            .report(error.with_hint(format!("give it an array, such as `{}(a[*])`", self.place.spelling(builtin))));
    }
}

/// The nodes that are subscripts of a read.
pub(in crate::sema) fn computed_of(read: &Read) -> Vec<u32> {
    read.subs.iter().filter_map(|sub| if let Sub::Computed(node) = sub { Some(*node) } else { None }).collect()
}

/// Arrays are wanted as a whole within reducers.
pub(in crate::sema) fn whole(mode: Mode) -> Mode {
    if mode == Mode::Size { mode } else { Mode::Whole }
}
