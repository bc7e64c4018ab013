"""Arrays: equations, subscripts, reducers, tables and memory of each element."""

from fractions import Fraction as F
from itertools import product
from math import comb, nan, sqrt

from table import constant, expected, grid

REGIONS = ["North", "South", "Far East"]
PRODUCTS = ["Tea", "Coffee"]


def array(name, *dims, of):
    """A column for each element, row-major; `of` takes its positions, counted from 1."""
    titles = [",".join(map(str, names)) for names in product(*dims)]
    positions = product(*(range(1, len(dim) + 1) for dim in dims))
    return {f"{name}[{title}]": of(*at) for title, at in zip(titles, positions)}


def numbers(count):
    return list(range(1, count + 1))


@expected()
def array_equations():
    times = [0, 1, 2]
    base, weight = [1, 2, 4], [0.5, 2]
    still = lambda value: constant(times, value)
    matrix = lambda r, p: [100 + t for t in times] if (r, p) == (2, 2) else still(base[r - 1] * weight[p - 1])
    return times, (
        array("same", REGIONS, of=lambda r: still(10))
        | array("base", REGIONS, of=lambda r: still(base[r - 1]))
        | array("weight", PRODUCTS, of=lambda p: still(weight[p - 1]))
        | array("moving", REGIONS, of=lambda r: [[t, 2 * t, 4 + t][r - 1] for t in times])
        | array("mostly", REGIONS, of=lambda r: still(-1) if r == 2 else [7 * t for t in times])
        | array("matrix", REGIONS, PRODUCTS, of=matrix)
        | array("sum of all", REGIONS, PRODUCTS, of=lambda r, p: [base[r - 1] + 10 * weight[p - 1] + t for t in times])
        | array("twice", REGIONS, PRODUCTS, of=lambda r, p: [2 * x for x in matrix(r, p)])
        | array("transposed by name", PRODUCTS, REGIONS, of=lambda p, r: matrix(r, p))
        | {"of one": still(4 + 2 + 0.5)}
        | array("row", PRODUCTS, of=lambda p: matrix(2, p))
        | array("column", REGIONS, of=lambda r: still(-1) if r == 1 else matrix(r, 2))
    )


@expected()
def array_subscripts():
    times = list(range(6))
    still = lambda value: constant(times, value)
    mixed = lambda r: [10 * r + t + 1 if t in (1, 2) else 1 for t in times]
    return times, {
        "by name": still(20),
        "by number": still(20),
        "by position": still(30),
        "by time": [0, 10, 20, 30, 0, 0],
        "by half time": [0, 10, 10, 20, 20, 30],
        "by element": still(23),
        "by a of a": still(20),
        "both computed": [0, 12, 21, 0, 0, 0],
        "in a row": still(22),
        "in a row by time": [0, 11, 12, 21, 22, 31],
        **array("mixed", REGIONS, of=mixed),
        **array("column by choice", PRODUCTS, of=lambda p: [30 + p] * 3 + [10 + p] * 3),
        "not a number": still(0),
        "below": still(0),
        "beyond": still(0),
    }


@expected()
def array_invalid_index():
    times = list(range(5))
    neighbours = [nan, 20, 30]
    return times, {
        "by time": [nan, 10, 20, 30, nan],
        **array("neighbours", REGIONS, of=lambda r: [nan] + [neighbours[r - 1]] * 4),
        **array("next", REGIONS, of=lambda r: constant(times, [20, 30, -1][r - 1])),
    }


