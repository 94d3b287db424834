"""A call that is ended, or finds no room, leaves no half of a file and no lie as an exit code.

The moments, signals and disks are drawn from a seed: a share in `make test`, all of them with
KEHOU_SHARE=1. Closed and full streams, all combinations over all commands: test_streams.py.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from tests.support.command_line import here
from tests.support.forked_calls import Call, begun
from tests.support.share import share
from tests.support.small_pack import write_pack

from kehou.cli import outputs
from kehou.cli.command_table import COMMANDS
from kehou.cli.outputs import Output
from kehou.inspection.worksheet_xlsx import HEADER_ROW

ROOT = Path(__file__).parents[2]
REPORTED = ROOT / "tests" / "data" / "reported"
SCHEME = ROOT / "docs" / "scheme-example" / "scheme.yaml"
DIRECT = ("--engine", "direct")
#: Calls of every command; ``@`` stands for the folder that what is written goes to.
CALLS: dict[str, tuple[str, ...]] = {
    "check": ("check", "late.yaml", "-o", "json=@/r.json", "-o", "html=@/r.html"),
    "check office": ("check", "late.yaml", *DIRECT, "-o", "docx=@/r.docx", "-o", "xlsx=@/r.xlsx"),
    "check screen": ("check", "plan.yaml", *DIRECT),
    "explain": ("explain", "schedule-primary-end", "late.yaml"),
    "read": ("read", "plan.txt", "--as-of", "2021-09-06", "-o", "html=@/read.html"),
    "clauses": ("clauses", "-o", "html=@/clauses.html"),
    "worksheet": ("worksheet", "seen.json", "-o", "xlsx=@/w.xlsx"),
    "attest": ("attest", "one.xlsx", "-o", "yaml=@/attest.yaml"),
    "agreement": ("agreement", "one.xlsx", "two.xlsx", "-o", "json=@/agreement.json"),
    "circular": ("circular", "seen.json", "-o", "docx=@/circular.docx"),
    "notice": ("notice", "r.json", "--due", "2021-10-01", "-o", "docx=@/n.docx", "--reply", "@/y"),
    "recheck": ("recheck", "n.json", "reply.yaml", "late.yaml", "-o", "html=@/c.html"),
    "score": ("score", "late.yaml", *DIRECT, "--scheme", str(SCHEME), "-o", "xlsx=@/s.xlsx"),
    "diff": ("diff", "r.json", "late.yaml", "-o", "json=@/d.json"),
    "waiver": ("waiver", "prune", "waivers.yaml", "--on", "2030-01-01", "-o", "text=@/kept.yaml"),
    "request": ("request", "late.yaml", "-o", "docx=@/q.docx"),
    "fix": ("fix", "--suggest", "late.yaml", "-o", "patch=@/p.diff"),
    "verify": ("verify", "r.json", "late.yaml", "-o", "json=@/v.json"),
    "bundle": ("bundle", "late.yaml", *DIRECT, "-o", "@/made.zip"),
    "bundle folder": ("bundle", "late.yaml", *DIRECT, "-o", "@/made"),
    "form": ("form", "-o", "@/form.xlsx", "--force"),
    "convert": ("convert", "late.yaml", "@/made.json", "--force"),
    "test": ("test", "--pack", "shelf"),
    "lint": ("lint", "--pack", "shelf"),
    "new": ("new", "book-new-one", "--pack", "@/shelf"),
    "schema": ("schema",),
    "completion": ("completion", "bash"),
}
WAIVERS = """\
waivers:
  - rule: schedule-primary-end
    subject: /plan/sessions/0
    outcome: fail
    reason: 冬季班车
    office: 某旗县教育局（示例）
    until: 2021-12-31
