//! The variables of an artifact by the names that users give them.

use std::collections::HashMap;

use crate::error::{Code, Error};
use crate::names::{key, key_of_written, split_subscripts, subscripts, suggest};
use crate::variable::{Dimension, Kind, Variable};

/// Elements of a variable.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// Which variable, by its number.
    pub(crate) variable: usize,
    /// Its elements that are meant, row-major.
    pub(crate) elements: Vec<usize>,
    /// Which of its dimensions are left open, by their numbers.
    pub(crate) open: Vec<usize>,
}

/// All names of an artifact.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) variables: Vec<Variable>,
    by_key: HashMap<String, usize>,
    by_canonical: HashMap<String, usize>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) title: String,
    pub(crate) slot: usize,
}

impl Directory {
    /// Of variables in the order of their slots, and of the core record's names with their slots.
    pub(crate) fn new(variables: Vec<Variable>, entries: Vec<(String, usize)>) -> Self {
        // Of two with one key the later one wins: a model's own `dt` hides that of the run.
        let by_key = variables.iter().enumerate().map(|(number, it)| (key(&it.name), number)).collect();
        let mut by_canonical = HashMap::with_capacity(entries.len());
        for (name, slot) in entries {
            by_canonical.entry(name).or_insert(slot);
        }
        Self { variables, by_key, by_canonical }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.by_key.get(&key_of_written(name)).copied()
    }

    /// The elements that a user means by a name, which may have subscripts.
    pub(crate) fn select(&self, name: &str) -> Result<Selection, Error> {
        if let Some(variable) = self.find(name) {
            return Ok(self.whole(variable));
        }
        let split = split_subscripts(name);
        let base = split.as_ref().and_then(|(base, _)| self.find(base));
        if let (Some(variable), Some((_, subscripts))) = (base, &split) {
            return self.choose(&self.whole(variable), subscripts, name);
        }
        if let Some(&slot) = self.by_canonical.get(name) {
            return Ok(self.of_entry(name, slot));
        }
        let name = split.map_or(name, |(base, _)| base);
        Err(unknown("variable", name, self.variables.iter().map(|variable| variable.name.as_str())))
    }

    /// All elements of a variable.
    pub(crate) fn whole(&self, variable: usize) -> Selection {
        let of = &self.variables[variable];
        Selection { variable, elements: (0..of.size()).collect(), open: (0..of.dimensions.len()).collect() }
    }

    /// Of a selection the elements that subscripts for its open dimensions choose.
    pub(crate) fn select_within(&self, within: &Selection, written: &str) -> Result<Selection, Error> {
        self.choose(within, &subscripts(written), written)
    }

    fn choose(&self, within: &Selection, subscripts: &[&str], name: &str) -> Result<Selection, Error> {
        let variable = &self.variables[within.variable];
        let dimensions: Vec<&Dimension> =
            within.open.iter().map(|&number| variable.dimensions[number].as_ref()).collect();
        if subscripts.len() != dimensions.len() {
            let shape: Vec<&str> = dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
            let shape = if shape.is_empty() { "no dimensions".to_owned() } else { shape.join(", ") };
            let message = format!("`{}` has {shape}, which is not what `{name}` says", variable.name);
            return Err(Error::new(Code::Shape, message).with_variable(&variable.name));
        }
        let mut positions = vec![0];
        let mut open = Vec::new();
        for ((&number, dimension), subscript) in within.open.iter().zip(&dimensions).zip(subscripts) {
            let size = dimension.elements.len();
            let chosen = find_element(dimension, subscript)?;
            if chosen.is_none() {
                open.push(number);
            }
            let range = chosen.map_or(0..size, |position| position..position + 1);
            positions = positions
                .iter()
                .flat_map(|&before| range.clone().map(move |position| before * size + position))
                .collect();
        }
        let elements = positions.into_iter().map(|position| within.elements[position]).collect();
        Ok(Selection { variable: within.variable, elements, open })
    }

