//! Equations between units, some of which are unknown: which units follow, and what contradicts what.
//!
//! First everything is resolved that follows from a single row at a time; what hangs together more closely is eliminated after that,
//! within a budget that grows with the rows. Nothing follows from a row that contradicts others, nor from what such a row was
//! told by: one mistake is reported once.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::units::exponent::Exponent;
use crate::units::product::{Symbol, Unit};

/// What follows from more unknowns than this is not followed any further.
const MAX_STEPS: usize = 256;

/// Two units that must be the same.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is wanted.
    pub expected: Unit,
    /// What there is.
    pub found: Unit,
    /// Rows with the same number come from one equation; at most one of them is reported to be at fault.
    pub equation: u32,
    /// The unknown that this row defines; it is resolved by this row rather than by others.
    pub defines: Option<u32>,
}

/// A row that does not hold.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// The row.
    pub row: usize,
    /// What is wanted, as far as it is known.
    pub expected: Unit,
    /// What there is, as far as it is known.
    pub found: Unit,
    /// Unknowns that were resolved before, each with the row that resolved it.
    pub because: Vec<(u32, usize)>,
}

/// Solves the rows for unknowns numbered below `n`; gives contradictions in the order of their rows.
pub fn solve(n: usize, rows: &[Row]) -> Vec<Contradiction> {
    let mut solver = Solver {
        rows,
        solutions: vec![None; n],
        clusters: (0..n as u32).collect(),
        is_tainted: vec![false; n],
        refused: BTreeSet::new(),
        budget: (1 << 16) + rows.len() * 64,
        contradictions: Vec::new(),
    };
    let open = solver.propagate();
    solver.eliminate(&open);
    solver.contradictions.sort_by_key(|contradiction| contradiction.row);
    solver.contradictions
}

/// What an unknown is, and the row that says so.
#[derive(Clone)]
struct Solution {
    unit: Unit,
    row: usize,
}

struct Solver<'r> {
    rows: &'r [Row],
    /// Units of resolved unknowns. Those from elimination may hold unknowns that were open at the time.
    solutions: Vec<Option<Solution>>,
    /// Unknowns that were resolved by one another, as a forest; a root is its own parent.
    clusters: Vec<u32>,
    /// At the root of a cluster: whether it takes part in a contradiction.
    is_tainted: Vec<bool>,
    /// Equations with a contradiction.
    refused: BTreeSet<u32>,
    /// How many more factors elimination may look at.
    budget: usize,
    contradictions: Vec<Contradiction>,
}