@expected()
def array_dimensions():
    times = [0, 1]
    layers, rows, columns = ["top", "bottom"], numbers(3), ["left", "right"]
    still = lambda value: constant(times, value)
    digits = lambda l, r, c: 100 * l + 10 * r + c
    exceptions = {(2, 2, 1): [0, 1], (1, 3, 2): [132, 133]}
    return times, (
        array("cube", layers, rows, columns, of=lambda l, r, c: still(digits(l, r, c)))
        | array("turned", columns, layers, rows, of=lambda c, l, r: still(digits(l, r, c)))
        | array("face", rows, columns, of=lambda r, c: [digits(2, r, c) + t for t in times])
        | array("edge", rows, of=lambda r: still(digits(1, r, 2)))
        | {"corner": still(231)}
        | array("square", rows, rows, of=lambda i, j: still(3 * (i - 1) + j))
        | array("diagonal", rows, of=lambda i: still([1, 5, 9][i - 1]))
        | array("last row", rows, of=lambda i: still([7, 8, 9][i - 1]))
        | array("last column", rows, of=lambda i: still([3, 6, 9][i - 1]))
        | array("in the middle", layers, rows, columns, of=lambda *at: exceptions.get(at, [0, 0]))
    )


@expected()
def array_instances():
    times, e = [0, 1], numbers(3)
    still = lambda value: constant(times, value)
    return times, {
        **array("up to here", e, of=lambda k: [[10, 30, 50 + t][k - 1] for t in times]),
        **array("place", e, of=lambda k: still([100, 402, 302][k - 1])),
        **array("grid", ["p", "q"], e, of=lambda f, k: [(20 + k + t) * (f - 1) for t in times]),
        # The keys 3, 1, 2: the second comes first, then the third, then the first.
        **array("sorted", e, of=lambda k: still(120 + k)),
        "highest": [30 + t for t in times],
        "lowest": still(-2),
        **array("at least 15", e, of=lambda k: still([15, 20, 30][k - 1])),
        **array("capped", e, of=lambda k: still([-15, -5, -2][k - 1])),
        "summed": still(65 + 30),
        "seen": [5 + t for t in times],
        "Beside.z": [3 * (5 + t) for t in times],
        **array("M.rank", e, e, of=lambda _, k: still([3, 1, 2][k - 1])),
        **array("N.b", e, of=lambda k: still(7 * k)),
        **array("N.c", e, of=lambda _: still(42)),
        **array("N.d", e, of=lambda _: still(14)),
    }


@expected()
def array_names():
    times, part = [0, 1], ["b", "c"]
    still = lambda value: constant(times, value)
    return times, {
        "next one": still(20),
        "by time": [10, 20],
        "lesser": still(13),
        "some": [50, 90],
        **array("same", part, of=lambda k: still([40, 60][k - 1])),
        **array("after", part, of=lambda k: still([30, 40][k - 1])),
        **array("before", part, of=lambda k: still([10, 20][k - 1])),
        **array("from here", part, of=lambda k: still([90, 70][k - 1])),
        **array("up to here", part, of=lambda k: still([10, 30][k - 1])),
    }


@expected()
def non_negative_elements():
    times = [0, 1, 2, 3, 4]
    columns = {name: [] for name in ["S[a]", "S[b]", "T[a]", "T[b]", "g[a]", "g[b]"]}
    s, t = 9, 0
    for _ in times:
        f, g = min(5, s), min(20, t)
        for name, value in zip(columns, [9, s, 0, t, 5, g]):
            columns[name].append(value)
        s, t = s + g - f, t + f - g
    return times, columns


@expected()
def array_places():
    times, pair = [0, 1], [1, 2]
    a = lambda m, i, j: [100 * m + 10 * i + j + (1000 * t if m == i == j == 1 else 0) for t in times]
    both = lambda left, right: [p + q for p, q in zip(left, right)]
    return times, (
        array("a", pair, pair, pair, of=a)
        | array("moved", pair, pair, pair, of=lambda i, j, m: a(m, i, j))
        | array("turned", pair, pair, pair, of=lambda i, j, m: a(m, j, i))
        | array("reversed", pair, pair, pair, of=lambda i, j, m: a(m, j, i))
        | array("transposed", pair, pair, pair, of=lambda i, j, m: a(m, j, i))
        | array("sums", pair, pair, of=lambda n, m: both(a(m, 1, n), a(m, 2, n)))
        | array("parts", pair, of=lambda n: a(2, n, 3 - n))
        | {"third of one": a(2, 1, 2)}
    )


