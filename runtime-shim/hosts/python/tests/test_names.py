"""Names, subscripts, suggestions."""

from __future__ import annotations

import pytest

from simc import _names as names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("birth rate", "birth_rate"),
        (" Birth \r\n Rate_", "birth_rate"),
        ("birth__rate", "birth_rate"),
        ("_", "_"),
        ("", ""),
        ("ΟΔΟΣ", "οδοσ"),
        ("ÉLAN", "élan"),
        ("a-b", "a-b"),
        ("a\u2003b", "a\u2003b"),
    ],
)
def test_keys(name: str, key: str) -> None:
    assert names.key(name) == key


def test_quotes_and_escapes() -> None:
    assert names.unescape(r'"a \"b\" \\ c"') == r'a "b" \ c'
    assert names.unescape("a\\qb\\") == "a\\qb\\"
    assert names.unescape('"') == '"'
    assert names.unescape("a\\nb") == "a\nb"


@pytest.mark.parametrize(
    ("written", "split"),
    [
        (" a b ", None),
        ('m."a[1], b" [ x , "y, z" ]', ('m."a[1], b"', ["x", '"y, z"'])),
        ("a[1][x]", ("a[1]", ["x"])),
        ('a["b[c"]', ("a", ['"b[c"'])),
        ("a[x", None),
        ("m[x].a", None),
        ("a[]", ("a", [""])),
        ('"a[x]"', None),
    ],
)
def test_subscripts(written: str, split: tuple[str, list[str]] | None) -> None:
    assert names.split_subscripts(written) == split


def test_suggestions() -> None:
    known = ["Population", "births", "room temperature", "deaths"]
    assert names.suggest("room temprature", known) == "room temperature"
    assert names.suggest("brihts", known) == "births"
    assert names.suggest("capital", known) is None
    assert names.suggest("x", ["y"]) is None
    assert names.suggest("rate3", ["rate1", "rate2"]) == "rate1"
    long = "x" * (1 << 20)
    assert names.suggest("y", [long] * 1000) is None
    assert names.suggest(long, [long]) is None


def test_positions() -> None:
    assert [names.position(it) for it in ("1", "+2", "0", "-1", "x", "", "1.5", "9" * 400)] == [0, 1] + [None] * 6
