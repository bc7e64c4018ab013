"""Operators and functions of numbers."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction as F
from math import inf, nan, sqrt
from statistics import NormalDist

from table import constant, expected, grid

getcontext().prec = 50


def always(values, times=(0, 1)):
    """Columns that do not change."""
    return list(times), {title: constant(times, value) for title, value in values.items()}


@expected(rtol=1e-15)
def precedence():
    return always({
        "minus square": -4,  # -(2^2)
        "power tower": 262144,  # 4^(3^2)
        "signs in exponents": 2.0 ** -0.125,  # 2^(-(2^(-3)))
        "minus root": -sqrt(2),  # -(2^0.5)
        "power of product": 16,  # (2^3)*2
        "product first": 14,
        "parentheses": 20,
        "subtract left": 12,  # (20 - 5) - 3
        "divide left": 5,  # (100/10)/2
        "divide multiply": 9,  # (6/2)*3
        "mod then times": 6,  # (7 MOD 4)*2
        "times then mod": 2,  # (2*7) MOD 4
        "mod and sum": 4,  # 1 + (7 MOD 4)
        "minus mod": 2,  # (-3) MOD 5
        "safe divide left": 16,  # (8 // 2)*4
        "safe divide and sum": 1,  # (8 // 0) + 1
        "mixed": 7,  # 10 - (2*(3^2))/6
        "two signs": 3,
        "signs": 3,
        "minus minus": 7,
        "not binds tight": 0,  # (NOT 3) > 2
        "not in sum": 2,  # (NOT 0) + 1
        "not of parentheses": 0,
        "not not": 1,
        "sum before comparison": 1,
        "comparison before equality": 1,  # (3 > 2) = 1
        "comparisons left": 0,  # (3 > 2) > 1
        "rising comparisons": 1,  # (1 < 2) < 3
        "equality left": 1,  # (2 <> 3) = 1
        "equality before and": 1,
        "and before or": 1,  # 1 OR (0 AND 0)
        "parentheses before and": 0,
        "or last": 1,  # (0 AND 0) OR 1
        "else takes all": 2,  # IF 1 THEN 2 ELSE (3 + 4)
        "else takes all again": 7,
        "if in parentheses": 6,
        "nested if": 3,
    })


@expected()
def literals():
    return always({
        "integer": 42, "leading point": 0.34, "trailing point": 3, "exponent": 1000, "signed exponent": 0.25, "plus exponent": 150,
        "third": 1.0 / 3.0, "tenths": 0.30000000000000004, "not quite nothing": 2.0 ** -54, "left to right": 0.6000000000000001, "grouped": 0.6,
        "negative zero": 0, "over negative zero": -inf, "smallest": 5e-324, "below the smallest": 0, "largest": 1.7976931348623157e308,
        "above the largest": inf, "long fraction": 0.1, "year": 1.0 / (365.25 * 24.0),
    })


@expected(rtol=1e-14)
def elementary():
    times = grid(-1, 4, F(1, 2))
    x = [Decimal(t.numerator) / Decimal(t.denominator) for t in times]
    log = lambda v: v.ln() if v > 0 else Decimal("-Infinity") if v == 0 else Decimal("NaN")
    log10 = lambda v: v.log10() if v > 0 else Decimal("-Infinity") if v == 0 else Decimal("NaN")
    root = lambda v: v.sqrt() if v >= 0 else Decimal("NaN")
    return times, {
        "x": x,
        "absolute": [abs(v) for v in x],
        "exponential": [v.exp() for v in x],
        "logarithm": [log(v) for v in x],
        "decadic": [log10(v) for v in x],
        "also decadic": [log10(v) for v in x],
        "root": [root(v) for v in x],
        "power of two": [Decimal(2) ** v for v in x],
        "square": [v * v for v in x],
        "three halves": [v * root(v) for v in x],
        "cubed": [v * v * v for v in x],
        "to the nought": constant(x, 1),
        "there and back": x,
    }


@expected(rtol=1e-14)
def trigonometry():
    h, r = 0.5, sqrt(3) / 2
    sine = [0, h, r, 1, r, h, None, -h, -r, -1, -r, -h, None]
    cosine = [1, r, h, None, -h, -r, -1, -r, -h, None, h, r, 1]
    tangent = [0, r / h / 3, h / r * 3, None, -h / r * 3, -r / h / 3, None, r / h / 3, h / r * 3, None, -h / r * 3, -r / h / 3, None]
    times = list(range(13))
    u = [F(t, 6) - 1 for t in times]
    # Where the algebraic value is known: u = -1, -1/2, 0, 1/2, 1; elsewhere the functions of this language's library.
    arcsine = [math.asin(v) if v else 0 for v in u]
    arcsine[3], arcsine[9] = -math.pi / 6, math.pi / 6
    arctangent = [math.atan(v) if v else 0 for v in u]
    arctangent[0], arctangent[12] = -math.pi / 4, math.pi / 4
    # TIME/6 - 1 is rounded to a multiple of 2^-53, which near u = 1 the inverse functions magnify: those cells are left out.
    near_one = lambda values: [None if 0.9 > abs(v) > 0.8 else value for v, value in zip(u, values)]
    return times, {
        "angle": [t * math.pi / 6 for t in times],
        "sine": sine,
        "cosine": cosine,
        "tangent": tangent,
        "circle": constant(times, 1),
        "arcsine": near_one(arcsine),
        "arccosine": near_one([math.pi / 2 - a if abs(v) < 1 else math.pi * (1 - v) / 2 for v, a in zip(u, arcsine)]),
        "arctangent": arctangent,
        "right angle": constant(times, math.pi / 2),
        "outside": [math.pi / 2] + [nan] * 12,
    }


@expected()
def rounding():
    times = grid(-3, 3, F(1, 2))
    return times, {
        "x": times,
        "floor": [-3, -3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3],
        "ceiling": [-3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, 3],
        "nearest": [-3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, 3],
        "mod two": [1, F(3, 2), 0, F(1, 2), 1, F(3, 2), 0, F(1, 2), 1, F(3, 2), 0, F(1, 2), 1],
        "mod minus two": [-1, F(-1, 2), 0, F(-3, 2), -1, F(-1, 2), 0, F(-3, 2), -1, F(-1, 2), 0, F(-3, 2), -1],
        "mod one and a half": [0, F(1, 2), 1] * 4 + [0],
        "fraction": [0, F(1, 2)] * 6 + [0],
        "mod nought": constant(times, nan),
        "parity": [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1],
    }


@expected()
def extremes():
    return list(range(5)), {
        "greater": [3, 2, 2, 3, 4],
        "lesser": [0, 1, 1, 0, -1],
        "of three": [3, 2, 2, 3, 4],
        "least of three": [0, 1, 1, 0, -1],
        "clipped": [1, 1, 2, 3, 3],
        "nan first": [nan] * 5,
        "nan second": [nan] * 5,
        "unbounded": [0, 1, 2, 3, 4],
        "distance": [3, 1, 1, 3, 5],
    }


@expected()
def safe_division():
    return [-2, -1, 0, 1, 2], {
        "plain": [-3, -6, inf, 6, 3],
        "two arguments": [-3, -6, 0, 6, 3],
        "three arguments": [-3, -6, 99, 6, 3],
        "operator": [-3, -6, 0, 6, 3],
        "fallback changes": [-3, -6, 5, 6, 3],
        "tiny": [-(2**39), -(2**40), -1, 2**40, 2**39],
        "nought over nought": [1, 1, 1, 1, 1],
    }


@expected()
def logic():
    return [0, 1, 2, 3], {
        "p": [0, 1, 0, 1],
        "q": [0, 0, 1, 1],
        "both": [0, 0, 0, 1],
        "either": [0, 1, 1, 1],
        "neither": [1, 0, 0, 0],
        "not p": [1, 0, 1, 0],
        "exclusive": [0, 1, 1, 0],
        "less": [1, 1, 0, 0],
        "at most": [1, 1, 1, 0],
        "more": [0, 0, 0, 1],
        "at least": [0, 0, 1, 1],
        "equal": [0, 0, 1, 0],
        "unequal": [1, 1, 0, 1],
        "choice": [20, 10, 20, 10],
        "by function": [20, 20, 10, 10],
        "chosen by a number": [10, 10, 20, 10],
        "guarded": [0, 6, 3, 2],
        "sum of truths": [0, 1, 2, 3],
        "exact": [0, 0, 0, 0],
        "lower case": [0, 1, 1, 0],
        "missing is true": [1, 1, 1, 1],
        "missing equals nothing": [0, 0, 0, 0],
    }


@expected()
def time_builtins():
    times = grid(-1, F(3, 2), F(1, 4))
    share = [F(n, 10) for n in range(11)]
    return times, {
        "now": times,
        "also now": times,
        "step length": constant(times, F(1, 4)),
        "first": constant(times, -1),
        "last": constant(times, F(3, 2)),
        "steps": constant(times, 10),
        "elapsed share": share,
        "half turn": constant(times, math.pi),
        "no limit": constant(times, inf),
        "no lower limit": constant(times, -inf),
        "at the start": [1] + [0] * 10,
        "at the end": [0] * 10 + [1],
    }


@expected()
def not_a_number():
    times, values = always({
        "zero": 0, "plus": inf, "minus": -inf, "neither": nan, "total": nan, "product": nan, "root": nan, "log of zero": -inf, "log of less": nan,
        "overflow": inf, "underflow": 0, "is not itself": 1, "compares false": 0, "above all": 1, "spent": 0, "lost": nan,
    }, (0, 1, 2))
    return times, values | {"endless": [5, inf, inf], "late": [1, 2, nan], "sudden": [1, nan, 1]}


@expected()
def names():
    return always({
        "by underscore": 21, "by case": 22, "by quotes": 23, "by many underscores": 24, "a-b": 5, "a+b": 7, "difference": -2,
        "größer": 9, "double": 18, "joined": 11, "100% share": 11, "quoted share": 1, "money": 24, "keyword": 14, "apostrophe": 15, "same": 0, "numbered": 32,
        "qualified": 3,
    })


@expected()
def markup():
    return always({
        "entities": 1, "numeric references": 6, "cdata": 2, "split cdata": 15, "xml comment": 6, "braces": 10, "lines": 15,
        "tom & jerry": 7, "quoted pair": 14, "no blanks": 15, "tabs": 20,
    })


@expected(rtol=1e-12)
def further_functions():
    times = [-2 + n / 2 for n in range(11)]
    each = lambda f: [f(x) for x in times]
    whole = lambda x: math.floor(abs(x))
    away = lambda x: math.copysign(math.floor(abs(x) + 0.5), x)
    normal = NormalDist()
    root = lambda x, n: math.copysign(abs(x) ** (1 / n), x)
    loan = 1.01**36
    saved = 1.02**12
    growth = (1.1**0.5 - 1) / 0.5
    return times, {
        "sign": each(lambda x: (x > 0) - (x < 0)),
        "rounded": each(away),
        "rounded negative": each(lambda x: away(-x)),
        "percent": each(lambda x: 12.5 * x),
        "also percent": each(lambda x: 12.5 * x),
        "cube root": each(lambda x: root(x, 3)),
        "fourth root": each(lambda x: x**0.25 if x >= 0 else nan),
        "quantum": each(lambda x: 1.5 * math.trunc(x / 1.5)),
        "no quantum": times,
        "hyperbolic sine": each(math.sinh),
        "hyperbolic cosine": each(math.cosh),
        "hyperbolic tangent": each(math.tanh),
        "angle": each(lambda x: math.atan2(x, -1)),
        # A quarter of the period at each whole time.
        "sine wave": each(lambda x: None if x % 2 == 0 else 10 * math.sin(math.pi * x / 2)),
        "cosine wave": each(lambda x: None if x % 2 == 1 else 10 * math.cos(math.pi * x / 2)),
        "factorial": each(lambda x: math.factorial(whole(x))),
        "combinations": each(lambda x: math.comb(5, whole(x))),
        "permutations": each(lambda x: math.perm(5, whole(x))),
        "gamma": each(lambda x: math.lgamma(abs(x) + 1) if x else 0),
        "quantile": each(lambda x: normal.inv_cdf((x + 3) / 10)),
        "between": each(lambda x: normal.cdf(x) - normal.cdf(-1)),
        "between others": constant(times, normal.cdf(1) - normal.cdf(-1)),
        # value*growth + payment*(growth - 1)/rate + result = 0
        "future value": each(lambda x: 100 * (loan - 1) / 0.01 - x * loan),
        "present value": each(lambda x: -(100 * (saved - 1) / 0.02 + x) / saved),
        "payment": each(lambda x: -(10000 * loan + x) * 0.01 / (loan - 1)),
        "payment without interest": each(lambda x: -(100 + x) / 10),
        "compound growth": constant(times, growth),
        # On at -1 and -0.5, at 1 and 1.5, at 3: the last one would begin behind the end.
        "pulses": [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0],
        "narrow pulses": [0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1],
        "one pulse": [0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0],
        "ramp": [10, 10, 10, 12, 14, 16, 18, 20, 20, 20, 20],
        "counter": [1, 1.5, 2, 2.5, 1, 1.5, 2, 2.5, 1, 1.5, 2],
        "fast counter": [0, 2, 4, 6, 8, 0, 2, 4, 6, 8, 0],
        "idle counter": constant(times, 5),
        # Ten per cent in each time unit, whatever the step is.
        "balance": [100 * 1.1 ** (n / 2) for n in range(11)],
    }
