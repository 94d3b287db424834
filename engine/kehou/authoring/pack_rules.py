"""The rules that the clauses of a new pack are seen to ask for, written into it and tried."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.clause_entries import CONFIRM
from kehou.authoring.clause_words import takes_back
from kehou.authoring.policy_text import Proposed
from kehou.authoring.proposals import asks, proposals
from kehou.authoring.proposed_rules import ProposedRule, proposed_rule
from kehou.authoring.usual_conditions import with_usual
from kehou.model.rules import Clause
from kehou.packs import Pack
from kehou.render import write_whole

#: The one area of a new pack, and the line of its pack.yaml after which parameters come.
AREA: Final = "main"
EXAMPLE: Final = "# 例：\n"
#: How a good submission begins that this program wrote.
DRAWN: Final = "# 各用例所改"


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts by their names in a folder."""
    for file, content in files.items():
        folder.joinpath(file).parent.mkdir(exist_ok=True)
        write_whole(folder.joinpath(file), content.encode("utf-8"))


def proposed(
    folder: Path,
    clauses: Sequence[Proposed],
    start: str,
    day: str,
    base: str,
) -> list[ProposedRule]:
    """The rules that clauses are seen to ask for, written with their parameters and cases.

    Only those whose cases come out as the sentence says are kept.
    """
    pack = packs.load(str(folder))
    binding = [one for one in clauses if one.modality]
    tree = _tree(base)[1] or run_cases.Bases(pack)[pack.base]
    made = drafts(pack, clauses, binding, AREA, start, day, base=tree, dated=True)
    head = folder.joinpath("pack.yaml").read_text("utf-8")
    kept = list(made)
    while kept:
        stated = "".join(rule.parameters for rule in kept)
        text = head.partition(EXAMPLE)[0] + f"parameters:\n{stated}" if stated else head
        good = {k: v for r in kept if not r.proposal.conditions for k, v in r.good.items()}
        write(folder, {"pack.yaml": text, "base.yaml": _kept(base, good)})
        write(folder, {f"{AREA}/{rule.id}.yaml": rule.rule for rule in kept})
        write(folder, {f"{AREA}/{rule.id}.test.yaml": rule.cases for rule in kept})
        wrong = failing(folder)
        if not wrong:
            return kept
        for rule in kept:
            if rule.id in wrong:
                for ending in ("", ".test"):
                    folder.joinpath(AREA, f"{rule.id}{ending}.yaml").unlink()
        kept = [rule for rule in kept if rule.id not in wrong]
    write(folder, {"pack.yaml": head, "base.yaml": base})
    return []


def drafts(
    pack: Pack,
    clauses: Sequence[Proposed],
    wanted: Sequence[Proposed],
    area: str,
    start: str,
    day: str,
    base: Any,
    dated: bool = False,
) -> list[ProposedRule]:
    """The rules that clauses are seen to ask for, each of another id; all their words told."""
    made: dict[str, ProposedRule] = {}
    for clause in wanted:
        more = taken_back(clauses, clause)
        for guessed in proposals(pack, clause.id, clause.quote, more):
            proposal = with_usual(pack, guessed)
            for nth in count(1):
                rule = proposed_rule(pack, proposal, area, start, day, dated, nth, base)
                if rule.id not in made and rule.id not in pack.rules:
                    made[rule.id] = rule
                    break
    return list(made.values())


def taken_back(clauses: Sequence[Proposed], clause: Proposed) -> list[str]:
    """The sentences right after a clause, of the same article, that take back a part of it."""
    found = []
    for later in clauses[clauses.index(clause) + 1 :]:
        if later.path != clause.path or not takes_back(later.quote):
            break
        found.append(later.quote)
    return found


def failing(folder: Path, area: str = AREA) -> set[str]:
    """The rules that do not load, or of which a case comes out otherwise than it should."""
    _, faults = packs.draft(str(folder))
    places = [place for place, _, _ in faults]
    if not places:
        ran = run_cases.run(str(folder), engine="direct")
        places = [place for place, _, _ in ran.failures]
    names = [place.partition(":")[0].rpartition("/")[2].split(".")[0] for place in places]
    there = {path.name.split(".")[0] for path in folder.joinpath(area).iterdir()}
    return set(names) & there or (there if names else set())


def kept_by(base: str, rule: ProposedRule) -> str:
    """A good submission that this program wrote, with what one more rule wants of it."""
    return _kept(base, rule.good) if not rule.proposal.conditions else base


def _kept(base: str, good: Mapping[str, Any]) -> str:
    """The good submission with what the proposed rules want of it."""
    head, tree = _tree(base)
    if tree is None:
        return base
    for pointer, value in good.items():
        at = tree
        steps = [int(s) if s.isdecimal() else s for s in pointer.split("/")[1:]]
        for step in steps[:-1]:
            at = at[step]
        at[steps[-1]] = value
    return head + tree_text(tree)


def _tree(base: str) -> tuple[str, Any]:
    """A submission that this program wrote, as its heading and its tree; else None."""
    head, *rest = base.splitlines(keepends=True) or [""]
    if not head.startswith(DRAWN):
        return base, None
    tree = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in rest}
    return head, tree


def tree_text(tree: Mapping[str, Any]) -> str:
    """A submission as a YAML file of one line a part."""
    return "".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in tree.items())


def as_proposed(clause: Clause) -> Proposed:
    """A clause of a pack as the sentence that it was proposed from."""
    return Proposed(
        clause.id,
        "",
        clause.citation,
        clause.quote,
        clause.sentence,
        str(clause.modality),
        clause.addressee,
    )


def carried_by(
    rules: Sequence[ProposedRule], binding: Sequence[Proposed]
) -> dict[str, tuple[str, str]]:
    """The status of the clauses that proposed rules carry: the whole, or why only a part."""
    found = {}
    for one in binding:
        words = [rule.proposal.words for rule in rules if rule.proposal.clause == one.id]
        rest = [part for part in re.split("[,，;；]", one.quote) if asks(part)]
        told = [o.words for r in rules for o in r.proposal.open if r.proposal.clause == one.id]
        rest = [part for part in rest if not any(part in said for said in (*words, *told))]
        asked = [r for r in rules if r.proposal.clause == one.id and r.proposal.only_asks]
        if asked and not rest:
            left = "”“".join(o.words for rule in asked for o in rule.proposal.open if o.narrows)
            found[one.id] = ("partly", f"材料中看不出“{left}”，只提请核查")
        elif words:
            why = f"{CONFIRM}：规则没有管的：“{'”“'.join(rest)}”"
            found[one.id] = ("partly", why) if rest else ("automated", "")
    return found


__all__ = [
    "AREA",
    "DRAWN",
    "EXAMPLE",
    "carried_by",
    "failing",
    "kept_by",
    "proposed",
    "tree_text",
    "write",
]
