"""argparse speaks Chinese: each text that the running Python's argparse marks is translated."""

from __future__ import annotations

import argparse
import ast
import inspect
import re

import pytest

from kehou import data
from kehou.cli.language import speaking
from kehou.cli.translations import FILE, argparse_translated, in_our_language, messages

CHINESE = re.compile("[\u4e00-\u9fff]")
SLOT = re.compile(r"%(?:\(\w+\))?[sr]")


def marked() -> set[tuple[str, ...]]:
    """What the argparse of this Python gives to gettext, in its source."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        count = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
        texts = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
        if count and len(texts) == count:
            found.add(tuple(map(str, texts)))
    return found


def translated() -> dict[tuple[str, ...], tuple[str, ...]]:
    return messages(data.reports().joinpath(FILE).read_text("utf-8"))


def test_every_text_of_argparse_is_translated() -> None:
    assert len(marked()) > 30
    assert marked() - set(translated()) == set()


def test_a_translation_is_chinese_and_has_no_slot_that_argparse_does_not_fill() -> None:
    for texts, told in translated().items():
        if texts == ("",):
            continue
        assert len(told) == 1, "Chinese has one form for any number"
        assert set(SLOT.findall(told[0])) <= set(SLOT.findall(texts[0])), texts
        if not texts[0].startswith(("argument %(argument_name)s: ", "%(prog)s: error", "%(head")):
            assert CHINESE.search(told[0]), texts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("usage: ", "用法："),
        ("the following arguments are required: %s", "缺少参数 %s"),
        ('argument "-" with mode %r', "“-”不能用于方式 %r"),
        ("%(prog)s: error: %(message)s\n", "%(prog)s：%(message)s\n"),
        ("not a text of argparse", "not a text of argparse"),
    ],
)
def test_a_text_is_found_as_it_stands_in_the_catalogue(text: str, told: str) -> None:
    assert in_our_language(text) == told
    with speaking(["--lang", "en"]):
        assert in_our_language(text) == text


def test_argparse_of_others_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A program that calls kehou and has a parser of its own hears its own language."""
    plain = argparse.ArgumentParser(prog="other")
    plain.add_argument("place")
    with argparse_translated(), pytest.raises(SystemExit):
        plain.parse_args([])
    assert "缺少参数 place" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        plain.parse_args([])
    assert "the following arguments are required: place" in capsys.readouterr().err


def test_one_and_several_are_told_alike() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    for count in (1, 2):
        parser.add_argument(f"--of{count}", nargs=count)
        with argparse_translated(), pytest.raises(argparse.ArgumentError) as error:
            parser.parse_args([f"--of{count}"])
        assert f"后面要写 {count} 个值" in str(error.value)
