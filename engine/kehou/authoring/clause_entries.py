"""The clauses.yaml of a policy's sentences, each entry to be confirmed by a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from kehou.authoring import policy_text
from kehou.authoring.policy_text import Proposed
from kehou.authoring.yaml_words import prose, quoted

#: What stands beside whatever a person has to confirm.
CONFIRM: Final = "待确认"
_MOST_SHOWN: Final = 8


def clause_entries(
    clauses: Sequence[Proposed], stated: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """The pieces of clauses.yaml; ``stated`` has the status of a clause and why it has it.

    The others wait for a rule. Each is marked to be confirmed.
    """
    yield """\
# 由原文拆出；逐条核对，核对一条删去一处标记。
# 要看的：编号、引文（可截短，须逐字）、语气、对谁说、由什么承担。
# 语气是照字样认的：PROHIBIT 严禁、不得，MUST 必须、应当，LIMIT 限度，SHOULD 要、应，
# ENCOURAGE 鼓励，MAY 可，DEF 定义，CONSEQ 后果。
# status：写了规则的改为 automated 或 partly；人员判断 manual，对象不同 not_for_schools。

clauses:
"""
    for one in clauses:
        if not one.modality:
            continue
        status, why = stated.get(one.id, ("planned", "还没有编写规则"))
        reason = f"    reason: {prose(why)}\n" if why else ""
        yield f"""
  - id: {one.id}  # {CONFIRM}
    path: {quoted(one.path)}
    citation: {quoted(one.citation)}
    quote: {quoted(one.quote)}
{_which(one, clauses)}    modality: {one.modality}
    addressee: {quoted(one.addressee or CONFIRM)}
    status: {status}
{reason}"""
    others = [one for one in clauses if not one.modality]
    yield "\n# 没有看出要求的句子；其实有要求的，移到上面\n" if others else "\n"
    yield "no_norm:\n" if others else "no_norm: []\n"
    for one in others:
        which = _which(one, clauses).strip().removesuffix("\n")
        which = f"{which}, " if which else ""
        told = f"reason: {policy_text.no_norm(one.quote)}"
        yield f"  - {{quote: {quoted(one.quote)}, {which}{told}}}  # {CONFIRM}\n"


def passed_over(clauses: Sequence[Proposed], folder: Path) -> Iterator[str]:
    """The sentences in which no requirement was seen, for the screen: a few lines."""
    unseen = [one for one in clauses if not one.modality and policy_text.unseen(one.quote)]
    if not unseen:
        return
    yield f"没有看出要求的 {len(unseen)} 句，写在 no_norm；其实有要求的，移到上面的条款："
    for one in unseen[:_MOST_SHOWN]:
        yield f"  {one.citation}：{one.quote[:30]}{'…' if len(one.quote) > 30 else ''}"
    if len(unseen) > _MOST_SHOWN:
        yield f"  另有 {len(unseen) - _MOST_SHOWN} 句，见 {folder / 'clauses.yaml'}"


def _which(one: Proposed, clauses: Sequence[Proposed]) -> str:
    """The number of a sentence, needed only where its words stand in another as well."""
    twice = sum(one.quote in other.quote for other in clauses) > 1
    return f"    sentence: {one.sentence}\n" if twice else ""


__all__ = ["CONFIRM", "clause_entries", "passed_over"]
