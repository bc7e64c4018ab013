//! Which worksheet of a workbook is meant.

use crate::Fault;

/// Names that a message about a wrong worksheet lists.
const MAX_LISTED: usize = 12;

/// The worksheet of a name, compared as spreadsheet programs do, or the first one.
pub(crate) fn choose(names: &[&str], wanted: Option<&str>) -> Result<String, Fault> {
    let Some(wanted) = wanted else {
        let first = names.first().ok_or_else(|| Fault::new("has no worksheet", "add one that holds the data"))?;
        return Ok((*first).to_owned());
    };
    let is_meant = |name: &&&str| name.trim().to_lowercase() == wanted.trim().to_lowercase();
    names.iter().find(is_meant).map(|name| (*name).to_owned()).ok_or_else(|| {
        let mut listed: Vec<String> = names.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
        if names.len() > MAX_LISTED {
            listed.push(format!("{} more", names.len() - MAX_LISTED));
        }
        Fault::new(format!("has no worksheet `{wanted}`"), format!("its worksheets are {}", listed.join(", ")))
    })
}
