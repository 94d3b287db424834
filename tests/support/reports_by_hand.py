"""Reports made by hand, from which every format is rendered."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.support.report_changes import changed

from kehou import data
from kehou.model.nouns import nouns, stages
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.report import (
    CheckRun,
    CitedClause,
    Decision,
    Finding,
    Hashed,
    Inference,
    MissingEvidence,
    PacksApplied,
    PackUsed,
    ParameterUsed,
    Reason,
    Report,
    RuleResult,
    Subject,
    SubmissionRecord,
)
from kehou.model.values import Fault, Location, Normalised, Stratum

#: What the shipped schema and the shipped packs call things, as they declare it.
NOUNS = json.loads(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))["x-nouns"]
TITLES = {
    "approval": {"title": "方案备案", "en": "filing and approval"},
    "inspection": {"title": "不定期检查", "en": "unscheduled inspection"},
    "assessment": {"title": "年终考核", "en": "annual assessment"},
}

ONLY_AFTER_CLASS = CitedClause(
    "E.2-e1",
    "《实施方案》“四、服务内容”（二）第2句",
    "严禁利用课后服务时间集体补课",
)
END_TIME = CitedClause(
    "D.2-b", "《实施方案》“三、服务安排”（二）第1句", "小学课后服务结束时间不晚于18:30"
)
INSURANCE = CitedClause("F.4-i", "《实施方案》“五、保障措施”（四）第6句", "购买校方责任保险")
VENDOR = CitedClause("E.3.3-b", "《实施方案》“四、服务内容”（三）3第1句", "由教育行政部门遴选")

LINE_41 = Location("plan.yaml", 41, 9, 41, 13, excerpt="    活动: 集体授课")


def finding(outcome: Outcome, **changes: object) -> Finding:
    """A finding on one session, with the fields of ``changes`` in place of its own."""
    base = Finding(
        outcome=outcome,
        subject=Subject("session", "2", "/plan/sessions/2", "第3项服务时段（周二17:20—18:00）"),
        count=1,
        location=LINE_41,
        related=(),
        message="周二17:20—18:00：活动为“集体授课”，对象为“全班”",
        remedy="请改为自主作业、个别辅导或社团活动",
        found={"activity": "集体授课"},
        required={"activity": ["自主作业", "个别辅导"]},
        missing=(),
        assumptions=(),
        fingerprint="f" * 64,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def result(
    outcome: Outcome,
    *findings: Finding,
    rule: str = "content-no-collective-lesson",
    title: str = "服务时间内不集体补课",
    severity: Severity = Severity.CRITICAL,
    area: str = "content",
    clause: CitedClause = ONLY_AFTER_CLASS,
) -> RuleResult:
    """A rule's result with its findings."""
    return RuleResult(rule, title, severity, area, (clause,), outcome, findings)


def report(*results: RuleResult, **changes: object) -> Report:
    """A report at approval of a school of ours, with the fields of ``changes``."""
    base = Report(
        CheckRun("0.1.0", Stage.APPROVAL, "2021-09-01", "2021-08-20", "zh", cross_checked=True),
        SubmissionRecord(
            path="plan.yaml",
            id="S001",
            name="和平初级中学（示例）",
            strata={"levels": ("junior",)},
            strata_shown=(Stratum("学段", ("初中",)),),
            files=(Hashed("plan.yaml", "b" * 64),),
            content_sha256="c" * 64,
        ),
        PacksApplied(
            used=(PackUsed("bayannur-2021", "巴彦淖尔2021", "1.0.0", "a" * 64),),
            areas={
                "content": "服务质量",
                "safety": "安全",
                "schedule": "程序",
                "vendor": "服务质量",
            },
            clauses={"automated": 20, "partly": 4, "planned": 77},
            nouns=nouns(NOUNS),
            stages=stages(TITLES),
        ),
        decision=Decision("accept", ()),
        results=results,
    )
    return changed(base, **changes)


