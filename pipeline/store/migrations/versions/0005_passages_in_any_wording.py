"""Passages in any wording: found by bands, counted by year; filed anew from the texts."""

import sqlalchemy as sa
from alembic import op

from pipeline.passages import find_passages, passage_prints
from pipeline.store.passages import save_passages

revision = "0005"
down_revision = "0004"

#: Articles whose passages are filed together.
_BATCH = 50


def upgrade() -> None:
    op.drop_table("passage")
    op.create_table(
        "passage",
        _number("key", "of its stems"),
        _number("since", "when it was first printed, seconds since 1970"),
        sa.Column(
            "marks",
            sa.LargeBinary(),
            nullable=False,
            comment="two bytes for each of its stems, to be compared",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_passage"),
        sqlite_with_rowid=False,
        comment="A sentence in one wording, numbers and endings aside, to be recognised again",
    )
    op.create_table(
        "passage_band",
        _number("key", "of some of the stems"),
        _number("since", "when the passage was first printed"),
        _number("passage_key", "the passage"),
        sa.PrimaryKeyConstraint("key", "since", "passage_key", name="pk_passage_band"),
        sqlite_with_rowid=False,
        comment="Where to look for other wordings of a passage, the oldest first",
    )
    op.create_table(
        "passage_year",
        _number("passage_key", "the passage"),
        sa.Column("year", sa.Integer(), nullable=False, comment="a calendar year, UTC"),
        sa.Column("articles", sa.Integer(), nullable=False, comment="of that year that print it"),
        sa.PrimaryKeyConstraint("passage_key", "year", name="pk_passage_year"),
        sqlite_with_rowid=False,
        comment="How often a passage was printed, copies included",
    )
    op.create_table(
        "printing",
        _number("passage_key", "the passage"),
        _number("published", "of the article, seconds since 1970"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column(
            "words", sa.Integer(), nullable=False, comment="in the sentence, repetitions added up"
        ),
        sa.Column(
            "is_quoted",
            sa.Boolean(),
            nullable=False,
            comment="it stands there as somebody's speech",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_printing_article_id"),
        sa.PrimaryKeyConstraint("passage_key", "published", "article_id", name="pk_printing"),
        sqlite_with_rowid=False,
        comment="A passage in an article",
    )
    op.create_index("ix_printing_article_id", "printing", ["article_id"])
    _fill()


def _number(name: str, comment: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False, comment=comment)


def _fill() -> None:
    connection = op.get_bind()
    numbers = connection.scalars(sa.text("SELECT article_id FROM article_text")).all()
    text = sa.text("SELECT text FROM article_text WHERE article_id = :number")
    for first in range(0, len(numbers), _BATCH):
        prints = []
        for number in numbers[first : first + _BATCH]:
            [words] = connection.execute(text, {"number": number}).one()
            prints.append((number, passage_prints(find_passages(words))))
        save_passages(connection, prints)


def downgrade() -> None:
    op.drop_table("passage")
    op.create_table(
        "passage",
        _number("key", "of a sentence's match form"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column(
            "words", sa.Integer(), nullable=False, comment="in the sentence, repetitions added up"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_passage_article_id"),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_passage"),
        sqlite_with_rowid=False,
        comment="The sentences of an article, to be recognised again",
    )
    op.execute("INSERT INTO passage SELECT passage_key, article_id, words FROM printing")
    op.create_index("ix_passage_article_id", "passage", ["article_id"])
    for table in ("printing", "passage_year", "passage_band"):
        op.drop_table(table)
