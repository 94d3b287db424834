"""The page a bureau opens, keeps and prints."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from kehou.model.report import Report
from kehou.render.page import html
from kehou.render.words.catalogue import load
from kehou.render.words.digest import TOLD
from kehou.render.words.wording import located

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects the elements of a page and complains of a wrong nesting."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_as_agreed(
    every_outcome_report: Report, matches_golden: Callable[[str, str], None]
) -> None:
    matches_golden("every_outcome.html", html.render([every_outcome_report]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_needs_nothing_from_outside(every_outcome_report: Report, language: str) -> None:
    page = Page(html.render([every_outcome_report], language))
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    attributes = [name for _, attrs in page.tags for name in attrs]
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
    targets = [attrs["href"] or "" for _, attrs in page.tags if "href" in attrs]
    assert all(target.startswith(("#r", "#m-")) for target in targets)


def test_the_policy_admits_the_page_s_own_style_alone(every_outcome_report: Report) -> None:
    page = html.render([every_outcome_report])
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}';" in page
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_nothing_in_a_submission_becomes_markup(
    every_outcome_report: Report, hostile_report: Report
) -> None:
    benign = replace(hostile_report)
    page = Page(html.render([benign, every_outcome_report]))
    assert "script" not in {tag for tag, _ in page.tags}
    shown = html.render([hostile_report])
    assert "<script" not in shown
    assert "{{ 7*7 }}" in shown
    for char in "\x1b\x07\x9b\u202e\u2066\r":
        assert char not in shown


def test_every_place_quote_and_outcome_is_in_words(every_outcome_report: Report) -> None:
    page = Page(html.render([every_outcome_report]))
    for result in every_outcome_report.results:
        assert result.title in page.text
        for clause in result.clauses:
            assert clause.quote in page.text
            assert clause.citation in page.text
        for finding in result.findings:
            assert finding.outcome not in TOLD or finding.message in page.text
            if finding.location and finding.outcome in TOLD:
                assert located(finding.location, load("zh")) in page.text
    for word in ("不符合", "存疑待核", "材料不足", "未能评定", "未评", "已豁免", "符合", "不适用"):
        assert word in page.text
    assert "不作为行政决定" in page.text


def test_headings_go_down_one_level_at_a_time(every_outcome_report: Report) -> None:
    page = Page(html.render([every_outcome_report, every_outcome_report]))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_ids_are_unique_over_several_reports(every_outcome_report: Report) -> None:
    page = Page(html.render([every_outcome_report] * 3))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_language_is_declared(every_outcome_report: Report) -> None:
    assert '<html lang="zh-CN">' in html.render([every_outcome_report])
    assert '<html lang="en">' in html.render([every_outcome_report], "en")
