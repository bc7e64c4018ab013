//! The resolved model as stable text, for `simc dump --stage model`.

use std::fmt::Write;

use crate::model::event::{Action, Direction, Repeat};
use crate::model::expr::Expr;
use crate::model::order::{Node, Recurrence};
use crate::model::resolved::Model;
use crate::model::state::{State, StateKind};
use crate::model::table::TableKind;
use crate::model::transport::{InflowDriver, InflowSpread, Transport, TransportForm};
use crate::model::variable::{Clause, Def, Var, VarKind};

pub use expr::print_expr;
use expr::{show_extent, show_name, show_number};

mod expr;

/// Prints a model: its times, variables, states, tables and both orders of evaluation.
pub fn print(model: &Model) -> String {
    let mut printer = Printer { model, out: String::new() };
    printer.print_time();
    printer.print_dims();
    for var in &model.vars {
        printer.print_var(var);
    }
    for (id, state) in model.iter_states() {
        printer.line(format_args!(""));
        printer.line(format_args!(
            "state#{} {} in {}",
            id.0,
            state_name(model, state),
            show_name(&model.var(state.owner).name)
        ));
        printer.print_state(state);
    }
    printer.print_tables();
    printer.print_thresholds();
    printer.print_groups();
    printer.print_order("init order", &model.init_order);
    printer.print_order("step order", &model.step_order);
    printer.out
}

