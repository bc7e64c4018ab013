//! What the definitions of a name say.

use simc_model::definition::{ElementDef, Equation, TableDef, VarDef};

use crate::ast::{self, Name, Right, Variable};
use crate::translate::external::Points;

/// The definitions of one name, in the order of the file; at least one.
pub(super) struct Written<'a> {
    /// As it is written first.
    pub(super) name: &'a Name,
    /// Each definition with what it defines.
    pub(super) parts: Vec<(&'a ast::Entry, &'a Variable)>,
}

/// What a right side says.
pub(super) enum Meaning {
    /// A value.
    Value(Equation, Option<TableDef>),
    /// A level: what it begins with, and what changes it.
    Level { initial: Equation, rate: Equation },
    /// A number for each element, row by row.
    Numbers(Vec<f64>),
    /// The points of a lookup.
    Lookup(TableDef),
    /// The points of a lookup for each element.
    Lookups(Vec<Points>),
    /// Data over time for each element; none where there is none.
    Series(Vec<Option<Points>>),
    /// A string, which no equation of numbers can use.
    Text,
    /// At fault, which has been reported.
    Broken,
}

impl Written<'_> {
    /// Leaves out what a diagram alone says of a variable that has an equation as well.
    pub(super) fn drop_diagrams(&mut self) {
        let is_diagram = |variable: &Variable| matches!(variable.right, Right::FunctionOf(_));
        if self.parts.iter().any(|(_, variable)| !is_diagram(variable)) {
            self.parts.retain(|(_, variable)| !is_diagram(variable));
        }
    }
}

/// Adds a clause; a scalar has one, which is its whole definition.
pub(super) fn put(def: &mut VarDef, clause: ElementDef) {
    if def.dims.is_empty() {
        (def.equation, def.table) = (clause.equation, clause.table);
    } else {
        def.elements.push(clause);
    }
}
