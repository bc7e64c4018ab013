//! Calls of macros and of models: each is an instance of its own.
//!
//! The arguments are bound to the parameters as values, as if the parameters were variables with these equations. All variables of the instance have
//! the dimensions over which the call runs in front of their own: those of the calling variable, and those of the reducers around
//! the call. So a call in an arrayed equation is one instance with arrays in it, and each element remembers for itself.

use std::collections::BTreeMap;

use crate::diagnostic::code;
use crate::model::{
    Base, Clause, DimId, Expr, ExprKind, Extent, Index, NodeId, StateId, Table, TableId, TableKind, VarId,
};
use crate::name;
use crate::sema::base::dimension::Dims;
use crate::sema::base::stand_in::{STAND_IN, stand_in};
use crate::sema::builder::call::{Argument, PassedTable, PendingCall};
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::equation::node_plan::{FunctionCall, Sub, TableArgument, TableRead};
use crate::sema::equation::resolver::{Call, Frames, Resolver};
use crate::sema::instances::call_axis::{CallAxis, CallLink};
use crate::sema::instances::function::{Function, Param};

use crate::source::Span;

/// How many graphical functions all arguments together may choose, one for each element for which a call is made.
const MAX_PASSED: u64 = 1 << 20;

/// How many calls of macros and models there may be, those within them included.
const MAX_CALLS: usize = 100_000;

