use super::Range::{Any, NotNegative, NotPositive};
use super::*;

/// An operator, and what it computes.
type Operator = (BinaryOp, fn(f64, f64) -> f64);

#[test]
fn the_sign_of_a_function_follows_from_those_of_its_arguments() {
    let first = [NotNegative, NotPositive, Any];
    let of = |function: PureFn| first.map(|range| of_call(function, &[range]));
    for function in [PureFn::Abs, PureFn::Exp, PureFn::Sqrt, PureFn::Cosh] {
        assert_eq!(of(function), [NotNegative; 3], "{function:?}");
    }
    for function in [PureFn::Trunc, PureFn::Round, PureFn::Sign, PureFn::Percent, PureFn::Step] {
        assert_eq!(of(function), first, "{function:?}");
    }
    // Rounded down, what is below 0 may be farther below, and nothing else is known of it.
    assert_eq!(of(PureFn::Int), [NotNegative, Any, Any]);
    assert_eq!(of(PureFn::Sin), [Any; 3]);
    // One argument is enough for one side, the other one needs all of them.
    let of_two = |function, a, b| of_call(function, &[a, b]);
    for (a, b, greatest, least) in [
        (NotNegative, Any, NotNegative, Any),
        (Any, NotNegative, NotNegative, Any),
        (NotPositive, Any, Any, NotPositive),
        (NotPositive, NotPositive, NotPositive, NotPositive),
        (NotPositive, NotNegative, NotNegative, NotPositive),
        (Any, Any, Any, Any),
    ] {
        assert_eq!((of_two(PureFn::Max, a, b), of_two(PureFn::Min, a, b)), (greatest, least), "{a:?} {b:?}");
    }
}

/// What is said of an operator holds for numbers of these signs, whichever they are.
#[test]
fn operators_move_as_they_are_said_to() {
    let numbers = |range: Range| -> Vec<f64> {
        let all = [-3.0, -2.0, -0.5, 0.5, 1.0, 4.0];
        all.into_iter()
            .filter(|x| match range {
                NotNegative => *x >= 0.0,
                NotPositive => *x <= 0.0,
                Any => true,
            })
            .collect()
    };
    let truth = |x: bool| f64::from(u8::from(x));
    let operators: [Operator; 9] = [
        (BinaryOp::Add, |a, b| a + b),
        (BinaryOp::Sub, |a, b| a - b),
        (BinaryOp::Mul, |a, b| a * b),
        (BinaryOp::Div, |a, b| a / b),
        (BinaryOp::SafeDiv, |a, b| a / b),
        (BinaryOp::Pow, f64::powf),
        (BinaryOp::Mod, |a, b| a - b * (a / b).floor()),
        (BinaryOp::Eq, |a, b| f64::from(u8::from(a == b))),
        (BinaryOp::Ne, |a, b| f64::from(u8::from(a != b))),
    ];
    let holds = |sign: Sign, before: f64, after: f64| match sign {
        Sign::Same => after >= before,
        Sign::Opposite => after <= before,
        Sign::Unknown => true,
    };
    let check = |op: BinaryOp, f: &dyn Fn(f64, f64) -> f64| {
        for (a, b) in
            [NotNegative, NotPositive, Any].into_iter().flat_map(|a| [NotNegative, NotPositive, Any].map(|b| (a, b)))
        {
            let (of_a, of_b) = of_operands(op, a, b);
            for (x, y) in numbers(a).into_iter().flat_map(|x| numbers(b).into_iter().map(move |y| (x, y))) {
                let more = |range: Range, than: f64| numbers(range).into_iter().filter(move |&other| other > than);
                // A quotient jumps where its divisor passes 0.
                let is_pole = matches!(op, BinaryOp::Div | BinaryOp::SafeDiv) && b == Any;
                assert!(more(a, x).all(|other| holds(of_a, f(x, y), f(other, y))), "{op:?} {a:?} {b:?}");
                assert!(is_pole || more(b, y).all(|other| holds(of_b, f(x, y), f(x, other))), "{op:?} {a:?} {b:?}");
            }
        }
    };
    operators.iter().for_each(|(op, f)| check(*op, f));
    check(BinaryOp::Lt, &|a, b| truth(a < b));
    check(BinaryOp::Le, &|a, b| truth(a <= b));
    check(BinaryOp::Gt, &|a, b| truth(a > b));
    check(BinaryOp::Ge, &|a, b| truth(a >= b));
    // And where it is known, it is said.
    assert_eq!(of_operands(BinaryOp::Mul, NotPositive, NotNegative), (Sign::Same, Sign::Opposite));
    assert_eq!(of_operands(BinaryOp::Div, NotPositive, NotNegative), (Sign::Same, Sign::Same));
    assert_eq!(of_operands(BinaryOp::Pow, NotNegative, NotPositive), (Sign::Opposite, Sign::Unknown));
    assert_eq!(of_operands(BinaryOp::Ge, Any, Any), (Sign::Same, Sign::Opposite));
    assert_eq!(of_operands(BinaryOp::Le, Any, Any), (Sign::Opposite, Sign::Same));
}

