//! Conveyors.
//!
//! A conveyor is as many slats deep as its transit time has steps. In a step its leaks take their part of each slat, the slat at the
//! exit leaves, all others move on by one, and what comes in is put onto the slat as deep as the transit time says. A transit time
//! that has changed meanwhile holds for what comes in; what is on the conveyor keeps its way.
//!
//! Arguments have these meanings throughout: `arrest` and `held` (the next conveyor is arrested) are truth values; `fractions` has
//! one number for each leak; `removed` is the rate of everything that leaves; `inflows` has one number for each inflow: the rate of
//! one that another conveyor drives, the rate that is asked for of any other.

pub use super::shape::{DISCRETE, EXPONENTIAL, IGNORES_LOSSES};

use super::leak::{INTEGERS, Schedule, leak_all, leak_slat, pass_windows, word, zones};
use super::shape::Shape;
use super::{
    CELLS, CONTENTS, Cells, DT, EXTRA, FLAGS, HEAD, HEADER_WORDS, INFLOW_WORDS, LATCHED, LEAK_WORDS, LEN, LET_IN,
    MIN_TRACE_ARGS, N_INFLOWS, N_LEAKS, TIME_UNIT, TOLERANCE, WHICH,
};
use super::{fault, is_true, place, positive, whole};
use crate::abi::{ERROR_TRANSIT_TIME, ERROR_TRANSPORT_TOO_LONG};
use crate::lookup::{Kind, Search, Table, block_len, encode_block};

/// Kind of an inflow: it asks, and gets what there is room for.
pub const REQUESTED: u32 = 0;
/// Kind of an inflow: a conveyor drives it, and it always enters.
pub const DRIVEN: u32 = 1;
/// Kind of an inflow: a queue drives it, which has asked for the room.
pub const SERVED: u32 = 2;

/// Spread of an inflow: all of it onto the slat at the entry.
pub const AT_ENTRY: u32 = 0;
/// Spread of an inflow: the same onto each slat.
pub const EVEN: u32 = 1;
/// Spread of an inflow: in proportion to what is there.
pub const AS_THERE: u32 = 2;
/// Spread of an inflow that is a leak of another conveyor: where it leaked there.
pub const AS_LEAKED: u32 = 3;
/// Spread of an inflow: by a distribution over the conveyor. Others follow: a spread of `BY_TABLE + n` has the n-th one.
pub const BY_TABLE: u32 = 4;

/// Words of an inflow.
const KIND: usize = 0;
const SPREAD: usize = 1;
/// What has been let in and is not a whole unit yet.
const CARRY: usize = 2;
/// What comes in in this step: scratch space.
const VOLUME: usize = 3;
/// Where it is noted which slats of another conveyor an inflow leaks from: the number of these slats, then the volume from each.
/// 0 for other inflows.
const NOTE: usize = 4;

/// Numbers in front of the leaks' and inflows' in [`initialise`].
const CHARGE_ARGS: usize = 9;

/// How many slats deep a transit time is.
///
/// A number beyond what a conveyor can hold stays beyond it.
pub fn depth(transit: f64, dt: f64) -> f64 {
    libm::floor(transit / dt + 0.5).max(1.0)
}