impl Resolver<'_, '_, '_> {
    /// Binds the arguments of a call, asks for its instance, and reads its result.
    pub(in crate::sema) fn resolve_function(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        planned: &FunctionCall<'_>,
    ) -> NodeId {
        let function = &planned.function;
        let prefix = self.prefix(function);
        let Some(result) = function.result.filter(|_| self.take_room(function, &prefix, call.span)) else {
            return frames.exprs[call.frame].push(STAND_IN, call.span);
        };
        let within = frames.planned.frames[call.frame].clone();
        let home = ArgumentContext::new(self.place.loops, &within, &self.builder.dims);
        let first_var = self.builder.next_var;
        let mut args = BTreeMap::new();
        for (index, (&node, param)) in call.args.iter().zip(&function.params).enumerate() {
            let has_value = frames.planned.frame_of[node as usize].is_some();
            let table = match planned.tables.get(index) {
                Some(Some(TableArgument::Whole(var))) => Some(PassedTable::Of(*var)),
                Some(Some(TableArgument::Part(read))) => self.pass_tables(read, param, (&home, has_value), node),
                Some(None) | None => None,
            };
            let owner = VarId(first_var + param.position);
            // What is at fault has been reported; it counts as a number.
            let value =
                (has_value || table.is_none()).then(|| self.value_argument(frames, call, index, param, &home, owner));
            args.insert(param.position, Argument { value, table });
        }
        let n_new = self.place.tree.body(function.body).n_vars();
        self.builder.next_var += u32::try_from(n_new).expect("fewer variables than the limit");
        let dims = home.region.iter().map(|extent| extent.dim).collect();
        let link = CallLink {
            path: format!("{}#{}.", self.draw_path(), self.places[call.index]),
            axes: home.axes(self.place, &within),
        };
        self.builder.calls.push(PendingCall {
            body: function.body,
            caller: self.place.instance,
            link,
            prefix,
            dims,
            args,
        });
        frames.exprs[call.frame].push(ExprKind::Var(VarId(first_var + result), home.outside()), call.span)
    }

    /// What is before the names of the instance's variables: `a: SQ#1.`, and in a call within it `a: SQ#1.OTHER#2.`.
    fn prefix(&self, function: &Function<'_>) -> String {
        let (tree, n_call) = (self.place.tree, self.builder.n_calls + 1);
        let caller = tree.instance(self.place.instance);
        let outer =
            if caller.is_hidden { caller.prefix.clone() } else { format!("{}: ", tree.var_name(self.place.owner)) };
        format!("{outer}{}#{n_call}.", name::display(&function.name.text))
    }

    /// Whether there may be another call; when not, that is reported once.
    fn take_room(&mut self, function: &Function<'_>, prefix: &str, span: Span) -> bool {
        if self.builder.is_full {
            return false;
        }
        self.builder.n_calls += 1;
        let body = self.place.tree.body(function.body);
        let has_room = self.builder.budget.take(body, prefix);
        if !has_room || self.builder.n_calls > MAX_CALLS {
            self.builder.is_full = true;
            let message = "calls of macros together make the model too large";
            self.diagnostics.report(
                self.place
                    .error(code::MACRO_LIMIT, span, message)
                    .with_label("this call goes beyond the limit")
                    .with_hint(format!("there may be {MAX_CALLS} calls, those within macros included")),
            );
        }
        !self.builder.is_full
    }

    /// The graphical functions that subscripts choose, for each element for which the call is made.
    fn pass_tables(
        &mut self,
        (var, read): &TableRead,
        param: &Param<'_>,
        (home, has_value): (&ArgumentContext, bool),
        node: u32,
    ) -> Option<PassedTable> {
        let span = self.equation.nodes[node as usize].span;
        let axes: Vec<Extent> = read.axes.iter().map(|axis| axis.extent()).collect();
        let own = self.own_dims(&axes, param, span)?;
        // Where there is a value as well, both have the same dimensions.
        let moves = |sub: &Sub| matches!(sub, Sub::Index(Index::Moving { .. }) | Sub::LoopTable(..));
        let moves = read.subs.iter().any(moves);
        let outer: &[Extent] = if moves || has_value { &home.region } else { &[] };
        let dims: Vec<DimId> = outer.iter().map(|extent| extent.dim).chain(own).collect();
        let lens: Vec<u32> = dims.iter().map(|&dim| self.builder.dims.len(dim)).collect();
        let n = lens.iter().fold(1_u64, |n, &len| n.saturating_mul(u64::from(len)));
        let chosen: Option<Vec<Chosen>> =
            read.subs.iter().map(|sub| home.chosen(*sub, outer.len(), &axes, &self.builder.tables)).collect();
        let Some(chosen) = chosen else {
            let message = "which graphical function this is must be known before the run";
            self.diagnostics.report(self.place.error(code::COMPUTED_RANGE, span, message));
            return None;
        };
        let missing = format!("some elements of `{}` have no graphical function", self.builder.var(*var).name);
        let of_all = match (self.builder.each_table(*var), self.builder.shared_table(*var)) {
            _ if read.is_outside => {
                let (xs, ys) = (vec![0.0], vec![self.place.tree.file.invalid_index]);
                let name = self.builder.var(*var).name.clone();
                let nothing = Table { name, kind: TableKind::Continuous, xs, ys, is_derived: true };
                Some(Some(self.builder.push_table(nothing)))
            }
            ([], shared) => Some(shared),
            _ => None,
        };
        if let Some(table) = of_all {
            if table.is_none() {
                self.diagnostics.report(self.place.error(code::MISSING_ELEMENTS, span, missing));
            }
            return Some(PassedTable::Each { dims, n_outer: outer.len(), tables: vec![table?] });
        }
        self.builder.n_passed = self.builder.n_passed.saturating_add(n);
        if self.builder.n_passed > MAX_PASSED {
            let message = format!("more than {MAX_PASSED} graphical functions are passed on");
            self.diagnostics.report(self.place.error(code::ARRAY_TOO_LARGE, span, message));
            return None;
        }
        let each = self.builder.each_table(*var);
        let of: Vec<u32> = self.builder.var(*var).dims.iter().map(|&dim| self.builder.dims.len(dim)).collect();
        let mut at = vec![0_u32; lens.len()];
        // Nothing for elements without a call.
        let mut tables: Vec<Option<TableId>> = Vec::new();
        for _ in 0..n {
            let is_called =
                at.iter().zip(outer).all(|(at, extent)| (extent.start..extent.start + extent.len).contains(at));
            let flat = chosen.iter().zip(&of).try_fold(0_usize, |flat, (chosen, &len)| {
                let position = chosen.at(&at, &self.builder.tables).filter(|&position| position < len)?;
                Some(flat * len as usize + position as usize)
            });
            let table = flat.and_then(|flat| each.get(flat).copied().flatten());
            if is_called && table.is_none() {
                self.diagnostics.report(self.place.error(code::MISSING_ELEMENTS, span, missing));
                return None;
            }
            tables.push(table);
            for (at, &len) in at.iter_mut().zip(&lens).rev() {
                *at += 1;
                if *at < len {
                    break;
                }
                *at = 0;
            }
        }
        let any = tables.iter().copied().flatten().next()?;
        let tables = tables.into_iter().map(|table| table.unwrap_or(any)).collect();
        Some(PassedTable::Each { dims, n_outer: outer.len(), tables })
    }

    /// The equation of a parameter.
    fn value_argument(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        index: usize,
        param: &Param<'_>,
        home: &ArgumentContext,
        owner: VarId,
    ) -> (Vec<DimId>, Vec<Clause>) {
        let frame = call.first_frame + index;
        let span = self.equation.nodes[call.args[index] as usize].span;
        let n_within = frames.planned.frames[call.frame].len();
        let axes: Vec<Extent> = frames.planned.frames[frame].get(n_within..).unwrap_or_default().to_vec();
        let mut expr = frames.take(frame, span);
        // One that does not fit has been reported; whatever stands for it fits the body.
        let own = self.own_dims(&axes, param, span).unwrap_or_else(|| axes.iter().map(|axis| axis.dim).collect());
        let own_extents: Vec<Extent> =
            own.iter().zip(&axes).map(|(&dim, axis)| Extent { dim, start: 0, len: axis.len }).collect();
        let region: Vec<Extent> = home.region.iter().chain(&own_extents).copied().collect();
        let starts = axes.iter().map(|axis| axis.start).collect();
        let home = ArgumentContext { n_bounds: n_within + axes.len(), own: own_extents, starts, ..home.clone() };
        home.move_expr(&mut expr, owner, self.builder);
        let rest = rest_of(&region, &self.builder.dims).into_iter();
        let mut clauses: Vec<Clause> = rest.map(|region| Clause::new(region, stand_in(span))).collect();
        clauses.push(Clause::new(region, expr));
        (own, clauses)
    }

    /// The dimensions that a parameter has of its own: those that it declares, or those of its argument.
    fn own_dims(&mut self, axes: &[Extent], param: &Param<'_>, span: Span) -> Option<Vec<DimId>> {
        let declared: Option<Vec<DimId>> = param.def.dims.iter().map(|dim| self.builder.dims.find(&dim.text)).collect();
        let declared = declared?;
        if declared.is_empty() {
            let dims = &mut self.builder.dims;
            let dim_of =
                |axis: &Extent| if axis.len == dims.len(axis.dim) { axis.dim } else { dims.part(axis.dim, axis.len) };
            return Some(axes.iter().map(dim_of).collect());
        }
        let fits = declared.len() == axes.len()
            && declared.iter().zip(axes).all(|(&dim, axis)| self.builder.dims.len(dim) == axis.len);
        if fits {
            return Some(declared);
        }
        let shown = name::display(&param.def.name.text);
        let message = format!("the argument does not have the dimensions of parameter `{shown}`");
        let error = self.place.error(code::SHAPES, span, message);
        self.diagnostics.report(error.with_hint("pass an array of its shape"));
        None
    }
}

