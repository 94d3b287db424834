"""``kehou new answers``: what a person answered on the sheet, done to the pack.

What cannot be done is told with its place and stays on the sheet; the sheet goes when it is empty.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from kehou import packs
from kehou.authoring import lint, run_cases
from kehou.authoring.answered_clauses import (
    Undone,
    Work,
    carried_out,
    left_to_people,
    misspelt,
    quoted_as,
)
from kehou.authoring.clause_entries import CONFIRM
from kehou.authoring.drafted_rule import day_in
from kehou.authoring.first_values import SOME_MONDAY
from kehou.authoring.last_day import is_rule, last_day, rule_until, with_last_day
from kehou.authoring.new_overlay import MEANWHILE
from kehou.authoring.pack_rules import DRAWN
from kehou.authoring.unfinished import SHEET
from kehou.authoring.unread_fields import unread
from kehou.authoring.yaml_words import quoted
from kehou.errors import UsageError
from kehou.packs.positions import Sites
from kehou.readers import ReadError, read
from kehou.readers.door import MOST_OF_PACK, contents
from kehou.render import write_whole

_WORDS: Final = ("对", "提请", "人看", "别人", "无")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_TOLD: Final = 12


def answers(folder: Path) -> tuple[tuple[str, ...], bool]:
    """Do what the sheet of a pack says; the lines to be told, and whether nothing is left to do.

    It is where every line was done, lint finds no fault and all cases hold.

    Raises UsageError where there is no sheet, or it cannot be read.
    """
    path = folder / SHEET
    if not path.is_file():
        hint = "它由 kehou new pack、kehou new overlay 写出；都答完的已经删去"
        raise UsageError("no-sheet", f"{folder} 里没有核对表 {SHEET}", hint=hint)
    try:
        work = Work(folder, read(SHEET, contents(path, MOST_OF_PACK, SHEET)))
    except ReadError as error:
        raise UsageError("sheet", f"读不懂核对表：{error.message}", SHEET, error.hint) from error
    tree = _shaped(work)
    before = _files(folder)
    try:
        with _never_empty(work):
            _all(work, tree)
    except BaseException:
        _put_back(folder, before)
        raise
    lines, sound = _remains(work)
    return lines, sound and not work.told and not path.is_file()


def _all(work: Work, tree: Mapping[str, Any]) -> None:
    """Every section of the sheet, and the sheet without what is done."""
    _policy(work, tree.get("规定") or {})
    rows = tree.get("条款") or []
    if _undated(work, tree):
        told = "没有写施行日期，条款先不照办"
        work.fault("/规定/施行", told, "写成 '2025-09-01'，在“规定”的“答”后面写 对")
    else:
        for index, row in enumerate(rows):
            _clause(work, index, row)
    _to_the_last_day(work)
    _others(work, tree.get("没有看出要求的句子") or {})
    open_rows = [i for i in range(len(rows)) if i not in work.entries]
    columns = tree.get("没有规则读的栏目") or {}
    if not open_rows:
        _columns(work, columns)
    elif _answer(columns)[0]:
        still = "、".join(str(rows[i].get("条款") or "") for i in open_rows)
        told = f"{still} 还没有办，它们的规则可能读这些栏目"
        work.notes.append(f"“没有规则读的栏目”留在表上：{told}；条款都办成了再运行，就照答的办")
    _shorten(work, tree, open_rows)


@contextmanager
def _never_empty(work: Work) -> Iterator[None]:
    """A layer that holds something while its drafts are taken out and others are put in.

    One without a rule or a value would not load; what stands in for these goes in the end.
    """
    text = work.text("pack.yaml")
    is_layer = re.search("^overlay:", text, re.MULTILINE) is not None
    if is_layer:
        with_head = (
            text if re.search(r"^parameters:$", text, re.MULTILINE) else f"{text}parameters:\n"
        )
        work.write("pack.yaml", with_head.replace("parameters:\n", f"parameters:\n{MEANWHILE}", 1))
    yield
    if is_layer:
        text = work.text("pack.yaml").replace(MEANWHILE, "", 1)
        work.write("pack.yaml", re.sub(r"^parameters:\n(?!  )", "", text, flags=re.MULTILINE))


def _shaped(work: Work) -> Mapping[str, Any]:
    """The sheet as it was written, with what is answered. Raises UsageError where it is not so."""
    tree = work.sheet.tree
    sections = tree if isinstance(tree, dict) else {}
    rows = sections.get("条款") or []
    shaped = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    others = [one for key, one in sections.items() if key != "条款"]
    if (
        not sections
        or not shaped
        or not all(one is None or isinstance(one, dict) for one in others)
    ):
        hint = "只在“答”“要求”等冒号后面写；改乱了的，另建一份，把这一份里写好的抄过去"
        raise UsageError("sheet", "核对表不是原来的样子", SHEET, hint)
    return sections


def _undated(work: Work, tree: Mapping[str, Any]) -> bool:
    """Whether rules would be dated by a day that nobody has said."""
    row = tree.get("规定") or {}
    return bool(row) and "规定" not in work.sections and not row.get("施行")


def _answer(row: Mapping[str, Any]) -> tuple[str, str]:
    """The word of an answer and what is written after it."""
    word, _, more = str(row.get("答") or "").strip().partition(" ")
    return word, more.strip()


# --- the policy ------------------------------------------------------------------------------


def _policy(work: Work, row: Mapping[str, Any]) -> None:
    if not row:
        return
    word, start = _answer(row)[0], str(row.get("施行") or "")
    if not word:
        return
    if word != "对":
        work.fault("/规定/答", f"不认识的答“{word}”", "名称、施行改好以后写 对")
        return
    if not start:
        return  # it is told with the clauses
    if _day(start) is None:
        work.fault("/规定/施行", f"“{start}”不是日期", "写成 '2025-09-01'")
        return
    until = str(row.get("有效到") or "")
    if "有效到" in row and (_day(until) is None or until < start):
        told = f"“{until}”不是施行以后的日期" if until else "没有写有效到哪一天"
        hint = "写成 '2028-08-31'；没有写明有效期的，删去“有效到”这一行"
        work.fault("/规定/有效到", told, hint)
        return
    text = work.text("pack.yaml")
    text = re.sub(rf"^# {CONFIRM}：.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(rf"^ *# {CONFIRM}：自己的文件没有写施行日期.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(rf"^  assumption: {CONFIRM}.*\n", "", text, flags=re.MULTILINE)
    title = quoted(row.get("名称"))
    text = re.sub(
        r"^(  )?title: .*", lambda m: f"{m[1] or ''}title: {title}", text, count=1, flags=re.M
    )
    text = re.sub(r"(^policy:\n  title: ).*", lambda m: m[1] + title, text, flags=re.MULTILINE)
    was = day_in(text)
    before = re.search(r"^citation: '《(.*)》'$", text, re.MULTILINE)
    if before and f"'{before[1]}'" != title:
        cited = f"《{row.get('名称')}》"
        text = text.replace(before[0], f"citation: {quoted(cited)}")
    if was and was != start:
        _redated(work, was, start)
        text = text.replace(f"'{was}'", f"'{start}'")
    layer = re.search("^overlay:", text, re.MULTILINE) is not None
    work.write("pack.yaml", with_last_day(text, until) if layer else _ending(text, until))
    work.sections.append("规定")
    work.done.append(f"名称和施行日期（{start}）")
    if until:
        more = "：这一层的规则和数值到期以后不再用，检查时说明" if layer else ""
        work.done.append(f"有效到 {until}{more}")


def _ending(text: str, until: str) -> str:
    """A pack.yaml with the last day of its policy, or none."""
    text = re.sub(r"^  effective_to: .*\n", "", text, flags=re.MULTILINE)
    told = f"  effective_to: '{until}'\n" if until else ""
    return re.sub(r"^  effective_from: .*\n", lambda m: m[0] + told, text, flags=re.MULTILINE)


def _to_the_last_day(work: Work) -> None:
    """Give the rules and values of a layer the last day that its pack.yaml notes."""
    until = last_day(work.text("pack.yaml"))
    for path in sorted(work.folder.glob("*/*.yaml")) if until else ():
        name = str(path.relative_to(work.folder))
        if is_rule(name):
            work.write(name, rule_until(work.text(name), until))
    if until:
        work.write("pack.yaml", with_last_day(work.text("pack.yaml"), until))


def _redated(work: Work, was: str, start: str) -> None:
    """The cases of a day, and the good submission, moved to another with all their dates."""
    day = max(was, SOME_MONDAY)
    for path in sorted(work.folder.glob("*/*.test.yaml")):
        name = str(path.relative_to(work.folder))
        text = work.text(name)
        moved = (was, start) if f"'{was}'" in text else (day, max(start, day))
        work.write(name, _moved(text, *moved))
    for path in sorted(work.folder.glob("*/*.yaml")):
        name = str(path.relative_to(work.folder))
        work.write(name, work.text(name).replace(f"\nfrom: '{was}'\n", f"\nfrom: '{start}'\n", 1))
    base = work.text("base.yaml")
    if base.startswith(DRAWN):
        work.write("base.yaml", _moved(base, day, max(start, day)))


def _moved(text: str, was: str, start: str) -> str:
    """A text in which every date in quotes is as many days later as one day is than another."""
    first, last = _day(was), _day(start)
    if first is None or last is None:
        return text

    def later(found: re.Match[str]) -> str:
        day = _day(found[2])
        return found[0] if day is None else f"{found[1]}{day + (last - first)}{found[1]}"

    return re.sub(rf"(['\"])({_DAY.pattern})\1", later, text)


def _day(text: str) -> datetime.date | None:
    """A day of the calendar; None where a text is none."""
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


# --- a clause --------------------------------------------------------------------------------


def _clause(work: Work, index: int, row: Mapping[str, Any]) -> None:
    word, more = _answer(row)
    at, clause = f"/条款/{index}", str(row.get("条款"))
    if not word:
        for key in misspelt(row):
            work.fault(f"{at}/{key}", f"{clause}：不认识“{key}”", "答案写在“答”后面")
        return
    if word not in _WORDS:
        work.fault(f"{at}/答", f"不认识的答“{word}”", f"请写 {'、'.join(_WORDS)}")
        return
    before = _files(work.folder)
    try:
        quoted_as(work, clause, row)
        if word in ("人看", "别人", "无"):
            left_to_people(work, clause, row, word, more)
        else:
            carried_out(work, clause, row, word)
    except Undone as undone:
        _put_back(work.folder, before)
        work.fault(f"{at}/{undone.key}", f"{clause}：{undone.what}", undone.hint)
        return
    except UsageError as error:
        _put_back(work.folder, before)
        work.fault(f"{at}/要求", f"{clause}：{error.message}", error.hint or "请改写要求")
        return
    except BaseException:
        _put_back(work.folder, before)
        raise
    work.entries.append(index)


def _files(folder: Path) -> dict[Path, bytes]:
    """Every file of the pack as it is."""
    paths = [*folder.glob("*.*"), *folder.glob("*/*.yaml")]
    return {path: contents(path, MOST_OF_PACK) for path in paths if path.is_file()}


def _put_back(folder: Path, before: Mapping[Path, bytes]) -> None:
    """The pack as it was before an answer that could not be acted on to its end."""
    for path, was in _files(folder).items():
        if path not in before:
            path.unlink()
        elif was != before[path]:
            write_whole(path, before[path])
    for path, was in before.items():
        if not path.is_file():
            write_whole(path, was)


# --- the rest --------------------------------------------------------------------------------


def _others(work: Work, row: Mapping[str, Any]) -> None:
    word = _answer(row)[0]
    if not word:
        return
    if word != "对":
        hint = "都没有要求的写 对；有要求的，在 clauses.yaml 里从 no_norm 移到条款，再写 对"
        work.fault("/没有看出要求的句子/答", f"不认识的答“{word}”", hint)
        return
    text = work.text("clauses.yaml")
    pattern = rf"^(  - \{{quote: .*\}})  # {CONFIRM}$"
    work.write("clauses.yaml", re.sub(pattern, r"\1", text, flags=re.MULTILINE))
    work.sections.append("没有看出要求的句子")


def _columns(work: Work, row: Mapping[str, Any]) -> None:
    """The reason why columns that no rule reads are there, into the pack's own schema."""
    word = _answer(row)[0]
    if not word:
        return
    loaded = packs.load(str(work.folder))
    file = next(work.folder.glob("*.schema.json"))
    tree = json.loads(work.text(file.name))
    for place, message, _ in unread(loaded, Sites(loaded)):
        path = re.search(r"（([\w.]+)）$", message)
        if path and message.startswith("没有规则读"):
            _at(tree, path[1])["x-unread"] = str(row.get("理由") or "只作登记")
            work.done.append(f"{place}：{message}，写明“{row.get('理由')}”")
    work.write(file.name, json.dumps(tree, ensure_ascii=False, indent=2) + "\n")
    work.sections.append("没有规则读的栏目")


