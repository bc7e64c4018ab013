//! What is where in the new function.

use simc_ir::entity::{Axis, Inst};
use simc_ir::func::FuncData;
use simc_ir::opcode::Opcode;

use super::Rules;
use super::cluster::cluster;
use super::fragment::{Fragment, axis_of, fragments};

/// A part of a block.
#[derive(Debug)]
pub(super) enum Node {
    /// An instruction that is no loop.
    Inst(Inst),
    /// A loop.
    Loop(Nest),
}

/// A loop of the new function.
#[derive(Debug)]
pub(super) struct Nest {
    /// The loops of the old function that it is made of, in order.
    pub(super) members: Vec<Inst>,
    /// What it does.
    pub(super) body: Vec<Node>,
}

impl Nest {
    /// Whether it is made of several loops.
    pub(super) fn is_shared(&self) -> bool {
        self.members.len() > 1
    }
}

/// Plans a function; none when all of it stays as it is.
pub(super) fn plan(func: &FuncData, rules: Rules<'_>) -> Option<Vec<Node>> {
    let mut planner = Planner { func, rules, has_fused: false };
    let nodes = planner.plan(&func.blocks[func.entry].insts, true);
    planner.has_fused.then_some(nodes)
}

struct Planner<'a> {
    func: &'a FuncData,
    rules: Rules<'a>,
    has_fused: bool,
}

impl Planner<'_> {
    /// Plans what is in one block. Inside a fold that has its loop for itself nothing is written, so that nothing can be handed on.
    fn plan(&mut self, insts: &[Inst], may_fuse: bool) -> Vec<Node> {
        if !may_fuse || !self.has_two_loops_alike(insts) {
            return insts.iter().map(|&inst| self.keep(inst, may_fuse)).collect();
        }
        let fragments = fragments(self.func, insts);
        let groups = cluster(self.func, &fragments, self.rules);
        groups.into_iter().map(|group| self.plan_group(&fragments, &group)).collect()
    }

    fn has_two_loops_alike(&self, insts: &[Inst]) -> bool {
        let mut axes: Vec<Axis> = insts.iter().filter_map(|&inst| axis_of(self.func, inst)).collect();
        axes.sort_unstable();
        axes.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// An instruction, or a loop as it is but for what may be fused inside.
    fn keep(&mut self, inst: Inst, may_fuse: bool) -> Node {
        let Some(body) = self.func.body(inst) else { return Node::Inst(inst) };
        let may_fuse = may_fuse && self.func.insts[inst].opcode != Opcode::Fold;
        let body = self.plan(&self.func.blocks[body].insts, may_fuse);
        Node::Loop(Nest { members: vec![inst], body })
    }

    fn plan_group(&mut self, fragments: &[Fragment], group: &[usize]) -> Node {
        if let &[only] = group
            && fragments[only].is_whole
        {
            return self.keep(fragments[only].inst, true);
        }
        let mut members: Vec<Inst> = group.iter().map(|&fragment| fragments[fragment].inst).collect();
        members.dedup();
        // What the parts of a loop share is in each of them.
        let mut numbered: Vec<(usize, Inst)> =
            group.iter().flat_map(|&fragment| fragments[fragment].body.iter().copied()).collect();
        numbered.sort_unstable();
        numbered.dedup();
        self.has_fused |= members.len() > 1;
        let insts: Vec<Inst> = numbered.into_iter().map(|(_, inst)| inst).collect();
        let body = self.plan(&insts, true);
        Node::Loop(Nest { members, body })
    }
}
