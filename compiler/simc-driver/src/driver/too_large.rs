//! A model that is too large for an artifact, reported with what takes the space.

use simc_midend::layout::OutOfMemory;
use simc_model::diagnostic::Diagnostic;
use simc_wasm::BuildError;
use simc_wasm::emit::EmitError;
use simc_wasm::link::LinkError;

use super::code;

/// What would make most models fit.
const ADVICE: &str = "save fewer rows with a longer save interval, or keep fewer variables with --outputs";

/// The model itself does not fit.
pub(super) fn out_of_memory(error: &OutOfMemory) -> Diagnostic {
    let regions = error.regions.iter().filter(|(_, bytes)| *bytes > 0);
    let regions: Vec<String> = regions.map(|(name, bytes)| format!("{name}: {bytes}")).collect();
    let mut hint = format!("bytes of each part: {}", regions.join(", "));
    if !error.largest.is_empty() {
        let largest: Vec<String> = error.largest.iter().map(|(name, bytes)| format!("{name}: {bytes}")).collect();
        hint.push_str(&format!("; the largest single things: {}", largest.join(", ")));
    }
    too_much(error.needed, error.max_memory, &format!("{hint}; {ADVICE}"))
}

/// The model fits by itself, but no artifact can hold it: with the mathematics that it calls it is too large, or its steps are too many.
///
/// # Panics
/// When anything else is wrong: a bug of the compiler.
pub(super) fn not_built(error: &BuildError) -> Diagnostic {
    match error {
        BuildError::Memory { needed, allowed } => too_much((*needed).into(), *allowed, ADVICE),
        BuildError::Emit(EmitError::Memory { bytes }) | BuildError::Link(LinkError::TooMuchMemory { bytes }) => {
            too_much((*bytes).into(), simc_midend::layout::ADDRESSABLE, ADVICE)
        }
        BuildError::Emit(EmitError::Steps) => {
            let hint = "choose a later start, an earlier stop or a longer dt";
            Diagnostic::error_without_place(code::TOO_MANY_STEPS, error.to_string()).with_hint(hint)
        }
        BuildError::Link(_) | BuildError::Post(_) => panic!("{error}"),
    }
}

fn too_much(needed: u128, allowed: u64, hint: &str) -> Diagnostic {
    let message = format!("the model needs {needed} bytes of memory, and {allowed} are allowed");
    Diagnostic::error_without_place(code::OUT_OF_MEMORY, message).with_hint(hint)
}
