"""The output formats of a check, one row each; a format's module is imported only when it is used.

From the table come what ``-o`` takes and its help, the nearest word where none is meant, what a
shell completes and the table of formats in the pages.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from kehou.model.report import Report
    from kehou.render.screen import Manner


@dataclass(frozen=True, slots=True)
class Format:
    """One output format: ``module`` below kehou.render has its ``render``.

    ``zh`` and ``en`` say in a line what it is. ``takes`` is what ``render`` is given beside the
    reports of one run: ``annex`` is the language, and whether to show the annex. A format
    that is ``binary`` goes to a file, never to a screen.
    """

    module: str
    zh: str
    en: str
    takes: Literal["nothing", "language", "manner", "annex", "alerts"] = "language"
    binary: bool = False

    def render(self, reports: Sequence[Report], manner: Manner) -> str | bytes:
        """All reports of one run in this format."""
        given: dict[str, tuple[Any, ...]] = {
            "nothing": (),
            "language": (manner.language,),
            "manner": (manner,),
            "annex": (manner.language,),
            "alerts": (manner.language, manner.verbosity > 0, manner.clauses_page),
        }
        module = importlib.import_module(f"kehou.render.{self.module}")
        more = {"annex": manner.annex} if self.takes == "annex" else {}
        rendered: str | bytes = module.render(reports, *given[self.takes], **more)
        return rendered


#: The names of the table for the type checker, which finds one that is missing here.
TextFormat = Literal["text", "json", "html", "sarif", "junit", "github", "gitlab", "oscal", "csv"]
BinaryFormat = Literal["docx", "xlsx"]

_FORMATS: Final[dict[TextFormat | BinaryFormat, Format]] = {
    "text": Format("screen.text", "屏幕", "The screen", takes="manner"),
    "json": Format(
        "programs.json",
        "程序；也用来与以后的报告比较",
        "Programs; also to compare a later report with",
        takes="nothing",
    ),
    "html": Format("page.html", "网页，可打印", "A web page, to be printed too", takes="annex"),
    "sarif": Format(
        "programs.sarif",
        "代码平台：要处理的；加 -v 为全部结论",
        "Code hosting platforms: what is to be done; every finding with -v",
        takes="alerts",
    ),
    "junit": Format("programs.junit", "持续集成", "Continuous integration"),
    "github": Format("programs.github", "GitHub 的行内批注", "Annotations in the lines, on GitHub"),
    "gitlab": Format("programs.gitlab", "GitLab 的代码质量", "Code quality, on GitLab"),
    "oscal": Format("programs.oscal", "OSCAL 评估结果", "OSCAL assessment results"),
    "csv": Format(
        "programs.csv",
        "每个结论一行，可用 Excel、WPS 打开",
        "A line for each finding, for Excel or WPS",
    ),
    "docx": Format("office.docx", "核查意见", "The written opinion", takes="annex", binary=True),
    "xlsx": Format("office.xlsx", "逐项核查表", "The checklist, item by item", binary=True),
}
#: Every output format by its name; the first is what is shown where none is asked for.
FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {str(name): one for name, one in _FORMATS.items()}
)
