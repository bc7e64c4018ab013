//! The regions one after the other, in numbers that cannot overflow; addresses only once they are known to fit.

use cranelift_entity::SecondaryMap;
use kernel::{abi, event, graph, lookup, settable};
use simc_ir::entity::{Graph, Slot, Table};
use simc_ir::module::{Module, SlotRole, TableData};

use super::places::{PLACE_BYTES, Places};
use super::{GraphPlace, Layout, OutOfMemory, Region, SettablePlace, Symbols, WatchPlace, repeated_rows};

/// Bytes of an f64.
const WORD: u128 = 8;

/// Every region begins at a multiple of this.
const ALIGNMENT: u128 = 16;

/// Where everything would be, however large that is.
pub(super) struct MemoryMap {
    regions: Vec<(&'static str, u128, u128)>,
    slots: SecondaryMap<Slot, u128>,
    tables: SecondaryMap<Table, u128>,
    repeats_points: bool,
    /// Lookups that remember their segment, and where the first one does.
    places: (Places, u128),
    /// Entry, own block and host's block of each.
    graphs: SecondaryMap<Graph, [u128; 3]>,
    /// Where what can be set is listed, and how many runs there are.
    settables: Option<u128>,
    inputs_offset: u128,
    n_inputs: u128,
    /// As in [`WatchPlace`].
    watch: Option<[u128; 6]>,
    params_offset: u128,
    marks_offset: u128,
    levels_offset: u128,
    stages_offset: u128,
    results_offset: u128,
    n_levels: u128,
    n_params: u128,
    row_bytes: u128,
    pub(super) end: u128,
}

/// Which slots are meant.
type Belongs = fn(SlotRole) -> bool;

/// Hidden slots by role, in the order in which they lie in memory.
const HIDDEN: [(&str, Belongs); 8] = [
    ("levels inside functions", |role| role == SlotRole::Level),
    ("held values", |role| role == SlotRole::Held),
    ("pending values", |role| role == SlotRole::Pending),
    ("values computed once a run", |role| role == SlotRole::Hoisted),
    ("values within a step", |role| matches!(role, SlotRole::Spill | SlotRole::Carry)),
    (WATCHED, |role| role == SlotRole::Watched),
    ("pipelines", |role| matches!(role, SlotRole::Ring { .. })),
    (TRANSPORTS, |role| matches!(role, SlotRole::Transport { .. })),
];

/// The list of what can be set, which is there only where that is not just the end of the row.
const SETTABLES: &str = "settable slots";

/// The region of transports, which is there only where there are some.
const TRANSPORTS: &str = "conveyors and queues";

/// The group of [`HIDDEN`] that only models with events have.
const WATCHED: &str = "watched values";

impl MemoryMap {
    pub(super) fn new(module: &Module, repeats_points: bool) -> Self {
        let mut map = Self {
            regions: Vec::new(),
            slots: SecondaryMap::new(),
            tables: SecondaryMap::new(),
            repeats_points,
            places: (if repeats_points { Places::new(module) } else { Places::default() }, 0),
            graphs: SecondaryMap::new(),
            settables: None,
            inputs_offset: 0,
            n_inputs: n_inputs(module),
            watch: None,
            params_offset: 0,
            marks_offset: 0,
            levels_offset: 0,
            stages_offset: 0,
            results_offset: 0,
            n_levels: slot_words(module, SlotRole::is_level),
            n_params: u128::from(module.n_param_numbers()),
            row_bytes: 0,
            end: 0,
        };
        map.slots(module, "live values", SlotRole::is_visible);
        map.row_bytes = slot_words(module, SlotRole::is_visible) * WORD;
        map.params_offset = map.region("constants", map.n_params * WORD);
        map.marks_offset = map.region("marks of constants that were set", map.n_params);
        map.levels_offset = map.end;
        let has_transports = module.slots.values().any(|data| matches!(data.role, SlotRole::Transport { .. }));
        for (name, belongs) in HIDDEN {
            if (name != WATCHED || !module.thresholds.is_empty()) && (name != TRANSPORTS || has_transports) {
                map.slots(module, name, belongs);
            }
        }
        map.stages_offset = map.region("stages of a step", n_stage_arrays(module) * map.n_levels * WORD);
        map.tables(module);
        map.graphs(module);
        if !map.places.0.lookups.is_empty() {
            let bytes = map.places.0.lookups.len() as u128 * u128::from(PLACE_BYTES);
            map.places.1 = map.region("places of lookups", bytes);
        }
        map.watch(module);
        if !module.has_plain_params() {
            let runs = module.settable_runs().len() as u128 * u128::from(settable::RUN_BYTES);
            map.settables = Some(map.region(SETTABLES, u128::from(settable::SETTABLES_BYTES) + runs));
        }
        map.inputs_offset = map.region("inputs of a host", map.n_inputs * WORD);
        map.results_offset = map.region("results", n_rows(module) * map.row_bytes);
        map
    }

