"""What ``kehou fix --suggest`` shows: edits computed and not made, and what they leave."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kehou import __version__
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Report
from kehou.model.values import Location
from kehou.remedy.edits import encoded
from kehou.remedy.sheet_edits import place_of
from kehou.remedy.suggestions import Left, Step, Suggestion, Told
from kehou.render import Document
from kehou.render.words import Words, catalogue, shortened, summarise, visible

#: Every format; each function is given the suggestion.
FORMATS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "text": Document("remedy.suggestion_text", "text"),
        "json": Document("remedy.suggestion_text", "as_json"),
        "patch": Document("remedy.suggestion_text", "patch"),
    }
)
_SHOWN = 4
#: Why something is left, in the order in which it is told.
WHY = ("act", "record", "side", "bound", "unproven")


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a suggestion."""

    words: Words

    def say(self, key: str, **slots: object) -> str:
        """A text of the catalogue, by its key after ``suggestion.``, with its slots filled."""
        return self.words[f"suggestion.{key}"].format(**slots)


def texts_of(found: Suggestion) -> Texts:
    """The words of one suggestion, with the nouns of its packs."""
    language = found.before.run.language
    return Texts(catalogue.load(language, found.before.packs.words(language)))


def text(found: Suggestion) -> str:
    """The suggestion for people."""
    texts = texts_of(found)
    lines = [*_head(found, texts), ""]
    if found.steps:
        lines.append(texts.say("edits"))
    for number, step in enumerate(found.steps, 1):
        lines += _step(number, step, found.steps, texts)
    for why in WHY:
        left = [one for one in found.left if one.why == why]
        if left:
            lines += ["", f"✗ {texts.say(f'why.{why}')}"]
            for one in left:
                lines += _left(one, texts)
    if found.after is not None:
        lines += ["", *_after(found, found.after, texts)]
    if found.steps and found.before.run.stage is not Stage.APPROVAL:
        lines.append(texts.say("filed"))
    return visible("\n".join(lines), keep="\n") + "\n"


def _head(found: Suggestion, texts: Texts) -> list[str]:
    report, say = found.before, texts.say
    packs = texts.words["list"].join(pack.title for pack in report.packs.used)
    stage = texts.words[f"stage.{report.run.stage}"]
    head = [
        say("head", packs=packs, stage=stage, as_of=report.run.as_of),
        f"{report.submission.name or ''} {report.submission.path}".strip(),
    ]
    mark = say("mark")
    if not found.steps and not found.left:
        return [*head, say("nothing", mark=mark)]
    if not found.steps:
        return [*head, say("none", mark=mark, n=len(found.left))]
    cured = len({told.rule for step in found.steps for told in step.cures})
    told = say("some", mark=mark, edits=len(found.steps), cured=cured)
    if found.left:
        told += say("left", n=len(found.left))
    return [*head, told]


def _step(number: int, step: Step, steps: Sequence[Step], texts: Texts) -> list[str]:
    made, say, words = step.change, texts.say, texts.words
    old = made.old or say("absent")
    new = say("adds", new=made.new) if made.edit.rows else f"{old} → {made.new}"
    at = f"  {number}.{place_of(made.location)}  {step.label}"
    lines = [f"{at}{words['colon']}{shortened(new, 300)}"]
    together = [n for n, s in enumerate(steps, 1) if s.part == step.part and s is not step]
    if together:
        lines.append(say("together", numbers=words["list"].join(str(n) for n in together)))
    for told in step.cures:
        severity = words[f"severity.{told.severity}"]
        lines.append(say("cures", severity=severity, title=told.title))
        lines += _grounds(told, texts)
    if step.others:
        others = words["semicolon"].join(step.others[:_SHOWN])
        more = say("and_so_on") if len(step.others) > _SHOWN else ""
        lines.append(say("others", others=others, more=more))
    return lines


def _left(left: Left, texts: Texts) -> list[str]:
    told, words = left.rule, texts.words
    lines = [f"  {words[f'severity.{told.severity}']}  {told.title}"]
    lines.append(f"    {place_of(left.location)}  {shortened(left.label, 200)}")
    if left.raises:
        raises = words["semicolon"].join(left.raises[:_SHOWN])
        lines.append(texts.say("raises", raises=raises))
    lines += _grounds(told, texts)
    lines.append(f"    {left.remedy}")
    return lines


def _grounds(told: Told, texts: Texts) -> list[str]:
    return [texts.say("ground", citation=c.citation, quote=c.quote) for c in told.clauses]


def _after(found: Suggestion, report: Report, texts: Texts) -> list[str]:
    """What the check of the changed copy says."""
    say, words = texts.say, texts.words
    counts = summarise(report).rules
    lines = [say("proven")]
    value = _decided(report)
    if value:
        before, now = (words[f"decision.{v}"] for v in (_decided(found.before), value))
        lines.append(say("same" if now == before else "changed", before=before, now=now))
    counted = words["comma"].join(
        say("counted", outcome=words[f"outcome.{o}"], n=counts[o]) for o in _COUNTED
    )
    lines.append(say("after", counts=counted))
    lines.append(say("trials", n=found.trials) + (say("cut") if found.cut else ""))
    return lines


_COUNTED = (Outcome.FAIL.value, Outcome.REVIEW.value, Outcome.INSUFFICIENT.value)


def _decided(report: Report) -> str:
    return report.decision.value if report.decision is not None else ""


# --- for programs --------------------------------------------------------------------------


def as_json(found: Suggestion) -> str:
    """The suggestion as one JSON object (docs/fix.md)."""
    report, texts = found.before, texts_of(found)
    tree = {
        "format": "kehou-suggestion/1",
        "tool": {"name": "kehou", "version": __version__},
        "note": texts.say("mark"),
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
                "told": texts.say(f"why.{left.why}"),
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
    told: dict[str, object] = {"file": at.file, "line": at.line, "column": at.column}
    return {**told, "cell": at.cell} if at.cell else told


def _named(path: str) -> str:
    """A path as a line of a patch has it: with blanks in it, a tab says where it ends.

    Raises UsageError for a name that would itself be read as lines of the patch.
    """
    if not path.isprintable():
        told = "文件名里有换行一类的字符，不能写成补丁"
        raise UsageError("fix-name", told, path, "请先改名")
    return path + "\t" if " " in path else path


def patch(found: Suggestion) -> str:
    """The edits as a unified diff of the files handed in, comments and order kept (patch -p0).

    A file with lines that are never shown gets no lines of context; raises UsageError where such a
    line would itself have to change.
    """
    lines: list[str] = []
    whole = Path(found.before.submission.path)
    for document, changed in found.files:
        if document.cells is not None:
            raise UsageError(
                "fix-workbook",
                f"表格不能写成补丁：{document.name}",
                hint="看 -o text 的建议，照写明的格修改",
            )
        private = {line for name, line in found.private if name == document.name}
        edited = {s.change.location.line for s in found.steps if s.change.document is document}
        if private & edited:
            raise UsageError(
                "fix-private",
                f"要改的一行里有不公开的内容，不能写成补丁：{document.name}",
                hint="看 -o text 的建议，自己修改",
            )
        name = whole if whole.name == document.name else whole / document.name
        named = _named(name.as_posix())
        before = document.source.data.decode(document.encoding)
        after = encoded(document, changed).decode(document.encoding)
        for line in difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            named,
            named,
            n=0 if private else 3,
        ):
            lines.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(lines)
