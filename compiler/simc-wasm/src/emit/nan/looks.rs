//! Which numbers of a row have to be looked at for NaN.
//!
//! Backwards from its uses: a value *shows* if something that is looked at is NaN whenever the value is, in any pass of the loops around. It is
//! enough that one use shows it: a rate does, since a level that has become NaN stays so, and so does an operation that gives NaN for NaN and
//! shows itself. What is handed on in memory shows if whoever reads it shows it: a spill if one load reaches every element, also in a later part
//! of the role; what loops hand on, and the number of a fold, if it shows after the loop and what the next pass makes of it shows as well.

use std::collections::BTreeSet;

use cranelift_entity::{EntitySet, SecondaryMap};
use kernel::function::Function;
use simc_ir::derive::{Origin, index_origin};
use simc_ir::entity::{Block, Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};

/// How often each instruction is met on average, at most, before loops are taken to show nothing.
const MAX_VISITS: usize = 8;

/// The instructions of each part of `row` that write what has to be looked at.
pub(crate) fn looks(module: &Module) -> SecondaryMap<Func, EntitySet<Inst>> {
    let mut looks = SecondaryMap::new();
    let mut spills = EntitySet::new();
    let parts: Vec<Func> = module.parts(FuncRole::Row).collect();
    for part in parts.into_iter().rev() {
        let mut search = Search::new(module, &module.funcs[part], spills);
        search.run();
        looks[part] = search.looks;
        spills = search.spills;
    }
    looks
}

/// What is known of one part on the way through it, from its end to its beginning.
struct Search<'a> {
    module: &'a Module,
    func: &'a FuncData,
    natures: SecondaryMap<Value, Nature>,
    /// For the body of each loop how many passes there are.
    passes: SecondaryMap<Block, u32>,
    /// Which outputs are looked at, where nothing else shows what they write.
    outs: Outs,
    /// How many loops are open.
    depth: usize,
    looks: EntitySet<Inst>,
    shows: EntitySet<Value>,
    /// Spills that someone shows who comes later.
    spills: EntitySet<Slot>,
    /// Single numbers that loops hand on, where what is in them at the present place shows.
    carries: EntitySet<Slot>,
    /// All changes, so that they can be taken back.
    trail: Vec<Change>,
    /// Instructions that may still be met again.
    visits: usize,
}

/// Outputs by where they are written.
#[derive(Clone, Copy)]
enum Outs {
    None,
    OutsideLoops,
    All,
}

#[derive(Clone, Copy)]
enum Change {
    Look(Inst),
    Show(Value),
    Spill(Slot),
    /// What is in a carry shows from here on, or does so no longer.
    Carry(Slot, bool),
}

impl<'a> Search<'a> {
    fn new(module: &'a Module, func: &'a FuncData, spills: EntitySet<Slot>) -> Self {
        let mut passes = SecondaryMap::new();
        let insts: Vec<Inst> = func.listed_insts().collect();
        for &inst in &insts {
            if let Immediate::Loop(axis, body) = func.insts[inst].immediate {
                passes[body] = module.axes[axis].size;
            }
        }
        Self {
            module,
            func,
            natures: natures(module, func),
            passes,
            outs: Outs::None,
            depth: 0,
            looks: EntitySet::new(),
            shows: EntitySet::new(),
            spills,
            carries: EntitySet::new(),
            trail: Vec::new(),
            visits: 0,
        }
    }

    /// Goes through the function three times: no output need be looked at for what shows without any, and none in a loop for what
    /// one outside of all loops shows.
    fn run(&mut self) {
        for outs in [Outs::None, Outs::OutsideLoops, Outs::All] {
            self.outs = outs;
            self.carries.clear();
            self.visits = MAX_VISITS * self.func.insts.len();
            self.block(self.func.entry, false);
        }
    }

    /// Goes through a block and the loops in it; whether its `yield`, if it has one, shows what it yields.
    fn block(&mut self, block: Block, yields: bool) {
        for &inst in self.func.blocks[block].insts.iter().rev() {
            self.visits = self.visits.saturating_sub(1);
            match self.func.body(inst) {
                Some(body) => self.body(inst, body),
                None => self.inst(inst, yields),
            }
        }
    }

