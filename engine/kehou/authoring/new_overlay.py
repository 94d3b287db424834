"""``kehou new overlay``: a layer over a pack, made from the text of a document of one's own.

A limit that the pack has a parameter for becomes a value of it; other requirements become rules
where a field is spoken of, else one example. All of it is to be confirmed; what remains is told.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kehou import packs
from kehou.authoring import policy_text
from kehou.authoring.clause_entries import CONFIRM, clause_entries, passed_over
from kehou.authoring.clause_words import Piece, takes_back
from kehou.authoring.limit_values import may_be_of, typed
from kehou.authoring.milder_rules import fallen_short
from kehou.authoring.narrowing import beyond
from kehou.authoring.neighbours import written_as
from kehou.authoring.new_pack import folder_for, text_of
from kehou.authoring.pack_rules import carried_by, drafts, failing, taken_back, write
from kehou.authoring.policy_text import Proposed
from kehou.authoring.proposals import asks, spoken
from kehou.authoring.proposed_rules import ProposedRule
from kehou.authoring.review_sheet import ValueLine, sheet, to_do
from kehou.authoring.run_cases import Bases
from kehou.authoring.scaffold import scaffold
from kehou.authoring.sentence_limits import Limit, limits
from kehou.authoring.unfinished import IDLE, SHEET
from kehou.authoring.yaml_words import quoted
from kehou.errors import UsageError
from kehou.model.outcomes import ClauseStatus
from kehou.model.report import PackUsed
from kehou.model.rules import Clause
from kehou.packs import Pack, ParameterDef
from kehou.packs.uses import behind_rule
from kehou.render import write_whole

_ENOUGH: Final = 0.6
_SAMPLED: Final = ("time", "integer")
#: A parameter that a layer without anything yet is loaded with, until its first rule is there.
MEANWHILE: Final = "  meanwhile: {title: 暂用, type: integer, tighter: fixed}\n"
_ENDS: Final = re.compile("最晚|最早|上限|下限|最少|最多|最低|最高|时间$")
_SAMPLE: Final = """\
某某文件（示例，请换成自己文件的名称和原文）
第一条 {title}不得{way}{value}。
第二条 {sentence}。
"""
_WAYS: Final = {
    ("lower", True): "晚于",
    ("higher", True): "早于",
    ("lower", False): "超过",
    ("higher", False): "少于",
}


@dataclass(frozen=True, slots=True)
class _Value:
    """A value for a parameter of the pack below: as it is written, and whether it loosens.

    ``rest`` are the parts of the sentence that ask something else.
    """

    clause: Proposed
    definition: ParameterDef
    written: str
    looser: bool
    rest: tuple[str, ...] = ()


def new_overlay(folder: Path, over: str, source: Path | None = None) -> tuple[str, ...]:
    """Write a layer into a folder that is not there yet; what was made and what remains.

    Raises UsageError where the folder is there, or the pack or the text cannot be read.
    """
    folder_for(folder)
    below = packs.load(over)
    text = text_of(source) if source is not None else _sample(below)
    clauses = [_ours(one, below) for one in policy_text.proposed(text)]
    binding = [one for one in clauses if one.modality]
    if not binding:
        hint = "每句以“。”结尾；要求写作 应当、不得、不晚于 这样的字样"
        raise UsageError("no-clause", f"{source} 里没有看出一句要求", hint=hint)
    said = policy_text.starts_on(text)
    start = said or below.effective_from or "2021-09-01"
    values, kept_back = _values(below, clauses, start)
    of_values = {one.clause.id for one in values}
    others = [one for one in binding if one.id not in of_values]
    folder.mkdir(parents=True)
    try:
        write(folder, {"source.txt": text})
        made = _Layer(
            folder, _named(folder, over), below, clauses, values, start, text, said is not None
        )
        rules = made.rules(others)
        if not rules and others and (source is None or not values):
            kept_back.append(made.example(others[0]))
        titled = policy_text.title(text) or folder.name
        if source is not None:
            sheet(folder, clauses, rules, (titled, start, said is not None), made.told())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return (*_remains(folder, made, rules, others), *kept_back)


def _named(folder: Path, over: str) -> str:
    """How a layer in a folder names the pack below it."""
    if "/" not in over and over in packs.available():
        return over
    return os.path.relpath(Path(over).resolve(), folder.resolve().parent).replace(os.sep, "/")


def _sample(below: Pack) -> str:
    """A text to be replaced: a value of the pack below as it is, and the title of a rule."""
    held = [
        (one, one.values[-1])
        for one in below.parameters.values()
        if one.values and one.tighter in ("lower", "higher") and not one.by and not one.type.many
    ]
    stated = [(one, v) for one, v in held if not v.assumption and one.type.kind in _SAMPLED]
    titles = (rule.title for rule in below.rules.values() if policy_text.modality(rule.title))
    sentence = next(titles, "各单位应当每年报告一次")
    if not stated:
        return _SAMPLE.replace("第一条 {title}不得{way}{value}。\n", "").format(sentence=sentence)
    definition, value = stated[0]
    return _SAMPLE.format(
        title=_ENDS.sub("", definition.title),
        way=_WAYS[(definition.tighter, definition.type.kind == "time")],
        value=written_as(value.value, definition.type.kind)
        + (definition.unit if definition.type.kind == "integer" else ""),
        sentence=sentence,
    )


def _ours(one: Proposed, below: Pack) -> Proposed:
    """A sentence with an id that none of the pack below has."""
    taken = {name[:1] for name in below.clauses}
    letters = [c for c in "KQSTUVWXYZABCDEFGHIJLMNOPR" if c not in taken] or ["Z"]
    chapter = min(max(ord(one.id[0]) - ord("A"), 0), len(letters) - 1)
    return replace(one, id=letters[chapter] + one.id[1:])


def _values(below: Pack, clauses: Sequence[Proposed], start: str) -> tuple[list[_Value], list[str]]:
    """The values that the sentences give parameters below, one each, and what was not given."""
    values: dict[str, _Value] = {}
    told: list[str] = []
    for one in clauses:
        if not one.modality:
            continue
        found, why = _value(below, one, start, taken_back(clauses, one))
        told += [why] if why else []
        if found is None:
            continue
        name = found.definition.name
        if name in values:
            first = values[name].clause.id
            told.append(f"{one.id} 没有写成 {name} 的值：{first} 已经给了它一个值，请核对用哪一个")
        else:
            values[name] = found
    return list(values.values()), told


# --- values of parameters --------------------------------------------------------------------


def _value(
    below: Pack, clause: Proposed, start: str, more: Sequence[str]
) -> tuple[_Value | None, str]:
    """The parameter below that a sentence gives another value, or why it is not given it.

    It is not where the sentence speaks of fewer than the parameter does.
    """
    scored: list[tuple[float, _Value, tuple[list[str], int]]] = []
    sentences = [re.split("[,，]", one) for one in re.split("[;；]", clause.quote)]
    for parts in sentences:
        for i, part in enumerate(parts):
            for limit in limits(part):
                for definition in below.parameters.values():
                    score = _fits(definition, limit, part)
                    value = typed(definition, limit) if score >= _ENOUGH else None
                    if value is not None:
                        made = _written(definition, clause, value, start)
                        scored.append((score, made, (parts, i)))
    scored.sort(key=lambda row: -row[0])
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None, ""
    _, made, (parts, i) = scored[0]
    left = beyond(below, list(_speaks(below, made.definition)), list(_around(parts, i, more)))
    if left:
        words = "、".join(f"“{one.words}”" for one in left)
        name = made.definition.name
        return None, f"{clause.id} 没有写成 {name} 的值：条款另写{words}，这个参数没有这个限定"
    rest = [
        one for others in sentences for j, one in enumerate(others) if (others, j) != (parts, i)
    ]
    return replace(made, rest=tuple(one for one in rest if asks(one))), ""


def _around(parts: Sequence[str], i: int, more: Sequence[str]) -> Iterator[Piece]:
    """The part of a sentence with a limit and what stands around it, to be looked through."""
    for j, part in enumerate(parts):
        if j == i:
            spans = ((one.start, one.end) for one in limits(part))
            yield Piece(part, "asking").mark(*spans)
        elif takes_back(part) or not asks(part):
            yield Piece(part, "topic" if j < i else "more")
    yield from (Piece(one, "more") for one in more)


def _speaks(below: Pack, definition: ParameterDef) -> Iterator[str]:
    """What says of whom a parameter is: its own title and those of the rules that read it."""
    yield from (definition.title, below.title)
    for rule in below.rules.values():
        if definition.name in behind_rule(below, rule).parameters:
            yield rule.title


def _fits(definition: ParameterDef, limit: Limit, part: str) -> float:
    """How much of a parameter's title a sentence speaks of, where its limit may be of it."""
    if not may_be_of(definition, limit):
        return 0.0
    return spoken(_ENDS.sub("", definition.title), part)


