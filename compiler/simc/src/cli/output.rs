//! Writing: whole files or none, and standard output that may end early.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tempfile::NamedTempFile;

use super::failure::{Failure, shown};
use super::input::is_stdin;
use super::report::visible_text;

/// A file that appears under its name only when it is whole.
#[derive(Debug)]
pub(super) struct Pending {
    file: NamedTempFile,
    target: PathBuf,
}

/// Refuses outputs that are inputs, or two outputs that are one file: what is read would be destroyed, or one of them lost. Devices and
/// pipes may be both.
pub(super) fn check(outputs: &[&Path], inputs: &[&Path]) -> Result<(), Failure> {
    // Standard input may come from a file.
    let place_read = |path: &Path| fs::canonicalize(if is_stdin(path) { Path::new("/dev/stdin") } else { path }).ok();
    let inputs: Vec<(PathBuf, &Path)> = inputs.iter().filter_map(|path| Some((place_read(path)?, *path))).collect();
    let mut taken: Vec<PathBuf> = Vec::new();
    for output in outputs.iter().filter(|path| !is_stdin(path)) {
        let place = place_of(output);
        if fs::metadata(&place).is_ok_and(|meta| !meta.is_file()) {
            continue;
        }
        if let Some((_, input)) = inputs.iter().find(|(input, _)| *input == place) {
            let same = if input == output { String::new() } else { format!(", which is {}", shown(input)) };
            let message = format!("writing {} would destroy an input of this command{same}", shown(output));
            return Err(Failure::Usage(message));
        }
        if taken.contains(&place) {
            return Err(Failure::Usage(format!("two outputs of this command are {}", shown(output))));
        }
        taken.push(place);
    }
    Ok(())
}

/// Links that may lead from one to the next.
const MAX_LINKS: usize = 40;

/// Where a path leads whose last part may be a link to a file that does not exist yet.
fn follow(path: &Path) -> PathBuf {
    let mut place = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&place) else { break };
        place = place.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    place
}

/// Where a file lies or will lie, without links.
fn place_of(path: &Path) -> PathBuf {
    if let Ok(place) = fs::canonicalize(path) {
        return place;
    }
    let path = &follow(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Writes to a file, or to standard output for `-`; whoever reads the file sees all of it or nothing.
pub(super) fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    if is_stdin(path) {
        return write_stdout(fill);
    }
    match prepare(path, fill)? {
        Some(pending) => pending.commit(),
        None => Ok(()),
    }
}

/// Writes to standard output.
pub(super) fn write_stdout(fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    fill(&mut out).and_then(|()| out.flush()).or_else(|error| Failure::stdout(&error))
}

/// Fills a temporary file beside the target. A device or a pipe cannot be replaced: it is written to at once.
pub(super) fn prepare(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Option<Pending>, Failure> {
    let fail = |error: io::Error| Failure::io("write", path, &error);
    let target = fs::canonicalize(path).unwrap_or_else(|_| follow(path));
    if target.is_symlink() {
        return Err(Failure::Message(format!("cannot write {}: it is a link that leads to no file", shown(path))));
    }
    match fs::metadata(&target) {
        Ok(meta) if meta.is_dir() => return Err(fail(io::ErrorKind::IsADirectory.into())),
        Ok(meta) if !meta.is_file() => {
            let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(&target).map_err(fail)?);
            fill(&mut out).and_then(|()| out.flush()).map_err(fail)?;
            return Ok(None);
        }
        Ok(_) | Err(_) => {}
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Failure::Message(format!("cannot write {}: {} is no folder", shown(path), shown(folder))));
    }
    // The error names the temporary file, which means nothing to the user: only its kind is of interest.
    let file = temporary().tempfile_in(folder).map_err(|error| fail(error.kind().into()))?;
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file());
    fill(&mut out).and_then(|()| out.flush()).map_err(fail)?;
    drop(out);
    Ok(Some(Pending { file, target }))
}

impl Pending {
    /// Gives the file its name.
    pub(super) fn commit(self) -> Result<(), Failure> {
        let Self { file, target } = self;
        file.persist(&target).map(|_| ()).map_err(|error| Failure::io("write", &target, &error.error))
    }
}

/// Temporary files get the permissions that any new file gets.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".simc-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Shows help and versions on standard output, and wrong usage on standard error; the exit status of the process.
pub(super) fn show_usage(error: &clap::Error) -> ExitCode {
    // Arguments are repeated in what is wrong with them.
    let text = error.render().to_string();
    let shown = visible_text(&text);
    if error.use_stderr() && shown != text {
        write_stderr(&shown);
    } else {
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Writes a text to standard error, without its colours where they would not show.
pub(super) fn write_stderr(text: &str) {
    super::failure::tell(format_args!("{}", text.trim_end_matches('\n')));
}
