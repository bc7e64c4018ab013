//! Stateful calls: how each kind starts, what its value is, and how it advances.
//!
//! A call keeps levels, which are integrated like stocks, and memory, which changes once at the end of a step. In an array it keeps them
//! for each element on its own; what follows is about one of them.
//! With `in`, `T`, `init` and `horizon` the values of its arguments, n its order and h = dt:
//!
//! | kind | start | value | advance |
//! |---|---|---|---|
//! | Smooth | `Li = init`, default `in` | `Ln` | `L1' = (in - L1)/(T/n)`, `Li' = (L(i-1) - Li)/(T/n)` |
//! | Delay | `Li = (init*T)/n`, default `in` | `Ln/(T/n)` | `L1' = in - L1/(T/n)`, `Li' = L(i-1)/(T/n) - Li/(T/n)` |
//! | ShortenedSmooth | as Smooth | as Smooth | as Smooth of the last k levels, `k = max(1, min(n, horizon))` |
//! | ShortenedDelay | `Li = (init*T)/k` | as Delay of the last k levels | as Delay of them |
//! | Integral | `L = init` | `L` | `L' = in` |
//! | Trend | `A = in/(1 + init*T)`, default 0 | `(in - A)/(T*abs(A))`, or 0 for a divisor of 0 | `A' = (in - A)/T` |
//! | Forecast | `A = in/(1 + init*T)`, default 0 | `in*(1 + ((in - A)/(T*A))*horizon)`, quotient 0 for a divisor of 0 | `A' = (in - A)/T` |
//! | Pipeline | `max(1, round(T/h))` times `init`, default `in` | the oldest | drop the oldest, append `in` |
//! | History | nothing | `in` of step `i = floor((T - start)/h + 1e-6)`: 0 for `i < 0` or NaN, `in` from the present step on | append `in` |
//! | Return | nothing | the rate at which all `in` up to the present one are worth nothing, else `T`: see [`kernel::returns`] | append `in` |
//! | Previous | `p = init`, default 0 | `p` | `p` becomes `in` |
//! | Init | `c = in` | `c` | never |
//! | Transport | see `transport.rs` | none | see `transport.rs` |
//! | Vector | | none: see `vector.rs` | |
//!
//! A division or multiplication by an order of 1 is left out: it changes no bit.

use std::collections::VecDeque;
use std::mem;

use kernel::{returns, ring};
use simc_model::model::{Expr, State, StateKind};

use crate::builtin::{max, min};
use crate::eval::Spot;

/// What a call remembers besides its levels.
#[derive(Clone, Debug)]
pub(crate) enum Memory {
    /// Nothing.
    None,
    /// A number.
    Number(f64),
    /// Numbers on their way.
    Pipeline(Pipeline),
    /// A number of each completed step.
    History(Vec<f64>),
}

/// A queue of constant length: what goes in comes out `length` steps later.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// What it was filled with.
    fill: f64,
    /// How many of those have not yet come out.
    fills_left: u64,
    /// What went in since, oldest first.
    entered: VecDeque<f64>,
}

impl Pipeline {
    /// A pipeline of `length` (at least 1) times `fill`.
    pub(crate) fn new(length: u64, fill: f64) -> Self {
        Self { fill, fills_left: length, entered: VecDeque::new() }
    }

    /// What comes out next.
    pub(crate) fn oldest(&self) -> f64 {
        if self.fills_left > 0 { self.fill } else { *self.entered.front().expect("a pipeline is never empty") }
    }

    /// One out, one in.
    pub(crate) fn push(&mut self, value: f64) {
        if self.fills_left > 0 {
            self.fills_left -= 1;
        } else {
            self.entered.pop_front();
        }
        self.entered.push_back(value);
    }
}

/// How many levels a call has.
pub(crate) fn level_count(kind: StateKind) -> usize {
    match kind {
        StateKind::Smooth { order }
        | StateKind::Delay { order }
        | StateKind::ShortenedSmooth { order }
        | StateKind::ShortenedDelay { order } => order as usize,
        StateKind::Integral | StateKind::Trend | StateKind::Forecast => 1,
        StateKind::Pipeline
        | StateKind::History
        | StateKind::Return
        | StateKind::Previous
        | StateKind::Init
        | StateKind::Frozen
        | StateKind::Transport(_)
        | StateKind::Vector => 0,
    }
}

