"""The table of output formats: each row leads to a module, and says in two languages what it is."""

from __future__ import annotations

import re

import pytest

from kehou.cli import outputs
from kehou.errors import UsageError
from kehou.model.report import Report
from kehou.render import FORMATS
from kehou.render.screen import Manner


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_rendered_as_its_row_says(name: str, every_outcome_report: Report) -> None:
    row = FORMATS[name]
    rendered = row.render([every_outcome_report], Manner(language="zh"))
    assert isinstance(rendered, bytes if row.binary else str)
    assert rendered
    assert re.search("[\u4e00-\u9fff]|OSCAL", row.zh)
    assert row.en.isascii()


def test_a_format_that_takes_a_language_speaks_the_one_asked_for(
    every_outcome_report: Report,
) -> None:
    for name, row in FORMATS.items():
        if row.takes != "nothing" and not row.binary and name != "github":
            both = [row.render([every_outcome_report], Manner(language=x)) for x in ("zh", "en")]
            assert both[0] != both[1], name


@pytest.mark.parametrize("name", FORMATS)
def test_only_text_goes_to_a_screen(name: str) -> None:
    assert outputs.parse(f"{name}=a", tuple(FORMATS)).format == name
    if FORMATS[name].binary:
        with pytest.raises(UsageError, match="不是文字"):
            outputs.parse(name, tuple(FORMATS))
    else:
        assert outputs.parse(name, tuple(FORMATS)).path is None
