"""Who makes the runs of a batch: this process, an executor of ``concurrent.futures``, a Dask client, Ray.

Each is an adapter of a few lines to an engine that its users have already. None of them schedules anything:
that is the engine's work.
"""

from __future__ import annotations

import concurrent.futures
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from functools import partial
from typing import Any, Protocol

import numpy as np

from ._interrupts import no_interrupts
from ._spool import Spool, make

#: A call on its way, as its engine has it.
Handle = Any


class WorkerDied(Exception):
    """The worker that had a part of the batch is no more."""


class Crew(Protocol):
    """Whoever makes runs."""

    @property
    def workers(self) -> int:
        """How many parts are worked on at once."""

    def share(self, thing: Any) -> Any:
        """What to hand to :meth:`submit` in the place of something large that all calls take."""

    def submit(self, function: Callable[..., Any], *args: Any) -> Handle:
        """Starts a call."""

    def wait(self, handles: Sequence[Handle]) -> list[Handle]:
        """Waits until at least one is done, and gives those that are."""

    def result(self, handle: Handle) -> Any:
        """What the call has given, or raised; :class:`WorkerDied` when nobody works on it any more."""

    def stop(self, handles: Sequence[Handle]) -> None:
        """Nobody waits for these any more."""

    def close(self) -> None:
        """Gives back what was made for the batch."""


class Here:
    """Our own process: a call is made when somebody waits for it."""

    workers = 1

    def share(self, thing: Any) -> Any:
        return thing

    def submit(self, function: Callable[..., Any], *args: Any) -> Handle:
        return partial(function, *args)

    def wait(self, handles: Sequence[Handle]) -> list[Handle]:
        return [handles[0]]

    def result(self, handle: Handle) -> Any:
        return handle()

    def stop(self, handles: Sequence[Handle]) -> None:
        pass

    def close(self) -> None:
        pass


