//! Variables and their definitions.

use crate::model::dimension::Extent;
use crate::model::expr::Expr;
use crate::model::id::{DimId, TableId, VarId};
use crate::source::Span;

/// A variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// As the author wrote it; inside a module, after the instance's name and a dot: `Hares.births`.
    pub name: String,
    /// Its [canonical name](crate::name::canonical), those of modules before it: `hares·births`.
    pub canonical: String,
    /// What it is.
    pub kind: VarKind,
    /// Its dimensions, outermost first; empty for a scalar.
    pub dims: Vec<DimId>,
    /// How its value comes about.
    pub def: Def,
    /// Units text as written.
    pub units: Option<String>,
    /// Documentation as written.
    pub doc: Option<String>,
    /// Least and greatest sensible value.
    pub range: Option<(f64, f64)>,
    /// Whether it is within a macro, or is an equation of a transport: nobody sees its values, and no host can set it but
    /// [through](Var::through) another one.
    pub is_hidden: bool,
    /// Of a stock: no outflow takes more than it holds.
    pub is_non_negative: bool,
    /// Of a hidden constant: the variable through whose elements a host sets it.
    pub through: Option<Through>,
    /// The equation, or the definition where there is none.
    pub span: Span,
}

/// Elements of a variable through which a host sets the same elements of a hidden constant. The variable has the constant's dimensions and
/// is computed from it; of a stock the value at the start is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// The variable.
    pub var: VarId,
    /// The elements, row-major: where each run of them begins, and how many they are. Ascending, with gaps between.
    pub runs: Vec<(u32, u32)>,
}

impl Through {
    /// Some elements of a variable, ascending.
    pub fn new(var: VarId, elements: impl IntoIterator<Item = u32>) -> Self {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for element in elements {
            match runs.last_mut() {
                Some((first, n)) if *first + *n == element => *n += 1,
                _ => runs.push((element, 1)),
            }
        }
        Self { var, runs }
    }

    /// Whether an element is among them.
    pub fn has(&self, element: u32) -> bool {
        let behind = self.runs.partition_point(|&(first, _)| first <= element);
        self.runs[..behind].last().is_some_and(|&(first, n)| element - first < n)
    }

    /// The elements, ascending.
    pub fn elements(&self) -> impl Iterator<Item = u32> + '_ {
        self.runs.iter().flat_map(|&(first, n)| first..first + n)
    }
}

/// What a variable is to its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// Integrates flows.
    Stock,
    /// Changes stocks.
    Flow,
    /// Anything computed.
    Auxiliary,
    /// An auxiliary or flow whose equation is a constant expression: a host may set it.
    Constant,
    /// A graphical function without an equation: it can be called but has no value of its own.
    Lookup,
    /// A variable of a module that takes its value from outside.
    ModuleInput,
}

/// How a variable's value comes about.
#[derive(Clone, Debug)]
pub enum Def {
    /// `init` holds at start; `net` is the sum of inflows less the outflows, in that order: see [`Expr`].
    Stock {
        /// Value at t = start.
        init: Vec<Clause>,
        /// Rate of change: inflows added left to right, then outflows subtracted left to right;
        /// without inflows the first term is the negated first outflow; without any flow the constant 0.
        net: Vec<Clause>,
    },
    /// Evaluated in every step.
    Formula(Vec<Clause>),
    /// The defaults of a settable constant, one for each element, row-major.
    Constant(Vec<f64>),
    /// A table that other equations call: one for all elements, or one for each, row-major.
    Lookup(Vec<TableId>),
}

/// The equation of a box of elements. The clauses of a definition do not overlap and cover the variable.
#[derive(Clone, Debug)]
pub struct Clause {
    /// For each dimension of the variable, outermost first, the positions that it covers; empty for a scalar.
    pub region: Vec<Extent>,
    /// The equation, evaluated for each element of the region in row-major order; [`Base::Loop`](super::Base::Loop) n is the position in dimension n.
    pub expr: Expr,
    /// What stands for the equation before the first step, where that is another one: initial values and stateful functions see it.
    pub start: Option<Expr>,
}

impl Clause {
    /// An equation that always holds.
    pub fn new(region: Vec<Extent>, expr: Expr) -> Self {
        Self { region, expr, start: None }
    }

    /// The equation of a variable without dimensions.
    pub fn scalar(expr: Expr) -> Self {
        Self::new(Vec::new(), expr)
    }

    /// What holds before the first step.
    pub fn at_start(&self) -> &Expr {
        self.start.as_ref().unwrap_or(&self.expr)
    }
}
