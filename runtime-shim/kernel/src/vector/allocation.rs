//! Allocation of what is scarce.
//!
//! Each request has a curve that says which part of it is still asked for at a price; the curves fall. What is available is given out at the
//! price at which all requests together come to it. The price is found by halving the range of all numbers, so that after 64 steps at
//! most there is no number between two prices, one too low and one not. What is left then is shared by those who would ask for more
//! at the lower one, in proportion: so curves that are steps, and priorities that are equal, need no rule of their own.

use core::f64::consts::SQRT_2;

use super::sorting::sort_order;
use crate::elementary;

/// Requests for something scarce, one in each place.
#[derive(Clone, Copy, Debug)]
pub struct Requests<'a> {
    /// How much is asked for; what is not above 0 is nothing.
    pub sizes: &'a [f64],
    /// The price in the middle of the curve.
    pub priorities: &'a [f64],
    /// How wide the curve is; a step where that is not above 0.
    pub widths: &'a [f64],
    /// The shape of the curve, rounded down: see [`share`]. With 10 added, the request is given whole units alone.
    pub types: &'a [f64],
    /// The exponent of constant elasticity.
    pub extras: &'a [f64],
}

/// Added to the type of a request that takes whole units alone.
const WHOLE: f64 = 10.0;

/// How far rounding may leave a sum of shares below a whole number.
const TOLERANCE: f64 = 1e-6;

/// Which part of a request is asked for at a price: 1 at prices low enough, 0 at high ones, and in between by the type
///
/// | type | curve around the priority m, with the width w |
/// |---|---|
/// | 0 | 1 at every price |
/// | 1 | falls evenly from `m - w/2` to `m + w/2` |
/// | 2 | likewise, its slope being a triangle |
/// | 3 | a normal distribution with the deviation w |
/// | 4 | an exponential one to both sides |
/// | 5 | `r/(1 + r)` with `r = (m/price)^extra` |
///
/// and as type 1 for any other.
pub fn share(kind: f64, priority: f64, width: f64, extra: f64, price: f64) -> f64 {
    let is = |of: f64| kind == of;
    if is(0.0) {
        return 1.0;
    }
    if is(5.0) {
        return elastic_share(priority, extra, price);
    }
    let is_step = width.is_nan() || width <= 0.0;
    if is_step || price.is_infinite() {
        return if price < priority { 1.0 } else { 0.0 };
    }
    let z = (price - priority) / width;
    if z.is_nan() {
        0.0
    } else if is(2.0) {
        triangular_share(z + 0.5)
    } else if is(3.0) {
        0.5 * libm::erfc(z / SQRT_2)
    } else if is(4.0) {
        if z >= 0.0 { 0.5 * elementary::exp(-z) } else { 1.0 - 0.5 * elementary::exp(z) }
    } else {
        let part = 0.5 - z;
        if part > 1.0 {
            1.0
        } else if part > 0.0 {
            part
        } else {
            0.0
        }
    }
}

/// `u` runs from 0, where the curve begins to fall, to 1.
fn triangular_share(u: f64) -> f64 {
    if u <= 0.0 {
        1.0
    } else if u < 0.5 {
        1.0 - 2.0 * u * u
    } else if u < 1.0 {
        2.0 * (1.0 - u) * (1.0 - u)
    } else {
        0.0
    }
}

/// At a price that is not above 0 everything is asked for.
fn elastic_share(priority: f64, extra: f64, price: f64) -> f64 {
    if price <= 0.0 {
        return 1.0;
    }
    let ratio = elementary::pow(priority / price, extra);
    if ratio.is_nan() {
        0.0
    } else if ratio.is_infinite() {
        1.0
    } else {
        ratio / (1.0 + ratio)
    }
}

