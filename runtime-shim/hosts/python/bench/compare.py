"""What a run, a batch and loading cost, as ratios within one run of this script.

    pip install pysd
    SIMC=path/to/simc python bench/compare.py

Without PySD its lines are left out. Times are the best of several repetitions.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import wasmtime

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import simc
from simc import _layout
from simc._engine import Instance

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
PARAMS = {"Contact Rate": 6.0, "Infectivity": 0.06, "Duration": 5.0}


def best(f: Callable[[], object], n: int, repeat: int = 7) -> float:
    """Seconds of one call."""
    return best_of([f], n, repeat)[0]


def best_of(functions: list[Callable[[], object]], n: int, repeat: int = 7) -> list[float]:
    """Seconds of one call each, measured in turns, so that a busy machine is busy for all of them."""
    times = [float("inf")] * len(functions)
    for _ in range(repeat):
        for which, f in enumerate(functions):
            begin = time.perf_counter()
            for _ in range(n):
                f()
            times[which] = min(times[which], (time.perf_counter() - begin) / n)
    return times


def line(what: str, seconds: float, remark: str = "") -> None:
    print(f"{what:<58} {seconds * 1e6:>10.1f} us   {remark}")


def main() -> None:
    model = simc.load(MODEL)
    artifact = model.artifact

    # The least that a host can do: two calls of the artifact, nothing read.
    instance = Instance(model._core.module)
    first = min(variable.slot for variable in model.parameters)
    n = len(model.parameters)
    store = instance.store
    exports = wasmtime.Instance(store, model._core.module.module, []).exports(store)
    set_values, run = exports["set_values"], exports["run"]
    instance.inputs[:n] = [variable.default for variable in model.parameters]

    def bare() -> None:
        set_values(store, first, n)
        run(store)

    def with_one_output() -> simc.Run:
        return model.run(PARAMS, return_columns=["Infectious"])

    least, mine, frame = best_of([bare, with_one_output, lambda: with_one_output().df], 1000)
    line("two bare calls of the artifact", least)
    line("model.run, 3 parameters, 1 output", mine, f"{mine / least:.2f} x the bare calls (at most 2)")
    line("the same with its DataFrame", frame, f"{frame / least:.2f} x")

    samples = np.random.default_rng(1).uniform([4, 0.04, 3], [10, 0.07, 9], (10_000, 3))
    batch = best(lambda: model.batch(samples, list(PARAMS), ["Infectious"]), 1, 3) / len(samples)
    line("a run of a batch of 10,000", batch, f"{batch / least:.2f} x the bare calls")

    engine = wasmtime.Engine()

    def engine_alone() -> None:
        wasmtime.Instance(wasmtime.Store(engine), wasmtime.Module(engine, artifact), [])

    alone, loading = best_of([engine_alone, lambda: simc.load(artifact)], 5, 20)
    reading = best(lambda: _layout.read(artifact), 200)
    line("the engine compiles and starts the artifact", alone)
    line("simc.load of its bytes", loading, f"{(loading - alone) * 1e3:.2f} ms more than the engine (at most 1)")
    line("of that, reading the layout", reading)

    try:
        import pysd
    except ImportError:
        print("PySD is not installed: no comparison")
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(MODEL, folder))
        theirs = pysd.read_xmile(str(copy))

        def run_theirs() -> Any:
            return theirs.run(params=PARAMS, return_columns=["Infectious"], saveper=1)

        ours = model.run(PARAMS, return_columns=["Infectious"])
        same = run_theirs()["Infectious"].loc[ours.times]
        difference = float(np.abs(same.to_numpy() - ours.series("Infectious")).max())
        one = best(run_theirs, 5, 5)
    line("PySD, the same run", one, f"largest difference {difference:.1e}")
    print(f"batch: {one / batch:.0f} x as fast as PySD (at least 20); model.run: {one / mine:.0f} x")


if __name__ == "__main__":
    main()
