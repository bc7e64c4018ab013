//! Blocks as an artifact has them, with results that were worked out by hand or follow from a closed form.

extern crate std;

use std::vec;
use std::vec::Vec;

use super::*;

/// The result of a function of these rows.
fn arranged(function: Function, rows: &[&[f64]], numbers: &[f64]) -> Vec<f64> {
    assert_eq!((rows.len(), numbers.len()), (function.inputs(), function.numbers()));
    let n = rows[0].len();
    let mut block = rows.concat();
    block.resize(function.rows() * n, 7.0);
    arrange(function, &mut block, n, numbers);
    assert_eq!(bits(&block[..rows.len() * n]), bits(&rows.concat()), "an input is never changed");
    block[rows.len() * n..][..n].to_vec()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    let is_near = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= tolerance);
    assert!(is_near, "{found:?} instead of {expected:?}");
}

const FIVE: &[f64] = &[-25.0, 18.0, 27.0, -2.0, 2.0];

#[test]
fn exports_and_names_differ() {
    for (position, function) in Function::ALL.iter().enumerate() {
        let others = &Function::ALL[..position];
        assert!(others.iter().all(|other| other.name() != function.name() && other.export() != function.export()));
        assert!(function.rows() > function.inputs() && !function.about().is_empty());
    }
}

#[test]
fn sort_orders_count_from_0_and_ranks_from_1() {
    assert_eq!(arranged(Function::SortOrder, &[FIVE], &[1.0]), [0.0, 3.0, 4.0, 1.0, 2.0]);
    assert_eq!(arranged(Function::SortOrder, &[FIVE], &[-1.0]), [2.0, 1.0, 4.0, 3.0, 0.0]);
    assert_eq!(arranged(Function::Rank, &[FIVE], &[1.0]), [1.0, 4.0, 5.0, 2.0, 3.0]);
    assert_eq!(arranged(Function::Rank, &[FIVE], &[0.0]), [5.0, 2.0, 1.0, 4.0, 3.0]);
    let order = arranged(Function::SortOrder, &[FIVE], &[1.0]);
    assert_eq!(arranged(Function::Reorder, &[FIVE, &order], &[]), [-25.0, -2.0, 2.0, 18.0, 27.0]);
}

#[test]
fn equal_values_keep_their_order_and_nan_is_last_in_either_direction() {
    let values = [2.0, f64::NAN, 1.0, 2.0, -0.0, f64::NAN, 0.0];
    assert_eq!(arranged(Function::SortOrder, &[&values], &[1.0]), [4.0, 6.0, 2.0, 0.0, 3.0, 1.0, 5.0]);
    assert_eq!(arranged(Function::SortOrder, &[&values], &[-1.0]), [0.0, 3.0, 2.0, 4.0, 6.0, 1.0, 5.0]);
}

#[test]
fn ties_decide_between_equal_values() {
    let (values, ties) = ([5.0, 3.0, 5.0, 3.0], [2.0, 9.0, 1.0, 9.0]);
    assert_eq!(arranged(Function::SortOrderTied, &[&values, &ties], &[1.0]), [1.0, 3.0, 2.0, 0.0]);
    assert_eq!(arranged(Function::SortOrderTied, &[&values, &ties], &[-1.0]), [0.0, 2.0, 1.0, 3.0]);
}

#[test]
fn many_values_are_sorted() {
    for n in [1, 2, 3, 7, 64, 100, 1000] {
        let values: Vec<f64> = (0..n).map(|at| f64::from((at * 7919 + 13) % 101)).collect();
        let order = arranged(Function::SortOrder, &[&values], &[1.0]);
        let sorted = arranged(Function::Reorder, &[&values, &order], &[]);
        let mut expected = values.clone();
        expected.sort_by(f64::total_cmp);
        assert_eq!(sorted, expected);
        let in_order = |pair: &[f64]| values[pair[0] as usize] < values[pair[1] as usize] || pair[0] < pair[1];
        assert!(order.windows(2).all(in_order), "equal values keep their order");
        let ranks = arranged(Function::Rank, &[&values], &[1.0]);
        assert!(order.iter().enumerate().all(|(place, &at)| ranks[at as usize] == place as f64 + 1.0));
    }
}

#[test]
fn what_is_no_position_gives_nan() {
    let result = arranged(Function::Reorder, &[FIVE, &[4.9, -0.5, 5.0, f64::NAN, 0.0]], &[]);
    assert_eq!([result[0], result[4]], [2.0, -25.0]);
    assert!(result[1..4].iter().all(|number| number.is_nan()));
}

