//! What an instruction gives when its operands are known, by the same arithmetic that every engine uses.

use std::hint::black_box;

use cranelift_entity::SecondaryMap;
use kernel::abi::CANONICAL_NAN;
use kernel::lookup;
use simc_ir::entity::{Table, Value};
use simc_ir::func::FuncData;
use simc_ir::module::Module;
use simc_ir::opcode::{Immediate, Opcode};

/// A value that is known when the model is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// A number.
    F64(f64),
    /// A truth value.
    Bool(bool),
}

/// Evaluates instructions over one module.
#[derive(Debug)]
pub struct Evaluator<'a> {
    module: &'a Module,
    /// Blocks of the tables that were looked at, made once.
    blocks: SecondaryMap<Table, Option<Vec<f64>>>,
}

impl<'a> Evaluator<'a> {
    /// For the tables of `module`.
    pub fn new(module: &'a Module) -> Self {
        Self { module, blocks: SecondaryMap::new() }
    }

    /// The result of an instruction with these operands; none when it depends on more than operands and immediate.
    /// A NaN comes out canonical, whatever the machine that compiles would make of it.
    pub fn eval(&mut self, opcode: Opcode, immediate: Immediate, args: &[Constant]) -> Option<Constant> {
        match opcode {
            Opcode::Fconst | Opcode::Bconst => immediate_constant(immediate),
            Opcode::Fneg => unary(args, |x| -x),
            Opcode::Fabs => unary(args, f64::abs),
            Opcode::Fsqrt => unary(args, f64::sqrt),
            Opcode::Ffloor => unary(args, f64::floor),
            Opcode::Fadd => binary(args, |a, b| a + b),
            Opcode::Fsub => binary(args, |a, b| a - b),
            Opcode::Fmul => binary(args, |a, b| a * b),
            Opcode::Fdiv => binary(args, |a, b| a / b),
            Opcode::Fmin => binary(args, min),
            Opcode::Fmax => binary(args, max),
            Opcode::Feq => comparison(args, |a, b| a == b),
            Opcode::Fne => comparison(args, |a, b| a != b),
            Opcode::Flt => comparison(args, |a, b| a < b),
            Opcode::Fle => comparison(args, |a, b| a <= b),
            Opcode::Fgt => comparison(args, |a, b| a > b),
            Opcode::Fge => comparison(args, |a, b| a >= b),
            Opcode::Band => logic(args, |a, b| a && b),
            Opcode::Bor => logic(args, |a, b| a || b),
            Opcode::Bnot => truth(args).map(|x| Constant::Bool(!x)),
            Opcode::Btof => truth(args).map(|x| Constant::F64(f64::from(u8::from(x)))),
            Opcode::Select => select(args),
            Opcode::Call => eval_call(immediate, args),
            Opcode::IndexOk => self.eval_index_ok(immediate, args),
            Opcode::Lookup => self.eval_lookup(immediate, args),
            Opcode::Position
            | Opcode::Shift
            | Opcode::IndexOf
            | Opcode::Ordinal
            | Opcode::Param
            | Opcode::Load
            | Opcode::Time
            | Opcode::StepTime
            | Opcode::StepIndex
            | Opcode::Oldest
            | Opcode::Recall
            | Opcode::Return
            | Opcode::Measure
            | Opcode::Trace
            | Opcode::Store
            | Opcode::Out
            | Opcode::Rate
            | Opcode::Next
            | Opcode::Fill
            | Opcode::Push
            | Opcode::Initialise
            | Opcode::Advance
            | Opcode::Arrange
            | Opcode::For
            | Opcode::Down
            | Opcode::Fold
            | Opcode::Yield => None,
        }
    }

    fn eval_index_ok(&self, immediate: Immediate, args: &[Constant]) -> Option<Constant> {
        let (Immediate::Axis(axis), &[Constant::F64(x)]) = (immediate, args) else { return None };
        let counted = x.floor();
        Some(Constant::Bool(counted >= 1.0 && counted <= f64::from(self.module.axes[axis].size)))
    }

    /// A lookup in a table of one curve: which one is meant of several is not known here.
    fn eval_lookup(&mut self, immediate: Immediate, args: &[Constant]) -> Option<Constant> {
        let (Immediate::Table(table), &[Constant::F64(x)]) = (immediate, args) else { return None };
        let data = &self.module.tables[table];
        if data.is_settable() {
            return None;
        }
        let [curve] = data.curves.as_slice() else { return None };
        let block = self.blocks[table].get_or_insert_with(|| curve.block(data.kind));
        let table = lookup::Table::new(data.kind, data.search, block);
        Some(number(table.eval(x)))
    }
}

