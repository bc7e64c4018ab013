//! What conveyors and queues take at the start and in a step, in the order in which the kernel takes it.

use kernel::transport::conveyor::{
    AS_LEAKED, AS_THERE, AT_ENTRY, BY_TABLE, DISCRETE, DRIVEN, EVEN, EXPONENTIAL, IGNORES_LOSSES, REQUESTED, SERVED,
};
use simc_model::model::{Conveyor, Expr, InflowDriver, InflowSpread, Transport, TransportForm};

/// A number that a conveyor or queue takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Taken<'m> {
    /// A number that stands for a choice, a place, or how many there are.
    Number(f64),
    /// The time.
    Time,
    /// The value of an expression.
    Value(&'m Expr),
}

/// What a transport is initialised with. A queue: its volume. A conveyor: `flags, transit, n_leaks, n_inflows, n_tables, n_values`, then
/// `start, end, integers` for each leak, `kind, spread, slats to be noted` for each inflow, `n, x..., y...` for each distribution, a
/// fraction for each leak, and the initial values.
pub(super) fn taken_at_start(model: &Transport) -> Vec<Taken<'_>> {
    match &model.form {
        TransportForm::Queue(queue) => vec![Taken::Value(&queue.initial)],
        TransportForm::Conveyor(conveyor) => conveyor_at_start(model, conveyor),
    }
}

fn conveyor_at_start<'m>(model: &'m Transport, conveyor: &'m Conveyor) -> Vec<Taken<'m>> {
    let flags = [
        (conveyor.is_discrete, DISCRETE),
        (conveyor.leaks_exponentially, EXPONENTIAL),
        (conveyor.ignores_losses, IGNORES_LOSSES),
    ];
    let flags: u32 = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum();
    let counts = [conveyor.leaks.len(), conveyor.inflows.len(), model.curves().count()];
    let mut taken = vec![Taken::Number(f64::from(flags)), Taken::Value(&conveyor.transit)];
    taken.extend(counts.map(|n| Taken::Number(n as f64)));
    taken.push(Taken::Value(&conveyor.n_initial));
    for leak in &conveyor.leaks {
        taken.extend([leak.start, leak.end, f64::from(u8::from(leak.is_whole))].map(Taken::Number));
    }
    let mut n_curves = 0;
    for inflow in &conveyor.inflows {
        let kind = match inflow.driver {
            InflowDriver::Request => REQUESTED,
            InflowDriver::Conveyor => DRIVEN,
            InflowDriver::Queue => SERVED,
        };
        let (spread, slats) = match inflow.spread {
            InflowSpread::Entry => (AT_ENTRY, 0),
            InflowSpread::Even => (EVEN, 0),
            InflowSpread::Contents => (AS_THERE, 0),
            InflowSpread::Leaked(slats) => (AS_LEAKED, slats),
            InflowSpread::Curve { .. } => (BY_TABLE + n_curves, 0),
        };
        n_curves += u32::from(matches!(inflow.spread, InflowSpread::Curve { .. }));
        taken.extend([kind, spread, slats].map(|number| Taken::Number(f64::from(number))));
    }
    for (xs, ys) in model.curves() {
        taken.push(Taken::Number(xs.len() as f64));
        taken.extend(xs.iter().map(|&x| Taken::Number(x)));
        taken.extend(ys.iter().map(Taken::Value));
    }
    taken.extend(conveyor.leaks.iter().map(|leak| Taken::Value(&leak.initial_fraction)));
    taken.extend(conveyor.initial.iter().map(Taken::Value));
    taken
}

/// What a transport needs to advance. A queue: `outflow`, and a rate for each inflow. A conveyor:
/// `held, sample, transit`, a fraction for each leak, `arrest, capacity, in_limit, time, removed`, and
/// a rate for each inflow.
pub(super) fn taken_in_step(model: &Transport) -> Vec<Taken<'_>> {
    let conveyor = match &model.form {
        TransportForm::Queue(_) => return model.advance_exprs().into_iter().map(Taken::Value).collect(),
        TransportForm::Conveyor(conveyor) => conveyor,
    };
    let mut taken = [&conveyor.held, &conveyor.sample, &conveyor.transit].map(Taken::Value).to_vec();
    taken.extend(conveyor.leaks.iter().map(|leak| Taken::Value(&leak.fraction)));
    taken.extend([&conveyor.arrest, &conveyor.capacity, &conveyor.inflow_limit].map(Taken::Value));
    taken.push(Taken::Time);
    taken.push(Taken::Value(&conveyor.removed));
    taken.extend(conveyor.inflows.iter().map(|inflow| Taken::Value(&inflow.rate)));
    taken
}

/// How many of the numbers are known without an expression.
pub(super) fn n_known(taken: &[Taken<'_>]) -> usize {
    taken.iter().filter(|taken| !matches!(taken, Taken::Value(_))).count()
}
