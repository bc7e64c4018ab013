use super::*;
use crate::model::Direction;

fn threshold(repeat: RepeatDef, interval: Option<f64>) -> ThresholdDef {
    ThresholdDef {
        value: 3.5,
        direction: Direction::Decreasing,
        repeat,
        interval,
        events: Vec::new(),
        span: Span::default(),
    }
}

#[test]
fn an_interval_is_a_whole_number_of_steps_and_one_at_least() {
    let of = |interval: Option<f64>| resolve(&threshold(RepeatDef::Each, interval), 1, 2, 3, 0.5).repeat;
    for (interval, steps) in
        [(0.0, 0), (-1.0, 0), (0.1, 1), (0.5, 1), (0.74, 1), (0.76, 2), (1.0, 2), (10.0, 20), (1e300, u32::MAX)]
    {
        assert_eq!(of(Some(interval)), Repeat::Each(steps), "{interval}");
    }
    assert_eq!(of(None), Repeat::Each(0));
    for (repeat, wanted) in [(RepeatDef::Once, Repeat::Once), (RepeatDef::OnceEver, Repeat::OnceEver)] {
        assert_eq!(resolve(&threshold(repeat, Some(1.0)), 1, 2, 3, 0.5).repeat, wanted);
    }
    let found = resolve(&threshold(RepeatDef::Once, None), 1, 2, 3, 0.5);
    assert_eq!((found.watched, found.first, found.n, found.value), (1, 2, 3, 3.5));
    assert_eq!(found.direction, Direction::Decreasing);
}
