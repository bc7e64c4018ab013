//! What the names of units mean: the model's own definitions first, then the spellings that are built in, then any other name, which is
//! a base unit. Names of units are apart from names of variables.
//!
//! `time` is the model's time unit. A name that nothing defines may end in the plural's `s` or not: both are one unit. `x per y` that nothing defines is `x/y`.

use std::collections::HashMap;

use crate::definition::{Name, UnitDef};
use crate::name::{self, Key};
use crate::units::exponent::Exponent;
use crate::units::expression::{Factor, parse_units};
use crate::units::product::{Symbol, Unit};
use crate::units::spellings::GROUPS;

/// All names of units in a model.
pub struct Names<'a> {
    defs: &'a [UnitDef],
    /// What each definition comes to, once it is known.
    states: Vec<State>,
    /// The first definition with a spelling.
    by_spelling: HashMap<String, usize>,
    /// The same without the plural's ending.
    by_singular: HashMap<String, usize>,
    /// The built-in group of each of its spellings.
    groups: HashMap<String, usize>,
    /// The definition that has taken a built-in group over.
    takers: Vec<Option<usize>>,
    /// The base unit of each built-in group that is in use.
    group_bases: Vec<Option<u32>>,
    /// Base units that nothing defines, by name without the plural's ending.
    bases: HashMap<String, u32>,
    /// How each base unit is shown: as it was first written.
    shown: Vec<String>,
    /// What `time` means where nothing defines it: the model's time unit.
    time: Unit,
    /// Texts that have been read.
    read: HashMap<String, Option<Unit>>,
}

/// How far a definition is resolved.
enum State {
    New,
    Active,
    Done(Unit),
}

