"""The variables of an artifact by the names that users give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from . import _names as names
from ._errors import ShapeError, UnknownNameError
from ._layout import Layout
from ._metadata import Dimension, Table, Variable

#: Selections that a directory remembers by how they were written.
_REMEMBERED = 4096


@dataclass(frozen=True)
class Selection:
    """Elements of a variable.

    Attributes
    ----------
    variable : Variable
        Whose elements they are.
    slots : slice or ndarray
        Where they are in a row, row-major; a slice when they stand side by side.
    first : int
        The first of these slots.
    dimensions : tuple of Dimension
        Those along which all elements are meant; none when it is a single element.
    elements : tuple
        For each dimension of the variable the position that is meant, None when all are.
    """

    variable: Variable
    slots: slice | npt.NDArray[np.intp]
    first: int
    dimensions: tuple[Dimension, ...]
    elements: tuple[int | None, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the dimensions left open; ``()`` for a single element."""
        return tuple(len(dimension) for dimension in self.dimensions)

    @property
    def size(self) -> int:
        """How many elements they are."""
        size = 1
        for dimension in self.dimensions:
            size *= len(dimension)
        return size

    @property
    def label(self) -> str:
        """What messages call them: the title of a single element, else the name of the variable."""
        return self.variable.name if self.dimensions else self.titles[0]

    @cached_property
    def all_slots(self) -> npt.NDArray[np.intp]:
        """Where they are in a row, row-major."""
        if isinstance(self.slots, slice):
            return np.arange(self.slots.start, self.slots.stop)
        return self.slots

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Titles of their columns, row-major."""
        variable = self.variable
        if not variable.dimensions:
            return (variable.name,)
        if self.size == variable.size:
            return variable.titles
        return tuple(
            [element_title(variable.name, variable.dimensions, slot - variable.slot) for slot in self.all_slots]
        )


class Directory:
    """All names of an artifact."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._remembered: dict[str, Selection] = {}

    @cached_property
    def _by_key(self) -> dict[str, Variable]:
        # Of two with one key the later one wins: a model's own `dt` hides that of the run.
        return {names.key(variable.name): variable for variable in self._layout.variables}

    @cached_property
    def _by_canonical(self) -> dict[str, int]:
        by_canonical: dict[str, int] = {}
        for name, slot in self._layout.entries:
            by_canonical.setdefault(name, slot)
        return by_canonical

    @cached_property
    def _tables(self) -> dict[tuple[str, ...], int]:
        by_key: dict[tuple[str, ...], int] = {}
        for number, table in enumerate(self._layout.tables):
            by_key.setdefault(names.title_key(table.name), number)
        return by_key

    def find(self, name: str) -> Variable | None:
        """The variable of this name, without subscripts."""
        return self._by_key.get(names.key(names.unescape(name)))

    def select(self, name: object) -> Selection:
        """The elements that a user means by a name, which may have subscripts.

        Raises
        ------
        UnknownNameError
            When no variable or element has this name.
        ShapeError
            When there are not as many subscripts as dimensions.
        """
        if not isinstance(name, str):
            message = f"a name is a text, not {name!r}"
            raise UnknownNameError(message, name=str(name))
        selection = self._remembered.get(name)
        if selection is None:
            selection = self._select(name)
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[name] = selection
        return selection

    def _select(self, name: str) -> Selection:
        variable = self.find(name)
        if variable is not None:
            return self.whole(variable)
        try:
            split = names.split_subscripts(name)
            base, subscripts = split if split else (name, None)
            variable = self.find(base)
            if variable is None:
                raise self._unknown(base)
            return self._subscripted(variable, subscripts or [], name)
        except (UnknownNameError, ShapeError):
            slot = self._by_canonical.get(name)
            if slot is None:
                raise
            return self._of_entry(name, slot)

    def is_of_run(self, variable: Variable) -> bool:
        """Whether a variable has the name of one of the run's own numbers."""
        return variable.kind != "time" and names.key(variable.name) in self._time_keys

    @cached_property
    def _time_keys(self) -> set[str]:
        return {names.key(variable.name) for variable in self._layout.variables if variable.kind == "time"}

    def whole(self, variable: Variable) -> Selection:
        """All elements of a variable."""
        slots = slice(variable.slot, variable.slot + variable.size)
        return Selection(variable, slots, variable.slot, variable.dimensions, (None,) * len(variable.dimensions))

    def select_within(self, within: Selection, element: str) -> Selection:
        """Elements of a selection, by subscripts for the dimensions that it leaves open."""
        subscripts = [it.strip(names.WHITE_SPACE) for it in names.split_outside_quotes(element, ",")]
        variable = within.variable
        if len(subscripts) != len(within.dimensions) and len(within.dimensions) == 1:
            # A comma may be part of an element's name.
            subscripts = [element]
        _check_count(variable, within.dimensions, subscripts, element)
        positions = iter([_position(dim, it) for dim, it in zip(within.dimensions, subscripts)])
        return _selection(variable, [it if it is not None else next(positions) for it in within.elements])

    def _subscripted(self, variable: Variable, subscripts: list[str], name: str) -> Selection:
        _check_count(variable, variable.dimensions, subscripts, name)
        return _selection(variable, [_position(dim, it) for dim, it in zip(variable.dimensions, subscripts)])

    def _of_entry(self, name: str, slot: int) -> Selection:
        # Variables stand in the order of their slots.
        low, high = 0, len(self._layout.variables)
        while low < high:
            middle = (low + high) // 2
            if self._layout.variables[middle].slot <= slot:
                low = middle + 1
            else:
                high = middle
        variable = self._layout.variables[low - 1]
        if name == variable.canonical or not variable.dimensions:
            return self.whole(variable)
        elements: list[int | None] = []
        element = slot - variable.slot
        for dimension in reversed(variable.dimensions):
            elements.insert(0, element % len(dimension))
            element //= len(dimension)
        return _selection(variable, elements)

    def _unknown(self, name: str) -> UnknownNameError:
        near = names.suggest(name, [variable.name for variable in self._layout.variables])
        hint = f"; did you mean `{near}`?" if near is not None else ""
        return UnknownNameError(f"there is no variable `{name}`{hint}", name=name, suggestion=near)

    def find_table(self, name: object) -> tuple[int, Table]:
        """The graphical function that can be set by this name, with its number."""
        number = self._tables.get(names.title_key(name)) if isinstance(name, str) else None
        if number is not None:
            return number, self._layout.tables[number]
        written = str(name)
        near = names.suggest(written, [table.name for table in self._layout.tables])
        hint = f"; did you mean `{near}`?" if near is not None else ""
        message = f"there is no graphical function `{written}` that can be set{hint}"
        raise UnknownNameError(message, name=written, suggestion=near)


