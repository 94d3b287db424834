"""Scores the reading of prose: ``python -m benchmarks.reading [--list] [--format F] [ROUND…]``.

A round is a folder of ``NN.txt`` with ``NN.yaml`` (benchmarks/reading/README.md). A planned
sentence is found where something planned of its topic is read in it; what is read as planned is
right where the labels say so. The word list beside it flags each sentence that holds one of the
words of the policy's ban, whatever it says of it. Some texts stand there as Word and PDF too.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

import yaml

from kehou import data
from kehou.documents import Paper, normal, open_paper, sentences
from kehou.reading import Library, load_library, statements

HERE: Final = Path(__file__).parent
#: The words of the ban itself, by topic: what a list of words would look for.
WORDS: Final = {
    "new_lesson": ("新课",),
    "collective_lesson": ("补课", "集体"),
    "exam_drill": ("考试", "训练"),
    "pupils_compelled": ("强制", "必须参加"),
}


#: How sure a reading is, as reports say it.
CONFIDENCE: Final = {"explicit": "看起来打算", "suspicious": "有可能是"}


@dataclass
class Score:
    """Counts over the texts of some rounds; ``wrong`` are (file, what, topic, sentence)."""

    texts: int = 0
    planned: int = 0
    found: int = 0
    explicit: int = 0
    explicit_found: int = 0
    flagged: int = 0
    right: int = 0
    unplanned: int = 0
    clean: int = 0
    clean_flagged: int = 0
    #: Sentences of the texts that no label names.
    others: int = 0
    others_flagged: int = 0
    sense: Counter[str] = field(default_factory=Counter)
    #: Of what was read as planned, how much was given and how much was right: by tier and by
    #: tenth of what the second reader makes of the sentence.
    sure: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something read: its topic, sense and tier, and the sentence around it."""

    topic: str
    polarity: str
    tier: str
    text: str
    words: str
    chance: float | None = None

    def bands(self) -> Iterator[str]:
        """The words by which its confidence is told and the tenth it lies in."""
        yield CONFIDENCE[self.tier]
        if self.chance is not None:
            tenth = min(9, int(self.chance * 10))
            yield f"第二遍 {tenth / 10:.1f}—{(tenth + 1) / 10:.1f}"


def read(text: bytes, name: str, library: Library) -> list[Flag]:
    """What our reader finds in a text."""
    paper, second = open_paper(name, text), library.second
    found = []
    for one in statements(paper, library):
        shown = paper.paragraphs[one.paragraph].block.shown
        quote = shown[one.quoted[0] : one.quoted[1]].strip()
        words, topic = shown[one.start : one.end], one.topic.replace("-", "_")
        chance = second.planned(normal(quote).text).get(topic) if second is not None else None
        found.append(Flag(topic, one.polarity, one.tier, quote, words, chance))
    return found


def by_words(text: bytes, name: str, library: Library) -> list[Flag]:
    """What a list of words finds."""
    found = []
    plain = name.endswith(".txt")
    shown = (one.block.shown for one in open_paper(name, text).paragraphs)
    for line in text.decode("utf-8").split("\n") if plain else shown:
        for sentence in line.replace("；", "。").split("。"):
            for topic, words in WORDS.items():
                if any(word in sentence for word in words):
                    found.append(Flag(topic, "planned", "explicit", sentence, ""))
    return found


def meets(flag: Flag, sentence: str) -> bool:
    """Whether something was read in a labelled sentence."""
    return _same(flag.text, sentence)


def _same(one: str, other: str) -> bool:
    """Whether half of the shorter of two texts is in both."""
    a, b = normal(one).text.strip("。;!?"), normal(other).text.strip("。;!?")
    if not a or not b:
        return False
    size = SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size
    return size * 2 >= min(len(a), len(b))


def score(folder: Path, reader: Any, library: Library, total: Score, form: str = "txt") -> None:
    """Add the texts of a round that stand there in a format to the counts."""
    for path in sorted(folder.glob(f"*.{form}")):
        labels = yaml.safe_load(path.with_suffix(".yaml").read_text("utf-8"))
        content = path.read_bytes()
        flags = reader(content, path.name, library)
        total.texts += 1
        _of_text(f"{folder.name}/{path.stem}", labels, flags, total)
        _of_others(open_paper(path.name, content), labels, flags, total)


