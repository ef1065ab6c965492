"""The first schema."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.tables import UTCMoment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number"),
        sa.Column("started_at", UTCMoment(), nullable=False, comment="when it began"),
        sa.Column(
            "ended_at", UTCMoment(), nullable=True, comment="when it ended; null: it was cut off"
        ),
        sa.Column("version", sa.Text(), nullable=False, comment="of the program"),
        sa.Column(
            "sources_hash", sa.Text(), nullable=False, comment="of the content of sources.yaml"
        ),
        sa.Column(
            "pages_file",
            sa.Text(),
            nullable=False,
            comment="the WARC file of its pages, if it kept any",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        comment="One run of the collector",
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_started_at"), ["started_at"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False, comment="its id in sources.yaml"),
        sa.Column("name", sa.Text(), nullable=False, comment="the outlet's name"),
        sa.Column(
            "publisher", sa.Text(), nullable=False, comment="kind of publisher, as generally known"
        ),
        sa.Column("country", sa.Text(), nullable=True, comment="ISO 3166-1 alpha-2"),
        sa.Column("languages", sa.JSON(), nullable=False, comment="ISO 639-1 codes it writes in"),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="IANA zone of its naive times"),
        sa.Column("homepage", sa.Text(), nullable=True, comment="its front page"),
        sa.Column(
            "keep",
            sa.Text(),
            nullable=False,
            comment="topic: what is about the holiday; all: everything",
        ),
        sa.Column(
            "enabled",
            sa.Boolean(),
            nullable=False,
            comment="whether sources.yaml has it polled; kept when it is removed",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        comment="An outlet that we read or once read",
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number"),
        sa.Column("key", sa.Text(), nullable=False, comment="our spelling of the URL"),
        sa.Column("url", sa.Text(), nullable=False, comment="as the feed gives it"),
        sa.Column(
            "source_id", sa.Text(), nullable=False, comment="the outlet whose feed named it first"
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="the feed's title"),
        sa.Column("published_at", UTCMoment(), nullable=True, comment="the feed's claim"),
        sa.Column("language", sa.Text(), nullable=True, comment="the feed's claim"),
        sa.Column("guid", sa.Text(), nullable=True, comment="the feed's id for it"),
        sa.Column("first_seen_at", UTCMoment(), nullable=False, comment="first sighting"),
        sa.Column("last_seen_at", UTCMoment(), nullable=False, comment="last sighting in a feed"),
        sa.Column(
            "due_at",
            UTCMoment(),
            nullable=True,
            comment="when to fetch it; null: nothing left to do",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="fetches that failed so far"),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="the last run that counted it"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="how it last ended"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was rejected or failed"),
        sa.Column("detail", sa.Text(), nullable=True, comment="what the host or the page said"),
        sa.Column("article_id", sa.Integer(), nullable=True, comment="the article it leads to"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_address_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_address_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("key", name=op.f("uq_address_key")),
        comment="An address that a feed has named: one row for ever",
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_article_id"), ["article_id"], unique=False)
        batch_op.create_index(
            "ix_address_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_address_source_id"), ["source_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("url", sa.Text(), nullable=False, comment="its address"),
        sa.Column("kind", sa.Text(), nullable=False, comment="feed, listing or sitemap"),
        sa.Column(
            "enabled", sa.Boolean(), nullable=False, comment="whether sources.yaml has it polled"
        ),
        sa.Column("etag", sa.Text(), nullable=True, comment="validator of the last whole reply"),
        sa.Column(
            "last_modified", sa.Text(), nullable=True, comment="validator of the last whole reply"
        ),
        sa.Column("polled_at", UTCMoment(), nullable=True, comment="last poll"),
        sa.Column(
            "succeeded_at", UTCMoment(), nullable=True, comment="last poll that was answered"
        ),
        sa.Column(
            "new_entry_at",
            UTCMoment(),
            nullable=True,
            comment="last poll that brought an address not seen",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="failed polls in a row"),
        sa.Column("failure", sa.Text(), nullable=True, comment="why the last poll failed"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_feed_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
        comment="An address under which an outlet lists its newest articles",
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_source_id"), ["source_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the run"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="how addresses ended"),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="why; empty where there is none to give"
        ),
        sa.Column("addresses", sa.Integer(), nullable=False, comment="how many"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_tally_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_tally_source_id")),
        sa.PrimaryKeyConstraint("run_id", "source_id", "outcome", "reason", name=op.f("pk_tally")),
        comment="Outcomes of a run; they add up to the addresses seen",
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number"),
        sa.Column("address_id", sa.Integer(), nullable=False, comment="the address asked"),
        sa.Column("final_url", sa.Text(), nullable=False, comment="where the redirects led"),
        sa.Column("fetched_at", UTCMoment(), nullable=False, comment="when"),
        sa.Column(
            "sha256", sa.Text(), nullable=False, comment="of the decompressed body, hexadecimal"
        ),
        sa.Column("file", sa.Text(), nullable=False, comment="the WARC file in db/pages"),
        sa.Column(
            "start",
            sa.BigInteger(),
            nullable=False,
            comment="offset of the record in the file, bytes",
        ),
        sa.Column(
            "size", sa.BigInteger(), nullable=False, comment="of the compressed record, bytes"
        ),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_page_address_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        comment="A raw page that we kept",
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_address_id"), ["address_id"], unique=False)

    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number"),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the run"),
        sa.Column("feed_id", sa.Integer(), nullable=False, comment="the feed"),
        sa.Column("polled_at", UTCMoment(), nullable=False, comment="when"),
        sa.Column("answered", sa.Boolean(), nullable=False, comment="whether a usable reply came"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why not"),
        sa.Column("detail", sa.Text(), nullable=True, comment="what the host or the parser said"),
        sa.Column("entries", sa.Integer(), nullable=False, comment="entries in the reply"),
        sa.Column("fresh", sa.Integer(), nullable=False, comment="addresses in it not seen before"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_poll_feed_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_poll_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        comment="One poll of one feed",
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_run_id"), ["run_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number"),
        sa.Column("key", sa.Text(), nullable=False, comment="our spelling of its final URL"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("page_id", sa.Integer(), nullable=False, comment="the raw page it was read from"),
        sa.Column(
            "url", sa.Text(), nullable=False, comment="where it was fetched, after redirects"
        ),
        sa.Column("canonical_url", sa.Text(), nullable=True, comment="as the page declares it"),
        sa.Column("title", sa.Text(), nullable=False, comment="its headline"),
        sa.Column("byline", sa.Text(), nullable=True, comment="who signed it"),
        sa.Column(
            "site_name", sa.Text(), nullable=True, comment="the name the page gives its outlet"
        ),
        sa.Column("language", sa.Text(), nullable=True, comment="of the text, ISO 639-1"),
        sa.Column(
            "published_at",
            UTCMoment(),
            nullable=False,
            comment="the claimed moment, first_seen_at at the latest",
        ),
        sa.Column("published_precision", sa.Text(), nullable=False, comment="minute or day"),
        sa.Column(
            "published_origin",
            sa.Text(),
            nullable=False,
            comment="where the moment was read; seen: nowhere",
        ),
        sa.Column(
            "first_seen_at", UTCMoment(), nullable=False, comment="when a feed first named it"
        ),
        sa.Column(
            "verdict", sa.Text(), nullable=False, comment="about the holiday, or a mention of it"
        ),
        sa.Column("score", sa.Float(), nullable=False, comment="0–1, of the verdict"),
        sa.Column(
            "evidence",
            sa.JSON(),
            nullable=False,
            comment="which name was found, where, in what form",
        ),
        sa.Column("words", sa.Integer(), nullable=False, comment="in the text"),
        sa.Column(
            "text_hash",
            sa.BigInteger(),
            nullable=False,
            comment="equal for texts of equal match form",
        ),
        sa.Column(
            "representative_id",
            sa.Integer(),
            nullable=True,
            comment="the first published of its copies, or itself; null: not curated yet",
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_article_page_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_article_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", name=op.f("uq_article_key")),
        comment="What a page said: one row per text of an outlet",
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_published_at"), ["published_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_article_representative_id"), ["representative_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_article_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_text_hash"), ["text_hash"], unique=False)

    op.create_table(
        "article_text",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("text", sa.Text(), nullable=False, comment="paragraphs parted by a blank line"),
        sa.Column("folded_title", sa.Text(), nullable=False, comment="the title's match form"),
        sa.Column("folded_text", sa.Text(), nullable=False, comment="the text's match form"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_text_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_text")),
        comment="The words of an article",
    )
    op.create_table(
        "band",
        sa.Column("key", sa.BigInteger(), nullable=False, comment="of one band of the signature"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_band_article_id")),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_band")),
        comment="Where to look for copies",
    )
    op.create_table(
        "copy_link",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the earlier row of the two"),
        sa.Column("other_id", sa.Integer(), nullable=False, comment="the later row"),
        sa.Column("similarity", sa.Float(), nullable=False, comment="0–1"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_copy_link_article_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name=op.f("fk_copy_link_other_id")),
        sa.PrimaryKeyConstraint("article_id", "other_id", name=op.f("pk_copy_link")),
        comment="Two articles found to be copies",
    )
    with op.batch_alter_table("copy_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_copy_link_other_id"), ["other_id"], unique=False)

    op.create_table(
        "passage",
        sa.Column("key", sa.BigInteger(), nullable=False, comment="of a sentence's match form"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column(
            "words", sa.Integer(), nullable=False, comment="in the sentence, repetitions added up"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_passage_article_id")),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_passage")),
        comment="The sentences of an article, to be recognised again",
    )
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_article_id"), ["article_id"], unique=False)

    _create_search()


#: The index holds no text of its own: it reads the folded columns, and the
#: triggers keep it in step with them.
_SQLITE_SEARCH = (
    (
        "CREATE VIRTUAL TABLE article_search USING fts5("
        "folded_title, folded_text, content='article_text', content_rowid='article_id')"
    ),
    (
        "CREATE TRIGGER article_search_new AFTER INSERT ON article_text BEGIN "
        "INSERT INTO article_search(rowid, folded_title, folded_text) "
        "VALUES (new.article_id, new.folded_title, new.folded_text); END"
    ),
    (
        "CREATE TRIGGER article_search_gone AFTER DELETE ON article_text BEGIN "
        "INSERT INTO article_search(article_search, rowid, folded_title, folded_text) "
        "VALUES ('delete', old.article_id, old.folded_title, old.folded_text); END"
    ),
    (
        "CREATE TRIGGER article_search_changed AFTER UPDATE ON article_text BEGIN "
        "INSERT INTO article_search(article_search, rowid, folded_title, folded_text) "
        "VALUES ('delete', old.article_id, old.folded_title, old.folded_text); "
        "INSERT INTO article_search(rowid, folded_title, folded_text) "
        "VALUES (new.article_id, new.folded_title, new.folded_text); END"
    ),
)
#: A tsvector may hold 1 MB; a text that long is indexed by its first part.
_POSTGRESQL_SEARCH = (
    (
        "ALTER TABLE article_text ADD COLUMN search tsvector GENERATED ALWAYS AS "
        "(to_tsvector('simple', folded_title || ' ' || left(folded_text, 250000))) STORED"
    ),
    "CREATE INDEX article_search ON article_text USING gin (search)",
)


def _create_search() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_SEARCH if sqlite else _POSTGRESQL_SEARCH:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE article_search")
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passage_article_id"))

    op.drop_table("passage")
    with op.batch_alter_table("copy_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copy_link_other_id"))

    op.drop_table("copy_link")
    op.drop_table("band")
    op.drop_table("article_text")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_text_hash"))
        batch_op.drop_index(batch_op.f("ix_article_source_id"))
        batch_op.drop_index(batch_op.f("ix_article_representative_id"))
        batch_op.drop_index(batch_op.f("ix_article_published_at"))

    op.drop_table("article")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_run_id"))

    op.drop_table("poll")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_address_id"))

    op.drop_table("page")
    op.drop_table("tally")
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_source_id"))

    op.drop_table("feed")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_source_id"))
        batch_op.drop_index(
            "ix_address_due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_address_article_id"))

    op.drop_table("address")
    op.drop_table("source")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_started_at"))

    op.drop_table("run")
