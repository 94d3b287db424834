"""Runs one input in this process and says what is wrong with what came of it.

No traceback; an exit code of the documented set, and 1 only for a breach that the output shows; a
message in Chinese that names what it is about; bounded processor time and memory; inputs as they
were, nothing half written and no temporary file left; nothing private, and no raw control or
direction mark, on screen or in a report; files written that parse.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import resource
import signal
import sys
import tempfile
import traceback
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

from tests.support.command_line import Ran, here
from tests.support.fuzz.case import Call, Case, Fault
from tests.support.private_damage import SECRETS

from kehou.checking import attestations
from kehou.errors import KehouError
from kehou.submission import records

#: Processor seconds that an input may take, and megabytes that it may add to the process.
SECONDS, MEGABYTES = 20, 500
DOCUMENTED = frozenset((0, 1, 2, 3, 4))
#: Commands that may end with 1, and the words of which one stands on the screen where they do.
BREACHES = {
    "check": ("不符合", "fail"),
    "diff": ("新增", "重现", "new", "reopened"),
    "fix": ("没有找到", "须实际办理", "不能", "left", "leaves"),
    "recheck": ("未整改", "部分整改", "重现", "open", "partly", "reopened"),
    "verify": ("不同", "不一致", "differs", "differ"),
    "waiver": ("处要处理", "：", "mend them", "is not known"),
    "test": ("mutation score", "blind spots", "应", "expect", "不通过", "没有通过"),
}
_HAN = re.compile("[\u4e00-\u9fff]")
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_CODE_BYTES = (".json", ".sarif", ".gitlab", ".oscal")


class Hung(BaseException):
    """Raised into an input that takes too long; no ``except Exception`` holds it up."""


def examine(case: Case, root: Path) -> list[Fault]:
    """Put the files into a new folder of ``root``, make the calls, and hold them to the oracles."""
    folder, scratch = root / "材料", root / "tmp"
    folder.mkdir()
    scratch.mkdir()
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    case.prepare(folder)
    attestations._LOADED.clear()  # what the engine keeps of files that it read before
    records._KEPT.clear()
    found: list[Fault] = []
    before = memory()
    try:
        with _bounded(), mock.patch.object(tempfile, "tempdir", str(scratch)):
            found += _played(case, folder)
    except Hung:
        found.append(Fault("time", f"用了 {SECONDS} 秒以上：{_where()}"))
    if memory() - before > MEGABYTES:
        found.append(Fault("memory", f"多用了 {memory() - before} MB"))
    found += [Fault("left behind", f"{path.name}") for path in scratch.rglob("*")]
    forced = {word for call in case.calls if "--force" in call.words for word in call.words[2:]}
    for name, data in case.files.items():
        with contextlib.suppress(OSError):
            if name not in forced and (folder / name).read_bytes() != data:
                found.append(Fault("input changed", name))
    return found


def memory() -> int:
    """The most megabytes that this process has held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _where() -> str:
    """The innermost line of ours in the traceback that is being handled."""
    frames = [f for f in traceback.extract_tb(sys.exc_info()[2]) if "kehou" in f.filename]
    return f"{frames[-1].filename}:{frames[-1].name}" if frames else ""


def _played(case: Case, folder: Path) -> Iterator[Fault]:
    rans: list[Ran] = []
    for call in case.calls:
        there = _listed(folder)
        try:
            ran = here(*call.words, cwd=folder, stdin=call.stdin)
        except SystemExit as left:
            ran = (int(left.code or 0), "", "")
        except UnicodeError as error:
            yield Fault("output is no UTF-8", str(error))
            return
        except Exception:
            yield Fault("traceback", traceback.format_exc())
            return
        rans.append(ran)
        new = _listed(folder) - there
        yield from _of_call(call, ran, "".join(_told_in(folder, new)))
        yield from _of_files(call, ran, folder, new)
    try:
        yield from (Fault("not as written", told) for told in case.check(folder, rans))
    except KehouError as error:
        yield Fault("refused", f"{type(error).__name__} {error}")
    except Exception:
        yield Fault("traceback", traceback.format_exc())


