"""Calls of the engine, direct and public."""

from __future__ import annotations

import pytest

import simc
from conftest import Artifact
from simc import _calls


def test_direct_calls_work_with_this_wheel(sir: simc.Model) -> None:
    sir.run()
    assert _calls._Direct.works is True


def test_public_calls_give_the_same(sir: simc.Model, artifact: Artifact, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = sir.run({"Contact Rate": 6}).csv()
    monkeypatch.setattr(_calls._Direct, "works", False)
    model = simc.load(artifact("sir"))
    assert not isinstance(model._runners._idle[0].instance._run, _calls.DirectCall)
    assert model.run({"Contact Rate": 6}).csv() == expected
    with model.sim() as sim:
        sim.set("Contact Rate", 6).run_to(30).run_to_end()
        assert sim.run().csv() == expected


@pytest.mark.parametrize("missing", ["wasmtime_func_call", "wasmtime_val_t", "WASMTIME_F64"])
def test_a_wheel_with_other_insides(
    sir: simc.Model, artifact: Artifact, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    from wasmtime import _ffi

    expected = sir.run().csv()
    monkeypatch.setattr(_calls._Direct, "works", None)
    # The engine's own code takes these from the same module, but for what a call needs and it does not.
    monkeypatch.setattr(
        _calls, "_ffi_of", lambda: type("Ffi", (), {k: v for k, v in vars(_ffi).items() if k != missing})
    )
    assert simc.load(artifact("sir")).run().csv() == expected
    assert _calls._Direct.works is False
