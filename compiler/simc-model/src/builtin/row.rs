//! How a row of the table is written: parameters and units that many rows share, and a constructor for each kind of row.

use super::{
    Builtin, ComposedFn, Default, Dialect, LookupFn, Meaning, MemoryFn, Param, ParamKind, StateFn, TransportFn,
    UnitPattern, UnitRule,
};
use crate::model::{Distribution, PureFn, ReduceOp, VectorFn};

pub(super) const MATHEMATICS: &str = "XMILE 1.0, section 3.5.1";
pub(super) const DELAYS: &str = "XMILE 1.0, section 3.5.3";
pub(super) const TEST_INPUTS: &str = "XMILE 1.0, section 3.5.4";
pub(super) const TIME: &str = "XMILE 1.0, section 3.5.5";
pub(super) const MISCELLANEOUS: &str = "XMILE 1.0, section 3.5.6";
pub(super) const ARRAYS: &str = "XMILE 1.0, section 3.7";
pub(super) const STATISTICS: &str = "XMILE 1.0, section 3.5.2";
pub(super) const STELLA: &str = "Stella help, builtins";
pub(super) const VENSIM: &str = "Vensim help, functions";

pub(super) const fn number(name: &'static str) -> Param {
    Param { name, kind: ParamKind::Number, default: Default::Required }
}

pub(super) const fn number_or(name: &'static str, value: f64) -> Param {
    Param { name, kind: ParamKind::Number, default: Default::Value(value) }
}

pub(super) const fn required(name: &'static str, kind: ParamKind) -> Param {
    Param { name, kind, default: Default::Required }
}

pub(super) const fn optional(name: &'static str, kind: ParamKind, default: Default) -> Param {
    Param { name, kind, default }
}

pub(super) const ARRAY: &[Param] = &[number("array")];
pub(super) const TRANSPORT: &[Param] = &[required("stock", ParamKind::Transport)];
pub(super) const TRANSPORT_N: &[Param] = &[required("stock", ParamKind::Transport), number("n")];
pub(super) const X: &[Param] = &[number("x")];
pub(super) const A_B: &[Param] = &[number("a"), number("b")];
pub(super) const INPUT: Param = required("input", ParamKind::Input);
pub(super) const AVERAGING_TIME: Param = required("averaging time", ParamKind::Time);
pub(super) const DELAY_TIME: Param = required("delay time", ParamKind::Time);
pub(super) const ORDER: Param = required("order", ParamKind::Order);
pub(super) const INITIAL: Param = required("initial", ParamKind::Initial);
pub(super) const INITIAL_OR_INPUT: Param = optional("initial", ParamKind::Initial, Default::Absent);
pub(super) const INITIAL_OR_ZERO: Param = optional("initial", ParamKind::Initial, Default::Value(0.0));

pub(super) const SEED: Param = optional("seed", ParamKind::Seed, Default::Absent);
pub(super) const LEAST: Param = optional("least", ParamKind::Least, Default::Absent);
pub(super) const GREATEST: Param = optional("greatest", ParamKind::Greatest, Default::Absent);
pub(super) const SAMPLE: Param = optional("sample", ParamKind::Sample, Default::Absent);

/// Bounds, and what Vensim does to a random number within them.
pub(super) const MIN: Param = required("min", ParamKind::Least);
pub(super) const MAX: Param = required("max", ParamKind::Greatest);
pub(super) const SHIFT: Param = required("shift", ParamKind::Shift);
pub(super) const STRETCH: Param = required("stretch", ParamKind::Stretch);
pub(super) const STREAM: Param = required("stream", ParamKind::Stream);

pub(super) const SMOOTHS: &[Param] = &[INPUT, AVERAGING_TIME, INITIAL_OR_INPUT];
pub(super) const DELAYED: &[Param] = &[INPUT, DELAY_TIME, INITIAL_OR_INPUT];

// what units arguments and values have
pub(super) const FREE: UnitPattern = UnitPattern::Free;
pub(super) const ONE: UnitPattern = UnitPattern::ONE;
pub(super) const A: UnitPattern = UnitPattern::A;
pub(super) const B: UnitPattern = UnitPattern::B;
pub(super) const A_PER_B: UnitPattern = UnitPattern::A_PER_B;
pub(super) const T: UnitPattern = UnitPattern::TIME;
pub(super) const PER_TIME: UnitPattern = UnitPattern::PER_TIME;
pub(super) const SAME_UNITS: UnitRule = UnitRule::Call(&[A], A);
pub(super) const NO_UNITS: UnitRule = UnitRule::Call(&[FREE], ONE);
pub(super) const ANY_UNITS: UnitRule = UnitRule::Call(&[FREE], FREE);
pub(super) const UNITS_OF_NUMBERS: UnitRule = UnitRule::Call(&[], UnitPattern::Number);
pub(super) const UNITS_OF_TIME: UnitRule = UnitRule::Call(&[], T);
pub(super) const UNITS_OF_QUOTIENTS: UnitRule = UnitRule::Call(&[A, B, A_PER_B], A_PER_B);
pub(super) const UNITS_OF_DELAYS: UnitRule = UnitRule::Call(&[A, T, A], A);
pub(super) const UNITS_OF_DELAYS_OF_ORDER: UnitRule = UnitRule::Call(&[A, T, ONE, A], A);

