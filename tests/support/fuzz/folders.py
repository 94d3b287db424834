"""Folders of a submission's files, links and odd names among them, and bundles as zip packages."""

from __future__ import annotations

import io
import os
import random
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.support.command_line import Ran, here
from tests.support.fuzz import damage, tables, texts, trees
from tests.support.fuzz.case import Call, Case
from tests.support.fuzz.meals import CHECK, SUBMISSION

from kehou.errors import KehouError
from kehou.submission import load

#: What lies about in folders and is no part of a submission.
_STRAY = (
    ("说明.txt", b"x"),
    ("~$roster.xlsx", b"\0"),
    (".DS_Store", b"\0\0"),
    ("Thumbs.db", b"\xd0\xcf"),
    ("照片/1.jpg", b"\xff\xd8"),
    ("desktop.ini", b"[x]"),
    ("roster.csv.bak", b"a,b"),
    ("a\nb.txt", b""),
    ("-o.txt", b""),
    ("x" * 200 + ".txt", b""),
    ("\u202egnp.yaml", b"a: 1"),
    ("con.yaml ", b"a"),
    ("草稿.yaml", b"{"),
    ("roster.pdf", b"%PDF-1.4"),
    ("kehou.yaml", b"fail_on: none\npack: [x]\n"),
)


def folder_case(rng: random.Random) -> Case:
    """One input of the family of folders and packages."""
    kind = rng.random()
    if kind < 0.35:
        return _split(rng)
    if kind < 0.55:
        return _one_part(rng)
    return _odd(rng) if kind < 0.75 else bundle_case(rng)


def _files(tree: trees.Tree, rng: random.Random) -> dict[str, bytes]:
    """A submission as a folder of files, each part in one."""
    root = trees.schema().root
    files: dict[str, bytes] = {}
    rest = {"school": tree.get("school", {"school_id": "1508020001"})}
    for name, value in tree.items():
        part = root.fields[name]
        if name in ("school", "plan") or rng.random() < 0.3 or value == "无":
            rest[name] = value
            continue
        stem = rng.choice((name, part.title, *part.names))
        if root.child(stem) is not part:
            stem = name
        stem = rng.choice((stem, stem, stem.upper(), f" {stem}"))
        if (
            part.kind == "rows"
            and name in trees.TABLES
            and _flat(name, value)
            and rng.random() < 0.5
        ):
            _, table = tables.table_of(name, value, random.Random(0))
            files[f"s/{stem}.csv"] = tables.csv_bytes(table, rng)
            continue
        inner = texts.shuffled(texts.reworded(part, value, rng), rng)
        form = rng.choice(("yaml", "json"))
        data = texts.yaml_text(inner, rng) if form == "yaml" else texts.json_text(part, inner, rng)
        files[f"s/{stem}.{form}"] = data
    stem = rng.choice(("plan", "实施方案", "Plan", "PLAN"))
    whole = texts.shuffled(texts.reworded(root, rest, rng), rng)
    files[f"s/{stem}.yaml"] = texts.yaml_text(whole, rng)
    return files


def _flat(part: str, rows: object) -> bool:
    """Whether a table holds all that rows say."""
    if not isinstance(rows, list) or not all(rows):
        return False
    names, _ = tables.table_of(part, rows, random.Random(0))
    return all(set(row) <= set(names) for row in rows)


def _tree(rng: random.Random) -> trees.Tree:
    tree = trees.drawn(rng)
    tree.setdefault("school", {"school_id": "1508020001"})
    if not isinstance(tree["school"], dict) or not tree["school"]:
        tree["school"] = {"school_id": "1508020001"}
    return {name: value for name, value in tree.items() if value}


def _split(rng: random.Random) -> Case:
    tree = _tree(rng)
    files = _files(tree, rng)
    for name, data in rng.sample(_STRAY, rng.randint(0, 3)):
        files[f"s/{name}"] = data
    return Case("一部分一个文件", files, texts.checks("s", rng, 0.1), texts.same("s", tree))


def _one_part(rng: random.Random) -> Case:
    """One file damaged: what stands in the others is read all the same."""
    tree = _tree(rng)
    files = _files(tree, rng)
    name = rng.choice(list(files))
    change = rng.choice((damage.bytes_damaged, damage.text_damaged))
    files[name] = change(files[name], rng)
    root = trees.schema().root
    stem = Path(name).stem.strip().lower()
    own = None if stem in ("plan", "实施方案") else root.child(stem)
    wanted = trees.meant(root, tree)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        try:
            found = load(folder / "s", trees.schema())
        except KehouError as error:
            if Path(name).name.strip() not in f"{error}":
                yield f"没有说是哪个文件：{error}"
            return
        if own is None:  # the plan itself: what it holds of the others is anybody's guess
            return
        for part in tree:
            if part != own.name and f"/{part}" not in found.faulted:
                left, rest = found.tree.get(part), wanted[part]
                if not any(p.startswith(f"/{part}/") for p in found.faulted):
                    yield from trees.differing(left, rest, f"/{part}")

    return Case(f"{change.__name__} {name}", files, texts.checks("s", rng, 0.3), check)


