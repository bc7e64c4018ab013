"""Reads the custom section ``simc.layout`` out of the bytes of an artifact.

The bytes may come from anywhere. What is not exactly as the format says is an error with the byte at which
it was found; memory is taken only for what the input holds, and nothing recurses.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from ._errors import BadArtifactError, UnsupportedError
from ._metadata import (
    Control,
    Dimension,
    Group,
    Link,
    SourceFile,
    Table,
    Threshold,
    Time,
    Transport,
    Variable,
)

T = TypeVar("T")

#: Version of the extension records that this reader knows.
FORMAT_VERSION = 2
#: Slots that every row begins with: time, dt, initial time and final time.
RESERVED_SLOTS = 4

_SECTION = b"simc.layout"
_MEMORY_LIMIT = 1 << 32
#: Dimensions that an array can have.
_MAX_RANK = 16

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")
_F64 = struct.Struct("<d")

_KINDS = ("time", "stock", "flow", "auxiliary", "constant", "module-input")
_METHODS = ("euler", "rk2", "rk4", "midpoint")
_TABLES = ("continuous", "extrapolate", "discrete")
_TRANSPORTS = ("conveyor", "queue")
_DIRECTIONS = ("increasing", "decreasing")
_REPEATS = ("each", "once", "once-ever")
_ACTIONS = ("message", "pause", "stop")
_CONTROLS = ("slider", "knob", "switch", "graph", "gauge")
_SIGNS = ("unknown", "same", "opposite")

_SETTABLE, _UNITS, _DOCUMENTATION, _RANGE, _IN_PART = 1, 2, 4, 8, 16


@dataclass
class Layout:
    """The content of the section. A record that is missing reads as empty."""

    n_slots: int
    n_rows: int
    results_offset: int
    entries: list[tuple[str, int]]
    has_extension: bool = False
    arrays_have_one_entry: bool = False
    producer: str = ""
    name: str = ""
    source_sha256: str = ""
    time: Time | None = None
    dimensions: list[Dimension] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    regions: list[tuple[str, int, int]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    transports: list[Transport] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    inputs: tuple[int, int] | None = None
    tables: list[Table] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)


def read(artifact: bytes) -> Layout:
    """The layout of an artifact.

    Raises
    ------
    BadArtifactError
        When the bytes are no module with one such section, or the section is not as it should be.
    UnsupportedError
        When it has a format version that this reader does not know.
    """
    start, end = _find(artifact)
    return _decode(_Reader(artifact, start, end))


def _bad(message: str, byte: int) -> NoReturn:
    raise BadArtifactError(f"{message} (at byte {byte})", byte=byte)


def _find(artifact: bytes) -> tuple[int, int]:
    """Where in the module the content of the section is."""
    if artifact[:4] != b"\0asm":
        _bad("this is no WebAssembly module", 0)
    if artifact[4:8] != b"\1\0\0\0":
        _bad("this is no core WebAssembly module of version 1", 4)
    at, end, found = 8, len(artifact), None
    while at < end:
        custom = artifact[at] == 0
        size, start = _leb(artifact, at + 1, end)
        at = start + size
        if at > end:
            _bad("the module ends within a section", end)
        if custom:
            length, name = _leb(artifact, start, at)
            if name + length > at:
                _bad("the name of a section goes beyond it", name)
            if artifact[name : name + length] == _SECTION:
                if found is not None:
                    _bad("the module has two simc.layout sections", end)
                found = (name + length, at)
    if found is None:
        _bad("the module has no simc.layout section: it was not made by simc", end)
    return found


def _leb(artifact: bytes, at: int, end: int) -> tuple[int, int]:
    """A number of at most 32 bits as modules have them, and the position behind it."""
    number = 0
    for shift in range(0, 35, 7):
        if at >= end:
            _bad("the module ends within a section", end)
        byte = artifact[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number >= _MEMORY_LIMIT:
                break
            return number, at
    _bad("the size of a section is no number of 32 bits", at)


class _Reader:
    """Bytes of a section, and where in them one is; positions are those of the file."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data = data
        self.at = at
        self.end = end

    def take(self, size: int) -> int:
        """The position of the next bytes, and steps over them."""
        at = self.at
        if size > self.end - at:
            _bad("the data ends too early", at)
        self.at = at + size
        return at

    def invalid(self, field: str) -> NoReturn:
        _bad(f"a {field} is out of range", self.at)

    def u8(self) -> int:
        return self.data[self.take(1)]

    def u32(self) -> int:
        return int(_U32.unpack_from(self.data, self.take(4))[0])

    def u64(self) -> int:
        return int(_U64.unpack_from(self.data, self.take(8))[0])

    def f64(self) -> float:
        return float(_F64.unpack_from(self.data, self.take(8))[0])

    def f64s(self, count: int) -> tuple[float, ...]:
        if count * 8 > self.end - self.at:
            # The one that is cut is the first that does not fit.
            _bad("the data ends too early", self.end - (self.end - self.at) % 8)
        return struct.unpack_from(f"<{count}d", self.data, self.take(8 * count))

    def text(self) -> str:
        size = self.u32()
        at = self.take(size)
        try:
            return self.data[at : at + size].decode()
        except UnicodeDecodeError as error:
            _bad("a text is not UTF-8", at + error.start)

    def digest(self) -> str:
        at = self.take(32)
        return self.data[at : at + 32].hex()

    def list(self, item: Callable[[], T]) -> list[T]:
        # Each item takes at least a byte: a count that lies runs into the end before it costs memory.
        return [item() for _ in range(self.u32())]

    def flags(self, known: int) -> int:
        flags = self.u8()
        if flags & ~known:
            self.invalid("flag")
        return flags

    def one_of(self, names: tuple[T, ...], field: str) -> T:
        number = self.u8()
        if number >= len(names):
            self.invalid(field)
        return names[number]

    def range(self) -> tuple[float, float]:
        return self.f64(), self.f64()


