//! What the compiler has to say to a modeller, as data. Rendering is the command line's affair.

use std::cmp::Ordering;
use std::fmt;

use crate::source::{Sources, Span};

pub mod catalogue;

/// A stable code: `E0203`. The hundreds group them: 01 format, 02 names, 03 dimensions, 04 units, 05 time and specifications,
/// 06 run time and artifacts, 07 files of Vensim, 08 conversion to another language, 09 unsupported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

/// The codes of faults that models of every format can have, in the order of their numbers. What each means and its cure are in the
/// catalogue. Readers of formats have codes of their own beside these.
pub mod code {
    use super::Code;

    /// The file holds no model.
    pub const NO_MODEL: Code = Code(106);
    /// What should be a number is none.
    pub const BAD_NUMBER: Code = Code(108);
    /// A name is empty.
    pub const EMPTY_NAME: Code = Code(111);
    /// A graphical function has no points, x given twice, or not as many x as y.
    pub const BAD_TABLE: Code = Code(113);

    /// An operand is missing, or something is where an operand cannot.
    pub const MISSING_OPERAND: Code = Code(120);
    /// A parenthesis or bracket has no partner.
    pub const UNBALANCED: Code = Code(121);
    /// A character that no equation uses.
    pub const UNKNOWN_CHARACTER: Code = Code(122);
    /// A comment or a quoted name is not closed.
    pub const UNTERMINATED: Code = Code(123);
    /// A number in an equation is malformed.
    pub const BAD_LITERAL: Code = Code(124);
    /// An operator of another language.
    pub const FOREIGN_OPERATOR: Code = Code(125);
    /// An equation nests deeper than the limit.
    pub const TOO_DEEP: Code = Code(126);
    /// An equation has more parts than the limit.
    pub const TOO_LARGE: Code = Code(127);
    /// A comma is outside of arguments and subscripts.
    pub const STRAY_COMMA: Code = Code(130);
    /// Two operands are side by side without an operator.
    pub const MISSING_OPERATOR: Code = Code(131);
    /// Something that only a name can have, or only a subscript can be.
    pub const BAD_SUBSCRIPT: Code = Code(132);

    /// A file that the model refers to does not exist.
    pub const FILE_MISSING: Code = Code(133);
    /// A file that the model refers to lies where the model may not look.
    pub const FILE_OUTSIDE: Code = Code(134);
    /// A file that the model refers to cannot be read.
    pub const FILE_UNREADABLE: Code = Code(135);
    /// What should be the path of a file is none.
    pub const BAD_RESOURCE: Code = Code(136);

    /// A file of data that cannot be read as a table.
    pub const DATA_FILE: Code = Code(140);
    /// A heading of data that is no variable.
    pub const DATA_NAME: Code = Code(142);
    /// Subscripts in a heading of data that mean no element.
    pub const DATA_SUBSCRIPT: Code = Code(143);
    /// A variable that cannot take the data.
    pub const DATA_TARGET: Code = Code(144);
    /// A cell of data that is no number.
    pub const DATA_VALUE: Code = Code(145);
    /// Times of data that are missing or do not ascend.
    pub const DATA_TIMES: Code = Code(146);
    /// Data that is given twice.
    pub const DATA_TWICE: Code = Code(147);
    /// Data with more or fewer values than there is room for.
    pub const DATA_COUNT: Code = Code(148);
    /// Data of which a part is not taken.
    pub const DATA_IGNORED: Code = Code(149);

