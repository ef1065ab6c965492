"""Copies are found whatever the order of arrival, and counted in the run that brought them."""

from itertools import permutations

import pytest

from pipeline.jobs.curate import curate
from pipeline.model import Outcome
from pipeline.store import articles
from pipeline.store.database import Archive
from pipeline.store.runs import count_outcomes
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
