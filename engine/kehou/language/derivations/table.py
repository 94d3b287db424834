"""The functions of ``facts.yaml``, one row each (docs/language.md §1.7).

From a row come what may be written (`facts_grammar`, schemas/facts.schema.json), the type, the
value and its places (`facts`), what editors and the page say of it, and its mutants. A new function
is one of `one_subject` or `many_members` and its row; `scripts/derivations` writes the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from kehou.language.conditions import Type
from kehou.language.derivations import many_members as many
from kehou.language.derivations import one_subject as one
from kehou.language.derivations import plain_members as plain
from kehou.language.derivations import result_types as types_of
from kehou.language.derivations.signature import Function, Kinds, Takes

_JOINED = ("same", "where", "at", "valid")
_IN_FORCE = ("at", "valid")
_ROWS = Takes("rows", ("over",), _JOINED, together=_IN_FORCE)
_VALUES = Takes("values", ("of", "over"), _JOINED, together=_IN_FORCE)
_LISTED = Takes("values", ("of", "over"), (*_JOINED, "flatten"), together=_IN_FORCE)
_VERDICTS = Takes("verdicts", ("over",), (*_JOINED, "that"), together=_IN_FORCE)
_TWO = Takes("list", arguments=("a", "b"))

_AMOUNTS = Kinds(frozenset({"integer", "money", "decimal"}), "数和金额")
_ORDERED = Kinds(
    frozenset({"integer", "money", "decimal", "time", "date", "month"}), "数、金额、日期和时刻"
)
_NUMBERS = Kinds(frozenset({"integer", "money", "decimal", "time"}), "数、金额和时刻")
_SUMMANDS = Kinds(_NUMBERS.names | {"date"}, "数、金额、时刻和日期")
_TIME = Kinds(frozenset({"time"}), "时刻")
_WORDS = Kinds(frozenset({"text", "enum"}), "文字")
_DATE = Kinds(frozenset({"date"}), "日期")

FUNCTIONS: dict[str, Function] = {
    "count": Function(
        title="计数",
        title_en="Count",
        zh="有几行；没有为 0",
        en="How many rows; 0 over none",
        example="{count: {over: loan, same: {card: card}}}",
        takes=_ROWS,
        result=types_of.number_of_members,
        compute=many.count,
        plainly=plain.count,
        gives="number",
        absent=False,
        least=0,
    ),
    "sum": Function(
        title="合计",
        title_en="Sum",
        zh="字段之和，“无”不计；没有为 0。日期、时刻、文字不能求和",
        en="Sum of a field, none not counted; 0 over no rows",
        example="{sum: {of: pages, over: loan, where: {field: overdue, is: true}}}",
        takes=_VALUES,
        kinds=_AMOUNTS,
        result=types_of.of_members,
        compute=many.total,
        plainly=plain.total,
        absent=False,
        other="max",
    ),
    "min": Function(
        title="最小",
        title_en="Minimum",
        zh="最小（最早）；没有为“无”",
        en="The least (earliest) value; none over no rows",
        example="{min: {of: lent_on, over: loan, same: {card: card}}}",
        takes=_VALUES,
        kinds=_ORDERED,
        result=types_of.of_members,
        compute=many.smallest,
        plainly=plain.smallest,
        gives="one",
        other="max",
    ),
    "max": Function(
        title="最大",
        title_en="Maximum",
        zh="最大（最晚）；没有为“无”",
        en="The greatest (latest) value; none over no rows",
        example="{max: {of: due_on, over: loan, same: {card: card}}}",
        takes=_VALUES,
        kinds=_ORDERED,
        result=types_of.of_members,
        compute=many.largest,
        plainly=plain.largest,
        gives="one",
        other="min",
    ),
    "collect": Function(
        title="收集",
        title_en="Collect",
        zh="不同的值按先后收成列表，列表字段并开；没有为空列表。`flatten` 写不写都一样",
        en="The different values in order as one list; an empty one over no rows",
        example="{collect: {of: language, over: loan, same: {card: card}}}",
        takes=_LISTED,
        result=types_of.list_of_members,
        compute=many.collect,
        plainly=plain.collect,
        gives="all",
        absent=False,
    ),
    "distinct": Function(
        title="去重计数",
        title_en="Distinct",
        zh="有几个不同的值；没有为 0",
        en="How many different values; 0 over no rows",
        example="{distinct: {of: card, over: loan}}",
        takes=_VALUES,
        result=types_of.number_of_members,
        compute=many.distinct,
        plainly=plain.distinct,
        gives="number",
        absent=False,
        least=0,
        other="count",
    ),
    "has": Function(
        title="至少一个",
        title_en="Has",
        zh="至少一行使 `that` 成立；不写 `that` 即有没有；没有行为否",
        en="Whether some row fits `that`, or there is any; false over no rows",
        example="{has: {over: loan, that: {field: overdue, is: true}}}",
        takes=_VERDICTS,
        result=types_of.yes_or_no,
        compute=many.has,
        plainly=plain.has,
        gives="number",
        absent=False,
        other="every",
    ),
    "every": Function(
        title="每一个",
        title_en="Every",
        zh="每一行都使 `that` 成立；没有行为是",
        en="Whether all rows fit `that`; true over no rows",
        example="{every: {over: loan, that: {field: returned, is: true}}}",
        takes=_VERDICTS,
        result=types_of.yes_or_no,
        compute=many.every,
        plainly=plain.every,
        absent=False,
        other="has",
    ),
    "lookup": Function(
        title="查表",
        title_en="Lookup",
        zh=(
            "在 `in` 里找：`match` 各对依次试，第一对找到的为准；`same` 须全部相等；`at` 的日期"
            "须在对方 `valid` 的两个字段之间（`at` 和 `valid` 一起写），“无”为不限。有 `take` 取"
            "那个字段，没有找到为“无”；没有 `take` 是找没找到。找到几行而值不同，或只有拿不准是否"
            "相符的行，不知道"
        ),
        en="A field of the row of another entity that matches, or whether there is one",
        example="{lookup: {in: catalogue, match: [[isbn, isbn], [shelf, shelf]], take: pages}}",
        takes=Takes(
            "entries",
            ("in",),
            ("match", "same", "at", "valid", "take"),
            one_of=("match", "same", "at"),
            together=("at", "valid"),
        ),
        result=types_of.taken,
        compute=many.lookup,
        gives="one",
    ),
    "first": Function(
        title="取第一个",
        title_en="First",
        zh=(
            "第一个有值的；“无”和什么也没有提供的略过，填写有误、算不清的停在那里（不知道）。"
            "都没有：有没填的不知道，全是“无”则“无”"
        ),
        en="The first that has a value; what could not be read stops the search",
        example="{first: [own_limit, {param: common_limit}]}",
        takes=Takes("list", arguments=("字段或参数",), repeated=True),
        result=types_of.alternatives,
        compute=one.first,
        gives="one",
    ),
    "plus": Function(
        title="加",
        title_en="Plus",
        zh="和；日期加整数是日期",
        en="Sum of two; a date and a whole number make a date",
        example="{plus: [lent_on, {param: days_lent}]}",
        takes=_TWO,
        kinds=_SUMMANDS,
        result=types_of.same_unit,
        compute=one.plus,
        other="minus",
    ),
    "minus": Function(
        title="减",
        title_en="Minus",
        zh="差；日期减整数是日期",
        en="Difference of two; a date less a whole number is a date",
        example="{minus: [pages, pages_read]}",
        takes=_TWO,
        kinds=_SUMMANDS,
        result=types_of.same_unit,
        compute=one.minus,
        other="plus",
        ordered=True,
    ),
    "times": Function(
        title="乘",
        title_en="Times",
        zh="积；金额不能乘金额或小数",
        en="Product of two; money only by a whole number",
        example="{times: [pages, {param: minutes_a_page}]}",
        takes=_TWO,
        kinds=_NUMBERS,
        result=types_of.product,
        compute=one.times,
    ),
    "ratio": Function(
        title="比",
        title_en="Ratio",
        zh="商，精确分数，整数和小数可以相除；除数为 0 是“无”，除数的范围含 0 不知道",
        en="Quotient of two, exact; none over 0",
        example="{ratio: [pages_read, pages]}",
        takes=_TWO,
        kinds=_NUMBERS,
        result=types_of.quotient,
        compute=one.ratio,
        ordered=True,
    ),
    "minutes_between": Function(
        title="相隔分钟",
        title_en="Minutes between",
        zh="从 a 到 b 的分钟数，可为负；写 `overnight` 时 b 早于 a 算次日",
        en="Minutes from time a to time b; with `overnight` an earlier b is of the next day",
        example="{minutes_between: [opens, closes, overnight]}",
        takes=Takes("list", arguments=("a", "b"), word="overnight"),
        kinds=_TIME,
        result=types_of.whole_number,
        compute=one.minutes_between,
        ordered=True,
    ),
    "days_between": Function(
        title="相隔天数",
        title_en="Days between",
        zh="从 a 到 b 的天数，可为负；写 `inclusive` 时首尾两天都算，同一天是 1",
        en="Days from date a to date b; with `inclusive` both ends count",
        example="{days_between: [lent_on, returned_on, inclusive]}",
        takes=Takes("list", arguments=("a", "b"), word="inclusive"),
        kinds=_DATE,
        result=types_of.whole_number,
        compute=one.days_between,
        ordered=True,
    ),
    "month_of": Function(
        title="所在月份",
        title_en="Month of",
        zh="所在的月份，如 2021-09",
        en="The month of a date",
        example="{month_of: [lent_on]}",
        takes=Takes("list", arguments=("日期",), plain=True),
        kinds=_DATE,
        result=types_of.month,
        compute=one.month_of,
    ),
    "weekday_of": Function(
        title="周几",
        title_en="Weekday of",
        zh="那一天是周几，周一为 1，周日为 7",
        en="The day of the week of a date, Monday 1 to Sunday 7",
        example="{weekday_of: [lent_on]}",
        takes=Takes("list", arguments=("日期",), plain=True),
        kinds=_DATE,
        result=types_of.whole_number,
        compute=one.weekday_of,
        least=1,
    ),
    "after": Function(
        title="去掉开头",
        title_en="After",
        zh="文字 a 去掉开头的 b；不以 b 开头的，或只有 b 的，是 a",
        en="Text a without b at its front; a itself where it does not begin with b, or is b",
        example="{after: [title, {param: series}]}",
        takes=_TWO,
        kinds=_WORDS,
        result=types_of.text,
        compute=one.after,
    ),
    "by_unit": Function(
        title="按单位折合",
        title_en="By unit",
        zh=(
            "把每单位的金额折成总额：`unit` 是哪个值，就乘 `times` 里那个值所列的字段（`[]` 为不用"
            "乘）；金额或单位是“无”则“无”；没有列的单位，或要乘的数没有填、是“无”，不知道"
        ),
        en="The whole of an amount per unit, times the factors of that unit",
        example="{by_unit: {amount: fine, unit: fine_unit, times: {day: [days_late], once: []}}}",
        takes=Takes("units", ("amount", "unit", "times")),
        result=types_of.of_amount,
        compute=one.by_unit,
        settled_by=one.lacking_of,
    ),
}


def result_type(name: str, types: Sequence[Type]) -> Type:
    """Type of a derived field from the types of what it reads (`Derivation.typed_by`).

    Raises ValueError with a Chinese sentence where the types do not fit.
    """
    function = FUNCTIONS[name]
    if not types and ("of" in function.takes.required or function.takes.shape in ("list", "units")):
        raise ValueError(f"{name} 缺少要计算的字段")
    kinds = function.kinds
    if kinds is not None and any(t.many or t.kind not in kinds.names for t in types):
        raise ValueError(f"{name} 只用于{kinds.zh}")
    return function.result(name, types)