    /// Goes through a loop. What a pass leaves shows if it does so both after the last pass and in a next one: that is taken for granted first, and
    /// whatever a pass then does not show at its beginning is not, the next time.
    fn body(&mut self, inst: Inst, body: Block) {
        let data = &self.func.insts[inst];
        let accumulator = self.func.blocks[body].params.get(1).copied();
        let mut yields = data.result.is_some_and(|result| self.shows.contains(result));
        if self.visits == 0 {
            self.give_up(body);
            yields = false;
        }
        loop {
            let mark = self.trail.len();
            self.depth += 1;
            self.block(body, yields);
            self.depth -= 1;
            let mut hidden: Vec<Slot> = Vec::new();
            let mut met: BTreeSet<Slot> = BTreeSet::new();
            for &change in &self.trail[mark..] {
                if let Change::Carry(slot, now) = change
                    && met.insert(slot)
                    && !now
                    && !self.carries.contains(slot)
                {
                    hidden.push(slot);
                }
            }
            let is_kept = accumulator.is_none_or(|accumulator| self.shows.contains(accumulator));
            let is_wrong = yields && !is_kept;
            if hidden.is_empty() && !is_wrong {
                break;
            }
            self.take_back(mark);
            yields &= is_kept;
            hidden.into_iter().for_each(|slot| self.set_carry(slot, false));
            if self.visits == 0 {
                self.give_up(body);
                yields = false;
            }
        }
        if accumulator.is_some_and(|accumulator| self.shows.contains(accumulator)) {
            self.show(self.func.args(inst)[0]);
        }
    }

    /// Takes nothing for granted of what the passes of a loop hand on.
    fn give_up(&mut self, body: Block) {
        let mut work = vec![body];
        while let Some(block) = work.pop() {
            for &inst in &self.func.blocks[block].insts {
                work.extend(self.func.body(inst));
                if let Some(slot) = self.func.insts[inst].immediate.as_slot() {
                    self.set_carry(slot, false);
                }
            }
        }
    }

    fn inst(&mut self, inst: Inst, yields: bool) {
        let (data, args) = (&self.func.insts[inst], self.func.args(inst));
        match (data.opcode, data.immediate, data.result) {
            (Opcode::Rate, ..) => self.show(args[0]),
            (Opcode::Yield, ..) if yields => self.show(args[0]),
            (Opcode::Out, ..)
                if self.may_look() && self.natures[args[0]] == Nature::Any && !self.shows.contains(args[0]) =>
            {
                self.show(args[0]);
                self.looks.insert(inst);
                self.trail.push(Change::Look(inst));
            }
            (Opcode::Store, Immediate::Slot(slot), _) => {
                if self.spills.contains(slot) || self.carries.contains(slot) {
                    self.show(args[0]);
                }
                self.set_carry(slot, false);
            }
            (Opcode::Load, Immediate::Slot(slot), Some(result)) if self.shows.contains(result) => {
                let role = self.module.slots[slot].role;
                if role == SlotRole::Carry {
                    self.set_carry(slot, true);
                } else if role == SlotRole::Spill && self.reaches_all(slot, args) && self.spills.insert(slot) {
                    self.trail.push(Change::Spill(slot));
                }
            }
            (opcode, immediate, Some(result)) if self.shows.contains(result) => {
                let numbers = if opcode == Opcode::Lookup { &args[..1] } else { args };
                if gives_nan_for_nan(opcode, immediate) {
                    numbers.iter().for_each(|&number| self.show(number));
                }
            }
            _ => {}
        }
    }

    fn may_look(&self) -> bool {
        match self.outs {
            Outs::None => false,
            Outs::OutsideLoops => self.depth == 0,
            Outs::All => true,
        }
    }