def _written(definition: ParameterDef, clause: Proposed, value: Any, start: str) -> _Value:
    below = definition.on(start)
    looser = False
    if below is not None and below.value is not None and not below.assumption:
        way = definition.tighter
        looser = value > below.value if way == "lower" else value < below.value
    return _Value(clause, definition, written_as(value, definition.type.kind), looser)


# --- the layer -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layer:
    """What a layer is written from."""

    folder: Path
    over: str
    below: Pack
    clauses: Sequence[Proposed]
    values: Sequence[_Value]
    start: str
    text: str
    dated: bool

    def rules(self, others: Sequence[Proposed]) -> list[ProposedRule]:
        """Write the layer with the rules that its sentences ask for, of which all cases hold."""
        told = {one.id: _clause(one) for one in self.clauses}
        layers = (*self.below.layers, PackUsed(self.folder.name, "", "", ""))
        pack = replace(self.below, clauses={**self.below.clauses, **told}, layers=layers)
        area = next(iter(self.below.areas))
        tree = Bases(self.below)[self.below.base]
        kept = drafts(pack, self.clauses, others, area, self.start, self.start, tree, dated=True)
        while True:
            self._write(kept)
            for rule in kept:
                there = {"": rule.rule, ".test": rule.cases}
                write(self.folder, {f"{area}/{rule.id}{k}.yaml": v for k, v in there.items()})
            if not kept:
                return []
            wrong = failing(self.folder, area)
            if not wrong:
                return kept
            for name in wrong:
                for ending in ("", ".test"):
                    self.folder.joinpath(area, f"{name}{ending}.yaml").unlink()
            if not any(self.folder.joinpath(area).iterdir()):
                self.folder.joinpath(area).rmdir()
            kept = [rule for rule in kept if rule.id not in wrong]

    def example(self, clause: Proposed) -> str:
        """The example of ``kehou new`` for a clause whose field cannot be guessed; what it is."""
        area = next(iter(self.below.areas))
        text = self._pack([])
        if not self.values:
            write(self.folder, {"pack.yaml": f"{text}\nparameters:\n{MEANWHILE}"})
        made = scaffold(f"{area}-first-rule", str(self.folder), area, None, clause.id, idle=True)
        write(self.folder, {"pack.yaml": text})
        for path, content in made.files.items():
            path.parent.mkdir(exist_ok=True)
            write_whole(path, content.encode("utf-8"))
        return (
            f"没有拟出规则；{area}/{area}-first-rule.yaml 只是示例，什么也不评定（from: {IDLE}）："
            f"改写好了删去 from，{clause.id} 改为 automated 或 partly"
        )

    def told(self) -> dict[str, ValueLine]:
        """What the clauses set of the pack below, as the sheet tells it."""
        found = {}
        for one in self.values:
            before = one.definition.on(self.start)
            kind = one.definition.type.kind
            was = before.value if before is not None else None
            more = f"（下层是 {written_as(was, kind)}）" if was is not None else ""
            said = f"{one.definition.title} ＝ {one.written}{more}"
            short = fallen_short(self.below, one.definition, one.clause.modality, one.written)
            found[one.clause.id] = ValueLine(said, one.looser, "”“".join(one.rest), *short)
        return found

    def _write(self, rules: Sequence[ProposedRule]) -> None:
        stated = dict(carried_by(rules, self.clauses))
        for value in self.values:
            name = value.definition.name
            used = any(
                name in behind_rule(self.below, r).parameters for r in self.below.rules.values()
            )
            stated[value.clause.id] = (
                ("automated", "") if used else ("manual", "下层没有规则读这个数值")
            )
            if value.rest:
                rest = "”“".join(value.rest)
                stated[value.clause.id] = ("partly", f"{CONFIRM}：没有写成数值或规则：“{rest}”")
        entries = "".join(clause_entries(self.clauses, stated))
        write(self.folder, {"pack.yaml": self._pack(rules), "clauses.yaml": entries})

    def _pack(self, rules: Sequence[ProposedRule]) -> str:
        title = policy_text.title(self.text) or self.folder.name
        values = "".join(self._stated(value) for value in self.values)
        defined = "".join(rule.parameters for rule in rules)
        parameters = f"\nparameters:\n{values}{defined}" if values or defined else ""
        return f"""\
# {CONFIRM}：名称、怎样引用、起用日期；写法见 docs/rules.md“在规则包上加一层”
id: {self.folder.name}
title: {quoted(title)}
version: '0.1.0'
overlay: {self.over}
citation: {quoted(f"《{title.strip('《》')}》")}
{parameters}
# 停用下层的规则，写明有权停用的文件，如：
# off:
#   规则编号: {{authority: 有权停用的文件, from: '{self.start}', reason: 为什么}}
"""

    def _stated(self, value: _Value) -> str:
        """A value of a parameter below; one that loosens needs a document that it may do so by."""
        definition = value.definition
        before = definition.on(self.start)
        was = ""
        if before is not None and before.value is not None:
            was = f"（下层是 {written_as(before.value, definition.type.kind)}）"
        written = value.written if definition.type.kind == "integer" else f"'{value.written}'"
        authority = f", authority: {CONFIRM}：有权放宽的文件" if value.looser else ""
        undated = "" if self.dated else f"  # {CONFIRM}：自己的文件没有写施行日期，这是下层的\n"
        return f"""\
{undated}  # {value.clause.quote}：{definition.title}{was}
  {definition.name}:
    values:
      - {{from: '{self.start}', value: {written}, ground: {value.clause.id}{authority}}}
"""


