//! What the translation of a function costs besides its bytes, and how much of that there may be.
//!
//! A local that a loop or a choice sets is another value at each place where ways through the function meet, and so it is at each loop or
//! choice around them. Without a limit few bytes could be made to take minutes: loops within loops, and many locals within all of them.
//! A local that is used far from where it is set is carried through all that is between. What simc emits is far below both limits, however
//! large it lets functions grow.

use std::collections::BTreeSet;

use wasmparser::{FunctionBody, Operator};

use crate::error::{Error, limit};
use crate::module::broken;

/// Locals that loops and choices set, each counted once for every one of them that it is set in. simc emits one for ten bytes.
const MAX_SET: u64 = 1 << 15;
/// How many of them a short function may have besides one for each byte.
const MIN_SET: u64 = 1 << 10;
/// Ends of loops and choices that locals are carried through, counted for each local.
const MAX_CARRIED: u64 = 1 << 22;

/// Where a local is used, counted in places where ways meet.
#[derive(Clone, Copy)]
struct Span {
    first: u64,
    last: u64,
}

/// What is counted of a function.
#[derive(Default)]
struct Count {
    /// The locals that each open block sets, with whether it is a loop.
    open: Vec<(bool, BTreeSet<u32>)>,
    /// How many of the open blocks are loops.
    n_loops: usize,
    /// Places where ways have met so far.
    met: u64,
    /// Where each local is used.
    spans: Vec<Option<Span>>,
    /// The locals that the outermost open loop uses.
    in_loop: Vec<u32>,
    /// Locals that blocks that have ended set.
    set: u64,
}

/// Refuses a function that costs more than any of simc's.
pub(crate) fn check(body: &FunctionBody<'_>, locals: u64) -> Result<(), Error> {
    let most = MAX_SET.min(MIN_SET + body.range().len() as u64);
    let mut count = Count { spans: vec![None; locals as usize], ..Count::default() };
    let mut reader = body.get_operators_reader().map_err(broken)?;
    while !reader.eof() {
        count.note(&reader.read().map_err(broken)?);
        limit("locals within loops and choices of a function", count.set, most)?;
    }
    let carried: u64 = count.spans.iter().flatten().map(|span| span.last - span.first).sum();
    limit("values that a function carries through loops and choices", carried, MAX_CARRIED)
}

impl Count {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a few of hundreds of instructions")]
    fn note(&mut self, op: &Operator<'_>) {
        match *op {
            Operator::Loop { .. } => {
                self.met += 1;
                self.n_loops += 1;
                self.open.push((true, BTreeSet::new()));
            }
            Operator::Block { .. } | Operator::If { .. } => self.open.push((false, BTreeSet::new())),
            Operator::End => self.close(),
            // A local that is read first has its first value from the beginning on.
            Operator::LocalGet { local_index } => self.mention(local_index, 0),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.mention(local_index, self.met);
                if let Some((_, sets)) = self.open.last_mut() {
                    sets.insert(local_index);
                }
            }
            _ => {}
        }
    }

    fn mention(&mut self, local: u32, first: u64) {
        if let Some(span) = self.spans.get_mut(local as usize) {
            let first = span.map_or(first, |span| span.first);
            *span = Some(Span { first, last: self.met });
        }
        if self.n_loops > 0 {
            self.in_loop.push(local);
        }
    }

    fn close(&mut self) {
        let Some((is_loop, sets)) = self.open.pop() else { return };
        self.met += 1;
        self.set += sets.len() as u64;
        if let Some((_, outer)) = self.open.last_mut() {
            outer.extend(sets);
        }
        if is_loop {
            self.n_loops -= 1;
            if self.n_loops == 0 {
                // The next pass may want whatever the loop uses.
                for local in self.in_loop.drain(..) {
                    if let Some(Some(span)) = self.spans.get_mut(local as usize) {
                        span.last = self.met;
                    }
                }
            }
        }
    }
}
