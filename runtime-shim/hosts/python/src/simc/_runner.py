"""An instance that makes one run after the other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ._engine import Instance
from ._inputs import Change, InputWriter
from ._run import State
from ._sim import EventLog, raise_failure

if TYPE_CHECKING:
    from ._model import Model


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
