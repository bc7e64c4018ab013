//! What Vensim calls what sema asks for.

use simc_model::definition::wording::{Cure, plain};

/// The words of Vensim.
pub(super) fn wording(cure: Cure) -> &'static str {
    match cure {
        Cure::WriteEquation => "write its equation after `=`, or give it values with `--data`",
        Cure::WriteInitial => "write the initial value as the second argument of INTEG",
        Cure::WriteElements => "write an equation for them: `name[element] = ...`",
        Cure::WriteTables => "write points for them: `name[element]((0,0),(1,1))`",
        Cure::NameDimensions => "name its subscript ranges on the left side",
        Cure::JoinUnits => "make them equivalent in the settings of the model",
        Cure::WriteTimes => "define INITIAL TIME, FINAL TIME, TIME STEP and SAVEPER",
        Cure::NoTimes => "the file has no control variables",
        Cure::NoStart => "the file does not define INITIAL TIME",
        Cure::NoStop => "the file does not define FINAL TIME",
        Cure::ReduceArray => "pick an element with subscripts, or reduce the array with SUM, PROD, VMIN or VMAX",
        Cure::FunctionsOfOrder => "DELAY N and SMOOTH N",
        Cure::DelayWithoutLevels => "a DELAY FIXED",
        Cure::UseEuler
        | Cure::MakeDiscrete
        | Cure::MarkResult
        | Cure::SayRepeat
        | Cure::BreakCycle
        | Cure::ConnectInput
        | Cure::DefineFlow
        | Cure::MarkLeaks
        | Cure::LeaveOutflow
        | Cure::WriteTransitTime
        | Cure::NameDistribution
        | Cure::MergeThresholds
        | Cure::ImportEquations
        | Cure::NoSuchModel
        | Cure::TwoScales
        | Cure::NoScale => plain(cure),
    }
}
