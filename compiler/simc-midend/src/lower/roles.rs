//! One function for each role.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use simc_ir::builder::Builder;
use simc_ir::entity::{Func, Param, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Method, Module, SlotRole};
use simc_ir::opcode::Opcode;
use simc_ir::types::Variance;
use simc_model::model::{Def, Extent, Model, Node, RecurrenceId, StateId, StateKind, VarId, element_of};

use super::advance::{Advance, advance_opcode};
use super::alive::Alive;
use super::axes;
use super::func_lowering::{Context, FuncLowering, Operand, Pos};
use super::names;
use super::schedule::{Schedule, schedule};
use super::slots::Places;
use super::task::{Target, Task, Work, net_clauses, value_clauses};
use crate::passes::remove_dead;

/// What the roles that are lowered from the model compute.
pub(super) struct Plans {
    pub(super) prepare: Schedule,
    pub(super) start: Schedule,
    pub(super) row: Schedule,
}

/// Plans the roles.
pub(super) fn plan(model: &Model, places: &Places, variances: &[Variance], alive: &Alive) -> Plans {
    let planner = Planner { model, places, variances, alive };
    Plans {
        prepare: schedule(model, planner.prepare()),
        start: schedule(model, planner.start()),
        row: schedule(model, planner.row()),
    }
}

/// Collects the tasks of roles in evaluation order.
struct Planner<'a> {
    model: &'a Model,
    places: &'a Places,
    variances: &'a [Variance],
    alive: &'a Alive,
}

impl Planner<'_> {
    /// Params into their slots, then what follows from them.
    fn prepare(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for (id, var) in self.model.iter_vars() {
            if let (Def::Constant(_), Some(_)) = (&var.def, self.places.vars[id.0 as usize]) {
                tasks.push(Task::new(Work::Param(id), axes::whole(self.model, id)));
            }
        }
        for node in &self.model.step_order {
            if let Node::Var(id) = *node
                && self.is_formula(id, false)
                && self.places.vars[id.0 as usize].is_some()
            {
                self.add_all(id, Work::Formula, &mut tasks);
            }
        }
        tasks
    }

    /// Stocks and states at t = start.
    fn start(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for node in &self.model.init_order {
            match *node {
                Node::State(id) => self.add_state(id, Work::Start, &mut tasks),
                Node::Element(id, element) if self.alive.state(id) => {
                    tasks.push(Task::new(Work::Start(id), element_of(&self.model.state(id).extents, element)));
                }
                Node::Var(id) if self.alive.var(id) && self.is_stock(id) => self.add_all(id, Work::Init, &mut tasks),
                Node::Var(id) if self.alive.var(id) && self.is_formula(id, true) => {
                    self.add_all(id, Work::First, &mut tasks);
                }
                Node::Clause(id, clause) if self.alive.var(id) && self.is_stock(id) => {
                    self.add_clause(id, clause, Work::Init, &mut tasks);
                }
                Node::Clause(id, clause) if self.alive.var(id) => self.add_clause(id, clause, Work::First, &mut tasks),
                Node::Recurrence(recurrence) => self.add_recurrence(recurrence, true, &mut tasks),
                Node::Var(_) | Node::Clause(..) | Node::Element(..) => {}
            }
        }
        tasks
    }

    /// Everything in evaluation order, then what happens at the end of the step: to stocks, then to states.
    fn row(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for node in &self.model.step_order {
            match *node {
                Node::State(id) => self.add_state(id, Work::Value, &mut tasks),
                Node::Var(id) if self.alive.var(id) && self.is_formula(id, true) => {
                    self.add_all(id, Work::Formula, &mut tasks);
                }
                Node::Clause(id, clause) if self.alive.var(id) => {
                    self.add_clause(id, clause, Work::Formula, &mut tasks)
                }
                Node::Recurrence(recurrence) => self.add_recurrence(recurrence, false, &mut tasks),
                Node::Var(_) | Node::Clause(..) | Node::Element(..) => {}
            }
        }
        for (n, watched) in (0u32..).zip(&self.model.watched) {
            let region = axes::whole(self.model, watched.var);
            tasks.push(Task::new(Work::Watch(n), region));
        }
        for (id, var) in self.model.iter_vars() {
            if let (Def::Stock { net, .. }, Some(_)) = (&var.def, self.places.vars[id.0 as usize]) {
                let clauses = (0u32..).zip(net);
                tasks.extend(clauses.map(|(n, clause)| Task::new(Work::Net(id, n), clause.region.clone())));
            }
        }
        for (id, state) in self.model.iter_states() {
            if !matches!(state.kind, StateKind::Init | StateKind::Frozen | StateKind::Vector) {
                self.add_state(id, Work::Advance, &mut tasks);
            }
        }
        tasks
    }

    fn add_all(&self, id: VarId, work: fn(VarId, u32) -> Work, tasks: &mut Vec<Task>) {
        for (clause, _) in (0u32..).zip(value_clauses(self.model, id)) {
            self.add_clause(id, clause, work, tasks);
        }
    }

    fn add_clause(&self, id: VarId, clause: u32, work: fn(VarId, u32) -> Work, tasks: &mut Vec<Task>) {
        let region = value_clauses(self.model, id)[clause as usize].region.clone();
        tasks.push(Task::new(work(id, clause), region));
    }

    /// Each clause of a recurrence needs all others: either all of them are computed or none is.
    fn add_recurrence(&self, id: RecurrenceId, is_start: bool, tasks: &mut Vec<Task>) {
        let recurrence = self.model.recurrence(id);
        for &(var, clause) in recurrence.clauses.iter().filter(|(var, _)| self.alive.var(*var)) {
            let work = match is_start {
                true if self.is_stock(var) => Work::Init(var, clause),
                true => Work::First(var, clause),
                false => Work::Formula(var, clause),
            };
            tasks.push(Task { work, region: recurrence.region.clone(), recurrence: Some(id) });
        }
    }

    fn add_state(&self, id: StateId, work: fn(StateId) -> Work, tasks: &mut Vec<Task>) {
        if self.alive.state(id) {
            tasks.push(Task::new(work(id), self.model.state(id).extents.clone()));
        }
    }

    fn is_stock(&self, id: VarId) -> bool {
        matches!(self.model.var(id).def, Def::Stock { .. })
    }

    /// Whether a variable is a formula, and changes in every step or does not.
    fn is_formula(&self, id: VarId, by_step: bool) -> bool {
        let varies = self.variances[id.0 as usize] == Variance::Step;
        matches!(self.model.var(id).def, Def::Formula(_)) && varies == by_step
    }
}

