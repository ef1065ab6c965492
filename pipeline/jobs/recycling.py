"""What an article or a week says that was printed before: how much, where first, how often."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import ArchivedArticle, DuplicateGroup, Passage, Story
from pipeline.passages import KeyedPassage, find_passages, passage_prints
from pipeline.store import articles
from pipeline.store.passages import SeenPassage, seen_before

#: Distinct texts of a week that are looked up in the archive. Of a larger week they are
#: taken at even distances: the share of all lies within five points of theirs, and
#: a passage that a hundredth of the week prints is hardly missed.
LOOKED_UP = 300
#: Texts of a story that is told in full: they are looked up in any case.
_OF_A_STORY = 5
#: Passages shown: those that came back most often.
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Recycled:
    """The passages of one article that others printed before it."""

    share: float  # 0–1 of its words
    passages: tuple[Passage, ...]  # in the order of the text


def find_recycled(connection: sa.Connection, article: ArchivedArticle) -> Recycled:
    """Return what articles published before this one print of it, its copies aside."""
    own = find_passages(article.article.text)
    seen = seen_before(
        connection,
        passage_prints(own),
        article.published_at,
        groups=[article.representative_id],
    )
    again = [passage for passage in own if passage.key in seen]
    firsts = _first_articles(connection, seen)
    return Recycled(
        share=_share(article, own, seen),
        passages=tuple(
            _as_shown(seen[one.key], one.text, firsts[seen[one.key].first_id]) for one in again
        ),
    )


# --- of a week ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRecycled:
    """What the texts of a week repeat of earlier weeks."""

    stories: tuple[Story, ...]  # those given, their texts with `share_seen_before`
    sample: frozenset[int]  # articles that stand for the texts of the week
    seen: Mapping[int, SeenPassage]  # by its key
    shown: tuple[Passage, ...]  # the most often printed first
    count: int  # all that came back


def find_week_recycled(
    connection: sa.Connection,
    stories: Sequence[Story],
    start: datetime,
    *,
    told: int,
    most: int = LOOKED_UP,
) -> WeekRecycled:
    """Return what was printed before ``start``, by others than copies of these texts.

    Args:
        connection: to the archive.
        stories: of the week, the most covered first.
        start: of the week.
        told: how many of the stories are told in full.
        most: distinct texts that stand for all.
    """
    every = [group.representative for story in stories for group in story.groups]
    sample = every[:: max(1, -(-len(every) // most))]
    main = [g.representative for story in stories[:told] for g in story.groups[:_OF_A_STORY]]
    texts = {one.id: one for one in (*sample, *main)}
    passages = {number: find_passages(one.article.text) for number, one in texts.items()}
    seen = seen_before(
        connection,
        passage_prints([one for found in passages.values() for one in found]),
        start,
        groups={one.representative_id for one in texts.values()},
    )
    again = _came_back(seen.values())
    shares = {number: _share(texts[number], found, seen) for number, found in passages.items()}
    return WeekRecycled(
        stories=tuple(_with_shares(story, shares) for story in stories),
        sample=frozenset(one.id for one in sample),
        seen=seen,
        shown=_shown(connection, again),
        count=len(again),
    )


def _share(
    article: ArchivedArticle, passages: Iterable[KeyedPassage], seen: Mapping[int, SeenPassage]
) -> float:
    """Return which share of the words was printed before."""
    again = sum(passage.words for passage in passages if passage.key in seen)
    return min(1.0, again / max(1, article.words))


def _with_shares(story: Story, shares: Mapping[int, float]) -> Story:
    return Story(groups=tuple(_with_share(group, shares) for group in story.groups))


def _with_share(group: DuplicateGroup, shares: Mapping[int, float]) -> DuplicateGroup:
    first = group.representative
    if first.id not in shares:
        return group
    first = replace(first, share_seen_before=shares[first.id])
    return DuplicateGroup(representative=first, members=(first, *group.members[1:]))


def _shown(connection: sa.Connection, again: Sequence[SeenPassage]) -> tuple[Passage, ...]:
    """Return those seen most often, each in the words of the article that printed it first.

    They are its words that the reader sees beside its name, not those of this week.
    """
    firsts = _first_articles(connection, {one.key: one for one in again[:_SHOWN]})
    return tuple(
        _as_shown(one, _wording(one, firsts[one.first_id]), firsts[one.first_id])
        for one in again[:_SHOWN]
    )


def _wording(one: SeenPassage, article: ArchivedArticle) -> str:
    """Return the sentence of the article that the passage repeats; empty if it has changed."""
    own = find_passages(article.article.text)
    return next((passage.text for passage in own if passage.key in one.wordings), "")


def _came_back(seen: Iterable[SeenPassage]) -> list[SeenPassage]:
    """Return the passages by how often they were printed, two wordings of one but once."""
    found, covered = [], set[int]()
    for one in sorted(seen, key=lambda one: (-one.times, one.key)):
        if covered.isdisjoint(one.wordings):
            found.append(one)
        covered.update(one.wordings)
    return found


# --- shared ---------------------------------------------------------------


def _first_articles(
    connection: sa.Connection, seen: Mapping[int, SeenPassage]
) -> dict[int, ArchivedArticle]:
    """Return by their numbers the articles that printed these passages first."""
    numbers = {one.first_id for one in seen.values()}
    return {one.id: one for one in articles.find_articles(connection, numbers)}


def _as_shown(one: SeenPassage, text: str, first: ArchivedArticle) -> Passage:
    """Return a passage with its history, in the wording ``text``; ``first`` printed it first."""
    return Passage(
        text=text,
        language=first.article.language,
        times=one.times,
        first_at=first.published_at,
        first_source=first.source.name,
        first_publisher=first.source.publisher,
        first_url=first.article.url,
        years=one.years,
        is_quotation=one.is_quotation,
    )
