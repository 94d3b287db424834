"""What changed between two versions of a pack, as text, as JSON and as a page for the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kehou.authoring.pack_changes import KINDS, PackChange, PackChanges, counts
from kehou.render.page import page
from kehou.render.programs.json import dumps
from kehou.render.words import catalogue

PARTS: Final = ("parameter", "rule", "clause")
Words = Mapping[str, Any]


def render(changes: PackChanges, form: str, language: str = "zh") -> str:
    """The changes in ``text``, ``json`` or ``html``."""
    if form == "json":
        return dumps(_document(changes))
    words = catalogue.of_packs((changes.new,), language)
    if form == "html":
        return page(
            "policy-changes.html.j2",
            words,
            words["policy_changes.page"],
            changes=changes,
            parts=PARTS,
            summary=_summary(changes, words),
            note=lambda note: told(note, words),
        )
    return "".join(f"{line}\n" for line in _lines(changes, words))


def _lines(changes: PackChanges, words: Words) -> Iterator[str]:
    old, new = changes.old.used[-1], changes.new.used[-1]
    yield words["policy_changes.head"].format(
        old=f"{old.id} {old.version}", new=f"{new.id} {new.version}"
    )
    yield _summary(changes, words)
    for part in PARTS:
        for change in changes.of(part):
            kind = words[f"policy_changes.{change.kind}"]
            yield ""
            yield f"{words[f'policy_changes.{part}']} {kind}  {change.title}  {change.id}"
            yield from (f"  {told(note, words)}" for note in change.notes)
            if change.why:
                yield f"  {words['policy_changes.why'].format(why=change.why)}"
            yield from _shown(change, words)


def _shown(change: PackChange, words: Words) -> Iterator[str]:
    for subject in change.shown:
        before, after = (
            words[f"outcome.{o}"] if o else "" for o in (subject.before, subject.after)
        )
        yield f"  {words['policy_changes.shown'].format(before=before, after=after)}"
        yield from (f"  {line}" for line in subject.text().splitlines())


def told(note: tuple[str, str, str], words: Words) -> str:
    """What is stated otherwise, in a line; a day stands for a parameter's value from it on."""
    name, before, after = note
    title = words.get(f"policy_changes.of_{name}", name)
    return str(
        words["policy_changes.note"].format(
            name=title, before=_said(name, before, words), after=_said(name, after, words)
        )
    )


def _said(name: str, value: str, words: Words) -> str:
    """A severity, stage or status by its name, anything else as it stands."""
    if not value:
        return str(words["policy_changes.none"])
    vocabulary = {"severity": "severity", "stages": "stage", "status": "status"}.get(name)
    if vocabulary is None:
        return value
    return str(words["list"].join(words[f"{vocabulary}.{one}"] for one in value.split("、")))


def _summary(changes: PackChanges, words: Words) -> str:
    found = counts(changes)
    said = [
        words["policy_changes.count"].format(
            part=words[f"policy_changes.{part}"],
            kind=words[f"policy_changes.{kind}"],
            n=found[part, kind],
        )
        for part in PARTS
        for kind in KINDS
        if (part, kind) in found
    ]
    said.append(words["policy_changes.same"].format(n=changes.same))
    return str(words["comma"].join(said))


def _document(changes: PackChanges) -> dict[str, Any]:
    """The changes as a JSON document."""

    def one(change: PackChange) -> dict[str, Any]:
        return {
            "part": change.part,
            "kind": change.kind,
            "id": change.id,
            "title": change.title,
            "notes": [dict(zip(("name", "before", "after"), n, strict=True)) for n in change.notes],
            "why": change.why,
            "subjects": [
                {
                    "before": str(s.before),
                    "after": str(s.after) if s.after else None,
                    "values": dict(s.values),
                    "case": s.text() if s.cases else None,
                }
                for s in change.shown
            ],
        }

    def version(used: Any) -> dict[str, str]:
        return {"id": used.id, "version": used.version, "sha256": used.sha256}

    return {
        "format": "kehou-policy-changes/1",
        "old": [version(used) for used in changes.old.used],
        "new": [version(used) for used in changes.new.used],
        "changes": [one(change) for part in PARTS for change in changes.of(part)],
        "same": changes.same,
    }
