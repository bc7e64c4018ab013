//! What an artifact says about itself: the section `simc.layout`, byte for byte, and the module around it.
//!
//! All numbers are little-endian; a `str` is its length in bytes as u32, then UTF-8. The section begins with the core record:
//!
//! ```text
//! n_slots u64 | n_chunks u64 | results_offset u64 | count u32 | count x { name str | slot u64 }
//! ```
//!
//! with one entry for each scalar and each array element (`name[elem1,elem2]`), in the order of the slots. If the row has more than
//! [`MAX_ELEMENT_ENTRIES`] slots, an array has one entry: its bare name with its first slot.
//!
//! Extension records follow to the end of the section, each `tag u32 | len u32 | payload`. The format record is the first of them;
//! each tag occurs at most once; a reader skips tags that it does not know.
//!
//! ```text
//! 1 format      version u32 = 1 | flags u32: bit 0 when arrays have one entry
//! 2 origin      producer str | model str | SHA-256 of the source, 32 bytes
//! 3 time        start f64 | stop f64 | dt f64 | n_steps u64 | save_every u64 | method u8: 0 Euler, 1 RK2, 2 RK4
//!               | flags u8: bit 0 units | [units str]
//! 4 dimensions  count u32 | count x { name str | n u32 | n x element str }
//! 5 variables   count u32 | count x { name str | kind u8 | flags u8: bit 0 settable, 1 units, 2 documentation, 3 range
//!               | slot u64 | rank u32 | rank x dimension u32 | [element count x default f64] | [units str] | [documentation str]
//!               | [least f64 | greatest f64] }
//!               kind: 0 time slot, 1 stock, 2 flow, 3 auxiliary, 4 constant, 5 module input
//! 6 regions     count u32 | count x { name str | offset u64 | bytes u64 }
//! 40 groups     count u32 | count x { name str | flags u8: bit 0 documentation | [documentation str] | n u32 | n x member str };
//!               only when the model has groups
//! 42 belts      count u32 | count x { name str | kind u8: 0 conveyor, 1 queue | rank u32 | rank x dimension u32 }; only when there are any
//! 46 files      count u32 | count x { name str | SHA-256 of the contents, 32 bytes }; only when the model was read from several files
//! 48 inputs     offset u64 | capacity u64 | count u32 | count x { name str | kind u8: 0 continuous, 1 extrapolate, 2 discrete
//!               | capacity u32 | n u32 | n x { x f64 | y f64 } }
//! 49 events     count u32 | count x { variable str | rank u32 | rank x dimension u32 | first u32 | n u32 | value f64
//!               | direction u8: 0 increasing, 1 decreasing | repeat u8: 0 each, 1 once, 2 once ever | interval u32
//!               | k u32 | k x { action u8: 0 message, 1 pause, 2 stop | message str } }
//! ```
//!
//! A variable's name is the one that its author wrote; its canonical name is in the core entry with the same slot.

mod decode;
mod describe;
mod encode;
mod read;

#[cfg(test)]
mod tests;

pub use decode::{DecodeError, Reason, decode_layout};
pub use describe::describe;
pub use encode::encode_layout;
pub use read::{Artifact, Export, Producer, Section, read};

/// A row of more slots has one core entry for each array, instead of one for each element.
pub const MAX_ELEMENT_ENTRIES: u64 = 65_536;

/// Version of the extension records that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 1;

/// The content of `simc.layout`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WasmLayout {
    /// f64s in a row.
    pub n_slots: u64,
    /// Rows that the results region holds.
    pub n_chunks: u64,
    /// Byte offset of the results region.
    pub results_offset: u64,
    /// Canonical names with their slots.
    pub entries: Vec<Entry>,
    /// The extension records; none in a section that ends behind the core record.
    pub extension: Option<Extension>,
}

/// A canonical name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `name`, or `name[elem1,elem2]` for an element of an array.
    pub name: String,
    /// Its position in the row.
    pub slot: u64,
}

/// What stands behind the core record. A record that is missing reads as empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extension {
    /// Arrays have one core entry each, their bare name.
    pub arrays_have_one_entry: bool,
    /// Where the artifact comes from.
    pub origin: Origin,
    /// When the model runs.
    pub time: Option<Time>,
    /// Dimensions, each once.
    pub dimensions: Vec<Dimension>,
    /// Variables in slot order, the four time slots first.
    pub variables: Vec<Variable>,
    /// What lies where in memory, in address order.
    pub regions: Vec<Region>,
    /// Conveyors and queues, in the order in which an error word counts their elements.
    pub belts: Vec<Belt>,
    /// The thresholds whose events can fire, in the order of the events' numbers.
    pub thresholds: Vec<Threshold>,
    /// What a host can set many numbers of at once; none when the artifact has no exports for it.
    pub inputs: Option<Inputs>,
    /// The files from which the model was read, itself first; empty when it is all there was.
    pub files: Vec<ReadFile>,
    /// Variables that belong together for whoever reads the model.
    pub groups: Vec<Group>,
}