/// `(which, dt, cells, flags, transit, n_leaks, n_inflows, n_tables, n_values, leaks..., inflows..., tables..., fractions..., values...)`
/// with `(start, end, integers)` for each leak, `(kind, spread, room)` for each inflow, `(n, x..., y...)` for each distribution. `room` is
/// that of the conveyor which an inflow leaks from, for one that is spread as it leaked, and 0 for any other.
/// One value is the contents of a conveyor in steady state; several are those of the slats, or of units of time, as `n_values` says:
/// 0 for the first, else how many of the values count.
pub(super) fn initialise(conveyor: &mut [f64], args: &[f64]) -> u64 {
    let (head, mut rest) = args.split_at(CHARGE_ARGS);
    conveyor[..HEADER_WORDS].fill(0.0);
    (conveyor[WHICH], conveyor[DT], conveyor[CELLS], conveyor[FLAGS]) = (head[0], head[1], head[2], head[3]);
    let (transit, leaks, inflows) = (head[4], head[5] as usize, head[6] as usize);
    (conveyor[N_LEAKS], conveyor[N_INFLOWS]) = (head[5], head[6]);
    conveyor[TIME_UNIT] = f64::NEG_INFINITY;
    let mut take = |n: usize| {
        let (first, others) = rest.split_at(n);
        rest = others;
        first
    };
    for (leak, given) in take(3 * leaks).chunks(3).enumerate() {
        conveyor[word(leak, 0)..word(leak, 0) + 3].copy_from_slice(given);
        conveyor[word(leak, 3)] = 0.0;
    }
    let mut at = HEADER_WORDS + LEAK_WORDS * leaks;
    let first_inflow = at;
    let given_inflows = take(3 * inflows);
    for given in given_inflows.chunks(3) {
        conveyor[at..at + 2].copy_from_slice(&given[..2]);
        conveyor[at + 2..at + INFLOW_WORDS].fill(0.0);
        at += INFLOW_WORDS;
    }
    let first_extra = at;
    for _ in 0..head[7] as usize {
        let n = take(1)[0] as usize;
        let (xs, ys) = (take(n), take(n));
        conveyor[at] = n as f64;
        encode_block(Kind::Continuous, xs, ys, &mut conveyor[at + 1..at + 1 + block_len(n)]);
        at += 1 + block_len(n);
    }
    for (inflow, given) in given_inflows.chunks(3).enumerate().filter(|(_, given)| given[2] > 0.0) {
        conveyor[first_inflow + INFLOW_WORDS * inflow + NOTE] = at as f64;
        conveyor[at] = 0.0;
        at += 1 + given[2] as usize;
    }
    conveyor[EXTRA] = (at - first_extra) as f64;
    let fractions = take(leaks);
    if !(transit > 0.0 && transit.is_finite()) {
        return fault(conveyor, ERROR_TRANSIT_TIME);
    }
    let transit = transit.max(conveyor[DT]);
    let depth = depth(transit, conveyor[DT]);
    if depth > conveyor[CELLS] {
        return fault(conveyor, ERROR_TRANSPORT_TOO_LONG);
    }
    conveyor[LATCHED] = transit;
    conveyor[LEN] = depth;
    let n_values = head[8];
    fill(conveyor, fractions, rest, if n_values >= 1.0 { Some(n_values as usize) } else { None });
    conveyor[CONTENTS] = Cells::new(conveyor).sum();
    0
}

/// The first contents of a conveyor: `values` of slats or units of time, or the sum of all in steady state.
fn fill(conveyor: &mut [f64], fractions: &[f64], values: &[f64], n_values: Option<usize>) {
    let shape = Shape::new(conveyor);
    let (dt, len) = (conveyor[DT], shape.len);
    let schedule = Schedule::new(conveyor, &shape, fractions, len, shape.is(IGNORES_LOSSES));
    // What would be left of a unit in each slat is kept where the contents will be.
    let mut left = 1.0;
    for slat in (0..len).rev() {
        conveyor[shape.contents + slat] = left;
        left = positive(left - schedule.loss(&shape, dt, fractions, slat, left));
    }
    let sum = conveyor[shape.contents..shape.contents + len].iter().fold(0.0, |sum, part| sum + part);
    let unit_of = |slat: usize| libm::floor(slat as f64 * dt + TOLERANCE);
    let value = |n: usize, index: usize| positive(values[index.min(n - 1)]);
    let scale = positive(values[0]) / sum;
    let mut first = 0;
    while first < len {
        let end = (first..len).find(|&slat| unit_of(slat) > unit_of(first)).unwrap_or(len);
        let of_unit = match n_values {
            Some(n) => value(n, unit_of(first) as usize),
            None => {
                conveyor[shape.contents + first..shape.contents + end].iter().fold(0.0, |sum, part| sum + part * scale)
            }
        };
        for slat in first..end {
            let part = conveyor[shape.contents + slat];
            let content = match n_values {
                Some(n) if n == len => value(n, slat),
                _ if shape.is(DISCRETE) && slat + 1 < end => 0.0,
                _ if shape.is(DISCRETE) => of_unit,
                Some(_) => of_unit / (end - first) as f64,
                None => part * scale,
            };
            conveyor[shape.contents + slat] = content;
            let entered = if part > 0.0 { content / part } else { content };
            for leak in 0..shape.leaks {
                let (basis, window) = schedule.of(leak, slat);
                conveyor[shape.basis(leak) + slat] = entered * basis;
                conveyor[shape.window(leak) + slat] = entered * window;
            }
        }
        first = end;
    }
}