@expected()
def array_mapped():
    times = [0, 1]
    still = lambda value: constant(times, value)
    return times, {
        **array("taken", ["first", "second", "third"], of=lambda k: [10 * k + t for t in times]),
        **array("both", ["first", "second", "third"], of=lambda k: still(11 * k)),
        **array("back", REGIONS, of=lambda k: still(10 * k)),
        **array("one", ["first", "second", "third"], of=lambda k: still(200 if k == 2 else 0)),
    }


@expected(rtol=1e-15)
def array_reducers():
    times, a = [0, 1], [4, -2, 7]
    still = lambda value: constant(times, value)
    row_sum = lambda r: [20 * r + 3 + 2 * t for t in times]
    return times, {
        "sum of a": still(9),
        "prod of a": still(-56),
        "min of a": still(-2),
        "max of a": still(7),
        "mean of a": still(3),
        "stddev of a": still(sqrt(14)),
        "size of a": still(3),
        "sum without a star": still(9),
        "with the dimension": [72 + 3 * t for t in times],
        "sum of m": [129, 135],
        **array("sum of a row", REGIONS, of=row_sum),
        **array("sum of a column", PRODUCTS, of=lambda p: [60 + 3 * p, 63 + 3 * p]),
        "greatest tea": [31, 32],
        "mean of the south": [21.5, 22.5],
        "spring": still(4 + 9 + 16),
        "northern half": still(2),
        "size of a slice": still(2 + 60 + 400),
        "sum of products": still(16 + 4 + 49 + 3),
        "weighted": [447, 465],
        **array("share", REGIONS, of=lambda r: still(F(a[r - 1], 9))),
        **array("scaled", REGIONS, of=lambda r: [a[r - 1] * x for x in row_sum(r)]),
        "greatest row": still(40),
        **array("spread", PRODUCTS, of=lambda p: still(sqrt(200 / 3))),
        **array("running", numbers(6), of=lambda month: still(14 * month)),
        "two of one": still(3 - 9 * 56),
    }


@expected()
def array_algebra():
    times = [0, 1]
    rows, inner, columns = numbers(2), numbers(3), numbers(2)
    still = lambda value: constant(times, value)
    a = lambda r, i: [3 * (r - 1) + i + t for t in times]
    # a1 + 2 a2 + 3 a3 of each row: 14 and 32, and 6 more when each a is one more.
    times_b = lambda r, c: [c * ([14, 32][r - 1] + 6 * t) for t in times]
    return times, (
        array("a", rows, inner, of=a)
        | array("a transposed", inner, rows, of=lambda i, r: a(r, i))
        | array("back again", rows, inner, of=a)
        | array("product", rows, columns, of=times_b)
        | array("inner product", rows, columns, of=times_b)
        | {"length squared": still(2), "sum of transposed": [21, 27]}
        | array("a times v", rows, of=lambda r: still(-2))
        | array("v times b", columns, of=lambda c: still(-2 * c))
    )


@expected()
def array_positions():
    times = [0, 1, 2]
    stages, years = ["Egg", "Larva", "Pupa", "Moth"], numbers(3)
    still = lambda value: constant(times, value)
    listed = lambda name, values: array(name, stages, of=lambda s: still(values[s - 1]))
    return times, (
        listed("position", [1, 2, 3, 4])
        | array("grid", stages, years, of=lambda s, y: still(10 * s + y))
        | array("at larva", stages, of=lambda s: times if s == 2 else still(0))
        | listed("from pupa on", [0, 0, 1, 1])
        | array("middle year", years, of=lambda y: still([0, 1, 0][y - 1]))
        | {"moth": still(4)}
        | listed("next", [2, 3, 4, 0])
        | listed("before", [0, 1, 2, 3])
        | listed("mirrored", [40, 30, 20, 10])
        | listed("alternating", [2, 1, 4, 3])
        | array("identity", stages, stages, of=lambda i, j: still(1 if i == j else 0))
        | {"trace": still(4 + 10)}
    )


