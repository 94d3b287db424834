"""What a YAML parser says of a fault, in the words of whoever wrote the file."""

from __future__ import annotations

import pytest

from kehou.readers import Source
from kehou.readers.yaml_faults import explain


@pytest.mark.parametrize(
    ("text", "said", "at", "told"),
    [
        (
            "[" * 1001,
            "while increasing flow level: exceeded maximum nesting depth",
            1000,
            "嵌套超过",
        ),
        ("甲: [1, 2", "did not find expected ',' or ']'", 8, "没有闭合"),
        ("甲: *乙", "did not find expected alphabetic or numeric character", 3, "要加引号"),
    ],
)
def test_the_parser_s_words_are_never_shown(text: str, said: str, at: int, told: str) -> None:
    source = Source("plan.yaml", text.encode(), text, "utf-8")
    (problem,) = explain(source, said, None, at)
    assert told in problem.message and problem.hint
    assert "expected" not in problem.message