/// `(arrest, held, fractions...)`
pub(super) fn outflow(conveyor: &mut [f64], args: &[f64]) -> f64 {
    let shape = Shape::new(conveyor);
    if is_true(args[0]) || is_true(args[1]) || shape.len == 0 {
        return 0.0;
    }
    let fractions = &args[2..];
    let at = conveyor[HEAD] as usize;
    let has_integers = (0..shape.leaks).any(|leak| conveyor[word(leak, INTEGERS)] != 0.0);
    let volume = if shape.leaks == 0 {
        conveyor[shape.contents + at]
    } else if has_integers {
        let zones = zones(conveyor, &shape, shape.len);
        leak_all(conveyor, &shape, &zones, fractions, false, None);
        conveyor[shape.left() + at]
    } else {
        let zones = zones(conveyor, &shape, shape.len);
        let losses = leak_slat(conveyor, &shape, &zones, fractions, 0);
        positive(losses[..shape.leaks].iter().fold(conveyor[shape.contents + at], |left, loss| left - loss))
    };
    volume / conveyor[DT]
}

/// `(leak, arrest, fractions...)`
pub(super) fn leak_rate(conveyor: &mut [f64], args: &[f64]) -> f64 {
    let shape = Shape::new(conveyor);
    let leak = args[0] as usize;
    if is_true(args[1]) || leak >= shape.leaks {
        return 0.0;
    }
    let zones = zones(conveyor, &shape, shape.len);
    leak_all(conveyor, &shape, &zones, &args[2..], false, None)[leak] / conveyor[DT]
}

/// `(inflow, leak, arrest, fractions...)`: the rate of a leak of `source`, which is an inflow of `conveyor`. Notes with that inflow how
/// much of it comes from which slat.
pub fn trace(conveyor: &mut [f64], source: &mut [f64], args: &[f64]) -> f64 {
    let (inflow, leak) = (args[0] as usize, args[1] as usize);
    let (target, shape) = (Shape::new(conveyor), Shape::new(source));
    let note = if inflow < target.inflows { conveyor[target.inflow(inflow, NOTE)] as usize } else { 0 };
    let notes = match conveyor.get_mut(note..) {
        Some([len, notes @ ..]) if note > 0 && notes.len() >= shape.len => {
            *len = 0.0;
            notes[..shape.len].fill(0.0);
            if !is_true(args[2]) {
                *len = shape.len as f64;
            }
            notes
        }
        Some(_) | None => &mut [],
    };
    if is_true(args[2]) || leak >= shape.leaks {
        return 0.0;
    }
    let zones = zones(source, &shape, shape.len);
    let volumes = leak_all(source, &shape, &zones, &args[MIN_TRACE_ARGS..], false, Some((leak, notes)));
    volumes[leak] / source[DT]
}

/// What decides how much may come in.
struct Entry<'a> {
    is_arrested: bool,
    /// Volume that the capacity leaves room for.
    room: f64,
    /// Volume that the limit of a step, or of a unit of time, leaves.
    limit: f64,
    inflows: &'a [f64],
}

