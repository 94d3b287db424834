"""Places, paths and the decision in words, alike in every format for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kehou.model.outcomes import Outcome
from kehou.model.report import Decision, Finding, Reason, Report
from kehou.model.values import Fault, Location, Passage
from kehou.render.words.gaps import counted
from kehou.render.words.summary import summarise
from kehou.render.words.visible_text import shortened

Words = Mapping[str, str]


def compact(location: Location) -> str:
    """``plan.yaml:41:9``, ``台账.csv:26:类别``, ``表.xlsx!收费!B7``, ``方案.docx¶12``, a file."""
    if location.line is not None:
        column = location.cell or location.column
        return f"{location.file}:{location.line}" + (f":{column}" if column else "")
    if location.cell:
        return f"{location.file}!{location.cell}"
    if location.paragraph is not None:
        return f"{location.file}¶{location.paragraph}"
    return f"{location.file}“{location.sheet}”" if location.sheet else location.file


def spoken(location: Location, words: Words) -> str:
    """``plan.yaml 第 88 行“安全”`` or the file alone, in the words of a catalogue."""
    if location.sheet:
        return words["place.unlisted"].format(file=location.file, sheet=location.sheet)
    if location.line is None and location.cell:
        return words["place_cell"].format(file=location.file, cell=location.cell)
    if location.line is None:
        return location.file
    return words["place_line"].format(file=location.file, line=location.line)


def located(location: Location, words: Words) -> str:
    """A place as it is said: ``plan.yaml 第 88 行``, ``表.xlsx › 收费 › B7``."""
    file, cell = location.file, location.cell
    if location.sheet:
        return words["place.unlisted"].format(file=file, sheet=location.sheet)
    if location.line is not None:
        key = "place.column" if cell else "place.line"
        return words[key].format(file=file, line=location.line, column=cell)
    if cell:
        return words["place.in"].join((file, *cell.split("!")))
    if location.paragraph is not None:
        return f"{file} {_passage(location.passage, location.paragraph, words)}"
    return file


def placed(location: Location, words: Words) -> str:
    """A place in short, as `compact`; in a document, where nobody counts paragraphs, as said."""
    return located(location, words) if location.paragraph is not None else compact(location)


def _passage(passage: Passage, paragraph: int, words: Words) -> str:
    """The page, heading and table of a paragraph, as far as they are known, and its number."""
    if not any(passage):
        return words["place.paragraph"].format(n=paragraph)
    told = [words["place.page"].format(n=passage.page)] if passage.page else []
    if passage.section:
        told.append(words["place.section"].format(section=passage.section))
    if passage.row:
        told.append(words["place.table_cell"].format(**passage._asdict()))
    elif passage.nth:
        told.append(words["place.paragraph"].format(n=passage.nth))
    return words["place.joined"].join(told) + words["place.in_all"].format(n=paragraph)


def line_of(location: Location | None) -> str:
    """What tells two places on one line apart from others."""
    if location is None:
        return ""
    return f"{location.file}:{location.line or location.cell or location.paragraph}"


def dotted(pointer: str) -> str:
    """A JSON pointer as a dotted path: ``/plan/sessions/2/end`` → ``plan.sessions.2.end``."""
    parts = pointer.split("/")[1:] if pointer.startswith("/") else [pointer]
    return ".".join(part.replace("~1", "/").replace("~0", "~") for part in parts)


def shown_value(value: Any, words: Words) -> str:
    """A value of ``found``, ``required`` or a parameter: lists joined, operators in words."""
    if isinstance(value, dict):
        parts = [
            f"{words[f'op.{name}']} {shown_value(member, words)}"
            if f"op.{name}" in words
            else f"{name}{words['colon']}{shown_value(member, words)}"
            for name, member in value.items()
        ]
        return words["comma"].join(parts)
    if isinstance(value, (list, tuple)):
        return words["list"].join(shown_value(member, words) for member in value)
    if isinstance(value, bool):
        return words["yes"] if value else words["no"]
    return words["not_supplied"] if value is None else str(value)


def fault_told(fault: Fault, words: Words) -> str:
    """What is wrong in one sentence: what is written, and what may be written."""
    path = fault.label or dotted(fault.path)
    key = "fault" if fault.found and fault.allowed else "fault_plain"
    if not fault.found:
        key = "fault_empty"
    return words[key].format(
        path=f"{path}  " if path else "",
        found=shortened(fault.found, 300),
        allowed=shortened(fault.allowed, 300),
    )


def assumed(names: Iterable[str], report: Report) -> list[str]:
    """What assumptions of ours are called."""
    titles = {parameter.name: parameter.title for parameter in report.packs.parameters}
    return [titles.get(name) or name for name in names]


def asked(remedy: str, words: Words) -> str:
    """A remedy without the 请 that the label already says."""
    return remedy.removeprefix(words["label.please"].strip())


def waiting(report: Report) -> list[Reason]:
    """What is not judged and why; the rule's title where the report gives no reason."""
    told = list(report.not_judged)
    listed = {reason.rule for reason in told}
    for result in report.results:
        if result.outcome is Outcome.NOT_JUDGED and result.rule not in listed:
            told.append(Reason(result.rule, result.title))
    return told


