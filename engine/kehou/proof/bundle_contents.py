"""What goes into a bundle, and the report that is made from what is in it.

The report of a bundle is that of the copies in it, so that nothing outside is needed to make it
again. Only what a check reads is taken: a file that kehou does not read may hold anything, and
stays out. Of a baseline with several reports only that of the same name is taken.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from kehou import __version__, packs
from kehou.checking import CheckOptions
from kehou.checking.dates import in_force, law_date_of
from kehou.checking.declared_values import text_at
from kehou.checking.report_files import MANY
from kehou.errors import UsageError, system_reason
from kehou.fields import Field
from kehou.model.report import Report, RunRecord
from kehou.model.values import ABSENT
from kehou.packs import Pack
from kehou.proof.bundle_file import MANIFEST, REPORT, fault_of_name, manifest, sha256, write_files
from kehou.proof.code_hash import hashed
from kehou.proof.code_hash import sha256 as code_sha256
from kehou.readers import DEFAULT, ReadError
from kehou.readers.door import contents, kind, listed, shown
from kehou.reading.confirmations import beside
from kehou.render.page import html
from kehou.render.programs import json as jsonform
from kehou.render.screen import clauses as clause_text
from kehou.render.words import catalogue, visible
from kehou.submission import Submission, collect
from kehou.submission import submission as submissions

README: Final = "README.md"
SUMS: Final = "SHA256SUMS"
#: How the name of a folder begins in which a bundle is put together.
_SCRATCH: Final = ".kehou-bundle-"
#: The key of reports and manifests that says whose the submission is.
SUBJECT = "school"
#: A check that puts the packs it loads on a shelf.
Checker = Callable[[str, CheckOptions, dict[str, Pack]], Report]


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle by name, with what a person is to be told of them.

    ``private`` are labels of the fields in it that no report ever shows; ``left_out`` are files
    of the submission that are not read.
    """

    files: Mapping[str, bytes]
    report: Report
    private: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def seal(self) -> str:
        """SHA-256 of the manifest, and so of everything."""
        return sha256(self.files[MANIFEST])


def build(path: str, options: CheckOptions, check: Checker) -> Bundle:
    """Gather the files of a check, check the copies, and put the report beside them.

    Raises UsageError for what cannot be bundled, UnreadableError for what has no readable tree.
    """
    if path == "-":
        raise UsageError("bundle-stdin", "标准输入不能打包", hint="请把材料存成文件")
    held: dict[str, bytes] = {}
    first = packs.load(options.packs[0])
    files, left_out = submission_files(Path(path), first)
    held.update({f"submission/{name}": content for name, content in files.items()})
    inside = "submission" if Path(path).is_dir() else f"submission/{next(iter(files))}"
    data = {}
    data_and_records = dict(options.data), options.confirmations
    read = submissions.load(path, first.schema, options.stage, *data_and_records)
    for name, given in _data_files(options, read):
        data[name] = f"data/{name}{given.suffix.lower()}"
        held[data[name]] = _read(given)
    as_of = options.as_of or law_date_of(first, read, path)
    named = _packs(_needed(options.packs, as_of), held)
    waivers = baseline = None
    if options.waivers:
        waivers = f"waivers{Path(options.waivers).suffix.lower()}"
        held[waivers] = _read(options.waivers)
    if options.baseline:
        baseline = "baseline.json"
        held[baseline] = _baseline(
            options.baseline, text_at(read.tree, read.schema.declared.whose.name)
        )
    attested = []
    for number, file in enumerate(options.attestations, 1):
        attested.append(f"attestations-{number}{Path(file).suffix.lower()}")
        held[attested[-1]] = _read(file)
    confirmed = []
    for number, file in enumerate(options.confirmations, 1):
        confirmed.append(f"confirmations-{number}{Path(file).suffix.lower()}")
        held[confirmed[-1]] = _read(file)
    for name in held:
        if fault := fault_of_name(name):
            raise UsageError(
                "bundle-name", f"{fault}，别的系统打不开：{name!r}", hint="请改名后再打包"
            )
    record = RunRecord(
        options.engine,
        named,
        tuple(data.items()),
        waivers,
        baseline,
        tuple(attested),
        tuple(confirmed),
    )
    report, applied = _checked(held, inside, record, options, check)
    private = private_labels(read)
    held |= pages(report, applied, private)
    held[SUMS] = sums(held)
    held[MANIFEST] = manifest(held, about(report))
    return Bundle(held, report, private, left_out)


