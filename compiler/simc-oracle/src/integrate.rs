//! From the levels of one step to those of the next.

use simc_model::model::Method;

/// The levels after a step of length `dt`, given those before it, their rates `first` at its beginning, and a way to evaluate the
/// rates at a stage: a time measured from the beginning of the step, and levels.
pub(crate) fn integrate(
    method: Method,
    dt: f64,
    levels: &[f64],
    first: &[f64],
    mut rates: impl FnMut(f64, &[f64]) -> Vec<f64>,
) -> Vec<f64> {
    match method {
        Method::Euler => moved(levels, dt, first),
        Method::Rk2 => {
            let second = rates(dt, &moved(levels, dt, first));
            combined(levels, |i| (dt * (first[i] + second[i])) / 2.0)
        }
        Method::Midpoint => {
            let half = dt / 2.0;
            let middle = rates(half, &moved(levels, half, first));
            moved(levels, dt, &middle)
        }
        Method::Rk4 => {
            let half = dt / 2.0;
            let second = rates(half, &moved(levels, half, first));
            let third = rates(half, &moved(levels, half, &second));
            let fourth = rates(dt, &moved(levels, dt, &third));
            combined(levels, |i| (dt * (((first[i] + 2.0 * second[i]) + 2.0 * third[i]) + fourth[i])) / 6.0)
        }
    }
}

/// `level + h*rate` for each.
fn moved(levels: &[f64], h: f64, rates: &[f64]) -> Vec<f64> {
    combined(levels, |i| h * rates[i])
}

/// `level + change` for each.
fn combined(levels: &[f64], change: impl Fn(usize) -> f64) -> Vec<f64> {
    levels.iter().enumerate().map(|(i, level)| level + change(i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One step of y' = y from y = 1 with dt = 0.5.
    fn growth(method: Method) -> f64 {
        integrate(method, 0.5, &[1.0], &[1.0], |_, levels| levels.to_vec())[0]
    }

    #[test]
    fn euler_goes_along_the_tangent() {
        assert_eq!(growth(Method::Euler), 1.5);
    }

    #[test]
    fn heun_gives_the_series_to_second_order() {
        assert_eq!(growth(Method::Rk2), 1.0 + 0.5 + 0.125);
    }

    #[test]
    fn the_midpoint_method_takes_the_rate_of_the_middle() {
        assert_eq!(growth(Method::Midpoint), 1.0 + 0.5 + 0.125);
        let squared = |_, levels: &[f64]| vec![levels[0] * levels[0]];
        assert_eq!(integrate(Method::Midpoint, 0.5, &[0.5], &[0.25], squared), [0.658203125]);
        assert_eq!(integrate(Method::Rk2, 0.5, &[0.5], &[0.25], squared), [0.66015625]);
    }

    #[test]
    fn rk4_gives_the_series_to_fourth_order() {
        let (k1, k2, k3) = (1.0, 1.25, 1.3125);
        let k4 = 1.0 + 0.5 * k3;
        assert_eq!(growth(Method::Rk4), 1.0 + 0.5 * (k1 + 2.0 * k2 + 2.0 * k3 + k4) / 6.0);
        let series = 1.0 + 0.5 + 0.125 + 0.125 / 6.0 + 0.0625 / 24.0;
        assert!((growth(Method::Rk4) - series).abs() < 1e-15);
    }

    #[test]
    fn stages_are_at_the_times_of_the_method() {
        let times = |method| {
            let mut times = Vec::new();
            integrate(method, 0.5, &[0.0], &[0.0], |time, _| {
                times.push(time);
                vec![0.0]
            });
            times
        };
        assert_eq!(times(Method::Euler), []);
        assert_eq!(times(Method::Rk2), [0.5]);
        assert_eq!(times(Method::Rk4), [0.25, 0.25, 0.5]);
    }

    #[test]
    fn every_level_of_a_stage_is_moved_before_any_rate_is_taken() {
        let swap = |_: f64, levels: &[f64]| vec![levels[1], -levels[0]];
        let after = integrate(Method::Rk2, 1.0, &[1.0, 0.0], &[0.0, -1.0], swap);
        assert_eq!(after, [0.5, -1.0]);
    }
}
