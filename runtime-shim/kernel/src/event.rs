//! Thresholds that are watched, and the events that fire when a number passes one.
//!
//! A threshold is passed at a step where the number is beyond it and was not at the step before: above it or below it, by its
//! direction. A number that equals it, or is NaN, is not beyond. At the first step nothing is passed.
//!
//! Of the events of a threshold one fires at each passing, in order. What happens after the last one is what [`Repeat`] says.

/// On which side of a threshold a number is beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Above: the number increases past the threshold.
    Increasing,
    /// Below: it decreases past the threshold.
    Decreasing,
}

/// How often events of a threshold fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repeat {
    /// At each passing, the last event again and again; and while the number stays beyond, each time that many steps have gone by since
    /// an event has fired, unless that is 0.
    Each(u32),
    /// Each event once in a run.
    Once,
    /// Each event once in the life of an instance.
    OnceEver,
}

/// What an event does besides being recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Message,
    /// The run pauses after the step.
    Pause,
    /// The run is over after the step.
    Stop,
}

impl Direction {
    /// Both, in the order of their numbers.
    pub const ALL: [Direction; 2] = [Direction::Increasing, Direction::Decreasing];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Increasing => "increasing",
            Direction::Decreasing => "decreasing",
        }
    }
}

impl Action {
    /// All actions, in the order of their numbers: the stronger ones come later.
    pub const ALL: [Action; 3] = [Action::Message, Action::Pause, Action::Stop];

    /// The word for it, as XMILE and the IR's text have it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Message => "message",
            Action::Pause => "pause",
            Action::Stop => "stop",
        }
    }
}

/// When events of one threshold fire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The number that is passed.
    pub value: f64,
    /// In which direction.
    pub direction: Direction,
    /// How often.
    pub repeat: Repeat,
    /// How many events there are, at least one.
    pub n_events: u32,
}

/// What is remembered of one number and one threshold; zeros at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Memory {
    /// 0 before the first step, 1 when the number was not beyond the threshold at the last one, 2 when it was.
    side: u32,
    /// Events that have fired.
    fired: u32,
    /// The step at which one has fired last.
    last: u64,
}

impl Threshold {
    /// The event that fires at a step where the number is `x`, counted from 0 within the threshold.
    pub fn watch(&self, memory: &mut Memory, x: f64, step: u64) -> Option<u32> {
        let is_beyond = match self.direction {
            Direction::Increasing => x > self.value,
            Direction::Decreasing => x < self.value,
        };
        let before = core::mem::replace(&mut memory.side, if is_beyond { 2 } else { 1 });
        let is_due = match self.repeat {
            Repeat::Each(interval) => {
                interval > 0 && memory.fired > 0 && before == 2 && step >= memory.last + u64::from(interval)
            }
            Repeat::Once | Repeat::OnceEver => false,
        };
        if !is_beyond || !(before == 1 || is_due) {
            return None;
        }
        let event = match self.repeat {
            Repeat::Each(_) => memory.fired.min(self.n_events - 1),
            Repeat::Once | Repeat::OnceEver if memory.fired < self.n_events => memory.fired,
            Repeat::Once | Repeat::OnceEver => return None,
        };
        memory.fired = memory.fired.saturating_add(1);
        memory.last = step;
        Some(event)
    }

    /// What is remembered when a run begins again.
    pub fn reset(&self, memory: &mut Memory) {
        let fired = match self.repeat {
            Repeat::Each(_) | Repeat::Once => 0,
            Repeat::OnceEver => memory.fired,
        };
        *memory = Memory { fired, ..Memory::default() };
    }
}

/// What a host finds in memory for each event that has fired.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Record {
    /// Number of the event.
    pub event: u32,
    /// Element of the variable, row-major; 0 for a scalar.
    pub element: u32,
    /// The step at which it has fired.
    pub step: u64,
    /// Its time.
    pub time: f64,
    /// What the variable was there.
    pub value: f64,
}

/// Bytes of a [`Record`].
pub const RECORD_BYTES: u32 = 32;
/// Bytes of a [`Memory`].
pub const MEMORY_BYTES: u32 = 16;
/// Bytes of [`Entry`].
pub const ENTRY_BYTES: u32 = 48;
/// Bytes of [`Watch`].
pub const WATCH_BYTES: u32 = 48;

/// A threshold in an artifact's memory.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Entry {
    /// The number that is passed.
    pub value: f64,
    /// Address of the first number that is watched.
    pub numbers: u32,
    /// How many there are, side by side.
    pub n: u32,
    /// Address of what is remembered of the first; the others follow.
    pub memories: u32,
    /// Element of the variable that the first number is.
    pub first_element: u32,
    /// Number of the first event.
    pub first_event: u32,
    /// How many events there are.
    pub n_events: u32,
    /// 0 increasing, 1 decreasing.
    pub direction: u32,
    /// 0 each, 1 once, 2 once ever.
    pub repeat: u32,
    /// Steps after which an event fires again, for `each`.
    pub interval: u32,
    /// Nothing.
    pub unused: u32,
}

/// All that is watched, in an artifact's memory.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Watch {
    /// First time.
    pub start: f64,
    /// The step.
    pub dt: f64,
    /// Address of the entries of all thresholds.
    pub entries: u32,
    /// How many there are.
    pub n_entries: u32,
    /// Address of a byte for each event: 0 message, 1 pause, 2 stop.
    pub actions: u32,
    /// Address of the records.
    pub records: u32,
    /// How many there is room for.
    pub capacity: u32,
    /// How many events have fired: the record of event `i` is at the place `i % capacity`.
    pub fired: u32,
    /// Nothing.
    pub unused: u64,
}

impl Entry {
    /// An entry; addresses and counts are left to whoever knows them.
    pub fn new(threshold: &Threshold) -> Self {
        let (repeat, interval) = match threshold.repeat {
            Repeat::Each(interval) => (0, interval),
            Repeat::Once => (1, 0),
            Repeat::OnceEver => (2, 0),
        };
        Self {
            value: threshold.value,
            numbers: 0,
            n: 0,
            memories: 0,
            first_element: 0,
            first_event: 0,
            n_events: threshold.n_events,
            direction: u32::from(threshold.direction == Direction::Decreasing),
            repeat,
            interval,
            unused: 0,
        }
    }

    /// When its events fire.
    #[inline(always)]
    pub fn threshold(&self) -> Threshold {
        Threshold {
            value: self.value,
            direction: if self.direction == 0 { Direction::Increasing } else { Direction::Decreasing },
            repeat: match self.repeat {
                0 => Repeat::Each(self.interval),
                1 => Repeat::Once,
                _ => Repeat::OnceEver,
            },
            n_events: self.n_events,
        }
    }

    /// As it lies in memory, after the value.
    pub fn words(&self) -> [u32; 10] {
        [
            self.numbers,
            self.n,
            self.memories,
            self.first_element,
            self.first_event,
            self.n_events,
            self.direction,
            self.repeat,
            self.interval,
            self.unused,
        ]
    }
}

impl Watch {
    /// As it lies in memory, after start and dt.
    pub fn words(&self) -> [u32; 8] {
        [self.entries, self.n_entries, self.actions, self.records, self.capacity, self.fired, 0, 0]
    }
}

#[cfg(test)]
mod tests;