def _data_files(options: CheckOptions, read: Submission) -> Iterator[tuple[str, Path]]:
    """The authority's files; of a folder of records the one that is this submission's, if any."""
    used = {(one.name, one.sha256) for one in read.data_files}
    for name, given in options.data.items():
        if not Path(given).is_dir():
            yield name, Path(given)
            continue
        for entry in listed(Path(given)):
            if kind(entry, Path(given)) == "file" and (name, sha256(_read(entry))) in used:
                yield name, entry
                break


def pages(report: Report, applied: Sequence[Pack], private: Sequence[str]) -> dict[str, bytes]:
    """The files that are made from the report, its packs and what it was made of."""
    language = report.run.language
    page = html.render([report], language)
    return {
        REPORT: jsonform.render([report]).encode("utf-8", "backslashreplace"),
        "report.html": page.encode("utf-8", "backslashreplace"),
        "clauses.txt": clause_text.render_text(applied, language).encode(),
        README: readme(report, private).encode("utf-8", "replace"),
    }


def sums(held: Mapping[str, bytes]) -> bytes:
    """The hashes of files as ``sha256sum -c`` reads them."""
    return "".join(f"{sha256(held[name])}  {name}\n" for name in sorted(held)).encode()


def private_labels(read: Submission) -> tuple[str, ...]:
    """Labels of the fields of a submission that no report shows."""
    return tuple(dict.fromkeys(_private(read.schema.root, read.tree)))


def about(report: Report) -> dict[str, Any]:
    """What a manifest says of a report besides its files."""
    return {
        "tool": {"name": "kehou", "version": __version__, "sha256": code_sha256()},
        SUBJECT: {"id": report.submission.id, "name": report.submission.name},
        "stage": report.run.stage.value,
        "as_of": report.run.as_of,
        "packs": [
            {"id": p.id, "version": p.version, "sha256": p.sha256} for p in report.packs.used
        ],
    }


def _checked(
    held: Mapping[str, bytes],
    inside: str,
    record: RunRecord,
    options: CheckOptions,
    check: Checker,
) -> tuple[Report, list[Pack]]:
    """The report of the copies, with the names that they have in the bundle; and its packs."""
    with TemporaryDirectory(prefix="kehou-") as scratch:
        folder = Path(scratch)
        write_files(folder, held)
        asked = replace(
            options,
            track=True,
            packs=tuple(str(folder / name) for name in record.packs),
            data={name: str(folder / file) for name, file in record.data},
            waivers=str(folder / record.waivers) if record.waivers else None,
            baseline=str(folder / record.baseline) if record.baseline else None,
            attestations=tuple(str(folder / name) for name in record.attestations),
            confirmations=tuple(str(folder / name) for name in record.confirmations),
        )
        shelf: dict[str, Pack] = {}
        report = check(str(folder / inside), asked, shelf)
    used = {pack.id for pack in report.packs.used}
    report = replace(
        report,
        run=replace(report.run, record=record),
        submission=replace(report.submission, path=inside),
    )
    return hashed(report), [pack for pack in shelf.values() if pack.id in used]


