"""The tables. Every column carries its meaning; db/README.md is checked against it.

`article` is narrow and its words stand in `article_text`: lists and counts
then read a tenth of the bytes. The match form stands beside the text because
the full-text index is built on it and must be rebuilt from it. Tables that are
no more than their key are stored in it (SQLite's WITHOUT ROWID), once, not twice.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCMoment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite has no zones, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn any aware moment into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _column(name: str, kind: Any, comment: str, *more: Any, **options: Any) -> sa.Column[Any]:
    options.setdefault("nullable", False)
    return sa.Column(name, kind, *more, comment=comment, **options)


def _id() -> sa.Column[Any]:
    return _column("id", sa.Integer, "its number", primary_key=True)


def _ref(name: str, target: str, comment: str, **options: Any) -> sa.Column[Any]:
    kind = sa.Text if target == "source.id" else sa.Integer
    return _column(name, kind, comment, sa.ForeignKey(target), **options)


source = sa.Table(
    "source",
    metadata,
    _column("id", sa.Text, "its id in sources.yaml", primary_key=True),
    _column("name", sa.Text, "the outlet's name"),
    _column("publisher", sa.Text, "kind of publisher, as generally known"),
    _column("country", sa.Text, "ISO 3166-1 alpha-2", nullable=True),
    _column("languages", sa.JSON, "ISO 639-1 codes it writes in"),
    _column("time_zone", sa.Text, "IANA zone of its naive times"),
    _column("homepage", sa.Text, "its front page", nullable=True),
    _column("keep", sa.Text, "topic: what is about the holiday; all: everything"),
    _column("enabled", sa.Boolean, "whether sources.yaml has it polled; kept when it is removed"),
    _column("verify_tls", sa.Boolean, "whether its certificate is looked at", default=True),
    _column(
        "found_by",
        sa.Text,
        "the source that led to it, or “backfill”; null: it stood in sources.yaml",
        nullable=True,
    ),
    comment="An outlet that we read or once read",
)

feed = sa.Table(
    "feed",
    metadata,
    _id(),
    _ref("source_id", "source.id", "the outlet", index=True),
    _column("url", sa.Text, "its address", unique=True),
    _column("kind", sa.Text, "feed, listing or sitemap"),
    _column("enabled", sa.Boolean, "whether sources.yaml has it polled"),
    _column("etag", sa.Text, "validator of the last whole reply", nullable=True),
    _column("last_modified", sa.Text, "validator of the last whole reply", nullable=True),
    _column("polled_at", UTCMoment, "last poll", nullable=True),
    _column("succeeded_at", UTCMoment, "last poll that was answered", nullable=True),
    _column("new_entry_at", UTCMoment, "last poll that brought an address not seen", nullable=True),
    _column("failures", sa.Integer, "failed polls in a row", default=0),
    _column("failure", sa.Text, "why the last poll failed", nullable=True),
    _column("whole_at", UTCMoment, "last poll that brought the whole feed", nullable=True),
    _column("listed_at", UTCMoment, "last poll that brought any entry", nullable=True),
    _column(
        "interval",
        sa.Float,
        "how often it is usually asked, seconds; null: not known yet",
        nullable=True,
    ),
    _column("due_at", UTCMoment, "when the schedule asks it next; null: at once", nullable=True),
    _column("held_until", UTCMoment, "the host asked for a pause until then", nullable=True),
    _column("gap_at", UTCMoment, "last poll without overlap with the one before", nullable=True),
    _column("gaps", sa.Integer, "polls without overlap so far", default=0),
    _column("moved_to", sa.Text, "where it has moved for good, as the host says", nullable=True),
    _column("moved_at", UTCMoment, "since when the host says so", nullable=True),
    comment="An address under which an outlet lists its newest articles",
)

run = sa.Table(
    "run",
    metadata,
    _id(),
    _column("started_at", UTCMoment, "when it began", index=True),
    _column("ended_at", UTCMoment, "when it ended; null: it was cut off", nullable=True),
    _column("version", sa.Text, "of the program"),
    _column("sources_hash", sa.Text, "of the content of sources.yaml"),
    _column("pages_file", sa.Text, "the WARC file of its pages, if it kept any"),
    _column("job", sa.Text, "collect or backfill"),
    _column("line_down", sa.Boolean, "most hosts were silent: no source was blamed", default=False),
    comment="One run that fetched or took in pages",
)

poll = sa.Table(
    "poll",
    metadata,
    _id(),
    _ref("run_id", "run.id", "the run", index=True),
    _ref("feed_id", "feed.id", "the feed"),
    _column("polled_at", UTCMoment, "when"),
    _column("answered", sa.Boolean, "whether a usable reply came"),
    _column("reason", sa.Text, "why not", nullable=True),
    _column("detail", sa.Text, "what the host or the parser said", nullable=True),
    _column("entries", sa.Integer, "entries in the reply", default=0),
    _column("fresh", sa.Integer, "addresses in it not seen before", default=0),
    _column("not_modified", sa.Boolean, "the host said that nothing has changed", default=False),
    _column("gap", sa.Boolean, "no entry of the poll before was left in it", default=False),
    comment="One poll of one feed",
)

address = sa.Table(
    "address",
    metadata,
    _id(),
    _column("key", sa.Text, "our spelling of the URL", unique=True),
    _column("url", sa.Text, "as the feed gives it"),
    _ref("source_id", "source.id", "the outlet whose feed named it first", index=True),
    _column("title", sa.Text, "the feed's title, the newest for which it was read"),
    _column("published_at", UTCMoment, "the feed's claim", nullable=True),
    _column("language", sa.Text, "the feed's claim", nullable=True),
    _column("summary", sa.Text, "the feed's words, until the page is read", nullable=True),
    _column("stem", sa.Text, "host and number, if it has one", nullable=True, index=True),
    _column(
        "replaces_id",
        sa.Integer,
        "an earlier address with its guid or stem: perhaps the same article",
        nullable=True,
    ),
    _column("first_seen_at", UTCMoment, "first sighting"),
    _column("due_at", UTCMoment, "when to fetch it; null: nothing left to do", nullable=True),
    _column("attempts", sa.Integer, "fetches that failed so far", default=0),
    _ref("run_id", "run.id", "the last run that counted it", nullable=True),
    _column("ended_run_id", sa.Integer, "the run in which it ended so", nullable=True),
    _column("outcome", sa.Text, "how it last ended", nullable=True),
    _column("reason", sa.Text, "why it was rejected or failed", nullable=True),
    _column("detail", sa.Text, "what the host or the page said", nullable=True),
    _column("article_id", sa.Integer, "the article it leads to", nullable=True, index=True),
    sa.Index(
        "ix_address_due_at",
        "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
    comment="An address that a feed has named: one row for ever",
)

sighting = sa.Table(
    "sighting",
    metadata,
    _ref("feed_id", "feed.id", "the feed", primary_key=True),
    _ref("address_id", "address.id", "the address", primary_key=True, index=True),
    _column("guid", sa.Text, "the feed's id for it", nullable=True),
    _column("title", sa.Text, "the feed's title, the newest"),
    _column("summary_hash", sa.BigInteger, "of the feed's summary, the newest", nullable=True),
    _column("first_seen_at", UTCMoment, "when this feed first named it"),
    _column("last_seen_at", UTCMoment, "when this feed last named it"),
    _column("changes", sa.Integer, "how often title or summary changed", default=0),
    sa.Index("ix_sighting_feed_id_guid", "feed_id", "guid"),
    sqlite_with_rowid=False,
    comment="An address as one feed names it",
)

robots = sa.Table(
    "robots",
    metadata,
    _column("authority", sa.Text, "scheme, host and port", primary_key=True),
    _column("fetched_at", UTCMoment, "when"),
    _column("body", sa.LargeBinary, "its robots.txt; empty if it has none"),
    comment="What hosts allow robots to read",
)

tally = sa.Table(
    "tally",
    metadata,
    _ref("run_id", "run.id", "the run", primary_key=True),
    _ref("source_id", "source.id", "the outlet", primary_key=True),
    _column("outcome", sa.Text, "how addresses ended", primary_key=True),
    _column("reason", sa.Text, "why; empty where there is none to give", primary_key=True),
    _column("addresses", sa.Integer, "how many"),
    comment="Outcomes of a run; they add up to the addresses seen",
)

page = sa.Table(
    "page",
    metadata,
    _id(),
    _ref("address_id", "address.id", "the address asked", index=True),
    _column("final_url", sa.Text, "where the redirects led"),
    _column("fetched_at", UTCMoment, "when"),
    _column("sha256", sa.Text, "of the decompressed body, hexadecimal"),
    _column("file", sa.Text, "the WARC file in db/pages"),
    _column("start", sa.BigInteger, "offset of the record in the file, bytes"),
    _column("size", sa.BigInteger, "of the compressed record, bytes"),
    _column("etag", sa.Text, "validator of the reply", nullable=True),
    _column("last_modified", sa.Text, "validator of the reply", nullable=True),
    comment="A raw page that we kept",
)

article = sa.Table(
    "article",
    metadata,
    _id(),
    _column("key", sa.Text, "our spelling of its final URL", unique=True),
    _ref("source_id", "source.id", "the outlet", index=True),
    _ref("page_id", "page.id", "the raw page it was read from", index=True),
    _column("url", sa.Text, "where it was fetched, after redirects"),
    _column("canonical_url", sa.Text, "as the page declares it", nullable=True),
    _column("title", sa.Text, "its headline"),
    _column("byline", sa.Text, "who signed it", nullable=True),
    _column("site_name", sa.Text, "the name the page gives its outlet", nullable=True),
    _column("language", sa.Text, "of the text, ISO 639-1", nullable=True),
    _column(
        "published_at", UTCMoment, "the claimed moment, first_seen_at at the latest", index=True
    ),
    _column("published_precision", sa.Text, "minute or day"),
    _column("published_origin", sa.Text, "where the moment was read; seen: nowhere"),
    _column("modified_at", UTCMoment, "the claimed moment of the last change", nullable=True),
    _column("modified_precision", sa.Text, "minute or day", nullable=True),
    _column("modified_origin", sa.Text, "where that moment was read", nullable=True),
    _column("first_seen_at", UTCMoment, "when a feed first named it"),
    _column("version", sa.Integer, "how many versions of it we have seen", default=1),
    _column(
        "text_origin",
        sa.Text,
        "page; selectors: where sources.yaml says; json-ld: the page shows only a part of it; "
        "feed: the page showed a wall or an empty shell",
    ),
    _column("image_url", sa.Text, "of the picture that the page puts first", nullable=True),
    _column("image_alt", sa.Text, "what it shows, in the page's words", nullable=True),
    _column("is_paywalled", sa.Boolean, "the page says that the rest is for subscribers"),
    _column(
        "confidence",
        sa.Float,
        "0–1: how sure we are that the text is the article, and all of it; null: not judged",
        nullable=True,
    ),
    _column("origins", sa.JSON, "where on the page each fact was read, by its name"),
    _column("verdict", sa.Text, "about, mention or unrelated: the one that counts"),
    _column("score", sa.Float, "0–1, of the verdict; after a label that of the rules"),
    _column("judged_by", sa.Text, "whose verdict that is: rules, model or label", default="rules"),
    _column(
        "judged_with",
        sa.Text,
        "the labels, hashed, of the model that judged it; empty: none is asked, since the rules "
        "are sure; null: none was asked yet, or it is labelled",
        nullable=True,
        index=True,
    ),
    _column("rules_verdict", sa.Text, "what the rules of sources.yaml say"),
    _column("rules_score", sa.Float, "0–1, of that"),
    _column("evidence", sa.JSON, "which name was found, where, in what form"),
    _column("words", sa.Integer, "in the text"),
    _column("text_hash", sa.BigInteger, "equal for texts of equal match form", index=True),
    _column(
        "representative_id",
        sa.Integer,
        "the first published of its copies, or itself; null: not curated yet",
        nullable=True,
        index=True,
    ),
    _column(
        "speaks",
        sa.Boolean,
        "it stands for the articles nearly equal to it, the first published of them; "
        "null: not curated yet",
        nullable=True,
    ),
    _column(
        "compared",
        sa.Boolean,
        "it shares so much with another that their texts were compared",
        default=False,
    ),
    comment="What a page said: one row per text of an outlet",
)

article_text = sa.Table(
    "article_text",
    metadata,
    _ref("article_id", "article.id", "the article", primary_key=True),
    _column("text", sa.Text, "paragraphs parted by a blank line"),
    _column("folded_title", sa.Text, "the title's match form"),
    _column("folded_text", sa.Text, "the text's match form"),
    comment="The words of an article",
)

alternate = sa.Table(
    "alternate",
    metadata,
    _ref("article_id", "article.id", "the article", primary_key=True),
    _column("number", sa.Integer, "its place among those of the page, from 1", primary_key=True),
    _column("language", sa.Text, "of the other page, ISO 639-1"),
    _column("url", sa.Text, "its address, as the page declares it"),
    _column("key", sa.Text, "our spelling of that; compare `article.key`", index=True),
    sqlite_with_rowid=False,
    comment="The same article in another language, as its page declares it",
)

disagreement = sa.Table(
    "disagreement",
    metadata,
    _ref("article_id", "article.id", "the article", primary_key=True),
    _column("number", sa.Integer, "its place among those of the page, from 1", primary_key=True),
    _column("about", sa.Text, "the matter: title, text, published …"),
    _column("taken", sa.Text, "what we believe"),
    _column("taken_from", sa.Text, "where that was read"),
    _column("other", sa.Text, "what another place of the page says"),
    _column("other_from", sa.Text, "where that was read"),
    sqlite_with_rowid=False,
    comment="Two places of one page that say different things of one matter",
)

label = sa.Table(
    "label",
    metadata,
    _ref("article_id", "article.id", "the article", primary_key=True),
    _column("verdict", sa.Text, "about, mention or unrelated"),
    _column("labelled_at", UTCMoment, "when it was last said"),
    comment="What a person says of an article: it counts more than any rule",
)

entity_mention = sa.Table(
    "entity_mention",
    metadata,
    _ref("article_id", "article.id", "the article", primary_key=True),
    _column("entity_id", sa.Text, "its id in sources.yaml", primary_key=True, index=True),
    _column("count", sa.Integer, "how often, in title and text"),
    _column("form", sa.Text, "as the article writes it, where it comes first"),
    _column("in_title", sa.Boolean, "whether the title names it"),
    sqlite_with_rowid=False,
    comment="A person, a place, a body or an event of the topic that an article names",
)

former_version = sa.Table(
    "former_version",
    metadata,
    _ref("article_id", "article.id", "the article", primary_key=True),
    _column("number", sa.Integer, "1 is the first we saw", primary_key=True),
    _ref("page_id", "page.id", "the raw page it was read from"),
    _column("title", sa.Text, "its headline then"),
    _column("text", sa.Text, "its paragraphs then, parted by a blank line"),
    _column("text_hash", sa.BigInteger, "equal for texts of equal match form"),
    _column("words", sa.Integer, "in the text"),
    comment="An article as it was before it changed",
)

band = sa.Table(
    "band",
    metadata,
    _column("key", sa.BigInteger, "of one band of the signature", primary_key=True),
    _ref("article_id", "article.id", "the article", primary_key=True),
    sqlite_with_rowid=False,
    comment="Where to look for texts that are nearly equal",
)

trace = sa.Table(
    "trace",
    metadata,
    _column("key", sa.BigInteger, "of three words in a row", primary_key=True),
    _column("season", sa.Integer, "a year that begins in June; 0 is 1970", primary_key=True),
    _ref("article_id", "article.id", "an article that speaks", primary_key=True),
    sqlite_with_rowid=False,
    comment="Where to look for copies of which only a part is equal, and how rare that is",
)

copy_link = sa.Table(
    "copy_link",
    metadata,
    _ref("article_id", "article.id", "the earlier row of the two", primary_key=True),
    _ref("other_id", "article.id", "the later row", primary_key=True, index=True),
    _column("similarity", sa.Float, "0–1, of nearly equal texts their resemblance"),
    comment="Two articles found to be copies",
)

passage = sa.Table(
    "passage",
    metadata,
    _column("key", sa.BigInteger, "of its stems", primary_key=True, autoincrement=False),
    _column("since", sa.BigInteger, "when it was first printed, seconds since 1970"),
    _column("marks", sa.LargeBinary, "two bytes for each of its stems, to be compared"),
    sqlite_with_rowid=False,
    comment="A sentence in one wording, numbers and endings aside, to be recognised again",
)

passage_band = sa.Table(
    "passage_band",
    metadata,
    _column("key", sa.BigInteger, "of some of the stems", primary_key=True),
    _column("since", sa.BigInteger, "when the passage was first printed", primary_key=True),
    _column("passage_key", sa.BigInteger, "the passage", primary_key=True),
    sqlite_with_rowid=False,
    comment="Where to look for other wordings of a passage, the oldest first",
)

passage_year = sa.Table(
    "passage_year",
    metadata,
    _column("passage_key", sa.BigInteger, "the passage", primary_key=True),
    _column("year", sa.Integer, "a calendar year, UTC", primary_key=True),
    _column("articles", sa.Integer, "of that year that print it"),
    sqlite_with_rowid=False,
    comment="How often a passage was printed, copies included",
)

printing = sa.Table(
    "printing",
    metadata,
    _column("passage_key", sa.BigInteger, "the passage", primary_key=True),
    _column("published", sa.BigInteger, "of the article, seconds since 1970", primary_key=True),
    _ref("article_id", "article.id", "the article", primary_key=True, index=True),
    _column("words", sa.Integer, "in the sentence, repetitions added up"),
    _column("is_quoted", sa.Boolean, "it stands there as somebody's speech"),
    sqlite_with_rowid=False,
    comment="A passage in an article",
)