#[test]
fn signs_of_numbers_are_those_of_all_of_them() {
    assert_eq!([Range::of(0.0, 2.0), Range::of(-2.0, 0.0), Range::of(-1.0, 1.0)], [NotNegative, NotPositive, Any]);
    assert_eq!(Range::of_all([1.0, 0.0, 3.0]), NotNegative);
    assert_eq!(Range::of_all([-1.0, 0.0, -3.0]), NotPositive);
    assert_eq!(Range::of_all([1.0, -1.0, 3.0]), Any);
    assert_eq!(Range::of_all([]), Any);
    assert_eq!([NotNegative, NotPositive, Any].map(Range::negated), [NotPositive, NotNegative, Any]);
    assert_eq!(NotPositive.times(NotPositive), NotNegative);
    assert_eq!(NotPositive.times(NotNegative), NotPositive);
    assert_eq!(NotPositive.times(Any), Any);
    assert_eq!((NotPositive.and(NotPositive), NotPositive.and(NotNegative)), (NotPositive, Any));
}

/// A function of one argument, and what it computes.
type Function = (PureFn, fn(f64) -> f64);

#[test]
fn functions_move_as_they_are_said_to() {
    let said = |function| of_argument(function, 0, &[Any]);
    let functions: [Function; 13] = [
        (PureFn::Exp, f64::exp),
        (PureFn::Ln, f64::ln),
        (PureFn::Log10, f64::log10),
        (PureFn::Sqrt, f64::sqrt),
        (PureFn::Arctan, f64::atan),
        (PureFn::Arcsin, f64::asin),
        (PureFn::Arccos, f64::acos),
        (PureFn::Int, f64::floor),
        (PureFn::Trunc, f64::trunc),
        (PureFn::Sign, f64::signum),
        (PureFn::Round, f64::round),
        (PureFn::Sinh, f64::sinh),
        (PureFn::Tanh, f64::tanh),
    ];
    for (function, compute) in functions {
        let values: Vec<f64> = [0.1, 0.3, 0.6, 0.9].map(compute).to_vec();
        let wanted = if function == PureFn::Arccos { Sign::Opposite } else { Sign::Same };
        assert_eq!((said(function), values.is_sorted()), (wanted, wanted == Sign::Same), "{function:?}");
    }
    assert_eq!(said(PureFn::Percent), Sign::Same);
    assert_eq!([PureFn::Sin, PureFn::Cos, PureFn::Tan, PureFn::Cosh, PureFn::Abs].map(said), [Sign::Unknown; 5]);
    let (of_first, of_second) = (
        |function, args: &[Range]| of_argument(function, 0, args),
        |function, args: &[Range]| of_argument(function, 1, args),
    );
    assert_eq!([NotNegative, NotPositive].map(|range| of_first(PureFn::Abs, &[range])), [Sign::Same, Sign::Opposite]);
    for function in [PureFn::Max, PureFn::Min] {
        assert_eq!((of_first(function, &[Any; 2]), of_second(function, &[Any; 2])), (Sign::Same, Sign::Same));
    }
    for function in [PureFn::SafeDiv, PureFn::Xidz] {
        assert_eq!(of_first(function, &[Any, NotPositive]), Sign::Opposite);
        assert_eq!(of_first(function, &[Any]), Sign::Unknown);
        assert_eq!(of_second(function, &[NotNegative, Any]), Sign::Opposite);
        assert_eq!(of_second(function, &[NotPositive, Any]), Sign::Same);
        assert_eq!(of_argument(function, 2, &[NotNegative; 3]), Sign::Unknown);
    }
    for function in [PureFn::Step, PureFn::Ramp] {
        assert_eq!((of_first(function, &[Any; 2]), of_second(function, &[Any; 2])), (Sign::Same, Sign::Unknown));
    }
}

#[test]
fn what_happens_in_every_step_counts_for_more_than_the_start() {
    let (step, start) = (|sign| (sign, false), |sign| (sign, true));
    assert_eq!(join(step(Sign::Same), start(Sign::Opposite)), step(Sign::Same));
    assert_eq!(join(start(Sign::Same), step(Sign::Opposite)), step(Sign::Opposite));
    assert_eq!(join(step(Sign::Same), step(Sign::Same)), step(Sign::Same));
    assert_eq!(join(step(Sign::Same), step(Sign::Opposite)), step(Sign::Unknown));
    assert_eq!(join(start(Sign::Same), start(Sign::Opposite)), start(Sign::Unknown));
    assert_eq!(join(start(Sign::Opposite), start(Sign::Opposite)), start(Sign::Opposite));
}
