//! Random numbers: what a call becomes, and the seed that all calls without a seed of their own share.

use crate::builtin::{Builtin, Default, Meaning, MemoryFn, ParamKind};
use crate::definition::{DefKind, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{
    Base, BinaryOp, Def, DimId, Distribution, Expr, ExprKind, Extent, Index, NodeId, PureFn, UnaryOp, Var, VarId,
    VarKind,
};
use crate::name::{self, Key};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::equation::composed::Composer;
use crate::sema::equation::node_plan::NodePlan;
use crate::sema::equation::resolver::{Call, Frames, Resolver};
use crate::sema::instances::body::TransportPart;
use crate::sema::instances::module_tree::ModuleTree;
use crate::source::Span;

/// The settable constant from which all draws without a seed of their own follow.
pub(in crate::sema) const RANDOM_SEED: &str = "random seed";

/// Vensim's name for it (vensim.com/documentation/specialvariables.html): a number of this name is the seed of a model that has no other.
const NOISE_SEED: &str = "NOISE SEED";

/// Its default.
const DEFAULT_SEED: f64 = 1.0;

/// Stands for the seed until it is a variable.
const PENDING_SEED: VarId = VarId(u32::MAX);

/// Calls are told apart by this many bits, so that their number is exact as an f64.
const CALL_BITS: u32 = 52;

impl Resolver<'_, '_, '_> {
    /// A draw: see [`PureFn::Draw`] for what its arguments become.
    pub(in crate::sema) fn resolve_draw(
        &mut self,
        frames: &mut Frames,
        call: &Call<'_>,
        builtin: &Builtin,
        distribution: Distribution,
    ) -> NodeId {
        let mut parameters = Vec::new();
        let (mut seed, mut sample, mut least, mut greatest) = (None, None, None, None);
        let (mut shift, mut stretch) = (None, None);
        for (index, param) in builtin.params.iter().enumerate() {
            let value = match param.default {
                _ if index < call.args.len() => Some(frames.argument(call, index)),
                Default::Value(value) => Some(frames.exprs[call.frame].push(ExprKind::Number(value), call.span)),
                Default::Absent | Default::Required | Default::Start | Default::EveryStep => None,
            };
            match param.kind {
                ParamKind::Seed => seed = value,
                ParamKind::Least => least = value,
                ParamKind::Greatest => greatest = value,
                ParamKind::Sample => sample = value,
                ParamKind::Shift => shift = value,
                ParamKind::Stretch => stretch = value,
                ParamKind::Stream | ParamKind::OnError | ParamKind::Size => {}
                ParamKind::Number
                | ParamKind::List(_)
                | ParamKind::Profile(_)
                | ParamKind::Single(_)
                | ParamKind::Dimension
                | ParamKind::Place
                | ParamKind::Table
                | ParamKind::Transport
                | ParamKind::Input
                | ParamKind::Time
                | ParamKind::Order
                | ParamKind::Initial
                | ParamKind::Horizon => parameters.extend(value),
            }
        }
        if parameters.is_empty() {
            let expr = &mut frames.exprs[call.frame];
            parameters.extend(implied(distribution).iter().map(|&value| expr.push(ExprKind::Number(value), call.span)));
        }
        if let Meaning::VensimDraw(_) = builtin.meaning {
            let mut composer = Composer { expr: &mut frames.exprs[call.frame], span: call.span };
            parameters = vensim_parameters(distribution, &parameters, &mut composer);
        }
        let is_given = |node: &NodeId| !is_missing(&frames.exprs[call.frame].node(*node).kind);
        let (kind, site) = match seed.filter(is_given) {
            Some(seed) => (Ok(seed), 0.0),
            None => {
                let seed = self.builder.random_seed(self.place.tree, self.diagnostics);
                (Err(ExprKind::Var(seed, Vec::new())), self.call_number(call))
            }
        };
        let within = &frames.planned.frames[call.frame];
        let element = self.push_element(within, &mut frames.exprs[call.frame], call.span);
        let dt = self.time.spec.dt;
        let expr = &mut frames.exprs[call.frame];
        let mut push = |kind: ExprKind| expr.push(kind, call.span);
        if distribution == Distribution::MonteCarlo {
            let dt = push(ExprKind::Number(dt));
            parameters = parameters.iter().map(|&chance| push(ExprKind::Binary(BinaryOp::Mul, chance, dt))).collect();
        }
        let seed = kind.unwrap_or_else(&mut push);
        let site = push(ExprKind::Number(site));
        let sample = sample.unwrap_or_else(|| push(ExprKind::Number(0.0)));
        let least = least.unwrap_or_else(|| push(ExprKind::Number(f64::NEG_INFINITY)));
        let greatest = greatest.unwrap_or_else(|| push(ExprKind::Number(f64::INFINITY)));
        let scale = shift.zip(stretch);
        let bounds = [least, greatest];
        let [least, greatest] = match scale {
            Some(scale) => bounds_before(&mut push, bounds, scale),
            None => bounds,
        };
        let mut args = vec![seed, site, element, sample, least, greatest];
        args.extend(parameters);
        let number = push(ExprKind::Call(PureFn::Draw(distribution), args));
        let Some((shift, stretch)) = scale else { return number };
        let stretched = push(ExprKind::Binary(BinaryOp::Mul, stretch, number));
        let shifted = push(ExprKind::Binary(BinaryOp::Add, stretched, shift));
        // What a stretch of 0 gives cannot be drawn again.
        let bounded = push(ExprKind::Call(PureFn::Min, vec![shifted, bounds[1]]));
        push(ExprKind::Call(PureFn::Max, vec![bounded, bounds[0]]))
    }

    /// A standard normal number within 6 standard deviations of the mean, appended to an expression of a state in the place of this call.
    /// Those of different streams have nothing to do with one another.
    pub(in crate::sema) fn push_noise(
        &mut self,
        within: &[Extent],
        expr: &mut Expr,
        call: &Call<'_>,
        stream: u64,
    ) -> NodeId {
        let seed = self.builder.random_seed(self.place.tree, self.diagnostics);
        let site = self.call_number(call) + stream as f64;
        let element = self.push_element(within, expr, call.span);
        let mut push = |kind: ExprKind| expr.push(kind, call.span);
        let seed = push(ExprKind::Var(seed, Vec::new()));
        let others = [site, 0.0, -6.0, 6.0, 0.0, 1.0].map(|value| push(ExprKind::Number(value)));
        let [site, sample, least, greatest, mean, sd] = others;
        let args = vec![seed, site, element, sample, least, greatest, mean, sd];
        push(ExprKind::Call(PureFn::Draw(Distribution::Normal), args))
    }

    /// A number for the call that follows from the name of its variable and its place among the draws of the equation, whatever else the model
    /// has; never 0.
    fn call_number(&self, call: &Call<'_>) -> f64 {
        let name = Key::new(&self.draw_path());
        let place = u64::from(self.places[call.index]).to_le_bytes();
        let hash = hash(name.as_str().bytes().chain([0]).chain(place));
        (hash >> (u64::BITS - CALL_BITS)).max(1) as f64
    }

    /// What tells the draws of the equation from others: the name of its variable, or of the flow or stock whose equation it is for a transport, so
    /// that it does not matter whether there is a transport.
    pub(in crate::sema) fn draw_path(&self) -> String {
        let tree = self.place.tree;
        let (owner, whole) = (self.place.owner, tree.whole_of(self.place.owner));
        let instance = tree.instance(self.place.instance);
        // A variable that the file does not name has marks in its name, and none where another format names it.
        let def = tree.def(whole);
        let own = name::display(&def.name.text);
        let own = if def.is_implied { own.replace([':', '(', ')'], "") } else { own.to_string() };
        let name = format!("{}{own}", instance.path);
        let Some(part) = tree.part(owner) else { return name };
        let place = tree.transport_parts(whole, TransportPart::Initial).position(|id| id == owner);
        match (part.what, place) {
            (TransportPart::Request | TransportPart::Fraction, _) | (_, Some(0)) => name,
            (what, place) => format!("{name}: {} {}", what.name(), place.unwrap_or(0)),
        }
    }

    /// Appends which element is computed, counted from 0: row-major over the dimensions of what is around a call, of the variable and
    /// of the reducers around.
    fn push_element(&self, within: &[Extent], expr: &mut Expr, span: Span) -> NodeId {
        let moving = |base: Base| Index::Moving { base, offset: 0 };
        let instance = self.place.tree.instance(self.place.instance);
        let outer = instance.axes.iter().map(|axis| match axis.at {
            Ok(n) => (moving(Base::Loop(n)), axis.dim),
            Err(at) => (Index::Fixed(at), axis.dim),
        });
        let own = self.place.loops.iter().zip(0u32..).skip(instance.dims.len());
        let own = own.map(|(extent, n)| (moving(Base::Loop(n)), extent.dim));
        let around = within.iter().zip(0u32..).map(|(extent, n)| (moving(Base::Bound(n)), extent.dim));
        let loops: Vec<(Index, DimId)> = outer.chain(own).chain(around).collect();
        let mut push = |kind: ExprKind| expr.push(kind, span);
        let Some((&(first, _), rest)) = loops.split_first() else { return push(ExprKind::Number(0.0)) };
        let one = push(ExprKind::Number(1.0));
        let from_zero = |index: Index, push: &mut dyn FnMut(ExprKind) -> NodeId| {
            let position = push(ExprKind::Position(index));
            push(ExprKind::Binary(BinaryOp::Sub, position, one))
        };
        let mut element = from_zero(first, &mut push);
        for &(index, dim) in rest {
            let len = push(ExprKind::Number(f64::from(self.builder.dims.len(dim))));
            let before = push(ExprKind::Binary(BinaryOp::Mul, element, len));
            let position = from_zero(index, &mut push);
            element = push(ExprKind::Binary(BinaryOp::Add, before, position));
        }
        element
    }
}

