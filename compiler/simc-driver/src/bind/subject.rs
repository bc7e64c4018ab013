//! What bindings in every language say: the variables of an artifact with their facts as text.

use sha2::{Digest, Sha256};
use simc_artifact::{Dimension, Extension, Kind, Variable};

use super::BindError;

/// Defaults and elements that bindings list at most.
const MAX_LISTED: usize = 100_000;

/// An artifact to be bound.
pub(super) struct Subject<'a> {
    /// Name of the model, on one line.
    pub(super) model: String,
    /// The compiler that made it.
    pub(super) producer: &'a str,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub(super) sha256: String,
    pub(super) dimensions: &'a [Dimension],
    /// Variables but those of the time axis, in slot order.
    pub(super) variables: Vec<Bound<'a>>,
}

/// A variable.
pub(super) struct Bound<'a> {
    pub(super) variable: &'a Variable,
    /// Its dimensions, outermost first.
    pub(super) dimensions: Vec<&'a Dimension>,
    /// How many elements it has.
    pub(super) size: usize,
}

impl<'a> Subject<'a> {
    pub(super) fn new(artifact: &[u8], extension: &'a Extension) -> Result<Self, BindError> {
        let of_run = |variable: &&Variable| variable.kind != Kind::Time;
        let variables: Vec<Bound<'a>> =
            extension.variables.iter().filter(of_run).map(|variable| Bound::new(variable, extension)).collect();
        let defaults = variables.iter().map(|bound| bound.variable.defaults.as_ref().map_or(0, Vec::len));
        let elements = extension.dimensions.iter().map(|dimension| dimension.elements.len());
        if defaults.chain(elements).sum::<usize>() > MAX_LISTED {
            return Err(BindError::TooLarge);
        }
        Ok(Self {
            model: one_line(&extension.origin.model),
            producer: &extension.origin.producer,
            sha256: Sha256::digest(artifact).iter().map(|byte| format!("{byte:02x}")).collect(),
            dimensions: &extension.dimensions,
            variables,
        })
    }

    /// The variables of which elements can be set.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &Bound<'a>> {
        self.variables.iter().filter(|bound| bound.variable.is_settable())
    }
}

impl<'a> Bound<'a> {
    fn new(variable: &'a Variable, extension: &'a Extension) -> Self {
        let dimensions: Vec<&Dimension> =
            variable.dims.iter().map(|&dim| &extension.dimensions[dim as usize]).collect();
        let size = dimensions.iter().fold(1usize, |size, dimension| size.saturating_mul(dimension.elements.len()));
        Self { variable, dimensions, size }
    }

    /// Its name with dimensions, on one line: `rate[Region,Age]`.
    pub(super) fn title(&self) -> String {
        let names: Vec<String> = self.dimensions.iter().map(|dimension| one_line(&dimension.name)).collect();
        let name = one_line(&self.variable.name);
        if names.is_empty() { name } else { format!("{name}[{}]", names.join(",")) }
    }

    /// Defaults for all elements; none when not all can be set, or when one is no number that a host could set: the model computes it, or
    /// it is infinite.
    pub(super) fn defaults(&self) -> Option<&'a [f64]> {
        self.variable.defaults.as_deref().filter(|defaults| defaults.iter().all(|default| default.is_finite()))
    }

    /// What there is to say of it, a sentence or two a line.
    pub(super) fn facts(&self) -> Vec<String> {
        let variable = self.variable;
        let units = variable.units.as_deref().map(|units| format!(", in {}", one_line(units))).unwrap_or_default();
        let mut lines = vec![format!("{}: {}{units}, slot {}.", self.title(), variable.kind.name(), variable.slot)];
        if let Some(doc) = &variable.doc {
            lines.extend(doc.lines().map(one_line).filter(|line| !line.is_empty()));
        }
        match self.defaults() {
            Some([default]) => lines.push(format!("Default {}.", number(*default))),
            Some(_) | None if variable.is_settable() => {
                let what = if variable.defaults.is_some() { "Settable" } else { "Settable in part" };
                lines.push(format!("{what}, one number for each element or one for all."));
            }
            Some(_) | None => {}
        }
        if let Some((least, greatest)) = variable.range {
            lines.push(format!("From {} to {}.", number(least), number(greatest)));
        }
        lines
    }
}

/// A text from the model without what a comment or a string of any language could not hold.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|it| !it.is_empty()).collect();
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    words.join(" ").replace(hidden, "")
}

/// A number as all languages read it back: with a point or an exponent.
pub(super) fn number(value: f64) -> String {
    format!("{value:?}")
}

/// A text as a literal between double quotes, which JavaScript, Python and Rust read alike.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            _ => literal.push(c),
        }
    }
    literal.push('"');
    literal
}
