//! The table of builtin functions and constants: one row says everything about one of them.
//!
//! Name resolution, argument checks and the reference pages all read these rows. A function that a modelling language has and
//! this compiler does not is a row as well, so that it is refused by name and never mistaken for a misspelt variable.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::model::{BinaryOp, Distribution, PureFn, ReduceOp, VectorFn};
use crate::name::Key;

pub use units::{UnitPattern, UnitRule};

mod row;
mod supported;
mod temporal;
mod units;
mod unsupported;
mod vensim;

#[cfg(test)]
mod tests;

/// The language in which a model's equations are written, which decides what the name of a function means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// XMILE as the standard has it.
    #[default]
    Xmile,
    /// XMILE as Stella and iThink save and compute it.
    Stella,
    /// Vensim's `.mdl`.
    Vensim,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Spellings in XMILE and Stella; the first is the one shown. Case, and spaces against underscores, make no difference.
    pub names: &'static [&'static str],
    /// Spellings in Vensim.
    pub vensim: &'static [&'static str],
    /// The only one of XMILE and Stella that has this row under its `names`; both when absent.
    pub only: Option<Dialect>,
    /// Parameters in order; empty for constants, which are written without parentheses or with empty ones.
    pub params: &'static [Param],
    /// What a call becomes.
    pub meaning: Meaning,
    /// The units of measure of its arguments and of its value.
    pub units: UnitRule,
    /// One sentence for the reference pages, without a full stop.
    pub about: &'static str,
    /// Where it is defined.
    pub origin: &'static str,
    /// A call as a modeller would write it.
    pub example: &'static str,
    /// Why it is refused, without a full stop; empty when it is not.
    pub why: &'static str,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name in messages and on the reference pages.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParamKind,
    /// What happens when it is left out.
    pub default: Default,
}

/// What a parameter takes: a number, with its part in a call that remembers, or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Any number.
    Number,
    /// The name of a graphical function.
    Table,
    /// The name of a conveyor or queue.
    Transport,
    /// The input of a vector function with this number: an array, or along the vector an element of one.
    List(usize),
    /// The inputs of curves that are not their quantities, as elements of one array: type, priority, width and extra. The quantities are
    /// the input with this number.
    Profile(usize),
    /// The single number of a vector function with this number.
    Single(usize),
    /// The name of the dimension along which a vector function runs.
    Dimension,
    /// Which place of a sorted array is asked for.
    Place,
    /// What is smoothed, delayed or remembered.
    Input,
    /// An averaging or delay time.
    Time,
    /// A number of levels, known before the run.
    Order,
    /// The value, or trend, at the start.
    Initial,
    /// How far ahead a forecast looks.
    Horizon,
    /// The seed of a random number.
    Seed,
    /// The least random number.
    Least,
    /// The greatest random number.
    Greatest,
    /// How long a random number stays.
    Sample,
    /// What is added to a random number.
    Shift,
    /// What a random number is multiplied with.
    Stretch,
    /// The number of one of Vensim's streams of random numbers, which makes no difference.
    Stream,
    /// What Vensim does about a wrong number of selected elements, which a run leaves alone.
    OnError,
    /// How many rows a matrix has, which its dimensions say as well.
    Size,
}

/// What an argument is to a vector function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VectorPart {
    /// The input with this number, which runs along the vector.
    List(usize),
    /// The profiles for the quantities with this number, which run along the vector too.
    Profile(usize),
    /// The name of the dimension along which the function runs.
    Dimension,
    /// Which place of a sorted array is asked for.
    Place,
    /// The single number with this number.
    Single(usize),
    /// A single number that decides only how the function is called.
    Number,
    /// What Vensim does about a wrong number of selected elements.
    OnError,
    /// What makes no difference, or belongs to no vector function.
    Other,
}

impl ParamKind {
    /// What an argument of this kind is to a vector function.
    pub fn vector_part(self) -> VectorPart {
        match self {
            ParamKind::List(number) => VectorPart::List(number),
            ParamKind::Profile(number) => VectorPart::Profile(number),
            ParamKind::Single(number) => VectorPart::Single(number),
            ParamKind::Dimension => VectorPart::Dimension,
            ParamKind::Place => VectorPart::Place,
            ParamKind::Number => VectorPart::Number,
            ParamKind::OnError => VectorPart::OnError,
            ParamKind::Table
            | ParamKind::Transport
            | ParamKind::Input
            | ParamKind::Time
            | ParamKind::Order
            | ParamKind::Initial
            | ParamKind::Horizon
            | ParamKind::Seed
            | ParamKind::Least
            | ParamKind::Greatest
            | ParamKind::Sample
            | ParamKind::Shift
            | ParamKind::Stretch
            | ParamKind::Stream
            | ParamKind::Size => VectorPart::Other,
        }
    }
}

impl VectorPart {
    /// Whether it runs along the vector.
    pub fn is_list(self) -> bool {
        matches!(self, VectorPart::List(_) | VectorPart::Profile(_))
    }
}