def element_title(name: str, dimensions: Iterable[Dimension], element: int) -> str:
    """The title of one element, counted row-major."""
    subscripts: list[str] = []
    for dimension in reversed(tuple(dimensions)):
        subscripts.insert(0, dimension.elements[element % len(dimension)])
        element //= len(dimension)
    return f"{name}[{','.join(subscripts)}]" if subscripts else name


def _check_count(variable: Variable, dimensions: tuple[Dimension, ...], subscripts: list[str], name: str) -> None:
    if len(subscripts) != len(dimensions):
        shape = ", ".join([dimension.name for dimension in dimensions]) or "no dimensions"
        message = f"`{variable.name}` has {shape}, which is not what `{name}` says"
        raise ShapeError(message, variable=variable.name)


def _position(dimension: Dimension, subscript: str) -> int | None:
    """The position of an element by its name or number; None for all elements."""
    if subscript == "*":
        return None
    wanted = names.key(names.unescape(subscript))
    for position, element in enumerate(dimension.elements):
        if names.key(element) == wanted:
            return position
    if names.key(dimension.name) == wanted:
        return None
    number = names.position(subscript)
    if number is not None and number < len(dimension):
        return number
    near = names.suggest(subscript, dimension.elements)
    hint = f"; did you mean `{near}`?" if near is not None else ""
    message = f"`{subscript}` is no element of {dimension.name}{hint}"
    raise UnknownNameError(message, name=subscript, suggestion=near)


def _selection(variable: Variable, elements: list[int | None]) -> Selection:
    """Elements of a variable by the positions that are meant."""
    dimensions = variable.dimensions
    slots = np.array([variable.slot])
    for dimension, element in zip(dimensions, elements):
        positions = np.arange(len(dimension)) if element is None else np.array([element])
        slots = (slots[:, None] - variable.slot) * len(dimension) + positions + variable.slot
        slots = slots.reshape(-1)
    first = int(slots[0]) if len(slots) else variable.slot
    side_by_side = len(slots) > 0 and int(slots[-1]) - first == len(slots) - 1
    open_dimensions = tuple([dim for dim, it in zip(dimensions, elements) if it is None])
    return Selection(
        variable,
        slice(first, first + len(slots)) if side_by_side else slots,
        first,
        open_dimensions,
        tuple(elements),
    )
