"""Models in Vensim's format."""

from fractions import Fraction as F
from math import nan

from arrays import array
from table import constant, expected


@expected()
def mdl_cohorts():
    rates = {"north": F(1, 4), "south": F(1, 2)}
    people = {region: [[F(100)], [F(10)], [F(10)], [F(10)]] for region in rates}
    for _ in range(3):
        for region, rate in rates.items():
            now = [sizes[-1] for sizes in people[region]]
            people[region][0].append(now[0] + rate * sum(now) - now[0] / 4)
            for n in (1, 2, 3):
                people[region][n].append(now[n] + now[n - 1] / 4 - now[n] / 4)
    times = list(range(4))
    rows = lambda region: list(zip(*people[region]))
    columns = {}
    for region, rate in rates.items():
        for n in range(4):
            columns[f"people[{region},c{n + 1}]"] = people[region][n]
            columns[f"ageing[{region},c{n + 1}]"] = [x / 4 for x in people[region][n]]
        columns[f"births[{region}]"] = [rate * sum(row) for row in rows(region)]
        columns[f"weighted[{region}]"] = [sum(n * x for n, x in enumerate(row, 1)) for row in rows(region)]
        columns[f"young[{region}]"] = [row[0] + row[2] for row in rows(region)]
    columns["all"] = [sum(north) + sum(south) for north, south in zip(rows("north"), rows("south"))]
    always = {
        "table[north,c2]": 2,
        "table[south,c1]": 5,
        "there[east]": 5,
        "there[west]": F(5, 2),
        "twin[north]": 25,
        "twin[south]": 50,
        "spread[c1]": 7,
        "spread[c2]": 9,
        "spread[c3]": 7,
        "spread[c4]": 9,
        "marked[c1]": 3,
        "marked[c2]": 1,
        "marked[c3]": 3,
        "marked[c4]": 1,
        "number[c3]": 30,
        "of part[c1]": 1,
        "of part[c3]": 2,
        "first[c1]": 1,
        "first[c2]": 0,
        "not last[c3]": 1,
        "not last[c4]": 0,
        "picked[north]": 4,
        "picked[south]": 8,
    }
    return times, columns | {name: constant(times, value) for name, value in always.items()}


@expected()
def mdl_macros():
    def follow(goal, delay):
        levels = [F(goal) / 2]
        for _ in range(4):
            levels.append(levels[-1] + (goal - levels[-1]) / F(delay) / 2)
        return levels[::2]

    single = follow(8, 2)
    return [0, 1, 2], {
        "single": single,
        "single gap": [8 - x for x in single],
        "each[a]": follow(8, 4),
        "each[b]": follow(16, 4),
        "both": [x + y for x, y in zip(follow(8, 2), follow(8, 2))],
    }


@expected()
def mdl_lookups():
    times = [0, 2, 4]
    always = {"beyond": 21, "minus": -7, "logic": 5, 'quoted "name"': 2, "it's $": F(3, 2)}
    return times, {
        "own": [10, 20, 0],
        "within": [1, 4, 7],
        "read[a]": [0, 2, 4],
        "read[b]": [4, 2, 0],
        "from pairs": [0, 4, 8],
        "from halves": [0, 8, 4],
    } | {name: constant(times, value) for name, value in always.items()}


@expected()
def mdl_mixed():
    times = [0, 1, 2]
    return times, {
        "amount[k1]": [5, 5, 7],
        "amount[k2]": [0, 2, 4],
        "amount[k3]": [5, 6, 7],
        "amount[k4]": [5, 7, 9],
        "total": [15, 20, 27],
        "excepted[k1]": [10, 11, 12],
        "excepted[k2]": [7, 7, 7],
        "excepted[k4]": [10, 14, 18],
        "listed[k1]": [7, 7, 7],
        "listed[k3]": [8, 8, 8],
        "listed[k2]": [10, 11, 12],
        "pair[k1,s1]": [1, 3, 9],
        "pair[k4,s2]": [8, 24, 72],
    }


@expected()
def mdl_sorted():
    times = [0, 1]
    values = {
        "order[r1,": [1, 2, 0],
        "order[r2,": [0, 2, 1],
        "sorted[r1,": [10, 20, 30],
        "sorted[r2,": [1, 2, 3],
    }
    return times, {f"{name}p{n}]": constant(times, x) for name, row in values.items() for n, x in enumerate(row, 1)}


