"""What ``kehou fix --suggest`` shows: edits computed and not made, and what they leave."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path

from kehou import __version__
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Report
from kehou.model.values import Location
from kehou.remedy.edits import encoded
from kehou.remedy.suggestions import Left, Step, Suggestion, Told
from kehou.render.words import Words, catalogue, shortened, summarise, visible

#: What every suggestion says of itself.
MARK = "计算得出的建议，未作任何修改"
_SHOWN = 4
_WHY = {
    "act": "须由学校实际办理，办好以后如实填写；不能只改文字",
    "record": "这是对已经发生的事的记录，不能为了符合而改；须实际纠正，记录有误的按原始凭证更正",
    "side": "能改的几处试过，都会引出别的问题",
    "bound": "在试算的限度内没有找到改法；这不等于没有",
    "unproven": "算出的改法没有通过改后的全面检查，不作建议",
}


def text(found: Suggestion) -> str:
    """The suggestion for people."""
    words = catalogue.load("zh")
    lines = [*_head(found, words), ""]
    if found.steps:
        lines.append("→ 建议的修改（请学校自己改，改完再检查）")
    for number, step in enumerate(found.steps, 1):
        lines += _step(number, step, found.steps, words)
    for why in _WHY:
        left = [one for one in found.left if one.why == why]
        if left:
            lines += ["", f"✗ {_WHY[why]}"]
            for one in left:
                lines += _left(one, words)
    if found.after is not None:
        lines += ["", *_after(found)]
    if found.steps and found.before.run.stage is not Stage.APPROVAL:
        lines.append("  方案已经备案的，改动以后须重新报送；改方案不改变已经发生的事")
    return visible("\n".join(lines), keep="\n") + "\n"


def _head(found: Suggestion, words: Words) -> list[str]:
    report = found.before
    packs = "、".join(pack.title for pack in report.packs.used)
    stage = words[f"stage.{report.run.stage}"]
    head = [
        f"kehou · {packs} · {stage} · 适用日期 {report.run.as_of}",
        f"{report.submission.name or ''} {report.submission.path}".strip(),
    ]
    if not found.steps and not found.left:
        return [*head, f"{MARK}：没有红线、重大的不符合，没有要改的"]
    cured = len({told.rule for step in found.steps for told in step.cures})
    if not found.steps:
        return [*head, f"{MARK}：不符合的 {len(found.left)} 处都不能靠改方案解决"]
    told = f"{MARK}：改 {len(found.steps)} 处，可使 {cured} 项红线、重大的不符合改为符合"
    if found.left:
        told += f"；另有 {len(found.left)} 处不能靠改方案解决"
    return [*head, told]


def _step(number: int, step: Step, steps: Sequence[Step], words: Words) -> list[str]:
    made = step.change
    old = made.old or "（没有这一项）"
    new = f"增加：{made.new}" if made.edit.rows else f"{old} → {made.new}"
    lines = [f"  {number}.{_place(made.location)}  {step.label}：{shortened(new, 300)}"]
    together = [n for n, s in enumerate(steps, 1) if s.part == step.part and s is not step]
    if together:
        numbers = "、".join(str(n) for n in together)
        lines.append(f"    须与第 {numbers} 处一并修改")
    for told in step.cures:
        lines.append(
            f"    改后符合  {words[f'severity.{told.severity}']}  {told.title}  {told.rule}"
        )
        lines += _grounds(told)
    if step.others:
        more = "；".join(step.others[:_SHOWN])
        lines.append(f"    也可以  {more}{'等' if len(step.others) > _SHOWN else ''}")
    return lines


def _left(left: Left, words: Words) -> list[str]:
    told = left.rule
    lines = [f"  {words[f'severity.{told.severity}']}  {told.title}  {told.rule}"]
    lines.append(f"    {_place(left.location)}  {shortened(left.label, 200)}")
    if left.raises:
        lines.append(f"    会引出  {'；'.join(left.raises[:_SHOWN])}")
    lines += _grounds(told)
    lines.append(f"    {left.remedy}")
    return lines


def _grounds(told: Told) -> list[str]:
    return [f"    依据  {c.citation}：“{c.quote}”" for c in told.clauses]


def _after(found: Suggestion) -> list[str]:
    report = found.after
    assert report is not None
    counts = summarise(report).rules
    lines = ["→ 已把建议写入副本，用全部规则重新检查过（学校的文件没有改动）"]
    value = _decided(report)
    words = catalogue.load("zh")
    if value:
        before, now = (words[f"decision.{v}"] for v in (_decided(found.before), value))
        lines.append(f"  结论仍为“{now}”" if now == before else f"  结论由“{before}”变为“{now}”")
    told = "，".join(f"{words[f'outcome.{o}']} {counts[o]} 项" for o in _COUNTED)
    lines.append(f"  改后：{told}；没有新增的不符合、存疑、材料不足")
    lines.append(f"  试算 {found.trials} 组" + ("，已到限度" if found.cut else ""))
    return lines


_COUNTED = (Outcome.FAIL.value, Outcome.REVIEW.value, Outcome.INSUFFICIENT.value)


def _decided(report: Report) -> str:
    return report.decision.value if report.decision is not None else ""


def _place(at: Location) -> str:
    place = at.file
    if at.line:
        place += f":{at.line}"
        place += f":{at.column}" if at.column else ""
    return place


# --- for programs --------------------------------------------------------------------------


def as_json(found: Suggestion) -> str:
    """The suggestion as one JSON object (docs/fix.md)."""
    report = found.before
    tree = {
        "format": "kehou-suggestion/1",
        "tool": {"name": "kehou", "version": __version__},
        "note": MARK,
        "path": report.submission.path,
        "stage": str(report.run.stage),
        "as_of": report.run.as_of,
        "packs": [
            {"id": p.id, "version": p.version, "sha256": p.sha256} for p in report.packs.used
        ],
        "files": [{"path": f.name, "sha256": f.sha256} for f in report.submission.files],
        "trials": found.trials,
        "bound_reached": found.cut,
        "proven": found.after is not None and found.after.run.cross_checked,
        "decision": {
            "before": _decided(report) or None,
            "after": _decided(found.after) or None if found.after else None,
        },
        "edits": [_edit(step) for step in found.steps],
        "left": [
            {
                **_told(left.rule),
                "label": left.label,
                "why": left.why,
                "told": _WHY[left.why],
                "remedy": left.remedy,
                "location": _location(left.location),
                "raises": list(left.raises),
            }
            for left in found.left
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _edit(step: Step) -> dict[str, object]:
    made = step.change
    return {
        "path": made.edit.pointer,
        "label": step.label,
        "location": _location(made.location),
        "old": made.old or None,
        "new": made.new,
        "value": step.value,
        "adds_rows": made.edit.rows,
        "together": step.part,
        "cures": [_told(told) for told in step.cures],
        "others": list(step.others),
    }


def _told(told: Told) -> dict[str, object]:
    return {
        "rule": told.rule,
        "title": told.title,
        "severity": str(told.severity),
        "clauses": [{"id": c.id, "citation": c.citation, "quote": c.quote} for c in told.clauses],
    }


def _location(at: Location) -> dict[str, object]:
    return {"file": at.file, "line": at.line, "column": at.column}


def patch(found: Suggestion) -> str:
    """The edits as a unified diff of the school's files, comments and order kept (patch -p0).

    A file with lines that are never shown gets no lines of context; raises UsageError where such a
    line would itself have to change.
    """
    lines: list[str] = []
    whole = Path(found.before.submission.path)
    for document, changed in found.files:
        private = {line for name, line in found.private if name == document.name}
        edited = {s.change.location.line for s in found.steps if s.change.document is document}
        if private & edited:
            raise UsageError(
                "fix-private",
                f"要改的一行里有不公开的内容，不能写成补丁：{document.name}",
                hint="看 -o text 的建议，自己修改",
            )
        name = whole if whole.name == document.name else whole / document.name
        before = document.source.data.decode(document.encoding)
        after = encoded(document, changed).decode(document.encoding)
        for line in difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            name.as_posix(),
            name.as_posix(),
            n=0 if private else 3,
        ):
            lines.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(lines)
