"""Runs: parameters, results, and what is refused."""

from __future__ import annotations

import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simc
from conftest import Artifact, compiler

pandas = pytest.importorskip("pandas")


def test_metadata(sir: simc.Model) -> None:
    assert sir.name == "SIR"
    assert sir.producer.startswith("simc ")
    assert (sir.time.start, sir.time.stop, sir.time.dt, sir.time.save_every) == (0, 120, 0.25, 4)
    assert (sir.time.method, sir.time.units, sir.time.rows, sir.time.steps) == ("euler", "day", 121, 480)
    assert [it.name for it in sir.variables[:5]] == ["time", "dt", "initial_time", "final_time", "Susceptible"]
    rate = sir.variable("contact_rate")
    assert (rate.kind, rate.units, rate.range, rate.default) == ("constant", "contact/person/day", (0, 30), 8)
    assert rate.settable and rate in sir.parameters and not sir.variable("Infection").settable
    assert rate.documentation == "How many others a person meets in a day."
    assert len(sir.sha256) == 64 and "SIR" in repr(sir)


def test_a_run_is_what_the_command_line_writes(sir: simc.Model, artifact: Artifact, tmp_path: Path) -> None:
    import subprocess

    for options, params in ([], {}), (["--set", "Contact Rate=6"], {"Contact Rate": 6}):
        done = subprocess.run(
            [compiler(), "run", artifact("sir"), *options], capture_output=True, check=True, text=True
        )
        assert sir.run(params).csv() == done.stdout
    sir.run({"Contact Rate": 6}, output_file=tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == sir.run({"Contact Rate": 6}).csv()


@pytest.mark.parametrize("name", ["Contact Rate", "contact_rate", ' "CONTACT  rate" ', "contact\u00a0rate"])
def test_spellings(sir: simc.Model, name: str) -> None:
    assert np.array_equal(sir.run({name: 6}).series("infectious"), sir.run({"Contact Rate": 6}).series("Infectious"))


def test_a_run_starts_from_the_defaults(sir: simc.Model) -> None:
    before = sir.run().series("Infectious").copy()
    changed = sir.run({"Contact Rate": 6, "Duration": 3}).series("Infectious")
    assert not np.array_equal(before, changed)
    assert np.array_equal(sir.run({"Infectivity": 0.05}).series("Infectious"), before)
    assert np.array_equal(sir.run().series("Infectious"), before)


def test_results(sir: simc.Model) -> None:
    run = sir.run(return_columns=["Infectious", "Recovered"])
    assert (run.rows, run.complete, run.state, run.titles) == (121, True, "complete", ("Infectious", "Recovered"))
    assert run.series("Infectious").shape == (121,)
    assert run.value("Infectious") == run.series("Infectious")[-1]
    assert run.value("Infectious", 0) == 10
    assert list(run.columns_of()) == ["time", "Infectious", "Recovered"]
    assert run.df.columns.tolist() == ["Infectious", "Recovered"]
    assert run.df.index.name == "time" and run.df.index[-1] == 120
    assert run["infectious"].loc[30] == run.series("Infectious")[30]
    assert run.max().shape == (2,), "what is not defined here is the DataFrame's"
    assert "Infectious" in run and "Duration" not in run and "nothing" not in run
    with pytest.raises(ValueError, match="read-only"):
        sir.run().times[0] = 99
    for masked in np.ma.masked, np.ma.array([8.0], mask=[True]):
        with pytest.raises(simc.ShapeError):
            sir.run({"Contact Rate": masked})
    with pytest.raises(ValueError, match="read-only"):
        run.series("Infectious")[0] = 1
    with pytest.raises(simc.UnknownNameError, match="was asked for"):
        run.series("Susceptible")
    with pytest.raises(IndexError):
        run.value("Infectious", 121)
    again = pickle.loads(pickle.dumps(run))
    assert np.array_equal(again.series("Infectious"), run.series("Infectious"))


def test_timestamps(sir: simc.Model) -> None:
    full = sir.run()
    run = sir.run(return_timestamps=[0, 30, 60])
    assert run.times.tolist() == [0, 30, 60]
    assert run.series("Infectious").tolist() == full.series("Infectious")[[0, 30, 60]].tolist()
    assert sir.run(return_timestamps=120).df.index.tolist() == [120]
    between = sir.run(return_timestamps=[0.5, 0, 10.25, 10])
    assert between.times.tolist() == [0.5, 0, 10.25, 10]
    assert between.series("Infectious")[3] == full.series("Infectious")[10]
    assert full.series("Infectious")[10] < between.series("Infectious")[2] < full.series("Infectious")[11]
    for wrong in 30.1, -1, 121, math.nan, "noon":
        with pytest.raises(simc.BadTimeError):
            sir.run(return_timestamps=wrong)  # type: ignore[arg-type]


def test_arrays(artifact: Artifact) -> None:
    model = simc.load(artifact("allocation"))
    parameter = model.variable("profile")
    default = parameter.default
    assert isinstance(default, np.ndarray) and default.shape == parameter.shape
    base = model.run()
    same = model.run({parameter.name: default})
    flat = model.run({parameter.name: default.reshape(-1).tolist()})
    nested = model.run({parameter.name: default.tolist()})
    by_element = model.run({parameter.name: {t.split("[")[1][:-1]: v for t, v in zip(parameter.titles, default.flat)}})
    for run in same, flat, nested, by_element:
        assert np.array_equal(run.df.to_numpy(), base.df.to_numpy(), equal_nan=True)
    array = base.array(parameter.name)
    assert array.shape == (base.rows, *parameter.shape)
    assert np.array_equal(base.series(parameter.titles[-1]), array.reshape(base.rows, -1)[:, -1])
    assert base[parameter.name].columns.tolist() == list(parameter.titles)
    with pytest.raises(simc.ShapeError):
        base.series(parameter.name)
    for wrong in [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], np.zeros((1, 1, 1))]:
        with pytest.raises(simc.ShapeError) as error:
            model.run({parameter.name: wrong})
        assert error.value.variable == parameter.name


