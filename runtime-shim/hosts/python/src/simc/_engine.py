"""The artifact in wasmtime: one compiled module, and instances of it.

Nothing that an artifact says of itself is believed before it has been checked against its memory.
"""

from __future__ import annotations

import os
import re
import struct
from typing import Any, NoReturn

import numpy as np
import wasmtime

from . import _calls
from ._errors import BadArtifactError, UnsupportedError
from ._layout import RESERVED_SLOTS, Layout
from ._types import FloatArray

#: Bytes of the record of an event.
EVENT_BYTES = 32

_FUNCTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "run": ((), ()),
    "run_to": (("f64",), ()),
    "run_initials": ((), ()),
    "reset": ((), ()),
    "set_value": (("i32", "f64"), ("i32",)),
    "set_values": (("i32", "i32"), ("i32",)),
    "clear_values": ((), ()),
    "get_error": ((), ("i64",)),
}
_OPTIONAL_FUNCTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "set_table": (("i32", "i32"), ("i32",)),
    "pause_on_events": (("i32",), ()),
}
_CONSTANTS = ("n_slots", "n_chunks", "results_offset", "inputs_offset", "inputs_capacity")
_EVENT_CONSTANTS = ("events_offset", "events_capacity")
_EVENT_VARIABLES = ("run_state", "event_count")

_OFFSET = re.compile(r"\(at offset 0x([0-9a-f]+)\)")
_EVENT = struct.Struct("<IIQdd")


class _Engine:
    """The engine of this process, made when it is first needed."""

    def __init__(self) -> None:
        self.engine: wasmtime.Engine | None = None
        self.forked = False

    def get(self) -> wasmtime.Engine:
        if self.engine is None:
            config = wasmtime.Config()
            # Threads that compile do not survive a fork: a process that came of one compiles alone.
            if self.forked:
                config.parallel_compilation = False
            self.engine = wasmtime.Engine(config)
        return self.engine

    def after_fork(self) -> None:
        self.engine = None
        self.forked = True


_ENGINE = _Engine()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ENGINE.after_fork)


class Module:
    """A compiled artifact. Threads may share it."""

    def __init__(self, artifact: bytes, layout: Layout) -> None:
        self.layout = layout
        self.engine = _ENGINE.get()
        try:
            self.module = wasmtime.Module(self.engine, artifact)
        except wasmtime.WasmtimeError as error:
            _not_valid(error)
        if self.module.imports:
            first = self.module.imports[0]
            _not_an_artifact(f"it imports `{first.module}.{first.name}`")
        self._check_exports()

    def _check_exports(self) -> None:
        types = {it.name: it.type for it in self.module.exports}
        if not isinstance(types.get("memory"), wasmtime.MemoryType):
            _not_an_artifact("it does not export `memory`")
        for name, signature in _FUNCTIONS.items():
            _check_function(types, name, signature)
        for name in _CONSTANTS:
            _check_global(types, name, mutable=False)
        _check_global(types, "saved_steps", mutable=True)
        self.has_tables = "set_table" in types
        self.has_events = "event_count" in types
        for name, signature in _OPTIONAL_FUNCTIONS.items():
            if name in types:
                _check_function(types, name, signature)
        if self.has_events:
            for name in _EVENT_CONSTANTS:
                _check_global(types, name, mutable=False)
            for name in _EVENT_VARIABLES:
                _check_global(types, name, mutable=True)


