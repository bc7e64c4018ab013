"""A folder in which the runs of a batch are kept as they are made, so that the batch can go on after it was cut."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from ._errors import SimcError
from ._failure import BatchError, TransportError
from ._types import FloatArray

_NAME = re.compile(r"runs-(\d+)-(\d+)\.npz")

#: What reading a damaged part may end with.
_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    EOFError,
    MemoryError,
    OverflowError,
    RuntimeError,  # also NotImplementedError
    TypeError,
    zipfile.BadZipFile,
    zlib.error,
)

Errors = list[tuple[int, SimcError]]


class Store:
    """The folder of one batch: what the batch is in ``batch.json``, and a file for each part that was made."""

    def __init__(self, folder: str | os.PathLike[str], identity: dict[str, Any], shape: tuple[int, int, int]) -> None:
        self.folder = Path(folder)
        self._shape = shape
        wanted = {"format": 2, **identity}
        #: What each part says that it is of.
        self._batch = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            known = self._known(wanted)
        except OSError as error:
            raise BatchError(f"{self.folder} cannot keep the runs of a batch: {error}") from error
        known = known if isinstance(known, dict) else {}
        other = [name for name in wanted if known.get(name) != wanted[name]]
        if other:
            what = " and ".join(name.replace("_", " ") for name in other)
            raise BatchError(f"{self.folder} has the runs of another batch ({what}): give this one a folder of its own")

    def _known(self, wanted: dict[str, Any]) -> Any:
        """What the folder's batch is; an empty folder is this one's from now on."""
        about = self.folder / "batch.json"
        try:
            return json.loads(about.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if any(_NAME.fullmatch(it.name) for it in self.folder.iterdir()):
                raise BatchError(f"{self.folder} has runs of a batch, and no batch.json that says of which") from None
            self._write(about, json.dumps(wanted, indent=1).encode())
            return wanted
        except (ValueError, RecursionError, IsADirectoryError) as error:
            raise BatchError(f"{about} is not what a batch has written: {error}") from None

    def load(self, values: FloatArray) -> tuple[list[tuple[int, int]], Errors]:
        """Puts the runs that are kept among the values; which they are, and what failed.

        A file that is damaged counts for none: its runs are made again.
        """
        found: list[tuple[int, int]] = []
        errors: Errors = []
        behind = 0
        for start, stop, path in sorted(self._files()):
            if start < behind:
                continue
            try:
                with np.load(path, allow_pickle=False) as file:
                    part, failed = file["values"], json.loads(str(file["errors"]))
                    place = [int(file["start"]), str(file["batch"])]
                # One that has been renamed, or comes from elsewhere, has the numbers of other runs.
                if place != [start, self._batch]:
                    continue
                if part.shape != (stop - start, *self._shape[1:]) or part.dtype != np.float64:
                    continue
                restored = [(int(run), TransportError(text, variable=name)) for run, text, name in failed]
            except _DAMAGE:
                continue
            values[start:stop] = part
            errors.extend(restored)
            found.append((start, stop))
            behind = stop
        return found, errors

    def _files(self) -> list[tuple[int, int, Path]]:
        matches = [(_NAME.fullmatch(path.name), path) for path in self.folder.iterdir()]
        files = [(int(match[1]), int(match[2]), path) for match, path in matches if match is not None]
        return [it for it in files if 0 <= it[0] < it[1] <= self._shape[0]]

    def save(self, start: int, values: FloatArray, errors: Errors) -> None:
        """Keeps runs from a number on. Whoever reads sees all of them or none.

        Raises
        ------
        OSError
            When there is no room, or no right to write.
        """
        failed = json.dumps([[run, str(error), error.variable] for run, error in errors])
        path = self.folder / f"runs-{start:09}-{start + len(values):09}.npz"
        place = {"start": np.array(start), "batch": np.array(self._batch)}
        self._write(path, {"values": values, "errors": np.array(failed), **place})

    def _write(self, path: Path, content: bytes | dict[str, Any]) -> None:
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    np.savez(file, **content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