    /// Whether these indices, in all passes of the loops around, are those of all elements.
    fn reaches_all(&self, slot: Slot, indices: &[Value]) -> bool {
        let axes = &self.module.slots[slot].axes;
        let mut loops: Vec<Block> = Vec::with_capacity(axes.len());
        axes.iter().zip(indices).all(|(&axis, &index)| match index_origin(self.func, index) {
            Origin::Loop(body, 0) if !loops.contains(&body) => {
                loops.push(body);
                self.passes[body] == self.module.axes[axis].size
            }
            Origin::Loop(..) | Origin::Fixed(_) | Origin::Computed => false,
        })
    }

    fn show(&mut self, value: Value) {
        if self.shows.insert(value) {
            self.trail.push(Change::Show(value));
        }
    }

    fn set_carry(&mut self, slot: Slot, shows: bool) {
        if self.carries.contains(slot) == shows {
            return;
        }
        if shows {
            self.carries.insert(slot);
        } else {
            self.carries.remove(slot);
        }
        self.trail.push(Change::Carry(slot, shows));
    }

    /// Takes back what has changed since a mark.
    fn take_back(&mut self, mark: usize) {
        for change in self.trail.drain(mark..).rev() {
            match change {
                Change::Look(inst) => _ = self.looks.remove(inst),
                Change::Show(value) => _ = self.shows.remove(value),
                Change::Spill(slot) => _ = self.spills.remove(slot),
                Change::Carry(slot, true) => _ = self.carries.remove(slot),
                Change::Carry(slot, false) => _ = self.carries.insert(slot),
            }
        }
    }
}

/// Whether the result is NaN whenever an operand is.
fn gives_nan_for_nan(opcode: Opcode, immediate: Immediate) -> bool {
    use Function as F;
    use Opcode as O;
    match (opcode, immediate) {
        (O::Fneg | O::Fabs | O::Fsqrt | O::Ffloor | O::Fadd | O::Fsub | O::Fmul | O::Fdiv | O::Fmin | O::Fmax, _) => {
            true
        }
        (O::Lookup, _) => true,
        (O::Call, Immediate::Function(function)) => matches!(
            function,
            F::Exp
                | F::Ln
                | F::Log10
                | F::Sin
                | F::Cos
                | F::Tan
                | F::Arcsin
                | F::Arccos
                | F::Arctan
                | F::Sinh
                | F::Cosh
                | F::Tanh
                | F::Arctan2
                | F::Mod
                | F::Fmod
        ),
        _ => false,
    }
}

/// What is known of a value as far as NaN goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Nature {
    /// Nothing.
    #[default]
    Any,
    /// If it is NaN, it is the canonical one.
    Canonical,
    /// It is not NaN.
    Number,
}

fn natures(module: &Module, func: &FuncData) -> SecondaryMap<Value, Nature> {
    let mut natures: SecondaryMap<Value, Nature> = SecondaryMap::new();
    for inst in func.listed_insts() {
        let data = &func.insts[inst];
        let Some(result) = data.result else { continue };
        let args: Vec<Nature> = func.args(inst).iter().map(|&arg| natures[arg]).collect();
        natures[result] = nature(module, data.opcode, data.immediate, &args);
    }
    natures
}

fn nature(module: &Module, opcode: Opcode, immediate: Immediate, args: &[Nature]) -> Nature {
    use Opcode as O;
    let are_numbers = || args.iter().all(|&arg| arg == Nature::Number);
    match (opcode, immediate) {
        (O::Fconst, Immediate::F64(value)) if !value.is_nan() => Nature::Number,
        (O::Fconst, Immediate::F64(value)) if value.to_bits() == kernel::abi::CANONICAL_NAN => Nature::Canonical,
        (O::Ordinal | O::Btof | O::Time | O::StepTime | O::StepIndex, _) => Nature::Number,
        (O::Param, _) => Nature::Canonical,
        (O::Load, Immediate::Slot(slot)) => slot_nature(module, slot),
        (O::Fneg | O::Fabs | O::Ffloor | O::Fmin | O::Fmax, _) if are_numbers() => Nature::Number,
        (O::Select, _) => match (args[1], args[2]) {
            (Nature::Any, _) | (_, Nature::Any) => Nature::Any,
            (Nature::Number, Nature::Number) => Nature::Number,
            (Nature::Canonical | Nature::Number, Nature::Canonical | Nature::Number) => Nature::Canonical,
        },
        _ => Nature::Any,
    }
}

