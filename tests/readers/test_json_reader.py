"""JSON is read twice over: in C where nothing is odd, else by our scanner; both give one tree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.readers import DEFAULT, Limits, ReadError, Source, json_reader, read

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(["true", "null", "1", "无", "\\u0000", "😀"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)
ROOTS = st.lists(VALUES) | st.dictionaries(st.text(), VALUES)
MARKS = st.sampled_from(
    ["", ",", ":", '"', "{", "}", "[", "]", "1", "-", ".", "e", "\\", "NaN", "\t", "\x01", "无"]
)
TIGHT = Limits(depth=3, nodes=12, scalar=6)


def kinds(tree: Any) -> Any:
    """A tree with the class of every leaf, which `==` of texts would not tell."""
    if isinstance(tree, dict):
        return [(key, kinds(value)) for key, value in tree.items()]
    return [kinds(value) for value in tree] if isinstance(tree, list) else (type(tree), tree)


def by_scanner(text: str, limits: Limits) -> Any:
    scanner = json_reader._Scanner(Source("a.json", b"", text), limits)
    tree = scanner.document()
    assert not scanner.problems, "what has problems may not be read quickly"
    return tree


@given(ROOTS, st.booleans(), st.sampled_from([None, 1]), st.sampled_from([DEFAULT, TIGHT]))
def test_what_is_read_quickly_is_what_the_scanner_reads(
    value: Any, ascii_only: bool, indent: int | None, limits: Limits
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    try:
        quick = json_reader._quickly(text, limits)
    except ValueError:
        return
    assert kinds(quick) == kinds(by_scanner(text, limits))


@given(ROOTS, st.data(), MARKS)
def test_what_is_damaged_is_never_read_quickly_otherwise_than_by_the_scanner(
    value: Any, data: st.DataObject, mark: str
) -> None:
    text = json.dumps(value, ensure_ascii=False)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + mark + text[at + data.draw(st.integers(0, 1)) :]
    try:
        quick = json_reader._quickly(text, DEFAULT)
    except (ValueError, RecursionError):
        return
    assert kinds(quick) == kinds(by_scanner(text, DEFAULT))


def test_an_ordinary_file_is_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "_Scanner", None)
    tree = read("a.json", b'{"a": [1, true, null, "x"], "b": {"c": false, "d": 1.50}}').tree
    assert tree == {"a": ["1", "true", None, "x"], "b": {"c": "false", "d": "1.50"}}


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', "[NaN]", '["\\u0000"]', '["\\ud800"]', "[" * 500 + "]" * 500, "3"]
)
def test_what_is_odd_is_left_to_the_scanner(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        json_reader._quickly(text, DEFAULT)
    with pytest.raises(ReadError):
        read("a.json", text.encode())
