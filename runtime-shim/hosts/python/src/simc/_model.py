"""A compiled model: an artifact and what it says about itself."""

from __future__ import annotations

import hashlib
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _layout
from ._analysis import Evaluator, Function, Problem, bounds_of
from ._batch import TOLERANCE, Batch, check_samples, rows_at, run_all, run_elsewhere
from ._build import Source
from ._directory import Directory, Selection
from ._engine import Instance, Module
from ._errors import BadTimeError, ShapeError, TransportError, UnsupportedError, WrongArtifactError
from ._inputs import Change, Inputs, InputWriter, is_series
from ._layout import Layout
from ._metadata import (
    Control,
    Dimension,
    Group,
    Link,
    SourceFile,
    Table,
    Threshold,
    Time,
    Variable,
)
from ._run import Columns, Run, State
from ._sim import EventLog, Sim, number_of_time, raise_failure
from ._types import Executor, FloatArray, Params

if TYPE_CHECKING:
    import pandas

#: Instances that a model keeps for its next runs.
_IDLE = 4
#: Models that a process keeps of those that other processes have sent.
_SENT = 8
#: Choices of columns that a model remembers.
_REMEMBERED = 256


class Runner:
    """An instance that makes one run after the other, each from the defaults."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._log = EventLog(model._layout)
        self._is_used = False
        self._renew()

    def _renew(self) -> None:
        self.instance = Instance(self._model._module)
        self._writer = InputWriter(self._model._inputs, self.instance)

    @property
    def log(self) -> EventLog:
        """The events of the last run."""
        return self._log

    def run(self, changes: list[Change], target: float = math.inf) -> int:
        """Runs to a time with some inputs changed, and tells how many rows it has saved.

        Raises
        ------
        TransportError
            When a conveyor or queue cannot go on. It has no rows.
        """
        if self._is_used and self._model._lives_once:
            # Events that fire once ever do so once in the life of an instance.
            self._renew()
        self._is_used = True
        instance = self.instance
        self._writer.write(changes)
        if target == math.inf and instance.event_capacity == 0:
            instance.run()
        else:
            instance.reset()
            self._log.clear()
            self._log.advance(instance, target)
        saved = instance.saved()
        if saved < instance.n_rows:
            error = instance.error()
            if error[0] != 0:
                raise_failure(self._model._layout, error, None)
        return saved

    def state(self) -> State:
        """Where the last run has ended, unless it failed."""
        if self.instance.saved() == self.instance.n_rows:
            return "complete"
        return "stopped" if self.instance.run_state() == 2 else "running"


class Model:
    """A compiled model. It never changes; threads may share it, and it pickles.

    Made by :func:`simc.load`.

    Attributes
    ----------
    name, producer : str
        Name of the model; the compiler that made the artifact, and its version.
    time : Time
        Start, stop, step, method and units.
    variables : tuple of Variable
        All variables of a row in order, the four time slots first.
    parameters : tuple of Variable
        Those of which a value can be set.
    dimensions, groups, tables, controls, links, thresholds, files
        What else the artifact tells of the model; each a tuple, empty when it tells nothing.
    """

    def __init__(self, artifact: bytes, *, sha256: str | None = None, source: Source | None = None) -> None:
        self._artifact = bytes(artifact)
        self._source = source
        if sha256 is not None and self.sha256 != str(sha256).lower():
            raise WrongArtifactError(f"the artifact has the SHA-256 {self.sha256}, not {sha256}")
        self._layout: Layout = _layout.read(self._artifact)
        _layout.check(self._layout)
        self._directory = Directory(self._layout)
        self._inputs = Inputs(self._layout, self._directory)
        self._lock = threading.Lock()
        self._idle: list[Runner] = []
        self._columns: dict[tuple[str, ...], Columns] = {}
        self._rebuilt: dict[tuple[str, ...], Model] = {}
        self._lives_once = any([threshold.repeat == "once_ever" for threshold in self._layout.thresholds])

    @cached_property
    def _module(self) -> Module:
        return Module(self._artifact, self._layout)

    def _start(self) -> None:
        """Compiles the artifact and makes an instance, so that what is wrong with it shows at once."""
        self._give(Runner(self))

    # What the artifact tells.

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._layout.name

    @property
    def producer(self) -> str:
        """The compiler that made the artifact, and its version."""
        return self._layout.producer

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the artifact, in hexadecimal."""
        return hashlib.sha256(self._artifact).hexdigest()

    @property
    def source_sha256(self) -> str:
        """SHA-256 of the model's source, in hexadecimal."""
        return self._layout.source_sha256

    @property
    def artifact(self) -> bytes:
        """The artifact itself."""
        return self._artifact

    @property
    def time(self) -> Time:
        """The time axis."""
        time = self._layout.time
        assert time is not None, "a layout without time is refused"
        return time

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """All variables of a row in order, the four time slots first."""
        return tuple(self._layout.variables)

    @cached_property
    def parameters(self) -> tuple[Variable, ...]:
        """The variables of which a value can be set."""
        return tuple([variable for variable in self._layout.variables if variable.pieces])

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions of the model's arrays."""
        return tuple(self._layout.dimensions)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Variables that belong together, when the model says so."""
        return tuple(self._layout.groups)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Graphical functions whose points can be set."""
        return tuple(self._layout.tables)

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """Controls of the model's interface, in the order of its file."""
        return tuple(self._layout.controls)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Which variable reads which."""
        return tuple(self._layout.links)

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Thresholds that are watched, with their events."""
        return tuple(self._layout.thresholds)

    @cached_property
    def files(self) -> tuple[SourceFile, ...]:
        """The files from which the model was read, when there are several."""
        return tuple(self._layout.files)

    def variable(self, name: str) -> Variable:
        """The variable of a name; subscripts may stand behind it.

        Raises
        ------
        UnknownNameError
            When no variable has this name; ``suggestion`` is the nearest one.
        ShapeError
            When there are not as many subscripts as dimensions.
        """
        return self._directory.select(name).variable

    @cached_property
    def doc(self) -> pandas.DataFrame:
        """The variables as a DataFrame, in PySD's columns where the meaning is the same. Needs pandas."""
        import pandas

        rows = [
            {
                "Real Name": variable.name,
                "Type": variable.kind,
                "Units": variable.units,
                "Subscripts": [dimension.name for dimension in variable.dimensions] or None,
                "Limits": variable.range,
                "Default": variable.default,
                "Comment": variable.documentation,
            }
            for variable in self.variables
            if variable.kind != "time"
        ]
        return pandas.DataFrame(rows)

    # Runs.

    def run(
        self,
        params: Params | None = None,
        return_columns: str | Sequence[str] | None = None,
        return_timestamps: float | Sequence[float] | FloatArray | None = None,
        initial_condition: str | tuple[float, Mapping[str, Any]] = "original",
        final_time: float | None = None,
        time_step: float | None = None,
        saveper: float | None = None,
        output_file: str | os.PathLike[str] | None = None,
    ) -> Run:
        """Runs the model from the defaults, with other values for some constants.

        Names are compared as equations compare them: case, spaces and underscores do not count.

        Parameters
        ----------
        params : mapping of str to value, optional
            A number counts for all elements that the name means; an array takes numbers in row-major order,
            nested or not, or a mapping by element. A pandas Series indexed by time is a constant that changes
            on its way: between its points it is interpolated, before and behind them it is level. It needs
            Euler's method.
        return_columns : str or sequence of str, optional
            Variables and elements that the run keeps; all of them unless given.
        return_timestamps : float or sequence of float, optional
            Times to keep, each a step of the model; the saved rows unless given.
        initial_condition : "original" or (float, mapping), optional
            A time to start from, and values of stocks there. Needs a model that was loaded from its file, or,
            for the time of the start, an artifact compiled with ``--inputs initials``.
        final_time, time_step, saveper : float, optional
            When to end, the step, and the time between rows. A model that was loaded from its file is compiled
            anew with these; of an artifact `final_time` may be earlier than its stop time, and the others are
            what they are.
        output_file : path, optional
            Where to write the rows too, as CSV.

        Returns
        -------
        Run
            ``run.df`` is its DataFrame, ``run.series(name)`` an ndarray of the shape ``(rows,)``.

        Raises
        ------
        UnknownNameError
            No variable or element has a name; ``suggestion`` is the nearest. A KeyError and NameError.
        AmbiguousNameError
            A parameter is given twice under two spellings.
        NotSettableError
            A parameter is no constant; the message has the reason.
        ShapeError
            A value is no number, or not as many as there are elements.
        BadValueError
            A number is NaN or infinite.
        BadTimeError
            A time at which there is no step.
        TransportError
            A conveyor or queue could not go on: the error's ``run`` has the rows before.
        UnsupportedError
            An artifact alone cannot do that.

        Examples
        --------
        >>> model = simc.load(sir_wasm)
        >>> run = model.run({"Contact Rate": 6}, return_columns=["Infectious"])
        >>> f"{run.series('Infectious').max():.1f}"
        '1680.0'
        """
        if not (
            final_time is None and time_step is None and saveper is None and initial_condition in ("original", "o")
        ):
            return self._run_otherwise(
                params,
                return_columns,
                return_timestamps,
                initial_condition,
                final_time,
                time_step,
                saveper,
                output_file,
            )
        run = self._run(params, self._columns_of(return_columns), return_timestamps, math.inf)
        if output_file is not None:
            Path(output_file).write_text(run.csv(), encoding="utf-8", newline="")
        return run

    def _run(self, params: Params | None, columns: Columns | None, timestamps: Any, target: float) -> Run:
        if params is not None and any([is_series(value) for value in _values(params)]):
            return self._run_series(params, columns, timestamps, target)
        changes = self._inputs.changes(params)
        if timestamps is not None:
            rows = self._rows_or_steps(timestamps)
            if isinstance(rows, list):
                return self._run_steps(changes, columns, rows, target)
        with self._borrow() as runner:
            try:
                saved = runner.run(changes, target)
            except TransportError as error:
                failed = runner.instance.saved()
                error.run = self._copy(runner.instance.rows[:failed], columns, "failed", runner.log)
                raise
            state: State = "complete" if saved == runner.instance.n_rows else runner.state()
            taken = runner.instance.rows[:saved]
            if timestamps is not None:
                taken = taken[rows[rows < saved]]
            return self._copy(taken, columns, state, runner.log)

    def _copy(self, rows: FloatArray, columns: Columns | None, state: State, log: EventLog) -> Run:
        events = tuple(log.events)
        if columns is None:
            copy = rows.copy()
            return Run(self._all_columns, copy, copy, copy[:, 0], state, events)
        return Run(columns, rows[:, columns.slots], None, rows[:, 0].copy(), state, events)

    def _run_steps(self, changes: list[Change], columns: Columns | None, steps: list[int], target: float) -> Run:
        """Runs from step to step, and keeps what the model is at some of them."""
        kept = []
        with self._borrow() as runner:
            # The last one is where nothing is left to do after it.
            log = runner.log
            for count, step in enumerate(sorted(set(steps))):
                before = self.time.start + (step - 1) * self.time.dt
                if count == 0:
                    runner.run(changes, before)
                else:
                    log.advance(runner.instance, before)
                if runner.instance.error()[0] != 0:
                    raise_failure(self._layout, runner.instance.error(), None)
                if step == 0:
                    runner.instance.run_initials()
                kept.append(runner.instance.live.copy())
            state = runner.state()
            by_step = dict(zip(sorted(set(steps)), kept))
            return self._copy(np.array([by_step[step] for step in steps]), columns, state, log)

    def _run_series(self, params: Params, columns: Columns | None, timestamps: Any, target: float) -> Run:
        """Runs with constants that change from step to step."""
        time = self.time
        if time.method != "euler":
            message = f"a time series as a parameter needs Euler's method, and the model runs by {time.method}"
            raise UnsupportedError(message)
        pairs = list(params.items() if isinstance(params, Mapping) else params)
        steady = [(name, value) for name, value in pairs if not is_series(value)]
        moving = []
        for name, value in pairs:
            if is_series(value):
                selection, _ = self._inputs.target(name)
                if selection.dimensions:
                    message = f"`{name}` is an array: name one element for each time series"
                    raise ShapeError(message, variable=selection.variable.name)
                moving.append((selection, *_points(value, selection)))
        # A name that is given twice is found with numbers in the place of the series.
        self._inputs.changes([*steady, *[(name, 0.0) for name, value in pairs if is_series(value)]])
        rows = None if timestamps is None else self._rows_or_steps(timestamps)
        if isinstance(rows, list):
            raise BadTimeError("with a time series as a parameter only saved rows can be kept")
        last = (
            min(time.steps, math.floor((target - time.start) / time.dt + TOLERANCE))
            if target < math.inf
            else time.steps
        )
        with self.sim(steady) as sim:
            for step in range(last + 1):
                now = time.start + step * time.dt
                for selection, x, y in moving:
                    sim._set_slot(selection.first, float(np.interp(now, x, y)))
                sim.run_to(now)
                if sim.complete:
                    break
            log = EventLog(self._layout)
            log.events = list(sim.events)
            taken = sim.rows if rows is None else sim.rows[rows[rows < sim.saved]]
            return self._copy(taken, columns, sim.state, log)

    def _run_otherwise(
        self,
        params: Params | None,
        return_columns: str | Sequence[str] | None,
        return_timestamps: Any,
        initial_condition: Any,
        final_time: float | None,
        time_step: float | None,
        saveper: float | None,
        output_file: str | os.PathLike[str] | None,
    ) -> Run:
        """A run on another time axis, or from another start."""
        time, options, target = self.time, [], math.inf
        initial: Mapping[str, Any] = {}
        if not (isinstance(initial_condition, str) and initial_condition in ("original", "o")):
            start, initial = _initial(initial_condition)
            if abs(start - time.start) > TOLERANCE * time.dt:
                options.append(f"--start={start!r}")
        if time_step is not None and number_of_time(time_step) != time.dt:
            options.append(f"--dt={float(time_step)!r}")
        if saveper is not None and (options or number_of_time(saveper) != time.save_every * time.dt):
            options.append(f"--save-every={float(saveper)!r}")
        if final_time is not None:
            target = number_of_time(final_time)
            if self._source is not None and target != time.stop:
                options.append(f"--stop={target!r}")
                target = math.inf
            elif target > time.stop + TOLERANCE * time.dt:
                raise self._needs_source(f"the artifact ends at {time.stop:g}", f"--stop {target:g}")
        needs_inputs = [name for name in initial if not self._directory.select(name).variable.pieces]
        if needs_inputs:
            options.append("--inputs=initials")
        model = self
        if options:
            if self._source is None:
                what = (
                    "initial values of stocks cannot be set"
                    if needs_inputs
                    else "the time axis of an artifact is fixed"
                )
                raise self._needs_source(f"in an artifact {what}", " ".join(options))
            model = self._with_options(tuple(options))
        pairs = [*(params.items() if isinstance(params, Mapping) else params or []), *initial.items()]
        run = model._run(pairs, model._columns_of(return_columns), return_timestamps, target)
        if output_file is not None:
            Path(output_file).write_text(run.csv(), encoding="utf-8", newline="")
        return run

    def _needs_source(self, why: str, options: str) -> UnsupportedError:
        return UnsupportedError(f"{why}: load the model's file, or compile with `simc build {options}`")

    def _with_options(self, options: tuple[str, ...]) -> Model:
        """The same model, compiled with further options; the last few are remembered."""
        model = self._rebuilt.get(options)
        if model is None:
            assert self._source is not None, "who asks has looked"
            source = self._source.with_options(options)
            model = Model(source.compile(), source=source)
            if len(self._rebuilt) >= _SENT:
                self._rebuilt.clear()
            self._rebuilt[options] = model
        return model

    def sim(self, params: Params | None = None) -> Sim:
        """A new instance, which a program drives step by step; best used in a ``with`` statement.

        Parameters
        ----------
        params : mapping of str to value, optional
            What is set from the beginning, as :meth:`run` takes it.
        """
        # What is wrong with the parameters shows before anything is made.
        self._inputs.changes(params)
        return Sim(self, Instance(self._module), params)

    def batch(
        self,
        samples: Any,
        params: Sequence[str] | None = None,
        outputs: str | Sequence[str] | None = None,
        at: float | Sequence[float] | FloatArray | None = None,
        executor: Executor | None = None,
    ) -> Batch:
        """Many runs, each from the defaults, with the same bits that single runs give.

        Parameters
        ----------
        samples : array_like of shape (runs, params), DataFrame, or list of mappings
            What each run changes. Without `params`, the titles of a DataFrame's columns are the names, and
            mappings are as :meth:`run` takes them.
        params : sequence of str, optional
            Names for the columns of the samples. An array takes the value for all of its elements.
        outputs : str or sequence of str, optional
            What to keep; of arrays all elements. The stocks unless given, or without stocks all that changes.
        at : float or sequence of float, optional
            Times of saved rows to keep; infinity is the last row. All rows unless given.
        executor : optional
            Whoever runs parts of the batch: an executor of ``concurrent.futures``, a Dask client, anything with
            a method ``submit``. Without one, the batch runs here, one run after the other.

        Returns
        -------
        Batch
            ``values`` has the shape ``(runs, outputs, times)``. Runs in which a conveyor or queue could not
            go on are listed in ``errors``, and NaN from there on.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, NotSettableError, ShapeError, BadValueError, BadTimeError
            Before the first run.

        Examples
        --------
        >>> model = simc.load(sir_wasm)
        >>> batch = model.batch([[6], [8]], ["Contact Rate"], ["Infectious"], at=60)
        >>> batch.values.shape
        (2, 1, 1)
        """
        checked = check_samples(self, samples, params)
        columns = self._columns_of(outputs if outputs is not None else self._usual_outputs)
        assert columns is not None, "outputs are never none"
        rows = rows_at(self, at)
        runs = run_all if executor is None else run_elsewhere
        more = () if executor is None else (executor,)
        values, errors = runs(self, checked, columns.slots, rows, *more)
        return Batch(values, columns.titles, self.time.times[rows], errors)

    @cached_property
    def _usual_outputs(self) -> tuple[str, ...]:
        def named(*kinds: str) -> tuple[str, ...]:
            return tuple([variable.name for variable in self.variables if variable.kind in kinds])

        return named("stock") or named("flow", "auxiliary", "module-input")

    # Analysis.

    def problem(
        self, params: Sequence[str] | None = None, bounds: Mapping[str, Sequence[float]] | None = None
    ) -> Problem:
        """Parameters with their bounds, as SALib's ``ProblemSpec`` takes them.

        Parameters
        ----------
        params : sequence of str, optional
            Which constants to vary; of arrays every element. All of them unless given.
        bounds : mapping of str to (low, high), optional
            Bounds of some; for others the range that the model gives them, or from 0 to twice the default.

        Examples
        --------
        >>> simc.load(sir_wasm).problem(["Contact Rate", "Duration"])["bounds"]
        [[0.0, 30.0], [1.0, 30.0]]
        """
        names = [variable.name for variable in self.parameters] if params is None else list(params)
        found = [pair for name in names for pair in bounds_of(self, name, bounds or {})]
        return Problem(self, [name for name, _ in found], [pair for _, pair in found])

    def evaluator(
        self,
        outputs: str | Sequence[str],
        reduce: Callable[[FloatArray], float] | None = None,
        params: Sequence[str] | None = None,
        *,
        executor: Executor | None = None,
    ) -> Evaluator:
        """A function of samples, as ``ProblemSpec.evaluate`` takes it.

        Parameters
        ----------
        outputs : str or sequence of str
            What is looked at.
        reduce : callable, optional
            Makes a number of a series of the shape ``(rows,)``, as ``max`` does. The last value unless given.
        params : sequence of str, optional
            Names for the columns of the samples; all parameters in order unless given.
        executor : optional
            As for :meth:`batch`.

        Returns
        -------
        Evaluator
            A function from ``(n, params)`` to ``(n,)``, or with several outputs to ``(n, outputs)``.
        """
        columns = self._columns_of(outputs)
        assert columns is not None, "outputs are never none"
        names = [it for variable in self.parameters for it in variable.titles] if params is None else params
        self._inputs.of_columns(names)
        return Evaluator(self, names, outputs, reduce, executor)

    def function(self, outputs: Sequence[str] | None = None) -> Function:
        """The model as a function of keyword arguments: ``f(Contact_Rate=6)`` gives arrays by title."""
        self._columns_of(outputs)
        return Function(self, outputs)

    # Parts of the above.

    @contextmanager
    def _borrow(self) -> Iterator[Runner]:
        """An instance for runs; one in which something went badly wrong is not used again."""
        try:
            runner = self._idle.pop()
        except IndexError:
            runner = Runner(self)
        try:
            yield runner
        except TransportError:
            self._give(runner)
            raise
        self._give(runner)

    def _give(self, runner: Runner) -> None:
        if len(self._idle) < _IDLE:
            self._idle.append(runner)

    @cached_property
    def _all_columns(self) -> Columns:
        directory = self._directory
        return Columns(directory, [directory.whole(it) for it in self.variables if it.kind != "time"])

    def _columns_of(self, names: str | Sequence[str] | None) -> Columns | None:
        """Named columns, or none for all of them."""
        if names is None:
            return None
        chosen = (names,) if isinstance(names, str) else tuple(names)
        columns = self._columns.get(chosen)
        if columns is None:
            columns = Columns(self._directory, [self._directory.select(name) for name in chosen])
            if len(self._columns) >= _REMEMBERED:
                self._columns.clear()
            self._columns[chosen] = columns
        return columns

    def _rows_or_steps(self, timestamps: Any) -> Any:
        """Saved rows at some times as an array, or, when one is a step that is not saved, steps as a list."""
        try:
            return rows_at(self, timestamps)
        except BadTimeError:
            time = self.time
            times = np.atleast_1d(np.asarray(timestamps, np.float64))
            with np.errstate(invalid="ignore"):
                steps = np.round((times - time.start) / time.dt)
                last = (time.rows - 1) * time.save_every
                is_step = (steps >= 0) & (steps <= last)
                is_step &= np.abs(time.start + steps * time.dt - times) <= TOLERANCE * time.dt
            if not is_step.all():
                wrong = float(times[~is_step][0])
                message = f"there is no step at time {wrong:g}: steps go from {time.start:g} by {time.dt:g}"
                raise BadTimeError(message) from None
            return [int(step) for step in steps]

    def __repr__(self) -> str:
        time, n = self.time, len(self.variables) - _layout.RESERVED_SLOTS
        unit = f" {time.units}" if time.units else ""
        return f"<simc.Model {self.name!r}: {n} variables, {time.start:g} to {time.stop:g}{unit} by {time.dt:g}>"

    def __reduce__(self) -> Any:
        return (_sent, (self._artifact, self._source))


