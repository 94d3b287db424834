"""What an answer on the sheet does to a clause: its entry, its drafts, their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kehou import packs
from kehou.authoring.answered_values import stated_value, with_value
from kehou.authoring.clause_entries import CONFIRM
from kehou.authoring.drafted_rule import AlreadySaid, first_day, phrased
from kehou.authoring.left_halves import left_halves
from kehou.authoring.milder_rules import milder
from kehou.authoring.pack_rules import kept_by
from kehou.authoring.unfinished import ASKED, MARK, PROPOSED, SHEET, UNDECIDED
from kehou.authoring.yaml_words import prose, quoted
from kehou.errors import UsageError
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.readers import Document, read
from kehou.readers.door import MOST_OF_PACK, contents
from kehou.render import write_whole

_DEGREES: Final = {"红线": "critical", "重大": "major", "一般": "minor", "建议": "advice"}
_SEEN: Final = ("限定不明", "其余字样", "没有管的", "不判不符合")
_KEYS: Final = ("条款", "原文", "对谁", "数值", "放宽依据", "要求", "程度", "阶段", *_SEEN, "答")


@dataclass(slots=True)
class Work:
    """The pack in hand: its sheet, and what was done or has to be told."""

    folder: Path
    sheet: Document
    done: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A file of the pack; "" where there is none."""
        path = self.folder / name
        return contents(path, MOST_OF_PACK).decode("utf-8") if path.is_file() else ""

    def write(self, name: str, text: str) -> None:
        """A file of the pack, where it is another than before."""
        if text != self.text(name):
            write_whole(self.folder / name, text.encode("utf-8"))

    def fault(self, pointer: str, what: str, hint: str) -> None:
        """Something that could not be done, with its place on the sheet."""
        span = self.sheet.key_span(pointer)
        place = f"{SHEET}:{span.line}" if span is not None else SHEET
        self.told.append(f"{place}：{what}（{hint}）")


class Undone(Exception):
    """An answer that cannot be acted on: the key of the sheet, what is wrong, the way out."""

    def __init__(self, key: str, what: str, hint: str) -> None:
        super().__init__(what)
        self.key, self.what, self.hint = key, what, hint


def quoted_as(work: Work, clause: str, row: Mapping[str, Any]) -> None:
    """The quote of a clause as its row has it, where it is more or less of the same sentence.

    Raises Undone where it is other words than the policy's.
    """
    said = str(row.get("原文") or "").strip().removesuffix("。")
    text = work.text("clauses.yaml")
    tree = read("clauses.yaml", text.encode("utf-8")).tree or {}
    was = next((str(o["quote"]) for o in tree.get("clauses") or () if o.get("id") == clause), "")
    if not was or said in (was, was.removesuffix("。")):
        return
    if not said or said not in work.text("source.txt"):
        hint = f"照原文改回“{was}”；原文真的改了的，改好原文的文本文件，另建一份再答"
        raise Undone("原文", f"“{said}”不在原文 source.txt 里", hint)
    if "。" in said or (said not in was and was not in said):
        hint = f"改回“{was}”；要答的是那一句的，在那一句的条款里答"
        raise Undone("原文", f"“{said}”不是这一句", hint)
    pattern = rf"(^  - id: {re.escape(clause)}(?:  #.*)?\n(?:    .*\n)*?    quote: ).*"
    work.write("clauses.yaml", re.sub(pattern, lambda m: m[1] + quoted(said), text, flags=re.M))


def left_to_people(work: Work, clause: str, row: Mapping[str, Any], word: str, more: str) -> None:
    """A clause that no rule carries: who does, or that nobody has to, and its drafts gone."""
    modality = _modality(work, clause)
    status, why = {
        "人看": ("manual", "由人员判断"),
        "别人": ("not_for_schools", "不是对交材料的说的"),
        "无": ("permission", "") if modality == "MAY" else ("not_checkable", "没有可以核对的要求"),
    }[word]
    for rule_id, area, _ in _drafts(work, clause):
        _remove(work, area, rule_id)
    _remove_parameters(work, clause)
    _confirm(work, clause, str(row.get("对谁") or ""), status, more or why)
    work.done.append(f"{clause}：{word}")


