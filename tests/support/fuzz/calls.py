"""Every command with options drawn at random: good, wrong, twice, and files of every kind."""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Sequence
from functools import cache

from tests.support.fuzz import damage, documents, meals, pack_files, values
from tests.support.fuzz.case import Call, Case
from tests.support.hostile_workbooks import packed, roster

from kehou.cli.command_table import COMMANDS
from kehou.cli.parser import bare, complete
from kehou.packs import available

#: Values by the metavariable of an option, of which most are right.
_RIGHT = {
    "STAGE": ("approval", "inspection", "assessment"),
    "DATE": ("2025-04-10", "2021-09-01", "2025-03-03"),
    "NAME=FILE": ("guide_prices=g.csv", "permit=permit.yaml", "permit=s.yaml"),
    "ENGINE": ("direct", "direct", "direct", "both", "rete"),
    "READING": ("strict", "lenient"),
    "REPORT": ("report.json", "s.yaml", "notice.json"),
    "LANG": ("zh", "en"),
    "N": ("1", "0", "99"),
    "TEXT": ("a", ""),
    "NAMES": ("street", "x"),
    "SEVERITY": ("critical", "major", "minor", "advice", "new", "none"),
    "MODEL": ("scheme", "default", "flat", "flat-unweighted", "absolute"),
    "RANKING": ("ranking.json", "report.json"),
    "SHELL": ("bash", "zsh", "fish"),
    "ACTION": ("list", "lint", "prune"),
    "RULE": ("meals-lunch-days", "entry-own-will", "nothing"),
    "RULE-ID": ("meals-made-today", "x", "Meals Made"),
    "AREA": ("meals", "nowhere"),
    "ENTITY": ("dish", "nothing"),
    "CLAUSE": ("A.3-c", "Z.9"),
    "PART": ("dishes", "x"),
    "NAME": ("submission", "report", "x"),
    "OUT": ("out.yaml", "out.json", "out.xlsx", "out.txt", "s.yaml"),
    "FOLDER": ("out", "out.zip"),
}
_FILES = (
    "s.yaml",
    "bad.yaml",
    "report.json",
    "notice.json",
    "reply.yaml",
    "sheet.xlsx",
    "waivers.yaml",
    "scheme.yaml",
    "scores.yaml",
    "roster.xlsx",
    "empty.yaml",
    "folder",
    "a.docx",
    "a.txt",
    "nothing.yaml",
    "p",
    "-",
)
#: Commands that run many cases, and are called only for a pack of three rules.
_LONG = ("test", "lint")
#: Where a rule is written beside others: a copy, for the pack itself is everybody's.
COPY = "copy"
#: Options whose value is written to, and where a check keeps what it has done.
_WRITING = ("-o", "--output", "--reply", "--ranking", "--blank", "--store")
_KEPT = ".kehou"


@cache
def _actions(command: str) -> tuple[argparse.Action, ...]:
    _, each = bare()
    complete(command, each[command])
    return tuple(each[command]._actions)


def command_case(rng: random.Random) -> Case:
    """One input of the family of commands."""
    command = rng.choice(tuple(COMMANDS))
    words = [command]
    writes: list[str] = []
    packs = False
    for action in _actions(command):
        if action.option_strings:
            if "--pack" in action.option_strings and rng.random() < 0.85:
                words += ["--pack", "p" if command in _LONG else str(meals.PACK)]
                packs = True
                continue
            wanted = 0.5 if action.required else 0.25
            if action.option_strings[0] in ("-h", "--mutate", "--patterns", "--blind-spots"):
                wanted = 0.01
            if rng.random() < wanted + 0.4 * action.required:
                words += _option(action, rng, writes)
            continue
        count = 2 if action.nargs == "+" and rng.random() < 0.3 else 1
        if action.nargs in ("?", "*") and rng.random() < 0.5:
            continue
        if rng.random() < 0.03:
            continue
        words += [_value(action, rng, writes, command) for _ in range(count)]
    if "--mutate" in words or "--blind-spots" in words:
        words = [w for w in words if w not in ("--mutate", "--blind-spots")]
    if command in _LONG and not packs:
        words += ["--pack", "p"]
    if rng.random() < 0.1:
        words.insert(rng.randrange(len(words) + 1), rng.choice(values.ARGUMENTS))
    words = _harmless(command, words)
    made = meals.artefacts()
    files = {name: made[name] for name in _FILES if name in made} | {
        "s.yaml": meals.content(),
        "bad.yaml": damage.text_damaged(meals.content(), rng),
        "waivers.yaml": b"waivers: []\n",
        "attestations.yaml": b"attestations: []\n",
        "roster.xlsx": packed(roster(3)),
        "empty.yaml": b"",
        "folder/s.yaml": meals.content(),
        "a.docx": documents.docx_bytes(documents.PLAN, rng),
        "a.txt": documents.text_bytes(documents.PLAN, rng),
        "g.csv": b"a,b\n1,2\n",
        "permit.yaml": b"a: 1\n",
        "ranking.json": made["ranking.json"],
    }
    files |= pack_files.plain() | (_copy() if command == "new" else {})
    stdin = rng.choice((b"", meals.content(), b"\0", b"[" * 1000))
    free = (*writes, *_targets(command, words), _KEPT, COPY, "p")
    shows = [name for name in free if command in ("convert", "form")]
    call = Call(tuple(words), stdin, free, (), shows)
    return Case(command, files, [call])


