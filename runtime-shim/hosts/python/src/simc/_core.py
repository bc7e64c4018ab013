"""An artifact as everything here works with it: read, checked, compiled once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from . import _layout
from ._directory import Directory
from ._engine import Module
from ._inputs import Inputs
from ._layout import Layout
from ._metadata import Event, Time
from ._run import Columns, Run, State
from ._types import FloatArray

_REMEMBERED = 256


class Core:
    """What an artifact says of itself, and its code. It never changes; threads share it."""

    def __init__(self, artifact: bytes) -> None:
        self.artifact = artifact
        self.layout: Layout = _layout.read(artifact)
        _layout.check(self.layout)
        self.directory = Directory(self.layout)
        self.inputs = Inputs(self.layout, self.directory)
        #: Whether events fire once in the life of an instance, so that no second run may use it.
        self.lives_once = any(it.repeat == "once-ever" for it in self.layout.thresholds)
        self._columns: dict[tuple[str, ...], Columns] = {}

    @cached_property
    def module(self) -> Module:
        """The compiled code."""
        return Module(self.artifact, self.layout)

    @property
    def time(self) -> Time:
        """The time axis."""
        time = self.layout.time
        assert time is not None, "a layout without time is refused"
        return time

    @cached_property
    def all_columns(self) -> Columns:
        """Everything but the time slots."""
        chosen = [self.directory.whole(it) for it in self.layout.variables if it.kind != "time"]
        return Columns(self.directory, chosen)

    def columns(self, names: str | Sequence[str]) -> Columns:
        """Named variables and elements; the last choices are remembered."""
        chosen = (names,) if isinstance(names, str) else tuple(names)
        columns = self._columns.get(chosen)
        if columns is None:
            columns = Columns(self.directory, [self.directory.select(name) for name in chosen])
            if len(self._columns) >= _REMEMBERED:
                self._columns.clear()
            self._columns[chosen] = columns
        return columns

    def copy(self, rows: FloatArray, columns: Columns | None, state: State, events: Sequence[Event]) -> Run:
        """A run of these rows: of some columns, or of all."""
        if columns is None:
            copy = rows.copy()
            return Run(self.all_columns, copy, copy, copy[:, 0], state, tuple(events))
        return Run(columns, rows[:, columns.slots], None, rows[:, 0].copy(), state, tuple(events))
