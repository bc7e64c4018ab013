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

/// Index of a [`Transport`](super::Transport) in [`Model::transports`](super::Model::transports).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransportId(pub u32);

/// Index of a [`Recurrence`](super::Recurrence) in [`Model::recurrences`](super::Model::recurrences).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecurrenceId(pub u32);
