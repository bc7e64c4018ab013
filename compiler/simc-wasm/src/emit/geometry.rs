//! The layout's numbers as the emitter uses them: checked once to fit a 32-bit memory, so that no emitted address can wrap.

use simc_ir::entity::Slot;
use simc_ir::module::{Module, SlotRole};
use simc_midend::layout::{ADDRESSABLE, Layout};

use super::EmitError;

/// Bytes of an f64.
pub(crate) const WORD: u32 = 8;

/// Addresses and sizes in bytes unless said otherwise.
#[derive(Debug)]
pub(crate) struct Geometry {
    /// f64s in a row.
    pub(crate) n_slots: u32,
    /// Bytes of a row.
    pub(crate) row_bytes: u32,
    /// Rows of the results region.
    pub(crate) n_rows: u32,
    /// First row.
    pub(crate) results: u32,
    /// Everything of the model lies before it.
    pub(crate) end: u64,
    /// The step after which a run is complete.
    pub(crate) last_step: i64,
    /// Whether that step lies after the last row, and is taken for the sake of events alone.
    pub(crate) ends_behind_rows: bool,
    /// Steps from row to row.
    pub(crate) save_every: i64,
    /// Stocks and outputs in the row: what the step writes and what may be NaN.
    pub(crate) computed: Span,
    /// Stocks in the row.
    pub(crate) stocks: Span,
    /// What is constant in a run and is at the end of the row, params included.
    pub(crate) tail: Span,
    /// Params that have a place of their own in the live chunk.
    pub(crate) params: Span,
    /// Numbers of all params.
    pub(crate) n_params: u32,
    /// Values of params, set or default.
    pub(crate) values: u32,
    /// A byte for each param: whether it was set.
    pub(crate) marks: u32,
    /// Numbers that a host writes for `set_values` and `set_table`.
    pub(crate) inputs: Span,
    /// Entries of the graphical functions that a host may change.
    pub(crate) graphs: u32,
    /// How many there are.
    pub(crate) n_graphs: u32,
    /// Scratch of Runge-Kutta methods: [`Geometry::n_levels`] f64s for slopes, then as many for bases, then for sums.
    pub(crate) stages: u32,
    /// f64s that `rate` integrates.
    pub(crate) n_levels: u32,
}

/// Consecutive f64s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Address of the first.
    pub(crate) offset: u32,
    /// How many.
    pub(crate) len: u32,
}

impl Span {
    /// Bytes.
    pub(crate) fn bytes(self) -> u32 {
        self.len * WORD
    }

    /// First byte after.
    fn end(self) -> u32 {
        self.offset + self.bytes()
    }
}

impl Geometry {
    /// # Errors
    /// When the model does not fit a 32-bit memory or has more steps than can be counted.
    pub(crate) fn new(module: &Module, layout: &Layout) -> Result<Self, EmitError> {
        if layout.end > ADDRESSABLE {
            return Err(EmitError::Memory { bytes: layout.end });
        }
        let save_every = module.time.save_every.max(1);
        let last_step = i64::try_from(module.last_step()).map_err(|_| EmitError::Steps)?;
        let visible = |wanted: fn(SlotRole) -> bool| visible_span(module, layout, wanted);
        let stocks = visible(|role| role == SlotRole::Stock);
        let outputs = visible(|role| role == SlotRole::Output);
        let tail = visible(|role| role == SlotRole::Run);
        let params = Span { offset: small(layout.first_param_slot) * WORD, len: small(layout.n_visible_params) };
        Ok(Self {
            n_slots: small(layout.n_slots),
            row_bytes: small(layout.n_slots) * WORD,
            n_rows: small(layout.n_rows),
            results: small(layout.results_offset),
            end: layout.end,
            last_step,
            ends_behind_rows: module.last_step() > module.time.last_saved_step(),
            save_every: i64::try_from(save_every).map_err(|_| EmitError::Steps)?,
            computed: Span { offset: stocks.offset, len: (outputs.end().max(stocks.end()) - stocks.offset) / WORD },
            stocks,
            tail,
            params,
            n_params: small(layout.n_params),
            values: small(layout.params_offset),
            marks: small(layout.marks_offset),
            inputs: Span { offset: small(layout.inputs_offset), len: small(layout.n_inputs) },
            graphs: module.graphs.keys().next().map_or(0, |first| small(layout.graphs[first].entry)),
            n_graphs: small(module.graphs.len() as u64),
            stages: small(layout.stages_offset),
            n_levels: module.slots.keys().filter(|&s| module.slots[s].role.is_level()).map(|s| len(module, s)).sum(),
        })
    }
}

/// Numbers in a slot.
pub(crate) fn len(module: &Module, slot: Slot) -> u32 {
    small(module.slot_len(slot))
}

/// Where a slot begins.
pub(crate) fn address(layout: &Layout, slot: Slot) -> u32 {
    small(layout.slots[slot])
}

/// A number that is no larger than an address, all of which are checked.
pub(crate) fn small(number: u64) -> u32 {
    u32::try_from(number).expect("what lies within the memory is counted in 32 bits")
}

/// Where the visible slots of a role are in a row; they are consecutive. Empty after the time slots when there is none.
fn visible_span(module: &Module, layout: &Layout, wanted: fn(SlotRole) -> bool) -> Span {
    let mut slots = module.slots.keys().filter(|&slot| wanted(module.slots[slot].role)).peekable();
    let first = slots.peek().map_or(kernel::abi::RESERVED_SLOTS * WORD, |&slot| address(layout, slot));
    Span { offset: first, len: slots.map(|slot| len(module, slot)).sum() }
}