/// The known values of a function. Nothing is known of what depends on a loop.
pub fn constants(module: &Module, func: &FuncData) -> SecondaryMap<Value, Option<Constant>> {
    let mut evaluator = Evaluator::new(module);
    let mut known: SecondaryMap<Value, Option<Constant>> = SecondaryMap::new();
    for inst in func.listed_insts() {
        let data = &func.insts[inst];
        let args: Option<Vec<Constant>> = func.args(inst).iter().map(|&arg| known[arg]).collect();
        if let (Some(result), Some(args)) = (data.result, args) {
            known[result] = evaluator.eval(data.opcode, data.immediate, &args);
        }
    }
    known
}

/// A number with the one NaN.
fn number(x: f64) -> Constant {
    // To a compiler one NaN is as good as another: it must not see which one this is.
    Constant::F64(if x.is_nan() { f64::from_bits(black_box(CANONICAL_NAN)) } else { x })
}

fn immediate_constant(immediate: Immediate) -> Option<Constant> {
    match immediate {
        Immediate::F64(x) => Some(Constant::F64(x)),
        Immediate::Bool(x) => Some(Constant::Bool(x)),
        Immediate::None
        | Immediate::Position(..)
        | Immediate::Axis(_)
        | Immediate::Slot(_)
        | Immediate::Param(_)
        | Immediate::Table(_)
        | Immediate::Function(_)
        | Immediate::Transport(..)
        | Immediate::Trace(..)
        | Immediate::Vector(..)
        | Immediate::Loop(..) => None,
    }
}

fn unary(args: &[Constant], f: impl Fn(f64) -> f64) -> Option<Constant> {
    let &[Constant::F64(x)] = args else { return None };
    Some(number(f(x)))
}

fn binary(args: &[Constant], f: impl Fn(f64, f64) -> f64) -> Option<Constant> {
    let &[Constant::F64(a), Constant::F64(b)] = args else { return None };
    Some(number(f(a, b)))
}

fn comparison(args: &[Constant], f: impl Fn(f64, f64) -> bool) -> Option<Constant> {
    let &[Constant::F64(a), Constant::F64(b)] = args else { return None };
    Some(Constant::Bool(f(a, b)))
}

fn logic(args: &[Constant], f: impl Fn(bool, bool) -> bool) -> Option<Constant> {
    let &[Constant::Bool(a), Constant::Bool(b)] = args else { return None };
    Some(Constant::Bool(f(a, b)))
}

fn truth(args: &[Constant]) -> Option<bool> {
    let &[Constant::Bool(x)] = args else { return None };
    Some(x)
}

fn select(args: &[Constant]) -> Option<Constant> {
    let &[Constant::Bool(cond), a, b] = args else { return None };
    Some(if cond { a } else { b })
}

fn eval_call(immediate: Immediate, args: &[Constant]) -> Option<Constant> {
    let Immediate::Function(function) = immediate else { return None };
    let numbers: Option<Vec<f64>> =
        args.iter().map(|&arg| if let Constant::F64(x) = arg { Some(x) } else { None }).collect();
    numbers.filter(|numbers| numbers.len() == function.arity()).map(|numbers| number(function.eval(&numbers)))
}

/// The lesser: NaN when either is, -0 below +0.
fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a < b || (a == b && a.is_sign_negative()) {
        a
    } else {
        b
    }
}

/// The greater: NaN when either is, +0 above -0.
fn max(a: f64, b: f64) -> f64 {
    -min(-a, -b)
}

#[cfg(test)]
mod tests {
    use simc_ir::module::{TableData, TableKind};

    use super::*;

    fn eval(opcode: Opcode, args: &[f64]) -> Option<Constant> {
        let args: Vec<Constant> = args.iter().map(|&x| Constant::F64(x)).collect();
        Evaluator::new(&Module::default()).eval(opcode, Immediate::None, &args)
    }

    #[test]
    fn extremes_know_nan_and_the_sign_of_zero() {
        for (opcode, a, b, expected) in [
            (Opcode::Fmin, 0.0, -0.0, -0.0_f64),
            (Opcode::Fmin, -0.0, 0.0, -0.0),
            (Opcode::Fmax, 0.0, -0.0, 0.0),
            (Opcode::Fmax, -0.0, 0.0, 0.0),
            (Opcode::Fmax, 2.0, -3.0, 2.0),
            (Opcode::Fmin, f64::NAN, 1.0, f64::NAN),
            (Opcode::Fmax, 1.0, f64::NAN, f64::NAN),
        ] {
            let Some(Constant::F64(x)) = eval(opcode, &[a, b]) else { panic!("{} is known", opcode.name()) };
            assert_eq!(x.to_bits(), expected.to_bits(), "{} {a} {b}", opcode.name());
        }
    }

