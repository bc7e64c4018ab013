use super::*;

/// The times of a method's stages, from that of the step on.
fn offsets(method: Method) -> Vec<f64> {
    let time = TimeSpec { start: 3.0, stop: 4.0, dt: 0.5, n_steps: 2, save_every: 1, method };
    stages(&time).iter().map(|stage| stage.offset).collect()
}

#[test]
fn stages_are_at_the_times_of_their_method() {
    assert_eq!(offsets(Method::Euler), Vec::<f64>::new());
    assert_eq!(offsets(Method::Rk2), [0.0, 0.5]);
    assert_eq!(offsets(Method::Rk4), [0.0, 0.25, 0.25, 0.5]);
}
