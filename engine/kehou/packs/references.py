"""``references`` of pack.yaml: what a field names stands in another table (docs/language.md §1.15).

The schema says where it stands (``x-refers``); the pack says by which clauses, how weighty, at
which stages. Each entry becomes the rule ``ref-<field>``, with ``back`` also ``ref-back-<field>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kehou.fields import Field, Schema
from kehou.language import Derivation, suggest
from kehou.language.yaml_places import Place, flag, mapping, text
from kehou.model.rules import Cond, Const, FieldRef, Reference, Review, Rule
from kehou.packs.generated_rules import (
    HEAD_KEYS,
    Generated,
    both,
    closed_at,
    condition_of,
    entries,
    head,
    holds,
    one_of,
    stated,
)

_KEYS = (*HEAD_KEYS, "outcome", "needed", "back")
#: The ends of time, where a row does not say from or to when it is in force.
_ALWAYS = ("0001-01-01", "9999-12-31")


def add_references(tree: Any, at: Place, made: Generated) -> None:
    """The rules of every entry; what is wrong in one is noted at its place."""
    for path, entry, place in entries(tree, at):
        field = made.schema.field(path)
        if field is None or field.refers is None:
            known = [f.path for f in made.schema.walk() if f.refers is not None]
            place.fault(f"材料结构中 {path} 没有写 x-refers", suggest(path, known))
            continue
        d = mapping({} if entry is None else entry, place, _KEYS)
        _add(_Made.of(made, field), d, place, made)


@dataclass(frozen=True)
class _Made:
    """A reference with the entity and the derived fields that it is judged by."""

    field: Field
    entity: str
    name: str
    known: tuple[str, ...]
    in_force: tuple[str, ...]
    on: str
    targets: tuple[tuple[str, str, str], ...]
    tables_en: tuple[str, ...]

    @classmethod
    def of(cls, made: Generated, field: Field) -> _Made:
        """The subjects, the lookups in each table, and what they are called."""
        refers = field.refers
        assert refers is not None
        entity = made.subjects(field.path)
        name = _own_name(made, field)
        targets = tuple(_target(made, path) for path in refers.to)
        stem = f"ref_{name.replace('.', '_')}"
        plain, dated = [], []
        on = _date_name(made, field, refers.on)
        for i, (rows, theirs, _) in enumerate(targets):
            tail = f"_{i + 1}" if len(targets) > 1 else ""
            match = ((name, theirs),)
            plain.append(
                made.derive(Derivation(entity, stem + tail, "lookup", over=rows, match=match))
            )
            if on:
                window = _window(made, rows, refers.valid)
                dated.append(
                    made.derive(
                        Derivation(
                            entity,
                            f"{stem}{tail}_on",
                            "lookup",
                            over=rows,
                            match=match,
                            at=on,
                            valid=window,
                        )
                    )
                )
        for found in (*plain, *dated):
            made.known[entity, found] = Reference(entity, name, targets)
        tables = tuple(_list_of(made, path) for path in refers.to)
        called = tuple(rows.title_en or rows.title for rows in tables)
        return cls(field, entity, name, tuple(plain), tuple(dated), on, targets, called)

    def found(self, names: tuple[str, ...], value: bool) -> Cond:
        """That the value stands in one of the tables, or in none of them."""
        tests = tuple(holds(name, value) for name in names)
        return one_of(*tests) if value else both(*tests)

    def told_by_table(self, made: Generated) -> Cond | None:
        """That the lookup has an answer, where a table is the authority's: not loaded, not judged.

        A review that rests on such a table would only be off, and the rule would pass.
        """
        tables = made.schema.root.fields
        to = self.field.refers.to if self.field.refers is not None else ()
        heads = {path.partition(".")[0] for path in to}
        if not any(tables[head].bureau for head in heads):
            return None
        return both(*(stated(name) for name in self.known))


def _own_name(made: Generated, field: Field) -> str:
    lists = made.schema.lists_around(field.path)
    if not lists:
        return field.path
    return "value" if lists[-1] == field.path else field.path.removeprefix(f"{lists[-1]}.")


def _target(made: Generated, path: str) -> tuple[str, str, str]:
    """(entity, its field, what the list is called)."""
    lists = made.schema.lists_around(path)
    rows = _list_of(made, path)
    name = "value" if lists[-1] == path else path.removeprefix(f"{lists[-1]}.")
    return made.subjects(path), name, rows.title


def _list_of(made: Generated, path: str) -> Field:
    """The list in whose rows a field stands."""
    rows = made.schema.field(made.schema.lists_around(path)[-1])
    assert rows is not None
    return rows


def _date_name(made: Generated, field: Field, on: str) -> str:
    """How a rule on the subjects names the date: by a field of the row, else by its whole path."""
    lists = made.schema.lists_around(field.path)
    for rows in reversed(lists):
        if on and made.schema.field(f"{rows}.{on}") is not None:
            return f"{rows}.{on}".removeprefix(f"{lists[-1]}.")
    return on


def _window(made: Generated, rows: str, valid: tuple[str, str]) -> tuple[str, str]:
    """Derived fields that say from and to when a row is in force; open where it does not say."""
    names = []
    for own, end in zip(valid, _ALWAYS, strict=True):
        args = (FieldRef(own), Const(end))
        names.append(made.derive(Derivation(rows, f"in_force_{own}", "first", args=args)))
    return names[0], names[1]


def _add(one: _Made, d: Mapping[str, Any], at: Place, made: Generated) -> None:
    own = head(d, at, made)
    needed = flag(d.get("needed"), at / "needed")
    fails = text(d.get("outcome"), at / "outcome", "review") == "fail"
    if text(d.get("outcome"), at / "outcome", "review") not in ("review", "fail"):
        (at / "outcome").fault("outcome 写 review 或 fail", "不写就是 review")
    if fails and not own["clauses"]:
        (at / "outcome").fault("没有写 clauses 的只能提请核查", "请写依据的条款，或删去 outcome")
    given = condition_of(d, at)
    asked = {} if needed else closed_at(own["stages"], {one.name: one.field})
    # Where a value is always asked for and cannot be none, nothing is left to apply to.
    says = stated(one.name) if asked or _may_be_none(made, one.field) else None
    applies = both(given, says) if given is not None or says is not None else None
    missing = both(given, one.found(one.known, False))
    zh, en = _texts(one, d, at, made.schema)
    reviews = [] if fails else [Review(missing, zh["reason"])]
    english = [] if fails else [en["reason"]]
    if one.in_force:
        late = both(given, one.found(one.known, True), one.found(one.in_force, False))
        reviews.append(Review(late, zh["late"]))
        english.append(en["late"])
    rule = Rule(
        id=f"ref-{one.field.path.replace('.', '-').replace('_', '-')}",
        title=zh["title"],
        each=one.entity,
        closed=asked,
        when=applies,
        require=one.found(one.known, True) if fails else one.told_by_table(made),
        review=tuple(reviews),
        message=None,
        remedy=zh["remedy"],
        **own,
    )
    words = {"title": en["title"], "remedy": en["remedy"], "reason": english}
    if rule.require is not None:
        rule = replace(rule, message=zh["message"])
        words["message"] = en["message"]
    made.add(rule, words, at)
    refers = one.field.refers
    if refers is not None and refers.back:
        _add_back(one, d.get("back"), at / "back", made)
    elif "back" in d:
        (at / "back").fault("x-refers 没有写 back", "请在材料结构里写，或删去")


def _may_be_none(made: Generated, field: Field) -> bool:
    """Whether a row may state that it has no such value, in the field or a record that holds it."""
    lists = made.schema.lists_around(field.path)
    if lists and lists[-1] == field.path:  # a list that is none has no members
        return False
    steps = field.path.split(".")
    outer = lists[-1].count(".") + 1 if lists else 0
    held = (made.schema.field(".".join(steps[:n])) for n in range(outer + 1, len(steps) + 1))
    return any(step is not None and step.absent for step in held)


def _holder(field: Field, schema: Schema) -> Field:
    """The list that a field stands in, else its part, else itself: what its title is told by."""
    lists = [path for path in schema.lists_around(field.path) if path != field.path]
    part = lists[-1] if lists else field.path.partition(".")[0]
    return schema.field(part) or field


def _texts(
    one: _Made, d: Mapping[str, Any], at: Place, schema: Schema
) -> tuple[dict[str, str], dict[str, str]]:
    """The words of a reference in Chinese and in English; the entry's own come first."""
    held = _holder(one.field, schema)
    table = "”或“".join(dict.fromkeys(title for _, _, title in one.targets))
    field, slot = one.field, "{" + one.name + "}"
    written = f"写的“{slot}”" if not field.private else "所写的"
    near, on = "{" + one.known[0] + "}", "{" + one.on + "}"
    zh_head = f"{{label}}：{field.title}{written}在“{table}”中"
    zh = {
        "title": f"{held.title}写到的{field.title}在“{table}”中都有",
        "reason": f"{zh_head}没有{near}，请核查漏写还是写错",
        "message": f"{zh_head}没有{near}",
        "late": f"{zh_head}有，但{on}不在它的有效期内，请核查",
        "remedy": f"请核对{field.title}和“{table}”，使两处一致：漏写的补上，写错的更正",
    }
    name = (field.title_en or field.name).lower()
    there = "” or “".join(dict.fromkeys(one.tables_en))
    en_head = f"{{label}}: the {name}" + ("" if field.private else f" “{slot}”")
    en = {
        "title": f"Every {name} written in “{held.title_en or held.title}” stands in “{there}”",
        "reason": f"{en_head} does not stand in “{there}”{near}; see which is right",
        "message": f"{en_head} does not stand in “{there}”{near}",
        "late": f"{en_head} stands in “{there}” and is not in force on {on}; see which is right",
        "remedy": f"Make the {name} and “{there}” agree: add what was left out, mend what is wrong",
    }
    for key, told in (("title", "title"), ("reason", "reason"), ("remedy", "remedy")):
        if d.get(key) is not None:
            zh[told] = text(d[key], at / key)
            if key == "reason":
                zh["message"] = zh["reason"]
    return zh, en


