"""A policy of three sentences about a reading room, as a pack of its own with its own schema.

It is about no school, has a rule of each kind, lints clean and its cases kill every mutant, so
that a test may plant one fault and see just that one told.
"""

from __future__ import annotations

from pathlib import Path

SCHEMA = """\
{
  "type": "object", "title": "阅览室材料",
  "properties": {
    "room": {
      "type": "object", "title": "阅览室",
      "properties": {
        "name": {"type": "string", "title": "名称", "x-unread": "没有要求"},
        "opens": {"type": "string", "x-kind": "time", "title": "开放时间"},
        "seats": {"type": "integer", "title": "座位", "minimum": 0, "maximum": 500,
                  "x-unread": "没有要求"},
        "keeper": {"type": "string", "title": "管理员", "x-private": true, "x-unread": "没有要求"},
        "rules": {"type": "string", "title": "规则", "x-absent": true, "x-unread": "没有要求"}
      }
    },
    "books": {
      "type": "array", "title": "图书",
      "items": {
        "type": "object",
        "properties": {
          "code": {"type": "string", "title": "编号", "x-unread": "没有要求"},
          "kind": {"type": "string", "title": "类别", "enum": ["novel", "comic", "atlas"],
                   "x-labels": {"novel": "小说", "comic": "漫画", "atlas": "地图"}},
          "price": {"type": "string", "x-kind": "money", "title": "价格", "minimum": 0},
          "year": {"type": "integer", "title": "年份"},
          "note": {"type": "string", "title": "备注", "x-absent": true, "x-unread": "没有要求"}
        }
      }
    }
  }
}
"""