    /// A name that nothing has.
    pub const UNKNOWN_NAME: Code = Code(201);
    /// A function that does not exist.
    pub const UNKNOWN_FUNCTION: Code = Code(202);
    /// Two definitions of one name.
    pub const DUPLICATE_NAME: Code = Code(203);
    /// A variable without an equation.
    pub const MISSING_EQUATION: Code = Code(204);
    /// A stock without an initial value.
    pub const MISSING_INITIAL_VALUE: Code = Code(205);
    /// A variable that needs its own value within a step.
    pub const CIRCULAR: Code = Code(206);
    /// A variable that needs its own value before the first step.
    pub const CIRCULAR_INITIAL: Code = Code(207);
    /// Too few or too many arguments.
    pub const ARGUMENT_COUNT: Code = Code(208);
    /// An argument that must be the name of a graphical function is something else.
    pub const TABLE_EXPECTED: Code = Code(209);
    /// A graphical function is where a number is needed.
    pub const TABLE_AS_VALUE: Code = Code(210);
    /// A variable is called as if it were a function.
    pub const NOT_CALLABLE: Code = Code(211);
    /// A function's name is without arguments.
    pub const FUNCTION_AS_VALUE: Code = Code(212);
    /// A module's name is where a variable is needed.
    pub const MODULE_AS_VALUE: Code = Code(213);
    /// A stock's inflow or outflow is not a flow.
    pub const NOT_A_FLOW: Code = Code(214);
    /// A flow fills, or drains, more than one stock.
    pub const FLOW_REUSED: Code = Code(215);
    /// A stock has a graphical function.
    pub const STOCK_WITH_TABLE: Code = Code(216);
    /// The order of a delay or smooth is not a number known before the run, or out of bounds.
    pub const BAD_ORDER: Code = Code(217);
    /// A module names a model that the file does not have.
    pub const UNKNOWN_MODEL: Code = Code(220);
    /// A model contains itself.
    pub const RECURSIVE_MODULE: Code = Code(221);
    /// Modules nest too deeply, or make too many variables.
    pub const MODULE_LIMIT: Code = Code(222);
    /// A connection leads to something that is no input of the module.
    pub const BAD_CONNECTION: Code = Code(223);
    /// An input is connected to two sources.
    pub const CONNECTED_TWICE: Code = Code(224);
    /// Macros and models that are called make too many variables, or nest too deeply.
    pub const MACRO_LIMIT: Code = Code(225);
    /// A model that is called like a function does not have one output.
    pub const NOT_A_FUNCTION: Code = Code(226);
    /// A conveyor without an outflow at its exit, or with several.
    pub const TRANSPORT_OUTFLOW: Code = Code(240);
    /// A flow that transports cannot share, or a leak or overflow from no transport.
    pub const TRANSPORT_FLOW: Code = Code(241);
    /// A transit time that is missing, not positive, or too long.
    pub const TRANSPORT_TRANSIT: Code = Code(242);
    /// A transport and a flow of different dimensions.
    pub const TRANSPORT_SHAPE: Code = Code(243);
    /// A list of initial values that a conveyor cannot begin with.
    pub const TRANSPORT_INITIAL: Code = Code(244);
    /// An overflow before all other outflows.
    pub const OVERFLOW_FIRST: Code = Code(245);
    /// A transport with too many flows.
    pub const TRANSPORT_LIMIT: Code = Code(247);
    /// An argument that should be a conveyor or queue.
    pub const TRANSPORT_EXPECTED: Code = Code(248);
    /// A transit time that is not a whole number of steps.
    pub const TRANSPORT_ROUNDED: Code = Code(249);

    /// A threshold whose events fire once and repeat.
    pub const BAD_REPEAT: Code = Code(251);
    /// Two thresholds of a variable that are the same.
    pub const REPEATED_THRESHOLD: Code = Code(252);
    /// A dimension that the file does not declare.
    pub const UNKNOWN_DIMENSION: Code = Code(301);
    /// An element that the dimension does not have.
    pub const NO_SUCH_ELEMENT: Code = Code(302);
    /// Too few or too many subscripts.
    pub const SUBSCRIPT_COUNT: Code = Code(303);
    /// An element of a dimension named twice.
    pub const DUPLICATE_ELEMENT: Code = Code(304);
    /// An element of an array with two equations.
    pub const ELEMENT_TWICE: Code = Code(305);
    /// Elements of an array without an equation.
    pub const MISSING_ELEMENTS: Code = Code(306);
    /// A list with more or fewer equations than elements.
    pub const LIST_LENGTH: Code = Code(307);
    /// Arrays that do not fit one another.
    pub const SHAPES: Code = Code(308);
    /// A single number where an array is needed.
    pub const NOT_AN_ARRAY: Code = Code(309);
    /// A range whose last element is before its first.
    pub const REVERSED_RANGE: Code = Code(310);
    /// A dimension's name as a subscript of an unrelated dimension.
    pub const UNRELATED_DIMENSION: Code = Code(311);
    /// A dimension or an array with too many elements.
    pub const ARRAY_TOO_LARGE: Code = Code(312);
    /// The seed of a model's random numbers is no constant.
    pub const BAD_SEED: Code = Code(313);
    /// RANK of something that remembers.
    pub const RANKED_MEMORY: Code = Code(315);
    /// What should be the profile of an allocation is none.
    pub const BAD_PROFILE: Code = Code(316);
    /// A part of an equation has an initial equation of its own.
    pub const ACTIVE_PART: Code = Code(317);

