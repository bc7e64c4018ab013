"""The results of a run."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ._directory import Directory, Selection
from ._errors import ShapeError, UnknownNameError
from ._metadata import Event
from ._types import FloatArray

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

State = Literal["new", "running", "paused", "stopped", "complete", "failed"]


class Columns:
    """Some elements of a model, in order, and where each is in a row."""

    def __init__(self, directory: Directory, selections: Sequence[Selection]) -> None:
        self.directory = directory
        self.selections = tuple(selections)
        parts = [selection.all_slots for selection in selections]
        self.slots = np.concatenate(parts) if parts else np.empty(0, np.intp)

    def without_time(self) -> Columns:
        """Those that are not the time."""
        rest = [it for it in self.selections if it.variable.slot != 0]
        return self if len(rest) == len(self.selections) else Columns(self.directory, rest)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Titles, one for each element."""
        return tuple([title for selection in self.selections for title in selection.titles])

    @cached_property
    def positions(self) -> dict[int, int]:
        """Where the element of a slot stands among these."""
        return {slot: position for position, slot in enumerate(self.slots.tolist())}

    @cached_property
    def index(self) -> Any:
        """The titles as an index of pandas."""
        import pandas

        return pandas.Index(list(self.titles), dtype=object)


class Run:
    """The saved rows of a run: immutable copies, which outlive the model.

    It is what :meth:`simc.Model.run` and :meth:`simc.Sim.run` give. With pandas installed, :attr:`df` is
    the DataFrame, and what is not defined here is looked up there: ``run["Infectious"]``, ``run.plot()``,
    ``run.loc[30]``, ``run.to_csv(...)``.

    Attributes
    ----------
    times : ndarray, shape (rows,)
        Times of the rows, in the model's unit of time.
    rows : int
        How many rows there are.
    complete : bool
        Whether the last row of the model is among them.
    state : str
        ``"complete"``, ``"running"`` (it was asked for fewer rows), ``"stopped"`` or ``"paused"`` (by an
        event), ``"failed"`` (see :class:`simc.TransportError`), or ``"new"``.
    events : tuple of Event
        The events that fired, oldest first.
    """

    def __init__(
        self,
        columns: Columns,
        values: FloatArray,
        row: FloatArray | None,
        times: FloatArray,
        state: State,
        events: tuple[Event, ...] = (),
    ) -> None:
        self._columns = columns
        #: Rows by columns, or None in favour of `_row`.
        self._values = values
        #: The whole rows, when the run has all slots.
        self._row = row
        self.times = times.view()
        self.times.flags.writeable = False
        self.state = state
        self.events = events

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.times)

    @property
    def complete(self) -> bool:
        """Whether the last row of the model is among the rows."""
        return self.state == "complete"

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of the columns, the time not among them."""
        return self._columns.titles

    def series(self, name: str) -> FloatArray:
        """The numbers of one variable, or of one element of an array.

        Parameters
        ----------
        name : str
            A variable, or with subscripts an element: ``"Population[North]"``.

        Returns
        -------
        ndarray, shape (rows,)
            In the units of the variable. Read-only.

        Raises
        ------
        UnknownNameError
            When no variable has this name, or the run does not have it.
        ShapeError
            When it means several elements; :meth:`array` takes these.
        """
        selection = self._select(name)
        if selection.size != 1:
            message = f"`{name}` is an array of shape {selection.shape}: name one element, or use `array`"
            raise ShapeError(message, variable=selection.variable.name)
        return self._of(selection).reshape(-1)

    def array(self, name: str) -> FloatArray:
        """The numbers of a variable with its dimensions.

        Returns
        -------
        ndarray, shape (rows, *dimensions)
            The dimensions that subscripts leave open; ``(rows,)`` for a scalar. Read-only.

        Raises
        ------
        UnknownNameError, ShapeError
            When the name means nothing, or the run does not have it.
        """
        return self._of(self._select(name))

    def value(self, name: str, row: int = -1) -> float | FloatArray:
        """The number of a variable in one row, the last one unless another is asked for.

        Returns
        -------
        float, or ndarray of the variable's dimensions

        Raises
        ------
        IndexError
            When there is no such row.
        """
        value = self.array(name)[row]
        return float(value) if value.ndim == 0 else value

    def columns_of(self, names: Sequence[str] | None = None) -> dict[str, FloatArray]:
        """Columns by title, the time first; of arrays one for each element.

        Parameters
        ----------
        names : sequence of str, optional
            Variables and elements; everything but the time slots unless given.

        Returns
        -------
        dict of str to ndarray, shape (rows,)
        """
        columns: dict[str, FloatArray] = {"time": self.times}
        for title, column in self._table(names):
            columns[title] = column
        return columns

    def _table(self, names: Sequence[str] | None) -> Iterator[tuple[str, FloatArray]]:
        """Columns and their titles, of which two may be the same."""
        selections = self._columns.selections if names is None else [self._select(name) for name in names]
        for selection in selections:
            if selection.variable.slot == 0:
                continue
            array = self._of(selection).reshape(self.rows, selection.size)
            yield from zip(selection.titles, array.T)

    def _select(self, name: str) -> Selection:
        return self._columns.directory.select(name)

    def _of(self, selection: Selection) -> FloatArray:
        if self._row is not None:
            columns = self._row[:, selection.slots if selection.dimensions else selection.first]
        elif not selection.dimensions and selection.first == 0:
            columns = self.times
        else:
            columns = self._values[:, self._find(selection)]
        array = columns.reshape(len(self.times), *selection.shape)
        array.flags.writeable = False
        return array

    def _find(self, selection: Selection) -> Any:
        positions = self._columns.positions
        try:
            if not selection.dimensions:
                return positions[selection.first]
            return np.array([positions[slot] for slot in selection.all_slots.tolist()], np.intp)
        except KeyError:
            name = selection.label
            message = f"the run does not have `{name}`: it was asked for {', '.join(self.titles[:5])}"
            raise UnknownNameError(message, name=name) from None

    def csv(self, names: Sequence[str] | None = None) -> str:
        """The rows as ``simc run`` writes them, byte for byte.

        The first column is ``time``; numbers are the shortest that read back to the same double.
        """
        table = [("time", self.times), *self._table(names)]
        out = io.StringIO()
        out.write(",".join([_quoted(title) for title, _ in table]))
        texts = [[_number(value) for value in column.tolist()] for _, column in table]
        for fields in zip(*texts):
            out.write("\n")
            out.write(",".join(fields))
        out.write("\n")
        return out.getvalue()

    @cached_property
    def df(self) -> pd.DataFrame:
        """The rows as a DataFrame: the index is the time, columns are titled as their author wrote them.

        Raises
        ------
        ImportError
            When pandas is not installed: ``pip install simc[pandas]``.
        """
        pandas = _pandas()
        columns = self._columns
        values = self._values if self._row is None else self._row[:, columns.slots]
        return pandas.DataFrame(values, index=self.index, columns=columns.index)

    @cached_property
    def index(self) -> pd.Index[Any]:
        """The times as an index of pandas, named ``time``."""
        return _pandas().Index(self.times, name="time")

    def xarray(self, name: str) -> xr.DataArray:
        """A variable as a DataArray with the dimensions ``time`` and its own.

        Raises
        ------
        ImportError
            When xarray is not installed: ``pip install simc[xarray]``.
        """
        xarray = _xarray()
        selection = self._select(name)
        coords: dict[str, Any] = {"time": self.times}
        names = ["time"]
        for dimension in selection.dimensions:
            # A variable may have one dimension twice; labels of a DataArray may not.
            label = dimension.name
            while label in coords:
                label += "'"
            coords[label] = list(dimension.elements)
            names.append(label)
        variable = selection.variable
        attrs = {"units": variable.units, "long_name": variable.name, "description": variable.documentation}
        array: xr.DataArray = xarray.DataArray(
            self._of(selection),
            coords,
            names,
            name=selection.label,
            attrs={name: text for name, text in attrs.items() if text},
        )
        return array

    def to_xarray(self) -> xr.Dataset:
        """All columns as a Dataset, a DataArray for each variable."""
        selections = [it for it in self._columns.selections if it.variable.slot != 0]
        arrays = {selection.label: self.xarray(_name_of(selection)) for selection in selections}
        dataset: xr.Dataset = _xarray().Dataset(arrays)
        return dataset

    def __getitem__(self, name: Any) -> Any:
        """A column of the DataFrame, found by any spelling of its name; for an array its columns.

        Without pandas, the ndarray of :meth:`array`.
        """
        if not isinstance(name, str):
            return self.df[name]
        selection = self._select(name)
        array = self._of(selection)
        try:
            pandas = _pandas()
        except ImportError:
            return array
        if not selection.dimensions:
            return pandas.Series(array, index=self.index, name=selection.label)
        return pandas.DataFrame(
            array.reshape(self.rows, len(selection.titles)), index=self.index, columns=list(selection.titles)
        )

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.titles)

    def __contains__(self, name: object) -> bool:
        try:
            self._of(self._columns.directory.select(name))
        except (UnknownNameError, ShapeError):
            return False
        return True

    def __repr__(self) -> str:
        return f"<simc.Run: {self.rows} rows of {len(self._columns.slots)} columns, {self.state}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Type checkers see the members above alone; a user at the prompt sees the DataFrame's too.
            if name.startswith("_"):
                raise AttributeError(name)
            try:
                return getattr(self.df, name)
            except ImportError as error:
                raise AttributeError(f"Run has no `{name}`, and {error}") from None

    def __reduce__(self) -> Any:
        # The columns refer to the model's directory, which pickles as its layout.
        state = (self._columns, self._values, self._row, self.times, self.state, self.events)
        return (Run, state)

    def _repr_html_(self) -> str:
        try:
            return str(self.df._repr_html_())
        except ImportError:
            return f"<pre>{self!r}</pre>"


def _name_of(selection: Selection) -> str:
    if not selection.variable.dimensions:
        return selection.variable.name
    dimensions = zip(selection.variable.dimensions, selection.elements)
    subscripts = [f'"{dim.elements[it]}"' if it is not None else "*" for dim, it in dimensions]
    return f"{selection.variable.name}[{','.join(subscripts)}]"


def _quoted(title: str) -> str:
    return '"' + title.replace('"', '""') + '"' if any(c in title for c in ',"\r\n') else title


def _number(value: float) -> str:
    """The shortest text that reads back to the same double, as the compiler's table has it."""
    text = repr(value)
    if len(text) > _MANY:
        text = _upper_of_two(value, text)
    if "e" not in text:
        # Whole numbers below 1e16, fractions from 1e-4 on, nan and inf.
        return "NaN" if text == "nan" else text.removesuffix(".0")
    mantissa, exponent = text.split("e")
    size = int(exponent)
    mantissa = mantissa.removesuffix(".0")
    if size == -5:
        sign, digits = ("-", mantissa[1:]) if mantissa[0] == "-" else ("", mantissa)
        return f"{sign}0.0000{digits.replace('.', '')}"
    return f"{mantissa}e{size}"


#: Characters of a text from which on two shortest texts can be equally near to a number.
_MANY = 15


def _upper_of_two(value: float, text: str) -> str:
    """Of two shortest texts that are equally near, Python gives the even one, and the table the one away from zero."""
    mantissa, e, exponent = text.partition("e")
    written = Decimal(text)
    unit = Decimal((0, (1,), int(written.as_tuple().exponent)))
    beyond = abs(Decimal(value)) - abs(written)
    other = f"{mantissa[:-1]}{int(mantissa[-1]) + 1}{e}{exponent}" if mantissa[-1] < "9" else text
    return other if 2 * beyond == unit and float(other) == value else text


def _pandas() -> Any:
    try:
        import pandas
    except ImportError:
        raise ImportError("a DataFrame needs pandas: pip install simc[pandas]") from None
    return pandas


def _xarray() -> Any:
    try:
        import xarray
    except ImportError:
        raise ImportError("a DataArray needs xarray: pip install simc[xarray]") from None
    return xarray


Reducer = Callable[[FloatArray], float]