/// What happens when an argument is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// It must not be.
    Required,
    /// The function has a rule for it.
    Absent,
    /// This number takes its place.
    Value(f64),
    /// The first time of the run takes its place.
    Start,
    /// An interval takes its place that is over within each step.
    EveryStep,
}

/// What a call or a mention becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// A function of its arguments.
    Pure(PureFn),
    /// A random number.
    Draw(Distribution),
    /// A random number from Vensim's parameters, which are others.
    VensimDraw(Distribution),
    /// A function of two numbers, applied from the left to two or more.
    Fold(PureFn),
    /// A reducer of an array; SUM, PROD and MEAN take several numbers as well.
    Reduce(ReduceOp),
    /// The number of elements of an array.
    Size,
    /// An operator.
    Binary(BinaryOp),
    /// `IF .. THEN .. ELSE ..`
    If,
    /// A function that remembers.
    State(StateFn),
    /// A function of a table.
    Lookup(LookupFn),
    /// A function that remembers, made of others.
    Memory(MemoryFn),
    /// The element of an array that has a given rank.
    Rank,
    /// A function of whole vectors.
    Vector(VectorFn),
    /// The element of an array that many places after another; this number where there is none.
    ElementMap(f64),
    /// What the operations of others say.
    Composed(ComposedFn),
    /// An equation with another one that holds before the first step.
    ActiveInitial,
    /// A line over time.
    TimeBase,
    /// Whether a number is none.
    IsNan,
    /// What lies between the elements of an array.
    Interpolate,
    /// The same number in every run.
    Constant(f64),
    /// Something that a conveyor or queue shows.
    Transport(TransportFn),
    /// A number of the run.
    Run(RunNumber),
    /// The time.
    Time,
    /// The variable in whose equation it is.
    Own,
    /// A known function that the compiler refuses.
    Unsupported,
}

/// What can be asked of a conveyor or queue by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportFn {
    /// A batch of a queue, or a slat.
    Element,
    /// How many there are.
    Length,
    /// The transit time of a conveyor.
    Transit,
    /// The capacity of a conveyor.
    Capacity,
}

/// Functions that remember, as the table tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFn {
    /// Exponential smoothing.
    Smooth(Order),
    /// Material delay.
    Delay(Order),
    /// Fractional trend.
    Trend,
    /// Extrapolation along the trend.
    Forecast,
    /// Pipeline delay.
    Pipeline,
    /// Value at any earlier time.
    History,
    /// Internal rate of return.
    Return,
    /// Value at the last step.
    Previous,
    /// Value at the start.
    Init,
}

/// Functions that are made of PREVIOUS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryFn {
    /// Differences over time.
    Derivative,
    /// The discounted sum of a stream.
    NetPresentValue,
    /// The input where a condition was last true.
    SampleIfTrue,
    /// The input up to a time, and then what it was at that time.
    SampleUntil,
    /// Vensim's fractional trend.
    Trend,
    /// Vensim's extrapolation along the trend.
    Forecast,
    /// Vensim's discounted sum of a stream, valued as it flows or at the end of each step.
    PresentValue(Valuation),
    /// Vensim's smooth of an order that it lowers where the levels would be shorter than the step.
    SmoothN,
    /// Vensim's delay of an order that it lowers likewise.
    DelayN,
    /// Random numbers that are correlated over time.
    PinkNoise,
    /// Vensim's depreciation of a stream in equal parts.
    Depreciation,
}

/// When the flow of a step is valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Valuation {
    /// As it flows.
    AsItFlows,
    /// At the end of the step.
    AtTheEnd,
}

/// Functions that are made of other functions and operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComposedFn {
    /// The argument as it is.
    Same,
    /// The logarithm to a base, 10 when it is left out.
    Logarithm,
    /// A step that stays the same within a time step.
    Step,
    /// A rise that stays the same within a time step.
    Ramp,
    /// 1 from a start on for a while.
    Pulse,
    /// A line between two times that stays the same within a time step.
    RampFromTo,
    /// The first argument, or the second where the first is missing.
    UnlessMissing,
    /// The time, or the first one, so much later.
    TimeValue,
}

/// What is asked of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupFn {
    /// y at x.
    Value,
    /// x at y.
    Inverse,
    /// y at x, continued along the first and the last segment.
    Extrapolated,
    /// y of the next point.
    Forward,
    /// y of the last point.
    Backward,
    /// The area between two x, the upper one first.
    AreaTo,
    /// The area between two x, the lower one first.
    AreaFrom,
    /// The mean between two x.
    Mean,
    /// Two tables whose y are the points of a curve.
    Through,
    /// The slope at x.
    Slope,
    /// What is asked of data.
    Data(DataFn),
}

/// What is asked of the points of data, whose x are times. Where there is no answer it is Vensim's missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFn {
    /// The value of the point at a time.
    AtTime,
    /// The value at a time, between points as a mode says.
    BetweenTimes,
    /// The first time.
    FirstTime,
    /// The last time.
    LastTime,
    /// How many points there are between two times.
    Count,
    /// The mean of the points between two times.
    Mean,
    /// The least of the points between two times.
    Least,
    /// The greatest of the points between two times.
    Greatest,
    /// The value so much later than now.
    Shifted,
    /// The sum of the points up to now, with lines between the points.
    Cumulated,
    /// The sum of all points.
    Total,
}