/// A position in a dimension of a graphical function.
enum Chosen {
    /// Always the same.
    Fixed(i64),
    /// That of a dimension of those that are passed on, with what is added to it.
    Moving(usize, i64),
    /// What a table of places has for such a position.
    Listed(usize, i64, TableId),
}

impl Chosen {
    fn at(&self, at: &[u32], tables: &[Table]) -> Option<u32> {
        let moved = |n: usize, offset: i64| Some(i64::from(*at.get(n)?) + offset);
        let position = match *self {
            Chosen::Fixed(position) => position,
            Chosen::Moving(n, offset) => moved(n, offset)?,
            Chosen::Listed(n, offset, table) => listed(&tables[table.0 as usize], moved(n, offset)?)?,
        };
        u32::try_from(position).ok()
    }
}

/// What a table of places has for a position; both are counted from 0.
fn listed(table: &Table, position: i64) -> Option<i64> {
    let place = table.ys.get(usize::try_from(position).ok()?)?;
    Some(*place as i64 - 1)
}

/// Where the arguments of a call are computed: the variables of its instance run over the loops and reducers around the call.
#[derive(Clone, Debug)]
struct ArgumentContext {
    /// What becomes of each loop of the calling variable: a loop, or a fixed position where it runs over a single element.
    loops: Vec<Result<u32, u32>>,
    /// How many of the outermost reducers' extents become loops.
    n_bounds: usize,
    /// The loop that the first of them becomes.
    first: u32,
    /// What the loops run over.
    region: Vec<Extent>,
    /// The extents of the last of those reducers, which are the dimensions of an argument, as the parameter has them.
    own: Vec<Extent>,
    /// Where in the dimensions of the argument they begin.
    starts: Vec<u32>,
}

