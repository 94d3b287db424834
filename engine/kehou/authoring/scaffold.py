"""``kehou new``: a rule and its cases that load and run at once, to be rewritten.

Adding a rule touches no Python and no index: two files side by side. Each says that it is to be
rewritten, and ``kehou lint`` tells it for as long as it says so.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kehou import data, packs
from kehou.authoring.drafted_rule import drafted, phrased
from kehou.authoring.named_clause import named_clause
from kehou.authoring.pack_rules import as_proposed, carried_by
from kehou.authoring.proposals import spoken
from kehou.authoring.proposed_rules import ProposedRule
from kehou.authoring.run_cases import Bases
from kehou.authoring.scaffold_example import Example, Expected, find
from kehou.authoring.unfinished import IDLE, MARK, PROPOSED
from kehou.authoring.yaml_words import flow, prose, scalar
from kehou.errors import UsageError
from kehou.language import ROOT, suggest
from kehou.model.outcomes import ClauseStatus
from kehou.packs import Pack
from kehou.packs.positions import Sites
from kehou.readers import ReadError

_RULE_ID = re.compile(r"[a-z]+(-[a-z0-9]+)+")
#: How much of a title has to stand in a clause for the two to be about one thing.
_ALIKE = 0.6
#: What people see to: with a rule it is carried in part, for the reason that stands there.
_BY_PEOPLE = (ClauseStatus.MANUAL, ClauseStatus.NOT_CHECKABLE)
_INSTALLED = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True, slots=True)
class Scaffold:
    """Texts by the file they are to stand in, and what is then to be told, line by line."""

    files: Mapping[Path, str]
    told: tuple[str, ...]


def scaffold(
    rule_id: str,
    pack: str = "",
    area: str | None = None,
    each: str | None = None,
    clause: str | None = None,
    idle: bool = False,
    phrase: str | None = None,
) -> Scaffold:
    """A rule and its cases, to be written; one that is ``idle`` judges nothing until rewritten.

    ``phrase`` is what it requires, said in a line (`kehou.authoring.phrases`).

    Raises UsageError where the id is taken or malformed, the pack cannot be written, or an
    area, entity or clause does not exist.
    """
    if not _RULE_ID.fullmatch(rule_id):
        hint = "写成 schedule-noon-end 的样子：小写英文，用 - 连接，至少两段"
        raise UsageError("rule-id", f"规则编号“{rule_id}”不合格式", hint=hint)
    folder = _folder(pack or packs.DEFAULT_PACK)
    loaded = packs.load(str(folder))
    _refuse_existing(loaded, folder, rule_id)
    asked_area, area = area, _area(loaded, rule_id, area)
    wanted = _one_of(each, [ROOT, *loaded.entities], "entity", "实体") if each else None
    each = wanted or ROOT
    asked = clause is not None
    clause = named_clause(loaded, clause)
    if phrase is not None:
        if not asked:
            hint = "再写 --clause 条款编号，编号见 kehou clauses --pack 规则包"
            raise UsageError("phrase", "没有写要求依据哪一条", hint=hint)
        rule, texts = phrased(folder, clause, phrase, area, rule_id)
        if asked_area is None and len(loaded.areas) > 1:
            where = f"放在 {area}/（{loaded.areas[area]}）；是别的方面的，删去它，加 --area 重写"
            rule = replace(rule, notes=(*rule.notes, where))
        return _of_clause(loaded, folder, (rule, texts), clause)
    base = _base(loaded)
    if asked and not idle:
        draft = drafted(loaded, folder, rule_id, (area, wanted), clause, base)
        if draft is not None:
            return _of_clause(loaded, folder, draft, clause)
    found = find(loaded, rule_id, each, area, base, clause, IDLE if idle else None)
    if found is None:
        raise UsageError(
            "no-example",
            f"在 {loaded.base} 中找不到 {each} 的可用字段，写不出能运行的示例",
            hint=f"先在 {loaded.base} 中写一个 {each} 并填好字段，或用 --each 换一个实体",
        )
    return _written(loaded, folder, found, clause, idle)


# --- what is asked for ---------------------------------------------------------------------


def _folder(pack: str) -> Path:
    """The folder of a pack that can be written."""
    found = packs.find(pack)
    writable = isinstance(found, Path) and os.access(found, os.W_OK)
    if not isinstance(found, Path) or not writable or _INSTALLED & set(found.resolve().parts):
        raise UsageError(
            "pack-read-only",
            f"规则包 {pack} 是装好的，不能改",
            str(found),
            "在源码目录里运行；或把规则包的文件夹复制出来，再用 --pack 指明复制的文件夹",
        )
    return found


def _refuse_existing(pack: Pack, folder: Path, rule_id: str) -> None:
    taken = [rule.file for rule in pack.rules.values() if rule.id == rule_id]
    for area in pack.areas:
        for name in (f"{rule_id}.yaml", f"{rule_id}.test.yaml"):
            if folder.joinpath(area, name).exists():
                taken.append(f"{area}/{name}")
    if rule_id in pack.english:
        taken.append("i18n/en.yaml")
    if taken:
        hint = "换一个编号；编号用过就不再给别的规则"
        raise UsageError("rule-exists", f"规则编号 {rule_id} 已经用了：{taken[0]}", hint=hint)


def _area(pack: Pack, rule_id: str, area: str | None) -> str:
    if area is not None:
        return _one_of(area, list(pack.areas), "area", "方面")
    head = rule_id.partition("-")[0]
    kin = Counter(r.area for r in pack.rules.values() if r.id.startswith(f"{head}-"))
    if kin:
        return kin.most_common(1)[0][0]
    if head in pack.areas:
        return head
    if len(pack.areas) == 1:
        return next(iter(pack.areas))
    known = "、".join(f"{name}（{title}）" for name, title in pack.areas.items())
    raise UsageError("area", f"不知道 {rule_id} 属于哪个方面", hint=f"用 --area 指明：{known}")


def _one_of(word: str, known: list[str], code: str, what: str) -> str:
    if word in known:
        return word
    raise UsageError(f"{code}-not-found", f"没有{what} {word}", hint=suggest(word, known))


def _base(pack: Pack) -> Any:
    try:
        return Bases(pack)[pack.base]
    except ReadError as error:
        hint = "在规则包里放一份各项都符合的材料，并在 pack.yaml 的 base 中写明"
        raise UsageError("base-missing", f"没有基础材料 {pack.base}", hint=hint) from error


# --- what is written -----------------------------------------------------------------------


def _written(pack: Pack, folder: Path, example: Example, clause: str, idle: bool) -> Scaffold:
    rule = example.rule
    place = folder / rule.area
    place.mkdir(exist_ok=True)
    rule_file = place / f"{rule.id}.yaml"
    case_file = place / f"{rule.id}.test.yaml"
    files = {
        rule_file: _schema_line(place, "rule") + _rule_text(pack, example, clause, idle),
        case_file: _schema_line(place, "cases") + _case_text(pack, example),
    }
    told = [
        f"新建 {rule_file}",
        f"新建 {case_file}",
        f"依据 {clause}：“{pack.clauses[clause].quote}”；不是这一条的，改 clauses",
        f"示例规则已可运行：kehou test {rule.id} --pack {folder}",
        f"请照条款改写规则和用例，改完删去各自的“{MARK}”一行；没有删去的，kehou lint 会指出",
        f"改完再运行 kehou lint --pack {folder}；kehou test --mutate 看用例够不够",
    ]
    if idle:
        return Scaffold(files, tuple(told))
    return _carrying(pack, folder, clause, files, told)


def _of_clause(
    pack: Pack, folder: Path, draft: tuple[ProposedRule, Mapping[Path, str]], clause: str
) -> Scaffold:
    """The rule that the clause is seen to ask, and what is to be looked at in it."""
    rule, files = draft
    told = [
        *(f"{'新建' if rule.id in path.name else '改写'} {path}" for path in files),
        f"照 {clause}：“{pack.clauses[clause].quote}”拟的，用例都已运行：",
        *(f"  {one}" for one in rule.cases_told()),
    ]
    told += [f"请看：{note}" for note in rule.notes]
    if rule.asked:
        return _carrying(pack, folder, clause, dict(files), told)
    told += [
        rule.told().strip(),
        "请核对条款、字段、数值、严重程度和文字，改好删去"
        f"“{PROPOSED}”一行；没有删去的，kehou lint 会指出",
    ]
    if rule.proposal.open:
        told.append("待定的字句：由栏目看得出的写成 when；定好以后删去“# 待定”的行")
    stated = carried_by([rule], [as_proposed(pack.clauses[clause])])[clause]
    return _carrying(pack, folder, clause, dict(files), told, stated)


def _carrying(
    pack: Pack,
    folder: Path,
    clause: str,
    files: dict[Path, str],
    told: list[str],
    stated: tuple[str, str] = ("automated", ""),
) -> Scaffold:
    """What is written and told, with what becomes of the clause and what says the same already.

    ``stated`` is the status of a clause that waited for a rule, and why it has it.
    """
    carried = (ClauseStatus.AUTOMATED, ClauseStatus.PARTLY)
    status = pack.clauses[clause].status
    alike = _alike(pack, clause)
    if alike:
        told.append(f"已有说到同一件事的规则，先看看要不要另写：{'、'.join(alike)}")
    begun = _no_longer_planned(pack, folder, clause, stated)
    if begun:
        files[folder / "clauses.yaml"] = begun
        now = stated[0] if status is ClauseStatus.PLANNED else "partly"
        told.append(
            f"条款 {clause} 的状态由 {status} 改为 {now}；规则只管一部分的，写 partly 和理由"
        )
    elif status not in carried:
        told.append(
            f"条款 {clause} 现在写作 {status}：请把 clauses.yaml 中的状态改为 partly 或 automated"
        )
    return Scaffold(files, tuple(told))


def _alike(pack: Pack, clause: str) -> list[str]:
    """Rules and parameters there are that speak of what a clause asks, the likest first."""
    quote = pack.clauses[clause].quote
    scored = [
        (spoken(rule.title, quote), f"{rule.id}（{rule.title}）") for rule in pack.rules.values()
    ]
    scored += [
        (spoken(p.title, quote), f"参数 {p.name}（{p.title}）") for p in pack.parameters.values()
    ]
    found = sorted((pair for pair in scored if pair[0] >= _ALIKE), key=lambda pair: -pair[0])
    return [told for _, told in found[:3]]


def _no_longer_planned(pack: Pack, folder: Path, clause: str, stated: tuple[str, str]) -> str:
    """clauses.yaml with a clause that waited for a rule as carried; "" where it did not wait."""
    was = pack.clauses[clause].status
    if was not in (ClauseStatus.PLANNED, *_BY_PEOPLE) or clause not in pack.topmost().clauses:
        return ""
    document = Sites(pack).document("clauses.yaml")
    file = folder / "clauses.yaml"
    if document is None or not file.is_file():
        return ""
    ids = [body.get("id") for body in document.tree["clauses"]]
    at = f"/clauses/{ids.index(clause)}"
    lines = document.text.split("\n")
    status, reason = document.key_span(f"{at}/status"), document.key_span(f"{at}/reason")
    if status is None or lines[status.line - 1].strip() != f"status: {was}":
        return ""
    word, why = stated if was is ClauseStatus.PLANNED else ("partly", "")
    if reason is not None and "还没有编写规则" in lines[reason.line - 1]:
        lines[reason.line - 1 : reason.line] = [f"    reason: {prose(why)}"] if why else []
    elif why:
        lines.insert(status.line, f"    reason: {prose(why)}")
    lines[status.line - 1] = lines[status.line - 1].replace(str(was), word)
    return "\n".join(lines)


def _schema_line(place: Path, name: str) -> str:
    """The line by which editors complete and check a file; none where there is no such file."""
    schema = data.schemas().joinpath(f"{name}.schema.json")
    if not isinstance(schema, Path):
        return ""
    relative = os.path.relpath(schema, place).replace(os.sep, "/")
    return f"# yaml-language-server: $schema={relative}\n"


_LIMIT_WORDS = {"time": "不晚于", "date": "不晚于", "month": "不晚于"}
_LEAST_WORDS = {"time": "不早于", "date": "不早于", "month": "不早于"}


def _claim(example: Example) -> str:
    """What the rule says in Chinese."""
    if example.op == "at_least":
        return f"{example.title}{_LEAST_WORDS.get(example.kind, '不少于')}{example.value}"
    if example.op == "at_most":
        return f"{example.title}{_LIMIT_WORDS.get(example.kind, '不超过')}{example.value}"
    return f"{example.title}{'是' if example.op == 'is' else '不是'}{example.value}"


def _rule_text(pack: Pack, example: Example, clause: str, idle: bool) -> str:
    rule, field = example.rule, example.field
    on_submission = rule.each == ROOT
    each = (
        "# each: 实体名            # 对每一个什么评定，见 facts.yaml 的 entities；不写即整份材料\n"
        if on_submission
        else f"each: {rule.each}  # 对每一个什么评定，见 facts.yaml 的 entities；不写即整份材料\n"
    )
    document = pack.nouns["zh"]["main_file"]
    subject = f"{document}中" if on_submission else f"{document}中“{{label}}”的"
    stages = "、".join(f"{stage} {title}" for stage, title in pack.stages["zh"].items())
    message = f"{subject}{example.title}写的是{{{field}}}，与要求不一致"
    value = scalar(example.value, example.kind)
    if example.parameter:
        message = f"{subject}{example.title}写的是{{{field}}}，要求{{{example.parameter}}}"
        value = f"{{param: {example.parameter}}}"
    never = f"from: '{IDLE}'  # 改写以前什么也不评定；改写好了删去这一行\n" if idle else ""
    return f"""\
{MARK}
# 写法见 kehou schema rule
id: {rule.id}
title: {prose(f"示例：{_claim(example)}")}
clauses: [{clause}]  # 依据的条款，编号见 clauses.yaml
severity: minor  # critical 红线、major 重大、minor 一般、advice 建议
stages: [approval]  # {stages}
{never}
{each}# when：什么时候适用，不成立即“不适用”；不写即一律适用
# when: {_when_example(pack, rule.each, field)}
# require：不成立即“不符合”，要用的字段没有填写即“材料不足”
require: {{field: {field}, {example.op}: {value}}}
# review：成立即“存疑待核”，由人员判断
# review:
#   - when: {{field: {field}, exists: true}}
#     reason: 为什么要人员核查

