//! Subscripts: which element of an array is read, for each position of the loops around.

use crate::definition::{EquationKind, Path};
use crate::diagnostic::code;
use crate::model::{Base, BinaryOp, DimId, Extent, Index, VarId};
use crate::sema::base::dimension::Dims;
use crate::sema::base::shape::Axis;
use crate::sema::equation::node_plan::{End, Limit, Mode, Planner, Read, Split, Sub};
use crate::sema::instances::module_tree::Target;
use crate::source::Span;

use cursor::Cursor;

mod cursor;
mod report;

/// How the positions of an axis or loop lie in a dimension.
enum Related {
    /// What is to be added.
    Offset(i64),
    /// The position for each of those of the whole dimension of the axis or loop.
    Each(Vec<u32>),
}

/// An equation is looked at in as many parts, at most, where a subscript does not move evenly with a loop; beyond that it looks
/// the subscript up in a table.
const MAX_RUNS: usize = 8;

/// What is to be added to the position of loop `n` to get that in another dimension: nothing for the same dimension and for mapped
/// ones, else what the names of the elements say. No result when an element has no counterpart.
pub(in crate::sema) fn relate(dims: &Dims, loops: &[Extent], n: usize, to: DimId) -> Result<Option<i64>, Split> {
    let extent = loops[n];
    let from = extent.dim;
    if from == to || dims.are_mapped(from, to) {
        return Ok(Some(0));
    }
    if dims.is_numeric(from) || dims.is_numeric(to) {
        let is_same = dims.is_numeric(from) && dims.is_numeric(to) && dims.len(from) == dims.len(to);
        return Ok(is_same.then_some(0));
    }
    let offset_at = |at: u32| dims.position(to, &dims.element(from, at)).map(|found| i64::from(found) - i64::from(at));
    let Some(offset) = offset_at(extent.start) else { return Ok(None) };
    let end = extent.start + extent.len;
    match (extent.start + 1..end).find(|&at| offset_at(at) != Some(offset)) {
        Some(at) => Err(Split { n, at }),
        None => Ok(Some(offset)),
    }
}

/// The subscripts with which an equation over these loops reads a variable by its name alone: each dimension follows a loop. No
/// result when one has none.
pub(in crate::sema) fn follow_loops(dims: &Dims, loops: &[Extent], of: &[DimId]) -> Result<Option<Vec<Index>>, Split> {
    let order: Vec<usize> = (0..loops.len()).collect();
    let followed = find_loops(dims, loops, &order, of)?;
    Ok(followed.into_iter().collect())
}

/// For each dimension the loop that it follows, if any: the loops of the same dimension in the given order first, then related ones.
pub(in crate::sema) fn find_loops(
    dims: &Dims,
    loops: &[Extent],
    order: &[usize],
    of: &[DimId],
) -> Result<Vec<Option<Index>>, Split> {
    let mut taken = vec![false; loops.len()];
    let mut found = vec![None; of.len()];
    let moving = |n: usize, offset: i64| Some(Index::Moving { base: Base::Loop(n as u32), offset });
    for (index, dim) in found.iter_mut().zip(of) {
        if let Some(n) = order.iter().copied().find(|&n| !taken[n] && loops[n].dim == *dim) {
            taken[n] = true;
            *index = moving(n, 0);
        }
    }
    for (index, dim) in found.iter_mut().zip(of) {
        for &n in order {
            if index.is_none()
                && !taken[n]
                && let Some(offset) = relate(dims, loops, n, *dim)?
            {
                taken[n] = true;
                *index = moving(n, offset);
            }
        }
    }
    Ok(found)
}

