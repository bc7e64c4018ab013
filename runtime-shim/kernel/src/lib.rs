//! What runs inside artifacts: arithmetic beyond wasm's own instructions, lookups, pipelines, transports and functions of vectors.
//!
//! No allocation, no standard library. The oracle and the interpreter link this crate natively; artifacts get it as `kernel.wasm`,
//! compiled from the same source, so that every engine computes the same bits.
#![no_std]
// What runs once a run rather than in every step is to be small; the attribute for that is not stable.
#![cfg_attr(all(target_arch = "wasm32", feature = "exports"), feature(optimize_attribute))]

// what hosts, artifacts and compiler agree on
pub mod abi;

// what models call
pub mod elementary;
pub mod event;
pub mod function;
pub mod graph;
pub mod lookup;
pub mod random;
pub mod returns;
pub mod ring;
pub mod settable;
pub mod special;
pub mod transport;
pub mod vector;

// the same for artifacts
#[cfg(all(target_arch = "wasm32", feature = "exports"))]
mod wasm;

/// This crate as a WebAssembly module with relocations, from which artifacts get what they call. It exports the functions named by
/// [`function::Function::export`], [`vector::Function::export`], [`transport::Query::measure_export`], [`transport::Query::change_exports`],
/// [`transport::TRACE_EXPORT`], [`lookup::export`] and the `RING_*`, `GRAPH_*`, `SETTABLE_*` and `WATCH_*` constants of [`abi`].
#[cfg(not(all(target_arch = "wasm32", feature = "exports")))]
pub const KERNEL_WASM: &[u8] = include_bytes!("../kernel.wasm");
