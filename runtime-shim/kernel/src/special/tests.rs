//! The corners of each function; values between are compared with precise ones beside `function`.

use super::*;

const INF: f64 = f64::INFINITY;

#[track_caller]
fn same(actual: f64, expected: f64) {
    assert!(
        actual.to_bits() == expected.to_bits() || actual.is_nan() && expected.is_nan(),
        "{actual:e} is not {expected:e}"
    );
}

#[test]
fn the_quantile_is_infinite_at_the_ends_and_nan_outside() {
    same(inverse_normal(0.5), 0.0);
    same(inverse_normal(0.0), -INF);
    same(inverse_normal(1.0), INF);
    for p in [-f64::MIN_POSITIVE, 1.0f64.next_up(), INF, -INF, f64::NAN] {
        same(inverse_normal(p), f64::NAN);
    }
    assert!(inverse_normal(f64::from_bits(1)) < -38.0);
}

#[test]
fn the_quantile_inverts_the_distribution() {
    for z in [-7.5, -3.0, -1.0, -0.1, 0.0, 0.7, 2.5] {
        let p = normal_between(-INF, z, 0.0, 1.0);
        assert!((inverse_normal(p) - z).abs() < 1e-9, "{z}");
    }
}

#[test]
fn normal_tails_lose_nothing() {
    same(normal_between(-INF, INF, 3.0, 2.0), 1.0);
    same(normal_between(1.0, 1.0, 0.0, 1.0), 0.0);
    assert_eq!(normal_between(8.0, 9.0, 0.0, 1.0), normal_between(-9.0, -8.0, 0.0, 1.0));
    assert!(normal_between(8.0, 9.0, 0.0, 1.0) > 0.0);
}

#[test]
fn counts_are_of_whole_numbers() {
    same(factorial(0.0), 1.0);
    same(factorial(5.9), 120.0);
    assert!(factorial(170.0).is_finite());
    same(factorial(171.0), INF);
    same(factorial(INF), INF);
    same(factorial(-0.5), f64::NAN);
    same(factorial(f64::NAN), f64::NAN);
    same(permutations(5.0, 3.0), 60.0);
    same(permutations(5.0, 0.0), 1.0);
    same(permutations(3.0, 4.0), 0.0);
    same(permutations(-1.0, 1.0), f64::NAN);
    same(permutations(1e18, 1e17), INF);
    same(permutations(1e300, 2.0), INF);
    same(combinations(5.0, 3.0), 10.0);
    same(combinations(52.0, 5.0), 2_598_960.0);
    same(combinations(3.0, 4.0), 0.0);
    same(combinations(3.0, -1.0), f64::NAN);
    same(combinations(1e18, 5e17), INF);
    same(combinations(1e300, 1.0), 1e300);
}

#[test]
fn odd_roots_of_negative_numbers_are_negative() {
    same(root(-8.0, 3.0), -2.0);
    same(root(8.0, 3.0), 2.0);
    same(root(-8.0, 2.0), f64::NAN);
    same(root(-8.0, 2.5), f64::NAN);
    same(root(16.0, 2.0), 4.0);
    same(root(5.0, 0.0), INF);
}

#[test]
fn halves_round_away_from_zero() {
    for (x, expected) in
        [(0.5, 1.0), (-0.5, -1.0), (2.5, 3.0), (-2.5, -3.0), (0.499_999_999_999_999_94, 0.0), (-0.0, -0.0)]
    {
        same(round(x), expected);
    }
    same(round(4_503_599_627_370_497.0), 4_503_599_627_370_497.0);
    same(round(INF), INF);
}

#[test]
fn finance_agrees_with_itself() {
    // A loan of 10,000 at 1 % a month over 36 months, as Stella's help has it.
    assert!((payment(0.01, 36.0, 10_000.0, 0.0) + 332.14).abs() < 0.005);
    let payment = payment(0.03, 12.0, 500.0, 100.0);
    assert!((future_value(0.03, 12.0, payment, 500.0) - 100.0).abs() < 1e-9);
    assert!((present_value(0.03, 12.0, payment, 100.0) - 500.0).abs() < 1e-9);
    same(future_value(0.0, 10.0, 5.0, 100.0), -150.0);
    same(present_value(0.0, 10.0, 5.0, 100.0), -150.0);
    same(super::payment(0.0, 10.0, 100.0, 50.0), -15.0);
    same(super::payment(0.0, 0.0, 100.0, 50.0), -INF);
}