impl Planner<'_, '_, '_> {
    /// Resolves the subscripts of a read of a variable, which shares `n_shared` dimensions of its instance with the equation. What
    /// is at fault is reported, and then there is no result.
    pub(in crate::sema) fn plan_read(
        &mut self,
        (var, n_shared): (VarId, usize),
        subscripts: &[u32],
        span: Span,
        mode: Mode,
    ) -> Result<Option<Read>, Split> {
        let all = self.builder.var(var).dims.clone();
        let (shared, of) = all.split_at(n_shared.min(all.len()));
        let mut read = Read::default();
        let own_loop = |n: u32| Sub::Index(Index::Moving { base: Base::Loop(n), offset: 0 });
        read.subs.extend((0u32..).map(own_loop).take(shared.len()));
        if subscripts.is_empty() {
            self.plan_bare(of, mode, &mut read)?;
            return Ok(Some(read));
        }
        if subscripts.len() != of.len() {
            self.report_count(var, of.len(), subscripts.len(), span);
            return Ok(None);
        }
        let mentions = vec![0; self.place.loops.len()];
        let mut cursor = Cursor { mentions, order: self.loop_order(), n_same: 0, is_broken: false };
        for (position, (&node, &dim)) in subscripts.iter().zip(of).enumerate() {
            cursor.n_same = of[..position].iter().filter(|&&earlier| earlier == dim).count();
            match self.plan_subscript(node, dim, mode, &mut read, &mut cursor)? {
                Some(sub) => read.subs.push(sub),
                None => cursor.is_broken = true,
            }
        }
        Ok((!cursor.is_broken).then_some(read))
    }

    /// A name alone: its dimensions follow the loops, unless an array is wanted as a whole.
    fn plan_bare(&mut self, of: &[DimId], mode: Mode, read: &mut Read) -> Result<(), Split> {
        let found = match mode {
            Mode::Current => find_loops(&self.builder.dims, self.place.loops, &self.loop_order(), of)?,
            Mode::Whole | Mode::Size => vec![None; of.len()],
        };
        for (index, &dim) in found.into_iter().zip(of) {
            let sub = index.map_or_else(|| self.open_axis(read, Axis::whole(dim, &self.builder.dims), 0), Sub::Index);
            read.subs.push(sub);
        }
        Ok(())
    }

    fn open_axis(&self, read: &mut Read, axis: Axis, offset: i64) -> Sub {
        read.axes.push(axis);
        Sub::Along(read.axes.len() - 1, offset)
    }

    /// One subscript for a dimension. What is at fault is reported.
    fn plan_subscript(
        &mut self,
        node: u32,
        dim: DimId,
        mode: Mode,
        read: &mut Read,
        cursor: &mut Cursor,
    ) -> Result<Option<Sub>, Split> {
        let equation = self.equation;
        let span = equation.nodes[node as usize].span;
        let sub = match &equation.nodes[node as usize].kind {
            EquationKind::Number(value) => self.fixed_number(*value, dim, span),
            EquationKind::Reference(path, subscripts) if subscripts.is_empty() && !path.absolute => {
                return self.plan_name(node, path, dim, mode, read, cursor);
            }
            EquationKind::Wildcard(None) => Some(self.open_axis(read, Axis::whole(dim, &self.builder.dims), 0)),
            EquationKind::Wildcard(Some(name)) => self.plan_all_of(*name, dim, read),
            EquationKind::Range(first, last) => self.plan_range((*first, *last), dim, mode, read, span)?,
            EquationKind::Position(position) => match equation.nodes[*position as usize].kind.as_number() {
                Some(value) => return self.plan_position_of_dim(value, dim, read, span),
                None => self.computed(*position, dim, mode),
            },
            EquationKind::Reference(..)
            | EquationKind::Call(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Unary(..)
            | EquationKind::Binary(..)
            | EquationKind::If(..)
            | EquationKind::Transpose(_)
            | EquationKind::InnerProduct(..) => match self.find_moving(node) {
                Some((n, offset)) => Some(self.plan_moving(n, offset + self.offset_in(n, dim)?, dim, read)?),
                None => self.computed(node, dim, mode),
            },
        };
        Ok(sub)
    }

    fn computed(&mut self, node: u32, dim: DimId, mode: Mode) -> Option<Sub> {
        self.reach_subscript(node, dim, if mode == Mode::Size { Mode::Whole } else { mode });
        Some(Sub::Computed(node))
    }

    /// Says that a node is computed whose value is the number of an element of a dimension.
    fn reach_subscript(&mut self, node: u32, dim: DimId, mode: Mode) {
        let around = self.subscript_here.replace(dim);
        self.reach(node, mode);
        self.subscript_here = around;
    }

    /// A name as a subscript: an element of the dimension, a dimension, `Dim.element`, or a variable that holds a number.
    fn plan_name(
        &mut self,
        node: u32,
        path: &Path,
        dim: DimId,
        mode: Mode,
        read: &mut Read,
        cursor: &mut Cursor,
    ) -> Result<Option<Sub>, Split> {
        match path.parts.as_slice() {
            [name] => {
                if let Some(position) = self.builder.dims.position(dim, &name.text) {
                    return Ok(Some(Sub::Index(Index::Fixed(position))));
                }
                if let Some(mentioned) = self.builder.dims.find(&name.text) {
                    return self.plan_dim(mentioned, dim, path.span, read, cursor);
                }
            }
            [_, element] => {
                if let Some((other, position)) = self.find_element(path) {
                    let is_inside = position < self.builder.dims.len(dim);
                    if !is_inside {
                        let elements = self.builder.dims.len(dim);
                        let message = format!(
                            "element {} of `{}` is beyond the {elements} elements of `{}`",
                            position + 1,
                            self.builder.dims.name(other),
                            self.builder.dims.name(dim)
                        );
                        self.report(code::NO_SUCH_ELEMENT, element.span, message);
                    }
                    return Ok(is_inside.then_some(Sub::Index(Index::Fixed(position))));
                }
            }
            _ => {}
        }
        let is_known = match self.place.find_target(path) {
            Target::Var(_) | Target::Module | Target::Missing(_, None) => true,
            Target::Missing(_, Some(_)) => self.place.is_constant_builtin(path) || path.parts.len() > 1,
        };
        if is_known {
            return Ok(self.computed(node, dim, mode));
        }
        self.report_unknown_element(path, dim);
        Ok(None)
    }

    /// `Dim.element`, unless the first name is that of a module or variable.
    pub(in crate::sema) fn find_element(&mut self, path: &Path) -> Option<(DimId, u32)> {
        let [dim, element] = path.parts.as_slice() else { return None };
        let is_free = matches!(self.place.tree.resolve_path(self.place.instance, path), Target::Missing(_, Some(_)));
        if path.absolute || !is_free || !self.builder.dims.has(&dim.text) {
            return None;
        }
        let dim = self.builder.dims.find(&dim.text)?;
        Some((dim, self.builder.dims.position(dim, &element.text)?))
    }

    /// A dimension's name as a subscript: the position of its loop; without one, or where a function runs over it, all of its elements.
    fn plan_dim(
        &mut self,
        mentioned: DimId,
        dim: DimId,
        span: Span,
        read: &mut Read,
        cursor: &mut Cursor,
    ) -> Result<Option<Sub>, Split> {
        let (dims, loops) = (&self.builder.dims, self.place.loops);
        let is_loop = self.place.loop_order().iter().any(|&n| self.place.loop_name(n) == mentioned);
        let next = cursor.next_loop(self.place, mentioned);
        let is_equal = |n: usize| mentioned == dim && dims.are_mapped(loops[n].dim, mentioned);
        let mapped =
            cursor.order.iter().copied().filter(|&n| !is_loop && (is_equal(n) || self.is_mapped_to(n, mentioned)));
        // A mapping along its arrow is meant before one against it.
        let mapped = mapped.min_by_key(|&n| !dims.has_arrow(mentioned, loops[n].dim));
        if let Some(n) = next {
            if let Some(sub) = self.plan_loop(n, mentioned, dim, read)? {
                return Ok(Some(sub));
            }
        } else if let Some(n) = mapped {
            if is_equal(n) {
                return Ok(Some(Sub::Index(Index::Moving { base: Base::Loop(n as u32), offset: 0 })));
            } else if let Some(sub) = self.plan_related(n, mentioned, dim)? {
                return Ok(Some(sub));
            }
        } else if let Some(sub) = self.plan_all_elements(mentioned, dim, read) {
            return Ok(Some(sub));
        }
        self.report_unrelated(mentioned, dim, span);
        Ok(None)
    }

    /// The position in `dim` that goes with that of a loop, by whatever name the equation speaks of it.
    fn plan_loop(&mut self, n: usize, mentioned: DimId, dim: DimId, read: &mut Read) -> Result<Option<Sub>, Split> {
        let (dims, loops) = (&self.builder.dims, self.place.loops);
        if loops[n].dim == mentioned {
            if let Ok(Some(offset)) = relate(dims, loops, n, dim) {
                return Ok(Some(Sub::Index(Index::Moving { base: Base::Loop(n as u32), offset })));
            }
            if dims.is_numeric(mentioned) && dims.is_numeric(dim) {
                return self.plan_moving(n, 0, dim, read).map(Some);
            }
        }
        self.plan_related(n, mentioned, dim)
    }

    /// `*:Dim` or `Dim.*`.
    fn plan_all_of(&mut self, name: u32, dim: DimId, read: &mut Read) -> Option<Sub> {
        let equation = self.equation;
        let node = &equation.nodes[name as usize];
        let EquationKind::Reference(path, _) = &node.kind else { return None };
        let written = path.parts.last()?;
        let Some(mentioned) = self.builder.dims.find(&written.text).filter(|_| path.parts.len() == 1) else {
            self.report_unknown_dimension(&written.text, node.span);
            return None;
        };
        if let Some(sub) = self.plan_all_elements(mentioned, dim, read) {
            return Some(sub);
        }
        self.report_unrelated(mentioned, dim, node.span);
        None
    }

    /// All elements of a dimension as an axis, in terms of another dimension that has these elements too.
    fn plan_all_elements(&mut self, mentioned: DimId, dim: DimId, read: &mut Read) -> Option<Sub> {
        let dims = &self.builder.dims;
        let axis = Axis::whole(mentioned, dims);
        match relate(dims, &[axis.extent()], 0, dim) {
            Ok(offset) => offset.map(|offset| self.open_axis(read, axis, offset)),
            Err(_) => {
                let positions: Option<Vec<u32>> =
                    (0..axis.len).map(|at| dims.counterpart(mentioned, at, dim)).collect();
                let table = self.builder.index_table(positions?);
                read.axes.push(axis);
                Some(Sub::AlongTable(read.axes.len() - 1, table))
            }
        }
    }

    /// Whether a mapping relates what a loop runs over, by either of its names, and another dimension.
    fn is_mapped_to(&self, n: usize, mentioned: DimId) -> bool {
        let dims = &self.builder.dims;
        let names = [self.place.loop_name(n), self.place.loops[n].dim];
        names.into_iter().any(|name| dims.has_mapping(name, mentioned))
    }

    /// The element of `dim` that the element of a loop is, or is mapped to, as an element of the dimension `mentioned`. Nothing
    /// when an element of the loop has none.
    pub(in crate::sema) fn plan_related(
        &mut self,
        n: usize,
        mentioned: DimId,
        dim: DimId,
    ) -> Result<Option<Sub>, Split> {
        let dims = &self.builder.dims;
        let extent = self.place.loops[n];
        let position_at = |at: u32| {
            let within = self.place.position_as(dims, n, at, mentioned)?;
            dims.counterpart(mentioned, within, dim)
        };
        Ok(match relate_each(extent, position_at, n)? {
            None => None,
            Some(Related::Offset(offset)) => Some(Sub::Index(Index::Moving { base: Base::Loop(n as u32), offset })),
            Some(Related::Each(positions)) => Some(Sub::LoopTable(n, self.builder.index_table(positions))),
        })
    }

    /// `a:b`. Ends that only the run knows are for reducers alone.
    fn plan_range(
        &mut self,
        ends: (u32, u32),
        dim: DimId,
        mode: Mode,
        read: &mut Read,
        span: Span,
    ) -> Result<Option<Sub>, Split> {
        let (first, last) = ends;
        let known = [self.find_end(first, dim)?, self.find_end(last, dim)?];
        Ok(match known {
            [End::Fault, _] | [_, End::Fault] => None,
            [End::At(first), End::At(last)] if first <= last => {
                Some(self.open_axis(read, Axis { dim, start: first, len: last - first + 1 }, 0))
            }
            [End::At(first), End::At(last)] => {
                let dims = &self.builder.dims;
                let message = format!(
                    "the range runs backwards: `{}` comes after `{}`",
                    dims.element(dim, first),
                    dims.element(dim, last)
                );
                self.report(code::REVERSED_RANGE, span, message);
                None
            }
            [first, last] if mode == Mode::Whole => {
                for end in [first, last] {
                    if let End::Computed(node) = end {
                        self.reach_subscript(node, dim, Mode::Current);
                    }
                }
                let sub = self.open_axis(read, Axis::whole(dim, &self.builder.dims), 0);
                read.limits.push(Limit { axis: read.axes.len() - 1, first, last });
                Some(sub)
            }
            [_, _] => {
                let message = "the ends of this range must be known before the run";
                self.report(code::COMPUTED_RANGE, span, message.to_owned());
                None
            }
        })
    }

    /// An end of a range.
    fn find_end(&mut self, node: u32, dim: DimId) -> Result<End, Split> {
        let equation = self.equation;
        let span = equation.nodes[node as usize].span;
        let kind = &equation.nodes[node as usize].kind;
        if let Some(value) = kind.as_number() {
            return Ok(match self.fixed_number(value, dim, span) {
                Some(Sub::Index(Index::Fixed(position))) => End::At(position),
                Some(_) | None => End::Fault,
            });
        }
        let path = kind.as_name().filter(|path| !path.absolute);
        let position = path.and_then(|path| match path.parts.as_slice() {
            [name] => self.builder.dims.position(dim, &name.text),
            _ => self.find_element(path).map(|(_, position)| position),
        });
        if let Some(position) = position.filter(|&position| position < self.builder.dims.len(dim)) {
            return Ok(End::At(position));
        }
        // The name of a dimension is the position of the element that is computed, here in the dimension of the range.
        if let Some((n, offset)) = self.find_moving(node)
            && let offset_in = self.offset_in(n, dim)?
            && offset_in != 0
        {
            return Ok(End::Moving(Index::Moving { base: Base::Loop(n as u32), offset: offset + offset_in }));
        }
        if let Some(path) = path
            && path.parts.len() == 1
            && !self.place.is_known(path)
            && self.find_loop(path).is_none()
        {
            match self.find_dim(path) {
                Some(named) => self.report_no_position(named, path.span),
                None => self.report_unknown_element(path, dim),
            }
            return Ok(End::Fault);
        }
        Ok(End::Computed(node))
    }

    /// What is to be added to the position of a loop to get that of the same element in another dimension which has all of the loop's
    /// elements by name; 0 in any other, where numbers count.
    fn offset_in(&self, n: usize, dim: DimId) -> Result<i64, Split> {
        let dims = &self.builder.dims;
        let from = self.place.loops[n].dim;
        let is_in = |at: u32| dims.position(dim, &dims.element(from, at)).is_some();
        if from == dim || dims.is_numeric(from) || dims.is_numeric(dim) || !(0..dims.len(from)).all(is_in) {
            return Ok(0);
        }
        Ok(relate(dims, self.place.loops, n, dim)?.unwrap_or(0))
    }

    /// A number as a subscript: an element with this name, or its number counted from 1.
    fn fixed_number(&mut self, value: f64, dim: DimId, span: Span) -> Option<Sub> {
        let position = self.builder.dims.position_of_number(dim, value);
        if position.is_none() {
            self.report_number(value, dim, span);
        }
        position.map(|position| Sub::Index(Index::Fixed(position)))
    }

    /// `@n`: in an equation of an array the element being computed of its n-th dimension, in that of a single number the element n.
    fn plan_position_of_dim(&mut self, n: f64, dim: DimId, read: &mut Read, span: Span) -> Result<Option<Sub>, Split> {
        let loops = self.place.own_loops();
        let is_whole = n >= 1.0 && n.fract() == 0.0;
        let len = if loops.is_empty() { self.builder.dims.len(dim) as usize } else { loops.len() };
        if !is_whole || n > len as f64 {
            match loops.len() {
                0 => self.report_number(n, dim, span),
                n_loops => self.report_position(n, n_loops, span),
            }
            return Ok(None);
        }
        let position = n as usize - 1;
        if loops.is_empty() {
            return Ok(Some(Sub::Index(Index::Fixed(position as u32))));
        }
        let n = loops.start + position;
        let mentioned = self.place.loops[n].dim;
        let sub = self.plan_loop(n, mentioned, dim, read)?;
        if sub.is_none() {
            self.report_unrelated(mentioned, dim, span);
        }
        Ok(sub)
    }

    /// A subscript that moves with a loop: `Dim - 1`. Where it leaves the dimension, the definition is split.
    fn plan_moving(&mut self, n: usize, offset: i64, dim: DimId, read: &mut Read) -> Result<Sub, Split> {
        let extent = self.place.loops[n];
        let len = i64::from(self.builder.dims.len(dim));
        let (start, end) = (i64::from(extent.start), i64::from(extent.start) + i64::from(extent.len));
        let split = |at: i64| Err(Split { n, at: at as u32 });
        if end + offset <= 0 || start + offset >= len {
            read.is_outside = true;
            return Ok(Sub::Index(Index::Fixed(0)));
        }
        if start + offset < 0 {
            return split(-offset);
        }
        if end + offset > len {
            return split(len - offset);
        }
        Ok(Sub::Index(Index::Moving { base: Base::Loop(n as u32), offset }))
    }

    /// The loop and the offset of `Dim`, `Dim + 1`, `Dim - 2 + 1`, ...
    fn find_moving(&mut self, node: u32) -> Option<(usize, i64)> {
        /// A longer chain is computed in the run.
        const MAX_TERMS: usize = 8;
        let whole = |node: u32| {
            let value = self.equation.nodes[node as usize].kind.as_number()?;
            (value.fract() == 0.0 && value.abs() < 2e9).then_some(value as i64)
        };
        let mut offset = 0;
        let mut node = node;
        for _ in 0..MAX_TERMS {
            let kind = &self.equation.nodes[node as usize].kind;
            if let EquationKind::Binary(BinaryOp::Add, a, b) = kind {
                match (whole(*a), whole(*b)) {
                    (_, Some(term)) => (node, offset) = (*a, offset + term),
                    (Some(term), None) => (node, offset) = (*b, offset + term),
                    (None, None) => return None,
                }
            } else if let EquationKind::Binary(BinaryOp::Sub, a, b) = kind {
                (node, offset) = (*a, offset - whole(*b)?);
            } else {
                let n = self.find_loop(kind.as_name()?)?;
                let is_own_name = self.place.loop_name(n) == self.place.loops[n].dim;
                return is_own_name.then_some((n, offset));
            }
        }
        None
    }

    /// The loop that a dimension's name stands for outside of subscripts.
    pub(in crate::sema) fn find_loop(&mut self, path: &Path) -> Option<usize> {
        let dim = self.find_dim(path)?;
        let loops = self.place.loops;
        let order = self.loop_order();
        let same = order.iter().copied().find(|&n| self.place.loop_name(n) == dim);
        same.or_else(|| order.iter().copied().find(|&n| self.builder.dims.are_mapped(loops[n].dim, dim)))
    }

    /// The dimension that a name means where no variable has the name.
    pub(in crate::sema) fn find_dim(&mut self, path: &Path) -> Option<DimId> {
        let [name] = path.parts.as_slice() else { return None };
        let is_free = matches!(self.place.tree.resolve_path(self.place.instance, path), Target::Missing(_, Some(_)));
        if path.absolute || !self.builder.dims.has(&name.text) || !is_free {
            None
        } else {
            self.builder.dims.find(&name.text)
        }
    }
}

