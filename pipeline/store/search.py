"""Full-text search on the match form, so any spelling finds any other.

A query is words, all of which must occur; "words in quotes" are a phrase, and
word* stands for any ending. Nothing else in it has a meaning, so no query can
be malformed and none can reach the engine's own query language.
"""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.errors import ConfigError
from pipeline.model import ArchivedArticle
from pipeline.store.articles import find_articles
from pipeline.store.tables import article
from pipeline.text import fold

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Term:
    words: tuple[str, ...]
    prefix: bool


def search_articles(
    connection: sa.Connection, query: str, *, most: int = 20
) -> tuple[int, list[ArchivedArticle]]:
    """Return how many articles match, and the newest ``most`` of them.

    Raises:
        ConfigError: the query has no word in it.
    """
    terms = _parse(query)
    if not terms:
        raise ConfigError(f"nothing to search for in {query!r}; give at least one word")
    matching = _matching(connection.dialect.name, terms)
    count = connection.scalar(sa.select(sa.func.count()).select_from(matching.subquery())) or 0
    newest = (
        sa.select(article.c.id)
        .where(article.c.id.in_(matching))
        .order_by(article.c.published_at.desc(), article.c.id.desc())
        .limit(most)
    )
    found = find_articles(connection, connection.scalars(newest))
    return count, found[::-1]


def _parse(query: str) -> list[_Term]:
    terms = []
    for phrase, bare in _TERM.findall(query):
        words = tuple(_WORD.findall(fold(phrase or bare)))
        if words:
            terms.append(_Term(words, prefix=bare.endswith("*")))
    return terms


def _matching(dialect: str, terms: list[_Term]) -> sa.Select[tuple[int]]:
    if dialect == "postgresql":
        expression = " & ".join(_tsquery(term) for term in terms)
        document = sa.text("search @@ to_tsquery('simple', :expression)")
        select: sa.Select[tuple[int]] = sa.select(sa.column("article_id", sa.Integer))
        table = sa.table("article_text")
        return select.select_from(table).where(document.bindparams(expression=expression))
    expression = " AND ".join(_fts5(term) for term in terms)
    match = sa.text("article_search MATCH :expression").bindparams(expression=expression)
    rowid: sa.Select[tuple[int]] = sa.select(sa.column("rowid", sa.Integer))
    return rowid.select_from(sa.table("article_search")).where(match)


def _fts5(term: _Term) -> str:
    # Only word characters are left, so the quotes cannot be broken out of.
    return f'"{" ".join(term.words)}"' + ("*" if term.prefix else "")


def _tsquery(term: _Term) -> str:
    quoted = [f"'{word}'" for word in term.words]
    if term.prefix:
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})"
