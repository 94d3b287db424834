"""The face of a package: the few names that others may import from it, loaded when first asked for.

A package's ``__init__`` names them in one literal table, name → module, and loads nothing itself,
so that a command loads only what it runs.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def face(package: str, table: Mapping[str, str]) -> Callable[[str], Any]:
    """The module ``__getattr__`` of a package whose names stand in the modules of ``table``.

    A name that is found is kept in the package, so that it is looked up once. Raises
    AttributeError for a name that the table lacks, as any module does.
    """

    def found(name: str) -> Any:
        module = table.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{module}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return found
