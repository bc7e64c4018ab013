//! Where elements are while loops run: the part of an address that a loop moves is kept in a local and moved on with each pass, once
//! for all accesses that move alike.

use simc_ir::derive::{Origin, index_origin};
use simc_ir::entity::{Block, Inst, Value};
use simc_ir::opcode::Opcode;
use wasm_encoder::Instruction as I;

use super::body::Body;
use super::code::{Code, Local, Ty};
use super::shape::{Access, Order, Shape, access, strides};

/// The address of an element, less a part that is known when compiling.
#[derive(Debug)]
pub(crate) struct Element {
    /// What loops and the row add; none when nothing does.
    pub(crate) moving: Option<Local>,
    /// The known part.
    pub(crate) offset: u32,
    /// Indices that numbers compute, with the bytes of a position.
    computed: Vec<(Value, u32)>,
}

/// The locals of an open loop.
pub(crate) struct OpenLoop {
    /// What is moved on, and by how many bytes.
    moving: Vec<(Local, u32)>,
    /// What ends the loop.
    counter: Counter,
    /// In which order.
    order: Order,
}

/// What is compared to know whether a loop goes on.
enum Counter {
    /// The number of the pass, with the number of passes.
    Index(Local, u32),
    /// An offset, with the one after the last pass.
    Offset(Local, Limit),
}

enum Limit {
    Known(u32),
    Computed(Local),
}

impl Element {
    /// Whether the whole address is known.
    pub(crate) fn is_known(&self) -> bool {
        self.moving.is_none() && self.computed.is_empty()
    }
}

impl<'a> Body<'a> {
    /// Where an element is. `base` is the address of the first one.
    pub(crate) fn element(&self, base: u32, inst: Inst) -> Element {
        let Some(access) = access(self.cx.module, self.func, inst) else {
            return Element { moving: None, offset: base, computed: Vec::new() };
        };
        let (shape, offset, computed) = self.shape(&access, &self.open);
        let moving =
            if shape.moves.is_empty() { self.env.row.filter(|_| shape.in_row) } else { Some(self.moving(&shape)) };
        let lane = self.two_lane.as_ref().map_or(0, |two_lane| {
            let own = shape.moves.iter().find(|&&(body, _)| body == two_lane.body);
            own.map_or(0, |&(_, bytes)| two_lane.lane * bytes)
        });
        Element { moving, offset: base + offset + lane, computed }
    }

    /// Pushes the part of an element's address that is not known; the known one is left to the caller.
    pub(crate) fn push_element(&mut self, element: &Element) {
        match element.moving {
            Some(moving) => _ = self.code.get(moving),
            None if element.computed.is_empty() => _ = self.code.i32(0),
            None => {}
        }
        for (position, &(index, bytes)) in element.computed.iter().enumerate() {
            self.use_value(index);
            self.code.u32(bytes).push(I::I32Mul);
            if position > 0 || element.moving.is_some() {
                self.code.push(I::I32Add);
            }
        }
    }

    /// Begins a loop: everything that it moves is where its first pass needs it. What remains when two passes are taken at a time is
    /// left out.
    pub(crate) fn enter_loop(&mut self, body: Block, size: u32, order: Order) -> OpenLoop {
        let at_once = order.at_once();
        let size = size - size % at_once;
        let descends = order == Order::Down;
        self.open.push(body);
        let mut shapes = Vec::new();
        // On the way down an offset does not tell the end: what lies before the first one may be an offset as well.
        let mut is_counted = descends;
        self.find_shapes(body, &mut self.open.clone(), &mut shapes, &mut is_counted);
        let mut moving = Vec::with_capacity(shapes.len());
        let mut counter = None;
        for shape in shapes {
            let (&(_, bytes), around) = shape.moves.split_last().expect("a shape moves with its loop");
            let start = match around {
                [] => self.env.row.filter(|_| shape.in_row),
                _ => Some(self.moving(&Shape { in_row: shape.in_row, moves: around.to_vec() })),
            };
            let local = self.code.local(Ty::I32);
            if counter.is_none() && !is_counted {
                let limit = limit(self.code, start, bytes * size);
                counter = Some(Counter::Offset(local, limit));
            }
            push_start(self.code, start);
            if descends {
                self.code.u32(bytes * (size - 1)).push(I::I32Add);
            }
            self.code.set(local);
            moving.push((local, bytes * at_once));
            self.moving.push((shape, local));
        }
        let counter = counter.unwrap_or_else(|| {
            let index = self.code.local(Ty::I32);
            self.code.u32(if descends { size - 1 } else { 0 }).set(index);
            self.set_index(self.func.blocks[body].params[0], index);
            Counter::Index(index, size)
        });
        OpenLoop { moving, counter, order }
    }

