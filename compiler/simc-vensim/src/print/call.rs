//! Functions of XMILE and Stella by Vensim's.

use simc_model::builtin::{Builtin, Dialect, LookupFn, Meaning, Order, ParamKind, StateFn};
use simc_model::definition::cells::length;
use simc_model::definition::scope::Callee;
use simc_model::definition::{EquationKind, Name, Path};
use simc_model::diagnostic::code;
use simc_model::model::{BinaryOp, Distribution, PureFn, ReduceOp};

use super::rewrite::{Rewriter, Use};

/// A turn of a circle in radians.
const TURN: f64 = 2.0 * std::f64::consts::PI;

impl Rewriter<'_, '_> {
    /// A name with arguments.
    pub(super) fn call(&mut self, path: &Path, arguments: &[u32], usage: Use) -> u32 {
        let new: Vec<u32> = arguments.iter().map(|&argument| self.at(argument)).collect();
        match self.context.scope.callee(path) {
            Callee::Table(_) => self.table_call(path, None, &new, usage),
            Callee::Macro => {
                let name = path.parts.last().map(|name| name.text.clone()).unwrap_or_default();
                let call = self.named(&name, &new);
                self.mark_random(call);
                call
            }
            Callee::Builtin(builtin) => {
                let call = self.builtin(builtin, arguments, &new);
                if matches!(builtin.meaning, Meaning::Draw(_) | Meaning::VensimDraw(_)) {
                    self.mark_random(call);
                }
                call
            }
            Callee::Other => {
                let shown: Vec<&str> = path.parts.iter().map(|name| name.text.as_str()).collect();
                let message =
                    format!("`{}` is called, which Vensim does with lookups and macros alone", shown.join("."));
                self.fault(code::CONVERT_FUNCTION, message, "write the value with a lookup or a macro");
                0
            }
        }
    }

    fn builtin(&mut self, builtin: &'static Builtin, old: &[u32], args: &[u32]) -> u32 {
        let written = match (builtin.meaning, args) {
            (Meaning::Pure(function), _) => self.pure(function, args),
            (Meaning::Fold(function), _) => self.fold(function, args),
            (Meaning::Reduce(op), _) => self.reduce(op, args),
            (Meaning::Size, _) => self.count(old),
            (Meaning::If, &[cond, then, otherwise]) => Some(self.choose(cond, then, otherwise)),
            (Meaning::IsNan, _) => args.first().map(|&x| {
                self.repeat(&[x], "ISNAN");
                let is_nan = self.compare(BinaryOp::Ne, x, x);
                let (one, zero) = (self.number(1.0), self.number(0.0));
                self.choose(is_nan, one, zero)
            }),
            (Meaning::State(function), _) => self.state(builtin, function, old, args),
            (Meaning::Lookup(LookupFn::Value), _) => self.lookup(old, args),
            (Meaning::Draw(Distribution::Uniform), &[least, greatest]) if builtin.vensim.is_empty() => {
                let stream = self.number(0.0);
                Some(self.named("RANDOM UNIFORM", &[least, greatest, stream]))
            }
            _ => None,
        };
        if let Some(node) = written {
            return node;
        }
        match builtin.vensim.first() {
            Some(name) => self.named(name, args),
            None => self.refuse_function(builtin),
        }
    }

    fn refuse_function(&mut self, builtin: &Builtin) -> u32 {
        let name = builtin.name();
        let (code, message) = if let Meaning::Transport(_) = builtin.meaning {
            (code::CONVERT_TRANSPORT, format!("{name} asks a conveyor or queue, which Vensim does not have"))
        } else {
            (code::CONVERT_FUNCTION, format!("Vensim has no function that computes what {name} does"))
        };
        self.fault(code, message, "write it with functions that both languages have");
        0
    }