/// What is wrong with the definitions.
#[derive(Clone, Debug)]
pub enum Fault<'a> {
    /// A spelling has two meanings.
    Contradiction {
        /// Where it is spelled for the second time.
        again: &'a Name,
        /// The definition that spelled it first.
        first: &'a Name,
    },
    /// Definitions that need one another, in that order; the last needs the first.
    Cycle(Vec<&'a Name>),
    /// An equation that cannot be read, and why.
    Unreadable(&'a Name, String),
}

/// What a name leads to.
enum Target {
    Definition(usize),
    /// A built-in group, and the definition that has taken it over.
    Group(usize, Option<usize>),
    /// Nothing defines it: the name without the plural's ending.
    Base(String),
}

impl<'a> Names<'a> {
    /// The names of a model with these definitions, in which `time` is the model's time unit. What is wrong with definitions is reported,
    /// and what is at fault becomes a base unit.
    pub fn new(defs: &'a [UnitDef], time: Unit) -> (Self, Vec<Fault<'a>>) {
        let spellings = |(group, spellings): (usize, &'static [&'static str])| {
            spellings.iter().map(move |&spelling| (spelling.to_owned(), group))
        };
        let lists = GROUPS.iter().enumerate().flat_map(|(n, group)| [(n, group.long), (n, group.short)]);
        let mut names = Self {
            defs,
            states: defs.iter().map(|_| State::New).collect(),
            by_spelling: HashMap::new(),
            by_singular: HashMap::new(),
            groups: lists.flat_map(spellings).collect(),
            takers: vec![None; GROUPS.len()],
            group_bases: vec![None; GROUPS.len()],
            bases: HashMap::new(),
            shown: Vec::new(),
            time,
            read: HashMap::new(),
        };
        let twice = names.claim_spellings();
        let mut faults = Vec::new();
        for def in 0..defs.len() {
            names.resolve_definition(def, &mut faults);
        }
        for (again, first, second) in twice {
            if names.unit_of(first) != names.unit_of(second) {
                faults.push(Fault::Contradiction { again, first: &defs[first].name });
            }
        }
        (names, faults)
    }

    /// The unit that a text stands for; none when it says nothing. The error is a reason that follows a colon.
    pub fn unit(&mut self, text: &str) -> Result<Option<Unit>, String> {
        if let Some(unit) = self.read.get(text) {
            return Ok(unit.clone());
        }
        let factors = parse_units(text)?;
        let unit = match factors {
            Some(factors) => {
                Some(self.product(&factors).ok_or("it has too many factors, or exponents that are too large")?)
            }
            None => None,
        };
        self.read.insert(text.to_owned(), unit.clone());
        Ok(unit)
    }

    /// Says what the model's time unit is, before any text but its own has been read.
    pub fn set_time(&mut self, time: Unit) {
        self.time = time;
    }

    /// A base unit as it was first written.
    pub fn base_name(&self, base: u32) -> &str {
        &self.shown[base as usize]
    }

    /// Whether a base unit is one that neither the model nor the built-in table defines.
    pub fn is_undefined(&self, base: u32) -> bool {
        let is_defined = |def: &UnitDef| Key::new(&def.name.text) == Key::new(self.base_name(base));
        !self.group_bases.contains(&Some(base)) && !self.defs.iter().any(is_defined)
    }

    /// Notes which definition each spelling belongs to. Gives the spellings of more than one, with the first and the other.
    fn claim_spellings(&mut self) -> Vec<(&'a Name, usize, usize)> {
        let mut twice = Vec::new();
        for (def, written) in self.defs.iter().enumerate() {
            for name in std::iter::once(&written.name).chain(&written.aliases) {
                let key = Key::new(&name.text).as_str().to_owned();
                match self.by_spelling.get(&key) {
                    Some(&first) if first != def => twice.push((name, first, def)),
                    Some(_) => {}
                    None => {
                        self.by_singular.entry(singular(&key)).or_insert(def);
                        if let Some(&group) = self.groups.get(&key)
                            && GROUPS[group].long.contains(&key.as_str())
                        {
                            self.takers[group].get_or_insert(def);
                        }
                        self.by_spelling.insert(key, def);
                    }
                }
            }
        }
        twice
    }

    /// Resolves a definition after those that it needs.
    fn resolve_definition(&mut self, def: usize, faults: &mut Vec<Fault<'a>>) {
        if !matches!(self.states[def], State::New) {
            return;
        }
        let mut path = vec![self.enter(def, faults)];
        while let Some(visit) = path.last_mut() {
            let Some(needed) = visit.needs.pop() else {
                let Visit { def, factors, .. } = path.pop().unwrap_or_default();
                let unit = factors.and_then(|factors| self.product(&factors));
                let unit = unit.unwrap_or_else(|| self.own_unit(def));
                self.states[def] = State::Done(unit);
                continue;
            };
            match self.states[needed] {
                State::New => {
                    let visit = self.enter(needed, faults);
                    path.push(visit);
                }
                State::Active => {
                    let cycle = path.iter().skip_while(|visit| visit.def != needed);
                    faults.push(Fault::Cycle(cycle.map(|visit| &self.defs[visit.def].name).collect()));
                    visit_as_base(path.last_mut());
                }
                State::Done(_) => {}
            }
        }
    }

    /// Begins with a definition: what it says, and which others it needs.
    fn enter(&mut self, def: usize, faults: &mut Vec<Fault<'a>>) -> Visit {
        self.states[def] = State::Active;
        let Some(equation) = &self.defs[def].equation else { return Visit { def, ..Visit::default() } };
        let factors = match parse_units(&equation.text) {
            Ok(factors) => factors,
            Err(reason) => {
                faults.push(Fault::Unreadable(equation, reason));
                None
            }
        };
        let mut needs = Vec::new();
        for factor in factors.iter().flatten() {
            for (part, _) in self.parts(&factor.name) {
                match self.target(&part) {
                    Target::Definition(needed) => needs.push(needed),
                    // A spelling that a definition has merely taken along still means the built-in unit within that definition.
                    Target::Group(_, Some(taker)) if !matches!(self.states[taker], State::Active) => needs.push(taker),
                    Target::Group(..) | Target::Base(_) => {}
                }
            }
        }
        Visit { def, factors, needs }
    }

    /// The unit of a definition without a usable equation.
    fn own_unit(&mut self, def: usize) -> Unit {
        match self.takers.iter().position(|&taker| taker == Some(def)) {
            Some(group) => self.group_unit(group, &self.defs[def].name.text),
            None => {
                let name = &self.defs[def].name.text;
                self.base(singular(Key::new(name).as_str()), name)
            }
        }
    }

    fn product(&mut self, factors: &[Factor]) -> Option<Unit> {
        let mut product = Unit::ONE;
        for factor in factors {
            for (part, sign) in self.parts(&factor.name) {
                let unit = match self.target(&part) {
                    Target::Definition(def) => self.unit_of(def),
                    Target::Group(_, Some(taker)) if matches!(self.states[taker], State::Done(_)) => {
                        self.unit_of(taker)
                    }
                    Target::Group(group, _) => self.group_unit(group, &part),
                    Target::Base(singular) => self.base(singular, &part),
                };
                let exponent = Exponent::new(i64::from(factor.exponent) * sign, 1)?;
                product = product.times(&unit.power(exponent)?)?;
            }
        }
        Some(product)
    }

    /// The names that a name is made of, with the sign of their exponents: itself, or the parts between `per`.
    fn parts(&self, written: &str) -> Vec<(String, i64)> {
        let whole = vec![(written.to_owned(), 1)];
        let key = Key::new(written);
        if matches!(self.target(written), Target::Definition(_) | Target::Group(..)) {
            return whole;
        }
        let spaced = format!("_{}", key.as_str());
        let mut parts = spaced.split("_per_");
        let first = parts.next().unwrap_or_default().trim_matches('_').to_owned();
        let below: Vec<String> = parts.map(str::to_owned).collect();
        if below.is_empty() || below.iter().any(String::is_empty) {
            return whole;
        }
        let above = Some((first, 1)).filter(|(first, _)| !first.is_empty());
        above.into_iter().chain(below.into_iter().map(|part| (part, -1))).collect()
    }

    fn target(&self, written: &str) -> Target {
        let key = Key::new(written);
        if let Some(&def) = self.by_spelling.get(key.as_str()) {
            return Target::Definition(def);
        }
        if let Some(&group) = self.groups.get(key.as_str()) {
            return Target::Group(group, self.takers[group]);
        }
        let singular = singular(key.as_str());
        self.by_singular.get(&singular).map_or(Target::Base(singular), |&def| Target::Definition(def))
    }

    fn unit_of(&mut self, def: usize) -> Unit {
        match &self.states[def] {
            State::Done(unit) => unit.clone(),
            State::New | State::Active => self.own_unit(def),
        }
    }

    fn group_unit(&mut self, group: usize, written: &str) -> Unit {
        if GROUPS[group].is_one {
            return Unit::ONE;
        }
        let base = self.group_bases[group].unwrap_or_else(|| self.add_base(written));
        self.group_bases[group] = Some(base);
        Unit::of(Symbol::Base(base))
    }

    fn base(&mut self, singular: String, written: &str) -> Unit {
        if singular == "time" {
            return self.time.clone();
        }
        let base = match self.bases.get(&singular) {
            Some(&base) => base,
            None => {
                let base = self.add_base(written);
                self.bases.insert(singular, base);
                base
            }
        };
        Unit::of(Symbol::Base(base))
    }

    fn add_base(&mut self, written: &str) -> u32 {
        self.shown.push(name::display(written));
        u32::try_from(self.shown.len()).expect("fewer units than bytes in the file") - 1
    }
}

/// A definition that is being resolved.
#[derive(Default)]
struct Visit {
    def: usize,
    factors: Option<Vec<Factor>>,
    /// Definitions that it needs and that have not been looked at.
    needs: Vec<usize>,
}

/// A definition in a cycle becomes a unit of its own.
fn visit_as_base(visit: Option<&mut Visit>) {
    if let Some(visit) = visit {
        visit.factors = None;
        visit.needs.clear();
    }
}

/// A name without the plural's ending.
fn singular(key: &str) -> String {
    if key.len() <= 3 || key.ends_with("ss") {
        return key.to_owned();
    }
    if let Some(stem) = key.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let has_hissing_stem = ["sses", "ches", "shes", "xes", "zes"].iter().any(|ending| key.ends_with(ending));
    let ending = if has_hissing_stem { "es" } else { "s" };
    key.strip_suffix(ending).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests;
