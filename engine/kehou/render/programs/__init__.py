"""What other programs read, one module a format; ``json`` is the report itself."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.programs.csv import cell as cell
    from kehou.render.programs.json import digest as digest
    from kehou.render.programs.json import document as document
    from kehou.render.programs.json import dumps as dumps
    from kehou.render.programs.junit import case_prefixes as case_prefixes
    from kehou.render.programs.sarif import SARIF_RUNS as SARIF_RUNS
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "SARIF_RUNS": "sarif",
            "cell": "csv",
            "case_prefixes": "junit",
            "digest": "json",
            "document": "json",
            "dumps": "json",
        },
    )
