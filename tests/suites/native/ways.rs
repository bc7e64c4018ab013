//! Ways through blocks: whatever is accessed on which of them, native code traps where the artifact does in another engine, and else leaves the
//! same memory.

use libtest_mimic::Trial;

use super::loops::{in_wasmtime, same_in_wasmtime};
use super::{around_run, model};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("native::ways::traps_stay_traps", traps)]
}

/// Programs.
const CASES: u32 = 1_500;
/// Locals that hold addresses.
const LOCALS: u32 = 2;
/// Blocks within blocks.
const MAX_DEPTH: u32 = 3;

/// A stream of numbers.
struct Draw(u32);

impl Draw {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % n
    }

    fn among(&mut self, choices: &[u32]) -> i32 {
        choices[self.below(choices.len() as u32) as usize].cast_signed()
    }
}

/// A few statements within so many blocks; `end` is that of the memory.
fn statements(draw: &mut Draw, depth: u32, end: u32) -> String {
    let offsets = [0, 0, 0, 8, 8, 4088, end - 4096, end - 160];
    let write = |local: u32, offset: i32| format!("local.get {local} f64.const {local}.5 f64.store offset={offset} ");
    let mut text = String::new();
    for _ in 0..=draw.below(4) {
        let (local, other) = (draw.below(LOCALS), draw.below(LOCALS));
        let condition = format!("local.get {other} i32.const {} i32.and ", draw.among(&[1, 8, 64]));
        text += &match draw.below(18) {
            // A byte or two of the memory become an address, and are remembered as it was.
            0 => {
                let (width, at) = (["8", "16"][draw.below(2) as usize], 200 + 2 * draw.below(4));
                format!(
                    "i32.const 0 i32.load{width}_u offset={at} local.tee {local} f64.const 7 f64.store offset={} \
                     i32.const 0 local.get {other} i32.store{width} offset={at} ",
                    draw.among(&offsets)
                )
            }
            1 => format!("local.get {other} i32.const {} i32.add local.set {local} ", draw.among(&[8, 64, 4097])),
            2 => {
                let mask = draw.among(&[0xff, 0xffff, 0xfff8, u32::MAX]);
                format!("local.get {other} i32.const {mask} i32.and local.set {local} ")
            }
            // The farthest access is on one way of two, before they part or after.
            10 => {
                let [far, near] = [write(local, draw.among(&offsets)), write(local, draw.among(&offsets))];
                format!("{} block {far} {condition} br_if 0 nop end {near}", write(local, 0))
            }
            11 => {
                let far = write(local, draw.among(&offsets));
                format!("{} block block {condition} br_if 1 end {far} end ", write(local, 0))
            }
            // What follows a branch that is always taken is in the block, too.
            3 if depth > 0 => format!("br {} ", draw.below(depth)),
            4..6 if depth > 0 => format!("{condition} br_if {} ", draw.below(depth)),
            6..8 if depth < MAX_DEPTH => format!("block {} end ", statements(draw, depth + 1, end)),
            8..10 if depth < MAX_DEPTH => {
                let [then, otherwise] = [0, 1].map(|_| statements(draw, depth + 1, end));
                format!("{condition} if {then} else {otherwise} end ")
            }
            _ => write(local, draw.among(&offsets)),
        };
    }
    text
}

fn traps() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    let [head, tail] = around_run(&subject.wasm)?;
    let end = in_wasmtime(&subject.wasm)?.ok_or("a short run")?.1.len() as u32;
    let mut draw = Draw(7);
    let (mut n_traps, mut n_runs) = (0, 0);
    for case in 0..CASES {
        let starts = [0, 8, 161, 4089, 4096, end - 8];
        let sets = (0..LOCALS).map(|local| format!("i32.const {} local.set {local} ", draw.among(&starts)));
        let body = sets.collect::<String>() + &(0..3).map(|_| statements(&mut draw, 0, end)).collect::<String>();
        let locals = "i32 ".repeat(LOCALS as usize);
        let forged = format!("{head}(func $run (type 0) (local {locals}) {body}\n  ){tail}");
        let wasm = wat::parse_str(&forged).map_err(|error| format!("{error}\n{body}"))?;
        match same_in_wasmtime(&wasm).map_err(|error| format!("case {case}: {body}: {error}"))? {
            Some(true) => n_traps += 1,
            Some(false) => n_runs += 1,
            None => {}
        }
    }
    if n_traps < 200 || n_runs < 200 { Err(format!("{n_traps} traps, {n_runs} runs")) } else { Ok(()) }
}
