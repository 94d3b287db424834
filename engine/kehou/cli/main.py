"""The command line: a call, what may befall it, and its exit code.

Nothing but argparse is imported before a command is known, and then only that command's module.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence

from kehou.cli import streams
from kehou.cli.language import say, speaking
from kehou.cli.parser import bare, complete, module_of
from kehou.cli.signals import Ended, ending
from kehou.errors import EXIT_UNREADABLE, EXIT_USAGE, KehouError, UsageError, system_reason


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    streams.secure()
    try:
        with ending():
            try:
                code = _spoken(given)
            except SystemExit as asked:  # --help and --version
                raise SystemExit(streams.settled(int(asked.code or 0), EXIT_USAGE)) from None
            return streams.settled(code, EXIT_USAGE)
    except Ended as told:
        # Half a document on the screen is worth nothing; what is left of it is not waited for.
        streams.give_up(sys.stdout)
        return told.exit_code


def _spoken(given: Sequence[str]) -> int:
    """The exit code of a call in its language."""
    with speaking(given, lambda: _of_settings(given)):
        try:
            return _ended(given)
        except Exception:  # not even the error can be told, as where a catalogue is gone
            import traceback

            with contextlib.suppress(OSError):
                traceback.print_exc()
            return EXIT_UNREADABLE


def _of_settings(given: Sequence[str]) -> str:
    from kehou.cli.settings import language_here

    return language_here(given)


def _ended(arguments: Sequence[str]) -> int:
    """The exit code of a call, whatever befell it."""
    try:
        return _run(arguments)
    except KehouError as error:
        from kehou.cli.outputs import complain_of

        complain_of(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader (`| head`) has gone; nothing more can be told, at exit neither.
        streams.give_up(sys.stdout)
        return EXIT_USAGE
    except OSError as error:  # a full disk, a device that takes nothing
        from kehou.cli.outputs import complain

        complain(_told(error))
        streams.give_up(sys.stdout)
        return EXIT_USAGE
    except Exception as error:  # a bug of ours must not look like exit 1, a breach
        from kehou.cli.outputs import complain, crash

        complain(crash(error))
        return EXIT_UNREADABLE


def _told(error: OSError) -> str:
    from kehou.cli.outputs import in_words
    from kehou.render.words import visible

    reason = in_words(system_reason(error))
    if error.filename is not None:
        return say("cli.cannot_use", file=visible(str(error.filename)), reason=reason)
    if isinstance(sys.stdout, streams.Closed):
        reason = say("cli.closed")
    return say("cli.cannot_write", reason=reason)


def _run(arguments: Sequence[str]) -> int:
    if any("\0" in word for word in arguments):  # of a program; a shell cannot pass it
        raise UsageError("usage", say("cli.nul"))
    parser, each = bare()
    named = _named(arguments)
    if named in each:
        complete(named, each[named])
    options, left = parser.parse_known_args(arguments)
    if left:
        each.get(options.command, parser).refuse(left)
    if options.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    return int(module_of(options.command).run(options))


def _named(arguments: Sequence[str]) -> str:
    """The first word that is neither an option nor the language after ``--lang``."""
    before = ["", *arguments]
    return next(
        (
            word
            for last, word in zip(before, arguments, strict=False)
            if not word.startswith("-") and last != "--lang"
        ),
        "",
    )
