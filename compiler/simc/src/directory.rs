//! The variables of an artifact by the names that users give them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

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

/// Elements of a variable; of a scalar its only one.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection<'a> {
    /// The variable.
    pub variable: &'a Variable,
    /// For each dimension the positions that are meant, of each at least one.
    picked: Vec<Range<u64>>,
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
    /// The subscripts fit no element.
    Element {
        /// As the user wrote it.
        name: String,
        /// What is wrong with them.
        fault: String,
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

    /// What a user means: a variable, or elements of one as `rate[North, *]`.
    ///
    /// # Errors
    /// When there is no such variable or element.
    pub fn find(&self, name: &str) -> Result<Selection<'a>, NameError> {
        let (path, subscripts) = name::split_subscripts(name).unwrap_or((name, None));
        let variable = self.by_key.get(&Key::new(&name::unescape(path))).copied().ok_or_else(|| {
            let names = self.extension.variables.iter().map(|variable| variable.name.as_str());
            let suggestion = name::suggest(path, names).map(str::to_owned);
            NameError::Unknown { name: path.to_owned(), suggestion }
        })?;
        let whole = self.whole(variable);
        let Some(subscripts) = subscripts else { return Ok(whole) };
        let fault = |fault: String| NameError::Element { name: name.to_owned(), fault };
        if subscripts.len() != whole.picked.len() {
            let n = whole.picked.len();
            return Err(fault(format!("`{}` has {n} dimensions", variable.name)));
        }
        let mut picked = Vec::with_capacity(whole.picked.len());
        for ((written, all), &dim) in subscripts.iter().zip(whole.picked).zip(&variable.dims) {
            let dimension = &self.extension.dimensions[dim as usize];
            let key = Key::new(&name::unescape(written));
            let position = (0_u64..).zip(&dimension.elements).find(|(_, element)| Key::new(element) == key);
            picked.push(match position {
                Some((position, _)) => position..position + 1,
                None if *written == "*" || Key::new(&dimension.name) == key => all,
                None => {
                    let near = name::suggest(written, dimension.elements.iter().map(String::as_str));
                    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    return Err(fault(format!("`{written}` is no element of `{}`{near}", dimension.name)));
                }
            });
        }
        Ok(Selection { variable, picked })
    }

    /// The columns of a table: the time, then the named variables and elements, or all that are no part of the time axis.
    ///
    /// # Errors
    /// When a name means nothing, or there are too many columns.
    pub fn columns(&self, names: Option<&[String]>) -> Result<Vec<Column>, NameError> {
        let selections: Vec<Selection<'a>> = match names {
            None => {
                let variables = self.extension.variables.iter().filter(|variable| variable.kind != Kind::Time);
                variables.map(|variable| self.whole(variable)).collect()
            }
            Some(names) => names.iter().map(|name| self.find(name)).collect::<Result<_, _>>()?,
        };
        if selections.iter().map(Selection::len).fold(0, u64::saturating_add) > MAX_COLUMNS {
            return Err(NameError::TooMany);
        }
        let time = Column { title: "time".to_owned(), position: 0 };
        let rest = selections.iter().filter(|selection| selection.variable.slot != 0);
        Ok(std::iter::once(time).chain(rest.flat_map(|selection| self.elements(selection))).collect())
    }

    /// All elements of a variable.
    fn whole(&self, variable: &'a Variable) -> Selection<'a> {
        let picked = variable.dims.iter().map(|&dim| 0..self.extension.dimensions[dim as usize].elements.len() as u64);
        Selection { variable, picked: picked.collect() }
    }

    /// The slots of a selection, in their order.
    pub fn slots(&self, selection: &Selection<'_>) -> impl Iterator<Item = u64> {
        let slot = selection.variable.slot;
        self.indices(selection).map(move |index| slot + index)
    }

    /// The numbers of the selected elements in row-major order of the variable.
    fn indices(&self, selection: &Selection<'_>) -> impl Iterator<Item = u64> + use<> {
        let sizes: Vec<u64> = self.whole_sizes(selection.variable);
        let picked = selection.picked.clone();
        (0..selection.len()).map(move |mut n| {
            let (mut index, mut stride) = (0, 1);
            for (range, size) in picked.iter().zip(&sizes).rev() {
                let len = range.end - range.start;
                index += (range.start + n % len) * stride;
                n /= len;
                stride *= size;
            }
            index
        })
    }

    fn whole_sizes(&self, variable: &Variable) -> Vec<u64> {
        variable.dims.iter().map(|&dim| self.extension.dimensions[dim as usize].elements.len() as u64).collect()
    }

    /// One column for each element.
    fn elements(&self, selection: &Selection<'a>) -> impl Iterator<Item = Column> {
        let variable = selection.variable;
        self.indices(selection).map(move |index| Column {
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

impl Selection<'_> {
    /// How many elements it has.
    fn len(&self) -> u64 {
        self.picked.iter().map(|range| range.end - range.start).fold(1, u64::saturating_mul)
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Unknown { name, suggestion: Some(near) } => {
                write!(f, "there is no variable `{name}`; did you mean `{near}`?")
            }
            NameError::Unknown { name, suggestion: None } => write!(f, "there is no variable `{name}`"),
            NameError::Element { name, fault } => write!(f, "there is no element `{name}`: {fault}"),
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
        assert_eq!(directory.find("\"ROOM_temperature\"").expect("is there").variable.slot, 4);
        let suggestion = Some("Room Temperature".to_owned());
        let name = "room temprature".to_owned();
        assert_eq!(directory.find(&name), Err(NameError::Unknown { name, suggestion }));
    }

    #[test]
    fn elements_are_chosen_by_name_or_all_along_a_dimension() {
        let extension = extension();
        let directory = Directory::new(&extension);
        let titles = |name: &str| -> Vec<String> {
            let columns = directory.columns(Some(&[name.to_owned()])).expect("they are there");
            columns.into_iter().skip(1).map(|column| format!("{} {}", column.title, column.position)).collect()
        };
        assert_eq!(titles("Rate[ south , YOUNG ]"), ["rate[South,Young] 7"]);
        assert_eq!(titles("rate[*, Old]"), ["rate[North,Old] 6", "rate[South,Old] 8"]);
        assert_eq!(titles("rate[North, Age]"), ["rate[North,Young] 5", "rate[North,Old] 6"]);
        let fault = |name: &str| directory.find(name).expect_err("there is none").to_string();
        assert_eq!(
            fault("rate[Nroth, Old]"),
            "there is no element `rate[Nroth, Old]`: `Nroth` is no element of `Region`; did you mean `North`?"
        );
        assert_eq!(fault("rate[North]"), "there is no element `rate[North]`: `rate` has 2 dimensions");
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
