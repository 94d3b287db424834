"""The conditions of a clause as tests of the fields of a submission, for a draft's ``when``.

A choice that is named by its label (儿童), a yes or no (有食堂的, 兼职人员), an amount that the
clause begins from (超过50人的), each also excepted (除保洁员外). What fits no field is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kehou.authoring.clause_words import Piece, share
from kehou.authoring.neighbours import neighbours, written_as
from kehou.authoring.sentence_limits import NUMBER_AND_UNIT, in_unit
from kehou.authoring.yaml_words import flow, scalar
from kehou.fields import BadScalar, Field, fold
from kehou.fields.allowed_values import arabic
from kehou.fields.scalars import read
from kehou.language import ROOT
from kehou.model.outcomes import Owner
from kehou.packs import Pack

_OPPOSITE: Final = {
    "is": "is_not",
    "in": "not_in",
    "more_than": "at_most",
    "at_most": "more_than",
    "at_least": "less_than",
    "less_than": "at_least",
}
_EXCEPT: Final = re.compile(
    r"除(?:了)?(?P<a>[^，,；;]{1,30}?)(?:(?:之|以)?外|不计)|(?:不含|不包括)(?P<b>[^，,；;（）()的]{1,15})"
    r"|(?P<c>[^，,；;]{1,20}?)(?:的)?除外"
)
_NOT: Final = "没有|未设|未|无|不|非"
_HAS: Final = "设有|设|有|提供|实行|开设|属于|是|为|配有|安排"
_BEGINS: Final = re.compile("^(是否|有无|有没有)")
_COUNTED: Final = re.compile(
    rf"(?P<pre>[^，,；;\d]{{0,12}}?)(?P<word>不少于|不低于|不超过|不多于|超过|多于|大于|高于|达到|达|满"
    rf"|不足|不满|未满|低于|少于|小于)?\s*{NUMBER_AND_UNIT}(?P<beyond>\s*(?:\(含\)|（含）)?(?:及)?以[上下内])?"
    r"(?=[^，,；;\d]{0,2}的|时(?![间长])|$)"
)
_WORDS: Final = {
    word: op
    for op, words in {
        "at_least": "不少于 不低于 达到 达 满",
        "at_most": "不超过 不多于",
        "more_than": "超过 多于 大于 高于",
        "less_than": "不足 不满 未满 低于 少于 小于",
    }.items()
    for word in words.split()
}
#: What stands after it is asked, and no condition.
_ASKED: Final = re.compile("不得|应当|应(?!急)|必须|须|严禁|禁止|不超过|至[少多]|最[多少]")
#: How much of a field's title is spoken of where an amount is of it.
_ENOUGH: Final = 0.5
_DIGIT: Final = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one field; ``holds`` and ``breaks`` are values of it as a case file holds them.

    ``breaks`` is "" where no value is known that does not fulfil it; ``said`` are its words and
    ``slug`` tells it in ids, ``guess`` the words that it was only guessed from.
    """

    name: str
    field: Field
    op: str
    written: str
    holds: str
    breaks: str
    said: str
    slug: str
    guess: str = ""

    def text(self) -> str:
        """The test as a rule file has it."""
        return f"{{field: {self.name}, {self.op}: {self.written}}}"


def conditions(
    pack: Pack, each: str, own: str, known: Sequence[str], piece: Piece
) -> tuple[list[Condition], Piece]:
    """The conditions that a piece of a clause sets for the rows of ``each``, and what it leaves.

    ``own`` is the name of the field that the clause bounds, which is no condition of itself;
    ``known`` are the titles that speak of every row.
    """
    fields = dict(_fields(pack, each, own))
    bounded = pack.field_of(each, own)
    found: list[Condition] = []
    for match in _EXCEPT.finditer(piece.rest()):
        inner = Piece(next(filter(None, match.groups())), "except")
        made, left = _plain(pack, each, fields, bounded, known, inner)
        rest = re.sub("[的之类等、和及与或 ]", "", _without(left, known))
        turned = _turned(made[0]) if len(made) == 1 and not rest else None
        if turned is not None:
            found.append(replace(turned, said=match[0].strip()))
            piece = piece.mark(match.span())
    if piece.role == "more" or _EXCEPT.search(piece.rest()):
        return found, piece
    made, piece = _plain(pack, each, fields, bounded, known, piece)
    return [*found, *made], piece


