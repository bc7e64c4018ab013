"""How far a batch is, shown to a person."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Protocol


class Progress(Protocol):
    """Is told how far a batch is."""

    def __call__(self, done: int, total: int) -> None:
        """So many runs are done."""

    def close(self) -> None:
        """Nothing more will be told."""


class Silent:
    """Shows nothing."""

    def __call__(self, done: int, total: int) -> None:
        pass

    def close(self) -> None:
        pass


class Bar:
    """The bar of tqdm, in a terminal or a notebook."""

    def __init__(self, tqdm: Any, total: int) -> None:
        self._bar = tqdm(total=total, unit=" runs")

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        self._bar.close()


class Line:
    """A line of text that counts, where there is no tqdm."""

    def __init__(self) -> None:
        self._shown = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done == total or now - self._shown > 0.2:
            self._shown = now
            sys.stderr.write(f"\r{done} of {total} runs ")
            sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\n")


class Told:
    """Somebody's function."""

    def __init__(self, function: Callable[[int, int], Any]) -> None:
        self._function = function

    def __call__(self, done: int, total: int) -> None:
        self._function(done, total)

    def close(self) -> None:
        pass


def progress_of(wanted: bool | Callable[[int, int], Any], total: int) -> Progress:
    """Who is told: nobody, tqdm or a line of text for True, or a function of ``(done, total)``."""
    if callable(wanted):
        return Told(wanted)
    if not wanted:
        return Silent()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Line()
    return Bar(tqdm, total)
