"""The sheet on which a person answers what was drafted from a policy, a clause at a time.

It lies in the pack's folder until all of it is answered; `kehou.authoring.answers` acts on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kehou.authoring.clause_entries import CONFIRM
from kehou.authoring.columns import columns, near_columns
from kehou.authoring.drafted_rule import with_every_list
from kehou.authoring.pack_rules import carried_by, write
from kehou.authoring.phrases import parsed, phrase_of
from kehou.authoring.policy_text import Proposed, ends_on
from kehou.authoring.proposals import spoken
from kehou.authoring.proposed_rules import ProposedRule
from kehou.authoring.suggested import suggested
from kehou.authoring.unfinished import SHEET
from kehou.authoring.unlike_conditions import any_time
from kehou.authoring.yaml_words import prose, quoted
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.readers.door import MOST_OF_PACK, contents

#: A schema with more columns than these has them told by `kehou explain --fields`.
_MOST_COLUMNS: Final = 60
_MOST_NEAR: Final = 5
#: How much of a title a word has to have to be what the title is of.
_A_THING: Final = 0.5
_DEGREES: Final = {"critical": "红线", "major": "重大", "minor": "一般", "advice": "建议"}
_BINDING: Final = ("PROHIBIT", "MUST", "LIMIT")
_HEAD: Final = """\
# 核对表：逐条看，把答写在“答”后面；写完运行 kehou new answers {folder}
#   对      照“要求”里写的用（拟得不对的先改，没有拟出的先写上）
#   提请    拟的只提请人员核查，不判不符合
#   人看    不由程序核对，由人员判断；后面可以写理由，如  答: 人看 到现场看
#   别人    不是对交材料的说的
#   无      没有要求
# 还没有定的留空，以后再答。
# 要求写作“栏目 怎样 多少”，几项的一行一个，行首写 - ：
#   关门时刻 不晚于 21:00　　水质检测 不少于 2份　　颜色 是 红、蓝
#   是否上锁 是　　水温 在 20 至 28 之间
#   有条件的先写条件：读者 是 儿童 时，册数 不超过 3册
#   另一栏也可以当“多少”：装载量 不超过 核定量
#   算出来的：借出日期到应还日期 不超过 30天　　读者数÷管理员数 不超过 20　　演练的项数 不少于 2次
"""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """What a clause sets of the pack below, in words, and whether that needs an authority.

    ``rest`` is what else the clause asks; ``milder`` how what reads the value falls short of the
    clause, and ``harder`` how a rule is written that does not.
    """

    told: str
    looser: bool
    rest: str
    milder: str = ""
    harder: str = ""


def sheet(
    folder: Path,
    clauses: Sequence[Proposed],
    rules: Sequence[ProposedRule],
    policy: tuple[str, str, bool],
    values: Mapping[str, ValueLine] | None = None,
) -> None:
    """Write the sheet of a pack or a layer that has just been made.

    ``policy`` is its title, the day that was taken for its first, and whether the text says that
    day; ``values`` are what its clauses set of the pack below.
    """
    with with_every_list(folder) as pack:
        head = _HEAD.format(folder=folder) + _stages(pack)
        lines = [head, *_columns(pack), *_policy(*policy, _until(folder))]
        lines += ["", "条款:"]
        usual = _usual(pack, clauses)
        for one in clauses:
            if one.modality:
                lines += _clause(pack, one, clauses, rules, values or {}, usual)
        lines += _rest(clauses, any(folder.glob("*.schema.json")))
    write(folder, {SHEET: "\n".join(lines) + "\n"})


def to_do(folder: Path, without: Sequence[str]) -> Iterator[str]:
    """What remains after a pack or a layer is drafted, for the screen."""
    yield "还要做："
    yield f"  1 打开 {folder / SHEET}，逐条核对，在“答”后面写 对、提请、人看、别人 或 无"
    if without:
        yield f"    还没有规则的条款：{'、'.join(without)}；各在“要求”后面写一行：栏目 怎样 多少"
    yield f"  2 kehou new answers {folder}（照答的改好规则包，再运行 kehou lint 和 kehou test）"
    yield f"不用核对表的，删去它，照 kehou lint 指出的“{CONFIRM}”逐处改"


def _stages(pack: Pack) -> str:
    """What a line says of when a rule is looked at, where there are several times."""
    titles = [pack.stages["zh"][stage] for stage in Stage]
    return (
        f"# 阶段：规则只在写着的阶段检查，先写 {titles[0]}；"
        f"{'、'.join(titles[1:])}时也要查的，写作  阶段: {'、'.join(titles)}\n"
    )


def _columns(pack: Pack) -> Iterator[str]:
    every = columns(pack)
    if sum(len(one) for one in every.values()) > _MOST_COLUMNS:
        yield "# 栏目很多：用 kehou explain --fields 字词 找"
    else:
        yield "# 栏目："
        for title, names in every.items():
            yield f"#   {title}：{'、'.join(names)}"
    yield ""


def _until(folder: Path) -> str | None:
    """The last day that the text of a pack says of itself (see ``ends_on``)."""
    return ends_on(contents(folder / "source.txt", MOST_OF_PACK).decode("utf-8"))


def _policy(title: str, start: str, dated: bool, until: str | None) -> Iterator[str]:
    yield "规定:"
    yield f"  名称: {prose(title)}"
    told = quoted(start) if dated else f"''  # 原文没有看出施行日期，请写，如 '{start}'"
    yield f"  施行: {told}"
    if until is not None:
        told = quoted(until) if until else "''  # 原文写了有效期多少年，请写最后一天"
        yield f"  有效到: {told}"
    yield "  答:"


def _usual(pack: Pack, clauses: Sequence[Proposed]) -> str:
    """Whom a clause is for that does not say: whose submission it is, else whom most are for."""
    whose = pack.schema.field((pack.schema.declared.whose.id or "").rpartition(".")[0])
    if whose is not None and whose.title:
        return whose.title
    seen = Counter(_whom(pack, one) for one in clauses if one.modality)
    seen.pop("", None)
    return seen.most_common(1)[0][0] if seen else pack.nouns["zh"].get("subject", "") or pack.title


def _whom(pack: Pack, one: Proposed) -> str:
    """Whom a clause is for; "" where its words name a list or a column, which nobody is."""
    found = re.sub("每.{1,2}$", "", one.addressee)
    titles = [(f.title, f.kind) for f in pack.schema.walk() if len(f.title) > 1]
    if any(title == found and kind == "record" for title, kind in titles):
        return found
    things = [title for title, kind in titles if kind != "record"]
    return (
        "" if any(spoken(title, found) >= _A_THING or found in title for title in things) else found
    )


def _clause(
    pack: Pack,
    one: Proposed,
    clauses: Sequence[Proposed],
    rules: Sequence[ProposedRule],
    values: Mapping[str, ValueLine],
    usual: str,
) -> Iterator[str]:
    own = [rule for rule in rules if rule.proposal.clause == one.id]
    phrases = [phrase_of(pack, rule.proposal) for rule in own]
    yield f"  - 条款: {one.id}"
    yield f"    原文: {quoted(one.quote)}"
    yield f"    对谁: {prose(_whom(pack, one) or usual)}"
    if one.id in values:
        line = values[one.id]
        rest = line.rest
        yield f"    数值: {prose(line.told)}"
        if line.milder:
            yield f"    不判不符合: {quoted(line.milder)}  # 要判不符合的：{line.harder}"
        if line.looser:
            yield "    放宽依据: ''  # 比下层宽，请写有权放宽的文件"
        if rest:
            yield f"    没有管的: {quoted(f'“{rest}”')}  # 也要管的，删去“数值”，都写进 要求"
    elif len(phrases) == 1:
        yield f"    要求: {prose(phrases[0])}"
    elif phrases:
        yield "    要求:"
        yield from (f"      - {prose(phrase)}" for phrase in phrases)
    elif guess := suggested(pack, one.id, one.quote):
        yield f"    要求: {prose(guess)}  # 猜的，还没有写成规则"
        time, column = any_time(pack, parsed(pack, one.id, guess), one.quote)
        if time:
            first = f"前面写 {column} 不早于 2025-09-01 时，"
            told = f"不写，哪一{time}的都计：{first}或后面写（与原文不同：材料只填一{time}的）"
            yield f"    限定不明: '每{time}'  # {told}"
    else:
        near = near_columns(pack, one.quote)[:_MOST_NEAR]
        yield "    要求:" + (f"  # 相近的栏目：{'、'.join(near)}" if near else "")
    if one.id not in values:
        degree = "major" if one.modality in _BINDING else "minor"
        yield f"    程度: {_DEGREES[degree]}"
        yield f"    阶段: {pack.stages['zh'][Stage.APPROVAL]}"
    narrow = [o.words for rule in own for o in rule.proposal.open if o.narrows]
    other = [o.words for rule in own for o in rule.proposal.open if not o.narrows]
    if narrow:
        told = quoted("”“".join(dict.fromkeys(narrow)))
        yield f"    限定不明: {told}  # 写成条件；或删去这一行（不限定什么）；或答 提请"
    if other:
        yield f"    其余字样: {quoted('”“'.join(dict.fromkeys(other)))}"
    left = carried_by(own, [one]).get(one.id, ("", ""))[1] if own else ""
    if "规则没有管的" in left:
        yield f"    没有管的: {quoted(left.partition('：规则没有管的：')[2])}  # 也要管的，写进要求"
    yield "    答:"


def _rest(clauses: Sequence[Proposed], own_schema: bool) -> Iterator[str]:
    others = [one for one in clauses if not one.modality]
    if others:
        yield from ("", "没有看出要求的句子:", "  原文:")
        yield from (f"    - {quoted(one.quote)}" for one in others)
        yield "  答:"
    if own_schema:
        yield from ("", "没有规则读的栏目:", "  理由: 只作登记", "  答:")


__all__ = ["ValueLine", "sheet", "to_do"]
