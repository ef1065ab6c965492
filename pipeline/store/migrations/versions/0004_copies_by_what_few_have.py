"""Copies are told by what few texts have: who speaks, and its traces; all are looked for anew."""

import sqlalchemy as sa
from alembic import op

from pipeline.duplicates import bands, shingle
from pipeline.store.tables import article_text, band

revision = "0004"
down_revision = "0003"

#: Texts read at a time.
_BATCH = 200

#: Comments that say more now, and what they were. SQLite keeps none.
_COMMENTS = {
    "TABLE band": ("Where to look for texts that are nearly equal", "Where to look for copies"),
    "COLUMN copy_link.similarity": ("0–1, of nearly equal texts their resemblance", "0–1"),
}


def upgrade() -> None:
    op.add_column(
        "article",
        sa.Column(
            "speaks",
            sa.Boolean(),
            nullable=True,
            comment="it stands for the articles nearly equal to it, the first published of them; "
            "null: not curated yet",
        ),
    )
    op.add_column(
        "article",
        sa.Column(
            "compared",
            sa.Boolean(),
            nullable=False,
            comment="it shares so much with another that their texts were compared",
            server_default=sa.text("false"),
        ),
    )
    op.create_table(
        "trace",
        _number("key", sa.BigInteger(), "of three words in a row"),
        _number("season", sa.Integer(), "a year that begins in June; 0 is 1970"),
        _number("article_id", sa.Integer(), "an article that speaks"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_trace_article_id"),
        sa.PrimaryKeyConstraint("key", "season", "article_id", name="pk_trace"),
        sqlite_with_rowid=False,
        comment="Where to look for copies of which only a part is equal, and how rare that is",
    )
    _explain(0)
    _look_anew()
    _fill_bands()


def _number(name: str, kind: "sa.types.TypeEngine[int]", comment: str) -> "sa.Column[int]":
    return sa.Column(name, kind, nullable=False, comment=comment)


def _explain(which: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for what, comments in _COMMENTS.items():
            op.execute(f"COMMENT ON {what} IS '{comments[which]}'")


def _look_anew() -> None:
    """Leave it to the curator to place all articles: links and groups follow other rules now."""
    op.execute("DELETE FROM copy_link")
    op.execute("UPDATE article SET representative_id = NULL")


def _fill_bands() -> None:
    op.execute("DELETE FROM band")
    connection = op.get_bind()
    numbers = connection.scalars(sa.select(article_text.c.article_id)).all()
    for first in range(0, len(numbers), _BATCH):
        batch = article_text.c.article_id.in_(numbers[first : first + _BATCH])
        texts = connection.execute(
            sa.select(article_text.c.article_id, article_text.c.text).where(batch)
        )
        rows = [
            {"key": key, "article_id": number}
            for number, text in texts
            for key in set(bands(shingle(text)))
        ]
        if rows:
            connection.execute(sa.insert(band), rows)


def downgrade() -> None:
    op.drop_table("trace")
    for name in ("compared", "speaks"):
        op.drop_column("article", name)
    _explain(1)
    _look_anew()
    op.execute("DELETE FROM band")
