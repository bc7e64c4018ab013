"""What `simc bind --lang python` writes: a module for one artifact."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import simc
from conftest import MODELS, Artifact, compiler

#: Names that are keywords, that one identifier would do for, and that hold what ends comments and texts.
NAMES = [
    "class",
    "a-b",
    "a b c",
    "a_b-c",
    "1st",
    "%",
    "self",
    "field",
    "float",
    '"quo\\"ted"',
    "back\\\\slash",
    "ſum",
    "sum x",
]
NASTY = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>{name}</name></header><sim_specs><start>0</start><stop>2</stop></sim_specs>
<dimensions><dim name="import"><elem name="None"/><elem name="not one"/><elem name="mro"/></dim></dimensions>
<model><variables>{variables}
<aux name="rate"><dimensions><dim name="import"/></dimensions><eqn>3</eqn></aux></variables></model></xmile>"""


def bound(artifact: Path, folder: Path) -> ModuleType:
    path = folder / f"{artifact.stem}.py"
    subprocess.run([compiler(), "bind", str(artifact), "--lang", "python", "-o", str(path)], check=True)
    spec = importlib.util.spec_from_file_location(f"bound_{artifact.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_module_of_a_model(artifact: Artifact, tmp_path: Path) -> None:
    sir = bound(artifact("sir"), tmp_path)
    model = sir.load(artifact("sir"))
    run = model.run(sir.Params(contact_rate=6.0).as_dict())
    assert run.series(sir.INFECTIOUS).tolist() == model.run({"Contact Rate": 6}).series("Infectious").tolist()
    assert model.run(sir.Params().as_dict()).csv() == model.run().csv()
    with pytest.raises(TypeError):
        sir.Params(contct_rate=6.0)
    with pytest.raises(simc.WrongArtifactError):
        sir.load(artifact("teacup"))


def test_every_model_has_a_module(artifact: Artifact, tmp_path: Path) -> None:
    for path in sorted(MODELS.glob("*.xmile")):
        module = bound(artifact(path.stem), tmp_path)
        model = module.load(artifact(path.stem))
        assert model.run(module.Params().as_dict()).csv() == model.run().csv(), path.name


def test_names_that_are_no_identifiers(tmp_path: Path) -> None:
    escape = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;"})
    variables = "".join(f'<aux name="{name.translate(escape)}"><eqn>{n}</eqn></aux>' for n, name in enumerate(NAMES))
    model = tmp_path / "nasty.xmile"
    model.write_text(
        NASTY.format(name="a&#10;import os&#13;&quot;&quot;&quot;\\", variables=variables), encoding="utf-8"
    )
    out = tmp_path / "nasty.wasm"
    subprocess.run([compiler(), "build", str(model), "-o", str(out)], check=True)
    module = bound(out, tmp_path)
    loaded = module.load(out)
    assert loaded.run(module.Params().as_dict()).csv() == loaded.run().csv()
    assert len(module.Params().as_dict()) == len(loaded.parameters) == len(NAMES) + 1
    assert [it.value for it in module.Import] == ["None", "not one", "mro"]
