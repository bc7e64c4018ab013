"""Functions of whole vectors: order, selection, inverses, allocation."""

from fractions import Fraction as F
from math import erfc, exp, nan, sqrt

from arrays import array
from table import constant, expected

ITEMS = ["a", "b", "c", "d", "e"]
ROWS = ["one", "two"]
COLUMNS = ["left", "right"]
REGIONS = ["North", "South", "West"]
PAIR = ["low", "high"]


@expected(rtol=1e-13)
def vectors():
    times = [0, 1, 2]
    still = lambda value: constant(times, value)
    along = lambda name, values: array(name, ITEMS, of=lambda i: still(values[i - 1]))
    rows = lambda name, values: array(name, ROWS, ITEMS, of=lambda r, i: still(values[r - 1][i - 1]))
    # v is -25, 18, 27, -2, 2; w is 3, 1, 3, 2, 1.
    single = {
        "median": 2, "median of four": 8, "median of all": 3, "mode": 1,
        # 4, 1, -2, -2, -1
        "mode of differences": -2,
        # 2*-25 + 2*27 + 1*-2
        "sum of selected": 2, "greatest selected": 27, "none selected": -1, "two on": -2, "beyond": nan,
    }
    # At TIME 1 and 2, v + 20*TIME*w is 35, 38, 87, 38, 22 and 95, 58, 147, 78, 42.
    moving = [[1, 4, 5, 2, 3], [2, 3, 5, 4, 1], [4, 2, 5, 3, 1]]
    # The determinant of 4, 7; 2, 6 + t is 10 + 4t.
    inverse = lambda r, c: [F(n, 10 + 4 * t) for t in times for n in [[[6 + t, -7], [-2, 4]][r - 1][c - 1]]]
    return times, (
        {name: still(value) for name, value in single.items()}
        | along("up", [0, 3, 4, 1, 2])
        | along("down", [2, 1, 4, 3, 0])
        | along("rank", [1, 4, 5, 2, 3])
        | along("rank down", [5, 2, 1, 4, 3])
        | along("sorted", [-25, -2, 2, 18, 27])
        | along("at once", [-25, -2, 2, 18, 27])
        | along("next", [18, 27, -2, 2, nan])
        | array("moving", ITEMS, of=lambda i: [ranks[i - 1] for ranks in moving])
        # 5, 4, 3, 2, 1 and 1, 3, 5, 4, 2
        | rows("of rows", [[4, 3, 2, 1, 0], [0, 4, 1, 3, 2]])
        | rows("of bare rows", [[4, 3, 2, 1, 0], [0, 4, 1, 3, 2]])
        | array("of columns", ITEMS, ROWS, of=lambda i, r: still([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]][i - 1][r - 1]))
        # 4*3 + 3*1 + 2*3 + 1*2 + 0*1 and 0*3 + 4*1 + 1*3 + 3*2 + 2*1
        | array("first of rows", ROWS, of=lambda r: still([23, 15][r - 1]))
        | array("median of rows", ROWS, of=lambda r: still(3))
        | array("selected in rows", ROWS, of=lambda r: still([5, 5][r - 1]))
        | {
            # -25 and 27: their product, the least and the greatest of them
            "by action": [-675, -25, 27],
            "by time": [2, 1, 1],
        }
        | array("inverse", ROWS, COLUMNS, of=inverse)
        | along("doubled ranks", [2, 8, 10, 4, 6])
        # At b: the median of 4 and 3, and the rank 1 in w.
        | along("doubled in parts", [2, 9, 10, 8, 6])
        | array("total of order", ROWS, of=lambda r: still([23, 15][r - 1]))
        # Ranks 5, 4, 3, 2, 1 and 1, 3, 5, 4, 2, times w.
        | array("sum of doubled", ROWS, of=lambda r: still([2 * 33, 2 * 31][r - 1]))
        # Each element follows from the one before, and from twice that with the median 2.
        | along("chain", [1, 4 + 4, 18 + 5, 48 + 2, 102 + 3])
        | along("linked", [4, 18, 48, 102, 212])
        | array("Part.x", ROWS, ITEMS, of=lambda r, i: still((i - 2) * (r + 3 - i)))
        # -3, 0, 1, 0, -3 and -4, 0, 2, 2, 0
        | array("Part.order", ROWS, ITEMS, of=lambda r, i: still([[0, 4, 1, 3, 2], [0, 1, 4, 2, 3]][r - 1][i - 1]))
        | array("Part.centre", ROWS, of=lambda r: still(0))
        | array("product", ROWS, COLUMNS, of=lambda r, c: still(1 if r == c else None))
    )


@expected(rtol=1e-12)
def allocation():
    times = [0, 1, 2, 3, 4]
    still = lambda value: constant(times, value)
    regions = lambda name, values: array(name, REGIONS, of=lambda r: still(values[r - 1]))
    pair = lambda name, low: array(name, PAIR, of=lambda p: still([low, 1 - low][p - 1]))
    # Curves one wide around 1, 2 and 3 meet at their ends: the price runs through one after the other.
    rectangles = [[0, 0, 0], [0, 0, F(9, 4)], [0, F(1, 2), 4], [F(3, 4), 2, 4], [3, 2, 4]]
    by_price = lambda name: array(name, REGIONS, of=lambda r: [row[r - 1] for row in rectangles])
    # Served from 0.07, 0.05 and 0 on, 10, 20 and 5 in a unit of time. All of them are being served when the supply, TIME, is 1 or more:
    # 35*end = TIME + 1 + 0.7.
    end = lambda t: F(t) / 35 + F(17, 350)
    served = [lambda t: 10 * (end(t) - F(7, 100)), lambda t: 20 * (end(t) - F(5, 100)), lambda t: 5 * end(t)]
    by_priority = lambda r: [served[r - 1](t) if t > 0 else 0 for t in times]
    # The most urgent first: 5 in each step, the rest of the requests 3, 2, 4 being asked for.
    stock = [[0, 0, 0], [0, 1, 4], [3, 2, 4], [3, 2, 4], [3, 2, 4]]
    delivery = [[0, 1, 4], [3, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    return times, (
        by_price("rectangles")
        | by_price("by row")
        | by_price("by profile")
        | by_price("bare")
        | {"given out": [F(9, 4) * t for t in times]}
        # At the price 2, in the middle between the priorities 1 and 3.
        | pair("steps", 0)
        | pair("triangles", F(1, 8))
        | pair("normals", erfc(1 / sqrt(2)) / 2)
        | pair("exponentials", exp(-1) / 2)
        # At the square root of 3: r/(1 + r) with r = m/price.
        | pair("elastic", 1 / (1 + sqrt(3)))
        # 1 is asked for at any price, then 3.
        | array("fixed first", PAIR, of=lambda p: [[min(t, 1), max(0, t - 1)][p - 1] for t in times])
        | regions("whole units", [2, 2, 1])
        | array("of products", ["Tea", "Milk"], REGIONS, of=lambda p, r: still([[0, F(1, 2), 4], [0, 1, 8]][p - 1][r - 1]))
        | array("by priority", REGIONS, of=by_priority)
        | regions("strictly", [0, 7, 5])
        | array("Stock", REGIONS, of=lambda r: [row[r - 1] for row in stock])
        | array("delivery", REGIONS, of=lambda r: [row[r - 1] for row in delivery])
    )
