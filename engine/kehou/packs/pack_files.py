"""A pack's files: each read once, its faults kept, its bytes hashed."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou.language.yaml_places import Faults, Place, text, under
from kehou.packs.strays import misnamed
from kehou.readers import ReadError, read
from kehou.readers.door import MOST_OF_PACK, contents


class PackFiles:
    """Reads a pack's files once each, keeping what the pack's hash is made of."""

    def __init__(self, root: Path | Traversable) -> None:
        self.root = root
        self.faults = Faults()
        self.unread: list[tuple[str, str, str]] = []
        self.hashes: list[tuple[str, bytes]] = []

    def bytes(self, relative: str, path: Path | Traversable | None = None) -> bytes | None:
        """Bytes of a file of the pack, or None after noting that it is missing.

        One that several packs share lies at ``path``, and counts as the pack's own.
        """
        path = path or self._path(relative)
        try:
            content = contents(path, MOST_OF_PACK, relative)
        except ReadError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                self.unread.append((relative, "缺少这个文件", ""))
            else:
                self.unread.append((relative, error.message, error.hint))
            return None
        self.hashes.append((relative, content))
        return content

    def _path(self, relative: str) -> Path | Traversable:
        """Where a file lies: one that is missing under a name that is nearly its own."""
        path = self.root.joinpath(*relative.split("/"))
        if path.is_file():
            return path
        meant = misnamed(self.root, relative)
        if meant is None:
            return path
        self.unread.append(
            (meant, f"没有 {relative}；这个文件的名称与它相近", f"请改名为 {relative}")
        )
        return self.root.joinpath(*meant.split("/"))

    def place(
        self, relative: str, path: Path | Traversable | None = None
    ) -> tuple[Any, Place] | None:
        """Tree and place of a YAML file."""
        content = self.bytes(relative, path)
        if content is None:
            return None
        try:
            document = read(relative, content)
        except ReadError as error:
            self.unread.append((error.where or relative, error.message, error.hint))
            return None
        return document.tree, Place(document, self.faults)

    def found(self) -> list[tuple[str, str, str]]:
        """Every fault so far."""
        return [*self.unread, *self.faults.placed()]

    def sha256(self) -> str:
        """SHA-256 over the names and bytes of every file read, in name order."""
        import hashlib

        digest = hashlib.sha256()
        for relative, content in sorted(self.hashes):
            digest.update(f"{relative}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def english(files: PackFiles) -> dict[str, dict[str, Any]]:
    """The English words of rules and decisions by id, each a text or a list of texts: optional."""
    name = "i18n/en.yaml"
    opened = files.place(name) if files.root.joinpath("i18n", "en.yaml").is_file() else None
    if opened is None:
        return {}
    tree, at = opened
    found = {name: under(words, at / name) for name, words in under(tree, at).items()}
    for name, words in found.items():
        for word, said in words.items():
            for each in said if isinstance(said, list) else [said]:
                text(each, at / name / word)
    return found
