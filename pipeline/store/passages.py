"""Passages: what articles print, and where and how often that was printed before.

`passage` has one row for each wording, `printing` one for each article that has it.
What is asked of a new article costs the same however many articles there are: an equal
wording is one row, other wordings are looked for among the oldest few of each band, and
years are counted as articles come in. All of it depends on the set of articles alone:
an older one that arrives late takes the first place.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from pipeline.model import PassagePrint
from pipeline.passages import find_passages, is_same, passage_prints
from pipeline.store.bulk import insert_numbers, insert_or_update
from pipeline.store.tables import (
    article,
    article_text,
    passage,
    passage_band,
    passage_year,
    printing,
)

#: Wordings of a band that are looked at, the oldest first. A sentence that everybody
#: prints is edited in hundreds of ways, and the oldest of them tell where it comes from.
MOST_WORDINGS = 8
#: Texts, copies aside, that have a sentence as somebody's speech, for it to be a quotation.
QUOTED_BY = 3
#: Lookups in one statement: SQLite takes 500.
_LOOKUPS = 100
#: Passages looked up together: with their bands and wordings they are fewer than the
#: 32,000 values that a statement may have.
_TOGETHER = 200

_group = sa.func.coalesce(article.c.representative_id, article.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPassage:
    """A passage that was printed before."""

    key: int
    wordings: tuple[int, ...]  # keys of its earlier wordings, its own too if it has one
    years: Mapping[int, int]  # calendar year, UTC → articles that printed it, copies included
    first_id: int  # the article that printed it first
    is_quotation: bool  # several texts have it as somebody's speech

    @property
    def times(self) -> int:
        """How often it was printed before."""
        return sum(self.years.values())


# --- filing ----------------------------------------------------------------


def save_passages(
    connection: sa.Connection, prints: Sequence[tuple[int, Sequence[PassagePrint]]]
) -> None:
    """File the passages of articles, given with their numbers."""
    published = _published(connection, [number for number, _ in prints])
    printed = [(one, published[number], number) for number, ones in prints for one in ones]
    if not printed:
        return
    _save_wordings(connection, printed)
    # In the order of the keys: a tree takes them faster so.
    rows = [(one.key, at, number, one.words, one.is_quoted) for one, at, number in printed]
    insert_numbers(connection, printing, sorted(rows))
    _count(connection, Counter((one.key, _year(at)) for one, at, _ in printed))


def _published(connection: sa.Connection, numbers: Collection[int]) -> dict[int, int]:
    """Return when articles were published, in seconds since 1970."""
    query = sa.select(article.c.id, article.c.published_at).where(article.c.id.in_(numbers))
    return {number: int(at.timestamp()) for number, at in connection.execute(query)}


def _year(seconds: int) -> int:
    return datetime.fromtimestamp(seconds, UTC).year


def _save_wordings(
    connection: sa.Connection, printed: Iterable[tuple[PassagePrint, int, int]]
) -> None:
    firsts: dict[int, tuple[int, PassagePrint]] = {}
    for one, at, _ in printed:
        before = firsts.get(one.key)
        if before is None or at < before[0]:
            firsts[one.key] = at, one
    query = sa.select(passage.c.key, passage.c.since).where(passage.c.key.in_(firsts))
    known: dict[int, int] = dict(map(tuple, connection.execute(query)))
    new = sorted((key, at, one) for key, (at, one) in firsts.items() if key not in known)
    if new:
        rows = [{"key": key, "since": at, "marks": one.marks} for key, at, one in new]
        connection.execute(sa.insert(passage), rows)
    bands = [(band, at, key) for key, at, one in new for band in one.bands]
    insert_numbers(connection, passage_band, sorted(bands))
    for key, since in known.items():
        at, one = firsts[key]
        if at < since:
            _move(connection, one, since, at)


def _move(connection: sa.Connection, one: PassagePrint, since: int, to: int) -> None:
    """Note that a wording was first printed at another moment than was known."""
    here = sa.update(passage).where(passage.c.key == one.key)
    connection.execute(here.values(since=to))
    connection.execute(sa.update(passage_band).where(_bands_of(one, since)).values(since=to))


def _bands_of(one: PassagePrint, since: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        passage_band.c.key.in_(one.bands),
        passage_band.c.since == since,
        passage_band.c.passage_key == one.key,
    )


def _count(connection: sa.Connection, added: Mapping[tuple[int, int], int]) -> None:
    upsert = insert_or_update(connection, passage_year)
    more = passage_year.c.articles + upsert.excluded.articles
    rows = [
        {"passage_key": key, "year": year, "articles": articles}
        for (key, year), articles in sorted(added.items())
    ]
    columns = [passage_year.c.passage_key, passage_year.c.year]
    connection.execute(
        upsert.on_conflict_do_update(index_elements=columns, set_={"articles": more}), rows
    )


def drop_passages(connection: sa.Connection, number: int) -> None:
    """Forget what an article prints; to be called while its words are still the old ones."""
    of_it = printing.c.article_id == number
    query = sa.select(printing.c.passage_key, printing.c.published).where(of_it)
    had = [(key, at) for key, at in connection.execute(query)]
    if not had:
        return
    connection.execute(sa.delete(printing).where(of_it))
    _count(connection, {(key, _year(at)): -1 for key, at in had})
    none_left = sa.and_(
        passage_year.c.passage_key.in_([key for key, _ in had]), passage_year.c.articles == 0
    )
    connection.execute(sa.delete(passage_year).where(none_left))
    old = {one.key: one for one in _prints_of(connection, number)}
    for key, at in had:
        if one := old.get(key):
            _drop_first(connection, one, at)


def _prints_of(connection: sa.Connection, number: int) -> tuple[PassagePrint, ...]:
    words = sa.select(article_text.c.text).where(article_text.c.article_id == number)
    return passage_prints(find_passages(str(connection.execute(words).scalar_one())))


def _drop_first(connection: sa.Connection, one: PassagePrint, at: int) -> None:
    """Let a wording begin with what printed it next, now that its printing ``at`` is gone."""
    printings = sa.select(sa.func.min(printing.c.published))
    first = connection.scalar(printings.where(printing.c.passage_key == one.key))
    if first is None:
        connection.execute(sa.delete(passage_band).where(_bands_of(one, at)))
        connection.execute(sa.delete(passage).where(passage.c.key == one.key))
    elif first > at:
        _move(connection, one, at, first)


# --- what was printed before -----------------------------------------------


def seen_before(
    connection: sa.Connection,
    passages: Iterable[PassagePrint],
    before: datetime,
    *,
    groups: Collection[int] = (),
) -> dict[int, SeenPassage]:
    """Return, by their keys, those passages that articles published ``before`` have.

    Args:
        connection: to the archive.
        passages: of new articles.
        before: the moment from which on an article is no earlier one.
        groups: the representatives of copies that do not count as earlier.
    """
    own = iter({one.key: one for one in passages}.values())
    past = _Past(connection, before, groups)
    found: dict[int, SeenPassage] = {}
    while part := list(islice(own, _TOGETHER)):
        found |= past.seen(part)
    return found


class _Past:
    """What was printed before a moment."""

    def __init__(
        self, connection: sa.Connection, before: datetime, groups: Collection[int]
    ) -> None:
        self._connection = connection
        self._until = int(before.timestamp())
        self._apart = _printed_by(connection, groups, self._until)

    def seen(self, own: Sequence[PassagePrint]) -> dict[int, SeenPassage]:
        """Return, by their keys, those of these passages that were printed."""
        wordings = _wordings(self._connection, own, self._until)
        every = {key for keys in wordings.values() for key in keys}
        firsts = _first_articles(self._connection, every, self._until, self._apart)
        years = _years(self._connection, every, self._until, self._apart)
        found = {}
        for one in own:
            keys = wordings[one.key]
            begun = [first for key in keys if (first := firsts.get(key))]
            if begun:
                found[one.key] = SeenPassage(
                    key=one.key,
                    wordings=keys,
                    years=_total(years[key] for key in keys),
                    first_id=min(begun).article_id,
                    is_quotation=one.is_quoted
                    and _is_quotation(self._connection, {one.key, *keys}),
                )
        return found


def _wordings(
    connection: sa.Connection, own: Sequence[PassagePrint], until: int
) -> dict[int, tuple[int, ...]]:
    """Return for each passage the keys of its wordings that were printed earlier."""
    bands = {band for one in own for band in one.bands}
    sharing: defaultdict[int, set[int]] = defaultdict(set)
    for band, other in _look_up(connection, _OLDEST, bands, until=until, most=MOST_WORDINGS):
        sharing[band].add(other)
    met = {one.key: {one.key}.union(*map(sharing.__getitem__, one.bands)) for one in own}
    query = sa.select(passage.c.key, passage.c.marks).where(
        passage.c.key.in_(set().union(*met.values())), passage.c.since < until
    )
    marks = {key: bytes(marks) for key, marks in connection.execute(query)}
    return {
        one.key: tuple(
            sorted(o for o in met[one.key] if o in marks and is_same(one.marks, marks[o]))
        )
        for one in own
    }


_OLDEST = (
    "SELECT key, passage_key FROM passage_band WHERE key = :k{n} AND since < :until "
    "ORDER BY since, passage_key LIMIT :most"
)
_FIRST = (
    "SELECT printing.passage_key, printing.published, article.key, article.id FROM printing "
    "JOIN article ON article.id = printing.article_id WHERE printing.passage_key = :k{n} "
    "AND printing.published = (SELECT min(published) FROM printing "
    "WHERE passage_key = :k{n} AND published < :until) ORDER BY article.key LIMIT 1"
)


def _look_up(
    connection: sa.Connection, query: str, keys: Iterable[int], **more: int
) -> Iterator[sa.Row[*tuple[Any, ...]]]:
    """Yield what ``query`` finds for each key; many small queries cost more than one large."""
    rest = iter(sorted(keys))
    while part := list(islice(rest, _LOOKUPS)):
        values = {f"k{n}": key for n, key in enumerate(part)} | more
        yield from connection.execute(_for_each(query, len(part)), values)


@cache
def _for_each(query: str, times: int) -> sa.TextClause:
    parts = (f"SELECT * FROM ({query.format(n=n)}) AS part{n}" for n in range(times))  # noqa: S608 - ours
    return sa.text(" UNION ALL ".join(parts))


def _printed_by(
    connection: sa.Connection, groups: Collection[int], until: int
) -> dict[int, list[tuple[int, int]]]:
    """Return the articles of groups of copies before a moment: what they print, and when."""
    query = (
        sa.select(printing.c.article_id, printing.c.passage_key, printing.c.published)
        .join(article, article.c.id == printing.c.article_id)
        .where(article.c.representative_id.in_(groups), printing.c.published < until)
    )
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, key, at in connection.execute(query) if groups else ():
        found[number].append((key, at))
    return found


@dataclass(frozen=True, slots=True, order=True)
class _First:
    """The first article that prints a wording."""

    published: int
    article_key: str  # of several that were published at one moment, the first by address
    article_id: int


def _first_articles(
    connection: sa.Connection, keys: Iterable[int], until: int, apart: Collection[int]
) -> dict[int, _First]:
    """Return for each wording its first article, those aside that are ``apart``."""
    rows = _look_up(connection, _FIRST, keys, until=until)
    found = {key: _First(*first) for key, *first in rows}
    uncertain = [key for key, first in found.items() if first.article_id in apart]
    for key in uncertain:
        del found[key]
    query = (
        sa.select(
            printing.c.passage_key, printing.c.published, article.c.key, printing.c.article_id
        )
        .join(article, article.c.id == printing.c.article_id)
        .where(printing.c.passage_key.in_(uncertain), printing.c.published < until)
    )
    for key, *row in connection.execute(query) if uncertain else ():
        first = _First(*row)
        if first.article_id not in apart:
            found[key] = min(found.get(key, first), first)
    return found


def _years(
    connection: sa.Connection,
    keys: Collection[int],
    until: int,
    apart: Mapping[int, Sequence[tuple[int, int]]],
) -> dict[int, Counter[int]]:
    """Count for each wording the articles that print it, by year."""
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    last = _year(until)
    tallies = sa.select(passage_year).where(
        passage_year.c.passage_key.in_(keys), passage_year.c.year <= last
    )
    for key, year, articles in connection.execute(tallies):
        counts[key][year] = articles
    after = int(datetime(last + 1, 1, 1, tzinfo=UTC).timestamp())
    late = sa.select(printing.c.passage_key, sa.func.count()).where(
        printing.c.passage_key.in_(keys),
        printing.c.published >= until,
        printing.c.published < after,
    )
    for key, articles in connection.execute(late.group_by(printing.c.passage_key)):
        counts[key][last] -= articles
    for key, at in (one for printed in apart.values() for one in printed):
        counts[key][_year(at)] -= 1
    return counts


def _total(years: Iterable[Counter[int]]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for counts in years:
        total.update(counts)
    return {year: articles for year, articles in sorted(total.items()) if articles}


def _is_quotation(connection: sa.Connection, wordings: Collection[int]) -> bool:
    texts = (
        sa.select(_group)
        .join(printing, printing.c.article_id == article.c.id)
        .where(printing.c.passage_key.in_(wordings), printing.c.is_quoted)
        .distinct()
        .limit(QUOTED_BY)
    )
    return len(connection.execute(texts).all()) == QUOTED_BY
