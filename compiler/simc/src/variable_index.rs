//! The variables of an artifact by the names that users give them.

use std::collections::BTreeMap;
use std::fmt;

use simc_artifact::{Dimension, Extension, InputTable, Kind, Variable};
use simc_model::name::{self, Key};

use crate::results::Column;

/// Columns of one table. An artifact that asks for more is out for the memory of its host.
const MAX_COLUMNS: u64 = 1 << 24;

/// Commas in the title of an element that are looked at.
const MAX_TEXTS: usize = 64;

/// Graphical functions that a message names.
const MAX_NAMED: usize = 5;

/// All names of a row.
#[derive(Clone, Debug)]
pub struct VariableIndex<'a> {
    extension: &'a Extension,
    by_key: BTreeMap<Key, &'a Variable>,
}

/// Elements of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection<'a> {
    variable: &'a Variable,
    /// Sizes of its dimensions.
    sizes: Vec<u64>,
    /// For each dimension the one position that is meant; none when all are.
    chosen: Vec<Option<u64>>,
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
    /// The subscripts after a name choose no elements.
    Subscripts {
        /// Why.
        message: String,
    },
    /// The artifact has no graphical function that can be set.
    NoTables,
    /// No graphical function that can be set has this name.
    UnknownTable {
        /// As the user wrote it.
        name: String,
        /// What may have been meant: names of graphical functions.
        candidates: Vec<String>,
    },
}

impl<'a> VariableIndex<'a> {
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

    /// Whether a variable has the name of one of the run's own numbers.
    pub fn is_of_run(&self, variable: &Variable) -> bool {
        let key = Key::new(&variable.name);
        let mut of_run = self.extension.variables.iter().filter(|other| other.kind == Kind::Time);
        variable.kind != Kind::Time && of_run.any(|other| Key::new(&other.name) == key)
    }

    /// Whether there are conveyors or queues, whose outflows are not what their own equations say.
    pub fn has_transports(&self) -> bool {
        !self.extension.transports.is_empty()
    }

    /// Whether a variable is a conveyor or a queue.
    pub fn is_transport(&self, variable: &Variable) -> bool {
        self.extension.transports.iter().any(|transport| transport.name == variable.name)
    }

