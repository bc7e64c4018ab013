"""What Stella saves and computes otherwise than XMILE says, and what stands near it."""

from fractions import Fraction as F
from math import nan

from table import constant, expected, grid


@expected()
def stella_meaning():
    times = grid(0, 3, F(1, 2))
    at = lambda rule: [rule(t) for t in times]
    return times, {
        # t MOD (1*2)
        "remainder of product": at(lambda t: t % 2),
        "remainder before sum": at(lambda t: t % 1 + 1),
        "no number": constant(times, nan),
        "nothing": constant(times, 0),
        "is none": constant(times, 1),
        "always": constant(times, 12),
        "on and on": at(lambda t: 12 if t >= 1 else 0),
        "once": at(lambda t: 12 if t == 1 else 0),
        "each": at(lambda t: 12 if t in (1, 2, 3) else 0),
        "rise": at(lambda t: 2 * t),
        "known": at(lambda t: 2 if t >= 1 else 0),
        "of this run": at(lambda t: t if t >= 1 else 0),
        "of no run": constant(times, nan),
        "ended": constant(times, 24),
        "input": at(lambda t: 10 if t < 1 else 0),
        # Three steps of one level each: what came in until 0.5 is out until 2.
        "third order": at(lambda t: 10 if t < F(5, 2) else 0),
        "of order": at(lambda t: 10 if t < 2 else 0),
        "smoothed": at(lambda t: 10 if t < F(3, 2) else 0),
        "between": at(between),
        "got[a]": constant(times, 0),
        "got[b]": constant(times, 5),
        "got[c]": constant(times, 10),
        "twice": constant(times, 6),
    }


def between(t):
    # None where rounding of t/3 could show.
    place = 2 * min(t / 3 + F(1, 4), 1)
    if t not in (0, F(3, 2), F(5, 2), 3):
        return None
    return 10 + 10 * place if place <= 1 else 20 + 20 * (place - 1)


@expected()
def connections():
    times = grid(0, 1, 1)
    same = lambda value: constant(times, value)
    return times, {
        "Town.Road.speed": same(50),
        "Town.Road.twice": same(100),
        "Farm.double hay": same(14),
        "M.a": same(5),
        "M.b": same(5),
        "z": same(10),
        "y": same(11),
        "rate": same(50),
        "M.rate": same(7),
        "M.twice": same(14),
        "Part.p": same(5),
    }


@expected()
def limits_at_start():
    times = grid(0, 3, 1)
    return times, {
        "S": [35, 15, 0, 0],
        "out": [50, 45, 30, 30],
        "T": [-8, -8, -8, -8],
        "one way": constant(times, 0),
        "Q": constant(times, 0),
        "first": constant(times, 20),
        "second": constant(times, 80),
        "P": constant(times, 4),
        "asking": constant(times, 0),
        "R": constant(times, 0),
        "drawn": times,
    }


@expected(rtol=1e-15)
def transport_replacements():
    times = grid(0, 3, 1)
    # On the back slat of `leaky`, and on the front one, which has lost a tenth of as much.
    back = F(1000, 19)
    front = back * F(9, 10)
    second = back * F(9, 10)
    return times, {
        "given": [10, 8, 6, 6],
        "given in": constant(times, 3),
        "given out": [5, 5, 3, 3],
        "m.i": [5, 6, 7, 8],
        "m.B": [4, 7, 11, 13],
        "y": [0, 0, 5, 6],
        "w": [0, 0, 5, 6],
        # 9, then 3 times what comes in, -1, 0, 1, 2 without what is below 0.
        "gathered": [9, 9, 109, 212],
        "S": [10, 4, -2, -8],
        "halved in": constant(times, 6),
        "halved": [0, 3, 6, 6],
        "halved out": [0, 0, 3, 3],
        "V": [10, 8, 8, 6],
        "tight in": [2, 0, 2, 0],
        "tight": [0, 4, 4, 4],
        "tight out": [0, 0, 4, 0],
        "started": constant(times, 8),
        "started out": constant(times, 2),
        "leaky": [100, second, 0, 0],
        "lost": [10, second * second / 1000, 0, 0],
        "leaky out": [front * F(9, 10), second - second * second / 1000, 0, 0],
    }


@expected()
def neighbours():
    times = grid(0, 4, 1)
    same = lambda value: constant(times, value)
    columns = {
        "m.second[a1]": same(102),
        "m.second[a2]": same(202),
        "m.fourth[a1]": same(0),
        "m.next[a1,c1]": same(102),
        "m.next[a1,c3]": same(nan),
        "m.next[a2,c2]": same(203),
        "by macro[a1]": same(2),
        "by macro[a2]": same(4),
        "sums": same(129),
        "products": same(180),
        "mean": same(21.5),
        "greatest": same(32),
        "several[c1]": times,
        "several[c2]": [2 * t for t in times],
        "several[c3]": same(10),
        "points": [0, 10, 30, 30, 30],
        "rising half": same(5),
        # 5 over the whole of it, 2.5 over its last quarter
        "falling half": same(7.5),
        # Levels of 12 at first, each with a time of 2: 6 6, 4 6, 3 5, 2.5 4, 2.25 3.25.
        "delayed": [6, 6, 5, 4, 3.25],
        "train": [0, 1, 0, 1, 0],
        "spaced": [1, 1, 4, 6, 8],
    }
    for row, a in enumerate(("a1", "a2")):
        for column, c in enumerate(("c1", "c2", "c3")):
            columns[f"rows[{a},{c}]"] = same(3 * row + column + 1)
    return times, columns
