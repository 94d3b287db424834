"""Packs: one policy as a folder of YAML, found, read, checked and put together.

Takes a pack's id or folder; gives a Pack with dated parameters, clauses and rules, or its faults.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.packs.folders import DEFAULT_PACK as DEFAULT_PACK
    from kehou.packs.folders import available as available
    from kehou.packs.folders import dates as dates
    from kehou.packs.folders import find as find
    from kehou.packs.folders import rule_names as rule_names
    from kehou.packs.folders import topmost as topmost
    from kehou.packs.loading import contents as contents
    from kehou.packs.loading import draft as draft
    from kehou.packs.loading import load as load
    from kehou.packs.pack import Pack as Pack
    from kehou.packs.parameters import ParameterDef as ParameterDef
    from kehou.packs.parameters import parameter_with as parameter_with
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "DEFAULT_PACK": "folders",
            "Pack": "pack",
            "ParameterDef": "parameters",
            "available": "folders",
            "contents": "loading",
            "dates": "folders",
            "draft": "loading",
            "find": "folders",
            "load": "loading",
            "parameter_with": "parameters",
            "rule_names": "folders",
            "topmost": "folders",
        },
    )
