"""What tools for sensitivity analysis and exploration want of a model: a problem, and a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._errors import ShapeError
from ._types import Executor, FloatArray

if TYPE_CHECKING:
    from ._model import Model


class Problem(dict[str, Any]):
    """Parameters and their bounds, as SALib's ``ProblemSpec`` takes them.

    A dict with ``num_vars``, ``names`` and ``bounds``, which knows the model that it came from.
    """

    def __init__(self, model: Model, names: Sequence[str], bounds: Sequence[Sequence[float]]) -> None:
        super().__init__(num_vars=len(names), names=list(names), bounds=[list(it) for it in bounds])
        self._model = model

    def evaluator(
        self,
        outputs: str | Sequence[str],
        reduce: Callable[[FloatArray], float] | None = None,
        *,
        executor: Executor | None = None,
    ) -> Evaluator:
        """See :meth:`simc.Model.evaluator`; the parameters are those of the problem."""
        return Evaluator(self._model, self["names"], outputs, reduce, executor)

    def __reduce__(self) -> Any:
        return (Problem, (self._model, self["names"], self["bounds"]))


class Evaluator:
    """A function of samples, as SALib's ``ProblemSpec.evaluate`` takes it. It pickles."""

    def __init__(
        self,
        model: Model,
        params: Sequence[str],
        outputs: str | Sequence[str],
        reduce: Callable[[FloatArray], float] | None,
        executor: Executor | None,
    ) -> None:
        self._model = model
        self._params = list(params)
        self._outputs = [outputs] if isinstance(outputs, str) else list(outputs)
        self._reduce = reduce
        self._executor = executor

    def __call__(self, samples: npt.ArrayLike) -> FloatArray:
        """Runs the samples, shape ``(n, params)``, and gives a number each: shape ``(n,)`` or ``(n, outputs)``."""
        at = np.inf if self._reduce is None else None
        batch = self._model.batch(samples, self._params, self._outputs, at, executor=self._executor)
        values = batch.values
        if self._reduce is None:
            numbers: FloatArray = values[:, :, 0]
        else:
            reduce = self._reduce
            numbers = np.array([[reduce(series) for series in run] for run in values], np.float64)
            numbers = numbers.reshape(values.shape[:2])
        return numbers[:, 0] if numbers.shape[1] == 1 else numbers

    def __getstate__(self) -> dict[str, Any]:
        # Executors stay where they are; what is sent to a worker runs there.
        return {**self.__dict__, "_executor": None}


class Function:
    """The model as a function of keyword arguments, as the EMA Workbench takes it. It pickles."""

    def __init__(self, model: Model, outputs: Sequence[str] | None) -> None:
        self._model = model
        self._outputs = None if outputs is None else list(outputs)

    def __call__(self, **params: Any) -> dict[str, FloatArray]:
        """Runs with these parameters, and gives the outputs by title, the time among them."""
        run = self._model.run(params, return_columns=self._outputs)
        return run.columns_of(self._outputs)


def bounds_of(model: Model, name: str, given: Mapping[str, Sequence[float]]) -> list[tuple[str, list[float]]]:
    """Names and bounds of the elements that a parameter's name means.

    The bounds are those given, or the variable's range, or from nothing to twice the default.
    """
    selection, at = model._inputs.target(name)
    defaults = np.atleast_1d(model._inputs.defaults[at])
    found = []
    for title, default in zip(selection.titles, defaults.tolist()):
        bounds = given.get(name, given.get(title, selection.variable.range))
        if bounds is None:
            if not np.isfinite(default) or default == 0:
                message = f"`{title}` has no range, and its default tells none: give bounds={{{title!r}: (low, high)}}"
                raise ShapeError(message, variable=title)
            bounds = sorted((0.0, 2 * default))
        low, high = bounds
        found.append((title, [float(low), float(high)]))
    return found
