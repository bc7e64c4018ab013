//! Calls of macros and models, as far as they are known before their instances are made.

use std::collections::BTreeMap;

use crate::model::{Clause, DimId, TableId, VarId};
use crate::sema::instances::call_axis::CallLink;
use crate::sema::instances::module_tree::InstanceId;

/// A call whose instance is still to be made.
pub(in crate::sema) struct PendingCall {
    /// The model or macro, by its number.
    pub(in crate::sema) body: usize,
    /// The instance in which the call is.
    pub(in crate::sema) caller: InstanceId,
    /// What the instance takes along of that place.
    pub(in crate::sema) link: CallLink,
    /// What is before the names of the instance's variables.
    pub(in crate::sema) prefix: String,
    /// The dimensions over which the call runs.
    pub(in crate::sema) dims: Vec<DimId>,
    /// What the parameters are bound to, by their positions among the variables.
    pub(in crate::sema) args: BTreeMap<u32, Argument>,
}

/// What a parameter is bound to.
pub(in crate::sema) struct Argument {
    /// Its value: the dimensions that the parameter has of its own, and its equation.
    pub(in crate::sema) value: Option<(Vec<DimId>, Vec<Clause>)>,
    /// Its graphical function.
    pub(in crate::sema) table: Option<PassedTable>,
}

/// A graphical function that is passed on.
pub(in crate::sema) enum PassedTable {
    /// That of a variable.
    Of(VarId),
    /// Some of those of a variable.
    Each {
        /// The dimensions along which they differ: of the call, then of the argument.
        dims: Vec<DimId>,
        /// How many of these are of the call.
        n_outer: usize,
        /// One for each element, row-major.
        tables: Vec<TableId>,
    },
}
