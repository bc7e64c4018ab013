//! Functions with everything looked up: registers for values, positions for slots.

use std::collections::BTreeMap;

use cranelift_entity::EntityRef;
use kernel::function::Function;
use kernel::transport::Query;
use kernel::vector;

use super::memory::Memory;
use crate::entity::{Axis, Block, Inst, Slot, Value};
use crate::func::FuncData;
use crate::func::walk::Step;
use crate::module::{FuncRole, Module};
use crate::opcode::{Immediate, Opcode};

/// All functions, by role, in order.
#[derive(Clone, Debug)]
pub(super) struct Program {
    parts: BTreeMap<FuncRole, Vec<Code>>,
    /// As many as the largest function has values.
    pub(super) n_registers: usize,
}

/// A function. Its values are registers: numbers by their bits, truth as 0 and 1, positions as integers.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) ops: Vec<Op>,
    /// Registers of operands.
    pub(super) args: Vec<u32>,
    /// How indices move a position.
    pub(super) strides: Vec<usize>,
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Op {
    pub(super) opcode: Opcode,
    /// Register of the result; of the accumulator in a `yield`.
    pub(super) result: u32,
    /// First operand, in [`Code::args`].
    pub(super) args: u32,
    pub(super) n_args: u32,
    pub(super) detail: Detail,
}

/// An immediate, looked up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Detail {
    None,
    /// A register's content.
    Bits(u64),
    /// Elements of a slot, param or table; the indices are the last operands.
    Place(Place),
    Function(Function),
    /// A query of a transport.
    Transport(Place, Query),
    /// A transport into which another one leaks, and that other one.
    Trace(Place, Place),
    /// A vector function and its blocks.
    Vector(Place, vector::Function),
    /// How many positions an axis has.
    Size(u32),
    /// A body: the operations after this one, up to `end`.
    Loop(Loop),
}

/// Where the elements of a slot are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The first element.
    pub(super) base: usize,
    /// First stride, in [`Code::strides`].
    pub(super) strides: usize,
    pub(super) n_indices: usize,
    /// Numbers of one element: more than one in a ring, transport or block.
    pub(super) width: usize,
}

/// A loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    pub(super) passes: u32,
    pub(super) end: usize,
    pub(super) index: u32,
    /// The same as the index in a `for`.
    pub(super) accumulator: u32,
}

impl Program {
    pub(super) fn new(module: &Module, memory: &Memory) -> Self {
        let mut param_bases = Vec::with_capacity(module.params.len());
        let mut n_params = 0;
        for param in module.params.values() {
            param_bases.push(n_params);
            n_params += param.defaults.len();
        }
        let mut table_bases = Vec::with_capacity(module.tables.len());
        let mut n_curves = 0;
        for table in module.tables.values() {
            table_bases.push(n_curves);
            n_curves += table.curves.len();
        }
        let mut parts = BTreeMap::<_, Vec<_>>::new();
        for func in module.funcs.values() {
            let coder = Coder {
                module,
                memory,
                param_bases: &param_bases,
                table_bases: &table_bases,
                func,
                code: Code::default(),
            };
            parts.entry(func.role).or_default().push(coder.encode());
        }
        let n_registers = module.funcs.values().map(|func| func.values.len()).max().unwrap_or(0);
        Self { parts, n_registers }
    }

    /// The parts of a role in order.
    pub(super) fn parts(&self, role: FuncRole) -> &[Code] {
        self.parts.get(&role).map_or(&[], Vec::as_slice)
    }
}

struct Coder<'a> {
    module: &'a Module,
    memory: &'a Memory,
    param_bases: &'a [usize],
    table_bases: &'a [usize],
    func: &'a FuncData,
    code: Code,
}

