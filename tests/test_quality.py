"""Floors of what is read from pages, over all of tests/cases/pages.

A floor is the share reached; raising one is a commit, lowering one needs a reason in the
changelog. The score of texts is that of scrapinghub's article-extraction-benchmark: shingles
of four words as multisets, precision averaged over the pages that gave a text, recall over
those that have one, and F1 of these two averages.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.articles import extract_article
from pipeline.model import Alternate, Article, Image, Moment, Page, Rejection

CASES = Path(__file__).parent / "cases" / "pages"
FETCHED_AT = datetime(2026, 1, 10, 12, tzinfo=UTC)
SHINGLE_WORDS = 4
#: Pages that a broken floor names.
WORST = 8

#: Share of pages with exactly the expected value, but for the text: its F1. "paragraphs" asks
#: for the very same text.
FLOORS = {
    "text": 0.97,
    "paragraphs": 0.75,
    "title": 1.0,
    "published": 1.0,
    "modified": 1.0,
    "byline": 1.0,
    "language": 1.0,
    "site_name": 1.0,
    "canonical_url": 1.0,
    "image": 0.96,
    "alternates": 1.0,
    "is_paywalled": 1.0,
    "rejection": 1.0,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One page, what it should give and what it gave."""

    name: str
    expected: dict[str, Any]
    found: Article | Rejection

    @property
    def text(self) -> str:
        """The text that was read; empty if the page was rejected."""
        return self.found.text if isinstance(self.found, Article) else ""


@cache
def read_cases() -> tuple[Case, ...]:
    return tuple(map(read_case, sorted(CASES.iterdir())))


def read_case(folder: Path) -> Case:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    page = Page(
        url=expected["url"],
        final_url=expected["url"],
        status=200,
        headers={"content-type": expected.get("content_type", "")},
        body=(folder / "page.html").read_bytes(),
        fetched_at=FETCHED_AT,
    )
    zone = ZoneInfo(expected["zone"]) if "zone" in expected else None
    languages = tuple(expected.get("languages", ()))
    return Case(folder.name, expected, extract_article(page, zone=zone, languages=languages))


# --- the text --------------------------------------------------------------


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    count = max(1, len(words) - SHINGLE_WORDS + 1) if words else 0
    return Counter(tuple(words[i : i + SHINGLE_WORDS]) for i in range(count))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shingles of one page: wanted, given, and both."""

    wanted: int
    given: int
    both: int

    @property
    def f1(self) -> float:
        return 2 * self.both / (self.wanted + self.given)


def overlap(expected: str, found: str) -> Overlap:
    wanted, given = shingles(expected), shingles(found)
    return Overlap(wanted.total(), given.total(), (wanted & given).total())


def score_texts(texts: dict[str, tuple[str, str]]) -> tuple[float, dict[str, float]]:
    """Return F1 over all pages, and that of each, from (expected, found) by name."""
    pages = {name: overlap(*both) for name, both in texts.items()}
    precision = fmean(page.both / page.given for page in pages.values() if page.given)
    recall = fmean(page.both / page.wanted for page in pages.values() if page.wanted)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f1, {name: page.f1 for name, page in pages.items()}


# --- everything else -------------------------------------------------------


def told_moment(expected: str | None, moment: Moment | None, precision: str | None = None) -> bool:
    if moment is None or expected is None:
        return moment is None and expected is None
    if precision is not None and moment.precision.value != precision:
        return False
    return moment.at == datetime.fromisoformat(expected)


def told_image(expected: dict[str, str] | None, image: Image | None) -> bool:
    return (image and {"url": image.url, "alt": image.alt}) == expected


def told_alternates(expected: list[dict[str, str]], alternates: tuple[Alternate, ...]) -> bool:
    found = [{"language": a.language, "url": a.url} for a in alternates]
    return found == expected


#: How the value of a floor is compared; where it stands in expected.json is its name.
#: A page whose expected.json does not tell it is not asked for it.
COMPARISONS: dict[str, Callable[[dict[str, Any], Article], bool]] = {
    "paragraphs": lambda expected, found: found.text.split("\n\n") == expected["text"],
    "title": lambda expected, found: found.title == expected["title"],
    "published": lambda expected, found: told_moment(
        expected["published"], found.published, expected.get("precision")
    ),
    "modified": lambda expected, found: told_moment(expected["modified"], found.modified),
    "byline": lambda expected, found: found.byline == expected["byline"],
    "language": lambda expected, found: found.language == expected["language"],
    "site_name": lambda expected, found: found.site_name == expected["site_name"],
    "canonical_url": lambda expected, found: found.canonical_url == expected["canonical_url"],
    "image": lambda expected, found: told_image(expected["image"], found.image),
    "alternates": lambda expected, found: told_alternates(expected["alternates"], found.alternates),
    "is_paywalled": lambda expected, found: found.is_paywalled == expected["is_paywalled"],
}


def is_right(case: Case, name: str) -> bool:
    found = case.found
    if isinstance(found, Rejection):
        return found.reason.name == case.expected.get("rejection")
    return name in COMPARISONS and COMPARISONS[name](case.expected, found)


def score(name: str) -> tuple[float, dict[str, float]]:
    """Return what is reached of the floor ``name``, over all pages and on each."""
    key = "text" if name == "paragraphs" else name
    asked = [case for case in read_cases() if key in case.expected]
    if name == "text":
        return score_texts({c.name: ("\n\n".join(c.expected["text"]), c.text) for c in asked})
    each = {case.name: float(is_right(case, name)) for case in asked}
    return fmean(each.values()), each


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_read_stays_above_its_floor(name: str) -> None:
    reached, each = score(name)
    worst = sorted((share, page) for page, share in each.items() if share < 1)[:WORST]
    listed = ", ".join(f"{page} {share:.3f}" for share, page in worst)
    assert reached >= FLOORS[name], f"{name}: {reached:.3f} < {FLOORS[name]}; worst: {listed}"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"a": ("one two three four five", "one two three four five")}, 1.0),
        ({"a": ("one two three four five", "one two three four six")}, 0.5),
        # Without a text there is no precision: it is that of the other page.
        ({"a": ("one two three four", "one two three four"), "b": ("five six", "")}, 2 / 3),
        # A shingle said twice is to be found twice.
        ({"a": ("a b c d a b c d", "a b c d")}, 1 / 3),
        ({"a": ("one two", "three four")}, 0.0),
    ],
)
def test_f1_is_that_of_the_benchmark(texts: dict[str, tuple[str, str]], expected: float) -> None:
    assert score_texts(texts)[0] == pytest.approx(expected)


def test_the_floors_are_asked_of_enough_pages() -> None:
    languages = {case.expected["language"] for case in read_cases() if "text" in case.expected}
    assert len(languages) >= 8
    assert {name for name in FLOORS if len(score(name)[1]) < 10} == set()
