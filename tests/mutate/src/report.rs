//! Counts what became of the mutants.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::campaign::{Fate, Results};
use crate::expect::Entry;
use crate::site::Mutation;

/// Numbers of mutants.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    killed: usize,
    timed_out: usize,
    survived: usize,
    not_covered: usize,
    equivalent: usize,
}

impl Count {
    fn add(&mut self, fate: &Fate, is_equivalent: bool) {
        let number = match fate {
            Fate::Killed(_) => &mut self.killed,
            Fate::TimedOut => &mut self.timed_out,
            _ if is_equivalent => &mut self.equivalent,
            Fate::Survived => &mut self.survived,
            Fate::NotCovered => &mut self.not_covered,
        };
        *number += 1;
    }

    /// Of those that a test could notice, how many are, in per cent.
    fn per_cent(&self) -> f64 {
        let noticed = self.killed + self.timed_out;
        let all = noticed + self.survived + self.not_covered;
        if all == 0 { 100.0 } else { 100.0 * noticed as f64 / all as f64 }
    }

    fn row(&self, name: &str) -> String {
        let Self { killed, timed_out, survived, not_covered, equivalent } = self;
        format!(
            "{name:<60} {:5.1} % {killed:6} killed {timed_out:4} timed out {survived:5} survived \
             {not_covered:5} not covered {equivalent:4} equivalent\n",
            self.per_cent()
        )
    }
}

/// The report: a row for each crate, kind and file, and every mutant that nothing notices. Also the lowest figure of a crate.
pub(crate) fn report(mutations: &[Mutation], results: &Results, expected: &[Entry]) -> (String, f64) {
    let mut crates: BTreeMap<&str, Count> = BTreeMap::new();
    let mut kinds: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    let mut files: BTreeMap<&str, Count> = BTreeMap::new();
    let mut unnoticed = Vec::new();
    let mut equivalent = Vec::new();
    for mutation in mutations {
        let Some(fate) = results.fate(mutation) else { continue };
        let entry = expected.iter().find(|entry| entry.holds(mutation));
        let is_equivalent = entry.is_some();
        crates.entry(&mutation.package).or_default().add(&fate, is_equivalent);
        kinds.entry((&mutation.package, mutation.kind.name())).or_default().add(&fate, is_equivalent);
        files.entry(&mutation.file).or_default().add(&fate, is_equivalent);
        if fate.is_noticed() {
            continue;
        }
        let how = if fate == Fate::NotCovered { "not covered" } else { "survived" };
        match entry {
            Some(entry) => equivalent.push(format!("{}: {}", mutation.key(), entry.reason)),
            None => unnoticed.push(format!("{} [{}] {how}", mutation.key(), mutation.function)),
        }
    }
    let mut out = String::from("Mutants by crate\n");
    crates.iter().for_each(|(name, count)| out.push_str(&count.row(name)));
    out.push_str("\nBy kind\n");
    kinds.iter().for_each(|((package, kind), count)| out.push_str(&count.row(&format!("{package} {kind}"))));
    out.push_str("\nBy file\n");
    files.iter().for_each(|(name, count)| out.push_str(&count.row(name)));
    for (title, mut lines) in [("Unnoticed", unnoticed), ("Equivalent", equivalent)] {
        lines.sort();
        // A string takes everything.
        let _ = write!(out, "\n{title}: {}\n", lines.len());
        lines.iter().for_each(|line| out.push_str(&format!("{line}\n")));
    }
    let lowest = crates.values().map(Count::per_cent).fold(100.0, f64::min);
    (out, lowest)
}
