"""A second reading of a sentence: a small linear model over its characters.

It was trained on sentences and texts that our own writers labelled (docs/reading-model.md); its
weights are data in rules/common/reading/model.json, and each that counted can be shown. It decides
nothing by itself: with the patterns it makes a statement explicit, without them only suspicious.
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: Characters of the longest gram.
LONGEST: Final = 4
TOPICS_KEY: Final = "topics"
#: Bits of a sum of weights.
_LANE: Final = 40
#: Sentences longer than this are read in parts of it.
_MOST: Final = 400
_PART: Final = re.compile(r"[^,:;。!?]+")


#: The number of an item, which says nothing of it.
_NUMBER: Final = re.compile(r"^\s*(?:[(第]?[一二三四五六七八九十\d]{1,3}[)、.,:条]+|[①-⑳])\s*")


def grams(text: str) -> set[str]:
    """The runs of one to four characters of a text, with a mark at its ends."""
    marked = f"^{_NUMBER.sub('', text)[:_MOST]}$"
    return {
        marked[at : at + length]
        for length in range(1, LONGEST + 1)
        for at in range(len(marked) - length + 1)
    }


@dataclass(frozen=True)
class SecondReader:
    """Weights by gram, and where each topic begins, in thousandths.

    The weights of a gram for all topics are lanes of one number, of `_LANE` bits each, the first
    topic's lowest: the lanes of a sum are the sums of the lanes.

    The patterns are agreed with from ``limit`` on. A sentence that they do not take for planned is
    asked about where it is likelier than the topic's part of ``alone`` to plan it, and one of which
    they, or what stands above it, say that it only mentions it where it is likelier than ``over``.
    """

    topics: tuple[str, ...]
    bias: int
    weights: Mapping[str, int] = field(repr=False)
    limit: float = 0.5
    over: float = 0.9
    alone: Mapping[str, float] = field(default_factory=dict)

    @staticmethod
    def of(tree: Mapping[str, Any]) -> SecondReader:
        """The reader of a model's JSON; ValueError where it is of another form.

        ``grams`` are joined by line ends; ``weights`` are a list of thousandths for each topic, in
        the order of the grams.
        """
        topics, columns = tuple(tree[TOPICS_KEY]), tree["weights"]
        names = tree["grams"].split("\n")
        if tree.get("longest") != LONGEST or not len(tree["bias"]) == len(topics) == len(columns):
            raise ValueError("longest")
        shifts = range(0, _LANE * len(topics), _LANE)
        rows = zip(*columns, strict=True)
        packed = [sum(map(operator.lshift, row, shifts)) for row in rows]
        weights = dict(zip(names, packed, strict=True))
        bias = sum(map(operator.lshift, tree["bias"], shifts))
        alone = {topic: float(tree["alone"][topic]) for topic in topics}
        return SecondReader(topics, bias, weights, tree["limit"], tree["over"], alone)

    @staticmethod
    def read(data: bytes) -> SecondReader:
        """The reader of a file; ValueError where it is none."""
        return SecondReader.of(json.loads(data))

    def planned(self, text: str) -> dict[str, float]:
        """How likely a normalised sentence plans each topic, from 0 to 1."""
        total = self.bias + self._sum(text)
        return {
            topic: 1 / (1 + math.exp(-max(-50.0, min(50.0, lane / 1000))))
            for topic, lane in zip(self.topics, self._lanes(total), strict=True)
        }

    def turns_on(self, text: str, topic: str, left: Sequence[str] = ()) -> tuple[int, int]:
        """The part of a sentence, between commas, that speaks most for a topic.

        Of those that stand in the clauses that are ``left``, where there are such.
        """
        at = self.topics.index(topic)
        parts = list(_PART.finditer(text))
        parts = [part for part in parts if any(part[0] in one for one in left)] or parts
        best = max(parts, key=lambda part: self._lanes(self._sum(part[0]))[at], default=None)
        return best.span() if best is not None else (0, len(text))

    def _sum(self, text: str) -> int:
        return sum(filter(None, map(self.weights.get, grams(text))))

    def _lanes(self, total: int) -> list[int]:
        """The sums of a number's lanes, each of which may be negative."""
        middle = 1 << (_LANE - 1)
        lanes = []
        for _ in self.topics:
            lane = ((total + middle) & (2 * middle - 1)) - middle
            lanes.append(lane)
            total = (total - lane) >> _LANE
        return lanes