    /// The elements that a user means by a name, or a name with subscripts: names or numbers of elements, `*` for all of them.
    pub fn select(&self, name: &str) -> Result<Selection<'a>, NameError> {
        let whole = self.find(name);
        let (variable, subscripts) = match (whole, name::split_subscripts(name)) {
            (Err(_), Some((base, Some(subscripts)))) => (self.find(base)?, Some(subscripts)),
            (whole, _) => (whole?, None),
        };
        let sizes: Vec<u64> = self.dimensions(variable).map(|dim| dim.elements.len() as u64).collect();
        let mut chosen = vec![None; sizes.len()];
        if let Some(subscripts) = subscripts {
            if subscripts.len() != sizes.len() {
                if let Some(chosen) = self.find_title(variable, &subscripts) {
                    return Ok(Selection { variable, sizes, chosen });
                }
                let shape: Vec<&str> = self.dimensions(variable).map(|dim| dim.name.as_str()).collect();
                let shape = if shape.is_empty() { "no dimensions".to_owned() } else { shape.join(", ") };
                let message = format!("`{}` has {shape}, which is not what `{name}` says", variable.name);
                return Err(NameError::Subscripts { message });
            }
            for ((position, dim), subscript) in chosen.iter_mut().zip(self.dimensions(variable)).zip(subscripts) {
                *position = find_element(dim, subscript)?;
            }
        }
        Ok(Selection { variable, sizes, chosen })
    }

    /// The element whose title has these texts between its commas, some of which belong to the names of elements.
    fn find_title(&self, variable: &Variable, texts: &[&str]) -> Option<Vec<Option<u64>>> {
        if texts.len() > MAX_TEXTS {
            return None;
        }
        let joined = |texts: &[&str]| Key::new(&texts.join(","));
        let without_blanks = |name: &String| joined(&name.split(',').map(str::trim).collect::<Vec<_>>());
        // For each number of texts that have been taken the elements that they are.
        let mut found: Vec<Option<Vec<Option<u64>>>> = vec![None; texts.len() + 1];
        found[0] = Some(Vec::new());
        for dim in self.dimensions(variable) {
            let positions: BTreeMap<Key, u64> = dim.elements.iter().map(without_blanks).zip(0..).collect();
            let mut next = vec![None; texts.len() + 1];
            for (start, before) in found.iter().enumerate() {
                let Some(before) = before else { continue };
                for end in start + 1..=texts.len() {
                    if let Some(&position) = positions.get(&joined(&texts[start..end])) {
                        next[end] = Some([before.as_slice(), &[Some(position)]].concat());
                    }
                }
            }
            found = next;
        }
        found.pop().flatten()
    }

    /// The graphical function that can be set by this name, with its number.
    pub fn find_table(&self, name: &str) -> Result<(usize, &'a InputTable), NameError> {
        let tables = self.extension.inputs.as_ref().map(|inputs| inputs.tables.as_slice()).unwrap_or_default();
        if tables.is_empty() {
            return Err(NameError::NoTables);
        }
        let wanted = table_key(name);
        tables.iter().enumerate().find(|(_, table)| table_key(&table.name) == wanted).ok_or_else(|| {
            let of_elements = tables.iter().filter(|table| table_key(&table.name).0 == wanted.0);
            let mut candidates: Vec<String> = of_elements.take(MAX_NAMED).map(|table| table.name.clone()).collect();
            if candidates.is_empty() {
                candidates
                    .extend(name::suggest(name, tables.iter().map(|table| table.name.as_str())).map(str::to_owned));
            }
            NameError::UnknownTable { name: name.to_owned(), candidates }
        })
    }

    fn dimensions(&self, variable: &'a Variable) -> impl Iterator<Item = &'a Dimension> {
        variable.dims.iter().map(|&dim| &self.extension.dimensions[dim as usize])
    }

    /// The columns of a table: the time, then the named variables and elements, or all that are no part of the time axis.
    pub fn columns(&self, names: Option<&[String]>) -> Result<Vec<Column>, NameError> {
        let selections: Vec<Selection<'a>> = match names {
            None => {
                let variables = self.extension.variables.iter().filter(|variable| variable.kind != Kind::Time);
                variables.map(|variable| self.whole(variable)).collect()
            }
            Some(names) => names.iter().map(|name| self.select(name)).collect::<Result<_, _>>()?,
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
        let sizes: Vec<u64> = self.dimensions(variable).map(|dim| dim.elements.len() as u64).collect();
        Selection { variable, chosen: vec![None; sizes.len()], sizes }
    }

    /// How many numbers a variable has in a row.
    pub fn len(&self, variable: &'a Variable) -> u64 {
        let sizes = self.dimensions(variable).map(|dim| dim.elements.len() as u64);
        sizes.fold(1, u64::saturating_mul)
    }

    /// One column for each element.
    fn elements(&self, selection: &Selection<'a>) -> impl Iterator<Item = Column> {
        selection.slots().map(|slot| Column {
            title: self.title(selection.variable, slot - selection.variable.slot),
            position: usize::try_from(slot).expect("a row fits memory"),
        })
    }

    /// The title of one element's column: `Population`, `rate[North,Young]`.
    pub fn title(&self, variable: &Variable, mut index: u64) -> String {
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

impl<'a> Selection<'a> {
    /// Whose elements they are.
    pub fn variable(&self) -> &'a Variable {
        self.variable
    }

    /// How many elements there are.
    pub fn len(&self) -> u64 {
        self.free().fold(1, u64::saturating_mul)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Their slots, row-major.
    pub fn slots(&self) -> impl Iterator<Item = u64> {
        (0..self.len()).map(|mut index| {
            let (mut slot, mut stride) = (self.variable.slot, 1);
            for (&size, &chosen) in self.sizes.iter().zip(&self.chosen).rev() {
                let position = chosen.unwrap_or_else(|| {
                    let position = index % size;
                    index /= size;
                    position
                });
                slot += position * stride;
                stride *= size;
            }
            slot
        })
    }

    /// Sizes of the dimensions along which all elements are meant.
    fn free(&self) -> impl Iterator<Item = u64> {
        self.sizes.iter().zip(&self.chosen).filter(|(_, chosen)| chosen.is_none()).map(|(&size, _)| size)
    }
}

/// The position of an element by its name or its number; none for all of them.
fn find_element(dim: &Dimension, subscript: &str) -> Result<Option<u64>, NameError> {
    if subscript.trim() == "*" {
        return Ok(None);
    }
    let key = Key::new(&name::unescape(subscript));
    let by_name = dim.elements.iter().position(|element| Key::new(element) == key);
    if by_name.is_none() && Key::new(&dim.name) == key {
        return Ok(None);
    }
    let by_number = || subscript.trim().parse().ok().and_then(|number: usize| number.checked_sub(1));
    match by_name.or_else(by_number).filter(|&position| position < dim.elements.len()) {
        Some(position) => Ok(Some(position as u64)),
        None => {
            let near = name::suggest(subscript, dim.elements.iter().map(String::as_str));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("`{}` is no element of {}{hint}", subscript.trim(), dim.name);
            Err(NameError::Subscripts { message })
        }
    }
}

/// The name of a graphical function and its element, as they are compared.
fn table_key(name: &str) -> (Key, Vec<Key>) {
    let key = |name: &str| Key::new(&name::unescape(name));
    match name::split_subscripts(name) {
        Some((base, Some(subscripts))) => (key(base), subscripts.into_iter().map(key).collect()),
        Some((_, None)) | None => (key(name), Vec::new()),
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Unknown { name, suggestion: Some(near) } => {
                write!(f, "there is no variable `{name}`; did you mean `{near}`?")
            }
            NameError::Unknown { name, suggestion: None } => write!(f, "there is no variable `{name}`"),
            NameError::Subscripts { message } => f.write_str(message),
            NameError::NoTables => f.write_str(
                "the artifact has no graphical functions that can be set; `simc build --inputs tables` makes one that has",
            ),
            NameError::UnknownTable { name, candidates } => {
                write!(f, "there is no graphical function `{name}` that can be set")?;
                match candidates.as_slice() {
                    [] => Ok(()),
                    [near] => write!(f, "; did you mean `{near}`?"),
                    several => write!(f, "; there are `{}`", several.join("`, `")),
                }
            }
            NameError::TooMany => write!(f, "more than {MAX_COLUMNS} columns; choose variables with --outputs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NameError, VariableIndex};
    use simc_artifact::{Dimension, Extension, InputTable, Inputs, Kind, TableKind, Variable};

    fn variable(name: &str, kind: Kind, slot: u64, dims: Vec<u32>) -> Variable {
        Variable {
            name: name.to_owned(),
            kind,
            slot,
            dims,
            defaults: None,
            settable_parts: Vec::new(),
            units: None,
            doc: None,
            range: None,
        }
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
        let columns = VariableIndex::new(&extension).columns(None).expect("all of them");
        let titles: Vec<_> = columns.iter().map(|column| column.title.as_str()).collect();
        let rate = ["rate[North,Young]", "rate[North,Old]", "rate[South,Young]", "rate[South,Old]"];
        assert_eq!(titles, [&["time", "Room Temperature"][..], &rate].concat());
        assert_eq!(columns[5].position, 8);
    }

    #[test]
    fn names_are_compared_as_equations_compare_them() {
        let extension = extension();
        let index = VariableIndex::new(&extension);
        assert_eq!(index.find("\"ROOM_temperature\"").expect("is there").slot, 4);
        let suggestion = Some("Room Temperature".to_owned());
        let name = "room temprature".to_owned();
        assert_eq!(index.find(&name), Err(NameError::Unknown { name, suggestion }));
    }

    #[test]
    fn subscripts_choose_elements_by_name_number_or_star() {
        let extension = extension();
        let index = VariableIndex::new(&extension);
        let slots = |name: &str| index.select(name).map(|chosen| chosen.slots().collect::<Vec<_>>());
        assert_eq!(slots("rate"), Ok(vec![5, 6, 7, 8]));
        assert_eq!(slots("Rate[south, OLD]"), Ok(vec![8]));
        assert_eq!(slots("rate[2,1]"), Ok(vec![7]));
        assert_eq!(slots("rate[*,Old]"), Ok(vec![6, 8]));
        assert_eq!(slots("rate[North,*]"), Ok(vec![5, 6]));
        assert_eq!(slots("rate[Region,age]"), Ok(vec![5, 6, 7, 8]));
        assert_eq!(slots("rate[region,Old]"), Ok(vec![6, 8]));
        assert_eq!(slots("Room Temperature"), Ok(vec![4]));
    }

    #[test]
    fn a_name_may_hold_brackets_itself() {
        let mut extension = extension();
        extension.variables.push(variable("yield[t]", Kind::Flow, 9, vec![0]));
        let index = VariableIndex::new(&extension);
        let titles = |name: &str| -> Vec<_> {
            let columns = index.columns(Some(&[name.to_owned()])).expect("they are there");
            columns.into_iter().skip(1).map(|column| column.title).collect()
        };
        assert_eq!(titles("yield[t]"), ["yield[t][North]", "yield[t][South]"]);
        assert_eq!(titles("yield[t][South]"), ["yield[t][South]"]);
    }

    #[test]
    fn columns_may_be_single_elements() {
        let extension = extension();
        let columns =
            VariableIndex::new(&extension).columns(Some(&["rate[*, old]".to_owned()])).expect("they are there");
        let titles: Vec<_> = columns.iter().map(|column| (column.title.as_str(), column.position)).collect();
        assert_eq!(titles, [("time", 0), ("rate[North,Old]", 6), ("rate[South,Old]", 8)]);
    }

    #[test]
    fn subscripts_that_choose_nothing_are_named() {
        let extension = extension();
        let index = VariableIndex::new(&extension);
        let fault = |name: &str| index.select(name).expect_err("there is no such element").to_string();
        assert_eq!(fault("rate[Nort,Old]"), "`Nort` is no element of Region; did you mean `North`?");
        assert_eq!(fault("rate[3,Old]"), "`3` is no element of Region");
        assert_eq!(fault("rate[0,Old]"), "`0` is no element of Region");
        assert_eq!(fault("rate[North]"), "`rate` has Region, Age, which is not what `rate[North]` says");
        assert_eq!(
            fault("room temperature[North]"),
            "`Room Temperature` has no dimensions, which is not what `room temperature[North]` says"
        );
        assert_eq!(fault("rat[North,Old]"), "there is no variable `rat`; did you mean `rate`?");
    }

    #[test]
    fn graphical_functions_are_found_with_their_elements() {
        let mut extension = extension();
        assert_eq!(VariableIndex::new(&extension).find_table("effect"), Err(NameError::NoTables));
        let table = |name: &str| InputTable {
            name: name.to_owned(),
            kind: TableKind::Continuous,
            capacity: 32,
            points: vec![[0.0, 1.0]],
        };
        let tables = ["effect", "yield[North, Old]", "yield[South, Old]"].map(table).to_vec();
        extension.inputs = Some(Inputs { offset: 96, capacity: 64, tables });
        let index = VariableIndex::new(&extension);
        let number = |name: &str| index.find_table(name).map(|(number, _)| number);
        assert_eq!((number("Effect"), number("yield[south,old]")), (Ok(0), Ok(2)));
        let fault = |name: &str| number(name).expect_err("there is none").to_string();
        assert!(fault("efect").ends_with("did you mean `effect`?"));
        assert!(fault("yield").ends_with("there are `yield[North, Old]`, `yield[South, Old]`"));
    }

    #[test]
    fn asking_for_the_time_does_not_repeat_it() {
        let extension = extension();
        assert_eq!(VariableIndex::new(&extension).columns(Some(&["Time".to_owned()])).expect("is there").len(), 1);
    }

    #[test]
    fn an_artifact_cannot_ask_for_columns_without_end() {
        let mut extension = extension();
        extension.dimensions[0].elements = vec![String::new(); 5000].into();
        extension.dimensions[1].elements = vec![String::new(); 5000].into();
        assert_eq!(VariableIndex::new(&extension).columns(None), Err(NameError::TooMany));
    }
}
