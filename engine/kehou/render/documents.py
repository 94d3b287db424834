"""Documents besides the report of a check, by format: a row each in a table of the package.

A sheet, a letter or a circular has one function for each of its formats. The module of the
function is imported only when the format is asked for.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Document:
    """One format of a document: ``function`` of ``module``, which is named below kehou.

    A format that is ``binary`` goes to a file, never to a screen.
    """

    module: str
    function: str
    binary: bool = False

    def __call__(self, *given: Any) -> str | bytes:
        """The document; ``given`` is what its function takes."""
        made: str | bytes = getattr(importlib.import_module(f"kehou.{self.module}"), self.function)(
            *given
        )
        return made
