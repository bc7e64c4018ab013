//! Numbers that pass thresholds, step by step.

extern crate std;

use std::vec::Vec;

use super::*;

fn threshold(direction: Direction, repeat: Repeat, n_events: u32) -> Threshold {
    Threshold { value: 5.0, direction, repeat, n_events }
}

/// The events that fire at each step of a run.
fn fired(threshold: &Threshold, memory: &mut Memory, xs: &[f64]) -> Vec<Option<u32>> {
    (0u64..).zip(xs).map(|(step, &x)| threshold.watch(memory, x, step)).collect()
}

#[test]
fn passing_is_being_beyond_after_not_being_beyond() {
    let up = threshold(Direction::Increasing, Repeat::Each(0), 1);
    let xs = [4.0, 5.0, 5.1, 6.0, 5.0, 6.0, 4.0, f64::NAN, 7.0];
    let (n, e) = (None, Some(0));
    assert_eq!(fired(&up, &mut Memory::default(), &xs), [n, n, e, n, n, e, n, n, e]);
    let down = threshold(Direction::Decreasing, Repeat::Each(0), 1);
    assert_eq!(fired(&down, &mut Memory::default(), &xs.map(|x| 10.0 - x)), [n, n, e, n, n, e, n, n, e]);
}

#[test]
fn nothing_is_passed_at_the_first_step() {
    let up = threshold(Direction::Increasing, Repeat::Each(0), 1);
    assert_eq!(fired(&up, &mut Memory::default(), &[6.0, 7.0, 5.0, 8.0]), [None, None, None, Some(0)]);
    assert_eq!(fired(&up, &mut Memory::default(), &[f64::NAN, 7.0]), [None, Some(0)]);
}

#[test]
fn an_interval_repeats_while_the_number_stays_beyond() {
    let up = threshold(Direction::Increasing, Repeat::Each(2), 1);
    let (n, e) = (None, Some(0));
    let xs = [4.0, 6.0, 6.0, 6.0, 6.0, 4.0, 6.0, 6.0, 6.0];
    assert_eq!(fired(&up, &mut Memory::default(), &xs), [n, e, n, e, n, n, e, n, e]);
    // Being beyond from the start is no passing, so that there is nothing to repeat.
    assert_eq!(fired(&up, &mut Memory::default(), &[6.0; 5]), [n; 5]);
}

#[test]
fn events_are_used_one_after_another() {
    let xs = [4.0, 6.0, 4.0, 6.0, 4.0, 6.0];
    let (n, first, second) = (None, Some(0), Some(1));
    let once = threshold(Direction::Increasing, Repeat::Once, 2);
    let mut memory = Memory::default();
    assert_eq!(fired(&once, &mut memory, &xs), [n, first, n, second, n, n]);
    once.reset(&mut memory);
    assert_eq!(memory, Memory::default());
    let ever = threshold(Direction::Increasing, Repeat::OnceEver, 2);
    let mut memory = Memory::default();
    assert_eq!(fired(&ever, &mut memory, &xs[..2]), [n, first]);
    ever.reset(&mut memory);
    assert_eq!(fired(&ever, &mut memory, &xs), [n, second, n, n, n, n]);
    let each = threshold(Direction::Increasing, Repeat::Each(0), 2);
    assert_eq!(fired(&each, &mut Memory::default(), &xs), [n, first, n, second, n, second]);
}

#[test]
fn what_lies_in_memory_says_the_same() {
    for direction in [Direction::Increasing, Direction::Decreasing] {
        for repeat in [Repeat::Each(0), Repeat::Each(7), Repeat::Once, Repeat::OnceEver] {
            let threshold = threshold(direction, repeat, 3);
            assert_eq!(Entry::new(&threshold).threshold(), threshold);
        }
    }
    assert_eq!(size_of::<Entry>(), ENTRY_BYTES as usize);
    assert_eq!(size_of::<Watch>(), WATCH_BYTES as usize);
    assert_eq!(size_of::<Memory>(), MEMORY_BYTES as usize);
    assert_eq!(size_of::<Record>(), RECORD_BYTES as usize);
}