impl ArgumentContext {
    fn new(loops: &[Extent], within: &[Extent], dims: &Dims) -> Self {
        let mut region = Vec::with_capacity(loops.len() + within.len());
        let mut moved = Vec::with_capacity(loops.len());
        for extent in loops {
            if extent.len == 1 && dims.len(extent.dim) > 1 {
                moved.push(Err(extent.start));
            } else {
                moved.push(Ok(region.len() as u32));
                region.push(*extent);
            }
        }
        let first = region.len() as u32;
        region.extend(within);
        Self { loops: moved, n_bounds: within.len(), first, region, own: Vec::new(), starts: Vec::new() }
    }

    /// How the call reads a variable of its instance.
    fn outside(&self) -> Vec<Index> {
        let moving = |base: Base| Index::Moving { base, offset: 0 };
        let loops = (0u32..).zip(&self.loops).filter(|(_, moved)| moved.is_ok());
        let loops = loops.map(|(n, _)| moving(Base::Loop(n)));
        loops.chain((0..self.n_bounds as u32).map(|n| moving(Base::Bound(n)))).collect()
    }

    /// The dimension of the argument that an extent of the reducers around it is, if it is one.
    fn own_axis(&self, bound: usize) -> Option<usize> {
        bound.checked_sub(self.n_bounds - self.own.len()).filter(|&axis| axis < self.own.len())
    }

    /// The element of all around the call that is computed.
    fn axes(&self, place: &EquationContext<'_, '_>, within: &[Extent]) -> Vec<CallAxis> {
        let instance = place.tree.instance(place.instance);
        let moved = |n: usize| self.loops.get(n).copied().unwrap_or(Err(0));
        let outer = instance.axes.iter().map(|axis| match axis.at {
            Ok(n) => CallAxis { at: moved(n as usize), ..*axis },
            Err(_) => *axis,
        });
        let own = place.loops.iter().enumerate().skip(instance.dims.len());
        let own = own.map(|(n, extent)| CallAxis { dim: extent.dim, at: moved(n) });
        let reducers = (self.first..).zip(within).map(|(n, extent)| CallAxis { dim: extent.dim, at: Ok(n) });
        outer.chain(own).chain(reducers).collect()
    }

    /// What a subscript of a graphical function names: a position, or one that moves with a dimension of those that are passed on. The
    /// first of these are those of the call, if there are any. None where only the run would tell.
    fn chosen(&self, sub: Sub, n_outer: usize, axes: &[Extent], tables: &[Table]) -> Option<Chosen> {
        match sub {
            Sub::Index(Index::Fixed(position)) => Some(Chosen::Fixed(i64::from(position))),
            Sub::Index(Index::Moving { base: Base::Loop(n), offset }) => match self.loops.get(n as usize) {
                Some(&Ok(n)) => Some(Chosen::Moving(n as usize, offset)),
                Some(&Err(start)) => Some(Chosen::Fixed(i64::from(start) + offset)),
                None => None,
            },
            Sub::Along(axis, offset) => {
                axes.get(axis).map(|extent| Chosen::Moving(n_outer + axis, i64::from(extent.start) + offset))
            }
            Sub::LoopTable(n, table) => match *self.loops.get(n)? {
                Ok(n) => Some(Chosen::Listed(n as usize, 0, table)),
                Err(start) => listed(&tables[table.0 as usize], i64::from(start)).map(Chosen::Fixed),
            },
            Sub::AlongTable(axis, table) => {
                let extent = axes.get(axis)?;
                Some(Chosen::Listed(n_outer + axis, i64::from(extent.start), table))
            }
            Sub::Index(_) | Sub::Computed(_) => None,
        }
    }