fn slot_nature(module: &Module, slot: Slot) -> Nature {
    match module.slots[slot].role {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => Nature::Number,
        SlotRole::Run => Nature::Canonical,
        SlotRole::Stock
        | SlotRole::Output
        | SlotRole::Level
        | SlotRole::Held
        | SlotRole::Pending
        | SlotRole::Hoisted
        | SlotRole::Watched
        | SlotRole::Spill
        | SlotRole::Carry
        | SlotRole::Ring { .. }
        | SlotRole::Transport { .. } => Nature::Any,
    }
}

#[cfg(test)]
mod tests {
    use simc_ir::text::parse_module;
    use simc_ir::verify::verify;

    use super::*;

    /// The outputs of `s5[a0]`, `s6`, and `s7[a0]` that are looked at, of a row over the stock `s4[a0]`, spills along `a0`, `a1` and both, and two numbers
    /// that loops hand on.
    fn looked_at(body: &str) -> Vec<String> {
        let module = module(body);
        let row = module.parts(FuncRole::Row).next().expect("there is a row");
        let looks = &looks(&module)[row];
        looks.iter().filter_map(|inst| Some(module.funcs[row].insts[inst].immediate.as_slot()?.to_string())).collect()
    }

    /// The spills that are shown as a whole.
    fn shown_spills(body: &str) -> Vec<String> {
        let module = module(body);
        let row = module.parts(FuncRole::Row).next().expect("there is a row");
        let mut search = Search::new(&module, &module.funcs[row], EntitySet::new());
        search.run();
        search.spills.iter().map(|slot| slot.to_string()).collect()
    }

    fn module(body: &str) -> Module {
        let text = format!(
            "module {{\n time start=0.0 stop=1.0 dt=1.0 steps=1 save_every=1 method=euler\n axes {{ a0: 3 a1: 4 }}\n\
             slots {{\n s0: time\n s1: dt\n s2: start\n s3: stop\n s4: stock[a0]\n s5: output[a0]\n s6: output\n s7: output[a0]\n\
             s8: spill[a0]\n s9: spill[a1]\n s10: spill[a0, a0]\n s11: carry\n s12: carry\n }}\n}}\n\
             func start {{\nblock0:\n for a0 -> block1(v0) {{\n v1 = ordinal v0\n store s4[v0], v1\n }}\n}}\n\
             func row {{\nblock0:\n{body}\n}}\n"
        );
        let module = parse_module(&text).expect("the text is a module");
        verify(&module).expect("the module keeps the rules");
        module
    }

    /// A loop that writes `s5` of the stock and keeps it in `s8`.
    const KEPT: &str = "v0 = fconst 0.0\n for a0 -> block1(v1) {\n v2 = load s4[v1]\n v3 = fsqrt v2\n store s8[v1], v3\n out s5[v1], v3\n }\n";

    #[test]
    fn an_array_shows_where_all_of_it_is_read() {
        let rest = "out s6, v0\n for a0 -> block2(v4) {\n v5 = load s8[v4]\n rate s4[v4], v5\n out s7[v4], v0\n }";
        assert!(looked_at(&format!("{KEPT}{rest}")).is_empty());
        let in_part = "v6 = position a0, 1\n v7 = load s8[v6]\n v8 = fneg v7\n out s6, v8\n for a0 -> block2(v4) {\n rate s4[v4], v0\n out s7[v4], v0\n }";
        assert_eq!(looked_at(&format!("{KEPT}{in_part}")), ["s5", "s6"]);
    }

    #[test]
    fn a_diagonal_is_not_the_whole() {
        let with = |load: &str| {
            format!(
                "v0 = fconst 0.0\n v1 = position a0, 0\n out s6, v0\n for a0 -> block1(v2) {{\n for a0 -> block2(v3) {{\n v4 = load s4[v3]\n v5 = fsqrt v4\n\
                 store s10[v2, v3], v5\n }}\n v6 = load s10[v2, v1]\n out s5[v2], v6\n out s7[v2], v0\n }}\n for a0 -> block3(v7) {{\n\
                 v10 = fold a0, v0 -> block4(v8, v9) {{\n v11 = load s10[{load}]\n v12 = fadd v9, v11\n yield v12\n }}\n rate s4[v7], v10\n }}"
            )
        };
        assert_eq!(shown_spills(&with("v7, v8")), ["s10"]);
        assert!(shown_spills(&with("v8, v8")).is_empty());
        assert!(shown_spills(&with("v7, v7")).is_empty());
    }

