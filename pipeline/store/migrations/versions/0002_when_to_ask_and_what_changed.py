"""When feeds are asked, what they name, and what has changed."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.tables import UTCMoment

revision = "0002"
down_revision = "0001"


def _new(name: str, kind: object, comment: str, default: str | None = None) -> "sa.Column[object]":
    """A column for a table that may have rows: nullable, or with a value for those."""
    return sa.Column(
        name,
        kind,  # type: ignore[arg-type]
        nullable=default is None,
        comment=comment,
        server_default=None if default is None else sa.text(default),
    )


def _added() -> dict[str, tuple["sa.Column[object]", ...]]:
    """Return for each table the columns that it gets."""
    return {
        "source": (
            _new("verify_tls", sa.Boolean(), "whether its certificate is looked at", "true"),
            _new(
                "found_by",
                sa.Text(),
                "the source that led to it, or “backfill”; null: it stood in sources.yaml",
            ),
        ),
        "feed": (
            _new("whole_at", UTCMoment(), "last poll that brought the whole feed"),
            _new("listed_at", UTCMoment(), "last poll that brought any entry"),
            _new(
                "interval",
                sa.Float(),
                "how often it is usually asked, seconds; null: not known yet",
            ),
            _new("due_at", UTCMoment(), "when the schedule asks it next; null: at once"),
            _new("held_until", UTCMoment(), "the host asked for a pause until then"),
            _new("gap_at", UTCMoment(), "last poll without overlap with the one before"),
            _new("gaps", sa.Integer(), "polls without overlap so far", "0"),
            _new("moved_to", sa.Text(), "where it has moved for good, as the host says"),
            _new("moved_at", UTCMoment(), "since when the host says so"),
        ),
        "run": (
            _new("job", sa.Text(), "collect or backfill", "'collect'"),
            _new(
                "line_down", sa.Boolean(), "most hosts were silent: no source was blamed", "false"
            ),
        ),
        "poll": (
            _new("not_modified", sa.Boolean(), "the host said that nothing has changed", "false"),
            _new("gap", sa.Boolean(), "no entry of the poll before was left in it", "false"),
        ),
        "page": (
            _new("etag", sa.Text(), "validator of the reply"),
            _new("last_modified", sa.Text(), "validator of the reply"),
        ),
        "article": (
            _new("version", sa.Integer(), "how many versions of it we have seen", "1"),
            _new(
                "text_origin",
                sa.Text(),
                "page; feed: the page showed a wall or an empty shell",
                "'page'",
            ),
        ),
        "address": (
            _new("summary", sa.Text(), "the feed's words, until the page is read"),
            _new("ended_run_id", sa.Integer(), "the run in which it ended so"),
            _new("stem", sa.Text(), "host and number, if it has one"),
            _new(
                "replaces_id",
                sa.Integer(),
                "an earlier address with its guid or stem: perhaps the same article",
            ),
        ),
    }


#: What is known of an old address: that a feed of its source has named it.
_OLD_SIGHTINGS = """
    INSERT INTO sighting
        (feed_id, address_id, guid, title, first_seen_at, last_seen_at, changes)
    SELECT min(feed.id), address.id, address.guid, address.title,
           address.first_seen_at, address.last_seen_at, 0
    FROM address JOIN feed ON feed.source_id = address.source_id
    GROUP BY address.id
