//! From one step to the next.

use super::code::Program;
use super::machine::{Machine, canonical};
use crate::module::{FuncRole, Method, TimeSpec};

impl Machine {
    /// Ends a step whose first evaluation has left its rates after.
    pub(super) fn advance(&mut self, time: &TimeSpec, program: &Program) {
        match time.method {
            Method::Euler => self.advance_euler(time.dt),
            Method::Rk2 => self.advance_rk2(time.dt, program),
            Method::Rk4 => self.advance_rk4(time.dt, program),
            Method::Midpoint => self.advance_midpoint(time.dt, program),
        }
        self.run(program.parts(FuncRole::Commit));
        self.apply_announced();
    }

    /// `S + dt*k`
    fn advance_euler(&mut self, dt: f64) {
        let cells = self.levels.iter().flat_map(|&(first, len)| first..first + len);
        for (cell, k) in cells.zip(&self.rates) {
            self.cells[cell] = canonical(self.cells[cell] + dt * k);
        }
    }

    /// Heun: the mean of the rates at both ends.
    fn advance_rk2(&mut self, dt: f64, program: &Program) {
        let (start, k1) = (self.stocks(), self.rates.clone());
        let k2 = self.stage(dt, program, |i| start[i] + dt * k1[i]);
        self.set_stocks(|i| start[i] + (dt * (k1[i] + k2[i])) / 2.0);
    }

    /// The rates of the middle, where those of the beginning lead.
    fn advance_midpoint(&mut self, dt: f64, program: &Program) {
        let half = dt / 2.0;
        let (start, k1) = (self.stocks(), self.rates.clone());
        let k2 = self.stage(half, program, |i| start[i] + half * k1[i]);
        self.set_stocks(|i| start[i] + dt * k2[i]);
    }

    /// The classic four: both ends once, the middle twice.
    fn advance_rk4(&mut self, dt: f64, program: &Program) {
        let half = dt / 2.0;
        let (start, k1) = (self.stocks(), self.rates.clone());
        let k2 = self.stage(half, program, |i| start[i] + half * k1[i]);
        let k3 = self.stage(half, program, |i| start[i] + half * k2[i]);
        let k4 = self.stage(dt, program, |i| start[i] + dt * k3[i]);
        self.set_stocks(|i| start[i] + (dt * (((k1[i] + 2.0 * k2[i]) + 2.0 * k3[i]) + k4[i])) / 6.0);
    }

    /// The rates at a later stage, `ahead` of the step's time, where stocks and levels are `stock(i)`.
    fn stage(&mut self, ahead: f64, program: &Program, stock: impl Fn(usize) -> f64) -> Vec<f64> {
        self.time = self.step_time + ahead;
        self.set_stocks(stock);
        self.run(program.parts(FuncRole::Stage));
        self.rates.clone()
    }

    /// All stocks and levels, in the order of the rates.
    fn stocks(&self) -> Vec<f64> {
        self.levels.iter().flat_map(|&(first, len)| &self.cells[first..first + len]).copied().collect()
    }

    fn set_stocks(&mut self, stock: impl Fn(usize) -> f64) {
        let cells = self.levels.iter().flat_map(|&(first, len)| first..first + len);
        for (i, cell) in cells.enumerate() {
            self.cells[cell] = canonical(stock(i));
        }
    }
}
