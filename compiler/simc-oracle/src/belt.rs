//! Conveyors and queues. What they are is the kernel's; here it gets its numbers, which [`crate::transport`] evaluates.

use kernel::belt::{self, Port, Sizes};
use kernel::lookup::block_len;
use simc_model::model::{Belt, BeltPort};

/// The memory of a belt that is initialised at the start with these numbers, and the error word, 0 when all is well. `number`
/// counts elements within the belt.
pub(crate) fn charge(model: &Belt, number: usize, dt: f64, start: &[f64]) -> (Vec<f64>, u64) {
    let which = model.first as f64 + number as f64;
    let args = [&[which, dt, f64::from(model.cells)], start].concat();
    let words = usize::try_from(words(model)).expect("the limit has been checked");
    let mut memory = vec![0.0; words];
    let error = belt::charge(port_of(model), &mut memory, &args);
    (memory, error)
}

/// Notes with a belt where another one leaks into it.
pub(crate) fn trace(memory: &mut [f64], source: &[f64], args: &[f64]) {
    belt::conveyor::trace(memory, &mut source.to_vec(), args);
}

/// Takes a belt to the next step; gives the error word.
pub(crate) fn advance(model: &Belt, memory: &mut [f64], args: &[f64]) -> u64 {
    belt::advance(port_of(model), memory, args)
}

/// What a belt shows.
pub(crate) fn measure(port: BeltPort, memory: &[f64], args: &[f64]) -> f64 {
    let port = match port {
        BeltPort::Contents => Port::Contents,
        BeltPort::Cell => Port::Cell,
        BeltPort::Least => Port::Least,
        BeltPort::Greatest => Port::Greatest,
        BeltPort::Mean => Port::Mean,
        BeltPort::Deviation => Port::Deviation,
        BeltPort::Count => Port::Count,
        BeltPort::Transit => Port::Transit,
        BeltPort::Outflow => Port::Outflow,
        BeltPort::Leak => Port::Leak,
        // Where it leaks is noted when the belts advance.
        BeltPort::Trace(_) => return belt::measure(Port::Leak, &mut memory.to_vec(), &args[1..]),
        BeltPort::Room => Port::Room,
        BeltPort::Admit => Port::Admit,
        BeltPort::Serve => Port::Serve,
        BeltPort::Refuse => Port::Refuse,
    };
    belt::measure(port, &mut memory.to_vec(), args)
}

/// Words of an element of a belt.
pub(crate) fn words(model: &Belt) -> u64 {
    let n_points: usize = model.curves().map(|(xs, _)| xs.len()).sum();
    let of_points = block_len(n_points) - block_len(0);
    let extra = model.curves().count() as u32 * (1 + block_len(0) as u32) + of_points as u32 + model.n_notes();
    let [leaks, inflows] = [model.n_leaks(), model.n_inflows()].map(|n| n as u32);
    belt::words(Sizes { cells: model.cells, leaks, inflows, extra, args: 0 })
}

fn port_of(model: &Belt) -> Port {
    if model.is_queue() { Port::Queue } else { Port::Conveyor }
}