def _listed(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _told_in(folder: Path, names: set[str]) -> Iterator[str]:
    """What stands in the files that a call wrote, where it can be read."""
    for name in sorted(names):
        with contextlib.suppress(Exception):
            yield from _texts(name, (folder / name).read_bytes())


def _of_call(call: Call, ran: Ran, written: str) -> Iterator[Fault]:
    code, out, err = ran
    told = out + err
    shown = f"{' '.join(call.words)}：{code}\n{told[-1500:]}"
    if "Traceback" in told or "内部出错" in told:
        yield Fault("traceback", shown)
    if code not in DOCUMENTED:
        yield Fault("exit code", shown)
    if code not in call.codes:
        yield Fault("exit code of an intact input", shown)
    shows = any(word in told + written for word in BREACHES.get(call.words[0], ()))
    if code == 1 and not shows:
        yield Fault("exit 1 without a breach", shown)
    if code in (2, 4) and "en" not in call.words:
        if not _HAN.search(told) and not call.writes:
            yield Fault("no message", shown)
        if call.about and not any(name in told for name in call.about) and not call.writes:
            yield Fault("no place", shown)
    if raw := _RAW.search(told):
        yield Fault("raw mark", f"{shown}\n{raw[0]!r}")
    if "-" not in call.shows_private:
        for secret in SECRETS:
            if secret in told:
                yield Fault("private", f"{shown}\n{secret}")


def _of_files(call: Call, ran: Ran, folder: Path, new: set[str]) -> Iterator[Fault]:
    allowed = set(call.writes)
    for name in sorted(new):
        if name not in allowed and not any(name.startswith(f"{one}/") for one in allowed):
            yield Fault("left behind", f"{' '.join(call.words)}：{name}")
            continue
        data = (folder / name).read_bytes()
        try:
            text = "".join(_texts(name, data))
        except Exception:
            yield Fault("broken file", f"{name}\n{traceback.format_exc()}")
            continue
        if name in call.shows_private:
            continue
        for secret in SECRETS:
            if secret in text:
                yield Fault("private", f"{' '.join(call.words)}：{name}：{secret}")
    if call.words[0] == "check":
        yield from _gate(call, ran, folder)


def _texts(name: str, data: bytes) -> Iterator[str]:
    """All text of a file that a command wrote; raises where it is not what its name says."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in package.namelist():
                if part.endswith((".xml", ".rels")):
                    ElementTree.fromstring(package.read(part))
                yield package.read(part).decode("utf-8", "replace")
        return
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    if name.endswith(_CODE_BYTES):
        json.loads(text)
    if name.endswith((".junit", ".svg")):
        ElementTree.fromstring(text)
    yield text


def _gate(call: Call, ran: Ran, folder: Path) -> Iterator[Fault]:
    """The exit code of a check worked out again from its JSON report."""
    asked = [
        word.partition("=")[2]
        for flag, word in pairwise(("", *call.words))
        if word.startswith("json=") and not flag.startswith("--store")
    ]
    target = next((name for name in asked if name in call.writes), "")
    path = folder / target
    if not target or not path.is_file():
        if ran[0] not in (2, 4) and target:
            yield Fault("exit code", f"{' '.join(call.words)}：{ran[0]}，没有写出 {target}")
        return
    tree = json.loads(path.read_text("utf-8"))
    reports = tree.get("reports", [tree])
    wanted = min((gate_of(one) for one in reports), key=(4, 1, 3, 0, 2).index)
    if ran[0] != wanted and not (ran[0] in (2, 4) and ran[2]):
        yield Fault("exit code", f"{' '.join(call.words)}：{ran[0]}，照报告应是 {wanted}")


def gate_of(report: dict[str, Any]) -> int:
    """What README says of a report's exit code, for the usual gate."""
    graded = [r for r in report["results"] if r["severity"] != "advice"]
    if report["faults"] or any(r["outcome"] == "error" for r in graded):
        return 4
    if not report["results"]:
        return 2
    outcomes = {r["outcome"] for r in graded if r["severity"] in ("critical", "major")}
    if "fail" in outcomes:
        return 1
    seen = report["attestations"]["notes"] if isinstance(report["attestations"], dict) else ()
    recorded = any(n["state"] == "recorded" and n["verdict"] == "fail" for n in seen)
    return 3 if recorded or outcomes & {"review", "insufficient"} else 0


def words_of(calls: Sequence[Call]) -> str:
    """The calls as somebody would type them."""
    return "；".join(" ".join(call.words) for call in calls)
