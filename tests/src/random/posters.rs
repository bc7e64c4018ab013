//! Event posters: what fires when a variable passes a threshold.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};

use super::{Generator, pick};

const VALUES: &[&str] = &["0", "0.5", "3", "-1", "40"];

impl Generator {
    /// Thresholds of a variable, or none.
    pub(super) fn poster(&self, u: &mut Unstructured<'_>) -> Result<String> {
        if u.ratio(11, 12)? || self.is_shared {
            return Ok(String::new());
        }
        let mut thresholds = String::new();
        let first = u.int_in_range(0..=VALUES.len() - 1)?;
        for value in &VALUES[first..VALUES.len().min(first + 2)] {
            let direction = pick(u, &["increasing", "decreasing"])?;
            let repeat = pick(u, &["each", "once", "once_ever"])?;
            let interval = if repeat != "each" || u.ratio(2, 3)? { "" } else { " interval=\"0.7\"" };
            let n_events = if repeat == "each" { 1 } else { u.int_in_range(1..=2)? };
            let mut events = String::new();
            for _ in 0..n_events {
                let action = pick(u, &["message", "message", "pause", "message", "stop"])?;
                write!(events, "<event sim_action=\"{action}\">{value}</event>").expect("writing to a string");
            }
            write!(
                thresholds,
                "<threshold value=\"{value}\" direction=\"{direction}\" repeat=\"{repeat}\"{interval}>{events}</threshold>"
            )
            .expect("writing to a string");
        }
        Ok(format!("<event_poster min=\"0\" max=\"1\">{thresholds}</event_poster>"))
    }
}
