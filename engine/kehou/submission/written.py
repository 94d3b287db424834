"""A submission's tree of text as YAML that people go on writing, and as JSON for programs.

YAML has the Chinese labels of keys and values, JSON the English names and JSON's own numbers and
flags. Every text reads back as it is (YAML 1.2, core schema; RFC 8259).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from kehou.fields import ABSENT_WORDS, Field, write
from kehou.readers.copied_text import INVISIBLE
from kehou.submission.text_tree import typed, worded

#: Texts that need no quotes in YAML, inside a flow list either.
_PLAIN: Final = re.compile(
    r"(?![-?:.~—%])[0-9A-Za-z_\u4e00-\u9fff（）“”《》〔〕、，。；：·/%~—+.:-]*"
    r"[0-9A-Za-z_\u4e00-\u9fff（）“”《》〔〕、，。；·/%）]"
)
_NOT_PLAIN: Final = re.compile(r":$|null|Null|NULL|0[0-9]+|[0-9]{7,}|.*:[^0-9].*", re.DOTALL)
#: Controls, marks without a shape, breaks that YAML 1.1 knows, and what is no character.
_UNSEEN: Final = re.compile(f"[{INVISIBLE}\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def yaml_text(root: Field, tree: dict[str, Any]) -> str:
    """The tree as YAML, parts apart by a blank line."""
    blocks = ["\n".join(_lines(root, {name: part}, "")) for name, part in tree.items()]
    return "\n\n".join(blocks) + "\n" if blocks else "{}\n"


def json_text(root: Field, tree: dict[str, Any]) -> str:
    """The tree as JSON."""
    return json.dumps(_json(root, tree), ensure_ascii=False, indent=2) + "\n"


def _lines(record: Field, tree: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in tree.items():
        field = record.fields[name]
        key = field.title if record.child(field.title) is field else name
        head = f"{indent}{_quoted(key)}:"
        if isinstance(value, dict):
            if not value:
                yield f"{head} {{}}"
                continue
            yield head
            yield from _lines(field, value, indent + "  ")
        elif isinstance(value, list) and field.kind == "rows":
            yield head
            for row in value:
                assert field.item is not None
                inner = list(_lines(field.item, row, indent + "    ")) or [f"{indent}    {{}}"]
                yield f"{indent}  - {inner[0].lstrip(' ')}"
                yield from inner[1:]
        elif isinstance(value, list):
            item = field.item or field
            yield f"{head} [{', '.join(_quoted(worded(item, text)) for text in value)}]"
        else:
            ids = field.kind == "text" and value.isdecimal()
            shown = worded(field, value)
            yield f"{head} {_in_quotes(shown) if ids else _quoted(shown)}"


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.fullmatch(text):
        return text
    return _in_quotes(text)


def _in_quotes(text: str) -> str:
    """A text in double quotes, with escapes for what no editor shows and YAML may not hold."""
    written = json.dumps(text, ensure_ascii=False)
    return written if written.isprintable() else _UNSEEN.sub(_escaped, written)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json(field: Field, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(field.fields[name], inner) for name, inner in value.items()}
    if isinstance(value, list):
        item = field.item or field
        return [_json(item, member) for member in value]
    if value in ABSENT_WORDS or field.kind in ("record", "rows", "list"):
        return value
    found = typed(field, value)
    return value if found is None else write(field, found)
