"""The results of many runs of one model."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._errors import SimcError, UnknownNameError
from ._names import suggest, title_key
from ._run import Columns
from ._types import FloatArray

if TYPE_CHECKING:
    import pandas
    import xarray


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
    params : dict of str to ndarray, shape (runs,)
        What was set, by name, when the samples were a table.
    unfinished : ndarray of int
        Numbers of runs that have not been made, in the batch of a :class:`simc.BatchInterrupted` or a
        :class:`simc.BatchError`; their values are NaN. Empty in a batch that :meth:`simc.Model.batch` gives.
    """

    values: FloatArray
    titles: tuple[str, ...]
    times: FloatArray
    errors: list[tuple[int, SimcError]]
    params: dict[str, FloatArray] = field(default_factory=dict)
    unfinished: npt.NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))
    _columns: Columns | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, title: str) -> FloatArray:
        """One output of all runs, shape ``(runs, times)``: a view."""
        number = self._numbers.get(title_key(title)) if isinstance(title, str) else None
        if number is not None:
            return self.values[:, number]
        near = suggest(str(title), self.titles)
        hint = f"; did you mean `{near}`?" if near else f": there are {', '.join(self.titles[:5])}"
        raise UnknownNameError(f"there is no output `{title}`{hint}", name=str(title), suggestion=near)

    @cached_property
    def _numbers(self) -> dict[tuple[str, ...], int]:
        return {title_key(title): number for number, title in enumerate(self.titles)}

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

    def to_xarray(self) -> xarray.Dataset:
        """A Dataset with a DataArray for each output. Needs xarray.

        Dimensions are ``run``, ``time`` and those of the output, with the names and elements that they have in
        the model. What was set is a coordinate of ``run`` under the parameter's name, so that one can select by it.
        """
        import xarray

        arrays: dict[str, Any] = {}
        position = 0
        for selection in self._columns.selections if self._columns is not None else ():
            part = self.values[:, position : position + selection.size]
            position += selection.size
            names = ["run"]
            coords: dict[str, Any] = {"run": np.arange(len(self)), "time": self.times}
            for dimension in selection.dimensions:
                label = dimension.name
                # A variable may have one dimension twice; labels of a DataArray may not.
                while label in coords:
                    label += "'"
                coords[label] = list(dimension.elements)
                names.append(label)
            shaped = part.reshape(len(self), *selection.shape, len(self.times))
            variable = selection.variable
            attrs = {"units": variable.units, "long_name": variable.name, "description": variable.documentation}
            attrs = {name: text for name, text in attrs.items() if text}
            array = xarray.DataArray(shaped, coords, [*names, "time"], name=selection.label, attrs=attrs)
            arrays[selection.label] = array.transpose("run", "time", ...)
        dataset = xarray.Dataset(arrays)
        known = {*arrays, *dataset.coords}
        return dataset.assign_coords(
            {name: ("run", column) for name, column in self.params.items() if name not in known}
        )

    def __repr__(self) -> str:
        runs, outputs, times = self.values.shape
        failed = f", {len(self.errors)} failed" if self.errors else ""
        missing = f", {len(self.unfinished)} not made" if len(self.unfinished) else ""
        return f"<simc.Batch: {runs} runs, {outputs} outputs, {times} times{failed}{missing}>"
