"""A scoring scheme from the tree of its file; every fault is told with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from kehou.fields import validation
from kehou.language import suggest
from kehou.language.yaml_places import Place, flag, mapping, text, texts
from kehou.model.outcomes import Stage
from kehou.scoring.kinds import COUNTS, KINDS, MEASURES
from kehou.scoring.scheme import Area, Band, Grade, Indicator, Method, Scheme, Veto
from kehou.scoring.scheme_rows import labels_of

FORMAT = "kehou-scheme/1"
NOT_APPLICABLE = ("within_area", "overall", "drop")
WAIVED = ("pass", "fail", "not_applicable")
ROUNDINGS = ("half_up", "half_even", "down")
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS = (
    "format",
    "id",
    "title",
    "version",
    "example",
    "issuer",
    "packs",
    "stage",
    "total",
    "rounding",
    "not_applicable",
    "waived",
    "margin",
    "bonus_limit",
    "counted_twice",
    "areas",
    "grades",
    "vetoes",
    "indicators",
)
_NEEDED = (
    "format",
    "id",
    "title",
    "version",
    "packs",
    "total",
    "not_applicable",
    "areas",
    "grades",
    "indicators",
)


def scheme(tree: Any, at: Place, sha256: str) -> Scheme:
    """A scheme as its file says it, clauses not yet turned into rules; faults go to ``at``."""
    d = mapping(tree, at, _KEYS, _NEEDED)
    if d.get("format") not in (None, FORMAT):
        (at / "format").fault(f"不认识的格式 {d['format']}", f"写作 format: {FORMAT}")
    rounding = mapping(d.get("rounding") or {}, at / "rounding", ("digits", "mode"))
    digits = number(rounding.get("digits"), at / "rounding" / "digits", Fraction(2))
    if digits.denominator != 1 or not 0 <= digits <= 6:
        (at / "rounding" / "digits").fault("小数位数应是 0 到 6 的整数")
        digits = Fraction(2)
    limit = d.get("bonus_limit")
    return Scheme(
        id=identifier(d.get("id"), at / "id"),
        title=text(d.get("title"), at / "title"),
        version=text(d.get("version"), at / "version"),
        sha256=sha256,
        example=flag(d.get("example"), at / "example"),
        issuer=text(d.get("issuer"), at / "issuer"),
        packs=texts(d.get("packs"), at / "packs"),
        stage=Stage(_one_of(d.get("stage"), at / "stage", tuple(Stage), Stage.ASSESSMENT)),
        total=number(d.get("total"), at / "total"),
        digits=int(digits),
        rounding=_one_of(rounding.get("mode"), at / "rounding" / "mode", ROUNDINGS, "half_up"),
        not_applicable=_one_of(
            d.get("not_applicable"), at / "not_applicable", NOT_APPLICABLE, "within_area"
        ),
        waived=_one_of(d.get("waived"), at / "waived", WAIVED, "pass"),
        margin=number(d.get("margin"), at / "margin", Fraction(1)),
        bonus_limit=None if limit is None else number(limit, at / "bonus_limit"),
        counted_twice=texts(d.get("counted_twice"), at / "counted_twice"),
        areas=_areas(d.get("areas"), at / "areas"),
        grades=tuple(
            _grade(one, at / "grades" / i) for i, one in enumerate(items(d, "grades", at))
        ),
        vetoes=tuple(_veto(one, at / "vetoes" / i) for i, one in enumerate(items(d, "vetoes", at))),
        indicators=tuple(
            _indicator(one, at / "indicators" / i)
            for i, one in enumerate(items(d, "indicators", at))
        ),
    )


def items(tree: Mapping[str, Any], key: str, at: Place) -> list[Any]:
    """The members of a list; faults where it is none."""
    value = tree.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        (at / key).fault("这里应当是列表，每项前写“- ”")
        return []
    return value


def number(tree: Any, at: Place, default: Fraction = Fraction(0), share: bool = False) -> Fraction:
    """An exact decimal, 7.5 or 7.5分; ``83%`` is 0.83 of a ``share`` and 83 of anything else."""
    if tree is None:
        return default
    written = text(tree, at)
    word = normalize("NFKC", written).strip()
    if not share:
        word = word.removesuffix("分").rstrip()
    if word.endswith("%") and _NUMBER.fullmatch(word[:-1].strip()):
        return Fraction(word[:-1].strip()) / (100 if share else 1)
    if not _NUMBER.fullmatch(word):
        at.fault(f"“{written}”不是数", "写作 10 或 7.5")
        return default
    return Fraction(word)


def identifier(tree: Any, at: Place) -> str:
    """An id: lower-case letters, digits, hyphens."""
    word = text(tree, at)
    if word and not _ID.fullmatch(word):
        at.fault(f"编号 {word} 不合格式", "用小写字母、数字和连字符，如 first-item")
    return word


def _one_of(tree: Any, at: Place, allowed: Sequence[str], default: str) -> str:
    if tree is None:
        return str(default)
    word = text(tree, at)
    if word not in [str(one) for one in allowed]:
        at.fault(f"不认识的值 {word}", suggest(word, _choices(at, word, allowed)))
        return str(default)
    return word


def _choices(at: Place, word: str, allowed: Sequence[str]) -> list[str]:
    """What may be written, by the labels of a drop-down for who writes Chinese."""
    if word.isascii():
        return [str(one) for one in allowed]
    labels = labels_of(validation.load("scheme")).get(at.pointer.rpartition("/")[2], {})
    return [labels.get(one, str(one)) for one in map(str, allowed)]


def _areas(tree: Any, at: Place) -> tuple[Area, ...]:
    if not isinstance(tree, dict):
        if tree is not None:
            at.fault("这里应当是“方面: 分值”", "例如 {a: 30, b: 20}")
        return ()
    return tuple(
        Area(str(name), number(points, at / name), str(name)) for name, points in tree.items()
    )


def _grade(tree: Any, at: Place) -> Grade:
    d = mapping(tree, at, ("name", "from"), ("name",))
    least = d.get("from")
    return Grade(
        text(d.get("name"), at / "name"), None if least is None else number(least, at / "from")
    )


def _veto(tree: Any, at: Place) -> Veto:
    d = mapping(tree, at, ("id", "title", "rules", "effect"), ("id", "title"))
    return Veto(
        identifier(d.get("id"), at / "id"),
        text(d.get("title"), at / "title"),
        texts(d.get("rules"), at / "rules"),
        text(d.get("effect"), at / "effect"),
    )


def _indicator(tree: Any, at: Place) -> Indicator:
    needed = ("id", "title", "area", "points", "score")
    keys = (*needed, "criteria", "clauses", "rules", "evidence", "bonus", "note")
    d = mapping(tree, at, keys, needed)
    return Indicator(
        id=identifier(d.get("id"), at / "id"),
        title=text(d.get("title"), at / "title"),
        area=text(d.get("area"), at / "area"),
        points=number(d.get("points"), at / "points"),
        method=_method(d.get("score"), at / "score"),
        criteria=text(d.get("criteria"), at / "criteria"),
        clauses=texts(d.get("clauses"), at / "clauses"),
        rules=texts(d.get("rules"), at / "rules"),
        evidence=texts(d.get("evidence"), at / "evidence"),
        bonus=flag(d.get("bonus"), at / "bonus"),
        note=text(d.get("note"), at / "note"),
    )


def _method(tree: Any, at: Place) -> Method:
    if tree is None:
        return Method("manual")
    if not isinstance(tree, dict):
        at.fault("计分方式写作 {kind: all_pass} 的样子", "可用：" + "、".join(KINDS))
        return Method("manual")
    kind = _one_of(tree.get("kind"), at / "kind", tuple(KINDS), "all_pass")
    way = KINDS[kind]
    if tree.get("kind") not in (None, kind):  # what else stands there depends on what was meant
        return Method("all_pass")
    d = mapping(tree, at, ("kind", *way.keys), ("kind", *way.needed))
    counts = tuple(one for one in COUNTS if one in way.counts)
    cap = d.get("cap")
    measure = _one_of(d.get("measure"), at / "measure", tuple(MEASURES), "pass_share")
    return Method(
        kind=kind,
        count=_one_of(d.get("count"), at / "count", counts, way.counts[0]),
        measure=measure if "measure" in way.keys else "",
        deduct=number(d.get("deduct"), at / "deduct"),
        floor=number(d.get("floor"), at / "floor"),
        cap=None if cap is None else number(cap, at / "cap"),
        full=number(d.get("full"), at / "full", Fraction(100)),
        bands=tuple(
            _band(one, at / "bands" / i, measure) for i, one in enumerate(items(d, "bands", at))
        ),
    )


def _band(tree: Any, at: Place, measure: str) -> Band:
    key = MEASURES[measure].key
    d = mapping(tree, at, (key, "points"), ("points",))
    bound = d.get(key)
    return Band(
        None if bound is None else number(bound, at / key, share=measure == "pass_share"),
        number(d.get("points"), at / "points"),
    )
