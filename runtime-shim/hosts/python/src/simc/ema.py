"""Models for the EMA Workbench: ``pip install simc[ema]``.

>>> from simc.ema import EmaModel  # doctest: +SKIP
>>> sir = EmaModel("sir", simc.load("sir.wasm"), ["Contact Rate"], ["Infectious"])  # doctest: +SKIP
>>> experiments, outcomes = ema_workbench.perform_experiments(sir, 100)  # doctest: +SKIP
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ema_workbench import RealParameter, TimeSeriesOutcome
from ema_workbench.em_framework.model import AbstractModel, SingleReplication

from ._model import Model
from ._types import FloatArray

__all__ = ["EmaModel"]


class EmaModel(SingleReplication, AbstractModel):  # type: ignore[misc]
    """A model as the workbench takes it: uncertainties with bounds, and a time series for each output.

    Names in the workbench are identifiers: ``Contact Rate`` is ``Contact_Rate`` there. What else the workbench wants
    (levers, constants, further outcomes) is set as on its own models.

    Parameters
    ----------
    name : str
        What the workbench calls it; letters and digits.
    model : Model
        What runs.
    params : sequence of str, optional
        The uncertainties; of arrays every element. All constants unless given.
    outputs : sequence of str, optional
        The outcomes, with ``time`` as the first; the stocks unless given.
    bounds : mapping of str to (low, high), optional
        As for :meth:`simc.Model.problem`.
    """

    def __init__(
        self,
        name: str,
        model: Model,
        params: Sequence[str] | None = None,
        outputs: Sequence[str] | None = None,
        bounds: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        super().__init__(name)
        self.model = model
        problem = model.problem(params, bounds)
        self._params = dict(zip(_identifiers(problem["names"]), problem["names"]))
        shown = outputs if outputs is not None else [it.name for it in model.variables if it.kind == "stock"]
        titles = [title for it in shown for title in model._core.columns(it).titles]
        self._outputs = dict(zip(_identifiers(titles), titles))
        self.uncertainties = [RealParameter(it, *pair) for it, pair in zip(self._params, problem["bounds"])]
        self.outcomes = [TimeSeriesOutcome("time"), *[TimeSeriesOutcome(it) for it in self._outputs]]

    def run_experiment(self, experiment: Mapping[str, Any]) -> dict[str, FloatArray]:
        """Runs the model with the values of an experiment."""
        params = {self._params.get(name, name): value for name, value in experiment.items()}
        run = self.model.run(params, return_columns=list(self._outputs.values()))
        return {"time": run.times, **{name: run.series(title) for name, title in self._outputs.items()}}


def _identifiers(titles: Sequence[str]) -> list[str]:
    """An identifier for each title, no two the same."""
    found: list[str] = []
    for title in titles:
        base = re.sub(r"\W+", "_", title).strip("_") or "_"
        base = f"_{base}" if base[0].isdigit() else base
        name, n = base, 2
        while name in found:
            name, n = f"{base}_{n}", n + 1
        found.append(name)
    return found
