"""Functions as Vensim computes them."""

import math
from fractions import Fraction as F

from draws import call, quantile, truncated, uniforms
from table import constant, expected, grid


@expected(rtol=1e-14)
def vensim_inputs():
    times = grid(0, 5, F(1, 4))
    dt = F(1, 4)
    within = lambda first, last: [1 if first <= t <= last else 0 for t in times]
    rise = lambda slope, start, end: [slope * (min(t, max(end, start)) - start) if t > start else 0 for t in times]
    line = lambda low, high, start, end: [
        low if t <= start else high if t >= end else low + (high - low) * (t - start) / (end - start) for t in times
    ]
    rates = [
        (1 if t >= 1 else 0) + a + b
        for t, a, b in zip(times, rise(4, 2, 100), line(F(0), F(8), 1, 3))
    ]
    content = [F(0)]
    for rate in rates[:-1]:
        content.append(content[-1] + dt * rate)
    missing = -(2.0**109)
    return times, {
        "p0": within(2, 2),
        "p1": within(1, F(5, 4)),
        # T + 0.125 lies between 1.1 and 1.4 for T = 1 and 1.25.
        "late": within(1, F(5, 4)),
        # 1 < T + 0.125 < 1.1 holds for no T.
        "narrow": constant(times, 0),
        "train": [1 if t in (1, F(5, 4), F(5, 2), F(11, 4)) else 0 for t in times],
        "up": [7 if t >= F(3, 2) else 0 for t in times],
        "rise": rise(2, 1, F(5, 2)),
        "endless": rise(2, 1, 100),
        "backward": constant(times, 0),
        "line": line(F(10), F(20), 1, 3),
        "Content": content,
        "filling": rates,
        "bits": constant(times, 3),
        "digits": constant(times, 3),
        "played": [3 * t for t in times],
        "missing": constant(times, missing),
        "is missing": constant(times, 1),
        "next[a]": constant(times, 20),
        "next[b]": constant(times, 30),
        "next[c]": constant(times, missing),
        "as ever": constant(times, -9 - 10 + 37800 + F(4, 10)),
        "times": [t + F(5, 2) + 500 + 2500 for t in times],
    }


@expected(rtol=1e-11)
def vensim_delays():
    dt = F(1, 2)
    times = grid(0, 12, dt)
    steps = range(len(times))
    source = [2 if t < F(3, 2) else 3 for t in times]
    changing = [2 if t < 3 else 4 for t in times]

    def delay(n, time_at, first, inputs=source):
        levels = [F(first) * time_at(0) / n] * n
        out = []
        for step in steps:
            stage = F(time_at(step)) / n
            flows = [level / stage for level in levels]
            out.append(flows[-1])
            levels = [
                level + dt * (inflow - outflow)
                for level, inflow, outflow in zip(levels, [inputs[step], *flows], flows)
            ]
        return out

    def smooth(n, time_at, first):
        levels = [F(first)] * n
        out = []
        for step in steps:
            out.append(levels[-1])
            stage = F(time_at(step)) / n
            levels = [
                level + dt * (upstream - level) / stage for level, upstream in zip(levels, [source[step], *levels])
            ]
        return out

    always = lambda time: lambda step: F(time)
    fixed = lambda n, first, value: [first if step < n else value(times[step - n]) for step in steps]

    def many(item):
        inputs = [item * x for x in source]
        # As many levels as the time has steps: two for the time 1.
        order = min(3, 2 * item)
        return [a + b for a, b in zip(delay(order, always(item), item, inputs), delay(1, always(item), 2 * item, inputs))]

    # Two levels of the time 1 each, which start with 1 and take in one more than comes out of the second.
    a, b = F(1), F(1)
    round_ = []
    for _ in steps:
        round_.append(b)
        a, b = a + dt * (b + 1 - a), b + dt * (a - b)
    return times, {
        "first": delay(1, always(4), 2),
        "third": delay(3, always(6), 2),
        "swinging": delay(3, always(dt), 2),
        "from one": delay(1, always(4), 1),
        "from one of three": delay(3, always(6), 1),
        "smoothed": smooth(1, always(4), 2),
        "smoothed thrice": smooth(3, always(6), 2),
        "smoothed from one": smooth(1, always(4), 1),
        "smoothed thrice from one": smooth(3, always(6), 1),
        "of two": delay(2, always(4), 2),
        "shortened to two": delay(2, always(F(5, 4)), 2),
        "of the least length": delay(3, always(F(3, 2)), 2),
        "shortened to one": delay(1, always(F(1, 5)), 2),
        # The time of the step before.
        "of a changing time": delay(2, lambda step: changing[max(step - 1, 0)], 1),
        "smooth of a changing time": smooth(2, lambda step: changing[step], 5),
        "smooth shortened to two": smooth(2, always(F(5, 4)), 5),
        "many[1]": many(1),
        "many[2]": many(2),
        "many[3]": many(3),
        "at once": fixed(1, 99, lambda t: 10 + t),
        "of the first time": fixed(4, -1, lambda t: t),
        "round": round_,
        "goal": [x + 1 for x in round_],
    }


