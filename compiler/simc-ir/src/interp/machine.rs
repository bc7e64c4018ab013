//! Executes code on memory.

use cranelift_entity::EntityRef;
use kernel::abi::CANONICAL_NAN;
use kernel::function::Function;
use kernel::lookup::{Kind, Search, Table};
use kernel::transport::{self, Query};
use kernel::{returns, ring, vector};

use super::code::{Code, Detail, Loop, Op, Place};
use super::memory::Memory;
use crate::entity::Graph;
use crate::module::{Curve, Module, TableData};
use crate::opcode::Opcode;

/// All state of a running model.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    /// The live row, and hidden slots after it.
    pub(super) cells: Vec<f64>,
    /// The row that is being saved.
    pub(super) row: Vec<f64>,
    /// Settable constants, overrides included.
    pub(super) params: Vec<f64>,
    /// What each stock and level changes by, from the last evaluation.
    pub(super) rates: Vec<f64>,
    /// What `next` has announced: cells and their numbers.
    nexts: Vec<(usize, f64)>,
    /// What `push` has announced: rings as first cell and length, and the numbers.
    pushes: Vec<(usize, usize, f64)>,
    /// What `advance` has announced.
    advances: Vec<TransportAdvance>,
    /// The error word that a transport has raised.
    pub(super) error: u64,
    /// Where the numbers are that the rates integrate: first cell and length.
    pub(super) levels: Vec<(usize, usize)>,
    /// Curves of all tables.
    curves: Vec<CurveBlock>,
    /// The points that count of each graphical function that a host may change.
    pub(super) graphs: Vec<Vec<f64>>,
    registers: Vec<u64>,
    /// Time of the evaluation: of the stage within a step.
    pub(super) time: f64,
    /// Time of the step.
    pub(super) step_time: f64,
    /// How many steps lie between the start and the step.
    pub(super) step: u64,
    /// Whether a row is evaluated for its own sake: `out` then writes the live row, and `rate`, `next` and `push` do nothing.
    at_rest: bool,
}

/// Something that is done to a transport.
#[derive(Clone, Debug)]
struct TransportAdvance {
    /// Its first cell.
    first: usize,
    /// How many cells.
    len: usize,
    query: Query,
    args: Vec<f64>,
}

#[derive(Clone, Debug)]
struct CurveBlock {
    kind: Kind,
    search: Search,
    block: Vec<f64>,
    /// The graphical function that counts instead of the block.
    graph: Option<Graph>,
}

/// The number, but the one NaN that a host sees for any NaN.
pub(super) fn canonical(x: f64) -> f64 {
    if x.is_nan() { f64::from_bits(CANONICAL_NAN) } else { x }
}

impl Machine {
    pub(super) fn new(module: &Module, memory: &Memory, params: Vec<f64>, n_registers: usize) -> Self {
        Self {
            cells: vec![0.0; memory.len],
            row: vec![0.0; memory.row_len],
            params,
            rates: vec![0.0; memory.n_rates],
            nexts: Vec::new(),
            pushes: Vec::new(),
            advances: Vec::new(),
            error: 0,
            levels: memory.levels.clone(),
            curves: module.tables.values().flat_map(CurveBlock::all).collect(),
            graphs: own_graphs(module),
            registers: vec![0; n_registers],
            time: 0.0,
            step_time: 0.0,
            step: 0,
            at_rest: false,
        }
    }

    /// Goes to a step, whose time becomes that of the evaluation and of the live row.
    pub(super) fn set_step(&mut self, step: u64, time: f64) {
        self.step = step;
        self.time = time;
        self.step_time = time;
        self.cells[kernel::abi::TIME_SLOT as usize] = time;
    }

    /// All slots zero, nothing announced.
    pub(super) fn reset(&mut self) {
        self.cells.fill(0.0);
        self.nexts.clear();
        self.pushes.clear();
        self.advances.clear();
        self.error = 0;
    }

    /// Executes all parts of a role; `out` writes the row that is being saved.
    pub(super) fn run(&mut self, parts: &[Code]) {
        self.at_rest = false;
        self.run_parts(parts);
    }

    /// Executes all parts of a role for what they show in the live row alone.
    pub(super) fn show(&mut self, parts: &[Code]) {
        self.at_rest = true;
        self.run_parts(parts);
    }

    fn run_parts(&mut self, parts: &[Code]) {
        for code in parts {
            self.run_ops(code, 0, code.ops.len());
        }
    }

