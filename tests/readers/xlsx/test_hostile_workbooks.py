"""Workbooks made to hurt: each is read or refused with a way out, in bounded time and memory.

They are read in processes of their own under a limit on the whole address space, in which to run
another program or to open a connection is an error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.hostile_workbooks import made, mutated, packed, roster

from kehou.readers import ReadError, ooxml
from kehou.readers.xlsx import open_workbook

MEMORY = 300 << 20
SECONDS = 20
SEEDS = range(400)

#: Reads every file of a folder as a roster; one line of JSON for each.
CHILD = f"""
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
from kehou import data
from kehou.readers import ReadError
from kehou.fields.fields import read_schema
from kehou.tables.read import read_table
schema = read_schema(data.schemas(), "submission")
part = schema.root.fields["roster"]

def stop(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "urllib.")):
        raise SystemExit(f"tried {{event}} {{arguments}}")
    if event == "open" and "passwd" in str(arguments[0]):
        raise SystemExit(f"tried {{event}} {{arguments}}")

sys.addaudithook(stop)
for path in sorted(Path(sys.argv[1]).iterdir()):
    begun = time.process_time()
    try:
        document = read_table(path, part, schema)
        told = ["read", len(document.tree), [p.message for p in document.problems],
                [n.written for n in document.notes]]
    except ReadError as error:
        told = ["refused", str(error), [p.hint for p in error.problems], []]
    taken = time.process_time() - begun
    print(json.dumps([path.name, taken, *told]), flush=True)
"""


def reading(folder: Path) -> dict[str, list[Any]]:
    """What is told of each file: seconds, read or refused, rows or message, problems, notes."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, build, _ in made:
        (folder / name).write_bytes(build())
    return reading(folder)


@pytest.mark.parametrize(("name", "said"), [(n, s) for n, _, s in made], ids=[n for n, *_ in made])
def test_a_hostile_workbook_is_read_or_refused(
    hostile: dict[str, list[Any]], name: str, said: str
) -> None:
    seconds, outcome, told, hints, _ = hostile[name]
    assert seconds < SECONDS
    if not said:
        assert outcome == "read", told
        return
    assert outcome == "refused"
    assert any(word in told for word in said.split("|")), told
    assert told.startswith(name)
    assert all(hints)


def test_what_hurts_nobody_is_read_whole(hostile: dict[str, list[Any]]) -> None:
    plain = hostile["plain.xlsx"]
    assert plain[1:4] == ["read", 30, []]
    same = [
        "stored.xlsx",
        "utf-16.xlsx",
        "dimension.xlsx",
        "bad-dimension.xlsx",
        "comments.xlsx",
        "wrong-content-types.xlsx",
        "no-content-types.xlsx",
        "appended.xlsx",
        "bomb-unread.xlsx",
        "mac-1904.xlsx",
    ]
    assert {name: hostile[name][3] for name in same} == {name: [] for name in same}
    assert hostile["formatted-rows.xlsx"][2] == 3


def test_a_cell_that_is_no_value_is_told_and_the_row_is_read(hostile: dict[str, list[Any]]) -> None:
    for name in (
        "nan.xlsx",
        "infinite.xlsx",
        "digits.xlsx",
        "negative-date.xlsx",
        "far-date.xlsx",
        "leap-1900.xlsx",
        "bad-iso.xlsx",
    ):
        _, outcome, rows, problems, _ = hostile[name]
        assert (outcome, rows, len(problems)) == ("read", 1, 1), name
        assert "错误值" in problems[0]
    for name in ("dde-only.xlsx", "web-service.xlsx"):
        assert "是公式，文件里没有它的计算结果" in hostile[name][3][0]


def test_what_is_not_read_is_listed(hostile: dict[str, list[Any]]) -> None:
    listed = {
        "macros.xlsm": "宏（VBA）",
        "external-links.xlsx": "外部链接",
        "connections.xlsx": "数据连接",
        "embedded.xlsx": "嵌入的对象",
    }
    for name, what in listed.items():
        assert what in hostile[name][4]


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [("MOST_ELEMENTS", 100, "行、列和格式超过 100 项"), ("MOST_BYTES", 3000, "解压后过大")],
)
def test_what_a_workbook_may_cost_is_counted_over_all_its_parts(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, said: str
) -> None:
    monkeypatch.setattr(ooxml, limit, most)
    with pytest.raises(ReadError, match=said):
        open_workbook(packed(roster()), "a.xlsx")


def test_workbooks_damaged_at_random_are_read_or_refused_with_a_way_out(tmp_path: Path) -> None:
    for seed in SEEDS:
        (tmp_path / f"{seed:04}.xlsx").write_bytes(mutated(seed))
    found = reading(tmp_path)
    assert len(found) == len(SEEDS)
    outcomes = [rest[1] for rest in found.values()]
    assert outcomes.count("refused") > 100
    assert outcomes.count("read") > 50
    for name, (seconds, outcome, told, hints, _) in found.items():
        assert seconds < SECONDS, name
        if outcome == "refused":
            assert told.startswith(f"{name}"), told
            assert all(hints), told