    /// Units that cannot be read.
    pub const UNREADABLE_UNITS: Code = Code(401);
    /// A unit with two meanings.
    pub const CONTRADICTING_UNITS: Code = Code(402);
    /// A unit that is defined by itself.
    pub const CIRCULAR_UNITS: Code = Code(403);
    /// A variable's units are not those of its equation.
    pub const UNITS_OF_EQUATION: Code = Code(410);
    /// Operands, or branches, with different units.
    pub const UNITS_OF_OPERANDS: Code = Code(411);
    /// An argument with other units than its function takes.
    pub const UNITS_OF_ARGUMENTS: Code = Code(412);
    /// A flow's units are not those of its stock over the time unit.
    pub const UNITS_OF_FLOWS: Code = Code(413);
    /// A module's input and its source have different units.
    pub const UNITS_OF_CONNECTIONS: Code = Code(414);

    /// The start or stop time is missing.
    pub const MISSING_TIME: Code = Code(501);
    /// A time of the run is not a finite number.
    pub const BAD_TIME: Code = Code(502);
    /// The run stops before it starts.
    pub const EMPTY_RUN: Code = Code(503);
    /// The time step is not a positive number that moves time on.
    pub const BAD_DT: Code = Code(504);
    /// The time step is longer than the run.
    pub const DT_BEYOND_RUN: Code = Code(505);
    /// The run takes more steps than can be counted exactly.
    pub const TOO_MANY_STEPS: Code = Code(506);
    /// The save interval is not a positive number.
    pub const BAD_SAVE_INTERVAL: Code = Code(507);
    /// The save interval is not a whole number of time steps.
    pub const UNEVEN_SAVE_INTERVAL: Code = Code(508);

    /// A function, or an operator, that the other language does not have.
    pub const CONVERT_FUNCTION: Code = Code(801);
    /// A subscript, or a use of an array, that the other language cannot write.
    pub const CONVERT_ARRAY: Code = Code(802);
    /// Elements of an array that do not exist, where the other language has arrays of all elements alone.
    pub const CONVERT_HOLES: Code = Code(803);
    /// A mapping of dimensions that the other language cannot write.
    pub const CONVERT_MAPPING: Code = Code(804);
    /// A graphical function of a kind that the other language does not have.
    pub const CONVERT_TABLE: Code = Code(805);
    /// A stock or flow with a limit that the other language cannot write.
    pub const CONVERT_LIMIT: Code = Code(806);
    /// A conveyor or a queue, or a flow of one.
    pub const CONVERT_TRANSPORT: Code = Code(807);
    /// Modules, or models in files of their own.
    pub const CONVERT_MODULE: Code = Code(808);
    /// A macro that the other language cannot write.
    pub const CONVERT_MACRO: Code = Code(809);
    /// Data over time, or values that the model imports.
    pub const CONVERT_DATA: Code = Code(810);
    /// Events of thresholds.
    pub const CONVERT_EVENT: Code = Code(811);
    /// A name that the other language cannot write, or that means something else in it.
    pub const CONVERT_NAME: Code = Code(812);
    /// A time of the run, or a variable with the name of one.
    pub const CONVERT_TIME: Code = Code(813);
    /// Something on which no number depends and which the other language cannot write.
    pub const CONVERT_NOTE: Code = Code(814);
    /// A converted model that is not accepted as it stands.
    pub const CONVERT_RESULT: Code = Code(815);

    /// An integration method.
    pub const METHODS: Code = Code(920);
    /// A function that exists but is not supported.
    pub const FUNCTIONS: Code = Code(921);
    /// A range or a graphical function that only the run knows, where it must be known before.
    pub const COMPUTED_RANGE: Code = Code(924);
    /// An equation whose subscripts follow no order.
    pub const SCATTERED: Code = Code(925);
    /// Too many elements in one cycle of variables.
    pub const LARGE_CYCLE: Code = Code(926);
    /// A non-negative stock whose flows do not have its dimensions.
    pub const ARRAYED_CLAMPS: Code = Code(927);
    /// A macro that calls itself.
    pub const RECURSIVE_MACROS: Code = Code(930);
    /// Transports under a method other than Euler's.
    pub const TRANSPORT_METHOD: Code = Code(935);
    /// A queue's outflow into a conveyor that cannot take it.
    pub const QUEUE_TARGETS: Code = Code(937);
    /// A conveyor whose contents all travel by a transit time that changes.
    pub const CHANGING_SPEED: Code = Code(938);
    /// A check of how many elements VECTOR SELECT selects.
    pub const SELECT_ERRORS: Code = Code(941);
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be built.
    Error,
    /// Something may not be what the author meant.
    Warning,
}

