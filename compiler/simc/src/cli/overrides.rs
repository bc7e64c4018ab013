//! `--set NAME=VALUE,...` and `--set-table NAME=X:Y,...`.

use simc::engine::Engine;
use simc::variable_index::{Selection, VariableIndex};
use simc_artifact::{InputTable, Kind, Variable};

use super::failure::Failure;
use super::report::{self, MessageFormat};

/// A constant, or elements of one, and the values that they are to have: one for all, or one for each.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Override {
    name: String,
    values: Vec<f64>,
}

/// A graphical function and the points that it is to have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TableOverride {
    name: String,
    points: Vec<[f64; 2]>,
}

impl TableOverride {
    /// How many points it gives.
    pub(super) fn n_points(&self) -> u32 {
        u32::try_from(self.points.len()).unwrap_or(u32::MAX)
    }
}

/// Reads `NAME=VALUE,...`.
pub(super) fn parse_override(text: &str) -> Result<Override, String> {
    let (name, values) = parse_name(text, "write NAME=VALUE")?;
    let values = values.split(',').map(parse_number).collect::<Result<_, _>>()?;
    Ok(Override { name, values })
}

/// Reads `NAME=X:Y,...`.
pub(super) fn parse_table_override(text: &str) -> Result<TableOverride, String> {
    let (name, points) = parse_name(text, "write NAME=X:Y,X:Y,...")?;
    let point = |point: &str| {
        let (x, y) = point.split_once(':').ok_or(format!("`{}` is not a point; write X:Y", point.trim()))?;
        Ok([parse_number(x)?, parse_number(y)?])
    };
    let points: Vec<[f64; 2]> = points.split(',').map(point).collect::<Result<_, String>>()?;
    if let Some(number) = points.iter().flatten().find(|number| !number.is_finite()) {
        return Err(format!("the points of a graphical function are finite, and {number} is not"));
    }
    if let Some(pair) = points.windows(2).find(|pair| pair[0][0] > pair[1][0]) {
        return Err(format!("the x of points must ascend, and {} comes before {}", pair[0][0], pair[1][0]));
    }
    Ok(TableOverride { name, points })
}

/// The values are after the last `=`: a quoted name may contain others.
fn parse_name<'a>(text: &'a str, usage: &str) -> Result<(String, &'a str), String> {
    let (name, values) = text.rsplit_once('=').ok_or(usage)?;
    let name = name.trim();
    if name.is_empty() {
        return Err("there is no name before the `=`".to_owned());
    }
    Ok((name.to_owned(), values))
}

fn parse_number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    text.parse().map_err(|_| format!("`{text}` is not a number"))
}

/// Applies overrides in order; a later one of the same constant wins.
pub(super) fn apply(
    overrides: &[Override],
    index: &VariableIndex<'_>,
    engine: &mut dyn Engine,
    format: MessageFormat,
) -> Result<(), Failure> {
    for Override { name, values } in overrides {
        let selection = index.select(name).map_err(|error| Failure::Usage(error.to_string()))?;
        let variable = selection.variable();
        if index.is_of_run(variable) {
            let message = format!(
                "`{}` cannot be set: a variable has this name, and the run's own number of this name is part of the model's time specification, which `--start`, `--stop`, `--dt` and `--save-every` change",
                variable.name
            );
            return Err(Failure::Usage(message));
        }
        let is_settable = |slot: u64| variable.default_of(slot - variable.slot).is_some();
        if let Some(fixed) = selection.slots().find(|&slot| !is_settable(slot)) {
            let (name, why) = match variable.is_settable() {
                true => (
                    index.title(variable, fixed - variable.slot),
                    "this element is computed, and other elements of the array can be set",
                ),
                false => (variable.name.clone(), why_not_settable(variable, index)),
            };
            return Err(Failure::Usage(format!("`{name}` cannot be set: {why}")));
        }
        if values.len() != 1 && values.len() as u64 != selection.len() {
            return Err(Failure::Usage(wrong_count(&selection, name, values.len())));
        }
        for (slot, &value) in selection.slots().zip(values.iter().cycle()) {
            let is_set =
                engine.set_value(slot, value).map_err(|error| report::fail_without_source(error.into(), format))?;
            if !is_set {
                let message = format!("the artifact lists `{}` as settable, yet refuses to set it", variable.name);
                return Err(Failure::Message(message));
            }
        }
    }
    Ok(())
}

