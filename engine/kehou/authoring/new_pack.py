"""``kehou new pack``: a policy's text made into a pack that loads, with rules to begin from.

Its clauses are proposed from the text, and a rule with cases for each whose field can be guessed,
all to be confirmed; where none can, one example as ``kehou new`` writes it. What remains is told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from kehou import data
from kehou.authoring import policy_text
from kehou.authoring.clause_entries import CONFIRM, clause_entries, passed_over
from kehou.authoring.first_values import SOME_MONDAY, good_submission
from kehou.authoring.list_facts import entities_of, entity_text, lists_of
from kehou.authoring.pack_rules import AREA, EXAMPLE, carried_by, proposed, tree_text, write
from kehou.authoring.policy_text import Proposed
from kehou.authoring.proposed_rules import ProposedRule
from kehou.authoring.review_sheet import sheet, to_do
from kehou.authoring.scaffold import scaffold
from kehou.authoring.unfinished import IDLE
from kehou.authoring.yaml_words import quoted
from kehou.errors import PackError, UsageError
from kehou.fields import Schema, load_schema
from kehou.language.yaml_places import BOOLEAN_WORDS, Faults
from kehou.packs import DEFAULT_PACK
from kehou.readers import ReadError, read
from kehou.readers.door import MOST_OF_PACK, contents
from kehou.render import write_whole

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RULE = "main-first-rule"
_SHARED = "submission"
_SOME_DAY = "2020-01-01"


def new_pack(folder: Path, source: Path, schema: Path | None = None) -> tuple[str, ...]:
    """Write a pack into a folder that is not there yet; what was made and what remains, in lines.

    Raises UsageError where the folder is there, or the text or the schema cannot be read.
    """
    folder_for(folder)
    text = text_of(source)
    clauses = list(policy_text.proposed(text))
    binding = [one for one in clauses if one.modality]
    if not binding:
        hint = "每句以“。”结尾；要求写作 应当、不得、不晚于 这样的字样"
        raise UsageError("no-clause", f"{source} 里没有看出一句要求", hint=hint)
    made, name = _schema(schema)
    said = policy_text.starts_on(text)
    start, dated = said or _SOME_DAY, said is not None
    day = max(start, SOME_MONDAY)
    files = {
        "pack.yaml": _pack(folder.name, text, name),
        "source.txt": text,
        "clauses.yaml": "".join(clause_entries(clauses, {})),
        "facts.yaml": _facts(made, set(entities_of(made))),
        "decisions.yaml": _DECISIONS,
        "base.yaml": _base(made, schema, day),
    }
    if schema is not None:
        files[f"{name}.schema.json"] = contents(schema, MOST_OF_PACK).decode("utf-8")
    folder.mkdir(parents=True)
    try:
        write(folder, files)
        rules = proposed(folder, clauses, start, day, files["base.yaml"])
        shown = {rule.proposal.each for rule in rules}
        first = next((c for c in binding if c.modality in ("LIMIT", "MUST")), binding[0])
        carried = carried_by(rules, binding)
        shown |= set(list(entities_of(made))[:1]) if not rules else set()
        files["clauses.yaml"] = "".join(clause_entries(clauses, carried))
        files["facts.yaml"] = _facts(made, shown)
        write(folder, {"clauses.yaml": files["clauses.yaml"], "facts.yaml": files["facts.yaml"]})
        told: tuple[str, ...] = ()
        if not rules:
            each = next(iter(entities_of(made)), None)
            example = scaffold(_RULE, str(folder), AREA, each, first.id, idle=True)
            for path, content in example.files.items():
                write_whole(path, content.encode("utf-8"))
            told = example.told
        sheet(folder, clauses, rules, (_title(folder.name, text), start, dated))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return tuple(_remains(folder, clauses, rules, told))


def folder_for(folder: Path) -> None:
    """Refuse a folder that is there, or whose name is none for a pack. Raises UsageError."""
    if not _NAME.fullmatch(folder.name):
        hint = "写成 my-policy-2025 的样子：小写英文和数字，用 - 连接"
        raise UsageError("pack-name", f"规则包的名称“{folder.name}”不合格式", hint=hint)
    if folder.exists():
        raise UsageError("pack-exists", f"{folder} 已经在那里", hint="请换一个名称，或先移走它")


def text_of(source: Path) -> str:
    """A policy's text from a file, each line ending in one break. Raises UsageError."""
    hint = "政策原文存成文本文件（.txt，UTF-8），一段一行"
    try:
        written = contents(source, MOST_OF_PACK)
    except ReadError as error:
        raise UsageError("source", error.message, str(source), error.hint or hint) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = written.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "\n".join(text.splitlines()).strip("\n") + "\n"
    raise UsageError("source", f"{source} 不是文本文件", hint=hint)


def _schema(path: Path | None) -> tuple[Schema, str]:
    """The schema of the submissions and its name: a pack's own, else the one that is shipped."""
    if path is None:
        file = data.schemas().joinpath(f"{_SHARED}.schema.json")
        return load_schema(contents(file, MOST_OF_PACK).decode("utf-8"), "", False), _SHARED
    try:
        content = contents(path, MOST_OF_PACK)
        made = load_schema(content.decode("utf-8"), "", True)
    except (ReadError, OSError, ValueError) as error:
        hint = "写成 JSON Schema，照 docs/language.md §5；文件名如 meals.schema.json"
        reason = error.message if isinstance(error, ReadError) else "不是完好的 JSON Schema"
        raise UsageError("schema", f"读不懂材料结构：{reason}", str(path), hint) from error
    wrong = Faults()
    for pointer, message, told in (*made.faults(), *_unfit_names(made)):
        wrong.found.append((read(path.name, content), pointer, message, told))
    if wrong.found:
        raise PackError(wrong.placed(), "材料结构")
    return made, path.name.removesuffix(".json").removesuffix(".schema")


