"""Old workbooks (.xls, WPS .et) turned into .xlsx by LibreOffice, where it is installed.

It runs with a profile of its own that is thrown away, with macros, links and active content off,
under limits on time and memory, on a copy in a folder of its own. Nothing of the user's is touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from kehou.readers.ooxml import OLE, SAVE_AS, refuse_encrypted
from kehou.readers.source import Limits, ReadError

SECONDS: Final = 90
_MEMORY: Final = 4 << 30
#: Streams of a compound file that hold a workbook, of Excel 97 and of Excel 5.
_STREAMS: Final = ("Workbook", "Book")
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
</oor:items>
"""


def converted(data: bytes, limits: Limits) -> bytes:
    """The same workbook as .xlsx; raises ``ReadError`` where that cannot be had."""
    if not data.startswith(OLE):
        from kehou.readers.decoding import seems

        what = seems(data)
        raise ReadError(
            f"文件不是 Excel 或 WPS 表格{'，像是' + what if what else ''}", hint=SAVE_AS
        )
    if len(data) > limits.table_bytes:
        raise ReadError(f"文件超过上限 {limits.table_bytes / 1e6:g} MB", hint="拆成几个文件")
    refuse_encrypted(data)
    if not any(name.encode("utf-16-le") in data for name in _STREAMS):
        raise ReadError("文件里没有 Excel 或 WPS 的表格（可能已损坏，或是别的文件）", hint=SAVE_AS)
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise ReadError("旧版 Excel 或 WPS 表格（.xls、.et）要先转换", hint=SAVE_AS)
    with tempfile.TemporaryDirectory(prefix="kehou-", ignore_cleanup_errors=True) as folder:
        return _convert(program, Path(folder), data, limits)


def _convert(program: str, folder: Path, data: bytes, limits: Limits) -> bytes:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    source, target = folder / "table.xls", folder / "out" / "table.xlsx"
    source.write_bytes(data)
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--infilter=MS Excel 97",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
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
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_bounded if os.name == "posix" else None,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise ReadError(f"LibreOffice 在 {SECONDS} 秒内没有转换完", hint=SAVE_AS) from None
    finally:
        _end(process)
    if not target.is_file() or target.stat().st_size > limits.table_bytes:
        raise ReadError(
            "LibreOffice 打不开这个表格（可能已损坏，或加了密码）", hint=f"{SAVE_AS}，不设密码"
        )
    return target.read_bytes()


def _bounded() -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)  # a lower one that was set for us cannot be raised
        kept = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (kept, kept))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with whatever it started (its session is its own)."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
