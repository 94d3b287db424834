"""Where a rendered report goes: standard output or a file written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kehou.cli.language import nearest, say, spoken
from kehou.errors import KehouError, UsageError, one_line, system_reason
from kehou.render import FORMATS
from kehou.render.words import visible

#: A mark that old Chinese encodings lack, and what stands for it there.
_SUBSTITUTES = str.maketrans({"✗": "×", "█": "■"})


@dataclass(frozen=True, slots=True)
class Output:
    """One ``-o FORMAT[=FILE]``; ``path`` None is standard output."""

    format: str
    path: Path | None = None


def parse(text: str, formats: Sequence[str], option: str = "-o") -> Output:
    """Read ``FORMAT[=FILE]``, as ``option`` was given it.

    Raises UsageError for an unknown format, an empty file name, or a format that is no text and
    has no file to go to.
    """
    name, equals, file = text.partition("=")
    if name not in formats:
        hint = nearest(name, formats)
        suffix = Path(name).suffix.lstrip(".")
        if suffix in formats:
            hint = say("cli.output.as_file", option=option, format=suffix, file=name)
        raise UsageError("output-format", say("cli.output.no_such", name=name), option, hint)
    if equals and not file:
        hint = say("cli.output.name_one", option=option, format=name)
        raise UsageError("output-file", say("cli.output.no_file", text=text), option, hint)
    if name in FORMATS and FORMATS[name].binary and file in ("", "-"):
        hint = say("cli.output.binary_file", option=option, format=name)
        raise UsageError("output-file", say("cli.output.binary", format=name), option, hint)
    return Output(name, Path(file) if file and file != "-" else None)


def check_targets(outputs: Sequence[Output], inputs: Sequence[str]) -> None:
    """Refuse, before any work, targets that clash, are inputs, or cannot be written."""
    if sum(output.path is None for output in outputs) > 1:
        raise UsageError(
            "output-clash",
            say("cli.output.one_screen"),
            "-o",
            say("cli.output.others_files"),
        )
    taken = {os.path.realpath(path) for path in inputs if path != "-"}
    for path in (output.path for output in outputs):
        if path is None:
            continue
        place = f"-o {path}"
        real = os.path.realpath(path)
        if real in taken:
            raise UsageError(
                "output-clash", say("cli.output.taken"), place, say("cli.output.other_name")
            )
        taken.add(real)
        if path.is_dir():
            raise UsageError(
                "output-file", say("cli.output.folder"), place, say("cli.output.write_name")
            )
        if not path.parent.is_dir():
            told = say("cli.output.no_folder", folder=path.parent)
            raise UsageError("output-file", told, place, say("cli.output.make_folder"))


def write(output: Output, content: str | bytes) -> None:
    """Write what was rendered; a file appears whole or keeps what it was. Raises UsageError."""
    if isinstance(content, str) and output.path is None:
        emit(content, plain=output.format == "text")
        return
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    from kehou.render import write_whole

    assert output.path is not None, "`parse` gives a format that is no text a file"
    try:
        write_whole(output.path, content)
    except OSError as error:
        raise UsageError(
            "output-file",
            say("cli.output.cannot_write", reason=in_words(system_reason(error))),
            f"-o {output.path}",
            say("cli.output.elsewhere"),
        ) from error


def tell_written(wanted: Sequence[Output], n: int | None = None) -> None:
    """Tell on standard error which files there are now, with how many submissions in each."""
    for path in (output.path for output in wanted):
        if path is not None and n is None:
            remark("cli.output.written", file=str(path))
        elif path is not None:
            remark("cli.output.written_of", file=str(path), n=n)


def write_together(files: Mapping[Path, str]) -> None:
    """Write several files, all or none of those that were not there. Raises UsageError."""
    new = [path for path in files if not path.exists()]
    try:
        for path, text in files.items():
            write(Output("yaml", path), text)
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


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
    """Tell something on standard error; never fails, for who cannot be told is no reason to."""
    encoding = sys.stderr.encoding or "utf-8"
    with contextlib.suppress(OSError):
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr)


def remark(key: str, /, **slots: object) -> None:
    """Tell on standard error, under the program's name, a text of the catalogue."""
    safe = {k: v if isinstance(v, (int, float)) else visible(str(v)) for k, v in slots.items()}
    complain(say("cli.said", told=visible(say(key, **safe), keep="\n")))


def complain_of(error: KehouError, of: str = "") -> None:
    """Tell an error on standard error: where, what, and what to do about it.

    ``of`` is the submission that it befell, of many: a place within it is told from there.
    """
    told, place = in_words(error.message), one_line(_within(of, error.where))
    told = say("cli.place", place=place, told=told) if place else told
    told += say("cli.please", hint=one_line(in_words(error.hint))) if error.hint else ""
    complain(say("cli.said", told=visible(told, keep="\n")))


def _within(of: str, where: str) -> str:
    """A place such as ``plan.yaml:2:1`` with the folder or file that it is of."""
    if not of or where.startswith(of):
        return where or of
    name = os.path.basename(of.rstrip("/\\"))
    if where == name or where.startswith((f"{name}:", f"{name}!")):
        return of + where[len(name) :]
    return os.path.join(of, where) if os.path.isdir(of) else f"{of} {where}"


def fault(place: object, message: str, hint: str = "") -> str:
    """A fault in one line: where, what and, in brackets, what to do."""
    told = say("cli.place", place=place, told=in_words(message))
    return visible(told + say("cli.brackets", hint=in_words(hint)) if hint else told)


def in_words(text: str) -> str:
    """A sentence of the engine in the language of this call, and the lines below it."""
    if spoken() == "zh":
        return text
    from kehou.model.sentences import english

    first, *more = text.split("\n")
    return "\n".join([english(first), *(_line_in_words(line) for line in more)])


def _line_in_words(line: str) -> str:
    """A line below a sentence: a place, and what is wrong there."""
    from kehou.model.sentences import english

    place, *told = re.split(r"\uff1a", line, maxsplit=1)  # the colon of Chinese
    return f"{place}: {english(told[0])}" if told else english(line)


def remark_fault(place: object, message: str, hint: str = "") -> None:
    """Tell a fault of what was handed in, on standard error."""
    complain(say("cli.said", told=fault(place, message, hint)))


def crash(error: Exception, path: str = "") -> str:
    """What is told of a bug of ours: it is no fault of the submission, and it judges nothing."""
    import traceback

    told = say("cli.crash")
    told = say("cli.place", place=one_line(path), told=told) if path else told
    trace = "".join(traceback.format_exception(error))
    return visible(trace + say("cli.said", told=told), keep="\n")


def _knows_chinese(encoding: str) -> bool:
    try:
        chr(0x4E00).encode(encoding)  # “one”, which no Chinese encoding lacks
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
