//! The points of graphical functions.

/// `n` evenly spaced numbers from `min` to `max`: `min + i*(max - min)/(n - 1)`, the last one exactly `max`.
pub fn spread(min: f64, max: f64, n: usize) -> Vec<f64> {
    let Some(last) = n.checked_sub(1) else { return Vec::new() };
    let at = |i: usize| match i {
        0 => min,
        _ if i == last => max,
        _ => min + i as f64 * (max - min) / last as f64,
    };
    (0..n).map(at).collect()
}
