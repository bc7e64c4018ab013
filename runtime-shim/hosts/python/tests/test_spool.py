"""Calls of another process that go through files."""

from __future__ import annotations

from pathlib import Path

import pytest

from simc._spool import RemoteError, Spool, SpoolError, make


class Odd(Exception):
    """An error that comes out of no pickle, as it has more arguments than it keeps."""

    def __init__(self, what: str, _length: int) -> None:
        super().__init__(what * 100_000)


def raise_odd(what: str) -> None:
    raise Odd(what, 3)


def test_what_a_call_raises_goes_through_its_file() -> None:
    spool = Spool()
    for function, argument, raised in (int, "seven", ValueError), (raise_odd, "no ", RuntimeError):
        path = spool.put(function, (argument,))
        assert make(path) is None
        with pytest.raises(raised, match="seven|no no no") as error:
            spool.take(path, None)
        assert isinstance(error.value.__cause__, RemoteError) and "Traceback" in str(error.value.__cause__)
    assert not list(Path(spool.folder).iterdir())


def test_files_of_calls_that_are_cut() -> None:
    spool = Spool()
    path = spool.put(int, ("3",))
    assert make(path) is None
    for length in 0, 5:
        Path(f"{path}.result").write_bytes(Path(f"{path}.result").read_bytes()[:length])
        with pytest.raises(SpoolError, match="cannot be read"):
            spool.take(path, None)
        path = spool.put(int, ("3",))
        assert make(path) is None
    Path(f"{path}.call").write_bytes(b"")
    trouble = make(path)
    assert trouble is not None and len(trouble) <= 400
    with pytest.raises(SpoolError, match="a part of a batch cannot be read"):
        spool.take(path, trouble)
    assert not list(Path(spool.folder).iterdir())