    /// Lets what `next` and `push` have announced happen.
    pub(super) fn apply_announced(&mut self) {
        for (cell, value) in self.nexts.drain(..) {
            self.cells[cell] = value;
        }
        for (first, len, value) in self.pushes.drain(..) {
            ring::push(&mut self.cells[first..first + len], value);
        }
        for TransportAdvance { first, len, query, args } in std::mem::take(&mut self.advances) {
            let error = transport::advance(query, &mut self.cells[first..first + len], &args);
            self.raise(error);
        }
    }

    /// Notes an error, if it is one. Of several in one step the least word counts, whatever order they come in.
    fn raise(&mut self, error: u64) {
        self.error = transport::first_error(self.error, error);
    }

    fn run_ops(&mut self, code: &Code, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            let op = &code.ops[at];
            at += 1;
            if let Detail::Loop(all) = op.detail {
                self.run_loop(code, op, all, at);
                at = all.end;
            } else {
                self.run_op(code, op);
            }
        }
    }

    fn run_loop(&mut self, code: &Code, op: &Op, all: Loop, body: usize) {
        let folds = op.opcode == Opcode::Fold;
        if folds {
            self.registers[all.accumulator as usize] = self.bits(code, op, 0);
        }
        for pass in 0..all.passes {
            let index = if op.opcode == Opcode::Down { all.passes - 1 - pass } else { pass };
            self.registers[all.index as usize] = u64::from(index);
            self.run_ops(code, body, all.end);
        }
        if folds {
            self.registers[op.result as usize] = self.registers[all.accumulator as usize];
        }
    }

    fn bits(&self, code: &Code, op: &Op, operand: usize) -> u64 {
        self.registers[code.args[op.args as usize + operand] as usize]
    }

    fn number(&self, code: &Code, op: &Op, operand: usize) -> f64 {
        f64::from_bits(self.bits(code, op, operand))
    }

    /// The element that the last operands choose.
    fn element(&self, code: &Code, op: &Op) -> (usize, usize) {
        let (Detail::Place(place) | Detail::Transport(place, _) | Detail::Trace(_, place) | Detail::Vector(place, _)) =
            op.detail
        else {
            unreachable!("the opcode's immediate is a slot, a param or a table")
        };
        self.element_at(code, op, place)
    }

    /// The element at a place that the last operands choose.
    fn element_at(&self, code: &Code, op: &Op, place: Place) -> (usize, usize) {
        let Place { base, strides, n_indices, width } = place;
        let first = op.n_args as usize - n_indices;
        let strides = &code.strides[strides..strides + n_indices];
        let moved: usize = (first..).zip(strides).map(|(arg, stride)| self.bits(code, op, arg) as usize * stride).sum();
        (base + moved, width)
    }

    fn run_op(&mut self, code: &Code, op: &Op) {
        let n = |operand: usize| self.number(code, op, operand);
        let b = |operand: usize| self.bits(code, op, operand) != 0;
        let bits = match op.opcode {
            Opcode::Fconst | Opcode::Bconst | Opcode::Position => constant(op),
            Opcode::Shift => self.bits(code, op, 0) + constant(op),
            Opcode::IndexOf => position(op, n(0)).unwrap_or(0),
            Opcode::IndexOk => u64::from(position(op, n(0)).is_some()),
            Opcode::Ordinal => ((self.bits(code, op, 0) + 1) as f64).to_bits(),
            Opcode::Param => self.params[self.element(code, op).0].to_bits(),
            Opcode::Load => self.cells[self.element(code, op).0].to_bits(),
            Opcode::Time => self.time.to_bits(),
            Opcode::StepTime => self.step_time.to_bits(),
            Opcode::StepIndex => (self.step as f64).to_bits(),
            Opcode::Oldest => {
                let (first, len) = self.element(code, op);
                ring::oldest(&self.cells[first..first + len]).to_bits()
            }
            Opcode::Recall => {
                let (first, len) = self.element(code, op);
                ring::recall(&self.cells[first..first + len], n(0)).to_bits()
            }
            Opcode::Return => {
                let (first, len) = self.element(code, op);
                returns::rate(&self.cells[first..first + len], n(0), n(1), n(2), n(3)).to_bits()
            }
            Opcode::Measure => self.measure(code, op).to_bits(),
            Opcode::Trace => self.trace(code, op).to_bits(),
            Opcode::Fneg => (-n(0)).to_bits(),
            Opcode::Fabs => n(0).abs().to_bits(),
            Opcode::Fsqrt => n(0).sqrt().to_bits(),
            Opcode::Ffloor => n(0).floor().to_bits(),
            Opcode::Fadd => (n(0) + n(1)).to_bits(),
            Opcode::Fsub => (n(0) - n(1)).to_bits(),
            Opcode::Fmul => (n(0) * n(1)).to_bits(),
            Opcode::Fdiv => (n(0) / n(1)).to_bits(),
            Opcode::Fmin => lesser(n(0), n(1)).to_bits(),
            Opcode::Fmax => (-lesser(-n(0), -n(1))).to_bits(),
            Opcode::Feq => u64::from(n(0) == n(1)),
            Opcode::Fne => u64::from(n(0) != n(1)),
            Opcode::Flt => u64::from(n(0) < n(1)),
            Opcode::Fle => u64::from(n(0) <= n(1)),
            Opcode::Fgt => u64::from(n(0) > n(1)),
            Opcode::Fge => u64::from(n(0) >= n(1)),
            Opcode::Band => u64::from(b(0) && b(1)),
            Opcode::Bor => u64::from(b(0) || b(1)),
            Opcode::Bnot => u64::from(!b(0)),
            Opcode::Btof => f64::from(u8::from(b(0))).to_bits(),
            Opcode::Select => self.bits(code, op, if b(0) { 1 } else { 2 }),
            Opcode::Call => self.call(code, op).to_bits(),
            Opcode::Lookup => self.lookup(code, op).to_bits(),
            Opcode::Store => return self.store(code, op),
            Opcode::Out => return self.out(code, op),
            Opcode::Rate => return self.rate(code, op),
            Opcode::Next => return self.next(code, op),
            Opcode::Fill => return self.fill(code, op),
            Opcode::Push => return self.push(code, op),
            Opcode::Initialise => return self.initialise(code, op),
            Opcode::Advance => return self.advance_transport(code, op),
            Opcode::Arrange => return self.arrange(code, op),
            Opcode::For | Opcode::Down | Opcode::Fold => unreachable!("loops run elsewhere"),
            Opcode::Yield => self.bits(code, op, 0),
        };
        self.registers[op.result as usize] = bits;
    }

    fn store(&mut self, code: &Code, op: &Op) {
        let cell = self.element(code, op).0;
        self.cells[cell] = canonical(self.number(code, op, 0));
    }

    fn out(&mut self, code: &Code, op: &Op) {
        let (at, x) = (self.element(code, op).0, canonical(self.number(code, op, 0)));
        let row = if self.at_rest { &mut self.cells } else { &mut self.row };
        row[at] = x;
    }

    fn rate(&mut self, code: &Code, op: &Op) {
        if !self.at_rest {
            let at = self.element(code, op).0;
            self.rates[at] = self.number(code, op, 0);
        }
    }

    fn next(&mut self, code: &Code, op: &Op) {
        if !self.at_rest {
            self.nexts.push((self.element(code, op).0, self.number(code, op, 0)));
        }
    }

    fn fill(&mut self, code: &Code, op: &Op) {
        let (first, len) = self.element(code, op);
        let (n, x) = (self.number(code, op, 0), self.number(code, op, 1));
        ring::fill(&mut self.cells[first..first + len], n, x);
    }

    fn push(&mut self, code: &Code, op: &Op) {
        if !self.at_rest {
            let (first, len) = self.element(code, op);
            self.pushes.push((first, len, self.number(code, op, 0)));
        }
    }

    /// A transport's first cell and length, its query and the numbers it is given.
    fn transport(&self, code: &Code, op: &Op) -> TransportAdvance {
        let Detail::Transport(place, query) = op.detail else { unreachable!("the opcode's immediate is a transport") };
        let (first, len) = self.element(code, op);
        let n_operands = op.n_args as usize - place.n_indices;
        let args = (0..n_operands).map(|operand| self.number(code, op, operand)).collect();
        TransportAdvance { first, len, query, args }
    }

    fn measure(&mut self, code: &Code, op: &Op) -> f64 {
        let TransportAdvance { first, len, query, args } = self.transport(code, op);
        transport::measure(query, &mut self.cells[first..first + len], &args)
    }

    fn trace(&mut self, code: &Code, op: &Op) -> f64 {
        let Detail::Trace(into, of) = op.detail else { unreachable!("the opcode's immediate is two transports") };
        let n_operands = op.n_args as usize - of.n_indices;
        let args: Vec<f64> = (0..n_operands).map(|operand| self.number(code, op, operand)).collect();
        let (first, len) = self.element(code, op);
        let mut source = self.cells[first..first + len].to_vec();
        let (first, len) = self.element_at(code, op, into);
        transport::conveyor::trace(&mut self.cells[first..first + len], &mut source, &args)
    }

    fn initialise(&mut self, code: &Code, op: &Op) {
        let TransportAdvance { first, len, query, args } = self.transport(code, op);
        let error = transport::initialise(query, &mut self.cells[first..first + len], &args);
        self.raise(error);
    }

    fn advance_transport(&mut self, code: &Code, op: &Op) {
        if !self.at_rest {
            let advance = self.transport(code, op);
            self.advances.push(advance);
        }
    }

    fn arrange(&mut self, code: &Code, op: &Op) {
        let Detail::Vector(_, function) = op.detail else {
            unreachable!("the opcode's immediate is a vector function")
        };
        let (first, len) = self.element(code, op);
        let numbers: Vec<f64> = (0..function.numbers()).map(|operand| self.number(code, op, operand)).collect();
        vector::arrange(function, &mut self.cells[first..first + len], len / function.rows(), &numbers);
    }

    fn call(&self, code: &Code, op: &Op) -> f64 {
        let Detail::Function(function) = op.detail else { unreachable!("the opcode's immediate is a function") };
        let mut args = [0.0; Function::MAX_ARITY];
        let args = &mut args[..op.n_args as usize];
        for (operand, arg) in args.iter_mut().enumerate() {
            *arg = self.number(code, op, operand);
        }
        function.eval(args)
    }

    fn lookup(&self, code: &Code, op: &Op) -> f64 {
        let CurveBlock { kind, search, block, graph } = &self.curves[self.element(code, op).0];
        let block = graph.map_or(block, |graph| &self.graphs[graph.index()]);
        Table::new(*kind, *search, block).eval(self.number(code, op, 0))
    }
}

