//! What XMILE calls what sema asks for.

use simc_model::definition::wording::Cure;

/// The words of XMILE.
pub(crate) fn wording(cure: Cure) -> &'static str {
    match cure {
        Cure::WriteEquation => "write its equation in `<eqn>`",
        Cure::WriteInitial => "write the initial value in its `<eqn>`",
        Cure::WriteElements => "add an `<element>` for each, or an `<eqn>` for all elements without one",
        Cure::WriteTables => "give each element a `<gf>`, or the variable one for all of them",
        Cure::NameDimensions => "name its dimensions in `<dimensions>`",
        Cure::ConnectInput => "connect it in the `<module>`, or give it an equation to use when it is not connected",
        Cure::DefineFlow => "define it as a `<flow>`",
        Cure::MarkLeaks => "mark all outflows but one with `<leak>`, or none: then the first is that at the exit",
        Cure::LeaveOutflow => "one outflow without `<leak>` takes what reaches the exit",
        Cure::WriteTransitTime => "write it in `<len>`",
        Cure::NameDistribution => "name the graphical function of the distribution in `<isee:distrib_eq>`",
        Cure::MergeThresholds => "put both events into one <threshold>; they are used one after another",
        Cure::JoinUnits => "make one an alias of the other in <model_units>",
        Cure::ImportEquations => "import it without isee:overwrite to replace the equation",
        Cure::WriteTimes => "add `<sim_specs><start>0</start><stop>100</stop><dt>1</dt></sim_specs>`",
        Cure::NoTimes => "the file has no `<sim_specs>`",
        Cure::NoStart => "`<sim_specs>` has no `<start>`",
        Cure::NoStop => "`<sim_specs>` has no `<stop>`",
        Cure::NoSuchModel => "no `<model>` element has this name",
        Cure::TwoScales => "has both `<xpts>` and `<xscale>`, but only one can hold",
        Cure::NoScale => "has neither `<xpts>` nor `<xscale>`",
        Cure::BreakCycle => "a stock, a delay or PREVIOUS somewhere on this way would break the cycle",
        Cure::ReduceArray => "pick an element with subscripts, or reduce the array with SUM, MEAN, MIN or MAX",
        Cure::FunctionsOfOrder => "DELAYN and SMTHN",
        Cure::UseEuler => "write `method=\"Euler\"`",
        Cure::MakeDiscrete => "write `discrete=\"true\"` on the conveyor",
        Cure::MarkResult => "give the variable that is its result `access=\"output\"`",
        Cure::SayRepeat => {
            "write `repeat=\"once\"` or `repeat=\"once_ever\"` for several events, `repeat=\"each\"` for one that an interval repeats"
        }
        Cure::DelayWithoutLevels => "a DELAY",
    }
}