"""


def test_every_command_is_called() -> None:
    assert {words[0] for words in CALLS.values()} == COMMANDS.keys()


@dataclass(frozen=True)
class Usual:
    """What a call does that nothing befalls: exit code, seconds, the files it writes."""

    code: int
    seconds: float
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with what the calls read; it is where they are called."""
    place = tmp_path_factory.mktemp("interrupted")
    shutil.copy(REPORTED / "closed-stdout" / "plan.yaml", place / "plan.yaml")
    shutil.copy(REPORTED / "waiver-no-such-day" / "plan.yaml", place / "late.yaml")
    (place / "waivers.yaml").write_text(WAIVERS, "utf-8")
    (place / "plan.txt").write_text("示例小学课后服务方案\n每周五第二节组织单元检测。\n", "utf-8")
    (place / "shelf").mkdir()
    write_pack(place / "shelf")
    before = Path.cwd()
    os.chdir(place)
    try:
        here("check", "late.yaml", *DIRECT, "-o", "json=r.json")
        seen = ("--stage", "inspection", "--on", "2021-10-20")
        here("check", "late.yaml", *DIRECT, *seen, "-o", "json=seen.json")
        here(
            "notice", "r.json", "--due", "2021-10-01", "-o", "json=n.json", "--reply", "reply.yaml"
        )
        here("worksheet", "seen.json", "-o", "xlsx=w.xlsx")
        for name, verdict in (("one.xlsx", "符合"), ("two.xlsx", "不符合")):
            filled(place / "w.xlsx", place / name, verdict)
        yield place
    finally:
        os.chdir(before)


def filled(blank: Path, target: Path, verdict: str) -> None:
    """A worksheet in which an inspector answered the first rows."""
    book = openpyxl.load_workbook(blank)
    page = book.worksheets[0]
    at = {page.cell(HEADER_ROW, c).value: c for c in range(1, page.max_column + 1)}
    for row, text in ((3, "某旗县教育局（示例）"), (4, "2021-10-20"), (5, "2022-01-20")):
        page.cell(row, 3).value = text
    for row in range(HEADER_ROW + 1, min(page.max_row, HEADER_ROW + 5) + 1):
        for name, text in (("核实结论", verdict), ("所见", "当场查看"), ("佐证", "照片1")):
            page.cell(row, at[name]).value = text
    book.save(target)
    book.close()


def prepared(place: Path, name: str) -> tuple[str, ...]:
    """The words of a call that writes into an empty folder, which is made."""
    place.mkdir(parents=True, exist_ok=True)
    if name == "new":
        shutil.copytree("shelf", place / "shelf")
    return tuple(word.replace("@", str(place)) for word in CALLS[name])


def contents(place: Path) -> dict[str, bytes]:
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def usual(room: Path) -> Callable[[str], Usual]:
    known: dict[str, Usual] = {}

    def of(name: str) -> Usual:
        if name not in known:
            words = prepared(room / f"usual {name}", name)
            (room / "scratch").mkdir(exist_ok=True)
            started = time.monotonic()
            code = begun(words, room / "said", room / "scratch").code()
            known[name] = Usual(code, time.monotonic() - started, contents(room / f"usual {name}"))
            assert code in (0, 1, 3, 4), (name, (room / "said.err").read_text("utf-8"))
        return known[name]

    return of


def no_crash(call: Call) -> None:
    said = call.told.read_text("utf-8")
    assert "Traceback" not in said and "内部出错" not in said, said
    crash = call.told.with_suffix(".crash")
    assert not crash.exists(), crash.read_text("utf-8")


def whole(place: Path, before: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    """Each file is as it was before or as a call writes it; there is no other."""
    for name, content in contents(place).items():
        assert content in (before.get(name), wanted.get(name)), f"{name}: {len(content)} bytes"
    assert before.keys() <= contents(place).keys()


SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL)


def test_signals_at_random_moments(room: Path, usual: Callable[[str], Usual]) -> None:
    """Ended at any moment: as the signal has it or as usual, and never as a breach."""
    rng = random.Random(12)
    names = [*CALLS] * 5
    rng.shuffle(names)
    met = 0
    for n in range(share(100)):
        name, number = names[n], rng.choice(SIGNALS)
        place, scratch = room / f"ended {n}", room / f"scratch {n}"
        scratch.mkdir()
        words = prepared(place, name)
        for written in usual(name).files:
            if rng.random() < 0.5 and name != "new" and not written.startswith("made/"):
                (place / written).write_bytes(b"old")
        before = contents(place)
        delay = rng.random() * usual(name).seconds
        call = begun(words, room / f"said {n}", scratch)
        time.sleep(delay)
        call.signalled(number)
        code = call.code()
        about = f"{n}: {name}, {number.name} after {delay:.3f} s: {code}"
        assert not call.left(), about
        no_crash(call)
        wanted = {usual(name).code, 128 + number, -number}
        assert code in wanted, about
        met += code != usual(name).code
        if number != signal.SIGKILL:
            whole(place, before, usual(name).files)
            assert list(scratch.iterdir()) == [], about
        else:
            left = {path: text for path, text in contents(place).items() if ".kehou-" not in path}
            for path, content in left.items():
                assert content in (before.get(path), usual(name).files.get(path)), about
    assert met >= share(40)


