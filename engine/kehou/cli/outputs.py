"""Where a rendered report goes: standard output or a file written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kehou.errors import UsageError
from kehou.language import suggest
from kehou.render.formats import BINARY
from kehou.render.words import visible

#: A mark that old Chinese encodings lack, and what stands for it there.
_SUBSTITUTES = str.maketrans({"✗": "×", "█": "■"})


@dataclass(frozen=True, slots=True)
class Output:
    """One ``-o FORMAT[=FILE]``; ``path`` None is standard output."""

    format: str
    path: Path | None


def parse(text: str, formats: Sequence[str]) -> Output:
    """Read ``FORMAT[=FILE]``.

    Raises UsageError for an unknown format, an empty file name, or a format that is no text and
    has no file to go to.
    """
    name, equals, file = text.partition("=")
    if name not in formats:
        hint = suggest(name, formats)
        suffix = Path(name).suffix.lstrip(".")
        if suffix in formats:
            hint = f"写作 -o {suffix}={name}"
        raise UsageError("output-format", f"没有输出格式“{name}”", "-o", hint)
    if equals and not file:
        raise UsageError(
            "output-file", f"“{text}”的等号后没有写文件名", "-o", f"写作 -o {name}=文件"
        )
    if name in BINARY and file in ("", "-"):
        raise UsageError(
            "output-file", f"{name} 不是文字，不能写到屏幕", "-o", f"写作 -o {name}=结果.{name}"
        )
    return Output(name, Path(file) if file and file != "-" else None)


def check_targets(outputs: Sequence[Output], inputs: Sequence[str]) -> None:
    """Refuse, before any work, targets that clash, are inputs, or cannot be written."""
    if sum(output.path is None for output in outputs) > 1:
        raise UsageError(
            "output-clash",
            "只能有一种格式写到屏幕",
            "-o",
            "给其余的格式写上文件，如 -o json=结果.json",
        )
    taken = {os.path.realpath(path) for path in inputs if path != "-"}
    for path in (output.path for output in outputs):
        if path is None:
            continue
        place = f"-o {path}"
        real = os.path.realpath(path)
        if real in taken:
            raise UsageError(
                "output-clash", "这个文件已用作输入或另一种输出", place, "换一个文件名"
            )
        taken.add(real)
        if path.is_dir():
            raise UsageError("output-file", "这是文件夹，不能当文件来写", place, "写上文件名")
        if not path.parent.is_dir():
            raise UsageError("output-file", f"没有文件夹 {path.parent}", place, "先建好文件夹")


def write(output: Output, content: str | bytes) -> None:
    """Write what was rendered; a file appears whole or keeps what it was. Raises UsageError."""
    if isinstance(content, str) and output.path is None:
        emit(content, plain=output.format == "text")
        return
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    assert output.path is not None, "`parse` gives a format that is no text a file"
    try:
        _write_file(output.path, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            "output-file", f"写不进去：{reason}", f"-o {output.path}", "换一个能写的位置"
        ) from error


def _write_file(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = Path(os.path.realpath(path))
    scratch = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with open(scratch, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            scratch.chmod(target.stat().st_mode & 0o777)
        os.replace(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def emit(text: str, plain: bool = True) -> None:
    """Write to standard output, whatever the locale.

    Plain text goes out in the terminal's encoding if that knows Chinese; a document (JSON,
    HTML, a schema) always in UTF-8, which is what it declares.
    """
    stream = sys.stdout
    encoding = (stream.encoding or "utf-8").lower().replace("_", "-")
    if plain and encoding not in ("utf-8", "utf8") and _knows_chinese(encoding):
        content = text.translate(_SUBSTITUTES).encode(encoding, "backslashreplace")
    else:
        content = text.encode("utf-8", "backslashreplace")
    stream.flush()
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(content.decode("utf-8", "replace"))
    else:
        buffer.write(content)
    stream.flush()


def complain(text: str) -> None:
    """Tell something on standard error; never fails for want of an encoding."""
    encoding = sys.stderr.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr)


def crash(error: Exception, path: str = "") -> str:
    """What is told of a bug of ours: it is no fault of the submission, and it judges nothing."""
    import traceback

    place = f"{path}：" if path else ""
    trace = "".join(traceback.format_exception(error))
    return visible(
        f"{trace}kehou：{place}内部出错，这不是材料的问题；请把以上内容报给维护者", keep="\n"
    )


def _knows_chinese(encoding: str) -> bool:
    try:
        "课后".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def colour_wanted(output: Output) -> bool:
    """Whether to colour: on a terminal that can, and not under NO_COLOR (no-color.org)."""
    return (
        output.path is None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
