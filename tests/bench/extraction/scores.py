"""Gold and predictions → the figures of one row of the table.

What is right is told by the material's own `score.py`, loaded from where it lies.
"""

import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.bench.material import load_script

#: Lorem ipsum, which the gold calls Latin: it is in no language.
FILLER = "la"
_GOLD = ("id", "dataset", "text", "with", "without", "date", "title", "lang")

Line = dict[str, Any]
Counts = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A measure from 0 to 1 with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What one extractor reached; a measure that it does not tell is missing."""

    text: dict[str, Share]  # "f1", "precision", "recall"
    f1: dict[str, float]  # by dataset
    segments: float | None
    right: dict[tuple[str, str], float]  # ("date", "title" or "lang", dataset) → share
    ms: tuple[float, float]  # CPU of a page: median, 95th percentile
    peak_mb: float
    empty: int  # pages whose gold has a text, and for which it has none
    failed: int  # pages on which it raised


class Scorer:
    """The gold of some pages, against which predictions are scored."""

    def __init__(self, golds: Iterable[Path], ids: set[str], score: Path) -> None:
        self._pages = [page for gold in golds for page in _pages(gold) if page["id"] in ids]
        self._score = load_script(score)

    def score(self, lines: list[Line]) -> Scores:
        """Return the figures of an extractor that wrote ``lines``."""
        said = {line["id"]: line for line in lines}
        counts = [
            (page["dataset"], self._score.overlap(page["text"], said[page["id"]].get("text")))
            for page in self._pages
            if page["text"]
        ]
        return Scores(
            text=self._text([count for _, count in counts]),
            f1={
                name: self._score.summary([count for of, count in counts if of == name])["f1"]
                for name in dict.fromkeys(of for of, _ in counts)
            },
            segments=self._segments(said),
            right=self._right(said),
            ms=_middle_and_tail([line["ms"] for line in lines]),
            peak_mb=lines[-1]["peak_mb"],
            empty=sum(not found + wrong for _, (found, wrong, _) in counts),
            failed=sum("error" in line for line in lines),
        )

    def _text(self, counts: list[Counts]) -> dict[str, Share]:
        if not counts:
            return {}
        return {name: self._share(counts, name) for name in ("f1", "precision", "recall")}

    def _share(self, counts: list[Counts], name: str) -> Share:
        def value(drawn: list[Counts]) -> float:
            return float(self._score.summary(drawn)[name])

        low, high = self._score.interval(counts, value)
        return Share(value=value(counts), low=low, high=high)

    def _segments(self, said: dict[str, Line]) -> float | None:
        """Return F1 over the snippets of pages whose gold has nothing but snippets."""
        pages = [page for page in self._pages if page["with"] and not page["text"]]
        result = self._score.evaluate(pages, said).get("segments")
        return float(result["f1"]) if result else None

    def _right(self, said: dict[str, Line]) -> dict[tuple[str, str], float]:
        """Return the shares of days, titles and languages that are right, by dataset."""
        marks: dict[tuple[str, str], list[bool]] = {}
        for field, is_right in self._tests().items():
            if not any(line.get(field) for line in said.values()):
                continue
            for page in self._pages:
                if page[field]:
                    right = is_right(page[field], said[page["id"]].get(field) or "")
                    marks.setdefault((field, page["dataset"]), []).append(right)
                    marks.setdefault((field, "all"), []).append(right)
        return {key: sum(right) / len(right) for key, right in marks.items()}

    def _tests(self) -> dict[str, Callable[[str, str], bool]]:
        return {
            "date": lambda gold, said: gold[:10] == said[:10],
            "title": self._score.same_title,
            "lang": lambda gold, said: gold == said[:2].lower(),
        }


def read_lines(path: Path) -> list[Line]:
    """Return the predictions that a process has written."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _pages(gold: Path) -> Iterable[Line]:
    """Yield the gold without the pages themselves."""
    with gzip.open(gold, "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            page = {name: line.get(name) for name in _GOLD}
            if not page["text"] or page["lang"] == FILLER:
                page["lang"] = None  # of a page without gold text it was guessed
            yield page


def _middle_and_tail(spent: list[float]) -> tuple[float, float]:
    if len(spent) == 1:
        return spent[0], spent[0]
    return median(spent), quantiles(spent, n=20, method="inclusive")[-1]
