"""Names: when two of them are one, what a misspelt one may have meant, and subscripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: Characters that separate words within a name. A run of them counts as one underscore.
_SEPARATORS = re.compile("[ _\n\r\t\u00a0]+")

#: White space as Unicode defines it, which is what surrounds a name and does not belong to it.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)

#: Names beyond this length get no suggestion.
_LONGEST = 80
#: Cells of distance tables that one suggestion may cost.
_BUDGET = 1_000_000

_ESCAPE = re.compile(r'\\([n"\\])')
_POSITION = re.compile(r"\+?[0-9]{1,18}")


def key(name: str) -> str:
    """The form in which names are compared: two names are one when their keys are equal.

    Case does not count, a run of separators is one underscore, and separators at the ends do not count.

    >>> key(" Contact  Rate_") == key("contact_rate")
    True
    >>> key("a-b") == key("a_b")
    False
    """
    if name.isascii():
        lower = name.lower()
    else:
        # Per character, as the compiler does it; a sigma at the end of a word is a sigma.
        lower = "".join([c.lower() for c in name]).replace("ς", "σ")
    folded = _SEPARATORS.sub("_", lower)
    return folded.strip("_") or folded


def unescape(written: str) -> str:
    """A name without the quotes around it and with its escapes resolved.

    >>> unescape(' "room temperature" ')
    'room temperature'
    """
    name = written.strip(WHITE_SPACE)
    if len(name) >= 2 and name[0] == '"' and name[-1] == '"':
        name = name[1:-1]
    if "\\" in name:
        name = _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], name)
    return name


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that do not stand between double quotes."""
    if '"' not in text:
        return text.split(separator)
    parts, start, quoted, escaped = [], 0, False, False
    for at, c in enumerate(text):
        quoted ^= c == '"' and not escaped
        escaped = c == "\\" and not escaped
        if c == separator and not quoted:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return parts


def split_subscripts(written: str) -> tuple[str, list[str]] | None:
    """A name and the subscripts behind it; None when there are none.

    >>> split_subscripts("rate[North, *]")
    ('rate', ['North', '*'])
    """
    written = written.strip(WHITE_SPACE)
    if not written.endswith("]") or "[" not in written:
        return None
    parts = split_outside_quotes(written, "[")
    if len(parts) == 1:
        return None
    last = parts[-1]
    base = written[: len(written) - len(last) - 1].rstrip(WHITE_SPACE)
    return base, [part.strip(WHITE_SPACE) for part in split_outside_quotes(last[:-1], ",")]


def title_key(name: str) -> tuple[str, ...]:
    """What titles are compared by: names and subscripts as equations compare them.

    >>> title_key("Rate[ NORTH,young ]") == title_key("rate[North, Young]")
    True
    """
    split = split_subscripts(name)
    if split is None:
        return (key(unescape(name)),)
    base, subscripts = split
    return tuple([key(unescape(it)) for it in [base, *subscripts]])


def position(subscript: str) -> int | None:
    """The position that a number means, counted from 0; None when it is no number from 1 on."""
    text = subscript.strip(WHITE_SPACE)
    number = int(text) if _POSITION.fullmatch(text) else 0
    return number - 1 if number > 0 else None


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a misspelt name most probably meant; None when none is near enough.

    >>> suggest("Contct Rate", ["Duration", "Contact Rate"])
    'Contact Rate'
    """
    wanted = key(name)
    length = len(wanted)
    if length > _LONGEST:
        return None
    tolerated = 0 if length < 2 else 1 if length < 5 else min(length // 3, 4)
    spent, best, least = 0, None, tolerated + 1
    for candidate in candidates:
        spent += 1
        if spent > _BUDGET:
            break
        if len(candidate.encode(errors="surrogatepass")) > 4 * (length + tolerated):
            continue
        other = key(candidate)
        if abs(len(other) - length) > tolerated:
            continue
        spent += (length + 1) * (len(other) + 1)
        distance = _distance(wanted, other)
        if distance < least:
            best, least = candidate, distance
    return best


def _distance(a: str, b: str) -> int:
    """Insertions, deletions, replacements and transpositions of neighbours that turn a into b."""
    before: Sequence[int] = ()
    last: Sequence[int] = range(len(b) + 1)
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[len(b)]
