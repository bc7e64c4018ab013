"""Graphical functions: the lines between the points, written out."""

from fractions import Fraction as F

from table import constant, expected, grid


@expected()
def lookup_kinds():
    times = grid(-1, 6, F(1, 2))
    inside = {0: 1, F(1, 2): 1, 1: 1, F(3, 2): F(3, 2), 2: 2, F(5, 2): F(3, 2), 3: 1, F(7, 2): F(1, 2), 4: 0}
    clamped = [inside.get(t, 1 if t < 0 else 0) for t in times]
    return times, {
        "continuous": clamped,
        "by default": clamped,
        "extrapolate": [inside.get(t, 1 if t < 0 else 4 - t) for t in times],
        "discrete": [1 if t < 2 else 2 for t in times],
    }


@expected()
def lookup_points():
    times = grid(0, 4, F(1, 2))
    jump = [2 * t if t < 1 else min(5 + 2 * (t - 1), 7) for t in times]
    hat = [2 * t if t <= 2 else 4 - (t - 2) for t in times]
    # Halfway between whole numbers lies the mean of their squares.
    chords = [t * t if t.denominator == 1 else ((t - F(1, 2)) ** 2 + (t + F(1, 2)) ** 2) / 2 for t in times]
    return times, {
        "uneven": [2 * t for t in times],
        "jump": jump,
        "jump of three": jump,
        "discrete jump": [0 if t < 1 else 5 for t in times],
        "jump again": jump,
        "jump at both ends": [1 if t < 1 else 2 + (t - 1) if t < 3 else 8 for t in times],
        "single": constant(times, 7),
        "single extrapolated": constant(times, 7),
        "spaced": hat,
        "spaced with offset": [min(max(10 + 5 * (t - 1), 10), 20) for t in times],
        "separated": hat,
        "wrapped": chords,
        "squares": chords,
        "negative numbers": [1 - F(3, 4) * t if t <= 2 else F(-1, 2) - F(19, 4) * (t - 2) for t in times],
    }


@expected()
def lookup_calls():
    squares = [0, 1, 4, 9, 16]
    return list(range(5)), {
        "by name": squares,
        "by function": squares,
        "twice": [0, 1.5, 5, 11.5, 20],
        "composed": [0, 0.5, 1, 6.5, 16],
        "attached": [1, 2, 3, 4, 5],
        "attached at two": [2] * 5,
        "attached plus one": [2, 3, 4, 5, 6],
        "at a constant": [9] * 5,
        "of table only": [5, 6, 7, 8, 9],
        "filled": [0, 0, 2, 6, 12],
        "filling": [0, 2, 4, 6, 6],
        "in a condition": squares,
    }


@expected()
def curves():
    xs = [-5, 0, 5, 10, 15, 20, 25]
    still = lambda value: constant(xs, value)
    inverse = [0, 0, F(5, 2), 5, F(15, 2), 10, 15]
    return xs, {
        "inverse": inverse,
        "inverse of falling": [None if y in (1, 2, 4, 5) else 2 - F(max(y, 0), 6) for y in range(-1, 6)],
        "forward": [0, 0, 20, 20, 30, 30, 30],
        "backward": [0, 0, 0, 20, 20, 30, 30],
        "extrapolated": [-10, 0, 10, 20, 25, 30, 35],
        # A triangle of 10 times 20, and a trapezium of 20 and 30.
        "all of the area": still(350),
        "area to x": [0, 0, 25, 100, F(425, 2), 350, 350],
        "area between": still(F(375, 2)),
        "area either way": still(F(375, 2)),
        # The hump comes to 20 at 10 and again on its second way up.
        "first of hump": [0, 0, F(5, 2), 5, F(15, 2), 10, None],
        "top of hump": still(30),
        "endless inverse": xs,
        # To the left of 0 the area is below the axis.
        "endless area": [-25, 0, 25, 100, 225, 400, 625],
        "area from and to": still(F(375, 2)),
        "area of steps": [0, 0, 5, 10, 25, 40, 40],
        "mean between": still(F(75, 4)),
        "mean of all": still(F(35, 2)),
        "mean at a point": [0, 0, 10, 20, 25, 30, 30],
        "through points": [5, 5, F(15, 2), 10, F(15, 2), 5, F(5, 2)],
        "twice": [x + 5 for x in inverse],
    }