_MODELS: OrderedDict[bytes, Model] = OrderedDict()


def _sent(artifact: bytes, source: Source | None) -> Model:
    """The model of an artifact that another process has sent; each process compiles it once."""
    digest = hashlib.sha256(artifact).digest()
    model = _MODELS.get(digest)
    if model is None or model._source != source:
        model = Model(artifact, source=source)
        _MODELS[digest] = model
        while len(_MODELS) > _SENT:
            _MODELS.popitem(last=False)
    return model


def load(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview,
    *,
    sha256: str | None = None,
    outputs: Sequence[str] | None = None,
    data: Sequence[str | os.PathLike[str]] | None = None,
    options: Sequence[str] = (),
    compiler: str | None = None,
    cache: bool = True,
) -> Model:
    """Loads a model.

    Parameters
    ----------
    source : path or bytes
        An artifact that ``simc build`` has made, or its bytes; or a model file (XMILE, Stella, Vensim's .mdl),
        which the ``simc`` program then compiles. What was compiled is remembered by content.
    sha256 : str, optional
        The artifact must have this SHA-256.
    outputs : sequence of str, optional
        For a model file: variables to keep; whatever they do not need is dropped.
    data : sequence of path, optional
        For a model file: tables to take values from.
    options : sequence of str, optional
        For a model file: further options of ``simc build``, such as ``["--simd"]``.
    compiler : str, optional
        The ``simc`` program; else the environment variable ``SIMC`` says where it is, or the path.
    cache : bool
        Whether to remember what was compiled.

    Returns
    -------
    Model

    Raises
    ------
    BadArtifactError
        The artifact is truncated, forged, or none; ``byte`` says where that shows.
    WrongArtifactError
        It is not the one of `sha256`.
    ModelError
        The compiler refuses the model; the message is what it says.
    UnsupportedError
        There is no compiler, or the artifact has a format that this package does not know.
    OSError
        The file cannot be read.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        model = Model(bytes(source), sha256=sha256)
    else:
        path = os.fspath(source)
        with open(path, "rb") as file:
            content = file.read(4)
            if content == b"\0asm" or _is_artifact(path):
                content += file.read()
        if content[:4] == b"\0asm" or _is_artifact(path):
            model = Model(content, sha256=sha256)
        else:
            extra = [] if outputs is None else ["--outputs", ",".join([_quoted(name) for name in outputs])]
            extra += [it for file in data or () for it in ("--data", os.fspath(file))]
            origin = Source(os.path.abspath(path), (*options, *extra), compiler, cache)
            model = Model(origin.compile(), sha256=sha256, source=origin)
    model._start()
    return model


def read_xmile(xmile_file: str | os.PathLike[str], data_files: Sequence[str] | None = None) -> Model:
    """PySD's name for :func:`load` of an XMILE file."""
    return load(xmile_file, data=data_files)


def read_vensim(mdl_file: str | os.PathLike[str], data_files: Sequence[str] | None = None) -> Model:
    """PySD's name for :func:`load` of a Vensim file."""
    return load(mdl_file, data=data_files)


def _is_artifact(path: str | bytes) -> bool:
    return os.fsdecode(path).lower().endswith(".wasm")


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name and not name.startswith('"') else name


def _values(params: Any) -> Any:
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
    from ._errors import BadValueError

    try:
        x: FloatArray = np.asarray(series.index, np.float64)
        y: FloatArray = np.asarray(series.to_numpy(), np.float64)
    except (TypeError, ValueError):
        message = f"the time series for `{selection.label}` needs numbers, indexed by times"
        raise ShapeError(message, variable=selection.variable.name) from None
    if len(x) == 0 or not (np.isfinite(x).all() and np.isfinite(y).all()) or bool(np.any(np.diff(x) <= 0)):
        message = f"the time series for `{selection.label}` needs finite numbers at times that ascend"
        raise BadValueError(message, variable=selection.variable.name)
    return x, y
