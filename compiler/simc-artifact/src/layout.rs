//! What an artifact says about itself: the content of the section `simc.layout`, part by part.

pub(crate) mod threshold;

use std::sync::Arc;

use kernel::abi::Method;
use kernel::lookup::Kind as TableKind;
use threshold::Threshold;

/// A row of more slots has one core entry for each array, instead of one for each element.
pub const MAX_ELEMENT_ENTRIES: u64 = 65_536;

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
    /// The extension records; none in a section that ends after the core record.
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

/// What is after the core record. A record that is missing reads as empty.
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
    pub transports: Vec<Transport>,
    /// The thresholds whose events can fire, in the order of the events' numbers.
    pub thresholds: Vec<Threshold>,
    /// What a host can set many numbers of at once; none when the artifact has no exports for it.
    pub inputs: Option<Inputs>,
    /// The files from which the model was read, itself first; empty when it is all there was.
    pub files: Vec<ReadFile>,
    /// Variables that belong together for whoever reads the model.
    pub groups: Vec<Group>,
    /// Which variable reads which, sorted by the effect, then by the cause.
    pub links: Vec<Link>,
    /// Controls and displays that the author drew, in the order of the source.
    pub controls: Vec<Control>,
}

/// One variable reads another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is read: an index into [`Extension::variables`].
    pub cause: u32,
    /// What reads it, in the same way.
    pub effect: u32,
    /// How the effect moves with the cause, with constants as their defaults have them.
    pub sign: Sign,
    /// Whether the effect reads it only for its value at the start.
    pub at_start: bool,
}

/// How something moves with something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// That is not known.
    Unknown,
    /// In the same direction.
    Same,
    /// In the opposite direction.
    Opposite,
}

/// A control or display of an interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// What it is.
    pub kind: ControlKind,
    /// What it sets or shows: names of variables, as in [`Variable::name`], or of elements, `name[element,element]`.
    pub names: Vec<String>,
    /// Least and greatest value.
    pub range: Option<(f64, f64)>,
    /// How far it moves at a time.
    pub step: Option<f64>,
    /// What stands on it.
    pub label: Option<String>,
}

/// What a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlKind {
    /// Sets a constant along a line.
    Slider,
    /// Sets a constant, or the initial value of a stock, by turning.
    Knob,
    /// Sets a constant to 0 or 1.
    Switch,
    /// Shows variables over time.
    Graph,
    /// Shows a variable as it is.
    Gauge,
}

/// A group of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the model's author wrote it; within a module, after the instance's name and a dot.
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
pub struct Transport {
    /// Its stock, as the model's author wrote it.
    pub name: String,
    /// What it is.
    pub kind: TransportKind,
    /// Its dimensions: indices into [`Extension::dimensions`], outermost first.
    pub dims: Vec<u32>,
}

/// What keeps the order of its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportKind {
    /// Carries them from its entry to its exit.
    Conveyor,
    /// Keeps them until they are served.
    Queue,
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

/// A dimension of arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Names of its elements in order.
    pub elements: Arc<[String]>,
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
    /// Defaults, one for each element, if a host may set all of them. Of a stock whose initial value can be set, NaN is what the model
    /// computes.
    pub defaults: Option<Vec<f64>>,
    /// The elements that a host may set, ascending, if those are some of them and not all.
    pub settable_parts: Vec<SettableElements>,
    /// Units.
    pub units: Option<String>,
    /// Documentation.
    pub doc: Option<String>,
    /// Least and greatest sensible value.
    pub range: Option<(f64, f64)>,
}

/// Elements of a variable that a host may set, side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct SettableElements {
    /// The first, row-major.
    pub first: u32,
    /// Their defaults, one for each.
    pub defaults: Vec<f64>,
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
    /// The element of a transport that an error word means by a number: `name`, or `name[element,element]`. None when there is no such.
    pub fn transport_name(&self, number: u64) -> Option<String> {
        let mut left = number;
        for transport in &self.transports {
            let sizes = transport.dims.iter().map(|&dim| self.dimensions[dim as usize].elements.len() as u64);
            let count = sizes.fold(1, u64::saturating_mul);
            if left < count {
                return Some(self.element_name(transport, left));
            }
            left -= count;
        }
        None
    }

    /// The name of an element, counted row-major.
    fn element_name(&self, transport: &Transport, mut element: u64) -> String {
        let mut subscripts = Vec::with_capacity(transport.dims.len());
        for &dim in transport.dims.iter().rev() {
            let elements = &self.dimensions[dim as usize].elements;
            let size = elements.len() as u64;
            subscripts.push(elements[usize::try_from(element % size).expect("a position in memory")].as_str());
            element /= size;
        }
        subscripts.reverse();
        if subscripts.is_empty() {
            transport.name.clone()
        } else {
            format!("{}[{}]", transport.name, subscripts.join(","))
        }
    }
}

impl Sign {
    pub(crate) const ALL: [Sign; 3] = [Sign::Unknown, Sign::Same, Sign::Opposite];

    /// As causal diagrams have it: `+`, `-`, or `?`.
    pub fn name(self) -> &'static str {
        match self {
            Sign::Unknown => "?",
            Sign::Same => "+",
            Sign::Opposite => "-",
        }
    }
}

impl ControlKind {
    pub(crate) const ALL: [ControlKind; 5] =
        [ControlKind::Slider, ControlKind::Knob, ControlKind::Switch, ControlKind::Graph, ControlKind::Gauge];

    /// The word for it that XMILE and all hosts use.
    pub fn as_str(self) -> &'static str {
        match self {
            ControlKind::Slider => "slider",
            ControlKind::Knob => "knob",
            ControlKind::Switch => "switch",
            ControlKind::Graph => "graph",
            ControlKind::Gauge => "gauge",
        }
    }
}

impl Variable {
    /// The default of an element, row-major, if a host may set it.
    pub fn default_of(&self, element: u64) -> Option<f64> {
        let within =
            |first: u64, defaults: &[f64]| defaults.get(usize::try_from(element.checked_sub(first)?).ok()?).copied();
        match &self.defaults {
            Some(defaults) => within(0, defaults),
            None => self.settable_parts.iter().find_map(|part| within(part.first.into(), &part.defaults)),
        }
    }

    /// Whether a host may set some element.
    pub fn is_settable(&self) -> bool {
        self.defaults.is_some() || !self.settable_parts.is_empty()
    }
}

impl TransportKind {
    pub(crate) const ALL: [TransportKind; 2] = [TransportKind::Conveyor, TransportKind::Queue];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            TransportKind::Conveyor => "conveyor",
            TransportKind::Queue => "queue",
        }
    }
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] =
        [Kind::Time, Kind::Stock, Kind::Flow, Kind::Auxiliary, Kind::Constant, Kind::ModuleInput];

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