def _clause(one: Proposed) -> Clause:
    return Clause(
        id=one.id,
        citation=one.citation,
        quote=one.quote,
        offset=0,
        sentence=one.sentence,
        modality=one.modality,
        addressee=one.addressee,
        status=ClauseStatus.PLANNED,
        reason=None,
    )


def _remains(
    folder: Path, made: _Layer, rules: Sequence[ProposedRule], others: Sequence[Proposed]
) -> Iterator[str]:
    binding = sum(1 for one in made.clauses if one.modality)
    yield f"新建 {folder}：叠在 {made.over} 上，{binding} 条条款，能载入、能运行"
    for value in made.values:
        loose = "；比下层宽，请写明有权放宽的文件" if value.looser else ""
        name, title = value.definition.name, value.definition.title
        yield f"  {name}（{title}）＝{value.written}，依据 {value.clause.id}{loose}"
    for rule in rules:
        yield rule.told()
    carried = {rule.proposal.clause for rule in rules}
    if folder.joinpath(SHEET).is_file():
        yield from to_do(folder, [one.id for one in others if one.id not in carried])
    else:
        yield f"还要做：换成自己的文件，改好写着“{CONFIRM}”的；kehou lint --pack {folder}"
    yield "停用下层规则的，写在 pack.yaml 的 off"
    if not made.dated:
        told = f"自己的文件没有看出施行日期，先写了 {made.start}（下层的）"
        yield f"{told}：请在 pack.yaml 里改成自己文件的日期，不然会按它去查以前的材料"
    yield from passed_over(made.clauses, folder)


__all__ = ["new_overlay"]
