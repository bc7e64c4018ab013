//! A database as Stella lays them out, with pages of 512 bytes, so that trees have levels and values go over many pages.

use super::{fault, run};
use crate::Precision;

const FILE: &[u8] = include_bytes!("stella.isdb");

#[test]
fn the_last_run_is_read_with_modules_elements_and_limits() {
    let run = run(FILE);
    assert_eq!(run.precision, Precision::Double);
    let names: Vec<&str> = run.series.iter().map(|series| series.name.as_str()).take(5).collect();
    assert_eq!(names, ["Stock", "rate[North]", "rate[South]", "Hares.births", "filler 0"]);
    let of = |name: &str| run.series.iter().find(|series| series.name == name).expect("is there");
    let stock = of("Stock");
    assert_eq!((stock.times.len(), stock.times[0], stock.times[200]), (201, 10.0, 110.0));
    assert_eq!((stock.values[1], stock.values[200]), (0.5, 100.0));
    assert_eq!(of("rate[North]").values, vec![4.0; 201]);
    assert_eq!(of("rate[South]").values[200], -200.0);
    // What the limits of a flow leave of its equation.
    assert_eq!(of("Hares.births").values[10], 10.0);
    assert_eq!((run.series.len(), of("filler 39").values[0]), (44, 39.0));
}

#[test]
fn what_is_cut_or_forged_is_said() {
    for length in (16..FILE.len()).step_by(61) {
        let said = crate::read(&FILE[..length]);
        assert!(said.is_err() || length + 512 > FILE.len(), "{length}");
    }
    for at in (100..FILE.len()).step_by(7) {
        let mut forged = FILE.to_vec();
        forged[at] ^= 0xff;
        // Whatever comes of it, it comes soon.
        let _ = crate::read(&forged);
    }
    assert_eq!(fault(b"SQLite format 3\0"), "is a damaged database");
}
