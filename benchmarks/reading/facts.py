"""Scores what is read of times and fees: ``python -m benchmarks.reading.facts [--list] [ROUND…]``.

Only rounds whose labels have ``facts`` (benchmarks/reading/README.md) count. A time is found
where something of the same time was read for a group that may be the same: no grade, season or
weekday that both state lies in one only. What was read is right where a label says so likewise.
Times of a passage that contradicts another are not asked for: nothing may be picked there.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.reading.__main__ import HERE, interval
from kehou import data
from kehou.fields import Schema, load_schema
from kehou.reading import read_prose

#: Grades that a level stands for (Compulsory Education Law: nine years).
LEVELS: Final = {"primary": range(1, 7), "junior": range(7, 10), "senior": range(10, 13)}
#: Kinds of sessions that are another service than the daily one after lessons.
OTHERS: Final = ("lunch_care", "nap_care", "early_arrival", "evening_study", "weekend", "vacation")


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day and whom it is for; an empty set or season limits nothing."""

    at: str
    grades: frozenset[str] = frozenset()
    season: str = ""
    weekdays: frozenset[str] = frozenset()

    def may_be(self, other: Time) -> bool:
        """Whether both can speak of the same."""
        return (
            self.at == other.at
            and _overlap(self.grades, other.grades)
            and _overlap(self.weekdays, other.weekdays)
            and (not self.season or not other.season or self.season == other.season)
        )


@dataclass
class Counts:
    """Counts over the texts of a round; ``wrong`` are (file, what, value)."""

    texts: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    tempting: int = 0
    tempted: int = 0
    twice: int = 0
    twice_told: int = 0
    once_told: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, name: str, kind: str, asked: Sequence[Any], given: Sequence[Any]) -> None:
        """Count what was asked for and what was given; both have ``may_be``."""
        for which, these, others, told in (
            ("found", asked, given, "漏"),
            ("right", given, asked, "误"),
        ):
            counts: dict[str, int] = getattr(self, which)
            whole = self.asked if which == "found" else self.given
            for one in these:
                hit = any(one.may_be(other) for other in others)
                whole[kind] = whole.get(kind, 0) + 1
                counts[kind] = counts.get(kind, 0) + hit
                if not hit:
                    self.wrong.append((name, f"{told} {kind}", str(one)))


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount in yuan."""

    amount: float

    def may_be(self, other: Fee) -> bool:
        """Whether both are the same amount."""
        return self.amount == other.amount


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def labelled(rows: Sequence[Mapping[str, Any]]) -> list[Time]:
    """Labelled times; a season in words of the text's own limits nothing here."""
    return [
        Time(
            str(row["time"]),
            frozenset(map(str, row.get("grades") or ())),
            row["season"] if row.get("season") in ("summer", "winter") else "",
            frozenset(map(str, row.get("weekdays") or ())),
        )
        for row in rows
    ]


def read(tree: Mapping[str, Any], key: str) -> list[Time]:
    """Times read as the start or the end of a session of the daily service."""
    found = []
    for row in tree.get("plan", {}).get("sessions", ()):
        if row.get(key) and row.get("kind") not in OTHERS:
            grades = {str(grade) for grade in row.get("grades", ())}
            for level in _several(row.get("level") or row.get("grade_level")):
                grades |= {str(grade) for grade in LEVELS.get(level, ())}
            season = str(row.get("season") or "")
            days = frozenset(map(str, row.get("weekdays", ())))
            found.append(Time(str(row[key]), frozenset(grades), season, days))
    return found


def _several(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def amounts(value: Any, key: str = "") -> Iterator[Fee]:
    """Every amount of money that was read of the fee, wherever the schema has it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from amounts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from amounts(inner, key)
    elif re.search(r"amount|price|rate|cap|fee|standard", key):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:元.*)?", str(value))
        if match:
            yield Fee(float(match[1]))


def score(folder: Path, schema: Schema, total: Counts) -> None:
    """Add the texts of a round."""
    for path in sorted(folder.glob("*.txt")):
        labels = yaml.safe_load(path.with_suffix(".yaml").read_text("utf-8"))
        facts = labels.get("facts")
        if facts is None:
            continue
        name = f"{folder.name}/{path.stem}"
        document = read_prose(path.name, path.read_bytes(), schema)
        doubtful = [one for one in labels.get("contradictions") or () if one["about"] == "ends"]
        total.texts += 1
        total.twice += bool(doubtful)
        total.twice_told += bool(doubtful) and any("sessions" in t.pointer for t in document.twice)
        if not doubtful and any("sessions" in t.pointer for t in document.twice):
            total.once_told += 1
            total.wrong.append((name, "误指两种", " ".join(t.pointer for t in document.twice)))
        unsure = " ".join(words for one in doubtful for words in one["words"])
        ends = labelled(facts.get("ends") or ())
        sure = [
            time
            for time, row in zip(ends, facts.get("ends") or (), strict=True)
            if str(row["words"]) not in unsure and unsure.find(str(row["words"])[:8]) < 0
        ]
        given = read(document.tree, "end")
        total.add(name, "结束时间", sure, given)
        total.add(
            name, "开始时间", labelled(facts.get("starts") or ()), read(document.tree, "start")
        )
        fees = [Fee(float(row["amount"])) for row in facts.get("fees") or () if _is_number(row)]
        total.add(name, "收费", fees, list(amounts(document.tree.get("fee", {}))))
        for row in labels.get("not_ends") or ():
            total.tempting += 1
            time = str(row["time"])
            taken = any(g.at == time for g in given) and all(e.at != time for e in ends)
            total.tempted += taken
            if taken:
                total.wrong.append((name, "误取", f"{time} {row['words']}"))


def _is_number(row: Mapping[str, Any]) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(row["amount"])) is not None


def lines(name: str, total: Counts) -> Iterator[str]:
    """The figures, a line each."""
    yield f"{name}：{total.texts} 篇"
    for kind in total.asked:
        yield f"  {kind}，读出：{interval(total.found.get(kind, 0), total.asked[kind])}"
        yield f"  {kind}，读对：{interval(total.right.get(kind, 0), total.given.get(kind, 0))}"
    yield f"  不是服务时间的时刻，误取：{interval(total.tempted, total.tempting)}"
    yield f"  写了两种的文章，指出：{interval(total.twice_told, total.twice)}"
    yield f"  没有写两种的文章，误指：{interval(total.once_told, total.texts - total.twice)}"


def main() -> None:
    """Score the rounds that are named, or all that have facts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="*")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    folders = [HERE / name for name in options.rounds] or sorted(HERE.glob("round-*"))
    whole = Counts()
    for folder in folders:
        score(folder, schema, whole)
    print("\n".join(lines("、".join(f.name for f in folders), whole)))
    for one in whole.wrong if options.list else ():
        print("  " + "  ".join(one))


if __name__ == "__main__":
    main()
