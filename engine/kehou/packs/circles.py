"""Derived fields that lead back to themselves: each circle is told once, with the way round."""

from __future__ import annotations

from kehou.language import ROOT
from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import Place
from kehou.packs.pack import inputs_of

Key = tuple[str, str]


def leave_out_circles(v: Vocabulary, at: Place) -> None:
    """Tell each circle at the first of its fields, and leave its fields out of the vocabulary."""
    while circle := _first_circle(v):
        way = " → ".join(f"{owner}.{name}" for owner, name in (*circle, circle[0]))
        owner, name = circle[0]
        place = at / "fields" / f"{owner}.{name}"
        place.fault(f"派生字段绕回自身：{way}", "请改其中一个，使它不由自己算出")
        v.broken.update(circle)
        v.derivations = {key: d for key, d in v.derivations.items() if key not in v.broken}


def _first_circle(v: Vocabulary) -> list[Key]:
    done: set[Key] = set()
    for start in v.derivations:
        found = _circle(v, start, (), done)
        if found:
            return found
    return []


def _circle(v: Vocabulary, key: Key, path: tuple[Key, ...], done: set[Key]) -> list[Key]:
    """The fields of a circle that is reached from a field, in order; [] where there is none."""
    if key in path:
        return list(path[path.index(key) :])
    if key in done:
        return []
    for step in _steps(v, key):
        found = _circle(v, step, (*path, key), done)
        if found:
            return found
    done.add(key)
    return []


def _steps(v: Vocabulary, key: Key) -> list[Key]:
    """The derived fields that a derived field is computed from."""
    found = (_derived(v, owner, name) for owner, name in inputs_of(v.derivations[key]) if name)
    return [step for step in found if step is not None]


def _derived(v: Vocabulary, owner: str, name: str) -> Key | None:
    """The derived field that a name stands for; None where it is stated or nobody's."""
    holder = ROOT if v.is_root(name) else owner
    key = (holder, name.removeprefix("submission."))
    while key not in v.derivations:
        d = v.entities.get(key[0])
        if d is None or not d.of or key[1] in v.own_fields(key[0]):
            return None
        if key[1] in {new for new, _ in (*d.over, *d.copy)}:
            return None
        key = (d.of, key[1])
    return key
