"""A compiled model: an artifact and what it says about itself."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._analysis import Evaluator, Function, Problem, bounds_of
from ._batch import Batch
from ._build import Source
from ._core import Core
from ._engine import Instance
from ._ensemble import Ensemble
from ._errors import WrongArtifactError
from ._failure import TransportError
from ._inputs import is_series
from ._layout import RESERVED_SLOTS
from ._metadata import Control, Dimension, Group, Link, SourceFile, Table, Threshold, Time, Variable
from ._rows import rows_at, rows_or_steps
from ._run import Columns, Run, State
from ._runner import Runners
from ._samples import check_samples
from ._sim import Sim
from ._special import otherwise, run_series, run_steps, values_of
from ._store import Store
from ._types import FloatArray, Params, Workers

if TYPE_CHECKING:
    import pandas

#: Models with other options that a model remembers.
_REBUILT = 8


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

    def __init__(self, artifact: bytes | Runners, *, sha256: str | None = None, source: Source | None = None) -> None:
        self._artifact = artifact.core.artifact if isinstance(artifact, Runners) else bytes(artifact)
        self._source = source
        if sha256 is not None and self.sha256 != str(sha256).lower():
            raise WrongArtifactError(f"the artifact has the SHA-256 {self.sha256}, not {sha256}")
        self._runners = artifact if isinstance(artifact, Runners) else Runners(Core(self._artifact))
        self._core = self._runners.core
        self._layout = self._core.layout
        self._rebuilt: dict[tuple[str, ...], Model] = {}

    def _start(self) -> None:
        """Compiles the artifact and makes an instance, so that what is wrong with it shows at once."""
        self._runners.start()

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
        return self._core.time

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
        return self._core.directory.select(name).variable

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
        '1724.2'
        """
        if not (
            final_time is None and time_step is None and saveper is None and initial_condition in ("original", "o")
        ):
            has_source = self._source is not None
            how = otherwise(self._core, has_source, params, initial_condition, final_time, time_step, saveper)
            model = self._with_options(how.options) if how.options else self
            run = model._run(how.pairs, model._columns_of(return_columns), return_timestamps, how.target)
        else:
            run = self._run(params, self._columns_of(return_columns), return_timestamps, math.inf)
        if output_file is not None:
            Path(output_file).write_text(run.csv(), encoding="utf-8", newline="")
        return run

    def _run(self, params: Params | None, columns: Columns | None, timestamps: Any, target: float) -> Run:
        core = self._core
        if params is not None and any(is_series(value) for value in values_of(params)):
            return run_series(core, params, columns, timestamps, target)
        changes = core.inputs.changes(params)
        if timestamps is not None:
            rows = rows_or_steps(core.time, timestamps)
            if isinstance(rows, list):
                return run_steps(self._runners, changes, columns, rows)
        with self._runners.borrow() as runner:
            try:
                saved = runner.run(changes, target)
            except TransportError as error:
                failed = runner.instance.saved()
                error.run = core.copy(runner.instance.rows[:failed], columns, "failed", runner.log.events)
                raise
            state: State = "complete" if saved == runner.instance.n_rows else runner.state()
            taken = runner.instance.rows[:saved]
            if timestamps is not None:
                taken = taken[rows[rows < saved]]
            return core.copy(taken, columns, state, runner.log.events)

    def _with_options(self, options: tuple[str, ...]) -> Model:
        """The same model, compiled with further options; the last few are remembered."""
        model = self._rebuilt.get(options)
        if model is None:
            assert self._source is not None, "who asks has looked"
            source = self._source.with_options(options)
            model = Model(source.compile(), source=source)
            if len(self._rebuilt) >= _REBUILT:
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
        self._core.inputs.changes(params)
        return Sim(self._core, Instance(self._core.module), params)

    def batch(
        self,
        samples: Any,
        params: Sequence[str] | None = None,
        outputs: str | Sequence[str] | None = None,
        at: float | Sequence[float] | FloatArray | None = None,
        executor: Workers | None = None,
        *,
        folder: str | os.PathLike[str] | None = None,
        progress: bool | Callable[[int, int], Any] = False,
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
            What to keep; of arrays all elements. The stocks unless given, or without stocks all that changes. The
            time is in ``times`` and none of them.
        at : float or sequence of float, optional
            Times of saved rows to keep; infinity is the last row. All rows unless given.
        executor : int or executor, optional
            Who makes the runs: a number of processes, an executor of ``concurrent.futures``, a Dask client, the
            module ``ray``, or something else with a method ``submit``. Without one they are made here, one after
            the other. What a worker had that died is made again.
        folder : path, optional
            Where to keep runs as they are made. The same call with the same folder goes on after it was cut.
        progress : bool or callable, optional
            True shows how far it is, by tqdm where that is installed. A function gets ``(done, total)``.

        Returns
        -------
        Batch
            ``values`` has the shape ``(runs, outputs, times)``. Runs in which a conveyor or queue could not
            go on are listed in ``errors``, and NaN from there on.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, NotSettableError, ShapeError, BadValueError, BadTimeError
            Before the first run.
        BatchError
            The folder is another batch's or full, or workers died again and again. Its ``batch`` has what was done.
        BatchInterrupted
            Somebody pressed Ctrl-C; a KeyboardInterrupt. Its ``batch`` has what was done.

        Examples
        --------
        >>> model = simc.load(sir_wasm)
        >>> batch = model.batch([[6], [8]], ["Contact Rate"], ["Infectious"], at=60)
        >>> batch.values.shape
        (2, 1, 1)
        """
        checked = check_samples(self._core.inputs, samples, params)
        columns = self._columns_of(outputs if outputs is not None else self._usual_outputs)
        assert columns is not None, "outputs are never none"
        columns = columns.without_time()
        rows = rows_at(self._core.time, at)
        store = None
        if folder is not None:
            identity = {
                "artifact": self.sha256,
                "samples": checked.digest(),
                "outputs": list(columns.titles),
                "times": self.time.times[rows].tolist(),
            }
            store = Store(folder, identity, (len(checked), len(columns.slots), len(rows)))
        return Ensemble(self._runners, checked, columns, rows, store).run(executor, progress)

    @cached_property
    def _usual_outputs(self) -> tuple[str, ...]:
        def named(*kinds: str) -> tuple[str, ...]:
            return tuple([variable.name for variable in self.variables if variable.kind in kinds])

        return named("stock") or named("flow", "auxiliary", "module-input")

    @property
    def _varied(self) -> list[Variable]:
        """The parameters that can be set under their name, which the run's own numbers may have too."""
        return [variable for variable in self.parameters if not self._core.directory.is_of_run(variable)]

    def problem(
        self, params: Sequence[str] | None = None, bounds: Mapping[str, Sequence[float]] | None = None
    ) -> Problem:
        """Parameters with their bounds, as SALib's ``ProblemSpec`` takes them.

        Parameters
        ----------
        params : sequence of str, optional
            Which constants to vary; of arrays every element. All of them unless given.
        bounds : mapping of str to (low, high), optional
            Bounds of some; for others the range that the model gives them, or from 0 to twice the default. Those of an
            element go before those of its array.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, NotSettableError, ShapeError, BadValueError
            For a name that no parameter has or that is given twice, for bounds of what is not among the params, and for bounds
            that are none.

        Examples
        --------
        >>> simc.load(sir_wasm).problem(["Contact Rate", "Duration"])["bounds"]
        [[0.0, 30.0], [1.0, 30.0]]
        """
        names = [variable.name for variable in self._varied] if params is None else list(params)
        self._core.inputs.of_columns(names)
        found = bounds_of(self._core.inputs, names, bounds or {})
        return Problem(self, [name for name, _ in found], [pair for _, pair in found])

    def evaluator(
        self,
        outputs: str | Sequence[str],
        reduce: Callable[[FloatArray], float] | None = None,
        params: Sequence[str] | None = None,
        *,
        executor: Workers | None = None,
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
        names = [it for variable in self._varied for it in variable.titles] if params is None else params
        self._core.inputs.of_columns(names)
        return Evaluator(self, names, outputs, reduce, executor)

    def function(self, outputs: Sequence[str] | None = None) -> Function:
        """The model as a function of keyword arguments: ``f(Contact_Rate=6)`` gives arrays by title."""
        self._columns_of(outputs)
        return Function(self, outputs)

    def _columns_of(self, names: str | Sequence[str] | None) -> Columns | None:
        """Named columns, or none for all of them."""
        return None if names is None else self._core.columns(names)

    def __repr__(self) -> str:
        time, n = self.time, len(self.variables) - RESERVED_SLOTS
        unit = f" {time.units}" if time.units else ""
        return f"<simc.Model {self.name!r}: {n} variables, {time.start:g} to {time.stop:g}{unit} by {time.dt:g}>"

    def __reduce__(self) -> Any:
        return (_received, (self._runners, self._source))


def _received(runners: Runners, source: Source | None) -> Model:
    """The model that another process has sent; each process compiles its artifact once."""
    return Model(runners, source=source)
