"""The score sheet (terms.md §2) as texts, from which every format of it is made.

Columns 考核指标 to 备注 with what was scored beside what was lost; subtotals by area, the range
from certain to possible, what is not scored and why, vetoes only where the bureau's file has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kehou.render.words import safe
from kehou.scoring.decimals import plain, rounded
from kehou.scoring.reports_in import RuleSeen, Seen
from kehou.scoring.scheme import Indicator, Scheme
from kehou.scoring.sheet import AreaLine, Line, Next, Range, Sheet, VetoLine

COLUMNS = ("考核指标", "分值", "评分标准", "条款", "核查结论", "扣分", "得分", "佐证材料", "备注")
FOOTER = "本材料由核查工具依据所载规则集和评分办法生成，供人工复核，不作为行政决定。"
EXAMPLE = "示例，非标准：分值和等次是编写示例的人所定，不是任何教育局的办法。"
SIGNATURES = (
    "考核人（签字）：",
    "复核人（签字）：",
    "被考核学校（签字）：",
    "日期：　　　　年　　月　　日",
)
DASH = "—"
OUTCOMES = {
    "fail": "不符合",
    "review": "存疑待核",
    "insufficient": "材料不足",
    "not_judged": "未评",
    "error": "未能评定",
    "waived": "已豁免",
    "pass": "符合",
    "not_applicable": "不适用",
}
MODELS = {
    "scheme": "按评分办法合计",
    "default": "XCCDF 默认模型（逐组加权平均，满分100）",
    "flat": "XCCDF 平铺模型（通过项的分值之和）",
    "flat-unweighted": "XCCDF 不加权平铺模型（通过的项数）",
    "absolute": "XCCDF 绝对模型（全部通过为1，否则为0）",
}
NOT_APPLICABLE = {
    "within_area": "由同一方面的其他指标按分值承担",
    "overall": "由全部其他指标按分值承担",
    "drop": "从总分中去掉",
}
VETO_STATES = {
    "triggered": "触发",
    "possible": "未定",
    "clear": "未触发",
    "not_applicable": "不适用",
}
NEXT = {
    "evidence": "补交材料",
    "review": "由人员核查",
    "fault": "改正读不出的内容",
    "value": "由考核人给分",
    "bureau": "由主管部门设定或载入",
}
#: Breaches of an indicator that the table lists; the page and JSON have all.
MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet: ``kind`` is indicator, bonus, subtotal or total."""

    kind: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the scheme shows its numbers."""

    scheme: Scheme

    def total(self, value: Fraction) -> str:
        """A total: always with the declared number of decimals."""
        return rounded(value, self.scheme.digits, self.scheme.rounding)

    def points(self, value: Fraction) -> str:
        """Points: as short as they are exact, else rounded as declared."""
        if (value * 10**self.scheme.digits).denominator == 1:
            return plain(value)
        return self.total(value)

    def range(self, found: Range) -> str:
        """``3`` or ``0—5``."""
        low, high = self.points(found.low), self.points(found.high)
        return low if found.settled else f"{low}—{high}"

    def totals(self, found: Range) -> str:
        """A total from certain to possible."""
        low, high = self.total(found.low), self.total(found.high)
        return low if found.settled else f"{low}—{high}"

    def percent(self, share: Fraction) -> str:
        """A share as a percentage with one decimal."""
        return f"{rounded(share * 100, 1)}%"


def grade_range(sheet: Sheet) -> str:
    """The grade, or from which to which it may still be."""
    worst, best = sheet.grades
    if not sheet.rated:
        return "无可评内容"
    return worst if worst == best else f"{worst}至{best}（未定）"


def school_name(sheet: Sheet) -> str:
    """What a school is called on a sheet."""
    return safe(sheet.school.name) or safe(sheet.school.id) or safe(sheet.school.source)


def about(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str]]:
    """What stands over the table."""
    school = sheet.school
    place = "、".join(safe(x) for x in (school.county, school.township) if x)
    packs = "、".join(f"{safe(name)} {safe(version)}" for name, version, _ in school.packs)
    told = [
        ("学校", school_name(sheet)),
        ("学校标识码", safe(school.id)),
        ("所在地", place),
        ("材料", safe(school.source)),
        (
            "评分办法",
            f"{safe(scheme.title)}　版本 {safe(scheme.version)}　校验值 {scheme.sha256[:12]}",
        ),
        ("制定单位", safe(scheme.issuer)),
        ("规则包", packs + (f"　适用日期 {safe(school.as_of)}" if school.as_of else "")),
        ("不适用项", NOT_APPLICABLE[scheme.not_applicable]),
        ("合计办法", MODELS[sheet.model]),
        ("引擎", "" if school.cross_checked else "只用了一个引擎，没有互相核对"),
        ("读不出的内容", f"{school.faults} 处，有关的结论未定" if school.faults else ""),
    ]
    return [(label, text) for label, text in told if text]


def headline(scheme: Scheme, sheet: Sheet) -> str:
    """The result in a line: 总分范围, full marks, grade."""
    show = Numbers(scheme)
    if not sheet.rated:
        return "没有可以评分的内容"
    full = show.range(
        Range(min(sheet.full.low, sheet.full.high), max(sheet.full.low, sheet.full.high))
    )
    if sheet.total.settled:
        text = f"得分 {show.total(sheet.total.low)}（满分{full}）"
    else:
        text = (
            f"总分范围：确定分 {show.total(sheet.total.low)} — "
            f"最高可能分 {show.total(sheet.total.high)}（满分{full}）"
        )
    if sheet.rate != sheet.total:
        text += f"；折算为{plain(scheme.total)}分制 {show.totals(sheet.rate)}"
    if sheet.bonus.high:
        text += f"；其中加分 {show.range(sheet.bonus)}"
    if sheet.model != "scheme":
        return f"{text}；对照等次线：{safe(grade_range(sheet))}（不是评分办法的合计，不作等次）"
    return f"{text}；等次：{safe(grade_range(sheet))}"


def rows(scheme: Scheme, sheet: Sheet, places: bool = True) -> Iterator[Row]:
    """The rows of the table; breaches with their places where ``places``."""
    show = Numbers(scheme)
    for area in sheet.areas:
        for line in sheet.lines:
            if line.indicator.area == area.area and not line.indicator.bonus:
                yield _row("indicator", line, show, places)
        yield Row("subtotal", _subtotal(area, show))
    for line in sheet.lines:
        if line.indicator.bonus:
            yield _row("bonus", line, show, places)
    total = scheme_total(sheet)
    yield Row("total", ("合计", plain(scheme.total), "", "", "", "", show.totals(total), "", ""))


def scheme_total(sheet: Sheet) -> Range:
    """What the lines add up to, whatever the model of the headline."""
    return Range(
        sum((n.part.low for n in sheet.lines), Fraction(0)),
        sum((n.part.high for n in sheet.lines), Fraction(0)),
    )


def _subtotal(area: AreaLine, show: Numbers) -> tuple[str, ...]:
    note = ""
    if area.not_applicable:
        note = f"不适用 {show.points(area.not_applicable)} 分"
    return (
        f"{area.title}小计",
        show.points(area.points),
        "",
        "",
        "",
        "",
        show.range(area.part),
        "",
        note,
    )


def _row(kind: str, line: Line, show: Numbers, places: bool) -> Row:
    one = line.indicator
    lost = (
        DASH
        if line.state == "not_applicable" or kind == "bonus"
        else show.range(Range(one.points - line.own.high, one.points - line.own.low))
    )
    scored = "不适用" if line.state == "not_applicable" else show.range(line.own)
    if line.state != "not_applicable" and line.part != line.own and kind != "bonus":
        scored += f"\n（折算后 {show.range(line.part)}）"
    title = safe(one.title) if kind == "indicator" else f"加分：{safe(one.title)}"
    return Row(
        kind,
        (
            title,
            points_told(line, show),
            safe(one.criteria) or described(one),
            "\n".join(clauses(line)),
            verdict(line, places),
            lost,
            scored,
            "\n".join(evidence(line)),
            "\n".join(remarks(line)),
        ),
    )


def points_told(line: Line, show: Numbers) -> str:
    """An indicator's points, and what they are worth once others' points are shared out."""
    told = show.points(line.indicator.points)
    plus = "+" if line.indicator.bonus else ""
    worth = {line.worth.low, line.worth.high} - {line.indicator.points, Fraction(0)}
    if worth and not plus:
        told += f"\n（折算 {show.range(Range(min(worth), max(worth)))}）"
    return plus + told


def clauses(line: Line) -> list[str]:
    """The clauses that the scheme cites, else those of its rules."""
    if line.indicator.clauses:
        return [safe(c) for c in line.indicator.clauses]
    return list(dict.fromkeys(safe(c) for rule in line.rules for c, _ in rule.clauses))


def described(one: Indicator) -> str:
    """How an indicator is scored, where the scheme has no words for it."""
    method = one.method
    unit = {"rules": "项", "findings": "处", "subjects": "个对象"}[method.count]
    match method.kind:
        case "all_pass":
            return "全部符合得满分，有一项不符合不得分"
        case "per_failure":
            least = f"，最低{plain(one.lowest)}分"
            return f"每{unit}不符合扣{plain(method.deduct)}分{least}"
        case "ratio":
            return f"按符合的{unit}数占应核查{unit}数的比例得分"
        case "survey":
            return f"数值除以{plain(method.full)}再乘分值"
        case "bands":
            return "；".join(
                _band_told(method.measure, unit, b.bound, b.points) for b in method.bands
            )
        case _:
            return "由考核人给分"


def _band_told(measure: str, unit: str, bound: Fraction | None, points: Fraction) -> str:
    if bound is None:
        return f"其余得{plain(points)}分"
    if measure == "failures":
        return f"不符合不超过{plain(bound)}{unit}得{plain(points)}分"
    if measure == "pass_share":
        return f"符合率{plain(bound * 100)}%以上得{plain(points)}分"
    return f"数值{plain(bound)}以上得{plain(points)}分"


def verdict(line: Line, places: bool = True) -> str:
    """How many rules came out how, and the breaches one by one with their places."""
    if line.indicator.method.given:
        if line.given is None:
            return "尚未给分"
        if line.given.value is None:
            return "不适用"
        unit = "评分" if line.indicator.method.kind == "manual" else "数值"
        return f"{unit} {plain(line.given.value)}"
    told = ["；".join(_counted(line))]
    breaches = [(r, f) for r in line.rules for f in r.findings if f.counts == "fail"]
    if places:
        told += [breach(rule, finding) for rule, finding in breaches[:MOST_TOLD]]
        if len(breaches) > MOST_TOLD:
            told.append(f"另有 {len(breaches) - MOST_TOLD} 处，见逐项结果")
    return "\n".join(told)


def _counted(line: Line) -> Iterator[str]:
    states: dict[str, int] = {}
    for rule in line.rules:
        states[rule_outcome(rule)] = states.get(rule_outcome(rule), 0) + 1
    for outcome, word in OUTCOMES.items():
        if n := states.get(outcome):
            yield f"{word}{n}项"


def rule_outcome(rule: RuleSeen) -> str:
    """A rule's outcome in words of the sheet: a breach is told before what is open."""
    if rule.state == "open":
        found = {f.outcome for f in rule.findings if f.counts == "open"}
        return next(o for o in ("error", "review", "insufficient", "not_judged") if o in found)
    if rule.state == "pass" and all(f.waived for f in rule.findings if f.counts == "pass"):
        return "waived"
    return rule.state