    fn move_index(&self, index: &mut Index) {
        let Index::Moving { base, offset } = *index else { return };
        *index = match base {
            Base::Loop(n) => match self.loops.get(n as usize) {
                Some(&Ok(n)) => Index::Moving { base: Base::Loop(n), offset },
                Some(&Err(start)) => Index::Fixed(u32::try_from(i64::from(start) + offset).unwrap_or(0)),
                // Shapes that do not fit have been reported.
                None => Index::Fixed(0),
            },
            Base::Bound(n) if (n as usize) < self.n_bounds => {
                let start = self.own_axis(n as usize).map_or(0, |axis| i64::from(self.starts[axis]));
                Index::Moving { base: Base::Loop(self.first + n), offset: offset + start }
            }
            Base::Bound(n) => Index::Moving { base: Base::Bound(n - self.n_bounds as u32), offset },
        };
    }

    /// Makes an expression of the calling variable one of a parameter, with the calls in it that remember.
    fn move_expr(&self, expr: &mut Expr, owner: VarId, builder: &mut ModelBuilder) {
        expr.edit(&mut |node| {
            if let ExprKind::Vector(read) = &mut node.kind {
                let mut loops = self.loops.iter();
                read.indices.retain(|_| loops.next().is_none_or(Result::is_ok));
            }
            node.kind.edit_indices(&mut |index| self.move_index(index));
            if let Some(call) = node.kind.call() {
                self.move_state(call, owner, builder);
            }
        });
    }

    fn move_state(&self, id: StateId, owner: VarId, builder: &mut ModelBuilder) {
        // The input of a call may hold the call itself, and calls may share others: each moves once.
        if builder.states[id.0 as usize].owner == owner {
            return;
        }
        builder.states[id.0 as usize].owner = owner;
        let mut state = builder.states[id.0 as usize].clone();
        let n_old = state.n_loops as usize;
        let is_kept = |n: usize| n >= n_old || self.loops.get(n).is_some_and(Result::is_ok);
        let extents = state.extents.iter().enumerate().filter(|(n, _)| is_kept(*n));
        let moved = |(n, extent): (usize, &Extent)| {
            let axis = n.checked_sub(n_old).and_then(|bound| self.own_axis(bound));
            axis.map_or(*extent, |axis| self.own[axis])
        };
        state.extents = extents.map(moved).collect();
        state.n_loops = self.first + self.n_bounds as u32;
        state.exprs_mut().for_each(|expr| self.move_expr(expr, owner, builder));
        builder.states[id.0 as usize] = state;
        if let Ok(position) = builder.orders.binary_search_by_key(&id, |order| order.state) {
            let mut order = std::mem::take(&mut builder.orders[position].expr);
            self.move_expr(&mut order, owner, builder);
            builder.orders[position].expr = order;
        }
    }
}

/// Boxes of all elements of an array outside of a region.
fn rest_of(region: &[Extent], dims: &Dims) -> Vec<Vec<Extent>> {
    let mut boxes = Vec::new();
    for (n, extent) in region.iter().enumerate() {
        let end = extent.start + extent.len;
        for (start, end) in [(0, extent.start), (end, dims.len(extent.dim))] {
            if start < end {
                let whole =
                    region[n + 1..].iter().map(|extent| Extent { start: 0, len: dims.len(extent.dim), ..*extent });
                let run = Extent { start, len: end - start, ..*extent };
                boxes.push(region[..n].iter().copied().chain([run]).chain(whole).collect());
            }
        }
    }
    boxes
}