    /// A function of its arguments that Vensim has by another name, or by other functions.
    fn pure(&mut self, function: PureFn, args: &[u32]) -> Option<u32> {
        Some(match (function, args) {
            (PureFn::Log10, &[x]) => {
                let ten = self.number(10.0);
                self.named("LOG", &[x, ten])
            }
            (PureFn::Int, &[x]) => self.floor(x),
            (PureFn::SafeDiv, &[a, b]) => {
                let zero = self.number(0.0);
                self.safe_division(a, b, zero)
            }
            (PureFn::SafeDiv, &[a, b, z]) => self.safe_division(a, b, z),
            (PureFn::Xidz, &[a, b]) => self.named("ZIDZ", &[a, b]),
            (PureFn::Xidz, &[a, b, z]) => self.named("XIDZ", &[a, b, z]),
            (PureFn::Sign, &[x]) => self.sign(x),
            (PureFn::Round, &[x]) => self.round(x),
            (PureFn::Percent, &[x]) => {
                let hundred = self.number(100.0);
                self.binary(BinaryOp::Mul, hundred, x)
            }
            (PureFn::SinWave, &[size, period]) => self.wave("SIN", size, period),
            (PureFn::CosWave, &[size, period]) => self.wave("COS", size, period),
            (PureFn::CompoundGrowth, &[percentage]) => {
                let (one, hundred, dt) = (self.number(1.0), self.number(100.0), self.name("TIME STEP"));
                let part = self.binary(BinaryOp::Div, percentage, hundred);
                let factor = self.binary(BinaryOp::Add, one, part);
                let grown = self.binary(BinaryOp::Pow, factor, dt);
                let rise = self.binary(BinaryOp::Sub, grown, one);
                self.binary(BinaryOp::Div, rise, dt)
            }
            (PureFn::RampFromTo, &[..]) if self.is_euler() && args.len() == 4 => self.named("RAMP FROM TO", args),
            (PureFn::Step, &[height, start]) => self.step(height, start),
            (PureFn::Ramp, &[slope, ref rest @ ..]) => self.ramp(slope, rest),
            (PureFn::Pulse, &[size, ref rest @ ..]) if self.is_euler() => self.pulse(size, rest),
            _ => return None,
        })
    }

    /// -1, 0 or 1; what is none of them stays.
    fn sign(&mut self, x: u32) -> u32 {
        self.repeat(&[x], "SIGN");
        let (zero, one, minus) = (self.number(0.0), self.number(1.0), self.number(-1.0));
        let (is_above, is_below) = (self.compare(BinaryOp::Gt, x, zero), self.compare(BinaryOp::Lt, x, zero));
        let rest = self.choose(is_below, minus, x);
        self.choose(is_above, one, rest)
    }

    /// The nearest whole number: what INTEGER leaves decides, halves go away from 0.
    fn round(&mut self, x: u32) -> u32 {
        self.repeat(&[x], "ROUND");
        let (half, minus, one) = (self.number(0.5), self.number(-0.5), self.number(1.0));
        let cut = self.named("INTEGER", &[x]);
        let rest = self.binary(BinaryOp::Sub, x, cut);
        let (is_up, is_down) = (self.compare(BinaryOp::Ge, rest, half), self.compare(BinaryOp::Le, rest, minus));
        let (up, down) = (self.binary(BinaryOp::Add, cut, one), self.binary(BinaryOp::Sub, cut, one));
        let otherwise = self.choose(is_down, down, cut);
        self.choose(is_up, up, otherwise)
    }

    fn wave(&mut self, function: &str, size: u32, period: u32) -> u32 {
        let (turn, time) = (self.number(TURN), self.name("Time"));
        let angle = self.binary(BinaryOp::Mul, turn, time);
        let angle = self.binary(BinaryOp::Div, angle, period);
        let wave = self.named(function, &[angle]);
        self.binary(BinaryOp::Mul, size, wave)
    }

    /// Vensim's STEP stays the same within a step, which makes no difference under Euler's method.
    fn step(&mut self, height: u32, start: u32) -> u32 {
        if self.is_euler() {
            return self.named("STEP", &[height, start]);
        }
        let reach = self.reach();
        let zero = self.number(0.0);
        let is_on = self.compare(BinaryOp::Gt, reach, start);
        self.choose(is_on, height, zero)
    }

    /// Half a step after now.
    fn reach(&mut self) -> u32 {
        let (time, dt, two) = (self.name("Time"), self.name("TIME STEP"), self.number(2.0));
        let half = self.binary(BinaryOp::Div, dt, two);
        self.binary(BinaryOp::Add, time, half)
    }

