//! Random models whose values are known: they are worked out while the model is made, by a ledger in plain Rust that shares nothing with
//! the compiler, from the sentences of `docs/semantics.md`. The same model can be written in several ways, none of which changes a bit.

use arbitrary::{Result, Unstructured};

pub use text::Style;

mod ledger;
mod text;

/// How many elements each variable has: those of a dimension, or scalars with numbers after their names.
pub const ELEMENTS: usize = 2;

/// What is added to each number of an element for each element before it.
const PER_ELEMENT: f64 = 0.25;

/// A model under Euler's method from time 0 on.
pub struct Worked {
    items: Vec<Item>,
    dt: f64,
    n_steps: usize,
}

/// A number that differs from element to element.
#[derive(Clone, Copy, Debug)]
struct Number(f64);

/// An expression.
#[derive(Clone, Debug)]
enum Term {
    Number(Number),
    Time,
    Var(usize),
    /// What a variable was a step before, at first a number.
    Before(usize, Number),
    /// 0.5, which a draw with a seed of its own chooses whatever it draws.
    Draw(usize),
    Half(Box<Term>),
    Sum(Box<Term>, Box<Term>),
    Difference(Box<Term>, Box<Term>),
    Least(Box<Term>, Box<Term>),
    Greatest(Box<Term>, Box<Term>),
    /// The third when the first is less than the second, else the fourth.
    Choice(Box<[Term; 4]>),
}

/// What takes the place of an equation, or how it reaches its variable.
#[derive(Clone, Debug)]
enum Given {
    Equation,
    /// Data without times.
    Number(Number),
    /// Data with times: at the start and at the end, a straight line between them.
    Series(Number, Number),
    /// It is the input of a module.
    Module,
    /// It goes through a macro.
    Macro,
}

/// A variable.
#[derive(Clone, Debug)]
enum Item {
    Auxiliary {
        term: Term,
        /// What initial values see instead.
        start: Option<Number>,
        given: Given,
    },
    /// SMTH1 of a term over that many steps.
    Smoothed {
        term: Term,
        n: usize,
    },
    Flow {
        term: Term,
        is_uniflow: bool,
        multiplier: Option<f64>,
        given: Given,
    },
    Stock {
        initial: Initial,
        inflows: Vec<usize>,
        outflows: Vec<usize>,
        is_limited: bool,
    },
    /// A conveyor of that many steps, with an exponential leak if it has one: the flow and its fraction.
    Conveyor {
        initial: Number,
        n: usize,
        inflows: Vec<usize>,
        outflow: usize,
        leak: Option<(usize, f64)>,
    },
    /// What a conveyor drives.
    Driven,
}

/// What a stock begins with.
#[derive(Clone, Copy, Debug)]
enum Initial {
    Number(Number),
    /// What an auxiliary says at the start.
    Of(usize),
}

impl Number {
    fn of(self, element: usize) -> f64 {
        self.0 + element as f64 * PER_ELEMENT
    }
}

const NUMBERS: &[f64] = &[0.0, 1.0, 2.0, 0.5, -1.0, 3.25, 10.0, -0.75, 7.0, 40.0];

fn number(u: &mut Unstructured<'_>) -> Result<Number> {
    Ok(Number(NUMBERS[u.int_in_range(0..=NUMBERS.len() - 1)?]))
}

/// What is made of some bytes; exhausted ones choose the simplest alternative everywhere.
pub fn worked(bytes: &[u8]) -> Worked {
    let mut u = Unstructured::new(bytes);
    generate(&mut u).expect("running out of bytes is no error of `ratio` and `int_in_range`")
}

/// Stocks and conveyors first, which are known before a step; then what a step computes, each from what is before it. Flows run from
/// one stock to a later one and are listed by the stock that they leave, so that what comes into a stock is known before what leaves it.
fn generate(u: &mut Unstructured<'_>) -> Result<Worked> {
    let mut items = Vec::new();
    let n_stocks = u.int_in_range(1..=3)?;
    let n_starters = u.int_in_range(0..=1)?;
    let first_starter = n_stocks;
    for _ in 0..n_stocks {
        let initial = if n_starters > 0 && u.ratio(1, 2)? {
            Initial::Of(first_starter + u.int_in_range(0..=n_starters - 1)?)
        } else {
            Initial::Number(number(u)?)
        };
        let is_limited = u.ratio(1, 2)?;
        items.push(Item::Stock { initial, inflows: Vec::new(), outflows: Vec::new(), is_limited });
    }
    for _ in 0..n_starters {
        let term = term(u, items.len(), 2)?;
        items.push(Item::Auxiliary { term, start: Some(number(u)?), given: Given::Equation });
    }
    let mut conveyors = Vec::new();
    for _ in 0..u.int_in_range(0..=2)? {
        let outflow = items.len();
        items.push(Item::Driven);
        let leak = if u.ratio(1, 2)? {
            items.push(Item::Driven);
            Some((outflow + 1, [0.25, 0.5, 0.125][u.int_in_range(0..=2)?]))
        } else {
            None
        };
        conveyors.push(items.len());
        let n = u.int_in_range(1..=3)?;
        items.push(Item::Conveyor { initial: number(u)?, n, inflows: Vec::new(), outflow, leak });
    }
    link_driven(u, &mut items, &conveyors, n_stocks)?;
    for from in 0..=n_stocks {
        for _ in 0..u.int_in_range(0..=2)? {
            auxiliary(u, &mut items)?;
        }
        for _ in 0..u.int_in_range(0..=2)? {
            flow(u, &mut items, from, n_stocks, &conveyors)?;
        }
    }
    for _ in 0..u.int_in_range(1..=3)? {
        auxiliary(u, &mut items)?;
    }
    let dt = [1.0, 0.5, 0.25][u.int_in_range(0..=2)?];
    Ok(Worked { items, dt, n_steps: u.int_in_range(2..=9)? })
}

