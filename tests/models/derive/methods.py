"""Runge-Kutta methods on equations that have an exact solution in them."""

from fractions import Fraction as F

from table import constant, expected, grid


def rk4_factor(z):
    """What a step of x' = lambda x multiplies by, z = lambda h."""
    return 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24


@expected(rtol=1e-13)
def rk2_decay():
    times = grid(0, 5, F(1, 2))
    x = [64 * (1 - F(1, 4) + F(1, 32)) ** n for n in range(len(times))]
    return times, {"x": x, "loss": [v / 2 for v in x], "smoothed": x, "delayed": x}


@expected(rtol=1e-14)
def midpoint():
    times, h = grid(0, F(3, 2), F(1, 2)), F(1, 2)

    def run(first, rate):
        values = [first]
        for t in times[:-1]:
            middle = values[-1] + h / 2 * rate(t, values[-1])
            values.append(values[-1] + h * rate(t + h / 2, middle))
        return values

    x = run(F(1, 2), lambda _, x: x * x)
    parts = {n: run(F(n, 4), lambda _, x: x * x) for n in (1, 2, 3)}
    return times, {
        "x": x,
        "growth": [v * v for v in x],
        **{f"parts[{n}]": part for n, part in parts.items()},
        **{f"growth of parts[{n}]": [v * v for v in part] for n, part in parts.items()},
        "area": run(F(0), lambda t, _: t * t),
        "square": [t * t for t in times],
        "smoothed": run(F(0), lambda t, x: (t - x) / 2),
    }


@expected(rtol=1e-12)
def rk4_oscillator():
    times = grid(0, 12, F(1, 4))
    h = F(1, 4)
    # R(-i h) = c - i s: the even powers of h and the odd ones.
    c, s = 1 - h**2 / 2 + h**4 / 24, h - h**3 / 6
    x, v = [F(1)], [F(0)]
    for _ in times[1:]:
        x, v = x + [c * x[-1] + s * v[-1]], v + [c * v[-1] - s * x[-1]]
    # |R|^2 does to the energy what R does to w.
    return times, {"x": x, "v": v, "energy": [F(1, 2) * (c * c + s * s) ** n for n in range(len(times))]}


@expected(rtol=1e-14)
def rk2_time():
    times = list(range(7))
    return times, {
        "square": [t**2 for t in times],
        "cube": [t**3 + F(t, 2) for t in times],
        "stepped": [max(t - F(3, 2), 0) for t in times],
        "ramped": [max(t - 2, 0) ** 2 for t in times],
        "now": times,
    }


@expected(rtol=1e-14)
def rk4_time():
    times = list(range(7))
    return times, {
        "fourth": [t**4 for t in times],
        "fifth": [t**5 + F(t, 24) for t in times],
        "stepped": [t - 2 + F(1, 6) if t >= 2 else 0 for t in times],
        "ramped": [F(max(t - 2, 0) ** 2, 2) for t in times],
    }


@expected(rtol=1e-13)
def rk4_memory():
    times = grid(0, 5, F(1, 2))
    decay = [16 * rk4_factor(F(-1, 4)) ** n for n in range(len(times))]
    before = [-1] + times[:-1]
    delayed = [-1, -1] + times[:-2]
    gained = lambda rates: [sum(rates[:n]) / F(2) for n in range(len(times))]
    return times, {
        "p": before,
        "from previous": gained(before),
        "d": delayed,
        "from pipeline": gained(delayed),
        "from init": [3 * t for t in times],
        "u": [12 if t in (1, 3, 5) else 0 for t in times],
        "from pulses": [6 * sum(t > at for at in (1, 3, 5)) for t in times],
        "smoothed": decay,
        "delayed": decay,
        "steps": list(range(11)),
    }


@expected(rtol=1e-14)
def method_list():
    return [0, 1, 2, 3], {"x": [0, 1, 16, 81], "f": [0, 4, 32, 108]}
