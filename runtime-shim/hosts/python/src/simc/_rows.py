"""Rows and steps at the times that somebody asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import BadTimeError
from ._metadata import Time
from ._types import FloatArray

#: Part of a step by which a time may miss a row.
TOLERANCE = 1e-6


def rows_at(time: Time, at: Any) -> npt.NDArray[np.intp]:
    """The saved rows at some times; all of them for None."""
    if at is None:
        return np.arange(time.rows)
    try:
        times: FloatArray = np.atleast_1d(np.asarray(at, np.float64))
    except (TypeError, ValueError):
        raise BadTimeError(f"times are numbers, not {at!r}") from None
    if times.ndim > 1:
        raise BadTimeError(f"times are one list of numbers, not numbers of the shape {times.shape}")
    every = time.save_every * time.dt
    with np.errstate(invalid="ignore"):
        nearest = np.round((times - time.start) / every)
        is_row = (nearest >= 0) & (nearest < time.rows)
        is_row &= np.abs(time.start + nearest * every - times) <= TOLERANCE * time.dt
    is_end = np.isposinf(times)
    if not (is_row | is_end).all():
        first = float(times[~(is_row | is_end)][0])
        message = (
            f"there is no saved row at time {first:g}: rows go from {time.start:g} by {every:g} to {time.times[-1]:g}"
        )
        raise BadTimeError(message)
    return np.where(is_end, time.rows - 1, nearest).astype(np.intp)


def rows_or_steps(time: Time, timestamps: Any) -> Any:
    """Saved rows at some times as an array, or, when one is a step that is not saved, steps as a list."""
    try:
        return rows_at(time, timestamps)
    except BadTimeError as error:
        try:
            times = np.atleast_1d(np.asarray(timestamps, np.float64))
        except (TypeError, ValueError):
            raise error from None
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
