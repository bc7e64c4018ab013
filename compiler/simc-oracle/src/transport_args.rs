//! What conveyors and queues take at the start and in a step, as numbers in the order in which the kernel takes them.

use kernel::transport::conveyor::{
    AS_LEAKED, AS_THERE, AT_ENTRY, BY_TABLE, DISCRETE, DRIVEN, EVEN, EXPONENTIAL, IGNORES_LOSSES, REQUESTED, SERVED,
};
use simc_model::model::{Conveyor, Expr, ExprKind, InflowDriver, InflowSpread, StateId, Transport, TransportForm};

use crate::eval::Spot;

/// What a transport is initialised with. A queue: its volume. A conveyor: `flags, transit, n_leaks, n_inflows, n_tables, n_values`, then
/// `start, end, integers` for each leak, `kind, spread, slats to be noted` for each inflow, `n, x..., y...` for each distribution, a
/// fraction for each leak, and the initial values.
pub(crate) fn eval_start(model: &Transport, now: &Spot<'_>) -> Vec<f64> {
    match &model.form {
        TransportForm::Queue(queue) => vec![now.eval_expr(&queue.initial)],
        TransportForm::Conveyor(conveyor) => eval_conveyor(model, conveyor, now),
    }
}

fn eval_conveyor(model: &Transport, conveyor: &Conveyor, now: &Spot<'_>) -> Vec<f64> {
    let flags = [
        (conveyor.is_discrete, DISCRETE),
        (conveyor.leaks_exponentially, EXPONENTIAL),
        (conveyor.ignores_losses, IGNORES_LOSSES),
    ];
    let flags: u32 = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum();
    let counts = [conveyor.leaks.len(), conveyor.inflows.len(), model.curves().count()];
    let mut args = vec![f64::from(flags), now.eval_expr(&conveyor.transit)];
    args.extend(counts.map(|n| n as f64));
    args.push(now.eval_expr(&conveyor.n_initial));
    for leak in &conveyor.leaks {
        args.extend([leak.start, leak.end, f64::from(u8::from(leak.is_whole))]);
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
        args.extend([kind, spread, slats].map(f64::from));
    }
    for (xs, ys) in model.curves() {
        args.push(xs.len() as f64);
        args.extend(xs);
        args.extend(ys.iter().map(|y| now.eval_expr(y)));
    }
    args.extend(conveyor.leaks.iter().map(|leak| now.eval_expr(&leak.initial_fraction)));
    args.extend(conveyor.initial.iter().map(|initial| now.eval_expr(initial)));
    args
}

/// What a transport needs to advance. A queue: `outflow`, and a rate for each inflow. A conveyor:
/// `held, sample, transit`, a fraction for each leak, `arrest, capacity, in_limit, time, removed`, and
/// a rate for each inflow.
pub(crate) fn eval_advance(model: &Transport, now: &Spot<'_>) -> Vec<f64> {
    let conveyor = match &model.form {
        TransportForm::Queue(_) => {
            return model.advance_exprs().into_iter().map(|expr| now.eval_expr(expr)).collect();
        }
        TransportForm::Conveyor(conveyor) => conveyor,
    };
    let mut args: Vec<f64> =
        [&conveyor.held, &conveyor.sample, &conveyor.transit].map(|expr| now.eval_expr(expr)).to_vec();
    args.extend(conveyor.leaks.iter().map(|leak| now.eval_expr(&leak.fraction)));
    args.extend([&conveyor.arrest, &conveyor.capacity, &conveyor.inflow_limit].map(|expr| now.eval_expr(expr)));
    args.push(now.instant.clock.time);
    args.push(now.eval_expr(&conveyor.removed));
    args.extend(conveyor.inflows.iter().map(|inflow| now.eval_expr(&inflow.rate)));
    args
}

/// The transports whose leaks are inflows of this one, with what these are traced with.
pub(crate) fn eval_traces(model: &Transport, now: &Spot<'_>) -> Vec<(StateId, Vec<f64>)> {
    let traced = |expr: &Expr| {
        let ExprKind::Transport(read) = &expr.node(expr.root()).kind else { return None };
        let values = now.eval_nodes(expr);
        let args = read.args.iter().map(|arg| values[arg.0 as usize]).collect();
        read.noted_with.is_some().then_some((read.state, args))
    };
    let inflows = model.conveyor().map_or(&[][..], |conveyor| &conveyor.inflows);
    inflows.iter().filter_map(|inflow| traced(&inflow.rate)).collect()
}
