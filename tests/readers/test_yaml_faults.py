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


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("message: {label}太近", "{"),
        ("  - reason: {label}写的是{a.b}", "{"),
        ("- {label}太近", "{"),
        ("remedy: [1]米以内", "["),
    ],
)
def test_a_text_that_begins_with_a_bracket_needs_quotes(line: str, sign: str) -> None:
    from kehou.readers import ReadError, read

    with pytest.raises(ReadError) as caught:
        read(
            "rule.yaml",
            f"id: a\n{'when:' if line.startswith((' ', '-')) else 'b: 1'}\n{line}\n".encode(),
        )
    assert f"以“{sign}”开头" in str(caught.value)
    assert "缩进" not in str(caught.value)
