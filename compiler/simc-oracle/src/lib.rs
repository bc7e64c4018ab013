//! The semantics, executable: an interpreter of the resolved [`Model`](simc_model::model::Model).
//!
//! It defines what a model means, so every line is meant to be checked by eye against `docs/semantics.md` rather than to be fast.
//! It knows nothing of the IR, keeps its own pipelines and writes out the lookup formula itself; with the compiled engines it shares
//! the elementary functions of `kernel`, and conveyors and queues, whose tests are there. Whoever disagrees with it by one bit is wrong, or has found a bug in the definition.

// what a host drives
pub mod event;
pub mod instance;

// one step: values, then derivatives, then the next levels
mod integrate;
mod simulation;

// one value
mod builtin;
mod eval;
mod lookup;
mod reduce;
mod state;
mod transport;
mod transport_args;
mod vector;

// where values lie
mod shape;

pub use instance::{Instance, TooLarge};

#[cfg(test)]
mod sample;
