"""Columns of expected values, and how they become a file."""

import csv
import io
import math
import pathlib
from fractions import Fraction

FOLDER = pathlib.Path(__file__).resolve().parent.parent


def expected(rtol=0.0):
    """Marks a function that returns (times, {title: values}); a value of None is not compared."""

    def mark(derive):
        derive.is_expected = True
        derive.rtol = rtol
        return derive

    return mark


def grid(start, stop, dt):
    """Times of every step, exactly."""
    start, stop, dt = Fraction(start), Fraction(stop), Fraction(dt)
    return [start + n * dt for n in range(int((stop - start) / dt) + 1)]


def constant(times, value):
    """The same value at all times."""
    return [value for _ in times]


def cell(value):
    """The shortest decimal of the double nearest to a value."""
    if value is None:
        return ""
    number = float(value)
    if math.isnan(number):
        return "nan"
    whole = number.is_integer() and abs(number) < 1e15 and (number != 0 or math.copysign(1, number) > 0)
    return str(int(number)) if whole else repr(number)


def write(name, rtol, columns):
    times, values = columns
    text = io.StringIO()
    text.write(f"# rtol={rtol:g}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", *values])
    for row, time in enumerate(times):
        writer.writerow([cell(time), *(cell(column[row]) for column in values.values())])
    (FOLDER / f"{name}.expected.csv").write_text(text.getvalue(), encoding="utf-8")