    fn ramp(&mut self, slope: u32, rest: &[u32]) -> u32 {
        let start = rest.first().copied().unwrap_or_else(|| self.name("INITIAL TIME"));
        let end = rest.get(1).copied();
        if let (true, Some(end)) = (self.is_euler(), end) {
            return self.named("RAMP", &[slope, start, end]);
        }
        self.repeat(&[start], "RAMP");
        let (time, zero) = (self.name("Time"), self.number(0.0));
        let now = match end {
            Some(end) => {
                let last = self.named("MAX", &[end, start]);
                self.named("MIN", &[time, last])
            }
            None => time,
        };
        let passed = self.binary(BinaryOp::Sub, now, start);
        let risen = self.binary(BinaryOp::Mul, slope, passed);
        let is_on = self.compare(BinaryOp::Gt, time, start);
        self.choose(is_on, risen, zero)
    }

    /// A pulse takes one step, and adds up to its size; in Stella one without an interval is in every step.
    fn pulse(&mut self, size: u32, rest: &[u32]) -> u32 {
        let is_stella = self.context.scope.dialect == Dialect::Stella;
        let first = rest.first().copied().unwrap_or_else(|| self.name("INITIAL TIME"));
        self.repeat(&[first], "PULSE");
        let (dt, zero) = (self.name("TIME STEP"), self.number(0.0));
        let reach = self.reach();
        let since = self.binary(BinaryOp::Sub, reach, first);
        let has_begun = self.compare(BinaryOp::Ge, since, zero);
        let rate = self.binary(BinaryOp::Div, size, dt);
        let interval = match rest.get(1) {
            Some(&interval) => Some(interval),
            None if is_stella => {
                let two = self.number(2.0);
                Some(self.binary(BinaryOp::Div, dt, two))
            }
            None => None,
        };
        let since_pulse = match interval {
            Some(interval) => {
                self.repeat(&[interval], "PULSE");
                let parts = self.binary(BinaryOp::Div, since, interval);
                let whole = self.floor(parts);
                let passed = self.binary(BinaryOp::Mul, interval, whole);
                let left = self.binary(BinaryOp::Sub, since, passed);
                let is_repeated = self.compare(BinaryOp::Gt, interval, zero);
                self.choose(is_repeated, left, since)
            }
            None => since,
        };
        let is_within = self.compare(BinaryOp::Lt, since_pulse, dt);
        let is_on = self.binary(BinaryOp::And, has_begun, is_within);
        self.choose(is_on, rate, zero)
    }

    /// MAX and MIN of several numbers, or of the elements of an array.
    fn fold(&mut self, function: PureFn, args: &[u32]) -> Option<u32> {
        let (pair, whole) = if function == PureFn::Max { ("MAX", "VMAX") } else { ("MIN", "VMIN") };
        match args {
            [] => None,
            &[array] => Some(self.named(whole, &[array])),
            [first, others @ ..] => Some(others.iter().fold(*first, |folded, &next| self.named(pair, &[folded, next]))),
        }
    }

    fn reduce(&mut self, op: ReduceOp, args: &[u32]) -> Option<u32> {
        let name = match op {
            ReduceOp::Sum => "SUM",
            ReduceOp::Product => "PROD",
            ReduceOp::Min => "VMIN",
            ReduceOp::Max => "VMAX",
            ReduceOp::Mean => "MEAN",
            ReduceOp::StdDev | ReduceOp::List => return None,
        };
        let &[array] = args else {
            let message = format!("{name} of several numbers is no function of Vensim's");
            self.fault(code::CONVERT_FUNCTION, message, "write it with operators");
            return Some(0);
        };
        Some(self.named(name, &[array]))
    }

    /// How many elements there are, as a number.
    fn count(&mut self, args: &[u32]) -> Option<u32> {
        let source = self.source;
        let scope = self.context.scope;
        let &[argument] = args else { return None };
        let EquationKind::Reference(path, subscripts) = &source.nodes[argument as usize].kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        let size = |name: &str| scope.dim(name).map(|dim| length(dim) as f64);
        let n = match scope.var(&name.text) {
            None => size(&name.text),
            Some(var) if var.transport.is_some() => None,
            Some(var) if subscripts.is_empty() => var.dims.iter().map(|dim| size(&dim.text)).product(),
            Some(var) => {
                let open = subscripts.iter().zip(&var.dims);
                open.map(|(&node, dim)| self.open_length(node, dim)).product()
            }
        };
        n.map(|n| self.number(n))
    }

