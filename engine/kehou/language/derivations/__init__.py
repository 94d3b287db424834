"""Derived values: what facts.yaml declares, the closed table of functions, and what they compute.

Takes the values of one subject or of many members, known or not; gives a value with the places that
would settle it where it is not known.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.language.derivations.declared import Derivation as Derivation
    from kehou.language.derivations.declared import EntityDef as EntityDef
    from kehou.language.derivations.signature import Function as Function
    from kehou.language.derivations.table import FUNCTIONS as FUNCTIONS
    from kehou.language.derivations.table import result_type as result_type
    from kehou.language.derivations.values import FIRST_DATE as FIRST_DATE
    from kehou.language.derivations.values import LAST_DATE as LAST_DATE
    from kehou.language.derivations.values import VAGUE as VAGUE
    from kehou.language.derivations.values import join_paths as join_paths
    from kehou.language.derivations.values import paths_of as paths_of
    from kehou.language.derivations.values import unknown_of as unknown_of
    from kehou.language.derivations.values import unplaced_of as unplaced_of
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Derivation": "declared",
            "EntityDef": "declared",
            "FIRST_DATE": "values",
            "FUNCTIONS": "table",
            "Function": "signature",
            "LAST_DATE": "values",
            "VAGUE": "values",
            "join_paths": "values",
            "paths_of": "values",
            "result_type": "table",
            "unknown_of": "values",
            "unplaced_of": "values",
        },
    )
