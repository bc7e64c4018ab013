"""Batches: here, in threads, in processes; and what analyses want."""

from __future__ import annotations

import math
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import simc
from conftest import Artifact

PARAMS = ["Contact Rate", "Duration"]
SAMPLES = np.random.default_rng(1).uniform([4, 3], [10, 9], (40, 2))


def test_a_batch_is_single_runs(sir: simc.Model) -> None:
    batch = sir.batch(SAMPLES, PARAMS, ["Infectious", "Recovered"])
    assert batch.values.shape == (40, 2, 121) and batch.titles == ("Infectious", "Recovered") and not batch.errors
    for sample, values in zip(SAMPLES, batch.values):
        run = sir.run(dict(zip(PARAMS, sample)))
        assert values[0].tolist() == run.series("Infectious").tolist()
        assert values[1].tolist() == run.series("Recovered").tolist()
    assert batch["Infectious"].shape == (40, 121)
    assert batch.series(3, "Recovered").tolist() == batch.values[3, 1].tolist()
    assert batch["INFECTIOUS "].tolist() == batch["Infectious"].tolist()
    with pytest.raises(simc.UnknownNameError):
        batch["Susceptible"]
    with pytest.raises(simc.UnknownNameError, match="did you mean `Infectious`") as error:
        batch["Infectous"]
    assert error.value.suggestion == "Infectious"


def test_what_is_kept(sir: simc.Model) -> None:
    full = sir.batch(SAMPLES, PARAMS)
    assert full.titles == ("Susceptible", "Infectious", "Recovered")
    last = sir.batch(SAMPLES, PARAMS, "Infectious", math.inf)
    assert last.values[:, 0, 0].tolist() == full.values[:, 1, -1].tolist()
    # Rows in any order, as often as they are asked for.
    every = sir.time.times.tolist()
    for at in ([0, 5, 2], [2, 2, 2, 5], every[::-1], [7] * len(every), every, every[3:9], [4, 5, 7, 6]):
        chosen = sir.batch(SAMPLES, PARAMS, "Infectious", at=at)
        assert chosen.times.tolist() == at
        assert chosen.values[:, 0].tolist() == full.values[:, 1][:, [every.index(it) for it in at]].tolist()
    some = sir.batch(SAMPLES, PARAMS, ["Infectious"], at=[60, 0, 30])
    assert some.times.tolist() == [60, 0, 30]
    assert some.values[:, 0].tolist() == full.values[:, 1][:, [60, 0, 30]].tolist()
    for wrong in 0.25, -1, 121, math.nan, "noon", [0, 1.5]:
        with pytest.raises(simc.BadTimeError):
            sir.batch(SAMPLES, PARAMS, at=wrong)  # type: ignore[arg-type]


def test_samples_of_all_kinds(sir: simc.Model) -> None:
    pandas = pytest.importorskip("pandas")
    expected = sir.batch(SAMPLES, PARAMS).values.tolist()
    mappings = [dict(zip(PARAMS, sample)) for sample in SAMPLES]
    frame = pandas.DataFrame(SAMPLES, columns=PARAMS)
    for batch in sir.batch(mappings), sir.batch(frame), sir.batch(SAMPLES.tolist(), PARAMS):
        assert batch.values.tolist() == expected
    assert len(sir.batch([])) == 0 and len(sir.batch([], PARAMS)) == 0
    assert sir.batch(SAMPLES, PARAMS).df.shape == (40 * 121, 3)
    assert sir.batch(SAMPLES, PARAMS, at=60).df.shape == (40, 3)


@pytest.mark.parametrize(
    ("samples", "params", "code"),
    [
        ([[1.0]], ["nothing"], "unknown-name"),
        ([[1.0]], ["Infectious"], "not-settable"),
        ([[1.0, 2.0]], ["Duration"], "shape"),
        ([1.0, 2.0], ["Duration"], "shape"),
        ([["a"]], ["Duration"], "shape"),
        ([[1.0], [1.0, 2.0]], ["Duration"], "shape"),
        ([[1.0]], None, "shape"),
        ([[1.0, 2.0]], ["Duration", "duration"], "ambiguous-name"),
        ([[1.0], [math.nan]], ["Duration"], "bad-value"),
        ([[math.inf]], ["Duration"], "bad-value"),
        ([{"Duration": 1.0}, {"Duratoin": 1.0}], None, "unknown-name"),
    ],
)
def test_what_is_refused(sir: simc.Model, samples: Any, params: Any, code: str) -> None:
    with pytest.raises(simc.SimcError) as error:
        sir.batch(samples, params)
    assert error.value.code == code


def test_threads(sir: simc.Model) -> None:
    with ThreadPoolExecutor(3) as executor:
        batch = sir.batch(SAMPLES, PARAMS, executor=executor)
    assert batch.values.tolist() == sir.batch(SAMPLES, PARAMS).values.tolist()
    with pytest.raises(TypeError, match="submit"):
        sir.batch(SAMPLES, PARAMS, executor=object())  # type: ignore[arg-type]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes(sir: simc.Model, method: str) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as executor:
        batch = sir.batch(SAMPLES, PARAMS, executor=executor)
        other = sir.batch([dict(zip(PARAMS, it)) for it in SAMPLES], executor=executor)
    assert batch.values.tolist() == other.values.tolist() == sir.batch(SAMPLES, PARAMS).values.tolist()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