/// A row whose parameters are all numbers.
pub(super) const fn pure(names: &'static [&'static str], params: &'static [Param], function: PureFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::Pure(function),
        units: UnitRule::Unstated,
        about: "",
        origin: MATHEMATICS,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// The graphical function that a function of one takes.
pub(super) const CURVE: Param = required("graphical function", ParamKind::Table);

/// An end of a part of a graphical function, by default that of all of it.
pub(super) const fn bound(name: &'static str) -> Param {
    optional(name, ParamKind::Number, Default::Absent)
}

/// A row of a function of a graphical function.
pub(super) const fn curve(names: &'static [&'static str], params: &'static [Param], function: LookupFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::Lookup(function),
        units: ANY_UNITS,
        about: "",
        origin: STELLA,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// A row of a function that is made of PREVIOUS.
pub(super) const fn memory(names: &'static [&'static str], params: &'static [Param], function: MemoryFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::Memory(function),
        units: ANY_UNITS,
        about: "",
        origin: STELLA,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// A row of a random number: the parameters of its distribution, then the seed and what else Stella lets a call say.
pub(super) const fn draw(
    names: &'static [&'static str],
    params: &'static [Param],
    distribution: Distribution,
) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::Draw(distribution),
        units: ANY_UNITS,
        about: "",
        origin: STELLA,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// A row of a reducer.
pub(super) const fn reduce(names: &'static [&'static str], op: ReduceOp) -> Builtin {
    Builtin {
        names,
        params: ARRAY,
        meaning: Meaning::Reduce(op),
        units: UnitRule::Unstated,
        about: "",
        origin: ARRAYS,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// A row of a function of whole vectors.
pub(super) const fn vector(names: &'static [&'static str], params: &'static [Param], function: VectorFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::Vector(function),
        units: UnitRule::Unstated,
        about: "",
        origin: VENSIM,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// A row of a function of a conveyor or queue.
pub(super) const fn transport(
    names: &'static [&'static str],
    params: &'static [Param],
    function: TransportFn,
) -> Builtin {
    let units = UnitRule::Unstated;
    Builtin { names, params, meaning: Meaning::Transport(function), units, origin: STELLA, ..Builtin::BLANK }
}

/// A row of a function that remembers.
pub(super) const fn state(names: &'static [&'static str], params: &'static [Param], function: StateFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::State(function),
        units: UnitRule::Unstated,
        about: "",
        origin: DELAYS,
        example: "",
        why: "",
        ..Builtin::BLANK
    }
}

/// A row of a function of Vensim's alone that is made of others.
pub(super) const fn composed(
    names: &'static [&'static str],
    params: &'static [Param],
    function: ComposedFn,
) -> Builtin {
    Builtin { vensim: names, params, meaning: Meaning::Composed(function), origin: VENSIM, ..Builtin::BLANK }
}

/// A row without parameters.
pub(super) const fn constant(names: &'static [&'static str], meaning: Meaning) -> Builtin {
    Builtin {
        names,
        params: &[],
        meaning,
        units: UnitRule::Unstated,
        about: "",
        origin: TIME,
        example: names[0],
        why: "",
        ..Builtin::BLANK
    }
}

impl Builtin {
    /// The same row with its sentence and example.
    pub(super) const fn says(mut self, about: &'static str, example: &'static str) -> Self {
        self.about = about;
        self.example = example;
        self
    }

    /// The same row with its spellings in Vensim.
    pub(super) const fn vensim(mut self, names: &'static [&'static str]) -> Self {
        self.vensim = names;
        self
    }

    /// The same row, whose names mean something else in the other one of XMILE and Stella.
    pub(super) const fn only(mut self, dialect: Dialect) -> Self {
        self.only = Some(dialect);
        self
    }

    /// The same row with the units of its arguments and of its value.
    pub(super) const fn units(mut self, units: UnitRule) -> Self {
        self.units = units;
        self
    }

    /// The same row, defined elsewhere.
    pub(super) const fn of(mut self, origin: &'static str) -> Self {
        self.origin = origin;
        self
    }
}