def engines_told(report: Report, words: Words) -> str:
    """That two engines agree, or that one alone judged and, where nobody asked for that, why."""
    if report.run.cross_checked:
        return words["page.cross_checked"]
    return words.get(f"single_engine.{report.run.single_engine}", words["single_engine"])


def verdict(report: Report, words: Words) -> str:
    """The decision in words with the number of rules of every outcome that occurs."""
    summary = summarise(report)
    adverse, rest = [], []
    for outcome in ("fail", "review", "insufficient", "error"):
        if n := summary.breaches if outcome == "fail" else summary.rules[outcome]:
            red = summary.red_lines if outcome == "fail" else 0
            adverse.append(
                _counted(words, outcome, n) + (words["red_lines"].format(n=red) if red else "")
            )
    for outcome in ("pass", "not_applicable", "not_judged", "waived"):
        if n := summary.rules[outcome]:
            rest.append(_counted(words, outcome, n))
    apart = [_counted(words, "advice", summary.advice)] if summary.advice else []
    if summary.not_at_this_stage:
        apart.append(words["not_at_this_stage"].format(n=summary.not_at_this_stage))
    whose = counted(summary.gaps, words)
    parts = (adverse, rest, apart, [whose] if whose else [])
    counts = words["semicolon"].join(words["comma"].join(part) for part in parts if part)
    if report.decision is None:
        return words["result"].format(counts=counts or words["nothing"])
    decision = decided(report.decision, words)
    return words["decision"].format(decision=decision, counts=counts or words["nothing"])


def decided(decision: Decision, words: Words) -> str:
    """The recommendation with the weaker ones for which there are grounds too."""
    told = words[f"decision.{decision.value}"]
    if not decision.also:
        return told
    also = words["list"].join(words[f"decision.{value}"] for value in decision.also)
    return words["decision.also"].format(decision=told, also=also)


def further_reasons(report: Report) -> list[str]:
    """Reasons of the recommendation that no rule of the report tells."""
    if report.decision is None:
        return []
    told = {result.rule for result in report.results}
    return list(dict.fromkeys(r.because for r in report.decision.reasons if r.rule not in told))


def concluded(report: Report, words: Words) -> str:
    """What a check comes to in a sentence: the recommendation, breaches, and what is open.

    What is open is never said to be good.
    """
    summary = summarise(report)
    fails = summary.breaches
    unsettled = sum(summary.rules[name] for name in ("review", "insufficient", "error"))
    parts = []
    if fails:
        red = words["concluded.red"].format(n=summary.red_lines) if summary.red_lines else ""
        parts.append(words["concluded.fail"].format(n=fails, red=red))
    elif not report.results:
        parts.append(words["concluded.unread" if report.submission.faults else "nothing"])
    elif not (summary.rules["pass"] or unsettled):
        parts.append(words["nothing"])
    else:
        parts.append(words["concluded.clean_so_far" if unsettled else "concluded.clean"])
    if unsettled:
        parts.append(words["concluded.open"].format(n=unsettled))
    said = words["semicolon"].join(parts)
    if report.decision is None:
        return words["concluded"].format(said=said)
    return words["concluded.decision"].format(decision=decided(report.decision, words), said=said)


def _counted(words: Words, outcome: str, n: int) -> str:
    return words["counted"].format(outcome=words[f"outcome.{outcome}"], n=n)


def alike(finding: Finding, words: Words, most: int | None) -> str:
    """How many subjects a finding stands for, and which; one row's own slots are only counted."""
    if not finding.others:
        return words["alike_row"].format(n=finding.count)
    names = list(dict.fromkeys((finding.subject.label, *finding.others)))
    listed = shortened(words["list"].join(names[:most]))
    return words["alike"].format(n=finding.count, labels=listed)


def told_found(finding: Finding, words: Words) -> str:
    """The values that decided a finding, each after what its field is called."""
    told = [f"{name}{words['colon']}{value}" for name, value in finding.found_shown.items()]
    return words["semicolon"].join(told)


def told_required(finding: Finding, words: Words) -> str:
    """What was wanted of each value, in words."""
    told = [
        f"{name} " + words["comma"].join(_limit(op, limit, words) for op, limit in limits.items())
        for name, limits in finding.required_shown.items()
    ]
    return words["semicolon"].join(told)


def _limit(op: str, limit: str, words: Words) -> str:
    if op == "exists":
        return words["op.exists" if limit == "是" else "op.exists.not"]
    return f"{words[f'op.{op}']} {limit}"
