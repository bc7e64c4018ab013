//! A market: demands that fall with a price, supplies that rise with it, and the price at which they meet.
//!
//! The curves are those of [`allocation`](super::allocation): a demand is what a request asks for at a price, a supply what its
//! mirror image around the priority leaves.

use super::allocation::{Requests, number, place, share};

/// How far around its priority a normal curve is looked at, in units of its width.
const REACH_OF_NORMAL: f64 = 5.0;
/// The same of an exponential one.
const REACH_OF_EXPONENTIAL: f64 = 10.0;

/// What of each quantity is demanded at a price.
pub fn demand_at(demands: &Requests<'_>, price: f64, result: &mut [f64]) {
    for (at, place) in result.iter_mut().enumerate() {
        *place = demands.at_price(at, price);
    }
}

/// What of each capacity is supplied at a price.
pub fn supply_at(supplies: &Requests<'_>, price: f64, result: &mut [f64]) {
    for (at, place) in result.iter_mut().enumerate() {
        *place = supply(supplies, at, price);
    }
}

/// What is supplied at a price: all of what has type 0.
fn supply(supplies: &Requests<'_>, at: usize, price: f64) -> f64 {
    let (kind, priority, width, extra) =
        (supplies.kind(at), supplies.priorities[at], supplies.widths[at], supplies.extras[at]);
    let part = if kind == 5.0 {
        1.0 - share(kind, priority, width, extra, price)
    } else {
        share(kind, -priority, width, extra, -price)
    };
    supplies.size(at) * part
}

/// The least price at which the demands do not come to more than the supplies, among those that the curves reach: from the least
/// `m - r` to the greatest `m + r`, where `m` is the priority and `r` half the width, 5 widths of a normal and 10 of an exponential
/// curve, and nothing where the width is not above 0. A curve of type 5 reaches from 0 to all numbers above; one of type 0 has no
/// price. The greatest price where there is no such price, and 0 without any curve that has one.
///
/// The rows are blocks of all pairs of a demand and a supply, those with the same demand side by side; or, where both run along
/// the same dimension, the demands and supplies themselves.
pub fn find_price(demands: &Requests<'_>, supplies: &Requests<'_>, [n_demands, n_supplies]: [f64; 2]) -> f64 {
    let n = demands.sizes.len();
    let n_demands = (n_demands as usize).clamp(1, n);
    let n_supplies = (n_supplies as usize).min(n);
    let stride = n / n_demands;
    let of_demands = || (0..n_demands).map(|at| at * stride);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut take_in = |[from, to]: [f64; 2]| {
        if from < low {
            low = from;
        }
        if to > high {
            high = to;
        }
    };
    of_demands().for_each(|at| take_in(reach(demands, at)));
    (0..n_supplies).for_each(|at| take_in(reach(supplies, at)));
    if low > high {
        return 0.0;
    }
    let is_too_low = |price: f64| {
        let demanded = of_demands().fold(0.0, |sum, at| sum + demands.at_price(at, price));
        let supplied = (0..n_supplies).fold(0.0, |sum, at| sum + supply(supplies, at, price));
        demanded > supplied
    };
    if !is_too_low(low) {
        return low;
    }
    let (mut below, mut above) = (place(low), place(high));
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if is_too_low(number(middle)) { below = middle } else { above = middle }
    }
    number(above)
}

/// From where to where a curve is looked at; nowhere where it has no price.
fn reach(curves: &Requests<'_>, at: usize) -> [f64; 2] {
    let nowhere = [f64::INFINITY, f64::NEG_INFINITY];
    let kind = curves.kind(at);
    if kind == 0.0 {
        return nowhere;
    }
    if kind == 5.0 {
        return [0.0, f64::MAX];
    }
    let width = curves.widths[at];
    let width = if width > 0.0 { width } else { 0.0 };
    let reach = if kind == 3.0 {
        REACH_OF_NORMAL * width
    } else if kind == 4.0 {
        REACH_OF_EXPONENTIAL * width
    } else {
        width / 2.0
    };
    let priority = curves.priorities[at];
    let ends = [priority - reach, priority + reach];
    if ends[0].is_finite() && ends[1].is_finite() { ends } else { nowhere }
}
