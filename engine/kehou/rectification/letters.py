"""The 限期整改通知书, the reply form and the 整改情况表, as text, page, Word, JSON and YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from kehou.rectification.notice_letter import Texts, notice, plain
from kehou.rectification.papers import grouped
from kehou.rectification.unread_cells import told as place_told
from kehou.render import Document
from kehou.render.office import Paragraph, Rows, title_of
from kehou.render.programs import dumps
from kehou.render.words import Words, visible

#: Results of an item in the order in which they are counted.
RESULTS = (
    "fixed",
    "open",
    "partly",
    "review",
    "insufficient",
    "disputed",
    "reopened",
    "waived",
    "gone",
)
_STYLE = (
    "body{max-width:48em;margin:auto;padding:1em;font-family:serif;line-height:1.7}"
    "p{overflow-wrap:anywhere}h1{text-align:center;font-size:1.4em}h2{font-size:1.1em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #8a8a8a;padding:.25em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}tr{break-inside:avoid}"
    ".Body{text-indent:2em}.Organ,.Date{text-align:right}@page{size:A4;margin:25mm}"
)


#: Every format; each function is given a notice or a closure table, and the catalogue.
FORMATS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "text": Document("rectification.letters", "as_text"),
        "html": Document("rectification.letters", "as_html"),
        "docx": Document("rectification.letters", "as_docx", binary=True),
        "json": Document("rectification.letters", "as_json"),
        "yaml": Document("rectification.letters", "as_yaml"),
    }
)


def as_text(document: Mapping[str, Any], words: Words, annex: bool = False) -> str:
    """The letter as plain text."""
    lines: list[str] = []
    for part in parts(document, words, annex):
        lines += plain(part) if isinstance(part, Rows) else [part.text]
    return "".join(visible(line) + "\n" for line in lines)


def as_html(document: Mapping[str, Any], words: Words, annex: bool = False) -> str:
    """The letter as one page."""
    return _page(list(parts(document, words, annex)), words)


def as_docx(document: Mapping[str, Any], words: Words, annex: bool = False) -> bytes:
    """The letter as a Word document."""
    from kehou.render.office import letter

    told = list(parts(document, words, annex))
    # Every page of a letter has this remark at its foot already.
    kept = [part for part in told if isinstance(part, Rows) or part.style != "Remark"]
    return letter(kept, _title(told)[:255], words)


def as_json(document: Mapping[str, Any], words: Words, annex: bool = False) -> str:
    """The document for programs, whatever the words."""
    return dumps(dict(document))


def as_yaml(document: Mapping[str, Any], words: Words, annex: bool = False) -> str:
    """The document as YAML, whatever the words."""
    return yaml(document)


def parts(
    document: Mapping[str, Any], words: Words, annex: bool = False
) -> Iterator[Paragraph | Rows]:
    """A notice or a closure table, part by part.

    What is missing is told by paper; the annex has every item of it.
    """
    if document["format"].startswith("kehou-notice"):
        return notice(document, Texts(words, "notice"), annex)
    return _closure(document, Texts(words, "closure"))


def _closure(d: Mapping[str, Any], texts: Texts) -> Iterator[Paragraph]:
    words, say = texts.words, texts.say
    yield title_of(words["closure.title"], subject=texts.name(d))
    counts = {name: sum(r["result"] == name for r in d["items"]) for name in RESULTS}
    counted = [say("counted", result=say(f"result.{name}"), n=n) for name, n in counts.items() if n]
    told = words["comma"].join(counted) or say("nothing")
    due = texts.day(d["due"])
    yield Paragraph("Body", say("overview", due=due, n=len(d["items"]), counts=told))
    silent = [r["number"] for r in d["items"] if not r["replied"]]
    if silent:
        yield Paragraph("Body", say("silent", numbers=words["list"].join(_runs(silent))))
    for rows in _alike(d["items"]):
        if len(rows) > 1:
            yield from _closed_paper(rows, d, texts)
            continue
        (r,) = rows
        head = say("item", number=r["number"], result=say(f"result.{r['result']}"), id=r["id"])
        yield Paragraph("Heading1", head)
        yield Paragraph("Body", say("problem", problem=r["problem"]))
        yield Paragraph("Body", _reply(r, texts))
        if r["members"]["all"] > 1:
            yield Paragraph("Body", say("checked", **r["members"]))
        for seen in r["now"]:
            yield Paragraph("Body", _why(seen, r, texts))
        for told in _looked(r, d, texts):
            yield Paragraph("Body", told)
    yield Paragraph("Remark", words["page.footer"])


def _alike(items: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Rows of one paper that came to the same and were answered alike, together."""
    for group in grouped(items):
        parts: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
        for r in group:
            said = (r["result"], r["late"], r["done"], r["date"], r["evidence"], r["objection"])
            parts.setdefault(said, []).append(r)
        yield from parts.values()


