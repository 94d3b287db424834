"""``kehou new RULE-ID --clause``: the rule that a clause is seen to ask, tried before it is kept.

The pack is left as it was; whoever asked writes the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

from kehou import packs
from kehou.authoring import policy_text, run_cases
from kehou.authoring.condition_gates import say_the_same
from kehou.authoring.last_day import is_rule, last_day, rule_until, with_last_day
from kehou.authoring.list_facts import spare_lists, with_facts
from kehou.authoring.neighbours import written_as
from kehou.authoring.pack_rules import taken_back
from kehou.authoring.phrases import parsed
from kehou.authoring.proposal import Proposal
from kehou.authoring.proposals import proposals
from kehou.authoring.proposed_rules import ProposedRule, proposed_rule
from kehou.authoring.run_cases import Bases
from kehou.authoring.unfinished import MEANT, SHEET
from kehou.authoring.unlike_conditions import left_out
from kehou.authoring.unlike_quote import confirmed, held_to_quote
from kehou.authoring.usual_conditions import notes, with_usual
from kehou.errors import KehouError, PackError, UsageError
from kehou.model.rules import Rule
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
    for guessed in proposals(pack, clause, quote, _more(text, quote)):
        made = with_usual(pack, guessed)
        if each is not None and made.each != each:
            continue
        rule = proposed_rule(pack, made, area, start, start, dated=True, base=base, rule_id=rule_id)
        files = _files(pack, folder, area, rule)
        if files is not None and not _wrong(folder, rule_id, files):
            return rule, files
    return None


class AlreadySaid(UsageError):
    """A line says what a rule of the same clause says: its id and area."""

    def __init__(self, phrase: str, rule: Rule) -> None:
        super().__init__(
            "phrase", f"照“{phrase}”不用再拟：规则 {rule.id} 已经这样写了", hint="就用这一条"
        )
        self.rule_id, self.area = rule.id, rule.area


def phrased(
    folder: Path, clause: str, phrase: str, area: str, rule_id: str = ""
) -> tuple[ProposedRule, Mapping[Path, str]]:
    """The rule that a person says in a line for a clause, and the texts of its files, all tried.

    Raises UsageError where the line cannot be read, its cases come out otherwise than it says, or
    it asks what its clause does not and nobody has said why; AlreadySaid where a rule of the
    clause says it.
    """
    phrase, why = confirmed(phrase)
    facts = folder / "facts.yaml"
    spare = spare_lists(packs.load(str(folder)))
    with with_every_list(folder) as pack:
        made = parsed(pack, clause, phrase)
        if not why:
            held_to_quote(pack, made, phrase)
    if len(re.split("[,，;；]", pack.clauses[clause].quote)) == 1:
        made = replace(made, words=pack.clauses[clause].quote)
    start = first_day(folder, pack)
    tree = Bases(pack)[pack.base]
    rule = _another(pack, made, area, start, tree, rule_id)
    if why:
        rule = replace(rule, rule=f"{MEANT}{' '.join(why.split())}\n{rule.rule}")
    counted = made.formula.a if made.formula is not None else ""
    used = {name: entry for name, entry in spare.items() if name in (made.each, counted)}
    files = _files(pack, folder, area, rule)
    if files is None:
        told = f"参数的名称已经用了：{rule.parameters.split(':')[0].strip()}"
        raise UsageError("phrase", told, hint="换一个规则编号，或先改参数的名称")
    if used or rule.facts:
        files[facts] = with_facts(_text(folder, "facts.yaml"), used, rule.facts)
    until = last_day(_text(folder, "pack.yaml"))
    for path, text in files.items() if until else ():
        if path.name == "pack.yaml":
            files[path] = with_last_day(text, until)
        elif path.parent != folder and is_rule(path.name):
            files[path] = rule_until(text, until)
    alike: list[Rule] = []
    wrong = _wrong(folder, rule.id, files, alike)
    for other in alike:
        if clause in other.clauses:
            raise AlreadySaid(phrase, other)
    if wrong:
        told = f"照“{phrase}”拟的用例不成立：{wrong}"
        raise UsageError("phrase", told, hint="请核对栏目、限度和条件；或照 docs/rules.md 自己写")
    return replace(rule, notes=(*notes(pack, made), *_left_out(pack, made, why))), files


def _left_out(pack: Pack, made: Proposal, why: str) -> Iterator[str]:
    """The conditions of the clause that a line does not have, where nobody has said why."""
    for said in left_out(pack, made, pack.clauses[made.clause].quote) if not why else ():
        yield f"引文里的“{said}”没有写成条件，这一行别的也判；只判这样的，前面写 栏目 是 值 时，"


def first_day(folder: Path, pack: Pack, said: str = "") -> str:
    """From when on what is written for a clause holds: as the sheet said, else as the text says.

    What the sheet said before stands in the pack.yaml that was drafted with it.
    """
    if not said and folder.joinpath(SHEET).is_file():
        said = day_in(_text(folder, "pack.yaml"))
    text = _text(folder, "source.txt")
    return said or policy_text.starts_on(text) or pack.effective_from or _FIRST_DAY


def day_in(text: str) -> str:
    """The day from which a pack.yaml that was drafted says that all holds; "" for none."""
    found = re.search(r"effective_from: '(\S+)'|\{from: '(\S+?)'|, from: '(\S+?)'", text)
    return next(filter(None, found.groups())) if found else ""


@contextmanager
def with_every_list(folder: Path) -> Iterator[Pack]:
    """A pack with an entity for each list of its schema, as long as it is looked at."""
    facts = folder / "facts.yaml"
    before = _bytes(facts)
    text = with_facts(_text(folder, "facts.yaml"), spare_lists(packs.load(str(folder))), "")
    try:
        write_whole(facts, text.encode("utf-8"))
        yield packs.load(str(folder))
    finally:
        _back(facts, before)


def _another(
    pack: Pack, made: Proposal, area: str, start: str, tree: Any, rule_id: str
) -> ProposedRule:
    """The rule of a requirement under an id, and with parameters, that nothing has yet."""
    for nth in count(1):
        rule = proposed_rule(
            pack,
            made,
            area,
            start,
            start,
            dated=True,
            nth=nth,
            base=tree,
            rule_id=rule_id,
            asked=True,
        )
        clash = [
            entry[1]
            for entry in _ENTRY.finditer(rule.parameters)
            if entry[1] in pack.parameters and not _held(pack, rule, entry[0])
        ]
        if not clash and (rule_id or rule.id not in pack.rules):
            break
    return rule


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
    """A parameter that the clause is the ground of already, of the same kind and direction.

    It has the same value, where a person said the requirement.
    """
    for name, definition in pack.parameters.items():
        own = [one for one in definition.values if one.ground == rule.proposal.clause]
        kind = definition.type.kind
        said = {f"value: {q}{written_as(v.value, kind)}{q}," for v in own for q in ("", "'")}
        if not own or (rule.asked and not any(one in entry for one in said)):
            continue
        alike = f"    type: {definition.type.kind}\n" in entry
        if alike and f"    tighter: {definition.tighter}\n" in entry and not definition.by:
            return name
    return ""


def _wrong(
    folder: Path, rule_id: str, files: Mapping[Path, str], same: list[Rule] | None = None
) -> str:
    """What is wrong with a rule of these files, tried in the pack; "" where its cases hold.

    Rules that say the same are put into ``same``.
    """
    before = {path: _bytes(path) for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(exist_ok=True)
            write_whole(path, text.encode("utf-8"))
        loaded = packs.load(str(folder))
        made = loaded.rules[rule_id]
        alike = [r for r in loaded.rules.values() if r.id != rule_id and say_the_same(made, r)]
        if alike:
            if same is not None:
                same += alike
            return f"规则 {alike[0].id} 已经这样写了"
        ran = run_cases.run(str(folder), [rule_id], engine="direct")
        if ran.failures:
            return "：".join(ran.failures[0][1:])
        return "" if ran.passed else "没有用例"
    except PackError as error:
        return error.faults[0][1]
    except KehouError as error:
        return error.message
    finally:
        for path, was in before.items():
            _back(path, was)


def _back(path: Path, was: bytes | None) -> None:
    """A file as it was."""
    if was is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, was)


def _text(folder: Path, name: str) -> str:
    return (_bytes(folder / name) or b"").decode("utf-8", "replace")


def _bytes(path: Path) -> bytes | None:
    return contents(path, MOST_OF_PACK) if path.is_file() else None


__all__ = ["day_in", "drafted", "first_day", "phrased", "with_every_list"]
