//! Equations of a Vensim model for elements that are not side by side: one copy of each, however many runs of neighbours there are,
//! and the same bits as where the same elements are listed side by side.

use std::fmt::Write;

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::engine::Op;
use tests::inspect::code_bytes;
use tests::subject::Subject;

use crate::metamorphic::columns;
use crate::trial;

/// Elements of the range.
const ELEMENTS: usize = 200;

/// What holds for parts of the range: each kind of variable, several ranges on a left side, exceptions.
const EQUATIONS: &str = "Third: t1, t2, t3 ~~|
base[All] = number[All]*0.5 + SIN(number[All]) ~~|
weight[Third] = Third ~~|
x[Odd] = base[Odd]*2 + Time*s[Odd] + SQRT(base[Odd]^2) + MIN(s[Odd], MAX(base[Odd], 3)) ~~|
x[Even] = base[Even]*3 - EXP(-s[Even]) + IF THEN ELSE(base[Even] > 5, s[Even], Time) ~~|
s[Odd] = INTEG(x[Odd]*0.01 - s[Odd]*0.1, base[Odd]) ~~|
s[Even] = INTEG(x[Even]*0.02, 1) ~~|
y[All, Third] :EXCEPT: [Odd, t2] = x[All]*weight[Third] ~~|
y[Odd, t2] = SMOOTH(x[Odd], 3) ~~|
mixed[Odd] = 7 ~~|
mixed[Even] = x[Even] - Time ~~|
curved[Odd] = WITH LOOKUP(x[Odd], ((0,0),(50,9),(100,4))) ~~|
curved[Even] = DELAY FIXED(x[Even], 2, 0) ~~|
plus[Odd2] = x[Odd2] + 1 ~~|
Odd2 <-> Odd ~~|
each[All] = x[All] + curved[All] ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 6 ~~|
TIME STEP = 0.5 ~~|
SAVEPER = 1 ~~|
";

/// The model whose elements change between the parts that many times; the range lists those of a part side by side, or not.
fn model(n_runs: usize, is_side_by_side: bool) -> String {
    let length = ELEMENTS / n_runs;
    let names = |numbers: &[usize]| numbers.iter().map(|n| format!("e{n}")).collect::<Vec<_>>().join(", ");
    let (odd, even): (Vec<usize>, Vec<usize>) = (1..=ELEMENTS).partition(|n| ((n - 1) / length).is_multiple_of(2));
    let all: Vec<usize> = if is_side_by_side { [odd.as_slice(), &even].concat() } else { (1..=ELEMENTS).collect() };
    let mut text =
        format!("{{UTF-8}}\nAll: {} ~~|\nOdd: {} ~~|\nEven: {} ~~|\n", names(&all), names(&odd), names(&even));
    let numbers: Vec<String> = all.iter().map(ToString::to_string).collect();
    let _ = writeln!(text, "number[All] = {} ~~|", numbers.join(", "));
    text + EQUATIONS
}

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("limits::scattered_elements_take_no_more_code", sizes),
        trial("limits::scattered_elements_have_the_same_values", values),
    ]
}

fn sizes() -> Result<(), String> {
    let mut sizes = Vec::new();
    for n_runs in [50, 100, 200] {
        let subject = Subject::from_xmile("scattered.mdl", &model(n_runs, false), OptLevel::O2)?;
        engines_agree(&subject, &[Op::RunTo(2.5), Op::Run], V8::With)?;
        sizes.push(code_bytes(&subject.wasm));
    }
    let together = Subject::from_xmile("together.mdl", &model(200, true), OptLevel::O2)?;
    let least = code_bytes(&together.wasm);
    // The array with constants among its elements reads the other one in a loop for each run.
    match sizes.iter().max() {
        Some(&most) if most > 3 * least => {
            Err(format!("{sizes:?} bytes of code for more and more runs, and {least} for two"))
        }
        _ => Ok(()),
    }
}

fn values() -> Result<(), String> {
    for n_runs in [20, 200] {
        let [scattered, together] =
            [false, true].map(|is_side_by_side| columns("scattered.mdl", &model(n_runs, is_side_by_side)));
        for (scattered, together) in scattered?.iter().zip(&together?) {
            for (title, bits) in scattered {
                if together.iter().find(|(other, _)| other == title).map(|(_, bits)| bits) != Some(bits) {
                    return Err(format!("`{title}` is something else when its neighbours are others"));
                }
            }
        }
    }
    Ok(())
}
