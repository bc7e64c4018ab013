//! Thresholds: what is remembered of them, and the events that have fired.

use kernel::event::{self, Action, Record};

use super::memory::Memory;
use crate::module::Module;

/// All thresholds.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    thresholds: Vec<Watched>,
    /// Events since the last reset, oldest first.
    pub(super) records: Vec<Record>,
}

#[derive(Clone, Debug)]
struct Watched {
    threshold: event::Threshold,
    /// The first number.
    cell: usize,
    first_element: u32,
    first_event: u32,
    actions: Vec<Action>,
    memories: Vec<event::Memory>,
}

impl Watch {
    /// Nothing has happened.
    pub(super) fn new(module: &Module, memory: &Memory) -> Self {
        let mut first_event = 0;
        let thresholds = module.thresholds.values().map(|data| {
            let threshold = data.in_kernel();
            first_event += threshold.n_events;
            Watched {
                threshold,
                cell: memory.bases[data.slot] + data.first as usize,
                first_element: data.first,
                first_event: first_event - threshold.n_events,
                actions: data.actions.clone(),
                memories: vec![event::Memory::default(); data.n as usize],
            }
        });
        Self { thresholds: thresholds.collect(), records: Vec::new() }
    }

    /// A run begins again.
    pub(super) fn reset(&mut self) {
        for watched in &mut self.thresholds {
            watched.memories.iter_mut().for_each(|memory| watched.threshold.reset(memory));
        }
        self.records.clear();
    }

    /// Looks at a step; gives the strongest action among the events that fire.
    pub(super) fn look(&mut self, cells: &[f64], time: f64, step: u64) -> Action {
        let mut strongest = Action::Message;
        for watched in &mut self.thresholds {
            let numbers = &cells[watched.cell..][..watched.memories.len()];
            for ((element, &value), memory) in (watched.first_element..).zip(numbers).zip(&mut watched.memories) {
                if let Some(event) = watched.threshold.watch(memory, value, step) {
                    strongest = strongest.max(watched.actions[event as usize]);
                    let event = watched.first_event + event;
                    self.records.push(Record { event, element, step, time, value });
                }
            }
        }
        strongest
    }
}
