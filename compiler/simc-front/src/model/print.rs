//! The resolved model as stable text, for `simc dump --stage model`.

use std::fmt::Write;

use super::{
    BinaryOp, Def, Expr, ExprKind, Method, Model, Node, NodeId, PureFn, State, StateKind, TableKind, UnaryOp, VarKind,
};

/// Prints a model: its times, variables, states, tables and both orders of evaluation.
pub fn print(model: &Model) -> String {
    let mut printer = Printer { model, out: String::new() };
    printer.print_time();
    for var in &model.vars {
        printer.print_var(var);
    }
    for (id, state) in model.iter_states() {
        printer.line(format_args!(""));
        printer.line(format_args!(
            "state#{} {} in {}",
            id.0,
            state_name(state),
            show_name(&model.var(state.owner).name)
        ));
        printer.print_state(state);
    }
    printer.print_tables();
    printer.print_order("init order", &model.init_order);
    printer.print_order("step order", &model.step_order);
    printer.out
}

/// Prints an expression the way an equation is written, with parentheses where they are needed.
pub fn print_expr(model: &Model, expr: &Expr) -> String {
    let mut text = String::new();
    // What is still to be written, last one first: no expression is too deep.
    let mut pending = vec![Piece::Node(expr.root(), 0)];
    while let Some(piece) = pending.pop() {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Node(id, outer) => {
                let kind = &expr.node(id).kind;
                let needs_parentheses = precedence(kind) < outer;
                if needs_parentheses {
                    text.push('(');
                    pending.push(Piece::Text(")"));
                }
                push_pieces(model, kind, &mut text, &mut pending);
            }
        }
    }
    text
}

/// A part of an expression's text.
enum Piece {
    /// As it is.
    Text(&'static str),
    /// A node, in parentheses if it binds less than this.
    Node(NodeId, u8),
}

/// How tightly a node binds its operands; higher is tighter.
fn precedence(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::If { .. } => 1,
        ExprKind::Binary(op, ..) => binary(*op).1,
        ExprKind::Unary(..) => 8,
        ExprKind::Number(value) if value.is_sign_negative() => 8,
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Var(_)
        | ExprKind::State(_)
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => 10,
    }
}

/// Symbol and precedence of an operator.
fn binary(op: BinaryOp) -> (&'static str, u8) {
    match op {
        BinaryOp::Or => (" OR ", 2),
        BinaryOp::And => (" AND ", 3),
        BinaryOp::Eq => (" = ", 4),
        BinaryOp::Ne => (" <> ", 4),
        BinaryOp::Lt => (" < ", 5),
        BinaryOp::Le => (" <= ", 5),
        BinaryOp::Gt => (" > ", 5),
        BinaryOp::Ge => (" >= ", 5),
        BinaryOp::Add => (" + ", 6),
        BinaryOp::Sub => (" - ", 6),
        BinaryOp::Mul => ("*", 7),
        BinaryOp::Div => ("/", 7),
        BinaryOp::SafeDiv => ("//", 7),
        BinaryOp::Mod => (" MOD ", 7),
        BinaryOp::Pow => ("^", 9),
    }
}

/// Writes the beginning of a node and leaves the rest, last piece first.
fn push_pieces(model: &Model, kind: &ExprKind, text: &mut String, pending: &mut Vec<Piece>) {
    match kind {
        ExprKind::Number(value) => text.push_str(&show_number(*value)),
        ExprKind::Time => text.push_str("TIME"),
        ExprKind::Var(id) => text.push_str(&show_name(&model.var(*id).name)),
        ExprKind::State(id) => text.push_str(&format!("state#{}", id.0)),
        ExprKind::Unary(op, a) => {
            text.push_str(match op {
                UnaryOp::Neg => "-",
                UnaryOp::Not => "NOT ",
            });
            pending.push(Piece::Node(*a, 8));
        }
        ExprKind::Binary(op, a, b) => {
            let (symbol, level) = binary(*op);
            // `^` groups to the right, all others to the left.
            let (left, right) = if *op == BinaryOp::Pow { (level + 1, level) } else { (level, level + 1) };
            pending.extend([Piece::Node(*b, right), Piece::Text(symbol), Piece::Node(*a, left)]);
        }
        ExprKind::If { cond, then, otherwise } => {
            text.push_str("IF ");
            pending.extend([Piece::Node(*otherwise, 0), Piece::Text(" ELSE "), Piece::Node(*then, 0)]);
            pending.extend([Piece::Text(" THEN "), Piece::Node(*cond, 0)]);
        }
        ExprKind::Call(function, args) => {
            text.push_str(function_name(*function));
            push_arguments(args, pending);
        }
        ExprKind::Lookup(table, x) => {
            text.push_str(&show_name(&model.table(*table).name));
            push_arguments(&[*x], pending);
        }
    }
}

fn push_arguments(args: &[NodeId], pending: &mut Vec<Piece>) {
    pending.push(Piece::Text(")"));
    for (index, &arg) in args.iter().enumerate().rev() {
        pending.push(Piece::Node(arg, 0));
        pending.push(Piece::Text(if index == 0 { "(" } else { ", " }));
    }
}

