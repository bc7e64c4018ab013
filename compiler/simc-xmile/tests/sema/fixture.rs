//! Models in a few lines of text.
//!
//! A line `stock name = equation`, `flow ...` or `aux ...` defines a variable (without ` = equation` if it has none), `table name` a
//! stand-alone graphical function and `module name model` a module; `model name` begins another model; `dim name a b c` or `dim name 5`
//! declares a dimension, `outside value` the value of reads outside of arrays, `unit name = equation | alias` a unit of measure. Indented lines belong to the
//! variable or module above: `in flow`, `out flow`, `nonneg` or `uniflow`, `negative`, `input`, `output`, `reported`, `points x,x -> y,y`,
//! `connect to from`, `units text`, and of arrays `over dim dim`, `list equation, equation` and `elem a, b = equation`. `time start stop dt method...` and `save interval` specify the run; `default stocks|flows [off]` speaks of the
//! file or, below a `model` line, of that model.

use simc_model::builtin::Dialect;
use simc_model::definition::{
    Access, Connection, DefKind, Definition, DimDef, DimElements, ElementDef, MappingDef, ModelDef, ModuleDef, Name,
    Path, SimSpecs, TableDef, UnitDef, VarDef,
};
use simc_model::diagnostic::one_line;
use simc_model::model::{Model, Node, TableKind, print_expr};
use simc_model::sema::{Resolved, resolve};
use simc_model::source::{Excerpt, FileId, Sources, Span};
use simc_xmile::equation;

/// The ast of a text.
pub(super) fn file(text: &str) -> Definition {
    let mut sources = Sources::new();
    let id = sources.add("test", text);
    let mut builder = Builder { file: id, out: Definition::default(), offset: 0 };
    builder.out.models.push(ModelDef::default());
    builder.out.sim_specs = Some(builder.specs(&["0", "10", "1"]));
    for line in text.split_inclusive('\n') {
        builder.line(line);
        builder.offset += line.len();
    }
    builder.out
}

/// What comes of a text.
pub(super) fn compile(text: &str) -> Resolved {
    resolve(&file(text), "test")
}

/// The model of a text without errors and warnings.
pub(super) fn model(text: &str) -> Model {
    let resolved = compile(text);
    assert_eq!(show(text, &resolved), Vec::<String>::new());
    resolved.model.expect("a model without errors")
}

/// All diagnostics of a text, one line each.
pub(super) fn complaints(text: &str) -> Vec<String> {
    show(text, &compile(text))
}

fn show(text: &str, resolved: &Resolved) -> Vec<String> {
    let mut sources = Sources::new();
    sources.add("test", text);
    resolved.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect()
}

/// The only diagnostic of a text, with its hint.
pub(super) fn complaint(text: &str) -> (String, String) {
    let resolved = compile(text);
    let mut shown = show(text, &resolved);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    (shown.remove(0), resolved.diagnostics[0].hint.clone().unwrap_or_default())
}

/// The text that the only diagnostic of a text marks.
pub(super) fn marked(text: &str) -> String {
    let resolved = compile(text);
    assert_eq!(resolved.diagnostics.len(), 1, "{:#?}", show(text, &resolved));
    let span = resolved.diagnostics[0].span.expect("a place");
    text[span.start as usize..span.end as usize].to_owned()
}

/// The variable of a name.
pub(super) fn var<'m>(model: &'m Model, name: &str) -> &'m simc_model::model::Var {
    model.vars.iter().find(|var| var.name == name).expect("a variable of this name")
}

/// The formula of a variable as text. A number that is set through the variable stands in it as that number.
pub(super) fn formula(model: &Model, name: &str) -> String {
    use simc_model::model::Def;
    let through = model.vars.iter().filter(|var| var.through.is_some());
    let numbers = through.filter_map(|var| match &var.def {
        Def::Constant(values) => Some((format!("\"{}\"", var.name), values[0].to_string())),
        Def::Formula(_) | Def::Stock { .. } | Def::Lookup(_) => None,
    });
    numbers.fold(whole_formula(model, name), |text, (constant, number)| text.replace(&constant, &number))
}

