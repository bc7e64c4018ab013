//! Exponentials, logarithms and powers of the kernel against series of 100 bits: all over their domains and where they are hard.

use kernel::function::Function;
use libtest_mimic::Trial;
use tests::reference::{self, Scaled};

use crate::trial;

/// The largest errors in units of the last place, as `docs/semantics.md` gives them.
const EXP: f64 = 0.53;
const LN: f64 = 0.53;
/// The largest of a logarithm of a number nearer to 1 than 2^-24, whose last bits are a sum of their own.
const LN_NEAR_ONE: f64 = 0.77;
const POW: f64 = 0.55;
/// The largest of a subnormal result, which is rounded twice.
const SUBNORMAL: f64 = 0.80;

/// Points of each range.
const POINTS: u32 = 4000;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("functions::the_series_round_to_known_values", the_series_round_to_known_values),
        trial("functions::exp_is_near_the_series", exp_is_near_the_series),
        trial("functions::ln_is_near_the_series", ln_is_near_the_series),
        trial("functions::pow_is_near_the_series", pow_is_near_the_series),
        trial("functions::squares_and_inverses_are_those_of_arithmetic", squares_and_inverses_are_those_of_arithmetic),
        trial("functions::exact_powers_are_exact", exact_powers_are_exact),
    ]
}

/// Numbers between two bounds, evenly, the same in each run.
fn between(low: f64, high: f64) -> impl Iterator<Item = f64> {
    (0..POINTS).map(move |i| low + (high - low) * (f64::from(i) * 0.618_033_988_749_894_9).fract())
}

/// Whether a result is as near to the truth as promised.
fn check(what: &str, found: f64, truth: impl Into<Scaled>, limit: f64) -> Result<(), String> {
    let error = reference::ulps(found, truth);
    let limit = if found.is_normal() { limit } else { SUBNORMAL };
    if error <= limit { Ok(()) } else { Err(format!("{what} = {found:e} is wrong by {error} ulp")) }
}

/// Values that were computed with mpmath.
fn the_series_round_to_known_values() -> Result<(), String> {
    let known = include_str!("../../runtime-shim/kernel/src/function/precise.txt");
    let mut seen = 0;
    for line in known.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, args @ .., result] = words.as_slice() else { continue };
        let number = |word: &str| u64::from_str_radix(word, 16).map(f64::from_bits).map_err(|error| error.to_string());
        let args = || args.iter().map(|word| number(word)).collect::<Result<Vec<f64>, String>>();
        let truth = match *name {
            "exp" => reference::exp(args()?[0].into()),
            "ln" if args()?[0] > 0.0 => reference::ln(args()?[0]).into(),
            "pow" if args()?[0] > 0.0 => reference::pow(args()?[0], args()?[1]),
            _ => continue,
        };
        let result = number(result)?;
        if result == 0.0 || result.is_infinite() {
            continue;
        }
        seen += 1;
        let error = reference::ulps(result, truth);
        // Both the series and the table round somewhere.
        if error > 0.500_001 {
            return Err(format!("{line}: the series is {error} ulp away"));
        }
    }
    if seen > 200 { Ok(()) } else { Err(format!("only {seen} known values")) }
}

fn exp_is_near_the_series() -> Result<(), String> {
    for (low, high) in [(-1e-9, 1e-9), (-0.01, 0.01), (-1.0, 1.0), (-30.0, 30.0), (-745.0, -700.0), (690.0, 709.78)] {
        for x in between(low, high) {
            check(&format!("exp({x:?})"), Function::Exp.eval(&[x]), reference::exp(x.into()), EXP)?;
        }
    }
    Ok(())
}

fn ln_is_near_the_series() -> Result<(), String> {
    let near_one = between(-40.0, -2.0).flat_map(|size| [1.0 + size.exp2(), 1.0 - size.exp2()]);
    let all = between(-1074.0, 1024.0).map(f64::exp2).filter(|x| x.is_finite() && *x > 0.0);
    for x in between(0.9, 1.1).chain(between(0.5, 2.0)).chain(near_one).chain(all).filter(|&x| x != 1.0) {
        let limit = if (x - 1.0).abs() < 2.0_f64.powi(-24) { LN_NEAR_ONE } else { LN };
        check(&format!("ln({x:?})"), Function::Ln.eval(&[x]), reference::ln(x), limit)?;
    }
    Ok(())
}

fn pow_is_near_the_series() -> Result<(), String> {
    let check =
        |a: f64, b: f64| check(&format!("{a:?} ^ {b:?}"), Function::Pow.eval(&[a, b]), reference::pow(a, b), POW);
    for (i, a) in between(-10.0, 10.0).map(f64::exp2).enumerate() {
        check(a, (i as f64 * 0.754_877_666_246_693).fract() * 40.0 - 20.0)?;
    }
    // Results all over the range, of bases near 1 and far from it.
    for (i, power) in between(-740.0, 709.0).enumerate() {
        for a in [1.0 + f64::from(1 << (i % 20)) * 1e-12, 0.7 + 0.000_2 * i as f64, 1e-300, 5e-310, 3e200] {
            // No power of 1 is anything else.
            if a != 1.0 {
                check(a, power / a.ln())?;
            }
        }
    }
    for a in between(0.0, 1e4) {
        for b in [0.5, 1.5, -0.5, 3.0, 4.0, -2.0, 1.0 / 3.0, 0.7] {
            if a > 0.0 {
                check(a, b)?;
            }
        }
    }
    Ok(())
}

/// What the compiler writes for these exponents.
fn squares_and_inverses_are_those_of_arithmetic() -> Result<(), String> {
    for a in between(-1074.0, 1023.0).map(f64::exp2).flat_map(|a| [a, a * 1.1, a * 1.9]) {
        for a in [a, -a] {
            let cases = [(0.0, 1.0), (1.0, a), (2.0, a * a), (-1.0, 1.0 / a)];
            for (b, expected) in cases.into_iter().chain((a > 0.0).then_some((0.5, a.sqrt()))) {
                let found = Function::Pow.eval(&[a, b]);
                if found.to_bits() != expected.to_bits() {
                    return Err(format!("{a:?} ^ {b:?} = {found:?}, not {expected:?}"));
                }
            }
        }
    }
    Ok(())
}

/// Whole powers that an f64 holds, and roots of them.
fn exact_powers_are_exact() -> Result<(), String> {
    for a in 2_u64..2000 {
        for (b, power) in
            (1_u32..).map_while(|b| a.checked_pow(b).filter(|power| *power < 1 << 53).map(|power| (b, power)))
        {
            let (a, b, power) = (a as f64, f64::from(b), power as f64);
            let negative = if b % 2.0 == 0.0 { power } else { -power };
            for (a, expected) in [(a, power), (-a, negative)] {
                let found = Function::Pow.eval(&[a, b]);
                if found != expected {
                    return Err(format!("{a} ^ {b} = {found}, not {expected}"));
                }
            }
        }
    }
    for exponent in -1074..1024_i32 {
        let (found, expected) = (Function::Pow.eval(&[2.0, f64::from(exponent)]), f64::from(exponent).exp2());
        if found != expected {
            return Err(format!("2 ^ {exponent} = {found:e}"));
        }
    }
    Ok(())
}