impl<'a> Entry<'a> {
    /// `(arrest, capacity, in_limit, time, removed, inflows...)`
    fn new(conveyor: &[f64], shape: &Shape, args: &'a [f64]) -> Self {
        let (head, inflows) = args.split_at(5);
        let &[arrest, capacity, in_limit, time, removed] = head else { unreachable!("five numbers were split off") };
        let dt = conveyor[DT];
        let volume_of = |kinds: [u32; 2]| {
            let mut volume = 0.0;
            for (inflow, &rate) in inflows.iter().enumerate() {
                if kinds.contains(&kind(conveyor, shape, inflow)) {
                    volume += positive(rate) * dt;
                }
            }
            volume
        };
        let room = bound(capacity) - (conveyor[CONTENTS] - removed * dt) - volume_of([DRIVEN, SERVED]);
        let spent = if is_new_unit(conveyor, time) { 0.0 } else { conveyor[LET_IN] };
        let limit = if shape.is(DISCRETE) { bound(in_limit) - spent } else { bound(in_limit) * dt };
        let limit = limit - volume_of([SERVED, SERVED]);
        Self { is_arrested: is_true(arrest), room: positive(room), limit: positive(limit), inflows }
    }

    /// The volume that may come in.
    fn available(&self) -> f64 {
        if self.is_arrested { 0.0 } else { self.room.min(self.limit) }
    }
}

/// Lets in one inflow after the other.
struct Gate {
    /// Volume that may still come in.
    left: f64,
    /// Whole units that there is still room for.
    units: f64,
}

/// What is let in of an inflow.
#[derive(Clone, Copy, Default)]
struct Admitted {
    /// Its share of what may come in.
    share: f64,
    /// The volume that does come in.
    volume: f64,
    /// The same as a rate.
    rate: f64,
    /// What is kept of its share for the next step.
    carry: f64,
}

impl Gate {
    fn new(entry: &Entry<'_>) -> Self {
        Self { left: entry.available(), units: if entry.is_arrested { 0.0 } else { whole(entry.room) } }
    }

    /// The next inflow that asks, which wants to come in at a rate. The shares of a discrete conveyor add up until they make whole units;
    /// units that there is no room for are refused.
    fn admit(&mut self, conveyor: &[f64], shape: &Shape, inflow: usize, rate: f64) -> Admitted {
        let dt = conveyor[DT];
        let rate = positive(rate);
        let asked = rate * dt;
        let share = asked.min(self.left);
        self.left -= share;
        if !shape.is(DISCRETE) {
            let rate = if share == asked { rate } else { share / dt };
            return Admitted { share, volume: share, rate, carry: 0.0 };
        }
        let due = conveyor[shape.inflow(inflow, CARRY)] + share;
        let volume = whole(due).min(self.units);
        self.units -= volume;
        Admitted { share, volume, rate: volume / dt, carry: positive(due - whole(due)) }
    }
}

/// A capacity or limit as it counts: what is no finite number is none.
fn bound(x: f64) -> f64 {
    if x.is_finite() { positive(x) } else { f64::INFINITY }
}

/// What an inflow is; nothing that asks when there is no such inflow.
fn kind(conveyor: &[f64], shape: &Shape, inflow: usize) -> u32 {
    if inflow < shape.inflows { conveyor[shape.inflow(inflow, KIND)] as u32 } else { DRIVEN }
}

fn time_unit(conveyor: &[f64], time: f64) -> f64 {
    libm::floor(time + TOLERANCE * conveyor[DT].max(1.0))
}

fn is_new_unit(conveyor: &[f64], time: f64) -> bool {
    time_unit(conveyor, time) > conveyor[TIME_UNIT]
}

/// `(arrest, capacity, in_limit, time, removed, inflows...)`, those that have not been served yet as 0.
pub(super) fn room(conveyor: &[f64], args: &[f64]) -> f64 {
    Entry::new(conveyor, &Shape::new(conveyor), args).available()
}

/// `(inflow, arrest, capacity, in_limit, time, removed, inflows...)`; what those after it ask for does not matter.
pub(super) fn admit(conveyor: &[f64], args: &[f64]) -> f64 {
    let shape = Shape::new(conveyor);
    let entry = Entry::new(conveyor, &shape, &args[1..]);
    let mut gate = Gate::new(&entry);
    let mut last = Admitted::default();
    for (inflow, &rate) in entry.inflows.iter().enumerate().take(args[0] as usize + 1) {
        if kind(conveyor, &shape, inflow) == REQUESTED {
            last = gate.admit(conveyor, &shape, inflow, rate);
        }
    }
    last.rate
}

