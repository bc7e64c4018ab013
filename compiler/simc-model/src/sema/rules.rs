//! What equations alone do not say: how flows change stocks, conveyors and queues, limits, values at start, events.

pub(in crate::sema) mod absent;
pub(in crate::sema) mod clamp;
pub(in crate::sema) mod element_graph;
pub(in crate::sema) mod event;
pub(in crate::sema) mod start;
pub(in crate::sema) mod stock;
pub(in crate::sema) mod title;
pub(in crate::sema) mod transport;
pub(in crate::sema) mod unvalued;
pub(in crate::sema) mod wish;
