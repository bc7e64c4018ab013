//! Doubles as integers: what has no integer becomes the nearest one, and what is no number becomes 0.

use std::fmt::Write as _;

use libtest_mimic::Trial;
use simc::engine::NativeEngine;
use simc_artifact::export;

use super::loops::in_wasmtime;
use super::{around_run, model};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("native::conversions::integers_are_those_of_another_engine", convert)]
}

const NUMBERS: [&str; 22] = [
    "0",
    "-0",
    "0.5",
    "-0.5",
    "-0.9999999999999999",
    "1",
    "-1",
    "2.9999999999999996",
    "2147483647.5",
    "2147483648",
    "-2147483648.5",
    "-2147483649",
    "4294967294.9999995",
    "4294967295",
    "4294967295.5",
    "4294967296",
    "1.8446744073709552e19",
    "-1e300",
    "5e-324",
    "inf",
    "-inf",
    "-nan:0xc000000000001",
];

const CONVERSIONS: [(&str, &str); 4] = [
    ("i32.trunc_sat_f64_u", "i32.store"),
    ("i32.trunc_sat_f64_s", "i32.store"),
    ("i64.trunc_sat_f64_u", "i64.store"),
    ("i64.trunc_sat_f64_s", "i64.store"),
];

/// Where numbers are read and integers written.
const PLACE: usize = 160;

fn convert() -> Result<(), String> {
    let [head, tail] = around_run(&model("teacup.xmile")?.wasm)?;
    let mut body = String::new();
    for (at, number) in (PLACE..).step_by(64).zip(NUMBERS) {
        // No number is known when code is made: it comes from memory, by an address that is no constant.
        write!(body, "i32.const 0 f64.const {number} f64.store offset={at} ").map_err(|error| error.to_string())?;
        for (place, (conversion, store)) in (at + 8..).step_by(8).zip(CONVERSIONS) {
            write!(body, "i32.const 0 local.get 0 f64.load offset={at} {conversion} {store} offset={place} ")
                .map_err(|error| error.to_string())?;
        }
    }
    let forged = format!("{head}(func $run (type 0) (local i32) global.get 3 local.set 0 {body}\n  ){tail}");
    let wasm = wat::parse_str(&forged).map_err(|error| error.to_string())?;
    let (_, memory) = in_wasmtime(&wasm)?.ok_or("a short run")?;
    let mut native = NativeEngine::new(&wasm).map_err(|fault| fault.message)?;
    native.call(export::RUN);
    let start = native.geometry().memory as usize;
    for (at, number) in (PLACE..).step_by(64).zip(NUMBERS) {
        let range = at + 8..at + 8 + 8 * CONVERSIONS.len();
        let (ours, theirs) = (&native.bytes()[start..][range.clone()], &memory[range]);
        if ours != theirs {
            return Err(format!("{number}: {ours:?}, and in another engine {theirs:?}"));
        }
    }
    Ok(())
}
