"""Calls of another process whose arguments and results go through files.

A process that is killed while it writes into a pipe leaves a part of a message, and whoever reads waits for the rest. A
pipe takes a message of some hundred bytes whole or not at all, and that is all that goes through it here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import secrets
import shutil
import tempfile
import time
import traceback
import weakref
from collections.abc import Callable
from typing import Any

#: How often, a twentieth of a second apart, removing a folder is tried while another process has a file of it open.
_PATIENCE = 40

#: Characters of what goes through a pipe at most. POSIX: a pipe takes 512 bytes at once everywhere, Linux 4096.
_LENGTH = 400

#: What reading a file raises that is not there, not whole, or not what was written.
_UNREADABLE = OSError, EOFError, pickle.UnpicklingError


class SpoolError(Exception):
    """A file of a call cannot be written or read: the disk is full, or somebody has removed the folder."""


class RemoteError(Exception):
    """Where in another process something was raised, as text: the cause of what is raised here for it."""

    def __str__(self) -> str:
        return f"in another process:\n{self.args[0]}"


class Spool:
    """A folder of its own among the temporary files, with two files for each call that is on its way."""

    def __init__(self) -> None:
        try:
            self.folder = os.path.join(tempfile.gettempdir(), f"simc-{secrets.token_hex(8)}")
            # Before the folder is made: whatever interrupts what follows, it does not stay.
            self._end = weakref.finalize(self, _remove, self.folder, os.getpid())
            os.mkdir(self.folder, 0o700)
        except OSError as error:
            raise SpoolError(f"there is no folder for the parts of a batch: {error}") from error
        self._made = 0

    def put(self, function: Callable[..., Any], args: tuple[Any, ...]) -> str:
        """Writes a call; what :func:`make` takes in the other process, and :meth:`take` here afterwards."""
        path = os.path.join(self.folder, str(self._made))
        self._made += 1
        try:
            _write(f"{path}.call", (function, args))
        except OSError as error:
            raise SpoolError(f"a part of a batch cannot be handed to a process: {error}{_where(path)}") from error
        return path

    def take(self, path: str, trouble: str | None) -> Any:
        """What a call has given, or raises what it has raised; its files are gone then.

        :func:`make` has given the trouble.
        """
        try:
            if trouble is not None:
                raise SpoolError(trouble)
            given, raised, where = _read(f"{path}.result")
        except _UNREADABLE as error:
            raise SpoolError(f"what a process has computed cannot be read: {error}") from error
        finally:
            self.drop(path)
        if raised is not None:
            raise raised from RemoteError(where)
        return given

    def drop(self, path: str) -> None:
        """Nobody waits for this call any more."""
        for name in f"{path}.call", f"{path}.result":
            with contextlib.suppress(OSError):
                os.unlink(name)

    def remove(self) -> None:
        """Removes the folder; nothing can be put there any more."""
        self._end()


def make(path: str) -> str | None:
    """Makes a call that another process has put into a file; what it gives or raises is beside it then.

    Returns why it is not, if so, in some hundred characters.
    """
    try:
        function, args = _read(f"{path}.call")
    except _UNREADABLE as error:
        return f"a part of a batch cannot be read: {error}"[:_LENGTH]
    outcome: tuple[Any, BaseException | None, str]
    try:
        outcome = function(*args), None, ""
    except Exception as error:
        outcome = None, _portable(error), traceback.format_exc()
    try:
        _write(f"{path}.result", outcome)
    except OSError as error:
        return f"what a process has computed cannot be handed over: {error}{_where(path)}"[:_LENGTH]
    return None


def _portable(error: Exception) -> Exception:
    """The error, or one that says the same where it cannot be sent to another process."""
    try:
        pickle.loads(pickle.dumps(error, pickle.HIGHEST_PROTOCOL))
    except Exception:
        return RuntimeError("".join(traceback.format_exception_only(type(error), error)).strip())
    return error


def _read(path: str) -> Any:
    with open(path, "rb") as file:
        return pickle.load(file)


def _write(path: str, thing: Any) -> None:
    """Writes a file of which nothing is left when it cannot be written."""
    try:
        with open(path, "xb") as file:
            pickle.dump(thing, file, pickle.HIGHEST_PROTOCOL)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def _where(path: str) -> str:
    return f" (in {os.path.dirname(path)}; the environment variable TMPDIR says where temporary files are)"


def _remove(folder: str, process: int) -> None:
    """Removes a folder, but not that of the process that this one was forked from."""
    if os.getpid() != process:
        return
    for _ in range(_PATIENCE):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return
        time.sleep(0.05)
