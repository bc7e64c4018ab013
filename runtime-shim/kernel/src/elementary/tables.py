"""Writes tables.rs beside it: what exp.rs, log.rs and pow.rs compute with.

`python3 tables.py` writes the file, `python3 tables.py --check` says whether it is what this script gives. Everything is computed
from the definitions with 120 decimal digits and rounded once, so that each Python gives the same file.
"""

import math
import struct
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 120

LN2 = Decimal(2).ln()

# exp: e^x = 2^(k/EXP_N) * e^r with |r| <= ln(2)/(2*EXP_N).
EXP_BITS = 6
EXP_N = 1 << EXP_BITS
# Whole numbers k stay below 2^17 in size, so that k times the leading part is exact.
EXP_K_BITS = 17

# log: x = 2^k * z, and z lies in one of LOG_N equal parts of the bits from those of FIRST on. One part has 1 in its middle.
LOG_BITS = 7
LOG_N = 1 << LOG_BITS
FIRST = struct.unpack("<Q", struct.pack("<d", 1 - (75 + 2 / 3) / 256))[0] >> 32 << 32
# Leading parts are multiples of 2^-42, so that k*ln(2) plus a logarithm is exact for |k| < 2^11.
LOG_GRID = 42


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(n):
    return struct.unpack("<d", struct.pack("<Q", n))[0]


def on_grid(x, digits):
    """The nearest multiple of 2^-digits."""
    return float((x * (Decimal(2) ** digits)).to_integral_value() / (Decimal(2) ** digits))


def exact(x):
    """A float as a Decimal, exactly."""
    return Decimal(x)


def split(x, digits):
    """A multiple of 2^-digits, and what is left, rounded."""
    high = on_grid(x, digits)
    return high, float(x - exact(high))


def fit(f, nodes):
    """Coefficients from the constant up of the polynomial that is f at the nodes."""
    xs = [Decimal(node) for node in nodes]
    divided = [f(x) for x in xs]
    for order in range(1, len(xs)):
        for i in range(len(xs) - 1, order - 1, -1):
            divided[i] = (divided[i] - divided[i - 1]) / (xs[i] - xs[i - order])
    coefficients = [Decimal(0)]
    for x, d in zip(reversed(xs), reversed(divided)):
        # times (r - x), plus d
        shifted = [Decimal(0)] + coefficients
        coefficients = [s - x * c for s, c in zip(shifted, coefficients + [Decimal(0)])]
        coefficients[0] += d
    return [float(c) for c in coefficients[: len(xs)]]


def worst(f, coefficients, power, radius):
    """The largest of |r^power * (f(r) - polynomial(r))|, as a power of two."""
    largest = Decimal(0)
    for i in range(-200, 201):
        r = Decimal(radius) * (2 * i + 1) / 401
        value = sum(exact(c) * r**n for n, c in enumerate(coefficients))
        largest = max(largest, abs(r**power * (f(r) - value)))
    return math.log2(largest)


def exp_tables():
    rows = []
    for i in range(EXP_N):
        value = Decimal(2) ** (Decimal(i) / EXP_N)
        high = float(value)
        rows.append((high, float((value - exact(high)) / value)))
    step = LN2 / EXP_N
    # k has EXP_K_BITS bits and the leading part 53 - EXP_K_BITS; the step is below 2^(1 - EXP_BITS).
    high, low = split(step, EXP_BITS + 1 + 53 - EXP_K_BITS)
    radius = float(step / 2)
    # Zeros of the cubic Chebyshev polynomial in r^2, moved so that its first zero is 0: the error is r^2 times a cubic.
    half = radius * radius / (1 + math.cos(math.pi / 6))
    middle = half * math.cos(math.pi / 6)
    nodes = [math.sqrt(middle), -math.sqrt(middle), math.sqrt(2 * middle), -math.sqrt(2 * middle)]

    def rest(r):
        return (r.exp() - 1 - r) / (r * r)

    coefficients = fit(rest, nodes)
    return rows, high, low, float(EXP_N / LN2), coefficients, worst(rest, coefficients, 2, radius)


def part(i):
    """First and last number of a part, and the distance of neighbours at its low end."""
    low, end = from_bits(FIRST + (i << (52 - LOG_BITS))), from_bits(FIRST + ((i + 1) << (52 - LOG_BITS)) - 1)
    return low, end, 53 if low < 1 else 52


def farthest(inverse, low, end):
    """The largest |z*inverse - 1| of a part."""
    return max(abs(Fraction(low) * inverse - 1), abs(Fraction(end) * inverse - 1))


