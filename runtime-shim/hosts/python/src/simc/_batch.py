"""Many runs of one model, and the numbers that are wanted of each."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._errors import BadTimeError, BadValueError, ShapeError, SimcError, TransportError, UnknownNameError
from ._inputs import Change
from ._types import Executor, FloatArray

if TYPE_CHECKING:
    import pandas
    import xarray

    from ._model import Model

#: Part of a step by which a time may miss a row.
TOLERANCE = 1e-6
#: Parts of a batch for each worker of an executor: enough that none waits long for the last.
_PARTS = 4


@dataclass(frozen=True, eq=False)
class Batch:
    """The results of many runs.

    Attributes
    ----------
    values : ndarray, shape (runs, outputs, times)
        Of each run, of each output, the number at each time. NaN in rows that a run did not reach.
    titles : tuple of str
        Titles of the outputs.
    times : ndarray, shape (times,)
        In the model's unit of time.
    errors : list of (int, SimcError)
        Runs that failed on their way, by number.
    """

    values: FloatArray
    titles: tuple[str, ...]
    times: FloatArray
    errors: list[tuple[int, SimcError]]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, title: str) -> FloatArray:
        """One output of all runs, shape ``(runs, times)``: a view."""
        if title in self.titles:
            return self.values[:, self.titles.index(title)]
        raise UnknownNameError(f"there is no output `{title}`: there are {', '.join(self.titles[:5])}", name=title)

    def series(self, run: int, output: str | int = 0) -> FloatArray:
        """One output of one run, shape ``(times,)``: a view."""
        series: FloatArray = self[output][run] if isinstance(output, str) else self.values[run, output]
        return series

    @cached_property
    def df(self) -> pandas.DataFrame:
        """A row for each run and time; for each run alone when there is one time. Needs pandas."""
        import pandas

        runs, outputs, times = self.values.shape
        values = self.values.transpose(0, 2, 1).reshape(runs * times, outputs)
        index: Any
        if times == 1:
            index = pandas.RangeIndex(runs, name="run")
        else:
            index = pandas.MultiIndex.from_product([range(runs), self.times], names=["run", "time"])
        return pandas.DataFrame(values, index=index, columns=list(self.titles))

    def to_xarray(self) -> xarray.DataArray:
        """A DataArray with the dimensions run, output and time. Needs xarray."""
        import xarray

        coords = {"run": np.arange(len(self)), "output": list(self.titles), "time": self.times}
        return xarray.DataArray(self.values, coords, ["run", "output", "time"])

    def __repr__(self) -> str:
        runs, outputs, times = self.values.shape
        failed = f", {len(self.errors)} failed" if self.errors else ""
        return f"<simc.Batch: {runs} runs, {outputs} outputs, {times} times{failed}>"


@dataclass(frozen=True, eq=False)
class Samples:
    """What the runs of a batch change: a table with positions for its columns, or changes for each run."""

    table: FloatArray | None
    columns: list[int | npt.NDArray[np.intp]]
    changes: list[list[Change]]

    def __len__(self) -> int:
        return len(self.changes) if self.table is None else len(self.table)

    def part(self, start: int, stop: int) -> Samples:
        """Some of the runs."""
        table = None if self.table is None else self.table[start:stop]
        return Samples(table, self.columns, self.changes[start:stop])

    def of_run(self, run: int) -> list[Change]:
        """What one run changes."""
        if self.table is None:
            return self.changes[run]
        return list(zip(self.columns, self.table[run].tolist()))


def check_samples(model: Model, samples: Any, params: Sequence[str] | None) -> Samples:
    """Samples with all that can be wrong in them looked at."""
    inputs = model._inputs
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
    table: FloatArray = np.ascontiguousarray(given, np.float64)
    is_bad = ~np.isfinite(table)
    if is_bad.any():
        run, column = np.argwhere(is_bad)[0]
        message = f"`{names[column]}` cannot be {table[run, column]} (run {run}): parameters are finite numbers"
        raise BadValueError(message, variable=names[column])
    return Samples(table, columns, [])


def rows_at(model: Model, at: Any) -> npt.NDArray[np.intp]:
    """The saved rows at some times; all of them for None."""
    time = model.time
    if at is None:
        return np.arange(time.rows)
    try:
        times: FloatArray = np.atleast_1d(np.asarray(at, np.float64))
    except (TypeError, ValueError):
        raise BadTimeError(f"times are numbers, not {at!r}") from None
    every = time.save_every * time.dt
    with np.errstate(invalid="ignore"):
        nearest = np.round((times - time.start) / every)
        is_row = (nearest >= 0) & (nearest < time.rows)
        is_row &= np.abs(time.start + nearest * every - times) <= TOLERANCE * time.dt
    is_end = np.isposinf(times)
    if not (is_row | is_end).all():
        first = float(times[~(is_row | is_end)][0])
        message = (
            f"there is no saved row at time {first:g}: rows go from {time.start:g} by {every:g} to {time.times[-1]:g}"
        )
        raise BadTimeError(message)
    return np.where(is_end, time.rows - 1, nearest).astype(np.intp)


def rows_or_steps(model: Model, timestamps: Any) -> Any:
    """Saved rows at some times as an array, or, when one is a step that is not saved, steps as a list."""
    try:
        return rows_at(model, timestamps)
    except BadTimeError as error:
        time = model.time
        try:
            times = np.atleast_1d(np.asarray(timestamps, np.float64))
        except (TypeError, ValueError):
            raise error from None
        with np.errstate(invalid="ignore"):
            steps = np.round((times - time.start) / time.dt)
            last = (time.rows - 1) * time.save_every
            is_step = (steps >= 0) & (steps <= last)
            is_step &= np.abs(time.start + steps * time.dt - times) <= TOLERANCE * time.dt
        if not is_step.all():
            wrong = float(times[~is_step][0])
            message = f"there is no step at time {wrong:g}: steps go from {time.start:g} by {time.dt:g}"
            raise BadTimeError(message) from None
        return [int(step) for step in steps]


def run_all(model: Model, samples: Samples, slots: Any, rows: Any) -> tuple[FloatArray, list[tuple[int, SimcError]]]:
    """Runs them one after the other: numbers of the shape (runs, slots, rows), and what failed."""
    values = np.empty((len(samples), len(slots), len(rows)))
    errors: list[tuple[int, SimcError]] = []
    # Rows and slots as what NumPy copies fastest.
    row_at: Any = slice(None) if len(rows) == model.time.rows else rows
    if len(rows) > 0 and len(rows) < model.time.rows and int(rows[-1]) - int(rows[0]) == len(rows) - 1:
        row_at = slice(int(rows[0]), int(rows[-1]) + 1)
    with model._borrow() as runner:
        n_rows = model.time.rows
        for run in range(len(samples)):
            try:
                saved = runner.run(samples.of_run(run))
            except TransportError as error:
                saved = runner.instance.saved()
                errors.append((run, error))
            if len(slots) == 1:
                values[run, 0] = runner.instance.rows[row_at, slots[0]]
            else:
                values[run] = runner.instance.rows[row_at][:, slots].T
            if saved < n_rows:
                values[run, :, np.asarray(rows) >= saved] = np.nan
    return values, errors


def run_elsewhere(
    model: Model, samples: Samples, slots: Any, rows: Any, executor: Executor
) -> tuple[FloatArray, list[tuple[int, SimcError]]]:
    """The same, in parts that an executor's workers run."""
    if not hasattr(executor, "submit"):
        raise TypeError(f"an executor has a method `submit`, as those of concurrent.futures: {executor!r} has none")
    n = len(samples)
    workers = getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    size = max(1, -(-n // (_PARTS * workers)))
    starts = range(0, n, size)
    futures = [executor.submit(run_all, model, samples.part(it, it + size), slots, rows) for it in starts]
    values = np.empty((n, len(slots), len(rows)))
    errors: list[tuple[int, SimcError]] = []
    for start, future in zip(starts, futures):
        part, failed = future.result()
        values[start : start + len(part)] = part
        errors.extend([(start + run, error) for run, error in failed])
    return values, errors
