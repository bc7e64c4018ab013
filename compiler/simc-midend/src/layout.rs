//! Where everything is: computed once, read by the emitter, hosts and tests. No other place makes an address.
//!
//! ```text
//! 0                 live chunk: visible slots in row order, 8 bytes each
//! private_offset    overrides and their marks, hidden slots grouped by role, stage scratch, rings, tables
//! results_offset    results: n_rows rows of row_bytes
//! end               the linked kernel's data and stack follow, placed by the linker
//! ```
//!
//! Of all this `reset` clears the live chunk alone: the rest is written by `prepare` and `start` before anything reads it.

mod memory_map;
mod places;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Func, Graph, Inst, Param, Slot, Table};
use simc_ir::module::{Module, TableData, TableSearch};
pub use simc_model::model::{Control, ControlKind};

use self::memory_map::MemoryMap;
pub use self::places::{FEW_POINTS, Place, frequent_funcs, is_plain};

/// Addresses and sizes in bytes, and the symbols of the model.
#[derive(Clone, Debug)]
pub struct Layout {
    /// f64s in a row.
    pub n_slots: u64,
    /// Rows of the results region.
    pub n_rows: u64,
    /// Byte offset of the results region.
    pub results_offset: u64,
    /// First byte after everything of the model; 16-aligned. The kernel's data and stack go here.
    pub end: u64,
    /// First byte of every slot, visible (in the live chunk) or hidden. A ring begins with two f64-sized words of bookkeeping.
    pub slots: SecondaryMap<Slot, u64>,
    /// First byte of every table's data: of its curve's block, or of a directory with the address and the number of points, each a
    /// u32, of every curve's block. The blocks follow the directory. A table whose points a host may replace has no blocks: its
    /// directory, if it has axes, holds the address of every curve's entry, each a u32 in a word of 8 bytes.
    pub tables: SecondaryMap<Table, u64>,
    /// Whether blocks have [more rows](repeated_rows) than points.
    pub repeats_points: bool,
    /// Tables whose block is followed by infinity, as if a point lay there, and has no more rows than points. There are some only where
    /// [`Layout::repeats_points`] holds.
    pub open: EntitySet<Table>,
    /// Where lookups outside of loops remember their segment, by function: all lookups in open tables.
    pub places: SecondaryMap<Func, BTreeMap<Inst, Place>>,
    /// Where the graphical functions are whose points a host may replace.
    pub graphs: SecondaryMap<Graph, GraphPlace>,
    /// Where what is watched lies; none when the model has no events.
    pub watch: Option<WatchPlace>,
    /// Where the runs of slots lie that can be set; none when all of them are the end of the row.
    pub settables: Option<SettablePlace>,
    /// First byte of what a host writes for `set_values` and `set_table`.
    pub inputs_offset: u64,
    /// How many f64s there are: none when nothing can be set.
    pub n_inputs: u64,
    /// One f64 for each element of each param, in order: what `set_value` stores and `prepare` reads.
    pub params_offset: u64,
    /// The values of each param.
    pub params: SecondaryMap<Param, u64>,
    /// One byte for each element of each param: 1 when it was set.
    pub marks_offset: u64,
    /// First settable element at the end of the live chunk; the elements of all visible params are contiguous from here, in the order of the
    /// params.
    pub first_param_slot: u64,
    /// How many settable elements there are at the end of the live chunk.
    pub n_visible_params: u64,
    /// Elements of all params.
    pub n_params: u64,
    /// Stage scratch of Runge-Kutta methods: [`Layout::n_stage_arrays`] arrays of [`Layout::n_levels`] f64s. In each, the stocks come
    /// first and the hidden levels follow, both in slot order.
    pub stages_offset: u64,
    /// Elements of all stocks and hidden levels.
    pub n_levels: u64,
    /// Stocks among them: they lie side by side in the row, after the four time slots.
    pub n_stocks: u64,
    /// First byte of the hidden levels, which lie side by side.
    pub levels_offset: u64,
    /// How many arrays of stage scratch there are: none under Euler; else the rate, the state at the step's start, and the sum of
    /// the rates so far.
    pub n_stage_arrays: u64,
    /// Bytes of each region, named, in address order: what `inspect` shows and what an out-of-memory diagnostic lists.
    pub regions: Vec<Region>,
    /// What a host may want to know of each variable.
    pub symbols: Symbols,
}