def _fields(pack: Pack, each: str, own: str) -> Iterator[tuple[str, Field]]:
    """Fields by the names that rules of ``each`` have for them, its own before the others."""
    for holder in dict.fromkeys((each, ROOT)):
        for name, field in pack.vocabulary.own_fields(holder).items():
            hidden = field.private or field.reader or field.kind in ("record", "rows")
            if holder != each and not pack.vocabulary.is_root(name):
                continue
            if pack.vocabulary.owner(holder, name) is not Owner.SUBJECT:
                continue
            if name != own and not hidden and not _in_rows(pack, holder, field):
                yield name, field


def _in_rows(pack: Pack, holder: str, field: Field) -> bool:
    steps = field.path.split(".")
    above = (pack.schema.field(".".join(steps[:end])) for end in range(1, len(steps)))
    return holder == ROOT and any(part is not None and part.kind == "rows" for part in above)


def _plain(
    pack: Pack,
    each: str,
    fields: Mapping[str, Field],
    bounded: Field | None,
    known: Sequence[str],
    piece: Piece,
) -> tuple[list[Condition], Piece]:
    found: list[Condition] = []
    asked = _ASKED.search(piece.text) if piece.role == "asking" else None
    head = piece if asked is None else replace(piece, text=piece.text[: asked.start()], done=())
    head = replace(head, done=piece.done[: len(head.text)])
    for made, spans in (
        *_answers(fields, bounded, known, head),
        *_amounts(pack, each, fields, head),
    ):
        if all(made.name != other.name for other in found):
            found.append(made)
            piece = piece.mark(*spans)
    for made, spans in _choices(pack, each, fields, bounded, known, piece):
        found.append(made)
        piece = piece.mark(*spans)
    for made in _guessed(pack, each, fields, known, piece):
        if all(made.name != other.name for other in found):
            found.append(made)
    return found, piece


# --- choices by their labels -------------------------------------------------------------------


def _labels(field: Field) -> dict[str, str]:
    """What is named by each label: values of the field, or of the members of its list."""
    inner = field.item if field.kind == "list" and field.item is not None else field
    if inner.kind == "enum":
        return {label: flow(value) for value, label in inner.labels.items() if len(label) > 1}
    return {word: str(number) for word, number in inner.words.items() if len(word) > 1}


def _choices(
    pack: Pack,
    each: str,
    fields: Mapping[str, Field],
    bounded: Field | None,
    known: Sequence[str],
    piece: Piece,
) -> Iterator[tuple[Condition, list[tuple[int, int]]]]:
    labels = _every_label(fields)
    text, back = _spread(piece.rest(), labels)
    own = " ".join((bounded.title, *bounded.names)) if bounded is not None else ""
    said = [label for label in labels if label in text and label not in own]
    said = [one for one in said if not any(one != other and one in other for other in said)]
    taken: set[str] = set()
    for name, field in fields.items():
        root = each != ROOT and pack.type_of(each, name)[1]
        named = {label: v for label, v in _labels(field).items() if label in said}
        named = {label: v for label, v in named.items() if label not in taken}
        if (root or each == ROOT) and not all(_of_whom(text, one, known) for one in named):
            continue
        if not named or any(label in title for label in named for title in known):
            continue
        taken |= set(named)
        several = field.kind == "list"
        values = list(named.values())
        if piece.role != "except":  # a choice that stands for several is each of them
            whole = field.stands_for.items()
            values += [flow(k) for k, many in whole if {*map(flow, many)} & {*values}]
            values = list(dict.fromkeys(values))
        others = [v for v in _labels(field).values() if v not in values]
        if several:
            op, written = "contains_any", f"[{', '.join(values)}]"
        elif len(values) > 1:
            op, written = "in", f"[{', '.join(values)}]"
        else:
            op, written = "is", values[0]
        holds, breaks = values[0], next(iter(others), "")
        if several:
            holds, breaks = f"[{holds}]", f"[{breaks}]" if breaks else ""
        words = "、".join(named)
        slug = "-".join(named.values()) if len(named) < 4 else values[0]
        made = Condition(name, field, op, written, holds, breaks, words, slug)
        yield made, [back(m.span()) for label in named for m in re.finditer(re.escape(label), text)]


