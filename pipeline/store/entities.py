"""Whom and what articles name, as rows and back."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from pipeline.model import EntityMention
from pipeline.store.tables import entity_mention

Mentions = tuple[EntityMention, ...]


def save_entities(connection: sa.Connection, found: Iterable[tuple[int, Mentions]]) -> None:
    """File the entities of new articles, given with their numbers."""
    rows = [
        {
            "article_id": number,
            "entity_id": one.entity_id,
            "count": one.count,
            "form": one.form,
            "in_title": one.in_title,
        }
        for number, mentions in found
        for one in mentions
    ]
    if rows:
        connection.execute(sa.insert(entity_mention), rows)


def replace_entities(connection: sa.Connection, number: int, found: Mentions) -> None:
    """Let an article name these, and no others."""
    connection.execute(sa.delete(entity_mention).where(entity_mention.c.article_id == number))
    save_entities(connection, [(number, found)])


def find_entities(connection: sa.Connection, chosen: sa.Select[int]) -> dict[int, Mentions]:
    """Return by article what those with the ``chosen`` numbers name.

    Those of the title come first, then those that are named most.
    """
    rows = connection.execute(
        sa.select(entity_mention)
        .where(entity_mention.c.article_id.in_(chosen))
        .order_by(
            entity_mention.c.in_title.desc(),
            entity_mention.c.count.desc(),
            entity_mention.c.entity_id,
        )
    )
    found: defaultdict[int, Mentions] = defaultdict(tuple)
    for number, *facts in rows:
        entity_id, count, form, in_title = facts
        one = EntityMention(entity_id=entity_id, count=count, form=form, in_title=in_title)
        found[number] = (*found[number], one)
    return dict(found)


def entities_of(connection: sa.Connection, number: int) -> Mentions:
    """Return whom and what an article names, in that order."""
    chosen = sa.select(sa.literal(number))
    return find_entities(connection, chosen).get(number, ())