"""


#: Comments that say more now. SQLite keeps none.
_COMMENTS = (
    "COMMENT ON TABLE run IS 'One run that fetched or took in pages'",
    ("COMMENT ON COLUMN address.title IS 'the feed''s title, the newest for which it was read'"),
    (
        "COMMENT ON COLUMN article.verdict IS "
        "'about the holiday, a mention of it, or neither after a rereading'"
    ),
)


#: On SQLite, tables that are no more than their key move into it.
_INTO_THE_KEY = (
    (
        "CREATE TABLE new_band (key BIGINT NOT NULL, article_id INTEGER NOT NULL, "
        "CONSTRAINT pk_band PRIMARY KEY (key, article_id), "
        "CONSTRAINT fk_band_article_id FOREIGN KEY(article_id) REFERENCES article (id)) "
        "WITHOUT ROWID"
    ),
    "INSERT INTO new_band SELECT key, article_id FROM band",
    "DROP TABLE band",
    "ALTER TABLE new_band RENAME TO band",
    (
        "CREATE TABLE new_passage (key BIGINT NOT NULL, article_id INTEGER NOT NULL, "
        "words INTEGER NOT NULL, CONSTRAINT pk_passage PRIMARY KEY (key, article_id), "
        "CONSTRAINT fk_passage_article_id FOREIGN KEY(article_id) REFERENCES article (id)) "
        "WITHOUT ROWID"
    ),
    "INSERT INTO new_passage SELECT key, article_id, words FROM passage",
    "DROP TABLE passage",
    "ALTER TABLE new_passage RENAME TO passage",
    "CREATE INDEX ix_passage_article_id ON passage (article_id)",
)


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    _create_tables()
    op.execute(_OLD_SIGHTINGS)
    op.execute("UPDATE address SET ended_run_id = run_id WHERE outcome IS NOT NULL")
    op.create_index("ix_address_stem", "address", ["stem"])
    op.create_index("ix_article_page_id", "article", ["page_id"])
    for name in ("guid", "last_seen_at"):
        op.drop_column("address", name)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _INTO_THE_KEY if is_sqlite else _COMMENTS:
        op.execute(statement)


def _create_tables() -> None:
    op.create_table(
        "sighting",
        sa.Column("feed_id", sa.Integer(), nullable=False, comment="the feed"),
        sa.Column("address_id", sa.Integer(), nullable=False, comment="the address"),
        sa.Column("guid", sa.Text(), nullable=True, comment="the feed's id for it"),
        sa.Column("title", sa.Text(), nullable=False, comment="the feed's title, the newest"),
        sa.Column(
            "summary_hash",
            sa.BigInteger(),
            nullable=True,
            comment="of the feed's summary, the newest",
        ),
        sa.Column(
            "first_seen_at", UTCMoment(), nullable=False, comment="when this feed first named it"
        ),
        sa.Column(
            "last_seen_at", UTCMoment(), nullable=False, comment="when this feed last named it"
        ),
        sa.Column(
            "changes", sa.Integer(), nullable=False, comment="how often title or summary changed"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_sighting_feed_id"),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_sighting_address_id"),
        sa.PrimaryKeyConstraint("feed_id", "address_id", name="pk_sighting"),
        sqlite_with_rowid=False,
        comment="An address as one feed names it",
    )
    op.create_index("ix_sighting_address_id", "sighting", ["address_id"])
    op.create_index("ix_sighting_feed_id_guid", "sighting", ["feed_id", "guid"])
    op.create_table(
        "robots",
        sa.Column("authority", sa.Text(), nullable=False, comment="scheme, host and port"),
        sa.Column("fetched_at", UTCMoment(), nullable=False, comment="when"),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="its robots.txt; empty if it has none",
        ),
        sa.PrimaryKeyConstraint("authority", name="pk_robots"),
        comment="What hosts allow robots to read",
    )
    op.create_table(
        "former_version",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 is the first we saw"),
        sa.Column("page_id", sa.Integer(), nullable=False, comment="the raw page it was read from"),
        sa.Column("title", sa.Text(), nullable=False, comment="its headline then"),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="its paragraphs then, parted by a blank line",
        ),
        sa.Column(
            "text_hash",
            sa.BigInteger(),
            nullable=False,
            comment="equal for texts of equal match form",
        ),
        sa.Column("words", sa.Integer(), nullable=False, comment="in the text"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_former_version_article_id"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_former_version_page_id"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_former_version"),
        comment="An article as it was before it changed",
    )


def downgrade() -> None:
    op.add_column("address", _new("guid", sa.Text(), "the feed's id for it"))
    moment = _new("last_seen_at", UTCMoment(), "last sighting in a feed", "'1970-01-01 00:00:00'")
    op.add_column("address", moment)
    op.execute(
        "UPDATE address SET last_seen_at = coalesce((SELECT max(last_seen_at) FROM sighting "
        "WHERE sighting.address_id = address.id), first_seen_at)"
    )
    for table in ("former_version", "robots", "sighting"):
        op.drop_table(table)
    op.drop_index("ix_address_stem", "address")
    op.drop_index("ix_article_page_id", "article")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
