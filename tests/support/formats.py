"""Which output formats have a place for what: every new one is asked for all of it."""

from __future__ import annotations

from kehou.render import FORMATS

#: Formats of rows alone, in which nothing can be said of waivers and attestations as such.
ROWS_ALONE = {
    "gitlab": "an issue stands for a finding; the schema knows nothing else",
    "csv": "a row stands for a finding",
}
#: Formats of text that tell what became of each waiver and attestation.
WITH_NOTES = [name for name, one in FORMATS.items() if not one.binary and name not in ROWS_ALONE]
