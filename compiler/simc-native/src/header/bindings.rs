//! Bindings for C: what `simc bind` writes of an artifact for the host `simc.h`, whatever its code is.

use std::fmt::Write;

use simc_artifact::{Extension, Variable, WasmLayout};

use super::Written;
use super::declared::Declared;
use super::texts::{comment, literal, number};
use crate::identifier::{Names, identifier};

/// Elements of an array up to which its parameter is an array of its own numbers.
const MAX_NUMBERS: usize = 1 << 16;
/// Bytes in a line of an array.
const LINE: usize = 24;

/// Writes the bindings of an artifact.
pub(crate) fn write(layout: &WasmLayout, section: &[u8], prefix: &str, sha256: &[u8; 32]) -> String {
    let fallback = Extension::default();
    let extension = layout.extension.as_ref().unwrap_or(&fallback);
    let upper = prefix.to_ascii_uppercase();
    let (n_slots, n_rows) = (layout.n_slots, layout.n_chunks);
    let declared = Declared { extension, prefix, upper: &upper, sha256, n_slots, n_rows };
    let bindings = Bindings { declared, section };
    // Writing to a text does not fail.
    let mut out = String::new();
    let written = bindings.write(&mut out);
    debug_assert!(written.is_ok());
    out
}

struct Bindings<'n> {
    declared: Declared<'n>,
    section: &'n [u8],
}