FILES = {
    "reading.schema.json": SCHEMA,
    "source.txt": "阅览室应当在八点以前开放。每册图书的价格不得超过一百元。座位由各室自定。",
    "pack.yaml": """\
id: reading
title: 阅览室
version: '1.0.0'
policy: {title: 阅览室办法, effective_from: '2021-09-01'}
citation: 《办法》
schema: reading
base: base.yaml
areas: {room: 开放, book: 图书}
parameters:
  latest_opening:
    title: 最晚开放时间
    type: time
    unit: 时刻
    tighter: lower
    values:
      - {from: '2021-09-01', value: '08:00', ground: A.1}
  price_limit:
    title: 价格上限
    type: money
    unit: 元
    tighter: lower
    values:
      - {from: '2021-09-01', value: '100', ground: A.2}
  old_year:
    title: 旧书年份
    type: integer
    unit: 年
    tighter: higher
    values:
      - {from: '2021-09-01', value: '1990', ground: 我们选的, assumption: true}
""",
    "clauses.yaml": """\
clauses:
  - id: A.1
    citation: 第1句
    sentence: 1
    line: 1
    path: 全文
    quote: 阅览室应当在八点以前开放
    offset: 0
    modality: MUST
    addressee: 阅览室
    status: automated
  - id: A.2
    citation: 第2句
    sentence: 2
    line: 1
    path: 全文
    quote: 每册图书的价格不得超过一百元
    offset: 13
    modality: PROHIBIT
    addressee: 阅览室
    status: automated
  - id: A.3
    citation: 第3句
    sentence: 3
    line: 1
    path: 全文
    quote: 座位由各室自定
    offset: 28
    modality: MAY
    addressee: 阅览室
    status: permission
    reason: 由各室自定
no_norm: []
""",
    "facts.yaml": """\
entities:
  book:
    list: books
    key: [code]
    label: 图书{code}
fields:
  submission.dearest:
    max:
      of: price
      over: book
      where: {field: kind, in: [novel, comic]}
""",
    "decisions.yaml": """\
blocking: [critical, major]
order: [return, supplement, refer, accept]
rules:
  - id: return-late
    when:
      - {as: f, finding: {rule: room-opens-early, outcome: fail}}
    then: {decide: return}
    because: 开放太晚
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
""",
    "i18n/en.yaml": """\
room-opens-early:
  title: The room opens by eight
  message: It opens at {room.opens}
  remedy: Open it earlier

book-price-kept:
  title: No book costs more than the limit
  message: '{label} costs {price}'
  remedy: Choose a cheaper one
  reason: It is old

book-dearest-kept:
  title: The dearest book is within the limit
  message: It costs {dearest}
  remedy: Choose a cheaper one

return-late:
  because: It opens too late
""",
    "base.yaml": """\
room: {name: 东楼阅览室（示例）, opens: '07:30', seats: 40, rules: 安静}
books:
  - {code: B1, kind: novel, price: '30', year: 2001}
  - {code: B2, kind: atlas, price: '99', year: 1995}
""",
    "room/room-opens-early.yaml": """\
id: room-opens-early
title: 阅览室在八点以前开放
clauses: [A.1]
severity: major
stages: [approval, inspection]

require: {field: room.opens, at_most: {param: latest_opening}}

message: 阅览室{room.opens}开放
remedy: 请提早开放
""",
    "room/room-opens-early.test.yaml": """\
rule: room-opens-early
base: ../base.yaml
cases:
  - name: 八点正，符合
    as_of: '2021-09-01'
    set: {/room/opens: '08:00'}
    expect: {pass: [/]}
  - name: 八点过一分，不符合
    as_of: '2021-09-01'
    set: {/room/opens: '08:01'}
    expect: {fail: [/]}
  - name: 没有写，无法判断
    as_of: '2021-09-01'
    drop: [/room/opens]
    expect: {insufficient: [/]}
""",
    "book/book-price-kept.yaml": """\
id: book-price-kept
title: 每册图书的价格不超过上限
clauses: [A.2]
severity: minor
stages: [approval]

each: book
when: {field: kind, in: [novel, comic]}
require: {field: price, at_most: {param: price_limit}}
review:
  - when: {field: year, less_than: {param: old_year}}
    reason: 是旧书，请核查

message: '{label}的价格是{price}'
remedy: 请换价格合适的
""",
    "book/book-price-kept.test.yaml": """\
rule: book-price-kept
base: ../base.yaml
cases:
  - name: 正好一百元，符合
    as_of: '2021-09-01'
    set: {/books/0/price: '100', /books/0/year: 1990}
    expect: {pass: [/books/0], not_applicable: [/books/1]}
  - name: 漫画多一分，不符合
    as_of: '2021-09-01'
    set: {/books/0/price: '100.01', /books/0/kind: comic}
    expect: {fail: [/books/0]}
  - name: 地图不看价格
    as_of: '2021-09-01'
    set: {/books/1/price: '200'}
    expect: {pass: [/books/0], not_applicable: [/books/1]}
  - name: 1989年的，请人看
    as_of: '2021-09-01'
    set: {/books/0/year: 1989}
    expect: {review: [/books/0]}
  - name: 没有写价格，无法判断
    as_of: '2021-09-01'
    drop: [/books/0/price]
    expect: {insufficient: [/books/0]}
""",
    "book/book-dearest-kept.yaml": """\
id: book-dearest-kept
title: 最贵的图书不超过上限
clauses: [A.2]
severity: minor
stages: [approval]

require: {field: dearest, at_most: {param: price_limit}}

message: 最贵的{dearest}
remedy: 请换价格合适的
""",
    "book/book-dearest-kept.test.yaml": """\
rule: book-dearest-kept
base: ../base.yaml
cases:
  - name: 小说一百元、另一本便宜，符合
    as_of: '2021-09-01'
    set: {/books/0/price: '100', /books/1/price: '900'}
    expect: {pass: [/]}
  - name: 一本便宜、一本漫画多一分，不符合
    as_of: '2021-09-01'
    set: {/books/1: {code: B3, kind: comic, price: '100.01'}}
    expect: {fail: [/]}
  - name: 没有写价格，无法判断
    as_of: '2021-09-01'
    drop: [/books/0/price]
    expect: {insufficient: [/]}
""",
}


def write_pack(folder: Path) -> Path:
    """The pack in a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def plant(folder: Path, name: str, old: str, new: str) -> int:
    """Put a fault into a file of the pack; the line on which the new text starts."""
    path = folder / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1
