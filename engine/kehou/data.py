"""The only way to the data folders of the project (rules/, schemas/, reports/) and to its code.

In an installed wheel they are the sub-packages ``kehou.rules``, ``kehou.schemas`` and
``kehou.reports``; in a checkout they stand at the top level.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def code() -> Traversable:
    """The folder of the engine itself."""
    return files("kehou")


def rules() -> Traversable:
    """The folder of packs, one folder each."""
    return files("kehou.rules")


def schemas() -> Traversable:
    """The folder of JSON Schemas."""
    return files("kehou.schemas")


def reports() -> Traversable:
    """The folder of templates and message catalogues."""
    return files("kehou.reports")
