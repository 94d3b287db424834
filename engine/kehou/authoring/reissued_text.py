"""What a policy issued again changes: quotes that moved, changed or went, and their rules."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kehou.authoring.reissued import Change, Reissue
from kehou.packs import Pack
from kehou.render.words import Words, catalogue, visible

_KINDS = ("gone", "changed", "twice", "moved")


def render_text(pack: Pack, found: Reissue, language: str = "zh") -> str:
    """The clauses that are no longer as they were, the weightiest first, and what is new."""
    words = catalogue.of_packs([pack], language)
    lines = [*_lines(found, words)]
    return "".join(visible(line).rstrip() + "\n" for line in lines)


def _lines(found: Reissue, words: Words) -> Iterator[str]:
    for kind in _KINDS:
        of_kind = [change for change in found.changes if change.kind == kind]
        if not of_kind:
            continue
        yield words[f"reissued.{kind}"].format(n=len(of_kind))
        for change in of_kind:
            yield from _told(change, words)
        yield ""
    if found.added:
        yield words["reissued.added"].format(n=len(found.added))
        for number, text in found.added:
            yield "  " + words["reissued.new"].format(sentence=number, text=text)
        yield ""
    same = sum(change.kind == "same" for change in found.changes)
    yield words["reissued.total"].format(n=len(found.changes), same=same)


def _told(change: Change, words: Words) -> Iterator[str]:
    clause = change.clause
    was, now = clause.sentence, change.sentence
    key = "reissued.where" if change.kind in ("moved", "twice") else "reissued.clause"
    yield "  " + words[key].format(clause=clause.id, citation=clause.citation, was=was, now=now)
    if change.numbers != ("", ""):
        was_called, called = change.numbers
        yield "    " + words["reissued.numbers"].format(was=was_called, now=called)
    if change.kind == "moved":
        return
    yield "    " + words["reissued.was"].format(text=clause.quote)
    if change.kind == "changed":
        yield "    " + words["reissued.now"].format(sentence=now, text=change.text)
    if change.rules:
        yield "    " + words["reissued.rules"].format(rules=words["list"].join(change.rules))


def render_json(found: Reissue) -> str:
    """The same as JSON: ``clauses`` with what became of each, ``added`` sentences."""
    tree = {
        "clauses": [
            {
                "id": change.clause.id,
                "change": change.kind,
                "quote": change.clause.quote,
                "now": change.text,
                "sentence": change.clause.sentence,
                "sentence_now": change.sentence,
                "article": change.numbers[0] or None,
                "article_now": change.numbers[1] or None,
                "rules": list(change.rules),
            }
            for change in found.changes
        ],
        "added": [{"sentence": number, "text": text} for number, text in found.added],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