def _guessed(
    pack: Pack, each: str, fields: Mapping[str, Field], known: Sequence[str], piece: Piece
) -> Iterator[Condition]:
    """A choice of the row whose label says more than what things are called: 下午课后服务."""
    if each == ROOT:
        return
    for noun in dict.fromkeys(one for one in known if len(one) > 2 and one in piece.text):
        for name, field in fields.items():
            if pack.type_of(each, name)[1] or field.kind != "enum":
                continue
            values = [v for label, v in _labels(field).items() if noun in label and noun != label]
            others = [v for v in _labels(field).values() if v not in values]
            if len(values) == 1 and others:
                label = field.labels.get(values[0].strip("'"), noun)
                told = f"{noun}（先当作{field.title}是“{label}”）"
                written = values[0]
                yield Condition(
                    name, field, "is", written, written, others[0], label, written, told
                )


def _every_label(fields: Mapping[str, Field]) -> list[str]:
    return list(dict.fromkeys(label for field in fields.values() for label in _labels(field)))


def _of_whom(text: str, label: str, known: Sequence[str]) -> bool:
    """Whether a label says of what kind the submission's own subject is: 乡镇泳馆, 在乡镇的."""
    rest = text[text.find(label) + len(label) :]
    heads = {title[:2] for title in known if len(title) > 1} | {"的"}
    return rest.startswith(tuple(heads))


def _spread(text: str, labels: Sequence[str]) -> tuple[str, Any]:
    """A text with 一、二班 written out as 一班、二班, and the way back to its places."""
    ends = {re.escape(one[1:]) for one in labels if one[0] in _DIGIT}
    several = (
        rf"(?P<list>[{_DIGIT}](?:[、和及与或至到][{_DIGIT}])*)(?P<rest>{'|'.join(sorted(ends))})"
        "(?P<way>(?:及)?以[上下])?"
    )
    match = re.search(several, text) if ends else None
    if match is None:
        return text, lambda span: span
    digits = [c for c in match["list"] if c in _DIGIT]
    low, high = _DIGIT.index(digits[0]), _DIGIT.index(digits[-1])
    if match["way"]:
        low, high = (low, len(_DIGIT) - 1) if match["way"].endswith("上") else (0, high)
    if match["way"] or re.search("[至到]", match["list"]):
        digits = list(_DIGIT[low : high + 1])
    written = "、".join(f"{c}{match['rest']}" for c in digits)
    start, end = match.span()
    longer = len(written) - (end - start)

    def back(span: tuple[int, int]) -> tuple[int, int]:
        if span[1] <= start:
            return span
        if span[0] >= start + len(written):
            return span[0] - longer, span[1] - longer
        return start, end

    return text[:start] + written + text[end:], back


# --- yes or no ---------------------------------------------------------------------------------


def _answers(
    fields: Mapping[str, Field], bounded: Field | None, known: Sequence[str], piece: Piece
) -> Iterator[tuple[Condition, list[tuple[int, int]]]]:
    text = piece.rest()
    begin = {title[:2] for title in (*known, *_every_label(fields)) if len(title) > 1}
    heads = "|".join(sorted(map(re.escape, begin | {"人员"})))
    for name, field in fields.items():
        if field.kind != "boolean":
            continue
        title = _BEGINS.sub("", field.title)
        for core in dict.fromkeys((title, re.sub(f"^({_HAS})", "", title))):
            if len(core) < 2 or (bounded is not None and core in bounded.title):
                continue
            after = rf"(?P<after>的|时|期间|{heads}|\s*$)?"
            match = re.search(rf"(?P<no>{_NOT})?(?P<has>{_HAS})?{re.escape(core)}{after}", text)
            if match is None or not (match["no"] or match["has"] or match["after"] is not None):
                continue
            yes = not match["no"]
            end = (
                match.end("after")
                if match["after"] in ("的", "时")
                else match.end() - len(match["after"] or "")
            )
            words = (match["no"] or "") + (match["has"] or "") + core
            value, other = ("true", "false") if yes else ("false", "true")
            last = name.rpartition(".")[2].replace("_", "-")
            slug = last if yes else f"no-{last}"
            made = Condition(name, field, "is", value, value, other, words, slug)
            yield made, [(match.start(), end)]
            break


