//! Moves what is the same in every pass of a loop in front of it: instructions, and folds with all that they hold.
//!
//! Every axis has an element, so that nothing is computed which would not have been computed anyway.

use cranelift_entity::EntitySet;
use simc_ir::entity::{Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::Module;
use simc_ir::opcode::{Effect, Opcode};

use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "lift_invariants",
    about: "computes what is the same in every pass of a loop once, in front of it",
    run: |module: &mut Module, _: &PassCx| lift(module),
};

/// Lifts in every function.
pub fn lift(module: &mut Module) -> bool {
    let funcs: Vec<Func> = module.funcs.keys().collect();
    let mut changed = false;
    for func in funcs {
        let old = &module.funcs[func];
        if !old.walk().any(|step| matches!(step, Step::Enter(..))) {
            continue;
        }
        let mut new = FuncData::new(old.role);
        let mut lifter = Lifter::new(old, Rebuild::new(module, old, &mut new));
        lifter.run(0, lifter.steps.len());
        changed |= lifter.has_lifted;
        module.funcs[func] = new;
    }
    changed
}

/// A function on its way.
struct Lifter<'a> {
    old: &'a FuncData,
    rebuild: Rebuild<'a>,
    steps: Vec<Step>,
    /// For each step that enters a loop, the one that leaves it.
    ends: Vec<usize>,
    /// What is in front of its loop already.
    lifted: EntitySet<Inst>,
    /// Whether anything has been lifted that costs something.
    has_lifted: bool,
}

impl<'a> Lifter<'a> {
    fn new(old: &'a FuncData, rebuild: Rebuild<'a>) -> Self {
        let steps: Vec<Step> = old.walk().collect();
        let ends = find_ends(&steps);
        Self { old, rebuild, steps, ends, lifted: EntitySet::new(), has_lifted: false }
    }

    /// Copies some of the steps, each loop with what can be lifted from it in front. Loops nest to a fixed depth, and this with them.
    fn run(&mut self, first: usize, end: usize) {
        let mut at = first;
        while at < end {
            let step = self.steps[at];
            match step {
                Step::Inst(inst) if self.lifted.contains(inst) => {}
                Step::Enter(inst, _) if self.lifted.contains(inst) => at = self.ends[at],
                Step::Enter(..) => {
                    self.lift_from(at);
                    self.rebuild.follow(step);
                }
                Step::Inst(_) | Step::Leave(..) => self.rebuild.follow(step),
            }
            at += 1;
        }
    }

    /// Lifts all that can be lifted from the loop that begins with a step.
    fn lift_from(&mut self, first: usize) {
        let end = self.ends[first];
        let written = self.written(first, end);
        let mut at = first + 1;
        while at < end {
            match self.steps[at] {
                Step::Inst(inst) if self.is_liftable(inst, &written) && self.has_operands(inst) => {
                    self.rebuild.copy(inst);
                    self.lifted.insert(inst);
                    // Where a constant is does not matter.
                    self.has_lifted |= !self.old.insts[inst].opcode.is_constant();
                }
                Step::Enter(inst, _) if self.lifted.contains(inst) => at = self.ends[at],
                Step::Enter(inst, _) if self.is_liftable_fold(inst, at, &written) => {
                    // What it holds may be the same in every pass of it as well.
                    self.run(at, self.ends[at] + 1);
                    self.lifted.insert(inst);
                    self.has_lifted = true;
                    at = self.ends[at];
                }
                Step::Inst(_) | Step::Enter(..) | Step::Leave(..) => {}
            }
            at += 1;
        }
    }

    /// The slots that are written between two steps.
    fn written(&self, first: usize, end: usize) -> EntitySet<Slot> {
        let mut written = EntitySet::new();
        for &step in &self.steps[first..end] {
            if let Step::Inst(inst) = step
                && self.old.insts[inst].opcode.signature().effect == Effect::Write
            {
                written.extend(self.old.insts[inst].immediate.as_slot());
            }
        }
        written
    }

    /// Whether an instruction does nothing but make a value that no write in the loop changes.
    fn is_liftable(&self, inst: Inst, written: &EntitySet<Slot>) -> bool {
        let data = &self.old.insts[inst];
        let is_changed = data.immediate.as_slot().is_some_and(|slot| written.contains(slot));
        match data.opcode.signature().effect {
            Effect::Pure | Effect::Read => !is_changed && !self.lifted.contains(inst),
            Effect::Write | Effect::Region => false,
        }
    }

    fn has_operands(&self, inst: Inst) -> bool {
        self.old.args(inst).iter().all(|&arg| self.rebuild.get(arg).is_some())
    }

