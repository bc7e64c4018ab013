"""PREVIOUS, INIT and the start of a run."""

from fractions import Fraction as F

from table import constant, expected, grid


@expected()
def previous():
    return list(range(9)), {
        "before": [0, 0, 1, 2, 3, 4, 5, 6, 7],
        "before with start": [-5, 0, 1, 2, 3, 4, 5, 6, 7],
        "powers": [2, 4, 8, 16, 32, 64, 128, 256, 512],
        "factorial": [1, 1, 2, 6, 24, 120, 720, 5040, 40320],
        "fibonacci": [1, 2, 3, 5, 8, 13, 21, 34, 55],
        "behind": [1, 1, 2, 3, 5, 8, 13, 21, 34],
        "triangular": [0, 1, 3, 6, 10, 15, 21, 28, 36],
        "last triangular": [0, 0, 1, 3, 6, 10, 15, 21, 28],
        "change": [0, 1, 2, 3, 4, 5, 6, 7, 8],
        "wave": [0, 3, 6, 2, 5, 1, 4, 0, 3],
        "greatest so far": [0, 3, 6, 6, 6, 6, 6, 6, 6],
        "two before": [-2, -1, 0, 1, 2, 3, 4, 5, 6],
        "toggle": [0, 1, 0, 1, 0, 1, 0, 1, 0],
        "started by another": [40, 0, 1, 2, 3, 4, 5, 6, 7],
    }


@expected()
def init():
    return [3, 4, 5, 6], {
        "first time": [3] * 4,
        "S": [4, 6, 8, 10],
        "first stock": [4] * 4,
        "index": [100, 150, 200, 250],
        "of both": [13] * 4,
        "of a flow": [6] * 4,
        "twice": [6, 8, 10, 12],
        "since": [0, 1, 2, 3],
    }


@expected()
def chained_initials():
    still = {
        "B": 3 + 5 + 7, "C": 5, "D": 7, "E": 26, "F": 20, "G": 3, "H": 9, "I": 6, "J": 44,
        "K": 17,  # a delay in balance gives its input: 6 + 11
        "L": 0.5,  # the trend that it was started with
    }
    return [2, 3, 4], {"A": [3, 4, 5], "twice A": [6, 8, 10]} | {title: [value] * 3 for title, value in still.items()}


@expected(rtol=1e-12)
def sampled():
    h = F(1, 2)
    times = grid(0, 4, h)
    position = [t**3 for t in times]

    # What is before the start counts as 0 in the differences; the order says how many of them are not shown.
    raw = lambda values: [(b - a) / h for a, b in zip([0] + values, values)]
    shown = lambda values, order: [x if n >= order else 0 for n, x in enumerate(values)]
    speed, acceleration, jerk = raw(position), raw(raw(position)), raw(raw(raw(position)))
    worth, sums = [], 0
    for t in times:
        sums += 50 * 1.1 ** -float(t)
        worth.append(sums)
    return times, {
        "speed": shown(speed, 1),
        "acceleration": shown(acceleration, 2),
        "jerk": shown(jerk, 3),
        "itself": position,
        "worth": worth,
        "worth with a start": [50 + x for x in worth],
        "worth in thousands": [1000 * (50 + x) for x in worth],
        "worth of a stream": [sum(times[: n + 1]) * h for n in range(len(times))],
        "sampled": [10 * int(t) for t in times],
        "later": [7 if t <= 2 else t for t in times],
        "held": [min(t, F(3, 2)) for t in times],
        "beside": constant(times, 8),
    }
