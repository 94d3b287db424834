"""What an attestation was made on: marks by which it falls when the words are no longer there.

Source: docs/inspection.md. A mark is ``v`` or ``t`` and eleven hexadecimal digits of a SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

#: A mark as it is written.
MARK: Final = re.compile(r"[vt][0-9a-f]{11}")


def of_values(found: Mapping[str, Any]) -> str:
    """The mark of what a rule saw of a subject, as JSON of a report has it.

    Of a subject that passes a report has nothing: the mark falls as soon as it does not pass.
    """
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return "v" + hashlib.sha256(text.encode()).hexdigest()[:11]


def of_text(digests: Iterable[str]) -> str:
    """The mark of the files that somebody found something missing from, by their SHA-256."""
    return "t" + hashlib.sha256("\0".join(sorted(digests)).encode()).hexdigest()[:11]
