"""One batch here, in a pool of processes, on a Dask cluster and on Ray: the same numbers, to the last bit.

pip install "simc[dask,ray,xarray]" tqdm
python clusters.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import ray
from distributed import Client, LocalCluster

import simc

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
PARAMS = ["Contact Rate", "Duration"]


def main() -> None:
    model = simc.load(MODEL)
    samples = np.random.default_rng(1).uniform([4, 3], [10, 9], (5_000, 2))
    here = model.batch(samples, PARAMS, ["Infectious"])

    # Two processes, with a bar, kept in a folder: the same call goes on from there when somebody cuts it.
    with tempfile.TemporaryDirectory() as folder:
        pool = model.batch(samples, PARAMS, ["Infectious"], executor=2, folder=folder, progress=True)

    # A cluster is whatever the client is connected to; this one is on this machine.
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        dask = model.batch(samples, PARAMS, ["Infectious"], executor=client)

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    rays = model.batch(samples, PARAMS, ["Infectious"], executor=ray)
    ray.shutdown()

    for name, batch in [("a pool", pool), ("Dask", dask), ("Ray", rays)]:
        if not (batch.values == here.values).all():
            raise SystemExit(f"{name} gives other numbers")
    data = here.to_xarray()
    print(data["Infectious"].max("time").quantile([0.05, 0.5, 0.95], "run").round(1).to_series().to_string())


if __name__ == "__main__":
    main()
