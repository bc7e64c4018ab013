//! What functions are called with: a parameter that is the same constant in all calls is no parameter, and one that only seems so is.

use libtest_mimic::Trial;

use super::loops::same_in_wasmtime;
use super::{around_run, model};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("native::calls::arguments_arrive", arrive)]
}

/// Writes its second parameter where the first one says, and the sum of both after it.
const WRITE: &str = "(func $write (param i32 f64) local.get 0 local.get 1 f64.store \
    local.get 0 local.get 1 local.get 0 f64.convert_i32_u f64.add f64.store offset=8)";

/// The rest of a module: what `run` does, and functions beside `write`.
const PROGRAMS: [(&str, &str); 9] = [
    ("i32.const 160 f64.const 1.5 call $write", ""),
    ("i32.const 160 f64.const 1.5 call $write i32.const 160 f64.const 1.5 call $write", ""),
    ("i32.const 160 f64.const 1.5 call $write i32.const 160 f64.const -2 call $write", ""),
    ("i32.const 160 f64.const 0 call $write i32.const 200 f64.const -0 call $write", ""),
    ("i32.const 160 i32.const 8 i32.add f64.const 7 call $write", ""),
    // Through another function, as they are, changed, and beside another constant.
    ("i32.const 160 call $via", "(func $via (param i32) local.get 0 f64.const 3 call $write)"),
    (
        "i32.const 160 call $via",
        "(func $via (param i32) local.get 0 i32.const 8 i32.add local.set 0 local.get 0 f64.const 3 call $write)",
    ),
    (
        "i32.const 160 call $via i32.const 240 f64.const 3 call $write",
        "(func $via (param i32) local.get 0 f64.const 3 call $write)",
    ),
    (
        "loop i32.const 160 local.get 0 f64.convert_i32_u call $write \
         local.get 0 i32.const 1 i32.add local.tee 0 i32.const 3 i32.lt_u br_if 0 end",
        "",
    ),
];

fn arrive() -> Result<(), String> {
    let [head, tail] = around_run(&model("teacup.xmile")?.wasm)?;
    for (run, beside) in PROGRAMS {
        let forged = format!("{head}(func $run (type 0) (local i32) {run}\n  ){WRITE}{beside}{tail}");
        let wasm = wat::parse_str(&forged).map_err(|error| format!("{error}\n{run}"))?;
        same_in_wasmtime(&wasm).map_err(|error| format!("{run}: {error}"))?.ok_or("a short run")?;
    }
    Ok(())
}