def _decode(reader: _Reader) -> Layout:
    n_slots, n_rows, offset = reader.u64(), reader.u64(), reader.u64()
    if n_slots * max(1, n_rows) * 8 + offset > _MEMORY_LIMIT:
        reader.invalid("results region")

    def entry() -> tuple[str, int]:
        name, slot = reader.text(), reader.u64()
        if slot >= n_slots:
            reader.invalid("slot")
        return name, slot

    layout = Layout(n_slots, n_rows, offset, reader.list(entry))
    if reader.at == reader.end:
        return layout
    layout.has_extension = True
    records = _Records(layout, reader)
    seen: set[int] = set()
    while reader.at < reader.end:
        start = reader.at
        tag, size = reader.u32(), reader.u32()
        content = reader.take(size)
        if tag != 1 and 1 not in seen:
            _bad("the extension does not begin with its format record", start)
        decode = records.by_tag.get(tag)
        if decode is None:
            continue
        if tag in seen or (tag == 4 and not seen.isdisjoint((5, 42, 49))) or (tag == 5 and 43 in seen):
            _bad(f"record {tag} occurs twice or too early", start)
        seen.add(tag)
        # The record is read with its own end as the end of all.
        reader.at, reader.end, end = content, content + size, reader.end
        decode()
        if reader.at != reader.end:
            _bad("a record is longer than its content", reader.at)
        reader.end = end
    return layout


