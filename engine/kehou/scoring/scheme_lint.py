"""What is wrong with a scheme: points that do not add up, rules that are not there, gaps.

Everything is told at once, with file and line; nothing is mended in silence.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from kehou import packs
from kehou.errors import KehouError, UsageError
from kehou.language import suggest
from kehou.language.yaml_places import Faults, Place
from kehou.model.outcomes import ClauseStatus, Severity
from kehou.model.rules import Rule
from kehou.packs import Pack
from kehou.readers import Document, ReadError, read_path
from kehou.render.words import catalogue
from kehou.scoring import scheme_book
from kehou.scoring.decimals import plain
from kehou.scoring.kinds import KINDS
from kehou.scoring.scheme import Area, Called, Indicator, Scheme, SchemeError
from kehou.scoring.scheme_reader import scheme as parsed
from kehou.scoring.scheme_words import in_keys, titled, with_ids


def load(path: str) -> Scheme:
    """Read a scheme and hold it against its packs.

    Raises UsageError where it cannot be opened, SchemeError with every fault at once.
    """
    file, faults = Path(path), Faults()
    document = document_of(path)
    at = Place(document, faults)
    read = parsed(document.tree, at, hashlib.sha256(document.source.data).hexdigest())
    read = replace(read, packs=tuple(_beside(file.parent, name) for name in read.packs))
    read = against_packs(read, document.tree, at)
    if faults.found:
        told = dict.fromkeys(faults.placed())
        if scheme_book.is_book(path):
            told = dict.fromkeys((where, titled(said), hint) for where, said, hint in told)
        raise SchemeError(sorted(told, key=_by_line))
    return read


def document_of(path: str) -> Document:
    """A scheme's document by the schema's keys and the packs' ids; raises UsageError."""
    file = Path(path)
    if not os.path.lexists(file):
        raise UsageError("no-scheme", f"找不到评分办法 {path}", hint=how_to_get_one())
    try:
        document = scheme_book.read(file) if scheme_book.is_book(path) else read_path(file)
    except ReadError as error:
        raise UsageError("scheme-unreadable", error.message, error.where, error.hint) from error
    document = in_keys(document)
    return replace(document, tree=_by_ids(document.tree, file.parent))


def _by_ids(tree: Any, folder: Path) -> Any:
    """The tree with the ids of what it calls by the packs' titles; faulty packs are told later."""
    named = tree.get("packs") if isinstance(tree, dict) else None
    areas: dict[str, str] = {}
    rules: dict[str, str] = {}
    for name in [named] if isinstance(named, str) else named or ():
        with contextlib.suppress(KehouError):
            pack = packs.load(_beside(folder, str(name)))
            areas |= {title: area for area, title in pack.areas.items() if title not in areas}
            rules |= {one.title: one.id for one in pack.rules.values() if one.title not in rules}
    return with_ids(tree, areas, rules)


def how_to_get_one() -> str:
    """What to do without a scheme: points are the bureau's, not kehou's."""
    return catalogue.load("zh")["score.how_to_get_one"]


def _beside(folder: Path, name: str) -> str:
    """A pack that stands as a folder beside the scheme is meant from there."""
    own = folder / name
    return str(own) if own.joinpath("pack.yaml").is_file() else name


def _by_line(fault: tuple[str, str, str]) -> tuple[str, int]:
    name, _, line = fault[0].rpartition(":")
    return (name, int(line)) if line.isdecimal() else (fault[0], 0)


def against_packs(scheme: Scheme, tree: Any, at: Place) -> Scheme:
    """The scheme with areas titled and clauses turned into rules; faults go to ``at``."""
    loaded = []
    for i, name in enumerate(scheme.packs):
        try:
            loaded.append(packs.load(name))
        except KehouError as error:
            (at / "packs" / i).fault(f"规则包 {name} 用不了：{error.message}", error.hint)
    rules = {name: rule for pack in loaded for name, rule in pack.rules.items()}
    clauses = {name: clause for pack in loaded for name, clause in pack.clauses.items()}
    titles: dict[str, str] = {}
    for pack in loaded:
        titles = {**pack.areas, **titles}
    lint = _Lint(scheme, at, rules, {c: clause.status for c, clause in clauses.items()}, titles)
    if loaded:
        lint.areas()
    indicators = tuple(lint.indicator(one, i) for i, one in enumerate(scheme.indicators))
    lint.sums()
    lint.doubles(indicators)
    lint.grades(tree)
    lint.vetoes()
    areas = tuple(Area(a.id, a.points, titles.get(a.id, a.id)) for a in scheme.areas)
    called = _called(loaded) if loaded else Called()
    return replace(scheme, areas=areas, indicators=indicators, called=called)


