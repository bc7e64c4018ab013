//! The C header of an object: C99, and C++.
//!
//! Whatever a model calls its variables is in comments, texts and, after the prefix, in names; all three are made harmless here.

mod functions;
mod texts;

use std::fmt::Write;

use simc_artifact::{Extension, Kind, Variable};

use crate::Native;
use crate::entry::Status;
use crate::identifier::{Names, identifier};
use crate::instance::ALIGN;
use texts::{comment, literal, number};

/// Rows up to which an element of a dimension is an enumerator.
const MAX_ELEMENTS: usize = 1 << 16;

/// Writes the header.
pub(crate) fn write(native: &Native) -> String {
    let fallback = Extension::default();
    let extension = native.layout.extension.as_ref().unwrap_or(&fallback);
    let upper = native.prefix.to_ascii_uppercase();
    let header = Header { native, extension, prefix: &native.prefix, upper: &upper };
    // Writing to a text does not fail.
    let mut out = String::new();
    let written = header.write(&mut out);
    debug_assert!(written.is_ok());
    out
}

/// What is written.
struct Header<'n> {
    native: &'n Native,
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
        self.write_constants(out)?;
        let mut names = Names::default();
        let of_variables = self.write_slots(out, &mut names)?;
        self.write_dimensions(out, &mut names)?;
        self.write_tables(out, &mut names)?;
        self.write_variables(out, &of_variables)?;
        self.write_functions(out)?;
        writeln!(out, "#ifdef __cplusplus\n}}\n#endif\n\n#endif")
    }

    fn write_beginning(&self, out: &mut String) -> Written {
        let Self { prefix, upper, .. } = self;
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
        writeln!(out, "#ifndef {upper}_SIMC_H\n#define {upper}_SIMC_H\n")?;
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

    fn write_constants(&self, out: &mut String) -> Written {
        let (upper, geometry) = (self.upper, &self.native.geometry);
        writeln!(out, "/* An instance of the model. */\ntypedef struct {0} {0};\n", self.prefix)?;
        writeln!(out, "#define {upper}_N_SLOTS {} /* numbers of a row */", geometry.n_slots)?;
        writeln!(out, "#define {upper}_N_ROWS {} /* rows of a full run */", geometry.n_chunks)?;
        writeln!(out, "#define {upper}_N_VARIABLES {}", self.extension.variables.len())?;
        writeln!(out, "#define {upper}_ALIGN {ALIGN} /* what the address of an instance is a multiple of */")?;
        if let Some(time) = &self.extension.time {
            let units = time.units.as_ref().map_or_else(String::new, |units| format!(" /* {} */", comment(units)));
            writeln!(out, "#define {upper}_START {}{units}", number(time.start))?;
            writeln!(out, "#define {upper}_STOP {}{units}", number(time.stop))?;
            writeln!(out, "#define {upper}_STEP {}{units}", number(time.dt))?;
            writeln!(out, "#define {upper}_SAVE_EVERY {} /* steps from row to row */", time.save_every)?;
        }
        writeln!(out)
    }

    /// An enumerator for each variable; their names, in the order of variables.
    fn write_slots(&self, out: &mut String, names: &mut Names) -> Result<Vec<String>, std::fmt::Error> {
        let upper = self.upper;
        for taken in ["N_SLOTS", "N_ROWS", "N_VARIABLES", "ALIGN", "START", "STOP", "STEP", "SAVE_EVERY", "SIMC_H"] {
            names.take(&format!("{upper}_{taken}"));
        }
        let mut of_variables = Vec::new();
        for variable in &self.extension.variables {
            of_variables.push(names.take(&format!("{upper}_{}", identifier(&variable.name).to_ascii_uppercase())));
        }
        if of_variables.is_empty() {
            return Ok(of_variables);
        }
        writeln!(
            out,
            "/* The place of each variable in a row; elements of an array follow the first, the last dimension fastest. */"
        )?;
        writeln!(out, "enum {}_slot {{", self.prefix)?;
        let last = of_variables.len() - 1;
        for (at, (variable, name)) in self.extension.variables.iter().zip(&of_variables).enumerate() {
            self.write_about(out, variable)?;
            writeln!(out, "    {name} = {}{}", variable.slot, if at < last { "," } else { "" })?;
        }
        writeln!(out, "}};\n")?;
        for (variable, name) in self.extension.variables.iter().zip(&of_variables) {
            self.write_element_macro(out, variable, name)?;
        }
        Ok(of_variables)
    }

    /// What there is to say of a variable, as a comment.
    fn write_about(&self, out: &mut String, variable: &Variable) -> Written {
        write!(out, "    /* {}: {}", comment(&variable.name), variable.kind.name())?;
        if !variable.dims.is_empty() {
            let dims = variable.dims.iter().map(|&dim| {
                let dimension = &self.extension.dimensions[dim as usize];
                format!("{} ({})", comment(&dimension.name), dimension.elements.len())
            });
            write!(out, " by {}", dims.collect::<Vec<_>>().join(", "))?;
        }
        if let Some(units) = &variable.units {
            write!(out, ", in {}", comment(units))?;
        }
        if let Some(defaults) = &variable.defaults {
            match defaults.as_slice() {
                [default] => write!(out, "; can be set, {} by default", number(*default))?,
                _ => write!(out, "; can be set")?,
            }
        }
        if let Some((least, greatest)) = variable.range {
            write!(out, "; from {} to {}", number(least), number(greatest))?;
        }
        if let Some(doc) = &variable.doc {
            write!(out, ". {}", comment(doc))?;
        }
        writeln!(out, " */")
    }

    /// `NAME_AT(i, j)`: the slot of an element.
    fn write_element_macro(&self, out: &mut String, variable: &Variable, name: &str) -> Written {
        if variable.dims.is_empty() {
            return Ok(());
        }
        let sizes: Vec<usize> =
            variable.dims.iter().map(|&dim| self.extension.dimensions[dim as usize].elements.len()).collect();
        let params: Vec<String> = (1..=sizes.len()).map(|at| format!("i{at}")).collect();
        let mut index = String::from("0");
        for (at, size) in sizes.iter().enumerate() {
            index = if at == 0 { "(int)(i1)".to_owned() } else { format!("({index}) * {size} + (int)(i{})", at + 1) };
        }
        writeln!(out, "#define {name}_AT({}) ((int){name} + {index})", params.join(", "))
    }

    fn write_dimensions(&self, out: &mut String, names: &mut Names) -> Written {
        let mut types = Names::default();
        for dimension in &self.extension.dimensions {
            let name = identifier(&dimension.name);
            let tag = types.take(&format!("{}_dim_{}", self.prefix, name.to_ascii_lowercase()));
            let group = format!("{}_DIM_{}", self.upper, name.to_ascii_uppercase());
            writeln!(out, "\n/* The dimension {}: its elements in order. */", comment(&dimension.name))?;
            writeln!(out, "enum {tag} {{")?;
            if dimension.elements.len() <= MAX_ELEMENTS {
                for (at, element) in dimension.elements.iter().enumerate() {
                    let name = names.take(&format!("{group}_{}", identifier(element).to_ascii_uppercase()));
                    writeln!(out, "    {name} = {at}, /* {} */", comment(element))?;
                }
            }
            writeln!(out, "    {} = {}\n}};", names.take(&format!("{group}_N")), dimension.elements.len())?;
        }
        writeln!(out)
    }

    /// The numbers of graphical functions that can be set.
    fn write_tables(&self, out: &mut String, names: &mut Names) -> Written {
        let Some(inputs) = self.extension.inputs.as_ref().filter(|inputs| !inputs.tables.is_empty()) else {
            return Ok(());
        };
        writeln!(out, "/* Graphical functions whose points can be set. */\nenum {}_table {{", self.prefix)?;
        for (at, table) in inputs.tables.iter().enumerate() {
            let name = names.take(&format!("{}_TABLE_{}", self.upper, identifier(&table.name).to_ascii_uppercase()));
            let comma = if at + 1 < inputs.tables.len() { "," } else { "" };
            let about = comment(&table.name);
            writeln!(out, "    {name} = {at}{comma} /* {about}: up to {} points */", table.capacity)?;
        }
        writeln!(out, "}};\n")
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
