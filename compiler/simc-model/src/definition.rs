//! What a model file says, before any name is looked up. One ast serves every format.

use crate::builtin::Dialect;
use crate::source::Span;

pub use wording::Wording;

pub mod print;
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
    /// `<header>` name.
    pub name: Option<String>,
    /// Whose meaning the names of functions have.
    pub dialect: Dialect,
    /// How messages say what is to be done.
    pub wording: Wording,
    /// File-wide `<sim_specs>`.
    pub sim_specs: Option<SimSpecs>,
    /// File-wide `<behavior>`.
    pub behavior: Behavior,
    /// Units of `<model_units>` that are not disabled.
    pub units: Vec<UnitDef>,
    /// `<dimensions>`; declaring one changes nothing until something is subscripted by it.
    pub dims: Vec<DimDef>,
    /// `invalid_index_value` of `<uses_arrays>`: what a read gives whose computed subscript is no element, 0 or NaN.
    pub invalid_index: f64,
    /// Tables that the model takes values from: those that are switched on and read whenever it is compiled.
    pub imports: Vec<ImportDef>,
    /// `<include>` entries in order; none once the file has been put together with what it includes.
    pub includes: Vec<Resource>,
    /// `<macro>` elements in order.
    pub macros: Vec<MacroDef>,
    /// `<model>` elements in order; the first one without a name is the root, or the very first when all have names.
    /// Several models may be empty of variables; there is at least one after a parse without errors.
    pub models: Vec<ModelDef>,
}

/// An `<import>` in `<data>`.
#[derive(Clone, Debug)]
pub struct ImportDef {
    /// `resource`: the file.
    pub resource: Name,
    /// `worksheet`; the first one when absent.
    pub worksheet: Option<String>,
    /// `orientation`.
    pub orientation: simc_data::Orientation,
    /// `isee:timevarying`: whether values belong to times; the table's first heading says so when absent.
    pub is_series: Option<bool>,
    /// `isee:overwrite`: only numbers and points of graphical functions are replaced, and no other equation.
    pub is_direct: bool,
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

/// A `<unit>` of `<model_units>`.
#[derive(Clone, Debug)]
pub struct UnitDef {
    /// The name.
    pub name: Name,
    /// `<eqn>`: what it is in other units; absent for a base unit.
    pub equation: Option<Name>,
    /// `<alias>` entries in order: further spellings.
    pub aliases: Vec<Name>,
}

/// A `<dim>`.
#[derive(Clone, Debug)]
pub struct DimDef {
    /// The name.
    pub name: Name,
    /// What it ranges over.
    pub elements: DimElements,
    /// How elements of this dimension correspond to those of others.
    pub maps_to: Vec<MappingDef>,
    /// The element.
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
    /// `size="n"`: numbered from 1.
    Size(u32),
    /// `<elem name=...>` entries in order.
    Named(Vec<Name>),
}

/// `<sim_specs>`: texts of numbers have been read; absent means absent.
#[derive(Clone, Debug)]
pub struct SimSpecs {
    /// `<start>`.
    pub start: Option<(f64, Span)>,
    /// `<stop>`.
    pub stop: Option<(f64, Span)>,
    /// `<dt>`, the reciprocal already taken.
    pub dt: Option<(f64, Span)>,
    /// `method`, every entry of the list, trimmed.
    pub methods: Vec<Name>,
    /// `isee:save_interval` (or `<save_interval>`), in time units.
    pub save_interval: Option<(f64, Span)>,
    /// `time_units`, as written.
    pub time_units: Option<Name>,
    /// The element.
    pub span: Span,
}

/// `<behavior>`: options that hold for whole kinds of entity unless an entity says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behavior {
    /// Stocks are non-negative.
    pub non_negative_stocks: Option<bool>,
    /// Flows are uniflows.
    pub non_negative_flows: Option<bool>,
}

