"""Smooths, delays, pipelines, trends."""

from fractions import Fraction as F
from math import comb, floor

from table import constant, expected, grid


def share(order, trials, p):
    """P(at least `order` successes in `trials`)."""
    return 1 - sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(min(order, trials + 1)))


HALVES = grid(0, 10, F(1, 2))


def after_step(order, p):
    """A step from 0 to 10 at t = 2, after 4 steps of 1/2."""
    return [10 * share(order, max(n - 4, 0), p) for n in range(len(HALVES))]


def from_eight(order, p):
    """From 8 towards 20."""
    return [8 + 12 * share(order, n, p) for n in range(len(HALVES))]


@expected(rtol=1e-12)
def smooth():
    return HALVES, {
        "input": [0 if t < 2 else 10 for t in HALVES],
        "first": after_step(1, F(1, 8)),
        "third": after_step(3, F(1, 4)),
        "fifth": after_step(5, F(1, 4)),
        "of order one": after_step(1, F(1, 8)),
        "first from eight": from_eight(1, F(1, 8)),
        "third from eight": from_eight(3, F(1, 4)),
        "fifth from eight": from_eight(5, F(1, 4)),
        "settled": constant(HALVES, 5),
        "of an expression": after_step(1, F(1, 8)),
        "nested": after_step(2, F(1, 4)),
        "of a named order": after_step(5, F(1, 4)),
    }


@expected(rtol=1e-12)
def material_delay():
    leaving = after_step(1, F(1, 8))
    return HALVES, {
        "first": leaving,
        "third": after_step(3, F(1, 4)),
        "fifth": after_step(5, F(1, 4)),
        "of order one": leaving,
        "first from eight": from_eight(1, F(1, 8)),
        "third from eight": from_eight(3, F(1, 4)),
        "fifth from eight": from_eight(5, F(1, 4)),
        "settled": constant(HALVES, 5),
        # The level of the first-order delay: its outflow times 4.
        "under way": [4 * out for out in leaving],
        "leaving": leaving,
    }


@expected(rtol=1e-13)
def changing_delay():
    times = list(range(9))
    left = [F(7, 8) ** min(t, 4) * F(3, 4) ** max(t - 4, 0) for t in times]
    return times, {
        "delayed": [80 * part / (8 if t < 4 else 4) for t, part in zip(times, left)],
        "smoothed": [10 * part for part in left],
        "in the pipe": [-1, -1, -1, 0, 1, 2, 3, 4, 5],
    }


@expected()
def pipeline():
    times = list(range(9))
    behind = lambda length: [t - length if t >= length else -1 for t in times]
    return times, {
        "nought": behind(1),
        "half": behind(1),
        "one": behind(1),
        "one and a fifth": behind(1),
        "one and a half": behind(2),
        "two": behind(2),
        "two and a half": behind(3),
        "three point seven": behind(4),
        "negative time": behind(1),
        "longer than the run": constant(times, -1),
        "missing time": behind(1),
        "no initial": [7, 7, 7, 7, 8, 9, 10, 11, 12],
        "delayed twice": [-2, -1, -1, 0, 1, 2, 3, 4, 5],
        "difference": constant(times, 1),
        "settable length": behind(2),
    }


@expected()
def pipeline_short_steps():
    counts = range(11)
    behind = lambda length: [n - length if n >= length else -1 for n in counts]
    return [F(n, 10) for n in counts], {
        "steps": list(counts),
        "three tenths": behind(3),
        "a quarter": behind(3),
        "half a step": behind(1),
        "seven tenths": behind(7),
    }


GROWTH = grid(0, 8, F(1, 2))
STOCK = [100 * F(21, 20) ** n for n in range(len(GROWTH))]


def relative_gap(init):
    """(X - A)/(5 A) with A started at X0/(1 + 5 init)."""
    balanced = 100 / (1 + F(1, 2))
    started = 100 / (1 + 5 * init)
    averages = [balanced * F(21, 20) ** n + (started - balanced) * F(9, 10) ** n for n in range(len(GROWTH))]
    return [(x - average) / (5 * average) for x, average in zip(STOCK, averages)]


@expected(rtol=1e-12)
def trend():
    return GROWTH, {
        "X": STOCK,
        "from nought": relative_gap(0),
        "also from nought": relative_gap(0),
        "in balance": constant(GROWTH, F(1, 10)),
        "too high": relative_gap(F(3, 10)),
        "of less than nothing": constant(GROWTH, F(-1, 10)),
        "of nothing": constant(GROWTH, 0),
        "of a constant": constant(GROWTH, 0),
    }


@expected(rtol=1e-12)
def forecast():
    ahead = lambda init: [x * (1 + 3 * gap) for x, gap in zip(STOCK, relative_gap(init))]
    return GROWTH, {
        "from nought": ahead(0),
        "in balance": [x * F(13, 10) for x in STOCK],
        "too high": ahead(F(3, 10)),
        "of less than nothing": [-x * F(13, 10) for x in STOCK],
        "of nothing": constant(GROWTH, 0),
        "of a constant": constant(GROWTH, 4),
    }


@expected(rtol=1e-13)
def history():
    times = grid(1, 5, F(1, 2))
    at = lambda now, then: 0 if then < 1 or floor(then * 2) > now * 2 else (floor(then * 2) / F(2)) ** 2
    past = lambda when: [at(t, when(t)) for t in times]
    return times, {
        "square": [t * t for t in times],
        "a while ago": past(lambda t: t - F(3, 2)),
        "at two": past(lambda t: F(2)),
        "between steps": past(lambda t: t - F(7, 10)),
        "ahead": past(lambda t: t + 3),
        "nowhere": constant(times, 0),
        "backward": past(lambda t: 6 - t),
        **{f"by lag[{lag}]": [lag * x for x in past(lambda t: t - lag)] for lag in (1, 2, 3)},
        "gathering": [0 if t < 2 else 1 for t in times],
    }
