"""Understanding what came in: find each new article's place among copies.

One small transaction an article. What is not curated yet is what has no
representative, so a run that is cut off goes on where it was.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.duplicates import copy_links, group_copies
from pipeline.model import ArchivedArticle, DuplicateGroup, Outcome
from pipeline.store import articles
from pipeline.store.addresses import change_outcome
from pipeline.store.database import Archive

#: Articles asked for at a time.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CurateReport:
    """What a run of the curator did."""

    curated: int
    copies: int  # of them, those whose text another outlet had first; mentions too

    @property
    def counts(self) -> Mapping[str, int]:
        """The figures by name."""
        return {"curated": self.curated, "copies": self.copies}


def curate(
    archive: Archive, *, show: Callable[[int, int], None] = lambda _done, _all: None
) -> CurateReport:
    """Find the copies of every article that has none looked for yet.

    Args:
        archive: where they are.
        show: told how many of how many are done.

    Raises:
        StoreError: the archive cannot be written, or another run writes to it.
    """
    tally: Counter[bool] = Counter()
    with archive.only_writer():
        with archive.reading() as connection:
            waiting = articles.count_uncurated(connection)
        while numbers := _uncurated(archive):
            for number in numbers:
                with archive.writing() as connection:
                    tally[_place(connection, number)] += 1
                show(tally.total(), waiting)
    return CurateReport(curated=tally.total(), copies=tally[True])


def _uncurated(archive: Archive) -> list[int]:
    with archive.reading() as connection:
        return articles.find_uncurated(connection, most=BATCH)


def _place(connection: sa.Connection, number: int) -> bool:
    """Give an article its group; return whether it is a copy of another outlet's text."""
    [article] = articles.find_articles(connection, [number])
    links = copy_links(article, articles.copy_candidates(connection, number))
    articles.save_links(connection, links)
    members, all_links = articles.find_linked(connection, number)
    groups = group_copies(members, all_links)
    for group in groups:  # a late original may part an old group anew
        articles.save_group(connection, group)
    [own] = (group for group in groups if number in {member.id for member in group.members})
    return _note_copy(connection, article, own)


def _note_copy(connection: sa.Connection, article: ArchivedArticle, group: DuplicateGroup) -> bool:
    """Count the article as a copy, if it is one of another outlet's text."""
    is_copy = article.source.id != group.representative.source.id
    if is_copy:
        change_outcome(connection, article.id, Outcome.STORED, Outcome.COPY)
    return is_copy
