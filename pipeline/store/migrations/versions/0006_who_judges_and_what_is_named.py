"""Labels, whose verdict counts, and the entities that articles name."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.tables import UTCMoment

revision = "0006"
down_revision = "0005"


def _added() -> tuple["sa.Column[object]", ...]:
    """Return the columns that `article` gets; so far the rules have judged all."""
    return (
        sa.Column(
            "judged_by",
            sa.Text(),
            nullable=False,
            comment="whose verdict that is: rules, model or label",
            server_default="rules",
        ),
        sa.Column(
            "judged_with",
            sa.Text(),
            comment="the labels, hashed, of the model that judged it; empty: none is asked, since "
            "the rules are sure; null: none was asked yet, or it is labelled",
        ),
        sa.Column(
            "rules_verdict",
            sa.Text(),
            nullable=False,
            comment="what the rules of sources.yaml say",
            server_default="",
        ),
        sa.Column(
            "rules_score",
            sa.Float(),
            nullable=False,
            comment="0–1, of that",
            server_default=sa.text("0"),
        ),
    )


#: Comments that say something else now, and what they were. SQLite keeps none.
_COMMENTS = {
    "verdict": (
        "about, mention or unrelated: the one that counts",
        "about the holiday, a mention of it, or neither after a rereading",
    ),
    "score": ("0–1, of the verdict; after a label that of the rules", "0–1, of the verdict"),
}


def upgrade() -> None:
    for column in _added():
        op.add_column("article", column)
    op.create_index("ix_article_judged_with", "article", ["judged_with"])
    op.execute("UPDATE article SET rules_verdict = verdict, rules_score = score")
    _explain(0)
    op.create_table(
        "label",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="about, mention or unrelated"),
        sa.Column("labelled_at", UTCMoment(), nullable=False, comment="when it was last said"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_label_article_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_label"),
        comment="What a person says of an article: it counts more than any rule",
    )
    op.create_table(
        "entity_mention",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("entity_id", sa.Text(), nullable=False, comment="its id in sources.yaml"),
        sa.Column("count", sa.Integer(), nullable=False, comment="how often, in title and text"),
        sa.Column(
            "form",
            sa.Text(),
            nullable=False,
            comment="as the article writes it, where it comes first",
        ),
        sa.Column("in_title", sa.Boolean(), nullable=False, comment="whether the title names it"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_entity_mention_article_id"
        ),
        sa.PrimaryKeyConstraint("article_id", "entity_id", name="pk_entity_mention"),
        sqlite_with_rowid=False,
        comment="A person, a place, a body or an event of the topic that an article names",
    )
    op.create_index("ix_entity_mention_entity_id", "entity_mention", ["entity_id"])


def _explain(which: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column, comments in _COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN article.{column} IS '{comments[which]}'")


def downgrade() -> None:
    for table in ("entity_mention", "label"):
        op.drop_table(table)
    op.execute("UPDATE article SET verdict = rules_verdict, score = rules_score")
    _explain(1)
    op.drop_index("ix_article_judged_with", "article")
    for column in _added():
        op.drop_column("article", column.name)