def test_xarray(artifact: Artifact) -> None:
    xarray = pytest.importorskip("xarray")
    model = simc.load(artifact("allocation"))
    run = model.run()
    variable = next(it for it in model.variables if it.dimensions)
    array = run.xarray(variable.name)
    assert array.dims == ("time", *[dimension.name for dimension in variable.dimensions])
    assert np.array_equal(array.values, run.array(variable.name))
    assert variable.name in run.to_xarray()
    parameter = model.variable("profile")
    values = xarray.DataArray(
        parameter.default,
        {dim.name: list(dim.elements) for dim in parameter.dimensions},
        [d.name for d in parameter.dimensions],
    )
    assert np.array_equal(model.run({parameter.name: values[::-1]}).df, run.df, equal_nan=True), "aligned by labels"
    with pytest.raises(simc.ShapeError):
        model.run({parameter.name: values.rename({values.dims[0]: "elsewhere"})})


@pytest.mark.parametrize(
    ("params", "kind", "code"),
    [
        ({"Contct Rate": 6}, simc.UnknownNameError, "unknown-name"),
        ({"Contct Rate": 6}, KeyError, "unknown-name"),
        ({"Contct Rate": 6}, NameError, "unknown-name"),
        ({5: 6}, simc.UnknownNameError, "unknown-name"),
        ([("Contact Rate", 6.0), ("contact_rate", 7.0)], simc.AmbiguousNameError, "ambiguous-name"),
        ({"Infectious": 6}, simc.NotSettableError, "not-settable"),
        ({"Infection": 6}, simc.NotSettableError, "not-settable"),
        ({"time": 6}, simc.NotSettableError, "not-settable"),
        ({"Contact Rate": [1.0, 2.0]}, simc.ShapeError, "shape"),
        ({"Contact Rate": "6"}, simc.ShapeError, "shape"),
        ({"Contact Rate": None}, simc.ShapeError, "shape"),
        ({"Contact Rate": True}, simc.ShapeError, "shape"),
        ({"Contact Rate": {"North": 6.0}}, simc.ShapeError, "shape"),
        ({"Contact Rate[1]": 6.0}, simc.ShapeError, "shape"),
        ({"Contact Rate": [[1.0], [2.0, 3.0]]}, simc.ShapeError, "shape"),
        ({"Contact Rate": 1j}, simc.ShapeError, "shape"),
        ("Contact Rate", simc.ShapeError, "shape"),
        ({"Contact Rate": math.nan}, simc.BadValueError, "bad-value"),
        ({"Contact Rate": math.inf}, ValueError, "bad-value"),
        ({"Contact Rate": np.float64("-inf")}, simc.BadValueError, "bad-value"),
        ({"Contact Rate": 10**400}, simc.BadValueError, "bad-value"),
    ],
)
def test_what_is_refused(sir: simc.Model, params: Any, kind: type[Exception], code: str) -> None:
    before = sir.run().csv()
    with pytest.raises(kind) as caught:
        sir.run(params)
    assert isinstance(caught.value, simc.SimcError)
    assert caught.value.code == code
    assert str(caught.value)[0].isalnum() or str(caught.value)[0] == "`", "a sentence, no representation"
    assert sir.run().csv() == before
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.code, str(again), again.name, again.variable) == (
        code,
        str(caught.value),
        caught.value.name,
        caught.value.variable,
    )


