//! Program order, without recursion: any function can be walked, however deeply its loops nest and however broken it is.

use cranelift_entity::EntitySet;

use super::FuncData;
use crate::entity::{Block, Inst};

/// One thing met on the way through a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An instruction without a body (or whose body another instruction holds already, in a function that is not valid).
    Inst(Inst),
    /// A `for` or `fold`, ahead of its body.
    Enter(Inst, Block),
    /// The same, after its body.
    Leave(Inst, Block),
}

/// Yields every instruction of a function in program order, and each body between [`Step::Enter`] and [`Step::Leave`].
/// A block is walked once at most; block numbers that the function does not have are stepped over.
pub struct Walk<'a> {
    func: &'a FuncData,
    seen: EntitySet<Block>,
    open: Vec<Frame>,
}

struct Frame {
    block: Block,
    next: usize,
    holder: Option<Inst>,
}

impl FuncData {
    /// Everything that runs, in program order.
    pub fn walk(&self) -> Walk<'_> {
        let mut walk = Walk { func: self, seen: EntitySet::new(), open: Vec::new() };
        if self.blocks.is_valid(self.entry) {
            walk.enter(self.entry, None);
        }
        walk
    }

    /// The instructions that run, in program order, a `for` or `fold` ahead of what it holds.
    pub fn listed_insts(&self) -> impl Iterator<Item = Inst> + '_ {
        self.walk().filter_map(|step| match step {
            Step::Inst(inst) | Step::Enter(inst, _) => Some(inst),
            Step::Leave(..) => None,
        })
    }
}

impl Walk<'_> {
    fn enter(&mut self, block: Block, holder: Option<Inst>) {
        self.seen.insert(block);
        self.open.push(Frame { block, next: 0, holder });
    }

    fn fresh_body(&self, inst: Inst) -> Option<Block> {
        let known = self.func.insts.is_valid(inst);
        let body = if known { self.func.body(inst) } else { None };
        body.filter(|&body| self.func.blocks.is_valid(body) && !self.seen.contains(body))
    }
}

impl Iterator for Walk<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            let frame = self.open.last_mut()?;
            let Some(&inst) = self.func.blocks[frame.block].insts.get(frame.next) else {
                let frame = self.open.pop()?;
                match frame.holder {
                    Some(holder) => return Some(Step::Leave(holder, frame.block)),
                    None => continue,
                }
            };
            frame.next += 1;
            let Some(body) = self.fresh_body(inst) else { return Some(Step::Inst(inst)) };
            self.enter(body, Some(inst));
            return Some(Step::Enter(inst, body));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::Builder;
    use crate::module::{AxisData, FuncRole, Module};

    #[test]
    fn visits_bodies_between_enter_and_leave() {
        let mut module = Module::default();
        let axis = module.axes.push(AxisData { name: String::new(), size: 2 });
        let mut func = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut func);
        b.fconst(1.0);
        let (outer, _) = b.for_each(axis);
        b.switch_to(outer);
        let (inner, _) = b.for_each(axis);
        let steps: Vec<_> = func.walk().collect();
        let insts: Vec<_> = func.insts.keys().collect();
        let expected = [
            Step::Inst(insts[0]),
            Step::Enter(insts[1], outer),
            Step::Enter(insts[2], inner),
            Step::Leave(insts[2], inner),
            Step::Leave(insts[1], outer),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn ends_when_a_block_holds_itself() {
        let mut module = Module::default();
        let axis = module.axes.push(AxisData { name: String::new(), size: 2 });
        let mut func = FuncData::new(FuncRole::Row);
        let (body, _) = Builder::new(&module, &mut func).for_each(axis);
        let holder = func.blocks[func.entry].insts[0];
        func.blocks[body].insts.push(holder);
        assert_eq!(
            func.walk().collect::<Vec<_>>(),
            [Step::Enter(holder, body), Step::Inst(holder), Step::Leave(holder, body)]
        );
    }
}
