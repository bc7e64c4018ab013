//! What a model must give: each variable of each element, step by step.

use super::{Given, Initial, Item, Term, Worked};

impl Worked {
    /// The values of all variables in each step, for one element.
    pub fn columns(&self, element: usize) -> Vec<Vec<f64>> {
        let mut book = Book::new(self, element);
        book.start();
        for step in 0..=self.n_steps {
            book.write(step);
            book.advance();
        }
        book.columns
    }
}

struct Book<'w> {
    model: &'w Worked,
    element: usize,
    columns: Vec<Vec<f64>>,
    /// Of stocks, and of smooths.
    levels: Vec<f64>,
    /// What smooths smooth in the present step.
    inputs: Vec<f64>,
    /// What is on each conveyor, from the exit on.
    slats: Vec<Vec<f64>>,
    /// All variables in the present step.
    now: Vec<f64>,
    time: f64,
}

impl<'w> Book<'w> {
    fn new(model: &'w Worked, element: usize) -> Self {
        let n = model.items.len();
        let mut book = Self {
            model,
            element,
            columns: vec![Vec::new(); n],
            levels: vec![0.0; n],
            inputs: vec![0.0; n],
            slats: vec![Vec::new(); n],
            now: vec![0.0; n],
            time: 0.0,
        };
        for (at, item) in model.items.iter().enumerate() {
            match item {
                Item::Stock { initial, .. } => book.levels[at] = book.initial(*initial),
                Item::Conveyor { initial, n, leak, .. } => {
                    book.slats[at] = book.first_slats(initial.of(element), *n, *leak);
                }
                Item::Auxiliary { .. } | Item::Smoothed { .. } | Item::Flow { .. } | Item::Driven => {}
            }
        }
        book
    }

    fn initial(&self, initial: Initial) -> f64 {
        match initial {
            Initial::Number(number) => number.of(self.element),
            Initial::Of(at) => {
                let Item::Auxiliary { start: Some(start), .. } = &self.model.items[at] else {
                    unreachable!("only auxiliaries with a start are named")
                };
                start.of(self.element)
            }
        }
    }

    /// The steady state: each slat has what is left of the one before it.
    fn first_slats(&self, contents: f64, n: usize, leak: Option<(usize, f64)>) -> Vec<f64> {
        let left = self.left(leak);
        let mut parts = vec![1.0; n];
        (0..n - 1).rev().for_each(|slat| parts[slat] = parts[slat + 1] * left);
        let sum: f64 = parts.iter().sum();
        parts.iter().map(|part| part * (contents.max(0.0) / sum)).collect()
    }

    /// The part of a slat that a leak leaves in a step.
    fn left(&self, leak: Option<(usize, f64)>) -> f64 {
        leak.map_or(1.0, |(_, fraction)| 1.0 - fraction * self.model.dt)
    }

    /// What smooths begin with: all that they read is what it is without limits, and what it says that initial values see.
    fn start(&mut self) {
        self.look_at_stocks();
        for (at, item) in self.model.items.iter().enumerate() {
            match item {
                Item::Conveyor { initial, .. } => self.now[at] = initial.of(self.element),
                Item::Auxiliary { start: Some(start), .. } => self.now[at] = start.of(self.element),
                Item::Auxiliary { term, given, .. } | Item::Flow { term, given, .. } => {
                    self.now[at] = self.given(term, given)
                }
                Item::Smoothed { term, .. } => {
                    self.levels[at] = self.value(term);
                    self.now[at] = self.levels[at];
                }
                Item::Stock { .. } | Item::Driven => {}
            }
        }
    }

    /// What is known before a step.
    fn look_at_stocks(&mut self) {
        let dt = self.model.dt;
        for (at, item) in self.model.items.iter().enumerate() {
            if let Item::Conveyor { outflow, leak, .. } = item {
                let contents: f64 = self.slats[at].iter().sum();
                self.now[at] = contents;
                self.now[*outflow] = self.slats[at][0] * self.left(*leak) / dt;
                if let Some((flow, fraction)) = leak {
                    self.now[*flow] = contents * fraction;
                }
            } else if let Item::Stock { .. } = item {
                self.now[at] = self.levels[at];
            }
        }
    }

