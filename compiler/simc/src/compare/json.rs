//! The report for programs.

use serde_json::{Value, json as object};
use simc_runs::Precision;

use super::{Comparison, Difference, Point, Role, finite};

/// The report as one object. A number that JSON does not have is null.
pub fn json(found: &Comparison, precision: Precision, here: &str, reference: &str) -> Value {
    let precision = match precision {
        Precision::Single => "single",
        Precision::Double => "double",
    };
    let difference = |difference: &Difference| {
        let (role, follows_from) = match difference.role {
            Role::Cause => ("cause", None),
            Role::Follows(at) => ("follows", Some(found.differences[at].name.as_str())),
            Role::Unknown => ("unknown", None),
        };
        object!({
            "name": difference.name,
            "role": role,
            "follows_from": follows_from,
            "first": point(&difference.first),
            "worst": point(&difference.worst),
            "times_that_differ": difference.n_times,
        })
    };
    object!({
        "here": here,
        "reference": reference,
        "precision": precision,
        "rtol": found.tolerance.relative,
        "atol": found.tolerance.absolute,
        "agrees": found.differences.is_empty(),
        "variables_compared": found.n_compared,
        "times_compared": found.n_times,
        "times_absent": found.n_times_absent,
        "differences": found.differences.iter().map(difference).collect::<Vec<_>>(),
        "only_in_reference": found.only_in_reference,
        "only_here": found.n_only_here,
    })
}

fn point(point: &Point) -> Value {
    object!({
        "time": point.time,
        "here": point.here,
        "reference": point.reference,
        "relative_error": finite(point),
    })
}