# 说明所见：{{字段}}、{{参数}}、{{label}} 会换成各自的值
message: {prose(message)}
remedy: {prose(f"请把{example.title}改到符合要求")}
"""


def _when_example(pack: Pack, each: str, field: str) -> str:
    if each != ROOT:
        for name, own in pack.vocabulary.own_fields(each).items():
            if own.kind == "enum" and name != field:
                return f"{{field: {name}, is: {next(iter(own.labels))}}}"
    return f"{{field: {field}, exists: true}}"


def _case_text(pack: Pack, example: Example) -> str:
    base = posixpath.relpath(pack.base, example.rule.area)
    bad = example.bad
    written = (
        "[" + ", ".join(scalar(v, example.kind) for v in bad) + "]"
        if isinstance(bad, list)
        else scalar(bad, example.kind)
    )
    as_of = f"    as_of: '{example.as_of}'\n" if example.as_of else ""
    limit = example.op in ("at_most", "at_least")
    kept = "正好在界限上" if limit else "没有改动"
    broken = "越过界限一个单位" if limit else f"改成{written}"
    good = scalar(example.value, example.kind)
    kept_set = f"    set: {{{flow(example.pointer)}: {good}}}\n" if example.parameter else ""
    return f"""\
{MARK}
# 每个用例在 base 上改几处：set 改写，drop 删去，都用 JSON 指针；expect 写应得的结论和对象
# 没有点名的对象不得有不利结论；每种结论至少一例，界限上、刚好越过各一例
rule: {example.rule.id}
base: {base}
cases:
  - name: {prose(f"{example.title}{kept}，符合")}
{as_of}{kept_set}    expect: {_expected(example.kept)}

  - name: {prose(f"{example.title}{broken}，不符合")}
{as_of}    set: {{{flow(example.pointer)}: {written}}}
    expect: {_expected(example.broken)}

  - name: {prose(f"没有填写{example.title}，无法判断")}
{as_of}    drop: [{flow(example.pointer)}]
    expect: {_expected(example.open)}
"""


def _expected(expected: Expected) -> str:
    parts = [f"{outcome}: [{', '.join(map(flow, s))}]" for outcome, s in expected.items()]
    return "{" + ", ".join(parts) + "}"
