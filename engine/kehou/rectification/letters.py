"""The 限期整改通知书, the reply form and the 整改情况表, as text, page, Word, JSON and YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from kehou.model.outcomes import Outcome
from kehou.render.office import Paragraph
from kehou.render.programs import dumps
from kehou.render.words import NUMERALS, catalogue, visible

FORMATS = ("text", "html", "docx", "json", "yaml")
RESULTS = {
    "fixed": "已整改",
    "open": "未整改",
    "partly": "部分整改",
    "review": "存疑待核",
    "insufficient": "材料不足",
    "disputed": "有异议待核",
    "reopened": "重现",
    "waived": "已豁免",
    "gone": "不再适用",
}
_OUTCOMES = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.ERROR)
_FOOTER = "本材料由核查工具依据所载规则集生成，供人工复核，不作为行政决定。"
_STYLE = (
    "body{max-width:48em;margin:auto;padding:1em;font-family:serif;line-height:1.7}"
    "p{overflow-wrap:anywhere}h1{text-align:center;font-size:1.4em}h2{font-size:1.1em}"
    ".Body{text-indent:2em}.Organ,.Date{text-align:right}@page{size:A4;margin:25mm}"
)


def render(document: Mapping[str, Any], form: str) -> str | bytes:
    """A notice or a closure table in one of ``FORMATS``."""
    if form == "json":
        return dumps(dict(document))
    if form == "yaml":
        return yaml(document)
    told = list(
        _notice(document) if document["format"].startswith("kehou-notice") else _closure(document)
    )
    if form == "docx":
        from kehou.render.office import letter

        title = next(p.text for p in told if p.style == "Title")[:255]
        # Every page of a letter has this remark at its foot already.
        body = [p for p in told if p.style != "Remark"]
        return letter(body, title, catalogue.load("zh"))
    if form == "html":
        return _page(told)
    return "".join(visible(p.text) + "\n" for p in told)


def _day(date: str) -> str:
    year, month, day = map(int, date.split("-"))
    return f"{year}年{month}月{day}日"


def _name(document: Mapping[str, Any]) -> str:
    return document["school"]["name"] or "〔学校〕"


def _notice(d: Mapping[str, Any]) -> Iterator[Paragraph]:
    words, first = catalogue.load("zh"), NUMERALS["zh"].first
    yield Paragraph("Number", "〔文号〕")
    yield Paragraph("Title", words["notice.title"].format(school=_name(d)))
    yield Paragraph("Draft", "（送审稿）")
    yield Paragraph("Addressee", f"{_name(d)}：")
    due = _day(d["due"])
    yield Paragraph(
        "Body",
        f"{words['notice.opening']}（适用日期{_day(d['as_of'])}，报告校验值"
        f"前16位为{d['report_sha256'][:16]}），现将须处理的{len(d['items'])}项通知如下"
        f"{_counts(d, words)}，请于{due}前完成整改并报送整改情况。",
    )
    section, area = 0, None
    for item in d["items"]:
        if item["area"] != area:
            section, area = section + 1, item["area"]
            yield Paragraph("Heading1", f"{first(section)}{area}")
        outcome = words[f"outcome.{item['outcome']}"]
        severity = words[f"severity.{item['severity']}"]
        place = f"（{item['place']}）" if item["place"] else ""
        many = f"，同样情形共{len(item['members'])}处" if len(item["members"]) > 1 else ""
        label = item["label"] or item["title"]
        yield Paragraph("Body", f"{item['number']}.〔{outcome}·{severity}〕{label}{place}{many}。")
        yield Paragraph("Body", f"编号：{item['id']}")
        yield Paragraph("Body", f"标准为：{item['title']}；目前：{item['message'].rstrip('。')}。")
        for clause in item["clauses"]:
            yield Paragraph("Body", f"依据：{clause['citation']}“{clause['quote']}”")
        if item["remedy"]:
            # What nobody could tell is not yet a fault to be put right.
            head = "核实办法" if item["outcome"] == Outcome.REVIEW else "整改要求"
            yield Paragraph("Body", f"{head}：{item['remedy'].rstrip('。')}。")
    if not d["items"]:
        yield Paragraph("Body", "没有须整改的问题。")
    yield Paragraph("Heading1", f"{first(section + 1)}整改要求")
    yield Paragraph(
        "Body",
        f"请逐项填写整改回复表（序号和编号不要改动），于{due}前连同修改后的"
        "材料一并报送；存疑待核的不等于不符合，请说明情况，由核查人员核实；"
        "材料不足的，请补交材料；对某项有异议的，请在回复表中写明理由。"
        "是否完成以复查为准。",
    )
    yield Paragraph("Organ", "〔发文机关〕")
    yield Paragraph("Date", "〔成文日期〕")
    yield Paragraph("Remark", _FOOTER)


def _counts(d: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """How many of the items are of which outcome: a doubt is not told as a fault."""
    said = [item["outcome"] for item in d["items"]]
    told = [f"{words[f'outcome.{one}']}{said.count(one)}项" for one in _OUTCOMES if one in said]
    return f"（{'，'.join(told)}）" if told else ""


def _closure(d: Mapping[str, Any]) -> Iterator[Paragraph]:
    yield Paragraph("Title", catalogue.load("zh")["closure.title"].format(school=_name(d)))
    counts = {name: sum(r["result"] == name for r in d["items"]) for name in RESULTS}
    told = "，".join(f"{RESULTS[name]}{n}项" for name, n in counts.items() if n) or "没有问题"
    silent = [str(r["number"]) for r in d["items"] if not r["replied"]]
    yield Paragraph("Body", f"整改期限{_day(d['due'])}；共{len(d['items'])}项：{told}。")
    if silent:
        yield Paragraph("Body", f"没有回复的有第{'、'.join(silent)}项。")
    for r in d["items"]:
        yield Paragraph("Heading1", f"{r['number']}.{RESULTS[r['result']]}  编号：{r['id']}")
        yield Paragraph("Body", f"问题：{r['problem']}")
        yield Paragraph("Body", f"{'逾期' if r['late'] else ''}回复：{_replied(r)}")
        if r["members"]["all"] > 1:
            n = r["members"]
            yield Paragraph("Body", f"复查：{n['all']}处中已符合{n['fixed']}处。")
    yield Paragraph("Remark", _FOOTER)


def _replied(r: Mapping[str, Any]) -> str:
    if not r["replied"]:
        return "没有回复"
    parts = (
        ("", r["done"]),
        ("日期 ", r["date"]),
        ("佐证 ", r["evidence"]),
        ("异议 ", r["objection"]),
    )
    return "；".join(head + said for head, said in parts if said)


def _page(told: list[Paragraph]) -> str:
    tags = {"Title": "h1", "Heading1": "h2"}
    lines = []
    for p in told:
        tag = tags.get(p.style, "p")
        lines.append(f'<{tag} class="{p.style}">{escape(visible(p.text))}</{tag}>')
    title = escape(visible(next(p.text for p in told if p.style == "Title")))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(lines)
        + "\n</main>\n</body>\n</html>\n"
    )


def yaml(document: Any) -> str:
    """A tree as block YAML; every scalar is quoted as in JSON, which YAML 1.2 reads alike."""
    return "".join(line + "\n" for line in _yaml(document))


def _yaml(tree: Any) -> Iterator[str]:
    entries = tree.items() if isinstance(tree, dict) else ((None, value) for value in tree)
    for key, value in entries:
        head = "-" if key is None else f"{_scalar(key)}:"
        if not isinstance(value, (dict, list)) or not value:
            yield f"{head} {_scalar(value)}"
        elif key is None:
            first, *rest = _yaml(value)
            yield f"- {first}"
            yield from ("  " + line for line in rest)
        else:
            yield head
            yield from ("  " + line for line in _yaml(value))


def _scalar(value: Any) -> str:
    if isinstance(value, str) and value.isascii() and value.isidentifier() and value.islower():
        return json.dumps(value) if value in ("true", "false", "null") else value
    return json.dumps(value, ensure_ascii=False)
