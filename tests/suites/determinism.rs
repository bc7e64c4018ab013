//! The same model gives the same bytes: no order of a hash table, no clock, no folder leaks into an artifact. (A model without a name of
//! its own is called as its file is.)

use libtest_mimic::Trial;
use tests::subject::{LEVELS, Subject};

use crate::models::models;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("determinism::two_builds_of_every_model_are_the_same_bytes", builds)]
}

fn builds() -> Result<(), String> {
    let mut texts = vec![tests::generate::chain(3000)];
    for path in models() {
        texts.push(std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    for text in &texts {
        for level in LEVELS {
            let first = Subject::from_xmile("model.xmile", text, level)?;
            let second = Subject::from_xmile("/somewhere/else/model.xmile", text, level)?;
            if first.wasm != second.wasm {
                let at = first.wasm.iter().zip(&second.wasm).take_while(|(a, b)| a == b).count();
                let name = first.model.name;
                return Err(format!("two builds of {name:?} at {level} differ from byte {at} on"));
            }
        }
    }
    Ok(())
}
