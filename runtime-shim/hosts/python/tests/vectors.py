"""Runs the vectors that every host runs: `python tests/vectors.py [DIR]`.

DIR holds the artifacts and their manifest (or the environment variable SIMC_VECTORS says where they are);
the vectors themselves are in `tests/vectors` of the project. Ends with the line `N passed, N failed`.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import simc

PROJECT = Path(__file__).resolve().parents[4]

#: Sequences that this host cannot do, by name, with the reason.
EXCEPTIONS: dict[str, str] = {}

Json = Any


class Mismatch(Exception):
    """Something is not as a vector expects it."""


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def number(text: str) -> float:
    return float(struct.unpack(">d", bytes.fromhex(text))[0])


def digest(values: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, "<f8").tobytes()).hexdigest()


def value(given: Json) -> Any:
    """A value of a parameter: numbers, lists, mappings, and what is no number."""
    if isinstance(given, list):
        return [value(it) for it in given]
    if isinstance(given, dict):
        return {name: value(it) for name, it in given.items()}
    if given in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[given]
    return given.removeprefix("text:") if given.startswith("text:") else number(given)


def params(given: Json) -> Any:
    if given is None:
        return None
    if isinstance(given, dict):
        return {name: value(it) for name, it in given.items()}
    return [(name, value(it)) for name, it in given]


class Runner:
    """One sequence."""

    def __init__(self, folder: Path, manifest: dict[str, str], artifact: str) -> None:
        self.folder = folder
        self.manifest = manifest
        self.artifact = artifact
        self._model: simc.Model | None = None
        self._sim: simc.Sim | None = None
        self._run: simc.Run | None = None

    @property
    def model(self) -> simc.Model:
        if self._model is None:
            self._model = simc.load(self.folder / self.artifact)
        return self._model

    @property
    def sim(self) -> simc.Sim:
        if self._sim is None:
            self._sim = self.model.sim()
        return self._sim

    def call(self, call: Json) -> Json:
        method: Callable[[Json], Json] = getattr(self, "do_" + call["call"])
        return method(call)

    def do_load(self, call: Json) -> Json:
        wanted = call.get("sha256")
        if wanted == "right":
            wanted = self.manifest[call["artifact"]]
        self._model = simc.load((self.folder / call["artifact"]).read_bytes(), sha256=wanted)
        return {"name": self._model.name, "variables": len(self._model.variables)}

    def do_variable(self, call: Json) -> Json:
        it = self.model.variable(call["name"])
        default = it.default
        return {
            "name": it.name,
            "canonical": it.canonical,
            "kind": it.kind,
            "shape": list(it.shape),
            "settable": it.settable,
            "units": it.units,
            "documentation": it.documentation,
            "default": None if default is None else [bits(one) for one in np.atleast_1d(default).reshape(-1)],
            "titles": list(it.titles),
            "range": None if it.range is None else [bits(one) for one in it.range],
        }

    def do_model(self, call: Json) -> Json:
        time = self.model.time
        axis = {
            "start": bits(time.start),
            "stop": bits(time.stop),
            "dt": bits(time.dt),
            "steps": time.steps,
            "save_every": time.save_every,
            "method": time.method,
            "units": time.units,
            "rows": time.rows,
        }
        parameters = [it.name for it in self.model.parameters]
        dimensions = len(self.model.dimensions)
        return {"name": self.model.name, "parameters": parameters, "dimensions": dimensions, "time": axis}

    def do_links(self, call: Json) -> Json:
        return {
            "list": [
                {"cause": it.cause, "effect": it.effect, "sign": it.sign, "is_initial": it.is_initial}
                for it in self.model.links
            ]
        }

    def do_controls(self, call: Json) -> Json:
        return {
            "list": [
                {
                    "kind": it.kind,
                    "variables": list(it.variables),
                    "range": None if it.range is None else [bits(one) for one in it.range],
                    "step": None if it.step is None else bits(it.step),
                    "label": it.label,
                }
                for it in self.model.controls
            ]
        }

    def rows(self, run: simc.Run) -> Json:
        self._run = run
        parts = [run.array(_quoted(it.name)).reshape(run.rows, it.size) for it in self.model.variables]
        table = np.concatenate(parts, 1)
        return {"rows": run.rows, "state": run.state, "sha256": digest(table), "events": len(run.events)}

    def do_run(self, call: Json) -> Json:
        return self.rows(self.model.run(params(call.get("params"))))

    def do_sim_run(self, call: Json) -> Json:
        return self.rows(self.sim.run())

    def do_columns(self, call: Json) -> Json:
        assert self._run is not None
        table = [("time", self._run.times), *self._run._table(call.get("names"))]
        titles = [title for title, _ in table]
        joined = hashlib.sha256("\n".join(titles).encode()).hexdigest()
        values = np.concatenate([column for _, column in table])
        return {"titles": titles, "titles_sha256": joined, "sha256": digest(values)}

    def do_csv(self, call: Json) -> Json:
        assert self._run is not None
        text = self._run.csv(call.get("names")).encode()
        return {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text)}

    def do_sim(self, call: Json) -> Json:
        self._sim = self.model.sim(params(call.get("params")))
        return {}

    def do_set(self, call: Json) -> Json:
        self.sim.set(call["name"], value(call["value"]))
        return {}

    def state(self) -> Json:
        return {"state": self.sim.state, "saved": self.sim.saved, "time": bits(self.sim.time)}

    def do_state(self, call: Json) -> Json:
        return self.state()

    def do_clear(self, call: Json) -> Json:
        self.sim.clear()
        return self.state()

    def do_reset(self, call: Json) -> Json:
        self.sim.reset()
        return self.state()

    def do_run_initials(self, call: Json) -> Json:
        self.sim.run_initials()
        return self.state()

    def do_run_to(self, call: Json) -> Json:
        self.sim.run_to(number(call["target"]))
        return self.state()

    def do_run_to_end(self, call: Json) -> Json:
        self.sim.run_to_end()
        return self.state()

    def do_close(self, call: Json) -> Json:
        self.sim.close()
        return {}

    def do_pause_on_events(self, call: Json) -> Json:
        self.sim.pause_on_events(call["on"])
        return {}

    def do_set_table(self, call: Json) -> Json:
        self.sim.set_table(call["name"], [[value(it) for it in point] for point in call["points"]])
        return {}

    def do_value(self, call: Json) -> Json:
        return {"bits": [bits(one) for one in np.atleast_1d(self.sim.value(call["name"])).reshape(-1)]}

    def do_series(self, call: Json) -> Json:
        series = self.sim.series(call["name"])
        ends = {"first": bits(series[0]), "last": bits(series[-1])} if len(series) else {"first": None, "last": None}
        return {"length": len(series), "sha256": digest(series), **ends}

    def do_batch(self, call: Json) -> Json:
        at = call.get("at")
        times = None if at is None else [number(it) for it in at] if isinstance(at, list) else number(at)
        samples = [value(it) for it in call["samples"]]
        batch = self.model.batch(samples, call.get("params"), call.get("outputs"), times)
        errors = [[run, error.code] for run, error in batch.errors]
        return {
            "titles": list(batch.titles),
            "times": len(batch.times),
            "sha256": digest(batch.values),
            "errors": errors,
        }

    def do_events(self, call: Json) -> Json:
        source = self._sim if self._sim is not None else self._run
        assert source is not None
        events = [
            {
                "step": it.step,
                "time": bits(it.time),
                "value": bits(it.value),
                "variable": it.variable,
                "action": it.action,
                "message": it.message,
            }
            for it in source.events
        ]
        return {"count": len(events), "list": events}


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def compare(expected: Json, found: Json, where: str) -> None:
    """Everything that is expected is found; what is not mentioned does not matter."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, item in expected.items():
            if name not in found:
                raise Mismatch(f"{where}: there is no {name}")
            compare(item, found[name], f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for at, (one, other) in enumerate(zip(expected, found)):
            compare(one, other, f"{where}[{at}]")
    elif expected != found:
        raise Mismatch(f"{where}: {found!r} instead of {expected!r}")


def check(runner: Runner, call: Json, where: str) -> None:
    """Makes one call and compares what it gives, or how it fails."""
    wanted = call.get("error")
    try:
        found = runner.call(call)
    except simc.SimcError as error:
        if wanted is None:
            raise Mismatch(f"{where}: {error.code}: {error}") from error
        fields = {name: getattr(error, name) for name in ("code", "suggestion", "variable", "byte")}
        compare(wanted, fields, where)
        return
    if wanted is not None:
        raise Mismatch(f"{where}: no error instead of {wanted['code']}")
    compare(call.get("expect", {}), found, where)


def run_sequence(folder: Path, manifest: dict[str, str], artifact: str, sequence: Json) -> str | None:
    """What is wrong with a sequence, if anything is."""
    runner = Runner(folder, manifest, sequence.get("artifact", artifact))
    try:
        for at, call in enumerate(sequence["calls"]):
            check(runner, call, f"call {at} ({call['call']})")
    except Mismatch as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def refuses(folder: Path, manifest: dict[str, str], artifact: str, sequence: Json) -> bool:
    """Whether a sequence that this host cannot do is refused as unsupported."""
    runner = Runner(folder, manifest, sequence.get("artifact", artifact))
    try:
        for call in sequence["calls"]:
            runner.call(call)
    except simc.UnsupportedError:
        return True
    except simc.SimcError:
        return False
    return False


def main(arguments: Iterable[str]) -> int:
    given = next(iter(arguments), None) or os.environ.get("SIMC_VECTORS") or str(PROJECT / "target" / "vectors")
    folder = Path(given)
    manifest: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    passed = failed = 0
    for path in sorted((PROJECT / "tests" / "vectors").glob("*.json")):
        vectors = json.loads(path.read_text(encoding="utf-8"))
        for sequence in vectors["sequences"]:
            name = f"{path.stem}: {sequence['name']}"
            reason = EXCEPTIONS.get(sequence["name"])
            artifact = vectors.get("artifact", "")
            if reason is not None:
                print(f"exception: {name}: {reason}")
                fault = None if refuses(folder, manifest, artifact, sequence) else "it is not refused"
            else:
                fault = run_sequence(folder, manifest, artifact, sequence)
            if fault is None:
                passed += 1
            else:
                failed += 1
                print(f"failed: {name}: {fault}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
