//! Events: which thresholds are passed at a step, and what the run does then.

use simc_model::model::{Action, Direction, Model, Repeat, Threshold};

use crate::eval::Instant;

/// An event that has fired.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fired {
    /// Its number: all events of all thresholds, in order.
    pub event: u32,
    /// The element of its variable, row-major.
    pub element: u32,
    /// The step.
    pub step: u64,
    /// Its time.
    pub time: f64,
    /// What the variable was.
    pub value: f64,
}

/// What an instance remembers for its thresholds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    /// For each element of each threshold, in order.
    elements: Vec<Element>,
    /// All events since the run began.
    pub(crate) fired: Vec<Fired>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Element {
    /// Whether it was beyond the threshold at the last step; none before the first.
    was_beyond: Option<bool>,
    /// How many events have fired.
    n_fired: usize,
    /// The step at which the last one has.
    last: u64,
}

impl Watch {
    /// Nothing has happened.
    pub(crate) fn new(model: &Model) -> Self {
        let n = model.thresholds.iter().map(|threshold| threshold.n as usize).sum();
        Self { elements: vec![Element::default(); n], fired: Vec::new() }
    }

    /// A run begins again: what fires once ever stays fired.
    pub(crate) fn reset(&mut self, model: &Model) {
        let mut elements = self.elements.iter_mut();
        for threshold in &model.thresholds {
            for element in elements.by_ref().take(threshold.n as usize) {
                let n_fired = if threshold.repeat == Repeat::OnceEver { element.n_fired } else { 0 };
                *element = Element { n_fired, ..Element::default() };
            }
        }
        self.fired.clear();
    }

    /// Looks at a step; gives the strongest action among the events that fire.
    pub(crate) fn look(&mut self, model: &Model, now: &Instant<'_>, step: u64) -> Action {
        let mut strongest = Action::Message;
        let (mut at, mut first_event) = (0, 0);
        for threshold in &model.thresholds {
            let var = model.watched[threshold.watched as usize].var;
            let block = now.shapes.var(var);
            for element in threshold.first..threshold.first + threshold.n {
                let value = now.vars[block.first + element as usize];
                if let Some(event) = self.elements[at].pass(threshold, value, step) {
                    let action = threshold.events[event].action;
                    let stronger = matches!(
                        (strongest, action),
                        (Action::Message, Action::Pause | Action::Stop) | (Action::Pause, Action::Stop)
                    );
                    if stronger {
                        strongest = action;
                    }
                    let event = first_event + event as u32;
                    self.fired.push(Fired { event, element, step, time: now.clock.step_time, value });
                }
                at += 1;
            }
            first_event += threshold.events.len() as u32;
        }
        strongest
    }
}

impl Element {
    /// Which event of the threshold fires, if any.
    fn pass(&mut self, threshold: &Threshold, value: f64, step: u64) -> Option<usize> {
        let is_beyond = match threshold.direction {
            Direction::Increasing => value > threshold.value,
            Direction::Decreasing => value < threshold.value,
        };
        let was_beyond = self.was_beyond.replace(is_beyond);
        let passes = is_beyond && was_beyond == Some(false);
        let repeats = match threshold.repeat {
            Repeat::Each(interval) if interval > 0 => {
                let is_due = self.n_fired > 0 && step >= self.last + u64::from(interval);
                is_beyond && was_beyond == Some(true) && is_due
            }
            Repeat::Each(_) | Repeat::Once | Repeat::OnceEver => false,
        };
        let event = if threshold.repeat == Repeat::Once || threshold.repeat == Repeat::OnceEver {
            self.n_fired
        } else {
            self.n_fired.min(threshold.events.len() - 1)
        };
        if !(passes || repeats) || event >= threshold.events.len() {
            return None;
        }
        self.n_fired += 1;
        self.last = step;
        Some(event)
    }
}
