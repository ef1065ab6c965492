"""How Alembic reaches the archive: through a connection that is handed in, or a URL."""

import os
from typing import Any, Literal

from alembic import context

from pipeline.store.database import open_engine
from pipeline.store.tables import metadata


def _ours(
    _object: Any, name: str | None, kind: str, _reflected: Any, _compared: Any
) -> Literal[True] | bool:
    # The full-text index and its shadow tables are SQL of their own; without
    # this autogenerate would propose to drop them.
    if kind == "column":
        return name != "search"
    return not (kind in ("table", "index") and (name or "").startswith("article_search"))


def _migrate(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_ours,
        render_as_batch=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    url = os.environ.get("SOLIDARITY_DATABASE_URL", "sqlite:///db/news.db")
    with open_engine(url).begin() as opened:
        _migrate(opened)