def _harmless(command: str, words: list[str]) -> list[str]:
    """The words so that nothing is written but in the folder of the case."""
    if command == "new":
        shipped = {*available(), str(meals.PACK)}
        words = [COPY if word in shipped else word for word in words]
        if not any(word.startswith("--pack") for word in words):
            words += ["--pack", COPY]
    outside = {name for name in _targets(command, words) if name[:1] in "/.~"}
    return ["/proc/none" if word in outside else word for word in words]


@cache
def _copy() -> dict[str, bytes]:
    """The example of a pack as files of a case."""
    paths = (path for path in meals.PACK.rglob("*") if path.is_file())
    return {f"{COPY}/{p.relative_to(meals.PACK).as_posix()}": p.read_bytes() for p in paths}


def _targets(command: str, words: Sequence[str]) -> list[str]:
    """Names of what a call may write, as its words have them."""
    found: list[str] = []
    for word, after in itertools.pairwise((*words, "")):
        flag, _, value = word.partition("=")
        if flag in _WRITING:
            found += [value or after, (value or after).partition("=")[2]]
        elif command == "convert":
            found.append(word)
    return [name for name in found if name]


def _option(action: argparse.Action, rng: random.Random, writes: list[str]) -> list[str]:
    flag = rng.choice(action.option_strings)
    if action.nargs == 0:
        return [flag]
    value = _value(action, rng, writes, "")
    if flag.startswith("--") and rng.random() < 0.2:
        return [f"{flag}={value}"]
    return [flag, value] * (2 if rng.random() < 0.05 else 1)


def _value(action: argparse.Action, rng: random.Random, writes: list[str], command: str) -> str:
    if (odd := rng.random()) < 0.18:
        return rng.choice(values.ARGUMENTS if odd < 0.12 else values.MARKED)
    name = action.metavar if isinstance(action.metavar, str) else str(action.dest).upper()
    flags = action.option_strings
    if name == "FORMAT[=FILE]":
        form = rng.choice(("text", "json", "html", "csv", "xlsx", "docx", "yaml", "sarif", "junit"))
        form = rng.choice((form, form, "patch", "oscal", "github", "gitlab"))
        if rng.random() < 0.4 and form not in ("xlsx", "docx"):
            return form
        writes.append(f"o.{form}")
        return f"{form}=o.{form}"
    if name in ("FILE", "PATH", "SHEET", "NOTICE", "REPLY", "OLD", "NEW", "IN", "REPORT"):
        if "-o" in flags or "--reply" in flags:
            writes.append("o.xlsx" if "-o" in flags else "o.yaml")
            return writes[-1]
        right = {
            "NOTICE": "notice.json",
            "REPLY": "reply.yaml",
            "SHEET": "sheet.xlsx",
            "REPORT": "report.json",
        }.get(name, "")
        if command == "waiver" or "--waivers" in flags:
            right = "waivers.yaml"
        for one in ("scheme", "scores", "attestations"):
            if f"--{one}" in flags:
                right = f"{one}.yaml"
        return right if right and rng.random() < 0.7 else rng.choice(_FILES)
    if action.choices and rng.random() < 0.8:
        return str(rng.choice(list(action.choices)))
    return rng.choice(_RIGHT.get(name, values.ARGUMENTS))