def every_outcome() -> Report:
    """One rule of each outcome, an advice rule, a fault, and everything a report may hold."""
    policy_no = Location("plan.yaml", 88, 1, 88, 3, excerpt="安全:")
    results = (
        result(
            Outcome.FAIL,
            finding(Outcome.FAIL),
            finding(
                Outcome.REVIEW,
                location=Location("plan.yaml", 47, 9, 47, 12, excerpt="    对象: 未写明"),
                message="对象写作“未写明”，看不出是否全班",
                remedy="请写明对象",
            ),
        ),
        result(
            Outcome.REVIEW,
            finding(
                Outcome.REVIEW,
                location=Location("plan.yaml", 12, 11, 12, 18, excerpt="    结束时间: 18:30左右"),
                message="结束时间写作“左右”",
                remedy="请写明确切的结束时间",
                related=(Location("plan.yaml", 15, 5),),
                assumptions=("local_off_duty_time：当地下班时间",),
            ),
            rule="schedule-primary-end",
            title="小学课后服务结束时间不晚于18:30",
            severity=Severity.MAJOR,
            area="schedule",
            clause=END_TIME,
        ),
        result(
            Outcome.INSUFFICIENT,
            finding(
                Outcome.INSUFFICIENT,
                count=2,
                location=policy_no,
                message="没有写校方责任险保单号",
                remedy="请写上保单号",
                missing=("/safety/insurance/policy_no",),
                found={},
                required={},
                others=("第2份保险",),
            ),
            rule="safety-liability-insurance",
            title="已投保校方责任险，保险期覆盖本学期",
            severity=Severity.MAJOR,
            area="safety",
            clause=INSURANCE,
        ),
        result(
            Outcome.ERROR,
            finding(
                Outcome.ERROR,
                location=None,
                message="两个引擎的结论不一致：direct 为不符合，rete 为符合",
                remedy="",
                found={},
                required={},
            ),
            rule="safety-handover",
            title="有交接班制度",
            severity=Severity.MINOR,
            area="safety",
        ),
        result(
            Outcome.NOT_JUDGED,
            rule="vendor-on-county-list",
            title="机构在备选清单内",
            severity=Severity.MAJOR,
            area="vendor",
            clause=VENDOR,
        ),
        result(Outcome.WAIVED, rule="schedule-summer", title="夏季时间", severity=Severity.MINOR),
        result(Outcome.PASS, rule="fee-basis", title="收费有依据", severity=Severity.MAJOR),
        result(
            Outcome.NOT_APPLICABLE,
            rule="vendor-exit",
            title="有退出机制",
            severity=Severity.MAJOR,
        ),
        result(
            Outcome.FAIL,
            finding(Outcome.FAIL, message="宣传渠道只有1种", remedy="请增加宣传渠道"),
            rule="procedure-channels",
            title="多种渠道宣传",
            severity=Severity.ADVICE,
            area="schedule",
        ),
    )
    return report(
        *results,
        decision=Decision("return", (Reason("return-on-breach", "有红线一级的不符合项"),)),
        faults=(
            Fault(
                Location("plan.yaml", 20, 11, 20, 16, excerpt="    结束时间: 25:99"),
                "/plan/sessions/0/end",
                "25:99",
                "时:分，如 18:30",
                "改写为 0:00 到 23:59 之间的时间",
            ),
        ),
        inferences=(
            Inference(
                "disqualified",
                "V1",
                "示例艺术培训中心",
                "vendor-disqualified",
                "服务期间发生安全事故",
            ),
        ),
        missing_evidence=(
            MissingEvidence(
                "/safety/insurance/policy_no",
                "校方责任险保单号",
                ("safety-liability-insurance", "safety-insurance-term"),
                policy_no,
            ),
        ),
        not_judged=(
            Reason("vendor-on-county-list", "机构备选清单未载入（--data county_list=文件）"),
        ),
        reviews_off=(Reason("vendor-share", "参数 vendor_share_review 未设定"),),
        parameters=(
            ParameterUsed("primary_latest_end", "18:30", "D.2-b", False, "bayannur-2021"),
            ParameterUsed("self_study_min", 45, "一节课加课间", True, "bayannur-2021"),
        ),
        data=(Hashed("price_table", "d" * 64),),
        normalised=(
            Normalised(
                "/plan/sessions/1/end",
                Location("plan.yaml", 30, 11, 30, 17, excerpt="    结束时间: 18点30分"),
                "18点30分",
                "18:30",
            ),
        ),
        unread_files=("照片.jpg",),
        not_at_this_stage=6,
        notes=("原文“三、”重复，引用时以章节标题区分",),
    )


HOSTILE = "<script>alert(1)</script>&\"'\x1b[2J\x1b]0;x\x07\x9b31m\u202etxt.exe\u2066\r\n{{ 7*7 }}"


def hostile() -> Report:
    """A report whose every text from the submission tries to be obeyed instead of read."""
    place = Location(HOSTILE, 3, 5, 3, 9, excerpt="\t" + HOSTILE)
    bad = finding(
        Outcome.FAIL,
        subject=Subject("session", HOSTILE, "/" + HOSTILE, HOSTILE),
        count=2,
        location=place,
        related=(place,),
        message=HOSTILE,
        remedy=HOSTILE,
        found={HOSTILE: HOSTILE},
        required={HOSTILE: [HOSTILE]},
        missing=("/" + HOSTILE,),
        assumptions=(HOSTILE,),
        others=(HOSTILE,),
    )
    return report(
        result(Outcome.FAIL, bad),
        path=HOSTILE,
        name=HOSTILE,
        id=HOSTILE,
        strata={"levels": (HOSTILE,)},
        strata_shown=(Stratum(HOSTILE, (HOSTILE,)),),
        files=(Hashed(HOSTILE, "b" * 64),),
        unread_files=(HOSTILE,),
        decision=Decision("return", (Reason("r", HOSTILE),)),
        faults=(Fault(place, "/" + HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        inferences=(Inference("m", HOSTILE, HOSTILE, "r", HOSTILE),),
        missing_evidence=(MissingEvidence("/" + HOSTILE, HOSTILE, ("r",), place),),
        normalised=(Normalised("/" + HOSTILE, place, HOSTILE, HOSTILE),),
        notes=(HOSTILE,),
        parameters=(ParameterUsed("p", HOSTILE, HOSTILE, True, HOSTILE),),
    )
