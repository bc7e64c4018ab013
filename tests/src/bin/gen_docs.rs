//! Rewrites the generated parts of the documentation; with `--check`, only says which are stale.

use std::process::ExitCode;

use tests::gen_docs::{pages, root};

fn main() -> ExitCode {
    let is_check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(_) => return fail("usage: gen_docs [--check]"),
    };
    let pages = match pages(root()) {
        Ok(pages) => pages,
        Err(error) => return fail(&error),
    };
    let mut n_stale = 0;
    for page in pages.iter().filter(|page| page.committed != page.fresh) {
        n_stale += 1;
        if is_check {
            fail(&format!("{} is stale", page.path.display()));
        } else if let Err(error) = std::fs::write(&page.path, &page.fresh) {
            return fail(&format!("{}: {error}", page.path.display()));
        }
    }
    if is_check && n_stale > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[expect(clippy::print_stderr, reason = "a program for people")]
fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
