"""What ids and options are made of, as people would see them in a text."""

from __future__ import annotations

import re

#: Words with a joint, lower-case words, options and slots: what ids and options are made of.
IDENTIFIER = re.compile(
    r"--[a-z]+|\{[a-z_.]+\}|[A-Za-z][A-Za-z0-9]*(?:[_./-][A-Za-z0-9]+)+|[a-z]{3,}"
)
