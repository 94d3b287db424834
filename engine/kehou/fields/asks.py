"""Questions that shape a form (``x-asks``) and what belongs to one period only (``x-renews``).

Source: docs/language.md §5. An answer is the value of one field of the submission; it says what
else is then stated, and what need not be asked at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.errors import UsageError
from kehou.fields.allowed_values import BadScalar
from kehou.fields.fields import Field, Schema
from kehou.fields.scalars import members, read


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from an answer: texts to state, by path, and paths to leave out."""

    state: Mapping[str, str]
    leave: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the field that holds its answer, and the answer that ``without`` means."""

    name: str
    question: str
    field: Field
    without: str
    answers: Mapping[str, Answer]


def asks(schema: Schema) -> tuple[Ask, ...]:
    """The questions of a schema, in its order."""
    found = []
    for node in schema.root.node.get("x-asks", ()):
        field = schema.field(node["field"])
        assert field is not None  # the schema was checked
        answers = {
            words: Answer(one.get("state", {}), tuple(one.get("leave", ())))
            for words, one in node["answers"].items()
        }
        found.append(Ask(node["name"], node["question"], field, node.get("without", ""), answers))
    return tuple(found)


def answered(every: Sequence[Ask], given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Answers by the names of questions, each read as its field reads; raises ``UsageError``.

    An empty answer is the one that ``without`` means.
    """
    by_name = {ask.name: ask for ask in every}
    found: dict[str, str] = {}
    for name, words in given:
        ask = by_name.get(name)
        if ask is None:
            told = "、".join(by_name) or "（没有）"
            raise UsageError("no-ask", f"没有“{name}”这个问题", hint=f"可以回答：{told}")
        words = words or ask.without
        if not words:
            raise UsageError("ask-words", f"“{name}”要写明答案", hint=f"例如 {name}={_may(ask)}")
        try:
            values = [read(_scalar(ask.field), part)[0] for part in _parts(ask.field, words)]
        except BadScalar as bad:
            hint = bad.hint or f"可写：{bad.allowed}"
            raise UsageError("ask-answer", f"“{name}”不能是“{words}”", hint=hint) from bad
        found[name] = "、".join(_label(_scalar(ask.field), value) for value in values)
    return found


def names(words: str) -> list[str]:
    """Names of questions in one text, parted as people part them."""
    return [name for part in re.split("[、,，;；]", words) if (name := part.strip())]


def consequences(every: Sequence[Ask], given: Mapping[str, str]) -> Answer:
    """What all answers together state and leave out, the answers' own fields included."""
    state: dict[str, str] = {}
    leave: list[str] = []
    for ask in every:
        words = given.get(ask.name)
        if words is None:
            continue
        state[ask.field.path] = words
        follows = ask.answers.get(words)
        if follows is not None:
            state |= follows.state
            leave += follows.leave
    return Answer(state, tuple(dict.fromkeys(leave)))


def faults(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """(JSON pointer, message, way out) of all that is wrong with ``x-asks``."""
    for index, node in enumerate(schema.root.node.get("x-asks", ())):
        at = f"/x-asks/{index}"
        missing = [key for key in ("name", "question", "field", "answers") if not node.get(key)]
        if missing:
            yield at, f"缺少 {missing[0]}", "写 name、question、field、answers"
            continue
        paths = [(f"{at}/field", node["field"])]
        for words, one in node["answers"].items():
            paths += [(f"{at}/answers/{words}/state", path) for path in one.get("state", {})]
            paths += [(f"{at}/answers/{words}/leave", path) for path in one.get("leave", ())]
        for place, path in paths:
            if schema.field(path) is None:
                yield place, f"材料结构中没有字段 {path}", "请核对路径"


def renewal_faults(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """The same of ``x-renews``."""
    declared = schema.root.node.get("x-renews", {})
    for key in ("clear", "keep"):
        for path in declared.get(key, ()):
            if schema.field(path) is None:
                yield f"/x-renews/{key}", f"材料结构中没有字段 {path}", "请核对路径"


def _scalar(field: Field) -> Field:
    return field.item if field.kind == "list" and field.item is not None else field


def _parts(field: Field, words: str) -> list[str]:
    return members(field, words) if field.kind == "list" else [words]


def _label(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return field.labels.get(str(value).lower(), "是" if value else "否")
    if isinstance(value, list):
        return "、".join(field.labels.get(one, str(one)) for one in value)
    return field.labels.get(value, str(value))


def _may(ask: Ask) -> str:
    return next(iter(ask.answers), "是")


__all__ = ["Answer", "Ask", "answered", "asks", "consequences", "faults", "names", "renewal_faults"]