def _odd(rng: random.Random) -> Case:
    """Links, loops, pipes and folders where files belong."""
    tree = _tree(rng)
    files = _files(tree, rng)
    made = rng.choice(_ODD)
    name = rng.choice(("roster.csv", "ledger.yaml", "safety.json", "考勤.xlsx"))

    def prepare(folder: Path) -> None:
        made(folder / "s", name)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        try:
            load(folder / "s", trees.schema())
        except KehouError as error:
            if not f"{error}":
                yield "没有话"

    return Case(made.__name__, files, texts.checks("s", rng, 0.4), check, prepare)


def _loop(folder: Path, name: str) -> None:
    if not (folder / name).exists():
        (folder / name).symlink_to(name)


def _outside(folder: Path, name: str) -> None:
    if not (folder / name).exists():
        (folder / name).symlink_to("/etc/passwd")


def _up(folder: Path, name: str) -> None:
    (folder / "上面").symlink_to("..")


def _pipe(folder: Path, name: str) -> None:
    if not (folder / name).exists():
        os.mkfifo(folder / name)


def _folder(folder: Path, name: str) -> None:
    (folder / name).mkdir(exist_ok=True) if not (folder / name).is_file() else None


def _bytes_name(folder: Path, name: str) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe" + name.encode()))).write_bytes(b"a,b\n")


def _closed(folder: Path, name: str) -> None:
    path = folder / name
    if not path.exists():
        path.write_bytes(b"a")
    path.chmod(0)


def _deep(folder: Path, name: str) -> None:
    inner = folder
    for _ in range(60):
        inner = inner / "里"
    inner.mkdir(parents=True)
    (inner / name).write_bytes(b"a,b\n")


def _many(folder: Path, name: str) -> None:
    for index in range(1100):
        (folder / f"{index}.txt").touch()


_ODD: Sequence[Callable[[Path, str], None]] = (
    *(_loop, _loop, _outside, _up, _pipe, _folder, _bytes_name, _closed, _deep, _many),
)


# --- bundles ----------------------------------------------------------------------------------


@cache
def bundle() -> dict[str, bytes]:
    """The members of a bundle, in their order."""
    with tempfile.TemporaryDirectory() as name:
        assert here("bundle", str(SUBMISSION), *CHECK, "-o", f"{name}/b.zip")[0] == 0
        with zipfile.ZipFile(f"{name}/b.zip") as package:
            return {n: package.read(n) for n in package.namelist()}


def bundle_case(rng: random.Random) -> Case:
    """A bundle, whole or doctored: it verifies where, and only where, its members are all there."""
    members = dict(bundle())
    kind = rng.random()
    if kind < 0.25:
        data = _packed(dict(rng.sample(list(members.items()), len(members))), rng)
        calls = [Call(("verify", "b.zip"), codes=(0,))]
        return Case("原样的包", {"b.zip": data}, calls)
    changed, data = "", b""
    if kind < 0.7:
        changed = rng.choice(list(members))
        change = rng.choice((damage.bytes_damaged, damage.text_damaged))
        members[changed] = change(members[changed], rng)
        data = _packed(members, rng)
    elif kind < 0.85:
        names = (
            "../x",
            "/etc/x",
            "a/../../b",
            "C:\\x",
            "evil.exe",
            "\u202egnp",
            "",
            "a\0b",
            "packs/",
        )
        members[rng.choice(names) or "x/"] = b"x"
        data = _packed(members, rng)
        changed = "+"
    else:
        data = damage.bytes_damaged(_packed(members, rng), rng)
    same = members == bundle() and not changed
    call = Call(("verify", "b.zip"), about=("b.zip",))

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        if rans and rans[0][0] == 0 and not same and members_of(data) != bundle():
            yield f"改动过的包（{changed}）核对为一致"

    return Case(f"包 {changed}", {"b.zip": data}, [call], check)


def members_of(data: bytes) -> dict[str, bytes]:
    """The members of a package; none where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {n: package.read(n) for n in package.namelist()}
    except Exception:
        return {}


def _packed(members: dict[str, bytes], rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    ) as package:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = package.compression
            package.writestr(info, data)
    return out.getvalue()
