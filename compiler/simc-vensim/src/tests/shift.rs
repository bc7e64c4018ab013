//! SHIFT IF TRUE of large arrays, many times.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use simc_model::files::NoFiles;

use crate::neutral::Sources;

/// How many inflows the level has, its rate among them, and what is said of the model first. Reading it takes bounded time.
fn shifts(n_elements: usize, n_calls: usize, size: usize) -> (usize, Option<String>) {
    let mut text = format!("{{UTF-8}}\nAge: (a1-a{n_elements}) ~~|\np[Age] = INTEG(0, 1) ~~|\nc = 1 ~~|\n");
    (0..n_calls).for_each(|n| _ = writeln!(text, "v{n} = SHIFT IF TRUE(p[a1], c, {size}, 0, 0) ~~|"));
    text += "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n";
    let start = Instant::now();
    let mut sources = Sources::new();
    let root = sources.add("m.mdl", &text);
    let (tree, _) = crate::parse(&sources, root);
    let translated = crate::translate(&tree, &mut sources, &NoFiles, Vec::new(), &[]);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let vars = translated.definition.models.iter().flat_map(|model| &model.vars);
    let n_flows = vars.filter(|var| var.name.text == "p").map(|var| var.inflows.len()).sum();
    (n_flows, translated.diagnostics.first().map(|diagnostic| diagnostic.message.clone()))
}

#[test]
fn short_ones_of_a_long_array() {
    assert_eq!(shifts(50_000, 2_000, 2), (2_001, None));
}

#[test]
fn long_ones_are_too_large_together() {
    let (n_flows, message) = shifts(20_000, 200, 20_000);
    assert!(n_flows < 200, "{n_flows}");
    assert_eq!(message.as_deref(), Some("calls of SHIFT IF TRUE make the model too large"));
}
