//! `--set NAME=VALUE`.

use simc::directory::Directory;
use simc::engine::Engine;
use simc_wasm::artifact::{Kind, Variable};

use super::failure::Failure;
use super::report::{self, MessageFormat};

/// A constant and the value that it is to have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Override {
    name: String,
    value: f64,
}

/// Reads `NAME=VALUE`. The value stands behind the last `=`: a quoted name may contain others.
pub(super) fn parse_override(text: &str) -> Result<Override, String> {
    let (name, value) = text.rsplit_once('=').ok_or("write NAME=VALUE")?;
    let name = name.trim();
    if name.is_empty() {
        return Err("there is no name before the `=`".to_owned());
    }
    let value = value.trim();
    let value = value.parse().map_err(|_| format!("`{value}` is not a number"))?;
    Ok(Override { name: name.to_owned(), value })
}

/// Applies overrides in order; a later one of the same constant wins.
pub(super) fn apply(
    overrides: &[Override],
    directory: &Directory<'_>,
    engine: &mut dyn Engine,
    format: MessageFormat,
) -> Result<(), Failure> {
    for Override { name, value } in overrides {
        let selection = directory.find(name).map_err(|unknown| Failure::Usage(unknown.to_string()))?;
        let variable = selection.variable;
        if variable.defaults.is_none() {
            return Err(Failure::Usage(format!("`{}` cannot be set: {}", variable.name, why_not_settable(variable))));
        }
        for slot in directory.slots(&selection) {
            let is_set =
                engine.set_value(slot, *value).map_err(|error| report::fail_without_source(error.into(), format))?;
            if !is_set {
                let message = format!("the artifact lists `{}` as settable, yet refuses to set it", variable.name);
                return Err(Failure::Message(message));
            }
        }
    }
    Ok(())
}

fn why_not_settable(variable: &Variable) -> &'static str {
    match variable.kind {
        Kind::Time => "it is part of the model's time specification",
        Kind::Stock => "it is a stock, which starts from its own equation and changes by its flows",
        Kind::Flow => "it is a flow, computed from its equation",
        Kind::Auxiliary => "it is computed from its equation; only constants can be set",
        Kind::Constant => "it is a constant that the compiler needed to know",
        Kind::ModuleInput => "it takes its value from outside of its module",
    }
}

#[cfg(test)]
mod tests {
    use super::{Override, parse_override};

    #[test]
    fn the_last_equals_sign_separates() {
        let read = parse_override("\"a=b\" = -2.5e3");
        assert_eq!(read, Ok(Override { name: "\"a=b\"".to_owned(), value: -2500.0 }));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(parse_override("rate"), Err("write NAME=VALUE".to_owned()));
        assert_eq!(parse_override("=2"), Err("there is no name before the `=`".to_owned()));
        assert_eq!(parse_override("rate=fast"), Err("`fast` is not a number".to_owned()));
    }
}
