//! From the result of an equation down: what its names mean, and what is read of what they name.

use std::rc::Rc;

use crate::builtin::{Builtin, Meaning, TransportFn};
use crate::definition::wording::Cure;
use crate::definition::{Equation, EquationKind, Path};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::model::{Base, BinaryOp, Extent, Index, PureFn, ReduceOp, TransportQuery, VarId, VarKind};
use crate::name;
use crate::sema::base::diagnostics::count_arguments;
use crate::sema::base::shape::{Axis, Shape};
use crate::sema::equation::node_plan::{
    FlatRead, FunctionCall, Mode, NodePlan, Planner, Read, Split, Sub, TableArgument, TableRead, whole,
};
use crate::sema::equation::reference::{self, Callee, Referent};
use crate::sema::equation::subscript::relate;
use crate::sema::instances::function::{self, Function, Param};
use crate::sema::instances::module_tree::MAX_DEPTH;
use crate::source::Span;

/// INTERPOLATE runs along no more dimensions: it reads an element for each corner of a cell.
const MAX_INTERPOLATED: usize = 6;

/// What functions and reducers ask a conveyor or queue for, and how many arguments they then have.
const QUERIES: [(Meaning, TransportQuery, usize); 12] = [
    (Meaning::Transport(TransportFn::Element), TransportQuery::Cell, 2),
    (Meaning::Transport(TransportFn::Length), TransportQuery::Count, 1),
    (Meaning::Transport(TransportFn::Transit), TransportQuery::Transit, 1),
    (Meaning::Transport(TransportFn::Capacity), TransportQuery::Transit, 1),
    (Meaning::Size, TransportQuery::Count, 1),
    (Meaning::Reduce(ReduceOp::Sum), TransportQuery::Contents, 1),
    (Meaning::Reduce(ReduceOp::Mean), TransportQuery::Mean, 1),
    (Meaning::Reduce(ReduceOp::StdDev), TransportQuery::Deviation, 1),
    (Meaning::Reduce(ReduceOp::Min), TransportQuery::Least, 1),
    (Meaning::Reduce(ReduceOp::Max), TransportQuery::Greatest, 1),
    (Meaning::Fold(PureFn::Min), TransportQuery::Least, 1),
    (Meaning::Fold(PureFn::Max), TransportQuery::Greatest, 1),
];

impl<'a> Planner<'_, '_, 'a> {
    /// From the result down: what names mean.
    pub(in crate::sema) fn resolve_names(&mut self) -> Result<(), Split> {
        let n = self.equation.nodes.len();
        self.plans = vec![NodePlan::Skipped; n];
        self.modes[n - 1] = Some(Mode::Current);
        for index in (0..n).rev() {
            // A profile has been planned with its call.
            if let (Some(mode), NodePlan::Skipped) = (self.modes[index], &self.plans[index]) {
                self.hidden_here = self.hidden[index];
                self.subscript_here = self.subscript_of[index];
                self.plans[index] = self.plan_node(index, mode)?;
            }
        }
        if self.place.n_fixed > 0 {
            let fixed = self.place.loops;
            let n_own = self.place.run_loops().len();
            self.plans.iter_mut().for_each(|plan| plan.edit_indices(&mut |index| fix(index, n_own, fixed)));
        }
        Ok(())
    }

