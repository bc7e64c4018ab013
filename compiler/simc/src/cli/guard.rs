//! The thread on which commands run: a deep stack, and a panic that becomes a message.

use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Mutex;
use std::thread;

use simc::driver::{Event, Stage};

use super::failure::Failure;

/// Bytes of stack. The system provides only those that are used.
const STACK: usize = 256 << 20;

thread_local! {
    /// Where the compiler is: the stage begun last, and the pass ended last.
    static WHERE: RefCell<(Option<Stage>, Option<String>)> = const { RefCell::new((None, None)) };
}

/// What the panic hook saw.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Runs a command. A panic in it is a bug of the compiler, and is reported as one.
pub(super) fn run(command: impl FnOnce() -> Result<(), Failure> + Send) -> Result<(), Failure> {
    panic::set_hook(Box::new(|info| {
        let report = describe(info);
        *PANIC.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(report);
    }));
    let outcome = thread::scope(|scope| {
        let thread = thread::Builder::new().name("simc".to_owned()).stack_size(STACK).spawn_scoped(scope, command);
        thread.map(|handle| handle.join())
    });
    match outcome {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => {
            let report = PANIC.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
            Err(Failure::Bug(report.unwrap_or_else(|| "internal compiler error".to_owned())))
        }
        Err(error) => Err(Failure::Message(format!("cannot start a thread: {error}"))),
    }
}

/// Keeps track of where the compiler is.
pub(super) fn observe(event: &Event<'_>) {
    WHERE.with_borrow_mut(|(stage, pass)| match *event {
        Event::Stage(begun) => *stage = Some(begun),
        Event::Pass(ended, _) => *pass = Some(ended.to_owned()),
    });
}

/// What is known of a panic, as a message to the user.
fn describe(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let what = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
    let what = what.unwrap_or("no message");
    let at = info.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
    let (stage, pass) = WHERE.take();
    let place = match (stage, &pass) {
        (None, _) => "outside of the compiler".to_owned(),
        (Some(stage), None) => format!("in stage `{}`", stage.name()),
        (Some(stage), Some(pass)) => format!("in stage `{}`, after pass `{pass}`", stage.name()),
    };
    let dump = stage.map(|_| pass.map_or("--stage ast".to_owned(), |pass| format!("--dump-after {pass}")));
    let help = dump
        .map(|dump| format!("\nhelp: `simc dump MODEL {dump}` shows what the compiler had before"))
        .unwrap_or_default();
    format!("internal compiler error {place}: {what}{at}\nnote: this is a bug of simc, not of the model{help}")
}

#[cfg(test)]
mod tests {
    use super::{Event, Failure, Stage, observe, run};
    use std::panic;

    #[test]
    fn a_panic_is_told_as_a_bug_with_its_stage() {
        let outcome = run(|| {
            observe(&Event::Stage(Stage::Layout));
            panic!("slot {} has no address", 7)
        });
        // Other tests fail as loudly as ever.
        drop(panic::take_hook());
        let Err(Failure::Bug(report)) = outcome else { panic!("{outcome:?}") };
        for part in ["internal compiler error in stage `layout`", "slot 7 has no address", "guard.rs", "--stage ast"] {
            assert!(report.contains(part), "{part} is missing in\n{report}");
        }
    }

    #[test]
    fn what_a_command_returns_comes_back() {
        assert!(run(|| Ok(())).is_ok());
        assert!(matches!(run(|| Err(Failure::Reported)), Err(Failure::Reported)));
    }
}
