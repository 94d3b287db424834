"""A subject is called by what is known of it: gaps strung together name nobody."""

from __future__ import annotations

import pytest

from kehou.checking.subject_names import without_gaps


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (
            "第1项服务时段（下午课后服务，未提供，未提供未提供—未提供）",
            "第1项服务时段（下午课后服务）",
        ),
        (
            "第2项服务时段（下午课后服务，一至三年级，未提供16:20—18:10）",
            "第2项服务时段（下午课后服务，一至三年级，16:20—18:10）",
        ),
        ("人员未提供未提供未提供—未提供（未提供）", "人员未提供"),
        ("收费项目“未提供”（小学）", "收费项目“未提供”（小学）"),
        ("session 1 (after school, not supplied)", "session 1 (after school)"),
        ("一年级周一（夏季）", "一年级周一（夏季）"),
    ],
)
def test_what_was_not_supplied_is_left_out_of_a_label(label: str, told: str) -> None:
    assert without_gaps(label) == told
