//! The C header of an object: C99, and C++.
//!
//! Whatever a model calls its variables is in comments, texts and, after the prefix, in names; all three are made harmless here.

mod bindings;
mod declared;
mod engine;
mod functions;
mod texts;

use std::fmt::Write;

use simc_artifact::{Extension, Kind};

use crate::Native;
use crate::entry::Status;
use crate::identifier::identifier;
use declared::Declared;
use texts::{comment, literal, number};

pub(crate) use bindings::write as write_bindings;

/// Writes the header.
pub(crate) fn write(native: &Native) -> String {
    let fallback = Extension::default();
    let extension = native.layout.extension.as_ref().unwrap_or(&fallback);
    let upper = native.prefix.to_ascii_uppercase();
    let declared = Declared {
        extension,
        prefix: &native.prefix,
        upper: &upper,
        sha256: &native.sha256,
        n_slots: native.geometry.n_slots,
        n_rows: native.geometry.n_chunks,
    };
    let header = Header { native, declared, extension, prefix: &native.prefix, upper: &upper };
    // Writing to a text does not fail.
    let mut out = String::new();
    let written = header.write(&mut out);
    debug_assert!(written.is_ok());
    out
}

/// What is written.
struct Header<'n> {
    native: &'n Native,
    declared: Declared<'n>,
    extension: &'n Extension,
    /// What names of functions and types begin with.
    prefix: &'n str,
    /// What names of constants begin with.
    upper: &'n str,
}

type Written = std::fmt::Result;

impl Header<'_> {
    fn write(&self, out: &mut String) -> Written {
        self.write_beginning(out)?;
        self.write_shared(out)?;
        writeln!(out, "/* An instance of the model. */\ntypedef struct {0} {0};\n", self.prefix)?;
        let of_variables = self.declared.write(out)?;
        self.write_variables(out, &of_variables)?;
        self.write_functions(out)?;
        self.write_engine(out)?;
        writeln!(out, "#ifdef __cplusplus\n}}\n#endif\n\n#endif")
    }

    fn write_beginning(&self, out: &mut String) -> Written {
        let prefix = self.prefix;
        let origin = &self.extension.origin;
        let digest: String = self.native.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            out,
            "/* {prefix}.h: the model \"{}\" as native code. Made by {}; not to be edited.",
            comment(&origin.model),
            comment(&origin.producer)
        )?;
        writeln!(out, " *\n * SHA-256 of the artifact: {digest}\n *")?;
        writeln!(
            out,
            " * Link with the object that was made with this header; another one lacks `{}`.\n \
             * An instance belongs to one thread at a time; instances share nothing.\n \
             * The code needs no library. Define SIMC_NO_MALLOC to have no `{prefix}_new` and `{prefix}_free` either.\n */",
            self.native.symbol(crate::entry::START)
        )?;
        writeln!(out, "#ifndef {prefix}_SIMC_H\n#define {prefix}_SIMC_H\n")?;
        writeln!(out, "#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <string.h>")?;
        writeln!(out, "#ifndef SIMC_NO_MALLOC\n#include <stdlib.h>\n#endif\n")?;
        writeln!(out, "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n")
    }

    /// What the headers of all models have in common.
    fn write_shared(&self, out: &mut String) -> Written {
        writeln!(out, "#ifndef SIMC_SHARED\n#define SIMC_SHARED\n")?;
        writeln!(out, "/* What a call came to. */\nenum simc_status {{")?;
        for (at, status) in Status::ALL.into_iter().enumerate() {
            let comma = if at + 1 < Status::ALL.len() { "," } else { "" };
            let (name, text) = texts::of_status(status);
            writeln!(out, "    SIMC_{name} = {}{comma} /* {text} */", status.number())?;
        }
        writeln!(out, "}};\n")?;
        let kinds = [Kind::Time, Kind::Stock, Kind::Flow, Kind::Auxiliary, Kind::Constant, Kind::ModuleInput];
        writeln!(out, "/* What a variable is. */\nenum simc_kind {{")?;
        for (at, kind) in kinds.into_iter().enumerate() {
            let comma = if at + 1 < kinds.len() { "," } else { "" };
            writeln!(out, "    SIMC_{} = {at}{comma}", identifier(kind.name()).to_ascii_uppercase())?;
        }
        out.push_str(texts::SHARED);
        Ok(())
    }

    /// A table of all variables.
    fn write_variables(&self, out: &mut String, names: &[String]) -> Written {
        let Self { prefix, upper, .. } = self;
        writeln!(
            out,
            "/* Variable number i, from 0 to {upper}_N_VARIABLES - 1, in the order of slots; NULL beyond. */"
        )?;
        writeln!(out, "static inline const struct simc_variable *{prefix}_variable(size_t i)\n{{")?;
        if names.is_empty() {
            return writeln!(out, "    (void)i;\n    return NULL;\n}}\n");
        }
        writeln!(out, "    static const struct simc_variable variables[] = {{")?;
        let last = names.len() - 1;
        for (at, (variable, name)) in self.extension.variables.iter().zip(names).enumerate() {
            let sizes = variable.dims.iter().map(|&dim| self.extension.dimensions[dim as usize].elements.len() as u64);
            let count: u64 = sizes.product();
            let kind = identifier(variable.kind.name()).to_ascii_uppercase();
            let units = variable.units.as_ref().map_or("NULL".to_owned(), |units| literal(units));
            let default = variable.defaults.as_ref().and_then(|defaults| defaults.first());
            let default = default.map_or("NAN".to_owned(), |&default| number(default));
            let (least, greatest) = variable.range.unwrap_or((f64::NAN, f64::NAN));
            writeln!(
                out,
                "        {{ {}, {units}, {name}, {count}, SIMC_{kind}, {}, {default}, {}, {} }}{}",
                literal(&variable.name),
                u8::from(variable.defaults.is_some()),
                number(least),
                number(greatest),
                if at < last { "," } else { "" }
            )?;
        }
        writeln!(out, "    }};\n    return i < {upper}_N_VARIABLES ? &variables[i] : NULL;\n}}\n")
    }
}
