//! Makes pipelines no larger than the one `fill` that they get needs.

use simc_ir::entity::{Func, Slot};
use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};

use crate::analysis::constants::{Constant, constants};
use crate::pass::{Pass, PassCx};

/// See the module.
pub const PASS: Pass = Pass {
    name: "bound_rings",
    about: "gives a pipeline of known length the memory of that length",
    run: |module: &mut Module, _: &PassCx| bound(module),
};

/// Lowers the capacity of each ring to the length that its `fill` names, where that is a constant. A ring is as long as it was
/// filled, so places beyond that are never touched.
pub fn bound(module: &mut Module) -> bool {
    let lengths: Vec<(Slot, f64)> =
        module.parts(FuncRole::Start).flat_map(|func| known_lengths(module, func)).collect();
    let mut changed = false;
    for (slot, length) in lengths {
        if let SlotRole::Ring { capacity } = &mut module.slots[slot].role {
            // A cast saturates, and turns NaN into 0: `fill` treats that as 1.
            let needed = (length.round() as u32).max(1);
            changed |= needed < *capacity;
            *capacity = needed.min(*capacity);
        }
    }
    changed
}

fn known_lengths(module: &Module, func: Func) -> Vec<(Slot, f64)> {
    let func = &module.funcs[func];
    let known = constants(module, func);
    func.listed_insts()
        .filter_map(|inst| match (func.insts[inst].opcode, func.insts[inst].immediate) {
            (Opcode::Fill, Immediate::Slot(slot)) => match known[func.args(inst)[0]] {
                Some(Constant::F64(length)) => Some((slot, length)),
                Some(Constant::Bool(_)) | None => None,
            },
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use simc_ir::builder::Builder;
    use simc_ir::func::FuncData;
    use simc_ir::module::SlotData;

    use super::*;

    fn capacity_after(fill: impl Fn(&mut Builder<'_>) -> simc_ir::entity::Value) -> SlotRole {
        let mut module = Module::default();
        let role = SlotRole::Ring { capacity: 100 };
        let ring = module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
        let mut func = FuncData::new(FuncRole::Start);
        let mut b = Builder::new(&module, &mut func);
        let length = fill(&mut b);
        let zero = b.fconst(0.0);
        b.write(Opcode::Fill, ring, &[length, zero]);
        module.funcs.push(func);
        bound(&mut module);
        module.slots[ring].role
    }

    #[test]
    fn a_known_length_bounds_the_capacity() {
        let role = capacity_after(|b| {
            let (six, half) = (b.fconst(6.0), b.fconst(0.5));
            b.op(Opcode::Fdiv, &[six, half])
        });
        assert_eq!(role, SlotRole::Ring { capacity: 12 });
    }

    #[test]
    fn lengths_out_of_range_stay_within_it() {
        for (length, expected) in [(f64::NAN, 1), (-3.0, 1), (1e300, 100)] {
            assert_eq!(capacity_after(|b| b.fconst(length)), SlotRole::Ring { capacity: expected });
        }
    }

    #[test]
    fn an_unknown_length_leaves_it() {
        assert_eq!(capacity_after(|b| b.op(Opcode::Time, &[])), SlotRole::Ring { capacity: 100 });
    }
}