    /// Appends a region; returns its first byte.
    fn region(&mut self, name: &'static str, bytes: u128) -> u128 {
        let offset = self.end;
        self.regions.push((name, offset, bytes));
        self.end = (offset + bytes).next_multiple_of(ALIGNMENT);
        offset
    }

    /// Appends a region of the slots with some roles, side by side in slot order.
    fn slots(&mut self, module: &Module, name: &'static str, belongs: Belongs) {
        let mut at = self.end;
        for (slot, data) in module.slots.iter().filter(|(_, data)| belongs(data.role)) {
            self.slots[slot] = at;
            at += words_of(module, slot, data.role) * WORD;
        }
        self.region(name, at - self.end);
    }

    fn tables(&mut self, module: &Module) {
        let mut at = self.end;
        for (table, data) in &module.tables {
            self.tables[table] = at;
            at += self.table_bytes(table, data);
        }
        self.region("lookup tables", at - self.end);
    }

    /// Bytes of a table: a directory with a word for each curve where there are axes, then the curves' blocks, then infinity where the table is open.
    fn table_bytes(&self, table: Table, data: &TableData) -> u128 {
        let directory = if data.axes.is_empty() { 0 } else { data.curves.len() };
        if data.is_settable() {
            return directory as u128 * WORD;
        }
        let is_open = self.places.0.tables.contains(table);
        let rows = if self.repeats_points && !is_open { repeated_rows(data) } else { None };
        let blocks = data.curves.iter().map(|curve| lookup::block_len(rows.unwrap_or(curve.xs.len())) as u128);
        let infinity = u128::from(is_open);
        (directory as u128 + blocks.sum::<u128>() + infinity) * WORD
    }

    /// Appends the entries and own blocks of graphical functions, then the blocks for a host's points.
    fn graphs(&mut self, module: &Module) {
        if module.graphs.is_empty() {
            return;
        }
        let block_bytes = |n: usize| lookup::block_len(n) as u128 * WORD;
        let first = self.end;
        let mut at = first + module.graphs.len() as u128 * u128::from(graph::ENTRY_BYTES);
        for (number, (graph, data)) in module.graphs.iter().enumerate() {
            self.graphs[graph][0] = first + number as u128 * u128::from(graph::ENTRY_BYTES);
            self.graphs[graph][1] = at;
            at += block_bytes(data.curve.xs.len());
        }
        self.region("settable lookup tables", at - first);
        let first = self.end;
        let mut at = first;
        for (graph, data) in &module.graphs {
            self.graphs[graph][2] = at;
            at += block_bytes(data.capacity as usize);
        }
        self.region("points set by a host", at - first);
    }

    /// Appends what is known and remembered of thresholds, then the records of events.
    fn watch(&mut self, module: &Module) {
        if module.thresholds.is_empty() {
            return;
        }
        let n_events: u128 = module.thresholds.values().map(|threshold| threshold.actions.len() as u128).sum();
        let watch = self.end;
        let entries = watch + u128::from(event::WATCH_BYTES);
        let actions = entries + module.thresholds.len() as u128 * u128::from(event::ENTRY_BYTES);
        let memories = (actions + n_events).next_multiple_of(WORD);
        let end = memories + u128::from(module.n_watched()) * u128::from(event::MEMORY_BYTES);
        self.region("thresholds", end - watch);
        let capacity = u128::from(abi::event_capacity(module.n_watched()));
        let records = self.region("records of events", capacity * u128::from(event::RECORD_BYTES));
        self.watch = Some([watch, entries, actions, memories, records, capacity]);
    }

