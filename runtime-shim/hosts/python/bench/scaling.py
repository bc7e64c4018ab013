"""What more workers are worth: a batch here, in a pool of one and of two, on Dask and on Ray.

pip install "simc[dask,ray]"
SIMC=path/to/simc python bench/scaling.py

Runs take about 2 ms each. Times are the best of several, in turns. On a machine that is busy with other things the
seconds say little, and the processor time of all processes together more: what it is beyond that of the batch here
is what sending costs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import ray
from distributed import Client, LocalCluster

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import psutil

import simc

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
RUNS, REPEAT = 1_000, 3
PARAMS = ["Contact Rate", "Duration"]


def processor_time() -> float:
    """Seconds of processor time of this process and of those that it has started, as far as they live."""
    total = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total


def main() -> None:
    os.environ["PYTHONPATH"] = str(Path(simc.__file__).parents[1])
    model = simc.load(MODEL, options=["--dt", "0.00048828125"])
    samples = np.random.default_rng(1).uniform([4, 3], [10, 9], (RUNS, 2))

    def batch(executor: Any) -> Callable[[], simc.Batch]:
        return lambda: model.batch(samples, PARAMS, ["Infectious"], executor=executor)

    with (
        ProcessPoolExecutor(1) as one,
        ProcessPoolExecutor(2) as two,
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        kinds = {"here": None, "a pool of one": one, "a pool of two": two, "Dask, two": client, "Ray, two": ray}
        calls = {name: batch(executor) for name, executor in kinds.items()}
        for call in calls.values():
            call()
        seconds = dict.fromkeys(calls, float("inf"))
        work = dict.fromkeys(calls, float("inf"))
        for _ in range(REPEAT):
            for name, call in calls.items():
                before, begin = processor_time(), time.perf_counter()
                call()
                seconds[name] = min(seconds[name], time.perf_counter() - begin)
                work[name] = min(work[name], processor_time() - before)
        ray.shutdown()
    print(f"{RUNS} runs of {seconds['here'] / RUNS * 1e3:.1f} ms")
    for name in calls:
        print(
            f"{name:<14} {seconds[name]:6.2f} s, {seconds['here'] / seconds[name]:5.2f} x as fast as here, "
            f"{seconds[name] / seconds['a pool of two']:5.2f} x the pool of two; "
            f"processor {work[name]:6.2f} s, {work[name] / work['here']:5.2f} x here"
        )


if __name__ == "__main__":
    main()
