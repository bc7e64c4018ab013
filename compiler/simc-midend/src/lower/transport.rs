//! Conveyors and queues: what they are initialised with, asked, and advanced by.

use simc_ir::entity::Value;
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{Expr, ExprKind, Index, StateId, Transport, TransportId, TransportRead};
use simc_model::source::Span;

use super::advance::Advance;
use super::func_lowering::{Done, FuncLowering, Operand, Pos};
use super::names::query_of;
use super::transport_args::{Taken, taken_at_start, taken_in_step};

impl FuncLowering<'_> {
    /// `initialise`
    pub(super) fn initialise_transport(&mut self, id: StateId, transport: TransportId) {
        let model = self.cx.model.transport(transport);
        let slot = self.cx.places.states[id.0 as usize].slots[0];
        let mut operands = vec![self.number_of_transport(id, model)];
        operands.push(self.b.fconst(self.cx.model.time.dt));
        operands.push(self.b.fconst(f64::from(model.cells)));
        operands.extend(taken_at_start(model).into_iter().map(|taken| self.lower_taken(taken)));
        let indices = self.own_indices(&self.cx.model.state(id).extents);
        self.b.change_transport(Opcode::Initialise, slot, query_of(model), &operands, &indices);
    }

    fn lower_taken(&mut self, taken: Taken<'_>) -> Value {
        match taken {
            Taken::Number(number) => self.b.fconst(number),
            Taken::Time => {
                let mut time = Expr::default();
                time.push(ExprKind::Time, Span::default());
                self.lower_number(&time)
            }
            Taken::Value(expr) => self.lower_number(expr),
        }
    }

    /// The number of the present element among all elements of all transports.
    fn number_of_transport(&mut self, id: StateId, model: &Transport) -> Value {
        let mut number = self.b.fconst(model.first as f64);
        let extents = &self.cx.model.state(id).extents;
        let mut stride = 1.0;
        for (position, extent) in self.own_positions().into_iter().zip(extents).rev() {
            let at = match position {
                Pos::Fixed(at) => self.b.fconst(f64::from(at)),
                Pos::Moving { index, start, .. } => {
                    let ordinal = self.op(Opcode::Ordinal, &[index]);
                    let before = self.b.fconst(f64::from(start) - 1.0);
                    self.op(Opcode::Fadd, &[ordinal, before])
                }
            };
            let by = self.b.fconst(stride);
            let moved = self.op(Opcode::Fmul, &[at, by]);
            number = self.op(Opcode::Fadd, &[number, moved]);
            stride *= f64::from(extent.len);
        }
        number
    }

    /// `advance`
    pub(super) fn advance_transport(&mut self, id: StateId, transport: TransportId) -> Advance {
        let model = self.cx.model.transport(transport);
        let slot = self.cx.places.states[id.0 as usize].slots[0];
        let values = taken_in_step(model).into_iter().map(|taken| self.lower_taken(taken)).collect();
        let indices = self.own_indices(&self.cx.model.state(id).extents);
        Advance { opcode: Opcode::Advance, slot, query: Some(query_of(model)), values, pending: None, indices }
    }

    /// `measure`
    pub(super) fn lower_transport_read(&mut self, read: &TransportRead, done: &mut Done) -> Operand {
        let slot = self.cx.places.states[read.state.0 as usize].slots[0];
        let operands: Vec<Value> = read.args.iter().map(|&arg| self.number_of(done, arg)).collect();
        let extents = &self.cx.model.state(read.state).extents;
        let mut indices = Vec::with_capacity(extents.len());
        let mut is_element = None;
        for (subscript, extent) in read.indices.iter().zip(extents) {
            let axis = self.cx.places.axes.of(extent);
            let Index::Computed(node) = *subscript else {
                let position = self.position(subscript).expect("the subscript is not computed");
                indices.push(self.index(position, axis, extent.start));
                continue;
            };
            let x = self.number_of(done, node);
            indices.push(self.b.value(Opcode::IndexOf, &[x], Immediate::Axis(axis)));
            let is_position = self.b.value(Opcode::IndexOk, &[x], Immediate::Axis(axis));
            is_element = Some(match is_element {
                None => is_position,
                Some(so_far) => self.op(Opcode::Band, &[so_far, is_position]),
            });
        }
        let value = if let Some(into) = read.noted_with {
            let into = self.cx.places.states[into.0 as usize].slots[0];
            self.b.trace(into, slot, &operands, &indices)
        } else {
            self.b.measure(slot, read.query, &operands, &indices)
        };
        let Some(is_element) = is_element else { return Operand::number(value) };
        let invalid = self.b.fconst(self.cx.model.invalid_index);
        Operand::number(self.op(Opcode::Select, &[is_element, value, invalid]))
    }
}