def carried_out(work: Work, clause: str, row: Mapping[str, Any], word: str) -> None:
    """The value or the rules of a clause as its row says them. Raises Undone, UsageError."""
    _known_words(row)
    stages = _stages(packs.load(str(work.folder)), row) if row.get("阶段") else ""
    drafts = list(_drafts(work, clause))
    wanted = row.get("要求")
    phrases = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted]) if one]
    addressee = str(row.get("对谁") or "")
    if "数值" in row:
        if phrases:
            told = "“数值”和“要求”只能写一样"
            raise Undone("数值", told, "用参数的，删去“要求”；写成规则的，删去“数值”这一行")
        _set_value(work, clause, row, word)
        return
    _remove_parameters(work, clause)
    kept = [one for one in drafts if one[2] in phrases]
    new = [phrase for phrase in phrases if phrase not in [one[2] for one in drafts]]
    if not phrases:
        raise Undone("答", "没有写要求", "写 栏目 怎样 多少；不由程序核对的，答 人看、别人 或 无")
    unclear = row.get("限定不明")
    if word == "提请" and (new or not unclear):
        raise Undone("答", "拟的不是只提请核查的", "答 对；或先不改要求")
    if word == "对" and unclear and not new:
        told = f"“{unclear}”还没有定"
        hint = "写成条件（栏目 是 值 时，……）；或答 提请；不限定什么的，删去“限定不明”这一行"
        raise Undone("限定不明", told, hint)
    firm = [one for one in kept if word == "对" and _only_asks(work, one)]
    for rule_id, area, _ in (one for one in drafts if one not in kept or one in firm):
        _remove(work, area, rule_id)
    made = [_drawn(work, clause, phrase) for phrase in (*new, *(one[2] for one in firm))]
    rules = [(one[0], one[1]) for one in kept if one not in firm] + made
    degree = _DEGREES.get(str(row.get("程度")), "")
    for rule_id, area in rules:
        _confirm_rule(work, area, rule_id, degree, stages)
    left = _left(work, clause, row, phrases if new else [])
    unsure = f"材料中看不出“{unclear}”，只提请核查" if word == "提请" else ""
    status = "partly" if left or unsure else "automated"
    _confirm(work, clause, addressee, status, "；".join(filter(None, (unsure, left))))
    work.done.append(f"{clause}：{'、'.join(one[0] for one in rules)}")


def _left(work: Work, clause: str, row: Mapping[str, Any], phrases: list[str]) -> str:
    """What of a clause its rules do not carry, in words; told where the sheet did not say it."""
    said = str(row["没有管的"]) if "没有管的" in row else ""
    seen = left_halves(work.folder, clause, phrases) if phrases else None
    left = said if seen is None else seen
    if left and left != said:
        told = f"引文另有{left}，没有写成规则（条款写作 partly）；也要管的，另写一条："
        words = f"kehou new 规则编号 --pack {work.folder} --clause {clause} --require '……'"
        work.notes.append(f"{clause}：{told}{words}")
    return f"规则没有管的：{left}" if left else ""


def misspelt(row: Mapping[str, Any]) -> list[str]:
    """The keys of a clause on the sheet that it has none of."""
    return [str(key) for key in row if key not in _KEYS]


def _known_words(row: Mapping[str, Any]) -> None:
    """Refuse a key or a degree that would be passed over in silence."""
    for key in misspelt(row):
        raise Undone("答", f"不认识“{key}”", f"请写 {'、'.join(_KEYS)} 中的一个")
    degree = row.get("程度")
    if degree is not None and degree not in _DEGREES:
        raise Undone("程度", f"没有程度“{degree}”", f"请写 {'、'.join(_DEGREES)}")