@expected()
def array_stocks():
    small, large = {}, {}
    # 5 + 1 - 4 - 2, then nothing is left but the rain; 10 + 1 - 4 - 3, then 4 + 1 - 4 - 1.
    small["water"], small["use"], small["leak"] = [5, 0, 0, 0, 0], [4, 1, 1, 1, 1], [2, 0, 0, 0, 0]
    large["water"], large["use"], large["leak"] = [10, 4, 0, 0, 0], [4, 4, 1, 1, 1], [3, 1, 0, 0, 0]
    small["heat"], small["warming"] = [20, 23, 24, 24, 24], [3, 1, 0, 0, 0]
    large["heat"], large["warming"] = [21, 27, 29, 29, 29], [6, 2, 0, 0, 0]
    small["still"], large["still"] = [6] * 5, [11] * 5
    small["rain"] = large["rain"] = [1] * 5
    tanks = {f"{name}[small]": values for name, values in small.items()} | {f"{name}[large]": values for name, values in large.items()}
    return list(range(5)), tanks | {
        "total": [15, 4, 0, 0, 0],
        "all rain": [2] * 5,
        "all use": [8, 5, 2, 2, 2],
        "all leak": [5, 1, 0, 0, 0],
    }


@expected(rtol=1e-14)
def array_memory():
    times = list(range(5))
    smooth = {"fast": [0, 4, 6, 7, 7.5], "slow": [0, 64, 112, 148, 175]}
    each = {
        "smooth": smooth,
        "smooth of all": smooth,
        "delayed": smooth,
        "third": {"fast": [6] * 5, "slow": [12] * 5},
        "second order": {"fast": [0, 0, 2, 4, 5.5], "slow": [0, 0, 4, 8, 11]},
        "pipeline": {"fast": [-1, 0, 1, 2, 3], "slow": [-1, -1, -1, 0, 2]},
        "before": {"fast": [-1, 1, 2, 3, 4], "slow": [-2, 2, 3, 4, 5]},
        "counted": {"fast": [2, 3, 4, 5, 6], "slow": [4, 6, 8, 10, 12]},
        "at start": {"fast": [8] * 5, "slow": [256] * 5},
        "one of them": {"fast": [1, 5, 7, 8, 8.5], "slow": times},
        "nested": {kind: [0, *values[:-1]] for kind, values in smooth.items()},
    }
    return times, {f"{name}[{kind}]": values for name, kinds in each.items() for kind, values in kinds.items()} | {
        "in a reducer": [0, 68, 118, 155, 182.5],
        "of a sum": [0, 132, 198, 231, 247.5],
    }


@expected()
def array_tables():
    times, steps = list(range(5)), [1, 1, 2, 2, 3]
    regions = ["North", "South"]
    curve = lambda p, x: min(x, 4) * (1, 100)[p - 1]
    return times, {
        "shared[North]": [0, 10, 20, 10, 0],
        "shared[South]": [0, 20, 0, 0, 0],
        "own[North]": [10 * t for t in times],
        "own[South]": steps,
        "one equation[North]": [10 * (t + 1) for t in times],
        "one equation[South]": [-(t + 1) for t in times],
        **array("called", PRODUCTS, of=lambda p: [curve(p, F(t, 2)) for t in times]),
        **array("by lookup", PRODUCTS, of=lambda p: [curve(p, F(t, 2)) for t in times]),
        "tea alone": times,
        **array("coffee for regions", regions, of=lambda r: constant(times, 100 * r)),
        **array("all pairs", regions, PRODUCTS, of=lambda r, p: [curve(p, r + t) for t in times]),
        **array("filled", PRODUCTS, of=lambda p: [10 * t + s + p for t, s in zip(times, steps)]),
        "level[Tea]": [1, 2, 4, 8, 12],
        "level[Coffee]": [1, 101, 501, 901, 1301],
        "filling[Tea]": [1, 2, 4, 4, 4],
        "filling[Coffee]": [100, 400, 400, 400, 400],
    }


