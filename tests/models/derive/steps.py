"""Times, rows and the test inputs that depend on them."""

from fractions import Fraction as F

from table import constant, expected, grid


@expected()
def step_ramp_pulse():
    times = grid(0, 6, F(1, 2))
    on = lambda *at: [12 if t in at else 0 for t in times]
    return times, {
        "step up": [10 if t >= 2 else 0 for t in times],
        "step down": [15 if t >= 3 else 20 for t in times],
        "from the start": constant(times, 1),
        "before the start": constant(times, 1),
        "never": constant(times, 0),
        "changing height": [t if t >= 2 else 0 for t in times],
        "ramp": [2 * max(t - 1, 0) for t in times],
        "ramp with end": [2 * min(max(t - 1, 0), 2) for t in times],
        "ramp down": [-min(max(t - 2, 0), 2) for t in times],
        "ended before it began": constant(times, 0),
        "pulse once": on(1),
        "pulse train": on(1, 3, 5),
        "interval of nought": on(2),
        "negative interval": on(2),
        "every step": [12 if t >= 1 else 0 for t in times],
        "pulses": [6 * sum(t > at for at in (1, 3, 5)) for t in times],
        "pulsing": on(1, 3, 5),
    }


@expected()
def off_grid_inputs():
    times = list(range(9))
    on = lambda *at: [1 if t in at else 0 for t in times]
    return times, {
        "step early": [1 if t >= 2 else 0 for t in times],
        "step half": [1 if t >= 3 else 0 for t in times],
        "step late": [1 if t >= 3 else 0 for t in times],
        "pulse early": on(2),
        "pulse half": on(2),
        "pulse late": on(3),
        # Pulses at 1, 3.5, 6, 8.5: those on a half take the earlier step.
        "train of two and a half": on(1, 3, 6, 8),
        "train of one third": [1 if t >= 1 else 0 for t in times],
        "ramp": [0, 0, 1, 3, 5, 5.5, 5.5, 5.5, 5.5],
        # Pulses at -1, 2, 5, 8.
        "pulse before": on(2, 5, 8),
    }


@expected()
def save_interval():
    counts = range(0, 16, 3)
    return [F(n, 4) for n in counts], {
        "steps": list(counts),
        "before": [F(n - 1, 4) if n else -1 for n in counts],
        "pipe": [n - 2 if n else -1 for n in counts],
        "grain": [2**n for n in counts],
    }


@expected(rtol=1e-13)
def reciprocal_dt():
    times = grid(0, 4, F(1, 8))
    return times, {"x": [1000 * F(15, 16) ** n for n in range(len(times))], "step length": constant(times, F(1, 8))}


@expected()
def default_dt():
    return [1, 2, 3, 4, 5], {"x": [3, 6, 12, 24, 48], "step length": [1] * 5}


@expected()
def tenths():
    counts = range(11)
    return [n * 0.1 for n in counts], {
        "i": list(counts),
        "now": [n * 0.1 for n in counts],
        "off": [0] * 11,
        "step at three tenths": [1 if n >= 3 else 0 for n in counts],
        "pulse at seven tenths": [10 if n == 7 else 0 for n in counts],
    }


@expected(rtol=1e-14)
def three_tenths():
    times = [1.0 + n * 0.3 for n in range(4)]
    return times, {"i": [0, 1, 2, 3], "now": times, "x": [1, 2, 4, 8]}


@expected(rtol=1e-14)
def thirds():
    counts = range(31)
    return [n * (1.0 / 3.0) for n in counts], {
        "i": list(counts),
        "now": [n * (1.0 / 3.0) for n in counts],
        "third delayed": [n - 3 if n >= 3 else -1 for n in counts],
        "x": list(counts),
    }


@expected()
def long_steps():
    return [0, 3], {"x": [1, 4], "now": [0, 3]}
