"""What can be set, and values on their way into an artifact.

The settable slots of a row are *blocks* of neighbours. Counted through all blocks, each has a position in
one dense vector of inputs, in which defaults and values of a run are kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._directory import Directory, Selection
from ._engine import Instance
from ._errors import AmbiguousNameError, BadArtifactError, BadValueError, NotSettableError, ShapeError
from ._layout import Layout
from ._types import FloatArray

#: Positions in the vector of inputs, with what to put there.
Change = tuple["int | npt.NDArray[np.intp]", "float | FloatArray"]

_WHY_NOT = {
    "time": "it is part of the model's time specification",
    "stock": "it is a stock, which starts from its own equation and changes by its flows",
    "flow": "it is a flow, computed from its equation",
    "auxiliary": "it is computed from its equation; only constants can be set",
    "constant": "it is a constant that the compiler needed to know",
    "module-input": "it takes its value from outside of its module",
}


class Inputs:
    """The settable slots of an artifact."""

    def __init__(self, layout: Layout, directory: Directory) -> None:
        self._directory = directory
        slots: list[int] = []
        runs: list[FloatArray] = []
        self._starts: dict[int, int] = {}
        n = 0
        #: Blocks of neighbours: first slot, first position, position behind the last.
        self.blocks: list[list[int]] = []
        for variable in layout.variables:
            for first, defaults in variable.pieces:
                slot = variable.slot + first
                if self.blocks and slot < self.blocks[-1][0] + self.blocks[-1][2] - self.blocks[-1][1]:
                    raise BadArtifactError(f"the artifact contradicts itself: slot {slot} is settable twice")
                if self.blocks and slot == self.blocks[-1][0] + self.blocks[-1][2] - self.blocks[-1][1]:
                    self.blocks[-1][2] += len(defaults)
                else:
                    self.blocks.append([slot, n, n + len(defaults)])
                n += len(defaults)
                runs.append(np.array(defaults))
                slots.append(slot)
        #: What each input is when nothing is set.
        self.defaults: FloatArray = np.concatenate(runs) if runs else np.empty(0)
        self._first_slots = np.array([block[0] for block in self.blocks], np.intp)
        self._first_positions = np.array([block[1] for block in self.blocks], np.intp)
        self._behind = np.array([block[0] + block[2] - block[1] for block in self.blocks], np.intp)
        self._targets: dict[str, tuple[Selection, int | npt.NDArray[np.intp]]] = {}

    def target(self, name: object) -> tuple[Selection, int | npt.NDArray[np.intp]]:
        """What is set by a name: elements, and their positions among the inputs.

        Raises
        ------
        UnknownNameError, ShapeError
            When the name means nothing.
        NotSettableError
            When one of the elements cannot be set.
        """
        target = self._targets.get(name) if isinstance(name, str) else None
        if target is None:
            selection = self._directory.select(name)
            if self._directory.is_of_run(selection.variable):
                shown = selection.variable.name
                message = f"`{shown}` cannot be set: a variable has this name, and so has one of the run's own numbers"
                raise NotSettableError(message, variable=shown)
            target = (selection, self.positions(selection))
            if len(self._targets) >= 4096:
                self._targets.clear()
            self._targets[str(name)] = target
        return target

    def positions(self, selection: Selection) -> int | npt.NDArray[np.intp]:
        """Positions of elements: a number for a single element, else an array."""
        slots = selection.all_slots
        if not self.blocks:
            raise _not_settable(selection, 0)
        block = np.searchsorted(self._first_slots, slots, "right") - 1
        is_fixed = (block < 0) | (slots >= self._behind[block])
        if is_fixed.any():
            raise _not_settable(selection, int(np.argmax(is_fixed)))
        positions = slots - self._first_slots[block] + self._first_positions[block]
        return positions if selection.dimensions else int(positions[0])

    def slot(self, position: int) -> int:
        """The slot of an input."""
        block = int(np.searchsorted(self._first_positions, position, "right")) - 1
        first_slot, first, _ = self.blocks[block]
        return first_slot + position - first

    def runs(self, positions: npt.NDArray[np.intp]) -> Iterable[tuple[int, int, int]]:
        """Neighbours among some inputs: the first slot, and from where to where in the array they go."""
        if len(positions) == 0:
            return
        block = np.searchsorted(self._first_positions, positions, "right") - 1
        slots = positions - self._first_positions[block] + self._first_slots[block]
        cuts = (np.flatnonzero(np.diff(slots) != 1) + 1).tolist()
        for start, stop in zip([0, *cuts], [*cuts, len(slots)]):
            yield int(slots[start]), start, stop

    def changes(self, params: object) -> list[Change]:
        """What parameters change, all of them checked.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, NotSettableError, ShapeError, BadValueError
            See :meth:`simc.Model.run`.
        """
        if params is None:
            return []
        seen: set[Any] = set()
        changes: list[Change] = []
        for name, value in _items(params):
            selection, at = self.target(name)
            identity: Any = at if isinstance(at, int) else at.tobytes()
            if identity in seen:
                message = f"`{name}` is given twice in one call, under two spellings"
                raise AmbiguousNameError(message, name=str(name))
            seen.add(identity)
            if type(value) is float and math.isfinite(value):
                changes.append((at, value))
            elif isinstance(value, Mapping):
                changes.extend(self._by_element(selection, value))
            else:
                changes.append((at, number_or_array(value, selection)))
        return changes

    def _by_element(self, selection: Selection, values: Mapping[Any, Any]) -> Iterable[Change]:
        if not selection.dimensions:
            message = f"`{selection.label}` is a single number and takes no mapping by element"
            raise ShapeError(message, variable=selection.variable.name)
        for element, value in values.items():
            subscripts = ",".join(element) if isinstance(element, tuple) else str(element)
            part = self._directory.select_within(selection, subscripts)
            if isinstance(value, Mapping):
                yield from self._by_element(part, value)
            else:
                number = number_or_array(value, part)
                yield self.positions(part), number

    def of_columns(self, names: Iterable[object]) -> list[int | npt.NDArray[np.intp]]:
        """Positions for the columns of a table of samples, one name each."""
        seen: set[bytes] = set()
        columns: list[int | npt.NDArray[np.intp]] = []
        for name in names:
            _, at = self.target(name)
            identity = np.asarray(at).tobytes()
            if identity in seen:
                raise AmbiguousNameError(f"`{name}` is given twice in one call", name=str(name))
            seen.add(identity)
            columns.append(at)
        return columns


class InputWriter:
    """Keeps what an instance's inputs are, and writes no more than has changed.

    For instances on which nobody else sets anything: what is not in the changes of a run has its default.
    """

    def __init__(self, inputs: Inputs, instance: Instance) -> None:
        self._inputs = inputs
        self._instance = instance
        self._values = inputs.defaults.copy()
        #: For each block that has been written, the positions between which it has been.
        self._written: dict[int, tuple[int, int]] = {}
        self._changed: list[int | npt.NDArray[np.intp]] = []

    def write(self, changes: list[Change]) -> None:
        """Gives the changed inputs their values, and all others their defaults."""
        values, defaults = self._values, self._inputs.defaults
        for at in self._changed:
            values[at] = defaults[at]
        self._changed = [at for at, _ in changes]
        for at, value in changes:
            values[at] = value
            low, high = (at, at + 1) if isinstance(at, int) else _bounds(at)
            self._widen(low, high)
        for number, (low, high) in self._written.items():
            first_slot, first, _ = self._inputs.blocks[number]
            self._instance.set_values(first_slot + low - first, values[low:high])

    def _widen(self, low: int, high: int) -> None:
        """Positions from low to high have to be written, from now on each time."""
        for number, (_, first, behind) in enumerate(self._inputs.blocks):
            if low >= behind or high <= first:
                continue
            part = (max(low, first), min(high, behind))
            before = self._written.get(number, part)
            self._written[number] = (min(before[0], part[0]), max(before[1], part[1]))


def number_or_array(value: object, selection: Selection) -> float | FloatArray:
    """A value for elements: one number for all, or an array of one for each.

    Raises
    ------
    ShapeError
        When it is no number, or its shape is not that of the elements.
    BadValueError
        When a number is NaN or infinite.
    """
    if hasattr(value, "dims") and hasattr(value, "transpose"):
        value = _aligned(value, selection)
    if isinstance(value, (bool, np.bool_, str, bytes)) or value is None or is_series(value) or np.ma.is_masked(value):
        raise _no_number(value, selection)
    try:
        # An integer of any size is a number, though perhaps none that a double can be.
        array = np.asarray(float(value) if isinstance(value, int) else value)
    except OverflowError:
        message = f"`{selection.label}` cannot be {value}: values of parameters are finite numbers"
        raise BadValueError(message, variable=selection.variable.name) from None
    except ValueError:
        raise _no_number(value, selection) from None
    if array.dtype.kind not in "iuf":
        raise _no_number(value, selection)
    numbers: FloatArray = array.astype(np.float64)
    if not np.isfinite(numbers).all():
        bad = float(numbers[~np.isfinite(numbers)].flat[0]) if numbers.ndim else float(numbers)
        message = f"`{selection.label}` cannot be {bad}: values of parameters are finite numbers"
        raise BadValueError(message, variable=selection.variable.name)
    if numbers.ndim == 0:
        return float(numbers)
    if numbers.shape == selection.shape or (numbers.ndim == 1 and len(numbers) == selection.size):
        return numbers.reshape(-1) if selection.dimensions else float(numbers.reshape(-1)[0])
    have = "a single number" if not selection.dimensions else f"{selection.size} elements, shape {selection.shape}"
    message = f"`{selection.variable.name}` has {have}, and values of shape {numbers.shape} are given"
    raise ShapeError(message, variable=selection.variable.name)


def _aligned(value: Any, selection: Selection) -> object:
    """Numbers of a DataArray, its dimensions in the order of those of the elements."""
    wanted = [dimension.name for dimension in selection.dimensions]
    if sorted(map(str, value.dims)) != sorted(wanted):
        message = f"`{selection.variable.name}` has the dimensions {wanted}, and the DataArray {list(value.dims)}"
        raise ShapeError(message, variable=selection.variable.name)
    for dimension in selection.dimensions:
        if dimension.name in value.coords:
            value = value.reindex({dimension.name: list(dimension.elements)})
    return value.transpose(*wanted).values


def is_series(value: object) -> bool:
    """Whether it is a Series of pandas."""
    return type(value).__name__ == "Series" and hasattr(value, "index")


def _no_number(value: object, selection: Selection) -> ShapeError:
    shown = repr(value) if len(repr(value)) < 60 else type(value).__name__
    if is_series(value):
        shown = "a pandas Series (a time series is a parameter of `Model.run` alone)"
    message = f"`{selection.label}` takes a number or numbers, not {shown}"
    return ShapeError(message, variable=selection.variable.name)


def _items(params: object) -> Iterable[tuple[Any, Any]]:
    if isinstance(params, Mapping):
        return params.items()
    if isinstance(params, (list, tuple)) and all(isinstance(it, tuple) and len(it) == 2 for it in params):
        return params
    raise ShapeError("parameters are a mapping from names to values")


def _bounds(positions: npt.NDArray[np.intp]) -> tuple[int, int]:
    return (int(positions.min()), int(positions.max()) + 1) if len(positions) else (0, 0)


def _not_settable(selection: Selection, element: int) -> NotSettableError:
    variable = selection.variable
    if variable.pieces:
        title = selection.titles[element]
        why = "this element is computed from its equation; other elements of the array can be set"
    else:
        title, why = variable.name, _WHY_NOT[variable.kind]
    return NotSettableError(f"`{title}` cannot be set: {why}", variable=title)
