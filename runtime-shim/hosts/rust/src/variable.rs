//! What an artifact says about its model.

use std::sync::Arc;

use simc_artifact as artifact;
use simc_artifact::ControlKind;

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One of the four time slots.
    Time,
    /// Integrates flows.
    Stock,
    /// Changes stocks.
    Flow,
    /// Anything computed.
    Auxiliary,
    /// A number that a host may set.
    Constant,
    /// Fed from outside its module.
    ModuleInput,
}

impl Kind {
    /// The word for it that all languages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Time => "time",
            Kind::Stock => "stock",
            Kind::Flow => "flow",
            Kind::Auxiliary => "auxiliary",
            Kind::Constant => "constant",
            Kind::ModuleInput => "module-input",
        }
    }
}

impl From<artifact::Kind> for Kind {
    fn from(kind: artifact::Kind) -> Self {
        match kind {
            artifact::Kind::Time => Kind::Time,
            artifact::Kind::Stock => Kind::Stock,
            artifact::Kind::Flow => Kind::Flow,
            artifact::Kind::Auxiliary => Kind::Auxiliary,
            artifact::Kind::Constant => Kind::Constant,
            artifact::Kind::ModuleInput => Kind::ModuleInput,
        }
    }
}

/// A dimension of arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// As the model's author wrote it.
    pub name: String,
    /// Names of its elements, in order.
    pub elements: Vec<String>,
}

/// A variable of a model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Variable {
    /// As its author wrote it, `Module.name` inside a module.
    pub name: String,
    /// The name in the form in which hosts without this crate look it up; of an array without subscripts.
    pub canonical: String,
    /// What it is.
    pub kind: Kind,
    /// Its units.
    pub units: Option<String>,
    /// Its documentation.
    pub documentation: Option<String>,
    /// Least and greatest sensible value, when the author gave them.
    pub range: Option<(f64, f64)>,
    /// Position of its first element in a row; the others follow, the last dimension fastest.
    pub slot: usize,
    /// Its dimensions, outermost first; none for a scalar. Variables share them.
    pub dimensions: Vec<Arc<Dimension>>,
    /// Elements that can be set, by the first of neighbours, with their defaults. An artifact may lie about how many elements there are.
    pub(crate) pieces: Vec<(usize, Vec<f64>)>,
}

impl Variable {
    /// Sizes of its dimensions; empty for a scalar.
    pub fn shape(&self) -> Vec<usize> {
        self.dimensions.iter().map(|dimension| dimension.elements.len()).collect()
    }

    /// How many elements it has; 1 for a scalar.
    pub fn size(&self) -> usize {
        self.dimensions.iter().fold(1, |size, dimension| size.saturating_mul(dimension.elements.len()))
    }

    /// Whether it can be set, of an array at least some elements.
    pub fn settable(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// What an element is when nothing is set, counted row-major: none where it cannot be set, NaN for a stock whose initial
    /// value the model computes.
    pub fn default_of(&self, element: usize) -> Option<f64> {
        let piece = self.pieces.partition_point(|(first, _)| *first <= element).checked_sub(1)?;
        let (first, defaults) = &self.pieces[piece];
        defaults.get(element - first).copied()
    }

    /// The same of all elements, row-major. Empty for a variable of which nothing can be set.
    pub fn defaults(&self) -> Vec<Option<f64>> {
        let size = if self.settable() { self.size() } else { 0 };
        (0..size).map(|element| self.default_of(element)).collect()
    }

    /// The title of an element's column, counted row-major: `Population`, `rate[North,Young]`.
    pub fn title(&self, element: usize) -> String {
        element_title(&self.name, &self.dimensions, element)
    }

    /// Titles of all its columns, row-major.
    pub fn titles(&self) -> Vec<String> {
        (0..self.size()).map(|element| self.title(element)).collect()
    }
}

/// One variable reads another.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Link<'m> {
    /// What is read.
    pub cause: &'m Variable,
    /// What reads it.
    pub effect: &'m Variable,
    /// How the effect moves with the cause.
    pub sign: Sign,
    /// Whether only the value at the start is read.
    pub is_initial: bool,
}

/// How an effect moves with its cause, as far as the compiler knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// That is not known.
    Unknown,
    /// In the same direction.
    Same,
    /// In the opposite direction.
    Opposite,
}

impl Sign {
    /// The word for it that all languages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Sign::Unknown => "unknown",
            Sign::Same => "same",
            Sign::Opposite => "opposite",
        }
    }
}

impl From<artifact::Sign> for Sign {
    fn from(sign: artifact::Sign) -> Self {
        match sign {
            artifact::Sign::Unknown => Sign::Unknown,
            artifact::Sign::Same => Sign::Same,
            artifact::Sign::Opposite => Sign::Opposite,
        }
    }
}

/// A control that the author drew.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Control<'m> {
    /// What it is.
    pub kind: ControlKind,
    /// Titles of the variables or elements that it sets or shows: one, of a graph those of its curves.
    pub variables: &'m [String],
    /// Least and greatest value.
    pub range: Option<(f64, f64)>,
    /// How far it moves at a time.
    pub step: Option<f64>,
    /// What is written on it.
    pub label: Option<&'m str>,
}

/// How stocks are integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Euler's method.
    Euler,
    /// Heun's method.
    Rk2,
    /// The classic Runge-Kutta method.
    Rk4,
    /// The midpoint method, Vensim's second-order Runge-Kutta.
    Midpoint,
}

impl Method {
    /// The word for it that all languages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Euler => "euler",
            Method::Rk2 => "rk2",
            Method::Rk4 => "rk4",
            Method::Midpoint => "midpoint",
        }
    }
}

impl From<artifact::Method> for Method {
    fn from(method: artifact::Method) -> Self {
        match method {
            artifact::Method::Euler => Method::Euler,
            artifact::Method::Rk2 => Method::Rk2,
            artifact::Method::Rk4 => Method::Rk4,
            artifact::Method::Midpoint => Method::Midpoint,
        }
    }
}

/// The time axis, in the model's unit of time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Time {
    /// First time.
    pub start: f64,
    /// Last time, as the model states it.
    pub stop: f64,
    /// The step.
    pub dt: f64,
    /// Steps of a full run.
    pub steps: u64,
    /// Steps from row to row.
    pub save_every: u64,
    /// How stocks are integrated.
    pub method: Method,
    /// Name of the unit of time.
    pub units: Option<String>,
    /// Rows of a full run.
    pub rows: usize,
}

impl Time {
    /// The time of a row.
    pub fn of_row(&self, row: usize) -> f64 {
        self.start + (row as u64).saturating_mul(self.save_every) as f64 * self.dt
    }
}

/// The title of an element, counted row-major.
pub(crate) fn element_title(name: &str, dimensions: &[Arc<Dimension>], mut element: usize) -> String {
    let mut subscripts = Vec::with_capacity(dimensions.len());
    for dimension in dimensions.iter().rev() {
        let size = dimension.elements.len().max(1);
        subscripts.push(dimension.elements.get(element % size).map_or("", String::as_str));
        element /= size;
    }
    subscripts.reverse();
    if subscripts.is_empty() { name.to_owned() } else { format!("{name}[{}]", subscripts.join(",")) }
}
