//! Lookups outside of loops, which remember their segment, at every kind of number and one after the other in every order.

use std::fmt::Write as _;

use simc_midend::layout::{Symbols, layout};

use super::instance::Trio;
use super::parse;

/// Points of tables, with the words before them.
fn tables() -> Vec<(&'static str, Vec<[f64; 2]>)> {
    let even = |n: u32, first: f64, step: f64| -> Vec<[f64; 2]> {
        let point = |i: u32| [first + f64::from(i) * step, f64::from(i * i % 7) - 2.5];
        (0..n).map(point).collect()
    };
    vec![
        ("continuous even", even(7, 0.0, 5.0 / 6.0)),
        ("continuous even", even(11, -3.0, 1.0)),
        ("discrete even", even(6, 0.0, 1.1)),
        // More rows than a byte counts.
        ("continuous even", even(300, 1900.0, 0.5)),
        ("continuous linear", vec![[-2.0, 3.0], [-1.5, -1.0], [0.0, 0.0], [0.25, 7.0], [10.0, 6.5]]),
        ("discrete linear", vec![[0.0, 0.0], [1.0, 1.0], [1.5, -1.0]]),
        ("continuous linear", vec![[1e200, 4.0], [3e200, 1.0]]),
        // By which nothing is remembered: an end of -0, points too far out, a jump.
        ("continuous linear", vec![[0.0, -0.0], [1.0, 1.0], [2.0, -0.0]]),
        ("continuous linear", vec![[-1e308, 1.0], [0.0, 2.0], [1e308, 3.0]]),
        ("continuous linear", vec![[0.0, 1.0], [1.0, 2.0], [1.0, 3.0], [2.0, 4.0]]),
    ]
}

/// A model of one constant, at which all tables are looked up in each row.
fn model() -> String {
    let tables = tables();
    let mut slots = String::new();
    let (mut declared, mut looked_up) = (String::new(), String::new());
    for (number, (words, points)) in tables.iter().enumerate() {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("{x:?}:{y:?}")).collect();
        writeln!(slots, "s{}: output", number + 4).expect("writing to a string");
        writeln!(declared, "t{number}: {words} {{ {} }}", points.join(", ")).expect("writing to a string");
        let [value, slot] = [number + 1, number + 4];
        writeln!(looked_up, "v{value} = lookup t{number}, v0\n out s{slot}, v{value}").expect("writing to a string");
    }
    let x = tables.len() + 4;
    format!(
        "module {{\n time start=0.0 stop=3.0 dt=1.0 steps=3 save_every=1 method=euler\n slots {{\n s0: time\n s1: dt\n \
         s2: start\n s3: stop\n {slots} s{x}: run\n }}\n params {{ p0: s{x} = 0.0 }}\n tables {{\n {declared} }}\n}}\n\
         func prepare {{\nblock0:\n v0 = param p0\n store s{x}, v0\n}}\n\
         func row {{\nblock0:\n v0 = load s{x}\n {looked_up} }}\n"
    )
}

/// Each point, what is next to it, what is between, and what is far from all.
fn numbers() -> Vec<f64> {
    let points = tables().into_iter().flat_map(|(_, points)| points).map(|[x, _]| x);
    let around = points.flat_map(|x| [x.next_down(), x, x.next_up(), x + 0.3, -x]);
    let far = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 1e290, -1e290, -0.0, 5e-324];
    around.chain(far).collect()
}

#[test]
fn a_segment_that_is_remembered_changes_no_bit() {
    let module = parse(&model());
    let laid_out = layout(&module, Symbols::default(), 1 << 24, true).expect("it is small");
    let remembering = laid_out.places.values().map(|places| places.len()).sum::<usize>();
    assert_eq!(remembering, 7, "those that are open");
    assert_eq!(laid_out.places.values().flat_map(|places| places.values()).filter(|place| place.is_wide).count(), 1);
    let mut trio = Trio::new(&module);
    let x = i32::try_from(tables().len() + 4).expect("a few tables");
    let numbers = numbers();
    // Steps that share no factor with how many there are: each number comes after each other one of some distance.
    for stride in [1, 7, 101, 997] {
        for at in 0..numbers.len() {
            let number = numbers[at * stride % numbers.len()];
            trio.all(&format!("{number:?}"), |engine| {
                engine.set_value(x, number);
                engine.run_initials();
            });
        }
    }
    trio.all("run", |engine| engine.run());
}
