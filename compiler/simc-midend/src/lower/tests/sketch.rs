//! Small models written as lines, with equations in postfix form: `population birth_rate *`.

use simc_ir::interp::Instance;
use simc_ir::module::Module;
use simc_ir::verify::verify;
use simc_model::model::{
    BinaryOp, Clause, Def, Expr, ExprKind, Method, Model, Node, NodeId, PureFn, State, StateId, StateKind, Table,
    TableId, TableKind, TableRef, TimeSpec, UnaryOp, Var, VarId, VarKind,
};
use simc_model::source::Span;

use crate::lower::{LowerOptions, lower};
use crate::pipeline::{OptLevel, optimise};

/// A model being written. What is added first is evaluated first, at the start as well as in a step.
pub(super) struct Sketch(pub(super) Model);

/// A model from `start` = 0 on that saves every step.
pub(super) fn sketch(dt: f64, stop: f64, method: Method) -> Sketch {
    let n_steps = (stop / dt + 1e-6) as u64;
    let time = TimeSpec { start: 0.0, stop, dt, n_steps, save_every: 1, n_rows: n_steps + 1, method, units: None };
    Sketch(Model {
        name: "sketch".to_owned(),
        time,
        dims: Vec::new(),
        vars: Vec::new(),
        states: Vec::new(),
        watched: Vec::new(),
        thresholds: Vec::new(),
        groups: Vec::new(),
        controls: Vec::new(),
        tables: Vec::new(),
        transports: Vec::new(),
        recurrences: Vec::new(),
        init_order: Vec::new(),
        step_order: Vec::new(),
        invalid_index: 0.0,
    })
}

/// The equation of a variable without dimensions.
fn whole(expr: Expr) -> Vec<Clause> {
    vec![Clause::new(Vec::new(), expr)]
}

impl Sketch {
    /// Saves only every that many steps.
    pub(super) fn save_every(mut self, steps: u64) -> Self {
        self.0.time.save_every = steps;
        self.0.time.n_rows = self.0.time.n_steps / steps + 1;
        self
    }

    /// A stock; `net` may name variables that come later.
    pub(super) fn stock(self, name: &str, init: &str, net: &str) -> Self {
        let init = whole(self.expr(init));
        let id = VarId(self.0.vars.len() as u32);
        // The net flow is parsed when everything is there.
        let mut sketch = self.var(name, VarKind::Stock, Def::Stock { init, net: Vec::new() });
        sketch.0.vars[id.0 as usize].doc = Some(net.to_owned());
        sketch.0.init_order.push(Node::Var(id));
        sketch
    }

    /// An auxiliary.
    pub(super) fn aux(self, name: &str, equation: &str) -> Self {
        let def = Def::Formula(whole(self.expr(equation)));
        self.var(name, VarKind::Auxiliary, def).in_order()
    }

    /// A settable constant.
    pub(super) fn constant(self, name: &str, default: f64) -> Self {
        self.var(name, VarKind::Constant, Def::Constant(vec![default])).in_order()
    }

    /// A table that `name[]` looks up.
    pub(super) fn table(mut self, name: &str, kind: TableKind, points: &[(f64, f64)]) -> Self {
        let id = TableId(self.0.tables.len() as u32);
        let (xs, ys) = points.iter().copied().unzip();
        self.0.tables.push(Table { name: name.to_owned(), kind, xs, ys, is_derived: false });
        self.var(name, VarKind::Lookup, Def::Lookup(vec![id]))
    }

    /// A stateful call, which `@0`, `@1`, ... read. Its arguments are `input; time; init; horizon`, empty where absent.
    pub(super) fn state(mut self, kind: StateKind, args: &str) -> Self {
        let mut args = args.split(';').map(|arg| (!arg.trim().is_empty()).then(|| self.expr(arg)));
        let mut next = || args.next().flatten();
        let state = State {
            kind,
            input: next().expect("every call has an input"),
            time: next(),
            init: next(),
            horizon: next(),
            owner: VarId(0),
            extents: Vec::new(),
            n_loops: 0,
            span: Span::default(),
        };
        let node = Node::State(StateId(self.0.states.len() as u32));
        self.0.states.push(state);
        self.0.init_order.push(node);
        self.0.step_order.push(node);
        self
    }

    /// The finished model.
    pub(super) fn finish(mut self) -> Model {
        for index in 0..self.0.vars.len() {
            let Some(net) = self.0.vars[index].doc.take() else { continue };
            let parsed = self.expr(&net);
            if let Def::Stock { net, .. } = &mut self.0.vars[index].def {
                *net = whole(parsed);
            }
        }
        assert_eq!(self.0.verify(), Ok(()), "a sketch is a sound model");
        self.0
    }

    fn var(mut self, name: &str, kind: VarKind, def: Def) -> Self {
        let (name, dims) = (name.to_owned(), Vec::new());
        self.0.vars.push(Var {
            canonical: simc_model::name::canonical(&name),
            name,
            kind,
            dims,
            def,
            units: None,
            doc: None,
            range: None,
            is_hidden: false,
            is_non_negative: false,
            through: None,
            span: Span::default(),
        });
        self
    }

    fn in_order(mut self) -> Self {
        let node = Node::Var(VarId(self.0.vars.len() as u32 - 1));
        self.0.init_order.push(node);
        self.0.step_order.push(node);
        self
    }

    fn expr(&self, text: &str) -> Expr {
        let mut expr = Expr::default();
        let mut stack: Vec<NodeId> = Vec::new();
        for word in text.split_whitespace() {
            let arity = arity(word);
            let args = stack.split_off(stack.len() - arity);
            let kind = self.node(word, &args);
            stack.push(expr.push(kind, Span::default()));
        }
        assert_eq!(stack.len(), 1, "{text:?} is one expression");
        expr
    }

