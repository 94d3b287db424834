"""Judging, twice: one compiled program, run on the direct engine and on durable_rules.

Takes a program and facts; gives the outcome of every rule on every subject.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.judging.kept_child import keep_child as keep_child
    from kehou.judging.network import compile_rules as compile_rules
    from kehou.judging.program import BoundReview as BoundReview
    from kehou.judging.program import BoundRule as BoundRule
    from kehou.judging.program import bind_rule as bind_rule
    from kehou.judging.program import bind_rules as bind_rules
    from kehou.judging.program import bound_program as bound_program
    from kehou.judging.program import prepare as prepare
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "BoundReview": "program",
            "BoundRule": "program",
            "bind_rule": "program",
            "bind_rules": "program",
            "compile_rules": "network",
            "prepare": "program",
            "bound_program": "program",
            "keep_child": "kept_child",
        },
    )