/// Where the parts of what is watched lie: first bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WatchPlace {
    /// What the kernel begins with, a [`kernel::event::Watch`].
    pub watch: u64,
    /// A [`kernel::event::Entry`] for each threshold.
    pub entries: u64,
    /// A byte for each event.
    pub actions: u64,
    /// A [`kernel::event::Memory`] for each element of each threshold.
    pub memories: u64,
    /// Records of events.
    pub records: u64,
    /// How many of them there is room for.
    pub capacity: u64,
}

/// Where what can be set is listed: first bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettablePlace {
    /// What the kernel begins with, a [`kernel::settable::Settables`].
    pub settables: u64,
    /// The [runs](kernel::settable::Run).
    pub runs: u64,
}

/// Where the parts of a graphical function are whose points a host may replace: first bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GraphPlace {
    /// Its entry, of [`kernel::graph::ENTRY_BYTES`]; the entries of all lie side by side.
    pub entry: u64,
    /// The block of its own points.
    pub own: u64,
    /// The block for those of a host.
    pub host: u64,
}

impl Layout {
    /// How many [rows of points](repeated_rows) a table's block has where that is more than it has points.
    pub fn repeated_rows(&self, table: Table, data: &TableData) -> Option<usize> {
        if self.repeats_points && !self.open.contains(table) { repeated_rows(data) } else { None }
    }
}

/// Of a table whose only curve has evenly spaced points: how many rows of points its block has
/// where [`Layout::repeats_points`] holds and the table is not open, a power of two. The last one is the first point again,
/// those between are zeros. None for a table that is left as it is.
pub fn repeated_rows(table: &TableData) -> Option<usize> {
    let [curve] = table.curves.as_slice() else { return None };
    let is_fit = table.search == TableSearch::Even && table.axes.is_empty() && !table.is_settable();
    let n_points = curve.xs.len();
    let rows = (n_points + 1).next_power_of_two();
    // No more than a row for every two points.
    (is_fit && n_points > 1 && 2 * (rows - n_points) <= n_points).then_some(rows)
}

/// Lays a module out, with points repeated where that serves speed, or with nothing twice.
///
/// # Errors
/// When all of it does not fit into `max_memory` bytes, or into what 32 bits address.
pub fn layout(module: &Module, symbols: Symbols, max_memory: u64, repeats_points: bool) -> Result<Layout, OutOfMemory> {
    let map = MemoryMap::new(module, repeats_points);
    if map.end > u128::from(max_memory.min(ADDRESSABLE)) {
        return Err(map.out_of_memory(module, max_memory.min(ADDRESSABLE)));
    }
    Ok(map.into_layout(module, symbols))
}

/// Bytes that a 32-bit memory can have.
pub const ADDRESSABLE: u64 = 1 << 32;

/// A model needs more memory than there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfMemory {
    /// Bytes that it needs, without the kernel's own.
    pub needed: u128,
    /// Bytes that there may be.
    pub max_memory: u64,
    /// Every region with its bytes, largest first.
    pub regions: Vec<(&'static str, u128)>,
    /// The variables, pipelines and tables that take most, largest first, at most [`OutOfMemory::MAX_LARGEST`] of them.
    /// A variable's part in the results is not counted here.
    pub largest: Vec<(String, u128)>,
}

impl OutOfMemory {
    /// How many single things are named.
    pub const MAX_LARGEST: usize = 5;
}

impl std::error::Error for OutOfMemory {}

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { needed, max_memory, regions, largest } = self;
        write!(f, "the model needs {needed} bytes of memory, and {max_memory} are allowed")?;
        if let Some((name, bytes)) = regions.first() {
            write!(f, "; {name} take {bytes}")?;
        }
        if let Some((name, bytes)) = largest.first() {
            write!(f, "; the largest single part is {name} with {bytes}")?;
        }
        Ok(())
    }
}

