//! Tables of data that models import: values over time, and numbers.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};

use super::{Generator, NUMBERS, pick};

impl Generator {
    /// Files beside the model, and the element that imports them. Auxiliaries may get values over time, constants and stocks numbers.
    pub(super) fn data(&mut self, u: &mut Unstructured<'_>, auxes: &[String], stocks: &[String]) -> Result<String> {
        let mut imports = String::new();
        if !u.ratio(1, 2)? {
            let names = chosen(u, auxes)?;
            let mut text = format!("Time,{}\n", names.join(","));
            let mut quarters = u.int_in_range(-12..=8)?;
            for _ in 0..u.int_in_range(1..=6)? {
                write!(text, "{}", f64::from(quarters) / 4.0).expect("writing to a string");
                for _ in &names {
                    let cell = if u.ratio(5, 6)? { pick(u, NUMBERS)? } else { "" };
                    write!(text, ",{cell}").expect("writing to a string");
                }
                text.push('\n');
                quarters += u.int_in_range(1..=9)?;
            }
            self.import(&mut imports, "series.csv", text);
        }
        if !u.ratio(1, 2)? {
            let numbers: Vec<String> = self.constants.iter().chain(stocks).cloned().collect();
            let names = chosen(u, &numbers)?;
            let mut values = Vec::new();
            for _ in &names {
                values.push(pick(u, NUMBERS)?);
            }
            let text = format!("{}\n{}\n", names.join(","), values.join(","));
            self.import(&mut imports, "numbers.csv", text);
        }
        let constants: Vec<_> = self.arrays.iter().filter(|array| array.name.starts_with("array constant")).collect();
        if let Some(array) = constants.first().filter(|_| imports.is_empty()) {
            let n = self.elements_of(array).len();
            let mut text = format!("\"{}[{}]\"\n", array.name, vec!["*"; array.dims.len()].join(", "));
            for _ in 0..n {
                writeln!(text, "{}", pick(u, NUMBERS)?).expect("writing to a string");
            }
            self.import(&mut imports, "elements.csv", text);
        }
        Ok(if imports.is_empty() { imports } else { format!("<data>{imports}</data>\n") })
    }

    fn import(&mut self, imports: &mut String, name: &str, text: String) {
        write!(imports, "<import resource=\"{name}\"/>").expect("writing to a string");
        self.files.add(name, text);
    }
}

/// One to three of some names, in their order.
fn chosen(u: &mut Unstructured<'_>, names: &[String]) -> Result<Vec<String>> {
    let first = u.int_in_range(0..=names.len() - 1)?;
    let n = u.int_in_range(1..=3)?;
    Ok(names[first..].iter().take(n).cloned().collect())
}
