//! The records after the sketch.

use super::Name;
use crate::neutral::Span;

/// Settings of the model. A file without any has the defaults.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The fourth number of record 15.
    pub method: Method,
    /// Record 15, if there is one.
    pub method_span: Option<Span>,
    /// Records 22: names of a unit that mean the same, at least one in each.
    pub unit_equivalences: Vec<Vec<Name>>,
    /// Records 30.
    pub file_aliases: Vec<FileAlias>,
    /// All records in the order of the file, those above included.
    pub records: Vec<Record>,
}

/// How stocks are integrated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// 0, and all that has no number of its own.
    #[default]
    Euler,
    /// 2: Euler's, with auxiliaries of the step before.
    Difference,
    /// 3: second order, with steps as accuracy asks for.
    Rk2Auto,
    /// 4: second order.
    Rk2,
    /// 1: fourth order, with steps as accuracy asks for.
    Rk4Auto,
    /// 5: fourth order.
    Rk4,
}

/// `30:?tag=file`: what a file is called in functions that read it.
#[derive(Clone, Debug)]
pub struct FileAlias {
    /// The tag, with its question mark.
    pub tag: Name,
    /// The file.
    pub path: Name,
}

/// One line of the settings.
#[derive(Clone, Debug)]
pub struct Record {
    /// The number before the first colon.
    pub number: u32,
    /// What follows the colon.
    pub text: Name,
}
