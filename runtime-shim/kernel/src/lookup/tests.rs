//! Tables at values worked out by hand, and all searches against the definition.

extern crate std;

use std::vec;
use std::vec::Vec;

use super::{Kind, LINEAR_POINTS, Search, Table, are_points, block_len, choose_search, encode_block, encode_points};

const KINDS: [Kind; 3] = [Kind::Continuous, Kind::Extrapolate, Kind::Discrete];
const SEARCHES: [Search; 3] = [Search::Even, Search::Linear, Search::Binary];
const INF: f64 = f64::INFINITY;

fn block(kind: Kind, xs: &[f64], ys: &[f64]) -> Vec<f64> {
    let mut block = vec![f64::NAN; block_len(xs.len())];
    encode_block(kind, xs, ys, &mut block);
    block
}

#[test]
fn pairs_give_the_same_block() {
    for kind in KINDS {
        for n in [1, 2, 4] {
            let pairs: Vec<[f64; 2]> = XS.iter().zip(YS).take(n).map(|(&x, y)| [x, y]).collect();
            let mut of_pairs = vec![f64::NAN; block_len(n)];
            encode_points(kind, &pairs, &mut of_pairs);
            assert_eq!(of_pairs, block(kind, &XS[..n], &YS[..n]));
        }
    }
}

#[test]
fn points_are_finite_and_ascend() {
    assert!(are_points(&[[0.0, 1.0]]) && are_points(&[[-1.0, 0.0], [2.0, 1.0], [2.0, 5.0], [3.0, -0.0]]));
    assert!(!are_points(&[]));
    assert!(!are_points(&[[1.0, 0.0], [0.5, 0.0]]));
    for bad in [f64::NAN, INF, -INF] {
        assert!(!are_points(&[[0.0, 0.0], [bad, 0.0]]) && !are_points(&[[bad, 0.0]]) && !are_points(&[[0.0, bad]]));
    }
}

/// Checks (x, y) pairs with every search, signs of zeros included.
#[track_caller]
fn check(kind: Kind, xs: &[f64], ys: &[f64], pairs: &[(f64, f64)]) {
    let block = block(kind, xs, ys);
    for search in SEARCHES {
        let table = Table::new(kind, search, &block);
        for &(x, y) in pairs {
            let actual = table.eval(x);
            assert_eq!(actual.to_bits(), y.to_bits(), "{kind:?} {search:?} at {x}: {actual}, not {y}");
        }
    }
}

const XS: [f64; 4] = [0.0, 1.0, 3.0, 4.0];
const YS: [f64; 4] = [10.0, 20.0, 0.0, -2.0];

#[test]
fn continuous_tables_interpolate_and_clamp() {
    check(
        Kind::Continuous,
        &XS,
        &YS,
        &[
            (-INF, 10.0),
            (-1.0, 10.0),
            (0.0, 10.0),
            (0.5, 15.0),
            (1.0, 20.0),
            (1.5, 15.0),
            (3.25, -0.5),
            (4.0, -2.0),
            (5.0, -2.0),
            (INF, -2.0),
        ],
    );
}

#[test]
fn extrapolating_tables_continue_their_ends() {
    check(
        Kind::Extrapolate,
        &XS,
        &YS,
        &[(-INF, -INF), (-1.0, 0.0), (0.0, 10.0), (2.0, 10.0), (4.0, -2.0), (5.0, -4.0), (INF, -INF)],
    );
}

#[test]
fn discrete_tables_hold_the_last_point() {
    check(
        Kind::Discrete,
        &XS,
        &YS,
        &[
            (-INF, 10.0),
            (-1.0, 10.0),
            (0.0, 10.0),
            (0.999, 10.0),
            (1.0, 20.0),
            (2.999, 20.0),
            (3.0, 0.0),
            (3.5, 0.0),
            (4.0, -2.0),
            (INF, -2.0),
        ],
    );
}

#[test]
fn a_jump_takes_the_last_of_its_points() {
    let (xs, ys) = ([0.0, 1.0, 1.0, 1.0, 2.0], [0.0, 1.0, 5.0, 7.0, 8.0]);
    for kind in [Kind::Continuous, Kind::Extrapolate] {
        check(kind, &xs, &ys, &[(0.5, 0.5), (1.0, 7.0), (1.5, 7.5)]);
    }
    check(Kind::Discrete, &xs, &ys, &[(0.5, 0.0), (1.0, 7.0), (1.5, 7.0)]);
}

#[test]
fn ends_without_width_go_on_horizontally() {
    let (xs, ys) = ([0.0, 0.0, 1.0, 1.0], [3.0, 4.0, 6.0, 9.0]);
    for kind in [Kind::Continuous, Kind::Extrapolate] {
        check(kind, &xs, &ys, &[(-INF, 3.0), (-1.0, 3.0), (0.0, 4.0), (0.5, 5.0), (1.0, 9.0), (2.0, 9.0), (INF, 9.0)]);
    }
}

#[test]
fn the_last_point_is_exact_though_its_segment_rounds() {
    let (xs, ys) = ([0.0, 0.3, 0.7], [0.1, 0.9, 0.2]);
    check(Kind::Extrapolate, &xs, &ys, &[(0.7, 0.2), (0.3, 0.9)]);
    check(Kind::Continuous, &xs, &ys, &[(0.7, 0.2), (0.1, 0.1 + 0.1 * ((0.9 - 0.1) / 0.3))]);
}

