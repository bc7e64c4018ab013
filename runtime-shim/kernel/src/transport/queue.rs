//! Queues: batches in the order of their arrival.
//!
//! In a step a queue first gets a batch of what each of its inflows brings, in their order; then its outflows are served from the
//! front, one after the other. So what has been served before an outflow's turn is a volume at the front, and that is all that it needs to know of the
//! others: `before` is the sum of their rates.

use super::{CELLS, CONTENTS, Cells, DT, EXTRA, HEAD, HEADER_WORDS, LEN, N_INFLOWS, N_LEAKS, WHICH};
use super::{fault, is_true, place, positive};
use crate::abi::ERROR_QUEUE_FULL;

/// Part of a queue's volume that rounding may leave of a batch that has been served.
const CRUMB: f64 = 1e-12;

/// `(which, dt, cells, volume)`: a queue of one batch, or an empty one.
pub(super) fn initialise(queue: &mut [f64], args: &[f64]) -> u64 {
    let &[which, dt, cells, volume] = args else { panic!("a queue is initialised with 4 numbers, not {}", args.len()) };
    queue[..HEADER_WORDS].fill(0.0);
    (queue[WHICH], queue[DT], queue[CELLS]) = (which, dt, cells);
    (queue[N_LEAKS], queue[N_INFLOWS], queue[EXTRA]) = (0.0, 0.0, 0.0);
    if volume > 0.0 {
        queue[HEADER_WORDS] = volume;
        (queue[LEN], queue[CONTENTS]) = (1.0, volume);
    }
    0
}

/// What an outflow of a queue may take.
struct Turn<'a> {
    /// The rates of the inflows.
    inflows: &'a [f64],
    /// The volume at the front that has been served.
    before: f64,
    /// The volume that it asks for.
    request: f64,
    one_at_a_time: bool,
    batch_integrity: bool,
}

impl<'a> Turn<'a> {
    fn new(queue: &[f64], args: &'a [f64]) -> Self {
        let &[before, request, one_at_a_time, batch_integrity, ref inflows @ ..] = args else {
            panic!("an outflow has a turn with 4 numbers, not {}", args.len())
        };
        Self {
            inflows,
            before: positive(before) * queue[DT],
            request: positive(request),
            one_at_a_time: is_true(one_at_a_time),
            batch_integrity: is_true(batch_integrity),
        }
    }

    /// What is left of each batch, front first.
    fn batches<'b>(&self, queue: &'b [f64]) -> impl Iterator<Item = f64> + use<'a, 'b> {
        let (inflows, crumb) = (self.inflows, crumb(queue, self.inflows));
        let mut served = self.before;
        (0..queue[LEN] as usize + inflows.len()).filter_map(move |index| {
            let left = batch(queue, inflows, index) - served;
            served = if left > crumb { 0.0 } else { positive(-left) };
            (left > crumb).then_some(left)
        })
    }

    /// The volume that it takes.
    fn served(&self, queue: &[f64]) -> f64 {
        let mut sum = 0.0;
        for batch in self.batches(queue) {
            let next = sum + batch;
            if next > self.request * (1.0 + CRUMB) {
                return if self.batch_integrity { sum } else { self.request.max(sum) };
            }
            sum = next;
            if self.one_at_a_time {
                return sum;
            }
        }
        sum
    }

    /// The volume that it would take if nothing kept it from that.
    fn wanted(&self, queue: &[f64]) -> f64 {
        let mut batches = self.batches(queue);
        if self.one_at_a_time { batches.next().unwrap_or(0.0) } else { batches.fold(0.0, |sum, batch| sum + batch) }
    }
}

pub(super) fn serve(queue: &[f64], args: &[f64]) -> f64 {
    Turn::new(queue, args).served(queue) / queue[DT]
}

pub(super) fn refuse(queue: &[f64], args: &[f64]) -> f64 {
    let turn = Turn::new(queue, args);
    positive(turn.wanted(queue) - turn.served(queue)) / queue[DT]
}

/// A batch, counted from 0 at the front; after those that are there come those of the inflows.
fn batch(queue: &[f64], inflows: &[f64], index: usize) -> f64 {
    let len = queue[LEN] as usize;
    if index < len {
        queue[HEADER_WORDS + place(queue[HEAD] as usize, index, queue[CELLS] as usize)]
    } else {
        positive(inflows[index - len]) * queue[DT]
    }
}

/// The volume that rounding may leave of a batch that has been served.
fn crumb(queue: &[f64], inflows: &[f64]) -> f64 {
    let arriving = inflows.iter().fold(0.0, |sum, &inflow| sum + positive(inflow));
    CRUMB * (queue[CONTENTS] + arriving * queue[DT])
}

/// `(outflow, inflows...)`: what an inflow brings becomes a batch unless it is nothing, and what goes out leaves at the front.
pub(super) fn advance(queue: &mut [f64], args: &[f64]) -> u64 {
    let &[outflow, ref inflows @ ..] = args else { panic!("a queue advances with its outflow at least") };
    let mut served = positive(outflow) * queue[DT];
    let crumb = crumb(queue, inflows);
    let (cells, mut head, mut len) = (queue[CELLS] as usize, queue[HEAD] as usize, queue[LEN] as usize);
    while len > 0 {
        let left = queue[HEADER_WORDS + head] - served;
        if left > crumb {
            queue[HEADER_WORDS + head] = left;
            served = 0.0;
            break;
        }
        served = positive(-left);
        head = place(head, 1, cells);
        len -= 1;
    }
    for &inflow in inflows {
        let left = positive(inflow) * queue[DT] - served;
        served = positive(-left);
        if left > crumb {
            if len == cells {
                return fault(queue, ERROR_QUEUE_FULL);
            }
            queue[HEADER_WORDS + place(head, len, cells)] = left;
            len += 1;
        }
    }
    (queue[HEAD], queue[LEN]) = (head as f64, len as f64);
    queue[CONTENTS] = Cells::new(queue).sum();
    0
}
