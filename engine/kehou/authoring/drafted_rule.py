"""``kehou new RULE-ID --clause``: the rule that a clause is seen to ask, tried before it is kept.

The pack is left as it was; whoever asked writes the files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kehou import packs
from kehou.authoring import policy_text, run_cases
from kehou.authoring.condition_gates import say_the_same
from kehou.authoring.pack_rules import taken_back
from kehou.authoring.proposals import proposals
from kehou.authoring.proposed_rules import ProposedRule, proposed_rule
from kehou.errors import KehouError
from kehou.packs import Pack
from kehou.readers.door import MOST_OF_PACK, contents
from kehou.render import write_whole

_FIRST_DAY: Final = "2021-09-01"
_ENTRY: Final = re.compile(r"^  (\w+):\n(?:    .*\n)+", re.MULTILINE)
_HEAD: Final = re.compile(r"^parameters:[ \t]*(?:#.*)?\n", re.MULTILINE)


def drafted(
    pack: Pack, folder: Path, rule_id: str, place: tuple[str, str | None], clause: str, base: Any
) -> tuple[ProposedRule, Mapping[Path, str]] | None:
    """The rule and the texts of its files, of which all cases hold; None where no field fits.

    ``place`` is the area and the entity asked for, if one was.
    """
    area, each = place
    quote = pack.clauses[clause].quote
    text = _text(folder, "source.txt")
    start = policy_text.starts_on(text) or pack.effective_from or _FIRST_DAY
    for made in proposals(pack, clause, quote, _more(text, quote)):
        if each is not None and made.each != each:
            continue
        rule = proposed_rule(pack, made, area, start, start, dated=True, base=base, rule_id=rule_id)
        files = _files(pack, folder, area, rule)
        if files is not None and _holds(folder, rule_id, files):
            return rule, files
    return None


def _more(text: str, quote: str) -> list[str]:
    """The sentences of the policy that take back a part of a quote."""
    clauses = list(policy_text.proposed(text))
    there = next((one for one in clauses if quote in one.quote), None)
    return taken_back(clauses, there) if there is not None else []


def _files(pack: Pack, folder: Path, area: str, rule: ProposedRule) -> dict[Path, str] | None:
    """The rule, its cases and pack.yaml with its parameters, where it has not got them already."""
    text, wanted = rule.rule, ""
    for entry in _ENTRY.finditer(rule.parameters):
        held = _held(pack, rule, entry[0])
        if held:
            text = re.sub(rf"\b{entry[1]}\b", held, text)
        elif entry[1] in pack.parameters:
            return None
        else:
            wanted += entry[0]
    files = {folder / area / f"{rule.id}.yaml": text}
    files[folder / area / f"{rule.id}.test.yaml"] = rule.cases
    if wanted:
        before = _text(folder, "pack.yaml")
        if not _HEAD.search(before) and re.search("^parameters:", before, re.MULTILINE):
            return None
        head = "" if _HEAD.search(before) else "\nparameters:\n"
        after = before.rstrip("\n") + "\n" + head if head else before
        files[folder / "pack.yaml"] = _HEAD.sub(lambda found: found[0] + wanted, after, count=1)
    return files


def _held(pack: Pack, rule: ProposedRule, entry: str) -> str:
    """A parameter that the clause is the ground of already, of the same kind and direction."""
    for name, definition in pack.parameters.items():
        if not any(one.ground == rule.proposal.clause for one in definition.values):
            continue
        alike = f"    type: {definition.type.kind}\n" in entry
        if alike and f"    tighter: {definition.tighter}\n" in entry and not definition.by:
            return name
    return ""


def _holds(folder: Path, rule_id: str, files: Mapping[Path, str]) -> bool:
    """Whether the pack loads with the files, no rule says the same, and their cases hold."""
    before = {path: _bytes(path) for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(exist_ok=True)
            write_whole(path, text.encode("utf-8"))
        loaded = packs.load(str(folder))
        made = loaded.rules[rule_id]
        if any(say_the_same(made, one) for one in loaded.rules.values() if one.id != rule_id):
            return False
        ran = run_cases.run(str(folder), [rule_id], engine="direct")
        return ran.passed > 0 and not ran.failures
    except KehouError:
        return False
    finally:
        for path, was in before.items():
            if was is None:
                path.unlink(missing_ok=True)
            else:
                write_whole(path, was)


def _text(folder: Path, name: str) -> str:
    return (_bytes(folder / name) or b"").decode("utf-8", "replace")


def _bytes(path: Path) -> bytes | None:
    return contents(path, MOST_OF_PACK) if path.is_file() else None


__all__ = ["drafted"]
