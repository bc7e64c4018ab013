//! Blocks, branches, calls and traps.

use cranelift_codegen::ir::{Block, BlockArg, Inst, InstBuilder, JumpTableData, Type, Value, types};
use wasmparser::{BlockType, Operator};

use super::loops::Repeat;
use super::memory::Region;
use super::{FUNCTIONS, Stop, Translator, clif_type, signature};
use crate::error::{Error, unsupported};
use crate::trap::Trap;

/// An open block.
pub(super) struct Frame<'a> {
    kind: Kind,
    /// Of a loop, its body once more.
    pub(super) repeat: Option<Repeat<'a>>,
    /// Where its end is, with its results as parameters.
    pub(super) exit: Block,
    results: Vec<Type>,
    /// Operands below it.
    height: usize,
    /// Whether its beginning can be reached.
    entered: bool,
    /// Whether something branches to its end.
    pub(super) branched: bool,
    /// Whether its body runs into its end.
    fallen: bool,
    /// What jumps to its end, or of a loop to its beginning.
    ways: Vec<Inst>,
    /// How many checks were known before it.
    mark: usize,
    /// What is certain to be reached with its beginning.
    region: Region,
    /// Whether its end is reached whenever its beginning is: nothing leaves it for good, nothing in it goes round, and nothing is called.
    passes: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Block,
    Loop {
        header: Block,
    },
    /// With the block of what is done otherwise, as long as no `else` has opened it.
    If {
        otherwise: Option<Block>,
    },
}

/// Nested blocks of a function.
const MAX_DEPTH: usize = 1 << 10;

impl Translator<'_, '_> {
    /// The frame around everything: a branch to its end returns.
    pub(super) fn open_function(&mut self) {
        let results = self.env.module.func_type(self.index).results();
        let results: Vec<Type> = results.iter().map(|&ty| clif_type(ty)).collect();
        self.open(Kind::Block, results);
    }

    fn open(&mut self, kind: Kind, results: Vec<Type>) {
        let exit = self.builder.create_block();
        for &ty in &results {
            self.builder.append_block_param(exit, ty);
        }
        self.frames.push(Frame {
            kind,
            repeat: None,
            exit,
            results,
            height: self.stack.len(),
            entered: self.reachable,
            branched: false,
            fallen: false,
            ways: Vec::new(),
            mark: self.checks.mark(),
            region: self.checks.region(),
            passes: !matches!(kind, Kind::Loop { .. }),
        });
    }

