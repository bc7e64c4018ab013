//! What hosts, artifacts and compiler agree on besides the exports of artifacts: numbers and formulas, and the names of the kernel's
//! own exports. They exist here and nowhere else.

/// Records of events that there is room for: all that can fire at one step, and 256 at least.
pub fn event_capacity(n_watched: u64) -> u64 {
    n_watched.max(256)
}

/// Module from which a model imports kernel functions until it is linked.
pub const KERNEL_MODULE: &str = "kernel";
/// Exported by the kernel: `(ring: i32, capacity: i32, n: f64, x: f64) -> ()`, see [`crate::ring::fill`].
pub const RING_FILL: &str = "simc_ring_fill";
/// Exported by the kernel: `(ring: i32) -> f64`, see [`crate::ring::oldest`].
pub const RING_OLDEST: &str = "simc_ring_oldest";
/// Exported by the kernel: `(ring: i32, pushes: f64) -> f64`, see [`crate::ring::recall`].
pub const RING_RECALL: &str = "simc_ring_recall";
/// Exported by the kernel: `(ring: i32, n: f64, present: f64, dt: f64, missing: f64) -> f64`, see
/// [`crate::returns::rate`].
pub const RING_RETURN: &str = "simc_ring_return";
/// Exported by the kernel: `(ring: i32, x: f64) -> ()`, see [`crate::ring::push`].
pub const RING_PUSH: &str = "simc_ring_push";
/// Exported by the kernel: `(entries: i32, n_entries: i32, number: i32, points: i32, n: i32) -> i32`: gives the graphical function
/// with this number the `n` pairs of x and y at an address; 0, or 1 when there is none or these cannot be its points. See
/// [`crate::graph`].
pub const GRAPH_SET: &str = "simc_graph_set";
/// Exported by the kernel: `(entries: i32, n_entries: i32) -> ()`: gives all graphical functions their own points again.
pub const GRAPH_CLEAR: &str = "simc_graph_clear";

/// Exported by the kernel: `(settables: i32, first: i32, n: i32, numbers: i32, started: i32) -> i32`: sets `n` slots of a row, at least
/// one, to the numbers at an address; 0, or 1 when not all of them can be set. See [`crate::settable`].
pub const SETTABLE_SET: &str = "simc_settable_set";
/// Exported by the kernel: `(settables: i32) -> ()`: shows in the live chunk all numbers that have been set.
pub const SETTABLE_SHOW: &str = "simc_settable_show";

/// Exported by the kernel: `(watch: i32, step: i64) -> i32`: looks at what is watched, records the events that fire, and gives the
/// strongest action among them. See [`crate::event`].
pub const WATCH_LOOK: &str = "simc_watch_look";
/// Exported by the kernel: `(watch: i32) -> ()`: a run begins again.
pub const WATCH_RESET: &str = "simc_watch_reset";

/// Slot of the time.
pub const TIME_SLOT: u32 = 0;
/// Slot of dt.
pub const DT_SLOT: u32 = 1;
/// Slot of the initial time.
pub const INITIAL_TIME_SLOT: u32 = 2;
/// Slot of the final time.
pub const FINAL_TIME_SLOT: u32 = 3;
/// Slots that every row begins with.
pub const RESERVED_SLOTS: u32 = 4;

/// Part of a step by which a time may miss a step and still count as on it.
pub const TIME_TOLERANCE: f64 = 1e-6;

/// Error code (low 32 bits of the error word): a conveyor begins with a transit time that is no positive number. For all codes but
/// that of a NaN target, the high 32 bits are the number of the element at fault among those of all conveyors, then all queues.
/// This code and the next one are those that hosts of such artifacts print by name; codes of our own begin at 1000.
pub const ERROR_TRANSIT_TIME: u32 = 58;
/// Error code: a conveyor's transit time is longer than there is memory for.
pub const ERROR_TRANSPORT_TOO_LONG: u32 = 59;
/// Error code: `run_to` was given NaN. The high 32 bits are 0.
pub const ERROR_NAN_TARGET: u32 = 1000;
/// Error code: a queue has more batches than there is memory for.
pub const ERROR_QUEUE_FULL: u32 = 1001;

/// The one NaN that artifacts let a host see.
pub const CANONICAL_NAN: u64 = 0x7ff8_0000_0000_0000;

/// The time of step `step`.
pub fn step_time(start: f64, dt: f64, step: u64) -> f64 {
    start + step as f64 * dt
}

/// How many whole steps lie between `start` and `target`, as a number that is compared with step counts:
/// step `i` is due when `i as f64 <= steps_until(..)`. Infinite targets stay infinite.
pub fn steps_until(start: f64, dt: f64, target: f64) -> f64 {
    (target - start) / dt + TIME_TOLERANCE
}

/// How stocks are integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Method {
    /// Euler's method: one evaluation a step.
    #[default]
    Euler,
    /// Heun's method: two evaluations.
    Rk2,
    /// The classic Runge-Kutta method: four evaluations.
    Rk4,
    /// The midpoint method: two evaluations, the second half a step ahead.
    Midpoint,
}

impl Method {
    /// All methods, in the order of their numbers.
    pub const ALL: [Method; 4] = [Method::Euler, Method::Rk2, Method::Rk4, Method::Midpoint];

    /// The name in the IR's text and in what is reported of artifacts.
    pub fn name(self) -> &'static str {
        match self {
            Method::Euler => "euler",
            Method::Rk2 => "rk2",
            Method::Rk4 => "rk4",
            Method::Midpoint => "midpoint",
        }
    }

    /// Whether a step takes several evaluations.
    pub fn has_stages(self) -> bool {
        match self {
            Method::Euler => false,
            Method::Rk2 | Method::Rk4 | Method::Midpoint => true,
        }
    }
}
