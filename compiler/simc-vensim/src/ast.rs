//! What a Vensim model says, before any name is looked up.
//!
//! The tree has a node for everything the language can write, in the language's own terms. Whether
//! it makes sense (whether a subscript exists, whether `INTEG` is the whole right side) is a later
//! stage's question.

use crate::neutral::Span;

pub use expression::{BinaryOp, Equation, Node, NodeKind, Output, Subscript, UnaryOp};
pub use print::{print, print_equation};
pub use settings::{FileAlias, Method, Record, Settings};

mod expression;
mod print;
mod settings;

/// A name or another piece of text, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As the author wrote it, without quotes and escapes; blanks between words are one space.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Groups in the order of the file.
    pub groups: Vec<Group>,
    /// Macros in the order of the file.
    pub macros: Vec<Macro>,
    /// Entries outside of macros in the order of the file.
    pub entries: Vec<Entry>,
    /// What follows the sketch.
    pub settings: Settings,
}

/// A heading of the definitions that follow it.
#[derive(Clone, Debug)]
pub struct Group {
    /// As written, mostly with a period before it.
    pub name: Name,
    /// Its comment; may be empty.
    pub doc: String,
}

/// A function of the model: `:MACRO: NAME(inputs : outputs)`.
#[derive(Clone, Debug)]
pub struct Macro {
    /// The name; one of the definitions has it too and is the result.
    pub name: Name,
    /// Parameters in order.
    pub inputs: Vec<Name>,
    /// Further results in order.
    pub outputs: Vec<Name>,
    /// What precedes `:END OF MACRO:`.
    pub entries: Vec<Entry>,
    /// An error in its first line has been reported: its parameters may not be all.
    pub reported: bool,
    /// Its first line.
    pub span: Span,
}

/// A definition with what follows it: what ends with `|`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The first part.
    pub body: Body,
    /// The second part, if it holds more than blanks.
    pub units: Option<Units>,
    /// The third part; may be empty.
    pub doc: String,
    /// The fourth part is `:SUPPLEMENTARY`: nothing uses the variable on purpose.
    pub is_supplementary: bool,
    /// The group that it belongs to, an index into [`File::groups`].
    pub group: Option<u32>,
    /// An error in it has been reported. What it lacks is no further error.
    pub reported: bool,
    /// The first part.
    pub span: Span,
}

/// What a definition defines.
#[derive(Clone, Debug)]
pub enum Body {
    /// A variable, or a part of one.
    Variable(Variable),
    /// `Dim: a, b -> Other`
    Range(SubscriptRange),
    /// `Alias <-> Dim`
    Equivalence {
        /// The new name.
        alias: Name,
        /// The range that it is another name of.
        range: Name,
    },
    /// `NAME :THE CONDITION: condition :IMPLIES: consequence`, with subscripts perhaps.
    RealityCheck {
        /// Its name.
        name: Name,
        /// The text of the condition.
        condition: Name,
        /// The text of the consequence.
        consequence: Name,
    },
    /// `NAME :TEST INPUT: variable = expression`
    TestInput {
        /// Its name.
        name: Name,
        /// The text of what it changes.
        change: Name,
    },
}

/// A left side with what it is defined by.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The name.
    pub name: Name,
    /// Elements and ranges; empty for a scalar.
    pub subscripts: Vec<Name>,
    /// The lists after `:EXCEPT:`, as many subscripts in each as the variable has if all is well.
    pub exceptions: Vec<Vec<Name>>,
    /// How data between its points is found.
    pub mode: Option<DataMode>,
    /// What is between the left side and the right one.
    pub operator: Operator,
    /// The right side.
    pub right: Right,
}

/// How a data variable has values between the times of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataMode {
    /// `:INTERPOLATE:`: on a straight line.
    Interpolate,
    /// `:HOLD BACKWARD:`: the last one before.
    HoldBackward,
    /// `:LOOK FORWARD:`: the next one.
    LookForward,
    /// `:RAW:`: none.
    Raw,
}

/// What follows a left side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Nothing: data, or points of a lookup.
    None,
    /// `=`
    Equals,
    /// `==`: a constant that cannot be changed for a run.
    Unchangeable,
    /// `:=`: data.
    Data,
    /// `:IS:`: a string.
    Is,
}

/// A right side.
#[derive(Clone, Debug)]
pub enum Right {
    /// There is none. Without an operator the variable is data.
    Nothing,
    /// An expression.
    Equation(Equation),
    /// `1, 2, 3` or `1, 2; 3, 4;` or `TABBED ARRAY(...)`: numbers row by row, no row is empty.
    Constants(Vec<Vec<f64>>),
    /// `A FUNCTION OF(...)`: causes that a diagram shows. The variable has no equation here.
    FunctionOf(Vec<Name>),
    /// Points in parentheses.
    Lookup(Table),
    /// `name(GET XLS LOOKUPS(...))`: points from a file.
    LookupFrom(Equation),
    /// A string after `:IS:`.
    Text(Name),
    /// An error in it has been reported.
    Unreadable,
}

/// The points of a lookup in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// `[(x0,y0)-(x1,y1)]`: what a graph of it shows.
    pub range: Option<[f64; 4]>,
    /// x and y.
    pub points: Vec<(f64, f64)>,
    /// All of it.
    pub span: Span,
}

/// A subscript range.
#[derive(Clone, Debug)]
pub struct SubscriptRange {
    /// The name.
    pub name: Name,
    /// What it consists of, in order.
    pub elements: Vec<RangeItem>,
    /// What follows `->`.
    pub mappings: Vec<Mapping>,
}

/// A part of a subscript range.
#[derive(Clone, Debug)]
pub enum RangeItem {
    /// An element, or another range in its place.
    Name(Name),
    /// `(a1-a9)`: the names from the first to the last.
    Sequence(Name, Name),
    /// `GET XLS SUBSCRIPT(...)`: names from a file.
    Call(Equation),
}

/// A range that another one maps to.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The range.
    pub range: Name,
    /// `(Range: elements)`: what corresponds to each element in turn; element by element in order
    /// when there is no list.
    pub elements: Option<Vec<RangeItem>>,
}

/// Units with the range that values are expected in.
#[derive(Clone, Debug)]
pub struct Units {
    /// The text without the range; absent when there is nothing but a range.
    pub text: Option<Name>,
    /// `[least, greatest, step]`; `?`, infinity and what is not there are none.
    pub range: Option<[Option<f64>; 3]>,
}

impl Body {
    /// What it defines.
    pub fn name(&self) -> &Name {
        match self {
            Body::Variable(variable) => &variable.name,
            Body::Range(range) => &range.name,
            Body::Equivalence { alias, .. } => alias,
            Body::RealityCheck { name, .. } | Body::TestInput { name, .. } => name,
        }
    }
}
