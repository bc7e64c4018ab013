//! Files that Vensim keeps beside a model and that are none, by their names.

use std::path::Path;

const BINARY: &str =
    "a binary model of Vensim, whose form its vendor does not publish: save the model as text (.mdl) in Vensim";
const SAVE_LIST: &str = "a list of the variables that Vensim saves: name them after --outputs";
const SEARCH: &str = "a control file of Vensim's optimisation, sensitivity analysis or Kalman filter, which compare many runs of a \
    model: a host runs an artifact as often as it likes (docs/calibrate.md)";

/// What a file is by its extension, when no model and no changes file is called so.
pub(super) fn what_it_is(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "vmf" | "vmfx" | "vpm" | "vpmx" => Some(BINARY),
        "lst" => Some(SAVE_LIST),
        "voc" | "vpd" | "vsc" | "vkf" | "prm" => Some(SEARCH),
        _ => None,
    }
}
