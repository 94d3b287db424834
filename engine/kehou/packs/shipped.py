"""Packs that come with kehou, compiled when the wheel is built, so that a first start is quick too.

They lie beside this module in ``compiled/``, in the form in which packs are kept (`plain_form`):
data, never code. One is taken only where each file that it was made of has the name and the content
that it had then (SHA-256; the times of files that an installer wrote say nothing), kehou's own
modules have their sizes, and the version is the same. A checkout has none: there packs are read
from their YAML and kept in the user's cache folder (`kept`).
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from kehou import __version__, data
from kehou.packs.lexicons import folders
from kehou.packs.pack import Pack
from kehou.packs.plain_form import pack_of, plain

#: How a compiled pack is laid out; another number, another layout.
_LAYOUT: Final = b"kehou-compiled/1\n"
_DIGEST: Final = 32
#: What every Python that kehou runs on can read.
_MARSHAL: Final = 4
_FOLDER: Final = "compiled"
#: Parts of kehou that have no say in what a pack is.
NO_SAY: Final = frozenset({"render", "rules", "schemas", "reports", "__pycache__"})


def read(root: Path | Traversable) -> Pack | None:
    """The compiled pack of a folder, where there is one and it was made of what lies there now."""
    rules = data.rules()
    if not isinstance(root, Path) or not isinstance(rules, Path) or root.parent != rules:
        return None
    try:
        content = _file(root.name).read_bytes()
    except OSError:
        return None
    start = len(_LAYOUT) + _DIGEST
    body = content[start:]
    if content[:start] != _LAYOUT + hashlib.sha256(body).digest():
        return None
    try:
        made_of, form = marshal.loads(body)
        return pack_of(form, root) if made_of == _made_of(root) else None
    except Exception:  # whatever is wrong with it, the pack itself is there
        return None


def write(packs: Iterable[Pack]) -> None:
    """Write the compiled form of packs that come with kehou, each under the name of its folder.

    For the build of a wheel. Raises UnkeptError where a pack holds what has no plain form, OSError
    where nothing can be written.
    """
    for pack in packs:
        root = Path(str(pack.root))
        # Written, read and written again: whether a text occurs once or is shared is then told by
        # the form itself, and the same pack gives the same bytes.
        form = marshal.loads(marshal.dumps((_made_of(root), plain(pack)), 2))
        body = marshal.dumps(form, _MARSHAL)
        file = _file(root.name)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(_LAYOUT + hashlib.sha256(body).digest() + body)


def _file(name: str) -> Path:
    return Path(__file__).parent / _FOLDER / f"{name}.pack"


def _made_of(root: Path) -> tuple[Any, ...]:
    """Everything by which a pack may be told from what would be loaded now."""
    digest = hashlib.sha256()
    code = Path(str(data.code()))
    places = dict.fromkeys((root, *map(Path, map(str, folders(root))), Path(str(data.schemas()))))
    for place in places:
        for name, path in _below(str(place)):
            with open(path, "rb") as file:
                content = file.read()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    modules = tuple((name, os.stat(path).st_size) for name, path in _below(str(code), ".py"))
    return __version__, digest.digest(), modules


def _below(folder: str, ending: str = "") -> Iterator[tuple[str, str]]:
    """(name from the folder, path) of the files below a folder, by name; cases left out."""
    try:
        with os.scandir(folder) as there:
            entries = sorted(there, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name not in NO_SAY:
                for name, path in _below(entry.path, ending):
                    yield f"{entry.name}/{name}", path
        elif entry.name.endswith(ending) and not entry.name.endswith(".test.yaml"):
            yield entry.name, entry.path
