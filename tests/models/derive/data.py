"""Values from tables: what stands in the table, interpolated by hand where times lie between."""

from fractions import Fraction as F

from table import constant, expected, grid


@expected()
def data_series():
    times = grid(-1, 5, 1)
    # The integral of a rate that rises from 0 at 0 to 4 at 2, falls to 0 at 4, and is 0 elsewhere.
    level = [0, 0, 1, 4, 7, 8, 8]
    given = [5, 5, F(11, 2), 6, F(13, 2), 7, 7]
    return times, {
        "demand[North]": [10, 10, 15, 20, 30, 40, 40],
        "demand[South]": [1, 1, F(3, 2), 2, F(5, 2), 3, 3],
        "input": given,
        "partly[North]": constant(times, 7),
        "partly[South]": [0, 0, 2, 4, 6, 8, 8],
        "twice": [2 * value for value in given],
        "level": level,
        "rate": [0, 0, 2, 4, 2, 0, 0],
    }


@expected()
def data_constants():
    times = [0, 1, 2]
    people = [10, 15, F(45, 2)]
    groups = {
        f"groups[{region},{cohort}]": constant(times, 10 * (9 * at + cohort))
        for at, region in enumerate(("North", "South"))
        for cohort in range(1, 10)
    }
    return times, {
        "people": people,
        "births": [value / 2 for value in map(F, people)],
        "birth rate": constant(times, F(1, 2)),
        "weight[North]": constant(times, 1),
        "weight[South]": constant(times, 9),
        "share[North]": constant(times, F(1, 4)),
        "share[South]": constant(times, F(3, 4)),
        "formula": constant(times, 3),
        "effect": [0, 20, 40],
        "inner.deep": constant(times, F(5, 2)),
    } | groups