impl Coder<'_> {
    fn encode(mut self) -> Code {
        let mut open: Vec<(usize, Block)> = Vec::new();
        for step in self.func.walk() {
            match step {
                Step::Inst(inst) => {
                    // Only a `yield` asks: its result is the accumulator of the loop around it.
                    let accumulator = open.last().map(|&(_, body)| self.loop_registers(body).1);
                    self.push(inst, accumulator);
                }
                Step::Enter(inst, body) => {
                    open.push((self.code.ops.len(), body));
                    self.push(inst, None);
                }
                Step::Leave(..) => {
                    let end = self.code.ops.len();
                    if let Some((at, _)) = open.pop()
                        && let Detail::Loop(all) = &mut self.code.ops[at].detail
                    {
                        all.end = end;
                    }
                }
            }
        }
        self.code
    }

    fn push(&mut self, inst: Inst, accumulator: Option<u32>) {
        let data = &self.func.insts[inst];
        let detail = self.detail(inst);
        let args = u32_of(self.code.args.len());
        self.code.args.extend(self.func.args(inst).iter().map(|&arg| register(arg)));
        let n_args = u32_of(self.code.args.len()) - args;
        let result = if data.opcode == Opcode::Yield { accumulator } else { data.result.map(register) };
        self.code.ops.push(Op { opcode: data.opcode, result: result.unwrap_or(0), args, n_args, detail });
    }

    fn detail(&mut self, inst: Inst) -> Detail {
        let opcode = self.func.insts[inst].opcode;
        match self.func.insts[inst].immediate {
            Immediate::None => Detail::None,
            Immediate::F64(value) => Detail::Bits(value.to_bits()),
            Immediate::Bool(value) => Detail::Bits(u64::from(value)),
            Immediate::Position(_, position) => Detail::Bits(u64::from(position)),
            Immediate::Axis(axis) => Detail::Size(self.module.axes[axis].size),
            Immediate::Slot(slot) if opcode == Opcode::Rate => {
                Detail::Place(self.slot_place(slot, self.memory.rates[slot]))
            }
            Immediate::Slot(slot) => Detail::Place(self.slot_place(slot, self.memory.bases[slot])),
            Immediate::Transport(slot, query, _) => {
                Detail::Transport(self.slot_place(slot, self.memory.bases[slot]), query)
            }
            Immediate::Trace(into, of, _) => {
                let into = self.slot_place(into, self.memory.bases[into]);
                Detail::Trace(into, self.slot_place(of, self.memory.bases[of]))
            }
            Immediate::Vector(slot, function, n_indices) => {
                let place = self.slot_place(slot, self.memory.bases[slot]);
                let n_indices = n_indices as usize;
                let width = match n_indices.checked_sub(1) {
                    Some(last) => self.code.strides[place.strides + last],
                    None => self.module.slot_len(slot) as usize,
                };
                Detail::Vector(Place { n_indices, width, ..place }, function)
            }
            Immediate::Param(param) => {
                Detail::Place(self.slot_place(self.module.params[param].slot, self.param_bases[param.index()]))
            }
            Immediate::Table(table) => {
                Detail::Place(self.place(&self.module.tables[table].axes, self.table_bases[table.index()], 1))
            }
            Immediate::Function(function) => Detail::Function(function),
            Immediate::Loop(axis, body) => {
                let (index, accumulator) = self.loop_registers(body);
                Detail::Loop(Loop { passes: self.module.axes[axis].size, end: 0, index, accumulator })
            }
        }
    }

    fn loop_registers(&self, body: Block) -> (u32, u32) {
        let params = &self.func.blocks[body].params;
        let index = params.first().map_or(0, |&index| register(index));
        (index, params.get(1).map_or(index, |&accumulator| register(accumulator)))
    }

    /// Where a slot's elements are, its first one at `base`.
    fn slot_place(&mut self, slot: Slot, base: usize) -> Place {
        let data = &self.module.slots[slot];
        self.place(&data.axes, base, data.role.words() as usize)
    }

    /// Where the elements of some axes are, each so wide, the first one at `base`.
    fn place(&mut self, axes: &[Axis], base: usize, width: usize) -> Place {
        let (strides, mut stride) = (self.code.strides.len(), width);
        for &axis in axes.iter().rev() {
            self.code.strides.push(stride);
            stride *= self.module.axes[axis].size as usize;
        }
        self.code.strides[strides..].reverse();
        Place { base, strides, n_indices: axes.len(), width }
    }
}

fn register(value: Value) -> u32 {
    value.as_u32()
}

fn u32_of(len: usize) -> u32 {
    u32::try_from(len).expect("fewer than 2^32 operands in a function")
}