/// A further place that matters, with a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// The place to mark; absent when there is none (an empty file).
    pub span: Option<Span>,
    /// What is under the mark; may be empty.
    pub label: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// What would be valid.
    pub hint: Option<String>,
    /// The variable whose definition is at fault.
    pub variable: Option<String>,
}

impl Diagnostic {
    /// An error with a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span: Some(span),
            label: String::new(),
            labels: Vec::new(),
            hint: None,
            variable: None,
        }
    }

    /// A warning with a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// An error of a whole file or of none.
    pub fn error_without_place(code: Code, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::error(code, Span::default(), message) }
    }

    /// Words under the mark.
    #[must_use]
    pub fn with_label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// A further place.
    #[must_use]
    pub fn with_place(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// What would be valid.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The variable whose definition is at fault.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>) -> Self {
        self.variable = Some(name.into());
        self
    }

    /// Whether it stops the compilation.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by file, place and code, errors of no place first, and drops exact repetitions: output is
/// stable. What is said of one place, such as the cells of a table that the place names, is in the
/// order of the numbers in it.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.span.map(|s| (s.file, s.start, s.end)), d.code);
        let messages = || by_numbers(&a.message, &b.message).then_with(|| a.message.cmp(&b.message));
        key(a).cmp(&key(b)).then_with(messages)
    });
    diagnostics.dedup();
}

/// Compares texts, and numbers in them by their size: row 9 comes before row 10.
fn by_numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        let (digits, n) = leading_number(a);
        let (others, m) = leading_number(b);
        let order = match (n, m) {
            (0, _) | (_, 0) => x.cmp(y),
            _ => digits.len().cmp(&others.len()).then_with(|| digits.cmp(others)),
        };
        if order.is_ne() {
            return order;
        }
        (a, b) = (&a[n.max(1)..], &b[m.max(1)..]);
    }
    a.len().cmp(&b.len())
}

/// The digits with which a text begins, zeros before them left out, and how many characters these are with them.
fn leading_number(text: &[u8]) -> (&[u8], usize) {
    let n = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zeros = text[..n].iter().take_while(|&&byte| byte == b'0').count();
    (&text[zeros..n], n)
}

/// One line for logs and tests: `model.xmile:3:7: error[E0203]: ...`.
pub fn one_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic
        .span
        .map_or(String::new(), |span| format!("{}:{}: ", sources.file(span.file).name, sources.line_column(span)));
    format!("{place}{}[{}]: {}", diagnostic.severity, diagnostic.code, diagnostic.message)
}

impl Code {
    /// Whether it tells of units of measure that do not agree, or cannot be read: a warning unless units are denied.
    pub fn is_about_units(self) -> bool {
        (401..450).contains(&self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{:04}", self.0)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_one_place_is_in_the_order_of_its_numbers() {
        let said = |messages: &[&str]| {
            let of = |message: &&str| Diagnostic::error(code::DATA_VALUE, Span::default(), *message);
            let mut all: Vec<Diagnostic> = messages.iter().map(of).collect();
            sort(&mut all);
            all.into_iter().map(|diagnostic| diagnostic.message).collect::<Vec<_>>()
        };
        assert_eq!(
            said(&["row 10, column 2", "row 9, column 11", "row 9, column 3"]),
            ["row 9, column 3", "row 9, column 11", "row 10, column 2",]
        );
        assert_eq!(
            said(&["x 7", "x 007", "x", "x 7a", "w 100", "x 07", "x 7"]),
            ["w 100", "x", "x 007", "x 07", "x 7", "x 7a"]
        );
        assert_eq!(said(&["a1", "a", "1a", "é2", "é10"]), ["1a", "a", "a1", "é2", "é10"]);
    }
}