/// A named range of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// For people.
    pub name: &'static str,
    /// First byte.
    pub offset: u64,
    /// Size in bytes.
    pub bytes: u64,
}

/// The model as a host sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbols {
    /// Name of the model.
    pub model: String,
    /// Name of the time unit.
    pub time_units: Option<String>,
    /// Dimensions, each once.
    pub dims: Vec<SymbolDim>,
    /// Variables in slot order, the four time slots first; stand-alone tables are not among them.
    pub vars: Vec<Symbol>,
    /// Conveyors and queues, in the order in which an error word counts their elements.
    pub transports: Vec<SymbolTransport>,
    /// What is watched, one for each threshold of the module.
    pub thresholds: Vec<SymbolThreshold>,
    /// Variables that belong together.
    pub groups: Vec<SymbolGroup>,
    /// Which variable of the row reads which; sorted by the effect, then by the cause.
    pub links: Vec<SymbolLink>,
    /// Controls and displays that the author drew.
    pub controls: Vec<Control>,
}

/// One variable reads another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SymbolLink {
    /// What is read: an index into [`Symbols::vars`].
    pub cause: u32,
    /// What reads it.
    pub effect: u32,
    /// How the effect moves with the cause.
    pub sign: Sign,
    /// Whether the effect reads it only for its value at the start.
    pub at_start: bool,
}

/// How something moves with something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Nobody knows.
    Unknown,
    /// In the same direction.
    Same,
    /// In the opposite direction.
    Opposite,
}

impl Sign {
    /// Of two steps one after the other.
    pub(crate) fn times(self, other: Self) -> Self {
        match (self, other) {
            (Sign::Unknown, _) | (_, Sign::Unknown) => Sign::Unknown,
            (a, b) if a == b => Sign::Same,
            _ => Sign::Opposite,
        }
    }

    /// Of two ways side by side.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == other { self } else { Sign::Unknown }
    }
}

/// A group of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolGroup {
    /// As the author wrote it.
    pub name: String,
    /// Documentation.
    pub doc: Option<String>,
    /// Names of variables, as in [`Symbol::name`], and of modules.
    pub members: Vec<String>,
}

/// A conveyor or queue, or an array of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolTransport {
    /// Its stock, as the author wrote it.
    pub name: String,
    /// A queue; else a conveyor.
    pub is_queue: bool,
    /// Dimensions, as in [`Symbol::dims`].
    pub dims: Vec<u32>,
}

/// A threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolThreshold {
    /// Its variable, as the author wrote it.
    pub variable: String,
    /// Dimensions of the variable, as in [`Symbol::dims`].
    pub dims: Vec<u32>,
    /// What each of its events says.
    pub messages: Vec<String>,
}

/// A dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolDim {
    /// Name as written.
    pub name: String,
    /// Elements in order, as written.
    pub elements: Arc<[String]>,
    /// The same by their canonical names.
    pub canonical_elements: Vec<String>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// As the author wrote it: the title of its column.
    pub name: String,
    /// The name by which hosts look it up, those of modules before it; elements have canonical names of their own.
    pub canonical: String,
    /// What it is.
    pub kind: SymbolKind,
    /// First slot in the row.
    pub slot: u64,
    /// Indices into [`Symbols::dims`], outermost first.
    pub dims: Vec<u32>,
    /// The elements that a host may set, ascending, with gaps between.
    pub settable: Vec<SettableElements>,
    /// Units as written.
    pub units: Option<String>,
    /// Documentation.
    pub doc: Option<String>,
    /// Least and greatest sensible value.
    pub range: Option<(f64, f64)>,
}

/// Elements of a variable that a host may set, side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct SettableElements {
    /// The first, row-major.
    pub first: u64,
    /// Their defaults, one for each.
    pub defaults: Vec<f64>,
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// One of the four time slots.
    Time,
    /// Integrates flows.
    Stock,
    /// Changes stocks.
    Flow,
    /// Anything computed.
    Auxiliary,
    /// Settable.
    Constant,
    /// Fed from outside its module.
    ModuleInput,
}

#[cfg(test)]
mod tests;
