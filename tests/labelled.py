"""The labelled headlines and articles of tests/cases/topic, and how well they are judged."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from pipeline.model import Article, Moment, Verdict

CASES = Path(__file__).parent / "cases/topic"
#: The rules may be tuned on the first; the second is only counted.
HALVES = ("dev", "heldout")

_LINE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d|undated)\s+(?P<title>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article and what a person says that it is."""

    language: str  # with its script or way of typing: az, az-Cyrl, az-Arab, az-ascii, ru …
    verdict: Verdict
    article: Article


def titles(half: str) -> Iterator[Labelled]:
    """Yield the headlines of ``half``, each an article without a text."""
    by_language = yaml.safe_load((CASES / f"titles_{half}.yaml").read_text())
    for language, by_verdict in by_language.items():
        for verdict, lines in by_verdict.items():
            for line in lines.splitlines():
                found = _LINE.fullmatch(line)
                assert found, line
                day = None if found["day"] == "undated" else date.fromisoformat(found["day"])
                title = found["title"].replace("¶", "\n")
                yield _labelled(language, verdict, day, title=title)


def texts(half: str) -> Iterator[Labelled]:
    """Yield the articles of ``half``."""
    by_language = yaml.safe_load((CASES / f"texts_{half}.yaml").read_text())
    for language, cases in by_language.items():
        for case in cases:
            verdict, day = next(iter(case.items()))
            yield _labelled(language, verdict, day, title=case["title"], text=case["text"])


def _labelled(
    language: str, verdict: str, day: date | None, *, title: str, text: str = ""
) -> Labelled:
    at = None if day is None else Moment(at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    article = Article(url="https://example.org/", title=title, text=text, published=at)
    return Labelled(language=language, verdict=Verdict(verdict), article=article)


@dataclass(frozen=True, slots=True)
class Score:
    """How many of one kind were found, missed, and wrongly found."""

    found: int
    missed: int
    wrong: int

    @property
    def precision(self) -> float:
        """The share of the found that are right; 1.0 if none was found."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of the right that were found; 1.0 if there are none."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0


def score(
    cases: Iterable[Labelled], judged: Callable[[Article], Verdict], kinds: frozenset[Verdict]
) -> Score:
    """Count over ``cases`` how well ``judged`` tells ``kinds`` from the rest."""
    tally = Counter((case.verdict in kinds, judged(case.article) in kinds) for case in cases)
    return Score(tally[True, True], tally[True, False], tally[False, True])


#: What is measured: what is about the day, and what names it at all.
ABOUT = frozenset({Verdict.ABOUT})
NAMES_IT = frozenset({Verdict.ABOUT, Verdict.MENTION})
