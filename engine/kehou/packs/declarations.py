"""A pack's rules as it declares them, in every language that it has, whether or not they run.

Formats for programs list all rules and not only those that found something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from kehou.fields import show
from kehou.language import Parameter
from kehou.model.report import DeclaredRule
from kehou.model.rules import Rule
from kehou.packs.pack import Pack

_SLOT = re.compile(r"\{([^{}]+)\}")


def declared(pack: Pack, as_of: str) -> tuple[DeclaredRule, ...]:
    """All rules of a pack, their remedies with the parameters in force on ``as_of``."""
    parameters = pack.in_force(as_of)
    return tuple(_declared(pack, rule, parameters) for rule in pack.rules.values())


def _declared(pack: Pack, rule: Rule, parameters: Mapping[str, Parameter]) -> DeclaredRule:
    titles, remedies = {"zh": rule.title}, {"zh": rule.remedy}
    english = pack.english.get(rule.id)
    if isinstance(english, Mapping):
        titles["en"] = str(english.get("title") or rule.title)
        remedies["en"] = str(english.get("remedy") or rule.remedy)
    for language, remedy in remedies.items():
        slot = partial(_slot, pack=pack, rule=rule, parameters=parameters, language=language)
        remedies[language] = _SLOT.sub(slot, remedy)
    return DeclaredRule(
        rule.id, rule.severity, rule.area, rule.stages, rule.clauses, titles, remedies
    )


def _slot(
    found: re.Match[str],
    pack: Pack,
    rule: Rule,
    parameters: Mapping[str, Parameter],
    language: str,
) -> str:
    """A parameter's value where it has one for all, else what the slot is for, in 〔〕."""
    name = found[1]
    parameter = parameters.get(name)
    if parameter is not None and parameter.value is not None:
        return show(parameter.value, parameter.type.kind, language)
    if parameter is not None:
        return f"〔{pack.told_in(language).parameters[name].title}〕"
    field = pack.vocabulary.shown_field(rule.each, name)
    if field is None:
        return "〔…〕"
    return f"〔{field.title if language == 'zh' else field.title_en or name}〕"


def in_general(pack: Pack, rule: Rule, text: str, as_of: str, language: str) -> str:
    """A text of a rule as it holds for every subject, its slots as in a declared remedy."""
    slot = partial(_slot, pack=pack, rule=rule, parameters=pack.in_force(as_of), language=language)
    return _SLOT.sub(slot, text)


__all__ = ["declared", "in_general"]
