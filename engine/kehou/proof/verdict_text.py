"""What ``kehou verify`` found, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehou.model.outcomes import Outcome
from kehou.render.programs import dumps
from kehou.render.words import Words, catalogue, shortened, visible

if TYPE_CHECKING:
    from kehou.proof.verify import Item

FORMAT = "kehou-verify/1"
_MARKS = {"same": "✓", "changed": "✗", "missing": "✗", "extra": "✗", "unchecked": "✗"}
#: Kinds that are counted where they are the same, and told one by one where not.
_COUNTED = ("rule", "finding", "content")
#: Kinds that are told last: the reader's own packs.
_LAST = ("installed", "named")
_MOST = 40

Compared = tuple[str, str, "Sequence[Item]", str]


def render_json(found: Sequence[Compared]) -> str:
    """``{"format", "reports": [{"report", "submitter", "verdict", "items": [...]}]}``."""
    return dumps({"format": FORMAT, "reports": [_document(*one) for one in found]})


def _document(name: str, submitter: str, items: Sequence[Item], verdict: str) -> dict[str, Any]:
    return {
        "report": name,
        "school": submitter,
        "verdict": verdict,
        "items": [
            {
                "kind": item.kind,
                "name": item.name,
                "state": item.state,
                "recorded": item.recorded,
                "now": item.now,
            }
            for item in items
        ],
    }


def render_text(found: Sequence[Compared], language: str = "zh") -> str:
    """A block for each report: what agrees, what differs, and the verdict."""
    words = catalogue.load(language)
    lines: list[str] = []
    for name, submitter, items, verdict in found:
        lines += [""] if lines else []
        lines.append(words["verify.head"].format(report=name, subject=submitter or "—"))
        lines += _lines(items, words)
        lines.append(words[f"verify.{verdict}"].format(n=_differing(items)))
    return "".join(visible(line) + "\n" for line in lines)


def _differing(items: Sequence[Item]) -> int:
    from kehou.proof.verify import differences

    return len(differences(items))


def _lines(items: Sequence[Item], words: Words) -> Iterator[str]:
    for item in items:
        if item.kind not in _COUNTED and item.kind not in _LAST:
            yield _line(item, words)
    same = sum(item.state == "same" for item in items if item.kind == "rule")
    wrong = [item for item in items if item.kind in _COUNTED and item.state != "same"]
    if same or wrong:
        mark, key = ("✗", "verify.rules_differ") if wrong else ("✓", "verify.rules")
        yield f"  {mark} " + words[key].format(same=same, n=len(wrong))
    shown = ([item for item in wrong if item.told] or wrong)[:_MOST]
    yield from (_line(item, words, indent="    ") for item in shown)
    if len(wrong) > len(shown):
        yield "    " + words["verify.more"].format(n=len(wrong) - len(shown))
    yield from (_line(item, words) for item in items if item.kind in _LAST)


def _line(item: Item, words: Words, indent: str = "  ") -> str:
    aside = item.kind in _LAST and item.state in ("missing", "extra")
    mark = "·" if aside else _MARKS[item.state]
    name = shortened(item.told, 200) or shortened(item.name, 100)
    told = words[f"verify.kind.{item.kind}"].format(name=name).strip()
    state = words[f"verify.state.{item.state}"]
    if item.state == "same":
        return f"{indent}{mark} {told}{words['colon']}{state}"
    detail = words["verify.both"].format(
        recorded=_shown(item.recorded, words) or "—", now=_shown(item.now, words) or "—"
    )
    return f"{indent}{mark} {told}{words['colon']}{state}{detail}"


def _shown(value: str, words: Mapping[str, str]) -> str:
    known = [outcome.value for outcome in Outcome]
    return words[f"outcome.{value}"] if value in known else shortened(value, 90)
