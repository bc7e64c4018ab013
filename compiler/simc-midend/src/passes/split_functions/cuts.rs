//! Where to cut: greedily, as late as the limits allow.

use cranelift_entity::SecondaryMap;
use simc_ir::entity::Value;
use simc_ir::func::FuncData;

use super::body::{Access, Body};
use crate::analysis::cost;
use crate::pass::FuncLimits;

/// The parts of a body.
#[derive(Debug)]
pub(super) struct Segments {
    /// The part of each item, from 0 upwards.
    pub(super) of: Vec<u32>,
    /// How many parts there are, at least 1.
    pub(super) count: u32,
}

/// Cuts a body so that each part stays within the limits.
pub(super) fn find(func: &FuncData, body: &Body, limits: FuncLimits) -> Segments {
    let mut segments = Segments { of: Vec::with_capacity(body.items.len()), count: 1 };
    let mut part = Part::default();
    let mut filler = Filler { func, body, seen: SecondaryMap::new() };
    for position in 0..body.items.len() {
        let mut next = filler.add(part, segments.count, position);
        if next.exceeds(limits) && !part.is_empty {
            segments.count += 1;
            next = filler.add(Part::default(), segments.count, position);
        }
        part = next;
        segments.of.push(segments.count - 1);
    }
    segments
}

/// What is known of the part that is being filled.
#[derive(Clone, Copy)]
struct Part {
    is_empty: bool,
    bytes: u32,
    /// Values that are made or read here and needed later on.
    live: u32,
    /// Bytes to write to memory those of them that would have to be if the part ended here.
    saving: u32,
}

impl Default for Part {
    fn default() -> Self {
        Self { is_empty: true, bytes: 0, live: 0, saving: 0 }
    }
}

/// What a part has of a value.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// The last part that has it, counted from 1.
    part: u32,
    /// Whether that part makes it.
    is_made: bool,
}

/// Fills parts item by item.
struct Filler<'a> {
    func: &'a FuncData,
    body: &'a Body,
    seen: SecondaryMap<Value, Seen>,
}

impl Filler<'_> {
    /// The part, which is the one of this number, with one more item. Should the item turn out to belong to the next part, the same
    /// call for that one overwrites all that this one has noted.
    fn add(&mut self, mut part: Part, number: u32, position: usize) -> Part {
        let Self { func, body, seen } = self;
        let item = &body.items[position];
        part.is_empty = false;
        part.bytes = part.bytes.saturating_add(item.bytes);
        for &value in body.uses_of(item) {
            if seen[value].part != number {
                seen[value] = Seen { part: number, is_made: false };
                part.bytes = part.bytes.saturating_add(cost::spill_bytes(func.values[value].ty));
                part.live += 1;
            }
            if !body.is_used_behind(value, position) {
                part.live -= 1;
                if seen[value].is_made {
                    part.saving -= saving_bytes(func, body, value);
                }
            }
        }
        if let Some(result) = item.result
            && body.is_used_behind(result, position)
        {
            seen[result] = Seen { part: number, is_made: true };
            part.live += 1;
            part.saving += saving_bytes(func, body, result);
        }
        part
    }
}

impl Part {
    fn exceeds(self, limits: FuncLimits) -> bool {
        self.live > limits.live || self.bytes.saturating_add(self.saving) > limits.bytes
    }
}

/// Bytes to write a value to memory for a later part; 0 if that can get at it anyway.
fn saving_bytes(func: &FuncData, body: &Body, value: Value) -> u32 {
    match body.access(func, value) {
        Access::Spill => cost::spill_bytes(func.values[value].ty),
        Access::Repeat | Access::Stored(..) => 0,
    }
}
