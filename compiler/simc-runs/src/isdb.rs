//! Stella's databases of runs (`.isdb`).
//!
//! `runs` has times, `models` and `variables` have names, `tuples` the subscripts of elements, and `run_data` a blob of little-endian
//! f64s for each: one for each saved time, or a single one that holds throughout. Rows for links between variables are passed over,
//! and where there are two rows for a variable, one for its equation and one for what its limits leave of that, the latter counts.

use std::collections::HashMap;
use std::sync::Arc;

use crate::sqlite::{Database, Table, Value, damaged};
use crate::{Fault, MAX_VALUES, Precision, Run, Series, too_many_values};

/// Through how many models within models a name leads.
const MAX_DEPTH: usize = 64;

/// A model: its name and the one that it is in.
type Models = HashMap<i64, (String, i64)>;

/// The run that was saved last.
pub(crate) fn read(bytes: &[u8]) -> Result<Run, Fault> {
    let database = Database::open(bytes)?;
    let table = |name: &str| database.table(name)?.ok_or_else(|| no_run(&format!("has no table `{name}`")));
    let (run, start, step) = last_run(&table("runs")?)?;
    let models: Models = rows(&table("models")?, ["id", "name", "parent"])?
        .filter_map(|[id, name, parent]| Some((id.integer()?, (text(name)?, parent.integer().unwrap_or(-1)))))
        .collect();
    let variables: HashMap<i64, String> = rows(&table("variables")?, ["id", "name", "model"])?
        .filter_map(|[id, name, model]| Some((id.integer()?, full_name(&text(name)?, model.integer(), &models))))
        .collect();
    let tuples: HashMap<i64, String> = match database.table("tuples")? {
        Some(table) => {
            rows(&table, ["id", "tuple"])?.filter_map(|[id, tuple]| Some((id.integer()?, text(tuple)?))).collect()
        }
        None => HashMap::new(),
    };
    let data = table("run_data")?;
    let (is_limited, to) = (data.column("constrained"), data.column("to_variable"));
    let columns = ["run", "variable", "tuple", "count", "data"].map(|name| data.column(name));
    let [Some(of_run), Some(variable), Some(tuple), Some(count), Some(values)] = columns else { return Err(damaged()) };
    let mut found: Vec<(String, bool, Series)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut times: HashMap<usize, Arc<[f64]>> = HashMap::new();
    let mut n_values = 0_usize;
    for row in &data.rows {
        let is_link = to.is_some_and(|to| !matches!(row[to], Value::Null | Value::Integer(-1 | 0)));
        if row[of_run].integer() != Some(run) || is_link {
            continue;
        }
        let (Some(name), Value::Blob(blob)) = (row[variable].integer().and_then(|id| variables.get(&id)), &row[values])
        else {
            continue;
        };
        let name = match row[tuple].integer().and_then(|id| tuples.get(&id)).map(|tuple| tuple.trim()) {
            Some(subscripts) if !subscripts.is_empty() => {
                format!("{name}[{}]", subscripts.trim_start_matches('[').trim_end_matches(']'))
            }
            _ => name.clone(),
        };
        let mut numbers: Vec<f64> = blob.as_chunks::<8>().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect();
        let count = row[count].integer().and_then(|count| usize::try_from(count).ok()).unwrap_or(numbers.len());
        if count > MAX_VALUES {
            return Err(too_many_values());
        }
        if let (&[value], true) = (numbers.as_slice(), count > 1) {
            numbers = vec![value; count];
        }
        n_values = n_values.saturating_add(numbers.len());
        if n_values > MAX_VALUES {
            return Err(too_many_values());
        }
        let times = times
            .entry(numbers.len())
            .or_insert_with(|| (0..numbers.len()).map(|at| start + at as f64 * step).collect());
        let series = Series { name: name.clone(), times: Arc::clone(times), values: numbers };
        let is_limited = is_limited.is_some_and(|at| row[at].number().is_some_and(|limited| limited != 0.0));
        match places.get(&name) {
            Some(&place) if is_limited || !found[place].1 => found[place] = (name, is_limited, series),
            Some(_) => {}
            None => {
                places.insert(name.clone(), found.len());
                found.push((name, is_limited, series));
            }
        }
    }
    if found.is_empty() {
        return Err(no_run("has no values of a run"));
    }
    let series = found.into_iter().map(|(_, _, series)| series).collect();
    Ok(Run { precision: Precision::Double, series })
}

/// The run with the greatest number: when it starts, and the time between two saved values.
fn last_run(table: &Table) -> Result<(i64, f64, f64), Fault> {
    let runs = rows(table, ["id", "starttime", "dt", "saveint"])?;
    let runs = runs.filter_map(|[id, start, dt, save]| {
        let step = save.number().filter(|&step| step > 0.0).or(dt.number()).filter(|&step| step > 0.0)?;
        Some((id.integer()?, start.number()?, step))
    });
    runs.max_by_key(|&(id, ..)| id).ok_or_else(|| no_run("holds no run"))
}

/// The values of some columns of each row.
fn rows<'t, const N: usize>(
    table: &'t Table,
    names: [&str; N],
) -> Result<impl Iterator<Item = [&'t Value; N]> + use<'t, N>, Fault> {
    let mut at = [0; N];
    for (at, name) in at.iter_mut().zip(names) {
        *at = table.column(name).ok_or_else(damaged)?;
    }
    Ok(table.rows.iter().map(move |row| at.map(|at| &row[at])))
}

/// The name of a variable after those of the models that it is in, but for the root.
fn full_name(name: &str, model: Option<i64>, models: &Models) -> String {
    let mut full = name.to_owned();
    let mut at = model;
    for _ in 0..MAX_DEPTH {
        let Some((model, parent)) = at.and_then(|at| models.get(&at)) else { break };
        if *parent < 0 {
            break;
        }
        full = format!("{model}.{full}");
        at = Some(*parent);
    }
    full
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.clone()) } else { None }
}

fn no_run(what: &str) -> Fault {
    Fault::new(format!("is a database, and {what}"), "save the run from Stella as .isdb, or export it as CSV")
}
