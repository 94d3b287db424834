"""Files made to hurt: each is refused or read within 300 MB and 20 seconds of processor time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from kehou.readers import ReadError, read, read_path

MEMORY = 300 << 20
#: Of processor time, which a busy machine does not use up; and how long such a one is waited for.
SECONDS, PATIENCE = 20, 600

#: Reads one file under a limit on the whole address space and on its work, and asks for a place.
CHILD = f"""
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from kehou.readers import ReadError, read_path
try:
    document = read_path(Path(sys.argv[1]))
    document.span("/1")
    print("read", len(document.tree))
except ReadError as error:
    print("refused", ascii(str(error)))
"""


def bomb() -> str:
    """A billion laughs: nine levels of ten aliases each."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 10):
        lines.append(f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]")
    return "\n".join(lines)


def rows(form: str) -> str:
    """Rows that all differ, so that nothing is kept once for many."""
    return "".join(form.format(f"{i:05x}") for i in range(190_000))


#: Name of the file, its text (just under the size limit where size matters), what is said of it.
REFUSED: list[tuple[str, Callable[[], str], str]] = [
    ("alias-bomb.yaml", bomb, "展开后过大"),
    ("alias-list.yaml", lambda: "a: &a 1\nb: [" + "*a," * 1_200_000 + "]", "展开后过大"),
    ("alias-text.yaml", lambda: f"a: &a {'x' * 90_000}\nb: [{'*a,' * 9_000}]", "展开后过大"),
    ("flow-deep.yaml", lambda: "[" * 10_000 + "]" * 10_000, "嵌套超过"),
    ("flow-open.yaml", lambda: "[" * 4_900_000, "嵌套超过"),
    ("flow-maps.yaml", lambda: "{a: " * 10_000 + "}" * 10_000, "嵌套超过"),
    ("block-deep.yaml", lambda: "\n".join(" " * i + "a:" for i in range(3_000)), "嵌套超过"),
    ("block-10000.yaml", lambda: "- " * 10_000 + "x", "嵌套超过"),
    ("key-deep.yaml", lambda: "? " * 10_000 + "x", "键只能是文字"),
    ("long-plain.yaml", lambda: "a: " + "x" * 4_900_000, "超过 100000 个字"),
    ("long-quoted.yaml", lambda: 'a: "' + "中" * 1_600_000 + '"', "超过 100000 个字"),
    ("long-folded.yaml", lambda: "a: " + "x\n " * 1_600_000, "超过 100000 个字"),
    ("long-key.yaml", lambda: '? "' + "x" * 4_900_000 + '"\n: 1', "超过 100000 个字"),
    ("many-items.yaml", lambda: "[" + "1," * 2_400_000 + "]", "超过 500000 项"),
    ("many-maps.yaml", lambda: "[" + "{}," * 1_600_000 + "]", "超过 500000 项"),
    ("open-quote.yaml", lambda: 'a: "' + "x\n" * 2_400_000, "引号没有成对"),
    ("same-keys.yaml", lambda: "a: 1\n" * 900_000, "重复"),
    ("tags.yaml", lambda: "[" + "!x 1," * 800_000 + "]", "标签"),
    ("tabs.yaml", lambda: "a: 1\n" + "\tb: 1\n" * 800_000, "制表符"),
    ("colons.yaml", lambda: "a：1\n" * 20_000 + "b: 1", "中文冒号"),
    ("escapes.yaml", lambda: "a: " + "\x1b[2J" * 1_000_000, "控制字符"),
    ("newlines.yaml", lambda: "\n" * 4_900_000, "没有内容"),
    ("comments.yaml", lambda: "#\n" * 2_400_000, "没有内容"),
    ("deep.json", lambda: "[" * 10_000 + "]" * 10_000, "嵌套超过"),
    ("open.json", lambda: '{"a":' * 900_000, "嵌套超过"),
    ("long.json", lambda: '["' + "x" * 4_900_000 + '"]', "超过 100000 个字"),
    ("number.json", lambda: "[" + "1" * 4_900_000 + "]", "超过 100000 位"),
    ("many.json", lambda: "[" + "1," * 2_400_000 + "1]", "超过 500000 项"),
    ("same-keys.json", lambda: "{" + '"a":1,' * 800_000 + '"a":1}', "重复"),
    ("commas.csv", lambda: "a,b\n" + "," * 19_000_000, "超过 500 列"),
    ("quote-commas.csv", lambda: 'a,b\n"x",' + "," * 19_000_000, "超过 500 列"),
    ("newlines.csv", lambda: "a,b\n" + "\n" * 19_000_000, "超过 200000 行"),
    ("blank.csv", lambda: "a,b\n" + ",\n" * 9_000_000, "超过 200000 行"),
    (
        "cells.csv",
        lambda: ",".join("abcdefghij") + "\n" + "1,2,3,4,5,6,7,8,9,0\n" * 190_000,
        "1000000 个单元格",
    ),
    ("open-quote.csv", lambda: 'a,b\n"' + "x\n" * 9_000_000, "引号没有成对"),
    ("quotes.csv", lambda: 'a,b\n"' + '""' * 9_000_000, "引号没有成对"),
    ("long.csv", lambda: "a,b\n" + "x" * 19_000_000, "超过 100000 个字"),
    ("ragged.csv", lambda: "a,b\n" + "1\n" * 190_000, "1 个单元格"),
]

