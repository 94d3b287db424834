"""Quality gates on ``{name}`` in what rules say: each names one thing that may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kehou.language.near_words import slot_hint
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites

_ENGLISH = "i18n/en.yaml"
_SLOT = re.compile(r"\{([^{}]+)\}")
#: What a slot of this name shows of any subject.
_OF_SUBJECTS = ("label", "ordinal")


def slots(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Every slot of a text names a field, a parameter or a label, and no private field."""
    for rule in pack.rules.values():
        for place, text in _texts(pack, rule.id, sites):
            for name in _SLOT.findall(text):
                if name in _OF_SUBJECTS or name in pack.parameters:
                    continue
                try:
                    kind, _ = pack.type_of(rule.each, name)
                except (KeyError, ValueError):
                    message = f"文字中的 {{{name}}} 不是字段或参数"
                    yield (
                        place,
                        message,
                        slot_hint(
                            name,
                            [*pack.vocabulary.own_fields(rule.each), *pack.parameters],
                            rule.each,
                        ),
                    )
                    continue
                if kind.private:
                    yield place, f"文字中的 {{{name}}} 是不得显示的字段", "请改用编号"


def money_twice(pack: Pack, sites: Sites) -> Iterator[Found]:
    """An amount of money is shown with its unit: 元 after it would be said twice."""
    for rule in pack.rules.values():
        for place, text in _texts(pack, rule.id, sites):
            named = re.findall(r"\{([^{}]+)\}\s*元", text)
            twice = [f"{{{one}}}" for one in named if _kind(pack, rule.each, one) == "money"]
            if twice:
                told = f"金额 {'、'.join(twice)} 自己带“元”，这里又写了“元”"
                yield place, told, "请删去后面的“元”"


def _kind(pack: Pack, each: str, name: str) -> str:
    if name in pack.parameters:
        return pack.parameters[name].type.kind
    try:
        return pack.type_of(each, name)[0].kind
    except (KeyError, ValueError):
        return ""


def _texts(pack: Pack, rule_id: str, sites: Sites) -> Iterator[tuple[str, str]]:
    """(file:line, text) of everything that a rule says, in both languages."""
    rule = pack.rules[rule_id]
    for key, text in (("message", rule.message), ("remedy", rule.remedy)):
        if text:
            yield sites.of(rule, key), text
    for i, review in enumerate(rule.review):
        yield sites.of(rule, "review", i, "reason"), review.reason
    english = pack.english.get(rule.id)
    for key, value in english.items() if isinstance(english, Mapping) else ():
        listed = value if isinstance(value, list) else [value]
        for i, text in enumerate(listed):
            steps = (key, i) if isinstance(value, list) else (key,)
            if isinstance(text, str):
                yield sites.at(_ENGLISH, rule.id, *steps), text


# --- names that mean two things ----------------------------------------------------------------


def two_meanings(pack: Pack, sites: Sites) -> Iterator[Found]:
    """A name means one thing where a text shows it: a parameter, a field, or the subject's label.

    Of a pack with layers the topmost answers for what it adds, also to the texts of those below.
    """
    hint = "请给其中一个改名"
    told = set()
    for owner, name in pack.derivations:
        if (owner, name) in pack.generated:
            continue
        if name in pack.parameters:
            place = _whose(pack, sites, ("fields", f"{owner}.{name}"), name)
            if place and name not in told:
                message = f"派生字段 {owner}.{name} 与参数 {name} 同名，文字里的"
                yield place, f"{message} {{{name}}} 有两个意思", hint
            told.add(name)
        elif name in _OF_SUBJECTS:
            place = _whose(pack, sites, ("fields", f"{owner}.{name}"), "")
            if place:
                message = f"派生字段不能叫 {name}，文字里的 {{{name}}} 是对象的称呼或序号"
                yield place, message, "请给它改名"
    for rule in pack.rules.values():
        for place, text in _texts(pack, rule.id, sites):
            for name in _SLOT.findall(text):
                if name not in pack.parameters or name in told or not _field(pack, rule.each, name):
                    continue
                told.add(name)
                where = _whose(pack, sites, (), name)
                if not where and rule.id in pack.added:
                    where = place
                if where:
                    message = f"参数 {name} 与 {rule.each} 的字段同名，规则 {rule.id} 的文字里的"
                    yield where, f"{message} {{{name}}} 有两个意思", hint


def _whose(pack: Pack, sites: Sites, field: tuple[str, ...], parameter: str) -> str:
    """Where the pack or its topmost layer writes a derived field or else a parameter, if it does.

    A value that a layer gives to a parameter from below brings no name.
    """
    facts = sites.document("facts.yaml")
    if field and facts is not None and facts.key_span("/" + "/".join(field)) is not None:
        return sites.at("facts.yaml", *field)
    layer = pack.layers[-1].id if pack.layers else pack.id
    values = pack.parameters[parameter].values if parameter else ()
    ours = all(value.layer == layer for value in values) if values else not pack.layers
    return sites.at("pack.yaml", "parameters", parameter) if parameter and ours else ""


def _field(pack: Pack, entity: str, name: str) -> bool:
    try:
        pack.type_of(entity, name)
    except (KeyError, ValueError):
        return False
    return True


__all__ = ["slots", "two_meanings"]
