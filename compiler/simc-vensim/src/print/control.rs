//! The times of the run as control variables.

use simc_model::definition::notation::print_number;
use simc_model::definition::{Definition, VarDef};
use simc_model::diagnostic::code;
use simc_model::model::{Method, method_named};
use simc_model::name::Key;

use super::Printer;
use super::text::print_name;
use crate::translate::constant::Constants;
use crate::translate::ranges::Ranges;

/// A control variable: its name, and what it says.
const CONTROLS: [(&str, &str); 4] = [
    ("FINAL TIME", "The final time for the simulation."),
    ("INITIAL TIME", "The initial time for the simulation."),
    ("SAVEPER", "The frequency with which output is stored."),
    ("TIME STEP", "The time step for the simulation."),
];

/// The integration method: the first of the list that is known.
pub(super) fn method(definition: &Definition) -> Method {
    let mut methods = definition.sim_specs.iter().flat_map(|specs| &specs.methods);
    methods.find_map(|name| method_named(&name.text)).unwrap_or(Method::Euler)
}

/// The number of a method in the settings; none for Heun's, which Vensim does not have.
pub(super) fn method_number(method: Method) -> Option<u32> {
    match method {
        Method::Euler => Some(0),
        Method::Rk2 => None,
        Method::Midpoint => Some(4),
        Method::Rk4 => Some(5),
    }
}

/// Whether a name is that of a control variable.
pub(super) fn is_control(key: &Key) -> bool {
    CONTROLS.iter().any(|(name, _)| Key::new(name) == *key)
}

impl Printer<'_> {
    /// The control variables that the model does not define itself.
    pub(super) fn controls(&mut self) {
        let Some(specs) = &self.definition.sim_specs else { return };
        let units = specs.time_units.as_ref().map(|units| units.text.clone()).unwrap_or_default();
        let own = |name: &str| {
            let key = Key::new(name);
            self.definition.root().and_then(|model| model.vars.iter().find(|var| Key::new(&var.name.text) == key))
        };
        let missing: Vec<(&str, &str)> = CONTROLS.into_iter().filter(|(name, _)| own(name).is_none()).collect();
        for (name, doc) in missing {
            let value = match name {
                "FINAL TIME" => specs.stop.map(|(stop, _)| print_number(stop)),
                "INITIAL TIME" => specs.start.map(|(start, _)| print_number(start)),
                "TIME STEP" => Some(print_number(specs.dt.map_or(1.0, |(dt, _)| dt))),
                _ => Some(specs.save_interval.map_or("TIME STEP".to_owned(), |(interval, _)| print_number(interval))),
            };
            let Some(value) = value else {
                let message = format!("the model does not say its `{name}`");
                self.refuse(code::CONVERT_TIME, specs.span, message, "give the run a start and a stop time");
                continue;
            };
            self.out.push_str(&format!("{}=\n\t{value}\n", print_name(name)));
            self.describe(Some(&units), None, Some(doc), specs.span);
        }
    }

    /// Whether a variable of XMILE that has the name of a control variable says what that says.
    pub(super) fn check_control(&mut self, var: &VarDef) {
        let key = Key::new(&var.name.text);
        if self.is_own || !is_control(&key) {
            return;
        }
        let specs = self.definition.sim_specs.as_ref();
        let dt = specs.and_then(|specs| specs.dt).map_or(1.0, |(dt, _)| dt);
        let value = match key.as_str() {
            "final_time" => specs.and_then(|specs| specs.stop).map(|(stop, _)| stop),
            "initial_time" => specs.and_then(|specs| specs.start).map(|(start, _)| start),
            "time_step" => Some(dt),
            _ => Some(specs.and_then(|specs| specs.save_interval).map_or(dt, |(interval, _)| interval)),
        };
        let says = value.is_some() && self.value_of(var, dt) == value;
        if !says || !var.dims.is_empty() || var.table.is_some() {
            let message = format!("`{}` is a time of the run in Vensim, with another value here", var.name.text);
            self.refuse(
                code::CONVERT_TIME,
                var.span,
                message,
                "give the variable another name, or the number that the run has",
            );
        }
    }

    /// What a variable is in every step, if it follows from constants alone.
    fn value_of(&self, var: &VarDef, dt: f64) -> Option<f64> {
        let specs = self.definition.sim_specs.as_ref();
        let of_run = [
            ("DT", Some(dt)),
            ("STARTTIME", specs.and_then(|specs| specs.start).map(|(start, _)| start)),
            ("STOPTIME", specs.and_then(|specs| specs.stop).map(|(stop, _)| stop)),
        ];
        let given = of_run.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let ranges = Ranges::default();
        let mut constants = Constants::new(&self.definition.root()?.vars, &ranges, given);
        let def = constants.var(&var.name.text)?;
        constants.value(def).known
    }
}
