"""The rule language: operators, conditions, derivations, and the grammars of policy files.

Takes YAML trees with places; gives checked conditions, entities and derivations (docs/language.md).
"""
