//! A bar for long runs, on a terminal.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use simc::engine::{self, Engine, Fault};
use simc_artifact::{Extension, Time, step_time};

use super::events;

/// A run that is over before this shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long a part of a run should take.
const PART: Duration = Duration::from_millis(100);

/// Runs to the end: at once, or, where somebody may be watching, in parts. Parts give the same bits.
pub(super) fn run(engine: &mut dyn Engine, extension: &Extension) -> Result<(), Fault> {
    let time = extension.time.as_ref();
    if !extension.thresholds.is_empty()
        && let Some(time) = time
    {
        events::run(engine, extension, time)?;
    } else if let Some(time) = time.filter(|_| std::io::stderr().is_terminal()) {
        run_in_parts(engine, time)?;
    }
    engine::run_to_end(engine, extension)
}

/// Each part has twice as many steps as the one before it until a part takes long enough to be worth a look.
fn run_in_parts(engine: &mut dyn Engine, time: &Time) -> Result<(), Fault> {
    let begin = Instant::now();
    let bar = ProgressBar::with_draw_target(Some(time.n_steps), ProgressDrawTarget::hidden());
    let template = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {eta} left");
    bar.set_style(template.expect("the template is valid"));
    let (mut done, mut part) = (0_u64, 1024_u64);
    while done < time.n_steps && !engine.is_complete() {
        let before = Instant::now();
        done = done.saturating_add(part).min(time.n_steps);
        engine.run_to(step_time(time.start, time.dt, done))?;
        if before.elapsed() < PART {
            part = part.saturating_mul(2);
        }
        if bar.is_hidden() && begin.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_position(done);
    }
    bar.finish_and_clear();
    Ok(())
}