    #[test]
    fn the_number_of_a_fold_shows_what_each_pass_keeps() {
        let fold = |next: &str| {
            format!(
                "{KEPT}v4 = fold a0, v0 -> block2(v5, v6) {{\n v7 = load s8[v5]\n v8 = {next}\n yield v8\n }}\n out s6, v4\n\
                 for a0 -> block3(v9) {{\n rate s4[v9], v0\n out s7[v9], v0\n }}"
            )
        };
        assert_eq!(looked_at(&fold("fadd v6, v7")), ["s6"]);
        assert_eq!(looked_at(&fold("fmax v6, v7")), ["s6"]);
        // The last pass alone is left.
        assert_eq!(looked_at(&fold("fneg v7")), ["s5", "s6"]);
        // Of the passes before, the accumulator is chosen, or not.
        let chosen = "flt v7, v0\n v10 = select v8, v6, v7\n yield v10\n }\n out s6, v4\n";
        let text = fold("fneg v7").replace("fneg v7\n yield v8\n }\n out s6, v4\n", chosen);
        assert_eq!(looked_at(&text), ["s5", "s6"]);
    }

    #[test]
    fn what_loops_hand_on_shows_what_each_pass_keeps() {
        let carry = |next: &str| {
            format!(
                "v0 = fconst 0.0\n store s11, v0\n store s12, v0\n for a0 -> block1(v1) {{\n v2 = load s11\n v3 = load s12\n v4 = load s4[v1]\n v5 = fsqrt v4\n out s5[v1], v5\n\
                 v6 = {next}\n store s11, v6\n v7 = fadd v3, v5\n store s12, v5\n out s7[v1], v0\n }}\n v8 = load s11\n out s6, v8\n\
                 for a0 -> block2(v9) {{\n rate s4[v9], v0\n }}"
            )
        };
        assert_eq!(looked_at(&carry("fadd v2, v5")), ["s6"]);
        assert_eq!(looked_at(&carry("fneg v5")), ["s5", "s6"]);
    }

    #[test]
    fn what_the_next_pass_alone_shows_is_looked_at() {
        let body = "v0 = fconst 0.0\n store s11, v0\n out s6, v0\n for a0 -> block1(v1) {\n v2 = load s11\n v3 = load s4[v1]\n v4 = fsqrt v3\n store s11, v4\n out s5[v1], v4\n\
                    rate s4[v1], v2\n out s7[v1], v2\n }";
        assert_eq!(looked_at(body), ["s5"]);
    }

    #[test]
    fn sums_within_sums_show() {
        let body = "v0 = fconst 0.0\n store s11, v0\n for a0 -> block1(v1) {\n v2 = load s11\n v3 = load s4[v1]\n v4 = fsqrt v3\n out s5[v1], v4\n store s12, v2\n\
                    for a1 -> block2(v5) {\n v6 = load s12\n v7 = fadd v6, v4\n store s12, v7\n }\n v8 = load s12\n store s11, v8\n out s7[v1], v0\n rate s4[v1], v0\n }\n\
                    v9 = load s11\n out s6, v9";
        assert_eq!(looked_at(body), ["s6"]);
        // What the inner loop leaves out of its sum is not seen.
        let other = body
            .replace("v7 = fadd v6, v4", "v7 = fadd v6, v3")
            .replace("out s5[v1], v4", "out s5[v1], v4\n v10 = fneg v2");
        assert_eq!(looked_at(&other), ["s5", "s6"]);
        // Nor is a sum that each pass of the outer loop begins anew.
        let anew = body.replace("store s12, v2", "store s12, v0");
        assert_eq!(looked_at(&anew), ["s5", "s6"]);
    }
}
