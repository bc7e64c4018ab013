//! Ways through blocks: whatever is accessed on which of them, native code traps where the artifact does in another engine, and else leaves the
//! same memory.

use libtest_mimic::Trial;

use super::loops::{in_wasmtime, same_in_wasmtime};
use super::model;
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("native::ways::traps_stay_traps", traps)]
}

/// Programs.
const CASES: u32 = 1_500;
/// Locals that hold addresses.
const LOCALS: u32 = 3;
/// Blocks within blocks.
const MAX_DEPTH: u32 = 4;

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
    let offsets = [0, 8, 160, 4088, end - 4096, end - 160, end - 8];
    let mut text = String::new();
    for _ in 0..=draw.below(4) {
        let local = draw.below(LOCALS);
        text += &match draw.below(9) {
            0..3 => format!("local.get {local} f64.const {local}.5 f64.store offset={} ", draw.among(&offsets)),
            // A byte or two of the memory become an address, and are remembered as it was.
            3 => {
                let (width, other) = (["8", "16"][draw.below(2) as usize], draw.below(LOCALS));
                let at = 200 + 2 * draw.below(4);
                format!(
                    "i32.const 0 i32.load{width}_u offset={at} local.tee {local} i32.const 7 f64.convert_i32_u f64.store offset={} \
                     i32.const 0 local.get {other} i32.store{width} offset={at} ",
                    draw.among(&offsets)
                )
            }
            4 => {
                let mask = draw.among(&[0xff, 0xffff, 0xfff8, u32::MAX]);
                format!("local.get {} i32.const {mask} i32.and local.set {local} ", draw.below(LOCALS))
            }
            5 if depth > 0 => {
                let condition = format!("local.get {local} i32.const {} i32.and ", draw.among(&[1, 8, 64]));
                let target = draw.below(depth);
                let branch = ["br", "br_if"][draw.below(2) as usize];
                // What follows a branch that is always taken is in the block, too.
                if branch == "br" { format!("br {target} ") } else { format!("{condition} br_if {target} ") }
            }
            6 if depth < MAX_DEPTH => format!("block {} end ", statements(draw, depth + 1, end)),
            7 | 8 if depth < MAX_DEPTH => {
                let condition = format!("local.get {local} i32.const {} i32.and ", draw.among(&[1, 8, 64]));
                let [then, otherwise] = [0, 1].map(|_| statements(draw, depth + 1, end));
                format!("{condition} if {then} else {otherwise} end ")
            }
            _ => format!("local.get {local} i32.const {} i32.add local.set {local} ", draw.among(&[8, 64, 4097])),
        };
    }
    text
}

fn traps() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    let text = wasmprinter::print_bytes(&subject.wasm).map_err(|error| error.to_string())?;
    let (head, rest) = text.split_once("(func $run ").ok_or("no function `run`")?;
    let (_, tail) = rest.split_once("\n  )").ok_or("no end of `run`")?;
    let end = in_wasmtime(&subject.wasm)?.ok_or("a short run")?.1.len() as u32;
    let mut draw = Draw(7);
    let (mut n_traps, mut n_runs) = (0, 0);
    for case in 0..CASES {
        let starts = [0, 8, 161, 4096, end - 4160, end - 168, end - 8, u32::MAX - 7];
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
