"""``kehou new pack``: a policy's text made into a pack that loads, with one rule to begin from.

Its clauses are proposed from the text, each to be confirmed; the rule is the one that ``kehou new``
writes. What remains to be done is told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kehou import data
from kehou.authoring import policy_text
from kehou.authoring.first_values import good_submission
from kehou.authoring.policy_text import Proposed
from kehou.authoring.scaffold import Scaffold, scaffold
from kehou.errors import KehouError, UsageError
from kehou.fields import Schema, load_schema
from kehou.packs import DEFAULT_PACK
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_PACK, contents
from kehou.render import write_whole

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_AREA, _RULE = "main", "main-first-rule"
_CONFIRM = "待确认"
_SHARED = "submission"
_SOME_DAY = "2020-01-01"


def new_pack(folder: Path, source: Path, schema: Path | None = None) -> tuple[str, ...]:
    """Write a pack into a folder that is not there yet; what was made and what remains, in lines.

    Raises UsageError where the folder is there, or the text or the schema cannot be read.
    """
    if not _NAME.fullmatch(folder.name):
        hint = "写成 my-policy-2025 的样子：小写英文和数字，用 - 连接"
        raise UsageError("pack-name", f"规则包的名称“{folder.name}”不合格式", hint=hint)
    if folder.exists():
        raise UsageError("pack-exists", f"{folder} 已经在那里", hint="请换一个名称，或先移走它")
    text = text_of(source)
    clauses = list(policy_text.proposed(text))
    binding = [one for one in clauses if one.modality]
    if not binding:
        hint = "每句以“。”结尾；要求写作 应当、不得、不晚于 这样的字样"
        raise UsageError("no-clause", f"{source} 里没有看出一句要求", hint=hint)
    made, name = _schema(schema)
    first = next((one for one in binding if one.modality in ("LIMIT", "MUST")), binding[0])
    entity = _entity(made)
    files = {
        "pack.yaml": _pack(folder.name, text, name),
        "source.txt": text,
        "clauses.yaml": "".join(_clauses(clauses, first)),
        "facts.yaml": _facts(made, entity),
        "decisions.yaml": _DECISIONS,
        "base.yaml": _base(made, schema),
    }
    if schema is not None:
        files[f"{name}.schema.json"] = contents(schema, MOST_OF_PACK).decode("utf-8")
    try:
        for file, content in files.items():
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder.joinpath(file), content.encode("utf-8"))
        rule = scaffold(_RULE, str(folder), _AREA, entity[0] if entity else None, first.id)
        for path, content in rule.files.items():
            write_whole(path, content.encode("utf-8"))
    except (KehouError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return tuple(_remains(folder, clauses, rule))


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
        made = load_schema(contents(path, MOST_OF_PACK).decode("utf-8"), "", True)
    except (ReadError, OSError, ValueError) as error:
        hint = "写成 JSON Schema，照 docs/language.md §5；文件名如 meals.schema.json"
        reason = error.message if isinstance(error, ReadError) else "不是完好的 JSON Schema"
        raise UsageError("schema", f"读不懂材料结构：{reason}", str(path), hint) from error
    return made, path.name.removesuffix(".json").removesuffix(".schema")


# --- what is written -----------------------------------------------------------------------


def _pack(name: str, text: str, schema: str) -> str:
    title = policy_text.title(text) or name
    start = policy_text.starts_on(text)
    cited = _quoted(f"《{title.strip('《》')}》")
    assumed = "" if start else f"\n  assumption: {_CONFIRM}：原文没有看出施行日期，先写了一个"
    return f"""\
# {_CONFIRM}：名称、施行日期、方面；写法见 kehou schema pack
id: {name}
title: {_quoted(title)}
version: '0.1.0'

policy:
  title: {_quoted(title)}
  effective_from: '{start or _SOME_DAY}'{assumed}

citation: {cited}
schema: {schema}
base: base.yaml

# 方面：文件夹名 → 名称；规则放在文件夹里
areas:
  {_AREA}: 要求

# 数值写成参数，各有起用日期和依据；规则里写 {{param: 名称}}。例：
# parameters:
#   latest_end:
#     title: 最晚的时刻
#     type: time
#     tighter: lower
#     values:
#       - {{from: '2020-01-01', value: '18:30', ground: A.1-1}}
"""


def _clauses(clauses: list[Proposed], first: Proposed) -> Iterator[str]:
    yield f"""\
