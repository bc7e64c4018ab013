//! Rings against a queue of the standard library.

extern crate std;

use std::collections::VecDeque;
use std::vec;

use super::{HEADER_WORDS, fill, length, oldest, push, recall};

#[test]
fn a_ring_is_a_queue_of_fixed_length() {
    for capacity in 1..=9usize {
        for n in 1..=capacity {
            let mut ring = vec![f64::NAN; HEADER_WORDS + capacity];
            fill(&mut ring, n as f64, -1.0);
            let mut queue: VecDeque<f64> = vec![-1.0; n].into();
            for step in 0..30 {
                assert_eq!(Some(&oldest(&ring)), queue.front());
                assert!((1..=n).all(|back| recall(&ring, back as f64 + 0.5) == queue[n - back]));
                assert!([0.0, -1.0, f64::NAN, n as f64 + 1.0].iter().all(|&back| recall(&ring, back) == queue[0]));
                push(&mut ring, f64::from(step));
                queue.pop_front();
                queue.push_back(f64::from(step));
            }
        }
    }
}

#[test]
fn lengths_are_rounded_and_kept_within_the_capacity() {
    let mut ring = [0.0; HEADER_WORDS + 5];
    for (n, expected) in [
        (2.0, 2),
        (2.4, 2),
        (2.5, 3),
        (5.0, 5),
        (5.6, 5),
        (f64::INFINITY, 5),
        (f64::NAN, 1),
        (0.0, 1),
        (-3.0, 1),
        (f64::NEG_INFINITY, 1),
    ] {
        fill(&mut ring, n, 1.0);
        assert_eq!(length(&ring), expected, "{n}");
    }
}

#[test]
fn filling_again_starts_anew() {
    let mut ring = [0.0; HEADER_WORDS + 3];
    fill(&mut ring, 3.0, 1.0);
    push(&mut ring, 2.0);
    fill(&mut ring, 2.0, 9.0);
    assert_eq!(oldest(&ring), 9.0);
    push(&mut ring, 3.0);
    push(&mut ring, 4.0);
    assert_eq!(oldest(&ring), 3.0);
}

#[test]
fn a_ring_of_zeros_is_empty() {
    let mut ring = [0.0; HEADER_WORDS + 3];
    push(&mut ring, 5.0);
    assert_eq!(oldest(&ring), 0.0);
    assert_eq!(ring, [0.0; HEADER_WORDS + 3]);
}

#[test]
fn a_ring_without_room_is_empty() {
    let mut ring = [7.0; HEADER_WORDS];
    fill(&mut ring, 1.0, 5.0);
    push(&mut ring, 5.0);
    assert_eq!((length(&ring), oldest(&ring)), (0, 0.0));
}
