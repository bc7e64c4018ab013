use kernel::function::Function;
use simc_ir::module::{ParamData, SlotData};

use super::*;

/// Numbers at which identities fail that are only nearly true.
const HARD: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    -3.7,
    1e308,
    -1e308,
    5e-324,
    -2.2e-308,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    4503599627370497.5,
];

struct Fixture {
    module: Module,
    stock: Slot,
    out: Slot,
}

fn fixture() -> Fixture {
    let mut module = Module::default();
    let mut slot = |role| module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
    let (stock, out) = (slot(SlotRole::Stock), slot(SlotRole::Output));
    Fixture { module, stock, out }
}

/// The folded form of what `build` makes of an unknown number, as operations from the result backwards.
fn folded(build: impl Fn(&mut Builder<'_>, Value) -> Value) -> String {
    let Fixture { mut module, stock, out } = fixture();
    let mut func = FuncData::new(FuncRole::Row);
    let mut b = Builder::new(&module, &mut func);
    let x = b.load(stock, &[]);
    let value = build(&mut b, x);
    b.write(Opcode::Out, out, &[value]);
    let func = module.funcs.push(func);
    fold(&mut module);
    let func = &module.funcs[func];
    let last = *func.blocks[func.entry].insts.last().expect("the function writes");
    show(func, func.args(last)[0])
}

fn show(func: &FuncData, value: Value) -> String {
    let inst = func.def_inst(value).expect("no loops here");
    match (func.insts[inst].opcode, func.insts[inst].immediate) {
        (Opcode::Load, _) => "x".to_owned(),
        (_, Immediate::F64(number)) => format!("{number:?}"),
        (_, Immediate::Bool(truth)) => format!("{truth}"),
        (opcode, _) => {
            let args: Vec<String> = func.args(inst).iter().map(|&arg| show(func, arg)).collect();
            format!("{}({})", opcode.name(), args.join(", "))
        }
    }
}

fn with_constant(opcode: Opcode, constant: f64, constant_first: bool) -> String {
    folded(|b, x| {
        let constant = b.fconst(constant);
        let args = if constant_first { [constant, x] } else { [x, constant] };
        b.op(opcode, &args)
    })
}

#[test]
fn adding_a_zero_folds_only_with_the_sign_that_changes_nothing() {
    assert_eq!(with_constant(Opcode::Fadd, -0.0, false), "x");
    assert_eq!(with_constant(Opcode::Fadd, -0.0, true), "x");
    assert_eq!(with_constant(Opcode::Fadd, 0.0, false), "fadd(x, 0.0)");
    assert_eq!(with_constant(Opcode::Fsub, 0.0, false), "x");
    assert_eq!(with_constant(Opcode::Fsub, -0.0, false), "fsub(x, -0.0)");
    assert_eq!(with_constant(Opcode::Fsub, -0.0, true), "fneg(x)");
    assert_eq!(with_constant(Opcode::Fsub, 0.0, true), "fsub(0.0, x)");
}

#[test]
fn folds_division_only_when_exact() {
    assert_eq!(with_constant(Opcode::Fdiv, 8.0, false), "fmul(x, 0.125)");
    assert_eq!(with_constant(Opcode::Fdiv, 3.0, false), "fdiv(x, 3.0)");
    assert_eq!(with_constant(Opcode::Fdiv, 0.0, false), "fdiv(x, 0.0)");
    assert_eq!(with_constant(Opcode::Fdiv, 5e-324, false), "fdiv(x, 5e-324)");
    assert_eq!(with_constant(Opcode::Fdiv, 1.0, false), "x");
}

#[test]
fn multiplying_by_zero_stays() {
    assert_eq!(with_constant(Opcode::Fmul, 0.0, false), "fmul(x, 0.0)");
    assert_eq!(with_constant(Opcode::Fmul, 1.0, true), "x");
    assert_eq!(with_constant(Opcode::Fmul, -1.0, false), "fneg(x)");
}

#[test]
fn a_difference_of_equals_stays_for_the_sake_of_infinity() {
    assert_eq!(folded(|b, x| b.op(Opcode::Fsub, &[x, x])), "fsub(x, x)");
}

#[test]
fn a_reciprocal_of_a_power_of_two_gives_the_quotient_everywhere() {
    for divisor in [2.0, -0.5, 2.0_f64.powi(1000), 2.0_f64.powi(-1022)] {
        let reciprocal = identities::exact_reciprocal(divisor).expect("a power of two");
        for x in HARD {
            let (quotient, product) = (x / divisor, x * reciprocal);
            assert!(
                quotient.to_bits() == product.to_bits() || quotient.is_nan() && product.is_nan(),
                "{x} / {divisor}"
            );
        }
    }
    assert_eq!(identities::exact_reciprocal(2.0_f64.powi(1023)), None);
}

#[test]
fn small_powers_are_what_the_kernel_computes() {
    for x in HARD {
        let same = |exponent: f64, expected: f64| {
            let found = Function::Pow.eval(&[x, exponent]);
            assert!(found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(), "{x} ^ {exponent}");
        };
        same(0.0, 1.0);
        same(1.0, x);
        same(2.0, x * x);
        same(-1.0, 1.0 / x);
    }
    let power = |exponent| {
        folded(move |b, x| {
            let exponent = b.fconst(exponent);
            b.call(Function::Pow, &[x, exponent])
        })
    };
    assert_eq!(power(2.0), "fmul(x, x)");
    assert_eq!(power(0.5), "call(x, 0.5)");
}

#[test]
fn a_truth_value_survives_the_way_through_a_number() {
    let round_trip = |opcode, against| {
        folded(move |b, x| {
            let one = b.fconst(1.0);
            let cond = b.op(Opcode::Flt, &[x, one]);
            let number = b.op(Opcode::Btof, &[cond]);
            let against = b.fconst(against);
            let again = b.op(opcode, &[number, against]);
            b.op(Opcode::Btof, &[again])
        })
    };
    assert_eq!(round_trip(Opcode::Fne, 0.0), "btof(flt(x, 1.0))");
    assert_eq!(round_trip(Opcode::Feq, 1.0), "btof(flt(x, 1.0))");
    assert_eq!(round_trip(Opcode::Feq, 0.0), "btof(bnot(flt(x, 1.0)))");
    assert_eq!(round_trip(Opcode::Feq, 2.0), "0.0");
}

#[test]
fn only_equality_has_an_exact_opposite() {
    let negated = |opcode| {
        folded(move |b, x| {
            let one = b.fconst(1.0);
            let cond = b.op(opcode, &[x, one]);
            let opposite = b.op(Opcode::Bnot, &[cond]);
            b.op(Opcode::Btof, &[opposite])
        })
    };
    assert_eq!(negated(Opcode::Feq), "btof(fne(x, 1.0))");
    assert_eq!(negated(Opcode::Flt), "btof(bnot(flt(x, 1.0)))");
}

#[test]
fn a_known_condition_chooses() {
    let chosen = folded(|b, x| {
        let (one, two) = (b.fconst(1.0), b.fconst(2.0));
        let cond = b.op(Opcode::Flt, &[one, two]);
        b.op(Opcode::Select, &[cond, x, one])
    });
    assert_eq!(chosen, "x");
}

#[test]
fn what_prepare_stores_as_a_constant_is_known_everywhere_but_a_param_is_not() {
    let Fixture { mut module, out, .. } = fixture();
    let mut slot = |role| module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
    let (derived, settable) = (slot(SlotRole::Run), slot(SlotRole::Run));
    let param =
        module.params.push(ParamData { name: String::new(), slot: settable, defaults: vec![4.0], through: None });
    let mut prepare = FuncData::new(FuncRole::Prepare);
    let mut b = Builder::new(&module, &mut prepare);
    let value = b.param(param, &[]);
    b.write(Opcode::Store, settable, &[value]);
    let sixteen = b.fconst(16.0);
    let four = b.op(Opcode::Fsqrt, &[sixteen]);
    b.write(Opcode::Store, derived, &[four]);
    module.funcs.push(prepare);
    let mut row = FuncData::new(FuncRole::Row);
    let mut b = Builder::new(&module, &mut row);
    let (known, unknown) = (b.load(derived, &[]), b.load(settable, &[]));
    let sum = b.op(Opcode::Fadd, &[known, unknown]);
    b.write(Opcode::Out, out, &[sum]);
    let row = module.funcs.push(row);
    assert!(fold(&mut module));
    let row = &module.funcs[row];
    let last = *row.blocks[row.entry].insts.last().expect("the row writes");
    assert_eq!(show(row, row.args(last)[0]), "fadd(4.0, x)");
}

#[test]
fn a_stage_keeps_the_time_of_its_step() {
    for (role, expected) in [(FuncRole::Row, Opcode::Time), (FuncRole::Stage, Opcode::StepTime)] {
        let Fixture { mut module, stock, .. } = fixture();
        let mut func = FuncData::new(role);
        let mut b = Builder::new(&module, &mut func);
        let time = b.op(Opcode::StepTime, &[]);
        b.write(Opcode::Rate, stock, &[time]);
        let func = module.funcs.push(func);
        fold(&mut module);
        let func = &module.funcs[func];
        let first = func.listed_insts().next().expect("the function has instructions");
        assert_eq!(func.insts[first].opcode, expected);
    }
}
