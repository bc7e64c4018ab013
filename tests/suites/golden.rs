//! The bytes of `simc.layout` are what they were: readers of artifacts outlive compilers.

use libtest_mimic::Trial;
use simc_artifact::{decode_layout, encode_layout};
use tests::golden::{Golden, folder, layouts};

use crate::filetests::is_blessing;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("golden::layouts_encode_to_the_committed_bytes_and_back", || layouts()?.iter().try_for_each(check))]
}

fn check(golden: &Golden) -> Result<(), String> {
    let path = folder().join(format!("{}.layout.bin", golden.name));
    let fault = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let encoded = encode_layout(&golden.layout);
    if is_blessing() {
        std::fs::write(&path, &encoded).map_err(|error| fault(&error))?;
    }
    let committed = std::fs::read(&path).map_err(|error| fault(&error))?;
    if committed != encoded {
        let at = committed.iter().zip(&encoded).take_while(|(a, b)| a == b).count();
        return Err(fault(&format!("differs from byte {at} on; `just bless` accepts the new bytes")));
    }
    let decoded = decode_layout(&committed).map_err(|error| fault(&error))?;
    if decoded == golden.layout { Ok(()) } else { Err(fault(&"does not decode to what was encoded")) }
}