impl Requests<'_> {
    /// A request as it counts.
    pub(super) fn size(&self, at: usize) -> f64 {
        wanted(self.sizes[at])
    }

    fn is_whole(&self, at: usize) -> bool {
        self.types[at] >= WHOLE
    }

    /// The type of a request, whether it takes whole units or not.
    pub(super) fn kind(&self, at: usize) -> f64 {
        let kind = libm::floor(self.types[at]);
        if kind >= WHOLE { kind - WHOLE } else { kind }
    }

    /// What a request comes to at a price.
    pub(super) fn at_price(&self, at: usize, price: f64) -> f64 {
        let share = share(self.kind(at), self.priorities[at], self.widths[at], self.extras[at], price);
        self.size(at) * share
    }

    /// What all come to, from the first to the last.
    fn total(&self, price: f64) -> f64 {
        (0..self.sizes.len()).fold(0.0, |sum, at| sum + self.at_price(at, price))
    }
}

/// A request as it counts.
fn wanted(request: f64) -> f64 {
    if request > 0.0 { request } else { 0.0 }
}

/// What each request gets of what is available: all, where there is enough. `scratch` has room for two rows.
///
/// Requests of type 0 come first; where there is not enough for these, they share it in proportion. Those that take whole units alone get
/// the whole part of their share; the units that are left of all these shares go one each to those with the greatest rest, the first of
/// equal ones, as long as they have asked for that many.
pub fn allocate(requests: &Requests<'_>, available: f64, given: &mut [f64], scratch: &mut [f64]) {
    let all = (0..given.len()).fold(0.0, |sum, at| sum + requests.size(at));
    let fixed = requests.total(f64::INFINITY);
    let give = |given: &mut [f64], amount: &dyn Fn(usize) -> f64| {
        for (at, place) in given.iter_mut().enumerate() {
            *place = amount(at);
        }
    };
    if available >= all {
        give(given, &|at| requests.size(at));
    } else if available.is_nan() || available <= 0.0 {
        given.fill(0.0);
    } else if fixed >= available {
        give(given, &|at| requests.at_price(at, f64::INFINITY) * (available / fixed));
    } else {
        let [low, high] = find_prices(requests, available);
        let (most, least) = (requests.total(low), requests.total(high));
        let rest = if most > least { (available - least) / (most - least) } else { 0.0 };
        give(given, &|at| {
            let (most, least) = (requests.at_price(at, low), requests.at_price(at, high));
            least + rest * (most - least)
        });
    }
    give_whole_units(requests, given, scratch);
}

/// Two prices without a number in between: at the first one requests come to more than there is, at the other they do not.
fn find_prices(requests: &Requests<'_>, available: f64) -> [f64; 2] {
    let (mut low, mut high) = (place(f64::NEG_INFINITY), place(f64::INFINITY));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if requests.total(number(middle)) > available {
            low = middle;
        } else {
            high = middle;
        }
    }
    [number(low), number(high)]
}

/// The place of a number, NaN apart, among all in their order. Both zeros have places, side by side.
pub(super) fn place(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The number at a place.
pub(super) fn number(place: u64) -> f64 {
    f64::from_bits(if place >> 63 == 1 { place & !(1 << 63) } else { !place })
}

/// Rounds the shares of those that take whole units alone.
fn give_whole_units(requests: &Requests<'_>, given: &mut [f64], scratch: &mut [f64]) {
    let n = given.len();
    if !(0..n).any(|at| requests.is_whole(at)) {
        return;
    }
    let is_whole = |at: &usize| requests.is_whole(*at);
    let all = (0..n).filter(is_whole).fold(0.0, |sum, at| sum + given[at]);
    let (rests, order) = scratch.split_at_mut(n);
    let mut left = libm::floor(all + TOLERANCE);
    for at in 0..n {
        let whole = libm::floor(given[at]);
        let has_room = requests.is_whole(at) && whole + 1.0 <= requests.size(at);
        rests[at] = if has_room { given[at] - whole } else { -1.0 };
        if requests.is_whole(at) {
            given[at] = whole;
            left -= whole;
        }
    }
    take_greatest(rests, order, left, |at| given[at] += 1.0);
}

/// Takes that many of those with the greatest rest, as long as that is not below 0, the first of equal ones. The n-th greatest rest is found
/// by halving as above, so that nothing has to be sorted.
fn take_greatest(rests: &[f64], marks: &mut [f64], count: f64, mut take: impl FnMut(usize)) {
    let above = |limit: f64| rests.iter().filter(|rest| **rest > limit).count() as f64;
    let (mut low, mut high) = (place(-1.0), place(1.0));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if above(number(middle)) > count { low = middle } else { high = middle }
    }
    let limit = number(high);
    marks.fill(0.0);
    let mut left = count;
    for pass in [true, false] {
        for (at, &rest) in rests.iter().enumerate() {
            let is_meant = if pass { rest > limit } else { rest == limit && rest >= 0.0 };
            if is_meant && left >= 1.0 && marks[at] == 0.0 {
                marks[at] = 1.0;
                left -= 1.0;
                take(at);
            }
        }
    }
}

