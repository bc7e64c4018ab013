//! How a format says what sema asks a modeller to do: each reader of a format has words of its own, and `Definition` carries them.

/// Something that cures a fault, or a part of a definition that a message has to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Write the equation of a variable.
    WriteEquation,
    /// Write the initial value of a stock.
    WriteInitial,
    /// Give elements of an array without an equation one.
    WriteElements,
    /// Give elements of an array without a graphical function one.
    WriteTables,
    /// Name the dimensions of a variable that has elements.
    NameDimensions,
    /// Connect an input of a module, or give it an equation.
    ConnectInput,
    /// Define something as a flow.
    DefineFlow,
    /// Mark all outflows of a conveyor but one as leaks.
    MarkLeaks,
    /// Leave an outflow of a conveyor without a leak.
    LeaveOutflow,
    /// Write the transit time of a conveyor.
    WriteTransitTime,
    /// Name the graphical function that spreads a flow over a conveyor.
    NameDistribution,
    /// Put events of one threshold together.
    MergeThresholds,
    /// Say that two names are one unit, after "if both are one unit,".
    JoinUnits,
    /// Import data so that it replaces equations.
    ImportEquations,
    /// Say when the model runs.
    WriteTimes,
    /// What is wrong with a file that does not say when it runs.
    NoTimes,
    /// What is wrong with a file that says no start time.
    NoStart,
    /// What is wrong with a file that says no stop time.
    NoStop,
    /// What is wrong with a module whose model the file does not have.
    NoSuchModel,
    /// What is wrong with a graphical function that says its x in two ways.
    TwoScales,
    /// What is wrong with a graphical function that does not say its x.
    NoScale,
    /// Break a cycle of variables within a step.
    BreakCycle,
    /// Make a number of an array.
    ReduceArray,
    /// The functions that have as many levels as an argument says.
    FunctionsOfOrder,
    /// Choose Euler's method, before a reason.
    UseEuler,
    /// Make a conveyor discrete.
    MakeDiscrete,
    /// Say which variable of a model is its result.
    MarkResult,
    /// Say how often events of a threshold fire.
    SayRepeat,
    /// The delay that needs no levels, with its article.
    DelayWithoutLevels,
}

/// The words of a format.
#[derive(Clone, Copy, Debug)]
pub struct Wording(pub fn(Cure) -> &'static str);

impl Default for Wording {
    fn default() -> Self {
        Self(plain)
    }
}

/// Words for a definition that no file is after.
pub fn plain(cure: Cure) -> &'static str {
    match cure {
        Cure::WriteEquation => "write its equation",
        Cure::WriteInitial => "write the initial value",
        Cure::WriteElements => "give each an equation, or write one for all elements without one",
        Cure::WriteTables => "give each element a graphical function, or the variable one for all of them",
        Cure::NameDimensions => "name its dimensions",
        Cure::ConnectInput => "connect it, or give it an equation to use when it is not connected",
        Cure::DefineFlow => "define it as a flow",
        Cure::MarkLeaks => "mark all outflows but one as leaks",
        Cure::LeaveOutflow => "one outflow that is no leak takes what reaches the exit",
        Cure::WriteTransitTime => "write its transit time",
        Cure::NameDistribution => "name the graphical function of the distribution",
        Cure::MergeThresholds => "put both events into one threshold; they are used one after another",
        Cure::JoinUnits => "make one an alias of the other",
        Cure::ImportEquations => "import it so that it replaces equations",
        Cure::WriteTimes => "say when the run starts and stops",
        Cure::NoTimes => "the file does not say when the model runs",
        Cure::NoStart => "the run has no start time",
        Cure::NoStop => "the run has no stop time",
        Cure::NoSuchModel => "no model has this name",
        Cure::TwoScales => "gives its x in two ways, but only one can hold",
        Cure::NoScale => "does not give its x",
        Cure::BreakCycle => "a stock or a delay somewhere on this way would break the cycle",
        Cure::ReduceArray => "pick an element with subscripts, or reduce the array to a number",
        Cure::FunctionsOfOrder => "delays and smooths",
        Cure::UseEuler => "choose Euler's method",
        Cure::MakeDiscrete => "make the conveyor discrete",
        Cure::MarkResult => "say which of its variables is the result",
        Cure::SayRepeat => {
            "let several events fire once, and one that an interval repeats each time the threshold is passed"
        }
        Cure::DelayWithoutLevels => "a delay of fixed length",
    }
}
