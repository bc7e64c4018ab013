//! Paths that lead nowhere, to folders, or to where nothing can be written.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use super::sandbox::Sandbox;
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("hostile::paths::inputs_that_cannot_be_read", inputs),
        trial("hostile::paths::outputs_that_cannot_be_written", outputs),
        trial("hostile::paths::what_was_there_stays_when_a_build_fails", what_was_there),
        trial("hostile::paths::folders_that_cannot_be_written_to", unwritable),
    ]
}

fn sandbox() -> Result<Sandbox, String> {
    let sandbox = Sandbox::new()?;
    sandbox.write("model.xmile", tests::generate::wrap("<aux name=\"a\"><eqn>TIME * 2</eqn></aux>").as_bytes())?;
    fs::create_dir(sandbox.path("folder")).map_err(|error| error.to_string())?;
    Ok(sandbox)
}

fn inputs() -> Result<(), String> {
    let sandbox = sandbox()?;
    for path in ["nothing.xmile", "folder", "model.xmile/inside", "nowhere/model.xmile"] {
        for command in ["check", "run", "inspect"] {
            sandbox.simc(&[command, path])?.is_refused(1, "error: cannot read")?;
        }
        sandbox.simc(&["build", path, "-o", "out.wasm"])?.is_refused(1, "error: cannot read")?;
    }
    Ok(())
}

fn outputs() -> Result<(), String> {
    let sandbox = sandbox()?;
    for path in ["folder", "nowhere/out", "model.xmile/out", "folder/"] {
        sandbox.simc(&["build", "model.xmile", "-o", path])?.is_refused(1, "error: cannot write")?;
        sandbox.simc(&["run", "model.xmile", "-o", path])?.is_refused(1, "error: cannot write")?;
        let depfile = ["build", "model.xmile", "-o", "out.wasm", "--depfile", path];
        sandbox.simc(&depfile)?.is_refused(1, "error: cannot write")?;
    }
    let inside = fs::read_dir(sandbox.path("folder")).map_err(|error| error.to_string())?.count();
    if inside == 0 { Ok(()) } else { Err("something was written into the folder".to_owned()) }
}

fn what_was_there() -> Result<(), String> {
    let sandbox = sandbox()?;
    sandbox.write("bad.xmile", b"<xmile>")?;
    for name in ["out.wasm", "out.csv"] {
        sandbox.write(name, b"precious")?;
    }
    sandbox.simc(&["build", "bad.xmile", "-o", "out.wasm"])?.is_refused(1, "error[E0102]")?;
    sandbox.simc(&["run", "bad.xmile", "-o", "out.csv"])?.is_refused(1, "error[E0102]")?;
    for name in ["out.wasm", "out.csv"] {
        if fs::read(sandbox.path(name)).map_err(|error| error.to_string())? != b"precious" {
            return Err(format!("{name} changed"));
        }
    }
    Ok(())
}

/// A folder without the right to write; whoever may write everywhere has still the kernel's own folders.
fn unwritable() -> Result<(), String> {
    let sandbox = sandbox()?;
    let folder = sandbox.path("folder");
    let mut rights = fs::metadata(&folder).map_err(|error| error.to_string())?.permissions();
    rights.set_readonly(true);
    fs::set_permissions(&folder, rights).map_err(|error| error.to_string())?;
    let path = if fs::write(folder.join("probe"), b"").is_err() {
        "folder/out.wasm"
    } else if Path::new("/proc/self").is_dir() {
        "/proc/out.wasm"
    } else {
        return Ok(());
    };
    sandbox.simc(&["build", "model.xmile", "-o", path])?.is_refused(1, "error: cannot write")?;
    sandbox.simc(&["run", "model.xmile", "-o", path])?.is_refused(1, "error: cannot write")
}
