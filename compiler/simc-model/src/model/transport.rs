//! Conveyors and queues.

use crate::model::expr::Expr;
use crate::model::id::VarId;

/// A conveyor or a queue; for each combination of its state's extents there is one of its own.
#[derive(Clone, Debug)]
pub struct Transport {
    /// The stock that it is.
    pub stock: VarId,
    /// The number of its first element: those of all conveyors and queues are counted together, in the order of their stocks, and
    /// an error word names one by its number.
    pub first: u64,
    /// Room for that many slats or batches.
    pub cells: u32,
    /// Which of both it is.
    pub form: TransportForm,
}

/// What a conveyor or a queue computes.
#[derive(Clone, Debug)]
pub enum TransportForm {
    /// Material travels along slats.
    Conveyor(Box<Conveyor>),
    /// Batches wait for their turn.
    Queue(Queue),
}

/// The equations of a queue.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// Its volume at the start.
    pub initial: Expr,
    /// What flows out.
    pub outflow: Expr,
    /// What each inflow brings, a batch of its own, in their order.
    pub inflows: Vec<Expr>,
}

/// The equations and flows of a conveyor. An equation that the model lacks is the number that changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Conveyor {
    /// Material comes in whole units.
    pub is_discrete: bool,
    /// Leaks take a fraction of what is there.
    pub leaks_exponentially: bool,
    /// A leak finds all that came in, whatever others took in earlier zones.
    pub ignores_losses: bool,
    /// How long material travels.
    pub transit: Expr,
    /// Whether the transit time is looked at.
    pub sample: Expr,
    /// Whether it stands still.
    pub arrest: Expr,
    /// Whether nothing leaves at the exit, because what is there is arrested.
    pub held: Expr,
    /// How much has room.
    pub capacity: Expr,
    /// How much comes in within a time unit.
    pub inflow_limit: Expr,
    /// The sum of what leaves.
    pub removed: Expr,
    /// How many of the initial values are a list, one for each step of the way; 0 when the one value is all contents in steady
    /// state.
    pub n_initial: Expr,
    /// The initial values; at least one.
    pub initial: Vec<Expr>,
    /// Its leaks, in the order of the outflows.
    pub leaks: Vec<Leak>,
    /// Its inflows, in their order.
    pub inflows: Vec<Inflow>,
}

/// A flow that leaks from a conveyor.
#[derive(Clone, Debug)]
pub struct Leak {
    /// The flow.
    pub flow: VarId,
    /// Where its zone begins, as a part of the way from the entry.
    pub start: f64,
    /// Where its zone ends.
    pub end: f64,
    /// It takes whole units ([`LeakDef::integers`](crate::definition::LeakDef::integers)).
    pub is_whole: bool,
    /// The fraction that it takes of what is on the conveyor at the start.
    pub initial_fraction: Expr,
    /// The fraction that it takes in a step: 0 into a conveyor that is arrested.
    pub fraction: Expr,
}

/// A flow that enters a conveyor.
#[derive(Clone, Debug)]
pub struct Inflow {
    /// The flow.
    pub flow: VarId,
    /// Who says how much comes.
    pub driver: InflowDriver,
    /// Where it enters.
    pub spread: InflowSpread,
    /// The rate that it asks for, or that others drive.
    pub rate: Expr,
}

/// Who says how much comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InflowDriver {
    /// The flow asks, and gets what there is room for.
    Request,
    /// The conveyor that it leaves.
    Conveyor,
    /// The queue that it leaves.
    Queue,
}

/// Where an inflow enters a conveyor: the [`Spread`](crate::definition::Spread) of its definition, resolved.
#[derive(Clone, Debug)]
pub enum InflowSpread {
    /// At the entry: `Spread::Beginning`.
    Entry,
    /// The same onto each slat.
    Even,
    /// In proportion to what is there: `Spread::Dest`.
    Contents,
    /// Where it leaked from another conveyor, which has that many slats: `Spread::Source`.
    Leaked(u32),
    /// By a distribution, `Spread::Dist`: points of a curve along the way.
    Curve {
        /// Where, as parts of the way.
        xs: Vec<f64>,
        /// How much: numbers, or values of a graphical function, as they are at the start.
        ys: Vec<Expr>,
    },
}

impl Transport {
    /// Stands for a conveyor or queue whose equations are not known yet.
    pub fn unknown(stock: VarId, is_queue: bool) -> Self {
        let form =
            if is_queue { TransportForm::Queue(Queue::default()) } else { TransportForm::Conveyor(Box::default()) };
        Self { stock, first: 0, cells: 1, form }
    }

    /// Whether it is a queue.
    pub fn is_queue(&self) -> bool {
        matches!(self.form, TransportForm::Queue(_))
    }

    /// The conveyor, if it is one.
    pub fn conveyor(&self) -> Option<&Conveyor> {
        match &self.form {
            TransportForm::Conveyor(conveyor) => Some(conveyor),
            TransportForm::Queue(_) => None,
        }
    }

    /// How many leaks it has.
    pub fn n_leaks(&self) -> usize {
        self.conveyor().map_or(0, |conveyor| conveyor.leaks.len())
    }

    /// How many inflows the memory of its state knows of: a queue makes batches of what they bring.
    pub fn n_inflows(&self) -> usize {
        self.conveyor().map_or(0, |conveyor| conveyor.inflows.len())
    }

    /// The distributions of its inflows.
    pub fn curves(&self) -> impl Iterator<Item = (&[f64], &[Expr])> {
        self.inflows().iter().filter_map(|inflow| match &inflow.spread {
            InflowSpread::Curve { xs, ys } => Some((xs.as_slice(), ys.as_slice())),
            InflowSpread::Entry | InflowSpread::Even | InflowSpread::Contents | InflowSpread::Leaked(_) => None,
        })
    }

    /// Room for what is noted of the conveyors that leak into it: for each inflow that is spread as it leaked one, and the slats of
    /// the conveyor.
    pub fn n_notes(&self) -> u32 {
        let notes = |inflow: &Inflow| if let InflowSpread::Leaked(slats) = inflow.spread { 1 + slats } else { 0 };
        self.inflows().iter().map(notes).sum()
    }

    fn inflows(&self) -> &[Inflow] {
        self.conveyor().map_or(&[], |conveyor| &conveyor.inflows)
    }

    /// What it is initialised with, in the order of evaluation.
    pub fn start_exprs(&self) -> Vec<&Expr> {
        match &self.form {
            TransportForm::Queue(queue) => vec![&queue.initial],
            TransportForm::Conveyor(conveyor) => {
                let fractions = conveyor.leaks.iter().map(|leak| &leak.initial_fraction);
                let curves = self.curves().flat_map(|(_, ys)| ys);
                let first = [&conveyor.transit, &conveyor.n_initial].into_iter().chain(curves);
                first.chain(fractions).chain(&conveyor.initial).collect()
            }
        }
    }

    /// What a step needs, in the order of evaluation.
    pub fn advance_exprs(&self) -> Vec<&Expr> {
        match &self.form {
            TransportForm::Queue(queue) => [&queue.outflow].into_iter().chain(&queue.inflows).collect(),
            TransportForm::Conveyor(conveyor) => {
                let first = [&conveyor.held, &conveyor.sample, &conveyor.transit];
                let fractions = conveyor.leaks.iter().map(|leak| &leak.fraction);
                let entry = [&conveyor.arrest, &conveyor.capacity, &conveyor.inflow_limit, &conveyor.removed];
                let rates = conveyor.inflows.iter().map(|inflow| &inflow.rate);
                first.into_iter().chain(fractions).chain(entry).chain(rates).collect()
            }
        }
    }
}