@expected(rtol=1e-14)
def mdl_markets():
    times = [0, 1, 2, 3, 4]
    still = lambda value: constant(times, value)
    shapes = ["rectangle", "triangle", "bell", "spike"]
    # 3t*(3 - p)/2 is asked for and 6*(p - 1)/2 offered at the price p.
    part = [F(t, t + 2) for t in times]
    # x is -1, 1, 3, 5, 7; the points are at 0, 2 and 4.
    by_mode = [
        [1, 2, F(5, 2), 2, 2],
        # Trapezoids of 4 and 5; 1, 3 and 2 go on beyond the ends.
        [-1, F(3, 2), F(27, 4), 11, 15],
        [1, 1, 3, 2, 2],
        [0, 2, F(5, 2), F(3, 2), F(1, 2)],
        [1, 3, 2, 2, 2],
        [0, 0, 2, 2, 2],
        [0, 1, F(-1, 2), 0, 0],
        [F(-1, 2), F(3, 2), F(27, 4), F(43, 4), F(51, 4)],
        # Neither line leads to what is above 3.
        [-2, 0, 2, 2, 2],
        [1, 1, F(-1, 2), F(-1, 2), F(-1, 2)],
        [nan] * 5,
    ]
    return times, (
        {"price": [1 + 2 * p for p in part], "same dimension": still(2), "at the middle": still(F(1, 4))}
        | array("bought", ["b1", "b2"], of=lambda b: [3 * p for p in part])
        | array("sold", ["s1", "s2", "s3"], of=lambda s: [s * p for p in part])
        # Both sides have the same curves: they meet in the middle.
        | array("balance", shapes, of=lambda s: still(5))
        | array("half", shapes, ["s1", "s2", "s3"], of=lambda s, k: still(1))
        # The ends of the curves, 5 and 10 widths off for those without an end.
        | array("least", shapes, of=lambda s: still([F(19, 4), F(19, 4), F(5, 2), 0][s - 1]))
        | array("by mode", [f"m{n}" for n in range(11)], of=lambda n: by_mode[n - 1])
        | array("in rows", shapes, of=lambda s: still(2 * s))
    )


@expected()
def mdl_outputs():
    times = [0, 1, 2, 3, 4]

    def delayed(inputs, time):
        stage = F(time) / 3
        first = inputs[0] * stage
        levels, done, progress = [first, first, first], [], []
        for value in inputs:
            out = [level / stage for level in levels]
            done.append(out[2])
            progress.append(sum(levels))
            into = [value, out[0], out[1]]
            levels = [level + (a - b) / 2 for level, a, b in zip(levels, into, out)]
        return done[::2], progress[::2]

    done, progress = delayed([F(6) if step < 2 else F(9) for step in range(9)], 6)
    always = {
        "taken[north]": F(5, 2),
        "taken[south]": 10,
        "left[north]": F(15, 2),
        "left[south]": 10,
        "doubled[north]": 15,
        "doubled[south]": 20,
        "all left": F(75, 2),
        "single": 2,
        "single left": 6,
        "single twice": 12,
        "done by region[north]": 10,
        "done by region[south]": 20,
        "in progress by region[north]": 30,
        "in progress by region[south]": 60,
        "start[north]": 3,
        "start[far]": 9,
        "first": 10,
        "last": 7,
        "no file": 7,
        "final sum": 54,
    }
    return times, {
        "done": done,
        "in progress": progress,
        "run stock": [10, 12, 14, 22, 30],
        "delayed": [1, 1, 6, 9, 9],
        "material[north]": [0, 60, 90, 90, 90],
        "material[south]": [0, 120, 180, 180, 180],
        "later stock": [10, 10, 14, 30, 30],
        "run level[north]": [1, 2, 3, 5, 7],
        "run level[far]": [5, 7, 9, 13, 17],
        "cumulated": [10, 17, 24, 39, 54],
    } | {name: constant(times, value) for name, value in always.items()}


@expected()
def mdl_marks():
    times = [0, 1, 2, 3, 4]
    swing = [2 * t - F(t * t, 2) for t in times]
    highest = lambda start, factor: [max([start] + [factor * x for x in swing[: n + 1]]) for n in range(len(times))]
    always = {
        "same[a1]": 2,
        "same[a2]": 1,
        "other[a1]": 1 + 4,
        "other[a2]": 2 + 4,
        "first": 2,
        "weighted": 1 * 1 + 2 * 2 + 3 * 4,
        "pairs": (10 * 1 + 2) + (10 * 2 + 1),
        "greatest": 4 + 4,
    }
    return times, array("up to", [f"c{n}" for n in (1, 2, 3, 4)], of=lambda n: constant(times, n * (n + 1) // 2)) | {
        "read": [t + 5 + 2 * t for t in times],
        "highest": highest(-1, 1),
        "each[a1]": highest(1, 1),
        "each[a2]": highest(1, 2),
    } | {name: constant(times, value) for name, value in always.items()}
