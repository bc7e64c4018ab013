//! Which saved times of two runs are the same.

use std::sync::Arc;

/// Pairs of positions for the last pair of lists of times; series mostly share their lists.
#[derive(Default)]
pub(super) struct Matches {
    last: Option<Matched>,
}

struct Matched {
    reference: Arc<[f64]>,
    here: Arc<[f64]>,
    pairs: Vec<(usize, usize)>,
}

impl Matches {
    /// Positions in the reference's times and in this run's that mean the same time, in order.
    pub(super) fn of(&mut self, reference: &Arc<[f64]>, here: &Arc<[f64]>) -> &[(usize, usize)] {
        let is_known = |last: &Matched| Arc::ptr_eq(&last.reference, reference) && Arc::ptr_eq(&last.here, here);
        if !self.last.as_ref().is_some_and(is_known) {
            let pairs = pairs(reference, here);
            self.last = Some(Matched { reference: reference.clone(), here: here.clone(), pairs });
        }
        self.last.as_ref().map(|last| last.pairs.as_slice()).unwrap_or_default()
    }
}

/// Printed times are rounded. Lists of equal length whose times are nearer than half a step are the same times; otherwise a
/// time is the nearest one within some parts of 100,000.
fn pairs(reference: &[f64], here: &[f64]) -> Vec<(usize, usize)> {
    let step = |times: &[f64]| times.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let near = 0.49 * step(here).min(step(reference));
    if reference.len() == here.len() && reference.iter().zip(here).all(|(a, b)| (a - b).abs() < near) {
        return (0..here.len()).map(|at| (at, at)).collect();
    }
    let nearest = |time: f64| {
        let after = here.partition_point(|&other| other < time);
        let around = [after.checked_sub(1), Some(after).filter(|&at| at < here.len())];
        around.into_iter().flatten().min_by(|&a, &b| (here[a] - time).abs().total_cmp(&(here[b] - time).abs()))
    };
    let tolerated = |time: f64| 1e-5 * time.abs().max(1e-3);
    let found = reference.iter().enumerate().filter_map(|(at, &time)| Some((at, nearest(time)?)));
    found.filter(|&(at, other)| (reference[at] - here[other]).abs() <= tolerated(reference[at])).collect()
}
