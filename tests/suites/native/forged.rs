//! Artifacts that are cut, changed at random, or forged: refused in words, or translated.

use libtest_mimic::Trial;
use simc_native::{Error, Options};

use super::model;
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("native::forged::every_cut_is_refused", cuts),
        trial("native::forged::changed_bytes_are_refused_or_translated", changes),
    ]
}

fn cuts() -> Result<(), String> {
    let wasm = model("teacup.xmile")?.wasm;
    for end in 0..wasm.len() {
        let cut = simc_native::translate(&wasm[..end], &Options::default());
        // A cut between two sections after the last one that counts leaves an artifact.
        if cut.is_ok() && simc_artifact::read(&wasm[..end]).is_err() {
            return Err(format!("{end} of {} bytes are an artifact", wasm.len()));
        }
    }
    Ok(())
}

/// Translates what is still an artifact. It is not run: a changed loop may have no end.
fn changes() -> Result<(), String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for name in ["array_tables.xmile", "conveyor.xmile", "event_thresholds.xmile"] {
        let wasm = model(name)?.wasm;
        let mut translated = 0;
        for _ in 0..600 {
            let mut changed = wasm.clone();
            let at = (random() % changed.len() as u64) as usize;
            changed[at] = random() as u8;
            match simc_native::translate(&changed, &Options::default()) {
                Ok(native) => {
                    native.object().map_err(|error| format!("{name}: byte {at}: {error}"))?;
                    translated += usize::from(native.header().ends_with("#endif\n"));
                }
                Err(Error::Internal(message)) => return Err(format!("{name}: byte {at}: {message}")),
                Err(_) => {}
            }
        }
        if translated == 0 {
            return Err(format!("{name}: nothing was translated"));
        }
    }
    Ok(())
}
