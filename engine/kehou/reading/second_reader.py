"""A second reading of a sentence: a small linear model over its characters.

It was trained on sentences that our own writers labelled (docs/reading-model.md); its weights are
data in rules/common/reading/model.json, and each that counted can be shown. It decides nothing by
itself: with the patterns it makes a statement explicit, without them only suspicious.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: Characters of the longest gram.
LONGEST: Final = 4
TOPICS_KEY: Final = "topics"
#: Sentences longer than this are read in parts of it.
_MOST: Final = 400
_PART: Final = re.compile(r"[^,:;。!?]+")


def grams(text: str) -> set[str]:
    """The runs of one to four characters of a text, with a mark at its ends."""
    marked = f"^{text[:_MOST]}$"
    return {
        marked[at : at + length]
        for length in range(1, LONGEST + 1)
        for at in range(len(marked) - length + 1)
    }


@dataclass(frozen=True)
class SecondReader:
    """Weights by gram, one for each topic in order, and where each topic begins.

    The patterns are agreed with from ``limit`` on. A sentence that they do not take for planned is
    asked about where it is likelier than ``alone`` to plan a topic, and one of which they say that
    it only mentions it where it is likelier than ``over``.
    """

    topics: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]] = field(repr=False)
    limit: float = 0.5
    over: float = 0.9
    low: float = 0.1
    alone: float = 0.5

    @staticmethod
    def of(tree: Mapping[str, Any]) -> SecondReader:
        """The reader of a model's JSON; ValueError where it is of another form."""
        if tree.get("longest") != LONGEST or len(tree["bias"]) != len(tree[TOPICS_KEY]):
            raise ValueError("longest")
        weights = {gram: tuple(row) for gram, row in tree["weights"].items()}
        topics, bias = tuple(tree[TOPICS_KEY]), tuple(tree["bias"])
        limit = tree["limit"]
        alone = tree.get("alone", limit)
        return SecondReader(topics, bias, weights, limit, tree["over"], alone=alone)

    @staticmethod
    def read(data: bytes) -> SecondReader:
        """The reader of a file; ValueError where it is none."""
        return SecondReader.of(json.loads(data))

    def planned(self, text: str) -> dict[str, float]:
        """How likely a normalised sentence plans each topic, from 0 to 1."""
        rows = [row for row in map(self.weights.get, grams(text)) if row is not None]
        sums = [math.fsum(column) for column in zip(self.bias, *rows, strict=True)]
        return {
            topic: 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
            for topic, total in zip(self.topics, sums, strict=True)
        }

    def turns_on(self, text: str, topic: str, left: Sequence[str] = ()) -> tuple[int, int]:
        """The part of a sentence, between commas, that speaks most for a topic.

        Of those that stand in the clauses that are ``left``, where there are such.
        """
        at = self.topics.index(topic)
        parts = list(_PART.finditer(text))
        parts = [part for part in parts if any(part[0] in one for one in left)] or parts

        def weight(part: re.Match[str]) -> float:
            rows = (self.weights.get(gram) for gram in grams(part[0]))
            return sum(row[at] for row in rows if row is not None)

        best = max(parts, key=weight, default=None)
        return best.span() if best is not None else (0, len(text))
