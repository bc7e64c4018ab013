//! The IR as text: what people read and write, and what goldens are made of.
//!
//! ```text
//! module {
//!     time start=0.0 stop=30.0 dt=0.125 steps=240 save_every=1 method=euler
//!     axes {
//!         a0: 3 ; region
//!     }
//!     slots {
//!         s0: time ; time
//!         s4: stock[a0] ; population
//!         s9: ring(40) ; shipped
//!     }
//!     params {
//!         p0: s7 = 70.0 ; room
//!         p1: s8 = [1.0, 2.0, 3.0] ; share
//!     }
//!     tables {
//!         t0: continuous even { 0.0:1.0, 1.0:4.0 } ; effect
//!     }
//! }
//!
//! func row {
//! block0:
//!     v0 = load s7
//!     for a0 -> block1(v1) {
//!         v2 = load s4[v1]
//!         v3 = fmul v2, v0
//!         rate s4[v1], v3
//!     }
//!     v6 = fold a0, v0 -> block2(v4, v5) {
//!         yield v5
//!     }
//! }
//! ```
//!
//! - A table of several curves has axes and one `{ .. }` for each element: `t1: continuous linear[a0] { 0.0:1.0 } { 0.0:2.0 }`.
//! - An instruction is `result = opcode immediate[indices], operands`, each part where there is one; `position` writes `position a0, 2`,
//!   `shift` writes `shift a0, 1, v3`.
//!   It begins a line of its own and ends on it.
//! - Axes, slots, params and tables are numbered without gaps from 0, in order. Sections without entries are left out.
//! - `; text` after a declaration on the same line is its name: `\n`, `\r`, `\\` and `\u{hex}` stand for what a line cannot hold.
//!   Everywhere else `;` begins a comment that runs to the end of the line, and `;;` does so even after a declaration.
//! - Numbers are the shortest decimals that read back as the same bits, `inf`, `-inf`, `nan` (the canonical one) and `nan(0xBITS)`
//!   with all sixty-four bits.
//! - **Numbering.** Values and blocks of a function are printed in the order in which they are defined in the text, from 0 without
//!   gaps, whatever the entities are called in memory; the parser accepts any distinct numbers and hands out entities in that order.
//!   Printing what was parsed from printed text hence gives the same bytes. In a function that is not valid, what nothing defines
//!   prints as `undefined(v7)`.
//! - Types and variances are not written: they follow from the instructions.
//!
//! The parser checks what it needs to build a module: syntax, that every name is declared, that values are defined before they are
//! used. Whether the module means anything is the verifier's question.

mod lexer;
mod name;
mod number;
mod numbering;
mod parse;
mod print;
mod threshold;

#[cfg(test)]
mod tests;

pub use numbering::Numbering;
pub use parse::{ParseError, parse_module};
pub use print::{print_func, print_inst, print_module};
