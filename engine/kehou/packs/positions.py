"""Where in a pack's files something stands, as file:line, for faults and for mutants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kehou.language.yaml_places import nearest_span
from kehou.model.rules import Rule
from kehou.packs.pack import Pack
from kehou.readers import Document, ReadError, escape, read
from kehou.readers.door import MOST_OF_PACK, contents


class Sites:
    """The files of a pack by their path in it, each read once; those that do not read are None."""

    def __init__(self, pack: Pack) -> None:
        self._root = pack.top or pack.root
        written = [rule for rule in pack.rules.values() if not rule.pointer]
        self._homes = {rule.file: pack.home(rule) for rule in written} if pack.top else {}
        self._documents: dict[str, Document | None] = {}

    def document(self, file: str) -> Document | None:
        """A file as it was read, or None where there is none or it has no tree."""
        if file not in self._documents:
            self._documents[file] = self._read(file)
        return self._documents[file]

    def _read(self, file: str) -> Document | None:
        home = self._homes.get(file.replace(".test.yaml", ".yaml"), self._root)
        path = home.joinpath(*file.split("/"))
        try:
            return read(file, contents(path, MOST_OF_PACK, file))
        except ReadError:
            return None

    def at(self, file: str, *steps: str | int) -> str:
        """``file:line`` of a key, or of the nearest parent that there is."""
        return self.at_pointer(file, "".join(f"/{escape(str(step))}" for step in steps))

    def of(self, rule: Rule, *steps: str | int) -> str:
        """``file:line`` of a key of a rule, or of the nearest parent that there is."""
        return self.in_rule(rule, "".join(f"/{escape(str(step))}" for step in steps))

    def in_rule(self, rule: Rule, pointer: str) -> str:
        """``file:line`` of a JSON pointer in a rule, or of its nearest parent that there is."""
        return self.at_pointer(rule.file, rule.pointer + pointer)

    def at_pointer(self, file: str, pointer: str) -> str:
        """``file:line`` of a JSON pointer, or of its nearest parent that there is."""
        document = self.document(file)
        return f"{file}:1" if document is None else place_in(document, pointer)

    def mention(self, file: str, kind: str, name: str, *below: str | int) -> str:
        """``file:line`` of the first ``{kind: name}`` (param, field) under some keys."""
        document = self.document(file)
        if document is None:
            return f"{file}:1"
        for pointer in mentions(document.tree, kind, name, *below):
            return self.at_pointer(file, pointer)
        return self.at(file, *below)


def place_in(document: Document, pointer: str) -> str:
    """``file:line`` of a key of a document, or of the nearest parent that there is."""
    span = document.key_span(pointer) or nearest_span(document, pointer)
    return f"{document.name}:{span.line if span else 1}"


def mentions(tree: Any, kind: str, name: str, *below: str | int) -> Iterator[str]:
    """Pointers of every ``{kind: name}`` under some keys of a tree, in order."""
    pointer = ""
    for step in below:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return
        pointer += f"/{escape(str(step))}"
    yield from _mentions(tree, kind, name, pointer)


def _mentions(tree: Any, kind: str, name: str, pointer: str) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            place = f"{pointer}/{escape(str(key))}"
            if key == kind and value == name:
                yield place
            else:
                yield from _mentions(value, kind, name, place)
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from _mentions(value, kind, name, f"{pointer}/{i}")
