//! Where a call of a macro or model is: the element of what is around it, and what tells its draws from others.

use crate::model::DimId;

/// A dimension of what is around an instance.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) struct CallAxis {
    /// The dimension.
    pub(in crate::sema) dim: DimId,
    /// The loop of the instance's variables over it, or the one position that the instance is for.
    pub(in crate::sema) at: Result<u32, u32>,
}

/// What an instance takes along of the place of its call.
#[derive(Clone, Debug, Default)]
pub(in crate::sema) struct CallLink {
    /// What tells its draws from others, whatever else the model has: the names of the modules, and the places of the calls, that lead to it.
    pub(in crate::sema) path: String,
    /// Which element of the variables around it is computed: a position for each of their dimensions.
    pub(in crate::sema) axes: Vec<CallAxis>,
}
