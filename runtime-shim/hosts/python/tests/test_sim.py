"""One instance: its life, threads, and bad use."""

from __future__ import annotations

import gc
import math
import pickle
import threading
from typing import Any

import numpy as np
import pytest

import simc
from conftest import Artifact


def test_the_life_of_an_instance(sir: simc.Model) -> None:
    with sir.sim() as sim:
        assert (sim.state, sim.saved, sim.time, sim.value("Contact Rate")) == ("new", 0, 0, 0)
        sim.set("Contact Rate", 6)
        assert sim.value("Contact Rate") == 6
        sim.run_initials()
        assert (sim.state, sim.saved, sim.value("Infectious")) == ("running", 0, 10)
        sim.run_to(30)
        assert (sim.saved, sim.time, sim.complete) == (31, 30.25, False)
        sim.run_to(10)
        assert sim.time == 30.25
        sim.set("Contact Rate", 2).run_to_end()
        assert (sim.state, sim.saved, sim.complete) == ("complete", 121, True)
        before = sim.run().csv()
        sim.run_to(math.inf)
        assert sim.run().csv() == before
        sim.reset()
        assert (sim.state, sim.saved, sim.value("Contact Rate")) == ("new", 0, 2)
        sim.clear().reset().run_to_end()
        assert sim.run().csv() == sir.run().csv()
    assert sim.closed


def test_in_parts_as_at_once(sir: simc.Model) -> None:
    with sir.sim({"Contact Rate": 6}) as sim:
        for time in np.linspace(0, 120, 37):
            sim.run_to(float(time))
        assert sim.run().csv() == sir.run({"Contact Rate": 6}).csv()


def test_views(sir: simc.Model) -> None:
    sim = sir.sim()
    sim.run_to(30)
    series, rows, live = sim.series("Infectious"), sim.rows, sim.live
    assert series.base is not None and series.shape == (31,) and rows.shape == (31, len(sir.variables))
    assert live[0] == sim.time
    assert np.shares_memory(series, rows)
    for view in series, rows, live:
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 1
    copy = sim.run()
    kept = series.copy()
    sim.set("Contact Rate", 1).reset().run_to_end()
    assert not np.array_equal(series, kept), "a view shows the next run"
    assert np.array_equal(copy.series("Infectious"), kept)
    sim.close()
    del sim
    gc.collect()
    assert math.isfinite(float(series.sum())), "a view outlives its Sim"


def test_a_closed_sim(sir: simc.Model) -> None:
    sim = sir.sim()
    sim.close()
    sim.close()
    uses: list[Any] = [
        lambda: sim.run_to(1),
        lambda: sim.run_to_end(),
        lambda: sim.set("Contact Rate", 1),
        lambda: sim.value("Contact Rate"),
        lambda: sim.series("Infectious"),
        lambda: sim.state,
        lambda: sim.saved,
        lambda: sim.rows,
        lambda: sim.run(),
        lambda: sim.reset(),
        lambda: sim.clear(),
        lambda: sim.__enter__(),
    ]
    for use in uses:
        with pytest.raises(simc.ClosedError) as error:
            use()
        assert error.value.code == "closed"
    assert "closed" in repr(sim)


def test_two_threads_on_one_sim(artifact: Artifact) -> None:
    model = simc.load(artifact("long_steps"))
    sim = model.sim()
    results: list[str] = []
    start = threading.Barrier(2)

    def use() -> None:
        start.wait()
        for _ in range(2000):
            try:
                sim.reset().run_to_end()
            except simc.BusyError as error:
                results.append(error.code)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) <= {"busy"}
    with sim._use(), pytest.raises(simc.BusyError):
        sim.run_to(1)
    with sim._use(), pytest.raises(simc.BusyError):
        sim.value("time")
    assert sim.reset().run_to_end().complete


