//! The variables of an artifact by the names that users give them.

use std::collections::BTreeMap;
use std::fmt;

use simc_front::name::{self, Key};
use simc_wasm::artifact::{Extension, Kind, Variable};

use crate::results::Column;

/// Columns of one table. An artifact that asks for more is out for the memory of its host.
const MAX_COLUMNS: u64 = 1 << 24;

/// All names of a row.
#[derive(Clone, Debug)]
pub struct Directory<'a> {
    extension: &'a Extension,
    by_key: BTreeMap<Key, &'a Variable>,
}

/// Why there is no such column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// No variable has this name.
    Unknown {
        /// As the user wrote it.
        name: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// The elements of the chosen variables are too many for one table.
    TooMany,
}

impl<'a> Directory<'a> {
    /// Of an artifact's variables.
    pub fn new(extension: &'a Extension) -> Self {
        let by_key = extension.variables.iter().map(|variable| (Key::new(&variable.name), variable)).collect();
        Self { extension, by_key }
    }

    /// The variable that a user means.
    pub fn find(&self, name: &str) -> Result<&'a Variable, NameError> {
        let key = Key::new(&name::unescape(name));
        self.by_key.get(&key).copied().ok_or_else(|| {
            let names = self.extension.variables.iter().map(|variable| variable.name.as_str());
            let suggestion = name::suggest(name, names).map(str::to_owned);
            NameError::Unknown { name: name.to_owned(), suggestion }
        })
    }

    /// The columns of a table: the time, then the named variables, or all that are no part of the time axis.
    pub fn columns(&self, names: Option<&[String]>) -> Result<Vec<Column>, NameError> {
        let variables: Vec<&Variable> = match names {
            None => self.extension.variables.iter().filter(|variable| variable.kind != Kind::Time).collect(),
            Some(names) => names.iter().map(|name| self.find(name)).collect::<Result<_, _>>()?,
        };
        if variables.iter().map(|variable| self.len(variable)).fold(0, u64::saturating_add) > MAX_COLUMNS {
            return Err(NameError::TooMany);
        }
        let time = Column { title: "time".to_owned(), position: 0 };
        let rest = variables.into_iter().filter(|variable| variable.slot != 0);
        Ok(std::iter::once(time).chain(rest.flat_map(|variable| self.elements(variable))).collect())
    }

    /// How many numbers a variable has in a row.
    pub fn len(&self, variable: &Variable) -> u64 {
        let sizes = variable.dims.iter().map(|&dim| self.extension.dimensions[dim as usize].elements.len() as u64);
        sizes.fold(1, u64::saturating_mul)
    }

    /// One column for each element.
    fn elements(&self, variable: &'a Variable) -> impl Iterator<Item = Column> {
        (0..self.len(variable)).map(|index| Column {
            title: self.title(variable, index),
            position: usize::try_from(variable.slot + index).expect("a row fits memory"),
        })
    }

    /// The title of one element's column: `Population`, `rate[North,Young]`.
    fn title(&self, variable: &Variable, mut index: u64) -> String {
        if variable.dims.is_empty() {
            return variable.name.clone();
        }
        let mut subscripts = Vec::new();
        for &dim in variable.dims.iter().rev() {
            let elements = &self.extension.dimensions[dim as usize].elements;
            let size = elements.len() as u64;
            subscripts.push(elements[usize::try_from(index % size).expect("within a dimension")].as_str());
            index /= size;
        }
        subscripts.reverse();
        format!("{}[{}]", variable.name, subscripts.join(","))
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Unknown { name, suggestion: Some(near) } => {
                write!(f, "there is no variable `{name}`; did you mean `{near}`?")
            }
            NameError::Unknown { name, suggestion: None } => write!(f, "there is no variable `{name}`"),
            NameError::TooMany => write!(f, "more than {MAX_COLUMNS} columns; choose variables with --outputs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Directory, NameError};
    use simc_wasm::artifact::{Dimension, Extension, Kind, Variable};

    fn variable(name: &str, kind: Kind, slot: u64, dims: Vec<u32>) -> Variable {
        Variable { name: name.to_owned(), kind, slot, dims, defaults: None, units: None, doc: None, range: None }
    }

    fn extension() -> Extension {
        let dimension = |name: &str, elements: &[&str]| Dimension {
            name: name.to_owned(),
            elements: elements.iter().map(|&element| element.to_owned()).collect(),
        };
        Extension {
            dimensions: vec![dimension("Region", &["North", "South"]), dimension("Age", &["Young", "Old"])],
            variables: vec![
                variable("time", Kind::Time, 0, vec![]),
                variable("dt", Kind::Time, 1, vec![]),
                variable("Room Temperature", Kind::Constant, 4, vec![]),
                variable("rate", Kind::Flow, 5, vec![0, 1]),
            ],
            ..Extension::default()
        }
    }

    #[test]
    fn columns_begin_with_the_time_and_name_every_element() {
        let extension = extension();
        let columns = Directory::new(&extension).columns(None).expect("all of them");
        let titles: Vec<_> = columns.iter().map(|column| column.title.as_str()).collect();
        let rate = ["rate[North,Young]", "rate[North,Old]", "rate[South,Young]", "rate[South,Old]"];
        assert_eq!(titles, [&["time", "Room Temperature"][..], &rate].concat());
        assert_eq!(columns[5].position, 8);
    }

    #[test]
    fn names_are_compared_as_equations_compare_them() {
        let extension = extension();
        let directory = Directory::new(&extension);
        assert_eq!(directory.find("\"ROOM_temperature\"").expect("is there").slot, 4);
        let suggestion = Some("Room Temperature".to_owned());
        let name = "room temprature".to_owned();
        assert_eq!(directory.find(&name), Err(NameError::Unknown { name, suggestion }));
    }

    #[test]
    fn asking_for_the_time_does_not_repeat_it() {
        let extension = extension();
        assert_eq!(Directory::new(&extension).columns(Some(&["Time".to_owned()])).expect("is there").len(), 1);
    }

    #[test]
    fn an_artifact_cannot_ask_for_columns_without_end() {
        let mut extension = extension();
        extension.dimensions[0].elements = vec![String::new(); 5000];
        extension.dimensions[1].elements = vec![String::new(); 5000];
        assert_eq!(Directory::new(&extension).columns(None), Err(NameError::TooMany));
    }
}