def test_a_forked_process_compiles(artifact: Artifact) -> None:
    content = artifact("array_stocks").read_bytes()
    # The engine has run here, so that its threads exist, which a fork does not have.
    simc.load(artifact("teacup"))
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as executor:
        assert executor.submit(_compile, content).result(timeout=60) == simc.load(content).run().csv()


def _compile(content: bytes) -> str:
    return simc.load(content).run().csv()


def test_errors_of_other_processes(artifact: Artifact) -> None:
    model = simc.load(artifact("line"))
    samples = [[3.0], [0.0], [3.0], [0.0], [3.0]]
    with ProcessPoolExecutor(2) as executor:
        batch = model.batch(samples, ["transit time"], executor=executor)
    assert [run for run, _ in batch.errors] == [1, 3]
    assert all(isinstance(error, simc.TransportError) and error.variable == "belt" for _, error in batch.errors)


def test_problems(sir: simc.Model) -> None:
    problem = sir.problem(PARAMS, {"Duration": (5, 9)})
    assert problem == {"num_vars": 2, "names": PARAMS, "bounds": [[0.0, 30.0], [5.0, 9.0]]}
    assert sir.problem(PARAMS, {" contact_rate": (1, 2)})["bounds"] == [[1, 2], [1, 30]]
    for other in "Contct Rate", "Infectivity", "Infectious":
        with pytest.raises((simc.UnknownNameError, simc.NotSettableError)):
            sir.problem(PARAMS, {other: (1, 2)})
    assert sir.problem()["num_vars"] == 5
    f = problem.evaluator("Infectious", max)
    values = f(SAMPLES)
    assert values.shape == (40,)
    assert values.tolist() == sir.batch(SAMPLES, PARAMS, "Infectious").values.max(axis=(1, 2)).tolist()
    assert pickle.loads(pickle.dumps(f))(SAMPLES).tolist() == values.tolist()
    several = sir.evaluator(["Infectious", "Recovered"], params=PARAMS)(SAMPLES)
    assert several.shape == (40, 2)
    assert pickle.loads(pickle.dumps(problem)) == problem
    with pytest.raises(simc.NotSettableError):
        sir.problem(["Infectious"])
    with pytest.raises(simc.UnknownNameError):
        sir.evaluator("nothing")


def test_salib(sir: simc.Model) -> None:
    salib = pytest.importorskip("SALib")
    problem = sir.problem(PARAMS)
    sp = salib.ProblemSpec(problem)
    sp.sample_sobol(64).evaluate(problem.evaluator("Infectious", max)).analyze_sobol()
    total = sp.analysis["ST"]
    assert total.shape == (2,) and np.isfinite(total).all()


def test_a_function(sir: simc.Model) -> None:
    f = pickle.loads(pickle.dumps(sir.function(["Infectious"])))
    assert f(contact_rate=6)["Infectious"].tolist() == sir.run({"Contact Rate": 6}).series("Infectious").tolist()


@pytest.mark.parametrize("at", [[0, 2, 1, 3], [0, 0, 2], [3, 2, 1, 0], [120, *range(119), 119], [5, 5, 5]])
def test_times_in_any_order(sir: simc.Model, at: list[float]) -> None:
    batch = sir.batch([{}], at=at)
    whole = sir.batch([{}])
    assert batch.times.tolist() == at
    assert batch.values.tolist() == whole.values[:, :, np.asarray(at)].tolist()


def test_bounds_by_any_spelling(sir: simc.Model) -> None:
    assert sir.problem(["Contact Rate"], {"contact rate": (5, 9)})["bounds"] == [[5.0, 9.0]]
    wrong: list[tuple[list[str], Any, type[simc.SimcError]]] = [
        (["Contact Rate"], {"Contact Rat": (5, 9)}, simc.UnknownNameError),
        (["Contact Rate"], {"Infectious": (5, 9)}, simc.NotSettableError),
        (["Contact Rate"], {"Contact Rate": (1, 2, 3)}, simc.ShapeError),
        (["Contact Rate"], {"Contact Rate": 3}, simc.ShapeError),
        (["Contact Rate"], {"Contact Rate": (9, 5)}, simc.BadValueError),
        (["Contact Rate"], {"Contact Rate": (0, math.nan)}, simc.BadValueError),
        (["Contact Rate", "contact rate"], {}, simc.AmbiguousNameError),
    ]
    for names, bounds, error in wrong:
        with pytest.raises(error):
            sir.problem(names, bounds)


def test_what_a_batch_refuses_before_its_first_run(sir: simc.Model) -> None:
    with pytest.raises(simc.BadTimeError):
        sir.batch([{}], at=[[1, 2], [3, 4]])
    with pytest.raises(simc.BadValueError):
        sir.batch(np.ma.masked_array([[6.0], [7.0]], [[True], [False]]), ["Contact Rate"])
    assert len(sir.batch([[6], [7]], ["Contact Rate"], executor=np.int64(2))) == 2


def test_the_time_is_no_output_of_a_batch(sir: simc.Model) -> None:
    batch = sir.batch([{}], outputs=["time", "Infectious"])
    assert batch.titles == ("Infectious",) and batch.values.shape == (1, 1, 121)