    fn of_entry(&self, name: &str, slot: usize) -> Selection {
        // Variables stand in the order of their slots.
        let number = self.variables.partition_point(|variable| variable.slot <= slot).saturating_sub(1);
        let variable = &self.variables[number];
        if variable.canonical == name || variable.dimensions.is_empty() {
            return self.whole(number);
        }
        let element = (slot - variable.slot).min(variable.size().saturating_sub(1));
        Selection { variable: number, elements: vec![element], open: Vec::new() }
    }

    /// Whether a variable has the name of one of the run's own numbers.
    pub(crate) fn is_of_run(&self, variable: &Variable) -> bool {
        let own = key(&variable.name);
        variable.kind != Kind::Time
            && self.variables.iter().filter(|other| other.kind == Kind::Time).any(|other| key(&other.name) == own)
    }

    /// What messages call a selection: the title of a single element, else the name of the variable.
    pub(crate) fn label(&self, selection: &Selection) -> String {
        let variable = &self.variables[selection.variable];
        match selection.elements.as_slice() {
            [element] if selection.open.is_empty() => variable.title(*element),
            _ => variable.name.clone(),
        }
    }

    /// Sizes of the dimensions that a selection leaves open.
    pub(crate) fn shape(&self, selection: &Selection) -> Vec<usize> {
        let dimensions = &self.variables[selection.variable].dimensions;
        selection.open.iter().map(|&number| dimensions[number].elements.len()).collect()
    }

    /// The slots of a selection, row-major.
    pub(crate) fn slots<'a>(&self, selection: &'a Selection) -> impl Iterator<Item = usize> + 'a {
        let first = self.variables[selection.variable].slot;
        selection.elements.iter().map(move |element| first + element)
    }

    /// The slot of the only element that a name means.
    pub(crate) fn single(&self, name: &str) -> Result<usize, Error> {
        let selection = self.select(name)?;
        let variable = &self.variables[selection.variable];
        match selection.elements.as_slice() {
            [element] => Ok(variable.slot + element),
            several => {
                let message = format!("`{name}` is {} elements: name one, or use `columns`", several.len());
                Err(Error::new(Code::Shape, message).with_variable(&variable.name))
            }
        }
    }

    /// The columns of named variables and elements, the time not among them; of all that is no part of the time axis
    /// for none.
    pub(crate) fn columns<N: AsRef<str>>(&self, names: Option<&[N]>) -> Result<Vec<Column>, Error> {
        let selections: Vec<Selection> = match names {
            Some(names) => names.iter().map(|name| self.select(name.as_ref())).collect::<Result<_, _>>()?,
            None => {
                let all = (0..self.variables.len()).filter(|&number| self.variables[number].kind != Kind::Time);
                all.map(|number| self.whole(number)).collect()
            }
        };
        let mut columns = Vec::new();
        for selection in &selections {
            let variable = &self.variables[selection.variable];
            if variable.slot != 0 {
                columns.extend(
                    selection
                        .elements
                        .iter()
                        .map(|&element| Column { title: variable.title(element), slot: variable.slot + element }),
                );
            }
        }
        Ok(columns)
    }
}

/// The position of an element by its name or number; none for all elements.
fn find_element(dimension: &Dimension, subscript: &str) -> Result<Option<usize>, Error> {
    if subscript == "*" {
        return Ok(None);
    }
    let wanted = key_of_written(subscript);
    let by_name = dimension.elements.iter().position(|element| key(element) == wanted);
    if by_name.is_none() && key(&dimension.name) == wanted {
        return Ok(None);
    }
    let by_number = || subscript.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    if let Some(position) = by_name.or_else(by_number).filter(|&position| position < dimension.elements.len()) {
        return Ok(Some(position));
    }
    let near = suggest(subscript, dimension.elements.iter().map(String::as_str));
    let message = format!("`{subscript}` is no element of {}{}", dimension.name, hint(near));
    Err(Error::new(Code::UnknownName, message).with_name(subscript, near))
}

/// There is nothing of this name.
pub(crate) fn unknown<'a>(what: &str, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Error {
    let near = suggest(name, candidates);
    Error::new(Code::UnknownName, format!("there is no {what} `{name}`{}", hint(near))).with_name(name, near)
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
