"""One running instance of a model."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ._core import Core
from ._directory import Directory, element_title
from ._engine import Instance
from ._errors import (
    BadArtifactError,
    BadTimeError,
    BadValueError,
    BusyError,
    ClosedError,
    ShapeError,
    UnsupportedError,
)
from ._failure import TransportError
from ._inputs import Inputs
from ._layout import Layout
from ._metadata import Event, Threshold
from ._run import Run, State
from ._types import FloatArray, Params, Value

#: Error codes of an artifact, with what each says of a conveyor or queue.
_TRANSPORT = {
    58: "has a transit time that is not positive",
    59: "has a transit time that is longer than it has memory for",
    1001: "has more batches than it has memory for",
}
_NAN_TARGET = 1000


class Sim:
    """One instance of a model, which a program drives step by step.

    Made by :meth:`simc.Model.sim`, and best used in a ``with`` statement. What :meth:`set` sets lasts over
    :meth:`reset` until :meth:`clear`. One thread at a time: another gets a :class:`simc.BusyError`.

    Examples
    --------
    >>> model = simc.load(sir_wasm)
    >>> with model.sim() as sim:
    ...     _ = sim.run_to(30).set("Contact Rate", 2).run_to_end()
    ...     print(f"{sim.series('Infectious').max():.1f}")
    2790.6
    """

    def __init__(self, core: Core, instance: Instance, params: Params | None = None) -> None:
        self._core = core
        self._layout: Layout = core.layout
        self._directory: Directory = core.directory
        self._inputs: Inputs = core.inputs
        self._instance: Instance | None = instance
        self._lock = threading.Lock()
        self._started = False
        self._log = EventLog(self._layout)
        if params is not None:
            self._set_all(instance, params)

    @contextmanager
    def _use(self) -> Iterator[Instance]:
        """The instance, for one thread."""
        if not self._lock.acquire(blocking=False):
            raise BusyError("the Sim is in use by another thread: give each thread a Sim of its own")
        try:
            instance = self._instance
            if instance is None:
                raise ClosedError("the Sim is closed")
            yield instance
        finally:
            self._lock.release()

    def set(self, name: str, value: Value) -> Sim:
        """Sets a constant, from the next step on; :meth:`value` shows it at once.

        Parameters
        ----------
        name : str
            A variable, or elements: ``"rate[North]"``, ``"rate[*,Young]"``.
        value : number, sequence, ndarray or mapping
            One number for all elements, numbers in row-major order, or a mapping by element.

        Returns
        -------
        Sim
            Itself, so that calls can be chained.

        Raises
        ------
        UnknownNameError, NotSettableError, ShapeError, BadValueError
            Nothing is changed then.
        """
        with self._use() as instance:
            self._set_all(instance, [(name, value)])
        return self

    def _set_all(self, instance: Instance, params: Params) -> None:
        for at, value in self._inputs.changes(params):
            if isinstance(at, int):
                instance.set_value(self._inputs.slot(at), float(value))
            else:
                for slot, start, stop in self._inputs.runs(at):
                    part = np.broadcast_to(np.asarray(value, np.float64), at.shape)[start:stop]
                    instance.set_values(slot, part)

    def _set_slot(self, slot: int, value: float) -> None:
        """Sets what is known to be settable."""
        with self._use() as instance:
            instance.set_value(slot, value)

    def set_table(self, name: str, points: Sequence[Sequence[float]] | npt.NDArray[Any]) -> Sim:
        """Gives a graphical function other points; needs a model compiled with ``--inputs tables``.

        Parameters
        ----------
        name : str
            The variable; with subscripts when its elements have a function each.
        points : sequence of pairs, or ndarray of shape (n, 2)
            x and y; x ascends, equal x are a jump.

        Raises
        ------
        UnsupportedError
            When the artifact has no graphical functions that can be set.
        UnknownNameError, ShapeError, BadValueError
            When there is no such function, or these cannot be its points.
        """
        with self._use() as instance:
            if not self._layout.tables:
                message = "the artifact has no graphical functions that can be set: compile with `--inputs tables`"
                raise UnsupportedError(message)
            number, table = self._directory.find_table(name)
            try:
                if not isinstance(points, np.ndarray):
                    # Texts and truths are no numbers, though NumPy makes some of them.
                    points = [[number for number in pair] for pair in points]
                    if any(isinstance(it, (bool, np.bool_, str, bytes)) for pair in points for it in pair):
                        raise TypeError
                elif points.dtype.kind not in "iuf":
                    raise TypeError
                array: FloatArray = np.asarray(points, np.float64)
            except (TypeError, ValueError):
                array = np.empty(1)
            if array.shape == (0,):
                array = array.reshape(0, 2)
            if array.ndim != 2 or array.shape[1] != 2:
                raise ShapeError(f"points of `{table.name}` are pairs of x and y", variable=table.name)
            fault = _fault_of_points(array, table.capacity)
            if fault is not None or not instance.set_table(number, np.ascontiguousarray(array)):
                message = f"these cannot be the points of `{table.name}`: {fault or 'the artifact refuses them'}"
                raise BadValueError(message, variable=table.name)
        return self

    def clear(self) -> Sim:
        """Drops everything that was set, points included; seen when something is next evaluated."""
        with self._use() as instance:
            instance.clear_values()
        return self

    def reset(self) -> Sim:
        """Back to the start; what was set is kept."""
        with self._use() as instance:
            instance.reset()
            self._started = False
            self._log.clear()
        return self

    def run_initials(self) -> Sim:
        """Evaluates the start; saves no row. A second call does nothing until :meth:`reset`."""
        with self._use() as instance:
            instance.run_initials()
            self._started = True
            self._raise_failure(instance)
        return self

    def run_to(self, time: float) -> Sim:
        """Takes every step whose time is at most the given one, and rests at the next.

        Parameters
        ----------
        time : float
            In the model's unit of time. Infinity runs to the end; a time that has passed does nothing.

        Raises
        ------
        BadTimeError
            When it is NaN or no number; nothing is done.
        TransportError
            When a conveyor or queue cannot go on; each call raises it again until :meth:`reset`.
        """
        target = number_of_time(time)
        with self._use() as instance:
            self._advance(instance, target)
        return self

    def run_to_end(self) -> Sim:
        """Takes all steps that are left."""
        with self._use() as instance:
            self._advance(instance, math.inf)
        return self

    def _advance(self, instance: Instance, target: float) -> None:
        self._started = True
        self._log.advance(instance, target)
        self._raise_failure(instance)

    def pause_on_events(self, on: bool = True) -> Sim:
        """Whether events that pause end :meth:`run_to` behind their step; they do not unless asked.

        A run that has paused goes on with the next call.
        """
        with self._use() as instance:
            instance.pause_on_events(bool(on))
            self._log.pauses = bool(on)
        return self

    def value(self, name: str) -> float | FloatArray:
        """What a variable is now.

        Returns
        -------
        float, or ndarray of the dimensions that are left open
            In the units of the variable; a copy. Constants show what was set at once, others what was
            last evaluated; before the start everything else is 0.
        """
        with self._use() as instance:
            selection = self._directory.select(name)
            if not selection.dimensions:
                return float(instance.live[selection.first])
            values: FloatArray = instance.live[selection.slots].reshape(selection.shape).copy()
            return values

    def series(self, name: str) -> FloatArray:
        """The saved numbers of one variable, or of one element of an array, without a copy.

        Returns
        -------
        ndarray, shape (saved,)
            A read-only *view* of the instance's memory. Rows that are saved later are not in it, and a run
            after :meth:`reset` overwrites it: take ``.copy()`` of what is to be kept. It outlives the Sim.

        Raises
        ------
        UnknownNameError
            When no variable has this name.
        ShapeError
            When it means several elements; :attr:`rows` has these.
        """
        with self._use() as instance:
            selection = self._directory.select(name)
            if selection.size != 1:
                message = f"`{name}` is an array of shape {selection.shape}: name one element"
                raise ShapeError(message, variable=selection.variable.name)
            return instance.rows[: instance.saved(), selection.first]

    @property
    def rows(self) -> FloatArray:
        """The saved rows, shape ``(saved, slots)``: a read-only *view*, as :meth:`series` is."""
        with self._use() as instance:
            return instance.rows[: instance.saved()]

    @property
    def live(self) -> FloatArray:
        """The numbers of the resting time, shape ``(slots,)``: a read-only *view* that every call changes."""
        with self._use() as instance:
            return instance.live

    @property
    def time(self) -> float:
        """The time at which the instance rests; 0 before the start."""
        with self._use() as instance:
            return float(instance.live[0])

    @property
    def saved(self) -> int:
        """Rows saved so far."""
        with self._use() as instance:
            return instance.saved()

    @property
    def complete(self) -> bool:
        """Whether the last row is saved."""
        return self.state == "complete"

    @property
    def state(self) -> State:
        """Where the run is.

        ``"new"`` before the start, ``"running"`` at rest between steps, ``"paused"`` or ``"stopped"`` by an
        event, ``"complete"`` when the last row is saved, ``"failed"`` after a :class:`TransportError`.
        """
        with self._use() as instance:
            return self._state(instance)

    def _state(self, instance: Instance) -> State:
        if not self._started:
            return "new"
        if instance.saved() == instance.n_rows:
            return "complete"
        if instance.error()[0] not in (0, _NAN_TARGET):
            return "failed"
        event_state = instance.run_state()
        return "stopped" if event_state == 2 else "paused" if event_state == 1 else "running"

    @property
    def events(self) -> tuple[Event, ...]:
        """Events that have fired since the start, oldest first."""
        with self._use():
            return tuple(self._log.events)

    def run(self) -> Run:
        """A copy of the rows saved so far."""
        with self._use() as instance:
            return self._copy(instance)

    def _copy(self, instance: Instance) -> Run:
        rows = instance.rows[: instance.saved()]
        return self._core.copy(rows, None, self._state(instance), self._log.events)

    def _raise_failure(self, instance: Instance) -> None:
        if instance.saved() < instance.n_rows:
            error = instance.error()
            if error[0] not in (0, _NAN_TARGET):
                raise_failure(self._layout, error, self._copy(instance))

    def close(self) -> None:
        """Gives the memory back; any further use is a :class:`ClosedError`. Views stay valid."""
        if not self._lock.acquire(blocking=False):
            raise BusyError("the Sim is in use by another thread")
        self._instance = None
        self._lock.release()

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._instance is None

    def __enter__(self) -> Sim:
        with self._use():
            return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._instance is None:
            return f"<simc.Sim of {self._layout.name or 'a model'}: closed>"
        if self._lock.locked():
            return f"<simc.Sim of {self._layout.name or 'a model'}: busy>"
        return f"<simc.Sim of {self._layout.name or 'a model'}: {self.state} at {self.time:g}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sim is one live instance and cannot be pickled: pickle its Model")


class EventLog:
    """The events of an instance, read before an artifact overwrites their records."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._by_number: list[tuple[Threshold, tuple[Any, str]]] = [
            (threshold, event) for threshold in layout.thresholds for event in threshold.events
        ]
        self._per_step = sum([threshold.count * len(threshold.events) for threshold in layout.thresholds])
        self.events: list[Event] = []
        self._seen = 0
        #: Whether an event that pauses ends :meth:`advance`.
        self.pauses = False

    def clear(self) -> None:
        """Forgets all events."""
        self.events = []
        self._seen = 0

    def advance(self, instance: Instance, target: float) -> None:
        """Runs to a time, in stretches whose events the artifact can keep."""
        if instance.event_capacity == 0 or self._layout.time is None:
            instance.run_to(target)
            return
        start, dt = self._layout.time.start, self._layout.time.dt
        steps = max(1, instance.event_capacity // max(1, self._per_step))
        instance.run_initials()
        while True:
            before = float(instance.live[0])
            following = min(target, start + (round((before - start) / dt) + steps - 1) * dt)
            instance.run_to(following)
            self._collect(instance)
            state = instance.run_state()
            if instance.saved() == instance.n_rows or state == 2 or instance.error()[0] != 0:
                return
            if state == 1 and self.pauses:
                return
            if state != 1 and (following == target or instance.live[0] == before):
                return

    def _collect(self, instance: Instance) -> None:
        count = instance.event_count()
        for number, element, step, time, value in instance.event_records(self._seen, count):
            if number >= len(self._by_number):
                raise BadArtifactError(f"the artifact contradicts itself: it has no event {number}")
            threshold, (action, message) = self._by_number[number]
            title = element_title(threshold.variable, threshold.dimensions, element)
            self.events.append(Event(step, time, value, title, action, message))
        self._seen = count


def raise_failure(layout: Layout, error: tuple[int, int], run: Run | None) -> NoReturn:
    """Says in words what an error word says, with the rows that were saved before."""
    code, place = error
    what = _TRANSPORT.get(code)
    if what is None:
        raise BadArtifactError(f"the run stopped with error {code} in variable {place}, which is none of simc's")
    name = _transport(layout, place)
    shown = f"`{name}`" if name is not None else f"conveyor or queue number {place}"
    raise TransportError(f"the run stopped: {shown} {what}", variable=name, run=run)


def _transport(layout: Layout, number: int) -> str | None:
    for transport in layout.transports:
        size = math.prod([len(dimension) for dimension in transport.dimensions])
        if number < size:
            return element_title(transport.name, transport.dimensions, number)
        number -= size
    return None


def number_of_time(time: object) -> float:
    if isinstance(time, (bool, np.bool_, str, bytes)):
        raise BadTimeError(f"a time is a number, not {time!r}")
    try:
        number = float(time)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise BadTimeError(f"a time is a number, not {time!r}") from None
    if math.isnan(number):
        raise BadTimeError("a time is a number, not NaN")
    return number


def _fault_of_points(points: FloatArray, capacity: int) -> str | None:
    if len(points) == 0:
        return "there are none"
    if len(points) > capacity:
        return f"there is room for {capacity}, and {len(points)} are given"
    if not np.isfinite(points).all():
        return "one is not finite"
    if bool(np.any(np.diff(points[:, 0]) < 0)):
        return "x does not ascend"
    return None