/// A `<model>`.
#[derive(Clone, Debug, Default)]
pub struct ModelDef {
    /// Absent on the root.
    pub name: Option<Name>,
    /// The whole-model whose modules may name it: 0 is the file that is compiled with all that it includes, each file of a
    /// model or module of its own is another one.
    pub whole: u32,
    /// `resource`: the file that holds the model instead.
    pub resource: Option<Resource>,
    /// Options of this model.
    pub behavior: Behavior,
    /// Its own `<sim_specs>`, if any.
    pub sim_specs: Option<SimSpecs>,
    /// Variables in order.
    pub vars: Vec<VarDef>,
    /// Module instances in order.
    pub modules: Vec<ModuleDef>,
    /// Groups in order.
    pub groups: Vec<GroupDef>,
}

/// A `<group>`: variables and modules that belong together for whoever reads the model.
#[derive(Clone, Debug)]
pub struct GroupDef {
    /// The name.
    pub name: Name,
    /// `<doc>`.
    pub doc: Option<String>,
    /// Its members in order.
    pub members: Vec<Name>,
}

/// A `<macro>`: a function of the model.
#[derive(Clone, Debug)]
pub struct MacroDef {
    /// The name.
    pub name: Name,
    /// `namespace`: may stand before the name in a call.
    pub namespace: Option<String>,
    /// How many parameters it has.
    pub n_params: usize,
    /// What a call makes an instance of: parameters first, each with its default as its equation; then the variables within;
    /// the result, which has the macro's `<eqn>` and no name that an equation could use, is the last one.
    pub body: ModelDef,
    /// An error in this definition has been reported.
    pub reported: bool,
    /// The element's start tag.
    pub span: Span,
}

/// `<stock>`, `<flow>`, `<aux>` or a stand-alone `<gf>`.
#[derive(Clone, Debug)]
pub struct VarDef {
    /// The name.
    pub name: Name,
    /// Which element.
    pub kind: DefKind,
    /// `<dimensions>`: names of dimensions, outermost first; empty for a scalar.
    pub dims: Vec<Name>,
    /// `<eqn>`; for a stock the initial value. In an array, the equation of every element that has none of its own. With an
    /// `<init_eqn>` it is `ACTIVE_INITIAL(eqn, init_eqn)`.
    pub equation: Option<Equation>,
    /// An `<eqn>` of an array that lists an equation for each element, row-major, separated by commas.
    pub list: Vec<Equation>,
    /// `<element>` entries in order.
    pub elements: Vec<ElementDef>,
    /// `<gf>`.
    pub table: Option<TableDef>,
    /// The variable follows its tables over time, whose x are times: what it is between them. Its tables are data then, and
    /// the equations are those of elements without a table.
    pub series: Option<SeriesMode>,
    /// `<inflow>` entries in order.
    pub inflows: Vec<Name>,
    /// `<outflow>` entries in order.
    pub outflows: Vec<Name>,
    /// `<non_negative/>`, or its negation; absent when the element has none.
    pub non_negative: Option<bool>,
    /// `<conveyor>` or `<queue>`.
    pub belt: Option<BeltDef>,
    /// `<leak>` and what belongs to it.
    pub leak: Option<LeakDef>,
    /// `<overflow/>`.
    pub overflow: bool,
    /// `isee:spreadflow`: where the flow enters a conveyor.
    pub spread: Option<Spread>,
    /// A belt determines the flow's rate, or the belt's contents: an own equation of it stands in a part of its own, if anywhere.
    pub is_driven: bool,
    /// What it is a part of, if nobody else can name it: an equation of a belt.
    pub part: Option<Part>,
    /// What a flow with a multiplier gives to the stock downstream: a definition that the file does not write, by its position in
    /// [`ModelDef::vars`].
    pub delivered: Option<u32>,
    /// A definition that the file does not write.
    pub is_implied: bool,
    /// Elements of the array that no equation speaks of do not exist, which is no error.
    pub is_partial: bool,
    /// `access` attribute.
    pub access: Option<Access>,
    /// `<units>`, as written.
    pub units: Option<Name>,
    /// `<doc>`.
    pub doc: Option<String>,
    /// `<range min max>`.
    pub range: Option<(f64, f64)>,
    /// The thresholds of its `<event_poster>`.
    pub thresholds: Vec<ThresholdDef>,
    /// An error in this definition has been reported. What it lacks (an equation that could not be read, a table that
    /// was refused) is no further error: later stages use the name and say nothing more about the definition.
    pub reported: bool,
    /// The element's start tag.
    pub span: Span,
}