    /// How many elements of a dimension a subscript means.
    fn open_length(&self, subscript: u32, dim: &Name) -> Option<f64> {
        let scope = self.context.scope;
        let size = |name: &str| scope.dim(name).map(|dim| length(dim) as f64);
        let kind = &self.source.nodes[subscript as usize].kind;
        if let EquationKind::Wildcard(named) = kind {
            return match named {
                None => size(&dim.text),
                Some(named) => size(&self.source.nodes[*named as usize].kind.as_name()?.parts.last()?.text),
            };
        }
        let is_one = kind.as_number().is_some()
            || kind.as_name()?.parts.last().is_some_and(|name| scope.dim(&name.text).is_none());
        is_one.then_some(1.0)
    }

    /// `LOOKUP(gf, x)` is `gf(x)`.
    fn lookup(&mut self, old: &[u32], args: &[u32]) -> Option<u32> {
        let source = self.source;
        let (&[table, _], &[_, x]) = (old, args) else { return None };
        let EquationKind::Reference(path, subscripts) = &source.nodes[table as usize].kind else { return None };
        let subscripts: Vec<u32> = subscripts.iter().map(|&node| self.at(node)).collect();
        Some(self.table_call(path, Some(subscripts).filter(|list| !list.is_empty()), &[x], Use::default()))
    }

    /// A function that remembers.
    fn state(&mut self, builtin: &Builtin, function: StateFn, old: &[u32], args: &[u32]) -> Option<u32> {
        let find = |kind: ParamKind| {
            let position = builtin.params.iter().position(|param| param.kind == kind)?;
            args.get(position).copied()
        };
        let input = find(ParamKind::Input)?;
        let (time, initial) = (find(ParamKind::Time), find(ParamKind::Initial));
        match function {
            StateFn::Smooth(order) | StateFn::Delay(order) => {
                let order = match order {
                    Order::Fixed(order) => f64::from(order),
                    Order::Argument => {
                        let position = builtin.params.iter().position(|param| param.kind == ParamKind::Order)?;
                        self.source.nodes[*old.get(position)? as usize].kind.as_number().unwrap_or(0.0)
                    }
                };
                let is_smooth = matches!(function, StateFn::Smooth(_));
                let name = match (is_smooth, order == 1.0, order == 3.0, initial.is_some()) {
                    (true, true, _, false) => "SMOOTH",
                    (true, true, _, true) => "SMOOTHI",
                    (true, _, true, false) => "SMOOTH3",
                    (true, _, true, true) => "SMOOTH3I",
                    (false, true, _, false) => "DELAY1",
                    (false, true, _, true) => "DELAY1I",
                    (false, _, true, false) => "DELAY3",
                    (false, _, true, true) => "DELAY3I",
                    _ => {
                        self.fault(
                            code::CONVERT_FUNCTION,
                            format!("Vensim computes {} of another order than 1 and 3 otherwise", builtin.name()),
                            "choose the order 1 or 3",
                        );
                        return Some(0);
                    }
                };
                let mut time = time?;
                if self.context.scope.dialect == Dialect::Stella {
                    // No level is shorter than a step.
                    let (order, dt) = (self.number(order), self.name("TIME STEP"));
                    let least = self.binary(BinaryOp::Mul, order, dt);
                    time = self.named("MAX", &[time, least]);
                }
                let args: Vec<u32> = [Some(input), Some(time), initial].into_iter().flatten().collect();
                Some(self.named(name, &args))
            }
            StateFn::Pipeline => {
                if initial.is_none() {
                    self.repeat(&[input], "DELAY");
                }
                Some(self.named("DELAY FIXED", &[input, time?, initial.unwrap_or(input)]))
            }
            StateFn::Previous if self.is_euler() => {
                let dt = self.name("TIME STEP");
                let initial = initial.unwrap_or_else(|| self.number(0.0));
                Some(self.named("DELAY FIXED", &[input, dt, initial]))
            }
            StateFn::Init if !builtin.vensim.is_empty() => Some(self.named("INITIAL", &[input])),
            StateFn::Previous
            | StateFn::Init
            | StateFn::Trend
            | StateFn::Forecast
            | StateFn::History
            | StateFn::Return => None,
        }
    }
}
