"""``kehou test`` of many rules tells what goes on, and comes to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.command_line import here

from kehou.commands import test as command

PACK = Path(__file__).parents[2] / "docs" / "pack-example"


def test_cases_of_many_rules_say_so_first(monkeypatch: pytest.MonkeyPatch) -> None:
    few = here("test", "--pack", str(PACK))
    monkeypatch.setattr(command, "_MANY", 2)
    code, out, told = here("test", "--pack", str(PACK))
    assert (code, out) == (few[0], few[1]) == (0, out)
    assert "每个用例在两个引擎上各跑一遍" in told
    assert "每个用例" not in few[2]
