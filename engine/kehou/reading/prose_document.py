"""A document of prose as a submission: what it says, each value with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from kehou import data
from kehou.documents import open_paper, passages
from kehou.errors import PackError
from kehou.fields import MASK, Field, Schema
from kehou.fields.privacy import is_like_name, numbers_masked
from kehou.readers import DEFAULT, Document, Limits, Plain, ReadError, Source
from kehou.readers.source import Node, Twice, tree_finder
from kehou.reading.facts_read import Read, against, facts_of
from kehou.reading.library import Library, digest_of, load_library
from kehou.reading.listed_rows import Listed, Where
from kehou.reading.lists_read import listed, paths_of
from kehou.reading.mentions import Statement, statements

#: The folder of patterns that belong to a schema, beside the lexicons.
_SHARED: Final = "common"
_NAME: Final = re.compile(r"[\u4e00-\u9fff·]{2,7}")
#: Only what says it plainly contradicts a fact; what may say it leaves the fact out.
_PLAIN: Final = "explicit"
#: Names follow a word for who they are within so many characters.
_NEAR_LABEL: Final = 60
#: Members of a statement that the schema's word names.
_MEMBERS: Final = ("topic", "polarity", "tier", "subject", "words", "quote", "section")


def patterns_digest(schema: Schema) -> str:
    """The hash of all that prose of a schema is read by; "" where none is read."""
    part = schema.statements
    return digest_of(data.rules().joinpath(_SHARED, part.statement["folder"])) if part else ""


@lru_cache(maxsize=8)
def library_of(folder: str) -> Library:
    """The patterns that come with kehou under a name; raises PackError where they are broken."""
    found, faults = load_library(data.rules().joinpath(_SHARED, folder))
    if found is None:
        raise PackError(faults or [(folder, "没有 scope.yaml", "")])
    return found


def read_prose(name: str, content: bytes, schema: Schema, limits: Limits = DEFAULT) -> Document:
    """The document of a file of prose; a line of its text is a paragraph of the file.

    Raises ``ReadError`` where the file cannot be read, or no schema says what prose is read for.
    """
    part = schema.statements
    if part is None:
        error = ReadError("这种材料的结构没有写怎样读文字", hint="请把内容填进表格再检查")
        error.locate(name)
        raise error
    paper = open_paper(name, content, limits)
    library = library_of(part.statement["folder"])
    found = statements(paper, library)
    lines = [_shown(paragraph.block.shown, library) for paragraph in paper.paragraphs]
    starts = _starts(lines)
    rows = [_row(one, part, lines) for one in found]
    text = "\n".join(lines)
    places = [
        _place(row, starts[one.paragraph] + one.start, starts[one.paragraph] + one.end)
        for one, row in zip(found, rows, strict=True)
    ]
    facts, twice = facts_of(paper, library)
    tree: dict[str, Any] = {part.name: rows} if rows else {}
    top: dict[str, tuple[int, int, Node]] = {part.name: (0, 0, Node(0, len(text), places))}
    denied = list(against(facts, found))
    for fact in facts:
        if any(one is fact for one, _, _ in denied):
            continue
        start = starts[fact.paragraph]
        _put(tree, top, fact.path.split("."), fact.value, (start + fact.start, start + fact.end))
    rows_read = listed(paper, library)
    _put_lists(tree, top, rows_read, starts)
    whole = Node(0, len(text), top)
    told = _doubtful(twice, schema)
    return Document(
        Source(name, content, text, "prose"),
        tree,
        tree_finder(lambda: whole),
        unread=(_read_only(library, part, schema), *paper.unread, *told),
        is_prose=True,
        basis=library.sha256,
        twice=(
            *_denied([one for one in denied if one[2].tier == _PLAIN], part, lines),
            *_twice(rows_read, lines),
        ),
        open_lists=tuple("/" + path.replace(".", "/") for path in paths_of(library)),
        passages=tuple(
            one._replace(section=_shown(one.section, library)) for one in passages(paper)
        ),
    )


def _denied(
    found: Sequence[tuple[Read, int, Statement]], part: Field, lines: Sequence[str]
) -> Iterator[Twice]:
    """Facts that the paper states and plans the opposite of, each with both paragraphs."""
    for fact, index, one in found:
        said = (lines[fact.paragraph][fact.start : fact.end], lines[one.paragraph])
        short = (said[0], said[1][one.quoted[0] : one.quoted[1]].strip())
        places = (fact.paragraph + 1, one.paragraph + 1)
        yield Twice(f"/{part.name}/{index}", short, places)


def _put_lists(
    tree: dict[str, Any],
    places: dict[str, tuple[int, int, Node]],
    found: Sequence[Listed],
    starts: Sequence[int],
) -> None:
    """Set the lists of rows, and what the rows tell of other fields where nothing else does."""

    def span(where: Where) -> tuple[int, int]:
        return starts[where.paragraph] + where.start, starts[where.paragraph] + where.end

    for path in dict.fromkeys(one.path for one in found):
        rows = [one for one in found if one.path == path]
        spans = [span(one.where) for one in rows]
        _put_rows(tree, places, path.split("."), [dict(one.values) for one in rows], spans)
        for other, value in rows[0].sets.items():
            _put(tree, places, other.split("."), value, spans[0])


def _twice(rows: Sequence[Listed], lines: Sequence[str]) -> Iterator[Twice]:
    """What the paper states of a row in two ways, with both paragraphs."""
    counts: dict[str, int] = {}
    for row in rows:
        index = counts[row.path] = counts.get(row.path, -1) + 1
        if row.against is not None:
            both = (row.where, row.against)
            yield Twice(
                f"/{row.path.replace('.', '/')}/{index}/{row.twice}",
                tuple(lines[one.paragraph][one.start : one.end] for one in both),
                tuple(one.paragraph + 1 for one in both),
            )


def _shown(text: str, library: Library) -> str:
    """A paragraph as it may be quoted: one line, without numbers and names of persons."""
    text = numbers_masked(text.replace("\n", " "))
    for match in library.scope.words("people").finditer(text):
        for part in _NAME.finditer(text, match.end(), match.end() + _NEAR_LABEL):
            if is_like_name(part[0]):
                text = text[: part.start()] + MASK[0] * len(part[0]) + text[part.end() :]
    return text


def _starts(lines: Sequence[str]) -> list[int]:
    """Where each line begins in the text that they make."""
    at, found = 0, []
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found


def _row(one: Statement, part: Field, lines: Sequence[str]) -> dict[str, Any]:
    """A statement as a row of the schema's part; what is quoted is taken from what may be shown."""
    line = lines[one.paragraph]
    told = {
        "topic": one.topic.replace("-", "_"),
        "polarity": one.polarity,
        "tier": one.tier,
        "subject": one.subject or None,
        "words": line[one.start : one.end],
        "quote": line[one.quoted[0] : one.quoted[1]].strip(),
        "section": one.section or None,
    }
    return {part.statement[member]: told[member] for member in _MEMBERS if told[member] is not None}


