"""Files of prose read one by one, each in a process of its own: what came of it, at what cost.

Run as a program, with the files as arguments, it writes a line of JSON for each. A reading that
takes too long is ended, and told so. What its processes do (a socket, a program, a file opened to
write) is seen by an audit hook in each of them, also in those that it starts with Python.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: Wall seconds after which a reading is ended: above every limit of the readers themselves.
PATIENCE: Final = 150
_HOOK = """
import os, sys
def _watch(event, told, log={log!r}, busy=[]):
    writes = event == "open" and isinstance(told[2], int) and told[2] & (os.O_WRONLY | os.O_RDWR)
    ours = event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn"))
    if busy or not (writes or ours or event.startswith(("urllib.", "webbrowser."))):
        return
    busy.append(1)
    try:
        with open(log, "a") as file:
            file.write(event + " " + str(told[0])[:300].replace("\\n", " ") + "\\n")
    finally:
        busy.clear()
sys.addaudithook(_watch)
"""


@dataclass(frozen=True)
class Told:
    """What came of a file: ``outcome`` is read, refused, raised or stuck.

    ``seconds`` is processor time with that of the programs started, ``memory`` the resident bytes
    of the largest process, ``seen`` what the audit hooks saw.
    """

    name: str
    outcome: str
    told: str
    hint: str
    seconds: float
    memory: int
    seen: list[str]


def read_all(files: Sequence[Path], folder: Path) -> Iterator[Told]:
    """What comes of each file; ``folder`` is for what readers keep while they work."""
    hooks = folder / "hooks"
    hooks.mkdir()
    log = folder / "seen.txt"
    (hooks / "sitecustomize.py").write_text(_HOOK.format(log=str(log)), "utf-8")
    (folder / "tmp").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(hooks), "TMPDIR": str(folder / "tmp")}
    command = [sys.executable, __file__, str(log), *map(str, files)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield Told(**json.loads(line))


def _main() -> None:
    from kehou import data
    from kehou.fields import load_schema
    from kehou.reading import read_prose

    schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    read_prose("a.txt", "学校每天开门。".encode(), schema)
    log = Path(sys.argv[1])
    for name in sys.argv[2:]:
        log.unlink(missing_ok=True)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            os.setsid()
            _one(name, schema, writing)
        os.close(writing)
        found = _awaited(child, reading)
        seen = log.read_text("utf-8").splitlines() if log.exists() else []
        found |= {"name": os.path.basename(name), "seen": [s for s in seen if "seen.txt" not in s]}
        print(json.dumps(found), flush=True)


def _awaited(child: int, reading: int) -> dict[str, Any]:
    """What a child tells; that it does not, where it is killed or has to be."""
    end = time.monotonic() + PATIENCE
    status = 0
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    else:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    if told:
        return json.loads(told)  # type: ignore[no-any-return]
    outcome = "stuck" if time.monotonic() >= end else "raised"
    return {"outcome": outcome, "told": f"{status}", "hint": "", "seconds": 0.0, "memory": 0}


def _one(name: str, schema: Any, writing: int) -> None:
    """Read a file and leave."""
    from kehou.readers import ReadError
    from kehou.reading import read_prose

    told = {"outcome": "read", "told": "", "hint": ""}
    try:
        read_prose(os.path.basename(name), Path(name).read_bytes(), schema)
    except ReadError as refused:
        told = {"outcome": "refused", "told": refused.message, "hint": refused.hint}
    except BaseException as error:
        told = {"outcome": "raised", "told": f"{type(error).__name__}: {error}"[:300], "hint": ""}
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cost = {
        "seconds": sum(one.ru_utime + one.ru_stime for one in both),
        "memory": max(one.ru_maxrss for one in both) << 10,
    }
    os.write(writing, json.dumps({**told, **cost}).encode())
    os._exit(0)


if __name__ == "__main__":
    _main()
