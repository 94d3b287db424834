"""``kehou lint --prove``: every claim about every rule of a pack, proved, refuted or unknown.

What is refuted stands with its place, the smallest subject against it and the way out; what need
not hold stands beside the rule with its reason, under ``excused`` in its case file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kehou import packs
from kehou.authoring.proving import claims, counterexamples, overlay_claims, pack_claims
from kehou.authoring.proving.claims import Claim, Setting, State
from kehou.judging import BoundRule, bind_rules
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.packs.casefiles import Excuse, Found, case_path, read_cases
from kehou.packs.positions import Sites
from kehou.readers import read
from kehou.readers.door import MOST_OF_PACK, contents

#: Every kind of claim: what is proved, in a few words.
CLAIMS: Final[Mapping[str, str]] = {
    "engines": "两个引擎的意思相同",
    "less": "少填一个值，不利的结论不会变成符合或不适用",
    "applies": "有对象适用",
    "objects": "有对象不符合或存疑",
    "passes": "有对象符合",
    "pairs": "不与同一规则包的另一条规则矛盾",
    "tighter": "收紧参数不会放宽结论",
    "overlay": "没有依据的叠加不会放宽结论",
}
#: Every other reading of vague words (``kehou check --reading``): what is said of it.
READINGS: Final[Mapping[str, str]] = {"strict": "按从严的读法，", "lenient": "按从宽的读法，"}
#: What a generated rule is excused by: the language says so of what names nothing.
_BY_LANGUAGE: Final = "没有填的不指到哪里，也不与什么不同（docs/language.md §2.22、§2.25）"


@dataclass
class Proofs:
    """What became of the claims of one or several packs.

    ``told`` are (place, message, way out, the subject against it) of what is refuted or unknown;
    ``stale`` excuses that nothing needs, ``left_out`` how many rules of the layers below a layer
    does not touch: they are proved with the pack that they are of, where their excuses stand.
    """

    counts: Counter[tuple[str, State]] = field(default_factory=Counter)
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    stale: list[Found] = field(default_factory=list)
    left_out: int = 0

    def number(self, state: State, name: str = "") -> int:
        """How many claims came to a state, of one kind or of all."""
        return sum(n for (kind, s), n in self.counts.items() if s is state and name in ("", kind))


def prove(names: Iterable[str]) -> Proofs:
    """Prove every claim about the rules of some packs. Raises PackError, UsageError."""
    found = Proofs()
    for name in names:
        _of_pack(packs.load(name), _layer(name), found)
    return found


def _layer(name: str) -> Any:
    """The ``pack.yaml`` that a pack is named by, which of an overlay is the topmost layer's."""
    return read("pack.yaml", contents(packs.find(name).joinpath("pack.yaml"), MOST_OF_PACK)).tree


def settings_of(
    pack: Pack, dates: Iterable[str] = (), readings: Iterable[str] | None = None
) -> list[Setting]:
    """A pack's rules bound for each stage on each date from which something is another.

    Vague words are read in each way that the pack knows, or in those of ``readings``.
    """
    starts = {value.valid_from for p in pack.parameters.values() for value in p.values}
    starts |= {rule.valid_from for rule in pack.rules.values() if rule.valid_from}
    known = {pack.effective_from} if pack.effective_from else set()
    every = sorted({*starts, *known, *dates} or {"2021-09-01"})
    ways = readings_of(pack) if readings is None else readings
    return [
        Setting(pack, stage, as_of, _bound(pack, stage, as_of, reading), reading)
        for reading in ways
        for as_of in every
        for stage in Stage
    ]


def readings_of(pack: Pack) -> list[str]:
    """The ways in which a pack's vague words may be read, the usual one first."""
    known = [one.readings for one in pack.parameters.values() if one.readings is not None]
    others = [way for way in READINGS if any(getattr(one, way) is not None for one in known)]
    return ["", *others]


def _bound(pack: Pack, stage: Stage, as_of: str, reading: str) -> list[BoundRule]:
    parameters = pack.in_force(as_of, reading)
    return bind_rules(pack, stage, as_of, list(pack.tables), parameters)[0]


def every_claim(settings: list[Setting], wanted: Collection[str] | None = None) -> Iterator[Claim]:
    """The claims about a pack's rules, or about those that are ``wanted``, one after the other."""

    def asked(setting: Setting) -> Setting:
        if wanted is None:
            return setting
        return replace(setting, rules=[r for r in setting.rules if r.rule.id in wanted])

    for setting, rule in claims.distinct(map(asked, settings)):
        yield claims.engines_agree(setting, rule)
        yield from claims.less_never_helps(setting, rule)
        yield from pack_claims.tighter_never_loosens(setting, rule)
    yield from pack_claims.each_can_speak(asked(s) for s in settings if not s.reading)
    seen: set[str] = set()
    for setting in settings:
        key = repr([(r.rule.id, r.when, r.require, r.unset) for r in setting.rules])
        if key not in seen:
            seen.add(key)
            for claim in pack_claims.none_against_another(setting):
                if wanted is None or {claim.rule.rule.id, claim.about} & set(wanted):
                    yield claim