/// What its levels (all alike) and its memory are at t = start. A pipeline is at most `n_steps + 1` long:
/// no run can tell a longer one from it.
pub(crate) fn eval_start(state: &State, now: &Spot<'_>, n_steps: u64) -> (f64, Memory) {
    let input = || now.eval_expr(&state.input);
    let time = || eval_given(state.time.as_ref(), now);
    let init_or_input = || state.init.as_ref().map_or_else(input, |init| now.eval_expr(init));
    let init_or_zero = || state.init.as_ref().map_or(0.0, |init| now.eval_expr(init));
    match state.kind {
        StateKind::Smooth { .. } | StateKind::ShortenedSmooth { .. } => (init_or_input(), Memory::None),
        StateKind::ShortenedDelay { order } => {
            (init_or_input() * time() / kept_levels(state, order, now), Memory::None)
        }
        StateKind::Integral => (init_or_zero(), Memory::None),
        StateKind::Delay { order } => (per_level(init_or_input() * time(), order), Memory::None),
        StateKind::Trend | StateKind::Forecast => (input() / (1.0 + init_or_zero() * time()), Memory::None),
        StateKind::Pipeline => {
            let length = pipeline_length(time(), now.instant.clock.dt, n_steps);
            (0.0, Memory::Pipeline(Pipeline::new(length, init_or_input())))
        }
        StateKind::History | StateKind::Return => (0.0, Memory::History(Vec::new())),
        StateKind::Previous => (0.0, Memory::Number(init_or_zero())),
        StateKind::Init => (0.0, Memory::Number(input())),
        StateKind::Frozen => (0.0, Memory::Number(f64::NAN)),
        StateKind::Transport(_) | StateKind::Vector => (0.0, Memory::None),
    }
}

/// What an equation reads: see the table of the module.
pub(crate) fn eval_value(state: &State, levels: &[f64], memory: &Memory, now: &Spot<'_>) -> f64 {
    match (state.kind, memory) {
        (StateKind::Smooth { .. } | StateKind::ShortenedSmooth { .. } | StateKind::Integral, _) => last(levels),
        (StateKind::ShortenedDelay { order }, _) => {
            last(levels) / (eval_given(state.time.as_ref(), now) / kept_levels(state, order, now))
        }
        (StateKind::Delay { order }, _) => last(levels) / per_level(eval_given(state.time.as_ref(), now), order),
        (StateKind::Trend, _) => {
            let (input, time) = (now.eval_expr(&state.input), eval_given(state.time.as_ref(), now));
            trend(input, last(levels), time * last(levels).abs())
        }
        (StateKind::Forecast, _) => {
            let (input, time) = (now.eval_expr(&state.input), eval_given(state.time.as_ref(), now));
            let horizon = eval_given(state.horizon.as_ref(), now);
            input * (1.0 + trend(input, last(levels), time * last(levels)) * horizon)
        }
        (StateKind::Pipeline, Memory::Pipeline(pipeline)) => pipeline.oldest(),
        (StateKind::Return, Memory::History(values)) => {
            let clock = now.instant.clock;
            let (payment, missing) = (now.eval_expr(&state.input), eval_given(state.time.as_ref(), now));
            rate_of_return(values, payment, clock.dt, missing)
        }
        (StateKind::History, Memory::History(values)) => {
            let clock = now.instant.clock;
            let index = ((eval_given(state.time.as_ref(), now) - clock.start) / clock.dt + 1e-6).floor();
            let present = clock.step as f64;
            if index == present {
                now.eval_expr(&state.input)
            } else if index >= 0.0 && index < present {
                values.get(index as usize).copied().unwrap_or(0.0)
            } else {
                0.0
            }
        }
        (StateKind::Previous | StateKind::Init, Memory::Number(number)) => *number,
        (StateKind::Frozen, Memory::Number(_)) if now.instant.clock.time == now.instant.clock.step_time => {
            now.eval_expr(&state.input)
        }
        (StateKind::Frozen, Memory::Number(number)) => *number,
        (StateKind::Transport(_) | StateKind::Vector, _) => f64::NAN,
        (
            StateKind::Pipeline
            | StateKind::History
            | StateKind::Return
            | StateKind::Previous
            | StateKind::Init
            | StateKind::Frozen,
            _,
        ) => {
            unreachable!("a call of kind {:?} never has {memory:?}", state.kind)
        }
    }
}