# 由原文拆出，逐条{_CONFIRM}：编号、引文（可截短，须逐字）、语气、对谁说、由什么承担。
# 语气是照字样认的：PROHIBIT 严禁、不得，MUST 必须、应当，LIMIT 限度，SHOULD 要、应，
# ENCOURAGE 鼓励，MAY 可，DEF 定义，CONSEQ 后果。
# status：写了规则的改为 automated 或 partly；人员判断 manual，对象不同 not_for_schools。

clauses:
"""
    for one in clauses:
        if not one.modality:
            continue
        carried = one is first
        reason = "示例规则只占个位置" if carried else "还没有编写规则"
        yield f"""
  - id: {one.id}
    path: {_quoted(one.path)}
    citation: {_quoted(one.citation)}
    quote: {_quoted(one.quote)}
{_which(one, clauses)}    modality: {one.modality}
    addressee: {_quoted(f"{_CONFIRM}：{one.addressee}" if one.addressee else _CONFIRM)}
    status: {"partly" if carried else "planned"}
    reason: {_CONFIRM}：{reason}
"""
    others = [one for one in clauses if not one.modality]
    yield "\n# 没有看出要求的句子；其实有要求的，移到上面\n" if others else "\n"
    yield "no_norm:\n" if others else "no_norm: []\n"
    for one in others:
        which = _which(one, clauses).strip().removesuffix("\n")
        which = f"{which}, " if which else ""
        reason = f"{_CONFIRM}：没有看到要求的字样"
        yield f"  - {{quote: {_quoted(one.quote)}, {which}reason: {reason}}}\n"


def _which(one: Proposed, clauses: list[Proposed]) -> str:
    """The number of a sentence, needed only where its words stand in another as well."""
    twice = sum(one.quote in other.quote for other in clauses) > 1
    return f"    sentence: {one.sentence}\n" if twice else ""


def _entity(schema: Schema) -> tuple[str, str] | None:
    """(name, path) of the entity to begin with: the rows of the first list with a key."""
    for path in _lists(schema):
        field = schema.field(path)
        if field is not None and field.owner is None:
            name = path.rpartition(".")[2].removesuffix("s")
            return (f"{name}_row" if name in schema.root.fields else name), path
    return None


def _lists(schema: Schema) -> list[str]:
    """Paths of the lists of records that are in no other list."""
    rows = [field.path for field in schema.walk() if field.kind == "rows"]
    return [path for path in rows if not any(path.startswith(f"{one}.") for one in rows)]


def _facts(schema: Schema, entity: tuple[str, str] | None) -> str:
    if entity is None:
        return "entities: {}\nfields: {}\n"
    name, path = entity
    field = schema.field(path)
    assert field is not None
    key = field.key or tuple(field.fields)[:1]
    others = "、".join(one for one in _lists(schema) if one != path)
    return f"""\
# 规则逐个评定的对象。材料里另有这些清单：{others or "（没有）"}

entities:
  {name}:
    list: {path}
    key: [{", ".join(key)}]
    label: 第{{ordinal}}项{field.title}

fields: {{}}
"""


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


def _base(schema: Schema, path: Path | None) -> str:
    """A good submission to patch: of the shipped schema that of the shipped pack."""
    if path is None:
        return contents(data.rules().joinpath(DEFAULT_PACK, "base.yaml"), MOST_OF_PACK).decode(
            "utf-8"
        )
    import json

    head = f"# 各用例所改的好材料，照材料结构造的，{_CONFIRM}：请改成一份真的符合要求的\n"
    tree = good_submission(schema)
    return head + "".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in tree.items())


def _remains(folder: Path, clauses: list[Proposed], rule: Scaffold) -> Iterator[str]:
    binding = [one for one in clauses if one.modality]
    made = f"{len(clauses)} 句，{len(binding)} 条条款，1 条示例规则和用例"
    yield f"新建 {folder}：{made}，能载入、能运行"
    yield "还要做："
    yield f"  1 逐条确认 clauses.yaml 里写着“{_CONFIRM}”的，再看 pack.yaml 开头"
    yield f"  2 改写 {_AREA}/{_RULE}.yaml 和用例；用 kehou new 规则编号 --pack {folder} 加规则"
    yield f"  3 kehou lint --pack {folder}；kehou test --pack {folder}"
    missing = sum(1 for one in binding if not one.addressee)
    if missing:
        yield f"没有看出对谁说的有 {missing} 条"
    yield from (line for line in rule.told if line.startswith("条款"))


def _quoted(text: Any) -> str:
    return "'" + str(text).replace("'", "''") + "'"
