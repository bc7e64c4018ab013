//! An instance whose claims have been checked against its memory.

use simc_artifact::{RESERVED_SLOTS, WasmLayout, export};

use crate::engine::{Call, Instance, Module};
use crate::error::{Code, Error, contradiction};

/// Bytes of the record of an event.
const EVENT_BYTES: usize = simc_artifact::RECORD_BYTES as usize;

/// Where things are in memory.
#[derive(Clone, Copy, Debug)]
struct Geometry {
    n_slots: usize,
    n_rows: usize,
    results: usize,
    inputs: usize,
    n_inputs: usize,
    events: usize,
    n_events: usize,
}

/// An instance and its geometry.
pub(crate) struct Checked {
    instance: Box<dyn Instance>,
    at: Geometry,
}

impl Checked {
    pub(crate) fn new(module: &dyn Module, layout: &WasmLayout) -> Result<Self, Error> {
        let mut instance = module.instantiate()?;
        let mut read = |name: &str| {
            instance.global(name).ok_or_else(|| {
                let message = format!("the module is not an artifact of simc: it does not export `{name}`");
                Error::new(Code::BadArtifact, message)
            })
        };
        let [n_slots, n_rows, results] =
            [read(export::N_SLOTS)?, read(export::N_CHUNKS)?, read(export::RESULTS_OFFSET)?].map(u64::from);
        let [inputs, n_inputs] = [read(export::INPUTS_OFFSET)?, read(export::INPUTS_CAPACITY)?].map(u64::from);
        read(export::SAVED_STEPS)?;
        let [mut events, mut n_events] = [0; 2];
        if instance.global(export::EVENT_COUNT).is_some() {
            let mut read = |name: &str| instance.global(name).map(u64::from);
            let place = (read(export::EVENTS_OFFSET), read(export::EVENTS_CAPACITY), read(export::RUN_STATE));
            let (Some(offset), Some(capacity @ 1..), Some(_)) = place else {
                return Err(contradiction("it has events, and no records of them"));
            };
            (events, n_events) = (offset, capacity);
        }
        let size = instance.memory().len() as u64;
        if (n_slots, n_rows, results) != (layout.n_slots, layout.n_chunks, layout.results_offset) {
            return Err(contradiction("its exports and its layout disagree on where the results are"));
        }
        // Each is below 2^32, so that no product or sum overflows.
        let is_within = |offset: u64, bytes: u128| u128::from(offset) + bytes <= u128::from(size);
        let rows = 8 * u128::from(n_slots) * u128::from(n_rows);
        let fits = is_within(results, rows) && 8 * n_slots <= results && n_slots >= u64::from(RESERVED_SLOTS);
        if !fits || n_rows == 0 {
            let message = format!("{n_rows} rows of {n_slots} slots do not fit its memory of {size} bytes");
            return Err(contradiction(message));
        }
        if !is_within(inputs, 8 * u128::from(n_inputs)) {
            return Err(contradiction("its inputs do not fit its memory"));
        }
        if !is_within(events, EVENT_BYTES as u128 * u128::from(n_events)) {
            return Err(contradiction("its records of events do not fit its memory"));
        }
        let at = Geometry {
            n_slots: n_slots as usize,
            n_rows: n_rows as usize,
            results: results as usize,
            inputs: inputs as usize,
            n_inputs: n_inputs as usize,
            events: events as usize,
            n_events: n_events as usize,
        };
        Ok(Self { instance, at })
    }

    /// Calls a function. Artifacts of simc never trap.
    pub(crate) fn call(&mut self, call: Call) -> Result<u64, Error> {
        self.instance.call(call).map_err(|trap| {
            Error::new(Code::BadArtifact, format!("the artifact stopped where artifacts of simc never stop: {trap}"))
        })
    }

    pub(crate) fn n_slots(&self) -> usize {
        self.at.n_slots
    }

    /// Records of events that it keeps; 0 in a model without events.
    pub(crate) fn n_events(&self) -> usize {
        self.at.n_events
    }