/// `(held, sample, transit, fractions..., arrest, capacity, in_limit, time, removed, inflows...)`
pub(super) fn advance(conveyor: &mut [f64], args: &[f64]) -> u64 {
    let shape = Shape::new(conveyor);
    let (head, rest) = args.split_at(3);
    let (fractions, entry) = rest.split_at(shape.leaks);
    let &[held, sample, transit] = head else { unreachable!("three numbers were split off") };
    let (arrest, time) = (entry[0], entry[3]);
    if is_new_unit(conveyor, time) {
        conveyor[TIME_UNIT] = time_unit(conveyor, time);
        conveyor[LET_IN] = 0.0;
    }
    if is_true(arrest) {
        return 0;
    }
    if is_true(sample) && transit.is_finite() {
        conveyor[LATCHED] = transit.max(conveyor[DT]);
    }
    let depth = depth(conveyor[LATCHED], conveyor[DT]);
    if depth > conveyor[CELLS] {
        return fault(conveyor, ERROR_TRANSPORT_TOO_LONG);
    }
    let depth = depth as usize;
    admit_all(conveyor, &shape, entry);
    leave(conveyor, &shape, fractions, is_true(held));
    extend(conveyor, &shape, depth);
    enter(conveyor, &shape, fractions, depth);
    conveyor[CONTENTS] = Cells::new(conveyor).sum();
    0
}

/// Decides what comes in, and notes it with each inflow.
#[inline(never)]
fn admit_all(conveyor: &mut [f64], shape: &Shape, args: &[f64]) {
    let dt = conveyor[DT];
    let entry = Entry::new(conveyor, shape, args);
    let mut gate = Gate::new(&entry);
    let mut let_in = 0.0;
    for (inflow, &rate) in entry.inflows.iter().enumerate().take(shape.inflows) {
        let kind = kind(conveyor, shape, inflow);
        let admitted = if kind == REQUESTED {
            gate.admit(conveyor, shape, inflow, rate)
        } else {
            let volume = positive(rate) * dt;
            Admitted { share: if kind == SERVED { volume } else { 0.0 }, volume, ..Admitted::default() }
        };
        let_in += admitted.share;
        conveyor[shape.inflow(inflow, CARRY)] = admitted.carry;
        conveyor[shape.inflow(inflow, VOLUME)] = admitted.volume;
    }
    conveyor[LET_IN] += let_in;
}

/// Leaks take their part, the slat at the exit leaves unless it is held, and all others move on. A slat that is held is joined by the
/// one after it.
#[inline(never)]
fn leave(conveyor: &mut [f64], shape: &Shape, fractions: &[f64], held: bool) {
    if shape.leaks > 0 {
        let zones = zones(conveyor, shape, shape.len);
        leak_all(conveyor, shape, &zones, fractions, true, None);
        pass_windows(conveyor, shape, &zones);
        conveyor.copy_within(shape.left()..shape.left() + shape.cells, shape.contents);
    }
    if shape.len == 0 || held && shape.len == 1 {
        return;
    }
    let head = conveyor[HEAD] as usize;
    let next = place(head, 1, shape.cells);
    let columns = if shape.leaks > 0 { 2 + 2 * shape.leaks } else { 1 };
    for column in 0..columns {
        let first = shape.contents + column * shape.cells;
        if held {
            conveyor[first + next] += conveyor[first + head];
        }
        conveyor[first + head] = 0.0;
    }
    (conveyor[HEAD], conveyor[LEN]) = (next as f64, (shape.len - 1) as f64);
}

/// Drops empty slats at the entry, down to a depth, and adds empty ones up to it.
fn extend(conveyor: &mut [f64], shape: &Shape, depth: usize) {
    let (head, mut len) = (conveyor[HEAD] as usize, conveyor[LEN] as usize);
    while len > depth && conveyor[shape.contents + place(head, len - 1, shape.cells)] == 0.0 {
        len -= 1;
        clear(conveyor, shape, place(head, len, shape.cells));
    }
    while len < depth {
        clear(conveyor, shape, place(head, len, shape.cells));
        len += 1;
    }
    conveyor[LEN] = len as f64;
}

