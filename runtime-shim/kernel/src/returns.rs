//! Internal rates of return.

use crate::{elementary, ring};

/// Rates are looked for where `1 + r` is from `2^-16` to `2^16`, in parts of which each is `2^(1/8)` times as far from 1 as the last one.
const PARTS: i32 = 128;
const PARTS_OF_TWO: f64 = 8.0;

/// The interest rate, in a time unit, at which the payments so far are worth nothing: the last `n` that entered a ring, a step of `dt`
/// apart, and the present one. Of several the one that is nearest to 0, of two as near the positive one. `missing` where there is none, as
/// there is without payments of both signs.
///
/// # Panics
/// When `ring` is shorter than its header.
pub fn rate(ring: &[f64], n: f64, present: f64, dt: f64, missing: f64) -> f64 {
    let payments = Payments { ring, n: n as usize, present };
    if !payments.any(|payment| payment > 0.0) || !payments.any(|payment| payment < 0.0) {
        return missing;
    }
    let at_zero = payments.worth(1.0);
    if at_zero == 0.0 {
        return 0.0;
    }
    let discount = |part: i32| elementary::pow(2.0, -f64::from(part) / PARTS_OF_TWO * dt);
    let (mut above, mut below) = ((1.0, at_zero), (1.0, at_zero));
    for part in 1..=PARTS {
        for (edge, part) in [(&mut above, part), (&mut below, -part)] {
            let far = discount(part);
            let next = (far, payments.worth(far));
            if is_crossed(edge.1, next.1) {
                let discount = payments.root(*edge, next);
                return libm::expm1(-elementary::ln(discount) / dt);
            }
            *edge = next;
        }
    }
    missing
}

/// Whether a root lies between two values, neither of them NaN.
fn is_crossed(a: f64, b: f64) -> bool {
    (a > 0.0 && b <= 0.0) || (a < 0.0 && b >= 0.0)
}

struct Payments<'a> {
    ring: &'a [f64],
    n: usize,
    present: f64,
}

impl Payments<'_> {
    fn any(&self, is: impl Fn(f64) -> bool) -> bool {
        is(self.present) || (1..=self.n).any(|back| is(ring::recall(self.ring, back as f64)))
    }

    /// What all are worth at the start, each discounted by a factor for each step that lies before it.
    fn worth(&self, discount: f64) -> f64 {
        (1..=self.n).fold(self.present, |sum, back| sum * discount + ring::recall(self.ring, back as f64))
    }

    /// The discount between two at which they are worth nothing: the interval is halved until there is no number within it.
    fn root(&self, (mut a, of_a): (f64, f64), (mut b, _): (f64, f64)) -> f64 {
        loop {
            let middle = a + (b - a) * 0.5;
            if middle == a || middle == b {
                return b;
            }
            if is_crossed(of_a, self.worth(middle)) {
                b = middle;
            } else {
                a = middle;
            }
        }
    }
}

#[cfg(test)]
mod tests;