#[test]
fn medians_and_modes() {
    let median = |values: &[f64]| arranged(Function::Median, &[values], &[])[0];
    assert_eq!(median(FIVE), 2.0);
    assert_eq!(median(&[3.0, 1.0, 10.0, 2.0]), 2.5);
    assert_eq!(median(&[7.0]), 7.0);
    assert!(median(&[1.0, f64::NAN, 2.0]).is_nan() && median(&[f64::NAN]).is_nan());
    let mode = |values: &[f64]| arranged(Function::Mode, &[values], &[])[0];
    assert_eq!(mode(&[3.0, 1.0, 3.0, 2.0, 1.0, 3.0]), 3.0);
    assert_eq!(mode(&[3.0, 1.0, 3.0, 2.0, 1.0]), 1.0);
    assert_eq!(mode(FIVE), -25.0);
    assert_eq!(mode(&[7.0]), 7.0);
    assert!(mode(&[1.0, f64::NAN, 1.0]).is_nan());
}

#[test]
fn selections() {
    let (by, values) = ([2.0, 0.0, 3.0], [5.0, 7.0, -4.0]);
    let select = |action: f64| arranged(Function::Select, &[&by, &values], &[-1.0, action])[0];
    let expected = [-2.0, -120.0, -12.0, 10.0, -1.0, -1600.0, 1.0, -20.0, -4.0, 5.0, 0.5];
    for (action, expected) in expected.into_iter().enumerate() {
        assert_eq!(select(action as f64), expected, "action {action}");
    }
    assert!(select(11.0).is_nan() && select(-1.0).is_nan() && select(f64::NAN).is_nan());
    assert_eq!(arranged(Function::Select, &[&[0.0], &[5.0]], &[-1.0, 0.0]), [-1.0]);
}

#[test]
fn inverses() {
    let invert = |matrix: &[f64]| arranged(Function::Invert, &[matrix], &[]);
    assert_near(&invert(&[4.0, 7.0, 2.0, 6.0]), &[0.6, -0.7, -0.2, 0.4], 1e-15);
    // A zero on the diagonal needs an exchange of rows.
    let found = invert(&[0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 4.0, 0.0, 0.0]);
    assert_eq!(found, [0.0, 0.0, 0.25, 1.0, 0.0, 0.0, 0.0, 0.5, 0.0]);
    assert!(invert(&[1.0, 2.0, 2.0, 4.0]).iter().all(|number| number.is_nan()));
    assert!(invert(&[1.0, f64::NAN, 2.0, 4.0]).iter().any(|number| number.is_nan()));
}

fn allocated(requests: &[f64], priorities: &[f64], width: f64, kind: f64, available: f64) -> Vec<f64> {
    let all = |number: f64| vec![number; requests.len()];
    let (widths, types, extras) = (all(width), all(kind), all(1.0));
    arranged(Function::Allocate, &[requests, priorities, &widths, &types, &extras], &[available])
}

#[test]
fn enough_fills_all_and_nothing_fills_none() {
    for kind in [0.0, 1.0, 2.0, 3.0, 4.0, 5.0] {
        assert_eq!(allocated(&[3.0, -2.0, 4.0], &[1.0, 2.0, 3.0], 1.0, kind, 7.0), [3.0, 0.0, 4.0]);
        assert_eq!(allocated(&[3.0, -2.0, 4.0], &[1.0, 2.0, 3.0], 1.0, kind, 0.0), [0.0; 3]);
        assert_eq!(allocated(&[3.0, f64::NAN, 4.0], &[1.0, 2.0, 3.0], 1.0, kind, f64::NAN), [0.0; 3]);
    }
}

#[test]
fn shares_add_up_to_what_is_available() {
    for kind in [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0] {
        for width in [0.0, 0.5, 1.0, 20.0] {
            for available in [1e-9, 0.1, 1.0, 4.5, 8.9] {
                let given = allocated(&[3.0, 2.0, 4.0], &[1.0, 2.0, 3.0], width, kind, available);
                let sum: f64 = given.iter().sum();
                assert!((sum - available).abs() <= 1e-12, "type {kind}, width {width}: {sum} of {available}");
                assert!(given.iter().zip([3.0, 2.0, 4.0]).all(|(given, asked)| *given >= 0.0 && *given <= asked));
            }
        }
    }
}

#[test]
fn rectangles_overlap_by_their_full_width() {
    // At the price 2.25 the curves are at 0, 0.25 and 1: 0 + 0.5 + 4 = 4.5.
    assert_near(&allocated(&[3.0, 2.0, 4.0], &[1.0, 2.0, 3.0], 1.0, 1.0, 4.5), &[0.0, 0.5, 4.0], 1e-12);
    // Two of the width 4 around 1 and 3: at the price 2 they are at a quarter and three quarters.
    assert_near(&allocated(&[8.0, 8.0], &[1.0, 3.0], 4.0, 1.0, 8.0), &[2.0, 6.0], 1e-12);
}

