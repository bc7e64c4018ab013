//! How two runs differ, and where the difference begins.
//!
//! A difference spreads along the dependencies of a model until nearly everything differs. [`compare`] finds which
//! variables part from the reference although nothing that they read has: those are the causes, all others follow.

mod cause;
mod times;

use std::collections::HashMap;

use crate::{Precision, Run, Series};

/// What is equal enough: `|here - reference| <= absolute + relative * max(|here|, |reference|)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// The relative part, without a unit.
    pub relative: f64,
    /// The absolute part, in the unit of each variable; without one it is [`Tolerance::SCALED`] of the variable's greatest
    /// size in the reference.
    pub absolute: Option<f64>,
}

impl Tolerance {
    /// The absolute part as a share of a variable's greatest size, by the relative part.
    pub const SCALED: f64 = 0.1;

    /// For a reference of a precision. A simulator that saves seven digits mostly computes with as many, and its error grows
    /// from step to step.
    pub fn of(precision: Precision) -> Self {
        let relative = match precision {
            Precision::Single => 1e-4,
            Precision::Double => 1e-6,
        };
        Self { relative, absolute: None }
    }
}

/// That one variable reads another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The key of the variable that is read.
    pub cause: String,
    /// The key of the variable that reads it.
    pub effect: String,
    /// Whether the effect has the cause's value of a step before: a stock has that of its flows.
    pub is_delayed: bool,
}

/// Two values at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The time in the reference.
    pub time: f64,
    /// The value that was computed here.
    pub here: f64,
    /// The value of the reference.
    pub reference: f64,
}

impl Point {
    /// The distance of both values.
    pub fn error(&self) -> f64 {
        if self.here == self.reference { 0.0 } else { (self.here - self.reference).abs() }
    }

    /// The distance by the greater size of both; infinite where one of them is no finite number.
    pub fn relative_error(&self) -> f64 {
        let size = self.here.abs().max(self.reference.abs());
        match self.error() {
            0.0 => 0.0,
            error if error.is_finite() && size.is_finite() => error / size,
            _ => f64::INFINITY,
        }
    }
}

/// Why a variable differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nothing that it reads differs before it does.
    Cause,
    /// It follows from variables that differ; the number of the difference where that begins.
    Follows(usize),
    /// What it reads is not known.
    Unknown,
}

/// A variable, or an element of an array, that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its name as the reference has it.
    pub name: String,
    /// Where it differs first.
    pub first: Point,
    /// Where it differs most, as a multiple of what is allowed.
    pub worst: Point,
    /// At how many of the compared times it differs.
    pub n_times: usize,
    /// Why.
    pub role: Role,
}

/// How two runs differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What was equal enough.
    pub tolerance: Tolerance,
    /// Variables and elements that both runs have.
    pub n_compared: usize,
    /// Times that both have.
    pub n_times: usize,
    /// Times of the reference that this run has not.
    pub n_times_absent: usize,
    /// What differs: causes first, then by the time of the first difference, then as the reference has them.
    pub differences: Vec<Difference>,
    /// Of those that agree, the one with the largest error as a share of its greatest size, and that share.
    pub closest_call: Option<(String, f64)>,
    /// Variables of the reference that this run has not.
    pub only_in_reference: Vec<String>,
    /// Variables of this run that the reference has not.
    pub n_only_here: usize,
}

/// Compares a run with a reference. Names are equal when their keys are.
///
/// `base` gives the key of the variable of which a key is an element: what links name.
pub fn compare(
    here: &Run,
    reference: &Run,
    tolerance: Tolerance,
    key: &dyn Fn(&str) -> String,
    base: &dyn Fn(&str) -> String,
    links: Option<&[Link]>,
) -> Comparison {
    let mut by_key: HashMap<String, &Series> = HashMap::new();
    for series in &here.series {
        by_key.entry(key(&series.name)).or_insert(series);
    }
    let n_here = by_key.len();
    let mut matches = times::Matches::default();
    let mut found = Comparison {
        tolerance,
        n_compared: 0,
        n_times: 0,
        n_times_absent: 0,
        differences: Vec::new(),
        closest_call: None,
        only_in_reference: Vec::new(),
        n_only_here: 0,
    };
    // Keys of variables that were compared, and of those that differ.
    let mut compared = Vec::new();
    for expected in &reference.series {
        let key = key(&expected.name);
        let Some(series) = by_key.remove(&key) else {
            found.only_in_reference.push(expected.name.clone());
            continue;
        };
        let pairs = matches.of(&expected.times, &series.times);
        found.n_compared += 1;
        found.n_times = found.n_times.max(pairs.len());
        found.n_times_absent = found.n_times_absent.max(expected.times.len() - pairs.len());
        let difference = difference(series, expected, pairs, tolerance, &mut found.closest_call);
        compared.push((base(&key), difference.is_some()));
        found.differences.extend(difference);
    }
    found.n_only_here = n_here - found.n_compared;
    cause::find(&mut found.differences, &compared, links);
    found
}

/// How a series differs from the reference's, if it does.
fn difference(
    here: &Series,
    reference: &Series,
    pairs: &[(usize, usize)],
    tolerance: Tolerance,
    closest_call: &mut Option<(String, f64)>,
) -> Option<Difference> {
    let sizes = reference.values.iter().map(|value| value.abs()).filter(|size| size.is_finite());
    let scale = sizes.filter(|&size| !is_missing(size)).fold(0.0, f64::max);
    let absolute = tolerance.absolute.unwrap_or(Tolerance::SCALED * tolerance.relative * scale);
    let (mut first, mut worst, mut n_times) = (None, None, 0);
    let mut greatest = 0.0;
    for &(at_reference, at_here) in pairs {
        let point = Point {
            time: reference.times[at_reference],
            here: here.values[at_here],
            reference: reference.values[at_reference],
        };
        // A missing value of the reference says nothing.
        if is_missing(point.reference) {
            continue;
        }
        let excess = excess(point, tolerance.relative, absolute);
        if excess <= 1.0 {
            greatest = f64::max(greatest, if scale > 0.0 { point.error() / scale } else { 0.0 });
            continue;
        }
        n_times += 1;
        first.get_or_insert(point);
        if worst.is_none_or(|(most, _)| excess > most) {
            worst = Some((excess, point));
        }
    }
    let (Some(first), Some((_, worst))) = (first, worst) else {
        if closest_call.as_ref().is_none_or(|&(_, error)| greatest > error) {
            *closest_call = Some((reference.name.clone(), greatest));
        }
        return None;
    };
    Some(Difference { name: reference.name.clone(), first, worst, n_times, role: Role::Unknown })
}

/// The distance as a multiple of what is allowed.
fn excess(point: Point, relative: f64, absolute: f64) -> f64 {
    let Point { here, reference, .. } = point;
    if here == reference {
        return 0.0;
    }
    let error = point.error();
    let allowed = absolute + relative * here.abs().max(reference.abs());
    if !error.is_finite() || !allowed.is_finite() || allowed == 0.0 { f64::INFINITY } else { error / allowed }
}

/// Whether a value stands for none: NaN, or Vensim's `:NA:`, which is -2^109, and what arithmetic makes of that.
fn is_missing(value: f64) -> bool {
    value.is_nan() || (value < -6e32 && value.is_finite())
}