impl Solver<'_> {
    /// Settles what follows from one row at a time. Gives the rows that are left with two or more unknowns.
    fn propagate(&mut self) -> Vec<usize> {
        let rows = self.rows;
        let forms: Vec<Option<Unit>> = rows.iter().map(|row| row.found.per(&row.expected)).collect();
        let mut uses = vec![Vec::new(); self.solutions.len()];
        let mut n_open = vec![0_usize; rows.len()];
        let mut queue = BinaryHeap::new();
        for (index, form) in forms.iter().enumerate() {
            let Some(form) = form else { continue };
            for (unknown, _) in form.unknowns() {
                uses[unknown as usize].push(index);
                n_open[index] += 1;
            }
            let unknown = form.unknowns().next().map(|(unknown, _)| unknown);
            if n_open[index] < 2 {
                queue.push(Reverse((urgency(&rows[index], unknown), index)));
            }
        }
        while let Some(Reverse((_, index))) = queue.pop() {
            let Some(form) = &forms[index] else { continue };
            let Some((form, told_by)) = self.substitute(form) else { continue };
            let mut unknowns = form.unknowns();
            match (unknowns.next(), unknowns.next()) {
                (None, _) => self.check(index, &form, &told_by),
                (Some((unknown, exponent)), None) => {
                    if !self.resolve(index, &form, (unknown, exponent), &told_by) {
                        continue;
                    }
                    for &user in &uses[unknown as usize] {
                        n_open[user] -= 1;
                        let open = forms[user].iter().flat_map(Unit::unknowns).map(|(unknown, _)| unknown);
                        let last = open.into_iter().find(|&unknown| self.solutions[unknown as usize].is_none());
                        if user != index && n_open[user] < 2 {
                            queue.push(Reverse((urgency(&rows[user], last), user)));
                        }
                    }
                }
                (Some(_), Some(_)) => {}
            }
        }
        (0..rows.len()).filter(|&index| n_open[index] >= 2).collect()
    }

    /// Solves row after row for one of its unknowns, which may leave others in its place.
    fn eliminate(&mut self, open: &[usize]) {
        for &index in open {
            let row = &self.rows[index];
            let Some(form) = row.found.per(&row.expected) else { continue };
            let Some((form, told_by)) = self.substitute_all(form) else { continue };
            // The unknown that leaves no fractions, and of these the last.
            let is_plain = |exponent: Exponent| exponent == Exponent::ONE || exponent == Exponent::MINUS_ONE;
            let pivot = form.unknowns().max_by_key(|&(unknown, exponent)| (is_plain(exponent), unknown));
            match pivot {
                Some(pivot) => {
                    self.resolve(index, &form, pivot, &told_by);
                }
                None => self.check(index, &form, &told_by),
            }
        }
    }

    /// Settles an unknown so that the form becomes 1.
    fn resolve(&mut self, row: usize, form: &Unit, (unknown, exponent): (u32, Exponent), told_by: &[u32]) -> bool {
        let is_spoilt = self.refused.contains(&self.rows[row].equation);
        if is_spoilt {
            return false;
        }
        for (other, _) in form.unknowns() {
            self.join(unknown, other);
        }
        for &other in told_by {
            self.join(unknown, other);
        }
        let solved = || {
            let rest = form.per(&Unit::of(Symbol::Unknown(unknown)).power(exponent)?)?;
            rest.power(exponent.negated().inverse()?)
        };
        match solved().filter(|_| !self.is_tainted(unknown)) {
            Some(unit) => {
                self.solutions[unknown as usize] = Some(Solution { unit, row });
                true
            }
            None => {
                self.taint(unknown);
                false
            }
        }
    }

    /// Reports a row without unknowns that does not hold, unless it may follow from another one that was reported.
    fn check(&mut self, index: usize, form: &Unit, told_by: &[u32]) {
        let row = &self.rows[index];
        let is_told = told_by.iter().any(|&unknown| self.is_tainted(unknown)) || self.refused.contains(&row.equation);
        if form.is_one() || is_told {
            return;
        }
        let sides = [&row.expected, &row.found].map(|unit| self.substitute_all(unit.clone()));
        let [Some((expected, _)), Some((found, _))] = sides else { return };
        self.refused.insert(row.equation);
        let because = told_by.iter().filter_map(|&unknown| {
            let solution = self.solutions[unknown as usize].as_ref()?;
            Some((unknown, solution.row))
        });
        let because = because.collect();
        self.contradictions.push(Contradiction { row: index, expected, found, because });
        for &unknown in told_by {
            self.taint(unknown);
        }
    }

    /// Puts the units of resolved unknowns in once. Also gives these unknowns.
    fn substitute(&self, form: &Unit) -> Option<(Unit, Vec<u32>)> {
        let mut result = form.clone();
        let mut told_by = Vec::new();
        for (unknown, exponent) in form.unknowns() {
            let Some(solution) = &self.solutions[unknown as usize] else { continue };
            let own = Unit::of(Symbol::Unknown(unknown));
            let change = solution.unit.per(&own)?.power(exponent)?;
            result = result.times(&change)?;
            told_by.push(unknown);
        }
        Some((result, told_by))
    }

    /// Puts them in until none is left; nothing when that goes beyond the budget or meets a contradiction.
    fn substitute_all(&mut self, mut form: Unit) -> Option<(Unit, Vec<u32>)> {
        let mut told_by = Vec::new();
        loop {
            self.budget = self.budget.checked_sub(form.factors().len())?;
            let (next, more) = self.substitute(&form)?;
            if more.is_empty() {
                return Some((form, told_by));
            }
            if told_by.len() > MAX_STEPS {
                return None;
            }
            told_by.extend(more.into_iter().filter(|unknown| !told_by.contains(unknown)).collect::<Vec<_>>());
            form = next;
        }
    }

    fn root(&mut self, unknown: u32) -> u32 {
        let mut at = unknown;
        while self.clusters[at as usize] != at {
            let above = self.clusters[self.clusters[at as usize] as usize];
            self.clusters[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.clusters[a as usize] = b;
        self.is_tainted[b as usize] |= self.is_tainted[a as usize];
    }

    fn taint(&mut self, unknown: u32) {
        let root = self.root(unknown);
        self.is_tainted[root as usize] = true;
    }

    fn is_tainted(&mut self, unknown: u32) -> bool {
        let root = self.root(unknown);
        self.is_tainted[root as usize]
    }
}

/// Rows without unknowns first, then rows that define their only unknown, then others.
fn urgency(row: &Row, unknown: Option<u32>) -> u8 {
    match unknown {
        None => 0,
        Some(unknown) if row.defines == Some(unknown) => 1,
        Some(_) => 2,
    }
}

#[cfg(test)]
mod tests;