class Instance:
    """A running artifact: memory, exports, and views of what they work on.

    One thread at a time. The views stay valid as long as they are referred to, whatever becomes of the
    instance, since they keep its memory alive.
    """

    def __init__(self, module: Module) -> None:
        layout = module.layout
        self.module = module
        store = wasmtime.Store(module.engine)
        try:
            instance = wasmtime.Instance(store, module.module, [])
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise BadArtifactError(f"the artifact cannot be started: {_first_line(error)}") from error
        exports: Any = instance.exports(store)
        self.store = store
        _calls.check(store, exports["get_error"])
        calls = {name: _calls.bind(store, exports[name], *signature) for name, signature in _FUNCTIONS.items()}
        self._run = calls["run"]
        self._run_to = calls["run_to"]
        self._run_initials = calls["run_initials"]
        self._reset = calls["reset"]
        self._set_value = calls["set_value"]
        self._set_values = calls["set_values"]
        self._clear_values = calls["clear_values"]
        self._get_error = calls["get_error"]
        self._saved = exports["saved_steps"]

        def constant(name: str) -> int:
            return int(exports[name].value(store)) & 0xFFFF_FFFF

        memory = exports["memory"]
        size = memory.data_len(store)
        buffer = memory.get_buffer_ptr(store)
        # A view of memory refers to the buffer, and the buffer to what keeps the memory.
        buffer.owner = store
        n_slots, n_rows, results = constant("n_slots"), constant("n_chunks"), constant("results_offset")
        if (n_slots, n_rows, results) != (layout.n_slots, layout.n_rows, layout.results_offset):
            _contradiction("its exports and its layout disagree on where the results are")
        fits = results + 8 * n_slots * n_rows <= size and 8 * n_slots <= results
        if not fits or n_slots < RESERVED_SLOTS or n_rows == 0:
            _contradiction(f"{n_rows} rows of {n_slots} slots do not fit its memory of {size} bytes")
        offset, self.inputs_capacity = constant("inputs_offset"), constant("inputs_capacity")
        if offset + 8 * self.inputs_capacity > size:
            _contradiction("its inputs do not fit its memory")
        self.n_rows = n_rows
        self.live: FloatArray = np.frombuffer(buffer, "<f8", n_slots)
        self.rows: FloatArray = np.frombuffer(buffer, "<f8", n_slots * n_rows, results).reshape(n_rows, n_slots)
        self.inputs: FloatArray = np.frombuffer(buffer, "<f8", self.inputs_capacity, offset)
        self.live.flags.writeable = False
        self.rows.flags.writeable = False
        self._set_table = exports["set_table"] if module.has_tables else None
        self._events: Any = None
        #: Records of events that the artifact keeps; 0 in a model without events.
        self.event_capacity = 0
        if module.has_events:
            offset, capacity = constant("events_offset"), constant("events_capacity")
            if capacity == 0 or offset + EVENT_BYTES * capacity > size:
                _contradiction("its records of events do not fit its memory")
            self._events = np.frombuffer(buffer, np.uint8, EVENT_BYTES * capacity, offset)
            self.event_capacity = capacity
            self._event_count = exports["event_count"]
            self._run_state = exports["run_state"]
            self._pause_on_events = exports.get("pause_on_events")

    def run(self) -> None:
        """Resets and runs to the end."""
        try:
            self._run()
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)

    def run_to(self, target: float) -> None:
        """Takes every step whose time is at most the target."""
        try:
            self._run_to(target)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)

    def run_initials(self) -> None:
        """Evaluates t = start."""
        try:
            self._run_initials()
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)

    def reset(self) -> None:
        """Back to the start; what was set is kept."""
        try:
            self._reset()
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)

    def clear_values(self) -> None:
        """Drops everything that was set."""
        try:
            self._clear_values()
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)

    def set_value(self, slot: int, value: float) -> None:
        """Sets one slot."""
        try:
            status = self._set_value(slot, value)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)
        if status != 0:
            _contradiction(f"its layout lists slot {slot} as settable, and it refuses to set it")

    def set_values(self, first: int, values: FloatArray) -> None:
        """Sets slots that stand side by side."""
        capacity, at = self.inputs_capacity, 0
        while at < len(values):
            part = values[at : at + capacity]
            n = len(part)
            if n == 0:
                _contradiction("it has no room for inputs")
            self.inputs[:n] = part
            try:
                status = self._set_values(first + at, n)
            except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
                _trapped(error)
            if status != 0:
                _contradiction(
                    f"its layout lists {n} slots from {first + at} on as settable, and it refuses to set them"
                )
            at += n

    def set_table(self, number: int, points: FloatArray) -> bool:
        """Gives a graphical function other points, shape ``(n, 2)``; False when they cannot be its points."""
        if self._set_table is None or points.size > self.inputs_capacity:
            return False
        self.inputs[: points.size] = points.reshape(-1)
        try:
            return bool(self._set_table(self.store, number, len(points)) == 0)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)

    def pause_on_events(self, on: bool) -> None:
        """Whether events that pause do so; nothing in a model without events."""
        if self._events is not None and self._pause_on_events is not None:
            try:
                self._pause_on_events(self.store, int(on))
            except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
                _trapped(error)

    def saved(self) -> int:
        """Rows saved so far; never more than there is room for."""
        return min(int(self._saved.value(self.store)) & 0xFFFF_FFFF, self.n_rows)

    def error(self) -> tuple[int, int]:
        """Code and place of what went wrong in the run; zeros when nothing did."""
        try:
            word = int(self._get_error()) & 0xFFFF_FFFF_FFFF_FFFF
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            _trapped(error)
        return word & 0xFFFF_FFFF, word >> 32

    def run_state(self) -> int:
        """0, or 1 when an event has paused the run, or 2 when one has stopped it."""
        return int(self._run_state.value(self.store)) if self._events is not None else 0

    def event_count(self) -> int:
        """Events that have fired since the instance was new or reset."""
        return int(self._event_count.value(self.store)) & 0xFFFF_FFFF if self._events is not None else 0

    def event_records(self, first: int, behind: int) -> list[tuple[int, int, int, float, float]]:
        """Records of events by their numbers, those that are kept: event, element, step, time, value."""
        capacity = self.event_capacity
        kept = range(max(first, behind - capacity), behind)
        return [_EVENT.unpack_from(self._events, EVENT_BYTES * (it % capacity)) for it in kept]


