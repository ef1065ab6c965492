"""What is known of copies: who speaks, which traces they have, who is linked to whom.

Only what the search for copies asks and keeps; `jobs.curate` decides. Rows are found by
their keys alone, and those are computed from the text, so nothing here takes longer in
a large archive. Statements are made once for each kind of database: to make one takes
longer than to run it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pipeline.duplicates import (
    COPY_SPAN,
    FEWEST_SHARED,
    MOST_COUNTED,
    Appearance,
    CopyLink,
    Shingled,
    bands,
    fewest_bands,
    is_stock,
    link,
    seasons_of,
    shingle,
    step_of,
)
from pipeline.store.bulk import as_list, insert_numbers, listed
from pipeline.store.tables import article, article_text, band, copy_link, trace

_appearance = (article.c.id, article.c.published_at, article.c.key)

Query = sa.Select[*tuple[Any, ...]]


def _among(dialect: str, column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    return column.in_(sa.select(listed(dialect, name)))


@dataclass(frozen=True, slots=True)
class CopyText:
    """An article as far as the search for copies goes."""

    at: Appearance
    speaks: bool | None  # None: not placed yet
    text: Shingled

    @property
    def id(self) -> int:
        """Its number."""
        return self.at.id


def find_texts(connection: sa.Connection, numbers: Iterable[int]) -> list[CopyText]:
    """Return the articles with these numbers, by rank."""
    query = _texts_query(connection.dialect.name)
    found = [
        CopyText(Appearance(number, at, key), speaks, shingle(text))
        for number, at, key, speaks, text in connection.execute(query, {"ids": as_list(numbers)})
    ]
    return sorted(found, key=lambda one: one.at.rank)


@cache
def _texts_query(dialect: str) -> Query:
    texts = sa.select(*_appearance, article.c.speaks, article_text.c.text)
    joined = texts.join(article_text, article_text.c.article_id == article.c.id)
    return joined.where(_among(dialect, article.c.id, "ids"))


# --- twins -----------------------------------------------------------------


def save_bands(connection: sa.Connection, found: Iterable[tuple[int, Collection[int]]]) -> None:
    """File the bands of new texts, given with the numbers of their articles."""
    # In the order of the keys: a tree takes them faster so.
    rows = sorted((key, number) for number, keys in found for key in set(keys))
    insert_numbers(connection, band, rows)


def drop_bands(connection: sa.Connection, number: int) -> None:
    """Forget the bands of an article; to be called while its words are still the old ones."""
    [one] = find_texts(connection, [number])
    own = _among(connection.dialect.name, band.c.key, "keys")
    here = sa.delete(band).where(own, band.c.article_id == number)
    connection.execute(here, {"keys": as_list(bands(one.text))})


def find_like(
    connection: sa.Connection, one: CopyText, keys: Sequence[int], *, speaking: bool
) -> list[CopyText]:
    """Return the placed articles with some of the bands of this one, within the span of copies."""
    moment = one.at.published_at
    wanted = {
        "keys": as_list(keys),
        "since": moment - COPY_SPAN,
        "until": moment + COPY_SPAN,
        "speaking": speaking,
        "least": fewest_bands(keys),
    }
    numbers = connection.scalars(_like_query(connection.dialect.name), wanted)
    return find_texts(connection, [number for number in numbers if number != one.id])


@cache
def _like_query(dialect: str) -> Query:
    since: sa.BindParameter[datetime] = sa.bindparam("since")
    until: sa.BindParameter[datetime] = sa.bindparam("until")
    return (
        sa.select(article.c.id)
        .join(band, band.c.article_id == article.c.id)
        .where(
            _among(dialect, band.c.key, "keys"),
            article.c.published_at.between(since, until),
            article.c.speaks == sa.bindparam("speaking"),
        )
        .group_by(article.c.id)
        .having(sa.func.count() >= sa.bindparam("least", type_=sa.Integer))
    )


# --- traces ----------------------------------------------------------------


def let_speak(connection: sa.Connection, one: CopyText, *, speaks: bool) -> set[int]:
    """Let an article speak or no longer; return the others whose links that may change.

    When counts go up those are among the compared; when they go down, a trace that was
    stock may bring together any that have it.
    """
    here = sa.update(article).where(article.c.id == one.id)
    connection.execute(here.values(speaks=speaks))
    if speaks is bool(one.speaks):
        return set()
    keys = sorted(set(one.text.traces))
    stirred: set[int] = set()
    for season in seasons_of(one.at.published_at):
        _post(connection, one.id, keys, season, speaks=speaks)
        counts = count_traces(connection, keys, season)
        step = 1 if speaks else -1
        passed = [key for key in keys if step_of(counts[key]) != step_of(counts[key] - step)]
        stirred.update(_posters(connection, passed, season))
    return _compared(connection, stirred - {one.id}) if speaks else stirred


def _post(
    connection: sa.Connection, number: int, keys: Collection[int], season: int, *, speaks: bool
) -> None:
    if speaks:
        insert_numbers(connection, trace, [(key, season, number) for key in keys])
        return
    here = sa.and_(trace.c.season == season, trace.c.article_id == number)
    own = _among(connection.dialect.name, trace.c.key, "keys")
    connection.execute(sa.delete(trace).where(own, here), {"keys": as_list(keys)})


def count_traces(connection: sa.Connection, keys: Iterable[int], season: int) -> dict[int, int]:
    """Return how many articles of a season that speak have each trace, up to `MOST_COUNTED`."""
    query = _count_query(connection.dialect.name)
    rows = connection.execute(query, {"keys": as_list(keys), "season": season})
    return dict(rows.all())


@cache
def _count_query(dialect: str) -> Query:
    key = listed(dialect, "keys")
    season = trace.c.season == sa.bindparam("season")
    having = sa.select(sa.literal(1)).where(trace.c.key == key, season)
    some = having.correlate_except(trace).limit(MOST_COUNTED).subquery()
    return sa.select(key, sa.select(sa.func.count()).select_from(some).scalar_subquery())


def _posters(connection: sa.Connection, keys: Iterable[int], season: int) -> Iterable[int]:
    """Return who has these traces, once for each of them."""
    query = _posters_query(connection.dialect.name)
    return connection.scalars(query, {"keys": as_list(keys), "season": season})


def _compared(connection: sa.Connection, numbers: Collection[int]) -> set[int]:
    """Return those of the articles that have been compared with any."""
    if not numbers:
        return set()
    query = _compared_query(connection.dialect.name)
    return set(connection.scalars(query, {"ids": as_list(numbers)}))


@cache
def _compared_query(dialect: str) -> Query:
    return sa.select(article.c.id).where(_among(dialect, article.c.id, "ids"), article.c.compared)


def note_compared(connection: sa.Connection, numbers: Collection[int]) -> None:
    """Note that articles have been compared with each other."""
    connection.execute(_note_compared(connection.dialect.name), {"ids": as_list(numbers)})


@cache
def _note_compared(dialect: str) -> sa.Update:
    here = sa.update(article).where(_among(dialect, article.c.id, "ids"), ~article.c.compared)
    return here.values(compared=True)


@cache
def _posters_query(dialect: str) -> Query:
    here = sa.and_(_among(dialect, trace.c.key, "keys"), trace.c.season == sa.bindparam("season"))
    return sa.select(trace.c.article_id).where(here)


def find_sharing(
    connection: sa.Connection, one: CopyText, counts: Mapping[int, int], season: int
) -> list[CopyText]:
    """Return who shares traces enough with an article to be compared, within the span.

    ``counts`` are those of its traces in the season.
    """
    telling = [key for key in set(one.text.traces) if not is_stock(counts[key])]
    shared = Counter(_posters(connection, telling, season))
    enough = [number for number, times in shared.items() if times >= FEWEST_SHARED]
    others = find_texts(connection, (number for number in enough if number != one.id))
    return [other for other in others if other.at.is_near(one.at)]


# --- links and groups ------------------------------------------------------


def _links_of_one() -> sa.Subquery:
    """Return the other ends of the links of the article ``number``, with their similarity."""
    number = sa.bindparam("number", type_=sa.Integer)
    later = sa.select(copy_link.c.other_id.label("end"), copy_link.c.similarity)
    earlier = sa.select(copy_link.c.article_id, copy_link.c.similarity)
    return sa.union_all(
        later.where(copy_link.c.article_id == number), earlier.where(copy_link.c.other_id == number)
    ).subquery()


_links = _links_of_one()
_ends = (
    sa.select(_links.c.end, _links.c.similarity)
    .join(article, article.c.id == _links.c.end)
    .where(article.c.speaks == sa.bindparam("speaking", type_=sa.Boolean))
)


def replace_links(
    connection: sa.Connection, number: int, wanted: Mapping[int, float], *, speaking: bool
) -> set[int]:
    """Link an article to these of one kind, and to no others of that; return whose links differ.

    Args:
        connection: to the archive.
        number: the article.
        wanted: the numbers of the others, with the similarity.
        speaking: whether those are the ones that speak.
    """
    ends = connection.execute(_ends, {"number": number, "speaking": speaking})
    had: dict[int, float] = dict(ends.all())
    gone = [other for other in had if wanted.get(other) != had[other]]
    new = [other for other in wanted if wanted[other] != had.get(other)]
    _drop_links(connection, number, gone)
    links = [link(number, other, wanted[other]) for other in sorted(new)]
    rows = [
        {"article_id": one.first_id, "other_id": one.second_id, "similarity": one.similarity}
        for one in links
    ]
    if rows:
        connection.execute(sa.insert(copy_link), rows)
    return {number, *gone, *new} if gone or new else set()


def _drop_links(connection: sa.Connection, number: int, others: Iterable[int]) -> None:
    pairs = [(min(number, other), max(number, other)) for other in others]
    if pairs:
        here = sa.tuple_(copy_link.c.article_id, copy_link.c.other_id).in_(pairs)
        connection.execute(sa.delete(copy_link).where(here))


def find_linked(connection: sa.Connection, number: int) -> tuple[list[Appearance], list[CopyLink]]:
    """Return the articles that hang together with ``number``, itself too, and their links."""
    query = _wave_query(connection.dialect.name)
    members, edge = {number}, {number}
    links: set[CopyLink] = set()
    while edge:
        found = {CopyLink(*row) for row in connection.execute(query, {"ids": as_list(edge)})}
        links |= found
        edge = {end for one in found for end in (one.first_id, one.second_id)} - members
        members |= edge
    rows = connection.execute(
        _appearances_query(connection.dialect.name), {"ids": as_list(members)}
    )
    return [Appearance(*row) for row in rows], sorted(links)


@cache
def _wave_query(dialect: str) -> sa.CompoundSelect[*tuple[Any, ...]]:
    ends = (copy_link.c.article_id, copy_link.c.other_id)
    return sa.union_all(*(sa.select(copy_link).where(_among(dialect, end, "ids")) for end in ends))


@cache
def _appearances_query(dialect: str) -> Query:
    return sa.select(*_appearance).where(_among(dialect, article.c.id, "ids"))


def save_group(connection: sa.Connection, group: Sequence[Appearance], *, placed: int) -> None:
    """Give the copies of a text their representative, the first of them.

    But for the article that is being placed, those without one are left so: they wait for
    their own turn.
    """
    first = group[0].id
    values = {"ids": as_list(one.id for one in group), "first": first, "placed": placed}
    connection.execute(_save_group(connection.dialect.name), values)


@cache
def _save_group(dialect: str) -> sa.Update:
    first = sa.bindparam("first", type_=sa.Integer)
    placed = article.c.id == sa.bindparam("placed", type_=sa.Integer)
    other = sa.or_(article.c.representative_id != first, placed)
    here = sa.update(article).where(_among(dialect, article.c.id, "ids"), other)
    return here.values(representative_id=first)


def is_of_another(connection: sa.Connection, number: int) -> bool:
    """Tell whether the representative of an article stands at another outlet."""
    return bool(connection.scalar(_of_another, {"number": number}))


_first = article.alias()
_of_another = (
    sa.select(article.c.source_id != _first.c.source_id)
    .join(_first, _first.c.id == article.c.representative_id)
    .where(article.c.id == sa.bindparam("number", type_=sa.Integer))
)


def leave_copies(connection: sa.Connection, number: int) -> None:
    """Part an article from its copies; what that may change is looked at anew.

    To be called while its words and its moment are still the old ones.
    """
    [one] = find_texts(connection, [number])
    stirred = {number, *connection.scalars(sa.select(_links.c.end), {"number": number})}
    if one.speaks:
        stirred |= let_speak(connection, one, speaks=False)
    group = sa.select(article.c.representative_id).where(article.c.id == number)
    own = article.c.representative_id == group.scalar_subquery()
    with_it = sa.or_(own, article.c.id.in_(stirred))
    connection.execute(sa.update(article).where(with_it).values(representative_id=None))
    here = sa.update(article).where(article.c.id == number)
    connection.execute(here.values(speaks=None))
    ends = sa.or_(copy_link.c.article_id == number, copy_link.c.other_id == number)
    connection.execute(sa.delete(copy_link).where(ends))
