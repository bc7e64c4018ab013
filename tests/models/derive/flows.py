"""Stocks, flows and the limits on them, under Euler's method."""

from fractions import Fraction as F
from math import comb

from table import constant, expected, grid


@expected()
def worked_step():
    return [0, 1, 2, 3], {
        "S": [10, 12.5, 15.625, 19.53125],
        "f": [2.5, 3.125, 3.90625, 4.8828125],
        "a": [0, 2.5, 3.125, 3.90625],
    }


@expected(rtol=1e-13)
def growth_and_decay():
    times = grid(0, 10, F(1, 2))
    power = lambda first, rate: [first * (1 + rate * F(1, 2)) ** n for n in range(len(times))]
    population, radium, debt = power(1000, F(1, 25) - F(1, 50)), power(80, F(-1, 4)), power(-100, F(1, 10))
    return times, {
        "population": population,
        "births": [x / 25 for x in population],
        "deaths": [x / 50 for x in population],
        "radium": radium,
        "decays": [x / 4 for x in radium],
        "debt": debt,
        "interest": [x / 10 for x in debt],
    }


@expected(rtol=1e-13)
def cascade():
    times = grid(0, 5, F(1, 4))
    p = F(1, 20)
    level = lambda j: [100 * comb(n, j) * p**j * (1 - p) ** (n - j) if n >= j else 0 for n in range(len(times))]
    first = [level(j) for j in range(3)]
    rest = [100 - sum(stocks) for stocks in zip(*first)]
    return times, {"A0": first[0], "A1": first[1], "A2": first[2], "A3": rest, "ab": [x / 5 for x in first[0]], "total": constant(times, 100)}


@expected()
def net_flows():
    # Net rates at 0, 1/2, 1, 3/2: `both` gains 3 + t - 1 - 2t, `draining` loses 1 + 2t, `filling` gains 2t + 3 - t.
    return [0, 0.5, 1, 1.5, 2], {
        "both": [10, 11, 11.75, 12.25, 12.5],
        "draining": [0, -0.5, -1.5, -3, -5],
        "filling": [-5, -3.5, -1.75, 0.25, 2.5],
        "idle": [7] * 5,
    }


@expected()
def non_negative_stock():
    return [0, 0.5, 1, 1.5, 2, 2.5, 3], {
        "S": [10, 6, 2, 0, 0, 0, 0],
        "first S": [6, 6, 6, 2, 2, 2, 2],
        "second S": [4, 4, 0, 0, 0, 0, 0],
        # T: of 22 and 14 both are granted, of 6 the second takes 4 and leaves 2.
        "T": [10, 6, 2, 0, 0, 0, 0],
        "second T": [4, 4, 4, 2, 2, 2, 2],
        "first T": [6, 6, 2, 0, 0, 0, 0],
        "P": [7, 0, 0, 0, 0, 0, 0],
        "drain": [14, 0, 0, 0, 0, 0, 0],
        "drained": [0, 7, 7, 7, 7, 7, 7],
        "twice the drain": [28, 0, 0, 0, 0, 0, 0],
        "below": [5, 3, 1, -1, -3, -5, -7],
    }


@expected()
def non_negative_ring():
    return [0, 1, 2, 3], {
        "A": [4, 1, 1, 1],
        "B": [3, 6, 6, 6],
        "forth": [4, 1, 1, 1],
        "back": [1, 1, 1, 1],
        "C": [2, 1, 1, 1],
        "onward": [5, 4, 4, 4],
        "D": [6, 10, 13, 16],
        "return": [1, 1, 1, 1],
    }


@expected()
def uniflow():
    free, clipped = [3, 2, 1, 0, -1, -2, -3], [3, 2, 1, 0, 0, 0, 0]
    return list(range(7)), {
        "only forward": clipped,
        "A": [0, 3, 5, 6, 6, 6, 6],
        "both ways": free,
        "B": [0, 3, 5, 6, 6, 5, 3],
        "said false": free,
        "C": [0, 3, 5, 6, 6, 5, 3],
        "reads it": [30, 20, 10, 0, 0, 0, 0],
    }


@expected()
def behavior_defaults():
    free, clipped, drained = [1, 0, -1, -2], [1, 0, 0, 0], [2, 0, 0, 0]
    return [0, 1, 2, 3], {
        "clipped": clipped,
        "A": [0, 1, 1, 1],
        "free": free,
        "B": [0, 1, 1, 0],
        "C": drained,
        "lost C": [2, 0, 0, 0],
        "D": [2, -1, -4, -7],
        "Part.free too": free,
        "Part.E": [0, 1, 1, 0],
        "Part.clipped again": clipped,
        "Part.F": [0, 1, 1, 1],
        "Part.G": drained,
    }


@expected()
def constants():
    return [0, 1, 2], {
        "volume": [24] * 3,
        "area": [6] * 3,
        "half": [0.5] * 3,
        "sum of parts": [13] * 3,
        "root of area": [4] * 3,
        "from time": [2] * 3,
        "S": [4, 9, 14],
    }


@expected()
def outflow_order():
    times = list(range(5))
    columns = {}

    def note(**values):
        for name, value in values.items():
            columns.setdefault(name, []).append(value)

    stock = 10
    each = {"a": 10, "b": 20}
    remembering, got = 5, 1
    p, q = 6, 9
    for t in times:
        first = min(3 + t, stock + 1)
        second = min(3 + t, stock + 1 - first)
        note(S=stock, first=first, second=second, half=F(3 + t, 2), quarter=F(3 + t, 4))
        stock += 1 - first - second
        # The second outflows ask for 2 and 4: their sum is 6.
        for element, wish in (("a", 2), ("b", 4)):
            one = min(2 * wish - F(6, 4), each[element])
            two = min(wish, each[element] - one)
            note(**{f"Each[{element}]": each[element], f"out 1[{element}]": one, f"out 2[{element}]": two})
            each[element] -= one + two
        one = min(got, remembering)
        two = min(3, remembering - one)
        note(R=remembering, **{"r 1": one, "r 2": two})
        remembering, got = remembering - one - two, two
        # The first outflow of each asks for what the second one of the other asks for.
        taken = {"p 1": min(3, p), "q 1": min(4, q)}
        taken |= {"p 2": min(4, p - taken["p 1"]), "q 2": min(3, q - taken["q 1"])}
        note(P=p, Q=q, all=6, **taken)
        p, q = p - taken["p 1"] - taken["p 2"], q - taken["q 1"] - taken["q 2"]
    return times, columns