@expected()
def array_numeric():
    times = [0, 1, 2]
    listed = lambda name, values: array(name, numbers(len(values)), of=lambda n: constant(times, values[n - 1]))
    return times, (
        listed("square", [1, 4, 9, 16, 25, 36, 49, 64])
        | listed("fibonacci", [1, 1, 2, 3, 5, 8, 13, 21])
        | array("pascal", numbers(4), numbers(4), of=lambda i, j: constant(times, comb(i - 1, j - 1)))
        | listed("difference", [1, 3, 5, 7, 9, 11, 13, 15])
        | listed("from the end", [64, 49, 36, 25, 16, 9, 4, 1])
        | listed("sieved", [0, 1, 0, 4, 0, 9, 0, 16])
        | array("shifted by time", numbers(8), of=lambda n: [(n + t) ** 2 if n + t <= 8 else 0 for t in times])
        | listed("window", [13, 25, 41, 61])
        | listed("in fours", [1, 2, 3, 4, 15, 26, 37, 48])
        | {"last": constant(times, 21 + 3)}
        | listed("back and forth", [7, 80, 810, 8110])
        | listed("there", [1, 8, 81, 811])
    )


@expected(rtol=1e-13)
def ageing_chain():
    cohorts = ["child", "young", "adult", "older", "old"]
    people = [[F(x)] for x in (1000, 900, 800, 600, 300)]
    for _ in range(20):
        child, young, adult, older, old = (sizes[-1] for sizes in people)
        people[0].append(child - child / 5 + young / 8 + adult / 16)
        people[1].append(young - young / 5 + child / 5)
        people[2].append(adult - adult / 5 + young / 5)
        people[3].append(older - older / 5 + adult / 5)
        people[4].append(old - old / 5 + older / 5)
    totals = [sum(sizes) for sizes in zip(*people)]
    births = [young / 8 + adult / 16 for young, adult in zip(people[1], people[2])]
    weighted = [sum(n * size for n, size in enumerate(sizes, 1)) for sizes in zip(*people)]
    return list(range(21)), (
        array("people", cohorts, of=lambda c: people[c - 1])
        | array("leaving", cohorts, of=lambda c: [x / 5 for x in people[c - 1]])
        | array("arriving", cohorts, of=lambda c: births if c == 1 else [x / 5 for x in people[c - 2]])
        | array("share", cohorts, of=lambda c: [x / total for x, total in zip(people[c - 1], totals)])
        | {"births": births, "deaths": [x / 5 for x in people[4]], "population": totals}
        | {"mean cohort": [x / total for x, total in zip(weighted, totals)]}
    )


