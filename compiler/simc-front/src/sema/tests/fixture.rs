//! Models in a few lines of text.
//!
//! A line `stock name = equation`, `flow ...` or `aux ...` defines a variable (without ` = equation` if it has none), `table name` a
//! stand-alone graphical function and `module name model` a module; `model name` begins another model. Indented lines belong to the
//! variable or module above: `in flow`, `out flow`, `nonneg` or `uniflow`, `negative`, `input`, `output`, `reported`, `points x,x -> y,y`,
//! `connect to from`. `time start stop dt method...` and `save interval` specify the run; `default stocks|flows [off]` speaks of the
//! file or, below a `model` line, of that model.

use crate::ast::{Access, Connection, DefKind, File, ModelDef, ModuleDef, Name, Path, SimSpecs, TableDef, VarDef};
use crate::diagnostic::one_line;
use crate::equation;
use crate::model::{Model, Node, TableKind, print_expr};
use crate::sema::{Resolved, resolve};
use crate::source::{Excerpt, FileId, Sources, Span};

/// The ast of a text.
pub(super) fn file(text: &str) -> File {
    let mut sources = Sources::new();
    let id = sources.add("test", text);
    let mut builder = Builder { file: id, out: File::default(), offset: 0 };
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
pub(super) fn var<'m>(model: &'m Model, name: &str) -> &'m crate::model::Var {
    model.vars.iter().find(|var| var.name == name).expect("a variable of this name")
}

/// The formula of a variable as text.
pub(super) fn formula(model: &Model, name: &str) -> String {
    use crate::model::Def;
    match &var(model, name).def {
        Def::Formula(expr) => print_expr(model, expr),
        Def::Stock { init, net } => format!("{} | {}", print_expr(model, init), print_expr(model, net)),
        Def::Constant(value) => format!("constant {value}"),
        Def::Lookup(_) => "lookup".to_owned(),
    }
}

/// An order of evaluation, names separated by spaces.
pub(super) fn order(model: &Model, nodes: &[Node]) -> String {
    let name = |node: &Node| match node {
        Node::Var(id) => model.var(*id).name.clone(),
        Node::State(id) => format!("#{}", id.0),
    };
    nodes.iter().map(name).collect::<Vec<_>>().join(" ")
}

struct Builder {
    file: FileId,
    out: File,
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
            "points" => {
                let (xs, ys) = line.trim().strip_prefix("points").expect("points").split_once("->").expect("x -> y");
                let list = |text: &str| text.split(',').map(|x| number(x.trim())).collect::<Vec<_>>();
                var.table = Some(TableDef {
                    kind: TableKind::Continuous,
                    x_scale: None,
                    xs: Some(list(xs)),
                    ys: list(ys),
                    span,
                });
            }
            _ => panic!("unknown attribute {line}"),
        }
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
        let def = VarDef {
            name: self.name(line, name),
            kind,
            equation: equation.map(|text| self.equation(line, text)),
            table: None,
            inflows: Vec::new(),
            outflows: Vec::new(),
            non_negative: None,
            access: None,
            units: None,
            doc: None,
            range: None,
            reported: false,
            span: self.span(line, line.trim()),
        };
        self.current().vars.push(def);
    }

    fn module(&mut self, line: &str, words: &[&str]) {
        let name = self.name(line, words[0]);
        let model = words.get(1).map(|word| self.name(line, word));
        let span = self.span(line, line.trim());
        self.current().modules.push(ModuleDef { name, model, connections: Vec::new(), span });
    }

    fn equation(&self, line: &str, text: &str) -> crate::ast::Equation {
        let span = self.span(line, text);
        let equation = equation::parse(&Excerpt::verbatim(self.file, span.start, text));
        equation.expect("the equation is well formed").expect("there is an equation")
    }

    fn specs(&self, words: &[&str]) -> SimSpecs {
        let span = Span::new(self.file, 0, 0);
        let time = |index: usize| words.get(index).filter(|word| **word != "-").map(|word| (number(word), span));
        let methods = words.iter().skip(3).map(|word| Name { text: (*word).to_owned(), span }).collect();
        SimSpecs { start: time(0), stop: time(1), dt: time(2), methods, save_interval: None, time_units: None, span }
    }

    /// A name at its first occurrence behind the line's first word.
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

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}
