"""A child process that answers requests, and of which any death is one error here.

`fork` and `spawn` give a `Worker`. Requests are bytes and answers JSON, behind eight bytes of
length; the first answer comes without a request. Nothing here knows what the child works on.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from kehou.errors import EXIT_UNREADABLE, KehouError, system_reason

if TYPE_CHECKING:
    import subprocess

_SIGNALS = {
    "SIGSEGV": "段错误",
    "SIGABRT": "异常中止",
    "SIGBUS": "总线错误",
    "SIGFPE": "算术错误",
    "SIGILL": "非法指令",
    "SIGKILL": "被强行结束，可能内存不足",
    "SIGTERM": "被要求结束",
}


#: Milliseconds after which a silent child's work is looked at again.
_LOOK = 100
#: Seconds that a child may leave a request unread.
_SILENCE = 20.0


class EngineDied(KehouError):
    """The child died, was silent for too long or answered nonsense; what it found is lost."""

    exit_code = EXIT_UNREADABLE

    def __init__(self, message: str) -> None:
        super().__init__(
            "engine-died", message, hint="用 --engine direct 再查一次，并把这句话告诉维护者"
        )


class Worker:
    """A child at work; use it as a context manager, or `close` it."""

    def __init__(
        self, pid: int, reader: int, writer: int, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        self._pid, self._reader, self._writer, self._process = pid, reader, writer, process
        self._open = True
        #: How many submissions it has worked on.
        self.uses = 0

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, data: bytes, silence: float = _SILENCE) -> None:
        """Send a request; raises EngineDied, also where the child does not take it in."""
        self._need()
        try:
            _send(self._writer, data, _Patience(self._pid, silence, silence))
        except TimeoutError as late:
            raise self.fail(f"规则网络的子进程{late}") from None
        except OSError:
            raise self._lost() from None

    def answer(self, work: float, silence: float | None = None) -> Any:
        """The next answer; raises EngineDied.

        ``work`` is how many seconds of processor time the child may take for it, so that a busy
        machine makes it late and not lost; ``silence`` how many seconds of the clock it may take
        none, the same where left out. Where processor time cannot be read it is given ten times
        as long by the clock.
        """
        self._need()
        try:
            data = _receive(self._reader, _Patience(self._pid, work, silence or work))
        except TimeoutError as late:
            raise self.fail(f"规则网络的子进程{late}") from None
        except OSError:
            data = None
        if data is None:
            raise self._lost()
        try:
            answer = json.loads(data)
            error = answer.get("error")
        except (AttributeError, ValueError):
            raise self.fail("规则网络的子进程答非所问") from None
        if error is not None:
            raise self.fail(f"规则网络未能运行：{error}")
        return answer.get("answer")

    def fail(self, message: str) -> EngineDied:
        """End the child; the error to raise."""
        self.close()
        return EngineDied(message)

    def close(self) -> None:
        """End the child and give back what it held; may be called again."""
        if not self._open:
            return
        if self._process is not None:
            self._process.kill()
        else:
            try:
                os.kill(self._pid, signal.SIGKILL)
            except ProcessLookupError:  # reaped by a caller that ignores SIGCHLD
                self._pid = 0
        self._reap()

    def _need(self) -> None:
        if not self._open:
            raise EngineDied("规则网络的子进程已经结束")

    def _lost(self) -> EngineDied:
        """Why a child that closed its end of a pipe is gone."""
        code = self._reap()
        if code >= 0:
            return EngineDied(f"规则网络的子进程没有答复就结束了（返回码 {code}）")
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"{-code} 号"
        zh = f"（{_SIGNALS[name]}）" if name in _SIGNALS else ""
        return EngineDied(f"规则网络的子进程被信号 {name} 终止{zh}")

    def _reap(self) -> int:
        """Wait for the child, close both pipes; its exit code, a signal as a negative number."""
        self._open = False
        if self._process is not None:
            with self._process:
                return self._process.wait()
        os.close(self._reader)
        os.close(self._writer)
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1]) if self._pid else 0
        except ChildProcessError:
            return 0


# --- starting a child ----------------------------------------------------------------------


def fork(first: Callable[[], Any], then: Callable[[bytes], Any]) -> Worker:
    """A copy of this process that answers ``first()``, then ``then(request)`` to each request."""
    import warnings

    ends: list[int] = []
    try:
        ends += os.pipe()
        ends += os.pipe()
        with warnings.catch_warnings():
            # 3.12 warns where the caller has threads. The child takes no lock of theirs, and one
            # that hangs all the same is killed in time.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
    except OSError as error:
        for end in ends:
            os.close(end)
        raise EngineDied(f"不能启动规则网络的子进程：{system_reason(error)}") from None
    from_child, to_parent, from_parent, to_child = ends
    if pid == 0:
        code = 1
        try:
            os.close(from_child)
            os.close(to_child)
            serve(from_parent, to_parent, first, then)
            code = 0
        finally:
            os._exit(code)
    os.close(to_parent)
    os.close(from_parent)
    return Worker(pid, from_child, to_child)


def spawn(module: str, data: bytes) -> Worker:
    """A fresh interpreter that runs a module, for platforms that cannot fork.

    The module gets its first message, ``data``, from `inherited`.
    """
    import subprocess

    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module],  # nothing from the current folder
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None and process.stdout is not None
    worker = Worker(process.pid, process.stdout.fileno(), process.stdin.fileno(), process)
    worker.ask(data)
    return worker


# --- messages ------------------------------------------------------------------------------


def _send(fd: int, data: bytes, patience: _Patience | None = None) -> None:
    """Write one message; TimeoutError where the reader takes nothing and patience is at an end."""
    view = memoryview(len(data).to_bytes(8, "big") + data)
    if patience is not None and os.name == "posix":
        os.set_blocking(fd, False)
    while view:
        try:
            view = view[os.write(fd, view) :]
        except BlockingIOError:
            assert patience is not None, "only a pipe that is waited for does not block"
            _await(fd, patience, writing=True)


def _receive(fd: int, patience: _Patience | None) -> bytes | None:
    """One message, or None at the end of the stream; TimeoutError where patience is at an end."""
    head = _read(fd, 8, patience)
    return head and _read(fd, int.from_bytes(head, "big"), patience)


def _read(fd: int, size: int, patience: _Patience | None) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        if patience is not None:
            _await(fd, patience)
        piece = os.read(fd, min(size - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return bytes(data)


class _Patience:
    """How long a child is waited for: by the work that it does, not by the clock."""

    def __init__(self, pid: int, work: float, silence: float) -> None:
        self._pid, self._work, self._silence = pid, work, silence
        self._begun = self._last = processor_seconds(pid)
        self._since = self._started = monotonic()

    def check(self) -> None:
        """Raise TimeoutError, which says why, where the child is to be given up."""
        now, used = monotonic(), processor_seconds(self._pid)
        if used is None or self._begun is None:
            if now - self._started > 10 * self._work:
                raise TimeoutError(f" {10 * self._work:g} 秒内没有答复")
            return
        if used - self._begun > self._work:
            raise TimeoutError(f"算了 {self._work:g} 秒（处理器时间）没有算完")
        if used != self._last:
            self._last, self._since = used, now
        elif now - self._since > self._silence:
            raise TimeoutError(f" {self._silence:g} 秒没有动静，也没有答复")


def processor_seconds(pid: int) -> float | None:
    """Seconds of processor time that a process has taken; None where that cannot be read."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            told = file.read().rpartition(b")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError, AttributeError):
        return None


