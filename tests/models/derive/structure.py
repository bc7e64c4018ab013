"""Macros, arrays of modules, models of several files, and what surrounds an equation."""

from fractions import Fraction as F

from table import constant, expected, grid

REGIONS = ("North", 1), ("South", 2)


def smoothed(values, time, initial=0):
    """The level of a first-order smooth at each of the times at which it sees these values, with steps of 1."""
    level = [F(initial)]
    for value in values[:-1]:
        level.append(level[-1] + (value - level[-1]) / time)
    return level


def accumulated(values):
    """A stock that begins with the first of its inflows."""
    level = [values[0]]
    for value in values[:-1]:
        level.append(level[-1] + value)
    return level


@expected()
def macro_functions():
    times = grid(0, 3, 1)
    value = {i: [i + t for t in times] for i in (1, 2, 3)}
    columns = {
        "squares": [(t + 1) ** 2 + 16 for t in times],
        "hypotenuse": [5 * (t + 1) for t in times],
        "both defaults": [2 * t + 20 for t in times],
        "one default": [3 * t + 30 for t in times],
        "no default": [3 * t + 1 for t in times],
        "rounded": [t + 1 for t in times],
        "qualified": times,
        "sum of squares": [(1 + t) ** 2 + 2 * (2 + t) ** 2 + 2 * (3 + t) ** 2 for t in times],
        "mean": [2 + t for t in times],
        "mean of a product": [4 + 2 * t for t in times],
        "chosen": [0] + [2 * t for t in times[1:]],
        "part": [F(5, 2) + t for t in times],
        "element of a part": [0, 2 + 1, 3 + 2, 0],
        "two parts": [(1 + t) * (2 + t) + (2 + t) * (3 + t) for t in times],
        "part before": [10] + [F(5, 2) + t for t in times[:-1]],
        "part of a row[1]": constant(times, 13),
        "part of a row[2]": constant(times, 23),
        "part of a row[3]": constant(times, 33),
        "looked up": constant(times, 2 * 25 + 3 * 5),
        "greater": [max(t, 2) + 2 for t in times],
    }
    for i, values in value.items():
        columns[f"square of each[{i}]"] = [x * x for x in values]
        columns[f"distance[{i}]"] = constant(times, i - 2)
    return times, columns


@expected(rtol=1e-14)
def macro_stocks():
    times = grid(0, 4, 1)
    eight = constant(times, F(8))
    half, quarter = smoothed(eight, 2), smoothed(eight, 4)
    columns = {
        "two calls": [a + b for a, b in zip(half, quarter)],
        "at rest": eight,
        "twice": smoothed(half, 2),
        "within itself": smoothed(half, 2),
        "each[North]": half,
        "each[South]": quarter,
        "some[North]": smoothed(eight, 2, 1),
        "some[South]": constant(times, 5),
        "remembered in one[North]": constant(times, 1),
        "in a sum": accumulated(constant(times, 6)),
        "filling": accumulated(constant(times, 1)),
        "filled": [3 + sum(range(1, n + 1)) for n in range(len(times))],
    }
    for region, r in REGIONS:
        columns[f"remembered[{region}]"] = accumulated([0] + [r * t for t in times[:-1]])
    columns["remembered in one[South]"] = columns["remembered[South]"]
    return times, columns


@expected()
def module_arrayed():
    times = grid(0, 3, 1)
    columns = {"Country.everywhere[North]": constant(times, 2), "Country.everywhere[South]": constant(times, 2)}
    people, store = {}, {}
    for region, r in REGIONS:
        people[r] = [10 * r + 6 * t for t in times]
        for g in (1, 2):
            level = [g]
            for t in times[:-1]:
                level.append(level[-1] + people[r][int(t)] * g + t)
            store[r, g] = level
        stored = [a + b for a, b in zip(store[r, 1], store[r, 2])]
        sizes = {g: [100 * x + g + 2 for x in store[r, g]] for g in (1, 2)}
        columns |= {
            f"Country.start[{region}]": constant(times, 10 * r),
            f"Country.people[{region}]": people[r],
            f"Country.share[{region}]": constant(times, 3),
            f"Country.stored[{region}]": stored,
            f"heard[{region}]": people[r],
            f"double[{region}]": [2 * x for x in people[r]],
            f"Country.cities[{region}]": [a + 2 * b for a, b in zip(sizes[1], sizes[2])],
            f"Country.special[{region},1]": people[r],
            f"Country.special[{region},2]": [r + x for x in stored],
        }
        for g in (1, 2):
            columns[f"Country.store[{region},{g}]"] = store[r, g]
            columns[f"Country.City.stored[{region},{g}]"] = store[r, g]
            columns[f"Country.City.size[{region},{g}]"] = sizes[g]
    columns |= {
        "world": [a + b for a, b in zip(people[1], people[2])],
        "north": people[1],
        "one stock": store[2, 2],
        "deep": [100 * x + 3 for x in store[2, 1]],
    }
    return times, columns


@expected()
def multiplier():
    times = grid(0, 3, 1)
    return times, {
        "loose": [100 - 4 * t for t in times],
        "packing": constant(times, 4),
        "packed": [0, 12, 28, 48],
        "scarce": [10, 6, 2, 0],
        "taking": [4, 4, 2, 0],
        "taken": constant(times, 0),
        "using": [12, 12, 6, 0],
        "parts[North]": [10 * t for t in times],
        "parts[South]": [40 * t for t in times],
    }


@expected()
def initial_equation():
    times = grid(0, 3, 1)
    return times, {
        "x": [0, 2, 4, 6],
        "f": [0, 2, 1, 1],
        "s": [7, 7, 9, 10],
        "a[North]": [7, 7, 9, 10],
        "a[South]": [7, 7, 9, 10],
        "b[North]": [0, 10, 20, 30],
        "b[South]": [0, 20, 40, 60],
        "c[North]": [0, 10, 20, 30],
        "c[South]": [0, 20, 40, 60],
        "d[North]": [0, 1, 2, 3],
        "d[South]": [0, 1, 2, 3],
        "t": [9, 10, 11, 12],
        "one": constant(times, 1),
        "u[North]": constant(times, 1),
        "u[South]": constant(times, 2),
        "begun[North]": constant(times, 1),
        "begun[South]": constant(times, 2),
        "plant": [50, 60, 72, 86.4],
        "adjustment": [10, 12, 14.4, 17.28],
        "target": [100, 120, 144, 172.8],
        "staff[North]": [2, 1, 2.5, 5.5],
        "staff[South]": [3, 1.5, 3.5, 7.5],
        "hiring[North]": [-1, 1.5, 3, 6],
        "hiring[South]": [-1.5, 2, 4, 8],
        "wanted[North]": [2, 5, 11, 23],
        "wanted[South]": [3, 7, 15, 31],
    }


@expected()
def include_files():
    times = grid(0, 2, 1)
    left, right = [20 * t for t in times], [2 * t for t in times]
    return times, {
        "Left.given": constant(times, 10),
        "Right.given": constant(times, 1),
        "Left.level": left,
        "Right.level": right,
        "Left.each[South]": [2 * x for x in left],
        "squares[North]": [101 + t for t in times],
        "squares[South]": [104 + t for t in times],
        "all": [a + b + 1000 for a, b in zip(left, right)],
    }


@expected()
def macro_conveyor():
    times = grid(0, 6, 1)

    def written_off(life):
        return [F(40, life - 1) if 2 <= t <= life else F(0) for t in times]

    return times, {"slow": written_off(5), "fast": written_off(3)}
