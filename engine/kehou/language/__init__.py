"""The rule language: operators, conditions, derivations, and the grammars of policy files.

Takes YAML trees with places; gives checked conditions, entities and derivations (docs/language.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.language.closures import closure as closure
    from kehou.language.conditions import Bound as Bound
    from kehou.language.conditions import FieldArg as FieldArg
    from kehou.language.conditions import Leaf as Leaf
    from kehou.language.conditions import Parameter as Parameter
    from kehou.language.conditions import Table as Table
    from kehou.language.conditions import Type as Type
    from kehou.language.conditions import bind as bind
    from kehou.language.derivations.declared import Derivation as Derivation
    from kehou.language.derivations.declared import EntityDef as EntityDef
    from kehou.language.near_words import suggest as suggest
    from kehou.language.vocabulary import ROOT as ROOT
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Bound": "conditions",
            "Derivation": "derivations.declared",
            "EntityDef": "derivations.declared",
            "FieldArg": "conditions",
            "Leaf": "conditions",
            "Parameter": "conditions",
            "ROOT": "vocabulary",
            "Table": "conditions",
            "Type": "conditions",
            "bind": "conditions",
            "closure": "closures",
            "suggest": "near_words",
        },
    )