def _at(tree: Any, path: str) -> Any:
    for step in path.split("."):
        tree = tree.get("items", tree)["properties"][step]
    return tree


def _shorten(work: Work, tree: Mapping[str, Any], open_rows: list[int]) -> None:
    """The sheet without what is done; none where all of it is."""
    gone = {*work.sections} | ({"条款"} if not open_rows else set())
    left = [key for key in tree if key not in gone]
    if not left:
        work.folder.joinpath(SHEET).unlink()
        base = work.text("base.yaml")
        work.write(
            "base.yaml", re.sub(rf"，{CONFIRM}：请改成一份真的符合要求的", "", base, count=1)
        )
        return
    text = work.sheet.text
    head = text[: re.search(r"^\S+:", text, re.MULTILINE).start()]  # type: ignore[union-attr]
    parts = re.split(r"(?m)^(?=[^\s#][^\n]*:)", text[len(head) :])
    kept = []
    for part in parts:
        key = part.partition(":")[0]
        if key == "条款":
            first, *rows = re.split(r"(?m)^(?=  - 条款:)", part)
            part = first + "".join(row for i, row in enumerate(rows) if i in open_rows)
        kept += [part] if key not in gone else []
    work.write(SHEET, head + "".join(kept))


def _remains(work: Work) -> tuple[tuple[str, ...], bool]:
    """What was done and what is still wrong, in lines; whether the pack is sound as it is."""
    lines: list[str] = []
    if work.done:
        lines += [f"照办了 {len(work.done)} 处：", *(f"  {one}" for one in work.done)]
    lines += [f"请看 {one}" for one in work.notes]
    if work.told:
        lines += [f"{len(work.told)} 处没有照办：", *(f"  {one}" for one in work.told)]
    found = lint.lint(str(work.folder))
    if found:
        lines += [f"kehou lint 还指出 {len(found)} 处："]
        lines += [f"  {place}：{message}（{hint}）" for place, message, hint in found[:_MOST_TOLD]]
        return tuple(lines), False
    ran = run_cases.run(str(work.folder), engine="direct")
    lines += [f"检查没有错误；用例成立 {ran.passed} 个，不成立 {len(ran.failures)} 个"]
    lines += [f"  {place}：{name}：{wrong}" for place, name, wrong in ran.failures[:_MOST_TOLD]]
    if ran.failures:
        lines += [f"请核对规则和用例，改好以后运行 kehou test --pack {work.folder}"]
    return tuple(lines), not ran.failures


__all__ = ["answers"]