    /// Rows saved so far, never more than there is room for.
    pub(crate) fn saved(&mut self) -> usize {
        let saved = self.instance.global(export::SAVED_STEPS).unwrap_or(0);
        (saved as usize).min(self.at.n_rows)
    }

    pub(crate) fn is_complete(&mut self) -> bool {
        self.saved() == self.at.n_rows
    }

    /// 0, or 1 when an event has paused the run, or 2 when one has stopped it.
    pub(crate) fn run_state(&mut self) -> u32 {
        if self.at.n_events == 0 { 0 } else { self.instance.global(export::RUN_STATE).unwrap_or(0) }
    }

    /// Events that have fired since the instance was new or reset.
    pub(crate) fn event_count(&mut self) -> u32 {
        if self.at.n_events == 0 { 0 } else { self.instance.global(export::EVENT_COUNT).unwrap_or(0) }
    }

    /// The record of an event that is still kept.
    pub(crate) fn event(&self, number: u32) -> simc_artifact::Record {
        let at = self.at.events + EVENT_BYTES * (number as usize % self.at.n_events.max(1));
        simc_artifact::decode_record(&self.instance.memory()[at..])
    }

    /// Code and place of what went wrong in the run; zeros when nothing did.
    pub(crate) fn error(&mut self) -> Result<(u32, u32), Error> {
        let word = self.call(Call::GetError)?;
        Ok((word as u32, (word >> 32) as u32))
    }

    /// The live chunk, as bytes.
    pub(crate) fn live(&self) -> &[u8] {
        &self.instance.memory()[..8 * self.at.n_slots]
    }

    /// A row, as bytes.
    pub(crate) fn row(&self, row: usize) -> &[u8] {
        let at = self.at.results + 8 * self.at.n_slots * row;
        &self.instance.memory()[at..at + 8 * self.at.n_slots]
    }

    /// Sets slots that are settable and ascend, neighbours at once.
    pub(crate) fn set(&mut self, slots: &[(usize, f64)]) -> Result<(), Error> {
        let most = self.at.n_inputs.max(1);
        for run in slots.chunk_by(|(a, _), (b, _)| a + 1 == *b).flat_map(|run| run.chunks(most)) {
            let Some(&(first, value)) = run.first() else { continue };
            let number = i32::try_from(first).map_err(|_| contradiction(format!("there is no slot {first}")))?;
            let call = if run.len() == 1 {
                Call::SetValue(number, value)
            } else {
                self.write_inputs(run.iter().map(|&(_, value)| value));
                Call::SetValues(number, i32::try_from(run.len()).map_err(|_| contradiction("it has too many inputs"))?)
            };
            if self.call(call)? != 0 {
                return Err(contradiction(format!("it lists slot {first} as settable, and refuses to set it")));
            }
        }
        Ok(())
    }

    /// Gives a graphical function other points; false when they cannot be its points.
    pub(crate) fn set_table(&mut self, table: usize, points: &[[f64; 2]]) -> Result<bool, Error> {
        let (Ok(table), Ok(n)) = (i32::try_from(table), i32::try_from(points.len())) else { return Ok(false) };
        if 2 * points.len() > self.at.n_inputs {
            return Ok(false);
        }
        self.write_inputs(points.iter().flatten().copied());
        Ok(self.call(Call::SetTable(table, n))? == 0)
    }

    fn write_inputs(&mut self, numbers: impl Iterator<Item = f64>) {
        let place = &mut self.instance.memory_mut()[self.at.inputs..][..8 * self.at.n_inputs];
        for (bytes, number) in place.chunks_exact_mut(8).zip(numbers) {
            bytes.copy_from_slice(&number.to_le_bytes());
        }
    }
}

/// A number among bytes; NaN where there is none.
pub(crate) fn number_at(bytes: &[u8], slot: usize) -> f64 {
    let number = bytes.get(8 * slot..).and_then(|rest| rest.first_chunk());
    number.map_or(f64::NAN, |bytes| f64::from_le_bytes(*bytes))
}
