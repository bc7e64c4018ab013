"""Models from files and bytes."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ._build import Source, find_compiler
from ._errors import UnsupportedError
from ._model import Model
from ._version import __version__


def load(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview,
    *,
    sha256: str | None = None,
    outputs: Sequence[str] | None = None,
    data: Sequence[str | os.PathLike[str]] | None = None,
    options: Sequence[str] = (),
    compiler: str | None = None,
    cache: bool = True,
) -> Model:
    """Loads a model.

    Parameters
    ----------
    source : path or bytes
        An artifact that ``simc build`` has made, or its bytes; or a model file (XMILE, Stella, Vensim's .mdl),
        which the ``simc`` program then compiles. What was compiled is remembered by content.
    sha256 : str, optional
        The artifact must have this SHA-256.
    outputs : sequence of str, optional
        For a model file: variables to keep; whatever they do not need is dropped.
    data : sequence of path, optional
        For a model file: tables to take values from.
    options : sequence of str, optional
        For a model file: further options of ``simc build``, such as ``["--simd"]``.
    compiler : str, optional
        The ``simc`` program; else the environment variable ``SIMC`` says where it is, or the path.
    cache : bool
        Whether to remember what was compiled.

    Returns
    -------
    Model

    Raises
    ------
    BadArtifactError
        The artifact is truncated, forged, or none; ``byte`` says where that shows.
    WrongArtifactError
        It is not the one of `sha256`.
    ModelError
        The compiler refuses the model; the message is what it says.
    UnsupportedError
        There is no compiler, or the artifact has a format that this package does not know.
    OSError
        The file cannot be read.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        model = Model(bytes(source), sha256=sha256)
    else:
        path = os.fspath(source)
        with open(path, "rb") as file:
            content = file.read(4)
            if content == b"\0asm" or _is_artifact(path):
                content += file.read()
        if content[:4] == b"\0asm" or _is_artifact(path):
            model = Model(content, sha256=sha256)
        else:
            extra = [] if outputs is None else ["--outputs", ",".join([_quoted(name) for name in outputs])]
            extra += [it for file in data or () for it in ("--data", os.fspath(file))]
            origin = Source(os.path.abspath(path), (*options, *extra), compiler, cache)
            artifact = origin.compile()
            try:
                model = Model(artifact, sha256=sha256, source=origin)
            except UnsupportedError as error:
                message = (
                    f"{error}. It was just made by {find_compiler(compiler)}: install the same version of it as of "
                )
                raise UnsupportedError(f"{message}this package, which is {__version__}") from None
    model._start()
    return model


def read_xmile(xmile_file: str | os.PathLike[str], data_files: Sequence[str] | None = None) -> Model:
    """PySD's name for :func:`load` of an XMILE file."""
    return load(xmile_file, data=data_files)


def read_vensim(mdl_file: str | os.PathLike[str], data_files: Sequence[str] | None = None) -> Model:
    """PySD's name for :func:`load` of a Vensim file."""
    return load(mdl_file, data=data_files)


def _is_artifact(path: str | bytes) -> bool:
    return os.fsdecode(path).lower().endswith(".wasm")


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name and not name.startswith('"') else name