    /// Works out a step and enters it.
    fn write(&mut self, step: usize) {
        self.time = step as f64 * self.model.dt;
        self.look_at_stocks();
        for (at, item) in self.model.items.iter().enumerate() {
            match item {
                Item::Auxiliary { term, given, .. } => self.now[at] = self.given(term, given),
                Item::Smoothed { term, .. } => {
                    self.inputs[at] = self.value(term);
                    self.now[at] = self.levels[at];
                }
                Item::Flow { term, given, is_uniflow, .. } => {
                    let granted = self.granted(at, self.given(term, given));
                    self.now[at] = if *is_uniflow { granted.max(0.0) } else { granted };
                }
                Item::Stock { .. } | Item::Conveyor { .. } | Item::Driven => {}
            }
        }
        for (column, value) in self.columns.iter_mut().zip(&self.now) {
            column.push(*value);
        }
    }

    fn given(&self, term: &Term, given: &Given) -> f64 {
        match given {
            Given::Equation | Given::Module | Given::Macro => self.value(term),
            Given::Number(number) => number.of(self.element),
            Given::Series(first, last) => {
                let (first, last) = (first.of(self.element), last.of(self.element));
                first + self.time * ((last - first) / (self.model.n_steps as f64 * self.model.dt))
            }
        }
    }

    fn value(&self, term: &Term) -> f64 {
        match term {
            Term::Number(number) => number.of(self.element),
            Term::Time => self.time,
            Term::Var(at) => self.now[*at],
            Term::Before(at, first) => self.columns[*at].last().copied().unwrap_or(first.of(self.element)),
            // Whatever is drawn is below 2.
            Term::Draw(_) => 0.5,
            Term::Half(x) => self.value(x) * 0.5,
            Term::Sum(a, b) => self.value(a) + self.value(b),
            Term::Difference(a, b) => self.value(a) - self.value(b),
            Term::Least(a, b) => self.value(a).min(self.value(b)),
            Term::Greatest(a, b) => self.value(a).max(self.value(b)),
            Term::Choice(terms) => {
                let [a, b, then, otherwise] = &**terms;
                self.value(if self.value(a) < self.value(b) { then } else { otherwise })
            }
        }
    }

    /// What a flow gets of what it asks for: of the stock that it leaves, and none below 0 into a conveyor.
    fn granted(&self, flow: usize, asked: f64) -> f64 {
        let mut granted = asked;
        for (at, item) in self.model.items.iter().enumerate() {
            if let Item::Stock { inflows, outflows, is_limited: true, .. } = item
                && outflows.contains(&flow)
            {
                let mut available = self.levels[at] / self.model.dt;
                inflows.iter().for_each(|&inflow| available += self.delivered(inflow));
                let earlier = outflows.iter().take_while(|&&earlier| earlier != flow);
                earlier.for_each(|&earlier| available -= self.now[earlier]);
                granted = granted.min(available);
            }
        }
        let enters = |item: &Item| matches!(item, Item::Conveyor { inflows, .. } if inflows.contains(&flow));
        if self.model.items.iter().any(enters) { granted.max(0.0) } else { granted }
    }

    /// What a flow gives to where it leads.
    fn delivered(&self, flow: usize) -> f64 {
        if let Item::Flow { multiplier: Some(multiplier), .. } = &self.model.items[flow] {
            self.now[flow] * multiplier
        } else {
            self.now[flow]
        }
    }

    /// On to the next step.
    fn advance(&mut self) {
        let dt = self.model.dt;
        for (at, item) in self.model.items.iter().enumerate() {
            match item {
                Item::Stock { inflows, outflows, .. } => {
                    let mut net = inflows.iter().fold(0.0, |net, &flow| net + self.delivered(flow));
                    outflows.iter().for_each(|&flow| net -= self.now[flow]);
                    self.levels[at] += dt * net;
                }
                Item::Smoothed { n, .. } => {
                    self.levels[at] += dt * ((self.inputs[at] - self.levels[at]) / (*n as f64 * dt));
                }
                Item::Conveyor { inflows, leak, .. } => {
                    let left = self.left(*leak);
                    let entering: f64 = inflows.iter().map(|&flow| self.delivered(flow) * dt).sum();
                    let slats = &mut self.slats[at];
                    slats.remove(0);
                    slats.iter_mut().for_each(|slat| *slat *= left);
                    slats.push(entering);
                }
                Item::Auxiliary { .. } | Item::Flow { .. } | Item::Driven => {}
            }
        }
    }
}
