"""Model files: compiled by the `simc` program, and remembered by content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ._errors import ModelError, ModelWarning, UnsupportedError

#: Artifacts that the cache keeps; the oldest go.
_KEPT = 256

_DEPENDENCY = re.compile(r"(?:\\.|\$\$|[^\s\\])+")


@dataclass(frozen=True)
class _Made:
    """An artifact, what the compiler has said of it, and the files that it was made from."""

    artifact: bytes
    said: str
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    """A model file, and how it is compiled."""

    path: str
    options: tuple[str, ...] = ()
    compiler: str | None = None
    cache: bool = True

    def with_options(self, options: Sequence[str]) -> Source:
        """The same file, compiled with further options; of one given twice the later counts."""
        return replace(self, options=(*self.options, *options))

    def compile(self) -> bytes:
        """The artifact.

        Raises
        ------
        FileNotFoundError
            When there is no such model.
        UnsupportedError
            When there is no compiler.
        ModelError
            When the compiler refuses the model; the message is what it says.

        Warns
        -----
        ModelWarning
            When the compiler warns of something in it.
        """
        path = Path(self.path)
        source = path.read_bytes()
        compiler = find_compiler(self.compiler)
        entry = _entry(compiler, path, source, self.options) if self.cache else None
        made = None if entry is None else _remembered(entry)
        if made is None:
            made = self._compile(compiler, path)
            if entry is not None:
                _remember(entry, made)
        if made.said:
            warnings.warn(made.said, ModelWarning, stacklevel=_depth())
        return made.artifact

    def _compile(self, compiler: str, path: Path) -> _Made:
        with tempfile.TemporaryDirectory(prefix="simc-") as folder:
            out, depfile = Path(folder, "model.wasm"), Path(folder, "model.d")
            command = [compiler, "build", str(path), "-o", str(out), "--depfile", str(depfile), *self.options]
            done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
            said = done.stderr.decode(errors="replace").strip()
            if done.returncode != 0:
                raise ModelError(said or f"{compiler} ended with status {done.returncode}")
            return _Made(out.read_bytes(), said, _dependencies(depfile.read_text(encoding="utf-8")))


def _depth() -> int:
    """How many calls up somebody is who is no part of this package."""
    frame, depth = sys._getframe(1), 1
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == __package__:
        frame, depth = frame.f_back, depth + 1
    return depth


def find_compiler(compiler: str | None = None) -> str:
    """The `simc` program: as given, as ``SIMC`` says, as it was installed with this package, or on the path."""
    for candidate in (compiler, os.environ.get("SIMC")):
        if candidate:
            found = shutil.which(candidate)
            if found is None:
                raise UnsupportedError(f"`{candidate}` is no program: it was to compile the model")
            return found
    own = next((path for path in _own_programs() if path.is_file()), None)
    found = str(own) if own is not None else shutil.which("simc")
    if found is None:
        message = (
            "a model file needs the compiler, and there is no `simc` on the path: install it, set the environment "
            "variable SIMC to where it is, or load an artifact that `simc build` has made"
        )
        raise UnsupportedError(message)
    return found


def _own_programs() -> Iterator[Path]:
    """Where the program may be that was installed with this package: among the scripts of its environment."""
    name = "simc.exe" if sys.platform == "win32" else "simc"
    yield Path(sysconfig.get_path("scripts"), name)
    yield Path(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")), name)
    # `pip install --target` puts them beside the packages.
    yield Path(__file__).parents[1] / "bin" / name


def cache_folder() -> Path:
    """Where artifacts are remembered: ``SIMC_CACHE_DIR``, or a folder in the user's cache."""
    given = os.environ.get("SIMC_CACHE_DIR")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "simc" / "artifacts"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "simc" / "artifacts"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "simc" / "artifacts"


def _entry(compiler: str, path: Path, source: bytes, options: Sequence[str]) -> Path:
    """Where the artifact of a model is remembered. Another compiler, folder or option makes another artifact."""
    program = os.stat(compiler)
    identity = [os.path.realpath(compiler), program.st_size, program.st_mtime_ns, str(path.resolve()), *options]
    digest = hashlib.sha256(source)
    digest.update(json.dumps(identity).encode())
    return cache_folder() / f"{digest.hexdigest()}.json"


def _remembered(entry: Path) -> _Made | None:
    """The artifact, unless one of the files it was made from is another now."""
    try:
        known = json.loads(entry.read_text(encoding="utf-8"))
        if any(_digest(path) != digest for path, digest in known["files"].items()):
            return None
        artifact = entry.with_suffix(".wasm").read_bytes()
        is_whole = hashlib.sha256(artifact).hexdigest() == known["artifact"]
        return _Made(artifact, str(known["said"])) if is_whole else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _remember(entry: Path, made: _Made) -> None:
    """A cache that cannot be written is none, and no error."""
    known = {
        "artifact": hashlib.sha256(made.artifact).hexdigest(),
        "said": made.said,
        "files": {os.path.abspath(path): _digest(path) for path in made.files},
    }
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        _write(entry.with_suffix(".wasm"), made.artifact)
        _write(entry, json.dumps(known).encode())
        entries = sorted(entry.parent.glob("*.json"), key=lambda it: it.stat().st_mtime, reverse=True)
        for old in entries[_KEPT:]:
            old.unlink(missing_ok=True)
            old.with_suffix(".wasm").unlink(missing_ok=True)
    except OSError:
        return


def _write(path: Path, content: bytes) -> None:
    """A file that is there when it is whole, and not before."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".simc-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _dependencies(depfile: str) -> list[str]:
    """The files of the first rule of a file for Make."""
    _, _, rule = depfile.replace("\\\n", " ").partition(": ")
    words = _DEPENDENCY.findall(rule.split("\n", 1)[0])
    return [re.sub(r"\\(.)", r"\1", word.replace("$$", "$")) for word in words]
