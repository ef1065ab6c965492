"""What an article says that was printed before it: how much, where first, how often."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.model import ArchivedArticle, Passage
from pipeline.passages import find_passages, passage_prints
from pipeline.store import articles
from pipeline.store.passages import SeenPassage, seen_before


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
    firsts = first_articles(connection, seen)
    return Recycled(
        share=min(1.0, sum(passage.words for passage in again) / max(1, article.words)),
        passages=tuple(
            as_shown(seen[one.key], one.text, firsts[seen[one.key].first_id]) for one in again
        ),
    )


def first_articles(
    connection: sa.Connection, seen: Mapping[int, SeenPassage]
) -> dict[int, ArchivedArticle]:
    """Return by their numbers the articles that printed these passages first."""
    numbers = {one.first_id for one in seen.values()}
    return {one.id: one for one in articles.find_articles(connection, numbers)}


def as_shown(one: SeenPassage, text: str, first: ArchivedArticle) -> Passage:
    """Return a passage with its history, in the wording ``text``; ``first`` printed it first."""
    return Passage(
        text=text,
        language=first.article.language,
        times=one.times,
        first_at=first.published_at,
        first_source=first.source.name,
        first_url=first.article.url,
        years=one.years,
        is_quotation=one.is_quotation,
    )
