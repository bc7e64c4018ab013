"""What tools for sensitivity analysis and exploration want of a model: a problem, and a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ._batch import Batch
from ._directory import Selection
from ._errors import BadValueError, ShapeError, UnknownNameError
from ._inputs import Inputs
from ._run import Run
from ._types import FloatArray, Workers


class Runs(Protocol):
    """What runs: a :class:`simc.Model`."""

    def run(self, params: Any = None, return_columns: Any = None) -> Run:
        """One run."""

    def batch(self, samples: Any, params: Any, outputs: Any, at: Any, executor: Any) -> Batch:
        """Many runs."""


class Problem(dict[str, Any]):
    """Parameters and their bounds, as SALib's ``ProblemSpec`` takes them.

    A dict with ``num_vars``, ``names`` and ``bounds``, which knows the model that it came from.
    """

    def __init__(self, model: Runs, names: Sequence[str], bounds: Sequence[Sequence[float]]) -> None:
        super().__init__(num_vars=len(names), names=list(names), bounds=[list(it) for it in bounds])
        self._model = model

    def evaluator(
        self,
        outputs: str | Sequence[str],
        reduce: Callable[[FloatArray], float] | None = None,
        *,
        executor: Workers | None = None,
    ) -> Evaluator:
        """See :meth:`simc.Model.evaluator`; the parameters are those of the problem."""
        return Evaluator(self._model, self["names"], outputs, reduce, executor)

    def objective(
        self,
        outputs: str | Sequence[str],
        loss: Callable[..., float],
        at: Any = None,
        *,
        executor: Workers | None = None,
    ) -> Objective:
        """What a search makes small: a number for each point, as SciPy and optuna take it.

        Parameters
        ----------
        outputs : str or sequence of str
            What is looked at.
        loss : callable
            Makes a number of a run: it gets a series of the shape ``(times,)`` for each output.
        at : float or sequence of float, optional
            Times of saved rows, as those of the data; all rows unless given.
        executor : optional
            As for :meth:`simc.Model.batch`.

        Examples
        --------
        >>> problem = simc.load(sir_wasm).problem(["Contact Rate", "Duration"])
        >>> f = problem.objective("Infectious", lambda it: abs(it.max() - 1000))
        >>> f([8.0, 7.0]) > f([5.0, 7.0])
        True
        """
        return Objective(self._model, self, outputs, loss, at, executor)

    def __reduce__(self) -> Any:
        return (Problem, (self._model, self["names"], self["bounds"]))


class Evaluator:
    """A function of samples, as SALib's ``ProblemSpec.evaluate`` takes it. It pickles."""

    def __init__(
        self,
        model: Runs,
        params: Sequence[str],
        outputs: str | Sequence[str],
        reduce: Callable[[FloatArray], float] | None,
        executor: Workers | None,
    ) -> None:
        self._model = model
        self._params = list(params)
        self._outputs = [outputs] if isinstance(outputs, str) else list(outputs)
        self._reduce = reduce
        self._executor = executor

    def __call__(self, samples: npt.ArrayLike) -> FloatArray:
        """Runs the samples, shape ``(n, params)``, and gives a number each: shape ``(n,)`` or ``(n, outputs)``."""
        at = np.inf if self._reduce is None else None
        batch = self._model.batch(samples, self._params, self._outputs, at, self._executor)
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


