"""Copies are found whatever the order of arrival, and counted in the run that brought them."""

import random
from itertools import permutations
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.duplicates import Appearance, CopyLink, find_copies, group_copies
from pipeline.jobs.curate import curate
from pipeline.model import Outcome, Relevance, Verdict
from pipeline.store import articles
from pipeline.store.database import Archive
from pipeline.store.filing import replace_words
from pipeline.store.kept import drop_from_topic
from pipeline.store.runs import count_outcomes
from pipeline.store.tables import article, article_text, copy_link, trace
from tests.fakes import NOW, TEXT, days, read_article, source
from tests.store.filing import file_article, start

OUTLETS = {name: source(name) for name in "abc"}
#: Days of publication: a and b are copies, c is one of b only if a is not there.
PUBLISHED = {"a": 0.0, "b": 20.0, "c": 45.0}


def groups(archive: Archive) -> dict[str, str]:
    """Each outlet's article with the outlet of its representative."""
    with archive.reading() as connection:
        found = articles.find_articles(connection, range(9))
    by_id = {one.id: one.source.id for one in found}
    return {one.source.id: by_id[one.representative_id] for one in found}


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_the_order_of_arrival_does_not_matter(archive: Archive, order: tuple[str, ...]) -> None:
    run = start(archive, *OUTLETS.values(), at=NOW + days(60))
    for name in order:
        read = read_article(
            f"http://{name}.example/1", TEXT, published_at=NOW + days(PUBLISHED[name])
        )
        file_article(archive, run, OUTLETS[name], read, seen_at=NOW + days(60))
        curate(archive)
    assert groups(archive) == {"a": "a", "b": "a", "c": "c"}


def test_a_copy_is_counted_where_it_was_stored(archive: Archive) -> None:
    run = start(archive, *OUTLETS.values())
    for number, name in enumerate("ab"):
        read = read_article(f"http://{name}.example/1", TEXT, published_at=NOW - days(2 - number))
        file_article(archive, run, OUTLETS[name], read)
    report = curate(archive)
    assert (report.curated, report.copies) == (2, 1)
    with archive.reading() as connection:
        outcomes, _ = count_outcomes(connection, [run.id])
    assert outcomes == {Outcome.STORED: 1, Outcome.COPY: 1}
    assert curate(archive).curated == 0


# --- many texts --------------------------------------------------------------

CASES = Path(__file__).parents[1] / "cases" / "copies"
STOCK = (
    "The day has been marked on the last evening of the year for more than three decades. "
    "It goes back to an evening at the border, when families met again after many years. "
    "Since then clubs and schools in many countries come together on it every winter."
)


def press(seed: int) -> dict[str, str]:
    """Texts by address: originals with and without a stock paragraph, and copies of all kinds."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    texts = [path.read_text("utf-8").strip() for path in sorted(CASES.glob("*/*/a.txt"))]
    sentences = [one for text in texts for one in text.split(". ")]
    made = [f"{text} {STOCK}" if number % 3 else text for number, text in enumerate(texts)]
    for text in texts:
        words = text.split()
        made.append(f"As an agency reports. {text} All rights are reserved.")
        made.append(" ".join(words[: len(words) // 2]))
        made.append(" ".join(words[: len(words) // 2] + rng.choice(sentences).split() * 2))
        made.append(f"{rng.choice(sentences)}. {rng.choice(sentences)}. {STOCK}")
    return {f"http://a.example/{number}": text for number, text in enumerate(made)}


def state(archive: Archive) -> tuple[set[tuple[str, str, float]], dict[str, str]]:
    """The links and each article's representative, by address."""
    with archive.reading() as connection:
        keys = dict(connection.execute(sa.select(article.c.id, article.c.key)).all())
        links = connection.execute(sa.select(copy_link)).all()
        places = connection.execute(
            sa.select(article.c.id, article.c.representative_id).where(
                article.c.verdict != Verdict.UNRELATED
            )
        ).all()
    ends = {_ends(keys[one], keys[other], likeness) for one, other, likeness in links}
    return ends, {keys[one]: keys[first] for one, first in places}


def _ends(one: str, other: str, likeness: float) -> tuple[str, str, float]:
    return min(one, other), max(one, other), likeness


def at_once(archive: Archive) -> tuple[set[tuple[str, str, float]], dict[str, str]]:
    """What it should be, for the archive's articles all at once."""
    with archive.reading() as connection:
        rows = connection.execute(
            sa.select(article.c.id, article.c.published_at, article.c.key, article_text.c.text)
            .join(article_text, article_text.c.article_id == article.c.id)
            .where(article.c.verdict != Verdict.UNRELATED)
        ).all()
    at = [Appearance(*row[:3]) for row in rows]
    keys = {one.id: one.key for one in at}
    links: list[CopyLink] = find_copies(zip(at, (row.text for row in rows), strict=True))
    groups = group_copies(at, links)
    return (
        {_ends(keys[one.first_id], keys[one.second_id], one.similarity) for one in links},
        {one.key: group[0].key for group in groups for one in group},
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_one_by_one_comes_to_the_same_as_all_at_once(archive: Archive, seed: int) -> None:
    run = start(archive, *OUTLETS.values(), at=NOW + days(400))
    rng = random.Random(seed)  # noqa: S311 - the same each time
    arriving = list(press(5).items())
    rng.shuffle(arriving)
    numbers = []
    for place, (url, text) in enumerate(arriving):
        moment = NOW + days(hash_of(url) % 50 - 200)  # over the border of two seasons
        read = read_article(url, text, title=url, published_at=moment)
        numbers.append(file_article(archive, run, OUTLETS["a"], read, seen_at=NOW + days(400)))
        if place % 7 == 0:
            curate(archive)
    curate(archive)
    found, places = state(archive)
    assert (found, places) == at_once(archive)
    assert 5 < len(set(places.values())) < len(places) < len(found)
    lose_and_change(archive, rng, numbers)
    assert state(archive) == at_once(archive)
    assert curate(archive).curated == 0, "running again changes nothing"


def hash_of(url: str) -> int:
    return sum(url.encode()) * 7919


def lose_and_change(archive: Archive, rng: random.Random, numbers: list[int]) -> None:
    """Drop some articles from the topic and give others the words of one that there is."""
    chosen = rng.sample(sorted(set(numbers)), 12)
    with archive.writing() as connection:
        for number in chosen[:6]:
            unrelated = Relevance(verdict=Verdict.UNRELATED, score=0.0)
            assert drop_from_topic(connection, number, unrelated)
        texts = dict(press(5))
        for number in chosen[6:]:
            url, text = rng.choice(list(texts.items()))
            replace_words(connection, number, read_article(url, f"{text} {number}", title=url))
    curate(archive)
    with archive.reading() as connection:
        speaking = set(connection.scalars(sa.select(article.c.id).where(article.c.speaks)))
        assert set(connection.scalars(sa.select(trace.c.article_id))) <= speaking