    /// Whether all that a fold needs, at any depth, is in front of the loop or is made by the fold itself.
    fn is_liftable_fold(&self, fold: Inst, first: usize, written: &EntitySet<Slot>) -> bool {
        if self.old.insts[fold].opcode != Opcode::Fold {
            return false;
        }
        let mut made: EntitySet<Value> = EntitySet::new();
        self.steps[first..self.ends[first]].iter().all(|&step| {
            let inst = match step {
                Step::Inst(inst) => inst,
                Step::Enter(inst, body) => {
                    made.extend(self.old.blocks[body].params.iter().copied());
                    inst
                }
                Step::Leave(inst, _) => {
                    made.extend(self.old.insts[inst].result);
                    return true;
                }
            };
            let is_known = |&arg: &Value| made.contains(arg) || self.rebuild.get(arg).is_some();
            let stays = self.old.insts[inst].opcode == Opcode::Yield
                || self.old.insts[inst].opcode == Opcode::Fold
                || self.lifted.contains(inst)
                || self.is_liftable(inst, written);
            let is_fine = stays && self.old.args(inst).iter().all(is_known);
            made.extend(self.old.insts[inst].result);
            is_fine
        })
    }
}

/// For each step that enters a loop, the one that leaves it.
fn find_ends(steps: &[Step]) -> Vec<usize> {
    let mut ends = vec![0; steps.len()];
    let mut open = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Enter(..) => open.push(at),
            Step::Leave(..) => {
                if let Some(first) = open.pop() {
                    ends[first] = at;
                }
            }
            Step::Inst(_) => {}
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use simc_ir::text::{parse_module, print_func};

    use super::*;

    /// What becomes of a row over one stock `s4[a0]` and the run slots `s5` and `s6[a0]`.
    fn lifted(body: &str) -> String {
        let text = format!(
            "module {{\n time start=0.0 stop=1.0 dt=1.0 steps=1 save_every=1 method=euler\n axes {{ a0: 3 }}\n slots {{\n\
             s0: time\n s1: dt\n s2: start\n s3: stop\n s4: stock[a0]\n s5: run\n s6: run[a0]\n }}\n}}\n\
             func row {{\nblock0:\n{body}\n}}\n"
        );
        let mut module = parse_module(&text).expect("the text is a module");
        lift(&mut module);
        let func = module.funcs.values().next().expect("there is a row");
        print_func(func).lines().skip(2).map(|line| format!("{}\n", line.trim())).collect()
    }

    #[test]
    fn what_does_not_depend_on_the_loop_goes_in_front_of_it() {
        let found = lifted(
            "for a0 -> block1(v0) {\n v1 = load s5\n v2 = fneg v1\n v3 = load s6[v0]\n v4 = fmul v2, v3\n rate s4[v0], v4\n }",
        );
        let expected = "v0 = load s5\nv1 = fneg v0\nfor a0 -> block1(v2) {\nv3 = load s6[v2]\nv4 = fmul v1, v3\nrate s4[v2], v4\n}\n}\n";
        assert_eq!(found, expected);
    }

    #[test]
    fn a_fold_goes_as_a_whole() {
        let found = lifted(
            "for a0 -> block1(v0) {\n v1 = fconst 0.0\n v4 = fold a0, v1 -> block2(v2, v3) {\n v5 = load s6[v2]\n\
             v6 = fadd v3, v5\n yield v6\n }\n rate s4[v0], v4\n }",
        );
        assert!(found.starts_with("v0 = fconst 0.0\nv3 = fold a0, v0 -> block1(v1, v2) {\n"), "{found}");
        assert!(found.ends_with("for a0 -> block2(v6) {\nrate s4[v6], v3\n}\n}\n"), "{found}");
    }

    #[test]
    fn folds_within_one_another_become_one_after_the_other() {
        let fold = |inner: &str, n: usize| {
            format!(
                "v{0} = fconst 0.0\nv{1} = fold a0, v{0} -> block{n}(v{2}, v{3}) {{\n{inner}v{4} = load s6[v{2}]\n\
                 v{5} = fadd v{3}, v{4}\n yield v{5}\n }}\n",
                10 * n,
                10 * n + 1,
                10 * n + 2,
                10 * n + 3,
                10 * n + 4,
                10 * n + 5
            )
        };
        let body = fold(&fold(&fold("", 3), 2), 1);
        let found = lifted(&format!("{body}for a0 -> block4(v1) {{\nrate s4[v1], v11\n}}"));
        assert!(!found.split("fold").skip(1).any(|fold| !fold.contains('}')), "{found}");
    }

    #[test]
    fn what_the_loop_writes_is_read_in_the_loop() {
        let body = "for a0 -> block1(v0) {\nv1 = position a0, 1\nv2 = load s4[v0]\nrate s4[v0], v2\n}";
        assert!(lifted(body).contains("{\nv2 = load s4[v1]"));
    }
}