def _await(fd: int, patience: _Patience, writing: bool = False) -> None:
    import select

    if not hasattr(select, "poll"):  # Windows has no way to wait for a pipe
        return
    poll = select.poll()
    poll.register(fd, select.POLLOUT if writing else select.POLLIN)
    while not poll.poll(_LOOK):
        patience.check()


# --- in the child --------------------------------------------------------------------------


def inherited() -> tuple[int, int, bytes]:
    """In a child of `spawn`: where to read requests and write answers, and its first message."""
    reader, writer = os.dup(0), os.dup(1)
    data = _receive(reader, None)
    if data is None:
        raise SystemExit(1)
    return reader, writer, data


def serve(reader: int, writer: int, first: Callable[[], Any], then: Callable[[bytes], Any]) -> None:
    """Answer without being asked, then one request after another until the parent is gone."""
    _isolate(reader, writer)
    answer = _attempt(first)
    while True:
        _send(writer, json.dumps(answer).encode())
        data = _receive(reader, None)
        if data is None:
            return
        answer = _attempt(lambda: then(data))  # noqa: B023 - called before the next request


def _attempt(work: Callable[[], Any]) -> dict[str, Any]:
    try:
        return {"answer": work()}
    except KehouError as error:
        return {"error": str(error)}
    except BaseException as error:
        return {"error": f"{type(error).__name__}: {error}"}


def _isolate(reader: int, writer: int) -> None:
    """Keep the child off the terminal, and from leaving a core dump or printing a traceback."""
    import gc

    gc.disable()
    null = os.open(os.devnull, os.O_RDWR)
    for fd in {0, 1, 2} - {reader, writer}:
        os.dup2(null, fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if "faulthandler" in sys.modules:
        sys.modules["faulthandler"].disable()
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