def inverse_of(i):
    """A short number near 1/z for the z of a part, with which z*inverse - 1 is an f64 exactly, and as near to 0 as can be."""
    low, end, digits = part(i)
    best = None
    for grid in (7, 8, 9):
        inverse = Fraction(round(Fraction(2**grid * 2) / (Fraction(low) + Fraction(end))), 2**grid)
        r = farthest(inverse, low, end)
        # z*inverse - 1 is a multiple of 2^-(digits + grid) that needs at most 53 bits. With 32 bits of z it is one of 2^-42.
        if r <= Fraction(2**53, 2 ** (digits + grid)) and (best is None or r < best[1]):
            best = (inverse, r)
    return best


def log_tables():
    rows, radius = [], Fraction(0)
    for i in range(LOG_N):
        inverse, r = inverse_of(i)
        value = -(Decimal(inverse.numerator) / Decimal(inverse.denominator)).ln()
        high, low = split(value, LOG_GRID)
        # The first sum of pow.rs loses nothing when its second addend's exponent is no larger than the first's.
        if high != 0 and math.frexp(abs(high))[1] < math.frexp(float(r))[1]:
            raise SystemExit(f"part {i} is too wide for its logarithm")
        rows.append((float(inverse), high, low))
        radius = max(radius, r)
    radius = float(radius)
    high, low = split(LN2, LOG_GRID)

    def rest(r):
        return ((1 + r).ln() - r + r * r / 2) / r**3

    def chebyshev(n):
        return [radius * math.cos(math.pi * (2 * j + 1) / (2 * n)) for j in range(n)]

    fits = []
    for n in (5, 6):
        coefficients = fit(rest, chebyshev(n))
        fits.append((coefficients, worst(rest, coefficients, 3, radius)))
    return rows, high, low, radius, fits


def number(x):
    """A float that Rust reads to the bit, and that no lint takes for a constant of its own."""
    return f"f64::from_bits(0x{bits(x):016x})"


def numbers(xs):
    return ", ".join(number(x) for x in xs)


def column(xs):
    return "[\n" + "".join(f"    {number(x)},\n" for x in xs) + "]"


def words(xs):
    return ", ".join(f"0x{bits(x):016x}" for x in xs)


def text():
    exp_rows, exp_high, exp_low, exp_inverse, exp_coefficients, exp_error = exp_tables()
    log_rows, log_high, log_low, log_radius, fits = log_tables()
    ln, pow_ = fits
    lines = [
        "//! Written by tables.py: constants of [`super::exp`], [`super::log`] and [`super::pow`]. Change that script instead.",
        "",
        f"/// The bits of 2^(i/{EXP_N}) as an f64, and those of how much more it is, as a part of itself.",
        f"pub(super) static EXP: [[u64; 2]; {EXP_N}] = [",
        *[f"    [{words(row)}]," for row in exp_rows],
        "];",
        "",
        f"/// {EXP_N}/ln(2).",
        f"pub(super) const STEPS_PER_UNIT: f64 = {number(exp_inverse)};",
        f"/// ln(2)/{EXP_N}: a part that a whole number below 2^{EXP_K_BITS} multiplies exactly, and the rest.",
        f"pub(super) const STEP: [f64; 2] = [{numbers([exp_high, exp_low])}];",
        f"/// (e^r - 1 - r)/r^2 for |r| up to half a step; e^r is wrong by 2^{exp_error:.1f} at most.",
        f"pub(super) const EXP_REST: [f64; {len(exp_coefficients)}] = {column(exp_coefficients)};",
        "",
        f"/// The bits of the first number of the first of {LOG_N} parts.",
        f"pub(super) const FIRST: u64 = 0x{FIRST:016x};",
        "/// For each part the bits of a short number near 1/z, with which z*inverse - 1 is an f64 exactly, and of the logarithm of its\n/// reciprocal:",
        f"/// a multiple of 2^-{LOG_GRID}, and the rest.",
        f"pub(super) static LOG: [[u64; 3]; {LOG_N}] = [",
        *[f"    [{words(row)}]," for row in log_rows],
        "];",
        "",
        f"/// ln(2): a multiple of 2^-{LOG_GRID}, and the rest.",
        f"pub(super) const LN2: [f64; 2] = [{numbers([log_high, log_low])}];",
        f"/// (ln(1 + r) - r + r^2/2)/r^3 for |r| <= 2^{math.log2(log_radius):.2f}; ln(1 + r) is wrong by 2^{ln[1]:.1f} at most.",
        f"pub(super) const LN_REST: [f64; {len(ln[0])}] = {column(ln[0])};",
        f"/// The same, wrong by 2^{pow_[1]:.1f} at most.",
        f"pub(super) const POW_REST: [f64; {len(pow_[0])}] = {column(pow_[0])};",
    ]
    return "\n".join(lines) + "\n"


def main(arguments):
    path = Path(__file__).with_name("tables.rs")
    if arguments == ["--check"]:
        if path.read_text() != text():
            sys.exit("tables.rs is not what tables.py gives: run it")
    elif not arguments:
        path.write_text(text())
    else:
        sys.exit("usage: tables.py [--check]")


if __name__ == "__main__":
    main(sys.argv[1:])
