//! A function while it is being lowered: what has a value already, and in which form.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use simc_front::model::{Expr, Model, StateId, VarId};
use simc_ir::builder::Builder;
use simc_ir::entity::{Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::Module;
use simc_ir::opcode::{Immediate, Opcode};
use simc_ir::types::Variance;

use super::alive::Alive;
use super::slots::Places;

/// What lowering reads and never changes.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) model: &'a Model,
    pub(super) places: &'a Places,
    pub(super) variances: &'a [Variance],
    pub(super) alive: &'a Alive,
}

/// A value of the model: a number, a truth value, or both when both have been asked for.
/// A comparison stays a truth value until somebody calculates with it, and `x <> 0` is taken of the same number only once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    number: Option<Value>,
    truth: Option<Value>,
}

impl Operand {
    /// A number.
    pub(super) fn number(value: Value) -> Self {
        Self { number: Some(value), truth: None }
    }

    /// A truth value, of type bool.
    pub(super) fn truth(value: Value) -> Self {
        Self { number: None, truth: Some(value) }
    }
}

/// One of a state's arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arg {
    Input,
    Time,
    Init,
    Horizon,
}

/// A function under construction.
pub(super) struct Scope<'a> {
    pub(super) cx: Context<'a>,
    pub(super) b: Builder<'a>,
    vars: Vec<Option<Operand>>,
    states: Vec<Option<Operand>>,
    args: Vec<[Option<Operand>; 4]>,
    loaded: SecondaryMap<Slot, PackedOption<Value>>,
}

impl<'a> Scope<'a> {
    /// An empty scope that appends to `func`.
    pub(super) fn new(cx: Context<'a>, module: &'a Module, func: &'a mut FuncData) -> Self {
        let n_states = cx.model.states.len();
        Self {
            cx,
            b: Builder::new(module, func),
            vars: vec![None; cx.model.vars.len()],
            states: vec![None; n_states],
            args: vec![[None; 4]; n_states],
            loaded: SecondaryMap::new(),
        }
    }

    /// The current value of a variable: computed in this function already, or loaded once from its slot.
    ///
    /// # Panics
    /// When it is neither: the model's evaluation order does not keep its promise.
    pub(super) fn var(&mut self, id: VarId) -> Operand {
        if let Some(operand) = self.vars[id.0 as usize] {
            return operand;
        }
        let slot = self.cx.places.vars[id.0 as usize]
            .unwrap_or_else(|| panic!("{:?} is used before its turn", self.cx.model.var(id).name));
        let operand = Operand::number(self.b.load(slot, &[]));
        self.set_var(id, operand);
        operand
    }

    /// From here on, this is the variable's value.
    pub(super) fn set_var(&mut self, id: VarId, operand: Operand) {
        self.vars[id.0 as usize] = Some(operand);
    }

    /// The current value of a state.
    ///
    /// # Panics
    /// When the model's evaluation order does not keep its promise.
    pub(super) fn state(&mut self, id: StateId) -> Operand {
        self.states[id.0 as usize].unwrap_or_else(|| {
            panic!("a state of {:?} is used before its turn", self.cx.model.var(self.cx.model.state(id).owner).name)
        })
    }

    /// From here on, this is the state's value.
    pub(super) fn set_state(&mut self, id: StateId, operand: Operand) {
        self.states[id.0 as usize] = Some(operand);
    }

    /// A state's argument as a number, lowered once a function; none when the call does not have it.
    pub(super) fn arg(&mut self, id: StateId, arg: Arg) -> Option<Value> {
        let known = self.args[id.0 as usize][arg as usize];
        let mut operand = match known {
            Some(operand) => operand,
            None => self.lower_expr(self.arg_expr(id, arg)?),
        };
        let value = self.as_number(&mut operand);
        self.args[id.0 as usize][arg as usize] = Some(operand);
        Some(value)
    }

    fn arg_expr(&self, id: StateId, arg: Arg) -> Option<&'a Expr> {
        let state = self.cx.model.state(id);
        match arg {
            Arg::Input => Some(&state.input),
            Arg::Time => state.time.as_ref(),
            Arg::Init => state.init.as_ref(),
            Arg::Horizon => state.horizon.as_ref(),
        }
    }

    /// The operand as a number: 1 or 0 for a truth value.
    pub(super) fn as_number(&mut self, operand: &mut Operand) -> Value {
        if let Some(value) = operand.number {
            return value;
        }
        let truth = operand.truth.expect("an operand has a form");
        *operand.number.insert(self.b.op(Opcode::Btof, &[truth]))
    }

    /// The operand as a truth value: a number is true when it is not 0, and NaN is not.
    pub(super) fn as_truth(&mut self, operand: &mut Operand) -> Value {
        if let Some(value) = operand.truth {
            return value;
        }
        let number = operand.number.expect("an operand has a form");
        let zero = self.b.fconst(0.0);
        *operand.truth.insert(self.b.op(Opcode::Fne, &[number, zero]))
    }

    /// A variable's expression as a number, in both forms remembered as its value.
    pub(super) fn lower_var(&mut self, id: VarId, expr: &Expr) -> Value {
        let mut operand = self.lower_expr(expr);
        let value = self.as_number(&mut operand);
        self.set_var(id, operand);
        value
    }

    /// An expression as a number.
    pub(super) fn lower_number(&mut self, expr: &Expr) -> Value {
        let mut operand = self.lower_expr(expr);
        self.as_number(&mut operand)
    }

    /// One of the opcodes on values alone.
    pub(super) fn op(&mut self, opcode: Opcode, args: &[Value]) -> Value {
        self.b.op(opcode, args)
    }

    /// The value of a slot that a state owns: loaded at its first use in the function.
    pub(super) fn load_once(&mut self, slot: Slot) -> Value {
        if let Some(value) = self.loaded[slot].expand() {
            return value;
        }
        let value = self.b.load(slot, &[]);
        self.loaded[slot] = value.into();
        value
    }

    /// The oldest number of a ring.
    pub(super) fn oldest(&mut self, slot: Slot) -> Value {
        self.b.value(Opcode::Oldest, &[], Immediate::Slot(slot))
    }
}