def _closed_paper(
    rows: Sequence[Mapping[str, Any]], d: Mapping[str, Any], texts: Texts
) -> Iterator[Paragraph]:
    """Several rows of one paper that came to the same; what is said of some alone names them."""
    words, say, first = texts.words, texts.say, rows[0]
    numbers = words["list"].join(_runs([r["number"] for r in rows]))
    result = say(f"result.{first['result']}")
    yield Paragraph("Heading1", say("paper", numbers=numbers, result=result, n=len(rows)))
    lacking = say("unread" if first.get("cells") else "lacking", paper=first["paper"])
    yield Paragraph("Body", say("problem", problem=lacking))
    yield Paragraph("Body", _reply(first, texts))
    seen: dict[str, list[int]] = {}
    for r in rows:
        for why in (*(_why(one, r, texts) for one in r["now"]), *_looked(r, d, texts)):
            seen.setdefault(why, []).append(r["number"])
    for why, whose in seen.items():
        of = words["list"].join(_runs(list(dict.fromkeys(whose))))
        yield Paragraph("Body", why if len(whose) == len(rows) else say("of", numbers=of, why=why))


def _runs(numbers: Sequence[int]) -> list[str]:
    """Numbers in order, three or more in a row as the first and the last of them."""
    found: list[list[int]] = []
    for n in numbers:
        if found and found[-1][-1] == n - 1:
            found[-1].append(n)
        else:
            found.append([n])
    return [
        told
        for run in found
        for told in ([f"{run[0]}—{run[-1]}"] if len(run) > 2 else list(map(str, run)))
    ]


def _why(seen: Mapping[str, Any], r: Mapping[str, Any], texts: Texts) -> str:
    """What the re-check says of something that is not settled, and what changed about it."""
    say, words = texts.say, texts.words
    at = words["notice.at"].format(place=place_told(seen["place"])) if seen["place"] else ""
    if not seen["message"]:
        told = say(f"now.{seen['outcome']}", place=at)
    elif seen["message"] == r["problem"] and not seen["changed"]:
        told = say("now.same", outcome=words[f"outcome.{seen['outcome']}"])
    else:
        told = say(
            "now",
            outcome=words[f"outcome.{seen['outcome']}"],
            message=seen["message"].rstrip("。"),
            place=at,
        )
    if seen["n"] > 1:
        told = say("now.many", n=seen["n"], told=told)
    changes = [say("now.changed", **one) for one in seen["changed"]]
    if changes:
        told += say("now.since", changes=words["semicolon"].join(changes))
    return told


def _looked(r: Mapping[str, Any], d: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """What inspectors saw of an item, when, and by what evidence; what does not count says so."""
    say, words = texts.say, texts.words
    for kind, group in groupby(r.get("looks") or (), key=lambda one: str(one["kind"])):
        told = words["semicolon"].join(
            say(
                "look",
                day=texts.day(one["date"]),
                verdict=words[f"outcome.{one['verdict']}"],
                seen=one["seen"].rstrip("。"),
                evidence=one["evidence"] or words["no_evidence"],
                office=one["office"],
            )
            for one in group
        )
        if kind == "pass" and r["result"] in ("open", "reopened"):
            kind = "in_vain"
        yield say(f"look.{kind}", told=told, since=texts.day(d["since"]))


def _reply(r: Mapping[str, Any], texts: Texts) -> str:
    late = r["late"] and r["replied"]
    return texts.say("late" if late else "reply", reply=_replied(r, texts))


def _replied(r: Mapping[str, Any], texts: Texts) -> str:
    if not r["replied"]:
        return texts.say("no_reply")
    parts = [r["done"]] if r["done"] else []
    parts += [
        texts.say(name, said=r[name]) for name in ("date", "evidence", "objection") if r[name]
    ]
    return texts.words["semicolon"].join(parts)


def _title(told: Sequence[Paragraph | Rows]) -> str:
    return next(p.text for p in told if isinstance(p, Paragraph) and p.style == "Title")


def _table(rows: Rows) -> Iterator[str]:
    """A table of a page; on a telephone its cells stand below each other."""
    head = "".join(f'<th scope="col">{escape(visible(one))}</th>' for one in rows.heads)
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for row in rows.rows:
        cells = "".join(f"<td>{escape(visible(cell))}</td>" for cell in row)
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"


def _page(told: list[Paragraph | Rows], words: Words) -> str:
    tags = {"Title": "h1", "Heading1": "h2"}
    lines: list[str] = []
    for p in told:
        if isinstance(p, Rows):
            lines += _table(p)
            continue
        tag = tags.get(p.style, "p")
        lines.append(f'<{tag} class="{p.style}">{escape(visible(p.text))}</{tag}>')
    name = escape(visible(_title(told)))
    return (
        f'<!DOCTYPE html>\n<html lang="{words["html_lang"]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(lines)
        + "\n</main>\n</body>\n</html>\n"
    )


def yaml(document: Any) -> str:
    """A tree as block YAML; every scalar is quoted as in JSON, which YAML 1.2 reads alike."""
    return "".join(line + "\n" for line in _yaml(document))


def _yaml(tree: Any) -> Iterator[str]:
    entries = tree.items() if isinstance(tree, dict) else ((None, value) for value in tree)
    for key, value in entries:
        head = "-" if key is None else f"{_scalar(key)}:"
        if not isinstance(value, (dict, list)) or not value:
            yield f"{head} {_scalar(value)}"
        elif key is None:
            first, *rest = _yaml(value)
            yield f"- {first}"
            yield from ("  " + line for line in rest)
        else:
            yield head
            yield from ("  " + line for line in _yaml(value))


def _scalar(value: Any) -> str:
    if isinstance(value, str) and value.isascii() and value.isidentifier() and value.islower():
        return json.dumps(value) if value in ("true", "false", "null") else value
    return json.dumps(value, ensure_ascii=False)
