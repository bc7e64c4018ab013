//! One data set that is being read, and what is known so far.

use std::collections::{BTreeMap, HashMap};

use simc_data::{Line, Sheet};

use crate::data::DataSet;
use crate::diagnostic::{Code, Diagnostic, Severity, code};
use crate::model::{Extent, Table, TableId, TableKind, VarId};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree};

/// How many problems of one data set are reported one by one.
pub(in crate::sema) const MAX_TOLD: usize = 20;

/// How many values all data sets may give together.
pub(in crate::sema) const MAX_VALUES: usize = 1 << 23;

/// What data says about elements of variables, by their number in row-major order; a scalar is element 0.
pub(in crate::sema) type DataOverrides = HashMap<VarId, BTreeMap<u64, Value>>;

/// What data says about one element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sema) enum Value {
    /// It is this number.
    Number(f64),
    /// It is this function of the time.
    Series(TableId),
}

/// One data set, and what is known so far.
pub(in crate::sema) struct SetReader<'r, 'w, 'a> {
    pub(in crate::sema) tree: &'r ModuleTree<'w>,
    /// Where its names begin.
    pub(in crate::sema) instance: InstanceId,
    pub(in crate::sema) set: &'r DataSet<'a>,
    pub(in crate::sema) sheet: &'r Sheet,
    pub(in crate::sema) builder: &'r mut ModelBuilder,
    pub(in crate::sema) diagnostics: &'r mut Diagnostics,
    pub(in crate::sema) overrides: &'r mut DataOverrides,
    pub(in crate::sema) n_told: usize,
    /// Whether an error is among those that are only counted.
    pub(in crate::sema) hides_error: bool,
    pub(in crate::sema) n_values: usize,
}

/// A line with the elements that its heading means.
pub(in crate::sema) struct Column<'l, 's> {
    pub(in crate::sema) line: &'l Line<'s>,
    pub(in crate::sema) heading: &'s str,
    pub(in crate::sema) meant: Meant,
}

/// What a heading means.
#[derive(Clone, Debug)]
pub(in crate::sema) struct Meant {
    /// The variable.
    pub(in crate::sema) var: VarId,
    /// Its elements; empty for a scalar.
    pub(in crate::sema) region: Vec<Extent>,
}

/// A problem of a data set: at its import, or without a place.
pub(in crate::sema) fn at(set: &DataSet<'_>, code: Code, severity: Severity, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, set.place.unwrap_or_default(), message);
    Diagnostic { severity, span: set.place, ..diagnostic }
}

impl SetReader<'_, '_, '_> {
    /// A table of its own: what it belongs to, and ascending points.
    pub(in crate::sema) fn push_table(&mut self, name: &str, xs: Vec<f64>, ys: Vec<f64>) -> TableId {
        self.builder.push_table(Table { name: name.to_owned(), kind: TableKind::Continuous, xs, ys, is_derived: false })
    }

    /// How many dimensions of a variable are those of the instance: each of its elements gets the same values.
    pub(in crate::sema) fn n_outer(&self, var: VarId) -> usize {
        self.tree.instance(self.instance).dims.len().min(self.builder.n_outer(var))
    }

    /// How many elements a column means in each element of the instance.
    pub(in crate::sema) fn n_elements(&self, meant: &Meant) -> u64 {
        region::count(&meant.region[self.n_outer(meant.var)..])
    }

    /// The numbers of the elements that a column means, row-major.
    pub(in crate::sema) fn elements(&self, meant: &Meant) -> Vec<u64> {
        let of = &self.builder.var(meant.var).dims;
        region::cells(&meant.region, of, &self.builder.dims).collect()
    }

    /// Counts values; reports when there are too many.
    pub(in crate::sema) fn spend(&mut self, n: usize) -> bool {
        let before = self.n_values;
        self.n_values = self.n_values.saturating_add(n);
        if before <= MAX_VALUES && self.n_values > MAX_VALUES {
            let message = format!("data gives more than {MAX_VALUES} values");
            self.tell_with(
                code::DATA_FILE,
                Severity::Error,
                message,
                "give the model the rows and columns that it needs",
            );
        }
        self.n_values <= MAX_VALUES
    }

    /// Reports a problem of the set, unless there have been many.
    pub(in crate::sema) fn tell_with(
        &mut self,
        code: Code,
        severity: Severity,
        message: String,
        hint: impl Into<String>,
    ) {
        self.n_told += 1;
        if self.n_told > MAX_TOLD {
            self.hides_error |= severity == Severity::Error;
        } else {
            self.diagnostics.push(at(self.set, code, severity, message).with_hint(hint));
        }
    }
}
