"""From the tree of decisions.yaml to decision rules (docs/language.md §1)."""

from __future__ import annotations

from typing import Any

from kehou.language.yaml_places import Place, flag, listed, mapping, text, under
from kehou.model.rules import (
    DecisionRule,
    Pattern,
)

_KEYS = ("id", "when", "then", "because")


def decision_rules(tree: Any, at: Place) -> tuple[DecisionRule, ...]:
    """The ``rules:`` of decisions.yaml."""
    if not isinstance(tree, list):
        at.fault("rules 之下应当是规则的列表")
        return ()
    rules = []
    for i, item in enumerate(tree):
        place = at / i
        d = mapping(item, place, _KEYS, _KEYS)
        if any(d.get(key) is None for key in _KEYS):
            continue
        then = mapping(d["then"], place / "then", ("mark", "subject", "decide"))
        patterns = [
            _pattern(p, place / "when" / j) for j, p in enumerate(listed(d["when"], place / "when"))
        ]
        subject = text(then.get("subject"), place).partition(".") if "subject" in then else None
        if ("mark" in then) == ("decide" in then) or ("mark" in then) != (subject is not None):
            (place / "then").fault("then 写作 {mark: 名称, subject: 变量.key} 或 {decide: 结论}")
            continue
        rules.append(
            DecisionRule(
                id=text(d["id"], place / "id"),
                when=tuple(p for p in patterns if p is not None),
                mark=then.get("mark"),
                subject=(subject[0], subject[2]) if subject else None,
                decide=then.get("decide"),
                because=text(d["because"], place / "because"),
            )
        )
    return tuple(rules)


def _pattern(tree: Any, at: Place) -> Pattern | None:
    d = mapping(tree, at, ("as", "finding", "entity", "mark", "with", "same"), ("as",))
    kinds = [k for k in ("finding", "entity", "mark") if k in d]
    if len(kinds) != 1 or "as" not in d:
        at.fault("每个模式要有 as，以及 finding、entity、mark 之一")
        return None
    kind = kinds[0]
    equals: list[tuple[str, Any]] = []
    if kind == "finding":
        wanted = mapping(
            d["finding"], at / "finding", ("rule", "outcome", "severity", "area", "blocking")
        )
        equals += [
            (k, flag(v, at / "finding" / k) if k == "blocking" else str(v))
            for k, v in wanted.items()
        ]
    else:
        equals += list(under(d.get("with"), at / "with").items())
    same = []
    for mine, reference in under(d.get("same"), at / "same").items():
        var, _, other = str(reference).partition(".")
        same.append((mine, var, other))
    full = kind if kind == "finding" else f"{kind}:{d[kind]}"
    return Pattern(str(d["as"]), full, tuple(equals), tuple(same))
