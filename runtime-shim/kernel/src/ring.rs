//! Pipelines: the last that many numbers. Of a delay the oldest is read, of a history any.
//!
//! A ring is a slice of f64s, the same in every engine and in an artifact's memory:
//!
//! ```text
//! word 0    head: the place of the oldest number      an integer as a word's bits, not as an f64's value
//! word 1    length: places in use                     likewise
//! 2 ..      the places, as many as the capacity
//! ```
//!
//! A ring of zeros is empty: its oldest number is 0, and pushing changes nothing until it is filled.

/// Words before the places.
pub const HEADER_WORDS: usize = 2;

const HEAD: usize = 0;
const LENGTH: usize = 1;

/// Places in use.
///
/// # Panics
/// When `ring` is shorter than its header.
#[inline]
pub fn length(ring: &[f64]) -> usize {
    ring[LENGTH].to_bits() as usize
}

/// Makes a ring `n` long, rounded (halves away from zero) and brought between 1 and the capacity, NaN counting as 1.
/// Every place then holds `x`.
///
/// # Panics
/// When `ring` is shorter than its header.
#[inline]
pub fn fill(ring: &mut [f64], n: f64, x: f64) {
    let (header, places) = ring.split_at_mut(HEADER_WORDS);
    let length = ((n + 0.5) as usize).max(1).min(places.len());
    header[HEAD] = f64::from_bits(0);
    header[LENGTH] = f64::from_bits(length as u64);
    places[..length].fill(x);
}

/// The number that entered first.
///
/// # Panics
/// When `ring` is shorter than its header.
#[inline]
pub fn oldest(ring: &[f64]) -> f64 {
    let (header, places) = ring.split_at(HEADER_WORDS);
    let head = header[HEAD].to_bits() as usize;
    places.get(head).copied().unwrap_or(0.0)
}

/// The number that entered that many pushes ago, rounded down: 1 for the last one. Beyond that, and for more than there are, the oldest.
///
/// # Panics
/// When `ring` is shorter than its header.
#[inline]
pub fn recall(ring: &[f64], pushes: f64) -> f64 {
    let (header, places) = ring.split_at(HEADER_WORDS);
    let (head, length) = (header[HEAD].to_bits() as usize, length(header));
    let back = pushes as usize;
    if back == 0 || back > length {
        return oldest(ring);
    }
    let place = if back <= head { head - back } else { head + length - back };
    places.get(place).copied().unwrap_or(0.0)
}

/// Drops the oldest number and appends `x`.
///
/// # Panics
/// When `ring` is shorter than its header.
#[inline]
pub fn push(ring: &mut [f64], x: f64) {
    let (header, places) = ring.split_at_mut(HEADER_WORDS);
    let head = header[HEAD].to_bits() as usize;
    let length = length(header);
    if head < length && head < places.len() {
        places[head] = x;
        let next = if head + 1 < length { head + 1 } else { 0 };
        header[HEAD] = f64::from_bits(next as u64);
    }
}

#[cfg(test)]
mod tests;
