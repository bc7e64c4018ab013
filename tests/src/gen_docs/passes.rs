//! Passes of the optimiser, and what runs at each level: the latter by watching it.

use std::collections::BTreeMap;

use simc_ir::text::parse_module;
use simc_midend::passes;
use simc_midend::pipeline::{OptLevel, optimise};

use super::{cell, table};

/// A module on which every pass has something to do at every level where it runs.
const SAMPLE: &str = "\
module {
    time start=0.0 stop=1.0 dt=1.0 steps=1 save_every=1 method=euler
    slots {
        s0: time ; time
        s1: dt ; dt
        s2: start ; initial_time
        s3: stop ; final_time
        s4: output ; sum
        s5: run ; constant
    }
    params {
        p0: s5 = 1.0 ; constant
    }
}

func prepare {
block0:
    v0 = param p0
    store s5, v0
}

func row {
block0:
    v0 = load s5
    v1 = fadd v0, v0
    v2 = fadd v1, v0
    v3 = time
    v4 = fadd v2, v3
    out s4, v4
}
";

/// A row for each pass, by name.
pub(super) fn passes() -> String {
    let mut levels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for level in [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::O3, OptLevel::Os] {
        let mut module = parse_module(SAMPLE).expect("the sample is a module");
        optimise(&mut module, level, &mut |pass, _| {
            let seen = levels.entry(pass.to_owned()).or_default();
            if seen.last().is_none_or(|last| *last != level.to_string()) {
                seen.push(level.to_string());
            }
        });
    }
    let rows = passes::ALL.iter().map(|pass| {
        let levels = levels.get(pass.name).map_or(String::new(), |levels| levels.join(" "));
        vec![format!("`{}`", pass.name), cell(pass.about), levels]
    });
    table(&["pass", "what it does", "runs at"], rows)
}