/// How many levels a delay or smooth has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// This many.
    Fixed(u32),
    /// As many as the argument of kind [`ParamKind::Order`] says.
    Argument,
}

/// Numbers that the specification of the run fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunNumber {
    /// The time step.
    Dt,
    /// The first time.
    Start,
    /// The last time.
    Stop,
    /// The time between saved rows.
    SaveInterval,
}

impl Builtin {
    /// A row that says nothing, for constructors of rows to complete.
    pub(crate) const BLANK: Builtin = Builtin {
        names: &[],
        vensim: &[],
        only: None,
        params: &[],
        meaning: Meaning::Unsupported,
        units: UnitRule::Unstated,
        about: "",
        origin: "",
        example: "",
        why: "",
    };

    /// The spelling by which it is known where no dialect is.
    pub fn name(&self) -> &'static str {
        self.names.first().or(self.vensim.first()).copied().unwrap_or_default()
    }

    /// The spelling that messages about a model show: that of its dialect, if it has one.
    pub fn name_in(&self, dialect: Dialect) -> &'static str {
        self.names_in(dialect).first().copied().unwrap_or_else(|| self.name())
    }

    /// Its spellings in a dialect; none when that dialect does not have it.
    pub fn names_in(&self, dialect: Dialect) -> &'static [&'static str] {
        match (dialect, self.only) {
            (Dialect::Vensim, _) => self.vensim,
            (_, Some(only)) if only != dialect => &[],
            (Dialect::Xmile | Dialect::Stella, _) => self.names,
        }
    }

    /// The call with its parameters: `DELAY(input, time [, initial])`; the bare name when there are none.
    pub fn usage(&self) -> String {
        self.usage_as(self.name())
    }

    /// The same with the spelling of a dialect.
    pub fn usage_in(&self, dialect: Dialect) -> String {
        self.usage_as(self.name_in(dialect))
    }

    fn usage_as(&self, name: &str) -> String {
        if self.params.is_empty() {
            return name.to_owned();
        }
        let mut text = format!("{name}(");
        for (index, param) in self.params.iter().enumerate() {
            let (open, close) = match param.default {
                Default::Required => ("", ""),
                Default::Absent | Default::Value(_) | Default::Start | Default::EveryStep => (" [", "]"),
            };
            let separator = if index == 0 { "" } else { ", " };
            text.extend([open, separator, param.name, close]);
        }
        if let Meaning::Fold(_) | Meaning::Interpolate = self.meaning {
            text.push_str(", ...");
        }
        text.push(')');
        text
    }

    /// The least and the greatest number of arguments; the latter absent when there is no limit.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let least = self.params.iter().filter(|param| param.default == Default::Required).count();
        let has_no_limit = matches!(
            self.meaning,
            Meaning::Fold(_)
                | Meaning::Interpolate
                | Meaning::Reduce(ReduceOp::Mean | ReduceOp::Sum | ReduceOp::Product)
        );
        (least, (!has_no_limit).then_some(self.params.len()))
    }

    /// Whether it stands for a number without any argument.
    pub fn is_constant(&self) -> bool {
        matches!(self.meaning, Meaning::Constant(_) | Meaning::Run(_) | Meaning::Time | Meaning::Own)
    }

    /// The vector function that a call with that many arguments comes to, if it is one. RANK is a sort order that is asked for one place.
    pub fn vector_fn(&self, n_args: usize) -> Option<VectorFn> {
        if let Meaning::Vector(function) = self.meaning {
            return Some(function);
        }
        let with_ties = n_args == self.params.len();
        let sorted = if with_ties { VectorFn::SortOrderTied } else { VectorFn::SortOrder };
        (self.meaning == Meaning::Rank).then_some(sorted)
    }
}

/// What Vensim writes for a missing value: -2^109, a number like any other.
pub const MISSING: f64 = -649_037_107_316_853_453_566_312_041_152_512.0;

/// All rows: first what is supported, then what is refused.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    supported::ROWS.iter().chain(temporal::ROWS).chain(vensim::ROWS).chain(unsupported::ROWS)
}

/// The row with this name in a dialect.
pub fn find(dialect: Dialect, name: &Key) -> Option<&'static Builtin> {
    type ByName = BTreeMap<Key, &'static Builtin>;
    static XMILE: OnceLock<ByName> = OnceLock::new();
    static STELLA: OnceLock<ByName> = OnceLock::new();
    static VENSIM: OnceLock<ByName> = OnceLock::new();
    let by_name = match dialect {
        Dialect::Xmile => &XMILE,
        Dialect::Stella => &STELLA,
        Dialect::Vensim => &VENSIM,
    };
    let names = || {
        all().flat_map(|builtin| builtin.names_in(dialect).iter().map(move |&name| (Key::new(name), builtin))).collect()
    };
    by_name.get_or_init(names).get(name).copied()
}
