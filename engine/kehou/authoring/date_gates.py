"""Quality gates on days: against the day on which the policy says that it begins to hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kehou.authoring.policy_text import starts_on
from kehou.authoring.unfinished import IDLE
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_PACK, contents

#: A day this many years after every other that the pack knows is likelier mistyped.
_FAR: Final = 20


def dates_of_text(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Days that the policy's own text does not bear out: when it begins, and when its values do.

    Of a layer, its own text and the values that it sets.
    """
    text = _text(pack)
    said = starts_on(text)
    if said and not pack.layers and pack.effective_from and said != pack.effective_from:
        yield (
            sites.at("pack.yaml", "policy", "effective_from"),
            f"写作自 {pack.effective_from} 起施行，原文写的是 {said}",
            "请照原文改 effective_from",
        )
    start = said or pack.effective_from
    if start is None:
        return
    yield from _late_values(pack, sites, text, start, bool(said) or not pack.layers)
    known = _known(pack, start)
    for rule in pack.topmost().rules.values():
        day = rule.valid_from
        if day and not rule.pointer and day != IDLE and _far(day, known, text):
            yield sites.of(rule, "from"), f"规则自 {day} 起，{_AFTER}", _CHECK


_AFTER: Final = f"比规则包里别的日期晚 {_FAR} 年以上，到那时以前什么也不评定"
_CHECK: Final = "请核对年份；属实的，在 source.txt 里要有这一年"


def _late_values(pack: Pack, sites: Sites, text: str, start: str, its_own: bool) -> Iterator[Found]:
    """Values of a clause that begin after the clause does, without one before, or far away.

    Of when a clause begins nothing is known where the day is not ``its_own`` text's.
    """
    layer = pack.layers[-1].id if pack.layers else pack.id
    own_clauses = pack.topmost().clauses
    known = _known(pack, start)
    for definition in pack.parameters.values():
        own = [one for one in definition.values if one.layer == layer]
        for index, value in enumerate(own):
            if not value.valid_from:  # no day, which is told where it is read
                continue
            place = sites.at("pack.yaml", "parameters", definition.name, "values", index, "from")
            day = value.valid_from
            first = day == min(one.valid_from for one in own if one.valid_from)
            of_clause = its_own and value.ground in own_clauses and not value.assumption
            if first and of_clause and day > start and not _spoken_of(day, text):
                until = "以前用的是下层的值" if pack.layers else "以前没有值"
                yield (
                    place,
                    f"参数 {definition.name} 自 {day} 起才有值，"
                    f"依据 {value.ground} 自 {start} 起施行：{until}",
                    "请核对日期；原文另写了日期的，在 source.txt 里要有那一年",
                )
            elif _far(day, known, text):
                yield place, f"参数 {definition.name} 的值自 {day} 起，{_LATER}", _CHECK


_LATER: Final = f"比规则包里别的日期晚 {_FAR} 年以上"


def _known(pack: Pack, start: str) -> list[str]:
    values = [value.valid_from for one in pack.parameters.values() for value in one.values]
    rules = [rule.valid_from for rule in pack.rules.values() if rule.valid_from]
    return sorted({start, *filter(None, values), *rules})


def _far(day: str, known: list[str], text: str) -> bool:
    """Whether a day is many years after the last before its year; one of the text never is."""
    before = [one for one in known if one[:4] < day[:4]]
    return bool(before) and int(day[:4]) - int(before[-1][:4]) > _FAR and not _spoken_of(day, text)


def _spoken_of(day: str, text: str) -> bool:
    return f"{day[:4]}年" in text


def _text(pack: Pack) -> str:
    root = pack.top or pack.root
    try:
        return contents(root.joinpath("source.txt"), MOST_OF_PACK, "source.txt").decode("utf-8")
    except (ReadError, OSError, UnicodeDecodeError):
        return ""


__all__ = ["dates_of_text"]
