"""Runs compiled system-dynamics models.

>>> import simc
>>> model = simc.load(sir_wasm)
>>> run = model.run({"Contact Rate": 6}, return_columns=["Infectious"])
>>> run.rows
121

:func:`load` gives a :class:`Model`, which never changes. :meth:`Model.run` gives a :class:`Run`: the saved rows.
:meth:`Model.sim` gives a :class:`Sim`, one instance that a program drives step by step. :meth:`Model.batch` makes
many runs. What goes wrong is a :class:`SimcError` with a ``code``.
"""

from pathlib import Path

from ._analysis import Evaluator, Function, Objective, Problem
from ._batch import Batch
from ._errors import (
    AmbiguousNameError,
    BadArtifactError,
    BadTimeError,
    BadValueError,
    BusyError,
    ClosedError,
    ModelError,
    ModelWarning,
    NotSettableError,
    ShapeError,
    SimcError,
    UnknownNameError,
    UnsupportedError,
    WrongArtifactError,
)
from ._failure import BatchError, BatchInterrupted, TransportError
from ._load import load, read_vensim, read_xmile
from ._metadata import (
    Control,
    Dimension,
    Event,
    Group,
    Link,
    SourceFile,
    Table,
    Threshold,
    Time,
    Transport,
    Variable,
)
from ._model import Model
from ._run import Run
from ._sim import Sim
from ._version import __version__, check_installation

check_installation(Path(__file__).parents[1])

__all__ = [
    "AmbiguousNameError",
    "BadArtifactError",
    "BadTimeError",
    "BadValueError",
    "Batch",
    "BatchError",
    "BatchInterrupted",
    "BusyError",
    "ClosedError",
    "Control",
    "Dimension",
    "Evaluator",
    "Event",
    "Function",
    "Group",
    "Link",
    "Model",
    "ModelError",
    "ModelWarning",
    "NotSettableError",
    "Objective",
    "Problem",
    "Run",
    "ShapeError",
    "Sim",
    "SimcError",
    "SourceFile",
    "Table",
    "Threshold",
    "Time",
    "Transport",
    "TransportError",
    "UnknownNameError",
    "UnsupportedError",
    "Variable",
    "WrongArtifactError",
    "__version__",
    "load",
    "read_vensim",
    "read_xmile",
]
