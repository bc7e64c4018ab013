"""What tests need: artifacts of the project's own models, compiled once a session."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import simc

PROJECT = Path(__file__).resolve().parents[3]
MODELS = PROJECT / "tests" / "models"

Artifact = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def interrupts() -> None:
    """A session that a shell started in the background has interrupts turned off, and so have its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def compiler() -> str:
    """The `simc` program: SIMC says where it is, else the path does."""
    found = os.environ.get("SIMC") or shutil.which("simc")
    if found is None:
        pytest.exit("set SIMC to the `simc` program, as `cargo ready` does", returncode=2)
    return found


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """Compiles one of the project's models, by name and with options."""
    folder = tmp_path_factory.mktemp("artifacts")
    made: dict[tuple[str, ...], Path] = {}

    def make(name: str, *options: str) -> Path:
        key = (name, *options)
        if key not in made:
            own = Path(__file__).parent / "tests" / f"{name}.xmile"
            model = own if own.is_file() else MODELS / f"{name}.xmile"
            out = folder / f"{len(made)}_{name}.wasm"
            subprocess.run([compiler(), "build", str(model), "-o", str(out), *options], check=True)
            made[key] = out
        return made[key]

    return make


@pytest.fixture(scope="session")
def sir(artifact: Artifact) -> simc.Model:
    return simc.load(artifact("sir"))


@pytest.fixture(autouse=True)
def _doctests(request: pytest.FixtureRequest) -> None:
    """Doctests know the package, and where an artifact is."""
    if isinstance(request.node, pytest.DoctestItem):
        namespace: dict[str, Any] = request.getfixturevalue("doctest_namespace")
        namespace["simc"] = simc
        namespace["sir_wasm"] = request.getfixturevalue("artifact")("sir")
