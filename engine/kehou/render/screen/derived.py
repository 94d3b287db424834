"""A derived value in words: the function, what it reads, and which rows it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kehou.fields import show
from kehou.language.derivations import FUNCTIONS
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param

if TYPE_CHECKING:
    from kehou.fields import Field
    from kehou.language import Derivation
    from kehou.packs import Pack
    from kehou.render.words.wording import Words


def made_of(pack: Pack, d: Derivation, words: Words, language: str) -> str:
    """The function of a derivation, what the fields that it reads are called, and of which rows."""
    function = FUNCTIONS[d.fn]
    titles: dict[str, None] = {}
    for owner, names in ((d.entity, d.own_fields), (d.over, d.their_fields)):
        for name in names:
            titles.setdefault(_called(pack, owner, name, language))
    if d.over and d.over in pack.entities:
        rows = pack.vocabulary.field_of_rows(d.over)
        titles = {_title(rows, language) if rows is not None else d.over: None, **titles}
    head = function.title if language == "zh" else function.title_en
    listed = words["fields.made_of"].format(head=head, titles=words["list"].join(titles))
    for key, condition in (("where", d.where), ("that", d.that)):
        if condition is not None:
            said = _said(pack, d.over, condition, words, language)
            listed += words[f"fields.{key}"].format(condition=said)
    return listed


def _title(field: Field, language: str) -> str:
    return field.title if language == "zh" else field.title_en or field.title


def _called(pack: Pack, owner: str, name: str, language: str) -> str:
    field = pack.vocabulary.shown_field(owner, name) if owner else None
    return _title(field, language) if field is not None else name


def _said(pack: Pack, owner: str, condition: Cond, words: Words, language: str) -> str:
    """A condition on the rows of an entity in one line."""
    if isinstance(condition, Not):
        inner = _said(pack, owner, condition.item, words, language)
        return words["fields.not"].format(condition=inner)
    if isinstance(condition, (All, Any_)):
        parts = [_said(pack, owner, item, words, language) for item in condition.items]
        joint = words["fields.and" if isinstance(condition, All) else "fields.or"]
        return joint.join(parts)
    subject = _operand(pack, owner, condition.subject, None, language)
    if condition.op == "exists":
        given = getattr(condition.args[0], "value", True) is True
        return f"{subject} {words['op.exists' if given else 'op.exists.not']}"
    named = condition.subject.name if isinstance(condition.subject, FieldRef) else ""
    field = pack.vocabulary.shown_field(owner, named) if named else None
    told = [_operand(pack, owner, arg, field, language) for arg in condition.args]
    return f"{subject} {words[f'op.{condition.op}']} {words['list'].join(told)}"


def _operand(pack: Pack, owner: str, arg: Any, field: Field | None, language: str) -> str:
    if isinstance(arg, Const):
        plain = isinstance(arg.value, (str, int, float, bool, tuple, list))
        return show(arg.value, field, language) if plain else str(arg.value)
    if isinstance(arg, Param):
        return f"“{pack.parameters[arg.name].title}”"
    return _called(pack, owner, arg.name, language)


__all__ = ["made_of"]
