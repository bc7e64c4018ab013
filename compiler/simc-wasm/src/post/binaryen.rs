//! Binaryen, through the `wasm-opt` crate, which works on files.

use wasm_opt::{Feature, OptimizationOptions};

use super::{Binaryen, PostError, PostOptions};

/// A function with one caller is inlined up to this size: larger ones would make callers that engines compile badly.
const ONE_CALLER_INLINE_MAX_SIZE: u32 = 200;

/// Optimises a module within the features that artifacts may use, and without passes that change values.
pub(super) fn optimise(module: &[u8], goal: Binaryen, post: &PostOptions<'_>) -> Result<Vec<u8>, PostError> {
    let directory = tempfile::tempdir().map_err(failed)?;
    let (input, output) = (directory.path().join("in.wasm"), directory.path().join("out.wasm"));
    std::fs::write(&input, module).map_err(failed)?;
    let mut options = match goal {
        Binaryen::Speed => OptimizationOptions::new_opt_level_3(),
        Binaryen::Size => OptimizationOptions::new_optimize_for_size(),
    };
    options.mvp_features_only();
    for feature in [Feature::BulkMemory, Feature::MutableGlobals, Feature::SignExt, Feature::TruncSat] {
        options.enable_feature(feature);
    }
    if post.simd {
        options.enable_feature(Feature::Simd);
    }
    options
        .fast_math(false)
        .traps_never_happen(false)
        .one_caller_inline_max_size(ONE_CALLER_INLINE_MAX_SIZE)
        .debug_info(post.names);
    options.run(&input, &output).map_err(failed)?;
    std::fs::read(&output).map_err(failed)
}

fn failed(error: impl std::error::Error) -> PostError {
    PostError::Binaryen { message: error.to_string() }
}