class Executor:
    """An executor of ``concurrent.futures``, or whatever has a method ``submit`` that gives futures.

    A pool of processes of which one has died takes no more calls. Another one of its size takes its place then. What
    such a pool works on goes through files: it would wait for ever for the rest of a message whose sender has died.
    """

    def __init__(self, executor: Any, workers: int | None = None) -> None:
        self._executor = executor
        self._own: ProcessPoolExecutor | None = None
        self.workers: int = workers or getattr(executor, "_max_workers", None) or os.cpu_count() or 1
        self._context = getattr(executor, "_mp_context", None)
        self._spool: Spool | None = None
        #: Where the files of calls are that go through files.
        self._paths: dict[Handle, str] = {}

    @classmethod
    def of_processes(cls, workers: int) -> Executor:
        """A pool of processes for one batch."""
        crew = cls(None, workers)
        crew._renew()
        return crew

    def _renew(self) -> None:
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)
        self._own = ProcessPoolExecutor(self.workers, self._context, initializer=_leave_interrupts_to_the_parent)
        self._executor = self._own

    def share(self, thing: Any) -> Any:
        return thing

    def submit(self, function: Callable[..., Any], *args: Any) -> Handle:
        try:
            return self._start(function, args)
        except BrokenExecutor:
            self._renew()
            return self._start(function, args)

    def _start(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Handle:
        if not isinstance(self._executor, ProcessPoolExecutor):
            return self._executor.submit(function, *args)
        if self._spool is None:
            self._spool = Spool()
        path = self._spool.put(function, args)
        try:
            handle = self._executor.submit(make, path)
        except BaseException:
            self._spool.drop(path)
            raise
        self._paths[handle] = path
        return handle

    def wait(self, handles: Sequence[Handle]) -> list[Handle]:
        if not all(isinstance(handle, concurrent.futures.Future) for handle in handles):
            return [handles[0]]
        done, _ = concurrent.futures.wait(handles, return_when=concurrent.futures.FIRST_COMPLETED)
        return list(done)

    def result(self, handle: Handle) -> Any:
        path = self._paths.pop(handle, None)
        try:
            given = handle.result()
        except BaseException as error:
            if path is not None and self._spool is not None:
                self._spool.drop(path)
            if isinstance(error, (BrokenExecutor, concurrent.futures.CancelledError)):
                raise WorkerDied(str(error) or type(error).__name__) from error
            raise
        return given if path is None or self._spool is None else self._spool.take(path, given)

    def stop(self, handles: Sequence[Handle]) -> None:
        for handle in {*handles, *self._paths}:
            if hasattr(handle, "cancel"):
                handle.cancel()
        if self._own is not None:
            # A pool whose end is cut in the middle would never end.
            with no_interrupts():
                self._own.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        try:
            if self._own is not None:
                self._own.shutdown(wait=True, cancel_futures=True)
                # After `stop` the pool does not wait by itself.
                concurrent.futures.wait(self._running())
        finally:
            with no_interrupts():
                self._remove_files()

    def _running(self) -> list[Handle]:
        """Calls that a process of a pool is making."""
        return [handle for handle in self._paths if not handle.done()]

    def _remove_files(self) -> None:
        """Removes the files of calls as soon as nobody writes into them any more."""
        spool, running = self._spool, self._running()
        if spool is None:
            return

        def remove(_: Handle) -> None:
            if all(handle.done() for handle in running):
                spool.remove()

        for handle in running:
            handle.add_done_callback(remove)
        if not running:
            spool.remove()


class Dask:
    """A client of Dask's distributed scheduler. The scheduler itself gives to others what a worker that died had."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def workers(self) -> int:
        return max(1, int(sum(self._client.nthreads().values())))

    def share(self, thing: Any) -> Any:
        # Scattered data is gone with the worker that had it; a part of each call is not.
        return thing

    def submit(self, function: Callable[..., Any], *args: Any) -> Handle:
        return self._client.submit(function, *args, pure=False)

    def wait(self, handles: Sequence[Handle]) -> list[Handle]:
        import distributed

        return list(distributed.wait(handles, return_when="FIRST_COMPLETED").done)

    def result(self, handle: Handle) -> Any:
        import distributed

        try:
            return handle.result()
        except (distributed.KilledWorker, concurrent.futures.CancelledError) as error:
            raise WorkerDied(str(error)) from error

    def stop(self, handles: Sequence[Handle]) -> None:
        self._client.cancel(list(handles))

    def close(self) -> None:
        pass


class Ray:
    """Ray, as its module. It starts a call again when the worker that had it died."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        if not ray.is_initialized():
            ray.init()
        self._remote: dict[Any, Any] = {}

    @property
    def workers(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def share(self, thing: Any) -> Any:
        return self._ray.put(thing)

    def submit(self, function: Callable[..., Any], *args: Any) -> Handle:
        remote = self._remote.get(function)
        if remote is None:
            remote = self._remote[function] = self._ray.remote(function)
        return remote.remote(*args)

    def wait(self, handles: Sequence[Handle]) -> list[Handle]:
        done, _ = self._ray.wait(list(handles), num_returns=1)
        return list(done)

    def result(self, handle: Handle) -> Any:
        try:
            return self._ray.get(handle)
        except (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError) as error:
            raise WorkerDied(str(error)) from error

    def stop(self, handles: Sequence[Handle]) -> None:
        for handle in handles:
            self._ray.cancel(handle)

    def close(self) -> None:
        pass


def crew_of(executor: Any) -> Crew:
    """Who is meant: None for this process, a number of processes, an executor, a Dask client, or the module ``ray``."""
    if executor is None:
        return Here()
    if isinstance(executor, (int, np.integer)) and not isinstance(executor, bool):
        if executor < 1:
            raise ValueError(f"a pool has one process at least, not {executor}")
        return Executor.of_processes(int(executor))
    if getattr(executor, "__name__", None) == "ray" and hasattr(executor, "remote"):
        return Ray(executor)
    if type(executor).__module__.partition(".")[0] == "distributed" and hasattr(executor, "nthreads"):
        return Dask(executor)
    if not hasattr(executor, "submit"):
        message = (
            "an executor is a number of processes, an executor of concurrent.futures, a Dask client, the module `ray`, "
            f"or something else with a method `submit`: {executor!r} is none of them"
        )
        raise TypeError(message)
    return Executor(executor)


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches all processes of a terminal; the one that waits says when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