def test_threads_share_a_model(sir: simc.Model) -> None:
    expected = {rate: sir.run({"Contact Rate": rate}).csv() for rate in range(4, 9)}
    wrong: list[int] = []

    def use(rate: int) -> None:
        for _ in range(20):
            if sir.run({"Contact Rate": rate}).csv() != expected[rate]:
                wrong.append(rate)

    threads = [threading.Thread(target=use, args=(rate,)) for rate in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("time", [math.nan, "noon", None, [1.0], True, 1j])
def test_bad_times(sir: simc.Model, time: Any) -> None:
    with sir.sim() as sim:
        sim.run_to(10)
        with pytest.raises(simc.BadTimeError):
            sim.run_to(time)
        assert (sim.saved, sim.state) == (11, "running")
        sim.run_to(-math.inf)
        assert sim.saved == 11


def test_a_refused_call_changes_nothing(sir: simc.Model) -> None:
    with sir.sim() as sim:
        for wrong in [{"Contact Rate": 6, "nothing": 1}, {"Contact Rate": 6, "Duration": math.nan}]:
            with pytest.raises(simc.SimcError):
                sir.sim(wrong)
        with pytest.raises(simc.NotSettableError):
            sim.set("Infectious", 4)
        assert sim.run_to_end().run().csv() == sir.run().csv()
        with pytest.raises(TypeError, match="pickle its Model"):
            pickle.dumps(sim)


def test_tables(artifact: Artifact, sir: simc.Model) -> None:
    model = simc.load(artifact("lookup_calls", "--inputs", "tables"))
    table = model.tables[0]
    with model.sim() as sim:
        sim.set_table(table.name, table.points)
        assert sim.run_to_end().run().csv() == model.run().csv()
        sim.reset().set_table(table.name, [[x, y + 1] for x, y in table.points]).run_to_end()
        assert sim.run().csv() != model.run().csv()
        sim.clear().reset().run_to_end()
        assert sim.run().csv() == model.run().csv()
        many = [[float(x), 0.0] for x in range(table.capacity + 1)]
        for points in [], [[0, math.nan]], [[1, 0], [0, 1]], many:
            with pytest.raises((simc.BadValueError, simc.ShapeError)):
                sim.set_table(table.name, points)
        for points in [1.0, 2.0], [[1.0]], "points", [("0", "1")], [(True, False)], np.array([[True, False]]):
            with pytest.raises(simc.ShapeError):
                sim.set_table(table.name, points)  # type: ignore[arg-type]
        with pytest.raises(simc.UnknownNameError):
            sim.set_table("nothing", [[0, 1]])
    with sir.sim() as sim, pytest.raises(simc.UnsupportedError, match="--inputs tables"):
        sim.set_table("Infection", [[0, 1]])


def test_transport_errors(artifact: Artifact) -> None:
    model = simc.load(artifact("line"))
    with pytest.raises(simc.TransportError) as error:
        model.run({"transit time": 0})
    assert error.value.code == "transport"
    assert error.value.variable == "belt" and error.value.run is not None
    assert error.value.run.state == "failed" and error.value.run.rows == 0
    with model.sim({"transit time": 0}) as sim:
        for _ in range(2):
            with pytest.raises(simc.TransportError):
                sim.run_to(1)
        assert sim.state == "failed"
        sim.set("transit time", 3).reset().run_to_end()
        assert sim.complete
    assert model.run().complete, "a run after an error"
    batch = model.batch([[3.0], [0.0], [3.0]], ["transit time"])
    assert [run for run, _ in batch.errors] == [1]
    assert np.isnan(batch.values[1]).all() and np.array_equal(batch.values[0], batch.values[2])


def test_events(artifact: Artifact) -> None:
    model = simc.load(artifact("event_thresholds"))
    run = model.run()
    assert run.events and all(isinstance(event, simc.Event) for event in run.events)
    assert model.run().events == run.events, "again the same"
    with model.sim() as sim:
        sim.run_to_end()
        assert sim.events == run.events
    pausing = [event for event in run.events if event.action == "pause"]
    with model.sim() as sim:
        sim.pause_on_events()
        pauses = 0
        while not (sim.run_to_end().complete or sim.state == "stopped"):
            assert sim.state == "paused"
            pauses += 1
        assert (pauses > 0) == bool(pausing)
        assert sim.run().csv() == run.csv()