/// Params into their slots, then what follows from them.
pub(super) fn prepare(module: &Module, cx: &Context<'_>, plans: &Plans) -> Option<FuncData> {
    lower_role(module, cx, FuncRole::Prepare, &plans.prepare)
}

/// Stocks and states at t = start.
pub(super) fn start(module: &Module, cx: &Context<'_>, plans: &Plans) -> Option<FuncData> {
    lower_role(module, cx, FuncRole::Start, &plans.start)
}

/// Each output as soon as it is known; effects after everything that reads what they change.
pub(super) fn row(module: &Module, cx: &Context<'_>, plans: &Plans) -> Option<FuncData> {
    lower_role(module, cx, FuncRole::Row, &plans.row)
}

fn lower_role(module: &Module, cx: &Context<'_>, role: FuncRole, schedule: &Schedule) -> Option<FuncData> {
    let mut func = FuncData::new(role);
    let mut lowerer =
        Lowerer { func: FuncLowering::new(*cx, module, &mut func), role, schedule, params: module.params_by_slot() };
    lowerer.lower();
    unless_empty(func)
}

/// A role being lowered.
struct Lowerer<'a> {
    func: FuncLowering<'a>,
    role: FuncRole,
    schedule: &'a Schedule,
    params: SecondaryMap<Slot, Option<Param>>,
}

