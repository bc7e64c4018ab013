use super::rate;
use crate::ring;

/// The rate after these payments have been made, the last one now.
fn of(payments: &[f64], dt: f64) -> f64 {
    let mut memory = [0.0; ring::HEADER_WORDS + 40];
    ring::fill(&mut memory, 40.0, 0.0);
    let (last, before) = payments.split_last().expect("a payment is made");
    before.iter().for_each(|&payment| ring::push(&mut memory, payment));
    rate(&memory, before.len() as f64, *last, dt, 99.0)
}

fn close(rate: f64, expected: f64) {
    assert!((rate - expected).abs() < 1e-12 * expected.abs().max(1.0), "{rate} is not {expected}");
}

#[test]
fn a_rate_makes_payments_worth_nothing() {
    close(of(&[-100.0, 110.0], 1.0), 0.1);
    close(of(&[-100.0, 0.0, 121.0], 1.0), 0.1);
    close(of(&[100.0, -90.0], 1.0), -0.1);
    // A loan of 10000 that is repaid in 36 months at 1 per cent.
    let mut loan = [-332.143_098_131_083_4; 37];
    loan[0] = 10_000.0;
    close(of(&loan, 1.0), 0.01);
    // The rate is one in a time unit, whatever the step is.
    close(of(&[-100.0, 0.0, 110.0], 0.5), 0.1);
    close(of(&[-1.0, 3.0], 2.0), 3.0_f64.sqrt() - 1.0);
    assert_eq!(of(&[-50.0, 20.0, 30.0], 1.0), 0.0);
}

#[test]
fn without_a_root_it_is_missing() {
    for payments in [&[0.0][..], &[-5.0], &[5.0, 3.0], &[-5.0, 0.0], &[f64::NAN, 1.0], &[-1.0, f64::NAN, 2.0]] {
        assert_eq!(of(payments, 1.0), 99.0, "{payments:?}");
    }
    // Never 0 : 1 - 2d + 2d^2.
    assert_eq!(of(&[1.0, -2.0, 2.0], 1.0), 99.0);
    assert_eq!(of(&[-f64::INFINITY, 1.0], 1.0), 99.0);
}

#[test]
fn of_several_roots_it_is_the_nearest() {
    // (d - 0.8)*(d - 0.5)*10
    close(of(&[4.0, -13.0, 10.0], 1.0), 0.25);
    // (d - 1.25)*(d - 0.8)
    close(of(&[1.0, -2.05, 1.0], 1.0), 0.25);
}
