//! Leaks of a conveyor: how much each takes from each slat.
//!
//! A slat of a conveyor with linear leaks has, for each of them, a *basis*, the volume of which a step's fraction leaks, and a
//! *window*, the volume of the basis that has still to pass through the leak's zone.

use super::shape::{EXPONENTIAL, Shape};
use super::{DT, HEAD, HEADER_WORDS, LEAK_WORDS, MAX_LEAKS, place, positive, whole};

/// First word of a leak: its zone's start.
const START: usize = 0;
/// Its zone's end.
const END: usize = 1;
/// Whether it takes whole units.
pub(super) const INTEGERS: usize = 2;
/// What it has not taken yet of a unit.
const CARRY: usize = 3;

/// The zone of a leak as slats: the one nearest to the exit, and how many.
#[derive(Clone, Copy, Default)]
pub(super) struct Zone {
    first: usize,
    len: usize,
}

impl Zone {
    /// The slats of a conveyor of `len` slats whose middles lie in the zone.
    fn new(conveyor: &[f64], leak: usize, len: usize) -> Self {
        let (start, end) = (conveyor[word(leak, START)], conveyor[word(leak, END)]);
        if start <= 0.0 && end >= 1.0 {
            return Self { first: 0, len };
        }
        let is_inside = |slat: &usize| {
            let x = 1.0 - (*slat as f64 + 0.5) / len as f64;
            start <= x && x <= end
        };
        let first = (0..len).find(is_inside).unwrap_or(len);
        Self { first, len: (first..len).take_while(is_inside).count() }
    }

    /// How many of its slats are among the first `n` from the exit.
    fn count(self, n: usize) -> usize {
        n.saturating_sub(self.first).min(self.len)
    }

    fn contains(self, slat: usize) -> bool {
        slat >= self.first && slat < self.first + self.len
    }
}

/// A word of a leak.
pub(super) fn word(leak: usize, which: usize) -> usize {
    HEADER_WORDS + LEAK_WORDS * leak + which
}

/// A leak's fraction or rate as it counts.
fn fraction(shape: &Shape, x: f64) -> f64 {
    if shape.is(EXPONENTIAL) { positive(x) } else { positive(x).min(1.0) }
}

/// The zones of all leaks on a conveyor of `len` slats.
pub(super) fn zones(conveyor: &[f64], shape: &Shape, len: usize) -> [Zone; MAX_LEAKS] {
    let mut zones = [Zone::default(); MAX_LEAKS];
    for (leak, zone) in zones[..shape.leaks].iter_mut().enumerate() {
        *zone = Zone::new(conveyor, leak, len);
    }
    zones
}

/// What a slat loses to each leak, given its content.
pub(super) fn leak_slat(
    conveyor: &[f64],
    shape: &Shape,
    zones: &[Zone; MAX_LEAKS],
    fractions: &[f64],
    slat: usize,
) -> [f64; MAX_LEAKS] {
    let at = place(conveyor[HEAD] as usize, slat, shape.cells);
    let mut losses = [0.0; MAX_LEAKS];
    let content = conveyor[shape.contents + at];
    let mut left = content;
    for leak in (0..shape.leaks).filter(|&leak| zones[leak].contains(slat)) {
        let fraction = fraction(shape, fractions[leak]);
        if shape.is(EXPONENTIAL) {
            losses[leak] = content * fraction * conveyor[DT];
        } else {
            let basis = conveyor[shape.basis(leak) + at].min(conveyor[shape.window(leak) + at]);
            losses[leak] = positive(fraction * basis).min(left);
            left -= losses[leak];
        }
    }
    if shape.is(EXPONENTIAL) {
        let sum = losses[..shape.leaks].iter().fold(0.0, |sum, x| sum + x);
        if sum > content {
            losses[..shape.leaks].iter_mut().for_each(|loss| *loss = *loss / sum * content);
        }
    }
    losses
}

