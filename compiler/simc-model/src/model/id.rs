//! Numbers of the parts of a model.

/// Index of a [`Var`](super::Var) in [`Model::vars`](super::Model::vars).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub u32);

/// Index of a [`State`](super::State) in [`Model::states`](super::Model::states).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub u32);

/// Index of a [`Table`](super::Table) in [`Model::tables`](super::Model::tables).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u32);

/// Index of a [`Dim`](super::Dim) in [`Model::dims`](super::Model::dims).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimId(pub u32);

/// Index of a [`Belt`](super::Belt) in [`Model::belts`](super::Model::belts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BeltId(pub u32);

/// Index of a [`Sweep`](super::Sweep) in [`Model::sweeps`](super::Model::sweeps).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SweepId(pub u32);