/// An empty slat at a place.
fn clear(conveyor: &mut [f64], shape: &Shape, at: usize) {
    conveyor[shape.contents + at] = 0.0;
    for leak in 0..shape.leaks {
        conveyor[shape.basis(leak) + at] = 0.0;
        conveyor[shape.window(leak) + at] = 0.0;
    }
}

/// Puts what comes in onto the slats.
#[inline(never)]
fn enter(conveyor: &mut [f64], shape: &Shape, fractions: &[f64], depth: usize) {
    let schedule = Schedule::new(conveyor, shape, fractions, depth, shape.is(IGNORES_LOSSES));
    for inflow in 0..shape.inflows {
        let volume = conveyor[shape.inflow(inflow, VOLUME)];
        if volume == 0.0 {
            continue;
        }
        let spread = conveyor[shape.inflow(inflow, SPREAD)] as u32;
        if spread == AS_LEAKED {
            enter_as_leaked(conveyor, shape, &schedule, inflow, depth);
            continue;
        }
        let slats = if spread == AS_THERE { conveyor[LEN] as usize } else { depth };
        let sum = match spread {
            AT_ENTRY => 0.0,
            EVEN => slats as f64,
            _ => (0..slats).fold(0.0, |sum, slat| sum + weight(conveyor, shape, spread, slat, depth)),
        };
        if !(sum > 0.0 && sum.is_finite()) {
            add(conveyor, shape, &schedule, depth - 1, volume);
            continue;
        }
        for slat in 0..slats {
            let part = volume * weight(conveyor, shape, spread, slat, depth) / sum;
            if part != 0.0 {
                add(conveyor, shape, &schedule, slat, part);
            }
        }
    }
}

/// Puts what leaked from each slat of another conveyor onto the slat at the same part of the way; of two that are as near, onto the one
/// nearer to the exit.
#[inline(never)]
fn enter_as_leaked(conveyor: &mut [f64], shape: &Shape, schedule: &Schedule, inflow: usize, depth: usize) {
    let note = conveyor[shape.inflow(inflow, NOTE)] as usize;
    let len = conveyor[note] as usize;
    for slat in 0..len {
        let volume = conveyor[note + 1 + slat];
        if volume != 0.0 {
            // The middle of the slat lies at (2*slat + 1)/(2*len) of the way from the exit.
            let place = ((2 * slat as u64 + 1) * depth as u64 - 1) / (2 * len as u64);
            add(conveyor, shape, schedule, place as usize, volume);
        }
    }
}

/// How much of what comes in goes onto a slat, compared with others.
fn weight(conveyor: &[f64], shape: &Shape, spread: u32, slat: usize, depth: usize) -> f64 {
    match spread {
        EVEN => 1.0,
        AS_THERE => conveyor[shape.contents + place(conveyor[HEAD] as usize, slat, shape.cells)],
        _ => {
            let block = distribution(conveyor, shape, spread - BY_TABLE);
            let table = Table::new(Kind::Continuous, Search::Binary, block);
            positive(table.eval(1.0 - (slat as f64 + 0.5) / depth as f64))
        }
    }
}

/// The block of a distribution.
fn distribution<'a>(conveyor: &'a [f64], shape: &Shape, number: u32) -> &'a [f64] {
    let mut at = shape.inflow(shape.inflows, 0);
    for _ in 0..number {
        at += 1 + block_len(conveyor[at] as usize);
    }
    &conveyor[at + 1..at + 1 + block_len(conveyor[at] as usize)]
}

/// Adds material to a slat, with the leaks that it has before it.
fn add(conveyor: &mut [f64], shape: &Shape, schedule: &Schedule, slat: usize, volume: f64) {
    let at = place(conveyor[HEAD] as usize, slat, shape.cells);
    conveyor[shape.contents + at] += volume;
    for leak in 0..shape.leaks {
        let (basis, window) = schedule.of(leak, slat);
        conveyor[shape.basis(leak) + at] += volume * basis;
        conveyor[shape.window(leak) + at] += volume * window;
    }
}