def _of_pack(pack: Pack, tree: Any, found: Proofs) -> None:
    sites = Sites(pack)
    excuses = {rule.id: read_cases(pack, rule).excused for rule in pack.rules.values()}
    used: set[tuple[str, str, str]] = set()
    told: set[tuple[str, str, str]] = set()
    settings = settings_of(pack)
    under = overlay_claims.below(pack, tree)
    layer = overlay_claims.layer_never_loosens(pack, under, settings) if under else ()
    wanted = overlay_claims.touched(pack) if under else None
    found.left_out += len(pack.rules) - len(wanted) if wanted is not None else 0
    for claim in (*every_claim(settings, wanted), *layer):
        claim = _excused(claim, excuses, used)
        found.counts[claim.name, claim.state] += 1
        key = (claim.rule.rule.id, claim.name, claim.about)
        if claim.state in (State.REFUTED, State.UNKNOWN) and key not in told:
            told.add(key)
            found.told.append(_told(claim, sites, pack))
    for rule in pack.rules.values():
        if wanted is not None and rule.id not in pack.added:
            continue  # an excuse below may be needed of what is not asked here
        for excuse in excuses[rule.id]:
            if (rule.id, excuse.claim, excuse.about) not in used:
                message = f"excused 中的 {excuse.claim} {excuse.about} 已经能够证明，或没有这一项"
                found.stale.append((excuse.place, message.strip(), "请删去"))


def _excused(
    claim: Claim, excuses: Mapping[str, tuple[Excuse, ...]], used: set[tuple[str, str, str]]
) -> Claim:
    """The claim, excused where a reason stands beside the rule, or in the language itself."""
    if claim.state is State.PROVED:
        return claim
    rule = claim.rule.rule
    for excuse in excuses.get(rule.id, ()):
        of_kind = claim.name == excuse.claim
        if claim.state is State.UNKNOWN and claim.name == "overlay":  # looked at once for any layer
            of_kind = excuse.claim == "tighter"
        if of_kind and excuse.about == claim.about:
            used.add((rule.id, excuse.claim, claim.about))
            return replace(claim, state=State.EXCUSED, why=excuse.reason)
    unread = rule.closed.get(claim.setting.stage, ())
    if (
        claim.state is State.REFUTED
        and claim.name == "less"
        and rule.pointer
        and claim.about in unread
    ):
        return replace(claim, state=State.EXCUSED, why=_BY_LANGUAGE)
    return claim


# --- as it is told -----------------------------------------------------------------------------


def _told(claim: Claim, sites: Sites, pack: Pack) -> tuple[str, str, str, str]:
    """(place, message, way out, the subject against it) of what is refuted or unknown."""
    rule = claim.rule.rule
    place = sites.of(rule, "require" if rule.require is not None else "review")
    if claim.state is State.UNKNOWN:
        subject = f"{CLAIMS[claim.name]}（{claim.about}）" if claim.about else CLAIMS[claim.name]
        hint = "请把条件拆开再试；人核对过的，在用例文件的 excused 里写明理由"
        way = READINGS.get(claim.setting.reading, "")
        return place, f"{way}不能证明“{subject}”：{claim.why}", hint, ""
    if claim.world is None:
        message, hint = _NEVER[claim.name]
        return place, message, hint, ""
    newer = pack if claim.name == "overlay" else None
    against = counterexamples.find(claim, newer)
    before = counterexamples.OUTCOMES_SAID[against.before]
    after = counterexamples.OUTCOMES_SAID[against.after] if against.after is not None else ""
    message, hint = _SAID[claim.name]
    head = f"反例（可写进 {case_path(rule)} 的 cases）：\n" if against.cases else "反例：\n"
    told = READINGS.get(claim.setting.reading, "")
    told += message.format(before=before, after=after, about=claim.about)
    return place, told, hint.format(about=claim.about), head + against.text()


_NEVER: Final[Mapping[str, tuple[str, str]]] = {
    "applies": (
        "没有一个对象适用：when 从不成立",
        "请核对 when，或删去这条规则",
    ),
    "objects": (
        "没有一个对象会不符合或存疑：这条规则总是成立",
        "请核对 require 和 review；本来如此的，在用例文件的 excused 里写明理由",
    ),
    "passes": (
        "没有一个适用的对象会符合",
        "请核对 require 和 review；本来如此的，在用例文件的 excused 里写明理由",
    ),
}
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "engines": (
        "两个引擎的意思不同：直接求值得出{before}，网络的模式得出{after}",
        "这是程序的错，请把规则和反例交给维护者",
    ),
    "less": (
        "少填 {about}，结论从{before}变成{after}",
        "请核对 closed；条款许可不写的，在用例文件写 "
        "excused: [{{claim: less, about: {about}, reason: 理由}}]",
    ),
    "pairs": (
        "与规则 {about} 矛盾：两条都适用时，各自能够符合，却不能同时符合",
        "请核对两条规则的界限",
    ),
    "overlay": (
        "叠加以后结论从{before}变成{after}，没有写明依据",
        "请改为更严的值，或写明 authority（放宽的依据）",
    ),
    "tighter": (
        "按 tighter 收紧参数 {about}，结论从{before}变成{after}",
        "请核对参数的 tighter 和它在条件里的用法；另有规则管着的，在用例文件写 "
        "excused: [{{claim: tighter, about: {about}, reason: 理由}}]",
    ),
}