# --- amounts -----------------------------------------------------------------------------------


def _amounts(
    pack: Pack, each: str, fields: Mapping[str, Field], piece: Piece
) -> Iterator[tuple[Condition, list[tuple[int, int]]]]:
    for match in _COUNTED.finditer(piece.rest()):
        post = (match["beyond"] or "")[-2:]
        op = {"以上": "at_least", "以下": "at_most", "以内": "at_most"}.get(post) or _WORDS.get(
            match["word"] or "", ""
        )
        if not op or not match["unit"]:
            continue
        made = _amount(pack, each, fields, match, op)
        if made is not None:
            start = match.start() + (len(match["pre"]) - len(_tail_of(match["pre"], made.field)))
            yield made, [(start, match.end())]


def _tail_of(before: str, field: Field) -> str:
    """The end of what stands before an amount that speaks of its field."""
    for i in range(len(before)):
        if before[i : i + 2] and before[i : i + 2] in field.title:
            return before[i:]
    return ""


def _amount(
    pack: Pack, each: str, fields: Mapping[str, Field], match: re.Match[str], op: str
) -> Condition | None:
    unit = match["unit"]
    kinds = ("money",) if unit == "元" else ("integer", "decimal")
    fitting = {
        name: field
        for name, field in fields.items()
        if field.kind in kinds and (unit == "元" or any(fold(u) == fold(unit) for u in field.units))
    }
    spoken = {n: f for n, f in fitting.items() if share(f.title, match["pre"]) >= _ENOUGH}
    rows = {} if each == ROOT else pack.vocabulary.own_fields(each)
    own = {n: f for n, f in (spoken or fitting).items() if n in rows}
    chosen = own or spoken  # a field of the whole submission has to be spoken of
    if len(chosen) != 1:
        return None
    [(name, field)] = chosen.items()
    number: str | None = arabic(match["number"])
    if unit != "元":
        number = in_unit(number or "", unit, field.units)
    try:
        value = read(field, number or "")[0]
    except BadScalar:
        return None
    around = neighbours(value, pack.type_of(each, name)[0])
    if len(around) != 2:
        return None
    low, high = (scalar(written_as(one, field.kind), field.kind) for one in around)
    written = scalar(written_as(value, field.kind), field.kind)
    holds, breaks = {
        "at_least": (written, low),
        "more_than": (high, written),
        "at_most": (written, high),
        "less_than": (low, written),
    }[op]
    said = match[0][len(match["pre"]) :].strip()
    slug = f"{name.rpartition('.')[2].replace('_', '-')}-{op.replace('_', '-')}-{number}"
    return Condition(name, field, op, written, holds, breaks, f"{field.title}{said}", slug)


def _turned(made: Condition) -> Condition | None:
    """The opposite of a condition; None of one that has none."""
    op = _OPPOSITE.get(made.op)
    if op is None or not made.breaks:
        return None
    if made.field.kind == "boolean":
        op, written = "is", made.breaks
    else:
        written = made.written
    return replace(
        made, op=op, written=written, holds=made.breaks, breaks=made.holds, slug=f"not-{made.slug}"
    )


def _without(piece: Piece, known: Sequence[str]) -> str:
    text = piece.rest()
    for title in known:
        for i in range(len(title) - 1):
            text = text.replace(title[i : i + 2], "")
    return text


__all__ = ["Condition", "conditions"]
