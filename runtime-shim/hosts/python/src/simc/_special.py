"""Runs that are no plain run: between saved rows, with inputs that change, on another time axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core import Core
from ._directory import Selection
from ._engine import Instance
from ._errors import BadTimeError, BadValueError, ShapeError, UnsupportedError
from ._inputs import Change, is_series
from ._rows import TOLERANCE, rows_or_steps
from ._run import Columns, Run
from ._runner import Runners
from ._sim import Sim, number_of_time, raise_failure
from ._types import FloatArray, Params


def run_steps(runners: Runners, changes: list[Change], columns: Columns | None, steps: list[int]) -> Run:
    """Runs from step to step, and keeps what the model is at some of them."""
    core, kept = runners.core, []
    with runners.borrow() as runner:
        # The last one is where nothing is left to do after it.
        log = runner.log
        for count, step in enumerate(sorted(set(steps))):
            before = core.time.start + (step - 1) * core.time.dt
            if count == 0:
                runner.run(changes, before)
            else:
                log.advance(runner.instance, before)
            if runner.instance.error()[0] != 0:
                raise_failure(core.layout, runner.instance.error(), None)
            if step == 0:
                runner.instance.run_initials()
            # An event may have stopped the run before, and then it rests elsewhere.
            now = runner.instance.live[0]
            if abs(now - (core.time.start + step * core.time.dt)) > TOLERANCE * core.time.dt:
                break
            kept.append(runner.instance.live.copy())
        state = runner.state()
        by_step = dict(zip(sorted(set(steps)), kept))
        reached = [by_step[step] for step in steps if step in by_step]
        width = len(runner.instance.live)
        return core.copy(np.array(reached, np.float64).reshape(len(reached), width), columns, state, log.events)


def run_series(core: Core, params: Params, columns: Columns | None, timestamps: Any, target: float) -> Run:
    """Runs with constants that change from step to step."""
    time = core.time
    if time.method != "euler":
        message = f"a time series as a parameter needs Euler's method, and the model runs by {time.method}"
        raise UnsupportedError(message)
    pairs = list(params.items() if isinstance(params, Mapping) else params)
    steady = [(name, value) for name, value in pairs if not is_series(value)]
    moving = []
    for name, value in pairs:
        if is_series(value):
            selection, _ = core.inputs.target(name)
            if selection.dimensions:
                message = f"`{name}` is an array: name one element for each time series"
                raise ShapeError(message, variable=selection.variable.name)
            moving.append((selection, *_points(value, selection)))
    # A name that is given twice is found with numbers in the place of the series.
    core.inputs.changes([*steady, *[(name, 0.0) for name, value in pairs if is_series(value)]])
    rows = None if timestamps is None else rows_or_steps(core.time, timestamps)
    if isinstance(rows, list):
        raise BadTimeError("with a time series as a parameter only saved rows can be kept")
    last = min(time.steps, math.floor((target - time.start) / time.dt + TOLERANCE)) if target < math.inf else time.steps
    with Sim(core, Instance(core.module), steady) as sim:
        for step in range(last + 1):
            now = time.start + step * time.dt
            for selection, x, y in moving:
                sim._set_slot(selection.first, float(np.interp(now, x, y)))
            sim.run_to(now)
            if sim.complete:
                break
        taken = sim.rows if rows is None else sim.rows[rows[rows < sim.saved]]
        return core.copy(taken, columns, sim.state, sim.events)


@dataclass(frozen=True)
class Otherwise:
    """What a run on another time axis, or from another start, needs: compiler options, and how far it goes."""

    options: tuple[str, ...]
    target: float
    pairs: list[tuple[str, Any]]


def otherwise(
    core: Core,
    has_source: bool,
    params: Params | None,
    initial_condition: Any,
    final_time: float | None,
    time_step: float | None,
    saveper: float | None,
) -> Otherwise:
    """What a run needs that is asked for another time axis, or another start.

    Raises
    ------
    UnsupportedError
        When the model would have to be compiled again, and there is its artifact alone.
    """
    time, options, target = core.time, [], math.inf
    initial: Mapping[str, Any] = {}
    if not (isinstance(initial_condition, str) and initial_condition in ("original", "o")):
        start, initial = _initial(initial_condition)
        if abs(start - time.start) > TOLERANCE * time.dt:
            options.append(f"--start={start!r}")
    for name, length in ("time_step", time_step), ("saveper", saveper):
        if length is not None and not 0 < number_of_time(length) < math.inf:
            raise BadTimeError(f"{name} is a finite number above 0, not {length}")
    if final_time is not None and math.isinf(number_of_time(final_time)):
        raise BadTimeError(f"final_time is a finite number, not {final_time}")
    if time_step is not None and number_of_time(time_step) != time.dt:
        options.append(f"--dt={float(time_step)!r}")
    if saveper is not None and (options or number_of_time(saveper) != time.save_every * time.dt):
        options.append(f"--save-every={float(saveper)!r}")
    if final_time is not None:
        target = number_of_time(final_time)
        if has_source and target != time.stop:
            options.append(f"--stop={target!r}")
            target = math.inf
        elif target > time.stop + TOLERANCE * time.dt:
            raise needs_source(f"the artifact ends at {time.stop:g}", f"--stop {target:g}")
    needs_inputs = [name for name in initial if not core.directory.select(name).variable.pieces]
    if needs_inputs:
        options.append("--inputs=initials")
    if options and not has_source:
        what = "initial values of stocks cannot be set" if needs_inputs else "the time axis of an artifact is fixed"
        raise needs_source(f"in an artifact {what}", " ".join(options))
    pairs = [*(params.items() if isinstance(params, Mapping) else params or []), *initial.items()]
    return Otherwise(tuple(options), target, pairs)


def needs_source(why: str, options: str) -> UnsupportedError:
    return UnsupportedError(f"{why}: load the model's file, or compile with `simc build {options}`")


def values_of(params: Any) -> Any:
    if isinstance(params, Mapping):
        return params.values()
    return (
        [it[1] for it in params if isinstance(it, tuple) and len(it) == 2] if isinstance(params, (list, tuple)) else []
    )


def _initial(condition: Any) -> tuple[float, Mapping[str, Any]]:
    if condition in ("current", "c") if isinstance(condition, str) else False:
        raise UnsupportedError("a Model has no current state: drive a Sim, which goes on from where it rests")
    if isinstance(condition, tuple) and len(condition) == 2 and isinstance(condition[1], Mapping):
        return number_of_time(condition[0]), condition[1]
    raise ShapeError("an initial condition is 'original', or a time and a mapping from stocks to values")


def _points(series: Any, selection: Selection) -> tuple[FloatArray, FloatArray]:
    """The points of a time series, checked as parameters are."""
    kinds = (getattr(series.index.dtype, "kind", "O"), getattr(series.dtype, "kind", "O"))
    try:
        # Dates are no times of a model, and truths no numbers; lists of objects may hold numbers alone.
        if not all(kind in "iufO" for kind in kinds):
            raise TypeError
        if any(isinstance(it, (bool, np.bool_, str)) for it in (*series.index, *series)):
            raise TypeError
        x: FloatArray = np.asarray(series.index, np.float64)
        y: FloatArray = np.asarray(series.to_numpy(), np.float64)
    except (TypeError, ValueError):
        message = f"the time series for `{selection.label}` needs numbers, indexed by times"
        raise ShapeError(message, variable=selection.variable.name) from None
    if len(x) == 0 or not (np.isfinite(x).all() and np.isfinite(y).all()) or bool(np.any(np.diff(x) <= 0)):
        message = f"the time series for `{selection.label}` needs finite numbers at times that ascend"
        raise BadValueError(message, variable=selection.variable.name)
    return x, y
