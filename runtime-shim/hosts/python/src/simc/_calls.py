"""Calls of exported functions.

What `wasmtime.Func` does in a call costs several times what a small model's run does: it asks for the function's
type and converts through objects. :class:`DirectCall` keeps the type from when the artifact was loaded and makes the
same call of the engine's C interface. It needs parts of the wheel that are not its public interface; where they are
not as expected, :func:`bind` gives the public call instead.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import wasmtime

Call = Callable[..., Any]


def _ffi_of() -> Any:
    from wasmtime import _ffi

    return _ffi


class DirectCall:
    """A call with arguments in a place of its own. One thread at a time."""

    __slots__ = (
        "_arguments",
        "_call",
        "_context",
        "_fields",
        "_function",
        "_keep",
        "_n",
        "_result",
        "_results",
        "_trap",
    )

    def __init__(self, store: Any, function: Any, params: tuple[str, ...], results: tuple[str, ...]) -> None:
        ffi = _ffi_of()
        kinds = {"i32": ffi.WASMTIME_I32, "i64": ffi.WASMTIME_I64, "f64": ffi.WASMTIME_F64}
        self._call = ffi.wasmtime_func_call
        self._context = store._context()
        # The store, the function and the place of its reference live as long as the call.
        self._keep = (store, function, function._func)
        self._function = ctypes.byref(function._func)
        self._n = (len(params), len(results))
        self._arguments = (ffi.wasmtime_val_t * len(params))()
        self._results = (ffi.wasmtime_val_t * len(results))()
        for place, kind in zip(self._arguments, params):
            place.kind = kinds[kind]
        self._fields = [(place.of, kind) for place, kind in zip(self._arguments, params)]
        self._result = (self._results[0].of, results[0]) if results else None
        self._trap = ctypes.POINTER(ffi.wasm_trap_t)

    def __call__(self, *values: Any) -> Any:
        for (place, kind), value in zip(self._fields, values):
            setattr(place, kind, value)
        trap = self._trap()
        n_params, n_results = self._n
        error = self._call(
            self._context, self._function, self._arguments, n_params, self._results, n_results, ctypes.byref(trap)
        )
        if error:
            raise wasmtime.WasmtimeError._from_ptr(error)
        if trap:
            raise wasmtime.Trap._from_ptr(trap)
        return getattr(*self._result) if self._result is not None else None


def bind(store: Any, function: Any, params: tuple[str, ...], results: tuple[str, ...]) -> Call:
    """A function of an instance as a callable that takes its arguments alone."""
    if _Direct.works is not False:
        try:
            return DirectCall(store, function, params, results)
        except (AttributeError, ImportError, TypeError, KeyError, ValueError, ctypes.ArgumentError):
            _Direct.works = False

    def call(*values: Any) -> Any:
        return function(store, *values)

    return call


class _Direct:
    """Whether direct calls work with the installed wheel: None until it is known."""

    works: bool | None = None


def check(store: Any, function: Any) -> None:
    """Tries a direct call of a function `() -> i64` that only reads, beside the public one."""
    if _Direct.works is not None:
        return
    try:
        _Direct.works = DirectCall(store, function, (), ("i64",))() == function(store)
    except wasmtime.Trap:
        # A forged artifact tells nothing of the wheel; whoever calls its functions finds out.
        return
    except (AttributeError, ImportError, TypeError, KeyError, ValueError, ctypes.ArgumentError, wasmtime.WasmtimeError):
        _Direct.works = False
