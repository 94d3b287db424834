"""Damage to bytes, lines and trees that keeps no meaning: what is left must be read or refused."""

from __future__ import annotations

import random
from typing import Any

from tests.support.fuzz.values import NO_TEXT, TEXTS
from tests.support.hostile_workbooks import BYTES

_SIGNS = "：，“”‘’【】（）、。！　\u00a0\t\"'{}[]#&*!|>%@`,:-?=\\"


def bytes_damaged(data: bytes, rng: random.Random) -> bytes:
    """A file after something befell its bytes."""
    kind = rng.randrange(5)
    if kind == 0:
        return (
            rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b"\x1a", b"PK\3\4"))
            + data
        )
    if kind == 1:
        return data + rng.choice((b"\0" * 40, b"\x1a", b"\xff", b"\xe4\xb8", data))
    if kind == 2:
        text = data.decode("utf-8", "replace")
        return text.encode(rng.choice(("utf-16", "gb18030", "utf-32", "utf-7")), "replace")
    for _ in range(rng.randint(1, 2)):
        data = rng.choice(BYTES)(rng, data)
    return data


def text_damaged(data: bytes, rng: random.Random) -> bytes:
    """A text file after somebody edited it badly: signs, lines, indents, words."""
    text = data.decode("utf-8", "replace")
    for _ in range(rng.randint(1, 3)):
        text = _EDITS[rng.randrange(len(_EDITS))](text, rng)
    return text.encode("utf-8", "surrogatepass")


def _sign(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(_SIGNS) + text[at + rng.randint(0, 1) :]


def _word(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice((*TEXTS, *NO_TEXT, "\ud800")) + text[at:]


def _line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(6)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    elif kind == 2:
        lines.insert(at, lines.pop(rng.randrange(len(lines))))
    elif kind == 3:
        lines[at] = rng.choice((" ", "  ", "\t", "　", "- ", "? ", "# ", "")) + lines[at].lstrip()
    elif kind == 4:
        lines[at] += rng.choice((" #", ":", " |", " >", ",", ",,,,", " &a", " *a", "\r", " '"))
    else:
        lines[at] = lines[at].replace(": ", rng.choice((":", "：", " : ", ":\t", "=")), 1)
    return "\n".join(lines)


def _swap(text: str, rng: random.Random) -> str:
    old = rng.choice(_SIGNS + "0123456789")
    return text.replace(old, rng.choice((*_SIGNS, "", old * 2)), rng.randint(1, 3))


def _deep(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    opening = rng.choice(("[", "{a: ", "- ", '{"a":', "(", "<x>"))
    return text[:at] + opening * rng.choice((3, 70, 5000)) + text[at:]


_EDITS = (_sign, _word, _line, _line, _swap, _deep)


def tree_damaged(tree: Any, rng: random.Random) -> Any:
    """A tree of JSON with one to three nodes put wrong: dropped, doubled, of another kind."""
    for _ in range(rng.randint(1, 3)):
        tree = _node(tree, rng, rng.randint(0, 7))
    return tree


def _node(tree: Any, rng: random.Random, depth: int) -> Any:
    if isinstance(tree, dict) and tree and depth:
        key = rng.choice(list(tree))
        kind = rng.random()
        if depth > 1 and isinstance(tree[key], (dict, list)) and kind < 0.8:
            return tree | {key: _node(tree[key], rng, depth - 1)}
        if kind < 0.3:
            return {name: value for name, value in tree.items() if name != key}
        if kind < 0.4:
            return tree | {rng.choice(TEXTS): tree[key]}
        return tree | {key: _other(tree[key], rng)}
    if isinstance(tree, list) and tree and depth:
        at = rng.randrange(len(tree))
        kind = rng.random()
        if kind < 0.6:
            return [*tree[:at], _node(tree[at], rng, depth - 1), *tree[at + 1 :]]
        if kind < 0.75:
            return [*tree[:at], *tree[at + 1 :]]
        return [*tree, tree[at]] if kind < 0.9 else [*tree[:at], _other(tree[at], rng)]
    return _other(tree, rng)


def _other(value: Any, rng: random.Random) -> Any:
    odd: tuple[Any, ...] = (
        *(None, True, False, 0, -1, 10**30, 1e308, 0.1, "", [], {}, [[]], {"": None}, [value]),
        *({"a": value}, str(value)[:200], "x" * 2000),
        *(["甲"] * 300, {str(i): i for i in range(100)}, nested(rng.choice((20, 200)))),
    )
    return rng.choice((*odd, *(rng.choice(TEXTS) for _ in range(len(odd)))))


def nested(depth: int) -> Any:
    """Lists in lists."""
    tree: Any = []
    for _ in range(depth):
        tree = [tree]
    return tree