/// A stock that is a conveyor or a queue.
#[derive(Clone, Debug)]
pub struct BeltDef {
    /// A queue; else a conveyor.
    pub is_queue: bool,
    /// `discrete`.
    pub discrete: bool,
    /// `batch_integrity`.
    pub batch_integrity: bool,
    /// `one_at_a_time`.
    pub one_at_a_time: bool,
    /// `exponential_leak`.
    pub exponential_leak: bool,
    /// `isee:ignore_earlier_zone_losses`.
    pub ignores_losses: bool,
    /// Its equations, by their positions in [`ModelDef::vars`].
    pub parts: Vec<(BeltPart, u32)>,
    /// The element.
    pub span: Span,
}

/// What an equation of a belt, or of a flow of one, says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BeltPart {
    /// `<len>`.
    Transit,
    /// `<capacity>`.
    Capacity,
    /// `<in_limit>`.
    InLimit,
    /// `<sample>`.
    Sample,
    /// `<arrest>`.
    Arrest,
    /// What a belt begins with: all of it, or an entry of a list.
    Initial,
    /// How many entries of the list count; 0 when there is no list.
    Entries,
    /// The rate that a flow asks for.
    Request,
    /// The fraction that a leak takes.
    Fraction,
}

impl BeltPart {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            BeltPart::Transit => "transit time",
            BeltPart::Capacity => "capacity",
            BeltPart::InLimit => "inflow limit",
            BeltPart::Sample => "sample",
            BeltPart::Arrest => "arrest",
            BeltPart::Initial => "initial value",
            BeltPart::Entries => "entries",
            BeltPart::Request => "request",
            BeltPart::Fraction => "fraction",
        }
    }
}

/// A variable that is a part of another one.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The position of that one in [`ModelDef::vars`].
    pub of: u32,
    /// What it says.
    pub what: BeltPart,
}

/// A flow that leaks from a conveyor.
#[derive(Clone, Copy, Debug)]
pub struct LeakDef {
    /// Where its zone begins, as a part of the way from the entry.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// `<leak_integers/>`.
    pub integers: bool,
    /// The element.
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

/// An `<element>` of an arrayed variable.
#[derive(Clone, Debug)]
pub struct ElementDef {
    /// One name, number, dimension or `*` for each dimension of the variable. The dimension may be another one whose elements
    /// are, by their names, among those of the variable's: then it means these, and the equation may call the element at hand by
    /// its name.
    pub subscripts: Vec<Name>,
    /// Elements that are left out of those that `subscripts` mean: each has one subscript for each dimension.
    pub except: Vec<Vec<Name>>,
    /// Its `<eqn>`; with an `<init_eqn>` as in [`VarDef::equation`].
    pub equation: Option<Equation>,
    /// It has an `<init_eqn>` of its own.
    pub has_initial: bool,
    /// Its `<gf>`.
    pub table: Option<TableDef>,
    /// The thresholds of its `<event_poster>`.
    pub thresholds: Vec<ThresholdDef>,
    /// `<non_negative/>`, or its negation; absent when the element has none.
    pub non_negative: Option<bool>,
    /// The start tag.
    pub span: Span,
}

/// A `<threshold>` of an `<event_poster>`.
#[derive(Clone, Debug)]
pub struct ThresholdDef {
    /// `value`.
    pub value: f64,
    /// `direction`.
    pub direction: crate::model::Direction,
    /// `repeat`.
    pub repeat: RepeatDef,
    /// `interval`, in units of time.
    pub interval: Option<f64>,
    /// `<event>` entries in order; never empty.
    pub events: Vec<crate::model::Event>,
    /// The start tag.
    pub span: Span,
}

/// `repeat` of a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatDef {
    /// `each`
    Each,
    /// `once`
    Once,
    /// `once_ever`
    OnceEver,
}

/// The element that defines a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefKind {
    /// `<stock>`
    Stock,
    /// `<flow>`
    Flow,
    /// `<aux>`
    Aux,
    /// `<gf name=...>` at the level of variables
    Table,
}

/// `access` of a variable in a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Takes its value from outside.
    Input,
    /// Offered to the outside.
    Output,
}

