"""Random numbers: Philox4x32-10 and the distributions, written out once more from their definitions."""

import math
import struct
from statistics import NormalDist

from table import constant, expected, grid

MASK = (1 << 64) - 1


def mix(bits):
    z = (bits + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def philox(counter, key):
    for _ in range(10):
        high = [0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]]
        counter = [
            (high[1] >> 32) ^ counter[1] ^ key[0],
            high[1] & 0xFFFFFFFF,
            (high[0] >> 32) ^ counter[3] ^ key[1],
            high[0] & 0xFFFFFFFF,
        ]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter


def call(name, place):
    """The number of a call: FNV-1a of the variable's name, a zero, and how many calls of its kind the equation has before."""
    state = 0xCBF29CE484222325
    for byte in name.encode() + b"\0" + struct.pack("<Q", place):
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return max(state >> 12, 1)


def uniforms(step, seed, site=0, element=0):
    """The numbers of one draw, one after the other."""
    key = mix((mix(struct.unpack("<Q", struct.pack("<d", seed))[0]) + site) & MASK)
    key = [key & 0xFFFFFFFF, key >> 32]
    block = 0
    while True:
        words = philox([step & 0xFFFFFFFF, step >> 32, element, block], key)
        block += 1
        for low, high in (words[:2], words[2:]):
            yield (((high << 32 | low) >> 12) + 0.5) / 2**52


def uniform(step, seed, site=0, element=0):
    return next(uniforms(step, seed, site, element))


def quantile(u):
    return NormalDist().inv_cdf(u)


def poisson(u, mean):
    k, p = 0, math.exp(-mean)
    total = p
    while u > total:
        k += 1
        p *= mean / k
        total += p
    return k


def truncated(draws, low, high):
    return next(z for z in map(quantile, draws) if low <= z <= high)


TIMES = grid(0, 5, 0.5)
STEPS = range(len(TIMES))


