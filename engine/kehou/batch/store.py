"""What a run leaves for the next: each submission's entry and pieces, written once it is done.

A submission has one folder a stage, named by its path; the files in it by what they were made
from, so that a change of anything makes them useless. Nothing in it is executed or believed
beyond what is shown: an entry that is cut short or of another version is as none.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kehou.batch.entry import Entry, as_tree, from_tree
from kehou.errors import UsageError, system_reason
from kehou.readers import ReadError
from kehou.readers.door import contents, listed
from kehou.render import write_whole

#: The folder in the current one that runs are kept in where none is named.
DEFAULT: Final = ".kehou"
_MOST: Final = 100_000_000
_ENTRY: Final = "kept"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of results."""

    folder: str

    def make(self) -> None:
        """See that the folder is there, for its owner alone; raises UsageError."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            probe = Path(self.folder) / ".write"
            write_whole(probe, b"")
            probe.unlink()
        except OSError as error:
            told = f"存放结果的文件夹写不进去：{system_reason(error)}"
            hint = "用 --store 另指一个可以写的文件夹"
            raise UsageError("store", told, self.folder, hint) from error

    @property
    def scratch(self) -> Path:
        """Where archives are unpacked during a run."""
        return Path(self.folder) / f"unpacked-{os.getpid()}"

    def entry(self, path: str, stage: str, key: str) -> Entry | None:
        """What is kept of a submission under this key; None where there is nothing whole."""
        data = self.piece(path, stage, key, _ENTRY)
        if data is None:
            return None
        try:
            found = from_tree(json.loads(data))
        except (ValueError, RecursionError):
            return None
        return found if found.key == key else None

    def piece(self, path: str, stage: str, key: str, name: str) -> bytes | None:
        """A piece of output that was kept with the entry; None where there is none whole."""
        try:
            packed = contents(self._file(path, stage, key, name), _MOST)
            return gzip.decompress(packed)
        except (ReadError, OSError, EOFError, zlib.error):
            return None

    def keep(self, entry: Entry, pieces: Mapping[str, bytes]) -> None:
        """Write the pieces, then the entry, each whole; then sweep what it supersedes."""
        home = self._home(entry.path, entry.stage)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps(as_tree(entry), ensure_ascii=False, separators=(",", ":"))
        whole = {**pieces, _ENTRY: text.encode("utf-8", "surrogatepass")}
        names = set()
        for name, data in whole.items():
            file = self._file(entry.path, entry.stage, entry.key, name)
            write_whole(file, gzip.compress(data, 5, mtime=0))
            names.add(file.name)
        for file in listed(home):
            if file.name not in names:
                with contextlib.suppress(OSError):
                    file.unlink()

    def _home(self, path: str, stage: str) -> Path:
        name = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
        return Path(self.folder) / f"{stage}-{name[:24]}"

    def _file(self, path: str, stage: str, key: str, name: str) -> Path:
        return self._home(path, stage) / f"{key[:32]}.{name}.gz"