fn whole_formula(model: &Model, name: &str) -> String {
    use simc_model::model::Def;
    match &var(model, name).def {
        Def::Formula(clauses) => print_expr(model, &clauses[0].expr),
        Def::Stock { init, net } => {
            format!("{} | {}", print_expr(model, &init[0].expr), print_expr(model, &net[0].expr))
        }
        Def::Constant(defaults) => format!("constant {}", defaults[0]),
        Def::Lookup(_) => "lookup".to_owned(),
    }
}

/// The clauses of a variable as text: `[region] expression`, each on a line of its own.
pub(super) fn clauses(model: &Model, name: &str) -> Vec<String> {
    let text = simc_model::model::print(model);
    let begins = |line: &str| line.split(' ').nth(1).is_some_and(|word| word.split('[').next() == Some(name));
    let lines =
        text.lines().skip_while(|line| line.starts_with(' ') || line.starts_with("dim") || !begins(line)).skip(1);
    lines.take_while(|line| line.starts_with(' ')).map(|line| line.trim().to_owned()).collect()
}

/// An order of evaluation, names separated by spaces; constants that are set through other variables are left out.
pub(super) fn order(model: &Model, nodes: &[Node]) -> String {
    let name = |node: &Node| match node {
        Node::Var(id) => model.var(*id).name.clone(),
        Node::Clause(id, clause) => format!("{}#{clause}", model.var(*id).name),
        Node::State(id) => format!("#{}", id.0),
        Node::Element(id, element) => format!("#{}[{element}]", id.0),
        Node::Recurrence(id) => {
            let recurrence = model.recurrence(*id);
            let way = recurrence.descends.iter().map(|&descends| if descends { '-' } else { '+' }).collect::<String>();
            let clauses = recurrence.clauses.iter().map(|(id, clause)| format!("{}#{clause}", model.var(*id).name));
            format!("{way}({})", clauses.collect::<Vec<_>>().join(" "))
        }
    };
    let is_shown = |node: &&Node| !matches!(node, Node::Var(id) if model.var(*id).through.is_some());
    nodes.iter().filter(is_shown).map(name).collect::<Vec<_>>().join(" ")
}

struct Builder {
    file: FileId,
    out: Definition,
    offset: usize,
}