/// Applies points in order; later ones of the same graphical function win.
pub(super) fn apply_tables(
    overrides: &[TableOverride],
    index: &VariableIndex<'_>,
    engine: &mut dyn Engine,
    format: MessageFormat,
) -> Result<(), Failure> {
    for TableOverride { name, points } in overrides {
        let (number, table) = index.find_table(name).map_err(|error| Failure::Usage(error.to_string()))?;
        let InputTable { name, capacity, .. } = table;
        if points.len() > *capacity as usize {
            let message = format!(
                "`{name}` has room for {capacity} points, and {} are given; `simc build --inputs tables=N` makes more room",
                points.len()
            );
            return Err(Failure::Usage(message));
        }
        let is_set =
            engine.set_table(number, points).map_err(|error| report::fail_without_source(error.into(), format))?;
        if !is_set {
            let message = format!("the artifact lists the points of `{name}` as settable, yet refuses to set them");
            return Err(Failure::Message(message));
        }
    }
    Ok(())
}

fn wrong_count(selection: &Selection<'_>, name: &str, n: usize) -> String {
    let elements = selection.len();
    let elements = if elements == 1 { "1 element".to_owned() } else { format!("{elements} elements") };
    format!("`{name}` has {elements}, and {n} values are given; give one for all, or one for each")
}

fn why_not_settable(variable: &Variable, index: &VariableIndex<'_>) -> &'static str {
    match variable.kind {
        Kind::Time => {
            "it is part of the model's time specification, which `--start`, `--stop`, `--dt` and `--save-every` change"
        }
        Kind::Stock if index.is_transport(variable) => {
            "it is a conveyor or a queue, which begins with what its own equation says; constants that this reads can be set"
        }
        Kind::Stock => {
            "it is a stock, which starts from its own equation and changes by its flows; with `--inputs initials` its initial value can be set"
        }
        Kind::Flow if index.has_transports() => {
            "it is a flow, computed from its equation or from the conveyor or queue that it leaves"
        }
        Kind::Flow => "it is a flow, computed from its equation",
        Kind::Auxiliary => "it is computed from its equation; only constants can be set",
        Kind::Constant => "it is a constant that the compiler needed to know",
        Kind::ModuleInput => "it takes its value from outside of its module",
    }
}

#[cfg(test)]
mod tests {
    use super::{Override, TableOverride, parse_override, parse_table_override};

    #[test]
    fn the_last_equals_sign_separates() {
        let read = parse_override("\"a=b\" = -2.5e3");
        assert_eq!(read, Ok(Override { name: "\"a=b\"".to_owned(), values: vec![-2500.0] }));
    }

    #[test]
    fn commas_separate_values_behind_the_name_alone() {
        let read = parse_override("rate[North, Young] = 1, -2,3");
        assert_eq!(read, Ok(Override { name: "rate[North, Young]".to_owned(), values: vec![1.0, -2.0, 3.0] }));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(parse_override("rate"), Err("write NAME=VALUE".to_owned()));
        assert_eq!(parse_override("=2"), Err("there is no name before the `=`".to_owned()));
        assert_eq!(parse_override("rate=fast"), Err("`fast` is not a number".to_owned()));
        assert_eq!(parse_override("rate=1,,2"), Err("`` is not a number".to_owned()));
    }

    #[test]
    fn points_are_pairs_that_ascend() {
        let read = parse_table_override("effect = 0:1, 0.5:-2 ,0.5:3");
        let points = vec![[0.0, 1.0], [0.5, -2.0], [0.5, 3.0]];
        assert_eq!(read, Ok(TableOverride { name: "effect".to_owned(), points }));
        for (text, fault) in [
            ("effect", "write NAME=X:Y,X:Y,..."),
            ("effect=", "`` is not a point; write X:Y"),
            ("effect=1,2", "`1` is not a point; write X:Y"),
            ("effect=0:one", "`one` is not a number"),
            ("effect=0:inf", "the points of a graphical function are finite, and inf is not"),
            ("effect=1:0,0:1", "the x of points must ascend, and 1 comes before 0"),
        ] {
            assert_eq!(parse_table_override(text), Err(fault.to_owned()));
        }
    }
}