def submission_files(place: Path, pack: Pack) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The files that a check of this path reads or tries to read, and the names of the others."""
    found = collect(place, pack.schema)
    if not place.is_dir():
        records = beside(place) if found.prose is not None else []
        return {one.name: _read(one) for one in (place, *records)}, ()
    held = [entry for entry in listed(place) if not entry.name.startswith((".", "~$"))]
    unread = {name.removesuffix("/") for name in found.unread}
    read = [entry for entry in held if shown(entry.name) not in unread]
    names = [entry.name for entry in read if kind(entry, place) == "file"]
    links = [shown(entry.name) for entry in read if entry.name not in names]
    return {name: _read(place / name) for name in names}, (*found.unread, *links)


def _read(file: str | Path) -> bytes:
    """A file, up to what any reader takes."""
    try:
        return contents(Path(file), max(DEFAULT.tree_bytes, DEFAULT.table_bytes))
    except ReadError as error:
        raise UsageError("bundle-file", error.message, str(file), error.hint) from error


def _needed(names: Sequence[str], as_of: str) -> list[str]:
    """The packs in force, and the first, whose schema the submission is read by."""
    return [name for i, name in enumerate(names) if i == 0 or in_force(packs.dates(name), as_of)]


def _packs(names: Sequence[str], held: dict[str, bytes]) -> tuple[str, ...]:
    """Put each pack and what it lies on into ``packs/``; the folders as they are named there."""
    named = []
    for name in names:
        layers = packs.contents(name)
        for folder, files in layers:
            base = f"packs/{folder}"
            if "/" in folder or fault_of_name(base):
                raise UsageError(
                    "bundle-pack",
                    f"规则包的名称“{folder}”不能作文件夹名",
                    hint="请把它放在同一处并改名",
                )
            for relative, content in files.items():
                if held.setdefault(f"{base}/{relative}", content) != content:
                    raise UsageError(
                        "bundle-pack", f"两个规则包的文件夹同名：{folder}", hint="请改名后再打包"
                    )
        named.append(f"packs/{layers[0][0]}")
    return tuple(named)


def _baseline(file: str, name: str | None) -> bytes:
    """An earlier report; of several that of this submission alone, by whose it is."""
    content = _read(file)
    try:
        whole = json.loads(content)
        if whole.get("format") != MANY:
            return content
        own = [one for one in whole["reports"] if one["submission"][SUBJECT]["name"] == name]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError("no-baseline", f"{file} 不是 JSON 报告") from error
    if len(own) != 1:
        raise UsageError("no-baseline", f"{file} 中找不到与这份材料同名的一份报告")
    return jsonform.dumps(own[0]).encode("utf-8", "backslashreplace")


def _private(field: Field, value: Any) -> Iterator[str]:
    """Labels of what is never shown and yet is in the submission."""
    if value is None or value is ABSENT or not field.holds_private:
        return
    if field.private:
        yield field.title
    elif field.kind == "rows" and isinstance(value, Sequence):
        item = field.item
        for row in value:
            if item is not None:
                yield from _private(item, row)
    elif isinstance(value, Mapping):
        for name, child in field.fields.items():
            for label in _private(child, value.get(name)):
                yield label if field.path == "" or "·" in label else f"{field.title}·{label}"


def readme(report: Report, private: Sequence[str]) -> str:
    """How to verify, what is in it, and what to mind, for the person who gets it.

    It says nothing that cannot be had from the report again, and so be checked.
    """
    words = catalogue.official(report.packs.words("zh"))

    def say(key: str, **slots: object) -> str:
        return words[f"bundle.{key}"].format(**slots)

    none, apart = say("none"), words["list"]
    record = report.run.record
    office = say("waivers") if record is not None and record.waivers else ""
    if report.attestations.files:
        office += say("attestations")
    if report.confirmed.given:
        office += say("confirmations")
    packs = apart.join(f"{p.title} {p.version}" for p in report.packs.used)
    return say(
        "readme",
        subject=visible(report.submission.name or say("unnamed")),
        as_of=report.run.as_of,
        packs=packs or none,
        version=report.run.tool_version,
        private=apart.join(private) or none,
        office=office,
    )


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a bundle as a folder, whole or not at all. Raises UsageError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError("output-file", "这里已有内容", str(target), "换一个新的文件夹名")
    if not target.parent.is_dir():
        raise UsageError("output-file", f"没有文件夹 {target.parent}", str(target), "先建好文件夹")
    try:
        with TemporaryDirectory(prefix=_SCRATCH, dir=target.parent) as scratch:
            _sweep(Path(scratch))
            whole = Path(scratch) / "bundle"
            whole.mkdir(mode=0o700)
            write_files(whole, files)
            os.replace(whole, target)
    except OSError as error:
        told = f"写不进去：{system_reason(error)}"
        raise UsageError("output-file", told, str(target), "换一个能写的位置") from error


def _sweep(scratch: Path) -> None:
    """Remove folders like ``scratch`` beside it that calls ended on the spot left, a day old."""
    now = scratch.stat()
    for entry in os.scandir(scratch.parent):
        if entry.name.startswith(_SCRATCH) and entry.is_dir(follow_symlinks=False):
            seen = entry.stat(follow_symlinks=False)
            if seen.st_uid == now.st_uid and now.st_mtime - seen.st_mtime > 24 * 3600:
                shutil.rmtree(entry.path, ignore_errors=True)
