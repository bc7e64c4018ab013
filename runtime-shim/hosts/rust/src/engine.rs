//! WebAssembly engines, after one face.
//!
//! An engine of another kind implements [`Engine`], [`Module`] and [`Instance`], and a model is loaded into it with
//! [`Model::with_engine`](crate::Model::with_engine).

use crate::error::Error;

#[cfg(feature = "wasmi")]
pub use self::wasmi::Wasmi;
#[cfg(feature = "wasmtime")]
pub use self::wasmtime::Wasmtime;

#[cfg(feature = "wasmi")]
mod wasmi;
#[cfg(feature = "wasmtime")]
mod wasmtime;

/// Compiles artifacts.
pub trait Engine {
    /// Compiles an artifact.
    ///
    /// # Errors
    /// [`Code::BadArtifact`](crate::Code::BadArtifact) when it is no valid module, or imports anything.
    fn compile(&self, artifact: &[u8]) -> Result<Box<dyn Module>, Error>;
}

/// A compiled artifact, which threads may share.
pub trait Module: Send + Sync {
    /// A new instance.
    ///
    /// # Errors
    /// [`Code::BadArtifact`](crate::Code::BadArtifact) when it lacks a function that every artifact exports, has it
    /// with another type, or cannot be started.
    fn instantiate(&self) -> Result<Box<dyn Instance>, Error>;
}

/// An instance of an artifact.
pub trait Instance: Send {
    /// Calls a function. The result is its bits, 0 for a function without one.
    ///
    /// # Errors
    /// What the engine says of a trap, or of a function that the artifact does not have.
    fn call(&mut self, call: Call) -> Result<u64, String>;

    /// The value of an exported global of type i32, as the unsigned number that it stands for; none when there is no
    /// such.
    fn global(&mut self, name: &str) -> Option<u32>;

    /// The memory.
    fn memory(&self) -> &[u8];

    /// The memory, to write numbers into it.
    fn memory_mut(&mut self) -> &mut [u8];
}

/// A call of an exported function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    /// `run()`
    Run,
    /// `run_to(target)`
    RunTo(f64),
    /// `run_initials()`
    RunInitials,
    /// `reset()`
    Reset,
    /// `clear_values()`
    ClearValues,
    /// `set_value(slot, value)`
    SetValue(i32, f64),
    /// `set_values(first, n)`
    SetValues(i32, i32),
    /// `set_table(table, n)`
    SetTable(i32, i32),
    /// `pause_on_events(on)`
    PauseOnEvents(i32),
    /// `get_error()`
    GetError,
}
