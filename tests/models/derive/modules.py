"""Models used as modules."""

from fractions import Fraction as F

from table import constant, expected, grid


@expected(rtol=1e-13)
def modules_twice():
    times = grid(0, 5, F(1, 2))
    upper = [80 * F(7, 8) ** n for n in range(len(times))]
    lower = [10 * n * F(7, 8) ** (n - 1) for n in range(len(times))]
    return times, {
        "Upper.level": upper,
        "Upper.outflow": [x / 4 for x in upper],
        "Upper.inflow": constant(times, 0),
        "Lower.level": lower,
        "Lower.inflow": [x / 4 for x in upper],
        "lost": [80 - a - b for a, b in zip(upper, lower)],
        "total": constant(times, 80),
    }


@expected()
def modules_nested():
    times = [0, 1, 2, 3]
    return times, {
        "Country.given": [t + 1 for t in times],
        "Country.City.given": [2 * t + 2 for t in times],
        "Country.City.Street.houses": [2 + 100 * t for t in times],
        "Country.City.Street.pace": constant(times, 100),
        "Country.City.Street.result": [4 + 102 * t for t in times],
        "Country.City.result": [24 + 122 * t for t in times],
        "Country.result": [131 + 122 * t for t in times],
        "deepest": [4 + 102 * t for t in times],
        "middle": [48 + 244 * t for t in times],
    }


@expected()
def module_tables():
    times = [0, 1, 2]
    return times, {
        "profile": constant(times, 1),
        "Given.curve": constant(times, 1),
        "Given.at": [1, 3, 7],
        "Given.called": [2, 5, 7],
        "Given.Inner.shape": constant(times, 1),
        "Given.Inner.at": [1, 3, 7],
        "Given.Inner.area": constant(times, 7),
        "Kept.shape": constant(times, 10),
        "Kept.at": [10, 20, 30],
        "Kept.area": constant(times, 40),
        "Third.at": [5, 6, 8],
    }
