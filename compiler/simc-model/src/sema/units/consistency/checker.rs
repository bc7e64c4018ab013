//! What units must agree, as far as a model has been looked at.

use crate::builtin::Builtin;
use crate::model::VarId;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::body::TransportPart;
use crate::sema::instances::module_tree::ModuleTree;
use crate::sema::units::consistency::value::Value;
use crate::source::Span;
use crate::units::{Row, Unit};

/// What must agree, as far as the model has been looked at.
pub(in crate::sema) struct Checker<'w, 'a> {
    pub(in crate::sema) tree: &'w ModuleTree<'a>,
    pub(in crate::sema) builder: &'w ModelBuilder,
    /// The time unit.
    pub(in crate::sema) time: Unit,
    /// The units of each variable.
    pub(in crate::sema) of_vars: Vec<Unit>,
    pub(in crate::sema) rows: Vec<Row>,
    /// For each row, where it comes from.
    pub(in crate::sema) sites: Vec<Site>,
    pub(in crate::sema) n_equations: u32,
}

/// Where two units must be the same.
pub(in crate::sema) struct Site {
    /// The variable whose definition says so.
    pub(in crate::sema) var: VarId,
    /// What is reported to be at fault.
    pub(in crate::sema) span: Span,
    pub(in crate::sema) kind: SiteKind,
}

/// Why two units must be the same.
#[derive(Clone, Copy)]
pub(in crate::sema) enum SiteKind {
    /// A variable has the units of its equation.
    Equation,
    /// A stock has the units of its initial value.
    Initial,
    /// What an equation of a conveyor says.
    Transport(TransportPart),
    /// The sides of an operator; the place is that of the left one.
    Operands(&'static str, Span),
    /// The branches of IF; the place is that of the first one.
    Branches(Span),
    /// An argument of a builtin.
    Argument(&'static Builtin, &'static str),
    /// A flow changes a stock within a time unit.
    Flow {
        /// The flow.
        flow: VarId,
        /// Whether it fills the stock.
        is_inflow: bool,
    },
    /// A module's input has the units of its source.
    Connection(VarId),
}

impl Checker<'_, '_> {
    /// The units of a variable.
    pub(in crate::sema) fn of_var(&self, var: VarId) -> Unit {
        self.of_vars[var.0 as usize].clone()
    }

    /// What is required from now on comes from another equation.
    pub(in crate::sema) fn open_equation(&mut self) {
        self.n_equations += 1;
    }

    /// Requires that a variable has the units of what defines it.
    pub(in crate::sema) fn require_definition(&mut self, var: VarId, found: Value, span: Span, kind: SiteKind) {
        let n_rows = self.rows.len();
        self.require(&Value::Unit(self.of_var(var)), &found, var, span, kind);
        if let Some(row) = self.rows.get_mut(n_rows) {
            row.defines = Some(var.0);
        }
    }

    /// Requires that two values have the same units. Bare numbers, and values of which nothing is known, have any.
    pub(in crate::sema) fn require(&mut self, expected: &Value, found: &Value, var: VarId, span: Span, kind: SiteKind) {
        let (Value::Unit(expected), Value::Unit(found)) = (expected, found) else { return };
        let row = Row { expected: expected.clone(), found: found.clone(), equation: self.n_equations, defines: None };
        self.rows.push(row);
        self.sites.push(Site { var, span, kind });
    }
}