def _called(loaded: Sequence[Pack]) -> Called:
    """What the first pack calls things, and the strata of its schema that are one value."""
    pack = loaded[0]
    schema = pack.schema
    strata = {name: schema.field(path) for name, path in schema.declared.whose.strata.items()}
    places = {
        name: field.title
        for name, field in strata.items()
        if field is not None and field.kind != "list"
    }
    titles = {one.id: one.title for one in loaded}
    return Called({**pack.nouns["zh"], **pack.stages["zh"]}, places, titles)


class _Lint:
    """One scheme held against the rules, clauses and areas of its packs."""

    def __init__(
        self,
        scheme: Scheme,
        at: Place,
        rules: Mapping[str, Rule],
        clauses: Mapping[str, ClauseStatus],
        titles: Mapping[str, str],
    ) -> None:
        self.scheme, self.at, self.rules = scheme, at, rules
        self.clauses, self.titles = clauses, titles

    def areas(self) -> None:
        for area in self.scheme.areas:
            place = self.at / "areas" / area.id
            if area.id not in self.titles:
                place.fault(f"没有方面 {area.id}", self._known_areas())
            if area.points <= 0:
                place.fault("方面的分值要大于 0")

    def _known_areas(self) -> str:
        return "可用：" + "、".join(self._called())

    def _called(self) -> list[str]:
        """The areas as the file calls them: a workbook by their titles, else ids and titles."""
        if self.at.document.cell_of:
            return list(self.titles.values())
        return [f"{k}（{v}）" for k, v in self.titles.items()]

    @property
    def _strange(self) -> set[str]:
        """Areas that no pack has: what hangs on one is told once, at the area."""
        return {area.id for area in self.scheme.areas} - set(self.titles)

    # --- indicators --------------------------------------------------------------------------

    def indicator(self, one: Indicator, i: int) -> Indicator:
        """One indicator with the rules of its clauses; its own faults told."""
        at = self.at / "indicators" / i
        listed = {area.id for area in self.scheme.areas}
        if one.area not in listed and not (self._strange and one.area in self.titles):
            if self.at.document.cell_of:
                name = self.titles.get(one.area, one.area)
                (at / "area").fault(f"方面“{name}”没有列在表“方面”里", self._known_areas())
            else:
                (at / "area").fault(f"方面 {one.area} 没有列在 areas 之下", self._known_areas())
        if one.points <= 0:
            (at / "points").fault("分值要大于 0")
        for j, clause in enumerate(one.clauses):
            if clause not in self.clauses:
                (at / "clauses" / j).fault(f"没有条款 {clause}", suggest(clause, [*self.clauses]))
        for j, name in enumerate(one.rules):
            self._rule(name, at / "rules" / j)
        KINDS[one.method.kind].wrong(one, at / "score")
        if one.method.given:
            if one.rules:
                (at / "rules").fault("由人给出数值的指标不写 rules", "只写 clauses，供引用条款")
            return one
        if one.rules:
            self._cites(one, at)
            return one
        carried = tuple(
            name
            for name, rule in self.rules.items()
            if self.scheme.stage in rule.stages
            and rule.severity is not Severity.ADVICE
            and set(rule.clauses) & set(one.clauses)
        )
        if not carried:
            at.fault(
                "这个指标没有可用的规则",
                "写明规则（rules），或写有规则承担的条款（clauses），或把计分方式（kind）改为“由人给分”（manual）",
            )
        return replace(one, rules=carried)

    def _rule(self, name: str, at: Place) -> None:
        rule = self.rules.get(name)
        if rule is None:
            at.fault(f"没有规则 {name}", suggest(name, [*self.rules]))
        elif self.scheme.stage not in rule.stages:
            at.fault(f"规则 {name} 不在这个环节（{self.scheme.stage}）核查，不会有结论")

    def _cites(self, one: Indicator, at: Place) -> None:
        """A rule that has nothing to do with the clauses cited would mislead the reader."""
        cited = set(one.clauses)
        for j, name in enumerate(one.rules):
            rule = self.rules.get(name)
            if cited and rule is not None and not cited & set(rule.clauses):
                (at / "rules" / j).fault(
                    f"规则 {name} 不依据所列条款", "它依据：" + "、".join(rule.clauses)
                )

    # --- sums --------------------------------------------------------------------------------

    def sums(self) -> None:
        """Points of indicators, areas and the whole agree; ids are unique."""
        scheme, at = self.scheme, self.at
        seen: set[str] = set()
        for i, one in enumerate(scheme.indicators):
            if one.id in seen:
                (at / "indicators" / i / "id").fault(f"指标编号 {one.id} 重复")
            seen.add(one.id)
        for area in scheme.areas:
            found = sum(one.points for one in scheme.regular if one.area == area.id)
            if found != area.points and area.id not in self._strange:
                (at / "areas" / area.id).fault(
                    f"{self.titles.get(area.id, area.id)}各指标合计 {plain(found)} 分，"
                    f"写的是 {plain(area.points)} 分"
                )
        total = sum(one.points for one in scheme.regular)
        if total != scheme.total:
            (at / "total").fault(
                f"各指标合计 {plain(total)} 分，总分写的是 {plain(scheme.total)} 分"
            )
        if scheme.total <= 0:
            (at / "total").fault("总分要大于 0")
        if scheme.margin < 0:
            (at / "margin").fault("margin 不能小于 0")
        if scheme.bonus_limit is not None and not scheme.bonuses:
            (at / "bonus_limit").fault("没有加分指标（bonus: true），不写 bonus_limit")
        if scheme.bonus_limit is not None and scheme.bonus_limit <= 0:
            (at / "bonus_limit").fault("加分上限要大于 0")

    def doubles(self, indicators: tuple[Indicator, ...]) -> None:
        """A rule that costs points twice is told, unless the scheme says that it may."""
        users: dict[str, list[int]] = {}
        for i, one in enumerate(indicators):
            for name in dict.fromkeys(one.rules):
                users.setdefault(name, []).append(i)
            for j, name in enumerate(one.rules):
                if name in one.rules[:j]:
                    (self.at / "indicators" / i / "rules" / j).fault(f"规则 {name} 写了两次")
        for name, found in users.items():
            if len(found) > 1 and name not in self.scheme.counted_twice:
                titles = "、".join(f"“{indicators[i].title}”" for i in found)
                (self.at / "indicators" / found[1]).fault(
                    f"规则 {name} 在{titles}中重复计分",
                    "确要重复计分，请写进 counted_twice；否则用 rules 分清",
                )
        for j, name in enumerate(self.scheme.counted_twice):
            if len(users.get(name, [])) < 2:
                (self.at / "counted_twice" / j).fault(f"规则 {name} 并没有重复计分，请删去")

    # --- grades and vetoes -------------------------------------------------------------------

    def grades(self, tree: Any) -> None:
        """Grades run from the best to the rest, without a gap and without one twice."""
        grades, at = self.scheme.grades, self.at / "grades"
        if not grades:
            if isinstance(tree, dict) and tree.get("grades") is not None:
                at.fault("至少写一个等次")
            return
        for i, grade in enumerate(grades[:-1]):
            if grade.least is None:
                (at / i).fault("除最后一个等次外都要写 from（最低分）")
        last = grades[-1].least
        zero = Fraction(0)
        lowest = sum((min(one.lowest, zero) for one in self.scheme.indicators), zero)
        if last is not None and last > lowest:
            (at / (len(grades) - 1) / "from").fault(
                f"低于 {plain(last)} 分没有等次", "最后一个等次不写 from，表示其余全部"
            )
        bounds: list[Fraction] = [grade.least for grade in grades if grade.least is not None]
        if any(a <= b for a, b in pairwise(bounds)):
            at.fault("等次要从高到低依次写，最低分不能重复")
        if bounds and bounds[0] > self.scheme.total + sum(b.points for b in self.scheme.bonuses):
            (at / 0 / "from").fault("这个等次的最低分高于能得的最高分，谁也达不到")
        names = [grade.name for grade in grades]
        if len(set(names)) < len(names):
            at.fault("等次名称重复")

    def vetoes(self) -> None:
        """Veto items name rules that are judged at this stage, and are told apart by id."""
        seen: set[str] = {one.id for one in self.scheme.indicators}
        for i, veto in enumerate(self.scheme.vetoes):
            at = self.at / "vetoes" / i
            if veto.id in seen:
                (at / "id").fault(f"编号 {veto.id} 与别的指标或否决项相同")
            seen.add(veto.id)
            for j, name in enumerate(veto.rules):
                self._rule(name, at / "rules" / j)