#[test]
fn symmetric_curves_share_at_the_middle_price() {
    // At the price 2, one width above the one priority and one below the other.
    let normal = 0.158_655_253_931_457_05;
    assert_near(&allocated(&[1.0, 1.0], &[1.0, 3.0], 1.0, 3.0, 1.0), &[normal, 1.0 - normal], 1e-12);
    let exponential = 0.5 * (-1.0f64).exp();
    assert_near(&allocated(&[1.0, 1.0], &[1.0, 3.0], 1.0, 4.0, 1.0), &[exponential, 1.0 - exponential], 1e-12);
    // A quarter of the width 4: u is 0.75.
    assert_near(&allocated(&[1.0, 1.0], &[1.0, 3.0], 4.0, 2.0, 1.0), &[0.125, 0.875], 1e-12);
    // (m/p)^1 with p = sqrt(3): 1/(1 + sqrt 3) and sqrt 3/(1 + sqrt 3).
    let part = 1.0 / (1.0 + 3.0f64.sqrt());
    assert_near(&allocated(&[1.0, 1.0], &[1.0, 3.0], 1.0, 5.0, 1.0), &[part, 1.0 - part], 1e-12);
}

#[test]
fn steps_are_strict_and_equal_ones_share() {
    assert_eq!(allocated(&[3.0, 2.0, 4.0], &[1.0, 2.0, 3.0], 0.0, 1.0, 5.0), [0.0, 1.0, 4.0]);
    assert_near(&allocated(&[3.0, 1.0], &[2.0, 2.0], 0.0, 3.0, 2.0), &[1.5, 0.5], 1e-15);
}

#[test]
fn fixed_quantities_come_first() {
    let types = [0.0, 1.0];
    let given = arranged(Function::Allocate, &[&[3.0, 4.0], &[1.0, 9.0], &[1.0; 2], &types, &[0.0; 2]], &[5.0]);
    assert_near(&given, &[3.0, 2.0], 1e-12);
    let given = arranged(Function::Allocate, &[&[3.0, 4.0], &[1.0, 9.0], &[1.0; 2], &types, &[0.0; 2]], &[2.0]);
    assert_near(&given, &[2.0, 0.0], 1e-12);
    assert_near(&allocated(&[3.0, 1.0], &[1.0, 2.0], 1.0, 0.0, 2.0), &[1.5, 0.5], 1e-15);
}

#[test]
fn whole_units_go_to_the_greatest_rests() {
    // Equal priorities give 5/3 each; the two units that are left go to the first two.
    assert_eq!(allocated(&[3.0, 3.0, 3.0], &[1.0; 3], 1.0, 11.0, 5.0), [2.0, 2.0, 1.0]);
    // Rests of 0.5, 0.25 and 0.25 leave one unit.
    assert_eq!(allocated(&[4.0, 2.0, 2.0], &[1.0; 3], 1.0, 13.0, 5.0), [3.0, 1.0, 1.0]);
    // Nobody gets a unit that was not asked for whole.
    assert_eq!(allocated(&[2.5, 1.5], &[1.0; 2], 1.0, 11.0, 9.0), [2.0, 1.0]);
    let types = [11.0, 1.0];
    let given = arranged(Function::Allocate, &[&[3.0, 3.0], &[1.0; 2], &[1.0; 2], &types, &[0.0; 2]], &[3.0]);
    assert_near(&given, &[1.0, 1.5], 1e-12);
}

#[test]
fn the_most_urgent_have_a_head_start() {
    let (requests, priorities) = ([10.0, 20.0, 5.0], [0.1, 0.3, 0.8]);
    let served = |width: f64, supply: f64| {
        arranged(Function::AllocateByPriority, &[&requests, &priorities], &[3.0, width, supply])
    };
    // They begin at 0.07, 0.05 and 0. At the time T, 5T + 20(T - 0.05) + 10(T - 0.07) is 1 when T is 2.7/35.
    let end = 2.7 / 35.0;
    assert_near(&served(10.0, 1.0), &[10.0 * (end - 0.07), 20.0 * (end - 0.05), 5.0 * end], 1e-14);
    assert_near(&served(10.0, 1.0), &[0.0714286, 0.542857, 0.385714], 5e-7);
    // Without a width the order is strict.
    assert_near(&served(0.0, 12.0), &[0.0, 7.0, 5.0], 1e-14);
    assert_eq!(served(1.0, 35.0), requests);
    assert_eq!(served(1.0, 0.0), [0.0; 3]);
    assert_eq!(served(1.0, f64::NAN), [0.0; 3]);
}

