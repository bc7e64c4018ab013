//! Names of XMILE in Vensim's words: variables with all their subscripts, elements, ranges, and
//! constants of the language.

use std::collections::HashSet;

use simc_model::builtin::{Meaning, RunNumber};
use simc_model::definition::cells::{element, length, names};
use simc_model::definition::scope::is_table;
use simc_model::definition::{DimDef, EquationKind, Name, Path, VarDef};
use simc_model::diagnostic::code;
use simc_model::model::TableKind;
use simc_model::name::Key;

use super::rewrite::{Rewriter, Use};

impl<'d> Rewriter<'_, 'd> {
    /// A name as a value.
    pub(super) fn reference(&mut self, index: usize, path: &Path, subscripts: &[u32], usage: Use) -> u32 {
        let scope = self.context.scope;
        let var = scope.var_of(path);
        if subscripts.is_empty() {
            if let Some(builtin) = scope.constant(&self.context.owner.name.text, path) {
                return self.constant(builtin.meaning, builtin.name());
            }
            if var.is_none()
                && let Some(node) = self.element_as_value(index, path)
            {
                return node;
            }
        }
        let Some(var) = var else {
            let shown: Vec<&str> = path.parts.iter().map(|name| name.text.as_str()).collect();
            if path.parts.len() > 1 {
                let message = format!("`{}` is in a module", shown.join("."));
                self.fault(code::CONVERT_MODULE, message, "move the variables of the module into the model");
                return 0;
            }
            // A parameter of a macro that the body does not declare, or an error that has been reported.
            return self.push(EquationKind::Reference(plain(path), Vec::new()));
        };
        let subscripts: Vec<u32> = if subscripts.is_empty() {
            self.all_subscripts(var, usage)
        } else {
            subscripts.iter().map(|&node| self.at(node)).collect()
        };
        self.push(EquationKind::Reference(Path { absolute: path.absolute, ..plain(path) }, subscripts))
    }

    /// The name of a graphical function as an argument.
    pub(super) fn table(&mut self, index: usize) -> u32 {
        let source = self.source;
        let EquationKind::Reference(path, subscripts) = &source.nodes[index].kind else { return 0 };
        let Some(var) = self.context.scope.var_of(path) else { return 0 };
        if !is_table(var) || kind_of(var) != Some(TableKind::Continuous) {
            let message = format!("`{}` is no continuous graphical function that stands alone", var.name.text);
            self.fault(code::CONVERT_TABLE, message, "make it one, without an equation of its own");
        }
        let subscripts = match subscripts.is_empty() {
            true => self.all_subscripts(var, Use::default()),
            false => subscripts.iter().map(|&node| self.at(node)).collect(),
        };
        self.push(EquationKind::Reference(plain(path), subscripts))
    }

    /// A graphical function at x.
    pub(super) fn table_call(
        &mut self,
        path: &Path,
        subscripts: Option<Vec<u32>>,
        arguments: &[u32],
        usage: Use,
    ) -> u32 {
        let Some(var) = self.context.scope.var_of(path) else {
            self.fault(code::CONVERT_MODULE, "a graphical function of a module is called", "move it into the model");
            return 0;
        };
        if !is_table(var) {
            let message = format!("`{}` is called, and is a variable of its own besides", var.name.text);
            self.fault(code::CONVERT_TABLE, message, "make its graphical function one that stands alone");
            return 0;
        }
        let subscripts = subscripts.unwrap_or_else(|| self.all_subscripts(var, usage));
        let function = match kind_of(var) {
            Some(TableKind::Continuous) => None,
            Some(TableKind::Extrapolate) => Some("LOOKUP EXTRAPOLATE"),
            Some(TableKind::Discrete) => Some("LOOKUP BACKWARD"),
            None => {
                let message = format!("the graphical functions of `{}` are of several kinds", var.name.text);
                self.fault(code::CONVERT_TABLE, message, "give those of each kind an array of their own");
                return 0;
            }
        };
        match (function, subscripts.is_empty()) {
            (None, true) => self.push(EquationKind::Call(plain(path), arguments.to_vec())),
            (None, false) => self.push(EquationKind::SubscriptedCall(plain(path), subscripts, arguments.to_vec())),
            (Some(function), _) => {
                let table = self.push(EquationKind::Reference(plain(path), subscripts));
                let arguments: Vec<u32> = std::iter::once(table).chain(arguments.iter().copied()).collect();
                self.named(function, &arguments)
            }
        }
    }

    /// The subscripts of a variable whose name stands alone: those of the left side, or all elements.
    pub(super) fn all_subscripts(&mut self, var: &VarDef, usage: Use) -> Vec<u32> {
        if usage.is_whole {
            let distinct: HashSet<Key> = var.dims.iter().map(|dim| Key::new(&dim.text)).collect();
            if distinct.len() < var.dims.len() {
                self.fault(
                    code::CONVERT_ARRAY,
                    format!("`{}` has one dimension twice, over which a function runs", var.name.text),
                    "give one of the two another dimension",
                );
            }
            return var.dims.iter().map(|dim| self.all_of(&dim.text)).collect();
        }
        let context = self.context;
        let mut is_taken = vec![false; context.left.len()];
        let mut subscripts = Vec::with_capacity(var.dims.len());
        for dim in &var.dims {
            let key = Key::new(&dim.text);
            let of = context.owner.dims.iter().take(context.left.len());
            let found = of.enumerate().position(|(at, own)| !is_taken[at] && Key::new(&own.text) == key);
            let Some(at) = found else {
                self.fault(
                    code::CONVERT_ARRAY,
                    format!(
                        "`{}` is read without subscripts, and its dimension `{}` is not on the left",
                        var.name.text, dim.text
                    ),
                    "write the subscripts",
                );
                return Vec::new();
            };
            is_taken[at] = true;
            let text = left_name(&context.left[at], dim);
            subscripts.push(self.name(&text));
        }
        subscripts
    }

    /// `Dim!`
    fn all_of(&mut self, dim: &str) -> u32 {
        let name = self.name(dim);
        self.push(EquationKind::Wildcard(Some(name)))
    }

    /// A subscript of a dimension.
    pub(super) fn subscript(&mut self, index: usize, dim: Option<&'d DimDef>, usage: Use) -> u32 {
        let scope = self.context.scope;
        let source = self.source;
        let kind = &source.nodes[index].kind;
        if let Some(path) = kind.as_name()
            && let Some(name) = path.parts.last()
        {
            let key = Key::new(&name.text);
            let is_of_dim = dim.is_some_and(|dim| scope.position(dim, &key).is_some());
            let is_qualified = path.parts.len() == 2 && scope.dim(&path.parts[0].text).is_some();
            if is_qualified || path.parts.len() == 1 && is_of_dim {
                return self.name(&name.text);
            }
            if path.parts.len() == 1 && scope.dim(&name.text).is_some() {
                return self.range_subscript(&name.text, usage);
            }
        }
        if let (Some(number), Some(dim)) = (kind.as_number(), dim)
            && number.fract() == 0.0
            && (1.0..=length(dim) as f64).contains(&number)
        {
            let name = element(dim, number as usize - 1);
            return self.name(&name);
        }
        if let EquationKind::Wildcard(named) = kind
            && (usage.is_whole || usage.is_vector)
        {
            let own = named.and_then(|node| source.nodes[node as usize].kind.as_name()?.parts.last());
            let text = own.map(|name| name.text.clone()).or(dim.map(|dim| dim.name.text.clone()));
            if let Some(text) = text {
                return self.all_of(&text);
            }
        }
        self.fault(
            code::CONVERT_ARRAY,
            "Vensim has no such subscript: it names an element or a range, and `!` marks a range that a function runs over",
            "name the element, or write the reading with VECTOR ELM MAP",
        );
        0
    }

    /// The name of a range in a subscript.
    fn range_subscript(&mut self, name: &str, usage: Use) -> u32 {
        let key = Key::new(name);
        let dims = self.context.owner.dims.iter().zip(self.context.left);
        let mut own = dims.filter(|(dim, left)| Key::new(&dim.text) == key || Key::new(&left.text) == key);
        if let Some((dim, left)) = own.next() {
            let text = left_name(left, dim);
            return self.name(&text);
        }
        if self.is_mapped(name) {
            return self.name(name);
        }
        if usage.is_whole {
            return self.all_of(name);
        }
        if usage.is_vector {
            return self.name(name);
        }
        let message = format!("`{name}` is a subscript, and is not on the left");
        self.fault(code::CONVERT_ARRAY, message, "name an element of it");
        0
    }

    /// Whether a range corresponds to one of the left side.
    fn is_mapped(&self, name: &str) -> bool {
        let scope = self.context.scope;
        let named = scope.dim(name);
        let follows = |left: &Name| {
            scope.dim(&left.text).is_some_and(|left| left.has_mapping_to(name))
                || named.is_some_and(|named| named.has_mapping_to(&left.text))
        };
        self.context.left.iter().any(follows)
    }

    /// A range, or an element of one, as a value.
    fn element_as_value(&mut self, index: usize, path: &Path) -> Option<u32> {
        let scope = self.context.scope;
        let sibling = self.sibling(index).and_then(|kind| kind.as_name());
        let sibling_dim = sibling.filter(|path| path.parts.len() == 1).and_then(|path| scope.dim(&path.parts[0].text));
        match path.parts.as_slice() {
            [dim, name] => {
                let dim = scope.dim(&dim.text)?;
                let at = scope.position(dim, &Key::new(&name.text))?;
                match sibling_dim.filter(|other| scope.position(other, &Key::new(&name.text)).is_some()) {
                    Some(_) => Some(self.name(&name.text)),
                    None => Some(self.number((at + 1) as f64)),
                }
            }
            [name] => {
                if let Some(dim) = scope.dim(&name.text) {
                    let key = Key::new(&name.text);
                    let own = self.context.owner.dims.iter().zip(self.context.left);
                    let left =
                        own.into_iter().find(|(dim, left)| Key::new(&dim.text) == key || Key::new(&left.text) == key);
                    let Some((own, left)) = left else {
                        let message = format!("`{}` is a value, and is not on the left", name.text);
                        self.fault(code::CONVERT_ARRAY, message, "name an element of it");
                        return Some(0);
                    };
                    if sibling_dim.is_some_and(|other| are_strangers(dim, other)) {
                        self.fault(
                            code::CONVERT_ARRAY,
                            "dimensions without a common element are compared, which Vensim does by their numbers",
                            "compare numbers: `Dim + 0`",
                        );
                    }
                    // An element alone is its number.
                    let text = left_name(left, own);
                    let at = scope.position(dim, &Key::new(&text)).filter(|_| scope.dim(&text).is_none());
                    return Some(match at {
                        Some(at) => self.number((at + 1) as f64),
                        None => self.name(&text),
                    });
                }
                let is_compared = sibling_dim.is_some_and(|dim| scope.position(dim, &Key::new(&name.text)).is_some());
                is_compared.then(|| self.name(&name.text))
            }
            _ => None,
        }
    }

    /// A constant of the language.
    fn constant(&mut self, meaning: Meaning, name: &str) -> u32 {
        let of_run = [
            (RunNumber::Dt, "TIME STEP"),
            (RunNumber::Start, "INITIAL TIME"),
            (RunNumber::Stop, "FINAL TIME"),
            (RunNumber::SaveInterval, "SAVEPER"),
        ];
        if let Some((_, control)) = of_run.iter().find(|(number, _)| meaning == Meaning::Run(*number)) {
            return self.name(control);
        }
        if meaning == Meaning::Time {
            return self.name("Time");
        }
        if meaning == Meaning::Own {
            let context = self.context;
            let subscripts = context.left.iter().zip(&context.owner.dims);
            let subscripts: Vec<String> = subscripts.map(|(left, dim)| left_name(left, dim)).collect();
            let subscripts = subscripts.iter().map(|text| self.name(text)).collect();
            let path = self.path(&context.owner.name.text);
            return self.push(EquationKind::Reference(path, subscripts));
        }
        if let Meaning::Constant(value) = meaning
            && value.is_finite()
        {
            return self.number(value);
        }
        let message = format!("Vensim has no {name}");
        self.fault(code::CONVERT_FUNCTION, message, "write a number that the model can do with");
        0
    }
}

/// What the left side says for a dimension: `*` is all of it.
fn left_name(left: &Name, dim: &Name) -> String {
    if left.text == "*" { dim.text.clone() } else { left.text.clone() }
}

/// A path of one name alone.
fn plain(path: &Path) -> Path {
    Path { absolute: path.absolute, parts: path.parts.last().cloned().into_iter().collect(), span: path.span }
}

fn are_strangers(a: &DimDef, b: &DimDef) -> bool {
    let keys: HashSet<Key> = names(a).iter().map(|name| Key::new(name)).collect();
    names(b).iter().all(|name| !keys.contains(&Key::new(name)))
}

/// The kind of all graphical functions of a variable, if they are of one.
fn kind_of(var: &VarDef) -> Option<TableKind> {
    let mut kinds = var.table.iter().chain(var.elements.iter().filter_map(|element| element.table.as_ref()));
    let first = kinds.next()?.kind;
    kinds.all(|table| table.kind == first).then_some(first)
}