def _unfit_names(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """Columns that rules would have to name by a word that YAML 1.1 reads as yes or no."""
    for path in lists_of(schema):
        field = schema.field(path)
        steps = "".join(f"/properties/{step}" for step in path.split("."))
        for name in field.fields if field is not None else ():
            if name.lower() in BOOLEAN_WORDS:
                told = f"字段不能叫 {name}：在旧版 YAML 中会被读成真假值"
                hint = f"请换一个名称，如 {name}_value；中文名称写在 title 里不变"
                yield f"{steps}/items/properties/{name}", told, hint


# --- what is written -----------------------------------------------------------------------


def _title(name: str, text: str) -> str:
    return policy_text.title(text) or name


def _pack(name: str, text: str, schema: str) -> str:
    title = _title(name, text)
    start = policy_text.starts_on(text)
    cited = quoted(f"《{title.strip('《》')}》")
    until = policy_text.ends_on(text)
    ending = f"\n  effective_to: '{until}'" if until else ""
    assumed = "" if start else f"\n  assumption: {CONFIRM}：原文没有看出施行日期，先写了一个"
    return f"""\
# {CONFIRM}：名称、施行日期、方面；写法见 kehou schema pack
id: {name}
title: {quoted(title)}
version: '0.1.0'

policy:
  title: {quoted(title)}
  effective_from: '{start or _SOME_DAY}'{ending}{assumed}

citation: {cited}
schema: {schema}
base: base.yaml

# 方面：文件夹名 → 名称；规则放在文件夹里
areas:
  {AREA}: 要求

# 数值写成参数，各有起用日期和依据；规则里写 {{param: 名称}}
{EXAMPLE}# parameters:
#   latest_end:
#     title: 最晚的时刻
#     type: time
#     tighter: lower
#     values:
#       - {{from: '2020-01-01', value: '18:30', ground: A.1-1}}
"""


def _facts(schema: Schema, used: Collection[str]) -> str:
    """The entities that rules are about; those of other lists stand ready as comments."""
    every = {name: entity_text(schema, name, path) for name, path in entities_of(schema).items()}
    shown = [text for name, text in every.items() if name in used]
    spare = [text for name, text in every.items() if name not in used]
    lines = ["# 规则逐个评定的对象；材料里一行一个", ""]
    lines += ["entities:", *"\n".join(shown).splitlines(), ""] if shown else []
    if spare:
        lines += ["# 别的清单，用到时去掉行首的 #" + ("：" if shown else "，连同 entities：")]
        lines += [] if shown else ["#entities:"]
        lines += [f"#{line}" for line in "\n".join(spare).splitlines()] + [""]
    return "\n".join([*lines, "fields: {}", ""])


_DECISIONS = """\
# 结论怎样变成建议；只看 blocking 所列的严重程度。

blocking: [critical, major]
rules:
  - id: return-fail
    when:
      - {as: f, finding: {outcome: fail, blocking: true}}
    then: {decide: return}
    because: 不符合：{f.title}
  - id: supplement-insufficient
    when:
      - {as: f, finding: {outcome: insufficient, blocking: true}}
    then: {decide: supplement}
    because: 材料不足：{f.title}
  - id: refer-review
    when:
      - {as: f, finding: {outcome: review, blocking: true}}
    then: {decide: refer}
    because: 存疑待核：{f.title}
  - id: refer-error
    when:
      - {as: f, finding: {outcome: error, blocking: true}}
    then: {decide: refer}
    because: 未能评定：{f.title}
order: [return, supplement, refer, accept]
"""


def _base(schema: Schema, path: Path | None, day: str) -> str:
    """A good submission of a day to patch: of the shipped schema that of the shipped pack."""
    if path is None:
        return contents(data.rules().joinpath(DEFAULT_PACK, "base.yaml"), MOST_OF_PACK).decode(
            "utf-8"
        )
    head = f"# 各用例所改的好材料，照材料结构造的，{CONFIRM}：请改成一份真的符合要求的\n"
    return head + tree_text(good_submission(schema, day))


def _remains(
    folder: Path, clauses: list[Proposed], rules: Sequence[ProposedRule], told: Sequence[str]
) -> Iterator[str]:
    binding = [one for one in clauses if one.modality]
    wrote = f"照条款拟的 {len(rules)} 条规则和用例" if rules else "1 条示例规则和用例"
    yield f"新建 {folder}：{len(clauses)} 句，{len(binding)} 条条款，{wrote}，能载入、能运行"
    for rule in rules:
        yield rule.told()
    drafted = {rule.proposal.clause for rule in rules}
    yield from to_do(folder, [one.id for one in binding if one.id not in drafted])
    if not rules:
        yield f"没有拟出规则；{AREA}/{_RULE}.yaml 只是示例，不评定什么（from: {IDLE}），答了就删去"
    yield from passed_over(clauses, folder)
    yield from (line for line in told if line.startswith("条款"))
