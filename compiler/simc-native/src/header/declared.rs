//! What the headers of a model and its bindings have in common: sizes, slots, elements of dimensions, tables.

use std::fmt::Write;

use simc_artifact::{Extension, Variable};

use super::Written;
use super::texts::{comment, number};
use crate::identifier::{Names, identifier, library_names};
use crate::instance::ALIGN;

/// Rows up to which an element of a dimension is an enumerator.
const MAX_ELEMENTS: usize = 1 << 16;

/// Macros of the header and the bindings, behind the prefix.
const MACROS: [&str; 12] = [
    "N_SLOTS",
    "N_ROWS",
    "N_VARIABLES",
    "ALIGN",
    "START",
    "STOP",
    "STEP",
    "SAVE_EVERY",
    "SIMC_H",
    "BOUND_H",
    "PRODUCER",
    "SHA256",
];

/// What is declared of an artifact. A program may include both headers: the second one leaves it out.
pub(super) struct Declared<'n> {
    pub(super) extension: &'n Extension,
    /// What names of functions and types begin with.
    pub(super) prefix: &'n str,
    /// What names of constants begin with.
    pub(super) upper: &'n str,
    pub(super) sha256: &'n [u8; 32],
    pub(super) n_slots: u64,
    pub(super) n_rows: u64,
}

impl Declared<'_> {
    /// Writes it; the names of slots, in the order of variables.
    pub(super) fn write(&self, out: &mut String) -> Result<Vec<String>, std::fmt::Error> {
        let digest: String = self.sha256[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        // No name of a variable has small letters.
        let guard = format!("{}_DECLARED_{digest}_h", self.upper);
        writeln!(out, "#ifndef {guard}\n#define {guard}\n")?;
        self.write_constants(out)?;
        let mut names = Names::default();
        let of_variables = self.write_slots(out, &mut names)?;
        self.write_dimensions(out, &mut names)?;
        self.write_tables(out, &mut names)?;
        writeln!(out, "#endif\n")?;
        Ok(of_variables)
    }

    fn write_constants(&self, out: &mut String) -> Written {
        let upper = self.upper;
        writeln!(out, "#define {upper}_N_SLOTS {} /* numbers of a row */", self.n_slots)?;
        writeln!(out, "#define {upper}_N_ROWS {} /* rows of a full run */", self.n_rows)?;
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
        for taken in MACROS {
            names.take(&format!("{upper}_{taken}"));
        }
        for taken in library_names(&format!("{upper}_")) {
            names.take(taken);
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
}
