"""Mixed documents through ``kehou check``, with readers killed and stopped midway: what was lost.

The short run has sixty documents, the full one a thousand; each must come to an outcome.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support import readers_ended
from tests.support.mixed_documents import rich_text, write_documents

#: Seconds that a document may take here; the run's default is longer.
_LIMIT = 30


def report(full: bool) -> Iterator[str]:
    """Outcomes by kind, what was lost, and what it cost."""
    count = 1000 if full else 60
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_documents(folder / "各校", count - 1)
        lines = ["示例转换小学2021年秋季学期课后服务实施方案", "学生自愿参加，教师答疑。"]
        (folder / "各校" / "旧方案.rtf").write_bytes(rich_text(lines))
        words = ["check", "各校", "--time-limit", str(_LIMIT), "--store", "存"]
        words += ["-o", "summary=汇总.json"]
        ran = readers_ended.run(words, folder, folder / "存")
        entries = json.loads((folder / "汇总.json").read_text("utf-8"))["entries"]
    yield f"  {count} documents, {len(entries)} outcomes, {ran.seconds:.0f} s, exit code {ran.code}"
    for state, times in Counter(one["state"] for one in entries).most_common():
        yield f"  {times:5} {state}"
    yield f"  {ran.killed} readers killed, {ran.stopped} stopped (limit {_LIMIT} s); lost:"
    for one in entries:
        if one["state"] == "crashed":
            yield f"        {one['path']}: {one['faults'][0]}"
    yield f"  most memory of a reader: {ran.memory / 1e6:.0f} MB"


__all__ = ["report"]
