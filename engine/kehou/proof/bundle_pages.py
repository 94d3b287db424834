"""What a bundle says besides its report: made again, and compared; what nothing names is refused.

A manifest vouches for nothing: whoever changes a file writes a manifest to match. So every file of
a bundle must be one that a check of its report reads, or one that is made from that report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kehou import packs
from kehou.checking import CheckOptions
from kehou.errors import UnreadableError
from kehou.model.report import Report, RunRecord
from kehou.packs import Pack
from kehou.proof import bundle_contents as contents
from kehou.proof import verify
from kehou.proof.bundle_file import MANIFEST, REPORT, Opened, manifest
from kehou.proof.code_hash import hashed
from kehou.proof.rerun import Shelf
from kehou.proof.verify import Item
from kehou.render.words import visible
from kehou.submission import submission as submissions

Tree = Mapping[str, Any]


def report_of(trees: Sequence[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """The one report of a bundle. Raises UnreadableError where it holds several."""
    if len(trees) != 1:
        raise _refused("里面不止一份报告", folder)
    return trees[0]


def refuse_strays(shelf: Shelf, files: Iterable[str], tree: Tree, place: Path) -> None:
    """Raise UnreadableError where a bundle holds files that its report does not need."""
    strays = sorted({*files} - {*_named(shelf, tree)})
    if strays:
        told = "、".join(visible(name) for name in strays[:20])
        more = f"等 {len(strays)} 个" if len(strays) > 20 else ""
        raise _refused(f"有报告没有用到、也不该有的文件：{told}{more}", place)


def _named(shelf: Shelf, tree: Tree) -> Iterator[str]:
    """Every file that the report of a bundle names, is made of or gives rise to."""
    yield from (REPORT, "report.html", "clauses.txt", contents.README, contents.SUMS, MANIFEST)
    record = tree["run"]
    yield from (one["path"] for one in record["data"])
    yield from (name for name in (record["waivers"], record["baseline"]) if name)
    yield from record.get("attestations", ())
    yield from record.get("confirmations", ())
    for name in record["packs"]:
        for layer, files in packs.contents(shelf.pack(name)):
            yield from (f"packs/{layer}/{relative}" for relative in files)
    path = tree["submission"].get("path", "")
    place = Path(shelf.path(path))
    first = packs.load(shelf.pack(record["packs"][0]))
    read, _ = contents.submission_files(place, first)
    folder = path if place.is_dir() else path.rpartition("/")[0]
    yield from (f"{folder}/{name}" for name in read)


def pages(
    bundle: Opened, tree: Tree, report: Report, asked: CheckOptions, items: Sequence[Item]
) -> list[Item]:
    """The pages of a bundle against those that a fresh report gives, and its lists of hashes."""
    folder, there = bundle
    fresh = _as_recorded(report, tree)
    used = {pack.id for pack in fresh.packs.used}
    loaded = [packs.load(name) for name in asked.packs]
    applied = [pack for pack in loaded if pack.id in used]
    made = _made(folder, fresh, loaded[0], applied, asked, there)
    return list(verify.pages(made, there, items))


def _made(
    folder: Path,
    fresh: Report,
    first: Pack,
    applied: Sequence[Pack],
    asked: CheckOptions,
    there: Mapping[str, bytes],
) -> dict[str, bytes]:
    path = str(folder / fresh.submission.path)
    read = submissions.load(path, first.schema, asked.stage, dict(asked.data), asked.confirmations)
    private = contents.private_labels(read)
    made = contents.pages(fresh, applied, private)
    rest = {name: content for name, content in there.items() if name != MANIFEST}
    made[MANIFEST] = manifest(rest, contents.about(fresh))
    rest.pop(contents.SUMS, None)
    made[contents.SUMS] = contents.sums(rest)
    return made


def _as_recorded(report: Report, tree: Tree) -> Report:
    """A fresh report under the names that files have in the bundle."""
    told = tree["run"]
    record = RunRecord(
        told["engine"],
        tuple(told["packs"]),
        tuple((one["name"], one["path"]) for one in told["data"]),
        told["waivers"],
        told["baseline"],
        tuple(told.get("attestations", ())),
        tuple(told.get("confirmations", ())),
    )
    path = tree["submission"].get("path", "")
    named = replace(report.submission, path=path)
    return hashed(replace(report, run=replace(report.run, record=record), submission=named))


def _refused(reason: str, place: Path) -> UnreadableError:
    return UnreadableError(
        "bundle-refused", f"不接受这个包：{reason}", str(place), "请向出具的人要原来的包"
    )