def test_suggestions(sir: simc.Model) -> None:
    with pytest.raises(simc.UnknownNameError, match="did you mean `Contact Rate`") as error:
        sir.run({"Contct Rate": 6})
    assert (error.value.name, error.value.suggestion) == ("Contct Rate", "Contact Rate")
    with pytest.raises(simc.UnknownNameError) as error:
        sir.run(return_columns=["entirely different"])
    assert error.value.suggestion is None
    with pytest.raises(simc.UnknownNameError) as error:
        sir.variable("Infectous")
    assert error.value.suggestion == "Infectious"


def test_numbers_of_all_kinds(sir: simc.Model) -> None:
    expected = sir.run({"Contact Rate": 6.0}).csv()
    for six in 6, np.float32(6), np.int64(6), np.array(6.0), [6], np.array([6.0]), (6,):
        assert sir.run({"Contact Rate": six}).csv() == expected


def test_time_series(sir: simc.Model) -> None:
    level = pandas.Series([6.0, 6.0], index=[0.0, 120.0])
    assert sir.run({"Contact Rate": level}).csv() == sir.run({"Contact Rate": 6}).csv()
    drop = pandas.Series([8.0, 8.0, 2.0], index=[0.0, 29.75, 30.0])
    run = sir.run({"Contact Rate": drop}, return_columns=["Infectious", "Contact Rate"])
    with sim_of(sir) as sim:
        sim.run_to(29.75).set("Contact Rate", 2).run_to_end()
        assert np.array_equal(sim.series("Infectious"), run.series("Infectious"))
    assert set(run.series("Contact Rate").tolist()) == {8.0, 2.0}
    with pytest.raises(simc.BadValueError):
        sir.run({"Contact Rate": pandas.Series([1.0, math.nan], index=[0.0, 1.0])})
    dates = pandas.to_datetime(["2020", "2021"])
    for odd in (
        pandas.Series([1, 2], index=dates),
        pandas.Series([1, 2], index=dates - dates[0]),
        pandas.Series([1, 2], index=["0", "1"]),
        pandas.Series([1, 2], index=[False, True]),
        pandas.Series([True, False], index=[0, 1]),
        pandas.Series([1, True], index=[0, 1], dtype=object),
        pandas.Series(["1", "2"], index=[0, 1]),
    ):
        with pytest.raises(simc.ShapeError, match="numbers, indexed by times"):
            sir.run({"Contact Rate": odd})
    whole = pandas.Series([6, 6], index=[0, 120])
    assert sir.run({"Contact Rate": whole}).csv() == sir.run({"Contact Rate": level}).csv()
    with pytest.raises(simc.ShapeError, match="time series"):
        sir.sim({"Contact Rate": level})