@contextmanager
def small_disk(place: Path, free: int) -> Iterator[bool]:
    """A disk with so many bytes free; False where none can be made, and files are cut instead."""
    place.mkdir()
    blocks = max(1, -(-free // 4096))
    made = shutil.which("mount") is not None and hasattr(os, "geteuid") and os.geteuid() == 0
    command = ["mount", "-t", "tmpfs", "-o", f"size={4096 * (blocks + 200)}", "tmpfs", str(place)]
    made = made and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "-l", str(place)], check=True)


def filled_up(place: Path, free: int) -> None:
    """Leave so many bytes, in whole blocks."""
    seen = os.statvfs(place)
    taken = max(0, seen.f_bavail * seen.f_bsize - free)
    (place / "ballast").write_bytes(b"\0" * taken)


WRITERS = [name for name, words in CALLS.items() if any("@" in word for word in words)]


def test_full_disks(room: Path, usual: Callable[[str], Usual]) -> None:
    """No room: one sentence and exit 2; what was there stays, and nothing of ours is left."""
    rng = random.Random(13)
    names = [*WRITERS] * 2
    rng.shuffle(names)
    for n in range(share(20)):
        name = names[n]
        largest = max(map(len, usual(name).files.values()))
        free = rng.randrange(0, max(1, largest - 4096)) // 4096 * 4096
        place = room / f"disk {n}"
        with small_disk(place, free + 3_000_000) as made:
            words = prepared(place, name)
            kept = [written for written in usual(name).files if not written.startswith("made/")]
            if rng.random() < 0.5 and kept and name != "new":
                (place / kept[0]).write_bytes(b"old")
            before = contents(place)
            scratch = place / "scratch"
            scratch.mkdir()
            if made:
                filled_up(place, free)
            code, call = ended_without_room(words, room / f"disk-said {n}", scratch, made, free)
            about = f"{n}: {name}, {free} bytes free of {largest}: {code}"
            no_crash(call)
            assert not call.left(), about
            assert code == 2, (about, call.told.read_text("utf-8"))
            assert len(call.told.read_text("utf-8").splitlines()) <= 2, about
            (place / "ballast").unlink(missing_ok=True)
            assert list(scratch.iterdir()) == [], about
            whole(place, before, {k: v for k, v in usual(name).files.items() if len(v) <= free})


def ended_without_room(
    words: tuple[str, ...], said: Path, scratch: Path, made: bool, free: int
) -> tuple[int, Call]:
    """Where no disk can be made, no file may grow beyond what is free."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not made:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(free, 1), limits[1]))
    try:
        call = begun(words, said, scratch)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    return call.code(), call


# --- what is left of calls that had no chance to tidy ---------------------------------------------


def aged(path: Path, seconds: int) -> Path:
    stamp = time.time() - seconds
    os.utime(path, (stamp, stamp))
    return path


def test_what_a_killed_call_left_is_swept_a_day_later_and_nothing_else(tmp_path: Path) -> None:
    old, fresh, other, same = (
        tmp_path / name
        for name in (
            ".kehou-0123456789abcdef.tmp",
            ".kehou-fedcba9876543210.tmp",
            ".r.json.7.tmp",
            ".kehou-notes.tmp",
        )
    )
    for path in (old, fresh, other, same):
        path.write_text("half")
    for path in (old, other, same):
        aged(path, 25 * 3600)
    (folder := tmp_path / ".kehou-00000000000000ff.tmp").mkdir()
    aged(folder, 25 * 3600)
    outputs.write(Output("text", tmp_path / "a.txt"), "x")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {fresh.name, other.name, same.name, folder.name, "a.txt"}


def test_a_signal_that_is_ignored_stays_ignored(room: Path, usual: Callable[[str], Usual]) -> None:
    """As under nohup: the terminal's end ends nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        code, _, _ = here("check", "plan.yaml", *DIRECT)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert code in (1, 3)
    assert signal.getsignal(signal.SIGTERM) in (signal.SIG_DFL, signal.getsignal(signal.SIGTERM))


def test_a_rule_is_begun_with_all_its_files_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = write_pack(tmp_path)
    before = contents(pack)
    real, calls = os.replace, []

    def full(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    code, _, told = here("new", "book-new-one", "--pack", str(pack))
    assert (code, "写不进去" in told) == (2, True)
    assert contents(pack) == before
