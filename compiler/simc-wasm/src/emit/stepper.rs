//! `advance(limit: i64)`: takes steps, saves rows, and leaves the live chunk true.
//!
//! ```text
//! loop:
//!     if step > limit:                     evaluate into the live chunk; return          (at rest)
//!     if the step is to be saved:          evaluate into the next row
//!     if that was the last step:           copy the last row into the live chunk; return (complete)
//!     take the step; step = step + 1; time = start + step*dt
//!     if the step has failed:              drop its row; copy the one before into the live chunk; return
//! ```
//!
//! With the limit before the step it evaluates the time of the step and nothing else. It is called only where the limit is `step - 1` at
//! least, on an instance that is initialised and not complete, with everything prepared.

use super::code::{Signature, Ty};
use super::program::Program;
use super::{Cx, Globals, StepperKind};

mod inlined;
mod plain;

const ADVANCE: Signature = (&[Ty::I64], &[]);

/// Adds it in the best form.
pub(crate) fn add_advance(
    cx: &Cx<'_>,
    program: &mut Program,
    globals: &Globals,
    canonicalise: u32,
    form: StepperKind,
) -> u32 {
    let inlined = match form {
        // A step that fails, or is the last one without being saved, leaves the loop in the middle, which only the plain form does.
        StepperKind::Auto if !cx.has_transports && !cx.geometry.ends_behind_rows => {
            inlined::emit(cx, globals, canonicalise)
        }
        StepperKind::Auto | StepperKind::Plain => None,
    };
    match inlined {
        Some(encoded) => program.add_encoded("advance", ADVANCE, encoded),
        None => {
            let code = plain::emit(cx, program, globals, canonicalise);
            program.add("advance", ADVANCE, code)
        }
    }
}