class Objective:
    """A function of points that a search makes small. It pickles when its loss does."""

    def __init__(
        self,
        model: Runs,
        problem: Problem,
        outputs: str | Sequence[str],
        loss: Callable[..., float],
        at: Any,
        executor: Workers | None,
    ) -> None:
        self._model = model
        self.names: list[str] = list(problem["names"])
        self.bounds: list[list[float]] = [list(it) for it in problem["bounds"]]
        self._outputs = [outputs] if isinstance(outputs, str) else list(outputs)
        self._loss = loss
        self._at = at
        self._executor = executor

    def __call__(self, x: npt.ArrayLike) -> Any:
        """A number for a point of the shape ``(params,)``; for points of the shape ``(params, n)`` a number each.

        The second is what ``scipy.optimize.differential_evolution(..., vectorized=True)`` asks for. A run that
        failed is infinitely bad.
        """
        points: FloatArray = np.asarray(x, np.float64)
        if points.ndim not in (1, 2) or len(points) != len(self.names):
            raise ShapeError(f"a point has the shape ({len(self.names)},), not {points.shape}")
        table = points.reshape(len(self.names), -1).T
        batch = self._model.batch(table, self.names, self._outputs, self._at, self._executor)
        losses = np.array([self._loss(*run) for run in batch.values], np.float64)
        losses[[run for run, _ in batch.errors]] = np.inf
        return losses if points.ndim == 2 else float(losses[0])

    def of_trial(self, trial: Any) -> float:
        """The same for a trial of optuna, which chooses the point: ``study.optimize(objective.of_trial)``."""
        point = [trial.suggest_float(name, *bounds) for name, bounds in zip(self.names, self.bounds)]
        return float(self(point))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_executor": None}


class Function:
    """The model as a function of keyword arguments, as the EMA Workbench takes it. It pickles."""

    def __init__(self, model: Runs, outputs: Sequence[str] | None) -> None:
        self._model = model
        self._outputs = None if outputs is None else list(outputs)

    def __call__(self, **params: Any) -> dict[str, FloatArray]:
        """Runs with these parameters, and gives the outputs by title, the time among them."""
        run = self._model.run(params, return_columns=self._outputs)
        return run.columns_of(self._outputs)


def bounds_of(
    inputs: Inputs, names: Sequence[str], given: Mapping[str, Sequence[float]]
) -> list[tuple[str, list[float]]]:
    """Names and bounds of the elements that the names of parameters mean.

    The bounds are those given, those of single elements before those of whole arrays, or the variable's range, or
    from nothing to twice the default.
    """
    wanted = [(name, *inputs.target(name)) for name in names]
    varied = {int(slot) for _, selection, _ in wanted for slot in selection.all_slots}
    by_slot: dict[int, Sequence[float]] = {}
    for name, (selection, _) in sorted([(name, inputs.target(name)) for name in given], key=lambda it: -it[1][0].size):
        slots = [int(slot) for slot in selection.all_slots]
        if varied.isdisjoint(slots):
            raise UnknownNameError(f"`{name}` has bounds, and is not among the params", name=name)
        by_slot.update(dict.fromkeys(slots, _pair(name, given[name])))
    return [pair for _, selection, at in wanted for pair in _bounds_of(inputs, selection, at, by_slot)]


def _pair(name: str, given: Sequence[float]) -> list[float]:
    try:
        low, high = (float(it) for it in given)
    except (TypeError, ValueError):
        raise ShapeError(f"bounds of `{name}` are two numbers, not {given!r}", variable=name) from None
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise BadValueError(f"bounds of `{name}` are finite and in order, not {low:g} and {high:g}", variable=name)
    return [low, high]


def _bounds_of(
    inputs: Inputs, selection: Selection, at: Any, given: Mapping[int, Sequence[float]]
) -> list[tuple[str, list[float]]]:
    defaults = np.atleast_1d(inputs.defaults[at])
    found = []
    for title, slot, default in zip(selection.titles, selection.all_slots.tolist(), defaults.tolist()):
        bounds = given.get(slot, selection.variable.range)
        if bounds is None:
            if not np.isfinite(default) or default == 0:
                message = f"`{title}` has no range, and its default tells none: give bounds={{{title!r}: (low, high)}}"
                raise ShapeError(message, variable=title)
            bounds = sorted((0.0, 2 * default))
        low, high = bounds
        found.append((title, [float(low), float(high)]))
    return found
