//! The form of calls in the files.

use serde_json::{Map, Value, json};

/// Calls on one model, from the beginning of its life.
pub(super) struct Sequence {
    pub(super) name: String,
    pub(super) artifact: String,
    pub(super) calls: Vec<Value>,
}

/// A value of a parameter.
#[derive(Clone, Debug)]
pub(super) enum Param {
    /// One number.
    Number(f64),
    /// Numbers, row-major.
    List(Vec<f64>),
    /// Lists of numbers.
    Nested(Vec<Vec<f64>>),
    /// By element.
    Map(Vec<(&'static str, Param)>),
    /// What is no number: `text:abc`, `true` or `null`.
    Wrong(&'static str),
}

/// Parameters in order.
pub(super) type Params = Vec<(String, Param)>;

impl Sequence {
    /// A line for each call.
    pub(super) fn text(&self) -> String {
        let [name, artifact] = [&self.name, &self.artifact].map(|text| Value::from(text.as_str()));
        let calls: Vec<String> = self.calls.iter().map(|call| format!("  {call}")).collect();
        format!("{{\"name\": {name}, \"artifact\": {artifact}, \"calls\": [\n{}\n]}}", calls.join(",\n"))
    }
}

impl Param {
    /// As the files have it.
    pub(super) fn json(&self) -> Value {
        match self {
            Param::Number(value) => bits(*value).into(),
            Param::List(values) => values.iter().map(|value| bits(*value)).collect(),
            Param::Nested(lists) => {
                lists.iter().map(|list| list.iter().map(|value| bits(*value)).collect::<Value>()).collect()
            }
            Param::Map(parts) => {
                let parts = parts.iter().map(|(key, value)| ((*key).to_owned(), value.json()));
                Value::from(parts.collect::<Map<_, _>>())
            }
            Param::Wrong(what) => (*what).into(),
        }
    }
}

/// Parameters as the files have them: pairs, so that one may be given twice.
pub(super) fn params_json(params: &[(String, Param)]) -> Value {
    params.iter().map(|(name, value)| json!([name, value.json()])).collect()
}

/// The bits of a number as 16 hexadecimal digits.
pub(super) fn bits(value: f64) -> String {
    format!("{:016x}", value.to_bits())
}
