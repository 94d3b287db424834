"""GitHub annotations: workflow commands that the runner reads from standard output."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Hashed, Report
from kehou.model.values import Fault, Location
from kehou.render.programs import github

COMMAND = re.compile(r"::(error|warning|notice) (.*?)::(.*)")


def unescaped(text: str) -> str:
    for escape, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def commands(rendered: str) -> list[tuple[str, dict[str, str], str]]:
    """(level, properties, text) of each line that the runner would obey."""
    found = []
    for line in rendered.split("\n"):
        if line.lstrip().startswith("::"):
            match = COMMAND.fullmatch(line)
            assert match, line
            pairs = [pair.partition("=") for pair in match[2].split(",")]
            properties = {name: unescaped(value) for name, _, value in pairs}
            found.append((match[1], properties, unescaped(match[3])))
    return found


def test_annotations_are_as_agreed(
    golden_report: Report, same_bytes: Callable[[str, str], None]
) -> None:
    same_bytes("every_outcome.github.txt", github.render([golden_report]))


OUTCOMES = [
    (Outcome.PASS, Severity.CRITICAL, None),
    (Outcome.NOT_APPLICABLE, Severity.CRITICAL, None),
    (Outcome.FAIL, Severity.CRITICAL, "error"),
    (Outcome.FAIL, Severity.MAJOR, "error"),
    (Outcome.FAIL, Severity.MINOR, "warning"),
    (Outcome.FAIL, Severity.ADVICE, "notice"),
    (Outcome.REVIEW, Severity.CRITICAL, "warning"),
    (Outcome.INSUFFICIENT, Severity.CRITICAL, "warning"),
    (Outcome.NOT_JUDGED, Severity.CRITICAL, "notice"),
    (Outcome.WAIVED, Severity.CRITICAL, "notice"),
    (Outcome.ERROR, Severity.MINOR, "error"),
]


@pytest.mark.parametrize(("outcome", "severity", "level"), OUTCOMES)
def test_the_level_of_an_outcome(outcome: Outcome, severity: Severity, level: str | None) -> None:
    rendered = github.render([report(result(outcome, finding(outcome), severity=severity))])
    assert [found for found, _, _ in commands(rendered)] == ([level] if level else [])


def test_an_annotation_stands_at_its_place_in_the_repository() -> None:
    placed = finding(Outcome.FAIL, location=Location("名册.csv", 3, 5, 3, 9))
    files = Hashed("名册.csv", "b" * 64)
    ((_, properties, text),) = commands(
        github.render([report(result(Outcome.FAIL, placed), path="报送/一中", files=(files,))])
    )
    title = properties.pop("title")
    assert properties == {
        "file": "报送/一中/名册.csv",
        "line": "3",
        "endLine": "3",
        "col": "5",
        "endColumn": "8",
    }
    assert title == "不符合（红线）服务时间内不集体补课 [content-no-collective-lesson]"
    assert text.splitlines()[0] == placed.message
    assert "严禁利用课后服务时间集体补课" in text
    assert text.splitlines()[-1] == placed.remedy


def test_a_file_that_could_not_be_read_stands_in_the_submission_s_folder() -> None:
    fault = Fault(Location("学生名册.csv", 1), "/roster", "缺少列", "姓名列")
    table = Fault(Location("county_list.yaml", 2), "/county_list", "缺少日期", "日期")
    checked = report(
        path="报送/一中", faults=(fault, table), data=(Hashed("county_list", "d" * 64),)
    )
    files = [properties["file"] for _, properties, _ in commands(github.render([checked]))]
    assert files == ["报送/一中/学生名册.csv", "county_list.yaml"]


def test_standard_input_is_no_file_of_the_repository() -> None:
    checked = report(result(Outcome.FAIL, finding(Outcome.FAIL)), path="-")
    ((_, properties, _),) = commands(github.render([checked]))
    assert list(properties) == ["title"]


def test_ten_of_a_level_are_listed_and_the_rest_counted(crowded_report: Report) -> None:
    rendered = github.render([crowded_report, crowded_report])
    levels = Counter(level for level, _, _ in commands(rendered))
    assert levels == {"error": 10}
    assert "另有 9990 条 error 级提示没有列出" in rendered.splitlines()[-1]


def test_ten_are_not_cut_and_eleven_are() -> None:
    def rendered(n: int) -> str:
        found = [finding(Outcome.REVIEW, fingerprint=f"{i:064x}") for i in range(n)]
        return github.render([report(result(Outcome.REVIEW, *found))])

    assert "没有列出" not in rendered(10)
    assert "另有 1 条 warning 级提示没有列出" in rendered(11)


def test_the_gravest_are_kept() -> None:
    minor = [finding(Outcome.REVIEW)] * 20
    rendered = github.render(
        [
            report(
                result(Outcome.REVIEW, *minor, severity=Severity.MINOR),
                result(Outcome.REVIEW, finding(Outcome.REVIEW, message="红线一项"), rule="r-x"),
            )
        ]
    )
    assert commands(rendered)[0][2].startswith("红线一项")


def test_nothing_from_a_submission_becomes_a_command(odd_report: Report) -> None:
    rendered = github.render([odd_report])
    found = commands(rendered)
    assert [level for level, _, _ in found] == ["error", "error"]
    for line in rendered.split("\n"):
        assert line.startswith("::") or "##[" not in line
    assert all("\r" not in line and "\x1b" not in line for line in rendered.split("\n"))
    assert all({"file", "line", "title"} <= set(properties) for _, properties, _ in found)


def test_english_has_english_words(golden_in_english: Report) -> None:
    rendered = github.render([golden_in_english])
    assert "title=fail (critical)%3A " in rendered
    assert "Recommended: return for revision" in rendered
