//! The time axis of a run, and how stocks are integrated.

/// The time axis of a run. Step `i` is at `start + i*dt`, computed with one multiplication and one addition.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSpec {
    /// First time.
    pub start: f64,
    /// Last time as the model states it.
    pub stop: f64,
    /// The step; positive and finite.
    pub dt: f64,
    /// How many steps are taken: `floor((stop - start)/dt + 1e-6)`.
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

/// How stocks are integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `S + dt*k`.
    Euler,
    /// Heun: `k1` at t, `k2` at t + dt from `S + dt*k1`; advance by `(dt*(k1 + k2))/2`.
    Rk2,
    /// The classic four stages: advance by `(dt*(((k1 + 2 k2) + 2 k3) + k4))/6`; stages 2 and 3 start from `S + (dt/2)*k`, stage 4 from `S + dt*k3`.
    Rk4,
}
