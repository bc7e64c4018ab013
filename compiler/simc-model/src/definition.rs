//! What a modeller defined, before any name is looked up, in terms that every file format shares.

use crate::builtin::{Dialect, RunNumber};
use crate::source::Span;

pub use calendar::{Calendar, DateUnit};
pub use equation::{Equation, EquationKind, EquationNode, Path};
pub use wording::Wording;

mod calendar;
pub mod cells;
mod equation;
pub mod gather;
pub mod notation;
pub mod over_time;
pub mod points;
pub mod print;
pub mod scope;
mod shared;
pub mod wording;

/// A name as written, with its place. Equality of names is [`crate::name::Key`]'s affair.
#[derive(Clone, Debug)]
pub struct Name {
    /// As the author wrote it, quotes and escapes resolved; parts of a module path are separate.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct Definition {
    /// The name of the model, if the file says one.
    pub name: Option<String>,
    /// Whose meaning the names of functions have.
    pub dialect: Dialect,
    /// How messages say what is to be done.
    pub wording: Wording,
    /// When all models run and how.
    pub sim_specs: Option<SimSpecs>,
    /// Which date the times are, if the file says it.
    pub calendar: Option<Calendar>,
    /// Options that hold for all models unless one says otherwise.
    pub behavior: Behavior,
    /// Units of measure that the file defines.
    pub units: Vec<UnitDef>,
    /// Dimensions; declaring one changes nothing until something is subscripted by it.
    pub dims: Vec<DimDef>,
    /// What a read gives whose computed subscript is no element, 0 or NaN.
    pub invalid_index: f64,
    /// Tables that the model takes values from: those that are switched on and read whenever it is compiled.
    pub imports: Vec<ImportDef>,
    /// Files of imports that are switched off or made on demand.
    pub idle_imports: Vec<Name>,
    /// Other files that belong to this one, in order; none once the file has been put together with what it includes.
    pub includes: Vec<Resource>,
    /// Functions that the file defines, in order.
    pub macros: Vec<MacroDef>,
    /// Controls that stand outside of all models; their names are those of the root.
    pub controls: Vec<ControlDef>,
    /// Models in order; the first one without a name is the root, or the very first when all have names.
    /// Several models may be empty of variables; there is at least one after a parse without errors.
    pub models: Vec<ModelDef>,
}

impl Definition {
    /// The model itself; every other one is instantiated by modules.
    pub fn root(&self) -> Option<&ModelDef> {
        self.models.iter().find(|model| model.name.is_none()).or(self.models.first())
    }
}

/// A table that a model takes values from.
#[derive(Clone, Debug)]
pub struct ImportDef {
    /// The file.
    pub resource: Name,
    /// `worksheet`; the first one when absent.
    pub worksheet: Option<String>,
    /// `orientation`.
    pub orientation: simc_data::Orientation,
    /// Whether values belong to times; the table's first heading says so when absent.
    pub is_series: Option<bool>,
    /// Only numbers and points of graphical functions are replaced, and no other equation.
    pub is_direct: bool,
    /// The whole-model whose variables its names mean, see [`ModelDef::whole`].
    pub whole: u32,
}

/// A reference to another file, or to several.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The path as written.
    pub path: String,
    /// Where.
    pub span: Span,
    /// The whole-model that the file is, see [`ModelDef::whole`]; absent as long as it has not been read.
    pub whole: Option<u32>,
}

/// A unit of measure.
#[derive(Clone, Debug)]
pub struct UnitDef {
    /// The name.
    pub name: Name,
    /// What it is in other units; absent for a base unit.
    pub equation: Option<Name>,
    /// Further spellings in order.
    pub aliases: Vec<Name>,
}

/// A dimension.
#[derive(Clone, Debug)]
pub struct DimDef {
    /// The name.
    pub name: Name,
    /// What it ranges over.
    pub elements: DimElements,
    /// How elements of this dimension correspond to those of others.
    pub maps_to: Vec<MappingDef>,
    /// Its definition.
    pub span: Span,
}

/// How the elements of a dimension correspond to those of another one.
#[derive(Clone, Debug)]
pub struct MappingDef {
    /// The other dimension.
    pub to: Name,
    /// For each element of the mapped dimension, in order, the elements of the other one; none when they correspond by
    /// position, which asks for as many elements in both.
    pub elements: Vec<Vec<Name>>,
}

/// The elements of a dimension.
#[derive(Clone, Debug)]
pub enum DimElements {
    /// That many, numbered from 1.
    Size(u32),
    /// By name, in order.
    Named(Vec<Name>),
}

