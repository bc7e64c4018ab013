//! What is reported about units.

use crate::definition::wording::Cure;
use crate::diagnostic::{Diagnostic, code};
use crate::model::VarId;
use crate::name::{self, Key};
use crate::source::shorten;
use crate::units::{Contradiction, Fault, Names, Symbol, Unit};

use crate::definition::Name;
use crate::sema::units::consistency::checker::{Checker, Site, SiteKind};

/// Reasons that a message names at most.
const MAX_REASONS: usize = 2;

/// Units that cannot be read.
pub(in crate::sema) fn unreadable(written: &Name, reason: &str, variable: Option<String>) -> Diagnostic {
    let message = format!("the units `{}` cannot be read: {reason}", shorten(&written.text));
    let mut warning = Diagnostic::warning(code::UNREADABLE_UNITS, written.span, message)
        .with_hint("write names with `*`, `/`, `^` and parentheses, such as `people/year` or `1/month`");
    warning.variable = variable;
    warning
}

/// A definition of a unit that is at fault.
pub(in crate::sema) fn definition(fault: Fault<'_>) -> Diagnostic {
    match fault {
        Fault::Unreadable(written, reason) => unreadable(written, &reason, None),
        Fault::Contradiction { again, first } => {
            let shown = name::display(&again.text);
            Diagnostic::warning(code::CONTRADICTING_UNITS, again.span, format!("unit `{shown}` has two meanings"))
                .with_label("defined again here, in another way")
                .with_place(first.span, "first defined with this unit")
                .with_hint("define it once, or give it the same equation both times")
        }
        Fault::Cycle(path) => {
            let shown: Vec<String> = path.iter().map(|name| format!("`{}`", name::display(&name.text))).collect();
            let first = shown.first().cloned().unwrap_or_default();
            let way = shown.iter().skip(1).chain([&first]).cloned().collect::<Vec<_>>().join(", then ");
            let span = path.first().map(|name| name.span).unwrap_or_default();
            Diagnostic::warning(code::CIRCULAR_UNITS, span, format!("unit {first} is defined by itself"))
                .with_label(format!("needs {way}"))
                .with_hint("one of them must be a base unit, without an equation")
        }
    }
}

/// Units that do not agree.
pub(in crate::sema) fn contradiction(
    checker: &Checker<'_, '_>,
    names: &Names<'_>,
    found: &Contradiction,
    others: &[Contradiction],
) -> Diagnostic {
    let site = &checker.sites[found.row];
    let words = Words { checker, names };
    let mut warning = words.message(site, found);
    for &(unknown, row) in found.because.iter().take(MAX_REASONS) {
        if let Some((text, span)) = words.reason(unknown, row).filter(|(_, span)| Some(*span) != warning.span) {
            warning = warning.with_place(span, text);
        }
    }
    for other in others.iter().take(MAX_REASONS) {
        warning = warning.with_place(checker.sites[other.row].span, "the same difference shows here");
    }
    if let Some(hint) = words.hint(site, found) {
        warning = warning.with_hint(hint);
    }
    warning.with_variable(checker.tree.var_name(site.var))
}

struct Words<'m, 'w, 'a> {
    checker: &'m Checker<'w, 'a>,
    names: &'m Names<'m>,
}

