"""The scores file: what people gave for indicators and veto items that no rule decides.

YAML or JSON with ``scores:``, or a CSV table with the same keys, in English or Chinese. Nothing is
filled in: an indicator without a value stays open. So does one whose row cannot be read, which is
told; the other rows are none the worse for it. Who has no code is known by name, else by file.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from kehou.errors import UsageError
from kehou.language import suggest
from kehou.language.yaml_places import Faults, Place, mapping, text
from kehou.readers import DEFAULT, Document, ReadError, read_path
from kehou.readers.copied_text import as_code, meant
from kehou.readers.door import contents
from kehou.readers.filled_table import read_filled
from kehou.render.words import catalogue
from kehou.scoring.decimals import plain
from kehou.scoring.kinds import KINDS
from kehou.scoring.reports_in import Submitter
from kehou.scoring.scheme import Indicator, Scheme, SchemeError

#: The keys of the format under which it is said whose value it is, by id, and beside it by name.
_WHOSE, _NAME = "school", "name"
_KEYS = (_WHOSE, _NAME, "indicator", "value", "evidence", "note")
#: What the table of a workbook is known by.
_HEADED = (_WHOSE, "indicator", "value")
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")
#: A number that a program kept as a fraction.
_KEPT = re.compile(r"([0-9]{1,40})\.0{1,2}")
NOT_APPLICABLE = "不适用"
_YES_NO = {"是": True, "否": False, "√": True, "✓": True, "×": False, "✗": False}
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)[%％]")
#: More than nothing and at most one: of a hundred, or of one?
_FRACTION = re.compile(r"0?\.[0-9]*[1-9][0-9]*|1(?:\.0+)?")
_POINTS = re.compile(r"(-?[0-9]{1,6}(?:\.[0-9]{1,6})?)分")


@dataclass(frozen=True, slots=True)
class Given:
    """One value: points or a survey's figure, or None for 不适用; of a veto item, yes or no.

    ``place`` ends with the id as it was written, where that is another than it was read as.
    """

    value: Fraction | None
    veto: bool | None
    evidence: str
    note: str
    place: str


#: Values by (submitter code, id of the indicator or veto item).
Values = Mapping[tuple[str, str], Given]


def given_to(values: Values, submitter: Submitter, name: str) -> Given | None:
    """What was given to one for an indicator or veto item."""
    keys = ((key, name) for key in submitter.keys)
    return next((values[key] for key in keys if key in values), None)


def load(
    path: str, scheme: Scheme
) -> tuple[dict[tuple[str, str], Given], list[tuple[str, str, str]]]:
    """(values, faults of rows as (place, message, hint)) of the scores file.

    A row at fault gives nothing, nor do two rows for one value. Raises UsageError where the file
    cannot be read, SchemeError where it holds no rows but faults.
    """
    document = _opened(path, scheme)
    faults = Faults()
    at = Place(document, faults)
    names = _names(scheme)
    every, titles = _ids(scheme)
    found: dict[tuple[str, str], Given] = {}
    twice: set[tuple[str, str]] = set()
    rows = list(_rows(document.tree, at))
    for row, place in rows:
        before = len(faults.found)
        d = mapping(_named(meant(row), names), place, _KEYS, ())
        if not d.get("value"):
            if "value" not in d:
                place.fault("没有写数值", "没有给分的，这一行可以删去")
            continue
        whose, word = _whose(d, place), as_code(text(d.get("indicator"), place / "indicator"))
        if not word:
            place.fault("没有写是哪个指标的分", "请写指标的名称或编号")
        if not word or not whose:
            continue
        span = document.span(place.pointer)
        cell = document.cell(place.pointer)
        told = f"{document.name}!{cell}" if cell else f"{document.name}:{span.line if span else 1}"
        name = _id_meant(word, every, titles)
        written = _named(row, names).get("indicator", name)  # none where its heading is damaged
        if name != written and name != titles.get(word):
            told = f"{told} “{written}”"
        key = (whose, name)
        given = _given(scheme, name, d, place, told)
        if given is None or len(faults.found) > before:
            continue
        if key in found:
            title = next((title for title, known in titles.items() if known == name), name)
            hint = f"另见 {found[key].place}；两处都没有采用，请只留一处"
            place.fault(f"{whose}的“{title}”写了两次", hint)
            twice.add(key)
        found[key] = given
    for problem in document.problems:
        at.fault(problem.message, problem.hint)
    if faults.found and not rows:
        raise SchemeError(faults.placed(), "评分文件有错误：")
    return {key: one for key, one in found.items() if key not in twice}, faults.placed()


def _opened(path: str, scheme: Scheme) -> Document:
    """The file as it can be read; raises UsageError where it cannot."""
    file = Path(path)
    if not os.path.lexists(file):
        raise UsageError("no-scores", f"找不到评分文件 {path}", hint="请核对 --scores 后的文件名")
    try:
        if file.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
            data = contents(file, DEFAULT.table_bytes)
            return read_filled(data, file.name, _names(scheme), _HEADED)
        return read_path(file)
    except ReadError as error:
        raise UsageError("scores-unreadable", error.message, error.where, error.hint) from error


def _whose(d: Mapping[str, Any], at: Place) -> str:
    """Whom a row is about, by id, else by name; "" and a fault where it says neither."""
    for key in (_WHOSE, _NAME):
        if told := as_code(text(d.get(key), at / key)):
            return told
    at.fault("没有写是谁的分", "请写标识码；没有标识码的写名称")
    return ""


def _rows(tree: Any, at: Place) -> Iterator[tuple[Any, Place]]:
    if isinstance(tree, list):  # a CSV table
        for i, row in enumerate(tree):
            if not at.document.cell_of or row.get("value"):  # of a form, rows that are filled in
                yield row, at / i
        return
    d = mapping(tree, at, ("scores",), ("scores",))
    rows = d.get("scores")
    if rows is not None and not isinstance(rows, list):
        (at / "scores").fault("这里应当是列表，每项前写“- ”")
        return
    for i, row in enumerate(rows or []):
        yield row, at / "scores" / i


def _names(scheme: Scheme) -> dict[str, str]:
    """Names in Chinese that stand for the keys: the heads of a score sheet, and shorter ones."""
    words = catalogue.official(scheme.called.nouns)
    names = {words[f"score.key.{key}"]: key for key in _KEYS if key != _NAME}
    names[words["score.column.subject"]] = _NAME
    return {**names, **{words[f"score.column.{key}"]: key for key in ("evidence", "indicator")}}


def _ids(scheme: Scheme) -> tuple[frozenset[str], dict[str, str]]:
    """Ids of indicators and veto items; and by their titles, where one alone has a title."""
    every = [(one.title, one.id) for one in scheme.indicators]
    every += [(one.title, one.id) for one in scheme.vetoes]
    titles = [title for title, _ in every]
    alone = {as_code(title): name for title, name in every if titles.count(title) == 1}
    return frozenset(name for _, name in every), alone


def _id_meant(word: str, ids: frozenset[str], titles: Mapping[str, str]) -> str:
    """The id that a word is or names; a program may have kept it as a fraction (``1.0``)."""
    kept = _KEPT.fullmatch(word)
    other = kept[1] if kept else word.lower()
    return word if word in ids else titles.get(word, other if other in ids else word)


def _named(row: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(row, dict):
        return row
    return {names.get(key, key): value or None for key, value in row.items()}


def _given(scheme: Scheme, name: str, d: Mapping[str, Any], at: Place, place: str) -> Given | None:
    evidence, note = text(d.get("evidence"), at), text(d.get("note"), at)
    word = unicodedata.normalize("NFKC", text(d["value"], at)).strip()
    veto = next((one for one in scheme.vetoes if one.id == name), None)
    if veto is not None:
        if veto.rules:
            at.fault(f"否决项 {name} 由规则判断，不由人填写")
        elif word not in _YES_NO:
            at.fault(f"否决项的数值写“是”或“否”，写的是“{word}”")
        else:
            return Given(None, _YES_NO[word], evidence, note, place)
        return None
    one = next((one for one in scheme.indicators if one.id == name), None)
    if one is None:
        known = [i.id for i in scheme.indicators if i.method.given]
        at.fault(f"评分办法中没有指标 {name}", suggest(name, known))
    elif not one.method.given:
        at.fault(f"指标 {name} 由规则计分，不接受人工给分", "有异议的结论请走豁免或核实记录")
    elif word == NOT_APPLICABLE:
        return Given(None, None, evidence, note, place)
    elif (value := _number(one, word, at)) is not None:
        return Given(value, None, evidence, note, place)
    return None


def _number(one: Indicator, word: str, at: Place) -> Fraction | None:
    most = KINDS[one.method.kind].most(one)
    if match := _POINTS.fullmatch(word):
        word = match[1]
    elif (match := _PERCENT.fullmatch(word)) and one.method.kind != "survey":
        at.fault(f"“{word}”是百分数，“{one.title}”要写分数", f"写 0 到 {plain(one.points)} 的数")
        return None
    elif match:
        return _within(one, match[1], most, at)
    elif one.method.kind == "survey" and _FRACTION.fullmatch(word) and (most or 0) > 1:
        percent = plain(Fraction(word) * 100)
        at.fault(f"“{word}”不知道是 {percent}% 还是 {word}%", f"写 {percent}%，或写 {word}%")
        return None
    return _within(one, word, most, at)


def _within(one: Indicator, word: str, most: Fraction | None, at: Place) -> Fraction | None:
    """A number within the limits of its indicator; a fault where it is none."""
    if not _NUMBER.fullmatch(word):
        at.fault(f"“{word}”不是数", f"写数，或写“{NOT_APPLICABLE}”")
        return None
    value = Fraction(word)
    if value < 0 or (most is not None and value > most):
        limit = f"0 到 {plain(most)}" if most is not None else "不小于 0"
        at.fault(f"“{one.title}”的数值应为 {limit}，写的是 {word}")
        return None
    return value
