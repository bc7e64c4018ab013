//! Sorting: stable, NaN after all numbers. Positions are kept as f64s, which count exactly as far as memory reaches.

/// Whether `a` is before `b`; equal ones and two NaN do not.
fn precedes(a: f64, b: f64, upward: bool) -> bool {
    let is_less = if upward { a < b } else { a > b };
    is_less || (b.is_nan() && !a.is_nan())
}

/// Brings positions into order by merging ever longer runs; `buffer` is as long as `order`. Where neither of two is before the other
/// they stay as they are.
fn merge_sort(order: &mut [f64], buffer: &mut [f64], precedes: impl Fn(usize, usize) -> bool) {
    let n = order.len();
    let mut run = 1;
    while run < n {
        let mut first = 0;
        while first < n {
            let (middle, end) = ((first + run).min(n), (first + 2 * run).min(n));
            let (mut left, mut right) = (first, middle);
            for place in &mut buffer[first..end] {
                let takes_right =
                    right < end && (left == middle || precedes(order[right] as usize, order[left] as usize));
                let from = if takes_right { &mut right } else { &mut left };
                *place = order[*from];
                *from += 1;
            }
            first = end;
        }
        order.copy_from_slice(&buffer[..n]);
        run *= 2;
    }
}

/// The positions of the values in sorted order, counted from 0: upward when the direction is positive, else downward. Equal values are in
/// the order of their ties, where there are ties, and then of their positions. `scratch` has room for a row.
pub fn sort_order(values: &[f64], ties: &[f64], direction: f64, order: &mut [f64], scratch: &mut [f64]) {
    for (position, place) in order.iter_mut().enumerate() {
        *place = position as f64;
    }
    let upward = direction > 0.0;
    let tie = |at: usize| ties.get(at).copied().unwrap_or(0.0);
    merge_sort(order, scratch, |a, b| {
        let (left, right) = (values[a], values[b]);
        let is_tied = left == right || (left.is_nan() && right.is_nan());
        if is_tied { precedes(tie(a), tie(b), upward) } else { precedes(left, right, upward) }
    });
}

/// The place of each value in sorted order, counted from 1. `scratch` has room for two rows.
pub fn rank(values: &[f64], direction: f64, ranks: &mut [f64], scratch: &mut [f64]) {
    let (order, buffer) = scratch.split_at_mut(values.len());
    sort_order(values, &[], direction, order, buffer);
    for (place, &position) in order.iter().enumerate() {
        ranks[position as usize] = place as f64 + 1.0;
    }
}

/// The value at each position, counted from 0 and rounded down, that the order names; NaN where there is none.
pub fn reorder(values: &[f64], order: &[f64], result: &mut [f64]) {
    for (place, &position) in result.iter_mut().zip(order) {
        let is_position = position >= 0.0 && position < values.len() as f64;
        *place = if is_position { values[position as usize] } else { f64::NAN };
    }
}

/// The middle value, or the mean of the two in the middle; NaN when any is.
pub fn median(values: &[f64], order: &mut [f64], scratch: &mut [f64]) -> f64 {
    let Some([.., last]) = sorted(values, order, scratch) else { return f64::NAN };
    let n = values.len();
    if last.is_nan() {
        return f64::NAN;
    }
    let at = |position: usize| values[order[position] as usize];
    if n % 2 == 1 { at(n / 2) } else { (at(n / 2 - 1) + at(n / 2)) * 0.5 }
}

/// The value that occurs most often, the least of several; NaN when any is.
pub fn mode(values: &[f64], order: &mut [f64], scratch: &mut [f64]) -> f64 {
    let Some([first, last]) = sorted(values, order, scratch) else { return f64::NAN };
    if last.is_nan() {
        return f64::NAN;
    }
    let (mut best, mut most) = (first, 0);
    let (mut current, mut count) = (first, 0);
    for &position in order.iter() {
        let value = values[position as usize];
        count = if value == current { count + 1 } else { 1 };
        if value != current {
            current = value;
        }
        if count > most {
            (best, most) = (current, count);
        }
    }
    best
}

/// Puts the positions in order; the first and the last value, if there are any.
fn sorted(values: &[f64], order: &mut [f64], scratch: &mut [f64]) -> Option<[f64; 2]> {
    sort_order(values, &[], 1.0, order, scratch);
    let [first, .., last] = *order else { return values.first().map(|&only| [only, only]) };
    Some([values[first as usize], values[last as usize]])
}