/// For each node of an equation how many calls before it may draw random numbers: draws, and calls of macros and models. So other
/// parts of the equation make no difference to what is drawn.
pub(in crate::sema) fn places(plans: &[NodePlan<'_>]) -> Vec<u32> {
    let mut n = 0;
    let mut places = Vec::with_capacity(plans.len());
    for plan in plans {
        places.push(n);
        n += u32::from(match plan {
            NodePlan::Call(builtin, _) => matches!(
                builtin.meaning,
                Meaning::Draw(_) | Meaning::VensimDraw(_) | Meaning::Memory(MemoryFn::PinkNoise)
            ),
            NodePlan::Function(_) => true,
            NodePlan::Skipped
            | NodePlan::Operator
            | NodePlan::Value(..)
            | NodePlan::Position(_)
            | NodePlan::Same(_)
            | NodePlan::Constant(_)
            | NodePlan::Reduce(..)
            | NodePlan::Vector(..)
            | NodePlan::Table(..)
            | NodePlan::Transport(..)
            | NodePlan::Capacity(..)
            | NodePlan::Flat(_)
            | NodePlan::Broken => false,
        });
    }
    places
}

/// The parameters of a distribution from those that Vensim gives, which has the probability first, no order of a gamma number below 1, and
/// a Weibull number of the mean 1.
fn vensim_parameters(distribution: Distribution, given: &[NodeId], c: &mut Composer<'_>) -> Vec<NodeId> {
    let one = c.number(1.0);
    match (distribution, given) {
        (Distribution::Binomial | Distribution::NegativeBinomial, &[probability, n]) => vec![n, probability],
        (Distribution::Gamma, &[order]) => vec![c.call(PureFn::Max, &[order, one]), one],
        (Distribution::Weibull, &[shape]) => {
            let inverse = c.binary(BinaryOp::Div, one, shape);
            let argument = c.binary(BinaryOp::Add, one, inverse);
            let logarithm = c.call(PureFn::GammaLn, &[argument]);
            let opposite = c.push(ExprKind::Unary(UnaryOp::Neg, logarithm));
            vec![shape, c.call(PureFn::Exp, &[opposite])]
        }
        _ => given.to_vec(),
    }
}

/// The parameters of a distribution where the name of the function says them.
fn implied(distribution: Distribution) -> &'static [f64] {
    match distribution {
        Distribution::Uniform => &[0.0, 1.0],
        Distribution::Exponential => &[1.0],
        Distribution::Normal
        | Distribution::Lognormal
        | Distribution::Logistic
        | Distribution::Pareto
        | Distribution::Weibull
        | Distribution::Triangular
        | Distribution::Gamma
        | Distribution::Beta
        | Distribution::MonteCarlo
        | Distribution::Poisson
        | Distribution::Binomial
        | Distribution::Geometric
        | Distribution::NegativeBinomial => &[],
    }
}