impl Words<'_, '_, '_> {
    fn message(&self, site: &Site, found: &Contradiction) -> Diagnostic {
        let (is, wants) = (self.stated(&found.found), self.stated(&found.expected));
        let (is_in, wants_in) = (self.show(&found.found), self.show(&found.expected));
        let own = self.name(site.var);
        let warn = |code, message: String| Diagnostic::warning(code, site.span, message).with_label(is_in.clone());
        match site.kind {
            SiteKind::Equation => {
                let message = format!("`{own}` is {wants}, but its equation gives {is_in}");
                self.with_declaration(warn(code::UNITS_OF_EQUATION, message), site.var)
            }
            SiteKind::Initial => {
                let message = format!("stock `{own}` is {wants}, but its initial value is {is}");
                self.with_declaration(warn(code::UNITS_OF_EQUATION, message), site.var)
            }
            SiteKind::Transport(part) => {
                let message = format!("the {} of `{own}` must be {wants}, but is {is}", part.name());
                self.with_declaration(warn(code::UNITS_OF_EQUATION, message), site.var)
            }
            SiteKind::Operands(verb, left) => {
                let (subject, object) = if verb.ends_with("from") { (&is_in, &wants_in) } else { (&wants_in, &is_in) };
                let message = format!("{} cannot be {verb} {}", quantity(subject), quantity(object));
                warn(code::UNITS_OF_OPERANDS, message).with_place(left, wants_in)
            }
            SiteKind::Branches(first) => {
                let message = format!("one branch of IF is {wants}, the other {is}");
                warn(code::UNITS_OF_OPERANDS, message).with_place(first, wants_in)
            }
            SiteKind::Argument(builtin, param) => {
                let message = format!(
                    "argument `{param}` of {} must be {wants}, but is {is}",
                    builtin.name_in(self.checker.tree.file.dialect)
                );
                warn(code::UNITS_OF_ARGUMENTS, message)
            }
            SiteKind::Flow { flow, is_inflow } => {
                let what = if is_inflow { "inflow" } else { "outflow" };
                let message = format!("{what} `{}` of stock `{own}` must be {wants}, but is {is}", self.name(flow));
                let warning = self.with_declaration(warn(code::UNITS_OF_FLOWS, message), flow);
                self.with_declaration(warning, site.var)
            }
            SiteKind::Connection(source) => {
                let message =
                    format!("module input `{own}` is {wants}, but `{}` feeds it, which is {is}", self.name(source));
                let warning = self.with_declaration(warn(code::UNITS_OF_CONNECTIONS, message), site.var);
                self.with_declaration(warning, source)
            }
        }
    }

    /// What would mend it: a likely misspelling, or the factor between the two.
    fn hint(&self, site: &Site, found: &Contradiction) -> Option<String> {
        let factor = found.expected.per(&found.found)?;
        if let Some(hint) = self.spelling(&factor) {
            return Some(hint);
        }
        let factor = self.show(&factor);
        match site.kind {
            SiteKind::Equation | SiteKind::Initial => Some(format!(
                "change the units of `{}`, or multiply by what is missing: something in {factor}",
                self.name(site.var)
            )),
            SiteKind::Operands(..) | SiteKind::Branches(_) => {
                Some(format!("both must have the same units; between them is a factor in {factor}"))
            }
            SiteKind::Argument(..) | SiteKind::Transport(_) => {
                Some(format!("multiply it by what is missing, something in {factor}, or correct its units"))
            }
            SiteKind::Flow { flow, .. } => Some(format!(
                "a flow has the units of its stock over the time unit, {}: correct the units of `{}` or of `{}`",
                self.show(&self.checker.time),
                self.name(flow),
                self.name(site.var)
            )),
            SiteKind::Connection(_) => Some("give both the same units, or convert in between".to_owned()),
        }
    }

    /// What to do about two base units, one over the other, of which one is nearly spelt like the other and defined nowhere.
    fn spelling(&self, factor: &Unit) -> Option<String> {
        let mut bases = factor.factors().iter().filter_map(|&(symbol, _)| match symbol {
            Symbol::Base(base) => Some(base),
            Symbol::Unknown(_) => None,
        });
        let (a, b) = (bases.next()?, bases.next()?);
        if bases.next().is_some() || factor.factors().len() != 2 {
            return None;
        }
        let (wrong, right) = if self.names.is_undefined(a) { (a, b) } else { (b, a) };
        let (wrong_name, right_name) = (self.names.base_name(wrong), self.names.base_name(right));
        let is_long = Key::new(wrong_name).as_str().chars().count() > 4;
        if !self.names.is_undefined(wrong) {
            return None;
        }
        let cure = (self.checker.tree.file.wording.0)(Cure::JoinUnits);
        if is_shortened(wrong_name, right_name) || is_shortened(right_name, wrong_name) {
            return Some(format!("if `{wrong_name}` and `{right_name}` are one unit, {cure}"));
        }
        let is_near = is_long && name::suggest(wrong_name, [right_name]).is_some();
        is_near.then(|| format!("`{wrong_name}` may be a misspelling of `{right_name}`; if both are one unit, {cure}"))
    }

    /// Where the units of a variable that says none come from.
    fn reason(&self, unknown: u32, row: usize) -> Option<(String, crate::source::Span)> {
        let site = self.checker.sites.get(row)?;
        let of = if unknown as usize == self.checker.of_vars.len() {
            "the time unit, which the file does not say, follows from this".to_owned()
        } else {
            format!("`{}` says no units; this is where its units follow from", self.name(VarId(unknown)))
        };
        Some((of, site.span))
    }

    fn with_declaration(&self, warning: Diagnostic, var: VarId) -> Diagnostic {
        let units = self.checker.tree.def(var).units.as_ref();
        let declared = units.filter(|_| self.checker.of_vars[var.0 as usize] != Unit::of(Symbol::Unknown(var.0)));
        match declared {
            Some(units) => warning.with_place(units.span, format!("units of `{}`", self.name(var))),
            None => warning,
        }
    }

    fn name(&self, var: VarId) -> String {
        self.checker.tree.var_name(var)
    }

    /// `in people/year`, or `dimensionless`.
    fn stated(&self, unit: &Unit) -> String {
        if unit.is_one() { "dimensionless".to_owned() } else { format!("in {}", self.show(unit)) }
    }

    fn show(&self, unit: &Unit) -> String {
        unit.show(|symbol| match symbol {
            Symbol::Base(base) => self.names.base_name(base).to_owned(),
            Symbol::Unknown(unknown) if unknown as usize == self.checker.of_vars.len() => "time".to_owned(),
            Symbol::Unknown(unknown) => format!("units of `{}`", self.name(VarId(unknown))),
        })
    }
}

/// Whether a name begins like another and is much shorter: `deg` and `degrees`.
fn is_shortened(short: &str, long: &str) -> bool {
    let (short, long) = (Key::new(short), Key::new(long));
    short.as_str().len() >= 3 && short != long && long.as_str().starts_with(short.as_str())
}

/// A quantity in a sentence.
fn quantity(unit: &str) -> &str {
    if unit == "dimensionless" { "a dimensionless quantity" } else { unit }
}
