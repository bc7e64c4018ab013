"""Instances that make one run after the other."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._core import Core
from ._engine import Instance
from ._failure import TransportError
from ._inputs import Change, InputWriter
from ._run import State
from ._sim import EventLog, raise_failure

#: Instances that are kept for the next runs.
_IDLE = 4
#: Artifacts that a process keeps of those that other processes have sent.
_SENT = 8


class Runner:
    """An instance that makes one run after the other, each from the defaults."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._log = EventLog(core.layout)
        self._is_used = False
        self._renew()

    def _renew(self) -> None:
        self.instance = Instance(self._core.module)
        self._writer = InputWriter(self._core.inputs, self.instance)

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
        if self._is_used and self._core.lives_once:
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
                raise_failure(self._core.layout, error, None)
        return saved

    def state(self) -> State:
        """Where the last run has ended, unless it failed."""
        if self.instance.saved() == self.instance.n_rows:
            return "complete"
        return "stopped" if self.instance.run_state() == 2 else "running"


class Runners:
    """The instances of one artifact. Threads share it; another process gets the artifact and compiles it once."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._idle: list[Runner] = []

    @contextmanager
    def borrow(self) -> Iterator[Runner]:
        """An instance for runs; one in which something went badly wrong is not used again."""
        try:
            runner = self._idle.pop()
        except IndexError:
            runner = Runner(self.core)
        try:
            yield runner
        except TransportError:
            self._give(runner)
            raise
        self._give(runner)

    def start(self) -> None:
        """Compiles the artifact and makes an instance, so that what is wrong with it shows at once."""
        self._give(Runner(self.core))

    def _give(self, runner: Runner) -> None:
        if len(self._idle) < _IDLE:
            self._idle.append(runner)

    def __reduce__(self) -> Any:
        return (_sent, (self.core.artifact,))


_RUNNERS: OrderedDict[bytes, Runners] = OrderedDict()


def _sent(artifact: bytes) -> Runners:
    """The instances of an artifact that another process has sent."""
    digest = hashlib.sha256(artifact).digest()
    runners = _RUNNERS.get(digest)
    if runners is None:
        runners = Runners(Core(artifact))
        _RUNNERS[digest] = runners
        while len(_RUNNERS) > _SENT:
            _RUNNERS.popitem(last=False)
    return runners