/// A group of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the model's author wrote it; within a module, behind the instance's name and a dot.
    pub name: String,
    /// Documentation.
    pub doc: Option<String>,
    /// Names of variables, as in [`Variable::name`], and of modules, which stand for all variables within.
    pub members: Vec<String>,
}

/// A file from which a model was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFile {
    /// Its path from the folder of the model.
    pub name: String,
    /// SHA-256 of its contents; of a text, in UTF-8.
    pub digest: [u8; 32],
}

/// A conveyor or queue, or an array of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belt {
    /// Its stock, as the model's author wrote it.
    pub name: String,
    /// What it is.
    pub kind: BeltKind,
    /// Its dimensions: indices into [`Extension::dimensions`], outermost first.
    pub dims: Vec<u32>,
}

/// What keeps the order of its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeltKind {
    /// Carries them from its entry to its exit.
    Conveyor,
    /// Keeps them until they are served.
    Queue,
}

/// A threshold of elements of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The variable, as the model's author wrote it.
    pub variable: String,
    /// Its dimensions: indices into [`Extension::dimensions`], outermost first.
    pub dims: Vec<u32>,
    /// The first element that is watched, row-major.
    pub first: u32,
    /// How many are.
    pub n: u32,
    /// The number that is passed.
    pub value: f64,
    /// In which direction.
    pub direction: Direction,
    /// How often events fire.
    pub repeat: Repeat,
    /// Steps after which an event fires again while its element stays beyond the threshold; 0 when it does not.
    pub interval: u32,
    /// Its events.
    pub events: Vec<Event>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the run does.
    pub action: Action,
    /// What it says.
    pub message: String,
}

/// On which side of a threshold an element is beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Above.
    Increasing,
    /// Below.
    Decreasing,
}

/// How often events fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Each time the threshold is passed.
    Each,
    /// Each event once in a run.
    Once,
    /// Each event once in the life of an instance.
    OnceEver,
}

/// What a run does at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Goes on.
    Message,
    /// Pauses.
    Pause,
    /// Is over.
    Stop,
}

/// Where a host writes arrays of constants and the points of graphical functions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// First byte.
    pub offset: u64,
    /// How many f64s there are.
    pub capacity: u64,
    /// The graphical functions whose points can be set, in the order of their numbers.
    pub tables: Vec<InputTable>,
}

/// A graphical function whose points can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct InputTable {
    /// The variable, and in brackets the element if it is that of one: as the model's author wrote both.
    pub name: String,
    /// What happens between and beyond the points.
    pub kind: TableKind,
    /// How many points it can be given.
    pub capacity: u32,
    /// Its own points, as pairs of x and y.
    pub points: Vec<[f64; 2]>,
}

/// What happens between and beyond the points of a graphical function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Straight lines; the first or last y beyond the points.
    Continuous,
    /// Straight lines, of which the first and the last go on beyond the points.
    Extrapolate,
    /// The y of the last point that is not right of x.
    Discrete,
}

/// Where an artifact comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The compiler and its version.
    pub producer: String,
    /// Name of the model.
    pub model: String,
    /// SHA-256 of the model's source.
    pub source_digest: [u8; 32],
}

/// The time axis, in the model's unit of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// First time.
    pub start: f64,
    /// Last time as the model states it.
    pub stop: f64,
    /// The step.
    pub dt: f64,
    /// Steps of a full run.
    pub n_steps: u64,
    /// Steps from row to row.
    pub save_every: u64,
    /// How stocks are integrated.
    pub method: Method,
    /// Name of the unit of time.
    pub units: Option<String>,
}

/// How stocks are integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Euler's method.
    Euler,
    /// Heun's method.
    Rk2,
    /// The classic Runge-Kutta method.
    Rk4,
}

/// A dimension of arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Names of its elements in order.
    pub elements: Vec<String>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// As the model's author wrote it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Position of its first element in the row; the others follow, the last dimension fastest.
    pub slot: u64,
    /// Indices into [`Extension::dimensions`], outermost first; empty for a scalar.
    pub dims: Vec<u32>,
    /// Defaults, one for each element, if a host may set it.
    pub defaults: Option<Vec<f64>>,
    /// Units.
    pub units: Option<String>,
    /// Documentation.
    pub doc: Option<String>,
    /// Least and greatest sensible value.
    pub range: Option<(f64, f64)>,
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of the four time slots.
    Time,
    /// Integrates flows.
    Stock,
    /// Changes stocks.
    Flow,
    /// Anything computed.
    Auxiliary,
    /// Settable.
    Constant,
    /// Fed from outside its module.
    ModuleInput,
}

