"""What a check is asked for, and what a report keeps of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from kehou import packs
from kehou.errors import UsageError
from kehou.language import suggest
from kehou.model.outcomes import Stage
from kehou.model.report import RunRecord
from kehou.model.values import ISO_DATE, is_day

ENGINES: Final = ("both", "direct", "rete")
LANGUAGES: Final = ("zh", "en")
#: As the policy's parameters read vague words; strictly; leniently.
READINGS: Final = ("", "strict", "lenient")


def _shipped() -> tuple[str, ...]:
    return packs.topmost(packs.available())


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check is asked for; each field as the option of ``kehou check`` of that name.

    ``stage`` is a Stage or its value. ``as_of`` (which law holds) and ``on`` (what "already"
    means) are ISO dates, by default read from the submission. ``packs`` are ids or folders, by
    default all that come with kehou. ``data`` maps a bureau's table or record to its file;
    ``waivers``, ``attestations``, ``confirmations`` (what the bureau says of values read from
    prose) and ``baseline`` (an earlier JSON report) are files. ``engine``
    is both, direct or rete; ``language`` zh or en; ``reading`` "", strict or lenient. ``track``
    names every judged subject in the report, which a later comparison needs to tell what was
    fixed. ``attested_since`` is an ISO date: of several attestations of one subject those of the
    latest day alone count, where that is later than this one; None, and all of them count.
    ``known_as`` is the id and the name by which a register knows who handed it in, each "" where
    it does not: they stand in where the submission itself says none.

    Raises UsageError with every field that is wrong.
    """

    stage: Stage = Stage.APPROVAL
    as_of: str | None = None
    on: str | None = None
    packs: tuple[str, ...] = field(default_factory=_shipped)
    data: Mapping[str, str] = field(default_factory=dict)
    engine: str = "both"
    language: str = "zh"
    reading: str = ""
    waivers: str | None = None
    baseline: str | None = None
    attestations: tuple[str, ...] = ()
    attested_since: str | None = None
    confirmations: tuple[str, ...] = ()
    track: bool = False
    known_as: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        faults: list[str] = []
        for name, read in _READ.items():
            given = getattr(self, name)
            try:
                object.__setattr__(self, name, read(given))
            except ValueError as error:
                faults.append(f"{name}：{error}")
        if faults:
            raise UsageError("options", "检查的选项有错误：", details=faults)


def recorded(options: CheckOptions) -> RunRecord:
    """What a report keeps of how it was run, so that it can be run again."""
    return RunRecord(
        options.engine,
        options.packs,
        tuple((name, str(file)) for name, file in options.data.items()),
        options.waivers,
        options.baseline,
        options.attestations,
        options.confirmations,
    )


# --- what each field may be: its value, or a ValueError that says what to write --------------


def _stage(given: Any) -> Stage:
    return Stage(_word(given, [stage.value for stage in Stage]))


def _engine(given: Any) -> str:
    return _word(given, ENGINES)


def _language(given: Any) -> str:
    return _word(given, LANGUAGES)


def _reading(given: Any) -> str:
    return "" if given == "" else _word(given, READINGS[1:])


def _word(given: Any, allowed: Iterable[str]) -> str:
    known = list(allowed)
    if isinstance(given, str) and given in known:
        return given.value if isinstance(given, StrEnum) else given
    raise ValueError(f"不能是 {given!r}（{suggest(str(given), known)}）")


def _date(given: Any) -> str | None:
    if given is None:
        return None
    text = given.isoformat() if type(given) is date else given
    if isinstance(text, str) and is_day(text):
        return str(text)
    if isinstance(text, str) and ISO_DATE.fullmatch(text):
        raise ValueError(f"没有 {text} 这一天")
    raise ValueError(f"{given!r} 不是日期（写作 '2021-09-01'）")


def _file(given: Any) -> str | None:
    if given is None:
        return None
    if isinstance(given, (str, os.PathLike)) and os.fspath(given):
        return str(os.fspath(given))
    raise ValueError(f"{given!r} 不是文件名")


def _files(given: Any) -> tuple[str, ...]:
    if isinstance(given, (str, bytes, os.PathLike)) or not isinstance(given, Iterable):
        raise ValueError(f"{given!r} 应写成一组，如 ({given!r},)")
    return tuple(file for one in given if (file := _file(one)) is not None)


def _packs(given: Any) -> tuple[str, ...]:
    names = _files(given)
    if not names:
        raise ValueError("没有写规则包")
    return names


def _data(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise ValueError(f"{given!r} 应写成 {{'名称': '文件'}}")
    return {str(name): _file(file) or "" for name, file in given.items()}


def _known(given: Any) -> tuple[str, str]:
    if isinstance(given, (tuple, list)) and [type(one) for one in given] == [str, str]:
        return given[0], given[1]
    raise ValueError(f"{given!r} 应写成 ('编号', '名称')，没有的写 ''")


_READ: Final = {
    "stage": _stage,
    "as_of": _date,
    "on": _date,
    "packs": _packs,
    "data": _data,
    "engine": _engine,
    "language": _language,
    "reading": _reading,
    "waivers": _file,
    "baseline": _file,
    "attestations": _files,
    "attested_since": _date,
    "confirmations": _files,
    "known_as": _known,
}
