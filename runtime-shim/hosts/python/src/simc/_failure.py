"""What goes wrong on the way of a run or a batch: errors that have results."""

from __future__ import annotations

from typing import Any

from ._batch import Batch
from ._errors import SimcError
from ._run import Run


class TransportError(SimcError, RuntimeError):
    """A conveyor or queue could not go on; ``variable`` is its name.

    Attributes
    ----------
    run : Run or None
        The rows that were saved before; None in a batch, whose rows are in its values.
    """

    code = "transport"

    def __init__(self, message: str, *, variable: str | None = None, run: Run | None = None) -> None:
        super().__init__(message, variable=variable)
        self.run = run


class BatchError(SimcError, RuntimeError):
    """A batch could not be finished: its folder is another batch's or full, or workers died again and again.

    Attributes
    ----------
    batch : Batch or None
        The runs that were done; ``batch.unfinished`` has the numbers of the others.
    """

    code = "batch"

    def __init__(self, message: str, *, batch: Batch | None = None) -> None:
        super().__init__(message)
        self.batch = batch


class BatchInterrupted(KeyboardInterrupt):
    """Somebody pressed Ctrl-C during a batch.

    Attributes
    ----------
    batch : Batch
        The runs that were done; ``batch.unfinished`` has the numbers of the others.
    """

    def __init__(self, message: str, batch: Any) -> None:
        super().__init__(message)
        self.batch: Batch = batch