def _check_function(types: dict[str, Any], name: str, signature: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    found = types.get(name)
    if found is None:
        _not_an_artifact(f"it does not export `{name}`")
    if not isinstance(found, wasmtime.FuncType):
        _not_an_artifact(f"its export `{name}` is no function")
    if (tuple(map(str, found.params)), tuple(map(str, found.results))) != signature:
        _not_an_artifact(f"its export `{name}` has another type")


def _check_global(types: dict[str, Any], name: str, *, mutable: bool) -> None:
    found = types.get(name)
    if found is None:
        _not_an_artifact(f"it does not export `{name}`")
    if not isinstance(found, wasmtime.GlobalType) or str(found.content) != "i32" or found.mutable != mutable:
        _not_an_artifact(f"its export `{name}` has another type")


def _not_valid(error: wasmtime.WasmtimeError) -> NoReturn:
    text = str(error)
    offset = _OFFSET.search(text)
    byte = int(offset[1], 16) if offset else None
    message = _first_line(error)
    if offset is None and "support is not enabled" in text:
        raise UnsupportedError(f"this engine lacks what the artifact needs: {message}") from error
    raise BadArtifactError(f"this is no valid WebAssembly module: {message}", byte=byte) from error


def _trapped(error: Exception) -> NoReturn:
    raise BadArtifactError(f"the artifact stopped where artifacts of simc never stop: {_first_line(error)}") from error


def _not_an_artifact(why: str) -> NoReturn:
    raise BadArtifactError(f"the module is not an artifact of simc: {why}")


def _contradiction(why: str) -> NoReturn:
    raise BadArtifactError(f"the artifact contradicts itself: {why}")


def _first_line(error: Exception) -> str:
    """The cause of an error, which wasmtime puts last and in several lines."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].removeprefix("0: ").removeprefix("1: ") if lines else type(error).__name__