def breach(rule: RuleSeen, finding: Seen) -> str:
    """A finding with its rule, place and what it says."""
    many = f"（{finding.subjects}个对象）" if finding.subjects > 1 else ""
    place = f" {safe(finding.place)}" if finding.place else ""
    said = safe(finding.message) or safe(rule.title)
    return f"· {said}{many}〔{safe(rule.rule)}{place}〕"


def evidence(line: Line) -> list[str]:
    """Evidence that the scheme wants, then what people named."""
    told = [safe(text) for text in line.indicator.evidence]
    if line.given is not None and line.given.evidence:
        told.append(f"已有：{safe(line.given.evidence)}")
    return told


def remarks(line: Line) -> list[str]:
    """The scheme's note, the scorer's note, waivers, and why something is open."""
    told = [safe(line.indicator.note)] if line.indicator.note else []
    if line.given is not None and line.given.note:
        told.append(safe(line.given.note))
    waived = [f for rule in line.rules for f in rule.findings if f.waived]
    if waived:
        told.append(f"已豁免 {len(waived)} 处：" + "、".join(dict.fromkeys(f.rule for f in waived)))
    if line.state == "open":
        told.append(f"未定 {plain_width(line)} 分")
    return told


def plain_width(line: Line) -> str:
    """The points that are open."""
    width = line.own.width
    return plain(width) if width.denominator in (1, 2, 4, 5, 10, 20) else rounded(width, 2)