    fn node(&self, word: &str, args: &[NodeId]) -> ExprKind {
        if let Ok(number) = word.parse() {
            return ExprKind::Number(number);
        }
        if let Some(number) = word.strip_prefix('@') {
            return ExprKind::State(StateId(number.parse().expect("a state's number")));
        }
        if let Some(&(_, op)) = BINARY.iter().find(|(name, _)| *name == word) {
            return ExprKind::Binary(op, args[0], args[1]);
        }
        if let Some(&(_, function, _)) = CALLS.iter().find(|(name, ..)| *name == word) {
            return ExprKind::Call(function, args.to_vec());
        }
        if let Some(name) = word.strip_suffix("[]") {
            let table = self.0.tables.iter().position(|table| table.name == name).expect("the table is there");
            return ExprKind::Lookup(TableRef::One(TableId(table as u32)), args[0]);
        }
        match word {
            "time" => ExprKind::Time,
            "neg" => ExprKind::Unary(UnaryOp::Neg, args[0]),
            "not" => ExprKind::Unary(UnaryOp::Not, args[0]),
            "if" => ExprKind::If { cond: args[0], then: args[1], otherwise: args[2] },
            name => ExprKind::Var(self.id(name), Vec::new()),
        }
    }

    fn id(&self, name: &str) -> VarId {
        id(&self.0, name)
    }
}

/// The variable of this name.
pub(super) fn id(model: &Model, name: &str) -> VarId {
    model.iter_vars().find(|(_, var)| var.name == name).unwrap_or_else(|| panic!("no variable {name}")).0
}

fn arity(word: &str) -> usize {
    if BINARY.iter().any(|(name, _)| *name == word) {
        return 2;
    }
    if let Some(&(_, _, arity)) = CALLS.iter().find(|(name, ..)| *name == word) {
        return arity;
    }
    match word {
        "neg" | "not" => 1,
        "if" => 3,
        _ => usize::from(word.ends_with("[]")),
    }
}

const BINARY: [(&str, BinaryOp); 15] = [
    ("+", BinaryOp::Add),
    ("-", BinaryOp::Sub),
    ("*", BinaryOp::Mul),
    ("/", BinaryOp::Div),
    ("//", BinaryOp::SafeDiv),
    ("mod", BinaryOp::Mod),
    ("^", BinaryOp::Pow),
    ("=", BinaryOp::Eq),
    ("<>", BinaryOp::Ne),
    ("<", BinaryOp::Lt),
    ("<=", BinaryOp::Le),
    (">", BinaryOp::Gt),
    (">=", BinaryOp::Ge),
    ("and", BinaryOp::And),
    ("or", BinaryOp::Or),
];

const CALLS: [(&str, PureFn, usize); 21] = [
    ("abs", PureFn::Abs, 1),
    ("exp", PureFn::Exp, 1),
    ("ln", PureFn::Ln, 1),
    ("log10", PureFn::Log10, 1),
    ("sqrt", PureFn::Sqrt, 1),
    ("sin", PureFn::Sin, 1),
    ("cos", PureFn::Cos, 1),
    ("tan", PureFn::Tan, 1),
    ("arcsin", PureFn::Arcsin, 1),
    ("arccos", PureFn::Arccos, 1),
    ("arctan", PureFn::Arctan, 1),
    ("int", PureFn::Int, 1),
    ("trunc", PureFn::Trunc, 1),
    ("remainder", PureFn::Remainder, 2),
    ("max", PureFn::Max, 2),
    ("min", PureFn::Min, 2),
    ("safediv", PureFn::SafeDiv, 3),
    ("xidz", PureFn::Xidz, 3),
    ("step", PureFn::Step, 2),
    ("ramp", PureFn::Ramp, 3),
    ("pulse", PureFn::Pulse, 3),
];

/// All levels of optimisation.
pub(super) const LEVELS: [OptLevel; 5] = [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::O3, OptLevel::Os];

/// The module that a model becomes, checked.
pub(super) fn lowered(model: &Model) -> Module {
    let module = lower(model, &LowerOptions::default()).module;
    verify(&module).unwrap_or_else(|errors| panic!("{errors}"));
    module
}

/// Each level's module.
pub(super) fn optimised(module: &Module, level: OptLevel) -> Module {
    let mut module = module.clone();
    optimise(&mut module, level, &mut |_, _| ());
    module
}

/// The saved values of a variable, which every level computes to the bit.
pub(super) fn run(model: &Model, name: &str) -> Vec<f64> {
    run_with(model, name, &[])
}

/// The same, with constants set to other values first.
pub(super) fn run_with(model: &Model, name: &str, overrides: &[(&str, f64)]) -> Vec<f64> {
    let module = lowered(model);
    let column = |name: &str| module.slots.values().position(|slot| slot.name == name).expect("the slot is visible");
    let mut first: Option<Vec<u64>> = None;
    for level in LEVELS {
        let mut instance = Instance::new(&optimised(&module, level)).expect("the model is small");
        for &(name, value) in overrides {
            assert_eq!(instance.set_value(column(name) as i32, value), 0, "{name} can be set");
        }
        instance.run();
        let bits: Vec<u64> = instance.rows().iter().map(|x| x.to_bits()).collect();
        assert_eq!(*first.get_or_insert_with(|| bits.clone()), bits, "{level} against O0");
    }
    let n_slots = module.slots.values().filter(|slot| slot.role.is_visible()).count();
    let bits = first.expect("there are levels");
    bits.iter().skip(column(name)).step_by(n_slots).map(|&bits| f64::from_bits(bits)).collect()
}