impl Lowerer<'_> {
    fn lower(&mut self) {
        let mut at_end = Vec::new();
        for nest in &self.schedule.nests {
            if nest.extents.is_empty() {
                for &task in &nest.tasks {
                    self.func.load_scalars(&self.schedule.reads[task], true);
                    at_end.extend(self.lower_task(task, &[]));
                }
                continue;
            }
            for &task in &nest.tasks {
                self.func.load_scalars(&self.schedule.reads[task], false);
            }
            let open = self.func.open_nest(&nest.extents, &nest.descends);
            let mut effects = Vec::new();
            for &task in &nest.tasks {
                let advances = self.lower_task(task, &open.positions);
                match self.func.cx.places.waiting.get(&task).filter(|_| self.schedule.waiting.contains(&task)) {
                    Some(slots) => self.keep(task, &advances, slots),
                    None => effects.extend(advances),
                }
            }
            effects.iter().for_each(|advance| self.write(advance));
            self.func.close_nest(open);
        }
        at_end.iter().for_each(|advance| self.write(advance));
        self.lower_waiting();
    }

    /// Computes what a task says, and stores it where it is no effect.
    fn lower_task(&mut self, number: usize, positions: &[Pos]) -> Vec<Advance> {
        let task = &self.schedule.tasks[number];
        let model = self.func.cx.model;
        self.func.enter_task(task, positions);
        let mut advances = Vec::new();
        match task.work {
            Work::Param(id) => self.lower_param(id),
            Work::Formula(id, clause) => {
                let value = self.func.lower_value(Target::Var(id), &value_clauses(model, id)[clause as usize].expr);
                let opcode = match self.role {
                    FuncRole::Prepare => Some(Opcode::Store),
                    FuncRole::Row => Some(Opcode::Out),
                    FuncRole::Start | FuncRole::Step | FuncRole::Stage | FuncRole::Commit => None,
                };
                if let (Some(opcode), Some(slot)) = (opcode, self.func.cx.places.vars[id.0 as usize]) {
                    self.func.write_own(opcode, slot, &[value], &axes::whole(model, id));
                }
            }
            Work::First(id, clause) => {
                self.func.lower_value(Target::Var(id), value_clauses(model, id)[clause as usize].at_start());
            }
            Work::Init(id, clause) => {
                let slot = self.func.cx.places.vars[id.0 as usize].expect("a stock that is computed has a slot");
                let value =
                    self.func.lower_value(Target::Var(id), value_clauses(model, id)[clause as usize].at_start());
                self.func.write_own(Opcode::Store, slot, &[value], &axes::whole(model, id));
            }
            Work::Net(id, clause) => {
                let slot = self.func.cx.places.vars[id.0 as usize].expect("a stock that is computed has a slot");
                let value = self.func.lower_number(&net_clauses(model, id)[clause as usize].expr);
                let indices = self.func.own_indices(&axes::whole(model, id));
                advances.push(Advance {
                    opcode: Opcode::Rate,
                    slot,
                    query: None,
                    values: vec![value],
                    pending: None,
                    indices,
                });
            }
            Work::Watch(n) => {
                let watched = &model.watched[n as usize];
                let value = self.func.lower_number(&watched.read);
                let slot = self.func.cx.places.watched[n as usize];
                self.func.write_own(Opcode::Store, slot, &[value], &axes::whole(model, watched.var));
            }
            Work::Start(id) => self.func.start_state(id),
            Work::Value(id) => self.func.eval_state(id),
            Work::Advance(id) => self.func.advance_state(id, &mut advances),
        }
        advances
    }

    fn lower_param(&mut self, id: VarId) {
        let slot = self.func.cx.places.vars[id.0 as usize].expect("a param has a slot");
        let param = self.params[slot].expect("the slot is a param's");
        let extents = axes::whole(self.func.cx.model, id);
        let indices = self.func.own_indices(&extents);
        let value = self.func.b.param(param, &indices);
        self.func.write_own(Opcode::Store, slot, &[value], &extents);
        self.func.set_value(Target::Var(id), Operand::number(value));
    }

    /// Lets an effect happen, or wait for the end of the step.
    fn write(&mut self, advance: &Advance) {
        let (opcode, slot) = match advance.pending {
            Some(pending) => (Opcode::Store, pending),
            None => (advance.opcode, advance.slot),
        };
        match advance.query {
            Some(query) => {
                self.func.b.change_transport(opcode, slot, query, &advance.values, &advance.indices);
            }
            None => {
                let args = [advance.values.as_slice(), &advance.indices].concat();
                self.func.b.write(opcode, slot, &args);
            }
        }
    }

    /// Stores what the effects of a task need, for when it is their turn.
    fn keep(&mut self, task: usize, advances: &[Advance], slots: &[Slot]) {
        let values = advances.iter().flat_map(|advance| &advance.values);
        for (&value, &slot) in values.zip(slots) {
            self.func.write_own(Opcode::Store, slot, &[value], &self.schedule.tasks[task].region);
        }
    }

    /// The effects that had to wait, those over the same extents together.
    fn lower_waiting(&mut self) {
        let mut nests: BTreeMap<Vec<Extent>, Vec<usize>> = BTreeMap::new();
        for &task in &self.schedule.waiting {
            nests.entry(self.schedule.tasks[task].loops()).or_default().push(task);
        }
        for (extents, tasks) in nests {
            let open = self.func.open_nest(&extents, &[]);
            for number in tasks {
                self.lower_waiting_task(number, &open.positions);
            }
            self.func.close_nest(open);
        }
    }

    fn lower_waiting_task(&mut self, number: usize, positions: &[Pos]) {
        let task = &self.schedule.tasks[number];
        let (model, places) = (self.func.cx.model, self.func.cx.places);
        self.func.enter_task(task, positions);
        let indices = self.func.own_indices(&task.region);
        let (targets, opcode, extents) = match task.work {
            Work::Net(id, _) => (places.vars[id.0 as usize].as_slice(), Opcode::Rate, axes::whole(model, id)),
            Work::Advance(id) => {
                if let StateKind::Transport(transport) = model.state(id).kind {
                    let kept = &places.waiting[&number];
                    let values: Vec<Value> = kept.iter().map(|&slot| self.func.b.load(slot, &indices)).collect();
                    let (slot, query) =
                        (places.states[id.0 as usize].slots[0], names::query_of(model.transport(transport)));
                    self.func.b.change_transport(Opcode::Advance, slot, query, &values, &indices);
                    return;
                }
                let opcode = advance_opcode(model.state(id).kind);
                (places.states[id.0 as usize].slots.as_slice(), opcode, task.region.clone())
            }
            Work::Param(_)
            | Work::Formula(..)
            | Work::First(..)
            | Work::Init(..)
            | Work::Watch(_)
            | Work::Start(_)
            | Work::Value(_) => {
                return;
            }
        };
        for (&target, &slot) in targets.iter().zip(&places.waiting[&number]) {
            let value = self.func.b.load(slot, &indices);
            self.func.write_own(opcode, target, &[value], &extents);
        }
    }
}

