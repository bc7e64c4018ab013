//! Which passes run at which level, in which order. Every level computes the same bits.

use std::fmt;

use simc_ir::module::Module;
use simc_ir::verify::verify;

use crate::pass::{Pass, PassCx};
use crate::passes::{
    bound_rings, carry_spills, compact, fold_constants, fuse_loops, hoist_invariants, join_shifts, lift_invariants,
    number_values, remove_dead, specialise_tables, split_functions, unroll_loops,
};

/// How much work goes into the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum OptLevel {
    /// As lowered, cut into functions that engines accept.
    O0,
    /// What is cheap: constants and dead code.
    O1,
    /// Everything.
    #[default]
    O2,
    /// Everything; later stages may trade size for speed.
    O3,
    /// Everything; later stages may trade speed for size.
    Os,
}

/// Rounds of simplification. Each pass finds all that it can in one walk; what one leaves to the others is rarely worth a third round.
const MAX_ROUNDS: usize = 3;

/// Passes that run once, after the others, and before the functions are split.
const FINISH: &[Pass] = &[specialise_tables::PASS, bound_rings::PASS, compact::PASS];

/// Optimises a module in place, for functions of the usual size. `observe` sees it after every pass that ran, with the pass's name.
///
/// # Panics
/// In debug builds when the module, or what a pass makes of it, breaks the rules of the IR: a bug that the message names.
pub fn optimise(module: &mut Module, level: OptLevel, observe: &mut dyn FnMut(&str, &Module)) {
    optimise_within(module, level, PassCx::default(), observe);
}

/// The same, for an artifact of which something is known.
///
/// # Panics
/// As [`optimise`].
pub fn optimise_within(module: &mut Module, level: OptLevel, cx: PassCx, observe: &mut dyn FnMut(&str, &Module)) {
    check("lower", module);
    let mut run = |pass: &Pass, module: &mut Module| {
        let changed = (pass.run)(module, &cx);
        check(pass.name, module);
        observe(pass.name, module);
        changed
    };
    match level {
        OptLevel::O0 => {}
        OptLevel::O1 => {
            for pass in [fold_constants::PASS, remove_dead::PASS, compact::PASS] {
                run(&pass, module);
            }
        }
        OptLevel::O2 | OptLevel::O3 | OptLevel::Os => {
            simplify(module, &mut run);
            let has_lifted = run(&lift_invariants::PASS, module);
            if run(&hoist_invariants::PASS, module) || has_lifted {
                simplify(module, &mut run);
            }
            if run(&join_shifts::PASS, module) {
                run(&remove_dead::PASS, module);
            }
            if run(&fuse_loops::PASS, module) {
                simplify(module, &mut run);
            }
            if run(&carry_spills::PASS, module) {
                simplify(module, &mut run);
            }
            if level != OptLevel::Os && !cx.simd && run(&unroll_loops::PASS, module) {
                simplify(module, &mut run);
            }
            for pass in FINISH {
                run(pass, module);
            }
        }
    }
    run(&split_functions::PASS, module);
}

/// Folds, numbers and removes until there is nothing to fold: numbering can make two operands one, and that can be folded, but
/// nothing else makes work for numbering and removing.
fn simplify(module: &mut Module, run: &mut impl FnMut(&Pass, &mut Module) -> bool) {
    for round in 0..MAX_ROUNDS {
        let folded = run(&fold_constants::PASS, module);
        if !folded && round > 0 {
            return;
        }
        run(&number_values::PASS, module);
        run(&remove_dead::PASS, module);
    }
}

fn check(pass: &str, module: &Module) {
    if cfg!(debug_assertions)
        && let Err(errors) = verify(module)
    {
        panic!("{pass} breaks the rules of the IR: {errors}");
    }
}

impl fmt::Display for OptLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OptLevel::O0 => "O0",
            OptLevel::O1 => "O1",
            OptLevel::O2 => "O2",
            OptLevel::O3 => "O3",
            OptLevel::Os => "Os",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes;

    #[test]
    fn every_level_splits_last_and_shows_each_pass_to_the_observer() {
        for level in [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::O3, OptLevel::Os] {
            let mut seen = Vec::new();
            let mut module = simc_ir::text::parse_module(EMPTY).expect("the text is a module");
            optimise(&mut module, level, &mut |name, _| seen.push(name.to_owned()));
            assert_eq!(seen.last().map(String::as_str), Some("split_functions"));
            assert!(seen.iter().all(|name| passes::find(name).is_some()), "{seen:?}");
        }
    }

    #[test]
    #[should_panic(expected = "lower breaks the rules of the IR")]
    #[cfg(debug_assertions)]
    fn a_broken_module_is_named_at_once() {
        optimise(&mut Module::default(), OptLevel::O0, &mut |_, _| ());
    }

    #[test]
    fn passes_are_listed_once_by_name() {
        assert!(passes::ALL.is_sorted_by(|a, b| a.name < b.name));
    }

    const EMPTY: &str = "\
module {
    time start=0.0 stop=1.0 dt=1.0 steps=1 save_every=1 method=euler
    slots {
        s0: time ; time
        s1: dt ; dt
        s2: start ; initial_time
        s3: stop ; final_time
    }
}
";
}
