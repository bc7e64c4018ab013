use super::*;
use crate::samples;
use crate::verify::verify;

fn instance(text: &str) -> Instance {
    let module = samples::parse(text);
    assert_eq!(verify(&module), Ok(()));
    Instance::new(&module).expect("samples are small")
}

/// What a host can see: live row, saved rows, count and error word, bit for bit.
fn visible(instance: &Instance) -> (Vec<u64>, Vec<u64>, u64, u64) {
    let bits = |row: &[f64]| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    (bits(instance.live()), bits(instance.rows()), instance.saved_steps(), instance.error())
}

/// The cup after each step, by the same operations in the same order.
fn cup(room: f64, steps: usize) -> Vec<f64> {
    let next = |cup: &f64| Some(cup + 0.125 * -((cup - room) / 10.0));
    std::iter::successors(Some(180.0), next).take(steps + 1).collect()
}

#[test]
fn euler_cools_the_cup_as_by_hand() {
    let mut teacup = instance(samples::TEACUP);
    teacup.run();
    assert_eq!(teacup.saved_steps(), 31);
    let expected = cup(70.0, 240);
    for row in 0..31 {
        let cup = expected[8 * row as usize];
        let saved = teacup.row(row);
        assert_eq!(saved[..4], [row as f64, 0.125, 0.0, 30.0]);
        assert_eq!(saved[4..], [cup, (cup - 70.0) / 10.0, 1.0 / 10.0, 70.0, 10.0]);
    }
    assert_eq!(teacup.live(), teacup.row(30));
}

#[test]
fn a_new_instance_shows_zeros_and_initials_show_the_start() {
    let mut teacup = instance(samples::TEACUP);
    assert_eq!(teacup.live(), [0.0; 9]);
    teacup.run_initials();
    assert_eq!(teacup.live(), [0.0, 0.125, 0.0, 30.0, 180.0, 11.0, 0.1, 70.0, 10.0]);
    assert_eq!(teacup.saved_steps(), 0);
    let before = visible(&teacup);
    teacup.run_initials();
    assert_eq!(visible(&teacup), before);
}

#[test]
fn resuming_changes_no_bit() {
    for sample in samples::ALL {
        let mut whole = instance(sample);
        whole.run_to(f64::INFINITY);
        let mut resumed = instance(sample);
        for target in [0.0, 0.3, 1.5, 1.5, 0.1, 2.0, 4.0, 29.9, 1e300] {
            resumed.run_to(target);
        }
        assert_eq!(visible(&resumed), visible(&whole), "{sample}");
    }
}

#[test]
fn a_second_run_repeats_the_first() {
    for sample in samples::ALL {
        let mut twice = instance(sample);
        twice.run();
        let first = visible(&twice);
        twice.run();
        assert_eq!(visible(&twice), first, "{sample}");
        twice.reset();
        twice.run_to(f64::INFINITY);
        assert_eq!(visible(&twice), first, "{sample}");
    }
}

#[test]
fn a_stopped_run_shows_the_first_step_after_the_target() {
    let mut teacup = instance(samples::TEACUP);
    teacup.run_to(0.25);
    let cup = cup(70.0, 3)[3];
    assert_eq!(teacup.live(), [0.375, 0.125, 0.0, 30.0, cup, (cup - 70.0) / 10.0, 0.1, 70.0, 10.0]);
    assert_eq!(teacup.saved_steps(), 1);
    let before = visible(&teacup);
    teacup.run_to(0.125);
    teacup.run_to(f64::NEG_INFINITY);
    assert_eq!(visible(&teacup), before);
}

#[test]
fn a_complete_run_is_final() {
    let mut teacup = instance(samples::TEACUP);
    teacup.run();
    let before = visible(&teacup);
    teacup.run_to(f64::INFINITY);
    assert_eq!(visible(&teacup), before);
}

#[test]
fn overrides_reach_what_follows_from_them_and_survive_a_reset() {
    let mut teacup = instance(samples::TEACUP);
    assert_eq!(teacup.set_value(8, 5.0), 0);
    assert_eq!(teacup.live()[6..], [0.0, 0.0, 5.0]);
    teacup.run_initials();
    assert_eq!(teacup.live()[4..], [180.0, 22.0, 0.2, 70.0, 5.0]);
    teacup.reset();
    assert_eq!(teacup.live(), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0]);
    teacup.clear_values();
    assert_eq!(teacup.live()[8], 5.0);
    teacup.reset();
    assert_eq!(teacup.live(), [0.0; 9]);
    teacup.run_initials();
    assert_eq!(teacup.live()[4..], [180.0, 11.0, 0.1, 70.0, 10.0]);
}

#[test]
fn an_override_between_two_calls_changes_only_what_comes_after() {
    let mut teacup = instance(samples::TEACUP);
    teacup.run_to(1.0);
    let first_rows = teacup.rows().to_vec();
    teacup.set_value(7, 0.0);
    assert_eq!(teacup.live()[5], (cup(70.0, 9)[9] - 70.0) / 10.0, "nothing is evaluated yet");
    teacup.run();
    assert_eq!(teacup.row(1)[4], cup(0.0, 8)[8]);
    let mut resumed = instance(samples::TEACUP);
    resumed.run_to(1.0);
    resumed.set_value(7, 0.0);
    resumed.run_to(2.0);
    assert_eq!(resumed.rows()[..first_rows.len()], first_rows);
    let mut expected = cup(70.0, 9)[9];
    for _ in 9..16 {
        expected += 0.125 * -(expected / 10.0);
    }
    assert_eq!(resumed.row(2)[4], expected);
}