    fn plan_node(&mut self, index: usize, mode: Mode) -> Result<NodePlan<'a>, Split> {
        let equation = self.equation;
        let node = &equation.nodes[index];
        match &node.kind {
            EquationKind::Number(_) => {}
            EquationKind::Reference(path, subscripts) => return self.plan_reference(path, subscripts, node.span, mode),
            EquationKind::Call(path, args) => return self.plan_call(path, args, mode),
            EquationKind::SubscriptedCall(path, subscripts, args) => {
                return self.plan_subscripted_call(path, subscripts, args, node.span, mode);
            }
            EquationKind::Unary(_, a) => self.reach(*a, mode),
            EquationKind::Binary(op, a, b) => {
                if matches!(op, BinaryOp::Eq | BinaryOp::Ne)
                    && let Some(same) = self.plan_same(*a, *b)?
                {
                    return Ok(NodePlan::Same(same));
                }
                self.reach_all(&[*a, *b], mode);
            }
            EquationKind::If(cond, then, otherwise) => self.reach_all(&[*cond, *then, *otherwise], mode),
            EquationKind::Transpose(a) => self.reach(*a, whole(mode)),
            EquationKind::InnerProduct(a, b) => self.reach_all(&[*a, *b], whole(mode)),
            EquationKind::Wildcard(_) | EquationKind::Range(..) | EquationKind::Position(_) => {
                let message = "this can only be a subscript";
                self.diagnostics.report(self.place.error(code::BAD_SUBSCRIPT, node.span, message));
                return Ok(NodePlan::Broken);
            }
        }
        Ok(NodePlan::Operator)
    }

    /// A name without arguments.
    fn plan_reference(
        &mut self,
        path: &Path,
        subscripts: &[u32],
        span: Span,
        mode: Mode,
    ) -> Result<NodePlan<'a>, Split> {
        if subscripts.is_empty()
            && let Some(plan) = self.plan_position(path, mode)?
        {
            return Ok(plan);
        }
        let var = match self.place.resolve_reference(path, self.builder, self.diagnostics) {
            Referent::Var(var) => {
                self.warn_of_dimension(path, subscripts);
                var
            }
            Referent::Builtin(builtin) if builtin.meaning == Meaning::Own => {
                let own = self.place.tree.whole_of(self.place.owner);
                // Its name alone is the element that is computed, but for SIZE.
                let of = if subscripts.is_empty() && mode == Mode::Whole { Mode::Current } else { mode };
                let read = self.plan_read((own, self.builder.n_outer(own)), subscripts, span, of)?;
                return Ok(read.map_or(NodePlan::Broken, |read| NodePlan::Value(own, Box::new(read))));
            }
            Referent::Builtin(builtin) => return Ok(NodePlan::Constant(builtin)),
            Referent::Broken => return Ok(NodePlan::Broken),
        };
        if self.builder.is_broken(var) {
            return Ok(NodePlan::Broken);
        }
        let n_shared = self.n_shared(path, var);
        if let Some((&number, own)) = subscripts.split_last()
            && self.is_transport(var)
            && own.len() == self.builder.var(var).dims.len() - n_shared
        {
            self.reach(number, Mode::Current);
            let read = self.plan_read((var, n_shared), own, span, mode)?;
            return Ok(read.map_or(NodePlan::Broken, |read| {
                NodePlan::Transport(var, Box::new(read), Some(number), TransportQuery::Cell)
            }));
        }
        let read = self.plan_read((var, n_shared), subscripts, span, mode)?;
        Ok(read.map_or(NodePlan::Broken, |read| NodePlan::Value(var, Box::new(read))))
    }

    /// Warns where a name that could be a dimension of the equation is a variable.
    fn warn_of_dimension(&mut self, path: &Path, subscripts: &[u32]) {
        let ([name], true) = (path.parts.as_slice(), subscripts.is_empty()) else { return };
        if path.absolute || !self.builder.dims.has(&name.text) {
            return;
        }
        let Some(dim) = self.builder.dims.find(&name.text) else { return };
        if self.place.loops.iter().any(|extent| extent.dim == dim) {
            let shown = name::display(&name.text);
            let message = format!("`{shown}` is a dimension of this equation and a variable: here it is the variable");
            let warning = self.place.error(code::DUPLICATE_NAME, path.span, message);
            let warning = Diagnostic { severity: Severity::Warning, ..warning };
            let hint = "give the variable another name where the position of the element is meant";
            self.diagnostics.report(warning.with_hint(hint));
        }
    }

    /// A dimension's name or `Dim.element` as a number.
    fn plan_position(&mut self, path: &Path, mode: Mode) -> Result<Option<NodePlan<'a>>, Split> {
        let position = |sub: Sub, axes: Shape| {
            Some(NodePlan::Position(Box::new(Read { axes, subs: vec![sub], limits: Vec::new(), is_outside: false })))
        };
        if let Some((_, element)) = self.find_element(path) {
            return Ok(position(Sub::Index(Index::Fixed(element)), Vec::new()));
        }
        if let (Some(dim), [name], false) = (self.subscript_here, path.parts.as_slice(), path.absolute)
            && let Some(element) = self.builder.dims.position(dim, &name.text)
        {
            return Ok(position(Sub::Index(Index::Fixed(element)), Vec::new()));
        }
        let Some(dim) = self.find_dim(path) else { return Ok(None) };
        if mode != Mode::Size
            && let Some(n) = self.find_loop(path)
        {
            if self.place.loop_name(n) != self.place.loops[n].dim
                && let Some(sub) = self.plan_related(n, dim, dim)?
            {
                return Ok(position(sub, Vec::new()));
            }
            return Ok(position(Sub::Index(loop_index(n, 0)), Vec::new()));
        }
        Ok(position(Sub::Along(0, 0), vec![Axis::whole(dim, &self.builder.dims)]))
    }

    /// Compares dimensions and elements by the identity of the element: `DimA = A1`, `DimA = DimB`.
    fn plan_same(&mut self, a: u32, b: u32) -> Result<Option<Option<(Index, Index)>>, Split> {
        let equation = self.equation;
        let path = |node: u32| equation.nodes[node as usize].kind.as_name();
        let (Some(left), Some(right)) = (path(a), path(b)) else { return Ok(None) };
        let loops = self.place.loops;
        let ends = (self.find_loop(left), self.find_loop(right));
        let (n, other) = match ends {
            (Some(n), Some(m)) if loops[n].dim == loops[m].dim => {
                return Ok(Some(Some((loop_index(n, 0), loop_index(m, 0)))));
            }
            (Some(n), Some(m)) => return self.plan_same_loops(n, m).map(Some),
            (Some(n), None) => (n, right),
            (None, Some(n)) => (n, left),
            (None, None) => return Ok(None),
        };
        let element = match other.parts.as_slice() {
            [name] if !self.place.is_known(other) => &name.text,
            [_, name] if self.find_element(other).is_some() => &name.text,
            _ => return Ok(None),
        };
        match self.builder.dims.position(loops[n].dim, element) {
            Some(position) => Ok(Some(Some((loop_index(n, 0), Index::Fixed(position))))),
            None if other.parts.len() > 1 => Ok(Some(None)),
            None => Ok(None),
        }
    }

    /// Two dimensions: elements with equal names are the same.
    fn plan_same_loops(&mut self, n: usize, m: usize) -> Result<Option<(Index, Index)>, Split> {
        let dims = &self.builder.dims;
        let (from, to) = (self.place.loops[n], self.place.loops[m].dim);
        if dims.is_numeric(from.dim) && dims.is_numeric(to) {
            return Ok(Some((loop_index(n, 0), loop_index(m, 0))));
        }
        let has = |at: u32| dims.position(to, &dims.element(from.dim, at)).is_some();
        let first = has(from.start);
        let end = from.start + from.len;
        if let Some(at) = (from.start + 1..end).find(|&at| has(at) != first) {
            return Err(Split { n, at });
        }
        let offset = if first { relate(dims, self.place.loops, n, to)? } else { None };
        Ok(offset.map(|offset| (loop_index(n, offset), loop_index(m, 0))))
    }

    /// A name with arguments.
    fn plan_call(&mut self, path: &Path, args: &[u32], mode: Mode) -> Result<NodePlan<'a>, Split> {
        let builtin = match self.place.resolve_callee(path, args.len(), self.builder, self.diagnostics) {
            Callee::Broken => {
                self.reach_all(args, mode);
                return Ok(NodePlan::Broken);
            }
            Callee::Array(var) => {
                self.reach_all(args, mode);
                let n_shared = self.n_shared(path, var);
                return Ok(NodePlan::Flat(FlatRead { var, n_shared }));
            }
            Callee::Table(var) => return self.plan_table(path, var, &[], args, path.span, mode),
            Callee::Macro(index) => {
                let function = self.place.tree.functions[index].clone();
                return self.plan_function(function, args, path.span, mode);
            }
            Callee::Model(model) => {
                let Some(function) = self.place.tree.as_function(model) else { return Ok(NodePlan::Broken) };
                return self.plan_function(function, args, path.span, mode);
            }
            // What an equation that is still to be written will depend on: nothing is made of it.
            Callee::Builtin(builtin) if matches!(builtin.meaning, Meaning::Constant(value) if value.is_nan()) => {
                return Ok(NodePlan::Constant(builtin));
            }
            Callee::Builtin(builtin) => builtin,
        };
        if let Some(plan) = self.plan_transport_call(builtin, args, mode)? {
            return Ok(plan);
        }
        match (builtin.meaning, has_arity(builtin, args.len())) {
            (Meaning::Lookup(_), true) => {
                let (tables, others) = args.split_at(function::n_tables(builtin));
                self.reach_all(others, mode);
                let mut reads = Vec::with_capacity(tables.len());
                for (&table, place) in tables.iter().zip(["first", "second"]) {
                    let Some(read) = self.plan_table_argument(table, (builtin, place), mode)? else {
                        return Ok(NodePlan::Broken);
                    };
                    reads.push(read);
                }
                return Ok(NodePlan::Call(builtin, reads));
            }
            (Meaning::Size, _) => self.reach_all(args, Mode::Size),
            (Meaning::Interpolate, true) => {
                self.reach_all(&args[1..], mode);
                return self.plan_interpolation(builtin, args[0], args.len() - 1);
            }
            (Meaning::Rank | Meaning::Vector(_), true) => return self.plan_vector(builtin, args, mode),
            (Meaning::Reduce(op), _) if args.len() == 1 => {
                self.reach(args[0], whole(mode));
                return Ok(NodePlan::Reduce(builtin, op));
            }
            (Meaning::Fold(function), _) if args.len() == 1 => {
                self.reach(args[0], whole(mode));
                let op = if function == PureFn::Max { ReduceOp::Max } else { ReduceOp::Min };
                return Ok(NodePlan::Reduce(builtin, op));
            }
            // All others look at the values of their arguments.
            _ => self.reach_all(args, mode),
        }
        Ok(NodePlan::Call(builtin, Vec::new()))
    }

    /// INTERPOLATE: its first argument is an array, of which a part runs along each dimension that its subscripts leave open.
    fn plan_interpolation(
        &mut self,
        builtin: &'static Builtin,
        array: u32,
        n_parts: usize,
    ) -> Result<NodePlan<'a>, Split> {
        let node = &self.equation.nodes[array as usize];
        let mut read = None;
        if let EquationKind::Reference(path, subscripts) = &node.kind
            && let Some(var) = self.place.find_var(path)
        {
            if self.builder.is_broken(var) {
                return Ok(NodePlan::Broken);
            }
            let n_shared = self.n_shared(path, var);
            let Some(found) = self.plan_read((var, n_shared), subscripts, node.span, Mode::Whole)? else {
                return Ok(NodePlan::Broken);
            };
            read = Some((var, found));
        }
        let n_open = read.as_ref().map_or(0, |(_, read)| read.axes.len());
        let message = if n_open == 0 {
            format!("the first argument of {} must be an array", self.place.spelling(builtin))
        } else if n_open != n_parts {
            format!("{} of an array of {n_open} dimensions has {n_parts} parts", self.place.spelling(builtin))
        } else if n_open > MAX_INTERPOLATED {
            format!("{} runs along {n_open} dimensions", self.place.spelling(builtin))
        } else {
            let is_even = |sub: &Sub| !matches!(sub, Sub::AlongTable(..));
            return Ok(match read.filter(|(_, read)| read.limits.is_empty() && read.subs.iter().all(is_even)) {
                Some((var, read)) => NodePlan::Call(builtin, vec![(var, Box::new(read))]),
                None => self.report_range(builtin, node.span),
            });
        };
        let hint = format!("give one part for each dimension that is not chosen, at most {MAX_INTERPOLATED} of them");
        self.diagnostics.report(self.place.error(code::NOT_AN_ARRAY, node.span, message).with_hint(hint));
        Ok(NodePlan::Broken)
    }

    fn report_range(&mut self, builtin: &Builtin, span: Span) -> NodePlan<'a> {
        let message = format!(
            "the elements between which {} finds values must be a run that is known",
            self.place.spelling(builtin)
        );
        self.diagnostics.report(self.place.error(code::COMPUTED_RANGE, span, message));
        NodePlan::Broken
    }

    /// A function of what is on a conveyor or in a queue: one by name, or a reducer of a single one.
    fn plan_transport_call(
        &mut self,
        builtin: &Builtin,
        args: &[u32],
        mode: Mode,
    ) -> Result<Option<NodePlan<'a>>, Split> {
        let asked = QUERIES.iter().find(|(meaning, ..)| *meaning == builtin.meaning);
        let Some(&(_, query, n_args)) = asked else { return Ok(None) };
        let is_named = matches!(builtin.meaning, Meaning::Transport(_));
        let found = args.first().filter(|_| args.len() == n_args).and_then(|&arg| self.find_transport(arg));
        let Some((var, n_shared, subscripts)) = found else {
            if let (true, Some(&first)) = (is_named, args.first()) {
                let span = self.equation.nodes[first as usize].span;
                let message =
                    format!("the first argument of {} must be a conveyor or queue", self.place.spelling(builtin));
                self.diagnostics.report(self.place.error(code::TRANSPORT_EXPECTED, span, message));
                return Ok(Some(NodePlan::Broken));
            }
            return Ok(None);
        };
        let span = self.equation.nodes[args[0] as usize].span;
        let own = if is_named { mode } else { Mode::Current };
        let Some(read) = self.plan_read((var, n_shared), subscripts, span, own)? else {
            return Ok(Some(NodePlan::Broken));
        };
        if !is_named && !read.axes.is_empty() {
            return Ok(None);
        }
        let read = Box::new(read);
        if builtin.meaning == Meaning::Transport(TransportFn::Capacity) {
            return Ok(Some(NodePlan::Capacity(var, read)));
        }
        let number = args.get(1).copied();
        if let Some(number) = number {
            self.reach(number, Mode::Current);
        }
        Ok(Some(NodePlan::Transport(var, read, number, query)))
    }

    /// A macro or model. Its arguments are looked at as the parameters are used.
    fn plan_function(
        &mut self,
        function: Function<'a>,
        args: &[u32],
        span: Span,
        mode: Mode,
    ) -> Result<NodePlan<'a>, Split> {
        let fault = if function.reported {
            None
        } else if self.place.is_within(function.body) {
            Some(reference::recursive(self.place, &function, span))
        } else if self.place.tree.ancestors(self.place.instance).count() > MAX_DEPTH {
            let message = format!("calls of macros nest deeper than {MAX_DEPTH} levels");
            Some(self.place.error(code::MACRO_LIMIT, span, message))
        } else if args.len() < function.n_required || args.len() > function.params.len() {
            Some(self.wrong_arity(&function, args.len(), span))
        } else if function.result.is_none() {
            let message =
                format!("model `{}` cannot be called: it has no single output", name::display(&function.name.text));
            let hint = self.diagnostics.cure(Cure::MarkResult);
            Some(self.place.error(code::NOT_A_FUNCTION, span, message).with_hint(hint))
        } else {
            let mut tables = Vec::with_capacity(args.len());
            for (&arg, param) in args.iter().zip(&function.params) {
                let passed = self.plan_passed_table(arg, param, mode)?;
                if passed.as_ref().is_none_or(|(_, has_value)| *has_value && param.usage.is_value) {
                    self.reach(arg, if param.usage.is_array { whole(mode) } else { mode });
                }
                tables.push(passed.and_then(|(table, _)| table));
            }
            return Ok(NodePlan::Function(Rc::new(FunctionCall { function, tables })));
        };
        self.reach_all(args, mode);
        if let Some(fault) = fault {
            self.diagnostics.report(fault);
        }
        Ok(NodePlan::Broken)
    }

    /// The graphical function that an argument passes on, if the parameter is used as one and the argument names one, and whether it has a
    /// value as well. One that is at fault has been reported, and passes on nothing.
    fn plan_passed_table(
        &mut self,
        node: u32,
        param: &Param<'_>,
        mode: Mode,
    ) -> Result<Option<(Option<TableArgument>, bool)>, Split> {
        let equation = self.equation;
        let node = &equation.nodes[node as usize];
        let EquationKind::Reference(path, subscripts) = &node.kind else { return Ok(None) };
        let named = self.place.find_var(path).filter(|_| param.usage.is_table);
        let found = named.map(|named| (named, self.builder.resolve_alias(named)));
        let Some((named, var)) = found.filter(|&(_, var)| self.builder.has_table(var)) else { return Ok(None) };
        let has_value = self.builder.var(named).kind != VarKind::Lookup;
        // What one element of an instance has is told by its subscripts.
        let is_whole =
            subscripts.is_empty() && (self.builder.n_outer(var) == 0 || self.builder.each_table(var).is_empty());
        if is_whole || self.builder.is_broken(var) {
            return Ok(Some((Some(TableArgument::Whole(var)), has_value)));
        }
        let read = self.plan_read((var, self.n_shared(path, var)), subscripts, node.span, mode)?;
        Ok(Some((read.map(|read| TableArgument::Part((var, Box::new(read)))), has_value)))
    }

    fn wrong_arity(&self, function: &Function<'_>, n: usize, span: Span) -> Diagnostic {
        let (least, most) = (function.n_required, function.params.len());
        let wanted =
            if least == most { count_arguments(most) } else { format!("{least} to {}", count_arguments(most)) };
        let message = format!("{} takes {wanted}, but has {n} here", name::display(&function.name.text));
        self.place
            .error(code::ARGUMENT_COUNT, span, message)
            .with_place(function.name.span, "defined here")
            .with_hint(format!("write `{}`", function.usage()))
    }

    /// `name[a](x)`.
    fn plan_subscripted_call(
        &mut self,
        path: &Path,
        subscripts: &[u32],
        args: &[u32],
        span: Span,
        mode: Mode,
    ) -> Result<NodePlan<'a>, Split> {
        match self.place.resolve_callee(path, args.len(), self.builder, self.diagnostics) {
            Callee::Table(var) => self.plan_table(path, var, subscripts, args, span, mode),
            Callee::Builtin(_) | Callee::Array(_) | Callee::Macro(_) | Callee::Model(_) => {
                let message = "only the name of a graphical function can have subscripts and arguments";
                self.diagnostics.report(self.place.error(code::NOT_CALLABLE, span, message));
                Ok(NodePlan::Broken)
            }
            Callee::Broken => Ok(NodePlan::Broken),
        }
    }

    /// A graphical function at x.
    fn plan_table(
        &mut self,
        path: &Path,
        var: VarId,
        subs: &[u32],
        args: &[u32],
        span: Span,
        mode: Mode,
    ) -> Result<NodePlan<'a>, Split> {
        self.reach_all(args, mode);
        if self.builder.is_broken(var) {
            return Ok(NodePlan::Broken);
        }
        let read = self.plan_read((var, self.n_shared(path, var)), subs, span, mode)?;
        Ok(read.map_or(NodePlan::Broken, |read| NodePlan::Table(var, Box::new(read))))
    }

    /// The table that the first or second argument of a builtin names.
    fn plan_table_argument(
        &mut self,
        node: u32,
        builtin: (&Builtin, &str),
        mode: Mode,
    ) -> Result<Option<TableRead>, Split> {
        let equation = self.equation;
        let node = &equation.nodes[node as usize];
        let EquationKind::Reference(path, subscripts) = &node.kind else {
            self.place.report_no_table(builtin, node, None, self.diagnostics);
            return Ok(None);
        };
        let var = self.place.find_var(path).map(|var| self.builder.resolve_alias(var));
        let Some(var) = var.filter(|&var| self.builder.has_table(var)) else {
            self.place.report_no_table(builtin, node, var, self.diagnostics);
            return Ok(None);
        };
        if self.builder.is_broken(var) {
            return Ok(None);
        }
        let shared = self.n_shared(path, var);
        Ok(self.plan_read((var, shared), subscripts, node.span, mode)?.map(|read| (var, Box::new(read))))
    }
}