class _Records:
    """Decoders of the extension records, by tag."""

    def __init__(self, layout: Layout, reader: _Reader) -> None:
        self.layout = layout
        self.reader = reader
        self.canonical: dict[int, str] = {}
        for name, slot in layout.entries:
            self.canonical.setdefault(slot, name)
        self.by_tag: dict[int, Callable[[], None]] = {
            1: self.format,
            2: self.origin,
            3: self.time,
            4: self.dimensions,
            5: self.variables,
            6: self.regions,
            40: self.groups,
            42: self.transports,
            43: self.links,
            44: self.controls,
            46: self.files,
            48: self.inputs,
            49: self.events,
        }

    def format(self) -> None:
        reader = self.reader
        version = reader.u32()
        if version != FORMAT_VERSION:
            newer = version > FORMAT_VERSION
            advice = "update the package `simc`" if newer else "compile the model again"
            message = (
                f"the artifact has format version {version}, and this package reads version {FORMAT_VERSION}: {advice}"
            )
            raise UnsupportedError(message, byte=reader.at)
        flags = reader.u32()
        if flags & ~1:
            reader.invalid("flag")
        self.layout.arrays_have_one_entry = flags != 0

    def origin(self) -> None:
        reader, layout = self.reader, self.layout
        layout.producer, layout.name, layout.source_sha256 = reader.text(), reader.text(), reader.digest()

    def time(self) -> None:
        reader = self.reader
        start, stop, dt, steps, save_every = reader.f64(), reader.f64(), reader.f64(), reader.u64(), reader.u64()
        method = reader.one_of(_METHODS, "method")
        units = reader.text() if reader.flags(1) else None
        self.layout.time = Time(start, stop, dt, steps, save_every, method, units, self.layout.n_rows)  # type: ignore[arg-type]

    def dimensions(self) -> None:
        reader = self.reader
        self.layout.dimensions = reader.list(lambda: Dimension(reader.text(), tuple(reader.list(reader.text))))

    def dims(self) -> tuple[Dimension, ...]:
        """Dimensions by their numbers."""
        reader, dimensions = self.reader, self.layout.dimensions

        def dimension() -> Dimension:
            number = reader.u32()
            if number >= len(dimensions):
                reader.invalid("dimension")
            return dimensions[number]

        found = tuple(reader.list(dimension))
        if len(found) > _MAX_RANK:
            reader.invalid("dimension")
        return found

    def variables(self) -> None:
        self.layout.variables = self.reader.list(self.variable)

    def variable(self) -> Variable:
        reader = self.reader
        name = reader.text()
        kind = reader.one_of(_KINDS, "kind")
        flags = reader.flags(_SETTABLE | _UNITS | _DOCUMENTATION | _RANGE | _IN_PART)
        if flags & _SETTABLE and flags & _IN_PART:
            reader.invalid("flag")
        slot = reader.u64()
        dimensions = self.dims()
        size = 1
        for dimension in dimensions:
            size *= len(dimension.elements)
        if slot + size > self.layout.n_slots:
            reader.invalid("slot")
        pieces: tuple[tuple[int, tuple[float, ...]], ...] = ()
        if flags & _SETTABLE:
            # A default for each element; none when there are no elements.
            pieces = ((0, reader.f64s(size)),) if size else ()
        elif flags & _IN_PART:
            pieces = self.pieces(size)
        return Variable(
            name,
            kind,  # type: ignore[arg-type]
            slot,
            dimensions,
            reader.text() if flags & _UNITS else None,
            reader.text() if flags & _DOCUMENTATION else None,
            reader.range() if flags & _RANGE else None,
            self.canonical_of(slot, dimensions),
            pieces,
        )

    def canonical_of(self, slot: int, dimensions: tuple[Dimension, ...]) -> str:
        """The name of the core record for a variable; of an array without the subscripts."""
        canonical = self.canonical.get(slot, "")
        if dimensions and canonical.endswith("]"):
            return canonical[: canonical.rindex("[")] if "[" in canonical else canonical
        return canonical

    def pieces(self, size: int) -> tuple[tuple[int, tuple[float, ...]], ...]:
        """Elements that can be set, with their defaults: some and not all, ascending, with gaps between."""
        reader, least = self.reader, 0

        def piece() -> tuple[int, tuple[float, ...]]:
            nonlocal least
            first, count = reader.u32(), reader.u32()
            defaults = reader.f64s(count)
            if first < least or count in {0, size} or first + count > size:
                reader.invalid("settable element")
            least = first + count + 1
            return first, defaults

        pieces = tuple(reader.list(piece))
        if not pieces:
            reader.invalid("settable element")
        return pieces

    def regions(self) -> None:
        reader = self.reader
        self.layout.regions = reader.list(lambda: (reader.text(), reader.u64(), reader.u64()))

    def groups(self) -> None:
        reader = self.reader

        def group() -> Group:
            name = reader.text()
            documentation = reader.text() if reader.flags(1) else None
            return Group(name, documentation, tuple(reader.list(reader.text)))

        self.layout.groups = reader.list(group)

    def transports(self) -> None:
        reader = self.reader
        self.layout.transports = reader.list(
            lambda: Transport(reader.text(), reader.one_of(_TRANSPORTS, "kind"), self.dims())  # type: ignore[arg-type]
        )

    def links(self) -> None:
        reader, variables = self.reader, self.layout.variables

        def variable() -> str:
            number = reader.u32()
            if number >= len(variables):
                reader.invalid("variable")
            return variables[number].name

        self.layout.links = reader.list(
            lambda: Link(variable(), variable(), reader.one_of(_SIGNS, "sign"), reader.flags(1) != 0)  # type: ignore[arg-type]
        )

    def controls(self) -> None:
        reader = self.reader

        def control() -> Control:
            kind = reader.one_of(_CONTROLS, "kind")
            flags = reader.flags(7)
            return Control(
                kind,  # type: ignore[arg-type]
                tuple(reader.list(reader.text)),
                reader.range() if flags & 1 else None,
                reader.f64() if flags & 2 else None,
                reader.text() if flags & 4 else None,
            )

        self.layout.controls = reader.list(control)

    def files(self) -> None:
        reader = self.reader
        self.layout.files = reader.list(lambda: SourceFile(reader.text(), reader.digest()))

    def inputs(self) -> None:
        reader = self.reader
        offset, capacity = reader.u64(), reader.u64()
        if capacity * 8 + offset > _MEMORY_LIMIT:
            reader.invalid("place for inputs")
        self.layout.inputs = (offset, capacity)
        self.layout.tables = reader.list(
            lambda: Table(
                reader.text(),
                reader.one_of(_TABLES, "kind"),  # type: ignore[arg-type]
                reader.u32(),
                tuple(reader.list(reader.range)),
            )
        )

    def events(self) -> None:
        reader = self.reader
        self.layout.thresholds = reader.list(
            lambda: Threshold(
                reader.text(),
                self.dims(),
                reader.u32(),
                reader.u32(),
                reader.f64(),
                reader.one_of(_DIRECTIONS, "direction"),  # type: ignore[arg-type]
                reader.one_of(_REPEATS, "repetition"),  # type: ignore[arg-type]
                reader.u32(),
                tuple(
                    reader.list(lambda: (reader.one_of(_ACTIONS, "action"), reader.text()))  # type: ignore[arg-type]
                ),
            )
        )


def check(layout: Layout) -> None:
    """Refuses a layout that a decoder can read and no host can use.

    Raises
    ------
    BadArtifactError
        When it has no variables or no time, or they are not where every artifact has them.
    """
    time, variables = layout.time, layout.variables
    if time is None or len(variables) < RESERVED_SLOTS:
        _refuse("it does not tell of its variables and its time")
    if any(it.slot != slot or it.kind != "time" for slot, it in enumerate(variables[:RESERVED_SLOTS])):
        _refuse("its row does not begin with the time")
    if not (math.isfinite(time.start) and math.isfinite(time.stop) and time.dt > 0 and time.save_every > 0):
        _refuse("its time axis is none")
    if time.rows == 0:
        _refuse("it has no room for a row")


def _refuse(why: str) -> NoReturn:
    raise BadArtifactError(f"the artifact contradicts the contract: {why}")
