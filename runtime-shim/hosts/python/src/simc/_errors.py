"""What can go wrong, as one small hierarchy.

Every error of this package is a :class:`SimcError` with a ``code`` that is the same in all languages,
and is also the built-in exception that a Python user would expect: a name that no variable has is a
``KeyError`` and a ``NameError``, a value that does not fit is a ``ValueError``.
"""

from __future__ import annotations

from typing import ClassVar


class SimcError(Exception):
    """Base of all errors of this package.

    Attributes
    ----------
    code : str
        What is wrong, in the vocabulary that all hosts share, such as ``"unknown-name"``.
    name : str or None
        The name that was asked for, as it was written.
    suggestion : str or None
        The name that was probably meant.
    byte : int or None
        For a bad artifact, the position in the file at which the fault was found.
    variable : str or None
        The variable (or element) at fault, as its author wrote it.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        name: str | None = None,
        suggestion: str | None = None,
        byte: int | None = None,
        variable: str | None = None,
    ) -> None:
        super().__init__(message)
        self._name = name
        self.suggestion = suggestion
        self.byte = byte
        self.variable = variable

    # NameError has a slot of this name from which the interpreter makes suggestions of its own, out of
    # the local variables of whoever called: the property keeps it empty.
    @property
    def name(self) -> str | None:
        """The name that was asked for, as it was written."""
        return self._name

    @name.setter
    def name(self, value: str | None) -> None:
        self._name = value

    def __str__(self) -> str:
        # KeyError shows the representation of its argument; messages are for people.
        return str(self.args[0]) if self.args else ""


class UnknownNameError(SimcError, KeyError, NameError):
    """No variable, element, table or output has this name; ``suggestion`` is the nearest one."""

    code = "unknown-name"


class AmbiguousNameError(SimcError, ValueError):
    """A parameter is given twice in one call, under two spellings."""

    code = "ambiguous-name"


class NotSettableError(SimcError, ValueError):
    """What is no settable constant cannot be set; the message has the reason."""

    code = "not-settable"


class ShapeError(SimcError, ValueError):
    """A value has the wrong shape or is no number, or a name has the wrong number of subscripts."""

    code = "shape"


class BadValueError(SimcError, ValueError):
    """A parameter is NaN or infinite, or points cannot be those of a graphical function."""

    code = "bad-value"


class BadArtifactError(SimcError, ValueError):
    """The bytes are no artifact: truncated, forged, or in contradiction with themselves."""

    code = "bad-artifact"


class WrongArtifactError(SimcError, ValueError):
    """An artifact, but not the one that was asked for."""

    code = "wrong-artifact"


class BadTimeError(SimcError, ValueError):
    """A time that is no number, or one at which there is no row."""

    code = "bad-time"


class UnsupportedError(SimcError, NotImplementedError):
    """The artifact, the engine or this package cannot do that; the message says what can."""

    code = "unsupported"


class ClosedError(SimcError, RuntimeError):
    """A closed :class:`~simc.Sim` was used."""

    code = "closed"


class BusyError(SimcError, RuntimeError):
    """A :class:`~simc.Sim` was used by two threads at once."""

    code = "busy"


class ModelWarning(UserWarning):
    """What the compiler warns of in a model that it compiles all the same."""


class ModelError(SimcError, ValueError):
    """The compiler refuses the model; the message is what it says."""

    code = "bad-model"
