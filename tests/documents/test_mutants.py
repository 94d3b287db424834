"""Hundreds of files changed or made to hurt: each is read, or refused with a reason and a way out.

In bounded time and memory, with nothing asked of a network, nothing run but the converter and our
own reader of PDFs, nothing written but in a folder that is gone afterwards, and by none of it.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from tests.support.mutants import CONVERTED, WHOLE, mutants
from tests.support.read_apart import Told, read_all
from tests.support.share import is_whole

#: Processor seconds and resident bytes of one file, that of a converter aside.
SECONDS, MEMORY = 10, 400 << 20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and counts memory in KB")


def test_each_is_read_or_refused_with_a_way_out(tmp_path: Path) -> None:
    converts = shutil.which("soffice") is not None and is_whole()
    with socket.create_server(("127.0.0.1", 0)) as asked:
        asked.settimeout(0.01)
        address = f"127.0.0.1:{asked.getsockname()[1]}"
        files = []
        (tmp_path / "given").mkdir()
        for one in mutants(WHOLE if is_whole() else 60, address, converts):
            files.append(tmp_path / "given" / one.name)
            files[-1].write_bytes(one.content)
        wrong = [
            f"{told.name}：{why}" for told in read_all(files, tmp_path) for why in _wrong(told)
        ]
        assert wrong == []
        with pytest.raises(TimeoutError):
            asked.accept()
    assert list((tmp_path / "tmp").iterdir()) == [], "临时文件都清掉了"
    assert sorted((tmp_path / "given").iterdir()) == files, "交来的文件旁边没有写东西"


def _wrong(told: Told) -> list[str]:
    """What is not as it should be with a reading."""
    found = []
    if told.outcome not in ("read", "refused") or (told.outcome == "refused" and not told.hint):
        found.append(f"{told.outcome} {told.told}")
    if told.name.partition("-")[2] not in CONVERTED:
        if told.seconds > SECONDS:
            found.append(f"{told.seconds:.1f} 秒")
        if told.memory > MEMORY:
            found.append(f"{told.memory >> 20} MB")
    return found + [one for one in told.seen if not _may(one, told.name)]


def _may(seen: str, name: str) -> bool:
    """Whether what a hook saw is the converter, our own reader, or a file in a passing folder."""
    event, _, about = seen.partition(" ")
    if event == "subprocess.Popen":
        old = name.endswith((".doc", ".wps", ".rtf"))
        return Path(about).name in (("soffice", "libreoffice") if old else (_OWN,))
    if event != "open":
        return False
    return about == "/dev/null" or about.isdigit() or about.startswith(tempfile.gettempdir())


_OWN = Path(sys.executable).name