/// What each request gets when the most urgent ones are served first. `size`, `width` and `supply` are given; only the first `size` requests
/// take part. `scratch` has room for two rows.
///
/// All that are being served get the same part of their requests in the same time. The first one, of the highest priority, is served at
/// once; each other one when the one before it has got so much of its own as their priorities differ in units of the width, all of it at
/// most.
pub fn allocate_by_priority(
    sizes: &[f64],
    priorities: &[f64],
    [size, width, supply]: [f64; 3],
    given: &mut [f64],
    scratch: &mut [f64],
) {
    let n = sizes.len();
    let takes_part = |at: usize| (at as f64) < size;
    let request = |at: usize| if takes_part(at) { wanted(sizes[at]) } else { 0.0 };
    let all = (0..n).fold(0.0, |sum, at| sum + request(at));
    if supply >= all || supply.is_nan() || supply <= 0.0 {
        for (at, place) in given.iter_mut().enumerate() {
            *place = if supply >= all { request(at) } else { 0.0 };
        }
        return;
    }
    let (order, starts) = scratch.split_at_mut(n);
    sort_order(priorities, &[], -1.0, order, starts);
    // Requests for nothing are left out: their places are after all others.
    let mut count = 0;
    for at in 0..n {
        if request(order[at] as usize) > 0.0 {
            order[count] = order[at];
            count += 1;
        }
    }
    let order = &order[..count];
    let mut start = 0.0;
    for (at, place) in starts[..count].iter_mut().enumerate() {
        if at > 0 {
            let gap = priorities[order[at - 1] as usize] - priorities[order[at] as usize];
            start += head_start(gap, width);
        }
        *place = start;
    }
    let end = find_end(order, starts, request, supply);
    given.fill(0.0);
    for (&at, &start) in order.iter().zip(&*starts) {
        let part = end - start;
        let part = if part > 1.0 { 1.0 } else { part };
        given[at as usize] = if part > 0.0 { request(at as usize) * part } else { 0.0 };
    }
}

/// Which part of its request the one before gets first.
fn head_start(gap: f64, width: f64) -> f64 {
    if gap.is_nan() || gap <= 0.0 {
        0.0
    } else if gap < width {
        gap / width
    } else {
        1.0
    }
}

/// When the supply is used up. Requests begin at their starts, in order, and so end in that order too, each one unit of time later.
fn find_end(order: &[f64], starts: &[f64], request: impl Fn(usize) -> f64, supply: f64) -> f64 {
    let (mut time, mut rate, mut left) = (0.0, 0.0, supply);
    let (mut begun, mut ended) = (0, 0);
    while ended < order.len() {
        let end = starts[ended] + 1.0;
        let begins = begun < order.len() && starts[begun] <= end;
        let next = if begins { starts[begun] } else { end };
        let used = rate * (next - time);
        if used >= left {
            return time + left / rate;
        }
        left -= used;
        time = next;
        if begins {
            rate += request(order[begun] as usize);
            begun += 1;
        } else {
            rate -= request(order[ended] as usize);
            ended += 1;
        }
    }
    time
}