#[test]
fn only_settable_constants_can_be_set() {
    let mut teacup = instance(samples::TEACUP);
    let before = visible(&teacup);
    for slot in [-1, 0, 4, 6, 9, i32::MIN, i32::MAX] {
        assert_eq!(teacup.set_value(slot, 1.0), 1, "{slot}");
    }
    assert_eq!(visible(&teacup), before);
}

#[test]
fn a_nan_target_is_an_error_until_the_reset() {
    let mut teacup = instance(samples::TEACUP);
    teacup.run_to(f64::NAN);
    assert_eq!((teacup.error(), teacup.saved_steps()), (1000, 0));
    assert_eq!(teacup.live(), [0.0; 9]);
    teacup.run_to(1.0);
    assert_eq!(teacup.saved_steps(), 0);
    teacup.reset();
    teacup.run_to(1.0);
    assert_eq!((teacup.error(), teacup.saved_steps()), (0, 2));
}

#[test]
fn loops_folds_rings_and_held_slots_do_what_they_say() {
    let mut arrays = instance(samples::ARRAYS);
    arrays.run();
    let e2 = kernel::function::Function::Exp.eval(&[2.0]);
    let mut people: Vec<f64> = vec![1.0, 2.0, 2.0, 4.0, 3.0, 6.0];
    let mut totals = vec![0.0, 0.0];
    for row in 0..5u64 {
        let saved = arrays.row(row);
        let total = people.iter().fold(0.0, |sum, x| sum + x);
        assert_eq!(saved[0], 1.0 + row as f64);
        assert_eq!(saved[4..10], people);
        let (delayed, last) = (totals[totals.len() - 2], totals[totals.len() - 1]);
        assert_eq!(saved[10..], [total, delayed, last, 0.5, -0.25]);
        totals.push(total);
        // The table is a tenth of x up to 10, and climbs half as steeply from there.
        let crowding = if total < 10.0 { total * 0.1 } else { 1.0 + (total - 10.0) * 0.05 };
        for (at, x) in people.iter_mut().enumerate() {
            *x += *x * if at % 2 == 0 { 0.5 - crowding / e2 } else { -0.25 };
        }
    }
}

#[test]
fn runge_kutta_takes_its_four_stages() {
    let mut oscillator = instance(samples::OSCILLATOR);
    oscillator.run();
    let sin = |t: f64| kernel::function::Function::Sin.eval(&[t]);
    let (mut x, mut v, mut last) = (1.0f64, 0.0f64, 0.0);
    for step in 0..5u64 {
        let t = 0.5 * step as f64;
        let rates = |t: f64, x: f64, v: f64| (v, (sin(t) - last) - x);
        if step % 2 == 0 {
            assert_eq!(oscillator.row(step / 2)[4..], [x, v, sin(t) - last]);
        }
        let k1 = rates(t, x, v);
        let k2 = rates(t + 0.25, x + 0.25 * k1.0, v + 0.25 * k1.1);
        let k3 = rates(t + 0.25, x + 0.25 * k2.0, v + 0.25 * k2.1);
        let k4 = rates(t + 0.5, x + 0.5 * k3.0, v + 0.5 * k3.1);
        last = x;
        x += (0.5 * (k1.0 + 2.0 * k2.0 + 2.0 * k3.0 + k4.0)) / 6.0;
        v += (0.5 * (k1.1 + 2.0 * k2.1 + 2.0 * k3.1 + k4.1)) / 6.0;
    }
}

#[test]
fn heun_averages_both_ends() {
    let mut oscillator = instance(&samples::OSCILLATOR.replace("rk4", "rk2"));
    oscillator.run_to(0.0);
    // k1 = (0, -1) at (1, 0); k2 is taken at (1, -0.5) and t = 0.5.
    let sin = kernel::function::Function::Sin.eval(&[0.5]);
    assert_eq!(oscillator.live()[4..6], [1.0 + (0.5 * (0.0 + -0.5)) / 2.0, (0.5 * (-1.0 + (sin - 1.0))) / 2.0]);
}

#[test]
fn a_module_that_needs_too_much_is_refused() {
    let module = samples::parse(samples::TEACUP);
    let needed = 8 * (9 + 31 * 9);
    assert!(Instance::with_limit(&module, needed).is_ok());
    assert_eq!(Instance::with_limit(&module, needed - 1).err(), Some(MemoryError { needed, limit: needed - 1 }));
    let long = samples::TEACUP.replace("dt=0.125 steps=240 save_every=8", "dt=1e-11 steps=3000000000000 save_every=1");
    assert!(Instance::new(&samples::parse(&long)).is_err());
}

#[test]
fn visible_nan_is_canonical() {
    let text = samples::TEACUP.replace("v0 = fconst 180.0", "v0 = fconst nan(0xfff8000000000123)");
    let mut teacup = instance(&text);
    teacup.set_value(7, f64::from_bits(0x7ff8_0000_0000_0777));
    teacup.run();
    for x in teacup.rows().iter().chain(teacup.live()).filter(|x| x.is_nan()) {
        assert_eq!(x.to_bits(), kernel::abi::CANONICAL_NAN);
    }
    assert!(teacup.live()[4].is_nan() && teacup.live()[5].is_nan() && teacup.live()[7].is_nan());
}

#[test]
fn an_empty_loop_of_instructions_still_ends() {
    let text =
        samples::ARRAYS.replace("    v9 = oldest s10\n", "    for a0 -> block9(v99) {\n    }\n    v9 = oldest s10\n");
    let (mut with, mut without) = (instance(&text), instance(samples::ARRAYS));
    with.run();
    without.run();
    assert_eq!(visible(&with), visible(&without));
}