/// The bounds of a number that is then stretched and shifted, given those of what becomes of it; none for a stretch of 0.
fn bounds_before(
    push: &mut dyn FnMut(ExprKind) -> NodeId,
    bounds: [NodeId; 2],
    (shift, stretch): (NodeId, NodeId),
) -> [NodeId; 2] {
    let ends = bounds.map(|bound| {
        let moved = push(ExprKind::Binary(BinaryOp::Sub, bound, shift));
        push(ExprKind::Binary(BinaryOp::Div, moved, stretch))
    });
    let zero = push(ExprKind::Number(0.0));
    let is_flat = push(ExprKind::Binary(BinaryOp::Eq, stretch, zero));
    // A negative stretch turns them round.
    [(PureFn::Min, f64::NEG_INFINITY), (PureFn::Max, f64::INFINITY)].map(|(function, open)| {
        let end = push(ExprKind::Call(function, ends.to_vec()));
        let open = push(ExprKind::Number(open));
        push(ExprKind::If { cond: is_flat, then: open, otherwise: end })
    })
}

/// Whether an argument stands for one that is left out.
fn is_missing(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Number(value) if value.is_nan())
}

/// FNV-1a of 64 bits.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl ModelBuilder {
    /// The seed of the run: the model's own constant of that name, or Vensim's, or one that [`declare_seed`] adds to its variables.
    fn random_seed(&mut self, tree: &ModuleTree<'_>, diagnostics: &mut Diagnostics) -> VarId {
        if let Some(seed) = self.random_seed {
            return seed;
        }
        let find = |name: &str| {
            let own = Key::new(name);
            (0..).map(VarId).zip(self.vars()).find_map(|(id, var)| (Key::new(&var.name) == own).then_some(id))
        };
        let seed = match find(RANDOM_SEED).or_else(|| find(NOISE_SEED).filter(|&id| is_number(tree.def(id)))) {
            Some(id) => {
                if !self.var(id).dims.is_empty() || self.var(id).kind != VarKind::Auxiliary {
                    diagnostics.report(bad_seed(self.var(id)));
                }
                id
            }
            None => PENDING_SEED,
        };
        self.random_seed = Some(seed);
        seed
    }
}