    /// Ends a pass; pushes whether there is another one.
    pub(crate) fn push_goes_on(&mut self, open: &OpenLoop) {
        let step = if open.order == Order::Down { I::I32Sub } else { I::I32Add };
        for &(local, bytes) in &open.moving {
            self.code.get(local).u32(bytes).push(step.clone()).set(local);
        }
        match open.counter {
            // The number before 0 is greater than any size.
            Counter::Index(index, size) => {
                self.code.get(index).u32(open.order.at_once()).push(step).tee(index).u32(size);
            }
            Counter::Offset(local, Limit::Known(limit)) => _ = self.code.get(local).u32(limit),
            Counter::Offset(local, Limit::Computed(limit)) => _ = self.code.get(local).get(limit),
        }
        self.code.push(I::I32LtU);
    }

    /// Forgets a loop and its locals.
    pub(crate) fn leave_loop(&mut self, open: OpenLoop) {
        self.open.pop();
        self.moving.truncate(self.moving.len() - open.moving.len());
        for (local, _) in open.moving {
            self.code.release(local);
        }
        match open.counter {
            Counter::Index(index, _) => self.code.release(index),
            Counter::Offset(_, Limit::Computed(limit)) => self.code.release(limit),
            Counter::Offset(_, Limit::Known(_)) => {}
        }
    }

    /// The local that moves like this.
    fn moving(&self, shape: &Shape) -> Local {
        let found = self.moving.iter().find(|(known, _)| known == shape);
        found.expect("a loop moves all that is accessed inside").1
    }

    /// The shapes that the innermost loop of `path` moves, of all accesses in a block; and whether its index itself is needed.
    fn find_shapes(&self, block: Block, path: &mut Vec<Block>, shapes: &mut Vec<Shape>, is_counted: &mut bool) {
        let this = *self.open.last().expect("a loop is open");
        for &inst in &self.func.blocks[block].insts {
            if let Some(body) = self.func.body(inst) {
                path.push(body);
                self.find_shapes(body, path, shapes, is_counted);
                path.pop();
                continue;
            }
            let of_this =
                |value: &Value| matches!(index_origin(self.func, *value), Origin::Loop(body, _) if body == this);
            *is_counted |= self.func.insts[inst].opcode == Opcode::Ordinal && self.func.args(inst).iter().any(of_this);
            let Some(access) = access(self.cx.module, self.func, inst) else { continue };
            let (mut shape, ..) = self.shape(&access, path);
            if let Some(at) = shape.moves.iter().position(|&(body, _)| body == this) {
                shape.moves.truncate(at + 1);
                if !shapes.contains(&shape) {
                    shapes.push(shape);
                }
            }
        }
    }

    /// How an access moves within these loops, how far its fixed part leads, and its computed indices.
    fn shape(&self, access: &Access<'_>, path: &[Block]) -> (Shape, u32, Vec<(Value, u32)>) {
        let mut shape = Shape { in_row: access.in_row, moves: Vec::new() };
        let (mut offset, mut computed) = (0, Vec::new());
        for (&index, stride) in access.indices.iter().zip(strides(self.cx.module, access.axes, access.bytes)) {
            match index_origin(self.func, index) {
                Origin::Fixed(position) => offset += position * stride,
                Origin::Loop(body, shift) => {
                    offset += shift * stride;
                    match shape.moves.iter_mut().find(|(known, _)| *known == body) {
                        Some((_, bytes)) => *bytes += stride,
                        None => shape.moves.push((body, stride)),
                    }
                }
                Origin::Computed => computed.push((index, stride)),
            }
        }
        shape.moves.sort_by_key(|&(body, _)| path.iter().position(|&open| open == body));
        (shape, offset, computed)
    }
}

fn push_start(code: &mut Code, start: Option<Local>) {
    match start {
        Some(start) => code.get(start),
        None => code.i32(0),
    };
}

/// The offset that many bytes after the start.
fn limit(code: &mut Code, start: Option<Local>, bytes: u32) -> Limit {
    let Some(start) = start else { return Limit::Known(bytes) };
    let limit = code.local(Ty::I32);
    code.get(start).u32(bytes).push(I::I32Add).set(limit);
    Limit::Computed(limit)
}
