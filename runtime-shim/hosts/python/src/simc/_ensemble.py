"""Makes the runs of a batch: in parts, each of which somebody makes, keeps, and reports."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ._batch import Batch
from ._crew import Crew, Handle, Here, WorkerDied, crew_of
from ._errors import SimcError
from ._failure import BatchError, BatchInterrupted, TransportError
from ._progress import progress_of
from ._run import Columns
from ._runner import Runners
from ._samples import Samples
from ._spool import SpoolError
from ._store import Errors, Store
from ._types import FloatArray

#: Seconds that a part takes: long beside what it costs to send one, short beside a person's patience.
_SECONDS = 0.4
#: No batch is cut into many more parts than this for each worker: each may be a file.
_PARTS = 500
#: Seconds of a part at most, however long the batch: what somebody waits for, and loses, who cuts it.
_MOST_SECONDS = 10.0
#: Bytes of results of a part at most, unless one run has more: what is on its way takes room of a disk, or memory.
_MOST_BYTES = 1 << 25
#: Numbers that are computed in a moment.
_LITTLE_WORK = 10_000_000
#: How often workers may die with a part before it is given up.
_DEATHS = 4


def run_part(
    runners: Runners, samples: Samples, slots: Any, rows: Any
) -> tuple[FloatArray, list[tuple[int, SimcError]], float]:
    """Runs one after the other: numbers of the shape (runs, slots, rows), what failed, and the seconds it took."""
    begin = time.perf_counter()
    values = np.empty((len(samples), len(slots), len(rows)))
    errors: list[tuple[int, SimcError]] = []
    n_rows = runners.core.time.rows
    # Rows as what NumPy copies fastest: those that follow each other are a slice. Others are in any order, some twice.
    row_at: Any = rows
    if len(rows) > 0 and np.array_equal(rows, np.arange(int(rows[0]), int(rows[0]) + len(rows))):
        row_at = slice(int(rows[0]), int(rows[0]) + len(rows))
    with runners.borrow() as runner:
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
    return values, errors, time.perf_counter() - begin


class Ensemble:
    """A batch on its way."""

    def __init__(
        self, runners: Runners, samples: Samples, columns: Columns, rows: npt.NDArray[np.intp], store: Store | None
    ) -> None:
        self._runners = runners
        self._samples = samples
        self._columns = columns
        self._rows = rows
        self._store = store
        n = len(samples)
        self._values = np.empty((n, len(columns.slots), len(rows)))
        self._is_done = np.zeros(n, np.bool_)
        self._errors: Errors = []
        self._seconds = 0.0
        self._made = 0
        if store is not None:
            parts, self._errors = store.load(self._values)
            for start, stop in parts:
                self._is_done[start:stop] = True
        #: From where to where runs are to be made, in order.
        self._gaps = deque(_gaps(self._is_done))
        #: Parts whose worker has died, and how often it has.
        self._again: deque[tuple[int, int, int]] = deque()

    def run(self, executor: Any, progress: bool | Callable[[int, int], Any]) -> Batch:
        """Makes all runs that are not made yet.

        Raises
        ------
        BatchError
            When they cannot be made or kept; its ``batch`` has what was done.
        BatchInterrupted
            When somebody presses Ctrl-C; its ``batch`` has what was done.
        """
        if not self._gaps:
            return self._batch()
        work = len(self._samples) * self._runners.core.time.steps * self._runners.core.layout.n_slots
        is_small = len(self._samples) <= 64 and work <= _LITTLE_WORK
        if executor is None and progress is False and self._store is None and is_small:
            # Nothing that could be worth the ceremony, or lost.
            self._make_here()
            return self._batch()
        crew = crew_of(executor)
        shown = progress_of(progress, len(self._samples))
        pending: dict[Handle, tuple[int, int, int]] = {}
        try:
            shown(int(self._is_done.sum()), len(self._samples))
            shared = crew.share(self._runners)
            while self._gaps or self._again or pending:
                self._hand_out(crew, shared, pending)
                for handle in crew.wait(list(pending)):
                    part = pending.pop(handle)
                    self._take(crew, handle, part)
                shown(int(self._is_done.sum()), len(self._samples))
            shown.close()
            crew.close()
        except KeyboardInterrupt:
            raise self._interrupted(lambda: crew.stop(list(pending)), shown.close, crew.close) from None
        except BaseException:
            crew.stop(list(pending))
            shown.close()
            crew.close()
            raise
        return self._batch()

    def _interrupted(self, *ends: Callable[[], Any]) -> BatchInterrupted:
        """What is raised for Ctrl-C, after all that has to end has done so, or Ctrl-C was pressed again."""
        while True:
            try:
                error = BatchInterrupted(self._how_far("interrupted"), self._batch())
                break
            except KeyboardInterrupt:
                continue
        for end in ends:
            # Whoever presses it twice does not want to wait, and has the results all the same.
            with contextlib.suppress(KeyboardInterrupt):
                end()
        return error

    def _make_here(self) -> None:
        for start, stop in self._gaps:
            values, errors, _ = run_part(
                self._runners, self._samples.part(start, stop), self._columns.slots, self._rows
            )
            self._keep(start, values, errors)

    def _hand_out(self, crew: Crew, shared: Any, pending: dict[Handle, tuple[int, int, int]]) -> None:
        """Gives the crew parts until each worker has one more than it works on."""
        workers = crew.workers
        most = 1 if isinstance(crew, Here) else 2 * workers
        while len(pending) < most:
            if self._again:
                # One that has cost workers twice is made alone, so that it takes no other part along.
                if self._again[0][2] > 1 and pending:
                    return
                start, stop, deaths = self._again.popleft()
                most = 1 if deaths > 1 else most
            elif self._gaps:
                size = self._size(workers)
                start, behind = self._gaps.popleft()
                stop = min(behind, start + size)
                deaths = 0
                if stop < behind:
                    self._gaps.appendleft((stop, behind))
            else:
                return
            part = self._samples.part(start, stop)
            try:
                handle = crew.submit(run_part, shared, part, self._columns.slots, self._rows)
            except SpoolError as error:
                self._fail(str(error), error)
            pending[handle] = (start, stop, deaths)

    def _size(self, workers: int) -> int:
        """How many runs make a part."""
        left = sum(stop - start for start, stop in self._gaps)
        even = max(1, -(-left // (2 * workers)))
        even = min(even, max(1, _MOST_BYTES // max(1, int(self._values[0].nbytes))))
        if self._made == 0:
            return min(even, max(1, min(32, -(-left // (8 * workers)))))
        each = max(self._seconds / self._made, 1e-7)
        seconds = min(max(_SECONDS, each * len(self._samples) / (_PARTS * workers)), _MOST_SECONDS)
        return max(1, min(even, int(seconds / each)))

    def _take(self, crew: Crew, handle: Handle, part: tuple[int, int, int]) -> None:
        start, stop, deaths = part
        try:
            values, errors, seconds = crew.result(handle)
        except WorkerDied as error:
            if deaths + 1 >= _DEATHS:
                message = f"workers have died {deaths + 1} times with runs {start} to {stop - 1}: {error}"
                self._fail(message, error)
            self._again.append((start, stop, deaths + 1))
            return
        except SpoolError as error:
            self._fail(str(error), error)
        self._seconds += seconds
        self._made += stop - start
        self._keep(start, values, errors)

    def _keep(self, start: int, values: FloatArray, errors: Errors) -> None:
        failed = [(start + run, error) for run, error in errors]
        if self._store is not None:
            try:
                self._store.save(start, values, failed)
            except OSError as error:
                self._fail(f"runs {start} to {start + len(values) - 1} cannot be kept: {error}", error)
        self._values[start : start + len(values)] = values
        self._errors.extend(failed)
        self._is_done[start : start + len(values)] = True

    def _fail(self, message: str, cause: Exception) -> NoReturn:
        raise BatchError(self._how_far(message), batch=self._batch()) from cause

    def _how_far(self, message: str) -> str:
        where = "`batch` of this exception has them"
        if self._store is not None:
            where = f"{self._store.folder} has them, and the same call goes on from there"
        return f"{message}; {int(self._is_done.sum())} of {len(self._samples)} runs are done: {where}"

    def _batch(self) -> Batch:
        unfinished = np.flatnonzero(~self._is_done)
        self._values[unfinished] = np.nan
        table, times = self._samples.table, self._runners.core.time.times[self._rows]
        params = {} if table is None else dict(zip(self._samples.names, table.T))
        errors = sorted(self._errors, key=lambda it: it[0])
        return Batch(self._values, self._columns.titles, times, errors, params, unfinished, self._columns)


def _gaps(is_done: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where nothing is done."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], is_done, [True]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
