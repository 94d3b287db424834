"""In which language a call speaks, and its words: ``--lang``, else ``lang`` of kehou.yaml, else zh.

A catalogue is read when the first text is needed, and a kehou.yaml not before. The locale of the
machine has no say: what is printed is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

LANGUAGES: Final = ("zh", "en")
_DEFAULT: Final = "zh"
#: The language of this call, or what finds it once somebody asks.
_SPOKEN: ContextVar[str | Callable[[], str]] = ContextVar("language", default=_DEFAULT)


@contextmanager
def speaking(
    arguments: Sequence[str], otherwise: Callable[[], str] = lambda: _DEFAULT
) -> Iterator[None]:
    """Within it a call speaks the language that its arguments ask for.

    ``otherwise`` gives the language where they ask for none; it is called when a text is needed.
    """
    token = _SPOKEN.set(_asked(arguments) or otherwise)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def _asked(arguments: Sequence[str]) -> str:
    """The last ``--lang`` that names a language; the parser refuses any other later."""
    found = ""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if word == "--":
            break
        said = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and said in LANGUAGES:
            found = said
    return found


def spoken() -> str:
    """The language of this call."""
    found = _SPOKEN.get()
    if callable(found):
        _SPOKEN.set(_DEFAULT)  # in which it is told what keeps the language from being found
        found = found()
        _SPOKEN.set(found)
    return found


def say(key: str, /, **slots: object) -> str:
    """A text of the catalogue in the language of this call; KeyError for a key that it lacks."""
    from kehou.render.words import catalogue

    return catalogue.load(spoken())[key].format(**slots)


def listed(words: Sequence[object]) -> str:
    """Words one after the other, as the language parts them."""
    return say("list").join(map(str, words))


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint: the known word that is meant, or those that there are where none is close."""
    from kehou.model.opposites import alike

    if close := alike(word, known, 0.6):
        return say("cli.nearest", word=close)
    return say("cli.known", words=listed(list(known)[:20])) if known else ""
