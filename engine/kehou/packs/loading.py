"""Packs by their name: as they are kept, else as they were compiled, else built from their files.

What builds them is imported only where a pack has to be built.
"""

from __future__ import annotations

from pathlib import Path

from kehou.errors import PackError
from kehou.packs import kept, shipped
from kehou.packs.folders import DEFAULT_PACK, base_of, find
from kehou.packs.pack import Pack


def load(path_or_id: str = DEFAULT_PACK) -> Pack:
    """Load a pack, or an overlay on the pack that it names.

    Raises PackError with every fault, UsageError where there is no such pack.
    """
    root = find(path_or_id)
    made_of = kept.stamp(root)
    found = kept.read(root, made_of)
    if found is not None:
        return found
    found = shipped.read(root)
    if found is not None:
        kept.write(root, made_of, found)
        return found
    from kehou.packs.building import built

    loaded, faults = built(root, load)
    if faults or loaded is None:
        raise PackError(faults)
    if not loaded.layers:
        kept.write(root, made_of, loaded)
    return loaded


def contents(path_or_id: str) -> list[tuple[str, dict[str, bytes]]]:
    """(name, files) of a pack and of what it is laid over, topmost first.

    The name is what ``load`` finds it by where the folders stand beside each other; the files are
    those that its hash is made of. Raises PackError where the pack does not load.
    """
    from kehou.packs.building import built
    from kehou.packs.pack_files import PackFiles
    from kehou.readers import read

    folder = find(path_or_id)
    found: list[tuple[str, dict[str, bytes]]] = []
    name_of_this = folder.resolve().name if isinstance(folder, Path) else folder.name
    while True:
        files = PackFiles(folder)
        faults_of_this = built(folder, load, files)[1]
        if faults_of_this:
            raise PackError(faults_of_this)
        held = dict(files.hashes)
        found.append((name_of_this, held))
        tree = read("pack.yaml", held["pack.yaml"]).tree
        if "overlay" not in tree:
            return found
        name_of_this = str(tree["overlay"])
        folder = find(base_of(folder, name_of_this))


def draft(path_or_id: str) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """What can be read of a pack, and (file:line, message, hint) of all that keeps it from loading.

    None where nothing can be read, or what it is laid over does not load.
    """
    from kehou.packs.building import built

    return built(find(path_or_id), load)
