"""Writes NAME.expected.csv beside every model: `python3 tests/models/derive`.

Nothing here reads a model or simulates one. Each function states what one model must give, by a closed form,
by an explicit recurrence, or by hand; exact numbers are fractions and are rounded once, when they are written.
"""

import sys

sys.dont_write_bytecode = True

import arrays
import transports
import data
import delays
import draws
import expressions
import flows
import lookups
import mdl
import memory
import methods
import modules
import samples
import stella
import steps
import structure
import vectors
import vensim
from table import write

for topic in (
    expressions, lookups, flows, delays, memory, methods, steps, modules, structure, arrays, vectors, transports, data, draws,
    samples, stella, vensim, mdl,
):
    for name, derive in vars(topic).items():
        if getattr(derive, "is_expected", False):
            write(name, derive.rtol, derive())
