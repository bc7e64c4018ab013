//! Subscripts: from positions in dimensions to indices of axes.

use simc_ir::entity::{Axis, Value};
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{Base, Extent, Index, VarId};

use super::axes;
use super::func_lowering::{Done, FuncLowering, Operand, Pos};
use super::task::moved;

impl FuncLowering<'_> {
    /// A variable read with a subscript for each of its dimensions.
    pub(super) fn lower_read(&mut self, id: VarId, subscripts: &[Index], done: &mut Done) -> Operand {
        if subscripts.is_empty() {
            return self.scalar(id);
        }
        let positions: Option<Vec<Pos>> = subscripts.iter().map(|index| self.position(index)).collect();
        match positions {
            Some(positions) => self.element(id, &positions),
            None => self.lower_computed_read(id, subscripts, done),
        }
    }

    /// A read of which some subscript is computed: the element, or what the model gives where there is none.
    fn lower_computed_read(&mut self, id: VarId, subscripts: &[Index], done: &mut Done) -> Operand {
        let slot = self.memory_of(id);
        let extents = axes::whole(self.cx.model, id);
        let mut indices = Vec::with_capacity(subscripts.len());
        let mut is_element = None;
        for (subscript, extent) in subscripts.iter().zip(&extents) {
            let axis = self.cx.places.axes.of(extent);
            let Index::Computed(node) = *subscript else {
                let position = self.position(subscript).expect("the subscript is not computed");
                indices.push(self.index(position, axis, 0));
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
        let value = self.b.load(slot, &indices);
        let is_element = is_element.expect("a subscript is computed");
        let invalid = self.b.fconst(self.cx.model.invalid_index);
        Operand::number(self.op(Opcode::Select, &[is_element, value, invalid]))
    }

    /// A position as a number, counted from 1.
    ///
    /// # Panics
    /// When it is computed: such a one is a number already.
    pub(super) fn lower_position(&mut self, index: &Index) -> Value {
        match self.position(index).expect("a model has no computed positions") {
            Pos::Fixed(position) => self.b.fconst(f64::from(position) + 1.0),
            Pos::Moving { index, start, .. } => {
                let ordinal = self.op(Opcode::Ordinal, &[index]);
                if start == 0 {
                    return ordinal;
                }
                let start = self.b.fconst(f64::from(start));
                self.op(Opcode::Fadd, &[ordinal, start])
            }
        }
    }

    /// Where a subscript points; none when a number says.
    pub(super) fn position(&self, index: &Index) -> Option<Pos> {
        let (base, offset) = match *index {
            Index::Fixed(position) => return Some(Pos::Fixed(position)),
            Index::Moving { base, offset } => (base, offset),
            Index::Computed(_) => return None,
        };
        let base = match base {
            Base::Loop(n) => self.env.loops[n as usize],
            Base::Bound(n) => self.env.bounds[n as usize],
        };
        Some(match base {
            Pos::Fixed(position) => Pos::Fixed(moved(position, offset)),
            Pos::Moving { index, axis, start } => Pos::Moving { index, axis, start: moved(start, offset) },
        })
    }

    /// Positions in dimensions as indices of the axes of these extents.
    pub(super) fn indices_within(&mut self, positions: &[Pos], extents: &[Extent]) -> Vec<Value> {
        let axes: Vec<Axis> = extents.iter().map(|extent| self.cx.places.axes.of(extent)).collect();
        let all = positions.iter().zip(axes).zip(extents);
        all.map(|((&position, axis), extent)| self.index(position, axis, extent.start)).collect()
    }

    /// A position as an index of an axis that begins with the position `first`.
    pub(super) fn index(&mut self, position: Pos, axis: Axis, first: u32) -> Value {
        match position {
            Pos::Fixed(position) => self.b.position(axis, position - first),
            Pos::Moving { index, axis: own, start } if own == axis && start == first => index,
            Pos::Moving { index, start, .. } => {
                self.b.value(Opcode::Shift, &[index], Immediate::Position(axis, start - first))
            }
        }
    }
}
