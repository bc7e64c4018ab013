//! Vensim's binary files, and what becomes of damaged ones.

use super::vdf_files::{Form, a_run};
use super::{fault, run, shown};
use crate::{Precision, read};

#[test]
fn runs_have_variables_elements_and_constants() {
    for form in [Form::Single, Form::Double] {
        let found = run(&a_run(form));
        let times = "[0.0, 0.5, 1.0]";
        assert_eq!(
            shown(&found),
            [
                format!("Stock {times} [100.0, 101.5, 103.25]"),
                format!("rate[North,young] {times} [1.0, 1.0, 1.0]"),
                format!("rate[North,old] {times} [2.0, 2.0, 2.5]"),
                format!("rate[South,young] {times} [3.0, 3.5, 3.5]"),
                format!("rate[South,old] {times} [4.0, 4.0, 4.0]"),
                format!("limit {times} [7.25, 7.25, 7.25]"),
            ]
        );
    }
    assert_eq!(run(&a_run(Form::Single)).precision, Precision::Single);
    assert_eq!(run(&a_run(Form::Double)).precision, Precision::Double);
}

#[test]
fn other_kinds_are_refused_by_name() {
    let mut bytes = a_run(Form::Single);
    bytes[3] = 0x53;
    assert!(fault(&bytes).contains("sensitivity"));
}

#[test]
fn a_cut_file_has_a_fault_or_fewer_values() {
    for form in [Form::Single, Form::Double] {
        let bytes = a_run(form);
        assert!((4..bytes.len()).filter(|&length| read(&bytes[..length]).is_err()).count() > bytes.len() * 9 / 10);
    }
}

#[test]
fn damaged_bytes_neither_crash_nor_fill_memory() {
    for form in [Form::Single, Form::Double] {
        let bytes = a_run(form);
        for at in 4..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                let n_values = read(&damaged).map_or(0, |run| run.series.iter().map(|s| s.values.len()).sum::<usize>());
                assert!(n_values <= 1 << 16, "byte {at} as {value}: {n_values} values");
            }
        }
    }
}