fn function_name(function: PureFn) -> &'static str {
    match function {
        PureFn::Abs => "ABS",
        PureFn::Exp => "EXP",
        PureFn::Ln => "LN",
        PureFn::Log10 => "LOG10",
        PureFn::Sqrt => "SQRT",
        PureFn::Sin => "SIN",
        PureFn::Cos => "COS",
        PureFn::Tan => "TAN",
        PureFn::Arcsin => "ARCSIN",
        PureFn::Arccos => "ARCCOS",
        PureFn::Arctan => "ARCTAN",
        PureFn::Int => "INT",
        PureFn::Trunc => "INTEGER",
        PureFn::Remainder => "MODULO",
        PureFn::Max => "MAX",
        PureFn::Min => "MIN",
        PureFn::SafeDiv => "SAFEDIV",
        PureFn::Xidz => "XIDZ",
        PureFn::Step => "STEP",
        PureFn::Ramp => "RAMP",
        PureFn::Pulse => "PULSE",
    }
}

fn state_name(state: &State) -> String {
    match state.kind {
        StateKind::Smooth { order } => format!("smooth({order})"),
        StateKind::Delay { order } => format!("delay({order})"),
        StateKind::Trend => "trend".to_owned(),
        StateKind::Forecast => "forecast".to_owned(),
        StateKind::Pipeline => "pipeline".to_owned(),
        StateKind::Previous => "previous".to_owned(),
        StateKind::Init => "init".to_owned(),
    }
}

/// The shortest decimal that reads back as the same number.
fn show_number(value: f64) -> String {
    if value.is_nan() {
        "NAN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "INF".to_owned() } else { "-INF".to_owned() }
    } else if value == value.trunc() && value.abs() < 1e15 {
        format!("{value}")
    } else {
        format!("{value:?}")
    }
}

/// A name as an equation writes it, in quotes where it needs them.
fn show_name(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '.') || !c.is_ascii();
    if name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        name.replace(' ', "_")
    } else {
        format!("{name:?}")
    }
}

struct Printer<'m> {
    model: &'m Model,
    out: String,
}

impl Printer<'_> {
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        writeln!(self.out, "{text}").expect("writing to a string does not fail");
    }

    fn print_time(&mut self) {
        let time = &self.model.time;
        let method = match time.method {
            Method::Euler => "euler",
            Method::Rk2 => "rk2",
            Method::Rk4 => "rk4",
        };
        let units = time.units.as_ref().map_or(String::new(), |units| format!(", units {units:?}"));
        self.line(format_args!("model {:?}", self.model.name));
        self.line(format_args!(
            "time {} to {} by {}: {} steps, {} rows, one every {}, {method}{units}",
            show_number(time.start),
            show_number(time.stop),
            show_number(time.dt),
            time.n_steps,
            time.n_rows,
            time.save_every,
        ));
    }

    fn print_var(&mut self, var: &super::Var) {
        let kind = match var.kind {
            VarKind::Stock => "stock",
            VarKind::Flow => "flow",
            VarKind::Auxiliary => "aux",
            VarKind::Constant => "constant",
            VarKind::Lookup => "lookup",
            VarKind::ModuleInput => "input",
        };
        self.line(format_args!(""));
        let name = show_name(&var.name);
        match &var.def {
            Def::Stock { init, net } => {
                self.line(format_args!("{kind} {name}"));
                self.print_part("init", Some(init));
                self.print_part("net", Some(net));
            }
            Def::Formula(expr) => {
                let text = print_expr(self.model, expr);
                self.line(format_args!("{kind} {name} = {text}"));
            }
            Def::Constant(value) => self.line(format_args!("{kind} {name} = {}", show_number(*value))),
            Def::Lookup(_) => self.line(format_args!("{kind} {name}")),
        }
        if let Some(units) = &var.units {
            self.line(format_args!("    units {units:?}"));
        }
        if let Some((min, max)) = var.range {
            self.line(format_args!("    range {} to {}", show_number(min), show_number(max)));
        }
    }

    fn print_state(&mut self, state: &State) {
        self.print_part("input", Some(&state.input));
        self.print_part("time", state.time.as_ref());
        self.print_part("init", state.init.as_ref());
        self.print_part("horizon", state.horizon.as_ref());
    }

    fn print_part(&mut self, label: &str, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            let text = print_expr(self.model, expr);
            self.line(format_args!("    {label} = {text}"));
        }
    }

    fn print_tables(&mut self) {
        for table in &self.model.tables {
            let kind = match table.kind {
                TableKind::Continuous => "continuous",
                TableKind::Extrapolate => "extrapolate",
                TableKind::Discrete => "discrete",
            };
            let points = table.xs.iter().zip(&table.ys);
            let points: Vec<String> =
                points.map(|(x, y)| format!("({}, {})", show_number(*x), show_number(*y))).collect();
            self.line(format_args!(""));
            self.line(format_args!("table {} {kind} {}", show_name(&table.name), points.join(" ")));
        }
    }

    fn print_order(&mut self, label: &str, order: &[Node]) {
        self.line(format_args!(""));
        self.line(format_args!("{label}"));
        for node in order {
            match node {
                Node::Var(id) => {
                    let name = show_name(&self.model.var(*id).name);
                    self.line(format_args!("    {name}"));
                }
                Node::State(id) => self.line(format_args!("    state#{}", id.0)),
            }
        }
    }
}