@expected()
def array_recurrence():
    times = [0, 1, 2]
    years, places = numbers(6), ["north", "south"]
    power = lambda k: [2 ** (k - 1) * (1 + t) - t for t in times]
    running = lambda p, k: constant(times, 10 * p * k * (k + 1) // 2)
    # Element 1 reads the mirror of element 5.
    first = lambda k: [101 + 2 * t for t in times] if k == 1 else [10 * k + t for t in times]
    folded = {}
    for t in times:
        before = dict(folded)
        folded = {k: [*before.get(k, []), max(first(7 - k)[t], before[7 - k][-1] if t else 0)] for k in years}
    turned = {1: [0] * 3, 2: [t + 1 for t in times], 3: [7] * 3, 4: [1] * 3, 5: times, 6: [8] * 3}
    half = lambda k: [10 * k + t for t in times] if k <= 3 else [1 + x for x in half(7 - k)]
    return times, (
        array("power", years, of=power)
        | array("twice", years, of=lambda k: [2 * x for x in power(k)])
        | {"last": power(6), "total": [sum(power(k)[t] for k in range(1, 7)) for t in times]}
        | array("running", places, years, of=running)
        | array("downward", places, years, of=lambda p, k: constant(times, k if p == 1 else k + 100))
        | array("level", years, of=lambda k: constant(times, 9 + k))
        | array("from", years, of=first)
        | array("mirror", years, of=lambda k: [2 * x for x in first(7 - k)])
        | array("folded", years, of=lambda k: folded[k])
        | array("turned", years, of=lambda k: turned[k])
        | array("half", years, of=half)
    )


@expected()
def array_recurrences():
    times = [0, 1, 2]
    stages, lanes = numbers(5), numbers(2)
    offered = lambda k: [(1 + t) * (2**k - 1) for t in times]
    wanted = {5: [10 + t for t in times]}
    for stage in (4, 3, 2, 1):
        wanted[stage] = [2 * x - (stage + 1) for x in wanted[stage + 1]]
    ordered = lambda k: [2 * x - k for x in wanted[k]]
    mixed = lambda s, l: constant(times, s * (s + 1) // 2 + s if l == 1 else s)
    level = lambda k: [2 ** (5 - k - t) if k + t <= 5 else 0 for t in times]
    passing = lambda k: [after - now for after, now in zip(level(k + 1), level(k))]
    total = [
        sum(2 * offered(k)[t] + ordered(k)[t] + mixed(k, 1)[t] + mixed(k, 2)[t] for k in range(1, 6)) for t in times
    ]
    return times, (
        array("offered", stages, of=offered)
        | array("passed", stages, of=lambda k: [2 * x for x in offered(k)])
        | array("wanted", stages, of=lambda k: wanted[k])
        | array("short", stages, of=lambda k: [x - k for x in wanted[k]])
        | array("ordered", stages, of=ordered)
        | array("mixed", stages, lanes, of=mixed)
        | array("level", stages, of=level)
        | array("passing", stages, of=passing)
        | {"total": total}
    )


@expected()
def summed_flows():
    times, ways = [0, 1, 2], numbers(3)
    leaving = {1: [30, 10, 10], 2: [50, 0, 0], 3: [30, 0, 0]}
    spending = {
        ("North", 1): [2, 2, 2],
        ("North", 2): [4, 1, 1],
        ("North", 3): [2, 0, 0],
        ("South", 1): [4, 4, 3],
        ("South", 2): [8, 8, 0],
        ("South", 3): [12, 12, 0],
    }
    return times, (
        {"waiting": [100, 0, 0], "arrived": [0, 110, 120], "under way": [110, 10, 10]}
        | array("leaving", ways, of=lambda k: leaving[k])
        | {"held[North]": [5, 0, 0], "held[South]": [100, 29, 0]}
        | {f"spending[{region},{way}]": values for (region, way), values in spending.items()}
        | {"losing[North]": [0, 0, 0], "losing[South]": [50, 8, 0]}
    )


@expected(rtol=1e-13)
def migration():
    times = grid(0, 6, F(1, 2))
    north, south, east = [F(1024)], [F(512)], [F(256)]
    for _ in times[1:]:
        n, s, e = north[-1], south[-1], east[-1]
        north.append(n + (s / 2 + e / 8 - n / 8 - n / 4) / 2)
        south.append(s + (n / 8 + e / 4 - s / 2) / 2)
        east.append(e + (n / 4 - e / 8 - e / 4) / 2)
    moving = {
        "North,South": [x / 8 for x in north],
        "North,Far East": [x / 4 for x in north],
        "South,North": [x / 2 for x in south],
        "Far East,North": [x / 8 for x in east],
        "Far East,South": [x / 4 for x in east],
    }
    return times, {
        "people[North]": north,
        "people[South]": south,
        "people[Far East]": east,
        **{f"moving[{pair}]": values for pair, values in moving.items()},
        "moving[South,South]": constant(times, 0),
        "coming[North]": [s / 2 + e / 8 for s, e in zip(south, east)],
        "going[North]": [3 * n / 8 for n in north],
        "going[South]": [s / 2 for s in south],
        "coming[Far East]": [n / 4 for n in north],
        "total": constant(times, 1792),
        "busiest": [max(values) for values in zip(*moving.values())],
    }


@expected()
def array_module():
    times, regions = [0, 1, 2, 3], ["North", "South"]
    left, right = [[2, 4, 8, 14], [4, 8, 14, 22]], [[10, 1010, 2010, 3010], [20, 2020, 4020, 6020]]
    sums = lambda *series: [sum(values) for values in zip(*series)]
    return times, (
        array("given", regions, of=lambda r: [r + t for t in times])
        | array("Left.input", regions, of=lambda r: [r + t for t in times])
        | array("Right.input", regions, of=lambda r: constant(times, 100 * r))
        | array("Left.level", regions, of=lambda r: left[r - 1])
        | array("Left.change", regions, of=lambda r: [2 * (r + t) for t in times])
        | array("Right.level", regions, of=lambda r: right[r - 1])
        | array("sum of levels", regions, of=lambda r: sums(left[r - 1], right[r - 1]))
        | {"Left.scale": [2] * 4, "Left.both": sums(*left), "Right.both": sums(*right), "total": sums(*left, right[1])}
    )


@expected(rtol=1e-13)
def array_rk4():
    times = grid(0, 3, F(1, 4))
    columns = {}
    for kind, w in (("slow", 1), ("fast", 2)):
        z = w * F(1, 4)
        c, s = 1 - z**2 / 2 + z**4 / 24, z - z**3 / 6
        x, v = [F(1)], [F(0)]
        for _ in times[1:]:
            x0, v0 = x[-1], v[-1]
            x.append(c * x0 + s * v0)
            v.append(c * v0 - s * x0)
        columns |= {f"x[{kind}]": x, f"v[{kind}]": v, f"dx[{kind}]": [w * y for y in v]}
    return times, columns


@expected()
def ranking():
    times = [1, 2, 3, 4]
    still = lambda value: constant(times, value)
    # a is 6, 2, 8, 5; b is 3, 1, 3, 1 with the ties 2, 5, 1, 4.
    numbers_of = {
        "first": 2, "second": 4, "fourth": 3, "fifth": 0, "none": 0, "half": 0, "greatest": 3, "in a part": 3,
        "tied second": 4, "tied third": 1, "with ties first": 4, "with ties second": 2, "with ties third": 3,
        # 40, 30, 60, 50 and 35, 70, 20, 20
        "in boston": 1, "of all": 2, "least": 2, "most": 8,
    }
    return times, (
        {name: still(value) for name, value in numbers_of.items()}
        | {"by time": [2, 4, 1, 3]}
        | array("sorted", numbers(4), of=lambda i: still([2, 5, 6, 8][i - 1]))
        | array("lowest paid", ["Boston", "Hanover"], of=lambda c: still([2, 3][c - 1]))
    )


@expected()
def event_thresholds():
    times = list(range(6))
    bath = [1 + 2 * t for t in times]
    return times, {
        "Bath": bath,
        "filling": constant(times, 2),
        "room": [10 - level for level in bath],
        "level[Left]": bath,
        "level[Right]": [2 * level for level in bath],
    }


@expected()
def interpolation():
    times = grid(0, 4, 1)
    at = lambda rule: [rule(t / 4) for t in times]
    # Between 1, 4 and 9.
    squares = lambda part: 1 + 6 * part if part <= F(1, 2) else 4 + 5 * (2 * part - 1)
    same = lambda value: [value for _ in times]
    return times, {
        "both": at(lambda part: 15 + 1 + part),
        "row": at(lambda part: 21 + part),
        "each[a]": same(F(23, 2)),
        "each[c]": same(F(63, 2)),
        "chosen": at(lambda part: 22 if part == 1 else 21),
        "part": at(lambda part: 22 + 10 * part),
        "beyond": same(12),
        "cell": same((F(3, 2) + 1) * (F(3, 2) + 2) * squares(F(3, 4))),
        "layer": at(lambda part: 4 * 4 * squares(part)),
        "Many.between[x]": same(100 + F(3, 2)),
        "Many.between[y]": same(200 + F(3, 2)),
    }
