"""Batches that are large, kept in folders, cut, or whose workers die."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simc
from conftest import Artifact

PARAMS = ["Contact Rate", "Duration"]
SAMPLES = np.random.default_rng(2).uniform([4, 3], [10, 9], (3_000, 2))
#: Seconds until what should come by itself counts as missing, on a busy machine too.
PATIENCE = 300

#: Runs a batch in two processes and says how it ended.
SCRIPT = """
import signal
import sys
import numpy as np
import simc

if __name__ == "__main__":
    artifact, folder, runs = sys.argv[1:]
    samples = np.random.default_rng(2).uniform([4, 3], [10, 9], (int(runs), 2))
    try:
        batch = simc.load(artifact).batch(samples, ["Contact Rate", "Duration"], executor=2, folder=folder)
    except simc.BatchInterrupted as error:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("interrupted", len(error.batch.unfinished), error)
    except simc.BatchError as error:
        print("error", len(error.batch.unfinished), error)
    else:
        print("complete", len(batch.unfinished))
"""


@pytest.fixture(scope="module")
def expected(sir: simc.Model) -> list[Any]:
    return sir.batch(SAMPLES, PARAMS, "Infectious").values.tolist()  # type: ignore[no-any-return]


def test_a_number_of_processes(sir: simc.Model, expected: list[Any]) -> None:
    batch = sir.batch(SAMPLES, PARAMS, "Infectious", executor=2)
    assert batch.values.tolist() == expected and len(batch.unfinished) == 0
    for wrong in 0, -1:
        with pytest.raises(ValueError, match="one process"):
            sir.batch(SAMPLES, PARAMS, executor=wrong)


@pytest.mark.parametrize("kind", ["own", "given"])
@pytest.mark.parametrize("length", ["short", "long"])
def test_what_a_worker_had_that_died_is_made_again(
    sir: simc.Model, expected: list[Any], kind: str, length: str, spools: Path
) -> None:
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        workers = multiprocessing.active_children()
        if len(killed) < 2 and workers and done > len(killed) * 100:
            victim = workers[0]
            assert victim.pid is not None
            # One that went with a pool that was broken may be gone already.
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGKILL)
                killed.append(victim.pid)

    # One number of each run, or so many that a part is ten times what a pipe holds.
    at = [sir.time.times[-1]] if length == "short" else None
    if kind == "own":
        batch = sir.batch(SAMPLES, PARAMS, "Infectious", at=at, executor=2, progress=kill)
    else:
        with ProcessPoolExecutor(2) as executor:
            batch = sir.batch(SAMPLES, PARAMS, "Infectious", at=at, executor=executor, progress=kill)
    assert killed and not list(spools.iterdir())
    assert batch.values[:, 0].tolist() == [run[0][-1:] if length == "short" else run[0] for run in expected]


@pytest.fixture
def spools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_however_they_are_started(
    sir: simc.Model, expected: list[Any], spools: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(simc.__file__).parents[1]))
    folders: list[list[Path]] = []
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as executor:
        batch = sir.batch(
            SAMPLES,
            PARAMS,
            "Infectious",
            executor=executor,
            progress=lambda done, _: folders.append(list(spools.glob("simc-*"))),
        )
        assert batch.values.tolist() == expected and not list(spools.glob("simc-*"))
        assert [len(it) for it in folders] == [0, *[1] * (len(folders) - 1)]


def test_threads_hand_over_no_files(sir: simc.Model, expected: list[Any], spools: Path) -> None:
    found: list[Path] = []
    with ThreadPoolExecutor(2) as executor:
        batch = sir.batch(
            SAMPLES, PARAMS, "Infectious", executor=executor, progress=lambda *_: found.extend(spools.iterdir())
        )
    assert batch.values.tolist() == expected and not found


def test_files_of_a_pool_that_works_on_go_with_its_last_part(sir: simc.Model, spools: Path) -> None:
    def cut(done: int, total: int) -> None:
        if done > 0:
            raise KeyboardInterrupt

    with ProcessPoolExecutor(2) as executor:
        with pytest.raises(simc.BatchInterrupted):
            sir.batch(SAMPLES, PARAMS, "Infectious", executor=executor, progress=cut)
        assert executor.submit(int, "3").result() == 3
    assert not list(spools.iterdir())


def test_temporary_files_that_cannot_be_written(
    sir: simc.Model, expected: list[Any], spools: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    with pytest.raises(simc.BatchError, match="No space left on device.*TMPDIR") as error:
        sir.batch(SAMPLES, PARAMS, "Infectious", executor=2)
    batch = error.value.batch
    assert batch is not None and 0 < len(batch.unfinished) < 3_000 and not list(small_disk.iterdir())
    done = np.setdiff1d(np.arange(3_000), batch.unfinished)
    assert batch.values[done].tolist() == [expected[run] for run in done]
    monkeypatch.setattr("tempfile.tempdir", str(spools / "missing"))
    with pytest.raises(simc.BatchError, match="no folder for the parts"):
        sir.batch(SAMPLES, PARAMS, "Infectious", executor=2)


def test_files_that_somebody_removes(sir: simc.Model, spools: Path) -> None:
    def remove(done: int, total: int) -> None:
        if done > 0:
            shutil.rmtree(next(spools.iterdir(), "nothing"), ignore_errors=True)

    with pytest.raises(simc.BatchError, match="No such file"):
        sir.batch(SAMPLES, PARAMS, "Infectious", executor=2, progress=remove)


class Deadly(ProcessPoolExecutor):
    """A pool whose workers end themselves."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return super().submit(os._exit, 1)