    /// Instructions that decide what comes next. False for other ones.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    pub(super) fn translate_control(&mut self, op: &Operator<'_>) -> Result<bool, Stop> {
        match op {
            Operator::Block { blockty } => {
                let results = self.results(*blockty)?;
                self.open_block(Kind::Block, results)?;
            }
            Operator::Loop { blockty } => {
                let results = self.results(*blockty)?;
                let header = self.builder.create_block();
                let known = self.loops.split_off_first();
                let repeat = known.filter(|_| self.reachable).map(|known| self.enter(header, known));
                self.may_stay();
                self.open_block(Kind::Loop { header }, results)?;
                if let Some(frame) = self.frames.last_mut() {
                    frame.repeat = repeat;
                }
            }
            Operator::If { blockty } => {
                let results = self.results(*blockty)?;
                let [then, otherwise] = [self.builder.create_block(), self.builder.create_block()];
                if self.reachable {
                    let condition = self.pop();
                    self.builder.ins().brif(condition, then, &[], otherwise, &[]);
                    self.builder.switch_to_block(then);
                    self.builder.seal_block(then);
                }
                self.open_block(Kind::If { otherwise: Some(otherwise) }, results)?;
                self.checks.cross();
            }
            Operator::Else => self.translate_else(),
            Operator::End => self.translate_end(),
            _ if !self.reachable => {}
            Operator::Br { relative_depth } => {
                self.jump_out(*relative_depth);
                self.reachable = false;
            }
            Operator::BrIf { relative_depth: 0 } if self.repeat() => {}
            Operator::BrIf { relative_depth } => self.translate_br_if(*relative_depth),
            Operator::BrTable { targets } => {
                let selector = self.pop();
                let mut calls = Vec::new();
                let depths: Result<Vec<u32>, _> = targets.targets().collect();
                let depths = depths.map_err(crate::module::broken)?;
                let depths: Vec<u32> = depths.into_iter().chain([targets.default()]).collect();
                for &depth in &depths {
                    let (block, args) = self.branch(depth);
                    calls.push(self.builder.func.dfg.block_call(block, &args));
                }
                let default = calls.pop().ok_or_else(|| Error::Internal("a table without targets".to_owned()))?;
                let table = self.builder.create_jump_table(JumpTableData::new(default, &calls));
                let jump = self.builder.ins().br_table(selector, table);
                depths.into_iter().for_each(|depth| self.note_way(depth, jump));
                self.reachable = false;
            }
            Operator::Return => {
                self.jump_out(u32::try_from(self.frames.len() - 1).unwrap_or(u32::MAX));
                self.reachable = false;
            }
            Operator::Unreachable => {
                let block = self.trap_block(Trap::Unreachable)?;
                self.builder.ins().jump(block, &[]);
                self.reachable = false;
            }
            Operator::Call { function_index } => self.translate_call(*function_index)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn open_block(&mut self, kind: Kind, results: Vec<Type>) -> Result<(), Stop> {
        if self.frames.len() >= MAX_DEPTH {
            let what = "nested blocks in a function".to_owned();
            return Err(Stop::Failed(Error::TooLarge { what, count: MAX_DEPTH as u64 + 1, limit: MAX_DEPTH as u64 }));
        }
        self.open(kind, results);
        Ok(())
    }

    fn results(&self, ty: BlockType) -> Result<Vec<Type>, Stop> {
        match ty {
            BlockType::Empty => Ok(Vec::new()),
            BlockType::Type(ty) => Ok(vec![clif_type(ty)]),
            BlockType::FuncType(index) => {
                let ty = self.env.module.type_at(index);
                if !ty.params().is_empty() {
                    return Ok(unsupported("the module has a block with parameters")?);
                }
                Ok(ty.results().iter().map(|&ty| clif_type(ty)).collect())
            }
        }
    }

    fn translate_else(&mut self) {
        self.leave();
        let frame = self.frames.last_mut().expect("a validated module closes what it opens");
        let (entered, height, mark) = (frame.entered, frame.height, frame.mark);
        let otherwise = if let Kind::If { otherwise } = &mut frame.kind { otherwise.take() } else { None };
        self.stack.truncate(height);
        self.checks.forget(mark);
        self.checks.cross();
        self.reachable = entered;
        if let Some(otherwise) = otherwise.filter(|_| entered) {
            self.builder.switch_to_block(otherwise);
            self.builder.seal_block(otherwise);
        }
    }

    fn translate_end(&mut self) {
        self.leave();
        let mut frame = self.frames.pop().expect("a validated module closes what it opens");
        if let Kind::Loop { header } = frame.kind
            && frame.entered
        {
            self.builder.seal_block(header);
        }
        let mut reached = frame.branched || frame.fallen;
        if let Kind::If { otherwise: Some(otherwise) } = frame.kind
            && frame.entered
        {
            self.builder.switch_to_block(otherwise);
            self.builder.seal_block(otherwise);
            frame.ways.push(self.builder.ins().jump(frame.exit, &[]));
            reached = true;
        }
        // Where nothing else leads to the end, everything that the body has checked holds after it.
        if frame.branched || matches!(frame.kind, Kind::If { .. }) {
            self.checks.forget(frame.mark);
        }
        if frame.passes {
            self.checks.rejoin(frame.region);
        } else {
            self.checks.cross();
        }
        self.ways.insert(frame.exit, frame.ways);
        self.stack.truncate(frame.height);
        self.reachable = reached;
        if reached {
            self.builder.switch_to_block(frame.exit);
            self.builder.seal_block(frame.exit);
            let results = self.builder.block_params(frame.exit).to_vec();
            self.stack.extend(results);
        }
        if self.frames.is_empty() && self.reachable {
            let mut results = std::mem::take(&mut self.stack);
            if self.returns_status {
                results.push(self.builder.ins().iconst(types::I32, 0));
            }
            self.builder.ins().return_(&results);
            self.reachable = false;
        }
    }

    /// Falls out of the innermost block, where that can be.
    fn leave(&mut self) {
        if self.reachable {
            self.jump_to_exit();
        }
        self.reachable = false;
    }

    fn jump_to_exit(&mut self) {
        let at = self.frames.len() - 1;
        let exit = self.frames[at].exit;
        let args = self.top(&self.frames[at].results.clone());
        let jump = self.builder.ins().jump(exit, &args);
        self.note_way(0, jump);
        self.frames[at].fallen = true;
    }

    fn jump_out(&mut self, depth: u32) {
        let (block, args) = self.branch(depth);
        let jump = self.builder.ins().jump(block, &args);
        self.note_way(depth, jump);
    }

    /// Notes what jumps to the end of a block, or of a loop to its beginning.
    pub(super) fn note_way(&mut self, depth: u32, jump: Inst) {
        let at = self.frames.len() - 1 - depth as usize;
        self.frames[at].ways.push(jump);
    }

    /// Where a branch goes, and what it takes along.
    fn branch(&mut self, depth: u32) -> (Block, Vec<BlockArg>) {
        let at = self.frames.len() - 1 - depth as usize;
        self.frames[at + 1..].iter_mut().for_each(|frame| frame.passes = false);
        if let Kind::Loop { header } = self.frames[at].kind {
            return (header, Vec::new());
        }
        self.frames[at].branched = true;
        (self.frames[at].exit, self.top(&self.frames[at].results.clone()))
    }

    /// The topmost operands, as that many of these types.
    fn top(&mut self, types: &[Type]) -> Vec<BlockArg> {
        let values = self.stack[self.stack.len() - types.len()..].to_vec();
        let pairs = values.into_iter().zip(types);
        pairs.map(|(value, &ty)| BlockArg::from(self.cast(value, ty))).collect()
    }

    fn translate_br_if(&mut self, depth: u32) {
        let condition = self.pop();
        let (block, args) = self.branch(depth);
        let next = self.builder.create_block();
        let jump = self.builder.ins().brif(condition, block, &args, next, &[]);
        self.note_way(depth, jump);
        self.continue_in(next);
        self.checks.cross();
    }

    fn continue_in(&mut self, next: Block) {
        self.builder.switch_to_block(next);
        self.builder.seal_block(next);
    }

    fn translate_call(&mut self, func: u32) -> Result<(), Stop> {
        let ty = self.env.module.func_type(func);
        let can_trap = self.can_trap[func as usize];
        let conv = self.env.conv;
        let callee = self.callee(FUNCTIONS, func, || signature(ty, conv, can_trap));
        let n_params = ty.params().len();
        let params = self.stack.split_off(self.stack.len() - n_params);
        let mut args: Vec<Value> = vec![self.instance];
        for (value, &ty) in params.into_iter().zip(ty.params()) {
            args.push(self.cast(value, clif_type(ty)));
        }
        let call = self.builder.ins().call(callee, &args);
        let mut results = self.builder.inst_results(call).to_vec();
        let status = if can_trap { results.pop() } else { None };
        if let Some(status) = status {
            let block = self.passing_block()?;
            let next = self.builder.create_block();
            self.builder.ins().brif(status, block, &[BlockArg::from(status)], next, &[]);
            self.continue_in(next);
        }
        self.stack.extend(results);
        self.may_stay();
        Ok(())
    }

    /// What comes may never end: nothing that follows is certain to be reached, in no open block.
    fn may_stay(&mut self) {
        self.checks.cross();
        self.frames.iter_mut().for_each(|frame| frame.passes = false);
    }

    /// Traps where a condition holds.
    pub(super) fn trap_if(&mut self, condition: Value, trap: Trap) -> Result<(), Stop> {
        let block = self.trap_block(trap)?;
        let next = self.builder.create_block();
        self.builder.ins().brif(condition, block, &[], next, &[]);
        self.continue_in(next);
        Ok(())
    }

    /// The block that returns the number of a trap.
    pub(super) fn trap_block(&mut self, trap: Trap) -> Result<Block, Stop> {
        if !self.returns_status {
            return Err(Stop::CanTrap);
        }
        let block = *self.traps.entry(trap).or_insert_with(|| self.builder.create_block());
        Ok(block)
    }

    /// The block that returns the status of a callee.
    fn passing_block(&mut self) -> Result<Block, Stop> {
        if !self.returns_status {
            return Err(Stop::CanTrap);
        }
        let block = *self.passes_on.get_or_insert_with(|| {
            let block = self.builder.create_block();
            self.builder.append_block_param(block, types::I32);
            block
        });
        Ok(block)
    }

    /// Returns from all of them, at the end of the function. Results are zeros that nobody looks at.
    pub(super) fn emit_trap_blocks(&mut self) {
        let traps: Vec<_> = self.traps.iter().map(|(&trap, &block)| (block, Some(trap))).collect();
        for (block, trap) in traps.into_iter().chain(self.passes_on.map(|block| (block, None))) {
            self.builder.switch_to_block(block);
            self.builder.seal_block(block);
            self.builder.set_cold_block(block);
            let status = match trap {
                Some(trap) => self.builder.ins().iconst(types::I32, i64::from(trap.number())),
                None => self.builder.block_params(block)[0],
            };
            let results = self.env.module.func_type(self.index).results();
            let mut values: Vec<Value> = results.iter().map(|&ty| self.zero(clif_type(ty))).collect();
            values.push(status);
            self.builder.ins().return_(&values);
        }
    }
}
