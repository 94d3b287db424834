"""Old files turned into new ones by LibreOffice, where it is installed.

It runs with a profile of its own that is thrown away, with macros, links and active content off,
under limits on time and memory, on a copy in a folder of its own. Nothing of the user's is touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from kehou.readers.outside import run
from kehou.readers.source import Limits, ReadError

SECONDS: Final = 90
_MEMORY: Final = 4 << 30
_PROGRAMS: Final = ("soffice", "libreoffice")
#: Settings of the throw-away profile: no macros, no links updated, no active content.
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Conversion(NamedTuple):
    """From which file to which: endings without a dot, and the filters LibreOffice has for them."""

    old: str
    reading: str
    new: str
    writing: str


def program() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def convert(
    soffice: str, conversion: Conversion, data: bytes, limits: Limits, hint: str
) -> bytes | None:
    """The same file in its new format; None where LibreOffice could not open it.

    Raises ``ReadError`` with the hint where it takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="kehou-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        source = folder / f"given.{conversion.old}"
        target = folder / "out" / f"given.{conversion.new}"
        source.write_bytes(data)
        command = [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            f"--infilter={conversion.reading}",
            "--convert-to",
            f"{conversion.new}:{conversion.writing}",
            "--outdir",
            str(target.parent),
            str(source),
        ]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LC_ALL": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        }
        try:
            run(command, folder, environment, seconds=SECONDS, memory=_MEMORY)
        except TimeoutError:
            raise ReadError(f"LibreOffice 在 {SECONDS} 秒内没有转换完", hint=hint) from None
        if not target.is_file() or target.stat().st_size > limits.table_bytes:
            return None
        return target.read_bytes()
