"""Loading: files, bytes, and what is no artifact."""

from __future__ import annotations

import math
import pickle
import random
import time
import warnings
from pathlib import Path

import pytest

import simc
from conftest import MODELS, Artifact, compiler
from simc import _layout
from simc._version import check_installation

SIR = MODELS / "sir.xmile"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIMC", compiler())
    monkeypatch.setenv("SIMC_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_bytes_and_paths(artifact: Artifact) -> None:
    path = artifact("sir")
    content = path.read_bytes()
    models = [simc.load(it) for it in (path, str(path), content, bytearray(content), memoryview(content))]
    assert len({model.run().csv() for model in models}) == 1
    assert models[0].artifact == content
    again = pickle.loads(pickle.dumps(models[0]))
    assert again.run().csv() == models[0].run().csv()
    more = pickle.loads(pickle.dumps(models[0]))
    assert more._core is again._core, "a process keeps what it was sent"
    with pytest.raises(FileNotFoundError):
        simc.load("nothing.wasm")
    with pytest.raises(FileNotFoundError):
        simc.load("nothing.xmile")


def test_another_artifact_than_expected(artifact: Artifact) -> None:
    path = artifact("sir")
    digest = simc.load(path).sha256
    assert simc.load(path, sha256=digest.upper()).name == "SIR"
    with pytest.raises(simc.WrongArtifactError) as error:
        simc.load(path, sha256="0" * 64)
    assert error.value.code == "wrong-artifact"
    with pytest.raises(simc.WrongArtifactError):
        simc.load(artifact("teacup"), sha256=digest)


def test_truncated_anywhere(artifact: Artifact) -> None:
    content = artifact("sir").read_bytes()
    expected = simc.load(content).run().csv()
    whole = 0
    for size in range(len(content)):
        try:
            model = simc.Model(content[:size])
        except simc.BadArtifactError as error:
            assert error.byte is not None and 0 <= error.byte <= size
            if size % 50 == 0:
                with pytest.raises(simc.BadArtifactError):
                    simc.load(content[:size])
        else:
            # Cut between sections that nothing needs.
            assert model.run().csv() == expected
            whole += 1
    assert whole <= 3
    with pytest.raises(simc.BadArtifactError):
        simc.load(content + b"\1")
    for nonsense in b"", b"model", b"\0asm", b"\0asm\1\0\0\0", b"\0asm\1\0\0\0\0\xff\xff\xff\xff\x0f":
        with pytest.raises(simc.BadArtifactError):
            simc.load(nonsense)


def test_forged_bytes_are_an_error_or_harmless(artifact: Artifact) -> None:
    content = artifact("line").read_bytes()
    choose = random.Random(11)
    at = content.index(b"simc.layout") + 11
    end = len(content)
    begin = time.process_time()
    for _ in range(1500):
        forged = bytearray(content)
        for _ in range(choose.choice([1, 1, 2, 8])):
            forged[choose.randrange(at, end)] = choose.choice([0, 1, 0x7F, 0xFF, choose.randrange(256)])
        try:
            # The layout alone: what it says is looked at before anything is compiled.
            simc.Model(bytes(forged))
        except (simc.BadArtifactError, simc.UnsupportedError) as error:
            assert error.byte is None or 0 <= error.byte <= end
    assert time.process_time() - begin < 60


def test_layouts_that_lie(artifact: Artifact) -> None:
    content = artifact("sir").read_bytes()
    at = content.index(b"simc.layout") + 11
    # A row that no memory holds, and none of them.
    wide = (1 << 52).to_bytes(8, "little") + b"\0" * 8
    for offset, lie in (0, wide), (0, b"\xff" * 8), (8, b"\0" * 8), (16, b"\x08" + b"\0" * 7), (24, b"\xff" * 4):
        forged = bytearray(content)
        forged[at + offset : at + offset + len(lie)] = lie
        with pytest.raises(simc.BadArtifactError):
            simc.load(bytes(forged))


def test_other_versions(artifact: Artifact) -> None:
    content = artifact("sir").read_bytes()
    version = content.index(b"\1\0\0\0\x08\0\0\0\2\0\0\0", content.index(b"simc.layout")) + 8
    forged = bytearray(content)
    forged[version] = 3
    with pytest.raises(simc.UnsupportedError, match="format version 3") as error:
        simc.load(bytes(forged))
    assert error.value.byte == version + 4


def test_modules_that_are_no_artifacts() -> None:
    wasmtime = pytest.importorskip("wasmtime")
    for text in "(module)", '(module (memory (export "memory") 1))':
        with pytest.raises(simc.BadArtifactError, match=r"no simc\.layout"):
            simc.load(bytes(wasmtime.wat2wasm(text)))


def test_a_model_file(cache: Path, artifact: Artifact) -> None:
    model = simc.load(SIR)
    assert model.run().csv() == simc.load(artifact("sir")).run().csv()
    made = {it.name: it.stat().st_mtime_ns for it in cache.iterdir()}
    assert len(made) == 2
    assert simc.load(SIR).sha256 == model.sha256
    assert {it.name: it.stat().st_mtime_ns for it in cache.iterdir()} == made, "compiled once"
    assert simc.load(SIR, outputs=["Infectious"]).run().titles[0] == "Infectious"
    assert len(list(cache.iterdir())) == 4
    for entry in cache.glob("*.wasm"):
        entry.write_bytes(b"spoilt")
    assert simc.load(SIR).sha256 == model.sha256, "a spoilt entry is made anew"
    assert simc.read_xmile(SIR).name == "SIR"


def test_a_model_that_changes(cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.xmile"
    path.write_text(SIR.read_text())
    before = simc.load(path).run().value("Infectious", 0)
    path.write_text(SIR.read_text().replace("<eqn>10</eqn>", "<eqn>20</eqn>"))
    assert (before, simc.load(path).run().value("Infectious", 0)) == (10, 20)


def test_data_that_changes(cache: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    text = SIR.read_text()
    path = tmp_path / "model.xmile"
    path.write_text(text)
    data.write_text("Duration\n5\n")
    try:
        first = simc.load(path, data=[data])
    except simc.ModelError:
        pytest.skip("this table gives no constants")
    data.write_text("Duration\n6\n")
    assert simc.load(path, data=[data]).variable("Duration").default != first.variable("Duration").default


def test_what_the_compiler_warns_of(cache: Path) -> None:
    # Said again when the artifact is remembered, and at the place of the call.
    for _ in range(2):
        with pytest.warns(simc.ModelWarning, match="E0508") as said:
            simc.load(SIR).run(saveper=0.3)
        assert said[0].filename == __file__
    model = simc.load(SIR)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simc.load(SIR)
    wrong = dict(time_step=0), dict(time_step=-1), dict(saveper=0), dict(final_time=math.inf), dict(time_step=math.inf)
    for options in wrong:
        with pytest.raises(simc.BadTimeError):
            model.run(**options)


def test_a_model_with_faults(cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.xmile"
    path.write_text(SIR.read_text().replace("Infectious / Duration", "Infectious / Duratin"))
    with pytest.raises(simc.ModelError, match="Duratin") as error:
        simc.load(path)
    assert error.value.code == "bad-model"
    assert not cache.exists() or not list(cache.glob("*.json"))


def test_without_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(simc.UnsupportedError, match="SIMC"):
        simc.load(SIR)
    with pytest.raises(simc.UnsupportedError, match="no program"):
        simc.load(SIR, compiler="no-such-simc")


def test_time_axes_and_initial_values_of_a_model_file(cache: Path) -> None:
    model = simc.load(SIR)
    full = model.run()
    longer = model.run(final_time=150)
    assert (longer.times[-1], longer.complete) == (150, True)
    assert longer.series("Infectious")[:121].tolist() == full.series("Infectious").tolist()
    assert model.run(saveper=2).rows == 61
    assert model.run(time_step=0.125).rows == 121
    started = model.run(initial_condition=(0, {"Infectious": 50}))
    assert started.series("Infectious")[0] == 50
    later = model.run(initial_condition=(10, {"Infectious": 50}))
    assert (later.times[0], later.series("Infectious")[0]) == (10, 50)
    assert model.run().csv() == full.csv()


def test_two_versions_in_one_place(tmp_path: Path) -> None:
    check_installation(tmp_path)
    check_installation(tmp_path / "none")
    (tmp_path / f"simc-{simc.__version__}.dist-info").mkdir()
    (tmp_path / "simcity-2.dist-info").mkdir()
    check_installation(tmp_path)
    (tmp_path / "simc-0.0.9.dist-info").mkdir()
    with pytest.raises(ImportError, match=rf"two versions of simc .*: {simc.__version__} and 0\.0\.9"):
        check_installation(tmp_path)


def test_a_compiler_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_layout, "FORMAT_VERSION", 1)
    with pytest.raises(simc.UnsupportedError, match=f"just made by .*simc.*, which is {simc.__version__}"):
        simc.load(MODELS / "sir.xmile")
