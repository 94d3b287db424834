"""Changes to patterns of prose that their cases notice, and those that they do not."""

from __future__ import annotations

from dataclasses import replace

from tests.support.prose import library

from kehou.authoring.mutation.pattern_mutants import mutate_patterns
from kehou.reading import Library
from kehou.reading.library import Case, Topic

#: What is planned is “讲新课” or “上新课” with at most three characters between.
TOPIC = Topic(
    "new-lesson",
    "讲新课",
    {"explicit": ("讲|上 ~3 <新课>",)},
    {"新课": ("新课", "新授课")},
    near_misses=("新课标|新课改",),
    cases=(Case("每周二讲数学新课。", "planned"), Case("每周三上新授课。", "planned")),
    near=(Case("教师讲新课标。"), Case("教师讲了一节生动的新课。")),
)


def _small(topic: Topic) -> Library:
    """The words of the scope that these texts need, and one topic without another reader."""
    whole = library()
    groups = {name: words[:1] for name, words in whole.scope.groups.items()}
    scope = replace(
        whole.scope,
        groups={**groups, "forbid": ("不得", "严禁")},
        sections={name: words[:1] for name, words in whole.scope.sections.items()},
        subjects={},
        _made={},
    )
    return replace(
        whole,
        scope=replace(scope, subjects={"pupils": ("学生",)}),
        topics=(topic,),
        facts=replace(whole.facts, cases=()),
        second=None,
        hours=None,
        lists={},
    )


def _alive(topic: Topic) -> set[str]:
    run = mutate_patterns(_small(topic))
    assert run.failing == []
    assert run.total == run.killed + len(run.survived)
    return {one.mutant for one in run.survived}


def test_what_a_case_needs_or_keeps_out_is_noticed() -> None:
    alive = _alive(TOPIC)
    noticed = {
        "explicit/0:drop",
        "explicit/0:0-drop-讲",
        "explicit/0:0-drop-上",
        "explicit/0:1-widen",  # six characters stand between in a near miss
        "words/新课:drop-新课",
        "words/新课:drop-新授课",
        "near_misses/0:drop",
    }
    assert not alive & noticed


def test_what_no_case_needs_is_told() -> None:
    """No case forbids anything, none has a comma between: a mistake there nobody would see."""
    alive = _alive(TOPIC)
    assert {"groups/forbid:drop-不得", "groups/forbid:drop-严禁", "explicit/0:1-comma"} <= alive
    forbidden = Case("严禁讲新课。", "forbidden")
    assert "groups/forbid:drop-严禁" not in _alive(replace(TOPIC, cases=(*TOPIC.cases, forbidden)))