impl<'c> Planner<'c, '_, '_> {
    /// A single conveyor or queue that a node names, with its subscripts; `[*]` after them means all that is in it.
    fn find_transport(&self, node: u32) -> Option<(VarId, usize, &'c [u32])> {
        let equation: &'c Equation = self.equation;
        let EquationKind::Reference(path, subscripts) = &equation.nodes[node as usize].kind else { return None };
        let var = self.place.find_var(path).filter(|&var| self.is_transport(var))?;
        let n_shared = self.n_shared(path, var);
        let rank = self.builder.var(var).dims.len() - n_shared;
        let is_all = |node: &u32| matches!(equation.nodes[*node as usize].kind, EquationKind::Wildcard(None));
        let own = match subscripts.split_last() {
            Some((last, own)) if own.len() == rank && is_all(last) => own,
            _ if subscripts.len() == rank => subscripts.as_slice(),
            _ => return None,
        };
        let is_open = |node: &u32| {
            matches!(equation.nodes[*node as usize].kind, EquationKind::Wildcard(_) | EquationKind::Range(..))
        };
        (!own.iter().any(is_open)).then_some((var, n_shared, own))
    }

    fn is_transport(&self, var: VarId) -> bool {
        self.place.tree.def(var).transport.is_some() && !self.builder.is_broken(var)
    }
}

/// Whether a builtin takes that many arguments.
fn has_arity(builtin: &Builtin, n: usize) -> bool {
    let (least, greatest) = builtin.arity();
    n >= least && greatest.is_none_or(|greatest| n <= greatest)
}

/// Makes an element of what follows one of the loops after the first ones: each of these has one position.
fn fix(index: &mut Index, n_own: usize, loops: &[Extent]) {
    if let Index::Moving { base: Base::Loop(n), offset } = *index
        && n as usize >= n_own
        && let Some(extent) = loops.get(n as usize)
    {
        *index = Index::Fixed(u32::try_from(i64::from(extent.start) + offset).unwrap_or(0));
    }
}

fn loop_index(n: usize, offset: i64) -> Index {
    Index::Moving { base: Base::Loop(n as u32), offset }
}
