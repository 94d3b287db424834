"""The formats that a command's help lists are those that its module writes."""

from __future__ import annotations

from kehou.commands import notice, score
from kehou.rectification import letters
from kehou.scoring import formats
from kehou.scoring.sheet import MODELS


def test_what_is_written_out_for_the_help_is_what_there_is() -> None:
    assert set(notice.FORMATS) == set(letters.FORMATS)
    assert set(score.SHEETS) == {"text", *formats.SHEETS}
    assert set(score.RANKINGS) == set(formats.RANKINGS)
    assert set(score.MODELS) == set(MODELS)
