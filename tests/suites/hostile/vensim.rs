//! Models in Vensim's format that are a few lines long and would become enormous.

use std::fmt::Write as _;

use libtest_mimic::Trial;

use super::sandbox::Sandbox;
use crate::trial;

/// A model that is refused, and in which words.
type Bad = (&'static str, fn() -> String, &'static str);

const BAD: &[Bad] = &[
    ("sequences_without_end", sequences, "error[E0703]"),
    ("second_names_without_end", second_names, "error[E0703]"),
    ("a_mapping_without_end", || mapped("(b1-b4000000000)"), "error[E0703]"),
    ("a_mapping_to_much", || mapped(&vec!["B"; 2000].join(",")), "error[E0703]"),
    ("exceptions_in_many_arrays", exceptions, "error[E0312]"),
    (
        "a_hundred_thousand_subscripts",
        || format!("D:d1,d2~~|\nx[{}]=1~~|\n", vec!["D"; 100_000].join(",")),
        "error[E0702]",
    ),
    ("ranges_in_a_cycle", || "A: B~~|\nB: A~~|\nx[A]=1~~|\n".to_owned(), "contains itself"),
    (
        "macros_in_a_cycle",
        || ":MACRO: M(a)\nM=N(a)~~|\n:END OF MACRO:\n:MACRO: N(a)\nN=M(a)~~|\n:END OF MACRO:\nx=M(1)~~|\n".to_owned(),
        "error[E0930]",
    ),
    ("names_that_collide", || "Foo Bar=1~~|\nfoo_bar=2~~|\n".to_owned(), "error[E0203]"),
    ("a_step_of_zero", || "TIME STEP=0~~|\n".to_owned(), "error[E0504]"),
    ("equations_that_overlap", overlapping, "error[E0305]"),
    ("a_file_that_is_missing", || "x = GET DIRECT CONSTANTS('no.csv', ',', 'A1')~~|\n".to_owned(), "error[E0133]"),
    ("a_run_that_is_missing", || "x := GET VDF DATA('no.vdf', 'y', 0, 1)~~|\n".to_owned(), "error[E0133]"),
    ("parentheses_without_end", || format!("x = {}1~~|\n", "(".repeat(100_000)), "error[E0126]"),
    ("comments_without_end", || format!("{}x = 1~~|\n", "{".repeat(100_000)), "error[E0123]"),
    ("sums_over_nothing", || "D:d1,d2~~|\na[D]=1~~|\nx=SUM(a[D])~~|\n".to_owned(), "error[E0309]"),
    ("half_a_definition", || "x = INTEG(1,".to_owned(), "error[E0701]"),
];

pub(super) fn trials() -> Vec<Trial> {
    BAD.iter().map(|case| trial(format!("hostile::vensim::{}", case.0), || is_refused(case))).collect()
}

fn is_refused((_, text, says): &Bad) -> Result<(), String> {
    let sandbox = Sandbox::new()?;
    let text = text();
    let step = if text.contains("TIME STEP") { "" } else { "TIME STEP=1~~|\n" };
    let times = format!("INITIAL TIME=0~~|\nFINAL TIME=2~~|\nSAVEPER=1~~|\n{step}");
    sandbox.write("model.mdl", format!("{{UTF-8}}\n{times}{text}").as_bytes())?;
    for arguments in [&["check", "model.mdl"][..], &["build", "model.mdl", "-o", "out.wasm"]] {
        let outcome = sandbox.simc(arguments)?;
        outcome.is_refused(1, says)?;
        if let Some(tag) =
            ["<elem", "<dim", "<eqn", "<stock", "<aux", "XMILE"].iter().find(|tag| outcome.stderr.contains(**tag))
        {
            return Err(format!("a message speaks of `{tag}`: {}", outcome.stderr));
        }
    }
    Ok(())
}

fn sequences() -> String {
    let items: Vec<String> = (0..200).map(|i| format!("(p{i}x1-p{i}x900000)")).collect();
    format!("A: {}~~|\nx=1~~|\n", items.join(","))
}

fn second_names() -> String {
    (0..1000).fold("A:(a1-a100000)~~|\nx=1~~|\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "B{i}<->A~~|");
        text
    })
}

fn mapped(items: &str) -> String {
    format!("A:(a1-a10000)->(B:{items})~~|\nB:(b1-b10000)~~|\nx=1~~|\n")
}

fn overlapping() -> String {
    (1..50).fold("D:(d1-d50)~~|\nx[D]=1~~|\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "x[d{i}]=2~~|");
        text
    })
}

fn exceptions() -> String {
    (1..40).fold("A:(a1-a1000)~~|\nB:(b1-b1000)~~|\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "x{i}[A,B]:EXCEPT:[a1,b{i}]=1~~|");
        text
    })
}