/// A `<gf>`.
#[derive(Clone, Debug)]
pub struct TableDef {
    /// `type`.
    pub kind: crate::model::TableKind,
    /// `<xscale>` as (min, max).
    pub x_scale: Option<(f64, f64)>,
    /// `<xpts>`.
    pub xs: Option<Vec<f64>>,
    /// `<ypts>`.
    pub ys: Vec<f64>,
    /// The element.
    pub span: Span,
}

/// A `<module>`.
#[derive(Clone, Debug)]
pub struct ModuleDef {
    /// Name of the instance.
    pub name: Name,
    /// The `<model>` it instantiates: `isee`'s `model` attribute, or the instance's own name.
    pub model: Option<Name>,
    /// `resource`: the file that holds the model.
    pub resource: Option<Resource>,
    /// `<dimensions>`: an instance for each element; empty for a single one.
    pub dims: Vec<Name>,
    /// `<connect>` entries in order.
    pub connections: Vec<Connection>,
    /// The element's start tag.
    pub span: Span,
}

/// `<connect to from>`: each is a path of names; `absolute` paths begin at the root.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The input that is fed.
    pub to: Path,
    /// The variable that feeds it.
    pub from: Path,
    /// The element.
    pub span: Span,
}

/// A dotted reference: `a`, `module.a`, `.a`.
#[derive(Clone, Debug)]
pub struct Path {
    /// A leading dot.
    pub absolute: bool,
    /// At least one name.
    pub parts: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// A parsed equation in evaluation order: operands before the node that uses them, the last node is the result.
#[derive(Clone, Debug, Default)]
pub struct Equation {
    /// Nodes. Never empty after a successful parse.
    pub nodes: Vec<EquationNode>,
    /// The text of the equation.
    pub span: Span,
}

/// One node with its place.
#[derive(Clone, Debug)]
pub struct EquationNode {
    /// What it says.
    pub kind: EquationKind,
    /// Where it says so; for a call and an operator, all of it.
    pub span: Span,
}

/// What a node says. Numbers are indices into [`Equation::nodes`].
#[derive(Clone, Debug)]
pub enum EquationKind {
    /// A number.
    Number(f64),
    /// A name without parentheses behind it; subscripts, if any, are nodes.
    Reference(Path, Vec<u32>),
    /// A name with parentheses behind it: a builtin or a table.
    Call(Path, Vec<u32>),
    /// A name with subscripts, then arguments: `table[north](x)`, an element of an array of tables.
    SubscriptedCall(Path, Vec<u32>, Vec<u32>),
    /// `-x`, `NOT x`. A unary plus leaves no node.
    Unary(crate::model::UnaryOp, u32),
    /// `a op b`.
    Binary(crate::model::BinaryOp, u32, u32),
    /// `IF .. THEN .. ELSE ..`.
    If(u32, u32, u32),
    /// A whole dimension as a subscript: `*`, or with the dimension named `*:Dim` and `Dim.*`. Only a subscript is one.
    Wildcard(Option<u32>),
    /// `a:b`, the elements from a to b. Only a subscript is one.
    Range(u32, u32),
    /// `@n`, the n-th element. Only a subscript is one.
    Position(u32),
    /// `x'`, the last two dimensions exchanged.
    Transpose(u32),
    /// `a *.* b`.
    InnerProduct(u32, u32),
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
            belt: None,
            leak: None,
            overflow: false,
            spread: None,
            is_driven: false,
            part: None,
            delivered: None,
            is_implied: false,
            is_partial: false,
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

impl EquationKind {
    /// The number that it is.
    pub fn as_number(&self) -> Option<f64> {
        if let EquationKind::Number(value) = self { Some(*value) } else { None }
    }

    /// The name that it is, with or without subscripts.
    pub fn as_named(&self) -> Option<&Path> {
        if let EquationKind::Reference(path, _) = self { Some(path) } else { None }
    }

    /// The name that it is, without subscripts and arguments.
    pub fn as_name(&self) -> Option<&Path> {
        if let EquationKind::Reference(path, subscripts) = self {
            Some(path).filter(|_| subscripts.is_empty())
        } else {
            None
        }
    }
}
