"""Batches on a Dask cluster and on Ray, and tools for exploration and calibration, each as it is installed.

They are skipped where the engine is not installed, unless SIMC_ENGINES says that all are.
"""

from __future__ import annotations

import importlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simc
from conftest import Artifact

PARAMS = ["Contact Rate", "Duration"]
SAMPLES = np.random.default_rng(3).uniform([4, 3], [10, 9], (20_000, 2))


def needed(name: str) -> Any:
    return importlib.import_module(name) if os.environ.get("SIMC_ENGINES") else pytest.importorskip(name)


@pytest.fixture(scope="module")
def expected(sir: simc.Model) -> simc.Batch:
    return sir.batch(SAMPLES, PARAMS, "Infectious", executor=2)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = needed("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    ray = needed("ray")
    # What is imported here has to be found there.
    paths = os.pathsep.join([str(Path(simc.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    os.environ["PYTHONPATH"] = paths
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield ray
    ray.shutdown()


def test_dask(sir: simc.Model, expected: simc.Batch, client: Any) -> None:
    batch = sir.batch(SAMPLES, PARAMS, "Infectious", executor=client)
    assert (batch.values == expected.values).all() and len(batch.unfinished) == 0


def test_a_worker_of_dask_that_dies(sir: simc.Model, expected: simc.Batch, client: Any) -> None:
    victims: list[int] = []

    def kill(done: int, total: int) -> None:
        if not victims and done > 0:
            victims.extend(list(client.run(os.getpid).values())[:1])
            os.kill(victims[0], signal.SIGKILL)

    batch = sir.batch(SAMPLES, PARAMS, "Infectious", executor=client, progress=kill)
    assert victims and (batch.values == expected.values).all()
    client.wait_for_workers(2, timeout=300)


def test_ray(sir: simc.Model, expected: simc.Batch, ray: Any) -> None:
    batch = sir.batch(SAMPLES, PARAMS, "Infectious", executor=ray)
    assert (batch.values == expected.values).all() and len(batch.unfinished) == 0


def test_a_worker_of_ray_that_dies(sir: simc.Model, expected: simc.Batch, ray: Any) -> None:
    victims: list[int] = []

    def worker() -> int:
        time.sleep(0.1)
        return os.getpid()

    def kill(done: int, total: int) -> None:
        if not victims and done > 0:
            victims.append(ray.get(ray.remote(worker).remote()))
            os.kill(victims[0], signal.SIGKILL)

    batch = sir.batch(SAMPLES, PARAMS, "Infectious", executor=ray, progress=kill)
    assert victims and (batch.values == expected.values).all()


@pytest.mark.parametrize("engine", ["client", "ray"])
def test_failed_and_refused_runs(artifact: Artifact, request: pytest.FixtureRequest, engine: str) -> None:
    executor = request.getfixturevalue(engine)
    model = simc.load(artifact("line"))
    batch = model.batch([[3.0], [0.0], [3.0]], ["transit time"], executor=executor)
    assert [(run, error.code, error.variable) for run, error in batch.errors] == [(1, "transport", "belt")]
    with pytest.raises(simc.UnknownNameError):
        model.batch([[3.0]], ["transit tme"], executor=executor)


def test_dask_that_is_interrupted(sir: simc.Model, expected: simc.Batch, client: Any, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done > 0:
            raise KeyboardInterrupt

    with pytest.raises(simc.BatchInterrupted):
        sir.batch(SAMPLES, PARAMS, "Infectious", executor=client, folder=tmp_path, progress=interrupt)
    batch = sir.batch(SAMPLES, PARAMS, "Infectious", executor=client, folder=tmp_path)
    assert (batch.values == expected.values).all()


def test_a_million_runs(artifact: Artifact, tmp_path: Path) -> None:
    needed("tqdm")
    model = simc.load(artifact("line"))
    samples = np.full((1_000_000, 1), 3.0)
    samples[700_001] = -1
    batch = model.batch(samples, ["transit time"], ["belt"], at=np.inf, executor=2, folder=tmp_path, progress=True)
    assert [(run, error.variable) for run, error in batch.errors] == [(700_001, "belt")]
    assert np.isnan(batch.values[700_001]).all() and np.isfinite(batch.values).sum() == 999_999
    assert len(set(np.delete(batch.values, 700_001).tolist())) == 1


def test_ctrl_c_in_threads(sir: simc.Model) -> None:
    # An interrupt in the middle of the wait, as the signal brings it. One between two batches is another story.
    for _ in range(100):
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        try:
            timer.start()
            while True:
                sir.batch(SAMPLES, PARAMS, "Infectious")
        except simc.BatchInterrupted as error:
            assert error.batch.values.shape == (20_000, 1, 121)
            return
        except KeyboardInterrupt:
            continue
    raise AssertionError("no batch was interrupted")


def test_scipy(sir: simc.Model) -> None:
    optimize = needed("scipy.optimize")
    problem = sir.problem(PARAMS, {"Contact Rate": (5, 12), "Duration": (4, 12)})
    times = np.arange(0.0, 121, 10)
    data = sir.run(return_timestamps=times).series("Infectious")
    objective = problem.objective("Infectious", lambda it: float(((it - data) ** 2).sum()), times)
    found = optimize.differential_evolution(objective, problem["bounds"], vectorized=True, updating="deferred", rng=1)
    assert found.x == pytest.approx([8, 7], rel=1e-3)


def test_optuna(sir: simc.Model) -> None:
    optuna = needed("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    problem = sir.problem(PARAMS, {"Contact Rate": (5, 12), "Duration": (4, 12)})
    objective = problem.objective("Infectious", lambda it: abs(float(it.max()) - 1_000))
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    study.optimize(objective.of_trial, n_trials=60)
    assert study.best_value < 100 and set(study.best_params) == set(PARAMS)


def test_ema_workbench(sir: simc.Model) -> None:
    ema = needed("ema_workbench")
    from simc.ema import EmaModel

    model = EmaModel("sir", sir, PARAMS, ["Infectious"])
    experiments, outcomes = ema.perform_experiments(model, 12)
    assert outcomes["Infectious"].shape == (12, 121) and outcomes["time"][0].tolist() == sir.time.times.tolist()
    for row, series in zip(experiments.itertuples(), outcomes["Infectious"]):
        run = sir.run({"Contact Rate": row.Contact_Rate, "Duration": row.Duration})
        assert run.series("Infectious").tolist() == series.tolist()
    with ema.MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        _, again = evaluator.perform_experiments(12)
    assert again["Infectious"].shape == (12, 121)