/// The derivative of each of its levels: see the table of the module.
pub(crate) fn eval_rates(state: &State, levels: &[f64], now: &Spot<'_>) -> Vec<f64> {
    match state.kind {
        StateKind::Smooth { order } => {
            let time = per_level(eval_given(state.time.as_ref(), now), order);
            let mut upstream = now.eval_expr(&state.input);
            let rate = |&level: &f64| (mem::replace(&mut upstream, level) - level) / time;
            levels.iter().map(rate).collect()
        }
        StateKind::Delay { order } => {
            let time = per_level(eval_given(state.time.as_ref(), now), order);
            let mut inflow = now.eval_expr(&state.input);
            let rate = |&level: &f64| {
                let outflow = level / time;
                mem::replace(&mut inflow, outflow) - outflow
            };
            levels.iter().map(rate).collect()
        }
        StateKind::ShortenedSmooth { order } => {
            let kept = kept_levels(state, order, now);
            let time = eval_given(state.time.as_ref(), now) / kept;
            let input = now.eval_expr(&state.input);
            let mut before = input;
            let rate = |(n, &level): (u32, &f64)| {
                let upstream = if is_first_kept(n, order, kept) { input } else { before };
                before = level;
                (upstream - level) / time
            };
            (0..).zip(levels).map(rate).collect()
        }
        StateKind::ShortenedDelay { order } => {
            let kept = kept_levels(state, order, now);
            let time = eval_given(state.time.as_ref(), now) / kept;
            let input = now.eval_expr(&state.input);
            let mut before = input;
            let rate = |(n, &level): (u32, &f64)| {
                let inflow = if is_first_kept(n, order, kept) { input } else { before };
                before = level / time;
                inflow - before
            };
            (0..).zip(levels).map(rate).collect()
        }
        StateKind::Integral => vec![now.eval_expr(&state.input)],
        StateKind::Trend | StateKind::Forecast => {
            let input = now.eval_expr(&state.input);
            vec![(input - last(levels)) / eval_given(state.time.as_ref(), now)]
        }
        StateKind::Pipeline
        | StateKind::History
        | StateKind::Return
        | StateKind::Previous
        | StateKind::Init
        | StateKind::Frozen
        | StateKind::Transport(_)
        | StateKind::Vector => Vec::new(),
    }
}

/// What enters its memory at the end of the step; nothing for those that keep none or never change it.
pub(crate) fn eval_next(state: &State, now: &Spot<'_>) -> Option<f64> {
    match state.kind {
        StateKind::Pipeline | StateKind::History | StateKind::Return | StateKind::Previous => {
            Some(now.eval_expr(&state.input))
        }
        StateKind::Smooth { .. }
        | StateKind::Delay { .. }
        | StateKind::ShortenedSmooth { .. }
        | StateKind::ShortenedDelay { .. }
        | StateKind::Integral
        | StateKind::Trend
        | StateKind::Forecast
        | StateKind::Init
        | StateKind::Frozen
        | StateKind::Vector
        | StateKind::Transport(_) => None,
    }
}

impl Memory {
    /// The end of a step: takes what [`eval_next`] gave.
    pub(crate) fn take(&mut self, next: f64) {
        match self {
            Memory::None => {}
            Memory::Number(number) => *number = next,
            Memory::Pipeline(pipeline) => pipeline.push(next),
            Memory::History(values) => values.push(next),
        }
    }
}

/// The rate at which payments are worth nothing, the last one apart; the kernel finds it in a ring.
fn rate_of_return(values: &[f64], payment: f64, dt: f64, missing: f64) -> f64 {
    let mut memory = vec![0.0; ring::HEADER_WORDS + values.len().max(1)];
    ring::fill(&mut memory, values.len() as f64, 0.0);
    values.iter().for_each(|&value| ring::push(&mut memory, value));
    returns::rate(&memory, values.len() as f64, payment, dt, missing)
}

/// `T/h` rounded half away from zero, at least 1 (also for NaN), at most `n_steps + 1`.
fn pipeline_length(time: f64, dt: f64, n_steps: u64) -> u64 {
    let longest = n_steps.saturating_add(1);
    let length = (time / dt).round();
    if length >= longest as f64 {
        longest
    } else if length >= 1.0 {
        length as u64
    } else {
        1
    }
}

/// `(input - average)/divisor`, or 0 for a divisor of exactly 0.
fn trend(input: f64, average: f64, divisor: f64) -> f64 {
    if divisor == 0.0 { 0.0 } else { (input - average) / divisor }
}

/// The share of one of `order` levels.
fn per_level(x: f64, order: u32) -> f64 {
    if order == 1 { x } else { x / f64::from(order) }
}

/// How many levels of a shortened smooth or delay count.
fn kept_levels(state: &State, order: u32, now: &Spot<'_>) -> f64 {
    max(min(eval_given(state.horizon.as_ref(), now), f64::from(order)), 1.0)
}

/// Whether a level, counted from 0, takes the input: the first one that counts, and those before it, which nothing reads.
fn is_first_kept(n: u32, order: u32, kept: f64) -> bool {
    n == 0 || f64::from(n) <= f64::from(order) - kept
}

/// The level that the value comes from.
fn last(levels: &[f64]) -> f64 {
    *levels.last().expect("this kind of call has a level")
}

/// The value of an argument that this kind of call always has.
fn eval_given(argument: Option<&Expr>, now: &Spot<'_>) -> f64 {
    now.eval_expr(argument.expect("the front end gives every call its arguments"))
}

#[cfg(test)]
mod tests;