impl Builder {
    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((&first, rest)) = words.split_first() else { return };
        if line.starts_with(' ') {
            self.attribute(line, first, rest);
            return;
        }
        match first {
            "stock" => self.var(line, DefKind::Stock),
            "flow" => self.var(line, DefKind::Flow),
            "aux" => self.var(line, DefKind::Aux),
            "table" => self.var(line, DefKind::Table),
            "module" => self.module(line, rest),
            "model" => {
                let name = self.name(line, rest[0]);
                self.out.models.push(ModelDef { name: Some(name), ..ModelDef::default() });
            }
            "dim" => self.dim(line, rest),
            "unit" => self.unit(line),
            "time_units" => {
                let units = self.name(line, rest[0]);
                self.out.sim_specs.as_mut().expect("file-wide specifications").time_units = Some(units);
            }
            "outside" => self.out.invalid_index = number(rest[0]),
            "time" => self.out.sim_specs = Some(self.specs(rest)),
            "save" => {
                let span = self.span(line, rest[0]);
                let specs = self.out.sim_specs.as_mut().expect("file-wide specifications");
                specs.save_interval = Some((number(rest[0]), span));
            }
            "no_time" => self.out.sim_specs = None,
            "default" => {
                let behavior = match self.out.models.as_mut_slice() {
                    [_] => &mut self.out.behavior,
                    [.., model] => &mut model.behavior,
                    [] => unreachable!("there is a root"),
                };
                let on = rest.get(1) != Some(&"off");
                match rest[0] {
                    "stocks" => behavior.non_negative_stocks = Some(on),
                    _ => behavior.non_negative_flows = Some(on),
                }
            }
            _ => panic!("unknown line {line}"),
        }
    }

    fn attribute(&mut self, line: &str, first: &str, rest: &[&str]) {
        let argument = rest.first().map(|word| self.name(line, word));
        if first == "connect" {
            let connection = Connection {
                to: self.path(line, rest[0]),
                from: self.path(line, rest[1]),
                span: self.span(line, line.trim()),
            };
            self.current().modules.last_mut().expect("a module").connections.push(connection);
            return;
        }
        if first == "units" {
            let units = self.name(line, line.trim()[first.len()..].trim());
            self.current().vars.last_mut().expect("a variable").units = Some(units);
            return;
        }
        if first == "list" || first == "elem" {
            self.entry(line, first);
            return;
        }
        let dims = rest.iter().map(|word| self.name(line, word)).collect();
        let span = self.span(line, line.trim());
        let var = self.current().vars.last_mut().expect("a variable");
        match first {
            "in" => var.inflows.push(argument.expect("a flow")),
            "out" => var.outflows.push(argument.expect("a flow")),
            "nonneg" | "uniflow" => var.non_negative = Some(true),
            "negative" => var.non_negative = Some(false),
            "input" => var.access = Some(Access::Input),
            "output" => var.access = Some(Access::Output),
            "reported" => var.reported = true,
            "over" => var.dims = dims,
            "points" => {
                var.table = Some(table(line.trim().strip_prefix("points").expect("points"), span));
            }
            _ => panic!("unknown attribute {line}"),
        }
    }

    /// `unit name = equation | alias | alias`.
    fn unit(&mut self, line: &str) {
        let mut parts = line["unit".len()..].split('|').map(str::trim);
        let (name, equation) = match parts.next().expect("a name").split_once('=') {
            Some((name, equation)) => (name.trim(), Some(equation.trim())),
            None => (line["unit".len()..].split('|').next().expect("a name").trim(), None),
        };
        let written = |text: &str| Name { text: text.to_owned(), span: self.span(line, text) };
        let unit =
            UnitDef { name: written(name), equation: equation.map(written), aliases: parts.map(written).collect() };
        self.out.units.push(unit);
    }

    /// `dim Name a b c`, or `dim Name 5`; after `->` the dimensions to which it is mapped.
    fn dim(&mut self, line: &str, words: &[&str]) {
        let arrow = words.iter().position(|&word| word == "->").unwrap_or(words.len());
        let names = |words: &[&str]| words.iter().map(|word| self.name(line, word)).collect::<Vec<_>>();
        let elements = match words[1..arrow] {
            [size] if size.parse::<u32>().is_ok() => DimElements::Size(size.parse().expect("a size")),
            _ => DimElements::Named(names(&words[1..arrow])),
        };
        let targets = names(words.get(arrow + 1..).unwrap_or(&[]));
        let maps_to = targets.into_iter().map(|to| MappingDef { to, elements: Vec::new() }).collect();
        let def = DimDef { name: self.name(line, words[0]), elements, maps_to, span: self.span(line, line.trim()) };
        self.out.dims.push(def);
    }

    /// `list 1, 2, 3`, or `elem a, b = equation`; without an equation `nonneg`, `negative` or `points x,x -> y,y`.
    fn entry(&mut self, line: &str, first: &str) {
        let text = line.trim()[first.len()..].trim();
        if first == "list" {
            let span = self.span(line, text);
            let list = equation::parse_list(&Excerpt::verbatim(self.file, span.start, text), Dialect::Xmile)
                .expect("well formed");
            self.current().vars.last_mut().expect("a variable").list = list;
            return;
        }
        let (subscripts, equation) = match text.split_once('=') {
            Some((subscripts, equation)) => (subscripts, Some(self.equation(line, equation.trim()))),
            None => (text, None),
        };
        let (subscripts, flag) = match subscripts.split_once(" is ") {
            Some((subscripts, flag)) => (subscripts, Some(flag.trim() == "nonneg")),
            None => (subscripts, None),
        };
        let (subscripts, points) = match subscripts.split_once(" points ") {
            Some((subscripts, points)) => (subscripts, Some(points)),
            None => (subscripts, None),
        };
        let span = self.span(line, line.trim());
        let subscripts = subscripts.split(',').map(|name| Name { text: name.trim().to_owned(), span }).collect();
        let table = points.map(|points| table(points, span));
        let element = ElementDef {
            subscripts,
            except: Vec::new(),
            equation,
            has_initial: false,
            table,
            thresholds: Vec::new(),
            non_negative: flag,
            span,
        };
        self.current().vars.last_mut().expect("a variable").elements.push(element);
    }

    fn current(&mut self) -> &mut ModelDef {
        self.out.models.last_mut().expect("there is a root")
    }

    fn var(&mut self, line: &str, kind: DefKind) {
        let (head, equation) = match line.split_once('=') {
            Some((head, equation)) => (head, Some(equation.trim())),
            None => (line, None),
        };
        let name = head.split_whitespace().nth(1).expect("a name");
        let (name, span) = (self.name(line, name), self.span(line, line.trim()));
        let equation = equation.map(|text| self.equation(line, text));
        let def = VarDef { equation, ..VarDef::new(name, kind, span) };
        self.current().vars.push(def);
    }

    fn module(&mut self, line: &str, words: &[&str]) {
        let name = self.name(line, words[0]);
        let model = words.get(1).map(|word| self.name(line, word));
        let span = self.span(line, line.trim());
        self.current().modules.push(ModuleDef {
            name,
            model,
            resource: None,
            dims: Vec::new(),
            connections: Vec::new(),
            span,
        });
    }

    fn equation(&self, line: &str, text: &str) -> simc_model::definition::Equation {
        let span = self.span(line, text);
        let equation = equation::parse(&Excerpt::verbatim(self.file, span.start, text), Dialect::Xmile);
        equation.expect("the equation is well formed").expect("there is an equation")
    }

    fn specs(&self, words: &[&str]) -> SimSpecs {
        let span = Span::new(self.file, 0, 0);
        let time = |index: usize| words.get(index).filter(|word| **word != "-").map(|word| (number(word), span));
        let methods = words.iter().skip(3).map(|word| Name { text: (*word).to_owned(), span }).collect();
        SimSpecs { start: time(0), stop: time(1), dt: time(2), methods, save_interval: None, time_units: None, span }
    }

    /// A name at its first occurrence after the line's first word.
    fn name(&self, line: &str, word: &str) -> Name {
        let indent = line.len() - line.trim_start().len();
        let keyword = indent + line[indent..].find(' ').unwrap_or(0);
        let start = keyword + line[keyword..].find(word).expect("a part of the line");
        Name { text: word.to_owned(), span: self.place(start, word.len()) }
    }

    fn path(&self, line: &str, word: &str) -> Path {
        let absolute = word.starts_with('.');
        let parts = word.trim_start_matches('.').split('.').map(|part| self.name(line, part)).collect();
        Path { absolute, parts, span: self.span(line, word) }
    }

    /// The place of a part of the current line: its last occurrence.
    fn span(&self, line: &str, part: &str) -> Span {
        self.place(line.rfind(part).expect("a part of the line"), part.len())
    }

    /// A place in the current line.
    fn place(&self, start: usize, len: usize) -> Span {
        let at = |offset: usize| u32::try_from(self.offset + offset).expect("a short text");
        Span::new(self.file, at(start), at(start + len))
    }
}

/// `x,x -> y,y`.
fn table(points: &str, span: Span) -> TableDef {
    let (xs, ys) = points.split_once("->").expect("x -> y");
    let list = |text: &str| text.split(',').map(|x| number(x.trim())).collect::<Vec<_>>();
    TableDef { kind: TableKind::Continuous, x_scale: None, xs: Some(list(xs)), ys: list(ys), span }
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}