/// What a step needs of the row: its effects, and what they are made of. Absent when there is a row at every step.
pub(super) fn step(module: &Module) -> Option<FuncData> {
    if module.time.save_every == 1 {
        return None;
    }
    let row = row_of(module)?;
    unless_empty(remove_dead::rebuild_with(module, &module.funcs[row], FuncRole::Step, |opcode| opcode != Opcode::Out))
}

/// What a later stage needs of the row: its rates.
pub(super) fn stage(module: &Module) -> Option<FuncData> {
    if module.time.method == Method::Euler {
        return None;
    }
    let row = row_of(module)?;
    unless_empty(remove_dead::rebuild_with(module, &module.funcs[row], FuncRole::Stage, |opcode| {
        opcode == Opcode::Rate
    }))
}

/// Moves what the first evaluation of a Runge-Kutta step left pending to where it belongs.
pub(super) fn commit(module: &Module, cx: &Context<'_>) -> Option<FuncData> {
    let mut func = FuncData::new(FuncRole::Commit);
    let mut b = Builder::new(module, &mut func);
    for place in &cx.places.states {
        let Some(pending) = place.pending else { continue };
        let is_ring = matches!(module.slots[place.slots[0]].role, SlotRole::Ring { .. });
        let outer = b.block();
        let mut indices = Vec::new();
        for &axis in &module.slots[pending].axes {
            let (body, index) = b.for_each(axis);
            b.switch_to(body);
            indices.push(index);
        }
        let mut args = vec![b.load(pending, &indices)];
        args.extend(indices);
        b.write(if is_ring { Opcode::Push } else { Opcode::Next }, place.slots[0], &args);
        b.switch_to(outer);
    }
    unless_empty(func)
}

fn row_of(module: &Module) -> Option<Func> {
    module.parts(FuncRole::Row).next()
}

/// A role with nothing to do is absent.
fn unless_empty(func: FuncData) -> Option<FuncData> {
    (!func.blocks[func.entry].insts.is_empty()).then_some(func)
}