impl Bindings<'_> {
    fn write(&self, out: &mut String) -> Written {
        let Declared { extension, prefix, upper, sha256, .. } = self.declared;
        let origin = &extension.origin;
        let digest: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            out,
            "/* The model \"{}\", bound by `simc bind` of {}; not to be edited: another artifact needs other bindings. */",
            comment(&origin.model),
            comment(&origin.producer)
        )?;
        writeln!(out, "#ifndef {prefix}_BOUND_H\n#define {prefix}_BOUND_H\n")?;
        writeln!(out, "#include <math.h>\n#include <string.h>\n\n#include \"simc.h\"\n")?;
        writeln!(out, "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n")?;
        writeln!(out, "/* The compiler that made the artifact, and the SHA-256 of the artifact. */")?;
        writeln!(out, "#define {upper}_PRODUCER {}", literal(&origin.producer))?;
        writeln!(out, "#define {upper}_SHA256 \"{digest}\"\n")?;
        self.declared.write(out)?;
        self.write_params(out)?;
        writeln!(
            out,
            "/* Reads the artifact, which must stay where it is: wrong-artifact for another one. */\n\
             static inline simc_model *{prefix}_load(const void *artifact, size_t n, const struct simc_engine *engine, struct simc_error *error)\n\
             {{\n    if (simc_expect(artifact, n, {upper}_SHA256, error) != SIMC_E_NONE)\n        return NULL;\n    \
                 return simc_model_new(artifact, n, engine, error);\n}}\n"
        )?;
        self.write_section(out)?;
        writeln!(out, "#ifdef __cplusplus\n}}\n#endif\n\n#endif")
    }

    /// The record of what can be set.
    fn write_params(&self, out: &mut String) -> Written {
        let Declared { extension, prefix, .. } = self.declared;
        let mut names = Names::default();
        let settable = extension.variables.iter().filter(|variable| variable.is_settable());
        let fields: Vec<(&Variable, String, usize)> = settable
            .map(|variable| {
                let sizes = variable.dims.iter().map(|&dim| extension.dimensions[dim as usize].elements.len());
                (variable, names.take(&field(&variable.name)), sizes.product())
            })
            .filter(|&(.., size)| size <= MAX_NUMBERS)
            .collect();
        writeln!(out, "/* What can be set, in units of the model; NAN stays at what the model has. */")?;
        writeln!(out, "typedef struct {prefix}_params {{")?;
        for (variable, field, size) in &fields {
            let array = if variable.dims.is_empty() { String::new() } else { format!("[{size}]") };
            write!(out, "    double {field}{array}; /* {}", comment(&variable.name))?;
            if let Some(units) = &variable.units {
                write!(out, ", in {}", comment(units))?;
            }
            if let Some((least, greatest)) = variable.range {
                write!(out, "; from {} to {}", number(least), number(greatest))?;
            }
            writeln!(out, " */")?;
        }
        if fields.is_empty() {
            writeln!(out, "    double nothing; /* can be set in this model */")?;
        }
        writeln!(out, "}} {prefix}_params;\n")?;
        writeln!(
            out,
            "/* The defaults of the model. */\nstatic inline {prefix}_params {prefix}_defaults(void)\n{{\n    {prefix}_params params;"
        )?;
        if fields.is_empty() {
            writeln!(out, "    params.nothing = 0;")?;
        }
        for (variable, field, size) in &fields {
            for element in 0..*size {
                let default = variable.default_of(element as u64).unwrap_or(f64::NAN);
                let index = if variable.dims.is_empty() { String::new() } else { format!("[{element}]") };
                writeln!(out, "    params.{field}{index} = {};", number(default))?;
            }
        }
        writeln!(out, "    return params;\n}}\n")?;
        self.write_setter(out, &fields)
    }

    fn write_setter(&self, out: &mut String, fields: &[(&Variable, String, usize)]) -> Written {
        let Declared { prefix, .. } = self.declared;
        writeln!(
            out,
            "/* Sets everything but what is NAN, or up to what is refused: bad-value for infinity. */\n\
             static inline enum simc_code {prefix}_set_params(simc_sim *sim, const {prefix}_params *params, struct simc_error *error)\n{{"
        )?;
        if fields.is_empty() {
            return writeln!(out, "    (void)sim;\n    (void)params;\n    (void)error;\n    return SIMC_E_NONE;\n}}\n");
        }
        writeln!(
            out,
            "    static const struct {{\n        size_t at;\n        int32_t slot;\n        uint32_t n;\n    }} fields[] = {{"
        )?;
        for (variable, field, size) in fields {
            writeln!(out, "        {{offsetof({prefix}_params, {field}), {}, {size}}},", variable.slot)?;
        }
        writeln!(
            out,
            "    }};\n    size_t i;\n    uint32_t element;\n    \
                 for (i = 0; i < sizeof fields / sizeof *fields; i++) {{\n        \
                     for (element = 0; element < fields[i].n; element++) {{\n            double value;\n            enum simc_code code;\n            \
                         memcpy(&value, (const char *)params + fields[i].at + element * sizeof value, sizeof value);\n            \
                         if (isnan(value))\n                continue;\n            \
                         code = simc_set_slot(sim, fields[i].slot + (int32_t)element, value, error);\n            \
                         if (code != SIMC_E_NONE)\n                return code;\n        }}\n    }}\n    return SIMC_E_NONE;\n}}\n"
        )
    }

    /// What the artifact says of itself, so that a program needs no file.
    fn write_section(&self, out: &mut String) -> Written {
        let prefix = self.declared.prefix;
        writeln!(
            out,
            "/* The model without its artifact: what that says of itself is in this header. wrong-artifact for the engine\n \
             * of another artifact. */\n\
             static inline simc_model *{prefix}_describe(const struct simc_engine *engine, struct simc_error *error)\n{{\n    \
                 static const unsigned char layout[] = {{"
        )?;
        for line in self.section.chunks(LINE) {
            let bytes: Vec<String> = line.iter().map(u8::to_string).collect();
            writeln!(out, "        {},", bytes.join(","))?;
        }
        writeln!(out, "    }};\n    return simc_model_new_layout(layout, sizeof layout, engine, error);\n}}\n")
    }
}

/// The name of a field: that of a slot in small letters, kept from keywords.
fn field(name: &str) -> String {
    crate::identifier::unreserved(&identifier(name).to_ascii_lowercase())
}
