"""What the flags and kehou.yaml together choose; a flag outranks the file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import kehou
from kehou.cli import nearest, say
from kehou.cli.arguments import named
from kehou.errors import UsageError
from kehou.model.outcomes import Stage

if TYPE_CHECKING:
    from kehou.cli.settings import Settings
    from kehou.model.rules import Rule
    from kehou.packs import Pack

#: The name under which settings and ``--data`` give the register of a batch.
REGISTER = "register"


def chosen_settings(*checked: str | None) -> Settings:
    """The settings in force in the current folder; files are named as seen from there.

    ``checked`` are the paths that are to be judged: a kehou.yaml in one of them is told and not
    used.
    """
    from kehou.cli import outputs, settings

    paths = [path for path in checked if path]
    for file in settings.handed_in(Path.cwd(), paths):
        if not settings.says_nothing(file):
            outputs.remark("cli.settings.handed_in", file=_from_here(str(file)))
    path = settings.find(Path.cwd(), paths)
    if path is None:
        return settings.Settings()
    found = settings.load(path)
    return replace(
        found,
        packs=tuple(map(_from_here, found.packs)),
        data={name: _from_here(file) for name, file in found.data.items()},
        waivers=_from_here(found.waivers) if found.waivers else None,
    )


def _from_here(file: str) -> str:
    """A full path relative to the current folder, so that a report names no machine's folders."""
    if not os.path.isabs(file):
        return file
    try:
        return Path(os.path.relpath(file)).as_posix()
    except ValueError:  # another drive
        return file


def check_options(
    options: argparse.Namespace, chosen: Settings, track: bool = False, language: str = ""
) -> kehou.CheckOptions:
    """How a submission is to be checked; ``track`` names every subject, for a later comparison.

    ``language`` is that of a document which is written in one language only.
    """
    from kehou import packs

    return kehou.CheckOptions(
        stage=Stage(options.stage or chosen.stage or Stage.APPROVAL),
        as_of=options.as_of,
        on=options.on,
        packs=packs.topmost(pack_names(options, chosen)),
        data={**_tables(chosen), **_tables_of(dict(options.data or ()))},
        engine=getattr(options, "engine", None) or chosen.engine or "both",
        language=language or options.lang or chosen.language or "zh",
        reading=getattr(options, "reading", None) or "",
        waivers=getattr(options, "waivers", None) or chosen.waivers,
        baseline=getattr(options, "baseline", None),
        attestations=tuple(getattr(options, "attestations", None) or chosen.attestations),
        confirmations=tuple(getattr(options, "confirmations", None) or ()),
        track=track,
    )


def register_of(options: argparse.Namespace, chosen: Settings) -> str | None:
    """The file of the register, by flag or by kehou.yaml; it is no table that a check reads."""
    return dict(options.data or ()).get(REGISTER) or chosen.data.get(REGISTER)


def _tables(chosen: Settings) -> dict[str, str]:
    return _tables_of(chosen.data)


def _tables_of(data: Mapping[str, str]) -> dict[str, str]:
    """What a check reads of the data given: the register says whose things are, and is no table."""
    return {name: file for name, file in data.items() if name != REGISTER}


def pack_names(options: argparse.Namespace, chosen: Settings) -> tuple[str, ...]:
    """Packs by flag, else by kehou.yaml, else those that come with kehou; each must exist."""
    from kehou import packs

    names = tuple(options.pack or chosen.packs or packs.available())
    for name in names:
        packs.find(name)
    return names


#: How many rules are listed where a word is of several; a hint longer than this names all.
_NAMED = 12
_LONG = 120


def find_rule(name: str, packs: Sequence[Pack]) -> tuple[Rule, Pack]:
    """The rule of that name and its pack; raises UsageError with the nearest name.

    A title, or a part of one title alone, or some of its words in their order, or a clause of one
    rule alone, will do; of several the titles are told.
    """
    for pack in packs:
        rule = pack.rules.get(name.removeprefix(f"{pack.id}/"))
        if rule is not None:
            return rule, pack
    titles = {rule.id: rule.title for pack in packs for rule in pack.rules.values()}
    if by_title := named(name, lambda: titles):
        return find_rule(by_title, packs)
    told = say("cli.no_such_rule", name=name)
    alike = _of_clause(name, packs) or [
        one for one, title in titles.items() if name in title and not name.isdecimal()
    ]
    alike = alike or [one for one, title in titles.items() if _in_order(name, title)]
    if len(alike) == 1:
        return find_rule(alike[0], packs)
    if alike:
        shown = [say("cli.rule_named", title=titles[one], rule=one) for one in alike[:_NAMED]]
        shown += [say("cli.more_rules")] if len(alike) > _NAMED else []
        many = say("cli.many_rules", name=name, n=len(alike))
        raise UsageError("rule-not-found", many, "", say("cli.one_rule"), shown)
    near = nearest(name, list(titles) if name.isascii() else list(titles.values()))
    way = say("cli.find_rule")
    known = len(near) > _LONG  # all that there are: nothing is near
    raise UsageError("rule-not-found", told, hint=way if known else f"{near} {way}")


#: So many characters of a title, in their order, may stand for it: fewer are in many.
_TELLING = 4


def _in_order(name: str, title: str) -> bool:
    """Whether words are a title with parts left out, as people remember it; no id is meant."""
    left = iter(title)
    return len(name) >= _TELLING and not name.isascii() and all(c in left for c in name)


def _of_clause(name: str, packs: Sequence[Pack]) -> list[str]:
    """The rules of a clause, by its id."""
    asked = name.rpartition("/")[2]
    found = (r for pack in packs for r in pack.rules.values() if asked in r.clauses)
    return list(dict.fromkeys(rule.id for rule in found))
