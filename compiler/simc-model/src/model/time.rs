//! The time axis of a run, and how stocks are integrated.

pub use kernel::abi::Method;

/// Which part of a step may lack for it to be taken: a step that ends within it before the stop time is still one.
pub const STEP_TOLERANCE: f64 = 1e-6;

/// The time axis of a run. Step `i` is at `start + i*dt`, computed with one multiplication and one addition.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSpec {
    /// First time.
    pub start: f64,
    /// Last time as the model states it.
    pub stop: f64,
    /// The step; positive and finite.
    pub dt: f64,
    /// How many steps are taken: `floor((stop - start)/dt + STEP_TOLERANCE)`.
    pub n_steps: u64,
    /// A row is saved at steps 0, `save_every`, 2 `save_every`, ...; at least 1.
    pub save_every: u64,
    /// How many rows a full run saves: `n_steps / save_every + 1`.
    pub n_rows: u64,
    /// Integration method.
    pub method: Method,
    /// Name of the time unit.
    pub units: Option<String>,
}

/// The method that a model names, in any case.
pub fn method_named(name: &str) -> Option<Method> {
    Method::ALL.into_iter().find(|method| method.name().eq_ignore_ascii_case(name.trim()))
}