/// What a conveyor drives may fill a stock.
fn link_driven(u: &mut Unstructured<'_>, items: &mut [Item], conveyors: &[usize], n_stocks: usize) -> Result<()> {
    for &conveyor in conveyors {
        let Item::Conveyor { outflow, leak, .. } = items[conveyor] else { continue };
        for driven in [Some(outflow), leak.map(|(flow, _)| flow)].into_iter().flatten() {
            let to = u.int_in_range(0..=n_stocks)?;
            if let Some(Item::Stock { inflows, .. }) = items.get_mut(to).filter(|_| to < n_stocks) {
                inflows.push(driven);
            }
        }
    }
    Ok(())
}

fn auxiliary(u: &mut Unstructured<'_>, items: &mut Vec<Item>) -> Result<()> {
    let term = term(u, items.len(), 3)?;
    items.push(if u.ratio(1, 5)? {
        Item::Smoothed { term, n: u.int_in_range(1..=4)? }
    } else {
        let given = given(u, true)?;
        let start = if matches!(given, Given::Equation) && u.ratio(1, 6)? { Some(number(u)?) } else { None };
        Item::Auxiliary { term, start, given }
    });
    Ok(())
}

/// A flow out of a stock, or, with the number after the last one, from nowhere, into a later stock, a conveyor or nowhere.
fn flow(
    u: &mut Unstructured<'_>,
    items: &mut Vec<Item>,
    from: usize,
    n_stocks: usize,
    conveyors: &[usize],
) -> Result<()> {
    let term = term(u, items.len(), 3)?;
    let multiplier = if u.ratio(1, 3)? { Some([2.0, 0.5, 1.5][u.int_in_range(0..=2)?]) } else { None };
    let flow = items.len();
    items.push(Item::Flow { term, is_uniflow: u.ratio(1, 3)?, multiplier, given: given(u, false)? });
    // Those from nowhere come first, so that they may fill any stock.
    let source = from.checked_sub(1);
    if let Some(source) = source
        && let Item::Stock { outflows, .. } = &mut items[source]
    {
        outflows.push(flow);
    }
    let targets: Vec<usize> =
        (source.map_or(0, |source| source + 1)..n_stocks).chain(conveyors.iter().copied()).collect();
    let to = u.int_in_range(0..=targets.len())?;
    if let Some(&to) = targets.get(to)
        && let Item::Stock { inflows, .. } | Item::Conveyor { inflows, .. } = &mut items[to]
    {
        inflows.push(flow);
    }
    Ok(())
}

fn given(u: &mut Unstructured<'_>, is_auxiliary: bool) -> Result<Given> {
    Ok(match u.int_in_range(0..=9)? {
        1 => Given::Number(number(u)?),
        2 => Given::Series(number(u)?, number(u)?),
        3 | 4 if is_auxiliary => Given::Module,
        5 | 6 => Given::Macro,
        _ => Given::Equation,
    })
}

/// An expression of the first `n` variables.
fn term(u: &mut Unstructured<'_>, n: usize, depth: u32) -> Result<Term> {
    let kind = u.int_in_range(0..=if depth == 0 { 5 } else { 11 })?;
    if kind <= 2 && n > 0 {
        return Ok(Term::Var(u.int_in_range(0..=n - 1)?));
    }
    let inner = |u: &mut Unstructured<'_>| Ok(Box::new(term(u, n, depth - 1)?));
    Ok(match kind {
        3 if n > 0 => Term::Before(u.int_in_range(0..=n - 1)?, number(u)?),
        4 => Term::Time,
        5 if u.ratio(1, 6)? => Term::Draw(u.int_in_range(1..=9)?),
        6 => Term::Half(inner(u)?),
        7 => Term::Sum(inner(u)?, inner(u)?),
        8 => Term::Difference(inner(u)?, inner(u)?),
        9 => Term::Least(inner(u)?, inner(u)?),
        10 => Term::Greatest(inner(u)?, inner(u)?),
        11 => {
            let [a, b, c, d] = [inner(u)?, inner(u)?, inner(u)?, inner(u)?];
            Term::Choice(Box::new([*a, *b, *c, *d]))
        }
        _ => Term::Number(number(u)?),
    })
}
