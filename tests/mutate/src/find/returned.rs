//! What a function returns, as far as its signature tells.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// A type of which constants are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Returned {
    Bool,
    Option,
    Integer,
    Other,
}

impl Returned {
    pub(super) fn of(output: &ReturnType) -> Self {
        let ReturnType::Type(_, kind) = output else { return Self::Other };
        let Type::Path(path) = kind.as_ref() else { return Self::Other };
        let Some(segment) = path.path.segments.last() else { return Self::Other };
        match segment.ident.to_string().as_str() {
            "bool" => Self::Bool,
            "Option" if !is_impl(&segment.arguments) => Self::Option,
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => Self::Integer,
            "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => Self::Integer,
            _ => Self::Other,
        }
    }

    /// Constants of the type.
    pub(super) fn values(self) -> &'static [&'static str] {
        match self {
            Self::Bool => &["true", "false"],
            Self::Option => &["None"],
            Self::Integer => &["0", "1"],
            Self::Other => &[],
        }
    }
}

/// Whether the first argument is `impl Trait`, of which `None` says too little.
fn is_impl(arguments: &PathArguments) -> bool {
    let PathArguments::AngleBracketed(arguments) = arguments else { return false };
    matches!(arguments.args.first(), Some(GenericArgument::Type(Type::ImplTrait(_))))
}
