//! Writes a source file with all its mutations in it.

use std::ops::Range;

use crate::find::one_line;
use crate::site::{Form, Kind, Site};
use crate::switch::MODULE;

/// A rewritten file.
#[derive(Debug, Default)]
pub(crate) struct Rewritten {
    /// Its text.
    pub(crate) text: String,
    /// Which bytes of the text belong to which mutation.
    pub(crate) places: Vec<Place>,
}

/// Bytes of a rewritten file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The bytes.
    pub(crate) range: Range<usize>,
    /// Whether they are those of one mutation alone; else of a whole site, the original expression included.
    pub(crate) is_alternative: bool,
    /// The mutations.
    pub(crate) numbers: Vec<u32>,
}

/// A site with the numbers of those of its alternatives that take part.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    /// The site.
    pub(crate) site: Site,
    /// For each alternative its number, or `None` if it does not compile.
    pub(crate) numbers: Vec<Option<u32>>,
}

/// A site that is begun and not ended.
struct Open {
    /// Where its own text ends in the file.
    end: usize,
    /// What is after its own text.
    closing: &'static str,
    /// Where it begins in the new text.
    begin: usize,
    numbers: Vec<u32>,
}

/// Writes a file. Sites are sorted, outer ones first, and are nested or apart.
pub(crate) fn rewrite(text: &str, sites: &[Numbered]) -> Rewritten {
    let mut out = Rewritten::default();
    let mut open = Vec::new();
    let mut at = 0;
    for numbered in sites {
        let site = &numbered.site;
        let numbers: Vec<u32> = numbered.numbers.iter().copied().flatten().collect();
        if numbers.is_empty() {
            continue;
        }
        at = out.close(text, at, &mut open, site.range.start);
        out.text.push_str(&text[at..site.range.start]);
        at = site.range.start;
        let begin = out.text.len();
        let closing = out.begin(numbered);
        if site.form == Form::Entry {
            out.places.push(Place { range: begin..out.text.len(), is_alternative: false, numbers });
        } else {
            open.push(Open { end: site.range.end, closing, begin, numbers });
        }
    }
    at = out.close(text, at, &mut open, text.len());
    out.text.push_str(&text[at..]);
    out
}

impl Rewritten {
    /// Ends the sites that end at or before a place. The file is written up to `at`; returns up to where it is then.
    fn close(&mut self, text: &str, mut at: usize, open: &mut Vec<Open>, place: usize) -> usize {
        while let Some(Open { end, closing, begin, numbers }) = open.pop_if(|site| site.end <= place) {
            self.text.push_str(&text[at..end]);
            at = end;
            self.text.push_str(closing);
            self.places.push(Place { range: begin..self.text.len(), is_alternative: false, numbers });
        }
        at
    }

    /// Writes what is before a site's own text and returns what is after it.
    fn begin(&mut self, numbered: &Numbered) -> &'static str {
        let active = numbered.numbers.iter().zip(&numbered.site.alternatives);
        let active = active.filter_map(|(number, text)| number.map(|number| (number, text)));
        match numbered.site.form {
            Form::Entry => {
                for (number, value) in active {
                    let begin = self.text.len();
                    self.text.push_str(&format!(" if crate::{MODULE}::is({number}) {{ return {value}; }}"));
                    self.places.push(alternative(begin..self.text.len(), number));
                }
                ""
            }
            Form::Statement => {
                for (number, _) in active {
                    self.text.push_str(&format!("if !crate::{MODULE}::is({number}) {{ "));
                }
                " }"
            }
            Form::Negated => {
                for (number, _) in active {
                    self.text.push_str(&format!("(crate::{MODULE}::is({number}) != ("));
                }
                "))"
            }
            Form::Choice => {
                self.text.push('(');
                for (number, text) in active {
                    self.text.push_str(&format!("if crate::{MODULE}::is({number}) {{ "));
                    let begin = self.text.len();
                    self.text.push_str(text);
                    self.places.push(alternative(begin..self.text.len(), number));
                    self.text.push_str(" } else ");
                }
                self.text.push_str("{ ");
                " })"
            }
        }
    }
}

fn alternative(range: Range<usize>, number: u32) -> Place {
    Place { range, is_alternative: true, numbers: vec![number] }
}

/// A mutation of a site in words, on one line.
pub(crate) fn describe(site: &Site, alternative: usize) -> String {
    let shown = &site.shown;
    match (site.form, site.kind) {
        (Form::Statement, _) => format!("{shown} -> (left out)"),
        (_, Kind::Return) if site.form == Form::Entry => {
            format!("{shown} returns {}", site.alternatives[alternative])
        }
        _ => format!("{shown} -> {}", one_line(&site.alternatives[alternative])),
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbered, describe, rewrite};
    use crate::find::sites;

    /// The text with all mutations in it, numbered from 1, and what each is.
    fn mutated(text: &str) -> (String, Vec<String>) {
        let mut shown = Vec::new();
        let mut numbered = Vec::new();
        for site in sites(text).expect("the text is Rust") {
            let mut numbers = Vec::new();
            for at in 0..site.alternatives.len() {
                shown.push(describe(&site, at));
                numbers.push(u32::try_from(shown.len()).ok());
            }
            numbered.push(Numbered { site, numbers });
        }
        (rewrite(text, &numbered).text.replace("crate::mutation_switch::", ""), shown)
    }

    #[test]
    fn a_mutation_is_chosen_between_unchanged_operands() {
        let (text, shown) = mutated("fn f(a: i32) { g(a + b * 2) }");
        assert_eq!(
            text,
            "fn f(a: i32) { g((if is(1) { (a) - (b * 2) } else { a + (if is(2) { (b) + (2) } else \
             { b * (if is(3) { 3 } else if is(4) { 1 } else { 2 }) }) })) }"
        );
        assert_eq!(shown, ["a + b * 2 -> (a) - (b * 2)", "b * 2 -> (b) + (2)", "2 -> 3", "2 -> 1"]);
    }

    #[test]
    fn statements_conditions_and_functions_have_forms_of_their_own() {
        let (text, _) = mutated("fn f() -> bool { x.push(y)?; if ready() && let Some(z) = w { g() } else { h() } }");
        assert_eq!(
            text,
            "fn f() -> bool { if is(1) { return true; } if is(2) { return false; } if !is(3) { x.push(y)?; } \
             if (is(4) != (ready())) && let Some(z) = w { g() } else { h() } }"
        );
    }

    #[test]
    fn what_is_constant_or_for_tests_is_left_alone() {
        let text = "const A: [u8; 1 + 1] = [1; 2]; const fn f() -> u8 { 1 + 2 } #[cfg(test)] mod t { fn g() { 1 + 2; } } \
                    fn h(x: [u8; 3]) { match x { [0, 1..=2, _] => {} _ => {} } let y = [z; 4]; }";
        assert_eq!(mutated(text).0, text);
    }
}