/// How the positions of a loop lie in another dimension. Nothing when one of them has no counterpart there; a split where the loop is to
/// be looked at in parts, as long as these are few.
fn relate_each(extent: Extent, position_at: impl Fn(u32) -> Option<u32>, n: usize) -> Result<Option<Related>, Split> {
    let end = extent.start + extent.len;
    let positions: Vec<Option<u32>> = (extent.start..end).map(&position_at).collect();
    let offsets: Vec<Option<i64>> = (extent.start..end)
        .zip(&positions)
        .map(|(at, position)| position.map(|position| i64::from(position) - i64::from(at)))
        .collect();
    let n_runs = offsets.chunk_by(|a, b| a == b).count();
    if n_runs == 1 {
        return Ok(offsets[0].map(Related::Offset));
    }
    if positions.iter().any(Option::is_none) {
        return Ok(None);
    }
    if n_runs <= MAX_RUNS {
        // In the middle, so that many parts do not take time with the square of their number.
        let middle = offsets.len() / 2;
        let ends = (1..offsets.len()).filter(|&at| offsets[at - 1] != offsets[at]);
        let at = ends.min_by_key(|at| at.abs_diff(middle)).unwrap_or(1);
        return Err(Split { n, at: extent.start + at as u32 });
    }
    let before = std::iter::repeat_n(0, extent.start as usize);
    Ok(Some(Related::Each(before.chain(positions.into_iter().flatten()).collect())))
}

#[cfg(test)]
mod tests;