@expected(rtol=1e-12)
def random_numbers():
    draw = lambda seed, f: [f(uniform(step, seed)) for step in STEPS]
    shape = lambda u: -math.log(1 - u)
    sigma = math.sqrt(math.log(1 + 0.25))
    chances = [uniforms(step, 12) for step in STEPS]
    return TIMES, {
        "random seed": constant(TIMES, 5),
        "unseeded": [10 * uniform(step, 5, call("unseeded", 0)) for step in STEPS],
        "also unseeded": [10 * uniform(step, 5, call("also_unseeded", 0)) for step in STEPS],
        "two in one": [
            uniform(step, 5, call("two_in_one", 0)) - uniform(step, 5, call("two_in_one", 1)) for step in STEPS
        ],
        "missing seed": [uniform(step, 5, call("missing_seed", 0)) for step in STEPS],
        "seeded": draw(7, lambda u: 10 * u),
        "seeded alike": draw(7, lambda u: 10 * u),
        "uniform": draw(7, lambda u: -1 + 2 * u),
        "normal": draw(1, lambda u: 100 + 15 * quantile(u)),
        "lognormal": draw(2, lambda u: math.exp(math.log(10) - sigma**2 / 2 + sigma * quantile(u))),
        "exponential": draw(3, lambda u: 4 * shape(u)),
        "logistic": draw(4, lambda u: 10 + 2 * math.log(u / (1 - u))),
        "pareto": draw(5, lambda u: 2 * (1 - u) ** (-1 / 3)),
        "weibull": draw(6, lambda u: 10 * shape(u) ** 0.5),
        "triangular": draw(8, lambda u: 1 + math.sqrt(4 * u) if 4 * u < 1 else 5 - math.sqrt((1 - u) * 12)),
        "poisson": draw(9, lambda u: poisson(u, 3)),
        "geometric": draw(10, lambda u: 1 + math.floor(shape(u) / -math.log(1 - 0.3))),
        "event": draw(11, lambda u: 1 if 100 * u < 40 * 0.5 else 0),
        "binomial": [sum(next(draws) < 0.3 for _ in range(6)) for draws in chances],
        "truncated": [truncated(uniforms(step, 13), -0.5, 0.5) for step in STEPS],
        "sampled": [uniform(step // 3, 14) for step in STEPS],
        "at the start": constant(TIMES, 10 * uniform(0, 7)),
    }


@expected(rtol=1e-12)
def random_arrays():
    times = [0, 1, 2]
    regions = ["North", "South"]
    products = ["Tea", "Coffee", "Milk"]
    titles = [(r, p) for r in range(2) for p in range(3)]
    columns = {}
    for r, p in titles:
        name = f"[{regions[r]},{products[p]}]"
        columns["demand" + name] = [uniform(t, 1, call("demand", 0), 3 * r + p) for t in times]
        columns["seeded" + name] = [uniform(t, 9, 0, 3 * r + p) for t in times]
    for r in range(2):
        terms = lambda t: [uniform(t, 1, call("total", 0), 3 * r + p) * (p + 1) for p in range(3)]
        columns[f"total[{regions[r]}]"] = [sum(terms(t)) for t in times]
    columns["one of them[Tea]"] = [uniform(t, 1, call("one_of_them", 0), 0) for t in times]
    columns["one of them[Coffee]"] = constant(times, 5)
    columns["one of them[Milk]"] = [2 + uniform(t, 1, call("one_of_them", 0), 2) for t in times]
    return times, columns


@expected(rtol=1e-12)
def random_rk4():
    """In the stages of a step the noise is that of the step, so it is a constant there."""
    times = [0, 1, 2, 3]
    noise = [uniform(t, 3) for t in times]
    level = [0.0]
    for x in noise[:-1]:
        level.append(level[-1] + x)
    return times, {"noise": noise, "level": level}


@expected(rtol=1e-12)
def vensim_functions():
    times = grid(0, 4, 0.5)
    steps = range(len(times))
    first, second = [0.0], [0.0]
    for _ in steps[1:]:
        second.append(second[-1] + 0.5 * (first[-1] - second[-1]))
        first.append(first[-1] + 0.5 * (10 - first[-1]))
    waiting = lambda u: -math.log(1 - u)
    # Whatever the stream is, each call has numbers of its own, from the model's seed 1.
    draws = lambda step, name, place: uniforms(step, 1, call(name, place))
    one = lambda name, place, f: [f(next(draws(step, name, place))) for step in steps]
    # 3 - 5*e is below 0 from e = 0.6 on.
    late = lambda step: next(e for e in map(waiting, draws(step, "backward", 0)) if 0.6 <= e <= 20.6)
    return times, {
        "until two": [min(3 * t, 6) for t in times],
        "never": constant(times, -5),
        "second time": [1900 + t / 4 for t in times],
        "delayed": second,
        "smoothed": second,
        "apart": constant(times, 0),
        "active": times,
        "Level": constant(times, 45),
        "target": constant(times, 92),
        "Goal": constant(times, 46),
        "fixed": constant(times, 5),
        "Fixed Level": constant(times, 45),
        "by region[1]": [100 * t for t in times],
        "by region[2]": [100 * t for t in times],
        "Regional[1]": constant(times, 10),
        "Regional[2]": constant(times, 20),
        "curved": [10 * t for t in times],
        "Curved Level": constant(times, 30),
        "zero one": one("zero_one", 0, lambda u: u),
        "even": one("even", 0, lambda u: 10 + 10 * u),
        # The sign of -0.5 is a node of its own.
        "bounded": [truncated(draws(step, "bounded", 0), -0.5, 0.5) for step in steps],
        "waiting": one("waiting", 0, lambda u: 3 + 5 * waiting(u)),
        "backward": [3 - 5 * late(step) for step in steps],
        "triangle": one("triangle", 0, lambda u: 1 + math.sqrt(4 * u) if 4 * u < 1 else 5 - math.sqrt((1 - u) * 12)),
        "arrivals": one("arrivals", 0, lambda u: 1 + 2 * poisson(u, 3)),
    }
