"""What a report says of the layers over a pack: what they switch off, and what of them is not used.

Their values and rules hold from a day and to a day; a plan of another day is told so.
"""

from __future__ import annotations

from collections.abc import Iterator

from kehou.packs import Pack


def of_layers(pack: Pack, as_of: str, language: str) -> Iterator[str]:
    """What layers have taken out of force, and by what they may; what of theirs is not in force."""
    layers = {layer.id: layer.title for layer in pack.layers}
    yield from out_of_force(pack, as_of, language)
    for one in pack.off_on(as_of):
        if language == "en":
            title = (pack.english.get(one.rule) or {}).get("title") or one.title
            since = f" since {one.start}" if one.start else ""
            yield f"{layers[one.layer]} switches off “{title}” ({one.rule}){since}: {one.authority}"
        else:
            since = f"自{one.start}起" if one.start else ""
            told = f"{layers[one.layer]}{since}停用“{one.title}”（{one.rule}），依据{one.authority}"
            yield told + (f"：{one.reason}" if one.reason else "")


def out_of_force(pack: Pack, as_of: str, language: str) -> Iterator[str]:
    """What of layers does not hold yet on a day, or no longer does."""
    layers = {layer.id: layer.title for layer in pack.layers}
    for definition in pack.parameters.values():
        for value in definition.values:
            if value.layer in layers and value.valid_from > as_of:
                whose, start = layers[value.layer], value.valid_from
                if language == "en":
                    yield f"{whose}: {definition.title} holds from {start}, not yet on {as_of}"
                else:
                    told = f"{whose}的“{definition.title}”自{start}起有效"
                    yield f"{told}，适用日期{as_of}还没有到，没有用"
    yield from _ended(pack, as_of, language)


def _ended(pack: Pack, as_of: str, language: str) -> Iterator[str]:
    """Values and rules of layers whose last day is past, those of one layer and day together."""
    layers = {layer.id: layer.title for layer in pack.layers}
    found: dict[tuple[str, str], list[str]] = {}
    for definition in pack.parameters.values():
        for value in definition.values:
            if value.layer in layers and value.valid_to is not None and value.valid_to < as_of:
                whose = (layers[value.layer], value.valid_to)
                found.setdefault(whose, []).append(definition.title)
    for rule in pack.topmost().rules.values() if layers else ():
        if rule.valid_to is not None and rule.valid_to < as_of:
            title = (pack.english.get(rule.id) or {}).get("title") if language == "en" else None
            whose = (pack.layers[-1].title, rule.valid_to)
            found.setdefault(whose, []).append(title or rule.title)
    for (layer, last), titles in found.items():
        if language == "en":
            every = "; ".join(dict.fromkeys(titles))
            yield f"{layer} was in force to {last}; on {as_of} it is not used: {every}"
        else:
            every = "；".join(dict.fromkeys(titles))
            yield f"{layer}的有效期到{last}，适用日期{as_of}已经过了，没有用：{every}"


__all__ = ["of_layers", "out_of_force"]