@expected(rtol=1e-12)
def vensim_trends():
    dt = F(1, 2)
    times = grid(0, 6, dt)
    sales = [10 + 2 * max(t - 1, 0) for t in times]
    losses = [-x for x in sales]

    def averages(first, inputs):
        values = [first]
        for x in inputs[:-1]:
            values.append(values[-1] + dt * (x - values[-1]) / 4)
        return values

    up = averages(F(10) / (1 + F(1, 10) * 4), sales)
    even, down = averages(F(10), sales), averages(F(-10), losses)
    trend = lambda x, a: (x - a) / (4 * abs(a))
    ahead = lambda x, a: x * (1 + (x - a) / (4 * a) * 2)

    def worth(first, rate):
        discount, total, values = first, F(5), []
        for x in sales:
            values.append(2 * (total + x * dt * discount))
            total += dt * x * discount
            discount -= dt * rate * discount / (1 + rate * dt)
        return values

    tenth = F(1, 10)
    # Fiscal periods of two steps, three of them; 4 in each before the start.
    spent = lambda q: 4 if q < 0 else dt * sum(sales[2 * q : 2 * q + 2])
    written_off = [x / F(3) + F(spent(n // 2 - 1) + spent(n // 2 - 2)) / 3 for n, x in enumerate(sales)]
    sums = [dt * sum(sales[: n + 1]) for n in range(len(times))]
    return times, {
        "trend": [trend(x, a) for x, a in zip(sales, up)],
        "trend of losses": [trend(x, a) for x, a in zip(losses, down)],
        "trend of little": constant(times, 0),
        "ahead": [ahead(x, a) for x, a in zip(sales, even)],
        "ahead of losses": [ahead(x, a) for x, a in zip(losses, down)],
        "worth": worth(F(1), tenth),
        "worth at the end": worth(1 / (1 + tenth * dt), tenth),
        "undiscounted": sums,
        "written off": written_off,
        "written off at once": sales,
        "sampled": [-1 if t <= 2 else x if t < 4 else 15 for t, x in zip(times, sales)],
        "sampled at once": [10 if t == 0 else F(21, 2) for t in times],
        "at first": constant(times, 30),
    }


@expected(rtol=1e-13)
def vensim_lookups():
    times = grid(-1, 5, F(1, 2))
    missing = -(2.0**109)
    x, y = [0, 1, 1, 2, 4], [1, 1, 3, 2, 6]
    slopes = {0: 0, 1: None, 2: F(1, 2), 4: 2}

    def slope(t, beyond):
        if t < 0 or t > 4:
            return beyond[0 if t < 0 else 1]
        if t in slopes:
            return missing if slopes[t] is None else slopes[t]
        return 0 if t < 1 else -1 if t < 2 else 2

    # From 0 on; the first and the last y go on beyond the ends.
    def area(t):
        if t <= 1:
            return F(t)
        if t <= 2:
            return 1 + (t - 1) * (3 + 3 - (t - 1)) / F(2)
        if t <= 4:
            return F(7, 2) + (t - 2) * (2 + 2 + 2 * (t - 2)) / F(2)
        return F(23, 2) + 6 * (t - 4)

    at = [1, 2, 3, 5, 8, 9, 10]
    values = [4, -1, 7, 2, 2, 9, 0]
    points = list(zip(at, values))

    def between(t, mode):
        if t < 1 or t > 10:
            return missing
        before = max(p for p in points if p[0] <= t)
        behind = min(p for p in points if p[0] >= t)
        if mode > 0 or before == behind:
            return behind[1]
        if mode < 0:
            return before[1]
        return before[1] + (t - before[0]) * F(behind[1] - before[1], behind[0] - before[0])

    within = lambda first, last: [v for t, v in points if first <= t <= last]
    moment = [2 * t for t in times]
    some = lambda f, t: f(within(t, t + 4)) if within(t, t + 4) else missing
    held = lambda t: between(min(max(t, 1), 10), 0)
    return times, {
        "slope": [slope(t, (0, 0)) for t in times],
        "slope of the nearest": [slope(t, (0, 2)) for t in times],
        "slope or nothing": [slope(t, (missing, missing)) for t in times],
        "area": [area(t) - area(F(1, 2)) for t in times],
        "at": [dict(points).get(t, missing) for t in moment],
        "interpolated": [between(t, 0) for t in moment],
        "next": [between(t, 1) for t in moment],
        "last": [between(t, -1) for t in moment],
        "first time": constant(times, 1),
        "last time": constant(times, 10),
        "points": [len(within(t, t + 4)) for t in moment],
        "mean": [some(lambda v: F(sum(v), len(v)), t) for t in moment],
        "least": [some(min, t) for t in moment],
        "greatest": [some(max, t) for t in moment],
        "all": constant(times, 100 * 7 - 1 + 9 * 10),
        "backward": constant(times, 0),
        "shifted": [held(t + 2) for t in times],
        "or ten": [10 if between(t, 0) == missing else between(t, 0) for t in moment],
        "by region[1]": [between(t, 0) for t in moment],
        "by region[2]": [4 * t if 0 <= t <= 5 else missing for t in moment],
        "peak[1]": constant(times, 9),
        "peak[2]": constant(times, 20),
    }


@expected(rtol=1e-12)
def vensim_draws():
    dt = 0.5
    times = grid(0, 4, F(1, 2))
    steps = range(len(times))
    draws = lambda step, name, place: uniforms(step, 1, call(name, place))
    normal = lambda step, name, place: truncated(draws(step, name, place), -6, 6)

    def trials(numbers, p, n):
        return sum(next(numbers) < p for _ in range(n))

    # The noise of each step and the first one are draws of their own.
    level, noise = 100 + 15 * normal(0, "noise", 0), []
    for step in steps:
        noise.append(level)
        white = 100 + 15 * math.sqrt((2 - dt / 4) / (dt / 4)) * truncated(uniforms(step, 1, call("noise", 0) + 1), -6, 6)
        level += dt * (white - level) / 4
    mean = math.gamma(1.5)
    return times, {
        "lifetime": [3 + 5 * math.sqrt(-math.log(1 - next(draws(s, "lifetime", 0)))) / mean for s in steps],
        "successes": [1 + 2 * trials(draws(s, "successes", 0), 0.3, 6) for s in steps],
        "noise": noise,
        "flat": constant(times, 17),
        "later": [t + 2 for t in times],
        "at first": constant(times, 2),
    }