/// Lets all leaks take their part: what is left of each slat goes into the scratch space, by places. Gives the volume of each, and
/// adds those from each slat to the notes on a leak. The carries of leaks that take whole units are written if `carries` says so.
pub(super) fn leak_all(
    conveyor: &mut [f64],
    shape: &Shape,
    zones: &[Zone; MAX_LEAKS],
    fractions: &[f64],
    carries: bool,
    mut note: Option<(usize, &mut [f64])>,
) -> [f64; MAX_LEAKS] {
    let mut volumes = [0.0; MAX_LEAKS];
    let head = conveyor[HEAD] as usize;
    for slat in 0..shape.len {
        let losses = leak_slat(conveyor, shape, zones, fractions, slat);
        let at = place(head, slat, shape.cells);
        let mut left = conveyor[shape.contents + at];
        for leak in 0..shape.leaks {
            volumes[leak] += losses[leak];
            if conveyor[word(leak, INTEGERS)] == 0.0 {
                left -= losses[leak];
                add_note(&mut note, leak, slat, losses[leak]);
            }
        }
        conveyor[shape.left() + at] = positive(left);
    }
    for leak in (0..shape.leaks).filter(|&leak| zones[leak].len > 0) {
        if conveyor[word(leak, INTEGERS)] == 0.0 {
            continue;
        }
        let due = volumes[leak] + conveyor[word(leak, CARRY)];
        let mut missing = whole(due);
        for slat in zones[leak].first..zones[leak].first + zones[leak].len {
            let left = &mut conveyor[shape.left() + place(head, slat, shape.cells)];
            let taken = left.min(missing);
            *left -= taken;
            missing -= taken;
            add_note(&mut note, leak, slat, taken);
        }
        volumes[leak] = whole(due) - missing;
        if carries {
            conveyor[word(leak, CARRY)] = positive(due - volumes[leak]);
        }
    }
    volumes
}

fn add_note(note: &mut Option<(usize, &mut [f64])>, leak: usize, slat: usize, volume: f64) {
    if let Some((of, notes)) = note
        && *of == leak
        && let Some(noted) = notes.get_mut(slat)
    {
        *noted += volume;
    }
}

/// One step's part of each window has passed.
pub(super) fn pass_windows(conveyor: &mut [f64], shape: &Shape, zones: &[Zone; MAX_LEAKS]) {
    let head = conveyor[HEAD] as usize;
    for leak in 0..shape.leaks {
        for slat in zones[leak].first..zones[leak].first + zones[leak].len {
            let at = place(head, slat, shape.cells);
            let basis = conveyor[shape.basis(leak) + at];
            let window = &mut conveyor[shape.window(leak) + at];
            *window -= basis.min(*window);
        }
    }
}

/// How material that enters a conveyor of a certain depth will leak.
pub(super) struct Schedule {
    zones: [Zone; MAX_LEAKS],
    /// For each leak the basis that a unit of material gets.
    basis: [f64; MAX_LEAKS],
}

impl Schedule {
    /// Of what enters at a depth of `depth` slats. A leak whose zone begins later finds less: what the others, at these fractions,
    /// have taken before is not there any more, unless `ignores` says that this does not count.
    pub(super) fn new(conveyor: &[f64], shape: &Shape, fractions: &[f64], depth: usize, ignores: bool) -> Self {
        let zones = zones(conveyor, shape, depth);
        let mut basis = [0.0; MAX_LEAKS];
        let mut known = [false; MAX_LEAKS];
        for _ in 0..shape.leaks {
            // The zone that begins nearest to the entry.
            let end = |leak: usize| zones[leak].first + zones[leak].len;
            let next = (0..shape.leaks).filter(|&leak| !known[leak]).reduce(|a, b| if end(b) > end(a) { b } else { a });
            let Some(leak) = next else { break };
            let mut left = 1.0;
            for earlier in (0..shape.leaks).filter(|&other| known[other] && !ignores) {
                let n_before = zones[earlier].len - zones[earlier].count(end(leak));
                left -= fraction(shape, fractions[earlier]) * basis[earlier] * n_before as f64;
            }
            basis[leak] = if zones[leak].len > 0 { positive(left) / zones[leak].len as f64 } else { 0.0 };
            known[leak] = true;
        }
        Self { zones, basis }
    }

    /// The basis and the window of a leak for a unit of material in a slat.
    pub(super) fn of(&self, leak: usize, slat: usize) -> (f64, f64) {
        (self.basis[leak], self.basis[leak] * self.zones[leak].count(slat + 1) as f64)
    }

    /// What a slat loses of what is left there of a unit of material.
    pub(super) fn loss(&self, shape: &Shape, dt: f64, fractions: &[f64], slat: usize, left: f64) -> f64 {
        let here = (0..shape.leaks).filter(|&leak| self.zones[leak].contains(slat));
        here.fold(0.0, |loss, leak| {
            let fraction = fraction(shape, fractions[leak]);
            loss + if shape.is(EXPONENTIAL) { left * fraction * dt } else { fraction * self.basis[leak] }
        })
    }
}