/// When a model runs and how: texts of numbers have been read; absent means absent.
#[derive(Clone, Debug)]
pub struct SimSpecs {
    /// First time.
    pub start: Option<(f64, Span)>,
    /// Last time.
    pub stop: Option<(f64, Span)>,
    /// The step.
    pub dt: Option<(f64, Span)>,
    /// Integration methods, in the order in which they are to be tried.
    pub methods: Vec<Name>,
    /// The time between saved rows, in time units.
    pub save_interval: Option<(f64, Span)>,
    /// The unit of time, as written.
    pub time_units: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// Options that hold for whole kinds of variable unless a variable says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behavior {
    /// Stocks are non-negative.
    pub non_negative_stocks: Option<bool>,
    /// Flows are uniflows.
    pub non_negative_flows: Option<bool>,
}

/// A model.
#[derive(Clone, Debug, Default)]
pub struct ModelDef {
    /// Absent on the root.
    pub name: Option<Name>,
    /// The whole-model whose modules may name it: 0 is the file that is compiled with all that it includes, each file of a
    /// model or module of its own is another one.
    pub whole: u32,
    /// The file that holds the model instead.
    pub resource: Option<Resource>,
    /// Options of this model.
    pub behavior: Behavior,
    /// When this model runs, if it says so itself.
    pub sim_specs: Option<SimSpecs>,
    /// Variables in order.
    pub vars: Vec<VarDef>,
    /// Module instances in order.
    pub modules: Vec<ModuleDef>,
    /// Groups in order.
    pub groups: Vec<GroupDef>,
    /// Controls and displays of its interface, in order.
    pub controls: Vec<ControlDef>,
}

/// A control or display that the author drew. No number depends on it.
#[derive(Clone, Debug)]
pub struct ControlDef {
    /// What it is.
    pub kind: crate::model::ControlKind,
    /// The variables that it sets or shows, as written: paths, with subscripts where single elements are meant.
    pub entities: Vec<Name>,
    /// Least and greatest value.
    pub range: Option<(f64, f64)>,
    /// How far it moves at a time, above 0.
    pub step: Option<f64>,
    /// What stands on it.
    pub label: Option<String>,
}

/// A group: variables and modules that belong together for whoever reads the model.
#[derive(Clone, Debug)]
pub struct GroupDef {
    /// The name.
    pub name: Name,
    /// Documentation.
    pub doc: Option<String>,
    /// Its members in order.
    pub members: Vec<Name>,
}

/// A function of the model, called a macro.
#[derive(Clone, Debug)]
pub struct MacroDef {
    /// The name.
    pub name: Name,
    /// What may be before the name in a call.
    pub namespace: Option<String>,
    /// How many parameters it has.
    pub n_params: usize,
    /// What a call makes an instance of: parameters first, each with its default as its equation; then the variables within;
    /// the result, which has the function's own equation and no name that an equation could use, is the last one.
    pub body: ModelDef,
    /// An error in this definition has been reported.
    pub reported: bool,
    /// Its definition, or the beginning of it.
    pub span: Span,
}

/// A variable, or a graphical function that stands alone.
#[derive(Clone, Debug)]
pub struct VarDef {
    /// The name.
    pub name: Name,
    /// What it is.
    pub kind: DefKind,
    /// Names of dimensions, outermost first; empty for a scalar.
    pub dims: Vec<Name>,
    /// Its equation; for a stock the initial value. In an array, the equation of every element that has none of its own. With another
    /// equation before the first step it is `ACTIVE_INITIAL(equation, initial)`.
    pub equation: Option<Equation>,
    /// An equation for each element of an array, row-major.
    pub list: Vec<Equation>,
    /// Clauses: equations with the elements for which they hold, in order.
    pub elements: Vec<ElementDef>,
    /// Its graphical function.
    pub table: Option<TableDef>,
    /// The variable follows its tables over time, whose x are times: what it is between them. Its tables are data then, and
    /// the equations are those of elements without a table.
    pub series: Option<SeriesMode>,
    /// Flows that fill a stock, in order.
    pub inflows: Vec<Name>,
    /// Flows that drain a stock, in order.
    pub outflows: Vec<Name>,
    /// Whether it is kept from falling below 0; absent when the definition does not say so.
    pub non_negative: Option<bool>,
    /// What a stock that is a conveyor or queue says besides.
    pub transport: Option<TransportDef>,
    /// What a flow that leaks from a conveyor says besides.
    pub leak: Option<LeakDef>,
    /// A flow that takes what the outflows before it could not.
    pub overflow: bool,
    /// Where the flow enters a conveyor.
    pub spread: Option<Spread>,
    /// What a flow is multiplied by on its way into the stock that it fills.
    pub multiplier: Option<Equation>,
    /// A definition that the file does not write.
    pub is_implied: bool,
    /// Elements of the array that no equation speaks of do not exist, which is no error.
    pub is_partial: bool,
    /// The number of the run that it is, in a file that says these by variables. Its equation has no other meaning.
    pub run_number: Option<RunNumber>,
    /// No host sets it: the times of the run follow from its number, or the file says so.
    pub is_fixed: bool,
    /// Whether a module takes it from outside, or offers it.
    pub access: Option<Access>,
    /// Units of measure, as written.
    pub units: Option<Name>,
    /// Documentation.
    pub doc: Option<String>,
    /// Least and greatest sensible value.
    pub range: Option<(f64, f64)>,
    /// The thresholds at which it raises events.
    pub thresholds: Vec<ThresholdDef>,
    /// An error in this definition has been reported. What it lacks (an equation that could not be read, a table that
    /// was refused) is no further error: later stages use the name and say nothing more about the definition.
    pub reported: bool,
    /// Its definition, or the beginning of it.
    pub span: Span,
}