def _drawn(work: Work, clause: str, phrase: str) -> tuple[str, str]:
    """The id and the area of a rule made from a phrase, its files written."""
    area = next(iter(packs.load(str(work.folder)).areas))
    try:
        rule, files = phrased(work.folder, clause, phrase, area)
    except AlreadySaid as said:
        work.notes.append(f"{clause}：{said.message}，{said.hint}")
        return said.rule_id, said.area
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text.encode("utf-8"))
    work.write("base.yaml", kept_by(work.text("base.yaml"), rule))
    work.notes += [f"{clause}：{note}" for note in rule.notes]
    return rule.id, area


def _drafts(work: Work, clause: str) -> Iterator[tuple[str, str, str]]:
    """The drafts of a clause that nobody has confirmed: id, area, what they require in words.

    An example that is as it was written requires nothing.
    """
    for path in sorted(work.folder.glob("*/*.yaml")):
        name = str(path.relative_to(work.folder))
        lines = work.text(name).splitlines()
        cited = any(line.partition("  #")[0] == f"clauses: [{clause}]" for line in lines)
        if cited and (lines[0] == PROPOSED or MARK in lines):
            said = next((line for line in lines if line.startswith(ASKED)), "")
            yield path.stem, path.parent.name, said.removeprefix(ASKED)


def _only_asks(work: Work, draft: tuple[str, str, str]) -> bool:
    """Whether a draft tells nobody to be wrong."""
    return not re.search(r"^require:", work.text(f"{draft[1]}/{draft[0]}.yaml"), re.MULTILINE)


def _remove(work: Work, area: str, rule_id: str) -> None:
    """A draft with its cases, and the parameters that only it reads."""
    text = work.text(f"{area}/{rule_id}.yaml")
    for ending in ("", ".test"):
        work.folder.joinpath(area, f"{rule_id}{ending}.yaml").unlink(missing_ok=True)
    rest = "".join(work.text(str(p.relative_to(work.folder))) for p in work.folder.glob("*/*.yaml"))
    for name in re.findall(r"\{param: (\w+)\}", text):
        if f"{{param: {name}}}" not in rest:
            _drop_parameter(work, rf"  {name}:\n(?:    .*\n)+")


def _remove_parameters(work: Work, clause: str) -> None:
    """The values that stand on a clause and that no rule of the folder reads."""
    value = rf"      - \{{.*ground: {re.escape(clause)}[,}}].*\n"
    own = rf"(?:  # .*\n)*  \w+:\n(?:    (?!  - ).*\n)*{value}"
    for found in re.findall(own, work.text("pack.yaml")):
        name = re.search(r"^  (\w+):", found, re.MULTILINE)
        if name and not any(
            f"{{param: {name[1]}}}" in work.text(str(p.relative_to(work.folder)))
            for p in work.folder.glob("*/*.yaml")
        ):
            _drop_parameter(work, re.escape(found))


def _drop_parameter(work: Work, pattern: str) -> None:
    text = re.sub(rf"(?m)^{pattern}", "", work.text("pack.yaml"), count=1)
    work.write("pack.yaml", re.sub(r"^parameters:\n(?!  )", "", text, flags=re.MULTILINE))


def _set_value(work: Work, clause: str, row: Mapping[str, Any], word: str) -> None:
    """The value of a parameter below, as its line says it, with the document that it needs."""
    if word != "对":
        raise Undone("答", "数值没有拟成提请核查的", "答 对；或改写成 要求")
    for rule_id, area, _ in list(_drafts(work, clause)):
        _remove(work, area, rule_id)
    pack = packs.load(str(work.folder))
    start = first_day(work.folder, pack, _said_day(work))
    try:
        one = stated_value(pack, clause, str(row["数值"] or ""), start)
    except UsageError as error:
        raise Undone("数值", error.message, error.hint or "") from error
    given = str(row.get("放宽依据") or "").strip()
    if one.looser and not given:
        hint = "在“放宽依据”后面写有权放宽的文件；没有的，答 人看 或改要求"
        key = "放宽依据" if "放宽依据" in row else "数值"
        raise Undone(key, "比下层宽，没有写依据", hint)
    if one.there:
        pattern = rf"(ground: {re.escape(clause)}, authority: ){CONFIRM}：有权放宽的文件"
        text = re.sub(pattern, lambda m: m[1] + prose(given), work.text("pack.yaml"))
    else:
        _remove_parameters(work, clause)
        by = given if one.looser else ""
        entry = one.entry(clause, pack.clauses[clause].quote, start, by)
        text = with_value(work.text("pack.yaml"), entry)
    work.write("pack.yaml", text)
    addressee = str(row.get("对谁") or "")
    left = f"规则没有管的：{row['没有管的']}" if row.get("没有管的") else ""
    unread = "" if one.read else "没有规则读这个数值"
    mild = milder(pack, one.definition, str(pack.clauses[clause].modality))
    why = "；".join(filter(None, (unread, mild, left)))
    _confirm(work, clause, addressee, "manual" if unread else "partly" if why else "automated", why)
    more = f"（{unread}，仍由人员判断）" if unread else f"（{mild}）" if mild else ""
    work.done.append(f"{clause}：{one.definition.title} ＝ {one.written}{more}")


