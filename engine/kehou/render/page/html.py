"""One self-contained HTML page: no script, nothing fetched, everything escaped.

The only importer of Jinja2. Templates live in ``reports/``; every value goes through
``visible`` and then through autoescape.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from kehou import data
from kehou.model.outcomes import Outcome, Owner
from kehou.model.report import Report, RuleResult
from kehou.render.screen import changes
from kehou.render.words import catalogue, gaps, statement
from kehou.render.words.summary import groups, summarise
from kehou.render.words.visible_text import excerpt, visible
from kehou.render.words.wording import (
    Words,
    alike,
    asked,
    compact,
    dotted,
    engines_told,
    shown_value,
    spoken,
    verdict,
    waiting,
)

#: Headings of the contents in the order of the page; those whose rules are listed there.
_HEADINGS = (
    "fail",
    "review",
    "insufficient",
    "error",
    "advice",
    "waived",
    "not_judged",
    "pass",
    "not_applicable",
)
_UNFOLDED = ("fail", "review", "insufficient", "error", "advice", "waived")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """The page of all reports, in ``language`` or that of the first."""
    words = catalogue.of_reports(reports, language)
    title = words["page.title"]
    if len(reports) > 1:
        title = words["page.titles"].format(n=len(reports))
    outcomes = [outcome.value for outcome in Outcome]
    return page(
        "report.html.j2",
        words,
        title,
        reports=reports,
        outcomes=outcomes,
        headings=_HEADINGS,
        unfolded=_UNFOLDED,
    )


def page(template: str, words: Words, title: str, **values: Any) -> str:
    """A page of a template in ``reports/``, with its words, title and further values."""
    environment = _environment()
    rendered = environment.get_template(template).render(
        w=words,
        page_title=title,
        css_hash=Markup(_css_hash(environment)),
        lang=_chinese if words["html_lang"] != "zh-CN" else _none,
        **values,
    )
    return rendered + "\n"


def _none(text: str) -> str:
    return ""


def _chinese(text: str) -> str:
    """The attribute that tells a screen reader that a text is Chinese in a page that is not."""
    return Markup(' lang="zh-CN"') if _CHINESE.search(text) else ""


def _number_of(report: Report) -> Callable[[RuleResult], int]:
    """The number of a report's result, from 1, as in the table of every rule."""
    numbers = {id(result): number for number, result in enumerate(report.results, 1)}
    return lambda result: numbers[id(result)]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalise,
    )
    environment.globals.update(
        alike=alike,
        compact=compact,
        dotted=dotted,
        engines_told=engines_told,
        excerpt=excerpt,
        spoken=spoken,
        verdict=verdict,
        foremost=statement.foremost,
        asked=asked,
        shown_value=shown_value,
        groups=groups,
        summarise=summarise,
        labels_of=lambda report: {m.path: m.label for m in report.missing_evidence},
        gaps=gaps,
        owners=tuple(Owner),
        titles_of=lambda report: {r.rule: r.title for r in report.results},
        waiting=waiting,
        number_of=_number_of,
        excuse=statement.excuse,
        record_told=statement.record_told,
        waiver_notes=statement.waiver_notes,
        changed=changes.lines,
    )
    return environment


def _source(name: str) -> str:
    return data.reports().joinpath(name).read_text(encoding="utf-8")


def _finalise(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, keep="\n")
    return value


def css_hash(name: str) -> str:
    """The Content-Security-Policy source of a further style sheet of a page."""
    return Markup(_css_hash(_environment(), name))


def style_hash(css: str) -> str:
    """The Content-Security-Policy source of a style sheet made for one page."""
    digest = hashlib.sha256(css.encode("utf-8")).digest()
    return Markup("sha256-" + base64.b64encode(digest).decode("ascii"))


def style(css: str) -> str:
    """A style sheet that we made, as it stands; never anything that was handed in."""
    return Markup(css)


def _css_hash(environment: Environment, name: str = "report.css") -> str:
    """The Content-Security-Policy source of the style sheet, the page's only active part."""
    return str(style_hash(environment.get_template(name).render()))