/// A stock that is a conveyor or a queue. What it begins with is the stock's own equation, but for the lists of a conveyor. It
/// determines the rates of its outflows: the equation of one that leaks is the fraction that leaks, that of any other one does not
/// count. The equation of a conveyor's inflow is the rate that the flow asks for.
#[derive(Clone, Debug)]
pub enum TransportDef {
    /// Material travels along slats.
    Conveyor(Box<ConveyorDef>),
    /// Batches wait for their turn.
    Queue(QueueDef),
}

impl TransportDef {
    /// Whether it is a queue.
    pub fn is_queue(&self) -> bool {
        matches!(self, TransportDef::Queue(_))
    }

    /// The conveyor, if it is one.
    pub fn conveyor(&self) -> Option<&ConveyorDef> {
        match self {
            TransportDef::Conveyor(conveyor) => Some(conveyor),
            TransportDef::Queue(_) => None,
        }
    }

    /// Its definition.
    pub fn span(&self) -> Span {
        match self {
            TransportDef::Conveyor(conveyor) => conveyor.span,
            TransportDef::Queue(queue) => queue.span,
        }
    }
}

/// A queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueDef {
    /// Its definition.
    pub span: Span,
}

/// A conveyor.
#[derive(Clone, Debug)]
pub struct ConveyorDef {
    /// Material comes in whole units.
    pub discrete: bool,
    /// A queue upstream gives a whole batch or nothing.
    pub batch_integrity: bool,
    /// A queue upstream gives one batch in a step at most.
    pub one_at_a_time: bool,
    /// Leaks take a fraction of what is there in a time unit, not of what came in.
    pub exponential_leak: bool,
    /// A leak finds all that came in, whatever others took in earlier zones.
    pub ignores_losses: bool,
    /// All contents travel by the present transit time, instead of each by the one that it found.
    pub fifo: bool,
    /// How long material stays, in time units.
    pub transit: Option<EquationDef>,
    /// How much it holds; any amount when absent.
    pub capacity: Option<EquationDef>,
    /// How much enters in a time unit; any amount when absent.
    pub inflow_limit: Option<EquationDef>,
    /// When it takes a new transit time; always when absent.
    pub sample: Option<EquationDef>,
    /// When it stops; never when absent.
    pub arrest: Option<EquationDef>,
    /// What it begins with where that is given as lists instead of the stock's equation.
    pub initial_lists: Option<InitialLists>,
    /// Its definition.
    pub span: Span,
}

/// An equation over the dimensions of the variable that it belongs to.
#[derive(Clone, Debug, Default)]
pub struct EquationDef {
    /// The equation of every element without one of its own.
    pub equation: Option<Equation>,
    /// Clauses, in order, as in [`VarDef::elements`].
    pub elements: Vec<ElementDef>,
}

/// Initial values of a conveyor, from its exit to its entry. A list that is shorter than the longest one goes on with its last value.
#[derive(Clone, Debug, Default)]
pub struct InitialLists {
    /// For every element without a list of its own; empty when there is none.
    pub whole: Vec<Equation>,
    /// For single elements: the position of the clause among those of the stock, and the list.
    pub elements: Vec<(usize, Vec<Equation>)>,
}

/// A flow that leaks from a conveyor.
#[derive(Clone, Copy, Debug)]
pub struct LeakDef {
    /// Where its zone begins, as a part of the way from the entry.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// It takes whole units.
    pub integers: bool,
    /// Its definition.
    pub span: Span,
}

/// Where a flow enters a conveyor.
#[derive(Clone, Debug)]
pub enum Spread {
    /// At the entry.
    Beginning,
    /// The same onto each slat.
    Even,
    /// In proportion to what is there.
    Dest,
    /// As the named graphical function says.
    Dist(Option<Name>, Span),
    /// As it leaked from another conveyor.
    Source(Span),
}

