//! What a role must write, it writes once.

use cranelift_entity::SecondaryMap;

use super::region::Region;
use super::{Errors, FuncCx, report_slot};
use crate::entity::{Axis, Block, Inst, Slot};
use crate::func::walk::Step;
use crate::module::{FuncRole, Module, SlotRole};
use crate::opcode::{Effect, Opcode};

/// How often a role writes an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    AtMostOnce,
}

/// A write of a slot.
#[derive(Clone)]
struct Write {
    part: usize,
    inst: Inst,
    region: Region,
}

/// Writes of one role, by slot.
type Writes = SecondaryMap<Slot, Vec<Write>>;

/// How many elements may be looked at one by one, of all slots that several instructions write: as many as an artifact's memory holds.
const MAX_SINGLED_OUT: u64 = 1 << 29;

struct Coverage<'a> {
    module: &'a Module,
    cxs: &'a [FuncCx<'a>],
    errors: &'a mut Errors,
    /// Elements that may still be looked at.
    budget: u64,
}

pub(super) fn verify_coverage(module: &Module, cxs: &[FuncCx<'_>], errors: &mut Errors) {
    let mut coverage = Coverage { module, cxs, errors, budget: MAX_SINGLED_OUT };
    let mut row_next = SecondaryMap::<Slot, u64>::new();
    for role in FuncRole::ALL {
        let present = module.parts(role).next().is_some();
        if role == FuncRole::Step && !present && module.time.save_every == 1 {
            continue;
        }
        let writes = coverage.collect(role);
        for slot in module.slots.keys() {
            coverage.verify_slot(role, slot, &writes[slot]);
        }
        let next_len = |slot: Slot| writes[slot].iter().map(|write| write.region.len()).fold(0, u64::saturating_add);
        for (slot, _) in module.slots.iter().filter(|(_, data)| data.role == SlotRole::Held) {
            if role == FuncRole::Row {
                row_next[slot] = next_len(slot);
            } else if role == FuncRole::Step && row_next[slot] != next_len(slot) {
                report_slot(module, coverage.errors, slot, "row and step do not give the same elements a next value");
            }
        }
    }
}

impl Coverage<'_> {
    /// All writes of a role. Those that repeat themselves are reported and left out.
    fn collect(&mut self, role: FuncRole) -> Writes {
        let mut writes = Writes::new();
        for (part, cx) in self.cxs.iter().enumerate().filter(|(_, cx)| cx.func.role == role) {
            let mut open: Vec<(Axis, Block)> = Vec::new();
            for step in cx.func.walk() {
                match step {
                    Step::Inst(inst) => self.add_write(part, inst, &open, &mut writes),
                    Step::Enter(inst, _) => open.extend(cx.func.insts[inst].immediate.as_loop()),
                    Step::Leave(..) => {
                        open.pop();
                    }
                }
            }
        }
        writes
    }

    fn add_write(&mut self, part: usize, inst: Inst, open: &[(Axis, Block)], writes: &mut Writes) {
        let cx = &self.cxs[part];
        let is_once = |slot: &Slot| self.module.slots[*slot].role != SlotRole::Carry;
        let Some(slot) = written_slot(cx, inst).filter(is_once) else { return };
        match Region::new(self.module, cx.func, inst, open) {
            Some(region) => writes[slot].push(Write { part, inst, region }),
            None => cx.report_inst(self.errors, inst, "writes the same element in several passes of a loop"),
        }
    }

    fn verify_slot(&mut self, role: FuncRole, slot: Slot, writes: &[Write]) {
        let Some(times) = expected(self.module, role, self.module.slots[slot].role) else { return };
        let len = self.module.slot_len(slot);
        let reached = writes.iter().map(|write| write.region.len()).fold(0, u64::saturating_add);
        if times == Times::Once && reached < len {
            let message = format!("{} writes {reached} of its {len} elements", role.name());
            report_slot(self.module, self.errors, slot, message);
        }
        self.verify_disjoint(slot, writes);
    }

    /// No two writes reach the same element.
    fn verify_disjoint(&mut self, slot: Slot, writes: &[Write]) {
        // One write alone repeats nothing: its loops all move it, and each combination of passes is another element.
        if writes.len() < 2 {
            return;
        }
        let len = self.module.slot_len(slot);
        let reached = writes.iter().map(|write| write.region.len()).fold(len, u64::saturating_add);
        let Some(left) = self.budget.checked_sub(reached) else {
            return report_slot(self.module, self.errors, slot, "has too many elements to be written in parts");
        };
        self.budget = left;
        let mut seen = Seen::new(len);
        for write in writes {
            if !write.region.all(|element| seen.insert(element)) {
                self.cxs[write.part].report_inst(self.errors, write.inst, "writes an element that is written already");
            }
        }
    }
}

/// A set of elements of one slot, a bit for each.
struct Seen {
    words: Vec<u64>,
}

impl Seen {
    fn new(len: u64) -> Self {
        Self { words: vec![0; usize::try_from(len.div_ceil(64)).expect("the budget bounds the length")] }
    }

    /// Whether the element is new.
    fn insert(&mut self, element: u64) -> bool {
        let (word, bit) = (&mut self.words[(element / 64) as usize], 1u64 << (element % 64));
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }
}

/// What a role does to slots of a role.
fn expected(module: &Module, role: FuncRole, slot: SlotRole) -> Option<Times> {
    let staged = module.time.method.has_stages();
    let once = |roles: &[FuncRole]| roles.contains(&role).then_some(Times::Once);
    // Where rings are pushed and held slots replaced.
    let advances = if staged { role == FuncRole::Commit } else { matches!(role, FuncRole::Row | FuncRole::Step) };
    match slot {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => None,
        SlotRole::Run | SlotRole::Hoisted => once(&[FuncRole::Prepare]),
        SlotRole::Output => once(&[FuncRole::Row]),
        SlotRole::Stock | SlotRole::Level if role == FuncRole::Stage && !staged => None,
        SlotRole::Stock | SlotRole::Level => once(&[FuncRole::Start, FuncRole::Row, FuncRole::Step, FuncRole::Stage]),
        SlotRole::Pending | SlotRole::Watched => once(&[FuncRole::Row, FuncRole::Step]),
        SlotRole::Ring { .. } | SlotRole::Transport { .. } if advances => Some(Times::Once),
        SlotRole::Held if advances => Some(Times::AtMostOnce),
        SlotRole::Held | SlotRole::Ring { .. } | SlotRole::Transport { .. } => once(&[FuncRole::Start]),
        SlotRole::Spill => Some(Times::AtMostOnce),
        SlotRole::Carry => None,
    }
}

/// The slot that an instruction writes, element by element.
fn written_slot(cx: &FuncCx<'_>, inst: Inst) -> Option<Slot> {
    let data = &cx.func.insts[inst];
    let writes = data.opcode.signature().effect == Effect::Write && data.opcode != Opcode::Arrange;
    data.immediate.as_slot().filter(|_| writes)
}