def _of_others(paper: Paper, labels: Any, flags: Sequence[Flag], total: Score) -> None:
    """How many of the sentences of which the labels say nothing are asked about."""
    told = [one["sentence"] for one in labels.get("statements") or []]
    asked = [one for one in flags if one.polarity == "planned"]
    for paragraph in paper.paragraphs:
        for one in sentences(paragraph.text):
            text = paragraph.text[one.start : one.end]
            if not normal(text).text.strip("。;!? ") or any(_same(text, said) for said in told):
                continue
            total.others += 1
            total.others_flagged += any(_same(text, flag.text) for flag in asked)


def _of_text(name: str, labels: Any, flags: Sequence[Flag], total: Score) -> None:
    told = labels.get("statements") or []
    planned = [one for one in told if one["polarity"] == "planned"]
    for one in planned:
        hit = [f for f in flags if f.topic == one["topic"] and meets(f, one["sentence"])]
        found = any(f.polarity == "planned" for f in hit)
        total.planned += 1
        total.found += found
        total.explicit += bool(one.get("explicit"))
        total.explicit_found += bool(one.get("explicit")) and found
        if not found:
            seen = "、".join(sorted({f.polarity for f in hit})) or "没有读到"
            total.wrong.append((name, f"漏（{seen}）", one["topic"], one["sentence"]))
    for one in told:
        if one["polarity"] == "planned":
            continue
        total.unplanned += 1
        hit = [f for f in flags if f.topic == one["topic"] and meets(f, one["sentence"])]
        senses = {f.polarity for f in hit}
        right = "right" if one["polarity"] in senses else "other"
        total.sense["unread" if not hit else "planned" if senses == {"planned"} else right] += 1
    for flag in flags:
        if flag.polarity != "planned":
            continue
        total.flagged += 1
        is_right = any(flag.topic == x["topic"] and meets(flag, x["sentence"]) for x in planned)
        total.right += is_right
        for band in flag.bands():
            counts = total.sure.setdefault(band, [0, 0])
            counts[0] += is_right
            counts[1] += 1
        if not is_right:
            total.wrong.append((name, f"误（{flag.tier} {flag.words}）", flag.topic, flag.text))
    for sentence in labels.get("clean") or []:
        total.clean += 1
        total.clean_flagged += any(f.polarity == "planned" and meets(f, sentence) for f in flags)


def interval(part: int, whole: int) -> str:
    """A share with its 95 % interval (Wilson)."""
    if not whole:
        return "—"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{part}/{whole} {p:.1%}（{middle - half:.1%}—{middle + half:.1%}）"


def lines(name: str, total: Score) -> Iterator[str]:
    """The figures, a line each."""
    yield f"{name}：{total.texts} 篇"
    yield f"  打算做的，读出（存疑或更重）：{interval(total.found, total.planned)}"
    yield f"  其中说得明白的：{interval(total.explicit_found, total.explicit)}"
    yield f"  读作打算做的，确是打算做：{interval(total.right, total.flagged)}"
    yield f"  不是打算的 {total.unplanned} 句：{dict(total.sense)}"
    yield f"  不应提出的近似说法，提出了：{interval(total.clean_flagged, total.clean)}"
    yield f"  没有答案的句子，提出了：{interval(total.others_flagged, total.others)}"
    for band, (right, whole) in sorted(total.sure.items()):
        yield f"  {band}，确是打算做：{interval(right, whole)}"


def main() -> None:
    """Score the rounds that are named, or all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--format", choices=("txt", "docx", "pdf"), default="txt")
    options = parser.parse_args()
    library, faults = load_library(data.rules().joinpath("common", "reading"))
    if library is None:
        raise SystemExit(faults)
    folders = [HERE / name for name in options.rounds] or sorted(HERE.glob("round-*"))
    for name, reader in (("词表", by_words), ("kehou", read)):
        total = Score()
        for folder in folders:
            score(folder, reader, library, total, options.format)
        print("\n".join(lines(name, total)))
        if options.list and reader is read:
            for row in total.wrong:
                print("\t".join(row))


if __name__ == "__main__":
    main()
