"""A case file whose good submission is not there is told at its line, and never judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.command_line import here
from tests.support.small_pack import plant, write_pack

from kehou.errors import EXIT_OK

CASES = "room/room-opens-early.test.yaml"
COMMANDS = (("test",), ("lint",), ("test", "--mutate"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("base", ["../nothing.yaml", "../../../etc/passwd", "[a, b]", "{a: 1}"])
def test_a_base_that_is_not_there_is_told_at_its_line(
    tmp_path: Path, command: tuple[str, ...], base: str
) -> None:
    pack = write_pack(tmp_path)
    line = plant(pack, CASES, "base: ../base.yaml", f"base: {base}")
    code, out, told = here(*command, "--pack", str(pack))
    assert code not in (EXIT_OK, 4)
    assert f"{CASES}:{line}" in out + told
    assert "Traceback" not in told


def test_without_its_base_a_rule_keeps_the_other_rules_cases(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    _, whole, _ = here("test", "--pack", str(pack))
    plant(pack, CASES, "base: ../base.yaml", "base: ../nothing.yaml")
    _, out, _ = here("test", "--pack", str(pack))
    assert "book-price-kept" not in out
    assert whole != out


@pytest.mark.parametrize("tree", ["- a\n- b\n", "一段话\n", "[]\n"])
def test_a_good_submission_that_is_no_mapping_is_told(tmp_path: Path, tree: str) -> None:
    pack = write_pack(tmp_path)
    (pack / "base.yaml").write_text(tree, "utf-8")
    for command in ("lint", "test"):
        code, out, told = here(command, "--pack", str(pack))
        assert code != EXIT_OK, command
        assert "base.yaml" in out + told, command
        assert (out + told).count("\n") <= 2, out + told  # once, and not for each of its cases
        assert "Traceback" not in told, command
    code, _, told = here("form", "--pack", str(pack), "-o", str(tmp_path / "f.xlsx"))
    assert code != EXIT_OK
    assert "base.yaml" in told