def test_runs_without_rows(sir: simc.Model, artifact: Artifact, tmp_path: Path) -> None:
    head = sir.run().csv().partition("\n")[0] + "\n"
    out = tmp_path / "out.csv"
    runs = [sir.sim().run(), sir.run(return_timestamps=[]), sir.run(final_time=-1, output_file=str(out))]
    assert [run.csv() for run in runs] == [head] * 3 and out.read_text() == head
    assert all(len(column) == 0 for column in runs[0].columns_of().values())
    with pytest.raises(simc.TransportError) as error:
        simc.load(artifact("line")).run({"transit time": 0})
    assert error.value.run.csv().count("\n") == 1


STOPPED = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
xmlns:isee="http://iseesystems.com/XMILE"><header><name>Stopped</name></header>
<sim_specs isee:save_interval="1"><start>0</start><stop>10</stop><dt>0.25</dt></sim_specs>
<model><variables><aux name="v"><eqn>TIME</eqn><event_poster min="0" max="99">
<threshold value="6.1"><event sim_action="stop">enough</event></threshold></event_poster></aux></variables></model>
</xmile>"""


def test_times_behind_a_stop(tmp_path: Path) -> None:
    path = tmp_path / "stopped.xmile"
    path.write_text(STOPPED)
    model = simc.load(path, cache=False)
    for asked, given in (
        ([0.25, 5, 7.25, 9], [0.25, 5]),
        ([7.25, 0.5], [0.5]),
        ([8.25], []),
        ([0, 5, 7, 9], [0, 5]),
        ([6.25, 0, 6.25], [6.25, 0, 6.25]),
    ):
        run = model.run(return_timestamps=asked)
        assert (run.times.tolist(), run.series("v").tolist()) == (given, given), asked
        assert run.state == ("stopped" if max(asked) > 6.25 else "running")


def test_time_series_need_eulers_method(artifact: Artifact) -> None:
    model = simc.load(artifact("array_rk4"))
    assert model.time.method == "rk4"
    with pytest.raises(simc.UnsupportedError, match="Euler"):
        model.run({"anything": pandas.Series([1.0], index=[0.0])})


def test_final_time_of_an_artifact(sir: simc.Model) -> None:
    run = sir.run(final_time=30)
    assert (run.rows, run.times[-1], run.complete, run.state) == (31, 30, False, "running")
    assert np.array_equal(run.series("Infectious"), sir.run().series("Infectious")[:31])
    assert sir.run(final_time=120, time_step=0.25, saveper=1).complete
    for wrong in dict(final_time=150), dict(time_step=0.5), dict(saveper=2), dict(initial_condition=(5, {})):
        with pytest.raises(simc.UnsupportedError, match="load the model's file"):
            sir.run(**wrong)  # type: ignore[arg-type]
    with pytest.raises(simc.UnsupportedError, match="Sim"):
        sir.run(initial_condition="current")
    with pytest.raises(simc.BadTimeError):
        sir.run(final_time=math.nan)


def sim_of(model: simc.Model) -> simc.Sim:
    return model.sim()


def test_a_run_without_rows(artifact: Artifact) -> None:
    model = simc.load(artifact("macro_conveyor"))
    with pytest.raises(simc.TransportError) as error:
        model.run({"life": -1})
    run = error.value.run
    assert run is not None and run.rows == 0
    titles = model.run().csv().splitlines()[0]
    assert run.csv() == titles + "\n"
    assert len(run.df) == 0