/// What data is between the times of its points. A time that differs from that of a point by no more than rounding does is the
/// point's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesMode {
    /// On the straight line between the points around; before the first point and after the last one, their values.
    Interpolate,
    /// The value of the last point; before the first one, its value.
    HoldBackward,
    /// The value of the next point; after the last one, its value.
    LookForward,
    /// `:NA:` everywhere but at the points.
    Raw,
}

/// A clause of an arrayed variable.
#[derive(Clone, Debug)]
pub struct ElementDef {
    /// One name, number, dimension or `*` for each dimension of the variable. The dimension may be another one whose elements
    /// are, by their names, among those of the variable's: then it means these, and the equation may call the element at hand by
    /// its name.
    pub subscripts: Vec<Name>,
    /// Elements that are left out of those that `subscripts` mean: each has one subscript for each dimension.
    pub except: Vec<Vec<Name>>,
    /// Its equation; with another one before the first step as in [`VarDef::equation`].
    pub equation: Option<Equation>,
    /// It has an equation of its own before the first step.
    pub has_initial: bool,
    /// Its graphical function.
    pub table: Option<TableDef>,
    /// The thresholds at which these elements raise events.
    pub thresholds: Vec<ThresholdDef>,
    /// Whether they are kept from falling below 0; absent when the clause does not say so.
    pub non_negative: Option<bool>,
    /// Its definition, or the beginning of it.
    pub span: Span,
}

impl ElementDef {
    /// A clause with an equation and nothing else.
    pub fn new(subscripts: Vec<Name>, equation: Option<Equation>, span: Span) -> Self {
        Self {
            subscripts,
            except: Vec::new(),
            equation,
            has_initial: false,
            table: None,
            thresholds: Vec::new(),
            non_negative: None,
            span,
        }
    }
}

/// A value at which a variable raises events.
#[derive(Clone, Debug)]
pub struct ThresholdDef {
    /// The number that is passed.
    pub value: f64,
    /// In which direction it is passed.
    pub direction: crate::model::Direction,
    /// How often events fire.
    pub repeat: RepeatDef,
    /// The time after which an event fires again while the variable stays beyond the threshold.
    pub interval: Option<f64>,
    /// What is raised, in order; never empty.
    pub events: Vec<crate::model::Event>,
    /// Its definition, or the beginning of it.
    pub span: Span,
}

/// How often events of a threshold fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatDef {
    /// Each time the threshold is passed.
    Each,
    /// Each event once in a run.
    Once,
    /// Each event once in the life of an instance.
    OnceEver,
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefKind {
    /// It accumulates flows.
    Stock,
    /// It changes stocks.
    Flow,
    /// Anything else that has an equation.
    Aux,
    /// A graphical function that stands alone.
    Table,
}

/// What a variable is to the outside of its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Takes its value from outside.
    Input,
    /// Offered to the outside.
    Output,
}

/// A graphical function.
#[derive(Clone, Debug)]
pub struct TableDef {
    /// `type`.
    pub kind: crate::model::TableKind,
    /// Least and greatest x, of points that lie evenly.
    pub x_scale: Option<(f64, f64)>,
    /// x of the points.
    pub xs: Option<Vec<f64>>,
    /// y of the points.
    pub ys: Vec<f64>,
    /// Its definition.
    pub span: Span,
}

/// A module: an instance of a model.
#[derive(Clone, Debug)]
pub struct ModuleDef {
    /// Name of the instance.
    pub name: Name,
    /// The model that it instantiates, if it is not named after the instance.
    pub model: Option<Name>,
    /// The file that holds the model.
    pub resource: Option<Resource>,
    /// An instance for each element of these dimensions; empty for a single one.
    pub dims: Vec<Name>,
    /// Connections in order.
    pub connections: Vec<Connection>,
    /// Its definition, or the beginning of it.
    pub span: Span,
}

/// A connection between an input and what it takes its value from. Absolute paths begin at the root.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The input that is fed.
    pub to: Path,
    /// The variable that feeds it.
    pub from: Path,
    /// All of it.
    pub span: Span,
}

impl VarDef {
    /// A definition that says nothing but what it defines.
    pub fn new(name: Name, kind: DefKind, span: Span) -> Self {
        Self {
            name,
            kind,
            dims: Vec::new(),
            equation: None,
            list: Vec::new(),
            elements: Vec::new(),
            table: None,
            series: None,
            inflows: Vec::new(),
            outflows: Vec::new(),
            non_negative: None,
            transport: None,
            leak: None,
            overflow: false,
            spread: None,
            multiplier: None,
            is_implied: false,
            is_partial: false,
            run_number: None,
            is_fixed: false,
            access: None,
            units: None,
            doc: None,
            range: None,
            thresholds: Vec::new(),
            reported: false,
            span,
        }
    }
}