def _said_day(work: Work) -> str:
    """The day of the policy as the sheet says it; "" where it says none."""
    row = work.sheet.tree.get("规定") or {}
    return str(row.get("施行") or "") if "规定" in work.sections else ""


def _confirm_rule(work: Work, area: str, rule_id: str, degree: str, stages: str) -> None:
    name = f"{area}/{rule_id}.yaml"
    marks = (PROPOSED, ASKED, UNDECIDED)
    lines = [line for line in work.text(name).splitlines() if not line.startswith(marks)]
    text = "\n".join(lines) + "\n"
    if degree:
        text = re.sub(r"^severity: \w+", f"severity: {degree}", text, flags=re.MULTILINE)
    if stages:
        text = re.sub(r"^stages: .*", f"stages: [{stages}]", text, flags=re.MULTILINE)
    work.write(name, text)


def _stages(pack: Pack, row: Mapping[str, Any]) -> str:
    """The stages that a row names, as a rule has them. Raises Undone for one that is not there."""
    titles = {pack.stages["zh"][stage]: stage for stage in Stage}
    said = row["阶段"] if isinstance(row["阶段"], list) else re.split("[、，,]", str(row["阶段"]))
    unknown = [one for one in said if str(one).strip() not in titles]
    if unknown:
        raise Undone("阶段", f"没有阶段“{unknown[0]}”", f"请写 {'、'.join(titles)}，几个的用 、 连")
    named = {titles[str(one).strip()] for one in said}
    return ", ".join(stage for stage in Stage if stage in named)


def _modality(work: Work, clause: str) -> str:
    found = re.search(
        rf"^  - id: {re.escape(clause)}\b(?:.*\n)+?    modality: (\w+)",
        work.text("clauses.yaml"),
        re.M,
    )
    return found[1] if found else ""


def _confirm(work: Work, clause: str, addressee: str, status: str = "", reason: str = "") -> None:
    """A clause's entry without its marks, with what carries it."""
    text = work.text("clauses.yaml")
    found = re.search(rf"^  - id: {re.escape(clause)}(?:  #.*)?\n(?:    .*\n)+", text, re.MULTILINE)
    if found is None:
        raise Undone(
            "条款", "clauses.yaml 里没有这一条", "请在 clauses.yaml 里改，再从表里删去这一项"
        )
    entry = re.sub(rf"  # {CONFIRM}$", "", found[0], flags=re.MULTILINE)
    if addressee:
        entry = re.sub(
            r"^    addressee: .*",
            lambda m: f"    addressee: {quoted(addressee)}",
            entry,
            flags=re.M,
        )
    if status:
        entry = re.sub(r"^    reason: .*\n", "", entry, flags=re.MULTILINE)
        told = f"    status: {status}\n" + (f"    reason: {prose(reason)}\n" if reason else "")
        entry = re.sub(r"^    status: .*\n", lambda m: told, entry, flags=re.MULTILINE)
    work.write("clauses.yaml", text.replace(found[0], entry))


__all__ = ["Undone", "Work", "carried_out", "left_to_people", "quoted_as"]