def _add_back(one: _Made, tree: Any, at: Place, made: Generated) -> None:
    """Each row of the table is named by some row here."""
    d = mapping({} if tree is None else tree, at, HEAD_KEYS)
    rows, theirs, title = one.targets[0]
    used = made.derive(
        Derivation(
            rows, f"named_by_{one.entity}", "has", over=one.entity, same=((one.name, theirs),)
        )
    )
    own = head(d, at, made)
    given = condition_of(d, at)
    place = made.schema.field(made.schema.lists_around(one.field.path)[-1])
    here = place.title if place is not None else one.field.title
    here_en = (place.title_en or place.title) if place is not None else one.field.title_en
    table_en = one.tables_en[0]
    reason = f"没有一处{here}写到{{label}}，请核查是否用到"
    remedy = f"请核对“{title}”和{here}：用到的写上，不用的删去"
    rule = Rule(
        id=f"ref-back-{one.field.path.replace('.', '-').replace('_', '-')}",
        title=text(d.get("title"), at / "title", f"“{title}”的每一项都有{here}写到"),
        each=rows,
        closed=closed_at(own["stages"], {theirs: None}),
        when=both(given, stated(theirs)),
        require=None,
        review=(
            Review(
                both(given, stated(theirs), holds(used, False)),
                text(d.get("reason"), at / "reason", reason),
            ),
        ),
        message=None,
        remedy=text(d.get("remedy"), at / "remedy", remedy),
        **own,
    )
    english = {
        "title": f"Every row of “{table_en}” is named in “{here_en}”",
        "remedy": f"Compare “{table_en}” and “{here_en}”: write what is used, strike what is not",
        "reason": [f"{{label}} is named in none of “{here_en}”; see whether it is used"],
    }
    made.add(rule, english, at)


__all__ = ["add_references"]