    #[test]
    fn every_nan_is_the_canonical_one() {
        let Some(Constant::F64(x)) = eval(Opcode::Fdiv, &[-0.0, 0.0]) else { panic!("0/0 is known") };
        assert_eq!(x.to_bits(), CANONICAL_NAN);
    }

    #[test]
    fn an_index_counts_from_1_to_the_size_of_its_axis() {
        let mut module = Module::default();
        let axis = module.axes.push(simc_ir::module::AxisData { name: String::new(), size: 3 });
        let mut evaluator = Evaluator::new(&module);
        let mut is_ok = |x: f64| evaluator.eval(Opcode::IndexOk, Immediate::Axis(axis), &[Constant::F64(x)]);
        for (x, expected) in [(0.0, false), (0.9, false), (1.0, true), (3.0, true), (3.9, true), (4.0, false)] {
            assert_eq!(is_ok(x), Some(Constant::Bool(expected)), "{x}");
        }
        assert_eq!(is_ok(f64::NAN), Some(Constant::Bool(false)));
        assert_eq!(is_ok(f64::NEG_INFINITY), Some(Constant::Bool(false)));
    }

    #[test]
    fn comparisons_and_truth_are_those_of_numbers() {
        for (opcode, expected) in [
            (Opcode::Feq, [false, true, false, false]),
            (Opcode::Fne, [true, false, true, true]),
            (Opcode::Flt, [true, false, false, false]),
            (Opcode::Fle, [true, true, false, false]),
            (Opcode::Fgt, [false, false, true, false]),
            (Opcode::Fge, [false, true, true, false]),
        ] {
            let found = [(1.0, 2.0), (2.0, 2.0), (3.0, 2.0), (f64::NAN, 2.0)].map(|(a, b)| eval(opcode, &[a, b]));
            assert_eq!(found, expected.map(|truth| Some(Constant::Bool(truth))), "{}", opcode.name());
        }
        let logic = |opcode: Opcode, args: &[bool]| {
            let args: Vec<Constant> = args.iter().map(|&x| Constant::Bool(x)).collect();
            Evaluator::new(&Module::default()).eval(opcode, Immediate::None, &args)
        };
        let both = |opcode| [[false, false], [false, true], [true, true]].map(|args| logic(opcode, &args));
        assert_eq!(both(Opcode::Band), [false, false, true].map(|truth| Some(Constant::Bool(truth))));
        assert_eq!(both(Opcode::Bor), [false, true, true].map(|truth| Some(Constant::Bool(truth))));
        assert_eq!(logic(Opcode::Bnot, &[false]), Some(Constant::Bool(true)));
        assert_eq!([false, true].map(|x| logic(Opcode::Btof, &[x])), [0.0, 1.0].map(|x| Some(Constant::F64(x))));
    }

    #[test]
    fn nothing_is_known_of_what_a_host_may_change() {
        let mut module = Module::default();
        let mut table = TableData::single(String::new(), TableKind::Continuous, vec![0.0, 2.0], vec![1.0, 5.0]);
        let curve = table.curves[0].clone();
        let graph = module.graphs.push(simc_ir::module::GraphData {
            name: String::new(),
            kind: TableKind::Continuous,
            capacity: 2,
            curve: curve.clone(),
        });
        let several = module.tables.push(TableData { curves: vec![curve.clone(), curve], ..table.clone() });
        table.graphs = vec![graph];
        let settable = module.tables.push(table);
        let mut evaluator = Evaluator::new(&module);
        for table in [several, settable] {
            assert_eq!(evaluator.eval(Opcode::Lookup, Immediate::Table(table), &[Constant::F64(0.5)]), None);
        }
    }

    #[test]
    fn what_reads_memory_is_not_known() {
        assert_eq!(eval(Opcode::Time, &[]), None);
    }

    #[test]
    fn tables_are_looked_up_as_the_kernel_does() {
        let mut module = Module::default();
        let table = TableData::single(String::new(), TableKind::Continuous, vec![0.0, 2.0], vec![1.0, 5.0]);
        let table = module.tables.push(table);
        let found = Evaluator::new(&module).eval(Opcode::Lookup, Immediate::Table(table), &[Constant::F64(0.5)]);
        assert_eq!(found, Some(Constant::F64(2.0)));
    }
}
