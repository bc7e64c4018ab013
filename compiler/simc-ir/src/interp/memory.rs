//! Where every slot is: visible slots as a row, hidden ones after them.

use cranelift_entity::SecondaryMap;

use crate::entity::Slot;
use crate::module::Module;

/// Positions and sizes, in numbers.
pub(super) struct Memory {
    /// First number of each slot.
    pub(super) bases: SecondaryMap<Slot, usize>,
    /// First rate of each stock and level, among the rates of all.
    pub(super) rates: SecondaryMap<Slot, usize>,
    /// Where the numbers are that the rates integrate, in their order.
    pub(super) levels: Vec<(usize, usize)>,
    pub(super) n_rates: usize,
    pub(super) row_len: usize,
    pub(super) len: usize,
}

impl Memory {
    /// The memory of a module whose [`bytes_needed`] are known to fit.
    pub(super) fn new(module: &Module) -> Self {
        let mut memory = Self {
            bases: SecondaryMap::with_capacity(module.slots.len()),
            rates: SecondaryMap::with_capacity(module.slots.len()),
            levels: Vec::new(),
            n_rates: 0,
            row_len: fitting(module.row_len()),
            len: 0,
        };
        for (slot, data) in module.slots.iter() {
            memory.bases[slot] = memory.len;
            if data.role.is_level() {
                let elements = fitting(module.slot_len(slot));
                memory.levels.push((memory.len, elements));
                memory.rates[slot] = memory.n_rates;
                memory.n_rates += elements;
            }
            memory.len += fitting(numbers(module, slot));
        }
        memory
    }
}

fn numbers(module: &Module, slot: Slot) -> u64 {
    module.slot_len(slot).saturating_mul(module.slots[slot].role.words())
}

/// Bytes of all slots and of all rows that a run saves. Saturates.
pub(super) fn bytes_needed(module: &Module) -> u64 {
    let slots = module.slots.keys().map(|slot| numbers(module, slot)).fold(0, u64::saturating_add);
    let rows = module.row_len().saturating_mul(module.time.n_rows());
    slots.saturating_add(rows).saturating_mul(8)
}

fn fitting(len: u64) -> usize {
    usize::try_from(len).expect("the size has been checked against the limit")
}