impl CurveBlock {
    fn all(data: &TableData) -> impl Iterator<Item = Self> + '_ {
        let (kind, search) = (data.kind, data.search);
        let block = move |(position, curve): (usize, &Curve)| Self {
            kind,
            search,
            block: curve.block(data.kind),
            graph: data.graphs.get(position).copied(),
        };
        data.curves.iter().enumerate().map(block)
    }
}

/// The own points of all graphical functions that a host may change, as blocks.
pub(super) fn own_graphs(module: &Module) -> Vec<Vec<f64>> {
    module.graphs.values().map(|graph| graph.curve.block(graph.kind)).collect()
}

/// A constant's content of a register.
fn constant(op: &Op) -> u64 {
    let Detail::Bits(bits) = op.detail else { unreachable!("the opcode's immediate is a constant") };
    bits
}

/// The position on the axis that a number counts from 1, rounded down.
fn position(op: &Op, x: f64) -> Option<u64> {
    let Detail::Size(size) = op.detail else { unreachable!("the opcode's immediate is an axis") };
    let counted = x.floor();
    // Between 1 and the size the number is an integer that fits.
    (counted >= 1.0 && counted <= f64::from(size)).then(|| counted as u64 - 1)
}

/// The lesser number: NaN when either is, -0 below +0.
fn lesser(a: f64, b: f64) -> f64 {
    if a < b {
        a
    } else if b < a {
        b
    } else if a == b {
        // Equal numbers differ at most in the sign of a zero.
        f64::from_bits(a.to_bits() | b.to_bits())
    } else {
        a + b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lesser_zero_is_the_negative_one() {
        assert_eq!(lesser(0.0, -0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!(lesser(-0.0, 0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!(lesser(0.0, 0.0).to_bits(), 0.0f64.to_bits());
        assert_eq!((-lesser(-(-0.0f64), -0.0f64)).to_bits(), 0.0f64.to_bits());
    }

    #[test]
    fn nan_is_lesser_than_anything() {
        assert!(lesser(f64::NAN, 1.0).is_nan());
        assert!(lesser(1.0, f64::NAN).is_nan());
        assert_eq!(lesser(f64::INFINITY, -1.0), -1.0);
    }
}
