"""What else a page says: its last change, its picture, its other languages, its contradictions."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.tables import UTCMoment

revision = "0003"
down_revision = "0002"


def _added() -> tuple["sa.Column[object]", ...]:
    """Return the columns that `article` gets; what was read before says nothing of them."""
    return (
        sa.Column("modified_at", UTCMoment(), comment="the claimed moment of the last change"),
        sa.Column("modified_precision", sa.Text(), comment="minute or day"),
        sa.Column("modified_origin", sa.Text(), comment="where that moment was read"),
        sa.Column("image_url", sa.Text(), comment="of the picture that the page puts first"),
        sa.Column("image_alt", sa.Text(), comment="what it shows, in the page's words"),
        sa.Column(
            "is_paywalled",
            sa.Boolean(),
            nullable=False,
            comment="the page says that the rest is for subscribers",
            server_default=sa.text("false"),
        ),
        sa.Column(
            "confidence",
            sa.Float(),
            comment="0–1: how sure we are that the text is the article, and all of it; "
            "null: not judged",
        ),
        sa.Column(
            "origins",
            sa.JSON(),
            nullable=False,
            comment="where on the page each fact was read, by its name",
            server_default=sa.text("'{}'"),
        ),
    )


#: A comment that says more now, and what it was. SQLite keeps none.
_TEXT_ORIGIN = (
    "page; selectors: where sources.yaml says; json-ld: the page shows only a part of it; "
    "feed: the page showed a wall or an empty shell"
)
_OLD_TEXT_ORIGIN = "page; feed: the page showed a wall or an empty shell"


def upgrade() -> None:
    for column in _added():
        op.add_column("article", column)
    _explain_text_origin(_TEXT_ORIGIN)
    op.create_table(
        "alternate",
        *_of_an_article(),
        sa.Column("language", sa.Text(), nullable=False, comment="of the other page, ISO 639-1"),
        sa.Column("url", sa.Text(), nullable=False, comment="its address, as the page declares it"),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="our spelling of that; compare `article.key`"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_alternate_article_id"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_alternate"),
        sqlite_with_rowid=False,
        comment="The same article in another language, as its page declares it",
    )
    op.create_index("ix_alternate_key", "alternate", ["key"])
    op.create_table(
        "disagreement",
        *_of_an_article(),
        sa.Column(
            "about", sa.Text(), nullable=False, comment="the matter: title, text, published …"
        ),
        sa.Column("taken", sa.Text(), nullable=False, comment="what we believe"),
        sa.Column("taken_from", sa.Text(), nullable=False, comment="where that was read"),
        sa.Column(
            "other", sa.Text(), nullable=False, comment="what another place of the page says"
        ),
        sa.Column("other_from", sa.Text(), nullable=False, comment="where that was read"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_disagreement_article_id"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_disagreement"),
        sqlite_with_rowid=False,
        comment="Two places of one page that say different things of one matter",
    )


def _of_an_article() -> tuple["sa.Column[int]", ...]:
    return (
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="its place among those of the page, from 1",
        ),
    )


def _explain_text_origin(comment: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN article.text_origin IS '{comment}'")


def downgrade() -> None:
    for table in ("disagreement", "alternate"):
        op.drop_table(table)
    _explain_text_origin(_OLD_TEXT_ORIGIN)
    for column in _added():
        op.drop_column("article", column.name)