fn state_name(model: &Model, state: &State) -> String {
    match state.kind {
        StateKind::Smooth { order } => format!("smooth({order})"),
        StateKind::Delay { order } => format!("delay({order})"),
        StateKind::ShortenedSmooth { order } => format!("shortened_smooth({order})"),
        StateKind::ShortenedDelay { order } => format!("shortened_delay({order})"),
        StateKind::Integral => "integral".to_owned(),
        StateKind::Trend => "trend".to_owned(),
        StateKind::Forecast => "forecast".to_owned(),
        StateKind::Pipeline => "pipeline".to_owned(),
        StateKind::Previous => "previous".to_owned(),
        StateKind::History => "history".to_owned(),
        StateKind::Return => "return".to_owned(),
        StateKind::Init => "init".to_owned(),
        StateKind::Frozen => "frozen".to_owned(),
        StateKind::Vector => "vector".to_owned(),
        StateKind::Transport(id) => {
            let transport = model.transport(id);
            format!("{}({})", if transport.is_queue() { "queue" } else { "conveyor" }, transport.cells)
        }
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
        let method = time.method.name();
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

    fn print_thresholds(&mut self) {
        for threshold in &self.model.thresholds {
            let name = show_name(&self.model.var(self.model.watched[threshold.watched as usize].var).name);
            let side = match threshold.direction {
                Direction::Increasing => "above",
                Direction::Decreasing => "below",
            };
            let repeat = match threshold.repeat {
                Repeat::Each(0) => "each time".to_owned(),
                Repeat::Each(steps) => format!("each time, again after {steps} steps"),
                Repeat::Once => "once".to_owned(),
                Repeat::OnceEver => "once ever".to_owned(),
            };
            let (first, last) = (threshold.first, threshold.first + threshold.n - 1);
            let value = show_number(threshold.value);
            self.line(format_args!(""));
            self.line(format_args!("event {name} elements {first} to {last} {side} {value} {repeat}"));
            for event in &threshold.events {
                let action = match event.action {
                    Action::Message => "message",
                    Action::Pause => "pause",
                    Action::Stop => "stop",
                };
                self.line(format_args!("    {action} {:?}", event.message));
            }
        }
    }

    fn print_groups(&mut self) {
        for group in &self.model.groups {
            let members: Vec<String> = group.members.iter().map(|member| show_name(member)).collect();
            self.line(format_args!(""));
            self.line(format_args!("group {}: {}", show_name(&group.name), members.join(", ")));
        }
        for control in &self.model.controls {
            let names: Vec<String> = control.names.iter().map(|name| show_name(name)).collect();
            self.line(format_args!(""));
            self.line(format_args!("{} {}", control.kind.name(), names.join(", ")));
        }
    }

    fn print_dims(&mut self) {
        for dim in &self.model.dims {
            self.line(format_args!(""));
            let name = show_name(&dim.name);
            if dim.is_numeric {
                self.line(format_args!("dim {name} size {}", dim.elements.len()));
            } else {
                self.line(format_args!("dim {name}: {}", dim.elements.join(", ")));
            }
        }
    }

    fn print_var(&mut self, var: &Var) {
        let kind = match var.kind {
            VarKind::Stock => "stock",
            VarKind::Flow => "flow",
            VarKind::Auxiliary => "aux",
            VarKind::Constant => "constant",
            VarKind::Lookup => "lookup",
            VarKind::ModuleInput => "input",
        };
        self.line(format_args!(""));
        let dims: Vec<String> = var.dims.iter().map(|dim| show_name(&self.model.dims[dim.0 as usize].name)).collect();
        let dims = if dims.is_empty() { String::new() } else { format!("[{}]", dims.join(", ")) };
        let name = format!("{}{dims}", show_name(&var.name));
        match &var.def {
            Def::Stock { init, net } => {
                self.line(format_args!("{kind} {name}"));
                self.print_clauses("    init", init);
                self.print_clauses("    net", net);
            }
            Def::Formula(clauses) => {
                if var.dims.is_empty() {
                    self.print_clauses(&format!("{kind} {name}"), clauses);
                } else {
                    self.line(format_args!("{kind} {name}"));
                    self.print_clauses("   ", clauses);
                }
            }
            Def::Constant(defaults) => {
                let numbers: Vec<String> = defaults.iter().map(|&value| show_number(value)).collect();
                self.line(format_args!("{kind} {name} = {}", numbers.join(", ")));
            }
            Def::Lookup(_) => self.line(format_args!("{kind} {name}")),
        }
        if let Some(through) = &var.through {
            let shown = show_name(&self.model.var(through.var).name);
            let runs: Vec<String> = through.runs.iter().map(|(first, n)| format!("{first}+{n}")).collect();
            let of = if var.dims.is_empty() { String::new() } else { format!(" elements {}", runs.join(", ")) };
            self.line(format_args!("    set through {shown}{of}"));
        }
        if let Some(units) = &var.units {
            self.line(format_args!("    units {units:?}"));
        }
        if let Some((min, max)) = var.range {
            self.line(format_args!("    range {} to {}", show_number(min), show_number(max)));
        }
    }

    /// One line for each clause, with the elements that it covers.
    fn print_clauses(&mut self, label: &str, clauses: &[Clause]) {
        for clause in clauses {
            let region: Vec<String> = clause.region.iter().map(|extent| show_extent(self.model, extent)).collect();
            let region = if region.is_empty() { String::new() } else { format!(" [{}]", region.join(", ")) };
            let text = print_expr(self.model, &clause.expr);
            self.line(format_args!("{label}{region} = {text}"));
            if let Some(start) = &clause.start {
                self.line(format_args!("{label}{region} at first = {}", print_expr(self.model, start)));
            }
        }
    }

    fn print_state(&mut self, state: &State) {
        if !state.extents.is_empty() {
            let extents: Vec<String> = state.extents.iter().map(|extent| show_extent(self.model, extent)).collect();
            self.line(format_args!("    for [{}]", extents.join(", ")));
        }
        if let StateKind::Transport(id) = state.kind {
            let transport = self.model.transport(id);
            self.print_transport(transport);
            return;
        }
        self.print_part("input", Some(&state.input));
        self.print_part("time", state.time.as_ref());
        self.print_part("init", state.init.as_ref());
        self.print_part("horizon", state.horizon.as_ref());
    }

    fn print_transport(&mut self, transport: &Transport) {
        let conveyor = match &transport.form {
            TransportForm::Queue(queue) => {
                self.print_part("initial", Some(&queue.initial));
                queue.inflows.iter().for_each(|inflow| self.print_part("inflow", Some(inflow)));
                self.print_part("outflow", Some(&queue.outflow));
                return;
            }
            TransportForm::Conveyor(conveyor) => conveyor,
        };
        let flags = [
            (conveyor.is_discrete, "discrete"),
            (conveyor.leaks_exponentially, "exponential leaks"),
            (conveyor.ignores_losses, "ignores losses"),
        ];
        for (_, flag) in flags.iter().filter(|(is_set, _)| *is_set) {
            self.line(format_args!("    {flag}"));
        }
        for (label, expr) in [
            ("transit", &conveyor.transit),
            ("sample", &conveyor.sample),
            ("arrest", &conveyor.arrest),
            ("held", &conveyor.held),
            ("capacity", &conveyor.capacity),
            ("inflow limit", &conveyor.inflow_limit),
            ("removed", &conveyor.removed),
            ("list of", &conveyor.n_initial),
        ] {
            self.print_part(label, Some(expr));
        }
        conveyor.initial.iter().for_each(|expr| self.print_part("initial", Some(expr)));
        for leak in &conveyor.leaks {
            let name = show_name(&self.model.var(leak.flow).name);
            let whole = if leak.is_whole { ", whole units" } else { "" };
            self.line(format_args!(
                "    leak {name} from {} to {}{whole}",
                show_number(leak.start),
                show_number(leak.end)
            ));
            self.print_part("  at first", Some(&leak.initial_fraction));
            self.print_part("  fraction", Some(&leak.fraction));
        }
        for inflow in &conveyor.inflows {
            let name = show_name(&self.model.var(inflow.flow).name);
            let driver = match inflow.driver {
                InflowDriver::Request => "asks",
                InflowDriver::Conveyor => "from a conveyor",
                InflowDriver::Queue => "from a queue",
            };
            let spread = match &inflow.spread {
                InflowSpread::Entry => "at the entry".to_owned(),
                InflowSpread::Even => "evenly".to_owned(),
                InflowSpread::Contents => "as contents".to_owned(),
                InflowSpread::Leaked(slats) => format!("as leaked from {slats} slats"),
                InflowSpread::Curve { xs, .. } => format!("by a curve of {} points", xs.len()),
            };
            self.line(format_args!("    inflow {name} {driver}, {spread}"));
            self.print_part("  rate", Some(&inflow.rate));
        }
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

    /// The clauses of a recurrence, and the way that it takes through their elements.
    fn print_recurrence(&mut self, recurrence: &Recurrence) {
        let way = recurrence.region.iter().zip(&recurrence.descends);
        let way: Vec<String> = way
            .map(|(extent, &descends)| {
                let extent = show_extent(self.model, extent);
                if descends { format!("{extent} down") } else { extent }
            })
            .collect();
        self.line(format_args!("    recurrence [{}]", way.join(", ")));
        for &(id, clause) in &recurrence.clauses {
            let name = show_name(&self.model.var(id).name);
            self.line(format_args!("        {name} clause {}", clause + 1));
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
                Node::Clause(id, clause) => {
                    let name = show_name(&self.model.var(*id).name);
                    self.line(format_args!("    {name} clause {}", clause + 1));
                }
                Node::State(id) => self.line(format_args!("    state#{}", id.0)),
                Node::Element(id, element) => self.line(format_args!("    state#{} element {}", id.0, element + 1)),
                Node::Recurrence(id) => self.print_recurrence(self.model.recurrence(*id)),
            }
        }
    }
}