def unscored(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str, str]]:
    """未计分项: (indicator, points, why) of what does not apply or is not settled."""
    show = Numbers(scheme)
    found = []
    for line in sheet.lines:
        one = line.indicator
        if line.state == "not_applicable":
            why = "不适用，不作失分；分值" + NOT_APPLICABLE[scheme.not_applicable]
            if one.bonus:
                why = "不适用"
            found.append((safe(one.title), show.points(one.points), why))
        elif line.state == "open":
            found.append((safe(one.title), show.points(line.own.width), _why(line)))
    return found


def _why(line: Line) -> str:
    if line.indicator.method.given:
        return "评分文件中没有这所学校的数值"
    told = []
    for rule in line.rules:
        for finding in rule.findings:
            if finding.counts == "open":
                said = safe(finding.message) or OUTCOMES[finding.outcome]
                told.append(
                    f"{OUTCOMES[finding.outcome]}：{safe(rule.title) or rule.rule}（{said}）"
                )
    told = list(dict.fromkeys(told))
    return "；".join(told[:MOST_TOLD]) + (
        f"；另有{len(told) - MOST_TOLD}处" if len(told) > MOST_TOLD else ""
    )


def vetoes(sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """(veto item, state, ground, what the bureau's file says follows)."""
    return [
        (safe(v.veto.title), VETO_STATES[v.state], _ground(v), safe(v.veto.effect))
        for v in sheet.vetoes
    ]


def _ground(line: VetoLine) -> str:
    if not line.veto.rules:
        return safe(line.given.evidence) if line.given else "评分文件中没有写明"
    found = [breach(r, f) for r in line.rules for f in r.findings if f.counts == "fail"]
    if found:
        return "\n".join(found[:MOST_TOLD])
    undecided = [safe(r.title) or r.rule for r in line.rules if r.state == "open"]
    return "；".join(undecided)


def next_rows(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """(what to do, what, indicators, points that it could settle), most points first."""
    show = Numbers(scheme)
    titles = {line.indicator.id: safe(line.indicator.title) for line in sheet.lines}
    return [
        (NEXT[n.kind], _what(n), "、".join(titles[i] for i in n.indicators), show.points(n.points))
        for n in sheet.next
    ]


def _what(item: Next) -> str:
    where = f"（{safe(item.path.lstrip('/').replace('/', '.'))}）" if item.path else ""
    return safe(item.what) + where