/// Whether a variable is a number that its equation writes out.
fn is_number(def: &VarDef) -> bool {
    let number = def.equation.as_ref().is_some_and(|equation| match equation.nodes.as_slice() {
        [only] => only.kind.as_number().is_some(),
        _ => false,
    });
    number && def.dims.is_empty() && def.kind == DefKind::Aux
}

/// Adds the seed to the variables when the model needs one and has none of its own. Only now is it known which number it has: instances
/// of macros add variables as long as equations are resolved.
pub(in crate::sema) fn declare_seed(builder: &mut ModelBuilder) {
    if builder.random_seed != Some(PENDING_SEED) {
        return;
    }
    let seed = builder.push_var(Var {
        name: RANDOM_SEED.to_owned(),
        canonical: name::canonical(RANDOM_SEED),
        kind: VarKind::Constant,
        dims: Vec::new(),
        def: Def::Constant(vec![DEFAULT_SEED]),
        units: None,
        doc: Some("Seed of all random numbers that have no seed of their own.".to_owned()),
        is_hidden: false,
        is_non_negative: false,
        through: None,
        range: None,
        span: Span::default(),
    });
    builder.random_seed = Some(seed);
    builder.exprs_mut().for_each(|expr| name_seed(expr, seed));
}

/// Reads the seed where its number was not known.
fn name_seed(expr: &mut Expr, seed: VarId) {
    expr.edit(&mut |node| {
        if let ExprKind::Var(var, _) = &mut node.kind
            && *var == PENDING_SEED
        {
            *var = seed;
        }
    });
}

/// Reports a variable that has the name of the seed and does not stay the same through the run.
pub(in crate::sema) fn check_seed(builder: &ModelBuilder, diagnostics: &mut Diagnostics) {
    let Some(seed) = builder.random_seed else { return };
    let var = builder.var(seed);
    if !matches!(var.def, Def::Constant(_)) {
        diagnostics.report(bad_seed(var));
    }
}

fn bad_seed(var: &Var) -> Diagnostic {
    let message = format!("`{}` is the seed of the model's random numbers, but it is no single constant", var.name);
    Diagnostic::error(code::BAD_SEED, var.span, message)
        .with_variable(var.name.clone())
        .with_hint("give it a number, or another name")
}