#: The largest that is still read.
READ: list[tuple[str, Callable[[], str], int]] = [
    ("items.yaml", lambda: "[" + ",".join(f"v{i:07d}" for i in range(490_000)) + "]", 490_000),
    ("keys.yaml", lambda: "\n".join(f"k{i:06x}: " for i in range(490_000)), 490_000),
    ("keys.json", lambda: "{" + ",".join(f'"{i:06x}":1' for i in range(450_000)) + "}", 450_000),
    (
        "table.csv",
        lambda: "a,b,c,d,e\n" + rows(f"a{{0}},b{{0}},c{{0}},d{{0}},{'x' * 60}{{0}}\n"),
        190_000,
    ),
    ("quoted.csv", lambda: "a,b\n" + rows('"{0}","{0}\n"\n'), 190_000),
]


def child(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.parametrize(("name", "text", "said"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_hostile_file_is_refused_in_bounds(
    tmp_path: Path, name: str, text: Callable[[], str], said: str
) -> None:
    path = tmp_path / name
    path.write_text(text(), "utf-8", newline="")
    answer = child(path)
    assert answer.startswith("refused") and ascii(said)[1:-1] in answer, answer[:500]


@pytest.mark.parametrize(("name", "text", "size"), READ, ids=[case[0] for case in READ])
def test_the_largest_file_allowed_is_read_in_bounds(
    tmp_path: Path, name: str, text: Callable[[], str], size: int
) -> None:
    path = tmp_path / name
    path.write_text(text(), "utf-8", newline="")
    assert child(path) == f"read {size}\n"


@pytest.mark.parametrize("name", ["plan.yaml", "plan.json", "roster.csv"])
def test_a_100_mb_file_is_refused_before_it_is_opened(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(100_000_000)

    def opened(*_: object, **__: object) -> IO[bytes]:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(ReadError, match=r"文件有 100\.0 MB，超过上限"):
        read_path(path)


def test_a_device_is_not_a_file() -> None:
    with pytest.raises(ReadError, match="不会读"):
        read_path(Path("/dev/zero"))
    with pytest.raises(ReadError, match="不是一个文件"):
        read_path(Path("/dev/zero"), name="plan.yaml")


@pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.csv"])
@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"\0" * 1000,
        b"a: \0",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf5\x80\x80\x80",
        b"PK\x03\x04",
        b"\x80\x81",
        b"\xef\xbb\xbf",
        b"\xfe\xff",
        b"\xff\xfe\0\0",
    ],
)
def test_bytes_that_are_no_text_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(ReadError):
        read(name, data)


def test_what_yaml_could_run_or_fetch_stays_unread() -> None:
    for tag in (
        "!!python/object/apply:os.system",
        "!!python/name:os.system",
        "!include",
        "!!binary",
    ):
        with pytest.raises(ReadError, match="不支持标签"):
            read("a.yaml", f"a: {tag} [id]\n".encode())


def test_terminal_escapes_survive_only_as_text() -> None:
    assert read("a.yaml", b'a: "\\e[2J"\n').tree == {"a": "\x1b[2J"}
    assert read("a.json", b'{"a": "\\u001b[2J"}').tree == {"a": "\x1b[2J"}
