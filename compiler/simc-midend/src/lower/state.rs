//! Functions that remember: how each starts, what its value is in a step, and how it advances.

use simc_ir::entity::{Slot, Value};
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{StateId, StateKind};

use super::advance::{Advance, advance_opcode};
use super::func_lowering::{Arg, FuncLowering, Operand};
use super::task::Target;

impl FuncLowering<'_> {
    /// Fills the memory of a state at t = start, and gives the state its value.
    pub(super) fn start_state(&mut self, id: StateId) {
        let slots = &self.cx.places.states[id.0 as usize].slots;
        let value = match self.cx.model.state(id).kind {
            StateKind::Smooth { .. } | StateKind::ShortenedSmooth { .. } => {
                let first = self.init_or_input(id);
                self.store_all(id, slots, first);
                first
            }
            StateKind::Delay { order } => {
                let (first, time) = (self.init_or_input(id), self.given(id, Arg::Time));
                let content = self.op(Opcode::Fmul, &[first, time]);
                let content = self.per_level(content, order);
                self.store_all(id, slots, content);
                let time = self.per_level(time, order);
                self.op(Opcode::Fdiv, &[content, time])
            }
            StateKind::ShortenedDelay { order } => {
                let (first, time) = (self.init_or_input(id), self.given(id, Arg::Time));
                let kept = self.kept_levels(id, order);
                let content = self.op(Opcode::Fmul, &[first, time]);
                let content = self.op(Opcode::Fdiv, &[content, kept]);
                self.store_all(id, slots, content);
                let time = self.op(Opcode::Fdiv, &[time, kept]);
                self.op(Opcode::Fdiv, &[content, time])
            }
            StateKind::Trend | StateKind::Forecast => {
                let average = self.first_average(id);
                self.store_all(id, slots, average);
                self.growth_value(id, average)
            }
            StateKind::Pipeline => {
                let first = self.init_or_input(id);
                let length = self.pipeline_length(id);
                self.write_own(Opcode::Fill, slots[0], &[length, first], &self.cx.model.state(id).extents);
                first
            }
            StateKind::History | StateKind::Return => {
                let (length, zero) = (self.longest_history(), self.b.fconst(0.0));
                self.write_own(Opcode::Fill, slots[0], &[length, zero], &self.cx.model.state(id).extents);
                if self.cx.model.state(id).kind == StateKind::Return {
                    self.return_value(id, slots[0])
                } else {
                    self.history_value(id, slots[0])
                }
            }
            StateKind::Previous | StateKind::Integral => {
                let first = self.arg(id, Arg::Init).unwrap_or_else(|| self.b.fconst(0.0));
                self.store_all(id, slots, first);
                first
            }
            StateKind::Init => {
                let first = self.given(id, Arg::Input);
                self.store_all(id, slots, first);
                first
            }
            StateKind::Frozen => self.given(id, Arg::Input),
            StateKind::Transport(transport) => return self.initialise_transport(id, transport),
            StateKind::Vector => return self.arrange_vector(id),
        };
        self.set_value(Target::State(id), Operand::number(value));
    }

    /// Gives a state the value that it has in a step.
    pub(super) fn eval_state(&mut self, id: StateId) {
        let slots = &self.cx.places.states[id.0 as usize].slots;
        let last = *slots.last().expect("every kind of state has memory");
        let value = match self.cx.model.state(id).kind {
            StateKind::Smooth { .. }
            | StateKind::ShortenedSmooth { .. }
            | StateKind::Integral
            | StateKind::Previous
            | StateKind::Init => self.load_once(last, id),
            StateKind::ShortenedDelay { order } => {
                let content = self.load_once(last, id);
                let (time, kept) = (self.given(id, Arg::Time), self.kept_levels(id, order));
                let time = self.op(Opcode::Fdiv, &[time, kept]);
                self.op(Opcode::Fdiv, &[content, time])
            }
            StateKind::Delay { order } => {
                let content = self.load_once(last, id);
                let time = self.given(id, Arg::Time);
                let time = self.per_level(time, order);
                self.op(Opcode::Fdiv, &[content, time])
            }
            StateKind::Trend | StateKind::Forecast => {
                let average = self.load_once(last, id);
                self.growth_value(id, average)
            }
            StateKind::Pipeline => self.oldest(last, id),
            StateKind::Frozen => self.frozen_value(id, last),
            StateKind::History => self.history_value(id, last),
            StateKind::Return => self.return_value(id, last),
            // A transport has no value; what it shows is asked of its memory.
            StateKind::Transport(_) => return,
            StateKind::Vector => return self.arrange_vector(id),
        };
        self.set_value(Target::State(id), Operand::number(value));
    }

    /// The input of the step's own evaluation, which leaves it behind for the later ones.
    fn frozen_value(&mut self, id: StateId, slot: Slot) -> Value {
        let input = self.given(id, Arg::Input);
        self.write_own(Opcode::Store, slot, &[input], &self.cx.model.state(id).extents);
        let indices = self.own_indices(&self.cx.model.state(id).extents);
        let kept = self.b.load(slot, &indices);
        let (time, of_step) = (self.time(), self.step_time());
        let is_first = self.op(Opcode::Feq, &[time, of_step]);
        self.op(Opcode::Select, &[is_first, input, kept])
    }

    /// What a state does at the end of a step: rates for levels, the input for a held slot or ring, nothing for INIT.
    pub(super) fn advance_state(&mut self, id: StateId, advances: &mut Vec<Advance>) {
        let place = &self.cx.places.states[id.0 as usize];
        match self.cx.model.state(id).kind {
            StateKind::Smooth { order } => self.smooth_rates(id, order, advances),
            StateKind::Delay { order } => self.delay_rates(id, order, advances),
            StateKind::ShortenedSmooth { order } => self.shortened_rates(id, order, false, advances),
            StateKind::ShortenedDelay { order } => self.shortened_rates(id, order, true, advances),
            StateKind::Integral => {
                let value = self.given(id, Arg::Input);
                advances.push(self.rate(id, place.slots[0], value));
            }
            StateKind::Trend | StateKind::Forecast => {
                let (input, time) = (self.given(id, Arg::Input), self.given(id, Arg::Time));
                let average = self.load_once(place.slots[0], id);
                let gap = self.op(Opcode::Fsub, &[input, average]);
                let value = self.op(Opcode::Fdiv, &[gap, time]);
                advances.push(self.rate(id, place.slots[0], value));
            }
            StateKind::Pipeline | StateKind::History | StateKind::Return | StateKind::Previous => {
                let opcode = advance_opcode(self.cx.model.state(id).kind);
                let value = self.given(id, Arg::Input);
                let indices = self.own_indices(&self.cx.model.state(id).extents);
                let (slot, pending) = (place.slots[0], place.pending);
                advances.push(Advance { opcode, slot, query: None, values: vec![value], pending, indices });
            }
            StateKind::Init | StateKind::Frozen | StateKind::Vector => {}
            StateKind::Transport(transport) => advances.push(self.advance_transport(id, transport)),
        }
    }

    fn smooth_rates(&mut self, id: StateId, order: u32, advances: &mut Vec<Advance>) {
        let mut upstream = self.given(id, Arg::Input);
        let time = self.given(id, Arg::Time);
        let time = self.per_level(time, order);
        for &slot in &self.cx.places.states[id.0 as usize].slots {
            let level = self.load_once(slot, id);
            let gap = self.op(Opcode::Fsub, &[upstream, level]);
            let rate = self.op(Opcode::Fdiv, &[gap, time]);
            advances.push(self.rate(id, slot, rate));
            upstream = level;
        }
    }

    fn delay_rates(&mut self, id: StateId, order: u32, advances: &mut Vec<Advance>) {
        let mut inflow = self.given(id, Arg::Input);
        let time = self.given(id, Arg::Time);
        let time = self.per_level(time, order);
        for &slot in &self.cx.places.states[id.0 as usize].slots {
            let level = self.load_once(slot, id);
            let outflow = self.op(Opcode::Fdiv, &[level, time]);
            let rate = self.op(Opcode::Fsub, &[inflow, outflow]);
            advances.push(self.rate(id, slot, rate));
            inflow = outflow;
        }
    }

    /// The rates of the levels of a smooth or delay that counts the last ones alone: the first of these, and those before it, take the input.
    fn shortened_rates(&mut self, id: StateId, order: u32, is_delay: bool, advances: &mut Vec<Advance>) {
        let input = self.given(id, Arg::Input);
        let (time, kept) = (self.given(id, Arg::Time), self.kept_levels(id, order));
        let time = self.op(Opcode::Fdiv, &[time, kept]);
        let levels = self.b.fconst(f64::from(order));
        let passed = self.op(Opcode::Fsub, &[levels, kept]);
        let mut before = input;
        for (n, &slot) in (0_u32..).zip(&self.cx.places.states[id.0 as usize].slots) {
            let level = self.load_once(slot, id);
            let inflow = if n == 0 {
                input
            } else {
                let number = self.b.fconst(f64::from(n));
                let is_first = self.op(Opcode::Fle, &[number, passed]);
                self.op(Opcode::Select, &[is_first, input, before])
            };
            let rate = if is_delay {
                before = self.op(Opcode::Fdiv, &[level, time]);
                self.op(Opcode::Fsub, &[inflow, before])
            } else {
                before = level;
                let gap = self.op(Opcode::Fsub, &[inflow, level]);
                self.op(Opcode::Fdiv, &[gap, time])
            };
            advances.push(self.rate(id, slot, rate));
        }
    }

    /// How many levels of a shortened smooth or delay count.
    fn kept_levels(&mut self, id: StateId, order: u32) -> Value {
        let most = self.given(id, Arg::Horizon);
        let (one, order) = (self.b.fconst(1.0), self.b.fconst(f64::from(order)));
        let kept = self.op(Opcode::Fmin, &[most, order]);
        self.op(Opcode::Fmax, &[kept, one])
    }

    fn rate(&mut self, id: StateId, slot: Slot, value: Value) -> Advance {
        let indices = self.own_indices(&self.cx.model.state(id).extents);
        Advance { opcode: Opcode::Rate, slot, query: None, values: vec![value], pending: None, indices }
    }

    /// TREND's or FORCST's value beside an average.
    fn growth_value(&mut self, id: StateId, average: Value) -> Value {
        let (input, time) = (self.given(id, Arg::Input), self.given(id, Arg::Time));
        if self.cx.model.state(id).kind == StateKind::Trend {
            let size = self.op(Opcode::Fabs, &[average]);
            return self.growth(input, average, time, size);
        }
        let growth = self.growth(input, average, time, average);
        let horizon = self.given(id, Arg::Horizon);
        let ahead = self.op(Opcode::Fmul, &[growth, horizon]);
        let one = self.b.fconst(1.0);
        let factor = self.op(Opcode::Fadd, &[one, ahead]);
        self.op(Opcode::Fmul, &[input, factor])
    }

    /// `(input - average)/(time*size)`, or 0 where that would divide by 0.
    fn growth(&mut self, input: Value, average: Value, time: Value, size: Value) -> Value {
        let divisor = self.op(Opcode::Fmul, &[time, size]);
        let gap = self.op(Opcode::Fsub, &[input, average]);
        let zero = self.b.fconst(0.0);
        self.divide_unless_zero(gap, divisor, zero)
    }

    /// `input/(1 + init*time)`: the average from which the input has been growing at the rate `init`, by default 0.
    fn first_average(&mut self, id: StateId) -> Value {
        let input = self.given(id, Arg::Input);
        let growth = self.arg(id, Arg::Init).unwrap_or_else(|| self.b.fconst(0.0));
        let time = self.given(id, Arg::Time);
        let gain = self.op(Opcode::Fmul, &[growth, time]);
        let one = self.b.fconst(1.0);
        let divisor = self.op(Opcode::Fadd, &[one, gain]);
        self.op(Opcode::Fdiv, &[input, divisor])
    }

    /// Room for the input of each step.
    fn longest_history(&mut self) -> Value {
        self.b.fconst(self.cx.model.time.n_steps.saturating_add(1) as f64)
    }

    /// The input of step `i = floor((time - start)/dt + 1e-6)`, which has been pushed `step - i` pushes ago: 0 unless `i >= 0`, and the present
    /// input where `step - i <= 0`.
    fn history_value(&mut self, id: StateId, slot: Slot) -> Value {
        let (input, time) = (self.given(id, Arg::Input), self.given(id, Arg::Time));
        let model = &self.cx.model.time;
        let [start, dt, tolerance, zero] = [model.start, model.dt, 1e-6, 0.0].map(|value| self.b.fconst(value));
        let passed = self.op(Opcode::Fsub, &[time, start]);
        let steps = self.op(Opcode::Fdiv, &[passed, dt]);
        let steps = self.op(Opcode::Fadd, &[steps, tolerance]);
        let index = self.op(Opcode::Ffloor, &[steps]);
        let step = self.b.value(Opcode::StepIndex, &[], Immediate::None);
        let back = self.op(Opcode::Fsub, &[step, index]);
        let is_now = self.op(Opcode::Feq, &[index, step]);
        let is_since = self.op(Opcode::Fge, &[index, zero]);
        let is_come = self.op(Opcode::Fle, &[index, step]);
        let is_known = self.op(Opcode::Band, &[is_since, is_come]);
        let mut args = vec![back];
        args.extend(self.own_indices(&self.cx.model.state(id).extents));
        let recalled = self.b.value(Opcode::Recall, &args, Immediate::Slot(slot));
        let value = self.op(Opcode::Select, &[is_now, input, recalled]);
        self.op(Opcode::Select, &[is_known, value, zero])
    }

    /// The rate at which the payments up to the present one are worth nothing, or else the time, which is what it is then.
    fn return_value(&mut self, id: StateId, slot: Slot) -> Value {
        let (input, missing) = (self.given(id, Arg::Input), self.given(id, Arg::Time));
        let step = self.b.value(Opcode::StepIndex, &[], Immediate::None);
        let dt = self.b.fconst(self.cx.model.time.dt);
        let mut args = vec![step, input, dt, missing];
        args.extend(self.own_indices(&self.cx.model.state(id).extents));
        self.b.value(Opcode::Return, &args, Immediate::Slot(slot))
    }

    /// `min(max(1, round(time/dt)), n_steps + 1)`, halves rounded away from zero, NaN as 1.
    ///
    /// With `q = time/dt` and `f = floor(q)`, `q - f` is exact: it is a multiple of q's last place and less than 1. So it is compared
    /// with a half without error, and where it is not less, `f + 1` is exact too, since then q is below 2^52. An infinite q makes
    /// `q - f` NaN and stays infinite; below 1 all are alike.
    fn pipeline_length(&mut self, id: StateId) -> Value {
        let time = self.given(id, Arg::Time);
        let dt = self.b.fconst(self.cx.model.time.dt);
        let steps = self.op(Opcode::Fdiv, &[time, dt]);
        let below = self.op(Opcode::Ffloor, &[steps]);
        let rest = self.op(Opcode::Fsub, &[steps, below]);
        let (half, one) = (self.b.fconst(0.5), self.b.fconst(1.0));
        let rounds_up = self.op(Opcode::Fge, &[rest, half]);
        let above = self.op(Opcode::Fadd, &[below, one]);
        let rounded = self.op(Opcode::Select, &[rounds_up, above, below]);
        let is_positive = self.op(Opcode::Fge, &[rounded, one]);
        let length = self.op(Opcode::Select, &[is_positive, rounded, one]);
        let longest = self.b.fconst(self.cx.model.time.n_steps.saturating_add(1) as f64);
        self.op(Opcode::Fmin, &[length, longest])
    }

    /// The share of one level; an order of 1 leaves the division out.
    fn per_level(&mut self, value: Value, order: u32) -> Value {
        if order == 1 {
            return value;
        }
        let order = self.b.fconst(f64::from(order));
        self.op(Opcode::Fdiv, &[value, order])
    }

    fn init_or_input(&mut self, id: StateId) -> Value {
        match self.arg(id, Arg::Init) {
            Some(init) => init,
            None => self.given(id, Arg::Input),
        }
    }

    /// An argument that every call of the kind has.
    fn given(&mut self, id: StateId, arg: Arg) -> Value {
        self.arg(id, arg).unwrap_or_else(|| {
            let state = self.cx.model.state(id);
            panic!("{:?} in {:?} lacks {arg:?}", state.kind, self.cx.model.var(state.owner).name)
        })
    }

    fn store_all(&mut self, id: StateId, slots: &[Slot], value: Value) {
        for &slot in slots {
            self.write_own(Opcode::Store, slot, &[value], &self.cx.model.state(id).extents);
        }
    }
}
