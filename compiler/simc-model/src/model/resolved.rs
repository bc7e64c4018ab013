//! The model as a whole.

use crate::model::dimension::Dim;
use crate::model::event::{Threshold, Watched};
use crate::model::id::{RecurrenceId, StateId, TableId, TransportId, VarId};
use crate::model::order::{Node, Recurrence};
use crate::model::state::State;
use crate::model::table::Table;
use crate::model::time::TimeSpec;
use crate::model::transport::Transport;
use crate::model::variable::Var;

/// A model in which everything is known.
#[derive(Clone, Debug)]
pub struct Model {
    /// Name from the header, or the file's.
    pub name: String,
    /// When it runs and how it is integrated.
    pub time: TimeSpec,
    /// Dimensions of arrays.
    pub dims: Vec<Dim>,
    /// All variables, those of module instances included, in the order of the source.
    pub vars: Vec<Var>,
    /// One for each call of a function that remembers something.
    pub states: Vec<State>,
    /// Graphical functions.
    pub tables: Vec<Table>,
    /// Conveyors and queues.
    pub transports: Vec<Transport>,
    /// Clauses that are computed together.
    pub recurrences: Vec<Recurrence>,
    /// What must be evaluated at t = start to know the start of every stock and state, in dependency order.
    /// A stock here means its initial value, a state means its start and then its value.
    pub init_order: Vec<Node>,
    /// Every variable but stocks and stand-alone tables, and every state, in the order in which their values can be computed in a step.
    pub step_order: Vec<Node>,
    /// What is looked at in every step for the sake of its thresholds.
    pub watched: Vec<Watched>,
    /// Thresholds, in the order of the source; their events are numbered in this order.
    pub thresholds: Vec<Threshold>,
    /// Variables that belong together for whoever reads the model, in the order of the source.
    pub groups: Vec<Group>,
    /// Controls and displays that the author drew, in the order of the source.
    pub controls: Vec<Control>,
    /// What a read gives whose computed subscript is no element: 0, or NaN when the file's `invalid_index_value` says so.
    pub invalid_index: f64,
}

/// A group of variables and modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the author wrote it; inside a module, after the instance's name and a dot.
    pub name: String,
    /// Documentation as written.
    pub doc: Option<String>,
    /// Names of variables, as in [`Var::name`], and of module instances, which stand for all of theirs; in the order of the source.
    pub members: Vec<String>,
}

/// A control or display of an interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// What it is.
    pub kind: ControlKind,
    /// What it sets or shows: names of variables, as in [`Var::name`], or of single elements, `name[element,element]`. At least one.
    pub names: Vec<String>,
    /// Least and greatest value.
    pub range: Option<(f64, f64)>,
    /// How far it moves at a time, above 0.
    pub step: Option<f64>,
    /// What stands on it.
    pub label: Option<String>,
}

/// What a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlKind {
    /// Sets a constant along a line.
    Slider,
    /// Sets a constant, or the initial value of a stock, by turning.
    Knob,
    /// Sets a constant to 0 or 1.
    Switch,
    /// Shows variables over time.
    Graph,
    /// Shows a variable as it is.
    Gauge,
}

impl ControlKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            ControlKind::Slider => "slider",
            ControlKind::Knob => "knob",
            ControlKind::Switch => "switch",
            ControlKind::Graph => "graph",
            ControlKind::Gauge => "gauge",
        }
    }
}

impl Model {
    /// The recurrence with this id.
    pub fn recurrence(&self, id: RecurrenceId) -> &Recurrence {
        &self.recurrences[id.0 as usize]
    }

    /// The variable with this id.
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// The transport with this id.
    pub fn transport(&self, id: TransportId) -> &Transport {
        &self.transports[id.0 as usize]
    }

    /// The state with this id.
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    /// The table with this id.
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0 as usize]
    }

    /// All variables with their ids, in order.
    pub fn iter_vars(&self) -> impl Iterator<Item = (VarId, &Var)> {
        (0u32..).map(VarId).zip(&self.vars)
    }

    /// All states with their ids, in order.
    pub fn iter_states(&self) -> impl Iterator<Item = (StateId, &State)> {
        (0u32..).map(StateId).zip(&self.states)
    }
}
