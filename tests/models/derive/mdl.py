"""Models in Vensim's format."""

import datetime
import math
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


@expected(rtol=1e-9)
def mdl_dates():
    times = [F(n, 2) for n in range(13)]
    cycle = 146_097

    def date(days):
        cycles = (days + 730_542) // cycle - 1
        found = datetime.date(2000, 2, 27) + datetime.timedelta(days - cycles * cycle)
        return found.year + 400 * cycles, found

    columns = {}
    for name, days in [("near", 0), ("century", 36_890), ("ancient", -730_542), ("before", -730_546)]:
        dates = [date(math.floor(t) + days) for t in times]
        columns |= {
            f"year[{name}]": [year for year, _ in dates],
            f"quarter[{name}]": [(found.month + 2) // 3 for _, found in dates],
            f"month[{name}]": [found.month for _, found in dates],
            f"day[{name}]": [found.day for _, found in dates],
            f"weekday[{name}]": [found.isoweekday() % 7 for _, found in dates],
            f"number[{name}]": [math.floor(t) + days + 730_542 for t in times],
        }
    clock = lambda part: [(t + part) % 1 * 86_400 for t in times]
    columns |= {
        "hour": [seconds // 3600 for seconds in clock(F(3, 10))],
        "minute": [seconds % 3600 // 60 for seconds in clock(F(3001, 10_000))],
        "second": [seconds % 60 for seconds in clock(F(3001, 10_000))],
        "in thirds": [date(math.floor(t * F(4, 3)))[1].day for t in times],
        "first year": constant(times, 2001),
        "the time itself": [t + 2 for t in times],
    }
    return times, columns


@expected()
def mdl_months():
    times = [F(n, 4) for n in range(13)]
    start = 360 * 1999 + 30 * 10 + 14
    days = [start + math.floor(30 * t) for t in times]
    return times, {
        "year": [day // 360 for day in days],
        "quarter": [day % 360 // 90 + 1 for day in days],
        "month": [day % 360 // 30 + 1 for day in days],
        "day": [day % 30 + 1 for day in days],
        "number": [day - 360 * 1999 for day in days],
        "hour": [math.floor((30 * t + F(1, 2)) % 1 * 24) for t in times],
        "tenths": [math.floor(4 * t + start) % 30 + 1 for t in times],
    }


@expected()
def mdl_shift():
    times = list(range(5))
    columns = {}
    for number, region in enumerate(["north", "south"], 1):
        people, grown = [[F(8 * number)] + [F(4 * number)] * 3], []
        for t in times:
            now = people[-1]
            leaving = [x / 4 for x in now]
            moved = [0, now[0], now[1], now[2] + now[3]] if t % 2 == 1 else now
            then = [a - b for a, b in zip(moved, leaving)]
            then[0] += 2 * number
            people.append(then)
            grown.append(0)
        columns |= {f"people[{region},a{age}]": [row[age] for row in people[:-1]] for age in range(4)}
        columns[f"grown[{region}]"] = grown
    north, south, gone = [10 + age for age in (1, 2, 3, 4)], [[20 + age for age in (1, 2, 3, 4)]], []
    for t in times:
        now = south[-1]
        gone.append(now[3] if t >= 1 else 0)
        south.append([now[0], 100 + t, now[1], now[2]] if t >= 1 else now)
    for age in range(4):
        columns[f"boxes[north,a{age}]"] = constant(times, north[age])
        columns[f"boxes[south,a{age}]"] = [row[age] for row in south[:-1]]
    columns |= {
        "gone": gone,
        "pair[a0]": [1 + t for t in times],
        "pair[a1]": [2 + t for t in times],
        "pair[a2]": [3, 4, 5, 0, 1],
        "pair[a3]": [4, 5, 6, 6, 7],
        "left": [0, 0, 6, 0, 0],
    }
    return times, columns


@expected()
def mdl_sides():
    times = [0, 1, 2]
    y = {"a": 1, "b": 2, "c": 3}
    mapped = dict(zip(["m1", "m2", "m3"], y))
    rows = {"a": [1, 2, 0], "b": [0, 1, 2], "c": [2, 1, 0]}
    always = {"picked": 75}
    for name, region in mapped.items():
        always |= {f"x[{name},a]": y[region], f"x[{name},b]": 10 * y[region], f"x[{name},c]": 0}
    for region, row in rows.items():
        always |= {f"order[{region},{name}]": place for name, place in zip(mapped, row)}
    for name in ["n1", "n2"]:
        for before, after in [("a", "b"), ("b", "c")]:
            always |= {f"w[{name},{before}]": y[after], f"v[{before},{name}]": y[after]}
    for n in range(1, 37):
        always[f"number[w{n}]"] = 2 * n if n % 2 == 0 else -1
    always |= {f"same[{region}]": y[region] for region in y}
    levels = {f"level[{name},a]": [y[region] * t for t in times] for name, region in mapped.items()}
    return times, levels | {name: constant(times, value) for name, value in always.items()}


@expected()
def mdl_gaps():
    times = [0, 1, 2]
    curve = {"a": lambda t: 1 + t, "b": lambda t: 100, "c": lambda t: 2 * t, "e": lambda t: 5}
    return times, {
        "s": [curve["e"](t) + curve["a"](t) + curve["c"](t) for t in times],
        "area": constant(times, 50 + 60 + 100),
        "weighted": [1000 * 5 + (1 + t) + 100 * 2 * t for t in times],
        "each[e]": [curve["e"](t) for t in times],
        "each[a]": [curve["a"](t) for t in times],
        "each[c]": [curve["c"](t) for t in times],
        "pairs[one]": constant(times, 16 + 1 + 4),
        "pairs[two]": constant(times, 16 + 1 + 8),
        "all": constant(times, 21 + 2 * 25),
    }


@expected(rtol=1e-15)
def mdl_totals():
    weight = {"a1": 1, "a3": 4, "a6": 32}
    times = [0, 1]
    few = {element: [number + t for t in times] for element, number in weight.items()}
    total = [sum(few[element][t] for element in few) for t in times]
    return times, {
        **{f"x[{element}]": values for element, values in few.items()},
        "x[a2]": total,
        "x[a4]": [3 * number for number in total],
        "x[a5]": few["a6"],
        "total": total,
        **{f"level[{element}]": constant(times, number) for element, number in weight.items()},
        "level[a2]": [sum(weight.values()) + t for t in times],
        "level[a4]": [1 * 4 * 32 + t * sum(weight.values()) for t in times],
        "level[a5]": constant(times, 1 - min(weight.values())),
        "share[b1]": constant(times, F(12, 100)),
        "share[b2]": constant(times, F(1, 10)),
    }


@expected()
def mdl_parts():
    numbers = list(range(8))
    times = [n * 0.1 for n in numbers]
    return times, {
        "p[a]": constant(times, 1),
        "p[b]": constant(times, 2),
        "p[c]": constant(times, 3),
        "second": constant(times, 2),
        "third": constant(times, 10),
        "at": numbers,
        "next": numbers,
        "here": numbers,
        "ahead": [10] + [20] * 7,
        "behind": [10] * 5 + [20] * 3,
    }