def _place(row: dict[str, Any], start: int, end: int) -> Node:
    """Where a statement stands: each of its columns is read from the same words."""
    return Node(start, end, {name: (start, end, Node(start, end)) for name in row})


def _put(
    tree: dict[str, Any],
    places: dict[str, tuple[int, int, Node]],
    path: Sequence[str],
    value: str,
    at: tuple[int, int],
) -> None:
    """Set a value below its records, in the tree and among the places."""
    *above, last = path
    for step in above:
        tree = tree.setdefault(step, {})
        _, _, node = places.setdefault(step, (*at, Node(*at, {})))
        assert isinstance(node.children, dict)
        places = node.children
    tree[last] = Plain(value)
    places[last] = (*at, Node(*at))


def _put_rows(
    tree: dict[str, Any],
    places: dict[str, tuple[int, int, Node]],
    path: Sequence[str],
    rows: Sequence[dict[str, Any]],
    spans: Sequence[tuple[int, int]],
) -> None:
    """Set a list of rows below its records; each field of a row was read at the row's words."""
    *above, last = path
    whole = spans[0]
    for step in above:
        tree = tree.setdefault(step, {})
        _, _, node = places.setdefault(step, (*whole, Node(*whole, {})))
        assert isinstance(node.children, dict)
        places = node.children
    tree[last] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    nodes = [_place(row, *span) for row, span in zip(tree[last], spans, strict=True)]
    places[last] = (*whole, Node(*whole, nodes))


def _plain(value: Any) -> Any:
    return [Plain(one) for one in value] if isinstance(value, list) else Plain(value)


def _read_only(library: Library, part: Field, schema: Schema) -> str:
    """What is told of all that a document may say and nobody looks for."""
    paths = dict.fromkeys(path for one in library.facts.patterns for path in one.gives)
    paths.update(dict.fromkeys(paths_of(library)))
    titles = [field.title for path in paths if (field := schema.field(path)) is not None]
    return f"除{'、'.join([*titles, part.title])}以外的内容（没有读，不等于没有写）"


def _doubtful(paths: Sequence[str], schema: Schema) -> list[str]:
    """What is told of facts that a document states in two ways."""
    titles = [field.title if (field := schema.field(path)) else path for path in paths]
    return [f"“{title}”写了两种，没有采用" for title in titles]
