//! Functions of whole vectors: their inputs into a block, the kernel's function on it, and what they give.

use simc_ir::entity::{Axis, Slot, Value};
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{ExprKind, Extent, Index, Reduce, ReduceOp, StateId, VectorRead};

use super::func_lowering::{Done, FuncLowering, Operand, Pos};
use super::names::rows;

/// The input that a node is, if it is one.
fn list_of(kind: &ExprKind) -> Option<&Reduce> {
    if let ExprKind::Reduce(list) = kind { Some(&**list).filter(|list| list.op == ReduceOp::List) } else { None }
}

impl FuncLowering<'_> {
    /// Stores the inputs of a vector function, and computes what it gives.
    pub(super) fn arrange_vector(&mut self, id: StateId) {
        let state = self.cx.model.state(id);
        let slot = self.cx.places.states[id.0 as usize].slots[0];
        let outer = self.own_indices(&state.extents);
        let mut done = Done(Vec::with_capacity(state.input.nodes.len()));
        let mut row = 0;
        for node in &state.input.nodes {
            if let ExprKind::Arrange(function, operands) = &node.kind {
                let numbers = &operands[function.inputs()..];
                let numbers: Vec<Value> = numbers.iter().map(|&number| self.number_of(&mut done, number)).collect();
                self.b.arrange(slot, *function, &numbers, &outer);
                return;
            }
            let operand = match list_of(&node.kind) {
                Some(list) => {
                    self.store_list(slot, &outer, row, list);
                    row += 1;
                    Operand::none()
                }
                None => self.lower_node(&node.kind, &mut done),
            };
            done.0.push(operand);
        }
    }

    /// Stores an input in its row of a block, element by element.
    fn store_list(&mut self, slot: Slot, outer: &[Value], row: u32, list: &Reduce) {
        let n_bounds = self.env.bounds.len();
        let rows = self.module.slots[slot].axes[outer.len()];
        let mut args = outer.to_vec();
        args.push(self.b.position(rows, row));
        let behind = self.b.block();
        for extent in &list.extents {
            let axis = self.cx.places.axes.of(extent);
            if extent.len == 1 {
                self.env.bounds.push(Pos::Fixed(extent.start));
                args.push(self.b.position(axis, 0));
                continue;
            }
            let (body, index) = self.b.for_each(axis);
            self.b.switch_to(body);
            self.env.bounds.push(Pos::Moving { index, axis, start: extent.start });
            args.push(index);
        }
        args.insert(0, self.lower_number(&list.body));
        self.b.write(Opcode::Store, slot, &args);
        self.b.switch_to(behind);
        self.env.bounds.truncate(n_bounds);
    }

    /// An element of what a vector function gives.
    pub(super) fn lower_vector_read(&mut self, read: &VectorRead, done: &mut Done) -> Operand {
        let state = self.cx.model.state(read.state);
        let (function, extents) = state.vector().expect("the state is a vector function");
        let slot = self.cx.places.states[read.state.0 as usize].slots[0];
        let mut indices = Vec::with_capacity(self.module.slots[slot].axes.len());
        for (index, extent) in read.indices.iter().zip(&state.extents) {
            indices.push(self.known_index(index, extent));
        }
        let result = u32::try_from(function.inputs()).expect("a function has few inputs");
        indices.push(self.b.position(self.cx.places.axes.of_length(rows(function)), result));
        let mut is_element = None;
        for (index, extent) in read.element.iter().zip(extents) {
            let Index::Computed(node) = *index else {
                indices.push(self.known_index(index, extent));
                continue;
            };
            let axis: Axis = self.cx.places.axes.of(extent);
            let x = self.number_of(done, node);
            indices.push(self.b.value(Opcode::IndexOf, &[x], Immediate::Axis(axis)));
            let is_position = self.b.value(Opcode::IndexOk, &[x], Immediate::Axis(axis));
            is_element = Some(match is_element {
                None => is_position,
                Some(so_far) => self.op(Opcode::Band, &[so_far, is_position]),
            });
        }
        let value = self.b.load(slot, &indices);
        let Some(is_element) = is_element else { return Operand::number(value) };
        let invalid = self.b.fconst(self.cx.model.invalid_index);
        Operand::number(self.op(Opcode::Select, &[is_element, value, invalid]))
    }

    /// A subscript that no number says, as an index of the axis of an extent.
    fn known_index(&mut self, index: &Index, extent: &Extent) -> Value {
        let position = self.position(index).expect("the subscript is not computed");
        let axis = self.cx.places.axes.of(extent);
        self.index(position, axis, extent.start)
    }
}