def test_workers_that_die_again_and_again(sir: simc.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simc._crew.ProcessPoolExecutor", Deadly)
    with pytest.raises(simc.BatchError, match="4 times with runs") as error:
        sir.batch(SAMPLES, PARAMS, "Infectious", executor=1)
    assert error.value.code == "batch" and error.value.batch is not None
    assert error.value.batch.unfinished.tolist() == list(range(3_000))
    assert np.isnan(error.value.batch.values).all()


def test_a_folder_keeps_runs(sir: simc.Model, expected: list[Any], tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"

    def cut(done: int, total: int) -> None:
        assert total == 3_000
        if done > 0:
            raise KeyboardInterrupt

    with pytest.raises(simc.BatchInterrupted, match="the same call goes on from there") as error:
        sir.batch(SAMPLES, PARAMS, "Infectious", folder=folder, progress=cut)
    batch = error.value.batch
    done = 3_000 - len(batch.unfinished)
    assert isinstance(error.value, KeyboardInterrupt) and 0 < done < 3_000
    assert batch.values[:done].tolist() == expected[:done] and np.isnan(batch.values[done:]).all()
    steps: list[int] = []
    again = sir.batch(
        SAMPLES, PARAMS, "Infectious", executor=2, folder=folder, progress=lambda done, _: steps.append(done)
    )
    assert again.values.tolist() == expected and steps[0] == done and steps[-1] == 3_000
    # Nothing is left to do, so nobody is asked to.
    steps.clear()
    third = sir.batch(SAMPLES, PARAMS, "Infectious", folder=folder, progress=lambda done, _: steps.append(done))
    assert third.values.tolist() == expected and not steps


def test_folders_that_do_not_fit(sir: simc.Model, artifact: Artifact, expected: list[Any], tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    samples = SAMPLES[:200]
    sir.batch(samples, PARAMS, "Infectious", folder=folder)
    others: list[tuple[simc.Model, Any, Any, Any, str]] = [
        (sir, samples + 1, "Infectious", None, "samples"),
        (sir, samples[:100], "Infectious", None, "samples"),
        (sir, samples, "Recovered", None, "outputs"),
        (sir, samples, "Infectious", 60, "times"),
        (simc.load(artifact("sir", "-O0")), samples, "Infectious", None, "artifact"),
    ]
    for model, numbers, output, at, what in others:
        with pytest.raises(simc.BatchError, match=f"another batch.*{what}"):
            model.batch(numbers, PARAMS, output, at, folder=folder)
    # Parts that are not where they belong, or of another batch, are made again.
    parts = sorted(folder.glob("runs-*.npz"))
    start, stop = (int(it) for it in parts[0].stem.split("-")[1:])
    parts[0].rename(folder / f"runs-{start + 1:09}-{stop + 1:09}.npz")
    assert sir.batch(samples, PARAMS, "Infectious", folder=folder).values.tolist() == expected[:200]
    sir.batch(samples + 1, PARAMS, "Infectious", folder=tmp_path / "others")
    for part in (tmp_path / "others").glob("runs-*.npz"):
        (folder / part.name).write_bytes(part.read_bytes())
    assert sir.batch(samples, PARAMS, "Infectious", folder=folder).values.tolist() == expected[:200]
    (tmp_path / "file").write_text("")
    for wrong in "file", "file/below":
        with pytest.raises(simc.BatchError, match="cannot be a folder"):
            sir.batch(samples, PARAMS, "Infectious", folder=tmp_path / wrong)
    # Damaged parts are made again, whatever is wrong with them.
    parts = sorted(folder.glob("runs-*.npz"))
    parts[0].write_bytes(parts[0].read_bytes()[:-100])
    (folder / "runs-000000000-000000007.npz").write_bytes(b"nothing")
    (folder / "runs-000000000-999999999.npz").write_bytes(b"")
    assert sir.batch(samples, PARAMS, "Infectious", folder=folder).values.tolist() == expected[:200]
    (folder / "batch.json").write_text("[1")
    with pytest.raises(simc.BatchError, match="not what a batch has written"):
        sir.batch(samples, PARAMS, "Infectious", folder=folder)
    (folder / "batch.json").unlink()
    with pytest.raises(simc.BatchError, match="no batch.json"):
        sir.batch(samples, PARAMS, "Infectious", folder=folder)


def test_mappings_in_a_folder(sir: simc.Model, tmp_path: Path) -> None:
    samples = [{"Contact Rate": 6.0}, {"Duration": 5.0}, {}]
    first = sir.batch(samples, folder=tmp_path)
    assert sir.batch(samples, folder=tmp_path).values.tolist() == first.values.tolist()
    with pytest.raises(simc.BatchError, match="samples"):
        sir.batch([{"Contact Rate": 6.0}, {"Duration": 5.5}, {}], folder=tmp_path)


def test_failed_runs_are_kept_in_a_folder(artifact: Artifact, tmp_path: Path) -> None:
    model = simc.load(artifact("line"))
    samples = np.full((100, 1), 3.0)
    samples[[7, 42]] = 0
    for _ in range(2):
        batch = model.batch(samples, ["transit time"], folder=tmp_path)
        assert [run for run, _ in batch.errors] == [7, 42]
        assert all(isinstance(error, simc.TransportError) and error.variable == "belt" for _, error in batch.errors)
        assert np.isnan(batch.values[[7, 42]]).all() and np.isfinite(np.delete(batch.values, [7, 42], 0)).all()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no `mount` here")
    if done.returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(artifact: Artifact, expected: list[Any], small_disk: Path, tmp_path: Path) -> None:
    path = artifact("sir")
    said = _script(path, small_disk / "runs", 3_000).communicate(timeout=PATIENCE)[0]
    assert said.startswith("error") and "No space left on device" in said, said
    unfinished = int(said.split()[1])
    assert 0 < unfinished < 3_000
    # With room again the batch goes on.
    elsewhere = tmp_path / "larger"
    elsewhere.mkdir()
    for file in (small_disk / "runs").iterdir():
        (elsewhere / file.name).write_bytes(file.read_bytes())
    assert not list(elsewhere.glob(".part-*"))
    steps: list[int] = []
    batch = simc.load(path).batch(SAMPLES, PARAMS, folder=elsewhere, progress=lambda done, _: steps.append(done))
    assert steps[0] == 3_000 - unfinished and batch["Infectious"].tolist() == [it[0] for it in expected]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes to interrupt")
def test_ctrl_c(artifact: Artifact, tmp_path: Path) -> None:
    path, folder, runs = artifact("sir"), tmp_path / "runs", 60_000
    process = _script(path, folder, runs)
    until = time.monotonic() + PATIENCE
    while len(list(folder.glob("runs-*.npz")) if folder.is_dir() else []) < 4 and time.monotonic() < until:
        time.sleep(0.01)
    # As a terminal does it: all processes of the group.
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate(timeout=PATIENCE)
    assert said.startswith("interrupted") and complaints == "", (said, complaints)
    kept = sum(int(it.stem.split("-")[2]) - int(it.stem.split("-")[1]) for it in folder.glob("runs-*.npz"))
    assert not list(_temporary(folder).iterdir())
    assert 0 < kept < runs and int(said.split()[1]) == runs - kept
    said, _ = _script(path, folder, runs).communicate(timeout=PATIENCE)
    assert said.split() == ["complete", "0"] and not list(_temporary(folder).iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes to interrupt")
def test_ctrl_c_twice_keeps_what_is_done(artifact: Artifact, tmp_path: Path) -> None:
    folder, runs = tmp_path / "runs", 60_000
    process = _script(artifact("sir"), folder, runs)
    until = time.monotonic() + 60
    while len(list(folder.glob("runs-*.npz")) if folder.is_dir() else []) < 4 and time.monotonic() < until:
        time.sleep(0.01)
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)
    said, complaints = process.communicate(timeout=60)
    assert said.startswith("interrupted") and complaints == "", (said, complaints)
    assert 0 < int(said.split()[1]) < runs and not list(_temporary(folder).iterdir())


def test_parts_with_any_byte_damaged_are_made_again(sir: simc.Model, expected: list[Any], tmp_path: Path) -> None:
    folder, samples = tmp_path / "runs", SAMPLES[:70]
    sir.batch(samples, PARAMS, "Infectious", at=60, folder=folder)
    part = max(folder.glob("runs-*.npz"))
    whole = part.read_bytes()
    wanted = sir.batch(samples, PARAMS, "Infectious", at=60).values.tolist()
    # The directory of the archive says how its files are packed; the head of an array, what shape it has.
    for at in [*range(len(whole) - 200, len(whole)), *range(0, 200)]:
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        part.write_bytes(damaged)
        assert sir.batch(samples, PARAMS, "Infectious", at=60, folder=folder).values.tolist() == wanted
        part.write_bytes(whole)


def test_a_folder_that_is_none(sir: simc.Model, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    (tmp_path / "folder" / "batch.json").mkdir(parents=True)
    for folder in file, file / "below", tmp_path / "folder", "/dev/null/runs":
        with pytest.raises(simc.BatchError):
            sir.batch(SAMPLES[:100], PARAMS, "Infectious", folder=folder)
    assert file.read_text() == "text"


def _script(artifact: Path, folder: Path, runs: int) -> subprocess.Popen[str]:
    _temporary(folder).mkdir(exist_ok=True)
    script = folder.parent / f"script-{folder.name}.py"
    if not script.is_file():
        script.write_text(SCRIPT)
    package = str(Path(simc.__file__).parents[1])
    command = [sys.executable, str(script), str(artifact), str(folder), str(runs)]
    environment = {**os.environ, "PYTHONPATH": package, "TMPDIR": str(_temporary(folder))}
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )


def _temporary(folder: Path) -> Path:
    """The folder of temporary files of a script."""
    return folder.parent / f"temporary-{folder.name}"


def test_progress_is_shown(
    sir: simc.Model, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    sir.batch(SAMPLES, PARAMS, "Infectious", at=60, progress=True)
    assert "3000 of 3000 runs" in capsys.readouterr().err


def test_batches_pickle_and_show_themselves(sir: simc.Model) -> None:
    batch = sir.batch(SAMPLES[:3], PARAMS, "Infectious")
    again = pickle.loads(pickle.dumps(batch))
    assert again.values.tolist() == batch.values.tolist() and repr(again) == repr(batch)
    assert repr(batch) == "<simc.Batch: 3 runs, 1 outputs, 121 times>"
    assert json.dumps([it.tolist() for it in batch.params.values()]) == json.dumps(SAMPLES[:3].T.tolist())


def test_xarray(sir: simc.Model, artifact: Artifact) -> None:
    pytest.importorskip("xarray")
    data = sir.batch(SAMPLES[:20], PARAMS, ["Infectious", "Recovered"], at=[0, 60]).to_xarray()
    assert dict(data.sizes) == {"run": 20, "time": 2} and set(data.data_vars) == {"Infectious", "Recovered"}
    assert data["Contact Rate"].dims == ("run",) and data["Infectious"].attrs["units"] == "person"
    many = data["Infectious"].sel(time=60)[data["Contact Rate"].values > 8]
    assert many.to_numpy().min() >= 0
    model = simc.load(artifact("ageing_chain"))
    stock = next(it for it in model.variables if it.kind == "stock" and it.dimensions)
    parameter = next(it for it in model.parameters if not it.dimensions)
    batch = model.batch([[1.0], [2.0]], [parameter.name], [stock.name, parameter.name])
    data = batch.to_xarray()
    assert data[stock.name].dims == ("run", "time", *[it.name for it in stock.dimensions])
    element = stock.dimensions[0].elements[1]
    chosen = data[stock.name].sel({stock.dimensions[0].name: element})
    assert chosen.to_numpy().reshape(2, -1).tolist() == batch[stock.titles[1]].reshape(2, -1).tolist()


def test_objectives(sir: simc.Model) -> None:
    objective = sir.problem(PARAMS).objective("Infectious", np.max, [0, 30, 60])
    points = SAMPLES[:5].T
    losses = objective(points)
    assert losses.shape == (5,) and [objective(it) for it in points.T] == losses.tolist()
    assert losses.tolist() == sir.batch(SAMPLES[:5], PARAMS, "Infectious", [0, 30, 60]).values.max((1, 2)).tolist()
    with pytest.raises(simc.ShapeError):
        objective([1.0])


def test_an_objective_of_runs_that_fail(artifact: Artifact) -> None:
    model = simc.load(artifact("line"))
    objective = model.problem(["transit time"], {"transit time": (0, 5)}).objective("belt", np.max)
    assert objective(np.array([[0.0, 3.0]]))[0] == np.inf and np.isfinite(objective([3.0]))
