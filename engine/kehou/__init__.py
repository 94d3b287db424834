"""kehou: checks what is handed in against policy written as rules.

What a program may use is named here and explained in docs/library.md; the rest is insides, and
changes without notice. Nothing is loaded before it is asked for.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kehou.checking import CheckOptions as CheckOptions
    from kehou.errors import KehouError as KehouError
    from kehou.errors import PackError as PackError
    from kehou.errors import UnreadableError as UnreadableError
    from kehou.errors import UsageError as UsageError
    from kehou.library import check as check
    from kehou.library import load_pack as load_pack
    from kehou.library import render_report as render_report
    from kehou.library import unread_report as unread_report
    from kehou.model.outcomes import Outcome as Outcome
    from kehou.model.outcomes import Severity as Severity
    from kehou.model.outcomes import Stage as Stage
    from kehou.model.report import Report as Report
    from kehou.packs import Pack as Pack
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "CheckOptions": "checking",
            "KehouError": "errors",
            "Outcome": "model.outcomes",
            "Pack": "packs",
            "PackError": "errors",
            "Report": "model.report",
            "Severity": "model.outcomes",
            "Stage": "model.outcomes",
            "UnreadableError": "errors",
            "UsageError": "errors",
            "check": "library",
            "load_pack": "library",
            "render_report": "library",
            "unread_report": "library",
        },
    )

__all__ = [
    "CheckOptions",
    "KehouError",
    "Outcome",
    "Pack",
    "PackError",
    "Report",
    "Severity",
    "Stage",
    "UnreadableError",
    "UsageError",
    "__version__",
    "check",
    "load_pack",
    "render_report",
    "unread_report",
]