#[test]
fn one_point_is_a_constant() {
    for kind in KINDS {
        check(kind, &[2.0], &[7.0], &[(-INF, 7.0), (0.0, 7.0), (2.0, 7.0), (3.0, 7.0), (INF, 7.0)]);
    }
}

#[test]
fn nan_and_empty_tables_give_the_canonical_nan() {
    for kind in KINDS {
        check(kind, &XS, &YS, &[(-f64::NAN, f64::NAN)]);
        check(kind, &[2.0], &[7.0], &[(f64::NAN, f64::NAN)]);
        check(kind, &[], &[], &[(1.0, f64::NAN), (f64::NAN, f64::NAN)]);
    }
}

#[test]
fn blocks_have_the_documented_words() {
    assert_eq!(
        block(Kind::Continuous, &[1.0, 2.0, 2.0, 5.0], &[0.0, 3.0, 4.0, 1.0]),
        [0.75, 1.0, 0.0, 3.0, 2.0, 3.0, 0.0, 2.0, 4.0, -1.0, 5.0, 1.0, 0.0]
    );
    assert_eq!(block(Kind::Discrete, &[1.0, 1.0], &[4.0, 5.0]), [0.0, 1.0, 4.0, 0.0, 1.0, 5.0, 0.0]);
}

#[test]
fn hostile_tables_give_some_number() {
    let strange = [f64::NAN, -INF, INF, 0.0, -0.0, 1.0, f64::MAX, f64::MIN, f64::from_bits(1), 5.0];
    for kind in KINDS {
        for i in 0..strange.len().pow(3) {
            let pick = |k: u32| strange[i / strange.len().pow(k) % strange.len()];
            let block = block(kind, &[pick(0), pick(1), pick(2)], &[1.0, 2.0, 3.0]);
            for search in SEARCHES {
                for x in strange {
                    let _ = Table::new(kind, search, &block).eval(x);
                }
            }
        }
    }
}

/// A small generator of reproducible numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn unit(&mut self) -> f64 {
        self.below(1 << 30) as f64 / (1u64 << 30) as f64
    }

    /// Ascending x: even, nearly even, uneven by orders of magnitude, or with many repetitions.
    fn ascending(&mut self, n: usize) -> Vec<f64> {
        let (style, start) = (self.below(4), self.unit() * 20.0 - 10.0);
        let mut x = start;
        (0..n)
            .map(|i| {
                x = match style {
                    0 => start + i as f64 * 0.1,
                    1 => start + i as f64 * 0.1 + self.unit() * 0.02,
                    2 => x + 10.0 * self.unit().powi(12),
                    _ => x + self.below(2) as f64,
                };
                x
            })
            .collect()
    }
}

/// The definition: the formulas of the module's documentation, without a block.
fn naive(kind: Kind, xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let last = xs.len() - 1;
    let line = |i: usize| {
        if xs[i] == xs[i + 1] { None } else { Some(ys[i] + (x - xs[i]) * ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]))) }
    };
    match (0..=last).rev().find(|&i| xs[i] <= x) {
        None if kind == Kind::Extrapolate && last > 0 => line(0).unwrap_or(ys[0]),
        None => ys[0],
        Some(i) if i == last && x > xs[last] && kind == Kind::Extrapolate && last > 0 => {
            line(last - 1).unwrap_or(ys[last])
        }
        Some(i) if i == last || kind == Kind::Discrete => ys[i],
        Some(i) => line(i).expect("the last point that is not right of x has a segment with a width"),
    }
}

#[test]
fn all_searches_agree_with_the_definition() {
    let mut random = Random(1);
    for _ in 0..2000 {
        let n = 1 + random.below(40) as usize;
        let xs = random.ascending(n);
        let ys: Vec<f64> = (0..n).map(|_| random.unit() * 100.0 - 50.0).collect();
        let mut probes: Vec<f64> = xs.iter().flat_map(|&x| [x, x.next_up(), x.next_down()]).collect();
        probes.extend((0..20).map(|_| xs[0] - 1.0 + random.unit() * (xs[n - 1] - xs[0] + 2.0)));
        for kind in KINDS {
            let pairs: Vec<(f64, f64)> = probes.iter().map(|&x| (x, naive(kind, &xs, &ys, x))).collect();
            check(kind, &xs, &ys, &pairs);
        }
    }
}

#[test]
fn the_search_follows_from_spacing_and_size() {
    let even: Vec<f64> = (0..=10).map(|i| 0.1 * f64::from(i)).collect();
    assert_eq!(choose_search(&even), Search::Even);
    assert_eq!(choose_search(&[0.0, 1.0, 2.0, 10.0]), Search::Linear);
    let squares: Vec<f64> = (0..LINEAR_POINTS).map(|i| (i * i) as f64).collect();
    assert_eq!(choose_search(&squares), Search::Linear);
    let more: Vec<f64> = (0..=LINEAR_POINTS).map(|i| (i * i) as f64).collect();
    assert_eq!(choose_search(&more), Search::Binary);
    assert_eq!(choose_search(&[3.0; 8]), Search::Linear);
    assert_eq!(choose_search(&[]), Search::Linear);
}
