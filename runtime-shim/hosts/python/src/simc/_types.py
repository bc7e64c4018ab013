"""Types that signatures share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

#: An array of doubles.
FloatArray: TypeAlias = npt.NDArray[np.float64]

#: What a parameter may be set to: a number, numbers for each element, or a mapping by element.
Value: TypeAlias = "float | Sequence[Any] | npt.NDArray[Any] | Mapping[str, Any]"

#: Parameters by name.
Params: TypeAlias = "Mapping[str, Any] | Sequence[tuple[str, Any]]"


class Future(Protocol):
    """What :class:`Executor` hands out."""

    def result(self) -> Any:
        """Waits for the result."""


class Executor(Protocol):
    """Whatever runs functions elsewhere: an executor of ``concurrent.futures``, a Dask client, ..."""

    def submit(self, fn: Any, /, *args: Any) -> Any:
        """Starts a call, and gives a :class:`Future`."""


#: Who makes the runs of a batch: a number of processes, an executor, or the module ``ray``.
Workers: TypeAlias = "int | Executor | ModuleType"
