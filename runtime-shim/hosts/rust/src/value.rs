//! Values of parameters.

use std::collections::HashSet;

use crate::directory::{Directory, Selection};
use crate::error::{Code, Error};
use crate::variable::{Kind, Variable};

/// What a parameter is set to.
///
/// Numbers and lists convert into it, so that it is seldom written out:
///
/// ```
/// use simc_host::Value;
///
/// assert_eq!(Value::from(6.0), Value::Number(6.0));
/// assert_eq!(Value::from([0.5, 0.25]), Value::Numbers(vec![0.5, 0.25]));
/// assert_eq!(Value::by_element([("North", 1.0)]), Value::ByElement(vec![("North".to_owned(), Value::Number(1.0))]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number for all elements that the name means.
    Number(f64),
    /// A number for each element, row-major.
    Numbers(Vec<f64>),
    /// Lists within lists, as many as the elements have in each dimension.
    Nested(Vec<Value>),
    /// Values by subscripts for the dimensions that the name leaves open, such as `"North"`, `"North,Young"` or
    /// `"*,Old"`; elements that are not named stay as they are.
    ByElement(Vec<(String, Value)>),
}

impl Value {
    /// Values by subscripts, from any pairs.
    pub fn by_element<N: Into<String>, V: Into<Value>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Value::ByElement(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Value::Number(number.into())
    }
}

impl From<f32> for Value {
    fn from(number: f32) -> Self {
        Value::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Value::Number(number.into())
    }
}

impl From<&f64> for Value {
    fn from(number: &f64) -> Self {
        Value::Number(*number)
    }
}

impl From<&Vec<f64>> for Value {
    fn from(numbers: &Vec<f64>) -> Self {
        Value::Numbers(numbers.clone())
    }
}

impl From<Vec<f64>> for Value {
    fn from(numbers: Vec<f64>) -> Self {
        Value::Numbers(numbers)
    }
}

impl From<&[f64]> for Value {
    fn from(numbers: &[f64]) -> Self {
        Value::Numbers(numbers.to_vec())
    }
}

impl<const N: usize> From<[f64; N]> for Value {
    fn from(numbers: [f64; N]) -> Self {
        Value::Numbers(numbers.to_vec())
    }
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Self {
        value.clone()
    }
}

/// Slots, with what they are set to.
pub(crate) type Assignments = Vec<(usize, f64)>;

/// How deep mappings may lie in mappings: as many dimensions as an array can have, and more.
const MAX_DEPTH: usize = 32;

/// What parameters set, all of them checked.
pub(crate) fn assignments<N: AsRef<str>, V: Into<Value>>(
    directory: &Directory,
    params: impl IntoIterator<Item = (N, V)>,
) -> Result<Assignments, Error> {
    let mut seen: HashSet<(usize, Vec<usize>)> = HashSet::new();
    let mut slots = Vec::new();
    for (name, value) in params {
        let name = name.as_ref();
        let selection = directory.select(name)?;
        if !seen.insert((selection.variable, selection.elements.clone())) {
            let message = format!("`{name}` is given twice in one call, under two spellings");
            return Err(Error::new(Code::AmbiguousName, message).with_name(name, None));
        }
        assign(directory, &selection, &value.into(), MAX_DEPTH, &mut slots)?;
    }
    Ok(slots)
}

fn assign(
    directory: &Directory,
    selection: &Selection,
    value: &Value,
    depth: usize,
    slots: &mut Assignments,
) -> Result<(), Error> {
    let variable = &directory.variables[selection.variable];
    let misfit = |given: &str| {
        let has = match selection.elements.len() {
            1 => "takes a single number".to_owned(),
            n => format!("has {n} elements in the shape {:?}", directory.shape(selection)),
        };
        let message = format!("`{}` {has}, and {given} given", directory.label(selection));
        Error::new(Code::Shape, message).with_variable(&variable.name)
    };
    let numbers: Vec<f64> = match value {
        Value::Number(number) => vec![*number; selection.elements.len()],
        Value::Numbers(numbers) if numbers.len() == selection.elements.len() => numbers.clone(),
        Value::Numbers(numbers) => return Err(misfit(&format!("{} numbers are", numbers.len()))),
        Value::Nested(list) => flatten(list, &directory.shape(selection)).ok_or_else(|| misfit("other lists are"))?,
        Value::ByElement(parts) => {
            if depth == 0 || selection.open.is_empty() {
                return Err(misfit("values by element are"));
            }
            for (subscripts, value) in parts {
                let part = directory.select_within(selection, subscripts)?;
                assign(directory, &part, value, depth - 1, slots)?;
            }
            return Ok(());
        }
    };
    require_settable(directory, selection)?;
    for (&element, number) in selection.elements.iter().zip(numbers) {
        if !number.is_finite() {
            let message = format!("`{}` cannot be {number}: values are finite numbers", variable.title(element));
            return Err(Error::new(Code::BadValue, message).with_variable(&variable.name));
        }
        slots.push((variable.slot + element, number));
    }
    Ok(())
}

/// The numbers of lists within lists, if they have this shape, or are one list of as many numbers.
fn flatten(list: &[Value], shape: &[usize]) -> Option<Vec<f64>> {
    let mut numbers = Vec::new();
    let is_flat = !list.is_empty() && list.iter().all(|value| matches!(value, Value::Number(_)));
    if is_flat {
        numbers.extend(
            list.iter().filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None }),
        );
        return Some(numbers).filter(|numbers| numbers.len() == shape.iter().product::<usize>());
    }
    collect(list, shape, &mut numbers).then_some(numbers)
}

/// Recurses no deeper than there are dimensions.
fn collect(list: &[Value], shape: &[usize], numbers: &mut Vec<f64>) -> bool {
    let Some((&size, rest)) = shape.split_first() else { return false };
    list.len() == size
        && list.iter().all(|value| match (value, rest) {
            (Value::Number(number), []) => {
                numbers.push(*number);
                true
            }
            (Value::Numbers(inner), [size]) => {
                numbers.extend(inner);
                inner.len() == *size
            }
            (Value::Nested(inner), [_, ..]) => collect(inner, rest, numbers),
            _ => false,
        })
}

fn require_settable(directory: &Directory, selection: &Selection) -> Result<(), Error> {
    let variable = &directory.variables[selection.variable];
    let fail = |title: String, why: &str| {
        Err(Error::new(Code::NotSettable, format!("`{title}` cannot be set: {why}")).with_variable(title))
    };
    if directory.is_of_run(variable) {
        return fail(variable.name.clone(), "a variable has this name, and so has one of the run's own numbers");
    }
    if !variable.settable() {
        return fail(variable.name.clone(), why_not(variable));
    }
    match selection.elements.iter().find(|&&element| variable.default_of(element).is_none()) {
        Some(&element) => fail(
            variable.title(element),
            "this element is computed from its equation; other elements of the array can be set",
        ),
        None => Ok(()),
    }
}

fn why_not(variable: &Variable) -> &'static str {
    match variable.kind {
        Kind::Time => "it is part of the model's time specification",
        Kind::Stock => "it is a stock, which starts from its own equation and changes by its flows",
        Kind::Flow => "it is a flow, computed from its equation",
        Kind::Auxiliary => "it is computed from its equation; only constants can be set",
        Kind::Constant => "it is a constant that the compiler needed to know",
        Kind::ModuleInput => "it takes its value from outside of its module",
    }
}