#[test]
fn requests_for_nothing_are_left_out_and_equal_priorities_share() {
    let by_priority = |sizes: &[f64], priorities: &[f64], numbers: [f64; 3]| {
        arranged(Function::AllocateByPriority, &[sizes, priorities], &numbers)
    };
    assert_near(&by_priority(&[6.0, 0.0, 2.0], &[1.0, 5.0, 1.0], [3.0, 2.0, 4.0]), &[3.0, 0.0, 1.0], 1e-14);
    // The one that is out of the size gets nothing.
    assert_near(&by_priority(&[6.0, 3.0, 2.0], &[1.0, 1.0, 9.0], [2.0, 1.0, 3.0]), &[2.0, 1.0, 0.0], 1e-14);
    // The second one begins when the first one has half of its 4; when that is full the second has 2, and 1 is left for it.
    assert_near(&by_priority(&[4.0, 4.0], &[2.0, 1.0], [2.0, 2.0, 7.0]), &[4.0, 3.0], 1e-14);
}

#[test]
fn a_market_clears_where_the_curves_meet() {
    let of = |value: f64| [value; 4];
    // Two demands and two supplies as pairs: 4(3 - p)/2 is asked for, 2(p - 1)/2 offered.
    let price = |demand: f64, kind: f64| {
        let rows = [of(demand), of(2.0), of(2.0), of(kind), of(1.0), of(1.0), of(2.0), of(2.0), of(kind), of(1.0)];
        let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
        arranged(Function::MarketPrice, &rows, &[2.0, 2.0])[0]
    };
    assert_near(&[price(2.0, 1.0)], &[7.0 / 3.0], 1e-15);
    // Where nothing is demanded, the least price that a curve reaches; nothing has a price where all is fixed.
    assert_eq!([1.0, 2.0, 3.0, 4.0, 5.0, 0.0].map(|kind| price(0.0, kind)), [1.0, 1.0, -8.0, -18.0, 0.0, 0.0]);
    // Demand that nothing limits comes to the end of the supply.
    let rows = [of(9.0), of(2.0), of(2.0), of(0.0), of(1.0), of(1.0), of(2.0), of(2.0), of(1.0), of(1.0)];
    let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
    assert_eq!(arranged(Function::MarketPrice, &rows, &[2.0, 2.0])[0], 3.0);
    assert_eq!(arranged(Function::MarketPrice, &rows, &[f64::NAN, f64::NAN])[0], 0.0);
}

#[test]
fn supplies_are_what_demands_leave() {
    for kind in [1.0, 2.0, 3.0, 4.0, 5.0, 11.0] {
        for price in [-1.0, 0.5, 2.0, 3.0, f64::INFINITY] {
            let rows: [&[f64]; 5] = [&[8.0], &[2.0], &[3.0], &[kind], &[2.0]];
            let [demand, supply] = [Function::Demand, Function::Supply].map(|of| arranged(of, &rows, &[price])[0]);
            assert_near(&[demand + supply], &[8.0], 1e-14);
        }
    }
    let fixed: [&[f64]; 5] = [&[8.0], &[2.0], &[3.0], &[0.0], &[2.0]];
    assert_eq!([Function::Demand, Function::Supply].map(|of| arranged(of, &fixed, &[1e9])[0]), [8.0, 8.0]);
}

#[test]
fn a_vector_is_a_graphical_function() {
    let at = |ys: &[f64], x: f64, mode: f64| arranged(Function::Interpolate, &[ys], &[x, 0.0, 4.0, mode])[0];
    let ys = [1.0, 3.0, 2.0];
    let modes = |x: f64| [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0].map(|mode| at(&ys, x, mode));
    assert_eq!(modes(-1.0), [1.0, -1.0, 1.0, 0.0, 1.0, 0.0, 0.0, -0.5, -2.0, 1.0]);
    assert_eq!(modes(3.0), [2.5, 6.75, 3.0, 2.5, 2.0, 2.0, -0.5, 6.75, 2.0, -0.5]);
    assert_eq!(modes(5.0), [2.0, 11.0, 2.0, 1.5, 2.0, 2.0, 0.0, 10.75, 2.0, -0.5]);
    assert_eq!(at(&ys, 2.0, 6.0), 0.25);
    assert!(at(&ys, 2.0, 10.0).is_nan() && at(&ys, f64::NAN, 0.0).is_nan() && at(&ys, 2.0, f64::NAN).is_nan());
    // Nothing runs beyond the points, whatever is asked for.
    for mode in 0..12 {
        for x in [f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 0.0] {
            let mode = f64::from(mode);
            at(&[7.0], x, mode);
            at(&ys, x, mode);
            arranged(Function::Interpolate, &[&ys], &[x, 1.0, 1.0, mode]);
            arranged(Function::Interpolate, &[&ys], &[x, f64::NEG_INFINITY, f64::INFINITY, mode]);
        }
    }
    assert_eq!([0.0, 1.0, 5.0, 6.0].map(|mode| at(&[7.0], 9.0, mode)), [7.0, 0.0, 0.0, 0.0]);
}