/// A named range of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// For people.
    pub name: String,
    /// First byte.
    pub offset: u64,
    /// Size in bytes.
    pub bytes: u64,
}

impl Extension {
    /// The element of a belt that an error word means by a number: `name`, or `name[element,element]`. None when there is no such.
    pub fn belt_name(&self, number: u64) -> Option<String> {
        let mut left = number;
        for belt in &self.belts {
            let sizes = belt.dims.iter().map(|&dim| self.dimensions[dim as usize].elements.len() as u64);
            let count = sizes.fold(1, u64::saturating_mul);
            if left < count {
                return Some(self.element_name(belt, left));
            }
            left -= count;
        }
        None
    }

    /// The name of an element, counted row-major.
    fn element_name(&self, belt: &Belt, mut element: u64) -> String {
        let mut subscripts = Vec::with_capacity(belt.dims.len());
        for &dim in belt.dims.iter().rev() {
            let elements = &self.dimensions[dim as usize].elements;
            let size = elements.len() as u64;
            subscripts.push(elements[usize::try_from(element % size).expect("a position in memory")].as_str());
            element /= size;
        }
        subscripts.reverse();
        if subscripts.is_empty() { belt.name.clone() } else { format!("{}[{}]", belt.name, subscripts.join(",")) }
    }
}

impl BeltKind {
    const ALL: [BeltKind; 2] = [BeltKind::Conveyor, BeltKind::Queue];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            BeltKind::Conveyor => "conveyor",
            BeltKind::Queue => "queue",
        }
    }
}

impl Direction {
    const ALL: [Direction; 2] = [Direction::Increasing, Direction::Decreasing];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Increasing => "increasing",
            Direction::Decreasing => "decreasing",
        }
    }
}

impl Repeat {
    const ALL: [Repeat; 3] = [Repeat::Each, Repeat::Once, Repeat::OnceEver];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Repeat::Each => "each",
            Repeat::Once => "once",
            Repeat::OnceEver => "once_ever",
        }
    }
}

impl Action {
    const ALL: [Action; 3] = [Action::Message, Action::Pause, Action::Stop];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Message => "message",
            Action::Pause => "pause",
            Action::Stop => "stop",
        }
    }
}

impl TableKind {
    const ALL: [TableKind; 3] = [TableKind::Continuous, TableKind::Extrapolate, TableKind::Discrete];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            TableKind::Continuous => "continuous",
            TableKind::Extrapolate => "extrapolate",
            TableKind::Discrete => "discrete",
        }
    }
}

impl Method {
    const ALL: [Method; 3] = [Method::Euler, Method::Rk2, Method::Rk4];
}

impl Kind {
    const ALL: [Kind; 6] = [Kind::Time, Kind::Stock, Kind::Flow, Kind::Auxiliary, Kind::Constant, Kind::ModuleInput];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Time => "time",
            Kind::Stock => "stock",
            Kind::Flow => "flow",
            Kind::Auxiliary => "auxiliary",
            Kind::Constant => "constant",
            Kind::ModuleInput => "module input",
        }
    }
}

/// Tags of extension records.
mod tag {
    pub(super) const FORMAT: u32 = 1;
    pub(super) const ORIGIN: u32 = 2;
    pub(super) const TIME: u32 = 3;
    pub(super) const DIMENSIONS: u32 = 4;
    pub(super) const VARIABLES: u32 = 5;
    pub(super) const REGIONS: u32 = 6;
    pub(super) const GROUPS: u32 = 40;
    pub(super) const BELTS: u32 = 42;
    pub(super) const FILES: u32 = 46;
    pub(super) const INPUTS: u32 = 48;
    pub(super) const EVENTS: u32 = 49;

    /// All of them.
    pub(super) const KNOWN: [u32; 11] =
        [FORMAT, ORIGIN, TIME, DIMENSIONS, VARIABLES, REGIONS, GROUPS, BELTS, FILES, INPUTS, EVENTS];
}

/// Bits of flag fields.
mod flag {
    pub(super) const ARRAYS_HAVE_ONE_ENTRY: u32 = 1;
    pub(super) const TIME_UNITS: u8 = 1;
    pub(super) const GROUP_DOC: u8 = 1;
    pub(super) const SETTABLE: u8 = 1;
    pub(super) const UNITS: u8 = 2;
    pub(super) const DOC: u8 = 4;
    pub(super) const RANGE: u8 = 8;
}
