"""What commands over many submissions share: whether many are meant, where files may go."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import listed, outputs, say
from kehou.commands.choices import pack_names, register_of
from kehou.errors import UsageError
from kehou.model.outcomes import NOT_ADOPTED
from kehou.render.words import catalogue, visible

if TYPE_CHECKING:
    from kehou.batch.given_reports import Given
    from kehou.batch.inputs import Found
    from kehou.batch.runner import Tell, Watch
    from kehou.batch.survey import Surveyed
    from kehou.cli.settings import Settings


def has_slots(wanted: Iterable[outputs.Output]) -> bool:
    """Whether a file name has a slot, ``{…}``: a file for each submission is meant."""
    return any("{" in str(output.path) and "}" in str(output.path) for output in wanted)


def holds_many(
    path: str,
    options: argparse.Namespace,
    chosen: Settings,
    shelf: dict[str, kehou.Pack] | None = None,
) -> bool:
    """Whether a path holds several submissions; ``shelf`` keeps the pack that was loaded."""
    if not os.path.isdir(path):
        return path.lower().endswith(".zip") and os.path.isfile(path)
    from kehou.packs import topmost
    from kehou.submission.files import may_hold_many

    name = topmost(pack_names(options, chosen))[0]
    pack = (shelf or {}).get(name) or kehou.load_pack(name)
    if shelf is not None:
        shelf[name] = pack
    if not may_hold_many(path, pack.schema):
        return False
    from kehou.batch import is_one

    return not is_one(path, pack.schema)


#: So many submissions are named where one was wanted.
_NAMED = 8


@contextmanager
def the_one(path: str, options: argparse.Namespace, chosen: Settings) -> Iterator[str | None]:
    """Where the one submission of a path is read, None where the path holds several.

    It is found as a check of many finds it, so a folder or an archive with one in it will do.
    Raises KehouError of an archive that cannot be opened, UsageError where nothing is found.
    """
    if not holds_many(path, options, chosen):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="kehou-") as scratch:
        found = _found(path, options, chosen, scratch)
        if not found.inputs and len(found.failed) == 1:
            raise found.failed[0][1]
        if not found.inputs and not found.failed:
            told, hint = say("command.check.nothing_found"), say("command.many.nothing")
            raise UsageError("nothing-to-check", told, path, hint)
        one = len(found.inputs) == 1 and not found.failed
        yield found.inputs[0].place if one else None


@contextmanager
def alone(path: str, options: argparse.Namespace, chosen: Settings) -> Iterator[str]:
    """As `the_one`; raises UsageError, which names them, where a path holds several."""
    with the_one(path, options, chosen) as place:
        if place is not None:
            yield place
            return
    with tempfile.TemporaryDirectory(prefix="kehou-") as scratch:
        found = _found(path, options, chosen, scratch)
    names = sorted([*(one.path for one in found.inputs), *(name for name, _ in found.failed)])
    told = listed(names[:_NAMED]) + ("……" if len(names) > _NAMED else "")
    folder = os.path.isdir(path)
    hint = say("command.many.write_one" if folder else "command.many.unpack", name=names[0])
    raise UsageError("several", say("command.many.several", n=len(names), names=told), path, hint)


@contextmanager
def each_of(path: str, options: argparse.Namespace, chosen: Settings) -> Iterator[list[str]]:
    """Where each of the submissions at a path is read; what cannot be looked into is told.

    Raises KehouError where nothing can be read at all.
    """
    with the_one(path, options, chosen) as place:
        if place is not None:
            yield [place]
            return
    with tempfile.TemporaryDirectory(prefix="kehou-") as scratch:
        found = _found(path, options, chosen, scratch)
        for name, error in found.failed:
            outputs.complain_of(error, name)
        yield [one.place for one in found.inputs]


def known(
    place: str, options: argparse.Namespace, chosen: Settings, asked: kehou.CheckOptions
) -> kehou.CheckOptions:
    """The options of one submission, with what the register that was given knows of it."""
    file = register_of(options, chosen)
    if file is None:
        return asked
    from kehou.batch import read_register
    from kehou.batch.inputs import Input
    from kehou.batch.registered import known as known_one
    from kehou.batch.survey import survey

    schema = kehou.load_pack(asked.packs[0]).schema
    one = survey(Input(place, place, asked=True), schema)
    return replace(asked, known_as=known_one(one, read_register(file, schema)).known_as)


class Places:
    """Where the submissions of reports lie: one that a folder or an archive holds with others is
    looked for in it, each folder and archive once. ``scratch`` is where archives are unpacked.
    """

    def __init__(self, options: argparse.Namespace, chosen: Settings, scratch: str) -> None:
        self._how = options, chosen
        self._scratch = scratch
        self._looked: dict[str, Found] = {}

    def of(self, path: str, recorded: str) -> str:
        """The place of what a report ``recorded`` as its path, in a path that is there.

        A path that holds one alone is its place, whatever it was called. Raises UsageError where
        it holds several and none is the one.
        """
        holder = path if os.path.exists(path) else _archive_of(path)
        if holder is None or not holds_many(holder, *self._how):
            return path
        if holder not in self._looked:
            self._looked[holder] = _found(holder, *self._how, self._scratch)
        inputs = self._looked[holder].inputs
        if len(inputs) == 1 and holder == path:
            return inputs[0].place
        tails = {one.place: _below(one.path, holder) for one in inputs}
        ours = [one.place for one in inputs if one.path in (recorded, path)]
        ours = ours or [p for p, tail in tails.items() if tail and f"/{recorded}".endswith(tail)]
        if len(ours) != 1:
            told = say("command.verify.none_in", name=recorded)
            raise UsageError("verify-place", told, holder, say("command.verify.name_it"))
        return ours[0]


def _archive_of(path: str) -> str | None:
    """The archive that a path which is not there lies in, by what it was called in a report."""
    above = (str(one) for one in Path(path).parents)
    return next((p for p in above if p.lower().endswith(".zip") and os.path.isfile(p)), None)


def _below(path: str, holder: str) -> str:
    """Where something lies below what holds it, with a stroke before; nothing where it does not."""
    tail = path.removeprefix(holder.rstrip("/"))
    return tail if tail != path and tail.startswith("/") else ""


def _found(path: str, options: argparse.Namespace, chosen: Settings, scratch: str) -> Found:
    """What may be a submission at a path; what is none is left out."""
    from kehou import batch
    from kehou.packs import topmost

    schema = kehou.load_pack(topmost(pack_names(options, chosen))[0]).schema
    found = batch.find([path], schema, Path(scratch))
    found.inputs = [one for one in found.inputs if not batch.is_stray(one, schema)]
    return found


def refuse_inside(files: Iterable[Path], paths: Iterable[str]) -> None:
    """What is written among what is checked would be taken for material in the next run."""
    folders = [os.path.realpath(path) for path in paths if os.path.isdir(path)]
    for file in files:
        before = []
        for part in file.parts[:-1]:
            if "{" in part:
                break
            before.append(part)
        real = Path(os.path.realpath(Path(*before)))
        if any(real.is_relative_to(folder) for folder in folders):
            told, hint = say("command.check.inside"), say("command.bundle.elsewhere")
            raise UsageError("output-clash", told, f"-o {file}", hint)


def told_and_watched(packs: Sequence[str], language: str) -> tuple[Tell, Watch]:
    """How a run speaks on standard error: its remarks, and a bar where that is a terminal."""
    from kehou.batch.progress import watched

    words = catalogue.of_packs([kehou.load_pack(packs[0])], language)

    def tell(key: str, slots: Mapping[str, object]) -> None:
        safe = {k: v if isinstance(v, int) else visible(str(v)) for k, v in slots.items()}
        outputs.complain(say("cli.said", told=words[key].format(**safe)))

    def watch(
        items: Iterable[tuple[object, object]], total: int, title: str
    ) -> Iterator[tuple[object, object]]:
        return watched(items, total, words[title], words["batch.unit"], words["batch.left"])

    return tell, watch


def passing(
    files: Sequence[str], known: Mapping[str, str] | None = None, title: str = "batch.reading"
) -> Iterator[Given]:
    """The reports of files as they pass by (`given_reports.given`), with a bar on a terminal."""
    from kehou.batch.given_reports import given
    from kehou.batch.progress import watched

    total = len(files) if len(files) > 1 else 0
    left = say("batch.left", time="{time}")
    return watched(given(files, known), total, say(title), say("batch.unit"), left)


def for_each(
    work: str,
    options: argparse.Namespace,
    asked: kehou.CheckOptions,
    files: Sequence[tuple[str, str]],
    register: str | None = None,
) -> int:
    """Make files for each of many submissions; the gravest exit code (`kehou.batch.each`)."""
    from kehou.batch.each import for_each as made_for_each

    tell, watch = told_and_watched(asked.packs, options.lang or "zh")
    refuse_inside([Path(file) for _, file in files], options.paths)
    made = made_for_each(work, options.paths, asked, files, tell, watch, register=register)
    for _, file in files:
        tell("batch.written_each", {"file": file, "n": made.made})
    return made.code


def tell_unadopted(tree: Mapping[str, Any]) -> None:
    """Say of a report which attestations it did not adopt, and what mends it."""
    from kehou.batch.given_reports import SUBJECT

    left = [note for note in tree.get("attestations") or () if note["state"] in NOT_ADOPTED]
    late = [note["date"] for note in left if note["state"] == "not_yet"]
    submission = tree["submission"]
    name = submission[SUBJECT]["name"] or submission["path"]
    if late:
        outputs.remark("command.many.not_yet", name=name, n=len(late), latest=max(late))
    if len(left) > len(late):
        outputs.remark("command.many.unadopted", name=name, n=len(left) - len(late))


def files_of(group: Sequence[Surveyed]) -> tuple[str, ...]:
    """The files of some reports, each once."""
    return tuple(dict.fromkeys(one.place for one in group))


def tell_left_out(left: Iterable[Mapping[str, Any]]) -> None:
    """Say of whom there is no report: who handed in several papers, and who none."""
    for one in left:
        whose = visible(one["name"] or one["id"])
        files = visible(listed(one["paths"]))
        if one["why"] == "doubled":
            outputs.remark("command.many.left_doubled", whose=whose, files=files)
        else:
            outputs.remark("command.many.left_absent", whose=whose)


def tell_doubled(groups: Iterable[Sequence[Surveyed]]) -> None:
    """Say of whom several reports came, of which none is used: the others go on."""
    for group in groups:
        whose = group[0].id or group[0].name or group[0].path
        if whose != group[0].name and group[0].name:
            whose = say("command.many.whose", name=group[0].name, id=whose)
        files = visible(listed(list(files_of(group))))
        outputs.remark("command.many.doubled", whose=visible(whose), n=len(group), files=files)
