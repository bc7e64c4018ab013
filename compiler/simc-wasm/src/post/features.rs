//! Which features beyond the first version of WebAssembly a module uses: `target_features` names them.

use std::collections::BTreeSet;

use wasm_encoder::Encode;
use wasmparser::{ExternalKind, Operator, Parser, Payload, TypeRef};

use super::PostError;

/// The features that artifacts may use.
const ALLOWED: [&str; 4] = ["bulk-memory", "mutable-globals", "nontrapping-fptoint", "sign-ext"];

/// The feature that they may use as well where that is asked for.
const SIMD: &str = "simd128";

macro_rules! define_proposal {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The proposal that brought an instruction into WebAssembly.
        fn proposal(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => "simd",
            }
        }
    };
}

wasmparser::for_each_operator!(define_proposal);

/// The features that a module uses, in the order of their names.
///
/// # Errors
/// When the module cannot be read, or uses another feature than artifacts may use.
pub(super) fn used_features(module: &[u8], simd: bool) -> Result<BTreeSet<&'static str>, PostError> {
    let mut features = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        read_payload(&payload.map_err(malformed)?, &mut features).map_err(malformed)?;
    }
    match features.iter().find(|&&feature| !(ALLOWED.contains(&feature) || simd && feature == SIMD)) {
        Some(&name) => Err(PostError::Feature { name }),
        None => Ok(features),
    }
}

/// The content of `target_features`: all of them used.
pub(super) fn encode_features(features: &BTreeSet<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    features.len().encode(&mut bytes);
    for feature in features {
        bytes.push(b'+');
        feature.encode(&mut bytes);
    }
    bytes
}

fn read_payload(payload: &Payload<'_>, features: &mut BTreeSet<&'static str>) -> wasmparser::Result<()> {
    if let Payload::CodeSectionEntry(body) = payload {
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            features.extend(feature_name(proposal(&operators.read()?)));
        }
    } else if let Payload::DataCountSection { .. } = payload {
        features.insert("bulk-memory");
    } else if let Payload::ExportSection(exports) = payload {
        // The one variable that is exported is `saved_steps`.
        for export in exports.clone() {
            if export?.kind == ExternalKind::Global {
                features.insert("mutable-globals");
            }
        }
    } else if let Payload::ImportSection(imports) = payload {
        for import in imports.clone().into_imports() {
            if let TypeRef::Global(_) = import?.ty {
                features.insert("mutable-globals");
            }
        }
    }
    Ok(())
}

/// What `target_features` calls a proposal; none for the first version.
fn feature_name(proposal: &'static str) -> Option<&'static str> {
    match proposal {
        "mvp" => None,
        "bulk_memory" => Some("bulk-memory"),
        "sign_extension" => Some("sign-ext"),
        "saturating_float_to_int" => Some("nontrapping-fptoint"),
        "simd" => Some(SIMD),
        other => Some(other),
    }
}

fn malformed(error: wasmparser::BinaryReaderError) -> PostError {
    PostError::Malformed { message: error.to_string() }
}
