"""What an artifact says about its model, as plain immutable values."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np
import numpy.typing as npt

from ._types import FloatArray

Kind = Literal["time", "stock", "flow", "auxiliary", "constant", "module-input"]
Method = Literal["euler", "rk2", "rk4", "midpoint"]
Sign = Literal["unknown", "same", "opposite"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of arrays.

    Attributes
    ----------
    name : str
        As the model's author wrote it.
    elements : tuple of str
        Names of its elements, in order.
    """

    name: str
    elements: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a model.

    Attributes
    ----------
    name : str
        As its author wrote it, ``Module.name`` inside a module.
    kind : str
        ``"time"`` (one of the four time slots), ``"stock"``, ``"flow"``, ``"auxiliary"``, ``"constant"``
        or ``"module-input"``.
    slot : int
        Position of its first element in a row; the others follow, the last dimension fastest.
    dimensions : tuple of Dimension
        Outermost first; empty for a scalar.
    units, documentation : str or None
        As the model has them.
    range : (float, float) or None
        Least and greatest sensible value, when the author gave them.
    canonical : str
        Its name in the form in which hosts without this package look it up.
    """

    name: str
    kind: Kind
    slot: int
    dimensions: tuple[Dimension, ...] = ()
    units: str | None = None
    documentation: str | None = None
    range: tuple[float, float] | None = None
    canonical: str = ""
    #: Pieces of elements that can be set: the first one, row-major, and the default of each.
    pieces: tuple[tuple[int, tuple[float, ...]], ...] = field(default=(), repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the dimensions; ``()`` for a scalar."""
        return tuple(len(dimension.elements) for dimension in self.dimensions)

    @property
    def size(self) -> int:
        """How many elements there are; 1 for a scalar."""
        size = 1
        for dimension in self.dimensions:
            size *= len(dimension.elements)
        return size

    @property
    def settable(self) -> bool:
        """Whether it can be set, of an array at least some elements: see :attr:`settable_elements`."""
        return bool(self.pieces)

    @property
    def settable_elements(self) -> npt.NDArray[np.bool_]:
        """Which elements can be set: an array of its :attr:`shape`."""
        settable = np.zeros(self.size, np.bool_)
        for first, defaults in self.pieces:
            settable[first : first + len(defaults)] = True
        return settable.reshape(self.shape)

    @property
    def default(self) -> float | FloatArray | None:
        """What it is when nothing is set: a number, for an array an ndarray of its :attr:`shape`.

        NaN for a stock whose initial value the model computes, and for elements that cannot be set. None
        for a variable that cannot be set.
        """
        if not self.pieces:
            return None
        if not self.dimensions:
            return self.pieces[0][1][0]
        values: FloatArray = np.full(self.size, np.nan, np.float64)
        for first, defaults in self.pieces:
            values[first : first + len(defaults)] = defaults
        return values.reshape(self.shape)

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of its columns, one for each element, row-major.

        >>> ages = Dimension("Age", ("Young", "Old"))
        >>> Variable("rate", "constant", 4, (ages,)).titles
        ('rate[Young]', 'rate[Old]')
        """
        if not self.dimensions:
            return (self.name,)
        elements = product(*[dimension.elements for dimension in self.dimensions])
        return tuple([f"{self.name}[{','.join(subscripts)}]" for subscripts in elements])


@dataclass(frozen=True, slots=True)
class Time:
    """The time axis, in the model's unit of time.

    Attributes
    ----------
    start, stop, dt : float
        First time, last time as the model states it, and the step.
    steps : int
        Steps of a full run.
    save_every : int
        Steps from row to row.
    method : str
        ``"euler"``, ``"rk2"``, ``"rk4"`` or ``"midpoint"``.
    units : str or None
        Name of the unit of time.
    rows : int
        Rows of a full run.
    """

    start: float
    stop: float
    dt: float
    steps: int
    save_every: int
    method: Method
    units: str | None
    rows: int

    @property
    def times(self) -> FloatArray:
        """Times of the rows of a full run, shape ``(rows,)``."""
        steps = np.arange(self.rows, dtype=np.float64) * float(self.save_every)
        return self.start + steps * self.dt


@dataclass(frozen=True, slots=True)
class Group:
    """Variables that belong together; a member may be a module, which stands for all variables within."""

    name: str
    documentation: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transport:
    """A conveyor or queue: ``kind`` says which, ``name`` is that of its stock."""

    name: str
    kind: Literal["conveyor", "queue"]
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file from which the model was read, seen from the model's folder, and its SHA-256 in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """A graphical function whose points can be set.

    ``points`` has the shape ``(n, 2)``: the model's own x and y. ``capacity`` is how many can be given.
    """

    name: str
    kind: Literal["continuous", "extrapolate", "discrete"]
    capacity: int
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a variable may pass, and what happens then."""

    variable: str
    dimensions: tuple[Dimension, ...]
    first: int
    count: int
    value: float
    direction: Literal["increasing", "decreasing"]
    repeat: Literal["each", "once", "once-ever"]
    interval: int
    events: tuple[tuple[Literal["message", "pause", "stop"], str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One variable reads another.

    Attributes
    ----------
    cause, effect : str
        The variable that is read, and the one that reads it.
    sign : str
        How the effect moves with the cause: ``"same"``, ``"opposite"``, or ``"unknown"``.
    is_initial : bool
        Whether only the value at the start is read.
    """

    cause: str
    effect: str
    sign: Sign
    is_initial: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the model's interface.

    Attributes
    ----------
    kind : str
        ``"slider"``, ``"knob"``, ``"switch"``, ``"graph"`` or ``"gauge"``.
    variables : tuple of str
        Titles of what it sets or shows: one, of a graph those of its curves.
    range : (float, float) or None
        Least and greatest value.
    step : float or None
        How far it moves at a time.
    label : str or None
        What is written on it.
    """

    kind: Literal["slider", "knob", "switch", "graph", "gauge"]
    variables: tuple[str, ...]
    range: tuple[float, float] | None
    step: float | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event that has fired.

    Attributes
    ----------
    step : int
        The step at which it fired.
    time, value : float
        The time, and the number that passed the threshold.
    variable : str
        Title of the element that passed it.
    action : str
        ``"message"``, ``"pause"`` or ``"stop"``.
    message : str
        What it says.
    """

    step: int
    time: float
    value: float
    variable: str
    action: Literal["message", "pause", "stop"]
    message: str
