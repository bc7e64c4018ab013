"""What the runs of a batch change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import BadValueError, ShapeError
from ._inputs import Change, Inputs
from ._types import FloatArray


@dataclass(frozen=True, eq=False)
class Samples:
    """What the runs of a batch change: a table with positions for its columns, or changes for each run."""

    table: FloatArray | None
    columns: list[int | npt.NDArray[np.intp]]
    changes: list[list[Change]]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.changes) if self.table is None else len(self.table)

    def part(self, start: int, stop: int) -> Samples:
        """Some of the runs."""
        table = None if self.table is None else self.table[start:stop]
        return Samples(table, self.columns, self.changes[start:stop], self.names)

    def of_run(self, run: int) -> list[Change]:
        """What one run changes."""
        if self.table is None:
            return self.changes[run]
        return list(zip(self.columns, self.table[run].tolist()))

    def digest(self) -> str:
        """What tells these samples from others."""
        digest = hashlib.sha256(repr(self.names).encode())
        rows = self.changes if self.table is None else [list(zip(self.columns, self.table.T))]
        for row in rows:
            for at, value in row:
                for part in np.asarray(at, np.int64), np.asarray(value, np.float64):
                    digest.update(repr(part.shape).encode())
                    digest.update(np.ascontiguousarray(part).tobytes())
            digest.update(b";")
        return digest.hexdigest()


def check_samples(inputs: Inputs, samples: Any, params: Sequence[str] | None) -> Samples:
    """Samples with all that can be wrong in them looked at."""
    if params is None and hasattr(samples, "columns") and hasattr(samples, "to_numpy"):
        params, samples = [str(name) for name in samples.columns], samples.to_numpy()
    if params is None:
        is_list = isinstance(samples, (list, tuple)) and all(isinstance(it, Mapping) for it in samples)
        if not is_list:
            raise ShapeError("samples without `params` are a list of mappings, or a DataFrame titled by names")
        return Samples(None, [], [inputs.changes(sample) for sample in samples])
    names = [params] if isinstance(params, str) else list(params)
    columns = inputs.of_columns(names)
    try:
        given = np.asarray(samples)
    except ValueError:
        raise ShapeError(
            f"samples are numbers of the shape (runs, {len(names)}), one row as long as the other"
        ) from None
    if given.dtype.kind not in "iuf" or given.ndim != 2 or given.shape[1] != len(names):
        if given.size or given.shape[:1] != (0,):
            message = f"samples are numbers of the shape (runs, {len(names)}), not {given.dtype} of {given.shape}"
            raise ShapeError(message)
        given = given.reshape(0, len(names)).astype(np.float64)
    if np.ma.is_masked(samples):
        raise BadValueError("samples are numbers, and some of these are masked")
    table: FloatArray = np.ascontiguousarray(given, np.float64)
    is_bad = ~np.isfinite(table)
    if is_bad.any():
        run, column = np.argwhere(is_bad)[0]
        message = f"`{names[column]}` cannot be {table[run, column]} (run {run}): parameters are finite numbers"
        raise BadValueError(message, variable=names[column])
    return Samples(table, columns, [], tuple(names))
