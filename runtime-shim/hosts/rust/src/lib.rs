//! Runs compiled system-dynamics models.
//!
//! `simc build sir.xmile -o sir.wasm` makes an artifact of a model; this crate loads and runs it, in an interpreter
//! (the feature `wasmi`, on by default) or a compiler (the feature `wasmtime`).
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use simc_host::Model;
//!
//! # let sir = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sir.wasm");
//! let model = Model::load(sir)?;
//! let run = model.run([("Contact Rate", 6.0)])?;
//! let infectious = run.series("Infectious")?;
//! let peak = infectious.iter().copied().fold(0.0, f64::max);
//! assert_eq!(peak.round(), 1724.0);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Model`] never changes. [`Model::run`] gives a [`Run`], the saved rows; [`Model::sim`] a [`Sim`], one instance that
//! a program drives step by step; [`Model::batch`] makes many runs. What goes wrong is an [`Error`] with a [`Code`] that
//! is the same in all languages. Names are compared as equations compare them: case, spaces and underscores do not
//! count.

pub mod engine;

mod batch;
mod csv;
mod directory;
mod error;
mod include;
mod instance;
mod model;
mod names;
mod run;
mod section;
mod shared;
mod sim;
mod value;
mod variable;

pub use batch::{Batch, Batching};
pub use error::{Code, Error};
pub use model::{DEFAULTS, Model};
pub use run::{Action, Column, Event, Run, State};
pub use sim::Sim;
#[doc(inline)]
pub use simc_artifact::ControlKind;
pub use value::Value;
pub use variable::{Control, Dimension, Kind, Link, Method, Sign, Time, Variable};
