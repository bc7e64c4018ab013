//! Functions against values that were computed elsewhere, and the special cases that models meet.

extern crate std;

use std::vec::Vec;

use super::Function;

const PRECISE: &str = include_str!("precise.txt");

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
/// The least positive number.
const LEAST: f64 = f64::from_bits(1);

/// How many f64s a result may be from the nearest one to the true value. One means an error below 1.5 ulp. What is composed of
/// several functions adds up their errors.
fn tolerance(function: Function) -> u64 {
    const COMPOSED: [Function; 4] =
        [Function::NormalBetween, Function::FutureValue, Function::PresentValue, Function::Payment];
    const HYPERBOLIC: [Function; 4] = [Function::Sinh, Function::Cosh, Function::Tanh, Function::Arctan2];
    const EXACT: [Function; 6] = [
        Function::Mod,
        Function::Fmod,
        Function::Round,
        Function::Factorial,
        Function::Combinations,
        Function::Permutations,
    ];
    if COMPOSED.contains(&function) {
        64
    } else if [Function::Root, Function::InverseNormal, Function::GammaLn].contains(&function) {
        8
    } else if HYPERBOLIC.contains(&function) {
        2
    } else {
        u64::from(!EXACT.contains(&function))
    }
}

/// Position of a number among all f64s in ascending order.
fn rank(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

/// Calls `f` with the function, arguments and result of each line of the table.
fn for_each_precise(mut f: impl FnMut(Function, &[f64], f64)) {
    for line in PRECISE.lines().filter(|line| !line.starts_with(';')) {
        let mut words = line.split(' ');
        let name = words.next().expect("a line begins with a name");
        let function = Function::ALL.iter().find(|function| function.name() == name).expect("a line names a function");
        let mut numbers: Vec<f64> =
            words.map(|word| f64::from_bits(u64::from_str_radix(word, 16).expect("numbers are hexadecimal"))).collect();
        let result = numbers.pop().expect("a line ends with the result");
        f(*function, &numbers, result);
    }
}

#[test]
fn results_are_near_the_true_values() {
    for_each_precise(|function, args, expected| {
        let actual = function.eval(args);
        assert!(
            rank(actual).abs_diff(rank(expected)) <= tolerance(function),
            "{} {args:?} = {actual:e}, not {expected:e}",
            function.name()
        );
    });
}

#[test]
fn nearly_all_results_are_the_nearest() {
    let (mut exact, mut total) = (0, 0);
    for_each_precise(|function, args, expected| {
        if tolerance(function) <= 1 {
            total += 1;
            exact += u32::from(function.eval(args).to_bits() == expected.to_bits());
        }
    });
    assert!(exact * 100 >= total * 85, "{exact} of {total}");
}

#[test]
fn every_function_that_is_no_draw_has_lines() {
    let is_drawn = |function: Function| function.parameters().first() == Some(&"seed");
    let is_listed = |&&function: &&Function| function != Function::Mod && !is_drawn(function);
    for &function in Function::ALL.iter().filter(is_listed) {
        let mut lines = 0;
        for_each_precise(|named, _, _| lines += u32::from(named == function));
        assert!(lines >= 60, "{} has {lines}", function.name());
    }
}

#[test]
fn names_arities_and_exports_agree() {
    for &function in Function::ALL {
        assert_eq!(function.export().strip_prefix("simc_"), Some(function.name()));
        assert!((1..=Function::MAX_ARITY).contains(&function.arity()), "{}", function.name());
        let args = [0.5; Function::MAX_ARITY];
        function.eval(&args[..function.arity()]);
    }
}

/// Same number, sign of zero included, or both NaN.
#[track_caller]
fn check(function: Function, args: &[f64], expected: f64) {
    let actual = function.eval(args);
    let same = actual.to_bits() == expected.to_bits() || actual.is_nan() && expected.is_nan();
    assert!(same, "{} {args:?} = {actual:e}, not {expected:e}", function.name());
}

#[test]
fn nan_goes_through() {
    const WHERE: usize = 6;
    for &function in Function::ALL {
        // Where a draw is, and its bounds, may be NaN; its parameters may not.
        let is_drawn = function.parameters().first() == Some(&"seed");
        for position in if is_drawn { WHERE } else { 0 }..function.arity() {
            let mut args = [0.5; Function::MAX_ARITY];
            if is_drawn {
                args[4..WHERE].copy_from_slice(&[-INF, INF]);
            }
            args[position] = NAN;
            check(function, &args[..function.arity()], NAN);
        }
    }
}

#[test]
fn exponentials_and_logarithms_have_their_limits() {
    check(Function::Exp, &[0.0], 1.0);
    check(Function::Exp, &[-0.0], 1.0);
    check(Function::Exp, &[LEAST], 1.0);
    check(Function::Exp, &[INF], INF);
    check(Function::Exp, &[-INF], 0.0);
    check(Function::Exp, &[709.79], INF);
    check(Function::Exp, &[-745.14], 0.0);
    for function in [Function::Ln, Function::Log10] {
        check(function, &[1.0], 0.0);
        check(function, &[0.0], -INF);
        check(function, &[-0.0], -INF);
        check(function, &[INF], INF);
        check(function, &[-1.0], NAN);
        check(function, &[-LEAST], NAN);
        check(function, &[-INF], NAN);
    }
    check(Function::Log10, &[1000.0], 3.0);
    check(Function::Log10, &[1e22], 22.0);
}

#[test]
fn trigonometry_keeps_signs_and_domains() {
    for function in [Function::Sin, Function::Tan, Function::Arcsin, Function::Arctan] {
        check(function, &[0.0], 0.0);
        check(function, &[-0.0], -0.0);
        check(function, &[LEAST], LEAST);
        check(function, &[-LEAST], -LEAST);
    }
    check(Function::Cos, &[-0.0], 1.0);
    check(Function::Cos, &[LEAST], 1.0);
    for function in [Function::Sin, Function::Cos, Function::Tan] {
        check(function, &[INF], NAN);
        check(function, &[-INF], NAN);
    }
    for function in [Function::Arcsin, Function::Arccos] {
        check(function, &[1.0f64.next_up()], NAN);
        check(function, &[-INF], NAN);
    }
    check(Function::Arccos, &[1.0], 0.0);
    check(Function::Arctan, &[INF], core::f64::consts::FRAC_PI_2);
    check(Function::Arctan, &[-INF], -core::f64::consts::FRAC_PI_2);
}

#[test]
fn powers_follow_ieee_754() {
    let pow = |a: f64, b: f64, expected: f64| check(Function::Pow, &[a, b], expected);
    for a in [NAN, 0.0, -0.0, INF, -INF, -2.5] {
        pow(a, 0.0, 1.0);
        pow(a, -0.0, 1.0);
    }
    for b in [NAN, INF, -INF, 0.5] {
        pow(1.0, b, 1.0);
    }
    pow(-1.0, INF, 1.0);
    pow(-1.0, -INF, 1.0);
    pow(0.0, 3.0, 0.0);
    pow(-0.0, 3.0, -0.0);
    pow(-0.0, 2.0, 0.0);
    pow(-0.0, 0.5, 0.0);
    pow(0.0, -3.0, INF);
    pow(-0.0, -3.0, -INF);
    pow(-0.0, -2.0, INF);
    pow(0.0, -INF, INF);
    pow(0.5, INF, 0.0);
    pow(0.5, -INF, INF);
    pow(-2.0, INF, INF);
    pow(-2.0, -INF, 0.0);
    pow(INF, 0.5, INF);
    pow(INF, -0.5, 0.0);
    pow(-INF, 3.0, -INF);
    pow(-INF, 2.0, INF);
    pow(-INF, -3.0, -0.0);
    pow(-8.0, 1.0 / 3.0, NAN);
    pow(-2.0, 3.0, -8.0);
    pow(10.0, 308.3, INF);
    pow(2.0, -1074.0, LEAST);
    pow(2.0, -1076.0, 0.0);
}

#[test]
fn powers_with_whole_results_are_exact() {
    for a in 1..=20u32 {
        for b in 0..=11u32 {
            check(Function::Pow, &[f64::from(a), f64::from(b)], u64::from(a).pow(b) as f64);
        }
    }
}

#[test]
fn mod_takes_the_sign_of_the_divisor() {
    let modulo = |a: f64, b: f64, expected: f64| check(Function::Mod, &[a, b], expected);
    modulo(5.0, 3.0, 2.0);
    modulo(5.0, -3.0, -1.0);
    modulo(-5.0, 3.0, 1.0);
    modulo(-5.0, -3.0, -2.0);
    modulo(6.0, 3.0, 0.0);
    modulo(5.5, 0.25, 0.0);
    modulo(1.0, 0.0, NAN);
    modulo(INF, 3.0, NAN);
    modulo(5.0, INF, NAN);
    modulo(-5.0, INF, NAN);
    modulo(LEAST, 2.0, LEAST);
    modulo(-0.25, 1.0, 0.75);
}

#[test]
fn fmod_takes_the_sign_of_the_dividend() {
    let fmod = |a: f64, b: f64, expected: f64| check(Function::Fmod, &[a, b], expected);
    fmod(5.0, -3.0, 2.0);
    fmod(-5.0, 3.0, -2.0);
    fmod(-6.0, 3.0, -0.0);
    fmod(5.0, INF, 5.0);
    fmod(INF, 3.0, NAN);
    fmod(1.0, 0.0, NAN);
    fmod(f64::MAX, LEAST, 0.0);
}