    /// What to tell the user when the map does not fit.
    pub(super) fn out_of_memory(&self, module: &Module, max_memory: u64) -> OutOfMemory {
        let mut regions: Vec<(&'static str, u128)> =
            self.regions.iter().map(|&(name, _, bytes)| (name, bytes)).collect();
        regions.sort_by_key(|&(_, bytes)| std::cmp::Reverse(bytes));
        let slots = module.slots.iter().map(|(slot, data)| (&data.name, words_of(module, slot, data.role) * WORD));
        let tables = module.tables.iter().map(|(table, data)| (&data.name, self.table_bytes(table, data)));
        let mut largest: Vec<(&String, u128)> = slots.chain(tables).collect();
        largest.sort_by_key(|&(_, bytes)| std::cmp::Reverse(bytes));
        largest.truncate(OutOfMemory::MAX_LARGEST);
        OutOfMemory {
            needed: self.end,
            max_memory,
            regions,
            largest: largest.into_iter().map(|(name, bytes)| (name.clone(), bytes)).collect(),
        }
    }

    /// The addresses of a map that fits.
    pub(super) fn into_layout(self, module: &Module, symbols: Symbols) -> Layout {
        let mut slots = SecondaryMap::new();
        for slot in module.slots.keys() {
            slots[slot] = address(self.slots[slot]);
        }
        let mut tables = SecondaryMap::new();
        for table in module.tables.keys() {
            tables[table] = address(self.tables[table]);
        }
        let mut graphs = SecondaryMap::new();
        for graph in module.graphs.keys() {
            let [entry, own, host] = self.graphs[graph].map(address);
            graphs[graph] = GraphPlace { entry, own, host };
        }
        let n_slots = address(self.row_bytes / WORD);
        let mut params = SecondaryMap::new();
        let mut at = address(self.params_offset);
        for (param, data) in &module.params {
            params[param] = at;
            at += 8 * module.slot_len(data.slot);
        }
        Layout {
            n_slots,
            n_rows: address(n_rows(module)),
            results_offset: address(self.results_offset),
            end: address(self.end),
            slots,
            tables,
            repeats_points: self.repeats_points,
            places: self.places.0.at(module, address(self.places.1)),
            open: self.places.0.tables,
            graphs,
            watch: self.watch.map(|place| {
                let [watch, entries, actions, memories, records, capacity] = place.map(address);
                WatchPlace { watch, entries, actions, memories, records, capacity }
            }),
            settables: self
                .settables
                .map(address)
                .map(|settables| SettablePlace { settables, runs: settables + u64::from(settable::SETTABLES_BYTES) }),
            inputs_offset: address(self.inputs_offset),
            n_inputs: address(self.n_inputs),
            params_offset: address(self.params_offset),
            params,
            marks_offset: address(self.marks_offset),
            first_param_slot: n_slots - module.n_visible_param_numbers(),
            n_visible_params: module.n_visible_param_numbers(),
            n_params: address(self.n_params),
            stages_offset: address(self.stages_offset),
            n_levels: address(self.n_levels),
            n_stocks: address(slot_words(module, |role| role == SlotRole::Stock)),
            levels_offset: address(self.levels_offset),
            n_stage_arrays: address(n_stage_arrays(module)),
            regions: self
                .regions
                .iter()
                .map(|&(name, offset, bytes)| Region { name, offset: address(offset), bytes: address(bytes) })
                .collect(),
            symbols,
        }
    }
}

/// A number of a map that fits into memory.
fn address(number: u128) -> u64 {
    u64::try_from(number).expect("what fits into memory fits into 64 bits")
}

/// Words of all slots with some roles, without a ring's.
fn slot_words(module: &Module, belongs: Belongs) -> u128 {
    module.slots.iter().filter(|(_, data)| belongs(data.role)).map(|(slot, _)| u128::from(module.slot_len(slot))).sum()
}

/// Words of a slot. Each element of a ring has its own bookkeeping and places.
fn words_of(module: &Module, slot: Slot, role: SlotRole) -> u128 {
    u128::from(role.words()) * u128::from(module.slot_len(slot))
}

/// Numbers that a host can give at once: all elements of all constants or the points of any graphical function, whichever is more.
fn n_inputs(module: &Module) -> u128 {
    let n_points = module.graphs.values().map(|graph| graph.capacity).max().unwrap_or(0);
    u128::from(module.n_param_numbers()).max(2 * u128::from(n_points))
}

/// As [`simc_ir::module::TimeSpec::n_rows`], also for more rows than 64 bits count.
fn n_rows(module: &Module) -> u128 {
    u128::from(module.time.n_steps / module.time.save_every.max(1)) + 1
}

fn n_stage_arrays(module: &Module) -> u128 {
    if module.time.method.has_stages() { 3 } else { 0 }
}
