//! Conveyors and queues. What they are is the kernel's; here it gets its numbers, which [`crate::transport_args`] evaluates.

use kernel::lookup::block_len;
use kernel::transport::{self, Query, Sizes};
use simc_model::model::{Transport, TransportRead};

/// The memory of a transport that is initialised at the start with these numbers, and the error word, 0 when all is well. `number`
/// counts elements within the transport.
pub(crate) fn initialise(model: &Transport, number: usize, dt: f64, start: &[f64]) -> (Vec<f64>, u64) {
    let which = model.first as f64 + number as f64;
    let args = [&[which, dt, f64::from(model.cells)], start].concat();
    let words = usize::try_from(words(model)).expect("the limit has been checked");
    let mut memory = vec![0.0; words];
    let error = transport::initialise(query_of(model), &mut memory, &args);
    (memory, error)
}

/// Notes with a transport where another one leaks into it.
pub(crate) fn trace(memory: &mut [f64], source: &[f64], args: &[f64]) {
    transport::conveyor::trace(memory, &mut source.to_vec(), args);
}

/// Takes a transport to the next step; gives the error word.
pub(crate) fn advance(model: &Transport, memory: &mut [f64], args: &[f64]) -> u64 {
    transport::advance(query_of(model), memory, args)
}

/// What a transport shows.
pub(crate) fn measure(read: &TransportRead, memory: &[f64], args: &[f64]) -> f64 {
    // Where something leaks is noted when the transports advance, and then by the inflow that comes first.
    let args = if read.noted_with.is_some() { &args[1..] } else { args };
    transport::measure(read.query, &mut memory.to_vec(), args)
}

/// Words of an element of a transport.
pub(crate) fn words(model: &Transport) -> u64 {
    let n_points: usize = model.curves().map(|(xs, _)| xs.len()).sum();
    let of_points = block_len(n_points) - block_len(0);
    let extra = model.curves().count() as u32 * (1 + block_len(0) as u32) + of_points as u32 + model.n_notes();
    let [leaks, inflows] = [model.n_leaks(), model.n_inflows()].map(|n| n as u32);
    transport::words(Sizes { cells: model.cells, leaks, inflows, extra, args: 0 })
}

fn query_of(model: &Transport) -> Query {
    if model.is_queue() { Query::Queue } else { Query::Conveyor }
}
