"""A reader that is killed or stuck costs one document; every other ends with its outcome."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.support import readers_ended
from tests.support.mixed_documents import rich_text, write_documents

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="workers are looked for in /proc"
)


def test_every_document_of_a_folder_comes_to_an_outcome(tmp_path: Path) -> None:
    written = write_documents(tmp_path / "各校", 24)
    converts = shutil.which("soffice") is not None
    if converts:
        lines = ["示例转换小学2021年秋季学期课后服务实施方案", "学生自愿参加，教师答疑。"]
        (tmp_path / "各校" / "旧方案.rtf").write_bytes(rich_text(lines))
    words = ["check", "各校", "--engine", "direct", "--jobs", "2", "--time-limit", "20"]
    words += ["-o", "summary=汇总.json", "--store", "存"]
    ran = readers_ended.run(words, tmp_path, tmp_path / "存")
    assert ran.code == 4, ran.told
    entries = {
        str(Path(one["path"]).relative_to("各校")): one
        for one in json.loads((tmp_path / "汇总.json").read_text("utf-8"))["entries"]
    }
    of = {one: _entry_of(one.path, entries) for one in written}
    told = set(of.values()) | ({"旧方案.rtf"} if converts else set())
    assert told == entries.keys(), "每一份都有结果，没有多的"
    assert len(entries) == len(written) + converts
    assert ran.stopped == 1
    late = [path for path, one in entries.items() if "检查了 20 秒还没有完" in str(one["faults"])]
    assert len(late) == 1, "只丢停住的那一份"
    assert "--time-limit" in str(entries[late[0]]["faults"])
    if converts:
        assert ran.killed == 2
        assert "两次中途结束（-9）" in str(entries.pop("旧方案.rtf")["faults"])
    for one, path in of.items():
        state = entries[path]["state"]
        assert state == ("crashed" if path in late else "read" if one.sound else "unread"), path


def _entry_of(path: str, entries: Iterable[str]) -> str:
    """The entry of a document: its own, of the folder it stands alone in, or in an archive."""
    places = {path, *map(str, Path(path).parents)}
    return next(one for one in entries if one in places or one.startswith(f"{path}/"))
