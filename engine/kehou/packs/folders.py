"""Where packs lie: found by id or folder, and what an overlay is laid over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from kehou import data
from kehou.errors import PackError, UsageError
from kehou.language import suggest
from kehou.language.near_words import nearest
from kehou.readers import ReadError, read
from kehou.readers.door import MOST_OF_PACK, contents, is_file

#: The pack that is taken where none is named, as ``rules/default.txt`` says.
DEFAULT_PACK: Final = data.rules().joinpath("default.txt").read_text("utf-8").strip()


def available() -> list[str]:
    """Ids of the packs that come with kehou."""
    return sorted(
        p.name for p in data.rules().iterdir() if p.is_dir() and p.joinpath("pack.yaml").is_file()
    )


def rule_names(pack_id: str) -> list[str]:
    """Ids of the rules of a pack that comes with kehou, by their files, without reading one."""
    areas = [entry for entry in data.rules().joinpath(pack_id).iterdir() if entry.is_dir()]
    files = [path.name for area in areas if area.name != "i18n" for path in area.iterdir()]
    return sorted(
        name.removesuffix(".yaml")
        for name in files
        if name.endswith(".yaml") and not name.endswith(".test.yaml")
    )


def find(path_or_id: str) -> Path | Traversable:
    """The folder of a pack by its id or its path; raises UsageError where there is none.

    The id of a pack that comes with kehou means that pack, wherever one stands: a folder of that
    name in a submission that somebody stands in is the school's. As a path it is ``./NAME``.
    """
    if "/" not in path_or_id and path_or_id in available():
        return data.rules().joinpath(path_or_id)
    path = Path(path_or_id)
    if is_file(path.joinpath("pack.yaml")):
        return path
    raise UsageError(
        "pack-not-found", f"找不到规则包 {path_or_id}", hint=suggest(path_or_id, available())
    )


def dates(path_or_id: str) -> tuple[str | None, str | None]:
    """(from, to) between which a pack's policy holds, without loading the rest of the pack."""
    folder = find(path_or_id)
    try:
        tree = read("pack.yaml", contents(folder.joinpath("pack.yaml"), MOST_OF_PACK)).tree
    except ReadError:
        return None, None
    if not isinstance(tree, dict):
        return None, None
    if "overlay" in tree:
        refuse_rings(folder)
        return dates(base_of(folder, str(tree["overlay"])))
    policy = tree.get("policy")
    policy = policy if isinstance(policy, dict) else {}
    return policy.get("effective_from"), policy.get("effective_to")


def topmost(names: Sequence[str]) -> tuple[str, ...]:
    """The packs each once, without those that another of them is laid over.

    A county's layer holds the rules of its base; both together would judge the same rule twice.
    """
    if len(names) < 2:
        return tuple(names)
    folders = {name: _resolved(find(name)) for name in names}
    below: set[str] = set()
    for one in names:
        below |= {_resolved(base) for base in _bases(find(one))}
    kept = {where: name for name, where in reversed(folders.items()) if where not in below}
    return tuple(name for name in folders if kept.get(folders[name]) == name)


def _bases(folder: Path | Traversable) -> Iterator[Path | Traversable]:
    """What a pack is laid over, one below the other. Raises PackError where it is a ring."""
    seen = {_resolved(folder)}
    base = _base(folder)
    while base is not None:
        if _resolved(base) in seen:
            way = " → ".join(ring(folder))
            hint = "overlay 请写下面一层规则包的文件夹名或编号"
            raise PackError([(f"{folder.name}/pack.yaml", f"叠加绕成一圈：{way}", hint)])
        seen.add(_resolved(base))
        yield base
        base = _base(base)


def ring(folder: Path | Traversable) -> list[str]:
    """The names of the folders by which a pack leads back to one it came by; [] where it ends."""
    way, seen = [_name(folder)], [_resolved(folder)]
    while True:
        try:
            base = _base(folder)
        except UsageError:
            return []
        if base is None:
            return []
        way.append(_name(base))
        if _resolved(base) in seen:
            return way
        seen.append(_resolved(base))
        folder = base


def where_looked(root: Path | Traversable, name: str) -> str:
    """Where the pack below a layer is looked for, what is there, and which was likely meant."""
    parent = Path(str(root)).resolve().parent
    beside = sorted(
        p.name for p in parent.iterdir() if p.joinpath("pack.yaml").is_file() and p != root
    )
    own = Path(str(root)).resolve().name
    beside = [one for one in beside if one != own]
    meant = nearest(name, [*beside, *available()])
    by_id = next((one for one in beside if _id(parent / one) == name), None)
    told = f"先找同级文件夹（{parent}），再找随程序的规则包"
    told += f"；同级有：{'、'.join(beside)}" if beside else "；同级没有规则包"
    told += f"；随程序的有：{'、'.join(available())}"
    if by_id is not None:
        return f"编号 {name} 是文件夹 {by_id} 的，overlay 要写文件夹名；{told}"
    return f"是否想写 {meant}？{told}" if meant else told


def _id(folder: Path) -> str:
    try:
        tree = read("pack.yaml", contents(folder.joinpath("pack.yaml"), MOST_OF_PACK)).tree
    except ReadError:
        return ""
    return str(tree.get("id")) if isinstance(tree, dict) else ""


def _name(folder: Path | Traversable) -> str:
    return folder.resolve().name if isinstance(folder, Path) else folder.name


def _base(folder: Path | Traversable) -> Path | Traversable | None:
    """The folder of the pack that an overlay is laid over; None where it is none or unreadable."""
    try:
        tree = read("pack.yaml", contents(folder.joinpath("pack.yaml"), MOST_OF_PACK)).tree
    except ReadError:
        return None
    if not isinstance(tree, dict) or "overlay" not in tree:
        return None
    return find(base_of(folder, str(tree["overlay"])))


def refuse_rings(folder: Path | Traversable) -> None:
    """Raises PackError where a pack lies, at whatever depth, over itself."""
    for _ in _bases(folder):
        pass


def _resolved(folder: Path | Traversable) -> str:
    return str(folder.resolve() if isinstance(folder, Path) else folder)


def base_of(root: Path | Traversable, name_of_base: str) -> str:
    """The pack that an overlay names: a folder beside it, or an id."""
    beside = Path(str(root)).parent / name_of_base
    return str(beside) if is_file(beside.joinpath("pack.yaml")) else name_of_base


def names_in(folder: Path | Traversable) -> list[str]:
    """The names of what is in a folder of a pack, in order."""
    return sorted(entry.name for entry in folder.iterdir())
